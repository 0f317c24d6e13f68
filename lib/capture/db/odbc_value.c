/* SPDX-License-Identifier: Apache-2.0 */
/* One value through ODBC, piece by piece until the driver says that there is no more; a long one by way of a file. */
#include <unistd.h>

#include "base/io.h"
#include "base/utf16.h"
#include "capture/db/db_large.h"
#include "capture/db/odbc.h"

#define IS_BIG_ENDIAN (__BYTE_ORDER__ == __ORDER_BIG_ENDIAN__)
#define PIECE_BYTES 16384 /* an even number */
#define TERMINATOR_BYTES ((SQLLEN)sizeof(SQLWCHAR))
#define FILE_CHUNK ((size_t)512 * 1024) /* an even number */

static void drop_file(struct axev__odbc_text *text)
{
	if (text->fd >= 0)
		close(axev__steal_fd(&text->fd));
}

void axev__odbc_text_free(struct axev__odbc_text *text)
{
	axev__buf_free(&text->bytes);
	drop_file(text);
}

/* Text of so many bytes in UTF-16 has more than AXEV__MAX_INLINE_CELL in UTF-8, too. */
static int keep(struct axev__odbc_text *text, struct axev__span piece, SQLSMALLINT as, axev_error *err)
{
	const size_t most = as == SQL_C_WCHAR ? 2 * AXEV__MAX_INLINE_CELL : AXEV__MAX_INLINE_CELL;

	text->size_bytes += piece.size;
	if (text->fd >= 0)
		return axev__write_full(text->fd, piece.data, piece.size, err);
	TRY(axev__buf_span(&text->bytes, piece, err));
	if (!text->capture || text->bytes.size <= most)
		return AXEV_OK;
	TRY(axev__db_spool(text->capture, &text->fd, err));
	TRY(axev__write_full(text->fd, text->bytes.data, text->bytes.size, err));
	axev__buf_free(&text->bytes);
	return AXEV_OK;
}

/*
 * SQLGetData tells how much is left before each piece, or SQL_NO_TOTAL; SQL_SUCCESS_WITH_INFO (01004) is "there is more". Of text each
 * full piece ends in a NUL that is no part of it.
 */
static int get_all(const struct axev__odbc_statement *statement, SQLUSMALLINT column, SQLSMALLINT as,
		   struct axev__odbc_text *text, axev_error *err)
{
	const SQLLEN room = PIECE_BYTES - (as == SQL_C_WCHAR ? TERMINATOR_BYTES : 0);
	SQLLEN left = 0, told = SQL_NO_TOTAL;
	uint8_t piece[PIECE_BYTES];
	SQLRETURN code;

	axev__buf_clear(&text->bytes);
	drop_file(text);
	text->size_bytes = 0;
	text->is_null = false;
	while ((code = statement->reader->api.GetData(statement->handle, column, as, piece, sizeof(piece), &left)) !=
	       SQL_NO_DATA) {
		if (!axev__odbc_is_good(code))
			return axev__odbc_fail(statement->reader, SQL_HANDLE_STMT, statement->handle, "reading a value failed", err);
		if (left == SQL_NULL_DATA) {
			text->is_null = true;
			return AXEV_OK;
		}
		if (left < 0 && left != SQL_NO_TOTAL)
			return axev__fail(err, AXEV_E_FORMAT, "ODBC: column %u: the driver tells a length of %ld", column, (long)left);
		if (text->size_bytes == 0)
			told = left;
		if (code == SQL_SUCCESS && (left == SQL_NO_TOTAL || left > room))
			return axev__fail(err, AXEV_E_FORMAT, "ODBC: column %u: the driver cuts a value and does not say so", column);
		TRY(keep(text, axev__span(piece, (size_t)(left == SQL_NO_TOTAL || left > room ? room : left)), as, err));
		if (code == SQL_SUCCESS)
			break;
	}
	if (told != SQL_NO_TOTAL && (uint64_t)told != text->size_bytes)
		return axev__fail(err, AXEV_E_FORMAT, "ODBC: column %u: the driver told %ld bytes, %llu came", column, (long)told,
				  (unsigned long long)text->size_bytes);
	return AXEV_OK;
}

int axev__odbc_bytes(const struct axev__odbc_statement *statement, SQLUSMALLINT column, struct axev__odbc_text *bytes,
		     axev_error *err)
{
	bytes->is_good = true;
	return get_all(statement, column, SQL_C_BINARY, bytes, err);
}

int axev__odbc_text(const struct axev__odbc_statement *statement, SQLUSMALLINT column, struct axev__odbc_text *text,
		    axev_error *err)
{
	AXEV__BUF utf8 = AXEV__BUF_INIT(2 * AXEV__GIB);
	struct axev__buf utf16;

	TRY(get_all(statement, column, SQL_C_WCHAR, text, err));
	text->is_good = true;
	if (text->fd >= 0 || text->is_null)
		return AXEV_OK;
	TRY(axev__utf16_to_utf8(axev__buf_view(&text->bytes), IS_BIG_ENDIAN, &utf8, &text->is_good, err));
	if (!text->is_good)
		return AXEV_OK;
	utf16 = text->bytes;
	text->bytes = utf8;
	text->bytes.max = utf16.max;
	utf8 = utf16; /* for its owner */
	return AXEV_OK;
}

/* ---- a long value in its file ---- */

/* @large NULL: what it would be is only counted. */
static int convert(const struct axev__odbc_text *text, struct axev__db_large *large, uint64_t *ret_bytes, uint64_t *ret_units,
		   bool *ret_good, axev_error *err)
{
	AXEV__BUF utf8 = AXEV__BUF_INIT(4 * FILE_CHUNK);
	AXEV__FREE uint8_t *chunk = malloc(FILE_CHUNK);
	uint64_t at;
	size_t size;

	if (!chunk)
		return axev__nomem(err);
	*ret_bytes = *ret_units = 0;
	*ret_good = text->size_bytes % 2 == 0;
	for (at = 0; at < text->size_bytes && *ret_good; at += size) {
		size = text->size_bytes - at < FILE_CHUNK ? (size_t)(text->size_bytes - at) : FILE_CHUNK;
		TRY(axev__pread_full(text->fd, chunk, size, at, err));
		/* Half of a pair of surrogates waits for the other one. */
		if (at + size < text->size_bytes && (chunk[size - (IS_BIG_ENDIAN ? 2 : 1)] & 0xfc) == 0xd8)
			size -= 2;
		axev__buf_clear(&utf8);
		TRY(axev__utf16_to_utf8(axev__span(chunk, size), IS_BIG_ENDIAN, &utf8, ret_good, err));
		*ret_bytes += utf8.size;
		*ret_units += size / 2;
		if (large && *ret_good)
			TRY(axev__db_large_piece(large, axev__buf_view(&utf8), err));
	}
	return AXEV_OK;
}

static int copy(const struct axev__odbc_text *text, struct axev__db_large *large, axev_error *err)
{
	AXEV__FREE uint8_t *chunk = malloc(FILE_CHUNK);
	uint64_t at;
	size_t size;

	if (!chunk)
		return axev__nomem(err);
	for (at = 0; at < text->size_bytes; at += size) {
		size = text->size_bytes - at < FILE_CHUNK ? (size_t)(text->size_bytes - at) : FILE_CHUNK;
		TRY(axev__pread_full(text->fd, chunk, size, at, err));
		TRY(axev__db_large_piece(large, axev__span(chunk, size), err));
	}
	return AXEV_OK;
}

int axev__odbc_take_long(const struct axev__odbc_text *text, bool is_binary, struct axev__db_set *set, uint64_t *ret_units,
			 axev_error *err)
{
	AXEV__DB_LARGE large = { 0 };
	struct axev__db_large_cell cell;
	uint64_t bytes = text->size_bytes;
	bool is_text = !is_binary;

	*ret_units = bytes;
	if (!is_binary)
		TRY(convert(text, NULL, &bytes, ret_units, &is_text, err));
	if (!is_text)
		bytes = text->size_bytes;
	TRY(axev__db_large_begin(set->capture, is_binary ? AXEV__CELL_BYTES : is_text ? AXEV__CELL_TEXT : AXEV__CELL_RAW_TEXT,
				 bytes, &large, err));
	TRY(is_text ? convert(text, &large, &bytes, ret_units, &is_text, err) : copy(text, &large, err));
	TRY(axev__db_large_end(&large, &cell, err));
	return axev__cell_large(cell.tag, cell.size_bytes, cell.sha256, &set->cells, err);
}
