/* SPDX-License-Identifier: Apache-2.0 */
#include "net/peer_probe.h"

#include <errno.h>
#include <poll.h>
#include <sys/socket.h>

#include "base/time.h"
#include "content/reach.h"

struct talk {
	struct axev__peer_probe *probe;
	int fd;
	struct axev__tls_client *tls; /* NULL: in clear */
	int64_t deadline_ns;
};

static void begin(struct talk *talk, struct axev__probe_step *step, uint32_t ms)
{
	step->began_ns = axev__mono_ns();
	talk->deadline_ns = step->began_ns + ms * INT64_C(1000000);
}

static void end(struct axev__probe_step *step, enum axev__probe_end how, int sys_errno)
{
	step->ended_ns = axev__mono_ns();
	step->end = how;
	step->sys_errno = sys_errno;
}

/* False: not before the deadline. */
static bool await(const struct talk *talk, short events)
{
	struct pollfd one = { .fd = talk->fd, .events = events };
	int64_t left_ns = talk->deadline_ns - axev__mono_ns();

	while (left_ns > 0) {
		int got = poll(&one, 1, (int)(left_ns / 1000000) + 1);

		if (got > 0)
			return true;
		left_ns = talk->deadline_ns - axev__mono_ns();
	}
	return false;
}

/* ---- a connection ---- */

static int connect_to(struct talk *talk)
{
	struct axev__peer_probe *probe = talk->probe;
	axev_error problem = AXEV_ERROR_INIT;
	int status;

	begin(talk, &probe->tcp, probe->connect_ms);
	status = axev__tcp_open(&probe->server, talk->deadline_ns, &talk->fd, &problem);
	if (status >= 0)
		end(&probe->tcp, AXEV__PROBE_DONE, 0);
	else if (status == AXEV_E_NETWORK || problem.sys_errno)
		end(&probe->tcp, problem.sys_errno ? AXEV__PROBE_ERRNO : AXEV__PROBE_TIMED_OUT, problem.sys_errno);
	else
		return axev__fail(&probe->err, status, "%s", problem.message);
	return AXEV_OK;
}

/* ---- TLS ---- */

static enum axev__probe_end end_of(enum axev__tls_state state)
{
	switch (state) {
	case AXEV__TLS_DONE:
		return AXEV__PROBE_DONE;
	case AXEV__TLS_ALERT:
		return AXEV__PROBE_ALERT;
	case AXEV__TLS_REFUSED:
		return AXEV__PROBE_REFUSED;
	case AXEV__TLS_FAILED:
		return AXEV__PROBE_ERRNO;
	default:
		return AXEV__PROBE_CLOSED;
	}
}

/* True: the same call again. */
static bool may_go_on(const struct talk *talk, enum axev__tls_state state)
{
	return (state == AXEV__TLS_WANTS_READ && await(talk, POLLIN)) ||
	       (state == AXEV__TLS_WANTS_WRITE && await(talk, POLLOUT));
}

static bool is_waiting(enum axev__tls_state state)
{
	return state == AXEV__TLS_WANTS_READ || state == AXEV__TLS_WANTS_WRITE;
}

static int shake_hands(struct talk *talk)
{
	struct axev__peer_probe *probe = talk->probe;
	enum axev__tls_state state;

	begin(talk, &probe->tls, probe->tls_ms);
	TRY(axev__tls_client_new(talk->fd, probe->server_name, &talk->tls, &probe->err));
	do
		state = axev__tls_client_handshake(talk->tls);
	while (may_go_on(talk, state));
	end(&probe->tls, is_waiting(state) ? AXEV__PROBE_TIMED_OUT : end_of(state), axev__tls_client_errno(talk->tls));
	if (state == AXEV__TLS_ALERT || state == AXEV__TLS_REFUSED)
		probe->alert = axev__tls_client_alert(talk->tls);
	if (state != AXEV__TLS_DONE)
		return AXEV_OK;
	probe->tls_version = axev__tls_client_version(talk->tls);
	probe->has_leaf = axev__tls_client_leaf(talk->tls, probe->leaf_sha256);
	return AXEV_OK;
}

/* ---- one request ---- */

/* As the calls of a TLS client, in clear. */
static enum axev__tls_state clear_state(ssize_t got, size_t *ret_done, int *ret_errno)
{
	*ret_done = got > 0 ? (size_t)got : 0;
	*ret_errno = got < 0 ? errno : 0;
	if (got > 0)
		return AXEV__TLS_DONE;
	return got == 0 ? AXEV__TLS_CLOSED : AXEV__TLS_FAILED;
}

static enum axev__tls_state write_some(struct talk *talk, struct axev__span bytes, size_t *ret_done, int *ret_errno)
{
	enum axev__tls_state state;

	if (!talk->tls) {
		state = clear_state(send(talk->fd, bytes.data, bytes.size, MSG_NOSIGNAL), ret_done, ret_errno);
		return state == AXEV__TLS_FAILED && *ret_errno == EAGAIN ? AXEV__TLS_WANTS_WRITE : state;
	}
	state = axev__tls_client_write(talk->tls, bytes, ret_done);
	*ret_errno = axev__tls_client_errno(talk->tls);
	return state;
}

static enum axev__tls_state read_some(struct talk *talk, void *out, size_t size, size_t *ret_got, int *ret_errno)
{
	enum axev__tls_state state;

	if (!talk->tls) {
		state = clear_state(recv(talk->fd, out, size, MSG_NOSIGNAL), ret_got, ret_errno);
		return state == AXEV__TLS_FAILED && *ret_errno == EAGAIN ? AXEV__TLS_WANTS_READ : state;
	}
	state = axev__tls_client_read(talk->tls, out, size, ret_got);
	*ret_errno = axev__tls_client_errno(talk->tls);
	return state;
}

static void end_http(struct talk *talk, enum axev__tls_state state, int sys_errno)
{
	if (state == AXEV__TLS_ALERT || state == AXEV__TLS_REFUSED)
		talk->probe->alert = axev__tls_client_alert(talk->tls);
	end(&talk->probe->http, is_waiting(state) ? AXEV__PROBE_TIMED_OUT : end_of(state), sys_errno);
}

/* True: all of it went out. */
static bool ask(struct talk *talk)
{
	struct axev__span rest = talk->probe->request;
	enum axev__tls_state state;
	int sys_errno = 0;
	size_t done;

	while (rest.size > 0) {
		state = write_some(talk, rest, &done, &sys_errno);
		rest = axev__span(rest.data + done, rest.size - done);
		if (state == AXEV__TLS_DONE || may_go_on(talk, state))
			continue;
		end_http(talk, state, sys_errno);
		return false;
	}
	return true;
}

/* What lies behind the head belongs to a body that nobody asked for: it is not kept. */
static void hear(struct talk *talk)
{
	struct axev__peer_probe *probe = talk->probe;
	uint8_t chunk[4096];
	int sys_errno = 0;

	for (;;) {
		size_t room = AXEV__MAX_REACH_RECEIVED - probe->received.size, got, head;
		enum axev__tls_state state = read_some(talk, chunk, room < sizeof(chunk) ? room : sizeof(chunk), &got, &sys_errno);

		if (state == AXEV__TLS_DONE) {
			probe->status = axev__buf_append(&probe->received, chunk, got, &probe->err);
			if (probe->status < 0)
				return;
			if (axev__reach_head(axev__buf_view(&probe->received), &head)) {
				probe->received.size = head;
				end(&probe->http, AXEV__PROBE_DONE, 0);
				return;
			}
			if (probe->received.size < AXEV__MAX_REACH_RECEIVED)
				continue;
			end(&probe->http, AXEV__PROBE_FULL, 0);
			return;
		}
		if (may_go_on(talk, state))
			continue;
		end_http(talk, state, sys_errno);
		return;
	}
}

/* ---- */

static int run(struct talk *talk)
{
	struct axev__peer_probe *probe = talk->probe;

	TRY(connect_to(talk));
	if (probe->tcp.end != AXEV__PROBE_DONE)
		return AXEV_OK;
	if (probe->is_tls)
		TRY(shake_hands(talk));
	if (probe->is_tls && probe->tls.end != AXEV__PROBE_DONE)
		return AXEV_OK;
	begin(talk, &probe->http, probe->http_ms);
	if (ask(talk))
		hear(talk);
	return probe->status;
}

void axev__peer_probe_run(struct axev__peer_probe *probe)
{
	struct talk talk = { .probe = probe, .fd = -1 };

	probe->alert = -1;
	probe->received = (struct axev__buf)AXEV__BUF_INIT(AXEV__MAX_REACH_RECEIVED);
	probe->status = run(&talk);
	axev__tls_client_free(talk.tls);
	axev__closep(&talk.fd);
}

void axev__peer_probe_free(struct axev__peer_probe *probe)
{
	axev__buf_free(&probe->received);
}
