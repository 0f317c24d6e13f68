/* SPDX-License-Identifier: Apache-2.0 */
/* Signatures: one form in and out, and the signed attributes. */
#include "support_cades.h"

/* ---- the form ---- */

START_TEST(cades__what_is_assembled_is_parsed_and_checked)
{
	static const char *const keys[] = { "p256", "rsa3072-a" };
	size_t i;

	for (i = 0; i < AXEV__COUNT(keys); i++) {
		MADE made = { 0 };
		AXEV__CADES cades = { 0 };

		make(keys[i], &made);
		assert_ok(axev__cades_parse(axev__buf_view(&made.p7s), &cades, &err));
		assert_ok(axev__cades_check(&cades, content_sha256, &err));
		ck_assert_int_eq(cades.claimed_time_ns, PKI_NOW);
		ck_assert_mem_eq(cades.message_digest, content_sha256, 32);
		ck_assert_uint_eq(cades.certs.count, 2);
		ck_assert_uint_eq(cades.token.size, 0);
		ck_assert(openssl_accepts(axev__buf_view(&made.p7s), CONTENT_SPAN, &made, CMS_CADES));
	}
}
END_TEST

/* To-be-signed bytes out, signature in: the key may be on another machine, in another hand. */
START_TEST(cades__signing_in_two_steps_gives_the_same_p7s)
{
	MADE made = { 0 };
	AXEV__BUF tbs = AXEV__BUF_INIT(AXEV__MAX_DER_BYTES);
	AXEV__BUF signature = AXEV__BUF_INIT(AXEV__MAX_DER_BYTES);
	AXEV__BUF p7s = AXEV__BUF_INIT(AXEV__MAX_DER_BYTES);

	make("rsa3072-a", &made);
	assert_ok(axev__cades_tbs(axev__cert_at(&made.certs, 0), content_sha256, PKI_NOW, &tbs, &err));
	sign_raw(made.key, axev__buf_view(&tbs), &signature);
	assert_ok(axev__cades_assemble(&made.certs, axev__buf_view(&tbs), axev__buf_view(&signature),
				       axev__span("", 0), &p7s, &err));
	ck_assert_uint_eq(p7s.size, made.p7s.size);
	ck_assert_mem_eq(p7s.data, made.p7s.data, p7s.size);
}
END_TEST

START_TEST(cades__a_signature_of_another_key_is_found)
{
	MADE made = { 0 };
	MADE other = { 0 };
	AXEV__BUF p7s = AXEV__BUF_INIT(AXEV__MAX_DER_BYTES);

	make("rsa3072-a", &made);
	make("rsa3072-b", &other);
	assert_ok(axev__cades_assemble(&made.certs, axev__buf_view(&made.attributes),
				       axev__buf_view(&other.signature), axev__span("", 0), &p7s, &err));
	ck_assert_int_eq(check(axev__buf_view(&p7s)), AXEV_E_INVALID);
	ck_assert_ptr_nonnull(strstr(err.message, "the signature was not made by the certificate's key over "
						  "these bytes"));
}
END_TEST

START_TEST(cades__every_changed_bit_is_refused)
{
	static const char *const keys[] = { "p256", "rsa3072-a" };
	size_t i, k, first;
	uint8_t *root;
	int bit;

	for (k = 0; k < AXEV__COUNT(keys); k++) {
		MADE made = { 0 };

		make(keys[k], &made);
		/* The root stands in it for others to build a path; the manifest binds it, not the signature. */
		root = memmem(made.p7s.data, made.p7s.size, made.certs.items[1].data,
			      made.certs.items[1].size);
		ck_assert_ptr_nonnull(root);
		first = (size_t)(root - made.p7s.data);
		for (i = 0; i < made.p7s.size; i++)
			/* RSA differs in what is flipped, not in how it is found: one bit of each byte. */
			for (bit = k ? (int)(i % 8) : 0; bit < (k ? (int)(i % 8) + 1 : 8); bit++) {
				made.p7s.data[i] ^= (uint8_t)(1 << bit);
				if (i < first || i >= first + made.certs.items[1].size) {
					ck_assert_msg(check(axev__buf_view(&made.p7s)) < 0,
						      "%s: byte %zu bit %d", keys[k], i, bit);
					ck_assert_str_ne(err.message, "");
				}
				made.p7s.data[i] ^= (uint8_t)(1 << bit);
			}
		assert_ok(check(axev__buf_view(&made.p7s)));
	}
}
END_TEST

START_TEST(cades__every_cut_is_refused)
{
	MADE made = { 0 };
	size_t i;

	make("p256", &made);
	for (i = 0; i < made.p7s.size; i++)
		ck_assert_int_eq(check(axev__span(made.p7s.data, i)), AXEV_E_FORMAT);
}
END_TEST

START_TEST(cades__a_certificate_that_does_not_belong_is_refused)
{
	MADE made = { 0 };
	MADE other = { 0 };

	make("p256", &made);
	make("rsa3072-a", &other);
	assert_ok(axev__certs_add(&made.certs, axev__cert_at(&other.certs, 0), &err));
	axev__buf_clear(&made.p7s);
	axev__buf_clear(&made.signature);
	finish(&made);
	assert_fails(check(axev__buf_view(&made.p7s)), AXEV_E_FORMAT,
		     "expected one certificate of the signer, found 2");
	/* One with a serial number of its own does not lie on the path. */
	axev__certs_free(&made.certs);
	made_free(&other);
	begin("p256", &other);
	made.certs = other.certs;
	other.certs = (struct axev__certs){ 0 };
	{
		AXEV__PKEY *stray_key = pki_pkey("rsa3072-a");
		AXEV__BUF stray = AXEV__BUF_INIT(AXEV__MAX_DER_BYTES);

		pki_issue(&pki_signer, stray_key, axev__span("", 0), NULL, &stray);
		assert_ok(axev__certs_add(&made.certs, axev__buf_view(&stray), &err));
	}
	axev__buf_clear(&made.p7s);
	axev__buf_clear(&made.signature);
	axev__buf_clear(&made.attributes);
	assert_ok(axev__cades_tbs(axev__cert_at(&made.certs, 0), content_sha256, PKI_NOW,
				  &made.attributes, &err));
	finish(&made);
	assert_fails(check(axev__buf_view(&made.p7s)), AXEV_E_FORMAT,
		     "a certificate does not belong to the signer's chain");
}
END_TEST

/* ---- signed attributes ---- */

static void put_time(const char *hex, struct axev__buf *out)
{
	AXEV__BUF value = AXEV__BUF_INIT(100);

	pki_unhex(hex, &value);
	assert_ok(axev__cms_put_attribute(out, axev__oid_signing_time, axev__buf_view(&value), &err));
}

/* The honest attributes, each as bytes, in DER order: contentType, signingTime, messageDigest, the certificate. */
static void honest_attributes(const struct made *made, struct axev__buf *set, struct axev__span out[4])
{
	struct axev__der der;
	size_t count;

	assert_ok(axev__cades_tbs(axev__cert_at(&made->certs, 0), content_sha256, PKI_NOW, set, &err));
	der = axev__der_open(axev__buf_view(set));
	assert_ok(axev__der_enter(&der, AXEV__DER_SET, &der, "", &err));
	list(&der, out, &count);
	ck_assert_uint_eq(count, 4);
}

/* Signed with these attributes, in this order. */
static int check_attributes(struct made *made, const struct axev__span *list_, size_t count)
{
	axev__buf_clear(&made->attributes);
	axev__buf_clear(&made->signature);
	axev__buf_clear(&made->p7s);
	assert_ok(axev__der_put_parts(&made->attributes, AXEV__DER_SET, list_, count, &err));
	finish(made);
	return check(axev__buf_view(&made->p7s));
}

#define NEEDED \
	"expected contentType, messageDigest and signing-certificate-v2 among the signed attributes"
#define EXACTLY \
	"expected as signed attributes contentType id-data, signingTime, a SHA-256 messageDigest and " \
	"signing-certificate-v2, and no others"

START_TEST(cades__signed_attributes_are_exactly_four_in_der_order)
{
	MADE made = { 0 };
	AXEV__BUF set = AXEV__BUF_INIT(AXEV__MAX_DER_BYTES);
	AXEV__BUF more = AXEV__BUF_INIT(100);
	AXEV__BUF type = AXEV__BUF_INIT(100);
	struct axev__span all[4], some[5];
	int i, k, count;

	begin("p256", &made);
	honest_attributes(&made, &set, all);
	assert_ok(check_attributes(&made, all, 4));
	for (i = 0; i < 4; i++) {
		for (k = count = 0; k < 4; k++)
			if (k != i)
				some[count++] = all[k];
		ck_assert_int_eq(check_attributes(&made, some, 3), AXEV_E_FORMAT);
		ck_assert_msg(strcmp(err.message, NEEDED) == 0 || strcmp(err.message, EXACTLY) == 0, "%s",
			      err.message);
	}
	some[0] = all[1];
	some[1] = all[0];
	some[2] = all[2];
	some[3] = all[3];
	assert_fails(check_attributes(&made, some, 4), AXEV_E_FORMAT,
		     "the signed attributes are not in DER order");
	/* The same attribute twice, equal and different. */
	some[0] = some[1] = all[0];
	assert_fails(check_attributes(&made, some, 4), AXEV_E_FORMAT,
		     "a signed attribute stands there twice");
	put_time("170d3236303932313134313332315a", &more);
	some[0] = all[0];
	some[1] = axev__span_compare(all[1], axev__buf_view(&more)) < 0 ? all[1] : axev__buf_view(&more);
	some[2] = axev__span_equal(some[1], all[1]) ? axev__buf_view(&more) : all[1];
	some[3] = all[2];
	some[4] = all[3];
	assert_fails(check_attributes(&made, some, 5), AXEV_E_FORMAT,
		     "a signed attribute stands there twice");
	/* One that is not known; contentType of something else. */
	axev__buf_clear(&more);
	pki_unhex("300906032a030431020500", &more);
	some[0] = axev__buf_view(&more);
	memcpy(some + 1, all, sizeof(all));
	assert_fails(check_attributes(&made, some, 5), AXEV_E_FORMAT, EXACTLY);
	assert_ok(axev__cms_put_attribute(&type, axev__oid_content_type, axev__oid_tst_info, &err));
	memcpy(some, all, sizeof(all));
	some[0] = axev__buf_view(&type);
	assert_fails(check_attributes(&made, some, 4), AXEV_E_FORMAT, EXACTLY);
}
END_TEST

/* Signed, and it names the right certificate, but not as we would: with SHA-512, without IssuerSerial. */
START_TEST(cades__other_forms_of_the_signed_attributes_are_refused)
{
	MADE made = { 0 };
	AXEV__BUF set = AXEV__BUF_INIT(AXEV__MAX_DER_BYTES);
	AXEV__BUF ess = AXEV__BUF_INIT(AXEV__MAX_DER_BYTES);
	AXEV__BUF value = AXEV__BUF_INIT(AXEV__MAX_DER_BYTES);
	struct axev__span all[4], leaf;
	uint8_t sha512[64];

	begin("p256", &made);
	honest_attributes(&made, &set, all);
	leaf = axev__cert_at(&made.certs, 0);
	assert_ok(axev__cms_digest_compute(axev__cms_digest_by_size(64), leaf, sha512, &err));
	/* SEQUENCE { SEQUENCE { SEQUENCE { AlgorithmIdentifier SHA-512, OCTET STRING } } } */
	pki_unhex("30533051304f" "300b0609608648016503040203" "0440", &value);
	assert_ok(axev__buf_append(&value, sha512, 64, &err));
	assert_ok(axev__cms_put_attribute(&ess, axev__oid_signing_cert_v2, axev__buf_view(&value), &err));
	all[3] = axev__buf_view(&ess);
	assert_fails(check_attributes(&made, all, 4), AXEV_E_FORMAT,
		     "the signed attributes are not in their canonical form");
	ck_assert(openssl_accepts(axev__buf_view(&made.p7s), CONTENT_SPAN, &made, CMS_CADES));
}
END_TEST

START_TEST(cades__signing_times_around_2050_are_written_and_read_as_der_wants_them)
{
	static const char *const times[] = { "2049-12-31T23:59:59Z", "2050-01-01T00:00:00Z",
					     "1970-01-01T00:00:00Z", "2261-12-31T00:00:00Z" };
	MADE made = { 0 };
	size_t i;

	begin("p256", &made);
	for (i = 0; i < AXEV__COUNT(times); i++) {
		AXEV__CADES cades = { 0 };
		int64_t time_ns;

		ck_assert(axev__parse_time_argument(axev__span_str(times[i]), &time_ns));
		axev__buf_clear(&made.attributes);
		axev__buf_clear(&made.signature);
		axev__buf_clear(&made.p7s);
		assert_ok(axev__cades_tbs(axev__cert_at(&made.certs, 0), content_sha256, time_ns,
					  &made.attributes, &err));
		finish(&made);
		assert_ok(axev__cades_parse(axev__buf_view(&made.p7s), &cades, &err));
		ck_assert_int_eq(cades.claimed_time_ns, time_ns);
		ck_assert(openssl_accepts(axev__buf_view(&made.p7s), CONTENT_SPAN, &made, CMS_CADES));
	}
	assert_fails(axev__cades_tbs(axev__cert_at(&made.certs, 0), content_sha256, -1, &made.attributes,
				     &err),
		     AXEV_E_INVAL, "the signing time is before 1970");
}
END_TEST

START_TEST(time__signing_times_that_can_be_read_in_two_ways_are_refused)
{
	static const struct {
		const char *hex, *text;
	} cases[] = {
		{ "170b323630393231313431335a", "signingTime: expected YYMMDDHHMMSSZ" }, /* no seconds */
		{ "17113236303932313134313332302b30383030", "signingTime: expected YYMMDDHHMMSSZ" },
		{ "170d3530303130313030303030305a", "signingTime: expected a time in UTC" }, /* 1950, not 2050 */
		{ "170d3639313233313233353935395a", "signingTime: expected a time in UTC" }, /* 1969 */
		{ "180e3230323630393231313431333230", "signingTime: expected a time in UTC" }, /* local */
		{ "18113230323630393231313431333230" "2e305a", "signingTime: expected a time in UTC" },
		{ "170d3236303932313235313332305a", "signingTime: expected a time in UTC" }, /* 25 h */
		{ "0c0d3236303932313134313332305a", "signingTime: expected tag 18, found 0c" },
		/* RFC 5652 11.3: UTCTime before 2050. */
		{ "180f32303236303932313134313332305a",
		  "the signed attributes are not in their canonical form" },
	};
	MADE made = { 0 };
	AXEV__BUF set = AXEV__BUF_INIT(AXEV__MAX_DER_BYTES);
	struct axev__span all[4], elements[4];
	size_t i, k;

	begin("p256", &made);
	honest_attributes(&made, &set, all);
	for (i = 0; i < AXEV__COUNT(cases); i++) {
		AXEV__BUF time = AXEV__BUF_INIT(100);
		size_t count = 0;

		put_time(cases[i].hex, &time);
		for (k = 0; k < 4; k++) {
			struct axev__der der = axev__der_open(all[k]);
			struct axev__span oid;

			assert_ok(axev__der_enter(&der, AXEV__DER_SEQUENCE, &der, "", &err));
			assert_ok(axev__der_take(&der, AXEV__DER_OID, NULL, &oid, "", &err));
			if (!axev__span_equal(oid, axev__oid_signing_time))
				elements[count++] = all[k];
		}
		elements[count++] = axev__buf_view(&time);
		ck_assert_uint_eq(count, 4);
		axev__buf_clear(&made.attributes);
		axev__buf_clear(&made.signature);
		axev__buf_clear(&made.p7s);
		assert_ok(axev__der_put_set_of(&made.attributes, AXEV__DER_SET, elements, 4, &err));
		finish(&made);
		assert_fails(check(axev__buf_view(&made.p7s)), AXEV_E_FORMAT, cases[i].text);
	}
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("cades");
	TCase *tcase = tcase_create("cades");

	tcase_set_timeout(tcase, 200);
	tcase_add_test(tcase, cades__what_is_assembled_is_parsed_and_checked);
	tcase_add_test(tcase, cades__signing_in_two_steps_gives_the_same_p7s);
	tcase_add_test(tcase, cades__a_signature_of_another_key_is_found);
	tcase_add_test(tcase, cades__every_changed_bit_is_refused);
	tcase_add_test(tcase, cades__every_cut_is_refused);
	tcase_add_test(tcase, cades__a_certificate_that_does_not_belong_is_refused);
	tcase_add_test(tcase, cades__signed_attributes_are_exactly_four_in_der_order);
	tcase_add_test(tcase, cades__other_forms_of_the_signed_attributes_are_refused);
	tcase_add_test(tcase, cades__signing_times_around_2050_are_written_and_read_as_der_wants_them);
	tcase_add_test(tcase, time__signing_times_that_can_be_read_in_two_ways_are_refused);
	suite_add_tcase(suite, tcase);
	return run_suite(suite);
}
