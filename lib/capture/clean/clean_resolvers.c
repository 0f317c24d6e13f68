/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The same name asked of the system's resolvers and of others. Answers that differ are usual where a site has many servers;
 * that one knows the name and another denies it is not.
 */
#include <arpa/inet.h>
#include <stdio.h>

#include "base/text.h"
#include "base/time.h"
#include "capture/clean/clean.h"
#include "capture/clean/clean_ask.h"
#include "content/dns_message.h"
#include "net/ask.h"
#include "package/worker.h"

static const char *const default_resolvers[] = { "223.5.5.5", "119.29.29.29", "1.1.1.1" };

/* ---- which ---- */

int axev__clean_check_opts(const axev_web_opts *opts, axev_error *err)
{
	struct axev__server server;
	struct axev__shown shown;
	size_t i;

	if (opts->checks < AXEV_CHECKS_STANDARD || opts->checks > AXEV_CHECKS_NONE)
		return axev__fail(err, AXEV_E_INVAL, "expected checks standard, strict or none");
	if (opts->resolver_count > AXEV__MAX_CLEAN_SERVERS || opts->time_server_count > AXEV__MAX_CLEAN_SERVERS)
		return axev__fail(err, AXEV_E_LIMIT, "expected at most %d servers of a kind",
				  AXEV__MAX_CLEAN_SERVERS);
	for (i = 0; i < opts->resolver_count; i++)
		if (!axev__server_parse(opts->resolvers[i], 53, &server))
			return axev__fail(err, AXEV_E_INVAL, "%s: expected a resolver as 192.0.2.53, with :PORT if need be",
					  axev__show_str(&shown, opts->resolvers[i]));
	return AXEV_OK;
}

unsigned axev__system_resolvers(struct axev__span resolv_conf, struct axev__server *out, unsigned max)
{
	struct axev__span line, word;
	unsigned count = 0;

	while (count < max && axev__clean_line(&resolv_conf, &line)) {
		char text[64];

		if (!axev__clean_word(&line, &word) || !axev__span_is(word, "nameserver") ||
		    !axev__clean_word(&line, &word) || word.size >= sizeof(text))
			continue;
		snprintf(text, sizeof(text), "%.*s", (int)word.size, (const char *)word.data);
		text[strcspn(text, "%")] = '\0'; /* a zone of a link-local address */
		if (axev__server_parse(text, 53, &out[count]))
			count++;
	}
	return count;
}

static void choose_one(const struct axev__server *server, const char *label, const char *chosen,
		       struct axev__resolver *out)
{
	*out = (struct axev__resolver){ .server = *server, .chosen = chosen };
	snprintf(out->label, sizeof(out->label), "%.60s", label);
}

size_t axev__resolvers_choose(const axev_web_opts *opts, struct axev__span resolv_conf,
			      struct axev__resolver out[AXEV__MAX_RESOLVERS])
{
	struct axev__server servers[AXEV__MAX_SYSTEM_RESOLVERS], server;
	size_t systems = axev__system_resolvers(resolv_conf, servers, AXEV__MAX_SYSTEM_RESOLVERS), used, i;
	const char *const *given = opts->resolver_count ? opts->resolvers : default_resolvers;
	size_t count = opts->resolver_count ? opts->resolver_count : AXEV__COUNT(default_resolvers);
	char text[INET6_ADDRSTRLEN];

	for (used = 0; used < systems; used++) {
		axev__server_text(&servers[used], text);
		choose_one(&servers[used], text, "system", &out[used]);
	}
	for (i = 0; i < count && used < AXEV__MAX_RESOLVERS; i++)
		if (axev__server_parse(given[i], 53, &server))
			choose_one(&server, given[i], opts->resolver_count ? "option" : "default", &out[used++]);
	return used;
}

struct probes {
	struct axev__resolver_probe items[AXEV__MAX_RESOLVERS];
	size_t count;
};
static void probes_free(struct probes **probes)
{
	size_t i;

	for (i = 0; *probes && i < (*probes)->count; i++)
		axev__resolver_probe_free(&(*probes)->items[i]);
	free(*probes);
}

static void add(struct probes *probes, const struct axev__clean_asked *asked, const struct axev__resolver *resolver)
{
	struct axev__resolver_probe *probe = &probes->items[probes->count];

	probe->host = asked->host;
	probe->is_system = strcmp(resolver->chosen, "system") == 0;
	probe->server = resolver->server;
	memcpy(probe->ids, asked->random + 4 * probes->count, 4);
	memcpy(probe->label, resolver->label, sizeof(probe->label));
	probes->count++;
}

static int choose(const struct axev__clean_asked *asked, struct axev__clean_row *row, struct probes *probes,
		  axev_error *err)
{
	AXEV__BUF configuration = AXEV__BUF_INIT(AXEV__MIB);
	struct axev__resolver resolvers[AXEV__MAX_RESOLVERS];
	size_t count, i;

	TRY(axev__clean_section(&row->raw, "/etc/resolv.conf", NULL, err));
	if (axev__clean_file("/etc/resolv.conf", &configuration, NULL) == AXEV_E_NOMEM)
		return axev__nomem(err);
	count = axev__resolvers_choose(asked->opts, axev__buf_view(&configuration), resolvers);
	for (i = 0; i < count; i++)
		add(probes, asked, &resolvers[i]);
	return AXEV_OK;
}

static void *run_probe(void *payload)
{
	axev__resolver_probe_run(payload);
	return NULL;
}

static int run_all(struct probes *probes, axev_error *err)
{
	pthread_t threads[AXEV__MAX_RESOLVERS];
	size_t started = 0, i;
	int status = AXEV_OK;

	while (status >= 0 && started < probes->count) {
		status = axev__worker_start(&threads[started], run_probe, &probes->items[started], err);
		started += status >= 0;
	}
	for (i = 0; i < started; i++)
		pthread_join(threads[i], NULL);
	return status;
}

/* ---- what they said ---- */

static int append_address(struct axev__buf *out, const struct axev__dns_reply *reply, size_t i, bool is_v6,
			  axev_error *err)
{
	char text[INET6_ADDRSTRLEN];

	inet_ntop(is_v6 ? AF_INET6 : AF_INET, reply->addresses[i], text, sizeof(text));
	return axev__buf_printf(out, err, " %s", text);
}

static int append_reply(struct axev__buf *out, const struct axev__resolver_probe *probe, size_t which,
			axev_error *err)
{
	const struct axev__dns_reply *reply = &probe->replies[which];
	size_t i;

	TRY(axev__buf_printf(out, err, "%s resolver %s, %s:", probe->is_system ? "system" : "other", probe->label,
			     which ? "AAAA" : "A"));
	if (!probe->has[which])
		return axev__buf_printf(out, err, " no answer%s%s\n", probe->err.message[0] ? ": " : "",
					probe->err.message);
	TRY(axev__buf_printf(out, err, " code %u%s", reply->code, reply->is_authentic ? " AD" : ""));
	for (i = 0; i < reply->count; i++)
		TRY(append_address(out, reply, i, which == 1, err));
	TRY(axev__buf_str(out, "\nmessage ", err));
	TRY(axev__base64(out, axev__buf_view(&probe->messages[which]), err));
	return axev__buf_byte(out, '\n', err);
}

static bool has_answered(const struct axev__resolver_probe *probe)
{
	return probe->has[0] && probe->has[1] && probe->replies[0].code != 2 && probe->replies[1].code != 2 &&
	       probe->replies[0].code != 5;
}

static bool has_addresses(const struct axev__resolver_probe *probe)
{
	return probe->replies[0].count + probe->replies[1].count > 0;
}

static bool has_address(const struct axev__dns_reply *reply, const uint8_t address[16])
{
	size_t i;

	for (i = 0; i < reply->count; i++)
		if (memcmp(reply->addresses[i], address, 16) == 0)
			return true;
	return false;
}

static bool is_within(const struct axev__resolver_probe *a, const struct axev__resolver_probe *b)
{
	size_t which, i;

	for (which = 0; which < 2; which++)
		for (i = 0; i < a->replies[which].count; i++)
			if (!has_address(&b->replies[which], a->replies[which].addresses[i]))
				return false;
	return true;
}

struct tally {
	struct axev__clean_list silent, differing, deny, know;
	unsigned systems, others, not_authentic;
};

static void compare(const struct probes *probes, struct tally *tally)
{
	const struct axev__resolver_probe *first = NULL;
	size_t i;

	for (i = 0; i < probes->count; i++) {
		const struct axev__resolver_probe *probe = &probes->items[i];
		struct axev__span label = axev__span_str(probe->label);

		if (!has_answered(probe)) {
			axev__clean_list_add(&tally->silent, label);
			continue;
		}
		tally->systems += probe->is_system;
		tally->others += !probe->is_system;
		axev__clean_list_add(has_addresses(probe) ? &tally->know : &tally->deny, label);
		first = first ? first : probe;
		if (!is_within(probe, first) || !is_within(first, probe))
			axev__clean_list_add(&tally->differing, label);
	}
}

static int tell(struct tally *tally, struct axev__clean_row *row)
{
	if (tally->systems == 0 || tally->others == 0)
		return axev__clean_say(row, AXEV__CLEAN_NOT_REACHABLE,
				       "nothing to compare: %u of the system's resolvers and %u others answered",
				       tally->systems, tally->others);
	if (tally->deny.count > 0 && tally->know.count > 0)
		return axev__clean_say(row, AXEV__CLEAN_FAILED, "no address by %s, addresses by %s",
				       axev__clean_list_text(&tally->deny), axev__clean_list_text(&tally->know));
	if (tally->differing.count > 0)
		return axev__clean_say(row, AXEV__CLEAN_NOTED,
				       "addresses differ, as is usual for sites with many servers: %s",
				       axev__clean_list_text(&tally->differing));
	if (tally->silent.count > 0)
		return axev__clean_say(row, AXEV__CLEAN_NOTED, "the same from %u; no answer from %s",
				       tally->systems + tally->others, axev__clean_list_text(&tally->silent));
	return axev__clean_say(row, AXEV__CLEAN_PASSED, "the same from %u resolvers",
			       tally->systems + tally->others);
}

int axev__clean_resolvers(const struct axev__clean_asked *asked, struct axev__clean_row *row, axev_error *err)
{
	AXEV__CLEANUP(probes_free) struct probes *probes = NULL;
	struct tally tally = { 0 };
	size_t i, which;

	if (asked->is_address || asked->is_own_machine)
		return axev__clean_say(row, AXEV__CLEAN_NOTED, "there is no name to look up");
	probes = calloc(1, sizeof(*probes));
	if (!probes)
		return axev__nomem(err);
	TRY(choose(asked, row, probes, err));
	TRY(run_all(probes, err));
	for (i = 0; i < probes->count; i++) {
		if (probes->items[i].status == AXEV_E_NOMEM)
			return axev__nomem(err);
		for (which = 0; which < 2; which++)
			TRY(append_reply(&row->raw, &probes->items[i], which, err));
	}
	compare(probes, &tally);
	return tell(&tally, row);
}
