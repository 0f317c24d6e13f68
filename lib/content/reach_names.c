/* SPDX-License-Identifier: Apache-2.0 */
/* What the answers of resolvers say, and the addresses that follow from them. */
#include <arpa/inet.h>
#include <stdio.h>

#include "base/text.h"
#include "content/address_space.h"
#include "content/dns_message.h"
#include "content/reach.h"

static const char *const host_names[] = { "name", "address", "own" };

/* ---- one answer ---- */

static int set_code(axev__json *question, unsigned code, axev_error *err)
{
	/* RFC 1035 4.1.1, RFC 2136 2.2 */
	static const char *const names[] = { "NOERROR", "FORMERR", "SERVFAIL", "NXDOMAIN", "NOTIMP", "REFUSED" };
	char number[16];

	snprintf(number, sizeof(number), "RCODE%u", code);
	return axev__json_set_str(question, "code", code < AXEV__COUNT(names) ? names[code] : number, err);
}

static int set_addresses(axev__json *question, const struct axev__dns_reply *reply, unsigned type, axev_error *err)
{
	AXEV__JSON *list = axev__json_new_array();
	char text[INET6_ADDRSTRLEN];
	size_t i;

	for (i = 0; i < reply->count; i++) {
		inet_ntop(type == AXEV__DNS_A ? AF_INET : AF_INET6, reply->addresses[i], text, sizeof(text));
		TRY(axev__json_append_str(list, text, err));
	}
	return axev__json_set(question, "addresses", axev__steal(list), err);
}

static int set_aliases(axev__json *question, const struct axev__dns_reply *reply, axev_error *err)
{
	AXEV__JSON *list = axev__json_new_array();
	size_t i;

	for (i = 0; i < reply->alias_count; i++) {
		AXEV__BUF text = AXEV__BUF_INIT(4 * AXEV__MAX_DNS_NAME);

		TRY(axev__dns_name_text(&reply->aliases[i], &text, err));
		TRY(axev__json_append(list, axev__json_new_string(axev__buf_view(&text)), err));
	}
	return axev__json_set(question, "aliases", axev__steal(list), err);
}

static int set_reply(axev__json *question, const struct axev__dns_reply *reply, unsigned type, axev_error *err)
{
	TRY(set_code(question, reply->code, err));
	TRY(set_addresses(question, reply, type, err));
	TRY(set_aliases(question, reply, err));
	/* RFC 4035 3.2.3: AD is the resolver's word; nothing proves it. */
	TRY(axev__json_set_bool(question, "says_authentic", reply->is_authentic, err));
	return axev__json_set_bool(question, "cut", reply->is_cut, err);
}

static int read_base64(const axev__json *json, const char *key, struct axev__buf *out, axev_error *err)
{
	struct axev__span text;

	TRY(axev__json_string(json, key, &text, err));
	return axev__unbase64(out, text) ? AXEV_OK : axev__fail(err, AXEV_E_FORMAT, "member '%s': expected base64", key);
}

/* The query is the one that this host and type make, but for its id; the message answers it. */
static int read_question(axev__json *question, const char *host, axev_error *err)
{
	AXEV__BUF query = AXEV__BUF_INIT(512), expected = AXEV__BUF_INIT(512);
	AXEV__BUF message = AXEV__BUF_INIT(AXEV__MAX_DNS_MESSAGE);
	struct axev__dns_reply reply;
	struct axev__span name;
	unsigned type;

	TRY(axev__json_string(question, "type", &name, err));
	type = axev__span_is(name, "A") ? AXEV__DNS_A : AXEV__DNS_AAAA;
	TRY(read_base64(question, "query", &query, err));
	if (query.size < 2)
		return axev__fail(err, AXEV_E_INVALID, "is not the question for this host and type");
	TRY(axev__dns_query(host, type, axev__get_u16be(query.data), &expected, err));
	if (!axev__span_equal(axev__buf_view(&query), axev__buf_view(&expected)))
		return axev__fail(err, AXEV_E_INVALID, "is not the question for this host and type");
	if (!axev__json_get(question, "message"))
		return AXEV_OK;
	TRY(read_base64(question, "message", &message, err));
	TRY(axev__dns_reply(axev__buf_view(&message), axev__buf_view(&query), &reply, err));
	return set_reply(question, &reply, type, err);
}

/* "192.0.2.53:53" and "[2001:db8::53]:53" without the port. */
static struct axev__span address_of(struct axev__span server)
{
	size_t end = server.size;

	while (end > 0 && server.data[end - 1] != ':')
		end--;
	end = end ? end - 1 : 0;
	if (end >= 2 && server.data[0] == '[')
		return axev__span(server.data + 1, end - 2);
	return axev__span(server.data, end);
}

static int set_space(axev__json *json, struct axev__span address, axev_error *err)
{
	const char *space = axev__space_name(axev__address_space(address));

	if (!space)
		return axev__fail(err, AXEV_E_FORMAT, "expected an IP address");
	return axev__json_set_str(json, "address_space", space, err);
}

static int read_resolver(axev__json *resolver, const char *host, axev_error *err)
{
	axev__json *questions;
	struct axev__span server;
	size_t i;

	TRY(axev__json_string(resolver, "server", &server, err));
	TRY(set_space(resolver, address_of(server), err));
	TRY(axev__json_array(resolver, "questions", &questions, err));
	for (i = 0; i < axev__json_count(questions); i++)
		TRY(axev__prefix(read_question(axev__json_at(questions, i), host, err), err, "questions[%zu]", i));
	return AXEV_OK;
}

/* ---- addresses ---- */

static axev__json *find(const axev__json *addresses, struct axev__span address)
{
	struct axev__span found;
	size_t i;

	for (i = 0; i < axev__json_count(addresses); i++)
		if (axev__json_as_string(axev__json_get(axev__json_at(addresses, i), "address"), &found) &&
		    axev__span_equal(found, address))
			return axev__json_at(addresses, i);
	return NULL;
}

static int add_address(axev__json *list, struct axev__span address, axev__json **ret_row, axev_error *err)
{
	AXEV__JSON *row = NULL;

	*ret_row = find(list, address);
	if (*ret_row)
		return AXEV_OK;
	row = axev__json_new_object();
	TRY(axev__json_set_string(row, "address", address, err));
	TRY(axev__json_set(row, "named_by", axev__json_new_array(), err));
	TRY(set_space(row, address, err));
	*ret_row = row;
	return axev__json_append(list, axev__steal(row), err);
}

/* The place of a resolver in the list, once. */
static int name_by(axev__json *row, size_t resolver, axev_error *err)
{
	axev__json *named_by = axev__json_get(row, "named_by");
	AXEV__JSON *holder = NULL;
	int64_t last = -1;

	if (axev__json_count(named_by))
		axev__json_as_integer(axev__json_at(named_by, axev__json_count(named_by) - 1), &last);
	if (last == (int64_t)resolver)
		return AXEV_OK;
	holder = axev__json_new_object();
	TRY(axev__json_set_u64(holder, "n", resolver, err));
	return axev__json_append(named_by, axev__json_copy(axev__json_get(holder, "n")), err);
}

static int add_of_question(axev__json *list, const axev__json *question, size_t resolver, axev_error *err)
{
	const axev__json *found = axev__json_get(question, "addresses");
	struct axev__span address;
	axev__json *row;
	size_t i;

	for (i = 0; i < axev__json_count(found); i++) {
		if (!axev__json_as_string(axev__json_at(found, i), &address))
			continue;
		TRY(add_address(list, address, &row, err));
		TRY(name_by(row, resolver, err));
	}
	return AXEV_OK;
}

static int add_of_resolvers(axev__json *list, const axev__json *resolvers, axev_error *err)
{
	size_t i, j;

	for (i = 0; i < axev__json_count(resolvers); i++) {
		const axev__json *questions = axev__json_get(axev__json_at(resolvers, i), "questions");

		for (j = 0; j < axev__json_count(questions); j++)
			TRY(add_of_question(list, axev__json_at(questions, j), i, err));
	}
	return AXEV_OK;
}

/* RFC 6761 6.3: what localhost is, is known. */
static int add_of_host(axev__json *list, const struct axev__reach_target *target, axev_error *err)
{
	axev__json *row;

	if (target->kind == AXEV__REACH_ADDRESS) {
		uint8_t bytes[16];
		char text[INET6_ADDRSTRLEN];
		int family = strchr(target->host, ':') ? AF_INET6 : AF_INET;

		/* As answers are written: one address has one form. */
		if (inet_pton(family, target->host, bytes) != 1 || !inet_ntop(family, bytes, text, sizeof(text)))
			return axev__fail(err, AXEV_E_FORMAT, "expected an IP address");
		return add_address(list, axev__span_str(text), &row, err);
	}
	if (target->kind == AXEV__REACH_NAME)
		return AXEV_OK;
	TRY(add_address(list, axev__span_str("127.0.0.1"), &row, err));
	return add_address(list, axev__span_str("::1"), &row, err);
}

/* What answered then is asked again, whether or not a resolver still names it. */
static int add_of_earlier(axev__json *list, const axev__json *earlier, axev_error *err)
{
	const axev__json *addresses = axev__json_get(earlier, "addresses");
	struct axev__span address;
	axev__json *row;
	size_t i;

	for (i = 0; i < axev__json_count(addresses); i++) {
		TRY(axev__json_string(axev__json_at(addresses, i), "address", &address, err));
		if (find(list, address))
			continue;
		TRY(add_address(list, address, &row, err));
		TRY(axev__json_set_bool(row, "of_earlier", true, err));
	}
	return AXEV_OK;
}

static int set_list(axev__json *document, const struct axev__reach_target *target, const axev__json *earlier,
		    axev_error *err)
{
	AXEV__JSON *all = axev__json_new_array(), *list = axev__json_new_array();
	size_t count, i;

	if (!all)
		return axev__nomem(err);
	TRY(add_of_host(all, target, err));
	TRY(add_of_resolvers(all, axev__json_get(document, "resolvers"), err));
	TRY(add_of_earlier(all, earlier, err));
	count = axev__json_count(all);
	for (i = 0; i < count && i < AXEV__MAX_REACH_ADDRESSES; i++)
		TRY(axev__json_append(list, axev__json_copy(axev__json_at(all, i)), err));
	TRY(axev__json_set_u64(document, "addresses_not_tried", count - i, err));
	return axev__json_set(document, "addresses", axev__steal(list), err);
}

/* ---- */

static int set_target(axev__json *document, struct axev__span url, const struct axev__reach_target *target,
		      axev_error *err)
{
	AXEV__BUF request = AXEV__BUF_INIT(4 * AXEV__MAX_URL_BYTES);

	TRY(axev__reach_request(url, &request, err));
	TRY(axev__json_set_str(document, "scheme", target->is_tls ? "https" : "http", err));
	TRY(axev__json_set_str(document, "host", target->host, err));
	TRY(axev__json_set_str(document, "host_is", host_names[target->kind], err));
	TRY(axev__json_set_u64(document, "port", target->port, err));
	return axev__json_set_string(document, "request", axev__buf_view(&request), err);
}

int axev__reach_names(axev__json *document, const axev__json *earlier, axev_error *err)
{
	struct axev__reach_target target;
	axev__json *resolvers;
	struct axev__span url;
	size_t i;

	TRY(axev__json_string(document, "url", &url, err));
	TRY(axev__reach_target(url, &target, err));
	TRY(set_target(document, url, &target, err));
	TRY(axev__json_array(document, "resolvers", &resolvers, err));
	if (target.kind != AXEV__REACH_NAME && axev__json_count(resolvers))
		return axev__fail(err, AXEV_E_INVALID, "expected no resolvers for a host that is not looked up");
	for (i = 0; i < axev__json_count(resolvers); i++)
		TRY(axev__prefix(read_resolver(axev__json_at(resolvers, i), target.host, err), err, "resolvers[%zu]", i));
	return set_list(document, &target, earlier, err);
}
