/* SPDX-License-Identifier: Apache-2.0 */
/* Four bytes: how many of the rest the client sent (big-endian); then its bytes, then the server's.
 */
#include "capture/wire/h2.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool holds)
{
	if (!holds)
		__builtin_trap();
}

static int add_size(void *payload, struct axev__span piece, axev_error *err)
{
	(void)err;
	*(uint64_t *)payload += piece.size;
	return AXEV_OK;
}

static void check_message(const struct axev__h2 *h2, const struct axev__h2_message *message,
			  size_t size)
{
	uint64_t body_bytes = 0;
	uint8_t sha256[32];

	require(message->end_offset <= size);
	require(axev__h2_body_each(h2, message, add_size, &body_bytes, NULL) == AXEV_OK);
	require(body_bytes == message->body_bytes);
	require(axev__h2_body_sha256(h2, message, sha256, NULL) == AXEV_OK);
}

/* No line of a head comes from inside of a field. */
static void check_lines(const struct axev__buf *head, size_t lines)
{
	size_t i;

	for (i = 0; i < head->size; i++)
		if (head->data[i] == '\n')
			lines--;
	require(lines == 0 && memchr(head->data, 0, head->size) == NULL);
}

static size_t regular_count(const struct axev__h2_fields *fields)
{
	size_t i, count = 0;

	for (i = 0; i < fields->count; i++)
		count += !axev__span_starts(fields->list[i].name, ":");
	return count;
}

static void check_heads(const struct axev__h2_exchange *exchange)
{
	AXEV__BUF head = AXEV__BUF_INIT(AXEV__MIB);

	if (axev__h2_request_head(exchange, &head, NULL) == AXEV_OK)
		check_lines(&head, regular_count(exchange->request.head) + 2 +
					   (exchange->authority.data != NULL));
	axev__buf_clear(&head);
	if (exchange->response.head &&
	    axev__h2_response_head(exchange->response.head, &head, NULL) == AXEV_OK)
		check_lines(&head, regular_count(exchange->response.head) + 2);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct axev__h2_exchange *exchange;
	AXEV__H2 *h2 = NULL;
	size_t sent, i;

	if (size < 4)
		return 0;
	sent = axev__get_u32be(data);
	if (sent > size - 4)
		sent = size - 4;
	require(axev__h2_read(axev__span(data + 4, sent),
			      axev__span(data + 4 + sent, size - 4 - sent), &h2, NULL) == AXEV_OK);
	require(axev__h2_sent(h2)->offset <= sent);
	require(axev__h2_received(h2)->offset <= size - 4 - sent);
	for (i = 0; i < axev__h2_count(h2); i++) {
		exchange = axev__h2_at(h2, i);
		check_message(h2, &exchange->request, exchange->is_pushed ? size : sent);
		check_message(h2, &exchange->response, size - 4 - sent);
		check_heads(exchange);
	}
	return 0;
}
