/* SPDX-License-Identifier: Apache-2.0 */
/* Options of captures of web pages. */
#ifndef AXEV_TOOLS_CAPTURE_WEB_H
#define AXEV_TOOLS_CAPTURE_WEB_H

#include <ax_evidence/ax_evidence.h>

#define MAX_SERVERS 16

struct capture_web {
	axev_web_opts opts;
	const char *recheck_of; /* as it was given; NULL: none */
	const char *resolvers[MAX_SERVERS], *time_servers[MAX_SERVERS], *secrets[MAX_SERVERS];
	int is_given; /* one of these options was */
};
#define CAPTURE_WEB_INIT { .opts = AXEV_WEB_OPTS_INIT }

enum {
	OPTION_RECORD_FAILURE = 300,
	OPTION_BROWSER,
	OPTION_MAX_BYTES,
	OPTION_TIMEOUT,
	OPTION_LANG_PAGE,
	OPTION_STEPS,
	OPTION_VIDEO,
	OPTION_INTERACTIVE,
	OPTION_SESSION,
	OPTION_SECRET,
	OPTION_COOKIES,
	OPTION_SAVE_COOKIES,
	OPTION_CLIENT_CERT,
	OPTION_CLIENT_PASS,
	OPTION_VIEWPORT,
	OPTION_DEVICE,
	OPTION_TIME_ZONE,
	OPTION_NO_SCROLL,
	OPTION_PROFILE,
	OPTION_SELF_TEST,
	OPTION_NO_CHECKS,
	OPTION_REACH,
	OPTION_RECHECK,
	OPTION_RESOLVER,
	OPTION_NTP,
	OPTION_LICENCE,
	OPTION_SUBJECT
};

#define CAPTURE_WEB_LONG_OPTIONS \
	{ "record-failure", no_argument, NULL, OPTION_RECORD_FAILURE }, \
	{ "browser", required_argument, NULL, OPTION_BROWSER }, \
	{ "max-bytes", required_argument, NULL, OPTION_MAX_BYTES }, \
	{ "timeout", required_argument, NULL, OPTION_TIMEOUT }, \
	{ "lang-page", required_argument, NULL, OPTION_LANG_PAGE }, \
	{ "steps", required_argument, NULL, OPTION_STEPS }, \
	{ "video", no_argument, NULL, OPTION_VIDEO }, \
	{ "interactive", no_argument, NULL, OPTION_INTERACTIVE }, \
	{ "session", required_argument, NULL, OPTION_SESSION }, \
	{ "secret-env", required_argument, NULL, OPTION_SECRET }, \
	{ "cookies", required_argument, NULL, OPTION_COOKIES }, \
	{ "save-cookies", required_argument, NULL, OPTION_SAVE_COOKIES }, \
	{ "client-cert", required_argument, NULL, OPTION_CLIENT_CERT }, \
	{ "client-cert-pass-env", required_argument, NULL, OPTION_CLIENT_PASS }, \
	{ "viewport", required_argument, NULL, OPTION_VIEWPORT }, \
	{ "device", required_argument, NULL, OPTION_DEVICE }, \
	{ "time-zone", required_argument, NULL, OPTION_TIME_ZONE }, \
	{ "no-scroll", no_argument, NULL, OPTION_NO_SCROLL }, \
	{ "profile", required_argument, NULL, OPTION_PROFILE }, \
	{ "self-test", no_argument, NULL, OPTION_SELF_TEST }, \
	{ "no-checks", no_argument, NULL, OPTION_NO_CHECKS }, \
	{ "reach", no_argument, NULL, OPTION_REACH }, \
	{ "recheck-of", required_argument, NULL, OPTION_RECHECK }, \
	{ "resolver", required_argument, NULL, OPTION_RESOLVER }, \
	{ "ntp", required_argument, NULL, OPTION_NTP }, \
	{ "licence", no_argument, NULL, OPTION_LICENCE }, \
	{ "subject", required_argument, NULL, OPTION_SUBJECT }

#define CAPTURE_WEB_USAGE \
	"web:\n" \
	"  --record-failure      an address that cannot be reached, or a step that fails,\n" \
	"                        is captured as such\n" \
	"  --browser PATH        the Chromium binary\n" \
	"  --max-bytes SIZE      stop at so many bytes, as 500M (default 1G)\n" \
	"  --timeout SECONDS     for the whole page (default 60)\n" \
	"  --lang-page TAG       language asked of the site (default zh-CN)\n" \
	"  --steps FILE.json     clicks, keys, waiting: what to do on the page\n" \
	"  --video               video of the page, with time and address below it\n" \
	"  --interactive         a browser on DISPLAY and a person at it, until Enter is\n" \
	"                        pressed here; with --video the whole display is recorded\n" \
	"  --session SECONDS     at most so long (default 3600)\n" \
	"  --secret-env NAME     that variable's value is a secret in a session: not kept\n" \
	"                        when typed; may be given again\n" \
	"  --cookies FILE        a login state, set before the page is opened; its values\n" \
	"                        are masked in the package\n" \
	"  --save-cookies FILE   of --interactive: where its login state is written\n" \
	"  --client-cert FILE    certificate and key (.p12) for the host of the address,\n" \
	"                        shown when it asks for one\n" \
	"  --client-cert-pass-env NAME\n" \
	"                        that variable holds its passphrase\n" \
	"  --viewport WxH        size of the window in pixels (default 1280x800)\n" \
	"  --device NAME         desktop, or phone: size, touch, user agent, emulated\n" \
	"  --time-zone NAME      that the page sees (default: that of the machine)\n" \
	"  --no-scroll           do not scroll for what loads only when it is seen\n" \
	"  --profile NAME        of the checks of this machine: standard (default), or\n" \
	"                        strict: not sealed when one fails or cannot be made\n" \
	"  --self-test           try the browser with a page whose answer is known, as\n" \
	"                        strict always does\n" \
	"  --no-checks           none of them; recorded as not checked\n" \
	"  --reach               what resolvers say of the host and what its addresses\n" \
	"                        answer; a page that does not come is captured as such\n" \
	"  --recheck-of ID       the same, beside what it was in that earlier capture\n" \
	"  --resolver IP[:PORT]  compared with the system's; may be given again\n" \
	"  --ntp HOST[:PORT]     compared with the clock; may be given again\n" \
	"  --licence             find licence marks and ICP numbers on the page,\n" \
	"                        open what the marks lead to\n" \
	"  --subject FILE.json   the same, and compare with a filing record\n"

/* 1 when the option was one of these, 0 when not, -1 after an error line. */
int capture_web_option(struct capture_web *web, int option, char *argument);

/* Who is at the browser in a session ends it, and is asked for secrets, at the terminal. */
void capture_web_ask_at_terminal(struct capture_web *web);

#endif
