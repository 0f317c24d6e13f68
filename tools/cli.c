/* SPDX-License-Identifier: Apache-2.0 */
#include "cli.h"

#include <getopt.h>
#include <stdarg.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

static int exit_code(int status)
{
	switch (status) {
	case AXEV_OK:
		return EXIT_DONE;
	case AXEV_E_INDETERMINATE:
		return EXIT_INDETERMINATE;
	case AXEV_E_INVALID:
	case AXEV_E_FORMAT:
	case AXEV_E_CORRUPT:
	case AXEV_E_LIMIT:
		return EXIT_BAD_BYTES;
	case AXEV_E_INVAL:
		return EXIT_USAGE;
	default:
		return EXIT_ENVIRONMENT;
	}
}

int cli_fail(const axev_error *err, int status)
{
	char text[1100];

	axev_error_text(err, text, sizeof(text));
	fprintf(stderr, "axev: %s\n", text[0] ? text : axev_status_name(status));
	return exit_code(status);
}

int cli_usage(const char *verb, const char *format, ...)
{
	va_list args;

	fputs("axev: ", stderr);
	va_start(args, format);
	vfprintf(stderr, format, args);
	va_end(args);
	fprintf(stderr, "; see: axev %s%s--help\n", verb ? verb : "", verb ? " " : "");
	return EXIT_USAGE;
}

static int take_option(const struct cli_option *option, char *argument)
{
	if (option->take)
		return option->take(option->payload, argument);
	if (option->text)
		*option->text = argument;
	else
		*option->on = 1;
	return EXIT_DONE;
}

int cli_options(const char *verb, const char *usage, const struct cli_option *options, int argc, char **argv, int *ret_exit)
{
	static const struct option help = { "help", no_argument, NULL, CLI_MAX_OPTIONS };
	struct option names[CLI_MAX_OPTIONS + 2] = { 0 };
	char letters[2 * CLI_MAX_OPTIONS + 1] = "";
	int count, found, i;

	for (count = 0; count < CLI_MAX_OPTIONS && options[count].name; count++) {
		names[count] = (struct option){ options[count].name, options[count].on ? no_argument : required_argument, NULL, count };
		if (options[count].letter)
			snprintf(letters + strlen(letters), 3, "%c%s", options[count].letter, options[count].on ? "" : ":");
	}
	names[count] = help;
	opterr = 0;
	*ret_exit = EXIT_DONE;
	while ((found = getopt_long(argc, argv, letters, names, NULL)) != -1) {
		if (found == CLI_MAX_OPTIONS) {
			fputs(usage, stdout);
			return 0;
		}
		for (i = 0; found > CLI_MAX_OPTIONS && i < count; i++)
			if (options[i].letter == found)
				found = i;
		*ret_exit = found < count ? take_option(&options[found], optarg) :
					    cli_usage(verb, "unknown option or missing value");
		if (*ret_exit != EXIT_DONE)
			return 0;
	}
	return 1;
}

const char *cli_lang(const char *asked)
{
	static const char *const variables[] = { "LC_ALL", "LC_MESSAGES", "LANG" };
	size_t i;

	if (asked)
		return strcmp(asked, "zh") == 0 ? "zh" : "en";
	for (i = 0; i < sizeof(variables) / sizeof(variables[0]); i++) {
		const char *value = getenv(variables[i]);

		if (value && *value)
			return strncmp(value, "zh", 2) == 0 ? "zh" : "en";
	}
	return "en";
}

const char *cli_text(const char *lang, const char *zh, const char *en)
{
	return strcmp(lang, "zh") == 0 ? zh : en;
}

static double seconds_now(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static volatile sig_atomic_t is_stopped;

static void on_signal(int number)
{
	(void)number;
	is_stopped = 1;
}

void cli_stop_kindly(void)
{
	static const int numbers[] = { SIGINT, SIGTERM, SIGHUP };
	struct sigaction action = { .sa_handler = on_signal, .sa_flags = (int)SA_RESETHAND };
	struct sigaction before;
	size_t i;

	for (i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++) {
		/* What was started with a signal ignored (nohup) goes on ignoring it. */
		if (sigaction(numbers[i], NULL, &before) == 0 && before.sa_handler != SIG_IGN)
			sigaction(numbers[i], &action, NULL);
	}
}

static int on_progress(void *payload, const axev_progress *progress)
{
	double *times = payload; /* start, last line */
	double now = seconds_now();

	if (is_stopped || !isatty(STDERR_FILENO))
		return is_stopped;
	if (now - times[0] < 1.0 || now - times[1] < 0.2)
		return 0;
	times[1] = now;
	if (progress->total_bytes)
		fprintf(stderr, "\r%s: %.0f%%   ", progress->phase,
			100.0 * (double)progress->done_bytes / (double)progress->total_bytes);
	else if (progress->done_bytes == 0)
		fprintf(stderr, "\r%s: %.0f s   ", progress->phase, now - times[0]);
	else
		fprintf(stderr, "\r%s: %.1f MB   ", progress->phase, (double)progress->done_bytes / 1e6);
	return 0;
}

const axev_env *cli_env(void)
{
	static double times[2];
	static axev_env env = AXEV_ENV_INIT;

	times[0] = seconds_now();
	env.payload = times;
	env.progress = on_progress;
	return &env;
}

axev_ledger *cli_open_ledger(const char *path, int *ret_exit)
{
	axev_error err = AXEV_ERROR_INIT;
	axev_ledger *ledger = NULL;
	int status;

	if (!path)
		path = getenv("AXEV_LEDGER");
	if (!path || !*path) {
		fputs("axev: expected --ledger DIR or the variable AXEV_LEDGER; "
		      "make a ledger with: axev init DIR\n",
		      stderr);
		*ret_exit = EXIT_USAGE;
		return NULL;
	}
	status = axev_ledger_open(path, cli_env(), &ledger, &err);
	if (status < 0) {
		*ret_exit = cli_fail(&err, status);
		return NULL;
	}
	return ledger;
}

static char *read_line(FILE *in)
{
	char *line = NULL;
	size_t room = 0;
	ssize_t length = getline(&line, &room, in);

	if (length < 0) {
		free(line);
		return NULL;
	}
	while (length > 0 && (line[length - 1] == '\n' || line[length - 1] == '\r'))
		line[--length] = '\0';
	return line;
}

/* Without an echo. */
static char *prompt(const char *what)
{
	FILE *terminal = fopen("/dev/tty", "r+e");
	struct termios before, quiet;
	char *line;

	if (!terminal)
		return NULL;
	fprintf(terminal, "%s: ", what);
	fflush(terminal);
	tcgetattr(fileno(terminal), &before);
	quiet = before;
	quiet.c_lflag &= ~(tcflag_t)ECHO;
	tcsetattr(fileno(terminal), TCSAFLUSH, &quiet);
	line = read_line(terminal);
	tcsetattr(fileno(terminal), TCSAFLUSH, &before);
	fputs("\n", terminal);
	fclose(terminal);
	return line;
}

int cli_secret(const char *what, char *out, size_t out_bytes)
{
	char *line = prompt(what);
	size_t length = line ? strlen(line) : 0;
	int status = -1;

	if (line && length > 0 && length < out_bytes) {
		memcpy(out, line, length + 1);
		status = 0;
	}
	cli_passphrase_free(line);
	return status;
}

char *cli_passphrase(const char *file, int is_needed, int *ret_exit)
{
	const char *variable = getenv("AXEV_PASSPHRASE");
	char *line = NULL;
	FILE *in;

	*ret_exit = EXIT_DONE;
	if (file) {
		in = fopen(file, "re");
		line = in ? read_line(in) : NULL;
		if (in)
			fclose(in);
		if (!line) {
			fprintf(stderr, "axev: the passphrase file cannot be read\n");
			*ret_exit = EXIT_ENVIRONMENT;
		}
		return line;
	}
	if (variable)
		return strdup(variable);
	return is_needed ? prompt("passphrase / 口令") : NULL;
}

void cli_passphrase_free(char *passphrase)
{
	if (!passphrase)
		return;
	explicit_bzero(passphrase, strlen(passphrase));
	free(passphrase);
}

int cli_find(axev_ledger *ledger, const char *id_text, axev_ledger_package *ret_package)
{
	axev_error err = AXEV_ERROR_INIT;
	int status = axev_ledger_find(ledger, id_text, ret_package, &err);

	return status < 0 ? cli_fail(&err, status) : EXIT_DONE;
}

int cli_package_path(const char *ledger_path, const char *id_text, char **ret_path)
{
	axev_ledger_package package = { .size = sizeof(package) };
	axev_error err = AXEV_ERROR_INIT;
	int code, status;
	axev_ledger *ledger = cli_open_ledger(ledger_path, &code);

	if (!ledger)
		return code;
	code = cli_find(ledger, id_text, &package);
	if (code == EXIT_DONE) {
		status = axev_ledger_package_path(ledger, &package.id, ret_path, &err);
		if (status < 0)
			code = cli_fail(&err, status);
	}
	axev_ledger_close(ledger);
	return code;
}

static int is_id(const char *text)
{
	struct stat st;

	return stat(text, &st) < 0 && strlen(text) >= 8 && strlen(text) <= 64 &&
	       strspn(text, "0123456789abcdef") == strlen(text);
}

int cli_file_or_id(const char *ledger_path, const char *name, char **ret_path)
{
	axev_error err = AXEV_ERROR_INIT;

	if (is_id(name))
		return cli_package_path(ledger_path, name, ret_path);
	*ret_path = strdup(name);
	return *ret_path ? EXIT_DONE : cli_fail(&err, AXEV_E_NOMEM);
}

void cli_hex(const uint8_t *data, size_t size, char *out)
{
	size_t i;

	for (i = 0; i < size; i++)
		sprintf(out + 2 * i, "%02x", data[i]);
}

void cli_json_string(const char *text)
{
	putchar('"');
	for (; *text; text++) {
		unsigned char c = (unsigned char)*text;

		if (c == '"' || c == '\\')
			printf("\\%c", c);
		else if (c < 0x20)
			printf("\\u%04x", c);
		else
			putchar(c);
	}
	putchar('"');
}

void cli_time(int64_t unix_ns, char out[32])
{
	time_t seconds = (time_t)(unix_ns / 1000000000);
	struct tm utc;

	gmtime_r(&seconds, &utc);
	strftime(out, 32, "%Y-%m-%dT%H:%M:%SZ", &utc);
}
