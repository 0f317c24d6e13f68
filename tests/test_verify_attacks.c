/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Packages whose form is in order and whose signer or authority is not: what the verifier says of each, under a policy
 * that trusts one root for signers and one for time-stamps.
 */
#include "support_pki.h"

#include <inttypes.h>
#include <sys/mman.h>
#include <unistd.h>

#include <ax_evidence/ax_evidence.h>

#include "base/io.h"
#include "base/text.h"
#include "base/time.h"
#include "crypto/digest.h"
#include "package/container_write.h"
#include "package/manifest.h"

static axev_error err;
static EVP_PKEY *root_key, *signer_key;
static struct axev__buf root = AXEV__BUF_INIT(AXEV__MAX_DER_BYTES);
static struct pki_tsa tsa;
static axev_policy *policy;

static void begin(void)
{
	root_key = EVP_EC_gen("P-256");
	signer_key = pki_pkey("p256");
	pki_issue(&pki_root, root_key, axev__span("", 0), NULL, &root);
	pki_tsa_new(NULL, NULL, &tsa);
	assert_ok(axev_policy_new(&policy, &err));
	assert_ok(axev_policy_add(policy, AXEV_TRUST_SIGNER, root.data, root.size, "signers", NULL, &err));
	assert_ok(axev_policy_add(policy, AXEV_TRUST_TIMESTAMP, tsa.roots.items[0].data,
				  tsa.roots.items[0].size, "time-stamps", NULL, &err));
}

static void end(void)
{
	EVP_PKEY_free(root_key);
	EVP_PKEY_free(signer_key);
	axev__buf_free(&root);
	pki_tsa_free(&tsa);
	axev_policy_free(policy);
}

/* ---- one package, honest but for what is said here ---- */

struct lie {
	const struct pki_cert *signer;     /* NULL: pki_signer */
	struct pki_token token;            /* .tsa NULL: the trusted authority */
	bool without_token, token_of_content, token_of_another;
	bool without_root;                 /* the p7s holds only the signer's certificate */
	bool second_root;                  /* a root of the same name instead of the trusted one */
	const char *expected_extra;        /* one more certificate expected, hexadecimal */
	unsigned expected, signatures;     /* 0: 1 each */
	const char *object_sha256;         /* what the manifest claims, hexadecimal */
	void (*edit)(axev__json *manifest);
};

#define TIME "2026-09-21T14:00:00.000000000Z"
#define HEX32 "0000000000000000000000000000000000000000000000000000000000000000"
static const char manifest_text[] =
	"{\"capture\":{\"clock\":{\"how\":\"x\",\"source\":\"x\"},\"finished\":\"" TIME "\",\"method\":\"x\","
	"\"started\":\"" TIME "\",\"steps\":[],\"tool\":{\"name\":\"t\",\"version\":\"1\"}},\"complete\":true,"
	"\"environment\":{\"os\":\"x\"},\"expected_signatures\":[{\"algorithm\":\"ecdsa-p256-sha256\","
	"\"certificates\":[\"" HEX32 "\"],\"role\":\"operator\"}],\"format\":\"ax-evidence/1\",\"kind\":\"file\","
	"\"nonce\":\"00000000000000000000000000000000\",\"objects\":[{\"bytes\":\"6\",\"media_type\":"
	"\"text/plain\",\"name\":\"a\",\"path\":\"data/a\",\"role\":\"file\",\"sha256\":\"" HEX32 "\"}],\"source\":"
	"{\"bytes\":\"6\",\"files\":1,\"roots\":[\"a\"]}}";

static void set_expected(axev__json *manifest, const struct lie *lie, const struct axev__certs *certs)
{
	axev__json *list = axev__json_new_array();
	unsigned k;
	size_t i;

	for (k = 0; k < (lie->expected ? lie->expected : 1); k++) {
		axev__json *one = axev__json_new_object(), *hashes = axev__json_new_array();

		for (i = 0; i < certs->count; i++) {
			struct axev__cert_info info;
			char hex[65];

			assert_ok(axev__cert_info(axev__cert_at(certs, i), &info, &err));
			axev__hex(hex, info.sha256, 32);
			assert_ok(axev__json_append_str(hashes, hex, &err));
		}
		if (lie->expected_extra)
			assert_ok(axev__json_append_str(hashes, lie->expected_extra, &err));
		assert_ok(axev__json_set_str(one, "algorithm", "ecdsa-p256-sha256", &err));
		assert_ok(axev__json_set_str(one, "role", "operator", &err));
		assert_ok(axev__json_set(one, "certificates", hashes, &err));
		assert_ok(axev__json_append(list, one, &err));
	}
	assert_ok(axev__json_set(manifest, "expected_signatures", list, &err));
}

static void put_manifest(const struct lie *lie, const struct axev__certs *certs,
			 struct axev__container_writer *writer, const struct axev__digests *object)
{
	AXEV__JSON *manifest = NULL;
	AXEV__BUF bytes = AXEV__BUF_INIT(AXEV__MAX_MANIFEST_BYTES);
	axev__json *row;
	uint8_t id[32];

	assert_ok(axev__json_parse(axev__span_str(manifest_text), &manifest, &err));
	row = axev__json_at(axev__json_get(manifest, "objects"), 0);
	assert_ok(axev__json_set_hex(row, "sha256", object->sha256, 32, &err));
	if (lie->object_sha256)
		assert_ok(axev__json_set_str(row, "sha256", lie->object_sha256, &err));
	set_expected(manifest, lie, certs);
	if (lie->edit)
		lie->edit(manifest);
	assert_ok(axev__manifest_write(manifest, &bytes, id, &err));
	assert_ok(axev__container_add(writer, "data/evidence.json", axev__buf_view(&bytes), NULL, &err));
}

static void put_token(const struct lie *lie, struct axev__span signature, const uint8_t content[32],
		      struct axev__buf *out)
{
	struct pki_token token = lie->token;

	if (lie->without_token)
		return;
	if (!token.tsa)
		token.tsa = &tsa;
	assert_ok(axev__sha256(signature.data, signature.size, token.imprint, &err));
	if (lie->token_of_content)
		memcpy(token.imprint, content, 32);
	if (lie->token_of_another)
		token.imprint[0] ^= 1;
	token.nonce = 7;
	pki_token(&token, out);
}

static void sign(const struct lie *lie, const struct axev__certs *certs,
		 struct axev__container_writer *writer, unsigned number)
{
	AXEV__KEY *key = pki_key("p256");
	AXEV__BUF tbs = AXEV__BUF_INIT(AXEV__MAX_DER_BYTES);
	AXEV__BUF signature = AXEV__BUF_INIT(AXEV__MAX_DER_BYTES);
	AXEV__BUF token = AXEV__BUF_INIT(AXEV__MAX_DER_BYTES);
	AXEV__BUF p7s = AXEV__BUF_INIT(AXEV__MAX_DER_BYTES);
	uint8_t content[32];

	assert_ok(axev__container_to_be_signed(writer, number, content, &err));
	assert_ok(axev__cades_tbs(axev__cert_at(certs, 0), content, PKI_NOW, &tbs, &err));
	assert_ok(axev__key_sign(key, axev__buf_view(&tbs), &signature, &err));
	put_token(lie, axev__buf_view(&signature), content, &token);
	assert_ok(axev__cades_assemble(certs, axev__buf_view(&tbs), axev__buf_view(&signature),
				       axev__buf_view(&token), &p7s, &err));
	assert_ok(axev__container_add_signature(writer, number, axev__buf_view(&p7s), &err));
}

static void make_certs(const struct lie *lie, struct axev__certs *certs)
{
	AXEV__PKEY *other_key = EVP_EC_gen("P-256");
	AXEV__BUF other = AXEV__BUF_INIT(AXEV__MAX_DER_BYTES);
	AXEV__BUF leaf = AXEV__BUF_INIT(AXEV__MAX_DER_BYTES);
	struct axev__span issuer = axev__buf_view(&root);

	pki_issue(&pki_root, other_key, axev__span("", 0), NULL, &other);
	if (lie->second_root)
		issuer = axev__buf_view(&other);
	pki_issue(lie->signer ? lie->signer : &pki_signer, signer_key, issuer,
		  lie->second_root ? other_key : root_key, &leaf);
	assert_ok(axev__certs_add(certs, axev__buf_view(&leaf), &err));
	if (!lie->without_root)
		assert_ok(axev__certs_add(certs, issuer, &err));
}

static void make(const struct lie *lie, struct axev__buf *out)
{
	AXEV__CLOSE int fd = memfd_create("package", MFD_CLOEXEC);
	AXEV__CONTAINER *writer = NULL;
	AXEV__CERTS certs = { 0 };
	struct axev__digests object;
	unsigned count = lie->signatures ? lie->signatures : 1, i;
	uint8_t sha256[32];
	uint64_t size;

	make_certs(lie, &certs);
	assert_ok(axev__container_new(fd, &writer, &err));
	assert_ok(axev__container_add(writer, "data/a", axev__span_str("hello\n"), &object, &err));
	put_manifest(lie, &certs, writer, &object);
	assert_ok(axev__container_seal_begin(writer, count, &err));
	for (i = 1; i <= count; i++)
		sign(lie, &certs, writer, i);
	assert_ok(axev__container_finish(writer, NULL, &size, sha256, &err));
	assert_ok(axev__buf_reserve(out, size, &err));
	assert_ok(axev__pread_full(fd, out->data, size, 0, &err));
	out->size = size;
}

static int verify(struct axev__span package, const char *at, char **ret_text)
{
	axev_verify_opts opts = AXEV_VERIFY_OPTS_INIT;
	axev_report *report = NULL;
	int verdict;

	ck_assert(axev__parse_time_argument(axev__span_str(at ? at : "2026-09-22T00:00:00Z"),
					    &opts.at_unix_ns));
	axev_error_clear(&err);
	(void)!axev_verify_memory(package.data, package.size, policy, &opts, &report, &err);
	ck_assert_ptr_nonnull(report);
	verdict = axev_report_verdict(report);
	assert_ok(axev_report_text(report, "en", 1, ret_text, &err));
	axev_report_free(report);
	return verdict;
}

/* The verdict, and both texts stand in the report (NULL: none wanted). */
static void assert_verdict(const struct lie *lie, const char *at, int verdict, const char *said,
			   const char *also)
{
	AXEV__BUF package = AXEV__BUF_INIT(AXEV__MIB);
	char *text = NULL;
	int found;

	make(lie, &package);
	found = verify(axev__buf_view(&package), at, &text);
	ck_assert_msg(found == verdict, "verdict %d instead of %d:\n%.3000s", found, verdict, text);
	ck_assert_msg(!said || strstr(text, said), "expected '%s' in:\n%.3000s", said, text);
	ck_assert_msg(!also || strstr(text, also), "expected '%s' in:\n%.3000s", also, text);
	axev_text_free(text);
}

#define VALID AXEV_VERDICT_VALID
#define INVALID AXEV_VERDICT_INVALID
#define OPEN AXEV_VERDICT_INDETERMINATE

START_TEST(verify_attacks__the_honest_package_is_valid)
{
	assert_verdict(&(struct lie){ 0 }, NULL, VALID, NULL, NULL);
	assert_verdict(&(struct lie){ .without_root = true }, NULL, VALID, NULL, NULL);
}
END_TEST

/* ---- time ---- */

/* The signer's certificate ran out long ago; a token of one's own making says that it was used before. */
START_TEST(tsp_1__a_time_that_nobody_trusts_does_not_bring_an_expired_signer_back)
{
	struct pki_cert expired = pki_signer;
	PKI_TSA stranger = { 0 };
	const struct lie lie = { .signer = &expired, .token = { .tsa = &stranger } };

	expired.until = "20260930000000Z";
	pki_tsa_new(NULL, NULL, &stranger);
	assert_verdict(&lie, "2027-06-01T00:00:00Z", OPEN, "certificate chain: certificate has expired",
		       NULL);
}
END_TEST

START_TEST(tsp_1__certificates_are_judged_at_the_time_of_the_token_not_now)
{
	struct pki_cert expired = pki_signer;
	const struct lie lie = { .signer = &expired };

	expired.until = "20260930000000Z";
	assert_verdict(&lie, "2027-06-01T00:00:00Z", VALID, NULL, NULL);
	/* ... and not at the time that the signer claims: signingTime is 2026-09-21. */
	expired.until = "20260920000000Z";
	assert_verdict(&lie, "2026-09-19T00:00:00Z", OPEN, "certificate chain: certificate has expired",
		       NULL);
	assert_verdict(&(struct lie){ .signer = &expired, .without_token = true }, "2026-09-22T00:00:00Z",
		       OPEN, "certificate chain: certificate has expired", "time pending");
}
END_TEST

START_TEST(tsp_1__an_authority_whose_certificate_had_expired_proves_no_time)
{
	struct pki_cert expired = pki_authority;

	expired.until = "20260901000000Z";
	pki_tsa_free(&tsa);
	axev_policy_free(policy);
	pki_tsa_new(&expired, NULL, &tsa);
	assert_ok(axev_policy_new(&policy, &err));
	assert_ok(axev_policy_add(policy, AXEV_TRUST_SIGNER, root.data, root.size, NULL, NULL, &err));
	assert_ok(axev_policy_add(policy, AXEV_TRUST_TIMESTAMP, tsa.roots.items[0].data,
				  tsa.roots.items[0].size, NULL, NULL, &err));
	assert_verdict(&(struct lie){ 0 }, NULL, OPEN, "certificate chain: certificate has expired", NULL);
}
END_TEST

START_TEST(tsp_3__tokens_of_certificates_for_other_uses_are_refused)
{
	static const struct {
		const char *basic, *extended, *said;
	} cases[] = {
		{ "critical,CA:FALSE", "timeStamping", "not critically and solely for timeStamping" },
		{ "critical,CA:FALSE", "critical,timeStamping,codeSigning",
		  "not critically and solely for timeStamping" },
		{ "critical,CA:TRUE", "critical,timeStamping",
		  "a certification authority's certificate signs the token" },
	};
	size_t i;

	for (i = 0; i < AXEV__COUNT(cases); i++) {
		const struct pki_cert want = { .name = "TEST authority", .basic = cases[i].basic,
					       .usage = "critical,digitalSignature",
					       .extended = cases[i].extended };
		PKI_TSA other = { 0 };

		pki_tsa_new(&want, NULL, &other);
		assert_verdict(&(struct lie){ .token = { .tsa = &other } }, NULL, INVALID, cases[i].said,
			       NULL);
	}
}
END_TEST

START_TEST(tsp_4__a_token_over_the_content_or_of_another_package_is_refused)
{
	assert_verdict(&(struct lie){ .token_of_content = true }, NULL, INVALID,
		       "the token covers other bytes", NULL);
	assert_verdict(&(struct lie){ .token_of_another = true }, NULL, INVALID,
		       "the token covers other bytes", NULL);
}
END_TEST

START_TEST(tsp_7__a_token_with_sha1_only_is_refused)
{
	const struct lie lie = { .token = { .ess_sha1 = true, .ess_oid = "060b2a864886f70d010910020c" } };

	assert_verdict(&lie, NULL, INVALID, "signing-certificate-v2 among the signed attributes", NULL);
}
END_TEST

START_TEST(time__a_claimed_time_is_never_shown_as_proven)
{
	AXEV__BUF package = AXEV__BUF_INIT(AXEV__MIB);
	axev_verify_opts opts = AXEV_VERIFY_OPTS_INIT;
	axev_report *report = NULL;
	PKI_TSA stranger = { 0 };
	AXEV__JSON *parsed = NULL;
	struct axev__span not_after;
	char *json = NULL;

	pki_tsa_new(NULL, NULL, &stranger);
	make(&(struct lie){ .token = { .tsa = &stranger } }, &package);
	opts.at_unix_ns = PKI_NOW;
	(void)!axev_verify_memory(package.data, package.size, policy, &opts, &report, &err);
	assert_ok(axev_report_json(report, &json, &err));
	assert_ok(axev__json_parse_foreign(axev__span_str(json), &parsed, &err));
	assert_ok(axev__json_string(axev__json_get(parsed, "times"), "not_after", &not_after, &err));
	ck_assert_uint_eq(not_after.size, 0);
	axev_text_free(json);
	axev_report_free(report);
}
END_TEST

/* ---- signers ---- */

START_TEST(cms_6__more_or_fewer_signatures_than_were_announced_are_found)
{
	assert_verdict(&(struct lie){ .expected = 2 }, NULL, INVALID, "expected 2 signatures, found 1",
		       NULL);
	/* One person who signs twice is not two. */
	assert_verdict(&(struct lie){ .expected = 2, .signatures = 2 }, NULL, INVALID, "one signer cannot stand for two", NULL);
	assert_verdict(&(struct lie){ .signatures = 2 }, NULL, INVALID, "expected 1 signatures, found 2",
		       NULL);
}
END_TEST

START_TEST(cms_6__other_certificates_than_were_announced_are_found)
{
	assert_verdict(&(struct lie){ .expected_extra = HEX32 }, NULL, INVALID,
		       "expected 3 certificates, found 2", NULL);
}
END_TEST

START_TEST(cms_7__signers_for_other_uses_or_with_weak_keys_are_refused)
{
	const struct pki_cert encrypts = { .name = "TEST", .usage = "critical,keyEncipherment" };
	const struct pki_cert serves = { .name = "TEST", .extended = "serverAuth" };
	const struct pki_cert old = { .name = "TEST", .digest = "SHA1" };

	assert_verdict(&(struct lie){ .signer = &encrypts }, NULL, INVALID,
		       "allows neither digitalSignature nor nonRepudiation", NULL);
	assert_verdict(&(struct lie){ .signer = &serves }, NULL, INVALID,
		       "extended key usage is not for documents", NULL);
	assert_verdict(&(struct lie){ .signer = &old }, NULL, INVALID, "ecdsa-with-SHA1", NULL);
}
END_TEST

START_TEST(verify_attacks__a_namesake_of_the_trusted_root_decides_nothing)
{
	assert_verdict(&(struct lie){ .second_root = true }, NULL, OPEN,
		       "certificate chain: certificate signature failure", NULL);
}
END_TEST

START_TEST(verify_attacks__every_changed_byte_of_a_chain_is_found)
{
	AXEV__BUF package = AXEV__BUF_INIT(AXEV__MIB);
	uint8_t *enclosed;
	size_t i, first;

	make(&(struct lie){ 0 }, &package);
	enclosed = memmem(package.data, package.size, root.data, root.size);
	ck_assert_ptr_nonnull(enclosed);
	first = (size_t)(enclosed - package.data);
	/* The root in the p7s: the signature does not cover it, the manifest does. */
	for (i = first; i < first + root.size; i++) {
		char *text = NULL;

		package.data[i] ^= 0x10;
		ck_assert_msg(verify(axev__buf_view(&package), NULL, &text) == INVALID, "byte %zu", i);
		axev_text_free(text);
		package.data[i] ^= 0x10;
	}
}
END_TEST

/* ---- content ---- */

START_TEST(con_2__an_object_that_is_not_what_the_manifest_says_is_found)
{
	assert_verdict(&(struct lie){ .object_sha256 = HEX32 }, NULL, INVALID, "data/a", NULL);
}
END_TEST

static void list_twice(axev__json *manifest)
{
	axev__json *objects = axev__json_get(manifest, "objects");

	assert_ok(axev__json_append(objects, axev__json_copy(axev__json_at(objects, 0)), &err));
}

static void list_none(axev__json *manifest)
{
	assert_ok(axev__json_set(manifest, "objects", axev__json_new_array(), &err));
}

static void rename_object(axev__json *manifest)
{
	assert_ok(axev__json_set_str(axev__json_at(axev__json_get(manifest, "objects"), 0), "path",
				     "data/b", &err));
}

START_TEST(con_2__objects_listed_twice_not_at_all_or_under_another_name_are_found)
{
	assert_verdict(&(struct lie){ .edit = list_twice }, NULL, INVALID, "data/a", NULL);
	assert_verdict(&(struct lie){ .edit = list_none }, NULL, INVALID, "data/a", NULL);
	assert_verdict(&(struct lie){ .edit = rename_object }, NULL, INVALID, "data/b", NULL);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("verify_attacks");
	TCase *tcase = tcase_create("verify_attacks");

	tcase_set_timeout(tcase, 120);
	tcase_add_checked_fixture(tcase, begin, end);
	tcase_add_test(tcase, verify_attacks__the_honest_package_is_valid);
	tcase_add_test(tcase, tsp_1__a_time_that_nobody_trusts_does_not_bring_an_expired_signer_back);
	tcase_add_test(tcase, tsp_1__certificates_are_judged_at_the_time_of_the_token_not_now);
	tcase_add_test(tcase, tsp_1__an_authority_whose_certificate_had_expired_proves_no_time);
	tcase_add_test(tcase, tsp_3__tokens_of_certificates_for_other_uses_are_refused);
	tcase_add_test(tcase, tsp_4__a_token_over_the_content_or_of_another_package_is_refused);
	tcase_add_test(tcase, tsp_7__a_token_with_sha1_only_is_refused);
	tcase_add_test(tcase, time__a_claimed_time_is_never_shown_as_proven);
	tcase_add_test(tcase, cms_6__more_or_fewer_signatures_than_were_announced_are_found);
	tcase_add_test(tcase, cms_6__other_certificates_than_were_announced_are_found);
	tcase_add_test(tcase, cms_7__signers_for_other_uses_or_with_weak_keys_are_refused);
	tcase_add_test(tcase, verify_attacks__a_namesake_of_the_trusted_root_decides_nothing);
	tcase_add_test(tcase, verify_attacks__every_changed_byte_of_a_chain_is_found);
	tcase_add_test(tcase, con_2__an_object_that_is_not_what_the_manifest_says_is_found);
	tcase_add_test(tcase, con_2__objects_listed_twice_not_at_all_or_under_another_name_are_found);
	suite_add_tcase(suite, tcase);
	return run_suite(suite);
}
