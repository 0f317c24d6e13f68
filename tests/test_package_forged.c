/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Packages whose own signers, or strangers, sign a lie: lists, digests and signatures fit. Each lie is found in the content,
 * under a policy that trusts both officers, the time-stamp authority and the ledger.
 */
#include "support_forge.h"

#include "sealed_rows.h"

#include <fcntl.h>

#include "base/io.h"
#include "base/text.h"
#include "crypto/digest.h"
#include "ledger/handle.h"
#include "net/authority.h"

#define FILE_PATH "data/files/000001.bin"

static struct forge_base base;
static axev_error err;

static void begin(void)
{
	forge_base_new(&base);
}

static void end(void)
{
	forge_base_free(&base);
}

static void assert_verdict(struct forge *forge, int expected, const char *said)
{
	AXEV__BUF bytes = AXEV__BUF_INIT(AXEV__MIB);
	char *text = NULL;
	int verdict;

	forge_finish(&base, forge, &bytes);
	verdict = forge_verdict(axev__buf_view(&bytes), base.policy, &text);
	ck_assert_msg(verdict == expected, "expected verdict %d:\n%.3500s", expected, text);
	ck_assert_msg(!said || strstr(text, said) != NULL, "expected '%s' in:\n%.3500s", said, text);
	axev_text_free(text);
}

static void assert_found(struct forge *forge, const char *said)
{
	assert_verdict(forge, AXEV_VERDICT_INVALID, said);
}

static axev__json *member(struct forge *forge, const char *key)
{
	axev__json *found = axev__json_get(forge->manifest, key);

	ck_assert_ptr_nonnull(found);
	return found;
}

START_TEST(package_forged__the_honest_one_is_valid_and_to_a_stranger_indeterminate)
{
	AXEV__BUF bytes = AXEV__BUF_INIT(AXEV__MIB);
	FORGE forge;

	forge_begin(&base, &forge);
	forge_finish(&base, &forge, &bytes);
	assert_verdict(&forge, AXEV_VERDICT_VALID, NULL);
	ck_assert_int_eq(forge_verdict(axev__buf_view(&bytes), NULL, NULL), AXEV_VERDICT_INDETERMINATE);
}
END_TEST

/* ---- signers ---- */

START_TEST(package_forged__a_signature_more_or_less_is_found)
{
	FORGE more;
	FORGE less;

	forge_begin(&base, &more);
	more.signers[more.signer_count++] = base.stranger;
	assert_found(&more, "expected 2 signatures, found 3");
	forge_begin(&base, &less);
	less.signer_count = 1;
	assert_found(&less, "expected 2 signatures, found 1");
}
END_TEST

START_TEST(package_forged__other_signers_than_named_are_found)
{
	FORGE swapped;
	FORGE replaced;

	forge_begin(&base, &swapped);
	swapped.signers[0] = base.second;
	swapped.signers[1] = base.first;
	assert_found(&swapped, "is not the one that the manifest names");
	forge_begin(&base, &replaced);
	replaced.signers[1] = base.stranger;
	assert_found(&replaced, "signature 2: certificate ");
}
END_TEST

/* Everything fits, only nobody knows the signer: not a lie that can be seen, and never valid. */
START_TEST(package_forged__a_stranger_who_names_himself_is_indeterminate)
{
	FORGE forge;

	forge_begin(&base, &forge);
	forge.signers[1] = base.stranger;
	forge_certs(&forge);
	assert_verdict(&forge, AXEV_VERDICT_INDETERMINATE,
		       "[indeterminate] identity of the signer (CN=TEST stranger");
}
END_TEST

START_TEST(package_forged__one_signer_cannot_stand_for_two)
{
	FORGE forge;

	forge_begin(&base, &forge);
	forge.signers[1] = base.first;
	forge_certs(&forge);
	assert_found(&forge, "signature 2: its certificate is that of signature 1");
}
END_TEST

static void lie_of_signature(const char *key, const char *value, const char *said)
{
	FORGE forge;

	forge_begin(&base, &forge);
	assert_ok(axev__json_set_str(axev__json_at(member(&forge, "expected_signatures"), 1), key, value,
				     &err));
	assert_found(&forge, said);
}

START_TEST(package_forged__lies_about_the_expected_signatures_are_found)
{
	lie_of_signature("algorithm", "rsa-pkcs1-sha256",
			 "signature 2: the signature's algorithm is not the one in the manifest");
	lie_of_signature("role", "exporter",
			 "signature 2: expected the role operator, signer or officer, found exporter");
	lie_of_signature("role", "notary",
			 "signature 2: expected the role operator, signer or officer, found notary");
	lie_of_signature("role", "", "signature 2: expected the role operator, signer or officer, found ");
}
END_TEST

START_TEST(package_forged__a_certificate_more_in_the_manifest_is_found)
{
	axev__json *list;
	FORGE forge;

	forge_begin(&base, &forge);
	list = axev__json_get(axev__json_at(member(&forge, "expected_signatures"), 0), "certificates");
	assert_ok(axev__json_append_str(list,
					"00112233445566778899aabbccddeeff"
					"00112233445566778899aabbccddeeff",
					&err));
	assert_found(&forge, "signature 1: expected 2 certificates, found 1");
}
END_TEST

/* ---- time-stamps ---- */

static uint8_t first_imprint[32];

static void stamp_the_first_again(unsigned number, const uint8_t imprint[32], struct axev__buf *token)
{
	static const axev_tsa embedded = { sizeof(axev_tsa), "embedded", NULL, 0, 0 };

	if (number == 1)
		memcpy(first_imprint, imprint, 32);
	assert_ok(axev__authority_stamp(&embedded, 1, base.ledger->dirfd, first_imprint, NULL, token,
					&err));
}

START_TEST(package_forged__a_token_of_another_signature_is_found)
{
	FORGE forge;

	forge_begin(&base, &forge);
	forge.stamp = stamp_the_first_again;
	assert_found(&forge, "the token covers other bytes");
}
END_TEST

static void stamp_long_ago(unsigned number, const uint8_t imprint[32], struct axev__buf *token)
{
	static struct pki_tsa tsa;
	static bool is_made;
	struct pki_token want = { .tsa = &tsa, .gen_time = "20260301000000Z" };

	(void)number;
	if (!is_made) {
		pki_tsa_new(NULL, NULL, &tsa);
		assert_ok(axev_policy_add(base.policy, AXEV_TRUST_TIMESTAMP, tsa.roots.items[0].data,
					  tsa.roots.items[0].size, "TEST authority", NULL, &err));
	}
	is_made = true;
	memcpy(want.imprint, imprint, 32);
	pki_token(&want, token);
}

/* The manifest names a time-stamp of today; a signature over it cannot be of March. */
START_TEST(package_forged__a_signature_from_before_the_capture_is_found)
{
	FORGE forge;

	forge_begin(&base, &forge);
	forge.stamp = stamp_long_ago;
	assert_found(&forge, "signature 1 has a time-stamp from before the capture began");
}
END_TEST

/* ---- the anchor ---- */

static void stamp_checkpoint(const struct axev__buf *note, struct axev__buf *token)
{
	uint8_t imprint[32];

	assert_ok(axev__sha256(note->data, note->size, imprint, &err));
	first_imprint[0] = 0;
	stamp_the_first_again(1, imprint, token);
}

START_TEST(package_forged__an_anchor_that_the_manifest_does_not_name_is_found)
{
	AXEV__BUF token = AXEV__BUF_INIT(AXEV__MAX_DER_BYTES);
	axev__json *anchors = axev__json_new_object();
	FORGE later;
	FORGE unnamed;

	forge_begin(&base, &later);
	stamp_checkpoint(&forge_item(&later, "data/anchor/checkpoint")->bytes, &token);
	forge_set(&later, "data/anchor/checkpoint.tst", axev__buf_view(&token));
	assert_found(&later, "its SHA-256 is not the one in the manifest");
	forge_begin(&base, &unnamed);
	assert_ok(axev__json_set(unnamed.manifest, "anchors", anchors, &err));
	assert_found(&unnamed, "data/anchor/checkpoint is there, the manifest does not name it");
}
END_TEST

static void lie_of_anchor(const char *key, const char *text, uint64_t number, const char *said)
{
	axev__json *anchors;
	FORGE forge;

	forge_begin(&base, &forge);
	anchors = member(&forge, "anchors");
	if (text)
		assert_ok(axev__json_set_str(anchors, key, text, &err));
	else
		assert_ok(axev__json_set_u64(anchors, key, number, &err));
	assert_found(&forge, said);
}

START_TEST(package_forged__lies_about_the_anchor_are_found)
{
	lie_of_anchor("checkpoint_size", NULL, 7, "the manifest says size 7, the checkpoint 0");
	lie_of_anchor("origin", "another.example", 0,
		      "the manifest names another ledger than the checkpoint");
	lie_of_anchor("token_time", "2020-01-01T00:00:00.000000000Z", 0,
		      "token_time is not the time in the token");
	lie_of_anchor("checkpoint_sha256",
		      "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff", 0,
		      "its SHA-256 is not the one in the manifest");
}
END_TEST

/* Named and not enclosed: said to be unchecked, and no bound of the time comes from it. */
START_TEST(package_forged__an_anchor_that_is_only_named_proves_nothing)
{
	AXEV__BUF bytes = AXEV__BUF_INIT(AXEV__MIB);
	char *text = NULL;
	FORGE forge;

	forge_begin(&base, &forge);
	forge_remove(&forge, "data/anchor/checkpoint.tst");
	forge_remove(&forge, "data/anchor/checkpoint");
	forge_finish(&base, &forge, &bytes);
	ck_assert_int_eq(forge_verdict(axev__buf_view(&bytes), base.policy, &text), AXEV_VERDICT_VALID);
	ck_assert_msg(strstr(text, "not before (time-stamp that its manifest names): not proven") != NULL,
		      "%s", text);
	axev_text_free(text);
}
END_TEST

/* ---- parts ---- */

START_TEST(package_forged__a_part_in_the_place_of_another_is_found)
{
	FORGE zip;
	FORGE both;
	FORGE order;

	forge_begin(&base, &zip);
	forge_set(&zip, "data/parts/0001.zip",
		  axev__buf_view(&forge_item(&zip, "data/parts/0002.zip")->bytes));
	assert_found(&zip, "parts[0]: data/parts/0001.zip: objects[0]: expected entry "
			   "'data/files/000201.bin' as the next one listed, found "
			   "'data/files/000101.bin'");
	forge_begin(&base, &both);
	forge_set(&both, "data/parts/0002.zip",
		  axev__buf_view(&forge_item(&both, "data/parts/0001.zip")->bytes));
	forge_set(&both, "data/parts/0002.json",
		  axev__buf_view(&forge_item(&both, "data/parts/0001.json")->bytes));
	assert_found(&both, "entry 'data/files/000101.bin' is there twice");
	forge_begin(&base, &order);
	forge_swap(&order, "data/parts/0001.zip", "data/parts/0002.zip");
	forge_swap(&order, "data/parts/0001.json", "data/parts/0002.json");
	assert_found(&order, "parts[0]: expected data/parts/0001.zip, found data/parts/0002.zip");
}
END_TEST

START_TEST(package_forged__a_part_left_out_or_not_listed_is_found)
{
	FORGE gone;
	FORGE hidden;
	axev__json *one = axev__json_new_array();

	forge_begin(&base, &gone);
	gone.is_unfitted = true;
	forge_remove(&gone, "data/parts/0002.zip");
	forge_remove(&gone, "data/parts/0002.json");
	assert_found(&gone, "parts[1]: entry 'data/parts/0002.zip' is listed and is not there");
	forge_begin(&base, &hidden);
	hidden.is_unfitted = true;
	assert_ok(axev__json_append(one, axev__json_copy(axev__json_at(member(&hidden, "parts"), 0)),
				    &err));
	assert_ok(axev__json_set(hidden.manifest, "parts", one, &err));
	assert_found(&hidden, "entry 'data/parts/0002.zip' is there and is not listed");
}
END_TEST

START_TEST(package_forged__an_index_that_lies_is_found)
{
	AXEV__BUF zip = AXEV__BUF_INIT(AXEV__MIB);
	AXEV__BUF index = AXEV__BUF_INIT(AXEV__MIB);
	FORGE other;
	FORGE count;
	FORGE outside;

	forge_begin(&base, &other);
	forge_part("data/files/000101.bin", "data/files/000103.bin", &zip, &index);
	forge_set(&other, "data/parts/0001.json", axev__buf_view(&index));
	assert_found(&other, "expected entry 'data/files/000102.bin' as the next one listed, found "
			     "'data/files/000103.bin'");
	forge_begin(&base, &count);
	count.is_unfitted = true;
	assert_ok(axev__json_set_u64(axev__json_at(member(&count, "parts"), 0), "objects", 3, &err));
	assert_found(&count, "parts[0]: expected 3 objects in its index, found 2");
	forge_begin(&base, &outside);
	forge_part(FILE_PATH, "data/files/000102.bin", &zip, &index);
	forge_set(&outside, "data/parts/0001.zip", axev__buf_view(&zip));
	forge_set(&outside, "data/parts/0001.json", axev__buf_view(&index));
	assert_found(&outside, "entry '" FILE_PATH "' stands outside the part, too");
}
END_TEST

/* ---- objects ---- */

START_TEST(package_forged__objects_more_or_less_than_listed_are_found)
{
	FORGE added;
	FORGE removed;
	FORGE twice;

	forge_begin(&base, &added);
	added.is_unfitted = true;
	forge_insert(&added, 0, "data/a.txt", axev__span_str("x"));
	assert_found(&added, "objects[0]: expected entry 'data/a.txt' as the next one listed");
	forge_begin(&base, &removed);
	removed.is_unfitted = true;
	forge_remove(&removed, FILE_PATH);
	assert_found(&removed, "an entry is missing, not listed, listed twice or out of order");
	forge_begin(&base, &twice);
	twice.is_unfitted = true;
	assert_ok(axev__json_append(member(&twice, "objects"),
				    axev__json_copy(forge_row(&twice, FILE_PATH)), &err));
	assert_found(&twice, "listed twice");
}
END_TEST

START_TEST(package_forged__objects_renamed_or_reordered_are_found)
{
	FORGE renamed;
	FORGE reordered;

	forge_begin(&base, &renamed);
	renamed.is_unfitted = true;
	assert_ok(axev__json_set_str(forge_row(&renamed, FILE_PATH), "path", "data/files/000009.bin",
				     &err));
	assert_found(&renamed, "expected entry '" FILE_PATH "' as the next one listed, found "
			       "'data/files/000009.bin'");
	forge_begin(&base, &reordered);
	reordered.is_unfitted = true;
	forge_swap(&reordered, FILE_PATH, "data/facts.json");
	assert_found(&reordered, "out of order");
}
END_TEST

START_TEST(package_forged__what_is_said_of_an_object_s_bytes_is_compared)
{
	FORGE bytes;
	FORGE sha256;

	forge_begin(&base, &bytes);
	bytes.is_unfitted = true;
	assert_ok(axev__json_set_str(forge_row(&bytes, FILE_PATH), "bytes", "8", &err));
	assert_found(&bytes, "entry '" FILE_PATH "': expected 8 bytes, found 9");
	forge_begin(&base, &sha256);
	sha256.is_unfitted = true;
	forge_set(&sha256, FILE_PATH, axev__span_str("Evidence\n"));
	assert_found(&sha256, "entry '" FILE_PATH "': its SHA-256 is not the one listed");
}
END_TEST

/* ---- what else the manifest says ---- */

START_TEST(package_forged__another_kind_than_its_source_is_found)
{
	static const char *const kinds[] = { "web", "mail", "bundle", "attestation" };
	size_t i;

	for (i = 0; i < AXEV__COUNT(kinds); i++) {
		FORGE forge;

		forge_begin(&base, &forge);
		assert_ok(axev__json_set_str(forge.manifest, "kind", kinds[i], &err));
		assert_found(&forge, "[failed] manifest (data/evidence.json)");
	}
}
END_TEST

START_TEST(package_forged__facts_must_give_the_root_in_the_manifest)
{
	AXEV__BUF changed = AXEV__BUF_INIT(AXEV__MIB);
	const char *value;
	FORGE root;
	FORGE facts;
	FORGE count;
	FORGE gone;

	forge_begin(&base, &root);
	assert_ok(axev__json_set_str(member(&root, "facts"), "root",
				     "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff",
				     &err));
	assert_found(&root, "data/facts.json does not give the root in the manifest");
	forge_begin(&base, &facts);
	assert_ok(axev__buf_span(&changed,
				 axev__buf_view(&forge_item(&facts, "data/facts.json")->bytes), &err));
	value = strstr((char *)changed.data, "\"place\":\"");
	ck_assert_ptr_nonnull(value);
	changed.data[(const uint8_t *)value - changed.data + 9] = 'X';
	changed.data[(const uint8_t *)value - changed.data + 10] = 'X';
	changed.data[(const uint8_t *)value - changed.data + 11] = 'X';
	forge_set(&facts, "data/facts.json", axev__buf_view(&changed));
	assert_found(&facts, "data/facts.json does not give the root in the manifest");
	forge_begin(&base, &count);
	assert_ok(axev__json_set_u64(member(&count, "facts"), "records", 1, &err));
	assert_found(&count, "data/facts.json does not give the root in the manifest");
	forge_begin(&base, &gone);
	forge_remove(&gone, "data/facts.json");
	assert_found(&gone, "expected entry data/facts.json, which is missing");
}
END_TEST

/* ---- in a bundle ---- */

static void load_bundle(const axev_id *ids, size_t count, struct axev__buf *ret_bytes)
{
	char path[128];

	snprintf(path, sizeof(path), "%s/b.asice", base.folder);
	assert_ok(axev_export(base.ledger, ids, count, path, NULL, &err));
	axev__buf_clear(ret_bytes);
	assert_ok(axev__read_file(AT_FDCWD, path, ret_bytes, &err));
}

/* The officers themselves, after the ledger has recorded what they signed. */
START_TEST(package_forged__its_own_signers_cannot_replace_what_the_ledger_recorded)
{
	AXEV__BUF bundle = AXEV__BUF_INIT(AXEV__MIB);
	AXEV__BUF package = AXEV__BUF_INIT(AXEV__MIB);
	AXEV__SIGNER *operator_signer = NULL;
	axev__json *missing = axev__json_new_array(), *row = axev__json_new_object();
	FORGE inner;
	FORGE outer;

	assert_ok(axev__ledger_operator(base.ledger, NULL, &operator_signer, &err));
	load_bundle(&base.id, 1, &bundle);
	ck_assert_int_eq(forge_verdict(axev__buf_view(&bundle), base.policy, NULL), AXEV_VERDICT_VALID);
	/* The same evidence, now said to be partial. */
	forge_begin(&base, &inner);
	assert_ok(axev__json_set_str(row, "what", "a file", &err));
	assert_ok(axev__json_set_str(row, "why", "no reason", &err));
	assert_ok(axev__json_append(missing, row, &err));
	assert_ok(axev__json_set(inner.manifest, "complete", missing, &err));
	assert_verdict(&inner, AXEV_VERDICT_VALID, "note: a partial capture");
	forge_finish(&base, &inner, &package);
	forge_begin_bundle(axev__buf_view(&bundle), operator_signer, &outer);
	forge_set(&outer, "data/packages/0001.asice", axev__buf_view(&package));
	assert_found(&outer, "captured: the id is not the package's");
}
END_TEST

static axev_id capture_without_time(const char *text)
{
	char file[128], ca[160];
	const char *paths[] = { file };
	axev_tsa away = AXEV_TSA_INIT;
	axev_file_opts opts = AXEV_FILE_OPTS_INIT;
	axev_seal_opts seal = AXEV_SEAL_OPTS_INIT;
	axev_seal_result result = { .size = sizeof(result) };
	axev_draft *draft = NULL;

	snprintf(file, sizeof(file), "%s/late.txt", base.folder);
	snprintf(ca, sizeof(ca), "%s/L/keys/tsa-cert.pem", base.folder);
	away.url = "http://127.0.0.1:9/";
	away.ca_file = ca;
	away.retries = 0;
	assert_ok(axev__write_file_durable(AT_FDCWD, file, axev__span_str(text), 0644, &err));
	opts.paths = paths;
	opts.path_count = 1;
	opts.common.authorities = seal.authorities = &away;
	opts.common.authority_count = seal.authority_count = 1;
	assert_ok(axev_capture_file(base.ledger, &opts, &draft, &err));
	assert_ok(axev_seal(base.ledger, draft, &seal, &result, &err));
	ck_assert_int_eq(result.is_time_pending, 1);
	axev_draft_free(draft);
	assert_ok(axev_seal_complete(base.ledger, &result.id, NULL, &result, &err));
	return result.id;
}

static void exchange(struct forge *forge, const char *one, const char *other)
{
	struct forge_item *left = forge_item(forge, one), *right = forge_item(forge, other);
	struct axev__buf kept = left->bytes;

	left->bytes = right->bytes;
	right->bytes = kept;
}

START_TEST(package_forged__a_late_token_of_another_package_is_found)
{
	AXEV__BUF bundle = AXEV__BUF_INIT(AXEV__MIB);
	AXEV__SIGNER *operator_signer = NULL;
	axev_id ids[2];
	FORGE token;
	FORGE all;
	FORGE none;

	assert_ok(axev__ledger_operator(base.ledger, NULL, &operator_signer, &err));
	ids[0] = capture_without_time("one\n");
	ids[1] = capture_without_time("another\n");
	load_bundle(ids, 2, &bundle);
	ck_assert_int_eq(forge_verdict(axev__buf_view(&bundle), base.policy, NULL), AXEV_VERDICT_VALID);
	forge_begin_bundle(axev__buf_view(&bundle), operator_signer, &token);
	exchange(&token, "data/proofs/0001/signature001.tst", "data/proofs/0002/signature001.tst");
	assert_found(&token, "the entry is about another token or package");
	forge_begin_bundle(axev__buf_view(&bundle), operator_signer, &all);
	exchange(&all, "data/proofs/0001/signature001.tst", "data/proofs/0002/signature001.tst");
	exchange(&all, "data/proofs/0001/token.entry.json", "data/proofs/0002/token.entry.json");
	exchange(&all, "data/proofs/0001/token.tlog-proof", "data/proofs/0002/token.tlog-proof");
	assert_found(&all, "the entry is about another token or package");
	forge_begin_bundle(axev__buf_view(&bundle), operator_signer, &none);
	forge_remove(&none, "data/proofs/0001/token.entry.json");
	assert_found(&none, "expected entry data/proofs/0001/token.entry.json, which is missing");
}
END_TEST

static int yes(void *payload, const axev_erase_plan *plan)
{
	(void)payload;
	(void)plan;
	return 0;
}

/* A disclosure whose original is erased. */
static axev_id disclosed_and_erased(void)
{
	axev_disclose_opts disclose = AXEV_DISCLOSE_OPTS_INIT;
	axev_erase_opts erase = AXEV_ERASE_OPTS_INIT;
	axev_erase_result erased = { .size = sizeof(erased) };
	axev_seal_result sealed = { .size = sizeof(sealed) };
	const axev_record_range first = { 0, 1 };
	axev_draft *draft = NULL;
	axev_id original;

	sealed_rows(base.ledger, 1, true, &original);
	disclose.ranges = &first;
	disclose.range_count = 1;
	disclose.approver = erase.approver = "x";
	disclose.ground = erase.ground = "y";
	assert_ok(axev_disclose(base.ledger, &original, &disclose, &draft, &err));
	assert_ok(axev_seal(base.ledger, draft, NULL, &sealed, &err));
	axev_draft_free(draft);
	erase.disclosures = &sealed.id;
	erase.disclosure_count = 1;
	erase.confirm = yes;
	assert_ok(axev_erase(base.ledger, &original, &erase, &erased, &err));
	return sealed.id;
}

static void copy_item(struct forge *forge, const char *from, const char *to)
{
	forge_set(forge, to, axev__buf_view(&forge_item(forge, from)->bytes));
}

START_TEST(package_forged__an_erasure_of_another_original_is_found)
{
	AXEV__BUF bundle = AXEV__BUF_INIT(4 * AXEV__MIB);
	AXEV__SIGNER *operator_signer = NULL;
	axev_id ids[3];
	FORGE both;
	FORGE entry;
	FORGE event;
	FORGE no_disclosure;

	assert_ok(axev__ledger_operator(base.ledger, NULL, &operator_signer, &err));
	ids[0] = disclosed_and_erased();
	ids[1] = disclosed_and_erased();
	ids[2] = base.id;
	load_bundle(ids, 3, &bundle);
	ck_assert_int_eq(forge_verdict(axev__buf_view(&bundle), base.policy, NULL), AXEV_VERDICT_VALID);
	forge_begin_bundle(axev__buf_view(&bundle), operator_signer, &both);
	exchange(&both, "data/proofs/0001/erased.entry.json", "data/proofs/0002/erased.entry.json");
	exchange(&both, "data/proofs/0001/erased.tlog-proof", "data/proofs/0002/erased.tlog-proof");
	assert_found(&both, "erased: the entry is about another original");
	forge_begin_bundle(axev__buf_view(&bundle), operator_signer, &entry);
	exchange(&entry, "data/proofs/0001/erased.entry.json", "data/proofs/0002/erased.entry.json");
	assert_found(&entry, "entry that erased the original");
	forge_begin_bundle(axev__buf_view(&bundle), operator_signer, &event);
	copy_item(&event, "data/proofs/0001/sealed.entry.json", "data/proofs/0001/erased.entry.json");
	copy_item(&event, "data/proofs/0001/sealed.tlog-proof", "data/proofs/0001/erased.tlog-proof");
	assert_found(&event, "expected event erased");
	forge_begin_bundle(axev__buf_view(&bundle), operator_signer, &no_disclosure);
	forge_insert(&no_disclosure, no_disclosure.count, "data/proofs/0003/erased.entry.json",
		     axev__buf_view(&forge_item(&no_disclosure, "data/proofs/0001/erased.entry.json")->bytes));
	forge_insert(&no_disclosure, no_disclosure.count, "data/proofs/0003/erased.tlog-proof",
		     axev__buf_view(&forge_item(&no_disclosure, "data/proofs/0001/erased.tlog-proof")->bytes));
	assert_found(&no_disclosure, "erased: the package is no disclosure");
}
END_TEST

static void stamp_by_a_stranger(const uint8_t imprint[32], struct axev__buf *token)
{
	static struct pki_tsa tsa;
	struct pki_token want = { .tsa = &tsa };

	pki_tsa_new(NULL, NULL, &tsa);
	memcpy(want.imprint, imprint, 32);
	pki_token(&want, token);
	pki_tsa_free(&tsa);
}

/* Further witnesses: judged by the policy, and said when they are not relied on; broken ones are found. */
START_TEST(package_forged__a_time_stamp_over_the_bundle_s_checkpoint_is_judged)
{
	AXEV__BUF bundle = AXEV__BUF_INIT(AXEV__MIB);
	AXEV__BUF own = AXEV__BUF_INIT(AXEV__MAX_DER_BYTES);
	AXEV__BUF strange = AXEV__BUF_INIT(AXEV__MAX_DER_BYTES);
	AXEV__BUF broken = AXEV__BUF_INIT(AXEV__MAX_DER_BYTES);
	AXEV__SIGNER *operator_signer = NULL;
	struct axev__buf *note;
	uint8_t imprint[32];
	FORGE trusted;
	FORGE unknown;
	FORGE other;

	assert_ok(axev__ledger_operator(base.ledger, NULL, &operator_signer, &err));
	load_bundle(&base.id, 1, &bundle);
	forge_begin_bundle(axev__buf_view(&bundle), operator_signer, &trusted);
	note = &forge_item(&trusted, "data/ledger/checkpoint")->bytes;
	stamp_checkpoint(note, &own);
	assert_ok(axev__sha256(note->data, note->size, imprint, &err));
	stamp_by_a_stranger(imprint, &strange);
	imprint[0] ^= 1;
	stamp_by_a_stranger(imprint, &broken);
	forge_insert(&trusted, trusted.count, "data/ledger/checkpoint-001.tst", axev__buf_view(&own));
	assert_verdict(&trusted, AXEV_VERDICT_VALID,
		       "[passed] authority of the checkpoint's time-stamp");
	forge_begin_bundle(axev__buf_view(&bundle), operator_signer, &unknown);
	forge_insert(&unknown, unknown.count, "data/ledger/checkpoint-001.tst",
		     axev__buf_view(&strange));
	assert_verdict(&unknown, AXEV_VERDICT_VALID,
		       "whole, but its authority is not in your policy: not relied on");
	forge_begin_bundle(axev__buf_view(&bundle), operator_signer, &other);
	forge_insert(&other, other.count, "data/ledger/checkpoint-001.tst", axev__buf_view(&broken));
	assert_found(&other, "the token covers other bytes");
}
END_TEST

START_TEST(package_forged__the_ledger_must_have_grown_out_of_the_anchor)
{
	AXEV__BUF bundle = AXEV__BUF_INIT(AXEV__MIB);
	AXEV__SIGNER *operator_signer = NULL;
	axev_id ids[2];
	FORGE gone;
	FORGE other;
	FORGE exporters;

	assert_ok(axev__ledger_operator(base.ledger, NULL, &operator_signer, &err));
	ids[0] = capture_without_time("one\n");
	ids[1] = capture_without_time("another\n");
	load_bundle(ids, 2, &bundle);
	forge_begin_bundle(axev__buf_view(&bundle), operator_signer, &gone);
	forge_remove(&gone, "data/proofs/0002/anchor.add-checkpoint");
	assert_found(&gone, "expected entry data/proofs/0002/anchor.add-checkpoint, which is missing");
	forge_begin_bundle(axev__buf_view(&bundle), operator_signer, &other);
	exchange(&other, "data/proofs/0001/anchor.add-checkpoint",
		 "data/proofs/0002/anchor.add-checkpoint");
	assert_found(&other, "expected a proof from size ");
	/* And a bundle has one signature. */
	forge_begin_bundle(axev__buf_view(&bundle), operator_signer, &exporters);
	exporters.signers[exporters.signer_count++] = base.stranger;
	forge_certs(&exporters);
	assert_found(&exporters, "signature 1: expected the role exporter, found signer");
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("package_forged");
	TCase *tcase = tcase_create("package_forged");

	tcase_set_timeout(tcase, 200);
	tcase_add_unchecked_fixture(tcase, begin, end);
	tcase_add_test(tcase, package_forged__the_honest_one_is_valid_and_to_a_stranger_indeterminate);
	tcase_add_test(tcase, package_forged__a_signature_more_or_less_is_found);
	tcase_add_test(tcase, package_forged__other_signers_than_named_are_found);
	tcase_add_test(tcase, package_forged__a_stranger_who_names_himself_is_indeterminate);
	tcase_add_test(tcase, package_forged__one_signer_cannot_stand_for_two);
	tcase_add_test(tcase, package_forged__lies_about_the_expected_signatures_are_found);
	tcase_add_test(tcase, package_forged__a_certificate_more_in_the_manifest_is_found);
	tcase_add_test(tcase, package_forged__a_token_of_another_signature_is_found);
	tcase_add_test(tcase, package_forged__a_signature_from_before_the_capture_is_found);
	tcase_add_test(tcase, package_forged__an_anchor_that_the_manifest_does_not_name_is_found);
	tcase_add_test(tcase, package_forged__lies_about_the_anchor_are_found);
	tcase_add_test(tcase, package_forged__an_anchor_that_is_only_named_proves_nothing);
	tcase_add_test(tcase, package_forged__a_part_in_the_place_of_another_is_found);
	tcase_add_test(tcase, package_forged__a_part_left_out_or_not_listed_is_found);
	tcase_add_test(tcase, package_forged__an_index_that_lies_is_found);
	tcase_add_test(tcase, package_forged__objects_more_or_less_than_listed_are_found);
	tcase_add_test(tcase, package_forged__objects_renamed_or_reordered_are_found);
	tcase_add_test(tcase, package_forged__what_is_said_of_an_object_s_bytes_is_compared);
	tcase_add_test(tcase, package_forged__another_kind_than_its_source_is_found);
	tcase_add_test(tcase, package_forged__facts_must_give_the_root_in_the_manifest);
	tcase_add_test(tcase, package_forged__its_own_signers_cannot_replace_what_the_ledger_recorded);
	tcase_add_test(tcase, package_forged__a_late_token_of_another_package_is_found);
	tcase_add_test(tcase, package_forged__an_erasure_of_another_original_is_found);
	tcase_add_test(tcase, package_forged__a_time_stamp_over_the_bundle_s_checkpoint_is_judged);
	tcase_add_test(tcase, package_forged__the_ledger_must_have_grown_out_of_the_anchor);
	suite_add_tcase(suite, tcase);
	return run_suite(suite);
}
