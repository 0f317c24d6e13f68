/* SPDX-License-Identifier: Apache-2.0 */
#include "support.h"

#include "base/text.h"
#include "crypto/merkle.h"
#include "proof/add_checkpoint.h"

static axev_error err;
static uint8_t leaves[3][32], root_of_2[32], root_of_3[32];
static struct axev__buf bytes = AXEV__BUF_INIT(AXEV__MAX_NOTE_BYTES);

static struct axev__span checkpoint_text(const char *origin, uint64_t size, const uint8_t root[32])
{
	static struct axev__buf out = AXEV__BUF_INIT(AXEV__MAX_NOTE_BYTES);

	axev__buf_clear(&out);
	assert_ok(axev__checkpoint_text(origin, size, root, &out, &err));
	/* A signature line is part of the form; whose it is does not matter here. */
	assert_ok(axev__buf_printf(&out, &err, "\n\xE2\x80\x94 %s ", origin));
	assert_ok(axev__base64(&out, axev__span(leaves, 68), &err));
	assert_ok(axev__buf_byte(&out, '\n', &err));
	return axev__buf_view(&out);
}

/* Two entries, then three: the proof is the hash of the third. */
static void make_tree(void)
{
	assert_ok(axev__merkle_leaf(axev__span_str("one"), leaves[0], &err));
	assert_ok(axev__merkle_leaf(axev__span_str("two"), leaves[1], &err));
	assert_ok(axev__merkle_leaf(axev__span_str("three"), leaves[2], &err));
	assert_ok(axev__merkle_node(leaves[0], leaves[1], root_of_2, &err));
	assert_ok(axev__merkle_node(root_of_2, leaves[2], root_of_3, &err));
	axev__buf_clear(&bytes);
	assert_ok(axev__add_checkpoint_text(2, (const uint8_t(*)[32])leaves + 2, 1,
					    checkpoint_text("log.example", 3, root_of_3), &bytes, &err));
}

static struct axev__checkpoint old_checkpoint(void)
{
	struct axev__checkpoint old = { axev__span_str("log.example"), 2, { 0 } };

	memcpy(old.root, root_of_2, 32);
	return old;
}

START_TEST(add_checkpoint__what_is_written_is_read_and_holds)
{
	AXEV__BUF again = AXEV__BUF_INIT(AXEV__MAX_NOTE_BYTES);
	struct axev__add_checkpoint proof;
	struct axev__checkpoint old;

	make_tree();
	old = old_checkpoint();
	assert_ok(axev__add_checkpoint_parse(axev__buf_view(&bytes), &proof, &err));
	ck_assert_uint_eq(proof.old_size, 2);
	ck_assert_uint_eq(proof.hash_count, 1);
	assert_ok(axev__add_checkpoint_check(&proof, &old, &err));
	assert_ok(axev__add_checkpoint_text(proof.old_size, (const uint8_t(*)[32])proof.hashes,
					    proof.hash_count, proof.checkpoint, &again, &err));
	ck_assert(axev__span_equal(axev__buf_view(&again), axev__buf_view(&bytes)));
}
END_TEST

START_TEST(add_checkpoint__another_history_is_refused)
{
	struct axev__add_checkpoint proof;
	struct axev__checkpoint old;

	make_tree();
	assert_ok(axev__add_checkpoint_parse(axev__buf_view(&bytes), &proof, &err));
	old = old_checkpoint();
	old.root[0] ^= 1;
	assert_fails(axev__add_checkpoint_check(&proof, &old, &err), AXEV_E_INVALID,
		     "consistency proof does not lead to the root");
	old = old_checkpoint();
	old.size = 1;
	assert_fails(axev__add_checkpoint_check(&proof, &old, &err), AXEV_E_INVALID,
		     "expected a proof from size 1, found one from 2");
	old = old_checkpoint();
	old.origin = axev__span_str("another.example");
	assert_fails(axev__add_checkpoint_check(&proof, &old, &err), AXEV_E_INVALID,
		     "the checkpoints are of two ledgers");
	old = old_checkpoint();
	proof.hashes[0][0] ^= 1;
	assert_fails(axev__add_checkpoint_check(&proof, &old, &err), AXEV_E_INVALID,
		     "consistency proof does not lead to the root");
}
END_TEST

START_TEST(add_checkpoint__malformed_text_is_refused)
{
	static const struct {
		const char *text, *said;
	} cases[] = {
		{ "", "expected the old size" },
		{ "old 2", "expected the old size" },
		{ "old 02\n\nx", "expected the old size" },
		{ "old -1\n\nx", "expected the old size" },
		{ "Old 2\n\nx", "expected the old size" },
		{ "old 99999999999999999999\n\nx", "expected the old size" },
		{ "old 2\n", "ends before the checkpoint" },
		{ "old 2\nAAAA\n\nx", "expected a hash of 32 bytes in base64" },
		{ "old 2\nAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAB=\n\nx",
		  "expected a hash of 32 bytes in base64" },
		{ "old 2\n\n", "the checkpoint is missing" },
	};
	struct axev__add_checkpoint proof;
	size_t i;

	for (i = 0; i < AXEV__COUNT(cases); i++) {
		char expected[128];

		snprintf(expected, sizeof(expected), "consistency proof: %s", cases[i].said);
		assert_fails(axev__add_checkpoint_parse(axev__span_str(cases[i].text), &proof, &err),
			     AXEV_E_FORMAT, expected);
	}
}
END_TEST

START_TEST(add_checkpoint__more_than_63_hashes_are_refused)
{
	static const uint8_t hashes[64][32];
	AXEV__BUF text = AXEV__BUF_INIT(AXEV__MAX_NOTE_BYTES);
	struct axev__add_checkpoint proof;

	assert_ok(axev__add_checkpoint_text(1, hashes, 63, axev__span_str("x\n"), &text, &err));
	assert_ok(axev__add_checkpoint_parse(axev__buf_view(&text), &proof, &err));
	axev__buf_clear(&text);
	assert_ok(axev__add_checkpoint_text(1, hashes, 64, axev__span_str("x\n"), &text, &err));
	assert_fails(axev__add_checkpoint_parse(axev__buf_view(&text), &proof, &err), AXEV_E_FORMAT,
		     "consistency proof: more than 63 hashes");
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("add_checkpoint");
	TCase *tcase = tcase_create("add_checkpoint");

	tcase_add_test(tcase, add_checkpoint__what_is_written_is_read_and_holds);
	tcase_add_test(tcase, add_checkpoint__another_history_is_refused);
	tcase_add_test(tcase, add_checkpoint__malformed_text_is_refused);
	tcase_add_test(tcase, add_checkpoint__more_than_63_hashes_are_refused);
	suite_add_tcase(suite, tcase);
	return run_suite(suite);
}
