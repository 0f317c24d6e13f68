/* SPDX-License-Identifier: Apache-2.0 */
/* Record sets that are written, checked and proven: vector R2 of doc/FORMAT.md, and rows with a number that could be guessed. */
#ifndef AXEV_TESTS_RECORD_SAMPLE_H
#define AXEV_TESTS_RECORD_SAMPLE_H

#include "support.h"

#include <fcntl.h>
#include <unistd.h>

#include "base/io.h"
#include "base/text.h"
#include "package/record_proof.h"
#include "package/row_c14n.h"

static axev_error err;
static const uint8_t secret[32] = { 4, 5, 6 };

#define KEYED \
	"{\"encoding\":\"row-c14n/2\",\"fields\":[{\"name\":\"id\",\"type\":\"INTEGER\"}," \
	"{\"name\":\"phone\",\"type\":\"TEXT\"}],\"format\":\"ax-records/3\",\"name\":\"t\",\"order\":\"id\"}"
#define MULTISET \
	"{\"encoding\":\"row-c14n/2\",\"fields\":[{\"name\":\"v\",\"type\":\"\"}],\"format\":\"ax-records/3\"," \
	"\"multiset\":true,\"name\":\"m\",\"order\":\"bytes\"}"

struct set {
	struct axev__span header;
	struct axev__buf bytes, index;
	struct axev__record_totals totals;
};
static inline void set_free(struct set *set)
{
	axev__buf_free(&set->bytes);
	axev__buf_free(&set->index);
}
#define SET AXEV__CLEANUP(set_free) struct set

static inline struct axev__record_writer *begin(const char *header, int *ret_fd)
{
	struct axev__record_writer *writer = NULL;
	char name[] = "/tmp/axev-records-XXXXXX";

	*ret_fd = mkstemp(name);
	ck_assert_int_ge(*ret_fd, 0);
	unlink(name);
	assert_ok(axev__record_writer_new(*ret_fd, axev__span_str(header), secret, &writer, &err));
	return writer;
}

static inline void finish(struct axev__record_writer *writer, int fd, const char *header, struct set *ret_set)
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
static inline void make_keyed(uint64_t count, struct set *ret_set)
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

static inline int check_set(const struct set *set, struct axev__span bytes, struct axev__span index, uint8_t root[32])
{
	struct axev__source source = axev__source_memory(bytes);
	struct axev__record_totals totals;
	int status = axev__record_set_check(set->header, &source, index, NULL, &totals, &err);

	if (status >= 0)
		memcpy(root, totals.root, 32);
	return status;
}

/* ---- vector R2, doc/FORMAT.md; tests/interop/records_root.py has the same one ---- */

#define VECTOR_R2 "65e7695a1feeac3ebaab52eeb3b3a7b7422f8aa1e70bb4ceb0933e1c77991691"

static inline const char *data_file(const char *name)
{
	static char path[4096];

	snprintf(path, sizeof(path), "%s/records/%s", getenv("AXEV_TEST_DATA"), name);
	return path;
}

#endif
