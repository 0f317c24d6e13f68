/* SPDX-License-Identifier: Apache-2.0 */
/* The clock against several time servers. Each gives an interval; what most of them share is taken (Marzullo). */
#include <inttypes.h>
#include <stdio.h>
#include <strings.h>
#include <sys/timex.h>

#include "base/text.h"
#include "base/time.h"
#include "capture/clean/clean.h"
#include "capture/clean/clean_ask.h"
#include "content/sntp.h"
#include "package/worker.h"

#define ANSWER_MS 900
#define TOLERANCE_NS AXEV__NS_PER_SECOND /* a clock that is further off has failed */

static const char *const default_servers[] = { "ntp.ntsc.ac.cn", "ntp.aliyun.com", "time.cloudflare.com" };

struct time_probe {
	const struct axev__clean_asked *asked;
	const char *name; /* as given */
	struct axev__server server;
	uint8_t nonce[8];
	uint16_t ids[2];
	struct axev__buf message;
	struct axev__sntp_reply reply;
	bool has_reply;
	int status;
	axev_error err;
};

/* ---- where ---- */

static int look_up(struct time_probe *probe, const char *host, uint16_t port)
{
	AXEV__BUF configuration = AXEV__BUF_INIT(AXEV__MIB);
	AXEV__CLEANUP(axev__resolver_probe_free) struct axev__resolver_probe resolver = { .host = host };
	size_t which;

	memcpy(resolver.ids, probe->ids, sizeof(resolver.ids));
	TRY(axev__clean_file("/etc/resolv.conf", &configuration, &probe->err));
	if (axev__system_resolvers(axev__buf_view(&configuration), &resolver.server, 1) == 0)
		return axev__fail(&probe->err, AXEV_E_NETWORK, "there is no resolver");
	axev__resolver_probe_run(&resolver);
	for (which = 0; which < 2; which++)
		if (resolver.has[which] && resolver.replies[which].count > 0) {
			axev__server_from_bytes(resolver.replies[which].addresses[0], which ? 16 : 4, port,
						&probe->server);
			return AXEV_OK;
		}
	return axev__fail(&probe->err, AXEV_E_NETWORK, "its name could not be looked up");
}

static int find(struct time_probe *probe)
{
	static const uint8_t loopback[4] = { 127, 0, 0, 1 };
	const char *colon = strchr(probe->name, ':');
	size_t length = colon ? (size_t)(colon - probe->name) : strlen(probe->name);
	uint64_t port = 123;
	char host[254];

	if (axev__server_parse(probe->name, 123, &probe->server))
		return AXEV_OK;
	if (length == 0 || length >= sizeof(host) ||
	    (colon && (!axev__parse_u64(axev__span_str(colon + 1), 65535, &port) || port == 0)))
		return axev__fail(&probe->err, AXEV_E_INVAL, "expected a time server as host or host:port");
	snprintf(host, sizeof(host), "%.*s", (int)length, probe->name);
	if (strcasecmp(host, "localhost") == 0) {
		axev__server_from_bytes(loopback, 4, (uint16_t)port, &probe->server);
		return AXEV_OK;
	}
	return look_up(probe, host, (uint16_t)port);
}

/* ---- asking one ---- */

static int ask(struct time_probe *probe)
{
	uint8_t request[AXEV__SNTP_BYTES];
	int64_t sent_ns, received_ns, deadline_ns;
	AXEV__CLOSE int fd = -1;

	TRY(find(probe));
	TRY(axev__udp_open(&probe->server, &fd, &probe->err));
	axev__sntp_request(probe->nonce, request);
	deadline_ns = axev__mono_ns() + ANSWER_MS * INT64_C(1000000);
	sent_ns = axev__clean_now_ns(probe->asked);
	TRY(axev__udp_send(fd, axev__span(request, sizeof(request)), &probe->err));
	for (;;) {
		int64_t left_ms = (deadline_ns - axev__mono_ns()) / 1000000;

		axev_error_clear(&probe->err);
		TRY(axev__udp_receive(fd, left_ms > 0 ? (int)left_ms : 0, &probe->message, &probe->err));
		received_ns = axev__clean_now_ns(probe->asked);
		/* What is no reply to this request is waited past: anyone can send datagrams. */
		if (axev__sntp_reply(axev__buf_view(&probe->message), probe->nonce, sent_ns, received_ns,
				     &probe->reply, &probe->err) >= 0)
			break;
		if (left_ms <= 0 || (probe->message.size >= AXEV__SNTP_BYTES &&
				     memcmp(probe->message.data + 24, probe->nonce, 8) == 0))
			return AXEV_E_PEER;
	}
	probe->has_reply = true;
	return AXEV_OK;
}

static void *run_probe(void *payload)
{
	struct time_probe *probe = payload;

	probe->message = (struct axev__buf)AXEV__BUF_INIT(4096);
	probe->status = ask(probe);
	return NULL;
}

/* ---- all of them ---- */

struct probes {
	struct time_probe items[AXEV__MAX_CLEAN_SERVERS];
	size_t count;
};
static void probes_free(struct probes **probes)
{
	size_t i;

	for (i = 0; *probes && i < (*probes)->count; i++)
		axev__buf_free(&(*probes)->items[i].message);
	free(*probes);
}

static int run_all(const struct axev__clean_asked *asked, struct probes *probes, axev_error *err)
{
	const char *const *names = asked->opts->time_servers;
	size_t count = asked->opts->time_server_count, started = 0, i;
	pthread_t threads[AXEV__MAX_CLEAN_SERVERS];
	int status = AXEV_OK;

	if (count == 0) {
		names = default_servers;
		count = AXEV__COUNT(default_servers);
	}
	for (; status >= 0 && started < count && started < AXEV__MAX_CLEAN_SERVERS; started += status >= 0) {
		struct time_probe *probe = &probes->items[started];

		probe->asked = asked;
		probe->name = names[started];
		memcpy(probe->nonce, asked->random + 256 + 8 * started, 8);
		memcpy(probe->ids, asked->random + 128 + 4 * started, 4);
		status = axev__worker_start(&threads[started], run_probe, probe, err);
	}
	probes->count = started;
	for (i = 0; i < started; i++)
		pthread_join(threads[i], NULL);
	return status;
}

static int append_probe(struct axev__buf *out, const struct time_probe *probe, axev_error *err)
{
	TRY(axev__buf_str(out, "server ", err));
	TRY(axev__escape(out, axev__span_str(probe->name), err));
	if (!probe->has_reply)
		TRY(axev__buf_printf(out, err, ": %s\n", probe->err.message));
	else
		TRY(axev__buf_printf(out, err,
				     ": offset %" PRId64 " ns, bound %" PRId64 " ns, round trip %" PRId64
				     " ns, stratum %u %s, root delay %" PRId64 " ns, root dispersion %" PRId64 " ns\n",
				     probe->reply.offset_ns, probe->reply.bound_ns, probe->reply.round_trip_ns,
				     probe->reply.stratum, probe->reply.reference, probe->reply.root_delay_ns,
				     probe->reply.root_dispersion_ns));
	if (probe->message.size == 0)
		return AXEV_OK;
	TRY(axev__buf_str(out, "message ", err));
	TRY(axev__base64(out, axev__buf_view(&probe->message), err));
	return axev__buf_byte(out, '\n', err);
}

static int append_kernel(struct axev__buf *out, axev_error *err)
{
	struct timex state = { 0 };
	int clock = adjtimex(&state);

	return axev__buf_printf(out, err,
				"== adjtimex ==\nstate %d, status 0x%04x, estimated error %ld us, maximum error %ld us\n"
				"== time servers ==\n",
				clock, (unsigned)state.status, state.esterror, state.maxerror);
}

/* ---- what they share ---- */

struct shared {
	unsigned answered, agree;
	int64_t low_ns, high_ns; /* of the offset, by those that agree */
};

static bool covers(const struct time_probe *probe, int64_t offset_ns)
{
	return probe->has_reply && probe->reply.offset_ns - probe->reply.bound_ns <= offset_ns &&
	       offset_ns <= probe->reply.offset_ns + probe->reply.bound_ns;
}

/* The place that most intervals cover begins at the lower end of one of them. */
static struct shared intersect(const struct probes *probes)
{
	struct shared best = { 0 };
	size_t i, j;

	for (i = 0; i < probes->count; i++) {
		const struct time_probe *first = &probes->items[i];
		struct shared found = { 0 };

		if (!first->has_reply)
			continue;
		best.answered++;
		found.low_ns = first->reply.offset_ns - first->reply.bound_ns;
		found.high_ns = first->reply.offset_ns + first->reply.bound_ns;
		for (j = 0; j < probes->count; j++) {
			const struct time_probe *other = &probes->items[j];

			if (!covers(other, found.low_ns))
				continue;
			found.agree++;
			if (other->reply.offset_ns + other->reply.bound_ns < found.high_ns)
				found.high_ns = other->reply.offset_ns + other->reply.bound_ns;
		}
		if (found.agree > best.agree) {
			found.answered = best.answered;
			best = found;
		}
	}
	return best;
}

static void write_ms(char out[32], int64_t ns)
{
	int64_t us = ns / 1000;
	int64_t size = us < 0 ? -us : us;

	snprintf(out, 32, "%s%" PRId64 ".%03" PRId64, us < 0 ? "-" : "", size / 1000, size % 1000);
}

static int tell(const struct shared *shared, size_t asked, struct axev__clean_row *row)
{
	int64_t offset_ns = shared->low_ns + (shared->high_ns - shared->low_ns) / 2;
	int64_t bound_ns = (shared->high_ns - shared->low_ns) / 2 + 1;
	int64_t away_ns = (offset_ns < 0 ? -offset_ns : offset_ns) - bound_ns;
	char offset[32], bound[32];

	write_ms(offset, offset_ns);
	write_ms(bound, bound_ns + 999);
	if (shared->answered == 0)
		return axev__clean_say(row, AXEV__CLEAN_NOT_REACHABLE, "no answer from %zu time servers", asked);
	if (shared->answered > 1 && shared->agree * 2 <= shared->answered)
		return axev__clean_say(row, AXEV__CLEAN_FAILED, "%u time servers answered and no majority agrees",
				       shared->answered);
	if (shared->answered > 1) {
		row->offset_ns = offset_ns;
		row->bound_ns = bound_ns;
		row->servers = shared->agree;
	}
	if (away_ns > TOLERANCE_NS)
		return axev__clean_say(row, AXEV__CLEAN_FAILED, "the clock is off by %s ms (bound %s ms), by %u of %zu",
				       offset, bound, shared->agree, asked);
	return axev__clean_say(row,
			       shared->agree < 2 || shared->agree < shared->answered ? AXEV__CLEAN_NOTED :
										       AXEV__CLEAN_PASSED,
			       "offset %s ms, bound %s ms, by %u of %zu time servers", offset, bound, shared->agree,
			       asked);
}

int axev__clean_clock(const struct axev__clean_asked *asked, struct axev__clean_row *row, axev_error *err)
{
	AXEV__CLEANUP(probes_free) struct probes *probes = calloc(1, sizeof(*probes));
	struct shared shared;
	size_t i;

	if (!probes)
		return axev__nomem(err);
	TRY(append_kernel(&row->raw, err));
	TRY(run_all(asked, probes, err));
	for (i = 0; i < probes->count; i++)
		TRY(append_probe(&row->raw, &probes->items[i], err));
	shared = intersect(probes);
	return tell(&shared, probes->count, row);
}
