/* SPDX-License-Identifier: Apache-2.0 */
#include "support.h"

#include "base/json.h"
#include "base/limits.h"
#include "compare/lines.h"

#define MOST 40

struct text {
	int lines[MOST];
	size_t count;
	char bytes[4 * MOST];
};

static uint32_t state = 1;

static uint32_t chance(uint32_t below)
{
	state = state * 1664525u + 1013904223u;
	return (state >> 16) % below;
}

static void make(struct text *text, size_t count, uint32_t letters)
{
	size_t i;

	text->count = count;
	for (i = 0; i < count; i++) {
		text->lines[i] = (int)chance(letters);
		text->bytes[2 * i] = (char)('a' + text->lines[i]);
		text->bytes[2 * i + 1] = '\n';
	}
}

/* By the textbook, in a table: how many lines two texts have in common, in order. */
static size_t longest_common(const struct text *a, const struct text *b)
{
	size_t table[MOST + 1][MOST + 1] = { { 0 } }, i, j;

	for (i = 1; i <= a->count; i++)
		for (j = 1; j <= b->count; j++) {
			size_t up = table[i - 1][j], left = table[i][j - 1];

			table[i][j] = a->lines[i - 1] == b->lines[j - 1] ? table[i - 1][j - 1] + 1 :
				      up > left				 ? up :
									   left;
		}
	return table[a->count][b->count];
}

/* What is left of @text without the lines that @list names; each must be named with its own words. */
static size_t without(const struct text *text, const axev__json *list, int *left)
{
	bool is_gone[MOST] = { false };
	size_t i, count = 0;

	for (i = 0; i < axev__json_count(list); i++) {
		char expected[2] = { 0 };
		struct axev__span words;
		int64_t number = 0;

		ck_assert(axev__json_as_integer(axev__json_get(axev__json_at(list, i), "line"), &number));
		ck_assert(number >= 1 && number <= (int64_t)text->count);
		ck_assert(!is_gone[number - 1]);
		is_gone[number - 1] = true;
		expected[0] = text->bytes[2 * (number - 1)];
		ck_assert(axev__json_as_string(axev__json_get(axev__json_at(list, i), "text"), &words));
		ck_assert(axev__span_is(words, expected));
	}
	for (i = 0; i < text->count; i++)
		if (!is_gone[i])
			left[count++] = text->lines[i];
	return count;
}

START_TEST(lines__a_script_leaves_what_is_common_and_is_the_shortest)
{
	int round;

	for (round = 0; round < 2000; round++) {
		AXEV__JSON *json = axev__json_new_object();
		axev_error err = AXEV_ERROR_INIT;
		int left_a[MOST], left_b[MOST];
		size_t count_a, count_b;
		struct text a, b;
		bool is_same;

		make(&a, chance(MOST), 1 + chance(6));
		make(&b, chance(MOST), 1 + chance(6));
		assert_ok(axev__lines_compare(axev__span(a.bytes, 2 * a.count), axev__span(b.bytes, 2 * b.count),
					      json, &is_same, &err));
		count_a = without(&a, axev__json_get(json, "removed"), left_a);
		count_b = without(&b, axev__json_get(json, "added"), left_b);
		ck_assert_uint_eq(count_a, count_b);
		ck_assert_mem_eq(left_a, left_b, count_a * sizeof(*left_a));
		ck_assert_uint_eq(count_a, longest_common(&a, &b));
		ck_assert_int_eq(is_same, a.count == b.count && memcmp(a.lines, b.lines, a.count * sizeof(*a.lines)) == 0);
	}
}
END_TEST

static uint64_t number(const axev__json *json, const char *key)
{
	uint64_t value = 0;

	ck_assert_int_eq(axev__json_u64(json, key, &value, NULL), AXEV_OK);
	return value;
}

START_TEST(lines__texts_with_little_in_common_are_heaps_and_counted_whole)
{
	AXEV__JSON *json = axev__json_new_object();
	AXEV__BUF a = AXEV__BUF_INIT(AXEV__MIB);
	AXEV__BUF b = AXEV__BUF_INIT(AXEV__MIB);
	axev_error err = AXEV_ERROR_INIT;
	bool is_same = true, is_in_order = true;
	int i;

	for (i = 0; i < 5000; i++) {
		assert_ok(axev__buf_printf(&a, &err, "left %d\n", i));
		assert_ok(axev__buf_printf(&b, &err, "right %d\n", i));
	}
	assert_ok(axev__buf_str(&a, "common\n", &err));
	assert_ok(axev__buf_str(&b, "common\nmore", &err));
	assert_ok(axev__lines_compare(axev__buf_view(&a), axev__buf_view(&b), json, &is_same, &err));
	ck_assert(!is_same);
	ck_assert(axev__json_as_bool(axev__json_get(json, "in_order"), &is_in_order));
	ck_assert(!is_in_order);
	ck_assert_uint_eq(number(json, "removed_count"), 5000);
	ck_assert_uint_eq(number(json, "added_count"), 5001);
	ck_assert_uint_eq(axev__json_count(axev__json_get(json, "removed")), AXEV__MAX_COMPARED_LINES);
}
END_TEST

START_TEST(lines__another_order_alone_is_a_difference)
{
	AXEV__JSON *json = axev__json_new_object();
	AXEV__BUF a = AXEV__BUF_INIT(AXEV__MIB);
	AXEV__BUF b = AXEV__BUF_INIT(AXEV__MIB);
	axev_error err = AXEV_ERROR_INIT;
	bool is_same = true;
	int i;

	for (i = 0; i < 3000; i++) {
		assert_ok(axev__buf_printf(&a, &err, "%d\n", i));
		assert_ok(axev__buf_printf(&b, &err, "%d\n", 2999 - i));
	}
	assert_ok(axev__lines_compare(axev__buf_view(&a), axev__buf_view(&b), json, &is_same, &err));
	ck_assert_uint_eq(number(json, "removed_count"), 0);
	ck_assert(!is_same);
}
END_TEST

START_TEST(lines__what_would_harm_a_terminal_is_shown_inert)
{
	AXEV__JSON *json = axev__json_new_object();
	axev_error err = AXEV_ERROR_INIT;
	struct axev__span words;
	bool is_same;

	assert_ok(axev__lines_compare(axev__span_str("\x1b[31mred\xff\n"), axev__span_str(""), json, &is_same, &err));
	ck_assert(axev__json_as_string(axev__json_get(axev__json_at(axev__json_get(json, "removed"), 0), "text"), &words));
	ck_assert(axev__span_is(words, "\\u{1B}[31mred\\xFF") || axev__span_is(words, "\\u{1b}[31mred\\xff"));
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("compare_lines");
	TCase *tcase = tcase_create("compare_lines");

	tcase_add_test(tcase, lines__a_script_leaves_what_is_common_and_is_the_shortest);
	tcase_add_test(tcase, lines__texts_with_little_in_common_are_heaps_and_counted_whole);
	tcase_add_test(tcase, lines__another_order_alone_is_a_difference);
	tcase_add_test(tcase, lines__what_would_harm_a_terminal_is_shown_inert);
	suite_add_tcase(suite, tcase);
	return run_suite(suite);
}
