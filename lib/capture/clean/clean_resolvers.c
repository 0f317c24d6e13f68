/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The same name asked of the system's resolvers and of others. Answers that differ are usual where a site has many servers;
 * that one knows the name and another denies it is not.
 */
#include <arpa/inet.h>
#include <stdio.h>

#include "base/text.h"
#include "capture/clean/clean.h"
#include "capture/clean/clean_ask.h"
#include "content/dns_message.h"
#include "net/ask.h"
#include "package/worker.h"

#define ANSWER_MS 1000
#define RESEND_MS 400
#define MAX_SYSTEM 3 /* resolv.conf(5): MAXNS */

static const char *const default_resolvers[] = { "223.5.5.5", "119.29.29.29", "1.1.1.1" };

/* ---- one resolver ---- */

static const unsigned types[2] = { AXEV__DNS_A, AXEV__DNS_AAAA };

static int take_answer(struct axev__resolver_probe *probe, struct axev__span message)
{
	size_t i;

	for (i = 0; i < 2; i++)
		if (!probe->has[i] && axev__dns_reply(message, axev__buf_view(&probe->queries[i]),
						      &probe->replies[i], NULL) >= 0) {
			probe->has[i] = true;
			axev__buf_clear(&probe->messages[i]);
			return axev__buf_span(&probe->messages[i], message, &probe->err);
		}
	return AXEV_OK; /* no answer to what was asked: as if it had not come */
}

static int send_open(struct axev__resolver_probe *probe, int fd)
{
	size_t i;

	for (i = 0; i < 2; i++)
		if (!probe->has[i])
			TRY(axev__udp_send(fd, axev__buf_view(&probe->queries[i]), &probe->err));
	return AXEV_OK;
}

static int ask_udp(struct axev__resolver_probe *probe, int fd, int64_t deadline_ns)
{
	AXEV__BUF message = AXEV__BUF_INIT(AXEV__MAX_DNS_MESSAGE);
	int64_t resend_ns = axev__clean_mono_ns() + RESEND_MS * INT64_C(1000000);
	bool is_resent = false;

	TRY(send_open(probe, fd));
	while (!probe->has[0] || !probe->has[1]) {
		int64_t now_ns = axev__clean_mono_ns();
		int64_t until_ns = is_resent || resend_ns > deadline_ns ? deadline_ns : resend_ns;
		int status;

		if (now_ns >= deadline_ns)
			return AXEV_OK;
		if (now_ns >= until_ns) {
			TRY(send_open(probe, fd));
			is_resent = true;
			continue;
		}
		status = axev__udp_receive(fd, (int)((until_ns - now_ns) / 1000000) + 1, &message, NULL);
		if (status == AXEV_E_NOMEM)
			return axev__nomem(&probe->err);
		if (status >= 0)
			TRY(take_answer(probe, axev__buf_view(&message)));
		else if (axev__clean_mono_ns() < until_ns)
			return axev__fail(&probe->err, AXEV_E_NETWORK, "refused"); /* ICMP */
	}
	return AXEV_OK;
}

/* RFC 1035 4.2.1: a message that did not fit a datagram is asked for again. */
static int ask_tcp(struct axev__resolver_probe *probe, int64_t deadline_ns)
{
	size_t i;

	for (i = 0; i < 2; i++) {
		AXEV__BUF message = AXEV__BUF_INIT(AXEV__MAX_DNS_MESSAGE);
		int64_t left_ms = (deadline_ns - axev__clean_mono_ns()) / 1000000;

		if (!probe->has[i] || !probe->replies[i].is_cut)
			continue;
		probe->has[i] = false;
		if (left_ms > 0 && axev__tcp_ask(&probe->server, axev__buf_view(&probe->queries[i]), (int)left_ms,
						 &message, NULL) >= 0)
			TRY(take_answer(probe, axev__buf_view(&message)));
	}
	return AXEV_OK;
}

static int ask(struct axev__resolver_probe *probe)
{
	int64_t deadline_ns = axev__clean_mono_ns() + ANSWER_MS * INT64_C(1000000);
	AXEV__CLOSE int fd = -1;
	size_t i;

	for (i = 0; i < 2; i++)
		TRY(axev__dns_query(probe->host, types[i], probe->ids[i], &probe->queries[i], &probe->err));
	TRY(axev__udp_open(&probe->server, &fd, &probe->err));
	TRY(ask_udp(probe, fd, deadline_ns));
	return ask_tcp(probe, deadline_ns);
}

void axev__resolver_probe_run(struct axev__resolver_probe *probe)
{
	size_t i;

	for (i = 0; i < 2; i++) {
		probe->queries[i] = (struct axev__buf)AXEV__BUF_INIT(512);
		probe->messages[i] = (struct axev__buf)AXEV__BUF_INIT(AXEV__MAX_DNS_MESSAGE);
	}
	probe->status = ask(probe);
}

void axev__resolver_probe_free(struct axev__resolver_probe *probe)
{
	size_t i;

	for (i = 0; i < 2; i++) {
		axev__buf_free(&probe->queries[i]);
		axev__buf_free(&probe->messages[i]);
	}
}

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

struct probes {
	struct axev__resolver_probe items[AXEV__MAX_CLEAN_SERVERS + MAX_SYSTEM];
	size_t count;
};
static void probes_free(struct probes **probes)
{
	size_t i;

	for (i = 0; *probes && i < (*probes)->count; i++)
		axev__resolver_probe_free(&(*probes)->items[i]);
	free(*probes);
}

static void add(struct probes *probes, const struct axev__clean_asked *asked, const char *label, bool is_system,
		const struct axev__server *server)
{
	struct axev__resolver_probe *probe = &probes->items[probes->count];

	probe->host = asked->host;
	probe->is_system = is_system;
	probe->server = *server;
	memcpy(probe->ids, asked->random + 4 * probes->count, 4);
	snprintf(probe->label, sizeof(probe->label), "%.60s", label);
	probes->count++;
}

static int choose(const struct axev__clean_asked *asked, struct axev__clean_row *row, struct probes *probes,
		  axev_error *err)
{
	const char *const *given = asked->opts->resolvers;
	size_t count = asked->opts->resolver_count, i;
	AXEV__BUF configuration = AXEV__BUF_INIT(AXEV__MIB);
	struct axev__server servers[MAX_SYSTEM], server;
	unsigned systems;

	TRY(axev__clean_section(&row->raw, "/etc/resolv.conf", NULL, err));
	if (axev__clean_file("/etc/resolv.conf", &configuration, NULL) == AXEV_E_NOMEM)
		return axev__nomem(err);
	systems = axev__system_resolvers(axev__buf_view(&configuration), servers, MAX_SYSTEM);
	for (i = 0; i < systems; i++) {
		char text[INET6_ADDRSTRLEN];

		axev__server_text(&servers[i], text);
		add(probes, asked, text, true, &servers[i]);
	}
	if (count == 0) {
		given = default_resolvers;
		count = AXEV__COUNT(default_resolvers);
	}
	for (i = 0; i < count && i < AXEV__MAX_CLEAN_SERVERS; i++)
		if (axev__server_parse(given[i], 53, &server))
			add(probes, asked, given[i], false, &server);
	return AXEV_OK;
}

static void *run_probe(void *payload)
{
	axev__resolver_probe_run(payload);
	return NULL;
}

static int run_all(struct probes *probes, axev_error *err)
{
	pthread_t threads[AXEV__MAX_CLEAN_SERVERS + MAX_SYSTEM];
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
