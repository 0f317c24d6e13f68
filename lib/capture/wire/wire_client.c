/* SPDX-License-Identifier: Apache-2.0 */
/* Certificates of the client's own, as the handshakes have them. */
#include "base/limits.h"
#include "base/text.h"
#include "capture/wire/wire_internal.h"
#include "content/tls_transcript.h"

static void look(const struct axev__wire_handshake *logged, struct axev__span der, bool *is_asked, bool *is_sent)
{
	AXEV__BUF bytes = AXEV__BUF_INIT(AXEV__MAX_TLS_MESSAGE_BYTES);
	struct axev__tls_message message = { .is_sent = logged->is_sent };
	struct axev__span leaf;

	if (!axev__unbase64(&bytes, axev__span_str(logged->base64)))
		return;
	message.bytes = axev__buf_view(&bytes);
	*is_asked |= axev__tls_asks_client(&message);
	*is_sent |= axev__tls_shown_by_client(&message, &leaf) && axev__span_equal(leaf, der);
}

void axev__wire_client_certificate(const struct axev__wire *wire, struct axev__span der, uint64_t *ret_asked,
				   uint64_t *ret_sent)
{
	size_t i, k;

	*ret_asked = *ret_sent = 0;
	for (i = 0; i < wire->connections.count; i++) {
		const struct axev__wire_tls *tls = wire->connections.items[i].tls;
		bool is_asked = false, is_sent = false;

		for (k = 0; tls && k < tls->handshake.count; k++)
			look(&tls->handshake.items[k], der, &is_asked, &is_sent);
		*ret_asked += is_asked;
		*ret_sent += is_sent;
	}
}
