/* SPDX-License-Identifier: Apache-2.0 */
#include "net/resolver.h"

#include "base/time.h"

#define ANSWER_MS 1000
#define RESEND_MS 400

static const unsigned types[2] = { AXEV__DNS_A, AXEV__DNS_AAAA };

static int take_answer(struct axev__resolver_probe *probe, struct axev__span message, bool is_over_tcp)
{
	size_t i;

	for (i = 0; i < 2; i++)
		if (!probe->has[i] && axev__dns_reply(message, axev__buf_view(&probe->queries[i]),
						      &probe->replies[i], NULL) >= 0) {
			probe->has[i] = true;
			probe->is_over_tcp[i] = is_over_tcp;
			probe->answered_ns[i] = axev__mono_ns();
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

/* ICMP. */
static int refused(struct axev__resolver_probe *probe, int sys_errno)
{
	int status = axev__fail(&probe->err, AXEV_E_NETWORK, "refused");

	probe->err.sys_errno = sys_errno;
	return status;
}

static int ask_udp(struct axev__resolver_probe *probe, int fd, int64_t deadline_ns)
{
	AXEV__BUF message = AXEV__BUF_INIT(AXEV__MAX_DNS_MESSAGE);
	int64_t resend_ns = axev__mono_ns() + RESEND_MS * INT64_C(1000000);
	bool is_resent = false;

	TRY(send_open(probe, fd));
	while (!probe->has[0] || !probe->has[1]) {
		int64_t now_ns = axev__mono_ns();
		int64_t until_ns = is_resent || resend_ns > deadline_ns ? deadline_ns : resend_ns;
		axev_error problem = AXEV_ERROR_INIT;
		int status;

		if (now_ns >= deadline_ns)
			return AXEV_OK;
		if (now_ns >= until_ns) {
			TRY(send_open(probe, fd));
			is_resent = true;
			continue;
		}
		status = axev__udp_receive(fd, (int)((until_ns - now_ns) / 1000000) + 1, &message, &problem);
		if (status == AXEV_E_NOMEM)
			return axev__nomem(&probe->err);
		if (status >= 0)
			TRY(take_answer(probe, axev__buf_view(&message), false));
		else if (problem.sys_errno)
			return refused(probe, problem.sys_errno);
	}
	return AXEV_OK;
}

/* RFC 1035 4.2.1: a message that did not fit a datagram is asked for again. */
static int ask_tcp(struct axev__resolver_probe *probe, int64_t deadline_ns)
{
	size_t i;

	for (i = 0; i < 2; i++) {
		AXEV__BUF message = AXEV__BUF_INIT(AXEV__MAX_DNS_MESSAGE);
		int64_t left_ms = (deadline_ns - axev__mono_ns()) / 1000000;

		if (!probe->has[i] || !probe->replies[i].is_cut)
			continue;
		probe->has[i] = false;
		if (left_ms > 0 && axev__tcp_ask(&probe->server, axev__buf_view(&probe->queries[i]), (int)left_ms,
						 &message, NULL) >= 0)
			TRY(take_answer(probe, axev__buf_view(&message), true));
	}
	return AXEV_OK;
}

static int ask(struct axev__resolver_probe *probe)
{
	uint32_t answer_ms = probe->answer_ms ? probe->answer_ms : ANSWER_MS;
	int64_t deadline_ns;
	AXEV__CLOSE int fd = -1;
	size_t i;

	probe->asked_ns = axev__mono_ns();
	deadline_ns = probe->asked_ns + answer_ms * INT64_C(1000000);
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
