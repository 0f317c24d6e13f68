/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A resolver whose answer does not fit a datagram is asked again over TCP (RFC 1035 4.2.1, 4.2.2): what comes in pieces is
 * put together; what is cut off, silent, another's or refused is no answer, and takes no longer than one.
 */
#include "support.h"

#include <arpa/inet.h>
#include <poll.h>
#include <pthread.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "capture/clean/clean_ask.h"

enum over_tcp { WHOLE, SHORT, SILENT, OTHER_ID, STILL_CUT, REFUSED };

static struct {
	int udp, tcp; /* -1: nobody listens */
	uint16_t port;
	enum over_tcp kind;
	unsigned asked; /* over TCP */
	pthread_t thread;
	volatile bool is_stopping;
} server;

/* The query with the response bits set, cut or with one address (RFC 1035 4.1). */
static size_t answer(uint8_t *out, const uint8_t *query, size_t size, bool is_cut)
{
	bool is_aaaa = query[size - 3] == 28;
	const uint8_t head[] = { 0xC0, 12, 0, query[size - 3], 0, 1, 0, 0, 0, 60, 0, is_aaaa ? 16 : 4 };

	memcpy(out, query, size);
	out[2] = (uint8_t)(0x81 | (is_cut ? 0x02 : 0));
	out[3] = 0x80;
	if (is_cut)
		return size;
	out[7] = 1;
	memcpy(out + size, head, sizeof(head));
	memset(out + size + sizeof(head), 0, 16);
	memcpy(out + size + sizeof(head), is_aaaa ? "\x20\x01\x0d\xb8" : "\xC0\x00\x02\x07", 4);
	return size + sizeof(head) + (is_aaaa ? 16 : 4);
}

static void serve_tcp(int fd)
{
	uint8_t query[512], out[700];
	ssize_t size = recv(fd, query, 2, MSG_WAITALL);
	size_t length, i;

	if (size != 2)
		return;
	size = recv(fd, query, (size_t)(query[0] << 8 | query[1]), MSG_WAITALL);
	server.asked++;
	if (size < 12)
		return;
	length = answer(out + 2, query, (size_t)size, server.kind == STILL_CUT);
	out[0] = (uint8_t)(length >> 8);
	out[1] = (uint8_t)length;
	if (server.kind == OTHER_ID)
		out[3] ^= 0x55;
	if (server.kind == SHORT)
		length -= 3;
	if (server.kind == SILENT) {
		recv(fd, query, 1, 0); /* until the other side gives up */
		return;
	}
	for (i = 0; i < length + 2; i++) { /* as many pieces as there can be */
		send(fd, out + i, 1, MSG_NOSIGNAL);
		if (i < 4)
			nanosleep(&(struct timespec){ 0, 3000000 }, NULL);
	}
}

static void *serve(void *unused)
{
	(void)unused;
	while (!server.is_stopping) {
		struct pollfd waiting[] = { { .fd = server.udp, .events = POLLIN }, { .fd = server.tcp, .events = POLLIN } };
		struct sockaddr_in peer;
		socklen_t size = sizeof(peer);
		uint8_t query[512], out[700];
		ssize_t got;

		poll(waiting, 2, 20);
		if (waiting[0].revents) {
			got = recvfrom(server.udp, query, sizeof(query), 0, (struct sockaddr *)&peer, &size);
			if (got > 12)
				sendto(server.udp, out, answer(out, query, (size_t)got, true), 0, (struct sockaddr *)&peer, size);
		}
		if (waiting[1].revents & POLLIN) {
			int fd = accept(server.tcp, NULL, NULL);

			serve_tcp(fd);
			close(fd);
		}
	}
	return NULL;
}

static void start(enum over_tcp kind)
{
	struct sockaddr_in where = { .sin_family = AF_INET, .sin_addr = { htonl(INADDR_LOOPBACK) } };
	socklen_t size = sizeof(where);

	memset(&server, 0, sizeof(server));
	server.kind = kind;
	server.tcp = socket(AF_INET, SOCK_STREAM, 0);
	server.udp = socket(AF_INET, SOCK_DGRAM, 0);
	ck_assert_int_eq(bind(server.tcp, (struct sockaddr *)&where, size), 0);
	ck_assert_int_eq(getsockname(server.tcp, (struct sockaddr *)&where, &size), 0);
	ck_assert_int_eq(bind(server.udp, (struct sockaddr *)&where, size), 0);
	server.port = ntohs(where.sin_port);
	if (kind == REFUSED) {
		close(server.tcp);
		server.tcp = -1;
	} else {
		ck_assert_int_eq(listen(server.tcp, 4), 0);
	}
	ck_assert_int_eq(pthread_create(&server.thread, NULL, serve, NULL), 0);
}

static int64_t ask(enum over_tcp kind, struct axev__resolver_probe *probe)
{
	const uint8_t loopback[4] = { 127, 0, 0, 1 };
	struct timespec begin, end;

	start(kind);
	memset(probe, 0, sizeof(*probe));
	probe->host = "shop.example";
	probe->ids[0] = 0x1234;
	probe->ids[1] = 0x5678;
	axev__server_from_bytes(loopback, 4, server.port, &probe->server);
	clock_gettime(CLOCK_MONOTONIC, &begin);
	axev__resolver_probe_run(probe);
	clock_gettime(CLOCK_MONOTONIC, &end);
	server.is_stopping = true;
	pthread_join(server.thread, NULL);
	close(server.udp);
	if (server.tcp >= 0)
		close(server.tcp);
	return (end.tv_sec - begin.tv_sec) * 1000 + (end.tv_nsec - begin.tv_nsec) / 1000000;
}

START_TEST(resolver_tcp__what_did_not_fit_comes_whole)
{
	const uint8_t a[4] = { 192, 0, 2, 7 }, aaaa[16] = { 0x20, 0x01, 0x0d, 0xb8 };
	struct axev__resolver_probe probe;

	ask(WHOLE, &probe);
	ck_assert_int_eq(probe.status, AXEV_OK);
	ck_assert_uint_eq(server.asked, 2);
	ck_assert(probe.has[0] && probe.has[1]);
	ck_assert(!probe.replies[0].is_cut && !probe.replies[1].is_cut);
	ck_assert_uint_eq(probe.replies[0].count, 1);
	ck_assert_mem_eq(probe.replies[0].addresses[0], a, 4);
	ck_assert_uint_eq(probe.replies[1].count, 1);
	ck_assert_mem_eq(probe.replies[1].addresses[0], aaaa, 16);
	/* The message kept is the one that counts: without TC, and with its answer. */
	ck_assert_uint_eq(probe.messages[0].data[2] & 0x02, 0);
	ck_assert_uint_eq(probe.messages[0].size, probe.queries[0].size + 16);
	axev__resolver_probe_free(&probe);
}
END_TEST

START_TEST(resolver_tcp__what_is_not_whole_is_no_answer)
{
	static const enum over_tcp kinds[] = { SHORT, SILENT, OTHER_ID, REFUSED };
	struct axev__resolver_probe probe;
	int64_t took_ms = ask(kinds[_i], &probe);

	ck_assert_int_eq(probe.status, AXEV_OK);
	ck_assert(!probe.has[0] && !probe.has[1]);
	ck_assert_int_lt(took_ms, 3000); /* one second each is allowed; the rest is for a busy machine */
	if (kinds[_i] != REFUSED)
		ck_assert_uint_ge(server.asked, 1);
	axev__resolver_probe_free(&probe);
}
END_TEST

START_TEST(resolver_tcp__an_answer_that_is_cut_even_there_says_so)
{
	struct axev__resolver_probe probe;

	ask(STILL_CUT, &probe);
	ck_assert(probe.has[0] && probe.replies[0].is_cut);
	ck_assert_uint_eq(probe.replies[0].count, 0);
	axev__resolver_probe_free(&probe);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("resolver_tcp");
	TCase *tcase = tcase_create("resolver_tcp");

	tcase_set_timeout(tcase, 60);
	tcase_add_test(tcase, resolver_tcp__what_did_not_fit_comes_whole);
	tcase_add_loop_test(tcase, resolver_tcp__what_is_not_whole_is_no_answer, 0, 4);
	tcase_add_test(tcase, resolver_tcp__an_answer_that_is_cut_even_there_says_so);
	suite_add_tcase(suite, tcase);
	return run_suite(suite);
}
