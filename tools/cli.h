/* SPDX-License-Identifier: Apache-2.0 */
/* What the verbs share: exit codes, the one error line, language, options that come up again. */
#ifndef AXEV_TOOLS_CLI_H
#define AXEV_TOOLS_CLI_H

#include <ax_evidence/ax_evidence.h>

/* doc/man/axev.1, EXIT STATUS. */
enum {
	EXIT_DONE = 0,
	EXIT_BAD_BYTES = 1, /* verification failed, or the bytes given are at fault */
	EXIT_USAGE = 2,
	EXIT_ENVIRONMENT = 3,
	EXIT_INDETERMINATE = 4
};

/* "axev: subject: message" on stderr; the exit code that fits the status. */
int cli_fail(const axev_error *err, int status);
/* "axev: message" and the hint to --help; EXIT_USAGE. */
int cli_usage(const char *verb, const char *format, ...) AXEV_PRINTF(2, 3);

/* "zh" or "en": @asked (may be NULL), else the locale of the environment. */
const char *cli_lang(const char *asked);
/* Pick the text of the language in use. */
const char *cli_text(const char *lang, const char *zh, const char *en);

/* Progress on stderr when it is a terminal and the work takes over a second. */
const axev_env *cli_env(void);

/* From here on a first SIGINT, SIGTERM or SIGHUP cancels the call that runs, which then cleans up; a second one kills. */
void cli_stop_kindly(void);

/* --ledger, else AXEV_LEDGER; NULL after an error line. */
axev_ledger *cli_open_ledger(const char *path, int *ret_exit);

/* Passphrase from a file's first line, or the variable AXEV_PASSPHRASE, or a prompt when @is_needed and a
 * terminal is there. NULL: none. Overwrite and free with cli_passphrase_free(). */
char *cli_passphrase(const char *file, int is_needed, int *ret_exit);
void cli_passphrase_free(char *passphrase);

/* Asks on the terminal for @what, without an echo. -1: no terminal, nothing given, or too long. */
int cli_secret(const char *what, char *out, size_t out_bytes);

/* Find a package by an id or its start; exit code not 0 after an error line. */
int cli_find(axev_ledger *ledger, const char *id_text, axev_ledger_package *ret_package);

/* Path of a sealed package inside the ledger; free with axev_text_free(). Exit code. */
int cli_package_path(const char *ledger_path, const char *id_text, char **ret_path);

/* The file of this name, else the path of the package with this id; free with axev_text_free(). Exit code. */
int cli_file_or_id(const char *ledger_path, const char *name, char **ret_path);

void cli_hex(const uint8_t *data, size_t size, char *out);
/* A JSON string literal on stdout. */
void cli_json_string(const char *text);
/* RFC 3339 to the second, UTC. */
void cli_time(int64_t unix_ns, char out[32]);

/* An option of a verb, with one of @text, @on and @take. */
struct cli_option {
	const char *name; /* behind "--"; NULL ends a list */
	char letter;      /* behind "-"; '\0': none */
	const char **text; /* where its value is kept */
	int *on;           /* set; it has no value */
	int (*take)(void *payload, char *argument); /* EXIT_DONE, or the exit code after an error line */
	void *payload;
};
#define CLI_MAX_OPTIONS 30
/* Takes all options, and --help, which every verb has: *ret_exit, and 0, when nothing is left to be done; else 1, optind at what is no option. */
int cli_options(const char *verb, const char *usage, const struct cli_option *options, int argc, char **argv, int *ret_exit);

/* One verb: argv[0] is the verb itself. */
struct cli_verb {
	const char *name;
	int (*run)(int argc, char **argv);
	const char *summary_zh, *summary_en;
};

int cmd_init(int argc, char **argv);
int cmd_capture(int argc, char **argv);
int cmd_seal(int argc, char **argv);
int cmd_abandon(int argc, char **argv);
int cmd_list(int argc, char **argv);
int cmd_show(int argc, char **argv);
int cmd_case(int argc, char **argv);
int cmd_disclose(int argc, char **argv);
int cmd_erase(int argc, char **argv);
int cmd_export(int argc, char **argv);
int cmd_verify(int argc, char **argv);
int cmd_compare(int argc, char **argv);
int cmd_print(int argc, char **argv);
int cmd_proof(int argc, char **argv);
int cmd_policy(int argc, char **argv);
int cmd_ledger(int argc, char **argv);
int cmd_tsa(int argc, char **argv);

#endif
