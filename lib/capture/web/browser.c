/* SPDX-License-Identifier: Apache-2.0 */
#include "capture/web/browser.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pwd.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>

#include "base/io.h"
#include "base/limits.h"
#include "base/text.h"

#define LAST_WORDS_BYTES 512
#define START_MS 30000
#define COMMAND_FD 3 /* --remote-debugging-pipe: the browser reads 3 and writes 4 */
#define ANSWER_FD 4
#define SAFE_FD 10   /* above both, so that moving one end never closes the other */

/* The binary itself: distributions wrap it in scripts that add options of their own. */
static const char *const places[] = {
	"/usr/lib/chromium/chromium",
	"/usr/lib64/chromium-browser/chromium-browser",
	"/opt/google/chrome/chrome",
	"/usr/bin/chromium",
};

int axev__browser_find(const char *path, const char **ret_path, axev_error *err)
{
	struct axev__shown shown;
	size_t i;

	for (i = 0; !path && i < AXEV__COUNT(places); i++)
		if (access(places[i], X_OK) == 0)
			path = places[i];
	if (!path)
		return axev__fail(err, AXEV_E_NOTFOUND,
				  "found no Chromium; install it (apt install chromium chromium-sandbox) or name it with --browser");
	if (access(path, X_OK) < 0)
		return axev__fail_errno(err, errno, "cannot run the browser %s",
					axev__show_str(&shown, path));
	*ret_path = path;
	return AXEV_OK;
}

/* ---- the directory ---- */

/*
 * Chromium refuses to run as root with its sandbox on, and it must not share a user with anything: a number from the
 * range that systemd uses for dynamic users, which no account has.
 */
static int choose_user(struct axev__browser *browser, const axev_env *env, axev_error *err)
{
	uint16_t number;
	int tries;

	browser->uid = geteuid();
	for (tries = 0; browser->uid == 0 && tries < 100; tries++) {
		TRY(axev__random(env, &number, sizeof(number), err));
		browser->uid = 61184 + number % (65519 - 61184);
		if (getpwuid(browser->uid))
			browser->uid = 0;
	}
	return browser->uid ? AXEV_OK :
			      axev__fail(err, AXEV_E_STATE, "found no free user number for the browser");
}

int axev__browser_make_below(const struct axev__browser *browser, const char *name, axev_error *err)
{
	char path[128];

	snprintf(path, sizeof(path), "%s/%s", browser->directory, name);
	if (mkdir(path, 0700) < 0 || (geteuid() == 0 && chown(path, browser->uid, browser->uid) < 0))
		return axev__fail_errno(err, errno, "cannot make %s", path);
	return AXEV_OK;
}

static int make_directory(struct axev__browser *browser, axev_error *err)
{
	/* As root, the browser's user must be able to reach it, whatever root's own TMPDIR is. */
	const char *base = geteuid() == 0 ? NULL : getenv("TMPDIR");
	char path[sizeof(browser->directory)];

	if (!base || base[0] != '/' || strlen(base) > 32)
		base = "/tmp";
	snprintf(path, sizeof(path), "%s/axev-web-XXXXXX", base);
	if (!mkdtemp(path))
		return axev__fail_errno(err, errno, "cannot make a directory for the browser below %s", base);
	memcpy(browser->directory, path, sizeof(path));
	if (geteuid() == 0 && chown(path, browser->uid, browser->uid) < 0)
		return axev__fail_errno(err, errno, "cannot give %s to the browser's user", path);
	TRY(axev__browser_make_below(browser, "profile", err));
	TRY(axev__browser_make_below(browser, "downloads", err));
	return axev__browser_make_below(browser, "home", err);
}

/* Both ends: with a writer of our own the reader sees no end before the browser has opened its own. */
static int make_fifo(struct axev__browser *browser, axev_error *err)
{
	char path[128];

	snprintf(path, sizeof(path), "%s/netlog", browser->directory);
	if (mkfifo(path, 0600) < 0 || (geteuid() == 0 && chown(path, browser->uid, browser->uid) < 0))
		return axev__fail_errno(err, errno, "cannot make %s", path);
	TRY(axev__open(AT_FDCWD, path, O_RDONLY | O_NONBLOCK, 0, &browser->netlog_fd, err));
	TRY(axev__open(AT_FDCWD, path, O_WRONLY, 0, &browser->netlog_hold_fd, err));
	if (fcntl(browser->netlog_fd, F_SETFL, 0) < 0)
		return axev__fail_errno(err, errno, "cannot use %s", path);
	return AXEV_OK;
}

/* ---- processes ---- */

struct spawn {
	posix_spawn_file_actions_t actions;
	posix_spawnattr_t attributes;
};

static void spawn_end(struct spawn *spawn)
{
	posix_spawn_file_actions_destroy(&spawn->actions);
	posix_spawnattr_destroy(&spawn->attributes);
}

/* A session of its own, so that all of it can be ended; default signals; nothing open but what is given. */
static void spawn_begin(struct spawn *spawn, const char *log_path)
{
	sigset_t none, all;

	sigemptyset(&none);
	sigfillset(&all);
	posix_spawn_file_actions_init(&spawn->actions);
	posix_spawnattr_init(&spawn->attributes);
	posix_spawnattr_setflags(&spawn->attributes, POSIX_SPAWN_SETSID | POSIX_SPAWN_SETSIGMASK |
							     POSIX_SPAWN_SETSIGDEF);
	posix_spawnattr_setsigmask(&spawn->attributes, &none);
	posix_spawnattr_setsigdefault(&spawn->attributes, &all);
	posix_spawn_file_actions_addopen(&spawn->actions, 0, "/dev/null", O_RDONLY, 0);
	posix_spawn_file_actions_addopen(&spawn->actions, 1, "/dev/null", O_WRONLY, 0);
	posix_spawn_file_actions_addopen(&spawn->actions, 2, log_path, O_WRONLY | O_CREAT | O_APPEND,
					 0600);
}

#define MAX_ARGUMENTS 64
#define MAX_ENVIRONMENT 12

struct command {
	const char *argv[MAX_ARGUMENTS];
	const char *envp[MAX_ENVIRONMENT];
	size_t argc, envc;
	char text[4096]; /* what the arguments point into */
	size_t used;
};

static void add(struct command *command, const char *argument)
{
	if (command->argc + 1 < MAX_ARGUMENTS)
		command->argv[command->argc++] = argument;
}

static const char *put(struct command *command, const char *format, const char *value)
{
	char *at = command->text + command->used;
	int length = snprintf(at, sizeof(command->text) - command->used, format, value);

	if (length < 0 || (size_t)length >= sizeof(command->text) - command->used)
		return "";
	command->used += (size_t)length + 1;
	return at;
}

static void add_environment(struct command *command, const struct axev__browser *browser)
{
	static const char *const kept[] = { "TZ", "FONTCONFIG_FILE", "FONTCONFIG_PATH" };
	char value[1024];
	size_t i;

	command->envp[command->envc++] = put(command, "HOME=%s/home", browser->directory);
	command->envp[command->envc++] = put(command, "TMPDIR=%s/home", browser->directory);
	command->envp[command->envc++] = "PATH=/usr/bin:/bin";
	command->envp[command->envc++] = "LANG=C.UTF-8";
	/* No desktop's services: neither its keyring nor its proxy settings. */
	command->envp[command->envc++] = "DBUS_SESSION_BUS_ADDRESS=disabled:";
	command->envp[command->envc++] = "DBUS_SYSTEM_BUS_ADDRESS=disabled:";
	if (browser->display) {
		command->envp[command->envc++] = put(command, "DISPLAY=%s", browser->display);
		command->envp[command->envc++] = put(command, "XAUTHORITY=%s/home/Xauthority", browser->directory);
	}
	for (i = 0; i < AXEV__COUNT(kept); i++) {
		const char *set = getenv(kept[i]);

		if (set && strlen(set) < 512) {
			snprintf(value, sizeof(value), "%s=%s", kept[i], set);
			command->envp[command->envc++] = put(command, "%s", value);
		}
	}
}

/*
 * What posix_spawn cannot do, another program does before the browser starts: it ends when we do, however that comes
 * about (a busy one would not see that nobody listens any more), and as root its rights are dropped.
 */
static void add_guard(struct command *command, const struct axev__browser *browser)
{
	char number[24];

	add(command, "/usr/bin/setpriv");
	add(command, "--pdeathsig=KILL");
	if (geteuid() == 0) {
		snprintf(number, sizeof(number), "%u", (unsigned)browser->uid);
		add(command, put(command, "--reuid=%s", number));
		add(command, put(command, "--regid=%s", number));
		add(command, "--clear-groups");
		add(command, "--inh-caps=-all");
	}
	add(command, "--");
}

static int run(struct axev__browser *browser, struct command *command, struct spawn *spawn,
	       axev_error *err)
{
	int failed;

	command->argv[command->argc] = NULL;
	command->envp[command->envc] = NULL;
	failed = posix_spawn(&browser->pid, command->argv[0], &spawn->actions, &spawn->attributes,
			     (char *const *)command->argv, (char *const *)command->envp);
	if (failed) {
		browser->pid = 0;
		return axev__fail_errno(err, failed, "cannot start %s", command->argv[0]);
	}
	return AXEV_OK;
}

/* ---- tools that prepare its home ---- */

int axev__browser_run_tool(struct axev__browser *browser, const char *tool, const char *const *arguments, axev_error *err)
{
	struct command command = { 0 };
	struct spawn spawn;
	char log_path[128], words[256];
	int status, wait_status = 0;

	snprintf(log_path, sizeof(log_path), "%s/log", browser->directory);
	add_guard(&command, browser);
	add(&command, tool);
	while (*arguments)
		add(&command, *arguments++);
	add_environment(&command, browser);
	spawn_begin(&spawn, log_path);
	status = run(browser, &command, &spawn, err);
	spawn_end(&spawn);
	TRY(status);
	while (waitpid(browser->pid, &wait_status, 0) < 0 && errno == EINTR)
		;
	browser->pid = 0;
	if (WIFEXITED(wait_status) && WEXITSTATUS(wait_status) == 0)
		return AXEV_OK;
	axev__browser_last_words(browser, words, sizeof(words));
	return axev__fail(err, AXEV_E_FORMAT, "%s did not accept it: %s", tool, words);
}

/* ---- what it finds ---- */

static int list_below(struct axev__browser *browser, const char *name, unsigned depth, axev_error *err)
{
	char path[512];
	DIR *directory;
	struct dirent *entry;
	int status = AXEV_OK;

	snprintf(path, sizeof(path), "%s/%s", browser->directory, name);
	directory = opendir(path);
	if (!directory)
		return errno == ENOTDIR ? AXEV_OK : axev__fail_errno(err, errno, "cannot list %s", path);
	while (status >= 0 && (entry = readdir(directory))) {
		if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0)
			continue;
		snprintf(path, sizeof(path), "%s/%.200s", name, entry->d_name);
		status = axev__buf_printf(&browser->listing, err, "%s\n", path);
		if (status >= 0 && depth > 0)
			status = list_below(browser, path, depth - 1, err);
	}
	closedir(directory);
	return status;
}

static int list_directory(struct axev__browser *browser, axev_error *err)
{
	TRY(axev__buf_str(&browser->listing, "profile/\n", err));
	TRY(list_below(browser, "profile", 8, err));
	TRY(axev__buf_str(&browser->listing, "home/\n", err));
	return list_below(browser, "home", 8, err);
}

/* ---- start ---- */

/*
 * Nothing that asks the maker's servers, nothing that changes what the page gets. Sandbox options are never given:
 * without a usable sandbox Chromium ends, and so does the capture.
 */
static void add_options(struct command *command, const struct axev__browser *browser,
			const struct axev__browser_opts *opts)
{
	static const char *const fixed[] = {
		"--disable-gpu",
		"--remote-debugging-pipe",
		"--net-log-capture-mode=Everything",
		"--disable-quic",
		"--no-proxy-server",
		"--no-first-run",
		"--no-default-browser-check",
		"--no-service-autorun",
		"--disable-background-networking",
		"--disable-breakpad",
		"--disable-client-side-phishing-detection",
		"--disable-component-extensions-with-background-pages",
		"--disable-component-update",
		"--disable-default-apps",
		"--disable-domain-reliability",
		"--disable-extensions",
		"--disable-field-trial-config",
		"--disable-search-engine-choice-screen",
		"--disable-sync",
		"--allow-browser-signin=false",
		"--disable-features=NetworkTimeServiceQuerying,OptimizationHints,MediaRouter,Translate,"
		"HttpsUpgrades,HttpsFirstBalancedModeAutoEnable,DialMediaRouteProvider,"
		"CertificateTransparencyComponentUpdater,AutofillServerCommunication,"
		/* Panes of the address bar and a process kept ready: half of the start's work, and no part of a page. */
		"WebUIOmniboxPopup,WebUIOmniboxAimPopup,SpareRendererForSitePerProcess",
		"--disable-variations-seed-fetch",
		/* What it would still ask its maker for: these names do not exist for it. */
		"--gaia-url=https://accounts.invalid",
		"--host-resolver-rules=MAP accounts.invalid ~NOTFOUND, MAP update.googleapis.com ~NOTFOUND",
		"--metrics-recording-only",
		"--mute-audio",
		"--hide-scrollbars",
		"--force-color-profile=srgb",
		"--force-device-scale-factor=1",
		"--password-store=basic",
	};
	char size[32];
	size_t i;

	add(command, browser->path);
	add(command, opts->display ? "--ozone-platform=x11" : "--headless=new");
	if (opts->display)
		add(command, "--window-position=0,0");
	for (i = 0; i < AXEV__COUNT(fixed); i++)
		add(command, fixed[i]);
	snprintf(size, sizeof(size), "%u,%u", opts->width, opts->height);
	add(command, put(command, "--window-size=%s", size));
	add(command, put(command, "--lang=%s", opts->lang));
	add(command, put(command, "--accept-lang=%s", opts->lang));
	add(command, put(command, "--user-data-dir=%s/profile", browser->directory));
	add(command, put(command, "--log-net-log=%s/netlog", browser->directory));
	add(command, "about:blank");
}

struct pipes {
	int command[2], answer[2];
};

/* Sockets: writing to a browser that is gone must not raise SIGPIPE in the host process. */
static int safe_pipe(int ends[2], axev_error *err)
{
	int raw[2], i;

	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, raw) < 0)
		return axev__fail_errno(err, errno, "cannot make a pipe");
	for (i = 0; i < 2; i++) {
		ends[i] = fcntl(raw[i], F_DUPFD_CLOEXEC, SAFE_FD);
		close(raw[i]);
	}
	return ends[0] >= 0 && ends[1] >= 0 ? AXEV_OK : axev__fail_errno(err, errno, "cannot make a pipe");
}

static void close_pipes(struct pipes *pipes)
{
	int *ends[] = { &pipes->command[0], &pipes->command[1], &pipes->answer[0], &pipes->answer[1] };
	size_t i;

	for (i = 0; i < AXEV__COUNT(ends); i++)
		axev__closep(ends[i]);
}

static int launch(struct axev__browser *browser, const struct axev__browser_opts *opts,
		  axev_error *err)
{
	AXEV__CLEANUP(close_pipes) struct pipes pipes = { { -1, -1 }, { -1, -1 } };
	struct command command = { 0 };
	struct spawn spawn;
	char log_path[128];
	int status;

	TRY(safe_pipe(pipes.command, err));
	TRY(safe_pipe(pipes.answer, err));
	snprintf(log_path, sizeof(log_path), "%s/log", browser->directory);
	add_guard(&command, browser);
	add_options(&command, browser, opts);
	add_environment(&command, browser);
	spawn_begin(&spawn, log_path);
	posix_spawn_file_actions_adddup2(&spawn.actions, pipes.command[0], COMMAND_FD);
	posix_spawn_file_actions_adddup2(&spawn.actions, pipes.answer[1], ANSWER_FD);
	posix_spawn_file_actions_addclosefrom_np(&spawn.actions, ANSWER_FD + 1);
	status = run(browser, &command, &spawn, err);
	spawn_end(&spawn);
	TRY(status);
	browser->command_fd = axev__steal_fd(&pipes.command[1]);
	browser->answer_fd = axev__steal_fd(&pipes.answer[0]);
	return AXEV_OK;
}

/* The log's first line comes as soon as the browser runs; until then our own writer keeps the FIFO open. */
static int await_log(struct axev__browser *browser, axev_error *err)
{
	struct pollfd log = { .fd = browser->netlog_fd, .events = POLLIN };
	char words[256];
	int waited_ms;

	for (waited_ms = 0; waited_ms < START_MS; waited_ms += 50) {
		if (poll(&log, 1, 50) > 0) {
			axev__closep(&browser->netlog_hold_fd);
			browser->netlog_hold_fd = -1;
			return AXEV_OK;
		}
		if (axev__browser_has_ended(browser))
			break;
	}
	axev__browser_last_words(browser, words, sizeof(words));
	return axev__fail(err, AXEV_E_IO, "the browser %s %s: %s", browser->path,
			  browser->pid ? "does not answer" : "ended as soon as it was started",
			  words[0] ? words : "it said nothing");
}

static bool is_language_tag(const char *lang)
{
	return lang && *lang && strlen(lang) <= 64 &&
	       strspn(lang, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-,") ==
		       strlen(lang);
}

int axev__browser_start(struct axev__browser *browser, const struct axev__browser_opts *opts,
			const axev_env *env, axev_error *err)
{
	*browser = (struct axev__browser)AXEV__BROWSER_INIT;
	if (!is_language_tag(opts->lang))
		return axev__fail(err, AXEV_E_INVAL, "expected a language as zh-CN or zh-CN,en");
	browser->path = opts->path;
	browser->display = opts->display;
	TRY(choose_user(browser, env, err));
	TRY(make_directory(browser, err));
	TRY(make_fifo(browser, err));
	if (opts->display)
		TRY(axev__browser_give_display(browser, err));
	TRY(axev__browser_give_trust(browser, opts, err));
	TRY(list_directory(browser, err));
	TRY(launch(browser, opts, err));
	return await_log(browser, err);
}

/* ---- end ---- */

void axev__browser_last_words(const struct axev__browser *browser, char *out, size_t out_size)
{
	AXEV__CLOSE int fd = -1;
	char path[128], raw[LAST_WORDS_BYTES];
	struct axev__shown shown;
	uint64_t size;
	size_t length, i;

	out[0] = '\0';
	snprintf(path, sizeof(path), "%s/log", browser->directory);
	if (axev__open(AT_FDCWD, path, O_RDONLY, 0, &fd, NULL) < 0 ||
	    axev__file_size(fd, &size, NULL) < 0)
		return;
	length = size < sizeof(raw) ? (size_t)size : sizeof(raw);
	if (axev__pread_full(fd, raw, length, size - length, NULL) < 0)
		return;
	while (length && (raw[length - 1] == '\n' || raw[length - 1] == '\r'))
		length--;
	for (i = length; i > 0 && raw[i - 1] != '\n'; i--)
		;
	snprintf(out, out_size, "%s", axev__show(&shown, axev__span(raw + i, length - i)));
}

bool axev__browser_has_ended(struct axev__browser *browser)
{
	int status;

	if (browser->pid && waitpid(browser->pid, &status, WNOHANG) == browser->pid)
		browser->pid = 0;
	return browser->pid == 0;
}

bool axev__browser_wait(struct axev__browser *browser, uint32_t timeout_ms)
{
	const struct timespec nap = { 0, 5 * 1000 * 1000 };
	uint32_t waited_ms;

	for (waited_ms = 0; waited_ms < timeout_ms; waited_ms += 5) {
		if (axev__browser_has_ended(browser))
			return true;
		nanosleep(&nap, NULL);
	}
	if (axev__browser_has_ended(browser))
		return true;
	kill(-browser->pid, SIGKILL);
	while (waitpid(browser->pid, NULL, 0) < 0 && errno == EINTR)
		;
	browser->pid = 0;
	return false;
}

/* Its helpers may outlive the browser by a moment, and still write into the profile. */
bool axev__browser_remove(struct axev__browser *browser)
{
	const struct timespec nap = { 0, 20 * 1000 * 1000 };
	int tries;

	for (tries = 0; tries < 100 && browser->directory[0]; tries++) {
		if (axev__remove_tree(AT_FDCWD, browser->directory, NULL) == AXEV_OK &&
		    access(browser->directory, F_OK) < 0)
			browser->directory[0] = '\0';
		else
			nanosleep(&nap, NULL);
	}
	return !browser->directory[0];
}

void axev__browser_end(struct axev__browser *browser)
{
	if (browser->pid)
		axev__browser_wait(browser, 0);
	axev__closep(&browser->command_fd);
	axev__closep(&browser->answer_fd);
	axev__closep(&browser->netlog_fd);
	axev__closep(&browser->netlog_hold_fd);
	axev__browser_remove(browser);
	axev__buf_free(&browser->listing);
	*browser = (struct axev__browser)AXEV__BROWSER_INIT;
}
