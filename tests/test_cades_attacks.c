/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The ways in which verifiers of CMS have been deceived. Where OpenSSL's CMS_verify takes what is refused here, the test says so
 * beside it.
 */
#include "support_cades.h"

/* ---- taking a p7s apart and putting it together otherwise ---- */

struct pieces {
	struct axev__span body[6]; /* version, digestAlgorithms, encapContentInfo, certificates, signerInfos */
	size_t body_count;
	struct axev__span signer[8]; /* version, sid, digest, signedAttrs, algorithm, signature, unsigned */
	size_t signer_count;
	unsigned signers; /* how many SignerInfos: 1 */
};

static void take_apart(struct axev__span p7s, struct pieces *pieces)
{
	struct axev__der top = axev__der_open(p7s), info, wrapped, body, set, signer;

	assert_ok(axev__der_enter(&top, AXEV__DER_SEQUENCE, &info, "", &err));
	assert_ok(axev__der_take(&info, AXEV__DER_OID, NULL, NULL, "", &err));
	assert_ok(axev__der_enter(&info, AXEV__DER_CONTEXT_0, &wrapped, "", &err));
	assert_ok(axev__der_enter(&wrapped, AXEV__DER_SEQUENCE, &body, "", &err));
	list(&body, pieces->body, &pieces->body_count);
	ck_assert_uint_eq(pieces->body_count, 5);
	set = axev__der_open(pieces->body[4]);
	assert_ok(axev__der_enter(&set, AXEV__DER_SET, &set, "", &err));
	assert_ok(axev__der_enter(&set, AXEV__DER_SEQUENCE, &signer, "", &err));
	list(&signer, pieces->signer, &pieces->signer_count);
	pieces->signers = 1;
}

static void put_together(const struct pieces *pieces, struct axev__buf *out)
{
	AXEV__BUF signer = AXEV__BUF_INIT(AXEV__MAX_DER_BYTES);
	AXEV__BUF set = AXEV__BUF_INIT(AXEV__MAX_DER_BYTES);
	AXEV__BUF body = AXEV__BUF_INIT(AXEV__MAX_DER_BYTES);
	AXEV__BUF wrapped = AXEV__BUF_INIT(AXEV__MAX_DER_BYTES);
	struct axev__span list_[6], outer[2] = { axev__oid_signed_data }, signers[2];
	size_t i;

	assert_ok(axev__der_put_parts(&signer, AXEV__DER_SEQUENCE, pieces->signer, pieces->signer_count,
				      &err));
	signers[0] = signers[1] = axev__buf_view(&signer);
	assert_ok(axev__der_put_parts(&set, AXEV__DER_SET, signers, pieces->signers, &err));
	for (i = 0; i < 4; i++)
		list_[i] = pieces->body[i];
	list_[4] = axev__buf_view(&set);
	assert_ok(axev__der_put_parts(&body, AXEV__DER_SEQUENCE, list_, 5, &err));
	assert_ok(axev__der_put(&wrapped, AXEV__DER_CONTEXT_0, axev__buf_view(&body), &err));
	outer[1] = axev__buf_view(&wrapped);
	assert_ok(axev__der_put_parts(out, AXEV__DER_SEQUENCE, outer, 2, &err));
}

/* ---- known attacks ---- */

/* The signed attributes are passed off as the content: then nobody looks for attributes any more. */
START_TEST(cms_1__stripped_signed_attributes_are_refused)
{
	MADE made = { 0 };
	AXEV__BUF forged = AXEV__BUF_INIT(AXEV__MAX_DER_BYTES);
	struct pieces pieces;

	make("rsa3072-a", &made);
	take_apart(axev__buf_view(&made.p7s), &pieces);
	memmove(&pieces.signer[3], &pieces.signer[4], 2 * sizeof(pieces.signer[0]));
	pieces.signer_count--;
	put_together(&pieces, &forged);
	/* Stock: "CAdES Verification successful", over content that is the DER of the attributes. */
	ck_assert(openssl_accepts(axev__buf_view(&forged), axev__buf_view(&made.attributes), &made, 0));
	assert_ok(axev__sha256(made.attributes.data, made.attributes.size, content_sha256, &err));
	ck_assert_int_eq(check(axev__buf_view(&forged)), AXEV_E_FORMAT);
	ck_assert_str_eq(err.message, "signedAttrs: expected tag a0, found 30");
}
END_TEST

START_TEST(cms_2__bytes_behind_the_signature_are_refused)
{
	MADE made = { 0 };

	make("p256", &made);
	assert_ok(axev__buf_str(&made.p7s, "payload", &err));
	ck_assert(openssl_accepts(axev__buf_view(&made.p7s), CONTENT_SPAN, &made, CMS_CADES));
	assert_fails(check(axev__buf_view(&made.p7s)), AXEV_E_FORMAT,
		     "CMS: expected the end, found more bytes");
}
END_TEST

START_TEST(cms_3__no_signer_is_no_signature)
{
	MADE made = { 0 };
	AXEV__BUF forged = AXEV__BUF_INIT(AXEV__MAX_DER_BYTES);
	struct pieces pieces;

	make("p256", &made);
	take_apart(axev__buf_view(&made.p7s), &pieces);
	pieces.signers = 0;
	put_together(&pieces, &forged);
	assert_fails(check(axev__buf_view(&forged)), AXEV_E_FORMAT,
		     "expected one SignerInfo, found none");
}
END_TEST

START_TEST(cms_4__enclosed_content_is_refused)
{
	MADE made = { 0 };
	AXEV__BUF forged = AXEV__BUF_INIT(AXEV__MAX_DER_BYTES);
	AXEV__BUF encap = AXEV__BUF_INIT(200);
	struct pieces pieces;

	make("p256", &made);
	take_apart(axev__buf_view(&made.p7s), &pieces);
	pki_unhex("301706092a864886f70d010701a00a04083c617369632f3e0a", &encap);
	pieces.body[2] = axev__buf_view(&encap);
	put_together(&pieces, &forged);
	assert_fails(check(axev__buf_view(&forged)), AXEV_E_FORMAT,
		     "expected a detached signature, found content");
}
END_TEST

/* A certificate of the same name and key, but with other rights, is put in the place of the signer's. */
START_TEST(cms_5__a_certificate_that_the_signature_does_not_name_is_refused)
{
	const struct pki_cert twin = { .name = "TEST signer", .basic = "critical,CA:FALSE" };
	AXEV__PKEY *root_key = pki_pkey("rsa3072-b");
	MADE made = { 0 };
	MADE other = { 0 };
	AXEV__BUF leaf = AXEV__BUF_INIT(AXEV__MAX_DER_BYTES);

	make("p256", &made);
	begin("p256", &other);
	pki_issue(&twin, other.key, axev__cert_at(&other.certs, 1), root_key, &leaf);
	free(other.certs.items[0].data);
	other.certs.items[0].data = malloc(leaf.size);
	memcpy(other.certs.items[0].data, leaf.data, leaf.size);
	other.certs.items[0].size = leaf.size;
	assert_ok(axev__cades_assemble(&other.certs, axev__buf_view(&made.attributes),
				       axev__buf_view(&made.signature), axev__span("", 0), &other.p7s,
				       &err));
	/* Without -cades OpenSSL does not ask which certificate was meant. */
	ck_assert(openssl_accepts(axev__buf_view(&other.p7s), CONTENT_SPAN, &other, 0));
	assert_fails(check(axev__buf_view(&other.p7s)), AXEV_E_INVALID,
		     "signing-certificate-v2 names another certificate than the signer's");
}
END_TEST

START_TEST(cms_5__a_token_over_something_else_does_not_parse_as_another_attribute)
{
	MADE made = { 0 };
	AXEV__BUF forged = AXEV__BUF_INIT(AXEV__MAX_DER_BYTES);
	AXEV__BUF attribute = AXEV__BUF_INIT(200);
	AXEV__BUF twice = AXEV__BUF_INIT(200);
	struct pieces pieces;

	make("p256", &made);
	take_apart(axev__buf_view(&made.p7s), &pieces);
	/* countersignature instead of a token; two tokens. */
	pki_unhex("a113301106092a864886f70d010906310430020500", &attribute);
	pieces.signer[pieces.signer_count++] = axev__buf_view(&attribute);
	put_together(&pieces, &forged);
	assert_fails(check(axev__buf_view(&forged)), AXEV_E_FORMAT,
		     "expected a time-stamp token as the only unsigned attribute");
	axev__buf_clear(&forged);
	pki_unhex("a12a" "3013060b2a864886f70d010910020e310430020500"
		  "3013060b2a864886f70d010910020e310430020500", &twice);
	pieces.signer[pieces.signer_count - 1] = axev__buf_view(&twice);
	put_together(&pieces, &forged);
	assert_fails(check(axev__buf_view(&forged)), AXEV_E_FORMAT,
		     "the signature is not in its canonical form");
}
END_TEST

START_TEST(cms_6__several_signers_in_one_file_are_refused)
{
	MADE made = { 0 };
	AXEV__BUF forged = AXEV__BUF_INIT(AXEV__MAX_DER_BYTES);
	struct pieces pieces;

	make("p256", &made);
	take_apart(axev__buf_view(&made.p7s), &pieces);
	pieces.signers = 2;
	put_together(&pieces, &forged);
	assert_fails(check(axev__buf_view(&forged)), AXEV_E_FORMAT,
		     "expected one SignerInfo: expected the end, found more bytes");
}
END_TEST

START_TEST(cms_6__a_signer_named_by_key_identifier_is_not_the_form)
{
	MADE made = { 0 };
	AXEV__BUF ski = AXEV__BUF_INIT(100);
	AXEV__BUF sid = AXEV__BUF_INIT(100);
	AXEV__BUF forged = AXEV__BUF_INIT(AXEV__MAX_DER_BYTES);
	static const uint8_t version[] = { 2, 1, 3 };
	struct pieces pieces;

	make("p256", &made);
	take_apart(axev__buf_view(&made.p7s), &pieces);
	assert_ok(axev__cert_ski(axev__cert_at(&made.certs, 0), &ski, &err));
	assert_ok(axev__der_put(&sid, 0x80, axev__buf_view(&ski), &err));
	pieces.signer[0] = axev__span(version, 3);
	pieces.signer[1] = axev__buf_view(&sid);
	put_together(&pieces, &forged);
	ck_assert(openssl_accepts(axev__buf_view(&forged), CONTENT_SPAN, &made, CMS_CADES));
	assert_fails(check(axev__buf_view(&forged)), AXEV_E_FORMAT,
		     "the signature is not in its canonical form");
}
END_TEST

START_TEST(cms_6__versions_other_than_the_standard_s_are_refused)
{
	static const uint8_t wrong[] = { 2, 1, 5 };
	MADE made = { 0 };
	size_t i;

	make("p256", &made);
	for (i = 0; i < 2; i++) {
		AXEV__BUF forged = AXEV__BUF_INIT(AXEV__MAX_DER_BYTES);
		struct pieces pieces;

		take_apart(axev__buf_view(&made.p7s), &pieces);
		if (i)
			pieces.signer[0] = axev__span(wrong, 3);
		else
			pieces.body[0] = axev__span(wrong, 3);
		put_together(&pieces, &forged);
		/* Nothing of it is signed, and OpenSSL does not look. */
		ck_assert(openssl_accepts(axev__buf_view(&forged), CONTENT_SPAN, &made, CMS_CADES));
		assert_fails(check(axev__buf_view(&forged)), AXEV_E_FORMAT,
			     "the signature is not in its canonical form");
	}
}
END_TEST

START_TEST(cms_7__algorithms_off_the_list_are_refused)
{
	static const struct {
		const char *hex;
		size_t piece; /* of the SignerInfo */
		const char *text;
	} cases[] = {
		{ "300906052b0e03021a0500", 2, /* SHA-1 */
		  "expected SHA-256, SHA-384 or SHA-512 as the digest algorithm" },
		{ "300c06082a864886f70d02050500", 2, /* MD5 */
		  "expected SHA-256, SHA-384 or SHA-512 as the digest algorithm" },
		{ "300d06096086480165030402030500", 2, /* SHA-512 */
		  "the signature is not in its canonical form" },
		{ "300d06096086480165030402010500", 2, /* SHA-256 with NULL */
		  "the signature is not in its canonical form" },
		{ "300d06092a864886f70d0101010500", 4, /* rsaEncryption for an EC key */
		  "the signature is not in its canonical form" },
		{ "304106092a864886f70d01010a3034a00f300d06096086480165030402010500a11c301a06092a864886"
		  "f70d010108300d06096086480165030402010500a203020120",
		  4, /* RSASSA-PSS */
		  "signatureAlgorithm: expected tag 05, found 30" },
	};
	MADE made = { 0 };
	size_t i;

	make("p256", &made);
	for (i = 0; i < AXEV__COUNT(cases); i++) {
		AXEV__BUF algorithm = AXEV__BUF_INIT(200);
		AXEV__BUF forged = AXEV__BUF_INIT(AXEV__MAX_DER_BYTES);
		struct pieces pieces;

		take_apart(axev__buf_view(&made.p7s), &pieces);
		pki_unhex(cases[i].hex, &algorithm);
		pieces.signer[cases[i].piece] = axev__buf_view(&algorithm);
		put_together(&pieces, &forged);
		assert_fails(check(axev__buf_view(&forged)), AXEV_E_FORMAT, cases[i].text);
	}
}
END_TEST

START_TEST(cms_7__keys_off_the_list_are_refused)
{
	MADE made = { 0 };

	/* Explicit parameters let a forger choose the generator: not even the mathematics is tried. */
	begin("p256-explicit", &made);
	assert_ok(axev__cades_tbs(axev__cert_at(&made.certs, 0), content_sha256, PKI_NOW,
				  &made.attributes, &err));
	sign_raw(made.key, axev__buf_view(&made.attributes), &made.signature);
	assert_fails(axev__cades_assemble(&made.certs, axev__buf_view(&made.attributes),
					  axev__buf_view(&made.signature), axev__span("", 0), &made.p7s,
					  &err),
		     AXEV_E_FORMAT, "the signer's kind of key is not accepted");
	assert_fails(axev__x509_verify(axev__cert_at(&made.certs, 0), "SHA256",
				       axev__buf_view(&made.attributes), axev__buf_view(&made.signature),
				       &err),
		     AXEV_E_INVALID, "the signer's kind of key is not accepted");
}
END_TEST

/* S/MIME tools turn LF into CRLF unless told otherwise: these are other bytes. */
START_TEST(cms_8__line_ends_are_bytes)
{
	MADE made = { 0 };
	AXEV__CADES cades = { 0 };
	uint8_t crlf[32];

	make("p256", &made);
	assert_ok(axev__cades_parse(axev__buf_view(&made.p7s), &cades, &err));
	assert_ok(axev__sha256("<asic/>\r\n", 9, crlf, &err));
	assert_fails(axev__cades_check(&cades, crlf, &err), AXEV_E_INVALID,
		     "the signature is over other content");
}
END_TEST

START_TEST(cms_9__ber_is_refused)
{
	MADE made = { 0 };
	AXEV__BUF forged = AXEV__BUF_INIT(AXEV__MAX_DER_BYTES);
	AXEV__BUF octets = AXEV__BUF_INIT(1000);
	AXEV__BUF constructed = AXEV__BUF_INIT(1000);
	struct pieces pieces;
	struct axev__der der;
	struct axev__span signature;

	make("p256", &made);
	/* Indefinite length outside, end-of-contents at the end. */
	assert_ok(axev__buf_append(&forged, "\x30\x80", 2, &err));
	assert_ok(axev__buf_append(&forged, made.p7s.data + 4, made.p7s.size - 4, &err));
	assert_ok(axev__buf_append(&forged, "\0\0", 2, &err));
	ck_assert(openssl_accepts(axev__buf_view(&forged), CONTENT_SPAN, &made, CMS_CADES));
	assert_fails(check(axev__buf_view(&forged)), AXEV_E_FORMAT,
		     "CMS: expected a definite length of at most four octets");
	/* The signature as a constructed OCTET STRING. */
	take_apart(axev__buf_view(&made.p7s), &pieces);
	der = axev__der_open(pieces.signer[5]);
	assert_ok(axev__der_take(&der, AXEV__DER_OCTET_STRING, &signature, NULL, "", &err));
	assert_ok(axev__der_put(&octets, AXEV__DER_OCTET_STRING, signature, &err));
	assert_ok(axev__der_put(&constructed, 0x24, axev__buf_view(&octets), &err));
	pieces.signer[5] = axev__buf_view(&constructed);
	axev__buf_clear(&forged);
	put_together(&pieces, &forged);
	ck_assert(openssl_accepts(axev__buf_view(&forged), CONTENT_SPAN, &made, CMS_CADES));
	assert_fails(check(axev__buf_view(&forged)), AXEV_E_FORMAT,
		     "CMS: primitive and constructed form do not fit the type");
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("cades_attacks");
	TCase *tcase = tcase_create("cades_attacks");

	tcase_set_timeout(tcase, 200);
	tcase_add_test(tcase, cms_1__stripped_signed_attributes_are_refused);
	tcase_add_test(tcase, cms_2__bytes_behind_the_signature_are_refused);
	tcase_add_test(tcase, cms_3__no_signer_is_no_signature);
	tcase_add_test(tcase, cms_4__enclosed_content_is_refused);
	tcase_add_test(tcase, cms_5__a_certificate_that_the_signature_does_not_name_is_refused);
	tcase_add_test(tcase, cms_5__a_token_over_something_else_does_not_parse_as_another_attribute);
	tcase_add_test(tcase, cms_6__several_signers_in_one_file_are_refused);
	tcase_add_test(tcase, cms_6__a_signer_named_by_key_identifier_is_not_the_form);
	tcase_add_test(tcase, cms_6__versions_other_than_the_standard_s_are_refused);
	tcase_add_test(tcase, cms_7__algorithms_off_the_list_are_refused);
	tcase_add_test(tcase, cms_7__keys_off_the_list_are_refused);
	tcase_add_test(tcase, cms_8__line_ends_are_bytes);
	tcase_add_test(tcase, cms_9__ber_is_refused);
	suite_add_tcase(suite, tcase);
	return run_suite(suite);
}
