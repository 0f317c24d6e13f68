/* SPDX-License-Identifier: Apache-2.0 */
/* The form of "ax-reach/1": members, their types and words, in tables as FORMAT.md 10 has them. */
#include "base/text.h"
#include "base/time.h"
#include "content/reach.h"

enum type { TEXT, WORD, TIME, BASE64, HEX32, INTEGER, BOOL, OBJECT, TEXTS, NUMBERS, OBJECTS };

struct shape;
struct member {
	const char *name;
	enum type type;
	bool is_required;
	const char *const *words; /* of WORD */
	const struct shape *shape; /* of OBJECT, OBJECTS */
};
struct shape {
	const struct member *members;
	size_t count;
};
#define SHAPE(members) { members, AXEV__COUNT(members) }

static const char *const schemes[] = { "http", "https", NULL };
static const char *const hosts[] = { "name", "address", "own", NULL };
static const char *const spaces[] = { "loopback", "link-local", "private", "public", NULL };
static const char *const chosen[] = { "system", "option", "default", NULL };
static const char *const types[] = { "A", "AAAA", NULL };
static const char *const transports[] = { "udp", "tcp", NULL };
static const char *const silences[] = { "timed_out", "refused", "unreachable", "failed", NULL };
static const char *const connections[] = { "connected", "refused", "timed_out", "unreachable", "failed", NULL };
static const char *const handshakes[] = { "handshake", "alert", "refused_here", "closed", "timed_out", "failed", NULL };
static const char *const answers[] = { "answered", "no_answer", "not_http", NULL };
static const char *const ends[] = { "head", "limit", "closed", "timed_out", "alert", "failed", NULL };
static const char *const distances[] = { "nothing", "connection", "handshake", "answer", NULL };

static const struct member limit_members[] = {
	{ "dns_ms", INTEGER, true, NULL, NULL },   { "connect_ms", INTEGER, true, NULL, NULL },
	{ "tls_ms", INTEGER, true, NULL, NULL },   { "http_ms", INTEGER, true, NULL, NULL },
	{ "addresses", INTEGER, true, NULL, NULL }, { "received_bytes", INTEGER, true, NULL, NULL },
};
static const struct shape limit_shape = SHAPE(limit_members);

static const struct member question_members[] = {
	{ "type", WORD, true, types, NULL },
	{ "asked", TIME, true, NULL, NULL },
	{ "query", BASE64, true, NULL, NULL },
	{ "over", WORD, false, transports, NULL },
	{ "answered", TIME, false, NULL, NULL },
	{ "message", BASE64, false, NULL, NULL },
	{ "no_answer", WORD, false, silences, NULL },
	{ "errno", TEXT, false, NULL, NULL },
	{ "code", TEXT, false, NULL, NULL },
	{ "addresses", TEXTS, false, NULL, NULL },
	{ "aliases", TEXTS, false, NULL, NULL },
	{ "says_authentic", BOOL, false, NULL, NULL },
	{ "cut", BOOL, false, NULL, NULL },
};
static const struct shape question_shape = SHAPE(question_members);

static const struct member resolver_members[] = {
	{ "server", TEXT, true, NULL, NULL },
	{ "chosen", WORD, true, chosen, NULL },
	{ "address_space", WORD, true, spaces, NULL },
	{ "questions", OBJECTS, true, NULL, &question_shape },
};
static const struct shape resolver_shape = SHAPE(resolver_members);

static const struct member tcp_members[] = {
	{ "began", TIME, true, NULL, NULL },
	{ "ended", TIME, true, NULL, NULL },
	{ "outcome", WORD, true, connections, NULL },
	{ "errno", TEXT, false, NULL, NULL },
};
static const struct shape tcp_shape = SHAPE(tcp_members);

static const struct member tls_members[] = {
	{ "began", TIME, true, NULL, NULL },
	{ "ended", TIME, true, NULL, NULL },
	{ "outcome", WORD, true, handshakes, NULL },
	{ "errno", TEXT, false, NULL, NULL },
	{ "alert", INTEGER, false, NULL, NULL },
	{ "alert_name", TEXT, false, NULL, NULL },
	{ "version", TEXT, false, NULL, NULL },
	{ "leaf_sha256", HEX32, false, NULL, NULL },
};
static const struct shape tls_shape = SHAPE(tls_members);

static const struct member http_members[] = {
	{ "began", TIME, true, NULL, NULL },
	{ "ended", TIME, true, NULL, NULL },
	{ "ended_by", WORD, true, ends, NULL },
	{ "errno", TEXT, false, NULL, NULL },
	{ "alert", INTEGER, false, NULL, NULL },
	{ "alert_name", TEXT, false, NULL, NULL },
	{ "received", BASE64, true, NULL, NULL },
	{ "outcome", WORD, true, answers, NULL },
	{ "status", INTEGER, false, NULL, NULL },
	{ "reason", TEXT, false, NULL, NULL },
	{ "head_whole", BOOL, false, NULL, NULL },
	{ "location", TEXT, false, NULL, NULL },
};
static const struct shape http_shape = SHAPE(http_members);

static const struct member address_members[] = {
	{ "address", TEXT, true, NULL, NULL },
	{ "address_space", WORD, true, spaces, NULL },
	{ "named_by", NUMBERS, true, NULL, NULL },
	{ "of_earlier", BOOL, false, NULL, NULL },
	{ "tcp", OBJECT, true, NULL, &tcp_shape },
	{ "tls", OBJECT, false, NULL, &tls_shape },
	{ "http", OBJECT, false, NULL, &http_shape },
	{ "reached", WORD, true, distances, NULL },
};
static const struct shape address_shape = SHAPE(address_members);

static const struct member summary_members[] = {
	{ "resolvers", INTEGER, true, NULL, NULL },  { "resolvers_answered", INTEGER, true, NULL, NULL },
	{ "addresses", INTEGER, true, NULL, NULL },  { "connected", INTEGER, true, NULL, NULL },
	{ "handshakes", INTEGER, true, NULL, NULL }, { "answered", INTEGER, true, NULL, NULL },
};
static const struct shape summary_shape = SHAPE(summary_members);

static const struct member document_members[] = {
	{ "format", TEXT, true, NULL, NULL },
	{ "url", TEXT, true, NULL, NULL },
	{ "scheme", WORD, true, schemes, NULL },
	{ "host", TEXT, true, NULL, NULL },
	{ "host_is", WORD, true, hosts, NULL },
	{ "port", INTEGER, true, NULL, NULL },
	{ "request", TEXT, true, NULL, NULL },
	{ "started", TIME, true, NULL, NULL },
	{ "finished", TIME, true, NULL, NULL },
	{ "limits", OBJECT, true, NULL, &limit_shape },
	{ "resolvers", OBJECTS, true, NULL, &resolver_shape },
	{ "addresses", OBJECTS, true, NULL, &address_shape },
	{ "addresses_not_tried", INTEGER, true, NULL, NULL },
	{ "summary", OBJECT, true, NULL, &summary_shape },
};
static const struct shape document_shape = SHAPE(document_members);

/* ---- */

struct window {
	int64_t from_ns, to_ns;
};

static int check_object(const axev__json *json, const struct shape *shape, const struct window *window, axev_error *err);

static int check_word(const axev__json *json, const struct member *member, axev_error *err)
{
	const char *const *word;
	struct axev__span text;

	TRY(axev__json_string(json, member->name, &text, err));
	for (word = member->words; *word; word++)
		if (axev__span_is(text, *word))
			return AXEV_OK;
	return axev__fail(err, AXEV_E_FORMAT, "member '%s': expected one of its words", member->name);
}

/* One clock counted all of them. */
static int check_time(const axev__json *json, const struct member *member, const struct window *window, axev_error *err)
{
	int64_t time_ns;

	TRY(axev__json_time(json, member->name, &time_ns, err));
	if (time_ns < window->from_ns || time_ns > window->to_ns)
		return axev__fail(err, AXEV_E_INVALID, "member '%s': expected a time from started to finished", member->name);
	return AXEV_OK;
}

static int check_items(const axev__json *json, const struct member *member, axev_error *err)
{
	axev__json *list;
	struct axev__span text;
	int64_t number;
	size_t i;

	TRY(axev__json_array(json, member->name, &list, err));
	for (i = 0; i < axev__json_count(list); i++)
		if (member->type == TEXTS ? !axev__json_as_string(axev__json_at(list, i), &text) :
					    !axev__json_as_integer(axev__json_at(list, i), &number))
			return axev__fail(err, AXEV_E_FORMAT, "member '%s': expected a list of %s", member->name,
					  member->type == TEXTS ? "texts" : "numbers");
	return AXEV_OK;
}

static int check_objects(const axev__json *json, const struct member *member, const struct window *window,
			 axev_error *err)
{
	axev__json *list;
	size_t i;

	TRY(axev__json_array(json, member->name, &list, err));
	for (i = 0; i < axev__json_count(list); i++)
		TRY(axev__prefix(check_object(axev__json_at(list, i), member->shape, window, err), err, "%s[%zu]",
				 member->name, i));
	return AXEV_OK;
}

static int check_member(const axev__json *json, const struct member *member, const struct window *window, axev_error *err)
{
	struct axev__span text;
	axev__json *object;
	uint8_t sha256[32];
	uint64_t number;
	bool flag;

	switch (member->type) {
	case WORD:
		return check_word(json, member, err);
	case TIME:
		return check_time(json, member, window, err);
	case HEX32:
		return axev__json_hex(json, member->name, sha256, sizeof(sha256), err);
	case INTEGER:
		return axev__json_u64(json, member->name, &number, err);
	case BOOL:
		return axev__json_boolean(json, member->name, &flag, err);
	case OBJECT:
		TRY(axev__json_object(json, member->name, &object, err));
		return axev__prefix(check_object(object, member->shape, window, err), err, "%s", member->name);
	case TEXTS:
	case NUMBERS:
		return check_items(json, member, err);
	case OBJECTS:
		return check_objects(json, member, window, err);
	default: /* base64 is decoded where it is read */
		return axev__json_string(json, member->name, &text, err);
	}
}

static bool is_member(const struct shape *shape, const char *name)
{
	size_t i;

	for (i = 0; i < shape->count; i++)
		if (strcmp(shape->members[i].name, name) == 0)
			return true;
	return false;
}

static int check_object(const axev__json *json, const struct shape *shape, const struct window *window, axev_error *err)
{
	void *iterator = NULL;
	struct axev__shown shown;
	const char *key;
	axev__json *value;
	size_t i;

	if (axev__json_type(json) != AXEV__JSON_OBJECT)
		return axev__fail(err, AXEV_E_FORMAT, "expected an object");
	while (axev__json_next(json, &iterator, &key, &value))
		if (!is_member(shape, key))
			return axev__fail(err, AXEV_E_FORMAT, "unknown member '%s'", axev__show_str(&shown, key));
	for (i = 0; i < shape->count; i++)
		if (shape->members[i].is_required || axev__json_get(json, shape->members[i].name))
			TRY(check_member(json, &shape->members[i], window, err));
	return AXEV_OK;
}

int axev__reach_check_form(const axev__json *document, axev_error *err)
{
	struct axev__span format;
	struct window window;

	TRY(axev__json_string(document, "format", &format, err));
	if (!axev__span_is(format, AXEV__REACH_FORMAT))
		return axev__fail(err, AXEV_E_FORMAT, "expected the format ax-reach/1");
	TRY(axev__json_time(document, "started", &window.from_ns, err));
	TRY(axev__json_time(document, "finished", &window.to_ns, err));
	return check_object(document, &document_shape, &window, err);
}
