/* SPDX-License-Identifier: Apache-2.0 */
/* What the server signed, out of a handshake that has been read. */
#include "content/tls_transcript.h"
#include "crypto/tls_sign.h"

#define HEADER_BYTES 4

/* RFC 8446 B.4 */
static const char *suite_digest(uint16_t suite)
{
	if (suite == 0x1302)
		return "SHA384";
	return suite >= 0x1301 && suite <= 0x1305 ? "SHA256" : NULL;
}

/* RFC 8446 4.4.1: after a HelloRetryRequest, a message_hash (254) stands for the first ClientHello. */
static int hash_transcript(const struct axev__tls_handshake *handshake,
			   const struct axev__tls_message *messages, struct axev__buf *out,
			   axev_error *err)
{
	const char *digest = suite_digest(handshake->suite);
	uint8_t message_hash[HEADER_BYTES + AXEV__TLS_MAX_HASH] = { 254 }, hash[AXEV__TLS_MAX_HASH];
	struct axev__span pieces[AXEV__MAX_TLS_COVERED];
	size_t size, i;

	if (!digest)
		return axev__fail(err, AXEV_E_UNSUPPORTED,
				  "the hash of cipher suite 0x%04x is not known here", handshake->suite);
	if (handshake->covered > AXEV__COUNT(pieces))
		return axev__fail(err, AXEV_E_FORMAT, "expected at most %zu handshake messages",
				  AXEV__COUNT(pieces));
	for (i = 0; i < handshake->covered; i++)
		pieces[i] = messages[i].bytes;
	if (handshake->is_retried) {
		TRY(axev__tls_hash(digest, pieces, 1, message_hash + HEADER_BYTES, &size, err));
		message_hash[3] = (uint8_t)size;
		pieces[0] = axev__span(message_hash, HEADER_BYTES + size);
	}
	TRY(axev__tls_hash(digest, pieces, handshake->covered, hash, &size, err));
	return axev__buf_append(out, hash, size, err);
}

int axev__tls_signed_bytes(const struct axev__tls_handshake *handshake,
			   const struct axev__tls_message *messages, struct axev__buf *out,
			   axev_error *err)
{
	/* RFC 8446 4.4.3: 64 blanks, the context and a zero, which the literal's own end is */
	static const char context[] = "                                                                "
				      "TLS 1.3, server CertificateVerify";

	if (handshake->version == AXEV__TLS_1_3) {
		TRY(axev__buf_append(out, context, sizeof(context), err));
		return hash_transcript(handshake, messages, out, err);
	}
	TRY(axev__buf_span(out, handshake->client_random, err));
	TRY(axev__buf_span(out, handshake->server_random, err));
	return axev__buf_span(out, handshake->params, err);
}
