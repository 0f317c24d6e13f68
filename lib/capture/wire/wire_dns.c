/* SPDX-License-Identifier: Apache-2.0 */
#include "capture/wire/wire_internal.h"

static struct axev__wire_lookup *lookup_of(const struct axev__wire *wire, int64_t id)
{
	size_t index = axev__wire_find(wire, AXEV__WIRE_LOOKUP, id);

	return index == AXEV__WIRE_NONE ? NULL : &wire->lookups.items[index];
}

static int lookup_job(struct axev__wire *wire, const struct axev__netlog_event *event,
		      axev_error *err)
{
	struct axev__wire_lookup *lookup = lookup_of(wire, event->id);

	if (event->phase != AXEV__NETLOG_BEGIN) {
		if (lookup) {
			lookup->ended_ns = event->time_ns;
			lookup->net_error = axev__wire_number(event->params, "net_error");
		}
		return AXEV_OK;
	}
	TRY(AXEV__WIRE_ADD(wire, &wire->lookups, err));
	lookup = AXEV__WIRE_LAST(&wire->lookups);
	lookup->began_ns = event->time_ns;
	TRY(axev__wire_keep_member(wire, event->params, "host", &lookup->host, err));
	return axev__wire_bind(wire, AXEV__WIRE_LOOKUP, event->id, wire->lookups.count - 1, err);
}

/* The operating system's resolver: what it was asked and answered on the network is not known. */
static int system_task(struct axev__wire *wire, const struct axev__netlog_event *event,
		       axev_error *err)
{
	struct axev__wire_lookup *lookup = lookup_of(wire, event->id);
	struct axev__span text;
	axev__json *list;
	size_t i;

	if (!lookup)
		return AXEV_OK;
	lookup->has_system = true;
	if (event->phase != AXEV__NETLOG_END)
		return AXEV_OK;
	lookup->system_error = axev__wire_number(event->params, "net_error");
	lookup->system_os_error = axev__wire_number(event->params, "os_error");
	list = axev__json_get(event->params, "address_list");
	if (axev__json_type(list) != AXEV__JSON_ARRAY)
		return AXEV_OK;
	for (i = 0; i < axev__json_count(list); i++) {
		if (!axev__json_as_string(axev__json_at(list, i), &text))
			continue;
		TRY(AXEV__WIRE_ADD(wire, &lookup->addresses, err));
		TRY(axev__wire_keep(wire, axev__wire_ip(text), AXEV__WIRE_LAST(&lookup->addresses),
				    err));
	}
	return AXEV_OK;
}

/* A lookup asks (on its own source), a transaction begins (on another). */
static int transaction(struct axev__wire *wire, const struct axev__netlog_event *event,
		       axev_error *err)
{
	size_t index = axev__wire_find(wire, AXEV__WIRE_LOOKUP, event->id);
	struct axev__wire_answer *answer;
	int64_t id;

	if (event->source == AXEV__NETLOG_FROM_HOST_RESOLVER_IMPL_JOB) {
		if (index == AXEV__WIRE_NONE || !axev__wire_dependency(event->params, &id))
			return AXEV_OK;
		return axev__wire_bind(wire, AXEV__WIRE_QUESTION, id, index, err);
	}
	if (event->phase != AXEV__NETLOG_BEGIN)
		return AXEV_OK;
	TRY(AXEV__WIRE_ADD(wire, &wire->answers, err));
	answer = AXEV__WIRE_LAST(&wire->answers);
	answer->lookup = axev__wire_find(wire, AXEV__WIRE_QUESTION, event->id);
	answer->time_ns = event->time_ns;
	answer->type = axev__wire_number(event->params, "query_type");
	TRY(axev__wire_keep_member(wire, event->params, "hostname", &answer->name, err));
	return axev__wire_bind(wire, AXEV__WIRE_ANSWER, event->id, wire->answers.count - 1, err);
}

/* Address of the server that a UDP socket was connected to. */
static int keep_server(struct axev__wire *wire, const axev__json *params, char **ret_server,
		       axev_error *err)
{
	size_t text;
	int64_t id;

	if (!axev__wire_dependency(params, &id))
		return AXEV_OK;
	text = axev__wire_find(wire, AXEV__WIRE_UDP_OUTER, id);
	if (text == AXEV__WIRE_NONE)
		return AXEV_OK;
	text = axev__wire_find(wire, AXEV__WIRE_UDP, (int64_t)text);
	if (text == AXEV__WIRE_NONE)
		return AXEV_OK;
	return axev__wire_keep(wire, axev__span_str(wire->texts.items[text]), ret_server, err);
}

/* A retried question may be answered more than once: each answer is kept. */
static int response(struct axev__wire *wire, const struct axev__netlog_event *event,
		    axev_error *err)
{
	size_t index = axev__wire_find(wire, AXEV__WIRE_ANSWER, event->id);
	struct axev__wire_answer *answer, *asked;

	if (index == AXEV__WIRE_NONE)
		return AXEV_OK;
	if (wire->answers.items[index].message) {
		TRY(AXEV__WIRE_ADD(wire, &wire->answers, err));
		asked = &wire->answers.items[index];
		answer = AXEV__WIRE_LAST(&wire->answers);
		answer->lookup = asked->lookup;
		answer->type = asked->type;
		if (asked->name)
			TRY(axev__wire_keep(wire, axev__span_str(asked->name), &answer->name, err));
	}
	else
		answer = &wire->answers.items[index];
	answer->time_ns = event->time_ns;
	answer->rcode = axev__wire_number(event->params, "rcode");
	TRY(keep_server(wire, event->params, &answer->server, err));
	return axev__wire_keep_base64(wire, event->params, "response_buffer", &answer->message, err);
}

/* An answer names the inner socket; the outer one, which the inner depends on, knows the address. */
static int udp(struct axev__wire *wire, const struct axev__netlog_event *event, axev_error *err)
{
	int64_t outer;

	if (event->type == AXEV__NETLOG_SOCKET_ALIVE &&
	    event->source == AXEV__NETLOG_FROM_UDP_SOCKET) {
		if (event->phase != AXEV__NETLOG_BEGIN ||
		    !axev__wire_dependency(event->params, &outer) || outer < 0)
			return AXEV_OK;
		return axev__wire_bind(wire, AXEV__WIRE_UDP_OUTER, event->id, (size_t)outer, err);
	}
	if (event->type != AXEV__NETLOG_SOCKET_CONNECT ||
	    event->source != AXEV__NETLOG_FROM_UDP_CLIENT_SOCKET ||
	    !axev__json_get(event->params, "address"))
		return AXEV_OK;
	TRY(AXEV__WIRE_ADD(wire, &wire->texts, err));
	TRY(axev__wire_keep(wire, axev__span_str(""), AXEV__WIRE_LAST(&wire->texts), err));
	TRY(axev__wire_keep_member(wire, event->params, "address", AXEV__WIRE_LAST(&wire->texts),
				   err));
	return axev__wire_bind(wire, AXEV__WIRE_UDP, event->id, wire->texts.count - 1, err);
}

int axev__wire_dns_event(struct axev__wire *wire, const struct axev__netlog_event *event,
			 axev_error *err)
{
	struct axev__wire_lookup *lookup;

	switch (event->type) {
	case AXEV__NETLOG_HOST_RESOLVER_MANAGER_JOB:
		return lookup_job(wire, event, err);
	case AXEV__NETLOG_HOST_RESOLVER_DNS_TASK:
		lookup = lookup_of(wire, event->id);
		if (lookup && event->phase == AXEV__NETLOG_BEGIN)
			lookup->is_secure = axev__wire_flag(event->params, "secure");
		return AXEV_OK;
	case AXEV__NETLOG_HOST_RESOLVER_SYSTEM_TASK:
		return system_task(wire, event, err);
	case AXEV__NETLOG_DNS_TRANSACTION:
		return transaction(wire, event, err);
	case AXEV__NETLOG_DNS_TRANSACTION_RESPONSE:
		return response(wire, event, err);
	case AXEV__NETLOG_SOCKET_ALIVE:
	case AXEV__NETLOG_SOCKET_CONNECT:
		return udp(wire, event, err);
	default:
		return AXEV_OK;
	}
}
