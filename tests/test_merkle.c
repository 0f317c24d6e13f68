/* SPDX-License-Identifier: Apache-2.0 */
#include "support.h"

#include "crypto/merkle.h"

#define MOST 70

static uint8_t leaves[MOST][32];

/* RFC 6962 2.1, word for word. */
static void naive(size_t start, size_t n, uint8_t out[32])
{
	uint8_t left[32], right[32];
	size_t k = 1;

	if (n == 1) {
		memcpy(out, leaves[start], 32);
		return;
	}
	while (k * 2 < n)
		k *= 2;
	naive(start, k, left);
	naive(start + k, n - k, right);
	ck_assert_int_eq(axev__merkle_node(left, right, out, NULL), AXEV_OK);
}

static int subtree(void *payload, unsigned level, uint64_t index, uint8_t out[32], axev_error *err)
{
	(void)payload;
	(void)err;
	naive((size_t)(index << level), (size_t)1 << level, out);
	return AXEV_OK;
}

static void make_leaves(void)
{
	uint8_t i;

	for (i = 0; i < MOST; i++)
		ck_assert_int_eq(axev__merkle_leaf(axev__span(&i, 1), leaves[i], NULL), AXEV_OK);
}

START_TEST(merkle__roots_and_inclusion_are_those_of_the_definition)
{
	uint8_t root[32], mine[32], hashes[AXEV__MAX_PROOF_HASHES][32];
	size_t n, i, count;

	make_leaves();
	for (n = 1; n <= MOST; n++) {
		naive(0, n, root);
		ck_assert_int_eq(axev__merkle_root((const uint8_t(*)[32])leaves, n, mine, NULL), 0);
		ck_assert_mem_eq(root, mine, 32);
		for (i = 0; i < n; i++) {
			ck_assert_int_eq(axev__merkle_inclusion(i, n, subtree, NULL, hashes, &count, NULL), 0);
			ck_assert_int_eq(axev__merkle_check_inclusion(i, n, leaves[i],
								      (const uint8_t(*)[32])hashes, count,
								      root, NULL), 0);
			mine[0] = root[0] ^ 1;
			ck_assert_int_eq(axev__merkle_check_inclusion(i, n, leaves[i],
								      (const uint8_t(*)[32])hashes, count,
								      mine, NULL), AXEV_E_INVALID);
			mine[0] ^= 1;
		}
	}
}
END_TEST

START_TEST(merkle__consistency_holds_between_all_sizes_and_for_no_other_root)
{
	uint8_t root[32], old[32], hashes[AXEV__MAX_PROOF_HASHES][32];
	size_t n, m, count;

	make_leaves();
	for (n = 1; n <= MOST; n++) {
		naive(0, n, root);
		for (m = 1; m <= n; m++) {
			naive(0, m, old);
			ck_assert_int_eq(axev__merkle_consistency(m, n, subtree, NULL, hashes, &count, NULL), 0);
			ck_assert_int_eq(axev__merkle_check_consistency(m, n, old, root,
									(const uint8_t(*)[32])hashes, count,
									NULL), 0);
			old[31] ^= 1;
			ck_assert_int_eq(axev__merkle_check_consistency(m, n, old, root,
									(const uint8_t(*)[32])hashes, count,
									NULL), AXEV_E_INVALID);
		}
	}
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("merkle");
	TCase *cases = tcase_create("merkle");

	tcase_add_test(cases, merkle__roots_and_inclusion_are_those_of_the_definition);
	tcase_add_test(cases, merkle__consistency_holds_between_all_sizes_and_for_no_other_root);
	suite_add_tcase(suite, cases);
	return run_suite(suite);
}
