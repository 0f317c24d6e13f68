/* SPDX-License-Identifier: Apache-2.0 */
#include "capture_web.h"

#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli.h"

/* ---- values ---- */

static int parse_seconds(const char *text, uint32_t *ret_ms)
{
	char *end;
	unsigned long seconds = strtoul(text, &end, 10);

	if (*end || end == text || seconds == 0 || seconds > 3600)
		return cli_usage("capture", "expected a number of seconds from 1 to 3600");
	*ret_ms = (uint32_t)seconds * 1000;
	return EXIT_DONE;
}

static int parse_size(const char *text, uint64_t *ret_bytes)
{
	char *end;
	unsigned long long number = strtoull(text, &end, 10);
	unsigned shift = *end == 'K' ? 10 : *end == 'M' ? 20 : *end == 'G' ? 30 : 0;

	if (end == text || *text == '-' || (*end && (!shift || end[1])) || number == 0 ||
	    number > (UINT64_C(4) << 30) >> shift)
		return cli_usage("capture", "expected a size as 500M or 2G, at most 4G");
	*ret_bytes = (uint64_t)number << shift;
	return EXIT_DONE;
}

static int parse_viewport(const char *text, axev_web_opts *web)
{
	unsigned width, height;
	char rest;

	if (sscanf(text, "%4ux%4u%c", &width, &height, &rest) != 2 || width == 0 || height == 0)
		return cli_usage("capture", "expected a viewport as 1280x800");
	web->width = width;
	web->height = height;
	return EXIT_DONE;
}

static int parse_profile(const char *text, axev_web_opts *web)
{
	if (strcmp(text, "standard") != 0 && strcmp(text, "strict") != 0)
		return cli_usage("capture", "expected the profile standard or strict");
	web->checks = strcmp(text, "strict") == 0 ? AXEV_CHECKS_STRICT : AXEV_CHECKS_STANDARD;
	return EXIT_DONE;
}

static int add_server(const char *server, const char **servers, size_t *count)
{
	if (*count == MAX_SERVERS)
		return cli_usage("capture", "expected at most %d servers", MAX_SERVERS);
	servers[(*count)++] = server;
	return EXIT_DONE;
}

/* What is typed must be known to be left out. */
static int add_secret(struct capture_web *web, const char *variable)
{
	const char *value = getenv(variable);

	if (!value || !*value)
		return cli_usage("capture", "the environment has no secret %.60s", variable);
	if (web->opts.session_secret_count == MAX_SERVERS)
		return cli_usage("capture", "expected at most %d secrets", MAX_SERVERS);
	web->secrets[web->opts.session_secret_count++] = value;
	web->opts.session_secrets = web->secrets;
	return EXIT_DONE;
}

static int take_passphrase(struct capture_web *web, const char *variable)
{
	web->opts.client_cert_passphrase = getenv(variable);
	return web->opts.client_cert_passphrase ?
		       EXIT_DONE :
		       cli_usage("capture", "the environment has no passphrase %.60s", variable);
}

/* ---- options ---- */

/* Those that are kept as they are given; NULL: none of them. */
static const char **text_of(struct capture_web *web, int option)
{
	switch (option) {
	case OPTION_BROWSER:
		return &web->opts.browser_path;
	case OPTION_LANG_PAGE:
		return &web->opts.lang;
	case OPTION_STEPS:
		return &web->opts.steps_file;
	case OPTION_COOKIES:
		return &web->opts.cookies_file;
	case OPTION_SAVE_COOKIES:
		return &web->opts.save_cookies_file;
	case OPTION_CLIENT_CERT:
		return &web->opts.client_cert_file;
	case OPTION_DEVICE:
		return &web->opts.device;
	case OPTION_TIME_ZONE:
		return &web->opts.time_zone;
	case OPTION_SUBJECT:
		return &web->opts.subject_file;
	case OPTION_RECHECK:
		return &web->recheck_of;
	default:
		return NULL;
	}
}

/* Those without a value; NULL: none of them. */
static int32_t *switch_of(struct capture_web *web, int option)
{
	switch (option) {
	case OPTION_RECORD_FAILURE:
		return &web->opts.record_failure;
	case OPTION_VIDEO:
		return &web->opts.video;
	case OPTION_INTERACTIVE:
		return &web->opts.interactive;
	case OPTION_NO_SCROLL:
		return &web->opts.no_scroll;
	case OPTION_SELF_TEST:
		return &web->opts.self_test;
	case OPTION_REACH:
		return &web->opts.reach;
	case OPTION_LICENCE:
		return &web->opts.licence;
	default:
		return NULL;
	}
}

static int take_value(struct capture_web *web, int option, const char *argument)
{
	axev_web_opts *opts = &web->opts;

	switch (option) {
	case OPTION_MAX_BYTES:
		return parse_size(argument, &opts->max_bytes);
	case OPTION_TIMEOUT:
		return parse_seconds(argument, &opts->timeout_ms);
	case OPTION_SESSION:
		return parse_seconds(argument, &opts->session_ms);
	case OPTION_SECRET:
		return add_secret(web, argument);
	case OPTION_CLIENT_PASS:
		return take_passphrase(web, argument);
	case OPTION_VIEWPORT:
		return parse_viewport(argument, opts);
	case OPTION_PROFILE:
		return parse_profile(argument, opts);
	case OPTION_RESOLVER:
		opts->resolvers = web->resolvers;
		return add_server(argument, web->resolvers, &opts->resolver_count);
	case OPTION_NTP:
		opts->time_servers = web->time_servers;
		return add_server(argument, web->time_servers, &opts->time_server_count);
	default: /* OPTION_NO_CHECKS */
		opts->checks = AXEV_CHECKS_NONE;
		return EXIT_DONE;
	}
}

int capture_web_option(struct capture_web *web, int option, char *argument)
{
	const char **text = text_of(web, option);
	int32_t *on = switch_of(web, option);

	if (option < OPTION_RECORD_FAILURE || option > OPTION_SUBJECT)
		return 0;
	web->is_given = 1;
	if (text)
		*text = argument;
	else if (on)
		*on = 1;
	else if (take_value(web, option, argument) != EXIT_DONE)
		return -1;
	return 1;
}

/* ---- sessions ---- */

/* A line at the terminal, or nobody there any more, ends a session; without a terminal only time and window do. */
static int is_enter_pressed(void *payload)
{
	struct pollfd terminal = { .fd = STDIN_FILENO, .events = POLLIN };

	(void)payload;
	return isatty(STDIN_FILENO) && poll(&terminal, 1, 0) > 0;
}

static int ask_secret(void *payload, const char *prompt, char *out, size_t out_bytes)
{
	(void)payload;
	return cli_secret(prompt, out, out_bytes);
}

void capture_web_ask_at_terminal(struct capture_web *web)
{
	web->opts.ask_secret = ask_secret;
	web->opts.session_is_over = is_enter_pressed;
}
