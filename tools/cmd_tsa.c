/* SPDX-License-Identifier: Apache-2.0 */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli.h"

static const char usage[] =
	"usage: axev tsa serve [--ledger DIR] [--address A] [--port N]\n"
	"\n"
	"Serves the ledger's embedded time-stamp authority over HTTP, for tests and\n"
	"closed networks. Its clock is this machine's: it is no recognised authority.\n"
	"\n"
	"  --address A   IPv4 address (default 127.0.0.1)\n"
	"  --port N      port; 0 or none: any free one, printed\n";

static volatile int is_stopped;

static void on_signal(int number)
{
	(void)number;
	is_stopped = 1;
}

static void on_ready(void *payload, uint16_t port)
{
	printf("http://%s:%u/\n", (const char *)payload, port);
	fflush(stdout);
}

static int serve(const char *ledger_path, const char *address, uint16_t port)
{
	axev_error err = AXEV_ERROR_INIT;
	struct sigaction action = { .sa_handler = on_signal };
	int status;

	sigaction(SIGINT, &action, NULL);
	sigaction(SIGTERM, &action, NULL);
	status = axev_tsa_serve(ledger_path, address, port, on_ready, (void *)(uintptr_t)address,
				&is_stopped, &err);
	return status < 0 ? cli_fail(&err, status) : EXIT_DONE;
}

int cmd_tsa(int argc, char **argv)
{
	const char *ledger_path = getenv("AXEV_LEDGER"), *address = "127.0.0.1", *port_text = "0";
	const struct cli_option known[] = {
		{ "ledger", .text = &ledger_path },
		{ "address", .text = &address },
		{ "port", .text = &port_text },
		{ 0 },
	};
	unsigned long port;
	char *end;
	int code;

	if (!cli_options("tsa", usage, known, argc, argv, &code))
		return code;
	port = strtoul(port_text, &end, 10);
	if (argc - optind != 1 || strcmp(argv[optind], "serve") != 0 || *end || port > 65535)
		return cli_usage("tsa", "expected: serve, with a port from 0 to 65535");
	if (!ledger_path)
		return cli_usage("tsa", "expected --ledger DIR or the variable AXEV_LEDGER");
	return serve(ledger_path, address, (uint16_t)port);
}
