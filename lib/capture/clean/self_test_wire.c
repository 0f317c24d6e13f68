/* SPDX-License-Identifier: Apache-2.0 */
/* What was recorded of the page with a known answer, against what is known. */
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>

#include "base/text.h"
#include "base/spill.h"
#include "capture/clean/self_test.h"
#include "crypto/digest.h"
#include "image/png.h"

struct comparison {
	struct axev__self_test *test;
	struct axev__wire *wire;
	struct axev__buf *raw;
	char *problem;
	size_t problem_size;
	char cert_hex[65];
	bool is_recorded[AXEV__MAX_KNOWN_VISITS];
	bool is_whole[AXEV__SELF_TEST_ANSWERS]; /* the exchange is recorded as it was */
};

/* The first one is told; all of them stand in the raw output. */
static int say(struct comparison *comparison, axev_error *err, const char *format, ...) AXEV_PRINTF(3, 4);
static int say(struct comparison *comparison, axev_error *err, const char *format, ...)
{
	char text[AXEV__MAX_CLEAN_RESULT];
	va_list args;

	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	if (!comparison->problem[0])
		snprintf(comparison->problem, comparison->problem_size, "%s", text);
	return axev__buf_printf(comparison->raw, err, "-- not as it should be: %s --\n", text);
}

/* ---- bytes of a connection ---- */

static int append_bytes(struct axev__buf *raw, const char *what, struct axev__span bytes, axev_error *err)
{
	uint8_t sha256[32];
	char hex[65];

	TRY(axev__sha256(bytes.data ? bytes.data : (const uint8_t *)"", bytes.size, sha256, err));
	axev__hex(hex, sha256, sizeof(sha256));
	TRY(axev__buf_printf(raw, err, "%s: %zu bytes, SHA-256 %s, base64:\n", what, bytes.size, hex));
	TRY(axev__base64(raw, bytes, err));
	return axev__buf_byte(raw, '\n', err);
}

static int take_piece(void *payload, struct axev__span piece, axev_error *err)
{
	return axev__buf_span(payload, piece, err);
}

static int compare_direction(struct comparison *comparison, size_t index, bool is_received,
			     const struct axev__buf *known, axev_error *err)
{
	AXEV__BUF recorded = AXEV__BUF_INIT(2 * AXEV__MAX_KNOWN_VISIT_BYTES);
	const char *what = is_received ? "sent by the server" : "received by the server";
	char name[64];

	TRY(axev__wire_stream_each(comparison->wire, index, is_received, take_piece, &recorded, err));
	TRY(append_bytes(comparison->raw, what, axev__buf_view(known), err));
	snprintf(name, sizeof(name), "the same as recorded, connection %zu", index);
	TRY(append_bytes(comparison->raw, name, axev__buf_view(&recorded), err));
	if (axev__span_equal(axev__buf_view(&recorded), axev__buf_view(known)))
		return AXEV_OK;
	return say(comparison, err, "the bytes recorded are not those %s: connection %zu", what, index);
}

/* ---- connections ---- */

static uint64_t port_of(struct axev__span address)
{
	size_t i = address.size;
	uint64_t port = 0;

	while (i > 0 && address.data[i - 1] != ':')
		i--;
	axev__parse_u64(axev__span(address.data + i, address.size - i), 65535, &port);
	return port;
}

static bool is_at(struct axev__span address, uint16_t port)
{
	return axev__span_starts(address, "127.0.0.1:") && port_of(address) == port;
}

static size_t visit_from(const struct axev__known_server *server, uint64_t port)
{
	size_t i;

	for (i = 0; i < axev__known_server_count(server); i++)
		if (axev__known_server_visit(server, i)->port == port)
			return i;
	return SIZE_MAX;
}

/* RFC 8446 4.4.2: the server's own certificate comes first. */
static int compare_certificate(struct comparison *comparison, const axev__json *connection, size_t index,
			       axev_error *err)
{
	const axev__json *list = axev__json_get(axev__json_get(connection, "tls"), "certificates");
	struct axev__span leaf = axev__span("", 0);

	if (axev__json_as_string(axev__json_at(list, 0), &leaf) && axev__span_is(leaf, comparison->cert_hex))
		return AXEV_OK;
	return say(comparison, err, "the certificate recorded is not the server's: connection %zu", index);
}

static int compare_connection(struct comparison *comparison, const axev__json *connection, size_t index,
			      axev_error *err)
{
	struct axev__span remote = axev__span("", 0), local = remote;
	const struct axev__known_visit *visit;
	struct axev__shown shown;
	size_t which;

	if (!axev__json_as_string(axev__json_get(connection, "remote_address"), &remote))
		return AXEV_OK; /* it did not come about */
	axev__json_as_string(axev__json_get(connection, "local_address"), &local);
	if (is_at(remote, axev__known_server_port(comparison->test->stranger)))
		return AXEV_OK; /* what came of it the other side knows */
	if (!is_at(remote, axev__known_server_port(comparison->test->server)))
		return say(comparison, err, "the browser went to %s instead of the test's server",
			   axev__show(&shown, remote));
	which = visit_from(comparison->test->server, port_of(local));
	if (which == SIZE_MAX)
		return say(comparison, err, "the server knows nothing of a connection recorded: connection %zu", index);
	visit = axev__known_server_visit(comparison->test->server, which);
	comparison->is_recorded[which] = true;
	TRY(axev__buf_printf(comparison->raw, err, "== connection %zu, from port %u ==\n", index, visit->port));
	if (visit->requests)
		TRY(compare_certificate(comparison, connection, index, err));
	TRY(compare_direction(comparison, index, false, &visit->received, err));
	return compare_direction(comparison, index, true, &visit->sent, err);
}

static int compare_connections(struct comparison *comparison, axev_error *err)
{
	AXEV__JSON *document = NULL;
	const axev__json *list;
	size_t i;

	TRY(axev__wire_connections_json(comparison->wire, false, &document, err));
	list = axev__json_get(document, "connections");
	for (i = 0; i < axev__json_count(list); i++)
		TRY(compare_connection(comparison, axev__json_at(list, i), i, err));
	for (i = 0; i < axev__known_server_count(comparison->test->server); i++) {
		const struct axev__known_visit *visit = axev__known_server_visit(comparison->test->server, i);

		if (visit->requests && !comparison->is_recorded[i])
			TRY(say(comparison, err, "a connection to the server is not recorded: from port %u",
				visit->port));
	}
	return AXEV_OK;
}

/* ---- exchanges ---- */

static int compare_exchange(void *payload, const struct axev__exchange *exchange, axev_error *err)
{
	struct comparison *comparison = payload;
	const struct axev__self_test *test = comparison->test;
	AXEV__BUF bytes = AXEV__BUF_INIT(AXEV__MAX_SELF_TEST_SPOOL_BYTES);
	struct axev__span body;
	size_t prefix = strlen(test->url) - 1, i;

	if (strncmp(exchange->url, test->url, prefix) != 0)
		return AXEV_OK;
	TRY(axev__source_load(&exchange->response_body, &bytes, err));
	body = axev__buf_view(&bytes);
	for (i = 0; i < AXEV__SELF_TEST_ANSWERS; i++) {
		struct axev__span response = test->answers[i].response, head = exchange->response_head;

		if (strcmp(exchange->url + prefix, test->answers[i].target) != 0)
			continue;
		comparison->is_whole[i] = !exchange->truncated && head.size + body.size == response.size &&
					  memcmp(response.data, head.data, head.size) == 0 &&
					  (body.size == 0 ||
					   memcmp(response.data + head.size, body.data, body.size) == 0) &&
					  memcmp(exchange->payload_sha256, test->payload_sha256[i], 32) == 0;
	}
	return AXEV_OK;
}

static int compare_exchanges(struct comparison *comparison, axev_error *err)
{
	size_t i;

	TRY(axev__wire_each(comparison->wire, compare_exchange, comparison, err));
	for (i = 0; i < AXEV__SELF_TEST_ANSWERS; i++)
		if (!comparison->is_whole[i])
			TRY(say(comparison, err, "the exchange recorded is not the one that was made: %s",
				comparison->test->answers[i].target));
	return AXEV_OK;
}

/* A server that nobody vouches for must not be asked anything. */
static int look_at_stranger(struct comparison *comparison, axev_error *err)
{
	const struct axev__known_server *stranger = comparison->test->stranger;
	size_t i, count = axev__known_server_count(stranger);
	unsigned requests = 0;

	for (i = 0; i < count; i++)
		requests += axev__known_server_visit(stranger, i)->requests;
	TRY(axev__buf_printf(comparison->raw, err,
			     "== server whose certificate is of nobody ==\nconnections %zu, requests %u\n", count, requests));
	if (requests > 0)
		return say(comparison, err, "the browser trusts a server for which nobody vouches");
	return count > 0 ? AXEV_OK : say(comparison, err, "the browser did not try a server for which nobody vouches");
}

int axev__self_test_compare(struct axev__self_test *test, struct axev__wire *wire, struct axev__buf *raw,
			    char *problem, size_t problem_size, axev_error *err)
{
	struct comparison comparison = { .test = test,
					 .wire = wire,
					 .raw = raw,
					 .problem = problem,
					 .problem_size = problem_size };
	uint8_t sha256[32];

	TRY(axev__sha256(test->cert_der.data, test->cert_der.size, sha256, err));
	axev__hex(comparison.cert_hex, sha256, sizeof(sha256));
	TRY(axev__buf_printf(raw, err, "certificate of the server, SHA-256: %s\n", comparison.cert_hex));
	TRY(look_at_stranger(&comparison, err));
	TRY(compare_connections(&comparison, err));
	return compare_exchanges(&comparison, err);
}

/* ---- picture ---- */

/* The edges of tiles may be blended when a telephone's pixels do not fit. */
static bool is_inside_tile(uint32_t x, uint32_t tile)
{
	return x % tile >= tile / 8 && x % tile < tile - tile / 8;
}

int axev__self_test_picture(const struct axev__self_test *test, struct axev__span png, uint32_t scale,
			    struct axev__buf *raw, bool *ret_is_known, axev_error *err)
{
	struct axev__source source = axev__source_memory(png);
	AXEV__PNG *picture = NULL;
	AXEV__FREE uint32_t *row = NULL;
	uint32_t tile = AXEV__SELF_TEST_TILE * scale, x, y;
	uint64_t others = 0;

	TRY(axev__png_open(&source, &picture, err));
	*ret_is_known = false;
	TRY(append_bytes(raw, "picture of the page, PNG", png, err));
	if (axev__png_head(picture)->width < 2 * tile || axev__png_head(picture)->height < 2 * tile)
		return axev__buf_str(raw, "-- it is too small --\n", err);
	row = calloc(axev__png_head(picture)->width, sizeof(*row));
	if (!row)
		return axev__nomem(err);
	for (y = 0; y < 2 * tile; y++) {
		TRY(axev__png_row(picture, row, err));
		for (x = 0; x < 2 * tile; x++)
			others += is_inside_tile(x, tile) && is_inside_tile(y, tile) &&
				  row[x] != test->colours[y / tile * 2 + x / tile];
	}
	TRY(axev__buf_printf(raw, err,
			     "colours sent: %06x %06x %06x %06x; pixels of other colours in their place: %" PRIu64 "\n",
			     test->colours[0], test->colours[1], test->colours[2], test->colours[3], others));
	*ret_is_known = others == 0;
	return AXEV_OK;
}
