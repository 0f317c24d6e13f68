/* SPDX-License-Identifier: Apache-2.0 */
/* Lies in a package: of its signers, its time-stamps, its anchor, its parts, its objects and the rest of its manifest. */
#include "forged_case.h"

#define FILE_PATH "data/files/000001.bin"

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
	suite_add_tcase(suite, tcase);
	return run_suite(suite);
}
