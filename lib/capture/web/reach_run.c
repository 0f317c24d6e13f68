/* SPDX-License-Identifier: Apache-2.0 */
/* Asking resolvers and addresses, each in a thread of its own, and writing down what they answered. */
#include <errno.h>
#include <pthread.h>
#include <stdio.h>

#include "base/env.h"
#include "base/text.h"
#include "base/time.h"
#include "capture/clean/clean.h"
#include "capture/clean/clean_ask.h"
#include "capture/web/reach.h"
#include "content/reach.h"
#include "net/peer_probe.h"
#include "package/worker.h"

struct run {
	const axev_web_opts *opts;
	struct axev__reach_target target;
	struct axev__buf request;
	int64_t now_ns, mono_ns; /* one instant by both clocks; callbacks of the environment belong to the calling thread */
	struct axev__resolver_probe resolvers[AXEV__MAX_RESOLVERS];
	const char *chosen[AXEV__MAX_RESOLVERS];
	size_t resolver_count;
	struct axev__peer_probe peers[AXEV__MAX_REACH_ADDRESSES];
	size_t peer_count;
};

static void run_free(struct run **run)
{
	size_t i;

	if (!*run)
		return;
	for (i = 0; i < (*run)->resolver_count; i++)
		axev__resolver_probe_free(&(*run)->resolvers[i]);
	for (i = 0; i < (*run)->peer_count; i++)
		axev__peer_probe_free(&(*run)->peers[i]);
	axev__buf_free(&(*run)->request);
	free(*run);
}

static uint32_t at_most(const struct run *run, uint32_t ms)
{
	return run->opts->timeout_ms < ms ? run->opts->timeout_ms : ms;
}

static int set_time(const struct run *run, axev__json *json, const char *key, int64_t mono_ns, axev_error *err)
{
	return axev__json_set_time(json, key, run->now_ns + (mono_ns - run->mono_ns), err);
}

static int set_errno(axev__json *json, int sys_errno, axev_error *err)
{
	const char *name = sys_errno ? strerrorname_np(sys_errno) : NULL;

	return sys_errno ? axev__json_set_str(json, "errno", name ? name : "unknown", err) : AXEV_OK;
}

static const char *word_of_errno(int sys_errno)
{
	switch (sys_errno) {
	case 0:
	case ETIMEDOUT:
		return "timed_out";
	case ECONNREFUSED:
		return "refused";
	case ENETUNREACH:
	case EHOSTUNREACH:
	case ENETDOWN:
	case EHOSTDOWN:
		return "unreachable";
	default:
		return "failed";
	}
}

static int set_base64(axev__json *json, const char *key, const struct axev__buf *bytes, axev_error *err)
{
	AXEV__BUF text = AXEV__BUF_INIT(2 * AXEV__MAX_DNS_MESSAGE);

	TRY(axev__base64(&text, axev__buf_view(bytes), err));
	return axev__json_set_string(json, key, axev__buf_view(&text), err);
}

/* ---- threads ---- */

static void *run_resolver(void *payload)
{
	axev__resolver_probe_run(payload);
	return NULL;
}

static void *run_peer(void *payload)
{
	axev__peer_probe_run(payload);
	return NULL;
}

static int run_all(void *(*one)(void *payload), void *items, size_t size, size_t count, axev_error *err)
{
	pthread_t threads[AXEV__MAX_REACH_ADDRESSES > AXEV__MAX_RESOLVERS ? AXEV__MAX_REACH_ADDRESSES : AXEV__MAX_RESOLVERS];
	size_t started = 0, i;
	int status = AXEV_OK;

	while (status >= 0 && started < count) {
		status = axev__worker_start(&threads[started], one, (char *)items + started * size, err);
		started += status >= 0;
	}
	for (i = 0; i < started; i++)
		pthread_join(threads[i], NULL);
	return status;
}

/* ---- resolvers ---- */

static bool is_chosen(const struct run *run, const struct axev__server *server)
{
	char name[AXEV__SERVER_NAME_SIZE], other[AXEV__SERVER_NAME_SIZE];
	size_t i;

	axev__server_name(server, name);
	for (i = 0; i < run->resolver_count; i++) {
		axev__server_name(&run->resolvers[i].server, other);
		if (strcmp(name, other) == 0)
			return true;
	}
	return false;
}

static int choose(struct run *run, const axev_env *env, axev_error *err)
{
	AXEV__BUF configuration = AXEV__BUF_INIT(AXEV__MIB);
	struct axev__resolver resolvers[AXEV__MAX_RESOLVERS];
	size_t count, i;

	if (axev__clean_file("/etc/resolv.conf", &configuration, NULL) == AXEV_E_NOMEM)
		return axev__nomem(err);
	count = axev__resolvers_choose(run->opts, axev__buf_view(&configuration), resolvers);
	for (i = 0; i < count; i++) {
		struct axev__resolver_probe *probe = &run->resolvers[run->resolver_count];

		if (is_chosen(run, &resolvers[i].server))
			continue;
		probe->host = run->target.host;
		probe->server = resolvers[i].server;
		probe->answer_ms = at_most(run, AXEV__MAX_REACH_DNS_MS);
		run->chosen[run->resolver_count++] = resolvers[i].chosen;
		/* RFC 5452 9.2: what nobody can guess. */
		TRY(axev__random(env, probe->ids, sizeof(probe->ids), err));
	}
	return AXEV_OK;
}

/* A cut answer for which TCP brought nothing is still what came. */
static int add_question(const struct run *run, const struct axev__resolver_probe *probe, size_t which, axev__json *list,
			axev_error *err)
{
	AXEV__JSON *question = axev__json_new_object();

	TRY(axev__json_set_str(question, "type", which ? "AAAA" : "A", err));
	TRY(set_time(run, question, "asked", probe->asked_ns, err));
	TRY(set_base64(question, "query", &probe->queries[which], err));
	if (probe->messages[which].size) {
		TRY(axev__json_set_str(question, "over", probe->is_over_tcp[which] ? "tcp" : "udp", err));
		TRY(set_time(run, question, "answered", probe->answered_ns[which], err));
		TRY(set_base64(question, "message", &probe->messages[which], err));
	} else {
		TRY(axev__json_set_str(question, "no_answer", word_of_errno(probe->err.sys_errno), err));
		TRY(set_errno(question, probe->err.sys_errno, err));
	}
	return axev__json_append(list, axev__steal(question), err);
}

static int add_resolver(const struct run *run, size_t i, axev__json *list, axev_error *err)
{
	const struct axev__resolver_probe *probe = &run->resolvers[i];
	AXEV__JSON *resolver = axev__json_new_object(), *questions = axev__json_new_array();
	char name[AXEV__SERVER_NAME_SIZE];

	if (probe->status == AXEV_E_NOMEM)
		return axev__nomem(err);
	axev__server_name(&probe->server, name);
	TRY(axev__json_set_str(resolver, "server", name, err));
	TRY(axev__json_set_str(resolver, "chosen", run->chosen[i], err));
	TRY(add_question(run, probe, 0, questions, err));
	TRY(add_question(run, probe, 1, questions, err));
	TRY(axev__json_set(resolver, "questions", axev__steal(questions), err));
	return axev__json_append(list, axev__steal(resolver), err);
}

static int ask_resolvers(struct run *run, const axev_env *env, axev__json *document, axev_error *err)
{
	AXEV__JSON *list = axev__json_new_array();
	size_t i;

	if (run->target.kind == AXEV__REACH_NAME)
		TRY(choose(run, env, err));
	TRY(run_all(run_resolver, run->resolvers, sizeof(run->resolvers[0]), run->resolver_count, err));
	for (i = 0; i < run->resolver_count; i++)
		TRY(add_resolver(run, i, list, err));
	return axev__json_set(document, "resolvers", axev__steal(list), err);
}

/* ---- addresses ---- */

static int add_peer(struct run *run, const axev__json *address, axev_error *err)
{
	struct axev__peer_probe *peer = &run->peers[run->peer_count];
	struct axev__span text;
	char bare[64];

	TRY(axev__json_string(address, "address", &text, err));
	/* Brackets around an IPv6 address are let go without a port, too. */
	snprintf(bare, sizeof(bare), "%.*s", (int)text.size, (const char *)text.data);
	if (!axev__server_parse(bare, run->target.port, &peer->server))
		return axev__fail(err, AXEV_E_FORMAT, "expected an IP address");
	peer->server_name = run->target.kind == AXEV__REACH_ADDRESS ? NULL : run->target.host;
	peer->is_tls = run->target.is_tls;
	peer->request = axev__buf_view(&run->request);
	peer->connect_ms = at_most(run, AXEV__MAX_REACH_CONNECT_MS);
	peer->tls_ms = at_most(run, AXEV__MAX_REACH_TLS_MS);
	peer->http_ms = at_most(run, AXEV__MAX_REACH_HTTP_MS);
	run->peer_count++;
	return AXEV_OK;
}

static int set_times(const struct run *run, const struct axev__probe_step *step, axev__json *json, axev_error *err)
{
	TRY(set_time(run, json, "began", step->began_ns, err));
	TRY(set_time(run, json, "ended", step->ended_ns, err));
	return set_errno(json, step->sys_errno, err);
}

static int set_tcp(const struct run *run, const struct axev__peer_probe *peer, axev__json *address, axev_error *err)
{
	AXEV__JSON *tcp = axev__json_new_object();
	bool is_connected = peer->tcp.end == AXEV__PROBE_DONE;

	TRY(set_times(run, &peer->tcp, tcp, err));
	TRY(axev__json_set_str(tcp, "outcome", is_connected ? "connected" : word_of_errno(peer->tcp.sys_errno), err));
	return axev__json_set(address, "tcp", axev__steal(tcp), err);
}

static const char *tls_word(enum axev__probe_end end)
{
	switch (end) {
	case AXEV__PROBE_DONE:
		return "handshake";
	case AXEV__PROBE_ALERT:
		return "alert";
	case AXEV__PROBE_REFUSED:
		return "refused_here";
	case AXEV__PROBE_CLOSED:
		return "closed";
	case AXEV__PROBE_TIMED_OUT:
		return "timed_out";
	default:
		return "failed";
	}
}

static int set_alert(axev__json *json, int alert, axev_error *err)
{
	return alert >= 0 ? axev__json_set_u64(json, "alert", (uint64_t)alert, err) : AXEV_OK;
}

static int set_tls(const struct run *run, const struct axev__peer_probe *peer, axev__json *address, axev_error *err)
{
	AXEV__JSON *tls = axev__json_new_object();
	bool is_done = peer->tls.end == AXEV__PROBE_DONE;

	if (peer->tls.end == AXEV__PROBE_NOT_TRIED)
		return AXEV_OK;
	TRY(set_times(run, &peer->tls, tls, err));
	TRY(axev__json_set_str(tls, "outcome", tls_word(peer->tls.end), err));
	TRY(is_done ? axev__json_set_str(tls, "version", peer->tls_version, err) : set_alert(tls, peer->alert, err));
	if (is_done && peer->has_leaf)
		TRY(axev__json_set_hex(tls, "leaf_sha256", peer->leaf_sha256, sizeof(peer->leaf_sha256), err));
	return axev__json_set(address, "tls", axev__steal(tls), err);
}

static const char *http_word(const struct axev__peer_probe *peer)
{
	switch (peer->http.end) {
	case AXEV__PROBE_DONE:
		return "head";
	case AXEV__PROBE_FULL:
		return "limit";
	case AXEV__PROBE_CLOSED:
		return "closed";
	case AXEV__PROBE_TIMED_OUT:
		return "timed_out";
	default:
		return peer->alert >= 0 && peer->http.end == AXEV__PROBE_ALERT ? "alert" : "failed";
	}
}

static int set_http(const struct run *run, const struct axev__peer_probe *peer, axev__json *address, axev_error *err)
{
	AXEV__JSON *http = axev__json_new_object();
	const char *word = http_word(peer);

	if (peer->http.end == AXEV__PROBE_NOT_TRIED)
		return AXEV_OK;
	TRY(set_times(run, &peer->http, http, err));
	TRY(axev__json_set_str(http, "ended_by", word, err));
	if (strcmp(word, "alert") == 0)
		TRY(set_alert(http, peer->alert, err));
	TRY(set_base64(http, "received", &peer->received, err));
	return axev__json_set(address, "http", axev__steal(http), err);
}

static int add_answers(const struct run *run, const struct axev__peer_probe *peer, axev__json *address, axev_error *err)
{
	if (peer->status < 0)
		return axev__fail(err, peer->status, "%s", peer->err.message);
	TRY(set_tcp(run, peer, address, err));
	TRY(set_tls(run, peer, address, err));
	return set_http(run, peer, address, err);
}

static int ask_addresses(struct run *run, axev__json *document, axev_error *err)
{
	const axev__json *list = axev__json_get(document, "addresses");
	size_t i;

	for (i = 0; i < axev__json_count(list); i++)
		TRY(add_peer(run, axev__json_at(list, i), err));
	TRY(run_all(run_peer, run->peers, sizeof(run->peers[0]), run->peer_count, err));
	for (i = 0; i < run->peer_count; i++)
		TRY(add_answers(run, &run->peers[i], axev__json_at(list, i), err));
	return AXEV_OK;
}

/* ---- */

static int set_limits(const struct run *run, axev__json *document, axev_error *err)
{
	AXEV__JSON *limits = axev__json_new_object();

	TRY(axev__json_set_u64(limits, "dns_ms", at_most(run, AXEV__MAX_REACH_DNS_MS), err));
	TRY(axev__json_set_u64(limits, "connect_ms", at_most(run, AXEV__MAX_REACH_CONNECT_MS), err));
	TRY(axev__json_set_u64(limits, "tls_ms", at_most(run, AXEV__MAX_REACH_TLS_MS), err));
	TRY(axev__json_set_u64(limits, "http_ms", at_most(run, AXEV__MAX_REACH_HTTP_MS), err));
	TRY(axev__json_set_u64(limits, "addresses", AXEV__MAX_REACH_ADDRESSES, err));
	TRY(axev__json_set_u64(limits, "received_bytes", AXEV__MAX_REACH_RECEIVED, err));
	return axev__json_set(document, "limits", axev__steal(limits), err);
}

int axev__reach_run(const axev_web_opts *opts, const axev_env *env, const axev__json *earlier, axev__json **ret_document,
		    axev_error *err)
{
	AXEV__CLEANUP(run_free) struct run *run = calloc(1, sizeof(*run));
	AXEV__JSON *document = axev__json_new_object();
	struct axev__span url = axev__span_str(opts->url);

	if (!run)
		return axev__nomem(err);
	run->opts = opts;
	run->request = (struct axev__buf)AXEV__BUF_INIT(4 * AXEV__MAX_URL_BYTES);
	run->mono_ns = axev__mono_ns();
	TRY(axev__now(env, &run->now_ns, err));
	TRY(axev__reach_target(url, &run->target, err));
	TRY(axev__reach_request(url, &run->request, err));
	TRY(axev__json_set_str(document, "format", AXEV__REACH_FORMAT, err));
	TRY(axev__json_set_str(document, "url", opts->url, err));
	TRY(set_time(run, document, "started", run->mono_ns, err));
	TRY(set_limits(run, document, err));
	TRY(ask_resolvers(run, env, document, err));
	TRY(axev__reach_names(document, earlier, err));
	TRY(ask_addresses(run, document, err));
	TRY(axev__reach_ends(document, err));
	TRY(set_time(run, document, "finished", axev__mono_ns(), err));
	*ret_document = axev__steal(document);
	return AXEV_OK;
}
