/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A text that begins with a brace is a wire/connections.json; else messages, each with a byte in front that says whether
 * the client sent it.
 */
#include "content/tls_transcript.h"
#include "crypto/sct.h"
#include "verify/tls_document.h"

#define MAX_MESSAGES 32

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void read_messages(const struct axev__tls_message *messages, size_t count)
{
	AXEV__BUF signed_bytes = AXEV__BUF_INIT(1 << 20);
	struct axev__tls_handshake handshake;
	AXEV__BUF list = AXEV__BUF_INIT(1 << 20);
	struct axev__span rest, der;
	size_t certificates = 0;

	if (axev__tls_read(messages, count, &handshake, NULL) < 0)
		return;
	for (rest = handshake.certificates; axev__tls_next_certificate(&handshake, &rest, &der); certificates++)
		if (handshake.ocsp.size)
			(void)!axev__sct_stapled(handshake.ocsp, der, &list, NULL);
	if (rest.size || (handshake.certificates.size && !certificates))
		__builtin_trap(); /* a list that was accepted can be walked */
	if (handshake.outcome != AXEV__TLS_SIGNED)
		return;
	if (!handshake.has_certificates || handshake.covered > count)
		__builtin_trap();
	(void)!axev__tls_signed_bytes(&handshake, messages, &signed_bytes, NULL);
}

static void read_document(struct axev__span text)
{
	AXEV__TLS_DOCUMENT document = { 0 };
	struct axev__tls_handshake handshake;
	size_t i;

	if (axev__tls_document_read(text, &document, NULL) < 0)
		return;
	for (i = 0; i < axev__json_count(document.connections); i++) {
		AXEV__TLS_CONNECTION connection = { 0 };
		AXEV__CERTS path = { 0 };
		struct axev__span leaf;

		if (axev__tls_connection_read(axev__json_at(document.connections, i), &connection, NULL) < 0 ||
		    !connection.tls)
			continue;
		read_messages(connection.messages, connection.message_count);
		if (axev__tls_read(connection.messages, connection.message_count, &handshake, NULL) < 0)
			continue;
		(void)!axev__tls_compare(&connection, &handshake, NULL);
		leaf = axev__tls_leaf(&document, &connection, &handshake);
		(void)!axev__tls_path(&document, &connection, leaf, &path, NULL);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct axev__tls_message messages[MAX_MESSAGES];
	size_t count = 0, at = 0, length;

	if (size && data[0] == '{') {
		read_document(axev__span(data, size));
		return 0;
	}
	while (count < MAX_MESSAGES && size - at > 5) {
		length = 4 + (axev__get_u32be(data + at + 1) & 0xFFFFFF);
		if (length > size - at - 1)
			length = size - at - 1;
		messages[count++] = (struct axev__tls_message){ data[at] & 1, axev__span(data + at + 1, length) };
		at += 1 + length;
	}
	read_messages(messages, count);
	return 0;
}
