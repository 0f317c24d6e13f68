/* SPDX-License-Identifier: Apache-2.0 */
#include "capture/web/cdp_large.h"

#include <inttypes.h>
#include <stdio.h>

#include "base/json_string.h"
#include "base/limits.h"
#include "base/text.h"
#include "crypto/digest.h"

#define KEPT_BYTES 1024 /* of a string that is cut, as it stands in the JSON */

void axev__cdp_cut_mark(char out[AXEV__CUT_MARK_SIZE], uint64_t bytes, const uint8_t sha256[32])
{
	char hex[2 * AXEV__SHA256 + 1];

	axev__hex(hex, sha256, AXEV__SHA256);
	snprintf(out, AXEV__CUT_MARK_SIZE, "... (%" PRIu64 " bytes, SHA-256 %s)", bytes, hex);
}

/* ---- without long strings ---- */

struct shortening {
	const struct axev__source *message;
	struct axev__buf *out;
	uint64_t offset;        /* of the next byte that is looked at */
	uint64_t string_offset; /* behind the opening quote */
	size_t string_at;       /* the same in out */
	bool is_in_string, is_escaped;
};

static int hash_piece(void *hasher, struct axev__span piece, axev_error *err)
{
	return axev__hasher_update(hasher, piece.data, piece.size, err);
}

/* The next character as it stands in a string. */
static size_t raw_length(struct axev__span text)
{
	size_t length;

	if (text.data[0] != '\\') {
		length = axev__utf8_length(text);
		return length ? length : 1;
	}
	length = text.size > 1 && text.data[1] == 'u' ? 6 : 2;
	/* Half of a pair would not be JSON for everybody. */
	if (length == 6 && text.size >= 12 && (text.data[2] | 0x20) == 'd' && strchr("89abAB", text.data[3]) &&
	    text.data[6] == '\\')
		length = 12;
	return length;
}

static int cut_string(struct shortening *shortening, axev_error *err)
{
	AXEV__HASHER *hasher = NULL;
	struct axev__digests digests;
	struct axev__span raw = axev__span(shortening->out->data + shortening->string_at,
					   shortening->out->size - shortening->string_at);
	char mark[AXEV__CUT_MARK_SIZE];
	size_t kept = 0;

	TRY(axev__hasher_new(AXEV__DIGEST_SHA256, &hasher, err));
	TRY(axev__json_string_read(shortening->message, shortening->string_offset, hash_piece, hasher, &shortening->offset, err));
	TRY(axev__hasher_final(hasher, &digests, err));
	while (kept < KEPT_BYTES)
		kept += raw_length(axev__span(raw.data + kept, raw.size - kept));
	shortening->out->size = shortening->string_at + kept;
	shortening->is_in_string = shortening->is_escaped = false;
	axev__cdp_cut_mark(mark, digests.size_bytes, digests.sha256);
	TRY(axev__buf_str(shortening->out, mark, err));
	return axev__buf_byte(shortening->out, '"', err);
}

static void follow(struct shortening *shortening, uint8_t byte)
{
	if (shortening->is_escaped) {
		shortening->is_escaped = false;
	} else if (shortening->is_in_string && byte == '\\') {
		shortening->is_escaped = true;
	} else if (byte == '"') {
		shortening->is_in_string = !shortening->is_in_string;
		shortening->string_offset = shortening->offset;
		shortening->string_at = shortening->out->size;
	}
}

/* Stops behind a string that was cut: there the piece ends. */
static int shorten_piece(struct shortening *shortening, struct axev__span piece, axev_error *err)
{
	size_t i;

	for (i = 0; i < piece.size; i++) {
		TRY(axev__buf_byte(shortening->out, piece.data[i], err));
		shortening->offset++;
		follow(shortening, piece.data[i]);
		if (shortening->is_in_string && shortening->out->size - shortening->string_at > AXEV__MAX_CDP_STRING_BYTES)
			return cut_string(shortening, err);
	}
	return AXEV_OK;
}

int axev__cdp_shorten(const struct axev__source *message, struct axev__buf *out, axev_error *err)
{
	AXEV__BUF piece = AXEV__BUF_INIT(64 * AXEV__KIB);
	struct shortening shortening = { .message = message, .out = out };

	while (shortening.offset < message->size) {
		struct axev__source part = axev__source_window(message, shortening.offset, piece.max);

		axev__buf_clear(&piece);
		TRY(axev__source_load(&part, &piece, err));
		TRY(shorten_piece(&shortening, axev__buf_view(&piece), err));
	}
	return AXEV_OK;
}

/* ---- one string ---- */

static int expect(const struct axev__source *text, uint64_t offset, const char *word, axev_error *err)
{
	char found[128];
	size_t length = strlen(word);

	if (length > sizeof(found) || text->size < length || offset > text->size - length)
		return axev__fail_at(err, AXEV_E_FORMAT, offset, "expected %s", word);
	TRY(axev__source_read(text, offset, found, length, err));
	return memcmp(found, word, length) == 0 ? AXEV_OK :
						  axev__fail_at(err, AXEV_E_FORMAT, offset, "expected %s", word);
}

int axev__cdp_string(const struct axev__source *text, const char *before, const char *behind,
		     int (*take)(void *payload, struct axev__span piece, axev_error *err), void *payload, axev_error *err)
{
	uint64_t end = 0;

	TRY(expect(text, 0, before, err));
	TRY(axev__json_string_read(text, strlen(before), take, payload, &end, err));
	TRY(expect(text, end, behind, err));
	return end + strlen(behind) == text->size ? AXEV_OK :
						    axev__fail_at(err, AXEV_E_FORMAT, end, "expected nothing behind %s", behind);
}

/* ---- base64 ---- */

struct decoding {
	struct axev__spill *out;
	struct axev__buf left;  /* less than four characters */
	struct axev__buf bytes; /* of one piece */
	bool is_padded;         /* nothing may follow */
};

static void decoding_end(struct decoding *decoding)
{
	axev__buf_free(&decoding->left);
	axev__buf_free(&decoding->bytes);
}

static int decode_piece(void *payload, struct axev__span piece, axev_error *err)
{
	struct decoding *decoding = payload;
	size_t whole;

	TRY(axev__buf_span(&decoding->left, piece, err));
	whole = decoding->left.size / 4 * 4;
	axev__buf_clear(&decoding->bytes);
	if (decoding->is_padded || !axev__unbase64(&decoding->bytes, axev__span(decoding->left.data, whole)))
		return axev__fail(err, AXEV_E_FORMAT, "expected base64");
	decoding->is_padded = whole && decoding->left.data[whole - 1] == '=';
	axev__buf_consume(&decoding->left, whole);
	return axev__spill_put(decoding->out, axev__buf_view(&decoding->bytes), err);
}

int axev__cdp_base64(const struct axev__source *text, const char *before, const char *behind, struct axev__spill *out,
		     axev_error *err)
{
	AXEV__CLEANUP(decoding_end)
	struct decoding decoding = { out, AXEV__BUF_INIT(128 * AXEV__KIB), AXEV__BUF_INIT(128 * AXEV__KIB), false };

	TRY(axev__cdp_string(text, before, behind, decode_piece, &decoding, err));
	return decoding.left.size ? axev__fail(err, AXEV_E_FORMAT, "expected base64") : AXEV_OK;
}
