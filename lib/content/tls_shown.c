/* SPDX-License-Identifier: Apache-2.0 */
/* What a client showed of itself in a handshake. */
#include "content/tls_transcript.h"

#define HEADER 4       /* RFC 8446 4: type, and a length of three bytes */
#define CERTIFICATE 11
#define CERTIFICATE_REQUEST 13

static size_t u24(const uint8_t *at)
{
	return (size_t)at[0] << 16 | (size_t)at[1] << 8 | at[2];
}

bool axev__tls_asks_client(const struct axev__tls_message *message)
{
	return !message->is_sent && message->bytes.size >= HEADER && message->bytes.data[0] == CERTIFICATE_REQUEST;
}

/*
 * RFC 8446 4.4.2: an empty certificate_request_context goes before the list; RFC 5246 7.4.2 has the list alone. The length of
 * the list says which of the two it is.
 */
bool axev__tls_shown_by_client(const struct axev__tls_message *message, struct axev__span *ret_der)
{
	struct axev__span body, list;

	if (!message->is_sent || message->bytes.size < HEADER || message->bytes.data[0] != CERTIFICATE)
		return false;
	body = axev__span(message->bytes.data + HEADER, message->bytes.size - HEADER);
	if (body.size >= 3 && u24(body.data) == body.size - 3)
		list = axev__span(body.data + 3, body.size - 3);
	else if (body.size >= 4 && body.data[0] == 0 && u24(body.data + 1) == body.size - 4)
		list = axev__span(body.data + 4, body.size - 4);
	else
		return false;
	if (list.size < 3 || u24(list.data) == 0 || u24(list.data) > list.size - 3)
		return false;
	*ret_der = axev__span(list.data + 3, u24(list.data));
	return true;
}
