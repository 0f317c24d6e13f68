/* SPDX-License-Identifier: Apache-2.0 */
#include <getopt.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

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
	static const struct option options[] = {
		{ "ledger", required_argument, NULL, 'l' },
		{ "address", required_argument, NULL, 'a' },
		{ "port", required_argument, NULL, 'p' },
		{ "help", no_argument, NULL, 'h' },
		{ 0 },
	};
	const char *ledger_path = getenv("AXEV_LEDGER"), *address = "127.0.0.1";
	unsigned long port = 0;
	char *end = NULL;
	int option;

	opterr = 0;
	while ((option = getopt_long(argc, argv, "", options, NULL)) != -1) {
		if (option == 'h') {
			fputs(usage, stdout);
			return EXIT_DONE;
		}
		if (option == 'l')
			ledger_path = optarg;
		else if (option == 'a')
			address = optarg;
		else if (option == 'p')
			port = strtoul(optarg, &end, 10);
		else
			return cli_usage("tsa", "unknown option or missing value");
	}
	if (argc - optind != 1 || strcmp(argv[optind], "serve") != 0 || (end && *end) || port > 65535)
		return cli_usage("tsa", "expected: serve, with a port from 0 to 65535");
	if (!ledger_path)
		return cli_usage("tsa", "expected --ledger DIR or the variable AXEV_LEDGER");
	return serve(ledger_path, address, (uint16_t)port);
}
