/* SPDX-License-Identifier: Apache-2.0 */
/* Files that a page is handed: the browser runs as another user and sees its own directory only. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>

#include "base/io.h"
#include "base/limits.h"
#include "base/text.h"
#include "capture/web/browser.h"

int axev__browser_write(const struct axev__browser *browser, const char *path, struct axev__span bytes, axev_error *err)
{
	AXEV__CLOSE int fd = -1;

	TRY(axev__open(AT_FDCWD, path, O_WRONLY | O_CREAT | O_EXCL, 0600, &fd, err));
	TRY(axev__write_full(fd, bytes.data, bytes.size, err));
	if (geteuid() == 0 && fchown(fd, browser->uid, browser->uid) < 0)
		return axev__fail_errno(err, errno, "cannot give a file to the browser's user");
	return AXEV_OK;
}

int axev__browser_give_file(const struct axev__browser *browser, uint32_t number, const char *name,
			    struct axev__span bytes, char *path, size_t path_size, axev_error *err)
{
	int length = snprintf(path, path_size, "%s/home/%u", browser->directory, number);
	bool is_root = geteuid() == 0;

	if (mkdir(path, 0700) < 0 || (is_root && chown(path, browser->uid, browser->uid) < 0))
		return axev__fail_errno(err, errno, "cannot make %s", path);
	if (length < 0 || (size_t)snprintf(path + length, path_size - (size_t)length, "/%s", name) >=
				  path_size - (size_t)length)
		return axev__fail(err, AXEV_E_LIMIT, "the name of the file is too long");
	return axev__browser_write(browser, path, bytes, err);
}

int axev__browser_give_display(const struct axev__browser *browser, axev_error *err)
{
	AXEV__BUF cookies = AXEV__BUF_INIT(AXEV__MIB);
	const char *set = getenv("XAUTHORITY"), *home = getenv("HOME");
	char from[AXEV__MAX_PATH], to[128];

	snprintf(from, sizeof(from), "%s%s", set && *set ? set : home ? home : "",
		 set && *set ? "" : "/.Xauthority");
	if (access(from, F_OK) < 0)
		return AXEV_OK;
	TRY(axev__read_file(AT_FDCWD, from, &cookies, err));
	snprintf(to, sizeof(to), "%s/home/Xauthority", browser->directory);
	return axev__browser_write(browser, to, axev__buf_view(&cookies), err);
}
