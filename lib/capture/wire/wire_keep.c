/* SPDX-License-Identifier: Apache-2.0 */
#include "capture/wire/wire_internal.h"

#include "base/limits.h"
#include "base/text.h"

static int charge(struct axev__wire *wire, size_t bytes, axev_error *err)
{
	if (bytes > AXEV__MAX_WIRE_KEPT || wire->kept_bytes > AXEV__MAX_WIRE_KEPT - bytes)
		return axev__fail(err, AXEV_E_LIMIT,
				  "expected at most %zu bytes to remember of a network log, found more",
				  AXEV__MAX_WIRE_KEPT);
	wire->kept_bytes += bytes;
	return AXEV_OK;
}

int axev__wire_grow(struct axev__wire *wire, void *items, size_t *count, size_t *room,
		    size_t item_bytes, axev_error *err)
{
	size_t wanted = *room ? *room + *room / 2 + 1 : 4;
	void *array;

	/* @items is a pointer to a pointer of whatever type. */
	memcpy(&array, items, sizeof(array));
	if (*count == *room) {
		TRY(charge(wire, (wanted - *room) * item_bytes, err));
		array = realloc(array, wanted * item_bytes);
		if (!array)
			return axev__nomem(err);
		memcpy(items, &array, sizeof(array));
		*room = wanted;
	}
	memset((uint8_t *)array + *count * item_bytes, 0, item_bytes);
	++*count;
	return AXEV_OK;
}

int axev__wire_keep(struct axev__wire *wire, struct axev__span text, char **ret_text,
		    axev_error *err)
{
	char *copy;

	TRY(charge(wire, text.size + 1, err));
	copy = malloc(text.size + 1);
	if (!copy)
		return axev__nomem(err);
	if (text.size)
		memcpy(copy, text.data, text.size);
	copy[text.size] = '\0';
	free(*ret_text);
	*ret_text = copy;
	return AXEV_OK;
}

int axev__wire_keep_member(struct axev__wire *wire, const axev__json *object, const char *key,
			   char **ret_text, axev_error *err)
{
	struct axev__span text;

	if (!axev__json_as_string(axev__json_get(object, key), &text))
		return AXEV_OK;
	return axev__wire_keep(wire, text, ret_text, err);
}

int axev__wire_keep_base64(struct axev__wire *wire, const axev__json *object, const char *key,
			   char **ret_base64, axev_error *err)
{
	struct axev__span text;

	TRY(axev__json_string(object, key, &text, err));
	axev__buf_clear(&wire->scratch);
	TRY(axev__buf_reserve(&wire->scratch, text.size / 4 * 3, err));
	if (!axev__unbase64(&wire->scratch, text))
		return axev__fail(err, AXEV_E_FORMAT, "member '%s': expected base64", key);
	return axev__wire_keep(wire, text, ret_base64, err);
}

int64_t axev__wire_number(const axev__json *object, const char *key)
{
	int64_t number;

	if (!axev__json_as_integer(axev__json_get(object, key), &number) ||
	    number > AXEV__MAX_SAFE_INTEGER || number < -AXEV__MAX_SAFE_INTEGER)
		return 0;
	return number;
}

struct axev__span axev__wire_ip(struct axev__span address)
{
	size_t i = address.size;

	while (i > 0 && address.data[i - 1] != ':')
		i--;
	if (i > 0)
		address.size = i - 1;
	if (address.size > 2 && address.data[0] == '[' && address.data[address.size - 1] == ']')
		address = axev__span(address.data + 1, address.size - 2);
	return address;
}

bool axev__wire_flag(const axev__json *object, const char *key)
{
	bool flag;

	return axev__json_as_bool(axev__json_get(object, key), &flag) && flag;
}

bool axev__wire_dependency(const axev__json *params, int64_t *ret_id)
{
	return axev__json_as_integer(
		axev__json_get(axev__json_get(params, "source_dependency"), "id"), ret_id);
}

/* ---- open addressing; nothing is ever removed ---- */

static size_t hash(enum axev__wire_kind kind, int64_t id)
{
	uint64_t mixed = ((uint64_t)id * 16 + (uint64_t)kind) * UINT64_C(0x9E3779B97F4A7C15);

	return (size_t)(mixed >> 20);
}

/* The slot of @id, or the free one where it belongs. Never full. */
static struct axev__wire_slot *slot_of(const struct axev__wire_map *map, enum axev__wire_kind kind,
				       int64_t id)
{
	size_t at = hash(kind, id) & (map->room - 1);

	while (map->slots[at].kind != AXEV__WIRE_FREE_SLOT &&
	       (map->slots[at].kind != kind || map->slots[at].id != id))
		at = (at + 1) & (map->room - 1);
	return &map->slots[at];
}

static int map_grow(struct axev__wire *wire, axev_error *err)
{
	struct axev__wire_map old = wire->map, grown = old;
	size_t i;

	grown.room = old.room ? old.room * 2 : 64;
	TRY(charge(wire, (grown.room - old.room) * sizeof(*grown.slots), err));
	grown.slots = calloc(grown.room, sizeof(*grown.slots));
	if (!grown.slots)
		return axev__nomem(err);
	for (i = 0; i < old.room; i++)
		if (old.slots[i].kind != AXEV__WIRE_FREE_SLOT)
			*slot_of(&grown, old.slots[i].kind, old.slots[i].id) = old.slots[i];
	free(old.slots);
	wire->map = grown;
	return AXEV_OK;
}

size_t axev__wire_find(const struct axev__wire *wire, enum axev__wire_kind kind, int64_t id)
{
	const struct axev__wire_slot *slot;

	if (wire->map.room == 0)
		return AXEV__WIRE_NONE;
	slot = slot_of(&wire->map, kind, id);
	return slot->kind == kind ? slot->index : AXEV__WIRE_NONE;
}

int axev__wire_bind(struct axev__wire *wire, enum axev__wire_kind kind, int64_t id, size_t index,
		    axev_error *err)
{
	struct axev__wire_slot *slot;

	if (wire->map.count >= wire->map.room / 2)
		TRY(map_grow(wire, err));
	slot = slot_of(&wire->map, kind, id);
	wire->map.count += slot->kind == AXEV__WIRE_FREE_SLOT;
	*slot = (struct axev__wire_slot){ id, kind, index };
	return AXEV_OK;
}

/* ---- release ---- */

#define EACH(list, item) \
	for (item = (list)->items; item && item < (list)->items + (list)->count; item++)

static void release_tls(struct axev__wire_tls *tls)
{
	struct axev__wire_handshake *message;

	if (!tls)
		return;
	EACH(&tls->handshake, message)
		free(message->base64);
	free(tls->handshake.items);
	free(tls->certificates.items);
	free(tls->version);
	free(tls->next_protocol);
	free(tls->server_name);
	free(tls);
}

static void release_connection(struct axev__wire_connection *connection)
{
	struct axev__wire_attempt *attempt;
	struct axev__wire_flaw *flaw;

	EACH(&connection->attempts, attempt)
		free(attempt->address);
	free(connection->attempts.items);
	EACH(&connection->flaws, flaw)
		free(flaw->text);
	free(connection->flaws.items);
	free(connection->requests.items);
	free(connection->streams[0].extents.items);
	free(connection->streams[1].extents.items);
	free(connection->streams[0].why);
	free(connection->streams[1].why);
	free(connection->destination);
	free(connection->local);
	free(connection->remote);
	free(connection->ip_address);
	free(connection->tunnel);
	free(connection->upgraded_to);
	release_tls(connection->tls);
}

static void release_names(struct axev__wire *wire)
{
	struct axev__wire_verification *verification;
	struct axev__wire_certificate *certificate;
	struct axev__wire_lookup *lookup;
	struct axev__wire_answer *answer;
	char **text;

	EACH(&wire->verifications, verification) {
		free(verification->host);
		free(verification->presented.items);
		free(verification->path.items);
	}
	EACH(&wire->lookups, lookup) {
		EACH(&lookup->addresses, text)
			free(*text);
		free(lookup->addresses.items);
		free(lookup->host);
	}
	EACH(&wire->answers, answer) {
		free(answer->name);
		free(answer->server);
		free(answer->message);
	}
	EACH(&wire->certificates, certificate)
		free(certificate->der);
	EACH(&wire->texts, text)
		free(*text);
}

static void release_sockets(struct axev__wire *wire)
{
	struct axev__wire_socket *socket;

	EACH(&wire->sockets, socket) {
		free(socket->url);
		free(socket->extensions);
		free(socket->subprotocol);
		free(socket->fields[0]);
		free(socket->fields[1]);
		free(socket->sides[0].marks.items);
		free(socket->sides[1].marks.items);
	}
	free(wire->sockets.items);
}

void axev__wire_release(struct axev__wire *wire)
{
	struct axev__wire_connection *connection;
	struct axev__wire_exchange *exchange;
	struct axev__wire_hop *hop;

	release_names(wire);
	EACH(&wire->connections, connection)
		release_connection(connection);
	EACH(&wire->hops, hop) {
		free((char *)hop->facts.url);
		free((char *)hop->facts.method);
		free((char *)hop->facts.type);
	}
	release_sockets(wire);
	EACH(&wire->exchanges, exchange) {
		free(exchange->url);
		free(exchange->method);
		free(exchange->media_type);
	}
	free(wire->verifications.items);
	free(wire->lookups.items);
	free(wire->answers.items);
	free(wire->certificates.items);
	free(wire->texts.items);
	free(wire->connections.items);
	free(wire->hops.items);
	free(wire->exchanges.items);
	free(wire->map.slots);
}
