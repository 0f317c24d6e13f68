/* SPDX-License-Identifier: Apache-2.0 */
/* What else runs on this machine, and where the evidence is written. */
#include <dirent.h>
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/sysmacros.h>

#include "base/text.h"
#include "capture/clean/clean.h"

#define LITTLE_BYTES ((uint64_t)AXEV__GIB)
#define SCANNER_MS 1200

/* ---- programs ---- */

/* As the kernel names a process: at most 15 bytes. */
static const struct {
	const char *name;
	bool is_interception; /* changes what a machine receives; else: watches, steers or debugs it */
} suspects[] = {
	{ "mitmproxy", true },	   { "mitmdump", true },       { "mitmweb", true },
	{ "bettercap", true },	   { "ettercap", true },       { "arpspoof", true },
	{ "dnsspoof", true },	   { "sslsplit", true },       { "sslstrip", true },
	{ "frida-server", true },  { "burpsuite", true },      { "dnschef", true },
	{ "x11vnc", false },	   { "Xvnc", false },	       { "Xtigervnc", false },
	{ "x0vncserver", false },  { "vncserver", false },     { "krfb", false },
	{ "wayvnc", false },	   { "gnome-remote-de", false }, { "xrdp", false },
	{ "xrdp-sesman", false },  { "teamviewerd", false },   { "TeamViewer", false },
	{ "anydesk", false },	   { "rustdesk", false },      { "sunloginclient", false },
	{ "oray_rundaemon", false }, { "ToDesk", false },      { "ToDesk_Service", false },
	{ "nxserver.bin", false }, { "gdb", false },	       { "lldb", false },
	{ "lldb-server", false },  { "strace", false },	       { "ltrace", false },
	{ "tcpdump", false },	   { "dumpcap", false },       { "wireshark", false },
};

struct programs {
	struct axev__clean_list interception, others;
	unsigned count;
};

static void judge(const char *name, struct programs *programs)
{
	size_t i;

	programs->count++;
	for (i = 0; i < AXEV__COUNT(suspects); i++)
		if (strcmp(name, suspects[i].name) == 0)
			axev__clean_list_add(suspects[i].is_interception ? &programs->interception :
									   &programs->others,
					     axev__span_str(name));
}

/* Names only: command lines hold passwords and other people's business. */
static int read_process(const char *pid, struct axev__clean_row *row, struct programs *programs,
			axev_error *err)
{
	AXEV__BUF text = AXEV__BUF_INIT(AXEV__KIB);
	char path[64];
	struct stat st;
	int status;

	snprintf(path, sizeof(path), "/proc/%.20s/comm", pid);
	status = axev__clean_file(path, &text, NULL);
	if (status == AXEV_E_NOMEM)
		return axev__nomem(err);
	if (status < 0 || text.size < 2 || stat(path, &st) < 0)
		return AXEV_OK; /* it has ended meanwhile */
	text.data[text.size - 1] = '\0';
	judge((const char *)text.data, programs);
	TRY(axev__buf_printf(&row->raw, err, "%s uid %u ", pid, (unsigned)st.st_uid));
	TRY(axev__escape(&row->raw, axev__span(text.data, text.size - 1), err));
	return axev__buf_byte(&row->raw, '\n', err);
}

/* proc(5): the process that traces this one, 0 without. */
static uint64_t tracer(void)
{
	AXEV__BUF text = AXEV__BUF_INIT(64 * AXEV__KIB);
	const char *line;

	if (axev__clean_file("/proc/self/status", &text, NULL) < 0 || !text.data)
		return 0;
	line = strstr((const char *)text.data, "TracerPid:");
	return line ? strtoull(line + strlen("TracerPid:"), NULL, 10) : 0;
}

static int tell_programs(struct programs *programs, struct axev__clean_row *row)
{
	uint64_t by = tracer();

	if (by)
		return axev__clean_say(row, AXEV__CLEAN_FAILED, "process %" PRIu64 " traces this program", by);
	if (programs->interception.count > 0)
		return axev__clean_say(row, AXEV__CLEAN_FAILED, "programs that change traffic are running: %s",
				       axev__clean_list_text(&programs->interception));
	if (programs->others.count > 0)
		return axev__clean_say(row, AXEV__CLEAN_NOTED,
				       "programs that steer, watch or debug a machine are running: %s",
				       axev__clean_list_text(&programs->others));
	return axev__clean_say(row, AXEV__CLEAN_PASSED, "%u processes, none of the names looked for",
			       programs->count);
}

int axev__clean_processes(const struct axev__clean_asked *asked, struct axev__clean_row *row,
			  axev_error *err)
{
	struct programs programs = { 0 };
	struct dirent *entry;
	DIR *proc = opendir("/proc");
	int status = AXEV_OK;

	(void)asked;
	if (!proc)
		return axev__fail_errno(err, errno, "cannot list /proc");
	while (status >= 0 && (entry = readdir(proc)))
		if (entry->d_name[0] >= '1' && entry->d_name[0] <= '9')
			status = read_process(entry->d_name, row, &programs, err);
	closedir(proc);
	TRY(status);
	return tell_programs(&programs, row);
}

/* ---- storage ---- */

/* proc(5): "36 35 98:0 /mnt1 /mnt2 rw,noatime master:1 - ext3 /dev/root rw": type and source behind the dash. */
static bool is_mount_of(struct axev__span line, dev_t device, struct axev__span *ret_type,
			struct axev__span *ret_source)
{
	struct axev__span word = axev__span("", 0);
	char numbers[48];
	unsigned i;

	snprintf(numbers, sizeof(numbers), "%u:%u", major(device), minor(device));
	for (i = 0; i < 3; i++)
		if (!axev__clean_word(&line, &word))
			return false;
	if (!axev__span_is(word, numbers))
		return false;
	while (axev__clean_word(&line, &word))
		if (axev__span_is(word, "-"))
			return axev__clean_word(&line, ret_type) && axev__clean_word(&line, ret_source);
	return false;
}

int axev__clean_disk(const struct axev__clean_asked *asked, struct axev__clean_row *row, axev_error *err)
{
	AXEV__BUF mounts = AXEV__BUF_INIT(AXEV__MIB);
	struct axev__span text, line, type = axev__span_str("unknown"), source = type;
	struct axev__shown type_shown, source_shown;
	struct statvfs space;
	struct stat st;
	uint64_t free_bytes, unit;

	if (fstatvfs(asked->ledger_dirfd, &space) < 0 || fstat(asked->ledger_dirfd, &st) < 0)
		return axev__fail_errno(err, errno, "cannot ask for the space of the ledger");
	unit = space.f_frsize ? space.f_frsize : space.f_bsize;
	free_bytes = space.f_bavail * unit;
	TRY(axev__clean_file("/proc/self/mountinfo", &mounts, err));
	text = axev__buf_view(&mounts);
	while (axev__clean_line(&text, &line)) {
		if (!is_mount_of(line, st.st_dev, &type, &source))
			continue;
		TRY(axev__buf_span(&row->raw, line, err));
		TRY(axev__buf_byte(&row->raw, '\n', err));
	}
	TRY(axev__buf_printf(&row->raw, err,
			     "device %u:%u\nfree bytes %" PRIu64 "\nall bytes %" PRIu64 "\nfree files %" PRIu64 "\n",
			     major(st.st_dev), minor(st.st_dev), free_bytes, (uint64_t)space.f_blocks * unit,
			     (uint64_t)space.f_favail));
	axev__show(&source_shown, source.size > 80 ? axev__span(source.data, 80) : source);
	return axev__clean_say(row, free_bytes < LITTLE_BYTES ? AXEV__CLEAN_NOTED : AXEV__CLEAN_PASSED,
			       "%" PRIu64 " MiB free, %s on %s", free_bytes / AXEV__MIB,
			       axev__show(&type_shown, type), source_shown.text);
}

/* ---- malware scanner ---- */

int axev__clean_antivirus(const struct axev__clean_asked *asked, struct axev__clean_row *row,
			  axev_error *err)
{
	static const char *const clamscan[] = { "/usr/bin/clamscan", "--version", NULL };
	axev_error problem = AXEV_ERROR_INIT;
	struct axev__span text, line = axev__span("", 0);
	struct axev__shown shown;
	int exit_code = 0;
	int status = axev__clean_command(clamscan, SCANNER_MS, &row->raw, &exit_code, &problem);

	(void)asked;
	if (status == AXEV_E_NOTFOUND)
		return axev__clean_say(row, AXEV__CLEAN_NOTED, "no scanner installed (looked for clamscan)");
	if (status < 0)
		return axev__fail(err, status, "%s", problem.message);
	text = axev__buf_view(&row->raw);
	if (exit_code != 0 || !axev__clean_line(&text, &line))
		return axev__clean_say(row, AXEV__CLEAN_NOT_REACHABLE, "clamscan did not tell its version");
	return axev__clean_say(row, AXEV__CLEAN_NOTED, "engine and database: %s; no scan was run",
			       axev__show(&shown, line));
}
