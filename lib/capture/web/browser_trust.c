/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The database in which Chromium looks for further roots and for certificates of its user (NSS, below the home of this one
 * browser), and the preference by which it shows one without asking: nobody sits at a headless browser to pick it.
 */
#include <fcntl.h>
#include <stdio.h>

#include "base/io.h"
#include "base/json.h"
#include "base/limits.h"
#include "capture/web/browser.h"

#define CERTUTIL "/usr/bin/certutil"
#define PK12UTIL "/usr/bin/pk12util"
#define DATABASE "home/.local/share/pki/nssdb"

static int make_database(struct axev__browser *browser, const char *database, axev_error *err)
{
	static const char *const directories[] = { "home/.local", "home/.local/share", "home/.local/share/pki", DATABASE };
	const char *const create[] = { "-N", "-d", database, "--empty-password", NULL };
	size_t i;

	if (access(CERTUTIL, X_OK) < 0 || access(PK12UTIL, X_OK) < 0)
		return axev__fail(err, AXEV_E_NOTFOUND,
				  "a further TLS root or a client certificate needs certutil and pk12util (apt install libnss3-tools)");
	for (i = 0; i < AXEV__COUNT(directories); i++)
		TRY(axev__browser_make_below(browser, directories[i], err));
	return axev__browser_run_tool(browser, CERTUTIL, create, err);
}

/* ---- one more root ---- */

static int copy_root(const struct axev__browser_opts *opts, const char *path, axev_error *err)
{
	AXEV__BUF pem = AXEV__BUF_INIT(AXEV__MAX_PEM_BYTES);
	AXEV__CLOSE int fd = -1;

	if (opts->ca_file)
		TRY(axev__read_file(AT_FDCWD, opts->ca_file, &pem, err));
	else
		TRY(axev__buf_span(&pem, opts->ca_pem, err));
	TRY(axev__open(AT_FDCWD, path, O_WRONLY | O_CREAT | O_EXCL, 0644, &fd, err));
	return axev__write_full(fd, pem.data, pem.size, err);
}

static int add_root(struct axev__browser *browser, const struct axev__browser_opts *opts, const char *database,
		    axev_error *err)
{
	char path[128];
	const char *const import[] = { "-A", "-d", database, "-n", "axev", "-t", "C,,", "-i", path, NULL };

	if (!opts->ca_file && !opts->ca_pem.size)
		return AXEV_OK;
	snprintf(path, sizeof(path), "%s/root.pem", browser->directory);
	TRY(copy_root(opts, path, err));
	return axev__prefix(axev__browser_run_tool(browser, CERTUTIL, import, err), err, "root certificate");
}

/* ---- a certificate of the operator's ---- */

/* Both are there only while pk12util runs: a passphrase on a command line could be read by everybody. */
static int import_client(struct axev__browser *browser, const struct axev__browser_opts *opts, const char *database,
			 axev_error *err)
{
	AXEV__BUF line = AXEV__BUF_INIT(AXEV__MAX_SECRET_BYTES + 2);
	char path[128], pass_path[128];
	const char *const import[] = { "-i", path, "-d", database, "-w", pass_path, "-K", "", NULL };
	int status;

	snprintf(path, sizeof(path), "%s/client.p12", browser->directory);
	snprintf(pass_path, sizeof(pass_path), "%s/client.pass", browser->directory);
	TRY(axev__buf_printf(&line, err, "%s\n", opts->client_passphrase));
	status = axev__browser_write(browser, path, opts->client_p12, err);
	if (status >= 0)
		status = axev__browser_write(browser, pass_path, axev__buf_view(&line), err);
	explicit_bzero(line.data, line.capacity);
	if (status >= 0)
		status = axev__browser_run_tool(browser, PK12UTIL, import, err);
	unlink(path);
	unlink(pass_path);
	return axev__prefix(status, err, "client certificate");
}

/*
 * What the policy AutoSelectCertificateForUrls would set, for this profile alone: any certificate that fits, and there is one. For the
 * ports of one host; of others that ask, nobody answers.
 */
static int prefer_client(const struct axev__browser *browser, const char *host, axev_error *err)
{
	AXEV__BUF text = AXEV__BUF_INIT(4 * AXEV__KIB);
	AXEV__BUF pattern = AXEV__BUF_INIT(AXEV__KIB);
	AXEV__JSON *key = NULL;
	char path[128];

	TRY(axev__buf_printf(&pattern, err, "https://%s:*,*", host));
	key = axev__json_new_string(axev__buf_view(&pattern));
	TRY(axev__buf_str(&text, "{\"profile\":{\"content_settings\":{\"exceptions\":{\"auto_select_certificate\":{", err));
	TRY(axev__json_canonical(key, &text, err));
	TRY(axev__buf_str(&text, ":{\"setting\":{\"filters\":[{}]}}}}}}}", err));
	TRY(axev__browser_make_below(browser, "profile/Default", err));
	snprintf(path, sizeof(path), "%s/profile/Default/Preferences", browser->directory);
	return axev__browser_write(browser, path, axev__buf_view(&text), err);
}

int axev__browser_give_trust(struct axev__browser *browser, const struct axev__browser_opts *opts, axev_error *err)
{
	char database[160];

	if (!opts->ca_file && !opts->ca_pem.size && !opts->client_p12.size)
		return AXEV_OK;
	snprintf(database, sizeof(database), "sql:%s/" DATABASE, browser->directory);
	TRY(make_database(browser, database, err));
	TRY(add_root(browser, opts, database, err));
	if (!opts->client_p12.size)
		return AXEV_OK;
	TRY(import_client(browser, opts, database, err));
	return prefer_client(browser, opts->client_host, err);
}
