/* SPDX-License-Identifier: Apache-2.0 */
#include "capture/db/mariadb_slices.h"

#include <inttypes.h>
#include <string.h>

#include "base/text.h"

#define MAX_SLICES 4096 /* of one value: each is a line of a statement */

/* ---- what it is made of: bytes, or characters where these have to be converted ---- */

struct slices {
	uint64_t bytes; /* of all, as they come */
	uint64_t units; /* in each but the last one */
	uint64_t count;
};

static bool is_converted(struct axev__span kind)
{
	return axev__span_is(kind, "converted");
}

/* "bytes units" */
int axev__mariadb_slices_length(struct axev__span column, struct axev__span kind, struct axev__buf *out, axev_error *err)
{
	const char *name = (const char *)column.data;
	int size = (int)column.size;

	if (!is_converted(kind))
		return axev__buf_printf(out, err, "CONCAT(OCTET_LENGTH(%.*s),' ',OCTET_LENGTH(%.*s))", size, name, size, name);
	return axev__buf_printf(out, err, "CONCAT(OCTET_LENGTH(CONVERT(%.*s USING utf8mb4)),' ',CHAR_LENGTH(%.*s))", size, name, size,
				name);
}

static int plan(const struct axev__mariadb_value *value, const char *lengths, struct slices *ret_slices, axev_error *err)
{
	const char *blank = strchr(lengths, ' ');
	uint64_t units;

	/* A character becomes up to four bytes. */
	ret_slices->units = is_converted(value->kind) ? value->slice_bytes / 4 : value->slice_bytes;
	if (!blank || ret_slices->units == 0 ||
	    !axev__parse_u64(axev__span(lengths, (size_t)(blank - lengths)), 4 * (uint64_t)UINT32_MAX, &ret_slices->bytes) ||
	    !axev__parse_u64(axev__span_str(blank + 1), UINT32_MAX, &units))
		return axev__fail(err, AXEV_E_PEER, "MariaDB: the length of a value cannot be read");
	ret_slices->count = (units + ret_slices->units - 1) / ret_slices->units;
	if (ret_slices->count > MAX_SLICES)
		return axev__fail(err, AXEV_E_LIMIT, "expected at most %d slices of a value, found %" PRIu64 ": raise max_allowed_packet",
				  MAX_SLICES, ret_slices->count);
	return AXEV_OK;
}

/* ---- the statement ---- */

/*
 * Characters are converted by slices: no encoding of these servers has a state that goes from one to the next. CAST would not take a value
 * that is longer than max_allowed_packet, CONVERT does.
 */
static int put_slice(const struct axev__mariadb_value *value, const struct slices *slices, struct axev__buf *out, axev_error *err)
{
	bool is_text = axev__span_is(value->kind, "text");

	return axev__buf_printf(out, err, "%s%sv.%.*s%s,1+n.i*%" PRIu64 ",%" PRIu64 ")%s", is_converted(value->kind) ? "CAST(CONVERT(" : "",
				is_text ? "SUBSTRING(CONVERT(" : "SUBSTRING(", (int)value->column.size, (const char *)value->column.data,
				is_text ? " USING binary)" : "", slices->units, slices->units,
				is_converted(value->kind) ? " USING utf8mb4) AS BINARY)" : "");
}

/* The row is found once, by its key; the numbers of the slices are a table beside it. */
static int put_statement(const struct axev__mariadb_value *value, const struct slices *slices, struct axev__buf *out, axev_error *err)
{
	uint64_t i;

	TRY(axev__buf_str(out, "SELECT STRAIGHT_JOIN n.i,", err));
	TRY(put_slice(value, slices, out, err));
	TRY(axev__buf_str(out, " FROM ", err));
	TRY(axev__mariadb_quote(value->table, out, err));
	TRY(axev__buf_str(out, " AS v,(SELECT 0 AS i", err));
	for (i = 1; i < slices->count; i++)
		TRY(axev__buf_printf(out, err, " UNION ALL SELECT %" PRIu64, i));
	return axev__buf_printf(out, err, ") AS n WHERE %s", value->condition);
}

/* ---- the answer ---- */

struct answer {
	const struct axev__mariadb *api;
	MYSQL_RES *rows;
};

static void answer_free(struct answer *answer)
{
	if (answer->rows)
		answer->api->free_result(answer->rows);
}

static int take_slices(const struct axev__mariadb_value *value, const struct answer *answer, const struct slices *slices,
		       struct axev__db_large *large, axev_error *err)
{
	uint64_t bytes = 0, number, i;
	char **values;

	for (i = 0; (values = answer->api->fetch_row(answer->rows)); i++) {
		unsigned long *lengths = answer->api->fetch_lengths(answer->rows);

		if (!lengths || !values[0] || !values[1] ||
		    !axev__parse_u64(axev__span(values[0], lengths[0]), UINT64_MAX, &number) || number != i || i >= slices->count)
			return axev__fail(err, AXEV_E_PEER, "MariaDB: a slice of a long value is not the one that was asked for");
		TRY(axev__db_large_piece(large, axev__span(values[1], lengths[1]), err));
		bytes += lengths[1];
		TRY(axev__progress(value->reader->capture->take->env, "cells", large->path, bytes, large->size_bytes, err));
	}
	return i < slices->count ? axev__mariadb_fail(value->reader, "reading a long value failed", err) : AXEV_OK;
}

int axev__mariadb_slices_read(const struct axev__mariadb_value *value, const char *lengths, struct axev__db_large_cell *ret_cell,
			      axev_error *err)
{
	const struct axev__mariadb *api = &value->reader->api;
	enum axev__cell_tag tag = axev__span_is(value->kind, "bytes") ? AXEV__CELL_BYTES : AXEV__CELL_TEXT;
	AXEV__BUF sql = AXEV__BUF_INIT(AXEV__MAX_RECORD_HEADER_BYTES);
	AXEV__CLEANUP(answer_free) struct answer answer = { api, NULL };
	AXEV__DB_LARGE large = { 0 };
	struct slices slices;

	TRY(plan(value, lengths, &slices, err));
	TRY(put_statement(value, &slices, &sql, err));
	if (api->real_query(value->reader->link, (const char *)sql.data, sql.size) != 0)
		return axev__mariadb_fail(value->reader, "reading a long value failed", err);
	answer.rows = api->use_result(value->reader->link);
	if (!answer.rows)
		return axev__mariadb_fail(value->reader, "reading a long value failed", err);
	TRY(axev__db_large_begin(value->reader->capture, tag, slices.bytes, &large, err));
	TRY(take_slices(value, &answer, &slices, &large, err));
	return axev__db_large_end(&large, ret_cell, err);
}
