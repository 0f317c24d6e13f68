/* SPDX-License-Identifier: Apache-2.0 */
/* Where connections went. */
#include "capture/wire/wire_internal.h"

size_t axev__wire_connection_count(const struct axev__wire *wire)
{
	return wire->is_finished ? wire->connections.count : 0;
}

/* Of addresses that were only tried the nearest. */
static void find_tried(const struct axev__wire_connection *connection, struct axev__wire_peer *peer)
{
	size_t i;

	for (i = 0; i < connection->attempts.count; i++) {
		const char *address = connection->attempts.items[i].address;
		enum axev__space space =
			address ? axev__address_space(axev__wire_ip(axev__span_str(address))) : AXEV__SPACE_UNKNOWN;

		if (!space || (peer->space && !axev__space_is_nearer(space, peer->space)))
			continue;
		peer->space = space;
		peer->address = address;
	}
}

void axev__wire_peer(const struct axev__wire *wire, size_t connection, struct axev__wire_peer *ret_peer)
{
	struct axev__wire_peer peer = { 0 };

	if (connection < axev__wire_connection_count(wire)) {
		const struct axev__wire_connection *found = &wire->connections.items[connection];

		peer.is_connected = found->ip_address != NULL;
		peer.address = found->remote;
		if (found->ip_address)
			peer.space = axev__address_space(axev__span_str(found->ip_address));
		else
			find_tried(found, &peer);
	}
	*ret_peer = peer;
}
