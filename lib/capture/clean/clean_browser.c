/* SPDX-License-Identifier: Apache-2.0 */
/* The browser that has been started: the program meant, nothing in its profile, nothing added to it. */
#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/text.h"
#include "capture/clean/clean.h"

/* Where administrators steer Chromium: a policy may add extensions, proxies and roots whatever the command line says. */
static const char *const policy_folders[] = {
	"/etc/chromium/policies/managed",     "/etc/chromium/policies/recommended",
	"/etc/chromium-browser/policies/managed", "/etc/chromium-browser/policies/recommended",
	"/etc/opt/chrome/policies/managed",   "/etc/opt/chrome/policies/recommended",
};

static int read_policies(struct axev__buf *out, struct axev__clean_list *found, axev_error *err)
{
	size_t i;

	for (i = 0; i < AXEV__COUNT(policy_folders); i++) {
		DIR *folder = opendir(policy_folders[i]);
		struct dirent *entry;
		int status;

		TRY(axev__buf_printf(out, err, "== %s ==\n%s", policy_folders[i],
				     folder ? "" : "-- not there --\n"));
		status = AXEV_OK;
		while (folder && status >= 0 && (entry = readdir(folder))) {
			char path[512];

			if (entry->d_name[0] == '.')
				continue;
			snprintf(path, sizeof(path), "%s/%.200s", policy_folders[i], entry->d_name);
			axev__clean_list_add(found, axev__span_str(path));
			status = axev__clean_section(out, path, NULL, err);
		}
		if (folder)
			closedir(folder);
		TRY(status);
	}
	return AXEV_OK;
}

/* ---- the program ---- */

static int read_command_line(const struct axev__clean_asked *asked, struct axev__buf *out,
			     axev_error *err)
{
	char path[64];
	size_t i, begin = out->size;

	snprintf(path, sizeof(path), "/proc/%d/cmdline", (int)asked->browser->pid);
	TRY(axev__clean_file(path, out, err));
	for (i = begin; i < out->size; i++)
		if (out->data[i] == '\0')
			out->data[i] = '\n';
	return AXEV_OK;
}

/* A script put in the browser's place would be what was hashed, and another program what showed the page. */
int axev__clean_program(const struct axev__clean_asked *asked, struct axev__clean_row *row,
			axev_error *err)
{
	char link[64], runs[PATH_MAX], meant[PATH_MAX];
	struct axev__shown runs_shown, meant_shown;
	ssize_t length;

	snprintf(link, sizeof(link), "/proc/%d/exe", (int)asked->browser->pid);
	length = readlink(link, runs, sizeof(runs) - 1);
	if (length < 0)
		return axev__fail_errno(err, errno, "cannot read %s", link);
	runs[length] = '\0';
	if (!realpath(asked->browser->path, meant))
		return axev__fail_errno(err, errno, "cannot find the browser");
	axev__show_str(&runs_shown, runs);
	axev__show_str(&meant_shown, meant);
	TRY(axev__buf_printf(&row->raw, err, "== %s ==\n%s\n== what it calls itself ==\n", link,
			     runs_shown.text));
	TRY(axev__escape(&row->raw, axev__span_str(asked->product ? asked->product : ""), err));
	TRY(axev__buf_str(&row->raw, "\n== command line ==\n", err));
	TRY(read_command_line(asked, &row->raw, err));
	if (strcmp(runs, meant) != 0)
		return axev__clean_say(row, AXEV__CLEAN_FAILED,
				       "another program runs than the one named and hashed: %s, not %s",
				       runs_shown.text, meant_shown.text);
	return axev__clean_say(row, AXEV__CLEAN_PASSED,
			       "%s runs and is the one whose SHA-256 stands in the manifest", runs_shown.text);
}

/* ---- its profile ---- */

int axev__clean_profile(const struct axev__clean_asked *asked, struct axev__clean_row *row,
			axev_error *err)
{
	struct axev__span text = axev__buf_view(&asked->browser->listing), line;
	unsigned profile = 0;

	TRY(axev__buf_span(&row->raw, text, err));
	while (axev__clean_line(&text, &line))
		profile += axev__span_starts(line, "profile/") && line.size > strlen("profile/");
	if (profile == 2 && asked->opts->client_cert_file)
		return axev__clean_say(row, AXEV__CLEAN_NOTED,
				       "made for this capture; it held which site gets the client certificate, and nothing else");
	if (profile > 0)
		return axev__clean_say(row, AXEV__CLEAN_FAILED, "%u files stood in the new profile", profile);
	return axev__clean_say(row, AXEV__CLEAN_PASSED,
			       "made for this capture; empty when the browser started");
}

/* ---- extensions ---- */

/* Chromium rewrites its own command line: arguments stand with blanks between. An option inside of a value counts, too. */
static bool has_option(const struct axev__buf *text, const char *wanted, bool is_start)
{
	struct axev__span rest = axev__buf_view(text), line, word;

	while (axev__clean_line(&rest, &line))
		while (axev__clean_word(&line, &word))
			if (is_start ? axev__span_starts(word, wanted) : axev__span_is(word, wanted))
				return true;
	return false;
}

int axev__clean_extensions(const struct axev__clean_asked *asked, struct axev__clean_row *row,
			   axev_error *err)
{
	AXEV__BUF command = AXEV__BUF_INIT(AXEV__MIB);
	struct axev__clean_list policies = { 0 };

	TRY(read_command_line(asked, &command, err));
	TRY(axev__buf_str(&row->raw, "== command line: options about extensions ==\n", err));
	if (has_option(&command, "--disable-extensions", false))
		TRY(axev__buf_str(&row->raw, "--disable-extensions\n", err));
	if (has_option(&command, "--load-extension", true))
		TRY(axev__buf_str(&row->raw, "--load-extension\n", err));
	TRY(read_policies(&row->raw, &policies, err));
	if (has_option(&command, "--load-extension", true) || !has_option(&command, "--disable-extensions", false))
		return axev__clean_say(row, AXEV__CLEAN_FAILED, "the command line lets extensions in");
	if (policies.count > 0)
		return axev__clean_say(row, AXEV__CLEAN_FAILED, "policies of this machine steer the browser: %s",
				       axev__clean_list_text(&policies));
	return axev__clean_say(row, AXEV__CLEAN_PASSED,
			       "new profile, --disable-extensions, no policies of this machine");
}
