/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Cleanliness checks around a web capture (清洁性检查): is this machine one that shows a page as the network gives it?
 * One round before the page is opened, those of the network once more behind it. Each check keeps what it read, word for
 * word, as an object of the package. What could not be done is never "passed".
 */
#ifndef AXEV_CAPTURE_CLEAN_H
#define AXEV_CAPTURE_CLEAN_H

#include <pthread.h>

#include "base/limits.h"
#include "capture/web/browser.h"
#include "capture/take.h"

enum axev__clean_verdict {
	AXEV__CLEAN_PASSED,
	AXEV__CLEAN_NOTED,         /* a fact for the reader to judge */
	AXEV__CLEAN_FAILED,
	AXEV__CLEAN_NOT_REACHABLE, /* could not be done: nothing answered, or there was nothing to read */
	AXEV__CLEAN_NOT_CHECKED,   /* nobody asked for it */
	AXEV__CLEAN_VERDICTS
};

/* What the checks are about. All lent. */
struct axev__clean_asked {
	const axev_web_opts *opts;
	char host[256];           /* of the address, lower case, IPv6 without brackets */
	char url_port[8];
	bool is_own_machine;      /* the host is an address or a name of this machine: nothing to look up */
	bool is_address;          /* the host is an IP address */
	int ledger_dirfd;
	const struct axev__browser *browser; /* once it has been started */
	const char *product;                 /* what it calls itself */
	const axev_env *env;
	uint8_t random[512];      /* for numbers that nobody may guess; of @env, drawn once a round */
	int64_t now_ns, now_mono_ns; /* one instant by both clocks */
};

struct axev__clean_item;

/* One check of one round. */
struct axev__clean_row {
	const struct axev__clean_item *item;
	const struct axev__clean_asked *asked;
	enum axev__clean_verdict verdict;
	char result[AXEV__MAX_CLEAN_RESULT];
	char steady[AXEV__MAX_CLEAN_RESULT]; /* what must be the same after the capture; empty: nothing */
	struct axev__buf raw;
	int64_t began_ns, ended_ns;
	/* of the clock check: what the servers together say; bound 0: nothing */
	int64_t offset_ns, bound_ns;
	unsigned servers;
	pthread_t thread;
	bool is_running;
	int status;
	axev_error err;
};

struct axev__clean_item {
	const char *id;        /* stable: programs read it */
	const char *title, *title_zh;
	const char *method;    /* what is read or run */
	bool is_repeated;      /* after the capture, too */
	bool is_of_browser;    /* made when the browser runs, by the calling thread */
	int (*run)(const struct axev__clean_asked *asked, struct axev__clean_row *row, axev_error *err);
};

struct axev__clean {
	struct axev__take *take;
	struct axev__clean_asked asked;
	bool is_after, is_begun;
	struct axev__clean_row rows[AXEV__MAX_CLEAN_ITEMS], before[AXEV__MAX_CLEAN_ITEMS];
	unsigned counts[AXEV__CLEAN_VERDICTS];
	struct axev__buf problems; /* what the strict profile does not seal */
};

/* Are the servers named ones that can be asked? INVAL. */
int axev__clean_check_opts(const axev_web_opts *opts, axev_error *err);

/* Starts a round; it runs beside whatever the caller does next. The first call is the round before. */
int axev__clean_begin(struct axev__clean *clean, struct axev__take *take, const axev_web_opts *opts,
		      axev_error *err);

/*
 * Waits for the round's end and adds its outcome to the manifest and the package. @browser, once it runs, lets the checks
 * of the browser be made; NULL after the capture.
 */
int axev__clean_end(struct axev__clean *clean, const struct axev__browser *browser, const char *product,
		    axev_error *err);

/* Both rounds are over: what the clocks said into the manifest; a strict capture that is not clean is held back. */
int axev__clean_conclude(struct axev__clean *clean, axev_error *err);

void axev__clean_free(struct axev__clean *clean);
#define AXEV__CLEAN AXEV__CLEANUP(axev__clean_free) struct axev__clean
#define AXEV__CLEAN_INIT { .problems = AXEV__BUF_INIT(AXEV__MAX_CLEAN_PROBLEMS) }

const char *axev__clean_verdict_name(enum axev__clean_verdict verdict);

/* ---- for the checks ---- */

/* The outcome in one line; untrusted text in it must come escaped. */
int axev__clean_say(struct axev__clean_row *row, enum axev__clean_verdict verdict, const char *format, ...)
	AXEV_PRINTF(3, 4);

/* Append a file to @out, also one of /proc whose size is not known before. AXEV_E_IO, NOTFOUND, LIMIT. */
int axev__clean_file(const char *path, struct axev__buf *out, axev_error *err);

/* The same with a line "== path ==" in front; a file that is not there is said there, too. *ret_there may be NULL. */
int axev__clean_section(struct axev__buf *out, const char *path, bool *ret_there, axev_error *err);

/*
 * Run a program for at most @timeout_ms, its output (both streams) appended to @out. *ret_exit: its exit code, -1 when it
 * had to be ended. AXEV_E_NOTFOUND when it is not installed.
 */
int axev__clean_command(const char *const *argv, uint32_t timeout_ms, struct axev__buf *out,
			int *ret_exit, axev_error *err);

/* Next line of @text, without its end; false behind the last. */
bool axev__clean_line(struct axev__span *text, struct axev__span *ret_line);
/* Next word of @line; blanks between. */
bool axev__clean_word(struct axev__span *line, struct axev__span *ret_word);

/* A short list in a message: "a, b and 3 more". */
struct axev__clean_list {
	char text[AXEV__MAX_SHOWN];
	size_t used;
	unsigned count, left_out;
};
void axev__clean_list_add(struct axev__clean_list *list, struct axev__span item);
const char *axev__clean_list_text(struct axev__clean_list *list);

/* The machine's clock, as the environment of the call gives it. Any thread. */
int64_t axev__clean_now_ns(const struct axev__clean_asked *asked);

/* The checks, in clean_*.c. */
int axev__clean_hosts(const struct axev__clean_asked *asked, struct axev__clean_row *row, axev_error *err);
int axev__clean_proxy(const struct axev__clean_asked *asked, struct axev__clean_row *row, axev_error *err);
int axev__clean_trust(const struct axev__clean_asked *asked, struct axev__clean_row *row, axev_error *err);
int axev__clean_resolvers(const struct axev__clean_asked *asked, struct axev__clean_row *row,
			  axev_error *err);
int axev__clean_interfaces(const struct axev__clean_asked *asked, struct axev__clean_row *row,
			   axev_error *err);
int axev__clean_gateway(const struct axev__clean_asked *asked, struct axev__clean_row *row,
			axev_error *err);
int axev__clean_route(const struct axev__clean_asked *asked, struct axev__clean_row *row, axev_error *err);
int axev__clean_clock(const struct axev__clean_asked *asked, struct axev__clean_row *row, axev_error *err);
int axev__clean_program(const struct axev__clean_asked *asked, struct axev__clean_row *row,
			axev_error *err);
int axev__clean_profile(const struct axev__clean_asked *asked, struct axev__clean_row *row,
			axev_error *err);
int axev__clean_extensions(const struct axev__clean_asked *asked, struct axev__clean_row *row,
			   axev_error *err);
int axev__clean_processes(const struct axev__clean_asked *asked, struct axev__clean_row *row,
			  axev_error *err);
int axev__clean_disk(const struct axev__clean_asked *asked, struct axev__clean_row *row, axev_error *err);
int axev__clean_antivirus(const struct axev__clean_asked *asked, struct axev__clean_row *row,
			  axev_error *err);
int axev__clean_self_test(const struct axev__clean_asked *asked, struct axev__clean_row *row,
			  axev_error *err);

#endif
