/* SPDX-License-Identifier: Apache-2.0 */
/* Record sets: vector R2, what the reader refuses, and proofs. tests/interop/records_root.py has the same vector. */
#include "support.h"

#include <fcntl.h>
#include <math.h>
#include <unistd.h>

#include "base/io.h"
#include "base/text.h"
#include "package/record_proof.h"
#include "package/row_c14n.h"

static axev_error err;
static const uint8_t secret[32] = { 4, 5, 6 };

#define KEYED \
	"{\"encoding\":\"row-c14n/1\",\"fields\":[{\"name\":\"id\",\"type\":\"INTEGER\"}," \
	"{\"name\":\"phone\",\"type\":\"TEXT\"}],\"format\":\"ax-records/2\",\"name\":\"t\",\"order\":\"id\"}"
#define MULTISET \
	"{\"encoding\":\"row-c14n/1\",\"fields\":[{\"name\":\"v\",\"type\":\"\"}],\"format\":\"ax-records/2\"," \
	"\"multiset\":true,\"name\":\"m\",\"order\":\"bytes\"}"

struct set {
	struct axev__span header;
	struct axev__buf bytes, index;
	struct axev__record_totals totals;
};
static void set_free(struct set *set)
{
	axev__buf_free(&set->bytes);
	axev__buf_free(&set->index);
}
#define SET AXEV__CLEANUP(set_free) struct set

static struct axev__record_writer *begin(const char *header, int *ret_fd)
{
	struct axev__record_writer *writer = NULL;
	char name[] = "/tmp/axev-records-XXXXXX";

	*ret_fd = mkstemp(name);
	ck_assert_int_ge(*ret_fd, 0);
	unlink(name);
	assert_ok(axev__record_writer_new(*ret_fd, axev__span_str(header), secret, &writer, &err));
	return writer;
}

static void finish(struct axev__record_writer *writer, int fd, const char *header, struct set *ret_set)
{
	uint64_t size;

	*ret_set = (struct set){ axev__span_str(header), AXEV__BUF_INIT(AXEV__GIB), AXEV__BUF_INIT(AXEV__GIB), { { 0 } } };
	assert_ok(axev__record_writer_finish(writer, &ret_set->index, &ret_set->totals, &err));
	axev__record_writer_free(writer);
	assert_ok(axev__file_size(fd, &size, &err));
	assert_ok(axev__buf_reserve(&ret_set->bytes, size, &err));
	assert_ok(axev__pread_full(fd, ret_set->bytes.data, size, 0, &err));
	ret_set->bytes.size = size;
	ck_assert_uint_eq(size, ret_set->totals.bytes);
	close(fd);
}

/* id, and a telephone number that could be guessed. */
static void make_keyed(uint64_t count, struct set *ret_set)
{
	int fd;
	struct axev__record_writer *writer = begin(KEYED, &fd);
	uint64_t i;

	for (i = 0; i < count; i++) {
		AXEV__BUF cells = AXEV__BUF_INIT(1000);
		char phone[24];

		snprintf(phone, sizeof(phone), "1380000%04u", (unsigned)(i * 7919 % 10000));
		assert_ok(axev__cell_integer((int64_t)i, &cells, &err));
		assert_ok(axev__cell_string(axev__span_str(phone), &cells, &err));
		assert_ok(axev__record_writer_add(writer, axev__buf_view(&cells), &err));
	}
	finish(writer, fd, KEYED, ret_set);
}

static int check_set(const struct set *set, struct axev__span bytes, struct axev__span index, uint8_t root[32])
{
	struct axev__source source = axev__source_memory(bytes);
	struct axev__record_totals totals;
	int status = axev__record_set_check(set->header, &source, index, NULL, &totals, &err);

	if (status >= 0)
		memcpy(root, totals.root, 32);
	return status;
}

/* ---- vector R2, doc/FORMAT.md ---- */

#define VECTOR_R2 "86f810ad0d2176cd10b67bad2934efc329cdacdd75f952ee65ddba9db6761233"

struct seen {
	unsigned cells;
	uint64_t last_record;
	uint32_t last_field;
};

static int see(void *payload, const struct axev__proven *proven, axev_error *error)
{
	struct seen *seen = payload;

	(void)error;
	if (proven->is_withheld)
		return AXEV_OK;
	seen->cells++;
	seen->last_record = proven->record;
	seen->last_field = proven->field;
	return AXEV_OK;
}


static const char *data_file(const char *name)
{
	static char path[4096];

	snprintf(path, sizeof(path), "%s/records/%s", getenv("AXEV_TEST_DATA"), name);
	return path;
}

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

/* Made by another program from FORMAT.md. */
START_TEST(record_write__proof_of_the_vector_holds)
{
	AXEV__BUF proof = AXEV__BUF_INIT(AXEV__MIB);
	struct seen seen = { 0 };
	uint8_t root[32];

	assert_ok(axev__read_file(AT_FDCWD, data_file("r2.proof.json"), &proof, &err));
	ck_assert(axev__unhex(root, 32, axev__span_str(VECTOR_R2)));
	assert_ok(axev__record_proof_check(axev__buf_view(&proof), root, see, &seen, &err));
	ck_assert_uint_eq(seen.cells, 4);
	ck_assert_uint_eq(seen.last_record, 2);
	ck_assert_uint_eq(seen.last_field, 1);
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
		struct axev__record_keys keys;
		SET set = { 0 };
		struct axev__span rest;
		uint8_t root[32];
		uint64_t k;

		make_keyed(counts[i], &set);
		axev__record_keys_init(&keys, secret);
		assert_ok(axev__record_header_leaf(set.header, leaves[0], &err));
		rest = axev__buf_view(&set.bytes);
		for (k = 0; k < counts[i]; k++) {
			size_t size = axev__get_u32be(rest.data);
			const uint8_t *key;

			assert_ok(axev__record_keys_at(&keys, k, &key, &err));
			assert_ok(axev__record_leaf(key, axev__span(rest.data + 4, size), &field_leaves, leaves[k + 1], NULL, &err));
			rest = axev__span(rest.data + 4 + size, rest.size - 4 - size);
		}
		assert_ok(axev__record_count_leaf(counts[i], leaves[counts[i] + 1], &err));
		assert_ok(axev__merkle_root((const uint8_t(*)[32])leaves, counts[i] + 2, root, &err));
		ck_assert_mem_eq(root, set.totals.root, 32);
	}
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
	assert_fails(check_set(&set, axev__span(set.bytes.data, 4 + 13 + 16), index, root), AXEV_E_INVALID,
		     "the index is not the one that the records give");
	assert_fails(check_set(&set, axev__buf_view(&set.bytes), axev__span(index.data, index.size - 1), root),
		     AXEV_E_FORMAT, "index of a record set: not of the form that was agreed on");
	set.bytes.data[4] = 0x0d;
	assert_fails(check_set(&set, axev__buf_view(&set.bytes), index, root), AXEV_E_FORMAT,
		     "record 0: cell 0: a cell of tag 0d is not what row-c14n/1 writes");
	set.bytes.data[4] = 0x01;
	set.bytes.data[3] = 13; /* the first cell alone is a record, and what follows is none */
	assert_fails(check_set(&set, axev__buf_view(&set.bytes), index, root), AXEV_E_FORMAT,
		     "record 0: expected 2 cells, found 1");
	set.bytes.data[0] = 0xff;
	assert_fails(check_set(&set, axev__buf_view(&set.bytes), index, root), AXEV_E_LIMIT,
		     "expected at most 67108864 bytes in a record, found 4278190093");
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
		{ "{\"format\":\"ax-records/1\"}", "header of a record set: member 'format': expected ax-records/2",
		  AXEV_E_UNSUPPORTED },
		{ "{\"encoding\":\"row-c14n/2\",\"format\":\"ax-records/2\"}",
		  "header of a record set: member 'encoding': expected row-c14n/1", AXEV_E_UNSUPPORTED },
		{ "{\"encoding\":\"row-c14n/1\",\"fields\":[],\"format\":\"ax-records/2\",\"name\":\"\",\"order\":\"\"}",
		  "header of a record set: expected 1 to 4096 fields, found 0", AXEV_E_LIMIT },
		{ "{\"encoding\":\"row-c14n/1\",\"extra\":1,\"format\":\"ax-records/2\"}",
		  "header of a record set: unknown member 'extra'", AXEV_E_FORMAT },
		{ "{\"encoding\":\"row-c14n/1\",\"format\":\"ax-records/2\",\"multiset\":false,\"name\":\"\",\"order\":\"\"}",
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

/* ---- cells ---- */

START_TEST(record_write__cells_have_one_form)
{
	static const struct {
		const char *hex;
		int status;
	} cases[] = {
		{ "00", AXEV_OK }, { "01000000080000000000000001", AXEV_OK }, { "010000000101", AXEV_E_FORMAT },
		{ "020000000101", AXEV_OK }, { "020000000102", AXEV_E_FORMAT },
		{ "0300000004312e3130", AXEV_OK },             /* 1.10 */
		{ "030000000330312e", AXEV_E_FORMAT },         /* 01. */
		{ "03000000022d30", AXEV_E_FORMAT },           /* -0 */
		{ "0300000003316534", AXEV_E_FORMAT },         /* 1e4 */
		{ "03000000034e614e", AXEV_OK },               /* NaN */
		{ "04000000087ff8000000000000", AXEV_OK },     /* the NaN */
		{ "04000000087ff8000000000001", AXEV_E_FORMAT },
		{ "04000000088000000000000000", AXEV_OK },     /* -0 */
		{ "04000000047fc00000", AXEV_OK }, { "0400000004ffc00000", AXEV_E_FORMAT },
		{ "0500000001ff", AXEV_E_FORMAT }, { "0700000001ff", AXEV_OK }, { "0600000000", AXEV_OK },
		{ "0900000009303034342d30332d31", AXEV_OK },  { "09000000056c61746572", AXEV_E_FORMAT },
		{ "0a00000000", AXEV_E_FORMAT }, { "0f00000000", AXEV_E_FORMAT }, { "0f000000020170", AXEV_OK },
		{ "05", AXEV_E_FORMAT }, { "0500000002ff", AXEV_E_FORMAT }, { "", AXEV_E_FORMAT },
	};
	uint8_t bytes[64];
	size_t i;

	for (i = 0; i < AXEV__COUNT(cases); i++) {
		size_t size = strlen(cases[i].hex) / 2;
		struct axev__span rest = axev__span(bytes, size);
		struct axev__cell cell;

		ck_assert(axev__unhex(bytes, size, axev__span_str(cases[i].hex)));
		ck_assert_msg(axev__cell_next(&rest, &cell, NULL) == cases[i].status, "%s", cases[i].hex);
	}
}
END_TEST

START_TEST(record_write__numbers_keep_their_bits)
{
	AXEV__BUF cells = AXEV__BUF_INIT(1000);
	struct axev__span rest;
	struct axev__cell cell;

	assert_ok(axev__cell_real64(-0.0, &cells, &err));
	assert_ok(axev__cell_real64(-(double)NAN, &cells, &err));
	assert_ok(axev__cell_integer(INT64_MIN, &cells, &err));
	assert_ok(axev__cell_real32(0.1f, &cells, &err));
	rest = axev__buf_view(&cells);
	assert_ok(axev__cell_next(&rest, &cell, &err));
	ck_assert(signbit(axev__cell_as_real(&cell)));
	assert_ok(axev__cell_next(&rest, &cell, &err));
	ck_assert_mem_eq(cell.content.data, "\x7f\xf8\0\0\0\0\0\0", 8);
	assert_ok(axev__cell_next(&rest, &cell, &err));
	ck_assert_int_eq(axev__cell_as_integer(&cell), INT64_MIN);
	assert_ok(axev__cell_next(&rest, &cell, &err));
	ck_assert(axev__cell_as_real(&cell) == (double)0.1f);
}
END_TEST

START_TEST(record_write__what_cannot_be_a_cell_is_refused)
{
	AXEV__BUF out = AXEV__BUF_INIT(AXEV__GIB);
	AXEV__FREE char *large = calloc(1, AXEV__MAX_INLINE_CELL + 1);
	uint8_t digest[32] = { 0 };

	assert_fails(axev__cell_bytes(axev__span(large, AXEV__MAX_INLINE_CELL + 1), &out, &err), AXEV_E_LIMIT,
		     "expected at most 1048576 bytes in a cell, found 1048577");
	assert_fails(axev__cell_large(AXEV__CELL_BYTES, AXEV__MAX_INLINE_CELL, digest, &out, &err), AXEV_E_INVAL,
		     "expected text or bytes of more than 1048576 bytes");
	assert_fails(axev__cell_decimal(axev__span_str("1e5"), &out, &err), AXEV_E_FORMAT,
		     "expected a decimal number, found '1e5'");
	assert_fails(axev__cell_calendar(axev__span_str("tomorrow"), &out, &err), AXEV_E_FORMAT,
		     "expected a date or a time, found 'tomorrow'");
	assert_fails(axev__cell_other(axev__span_str(""), axev__span_str("x"), &out, &err), AXEV_E_INVAL,
		     "expected the name of a type of 1 to 255 bytes");
}
END_TEST

/* ---- keys and proofs ---- */

START_TEST(record_write__keys_are_the_same_in_any_order)
{
	static const uint64_t order[] = { 0, 1, 2, 3, 1000000, 999999, 0, (UINT64_C(1) << 40) - 1, 5, 5 };
	struct axev__record_keys walked, fresh;
	const uint8_t *a, *b;
	size_t i;

	axev__record_keys_init(&walked, secret);
	for (i = 0; i < AXEV__COUNT(order); i++) {
		axev__record_keys_init(&fresh, secret);
		assert_ok(axev__record_keys_at(&walked, order[i], &a, &err));
		assert_ok(axev__record_keys_at(&fresh, order[i], &b, &err));
		ck_assert_mem_eq(a, b, 32);
	}
	assert_fails(axev__record_keys_at(&walked, UINT64_C(1) << 40, &a, &err), AXEV_E_LIMIT,
		     "expected fewer than 2^40 records");
}
END_TEST

static void prove(const struct set *set, const struct axev__record_choice *choice, struct axev__buf *out)
{
	struct axev__source source = axev__source_memory(axev__buf_view(&set->bytes));

	assert_ok(axev__record_proof_make(set->header, &source, axev__buf_view(&set->index), choice,
					  set->totals.root, out, &err));
}

START_TEST(record_write__records_fields_and_ranges_are_proven)
{
	static const uint64_t counts[] = { 1, 2, 255, 256, 700 };
	static const uint32_t first_field[] = { 0 };
	size_t i;

	for (i = 0; i < AXEV__COUNT(counts); i++) {
		SET set = { 0 };
		uint64_t k, step = counts[i] > 10 ? 37 : 1;

		make_keyed(counts[i], &set);
		for (k = 0; k < counts[i]; k += step) {
			struct axev__record_choice whole = { k, counts[i] - k, NULL, 0 };
			struct axev__record_choice one = { k, 1, first_field, 1 };
			AXEV__BUF proof = AXEV__BUF_INIT(AXEV__MAX_RECORD_PROOF_BYTES);
			struct seen seen = { 0 };

			prove(&set, &whole, &proof);
			assert_ok(axev__record_proof_check(axev__buf_view(&proof), set.totals.root, see, &seen, &err));
			ck_assert_uint_eq(seen.cells, 2 * (counts[i] - k));
			ck_assert_uint_eq(seen.last_record, counts[i] - 1);
			axev__buf_clear(&proof);
			seen.cells = 0;
			prove(&set, &one, &proof);
			assert_ok(axev__record_proof_check(axev__buf_view(&proof), set.totals.root, see, &seen, &err));
			ck_assert_uint_eq(seen.cells, 1);
			ck_assert_uint_eq(seen.last_field, 0);
			ck_assert_ptr_null(strstr((char *)proof.data, "MTM4")); /* base64 of what is hidden */
		}
	}
}
END_TEST

START_TEST(record_write__no_changed_proof_holds)
{
	static const uint32_t first_field[] = { 0 };
	struct axev__record_choice choice = { 3, 2, first_field, 1 };
	AXEV__BUF proof = AXEV__BUF_INIT(AXEV__MAX_RECORD_PROOF_BYTES);
	SET set = { 0 };
	size_t i;

	make_keyed(9, &set);
	prove(&set, &choice, &proof);
	for (i = 0; i < proof.size; i++) {
		proof.data[i] ^= 1;
		ck_assert_msg(axev__record_proof_check(axev__buf_view(&proof), set.totals.root, NULL, NULL, NULL) < 0,
			      "byte %zu", i);
		proof.data[i] ^= 1;
	}
	set.totals.root[0] ^= 1;
	assert_fails(axev__record_proof_check(axev__buf_view(&proof), set.totals.root, NULL, NULL, &err),
		     AXEV_E_INVALID, "proof: the proof does not lead to the root of the record set");
}
END_TEST

START_TEST(record_write__a_salt_stands_with_one_cell_that_is_shown)
{
	struct axev__record_choice choice = { 3, 2, NULL, 0 };
	AXEV__BUF proof = AXEV__BUF_INIT(AXEV__MAX_RECORD_PROOF_BYTES), changed = AXEV__BUF_INIT(AXEV__MAX_RECORD_PROOF_BYTES);
	AXEV__JSON *json = NULL;
	axev__json *field, *other;
	SET set = { 0 };

	make_keyed(9, &set);
	prove(&set, &choice, &proof);
	assert_ok(axev__json_parse(axev__buf_view(&proof), &json, &err));
	field = axev__json_at(axev__json_at(axev__json_get(json, "proven"), 0), 0);
	other = axev__json_at(axev__json_at(axev__json_get(json, "proven"), 1), 1);
	assert_ok(axev__json_set(field, "salt", axev__json_copy(axev__json_get(other, "salt")), &err));
	assert_ok(axev__json_canonical(json, &changed, &err));
	assert_fails(axev__record_proof_check(axev__buf_view(&changed), set.totals.root, NULL, NULL, &err),
		     AXEV_E_INVALID, "proof: one salt serves two cells");
	axev__buf_clear(&changed);
	assert_ok(axev__json_set_hex(field, "leaf", set.totals.root, 32, &err));
	assert_ok(axev__json_canonical(json, &changed, &err));
	assert_fails(axev__record_proof_check(axev__buf_view(&changed), set.totals.root, NULL, NULL, &err),
		     AXEV_E_INVALID, "proof: record 3: cell 0: a salt stands with a cell that is withheld");
}
END_TEST

/* Another place, another number of records, records exchanged: each with all hashes as they were. */
START_TEST(record_write__a_record_cannot_be_moved)
{
	static const struct {
		const char *member, *value;
	} changes[] = { { "first", "4" }, { "records", "10" }, { "records", "8" } };
	struct axev__record_choice choice = { 3, 2, NULL, 0 };
	AXEV__BUF proof = AXEV__BUF_INIT(AXEV__MAX_RECORD_PROOF_BYTES);
	SET set = { 0 };
	size_t i;

	make_keyed(9, &set);
	prove(&set, &choice, &proof);
	for (i = 0; i <= AXEV__COUNT(changes); i++) {
		AXEV__BUF changed = AXEV__BUF_INIT(AXEV__MAX_RECORD_PROOF_BYTES);
		AXEV__JSON *json = NULL, *swapped = axev__json_new_array();
		axev__json *proven;

		assert_ok(axev__json_parse(axev__buf_view(&proof), &json, &err));
		proven = axev__json_get(json, "proven");
		if (i < AXEV__COUNT(changes)) {
			assert_ok(axev__json_set_str(json, changes[i].member, changes[i].value, &err));
		} else {
			assert_ok(axev__json_append(swapped, axev__json_copy(axev__json_at(proven, 1)), &err));
			assert_ok(axev__json_append(swapped, axev__json_copy(axev__json_at(proven, 0)), &err));
			assert_ok(axev__json_set(json, "proven", axev__steal(swapped), &err));
		}
		assert_ok(axev__json_canonical(json, &changed, &err));
		ck_assert_int_lt(axev__record_proof_check(axev__buf_view(&changed), set.totals.root, NULL, NULL, NULL),
				 0);
	}
}
END_TEST

START_TEST(record_write__a_damaged_set_gives_no_proof)
{
	struct axev__record_choice choice = { 1, 1, NULL, 0 }, beyond = { 5, 1, NULL, 0 };
	AXEV__BUF proof = AXEV__BUF_INIT(AXEV__MAX_RECORD_PROOF_BYTES);
	SET set = { 0 };
	struct axev__source source;

	make_keyed(5, &set);
	source = axev__source_memory(axev__buf_view(&set.bytes));
	assert_fails(axev__record_proof_make(set.header, &source, axev__buf_view(&set.index), &beyond,
					     set.totals.root, &proof, &err),
		     AXEV_E_INVAL, "expected 1 to 10000 records of the 5 there are");
	set.bytes.data[set.bytes.size - 1] ^= 1;
	assert_fails(axev__record_proof_make(set.header, &source, axev__buf_view(&set.index), &choice,
					     set.totals.root, &proof, &err),
		     AXEV_E_INVALID, "proof: the proof does not lead to the root of the record set");
}
END_TEST

/* Whoever has leaf and field index of a hidden number tries them all: without the salt none fits. */
START_TEST(record_write__a_hidden_number_cannot_be_tried_out)
{
	static const uint32_t first_field[] = { 0 };
	struct axev__record_choice choice = { 0, 1, first_field, 1 };
	AXEV__BUF proof = AXEV__BUF_INIT(AXEV__MAX_RECORD_PROOF_BYTES);
	AXEV__JSON *json = NULL;
	const axev__json *record;
	uint8_t shown_salt[16], hidden[32], leaf[32];
	SET set = { 0 };
	unsigned i;

	make_keyed(2, &set);
	prove(&set, &choice, &proof);
	assert_ok(axev__json_parse(axev__buf_view(&proof), &json, &err));
	record = axev__json_at(axev__json_get(json, "proven"), 0);
	assert_ok(axev__json_hex(axev__json_at(record, 0), "salt", shown_salt, 16, &err));
	assert_ok(axev__json_hex(axev__json_at(record, 1), "leaf", hidden, 32, &err));
	for (i = 0; i < 10000; i++) {
		AXEV__BUF cell = AXEV__BUF_INIT(100);
		uint8_t none[16] = { 0 };
		char phone[24];

		snprintf(phone, sizeof(phone), "1380000%04u", i);
		assert_ok(axev__cell_string(axev__span_str(phone), &cell, &err));
		assert_ok(axev__record_field_leaf(none, 1, axev__buf_view(&cell), leaf, &err));
		ck_assert(memcmp(leaf, hidden, 32) != 0);
		assert_ok(axev__record_field_leaf(shown_salt, 1, axev__buf_view(&cell), leaf, &err));
		ck_assert(memcmp(leaf, hidden, 32) != 0);
	}
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("record_write");
	TCase *tcase = tcase_create("record_write");

	tcase_set_timeout(tcase, 120);
	tcase_add_test(tcase, record_write__vector_has_the_root_written_down);
	tcase_add_test(tcase, record_write__proof_of_the_vector_holds);
	tcase_add_test(tcase, record_write__every_changed_byte_is_seen);
	tcase_add_test(tcase, record_write__a_root_is_the_same_as_from_all_leaves_at_once);
	tcase_add_test(tcase, record_write__what_is_not_a_record_set_is_refused);
	tcase_add_test(tcase, record_write__a_multiset_is_sorted_and_counted);
	tcase_add_test(tcase, record_write__headers_are_strict);
	tcase_add_test(tcase, record_write__cells_have_one_form);
	tcase_add_test(tcase, record_write__numbers_keep_their_bits);
	tcase_add_test(tcase, record_write__what_cannot_be_a_cell_is_refused);
	tcase_add_test(tcase, record_write__keys_are_the_same_in_any_order);
	tcase_add_test(tcase, record_write__records_fields_and_ranges_are_proven);
	tcase_add_test(tcase, record_write__no_changed_proof_holds);
	tcase_add_test(tcase, record_write__a_salt_stands_with_one_cell_that_is_shown);
	tcase_add_test(tcase, record_write__a_record_cannot_be_moved);
	tcase_add_test(tcase, record_write__a_damaged_set_gives_no_proof);
	tcase_add_test(tcase, record_write__a_hidden_number_cannot_be_tried_out);
	suite_add_tcase(suite, tcase);
	return run_suite(suite);
}
