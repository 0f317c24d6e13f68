/* SPDX-License-Identifier: Apache-2.0 */
/* Record sets: the root of vector R2, and what the reader refuses. */
#include "record_sample.h"

#include "package/record_salts.h"

static void put_kind(const char *kind, const char *value, struct axev__buf *cells)
{
	AXEV__BUF raw = AXEV__BUF_INIT(1000);
	uint8_t bytes[8];
	double real;
	float narrow;
	uint64_t bits;
	size_t length = strlen(value);

	if (strcmp(kind, "null") == 0)
		assert_ok(axev__cell_null(cells, &err));
	else if (strcmp(kind, "integer") == 0)
		assert_ok(axev__cell_integer(strtoll(value, NULL, 10), cells, &err));
	else if (strcmp(kind, "boolean") == 0)
		assert_ok(axev__cell_boolean(value[0] == '1', cells, &err));
	else if (strcmp(kind, "decimal") == 0)
		assert_ok(axev__cell_decimal(axev__span_str(value), cells, &err));
	else if (strcmp(kind, "text") == 0)
		assert_ok(axev__cell_string(axev__span_str(value), cells, &err));
	else if (strcmp(kind, "instant") == 0)
		assert_ok(axev__cell_instant(strtoll(value, NULL, 10), cells, &err));
	else if (strcmp(kind, "calendar") == 0)
		assert_ok(axev__cell_calendar(axev__span_str(value), cells, &err));
	else if (strcmp(kind, "other") == 0)
		assert_ok(axev__cell_other(axev__span_str("point"), axev__span_str(value), cells, &err));
	else {
		assert_ok(axev__buf_reserve(&raw, length / 2 + 1, &err));
		ck_assert(axev__unhex(raw.data, length / 2, axev__span_str(value)));
		raw.size = length / 2;
		if (strcmp(kind, "bytes") == 0)
			assert_ok(axev__cell_bytes(axev__buf_view(&raw), cells, &err));
		else if (strcmp(kind, "raw-text") == 0)
			assert_ok(axev__cell_string(axev__buf_view(&raw), cells, &err));
		else if (strcmp(kind, "real64") == 0) {
			memcpy(bytes, raw.data, 8);
			bits = axev__get_u64be(bytes);
			memcpy(&real, &bits, 8);
			assert_ok(axev__cell_real64(real, cells, &err));
		} else if (strcmp(kind, "real32") == 0) {
			uint32_t half = axev__get_u32be(raw.data);

			memcpy(&narrow, &half, 4);
			assert_ok(axev__cell_real32(narrow, cells, &err));
		} else if (strcmp(kind, "large") == 0) {
			assert_ok(axev__cell_large(AXEV__CELL_BYTES, 1048577, raw.data, cells, &err));
		} else {
			ck_abort_msg("unknown kind %s", kind);
		}
	}
}

START_TEST(record_write__vector_has_the_root_written_down)
{
	AXEV__BUF header = AXEV__BUF_INIT(AXEV__MIB);
	FILE *file = fopen(data_file("r2.csv"), "r");
	struct axev__record_writer *writer;
	char line[2000], hex[65];
	uint8_t root[32];
	SET set = { 0 };
	int fd;

	ck_assert_ptr_nonnull(file);
	assert_ok(axev__read_file(AT_FDCWD, data_file("r2.header.json"), &header, &err));
	writer = begin((char *)header.data, &fd);
	while (fgets(line, sizeof(line), file)) {
		AXEV__BUF cells = AXEV__BUF_INIT(AXEV__MIB);
		char *rest = line, *cell;

		line[strcspn(line, "\r\n")] = '\0';
		while ((cell = strsep(&rest, ",")) != NULL) {
			char *value = strchr(cell, ':');

			ck_assert_ptr_nonnull(value);
			*value++ = '\0';
			put_kind(cell, value, &cells);
		}
		assert_ok(axev__record_writer_add(writer, axev__buf_view(&cells), &err));
	}
	fclose(file);
	finish(writer, fd, (char *)header.data, &set);
	ck_assert_uint_eq(set.totals.large, 1);
	axev__hex(hex, set.totals.root, 32);
	ck_assert_str_eq(hex, VECTOR_R2);
	assert_ok(check_set(&set, axev__buf_view(&set.bytes), axev__buf_view(&set.index), root));
	ck_assert_mem_eq(root, set.totals.root, 32);
}
END_TEST

/* ---- the reader ---- */

START_TEST(record_write__every_changed_byte_is_seen)
{
	SET set = { 0 };
	uint8_t root[32];
	size_t i;

	make_keyed(3, &set);
	for (i = 0; i < set.bytes.size; i++) {
		set.bytes.data[i] ^= 1;
		ck_assert_msg(check_set(&set, axev__buf_view(&set.bytes), axev__buf_view(&set.index), root) < 0,
			      "byte %zu of the records", i);
		set.bytes.data[i] ^= 1;
	}
	for (i = 0; i < set.index.size; i++) {
		set.index.data[i] ^= 1;
		ck_assert_msg(check_set(&set, axev__buf_view(&set.bytes), axev__buf_view(&set.index), root) < 0,
			      "byte %zu of the index", i);
		set.index.data[i] ^= 1;
	}
	assert_ok(check_set(&set, axev__buf_view(&set.bytes), axev__buf_view(&set.index), root));
}
END_TEST

START_TEST(record_write__a_root_is_the_same_as_from_all_leaves_at_once)
{
	static const uint64_t counts[] = { 0, 1, 253, 254, 255, 256, 510, 511, 1000, 3839, 3840, 4096, 20000 };
	size_t i;

	for (i = 0; i < AXEV__COUNT(counts); i++) {
		AXEV__FREE uint8_t(*leaves)[32] = calloc(counts[i] + 2, 32);
		AXEV__BUF field_leaves = AXEV__RECORD_LEAF_INIT;
		AXEV__RECORD_SALTS salts = { 0 };
		SET set = { 0 };
		struct axev__span rest;
		uint8_t root[32];
		uint64_t k;

		make_keyed(counts[i], &set);
		assert_ok(axev__record_salts_init(&salts, secret, 2, &err));
		assert_ok(axev__record_header_leaf(set.header, leaves[0], &err));
		rest = axev__buf_view(&set.bytes);
		for (k = 0; k < counts[i]; k++) {
			size_t size = axev__get_u32be(rest.data);
			uint8_t of_record[2][16];

			assert_ok(axev__record_salts_make(&salts, k, 1, of_record, &err));
			assert_ok(axev__record_leaf((const uint8_t(*)[16])of_record, 2, axev__span(rest.data + 4, size), &field_leaves,
						    leaves[k + 1], &err));
			rest = axev__span(rest.data + 4 + size, rest.size - 4 - size);
		}
		assert_ok(axev__record_count_leaf(counts[i], leaves[counts[i] + 1], &err));
		assert_ok(axev__merkle_root((const uint8_t(*)[32])leaves, counts[i] + 2, root, &err));
		ck_assert_mem_eq(root, set.totals.root, 32);
	}
}
END_TEST

#define LAST (4 + 4 + 13) /* bytes of the last record: its length, 299, a number */

/* In pieces of any size, also smaller than one record. */
START_TEST(record_write__records_are_loaded_whole)
{
	static const size_t sizes[] = { 4, 5, 19, 20, 21, 100, 4096, 1000000 };
	AXEV__BUF piece = AXEV__BUF_INIT(AXEV__GIB);
	struct axev__source source;
	SET set = { 0 };
	uint64_t at, count, all, most;
	size_t i;

	make_keyed(300, &set);
	source = axev__source_memory(axev__buf_view(&set.bytes));
	for (i = 0; i < AXEV__COUNT(sizes); i++)
		for (most = 1; most < 1000; most *= 7) {
			for (at = all = 0; at < source.size; at += piece.size, all += count) {
				assert_ok(axev__records_load(&source, at, sizes[i], most, &piece, &count, &err));
				ck_assert_uint_ge(count, 1);
				ck_assert_uint_le(count, most);
				ck_assert(piece.size <= sizes[i] || count == 1);
				ck_assert_mem_eq(piece.data, set.bytes.data + at, piece.size);
			}
			ck_assert_uint_eq(all, 300);
		}
	for (i = 1; i < LAST; i++) {
		source.size = set.bytes.size - i;
		assert_fails(axev__records_load(&source, set.bytes.size - LAST, 4096, 9, &piece, &count, &err), AXEV_E_FORMAT,
			     "the records end inside of a record");
	}
	source.size = set.bytes.size;
	assert_fails(axev__records_load(&source, 0, 3, 9, &piece, &count, &err), AXEV_E_FORMAT, "the records end inside of a record");
	assert_fails(axev__records_load(&source, source.size, 4096, 9, &piece, &count, &err), AXEV_E_FORMAT,
		     "the records end inside of a record");
}
END_TEST

START_TEST(record_write__what_is_not_a_record_set_is_refused)
{
	SET set = { 0 };
	uint8_t root[32];
	struct axev__span index;

	make_keyed(3, &set);
	index = axev__buf_view(&set.index);
	assert_fails(check_set(&set, axev__span(set.bytes.data, set.bytes.size - 1), index, root), AXEV_E_FORMAT,
		     "the records end inside of a record");
	assert_fails(check_set(&set, axev__span(set.bytes.data, 4 + 3 + 13), index, root), AXEV_E_INVALID,
		     "the index is not the one that the records give");
	assert_fails(check_set(&set, axev__buf_view(&set.bytes), axev__span(index.data, index.size - 1), root),
		     AXEV_E_FORMAT, "index of a record set: not of the form that was agreed on");
	set.bytes.data[4] = 0x0d;
	assert_fails(check_set(&set, axev__buf_view(&set.bytes), index, root), AXEV_E_FORMAT,
		     "record 0: cell 0: a cell of tag 0d is not what row-c14n/2 writes");
	set.bytes.data[4] = 0x01;
	set.bytes.data[3] = 3; /* the first cell alone is a record, and what follows is none */
	assert_fails(check_set(&set, axev__buf_view(&set.bytes), index, root), AXEV_E_FORMAT,
		     "record 0: expected 2 cells, found 1");
	set.bytes.data[0] = 0xff;
	assert_fails(check_set(&set, axev__buf_view(&set.bytes), index, root), AXEV_E_LIMIT,
		     "expected at most 67108864 bytes in a record, found 4278190083");
}
END_TEST

START_TEST(record_write__a_multiset_is_sorted_and_counted)
{
	AXEV__BUF a = AXEV__BUF_INIT(100), b = AXEV__BUF_INIT(100), none = AXEV__BUF_INIT(100);
	struct axev__record_writer *writer;
	SET set = { 0 };
	int fd;

	assert_ok(axev__cell_integer(3, &a, &err));
	assert_ok(axev__cell_string(axev__span_str("a"), &a, &err));
	assert_ok(axev__cell_integer(1, &b, &err));
	assert_ok(axev__cell_string(axev__span_str("b"), &b, &err));
	assert_ok(axev__cell_integer(0, &none, &err));
	assert_ok(axev__cell_string(axev__span_str("c"), &none, &err));
	writer = begin(MULTISET, &fd);
	assert_ok(axev__record_writer_add(writer, axev__buf_view(&a), &err));
	assert_fails(axev__record_writer_add(writer, axev__buf_view(&a), &err), AXEV_E_FORMAT,
		     "record 1: a row does not stand behind the one before in the order of bytes");
	axev__record_writer_free(writer);
	close(fd);
	writer = begin(MULTISET, &fd);
	assert_fails(axev__record_writer_add(writer, axev__buf_view(&none), &err), AXEV_E_FORMAT,
		     "record 0: expected the number of equal rows, from 1, as the first cell");
	axev__record_writer_free(writer);
	close(fd);
	writer = begin(MULTISET, &fd);
	assert_ok(axev__record_writer_add(writer, axev__buf_view(&a), &err));
	assert_ok(axev__record_writer_add(writer, axev__buf_view(&b), &err));
	finish(writer, fd, MULTISET, &set);
	ck_assert_uint_eq(set.totals.records, 2);
	ck_assert_uint_eq(set.totals.rows, 4);
}
END_TEST

START_TEST(record_write__headers_are_strict)
{
	static const struct {
		const char *header, *message;
		int status;
	} cases[] = {
		{ "{}", "header of a record set: member 'format': expected a string, found none", AXEV_E_FORMAT },
		{ "{\"format\":\"ax-records/2\"}", "header of a record set: member 'format': expected ax-records/3",
		  AXEV_E_UNSUPPORTED },
		{ "{\"encoding\":\"row-c14n/1\",\"format\":\"ax-records/3\"}",
		  "header of a record set: member 'encoding': expected row-c14n/2", AXEV_E_UNSUPPORTED },
		{ "{\"encoding\":\"row-c14n/2\",\"fields\":[],\"format\":\"ax-records/3\",\"name\":\"\",\"order\":\"\"}",
		  "header of a record set: expected 1 to 4096 fields, found 0", AXEV_E_LIMIT },
		{ "{\"encoding\":\"row-c14n/2\",\"extra\":1,\"format\":\"ax-records/3\"}",
		  "header of a record set: unknown member 'extra'", AXEV_E_FORMAT },
		{ "{\"encoding\":\"row-c14n/2\",\"format\":\"ax-records/3\",\"multiset\":false,\"name\":\"\",\"order\":\"\"}",
		  "header of a record set: member 'multiset': expected true, or no such member", AXEV_E_FORMAT },
	};
	size_t i;

	for (i = 0; i < AXEV__COUNT(cases); i++) {
		struct axev__record_writer *writer = NULL;

		assert_fails(axev__record_writer_new(-1, axev__span_str(cases[i].header), secret, &writer, &err),
			     cases[i].status, cases[i].message);
	}
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("record_write");
	TCase *tcase = tcase_create("record_write");

	tcase_set_timeout(tcase, 120);
	tcase_add_test(tcase, record_write__vector_has_the_root_written_down);
	tcase_add_test(tcase, record_write__every_changed_byte_is_seen);
	tcase_add_test(tcase, record_write__a_root_is_the_same_as_from_all_leaves_at_once);
	tcase_add_test(tcase, record_write__records_are_loaded_whole);
	tcase_add_test(tcase, record_write__what_is_not_a_record_set_is_refused);
	tcase_add_test(tcase, record_write__a_multiset_is_sorted_and_counted);
	tcase_add_test(tcase, record_write__headers_are_strict);
	suite_add_tcase(suite, tcase);
	return run_suite(suite);
}
