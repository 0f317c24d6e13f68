/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Certificates that this machine trusts and its distribution does not. The browser has its own roots and a new user
 * database: these tell of the machine, what was added for the capture tells of the browser.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>

#include "base/io.h"
#include "base/text.h"
#include "capture/clean/clean.h"
#include "crypto/digest.h"
#include "crypto/x509.h"

#define BUNDLE "/etc/ssl/certs/ca-certificates.crt"
#define CONFIGURATION "/etc/ca-certificates.conf"
#define SHIPPED "/usr/share/ca-certificates"
#define LOCAL "/usr/local/share/ca-certificates"
#define MAX_ROOTS 2000

struct digests {
	uint8_t (*items)[32];
	size_t count;
};
static void digests_free(struct digests *digests)
{
	free(digests->items);
}
#define DIGESTS AXEV__CLEANUP(digests_free) struct digests

static int add_digest(struct digests *digests, struct axev__span der, axev_error *err)
{
	uint8_t(*grown)[32];

	if (digests->count == MAX_ROOTS)
		return axev__fail(err, AXEV_E_LIMIT, "expected at most %d certificates", MAX_ROOTS);
	grown = realloc(digests->items, (digests->count + 1) * sizeof(*grown));
	if (!grown)
		return axev__nomem(err);
	digests->items = grown;
	return axev__sha256(der.data, der.size, grown[digests->count++], err);
}

static bool has_digest(const struct digests *digests, const uint8_t sha256[32])
{
	size_t i;

	for (i = 0; i < digests->count; i++)
		if (memcmp(digests->items[i], sha256, 32) == 0)
			return true;
	return false;
}

/* Certificates of a PEM text without looking into them: the base64 between the lines. */
static int each_pem(struct axev__span text,
		    int (*each)(void *payload, struct axev__span der, axev_error *err), void *payload,
		    axev_error *err)
{
	AXEV__BUF base64 = AXEV__BUF_INIT(AXEV__MIB);
	AXEV__BUF der = AXEV__BUF_INIT(AXEV__MIB);
	struct axev__span line;
	bool is_inside = false;

	while (axev__clean_line(&text, &line)) {
		while (line.size && (line.data[line.size - 1] == '\r' || line.data[line.size - 1] == ' '))
			line.size--;
		if (axev__span_starts(line, "-----BEGIN ")) {
			is_inside = axev__span_is(line, "-----BEGIN CERTIFICATE-----");
			axev__buf_clear(&base64);
		} else if (is_inside && axev__span_is(line, "-----END CERTIFICATE-----")) {
			is_inside = false;
			axev__buf_clear(&der);
			if (!axev__unbase64(&der, axev__buf_view(&base64)))
				return axev__fail(err, AXEV_E_FORMAT, "expected certificates in base64");
			TRY(each(payload, axev__buf_view(&der), err));
		} else if (is_inside) {
			TRY(axev__buf_span(&base64, line, err));
		}
	}
	return AXEV_OK;
}

static int collect(void *payload, struct axev__span der, axev_error *err)
{
	return add_digest(payload, der, err);
}

/* update-ca-certificates(8): a line names a file below SHIPPED; '!' takes it out, '#' is a comment. */
static int read_shipped(struct digests *shipped, axev_error *err)
{
	AXEV__BUF list = AXEV__BUF_INIT(AXEV__MIB);
	struct axev__span text, line;

	TRY(axev__clean_file(CONFIGURATION, &list, err));
	text = axev__buf_view(&list);
	while (axev__clean_line(&text, &line)) {
		AXEV__BUF pem = AXEV__BUF_INIT(AXEV__MIB);
		char path[512];

		if (line.size == 0 || line.data[0] == '#' || line.data[0] == '!' || line.size > 300)
			continue;
		snprintf(path, sizeof(path), SHIPPED "/%.*s", (int)line.size, (const char *)line.data);
		if (axev__clean_file(path, &pem, NULL) >= 0)
			TRY(each_pem(axev__buf_view(&pem), collect, shipped, err));
	}
	return AXEV_OK;
}

struct comparison {
	const struct digests *shipped;
	struct axev__clean_row *row;
	struct axev__clean_list beyond;
	unsigned count;
};

static int compare_one(void *payload, struct axev__span der, axev_error *err)
{
	struct comparison *comparison = payload;
	struct axev__cert_info info = { 0 };
	uint8_t sha256[32];
	char hex[65];

	comparison->count++;
	TRY(axev__sha256(der.data, der.size, sha256, err));
	if (has_digest(comparison->shipped, sha256))
		return AXEV_OK;
	axev__hex(hex, sha256, sizeof(sha256));
	if (axev__cert_info(der, &info, NULL) < 0)
		snprintf(info.subject, sizeof(info.subject), "(cannot be read)");
	axev__clean_list_add(&comparison->beyond, axev__span_str(info.subject));
	return axev__buf_printf(&comparison->row->raw, err, "%s %s\n", hex, info.subject);
}

static int list_local(struct axev__clean_row *row, const char *folder, unsigned depth, unsigned *count,
		      axev_error *err)
{
	DIR *open = opendir(folder);
	struct dirent *entry;
	int status = AXEV_OK;

	while (open && status >= 0 && (entry = readdir(open))) {
		char path[512];

		if (entry->d_name[0] == '.')
			continue;
		snprintf(path, sizeof(path), "%.240s/%.240s", folder, entry->d_name);
		if (depth > 0 && entry->d_type == DT_DIR) {
			status = list_local(row, path, depth - 1, count, err);
			continue;
		}
		++*count;
		status = axev__escape(&row->raw, axev__span_str(path), err);
		if (status >= 0)
			status = axev__buf_byte(&row->raw, '\n', err);
	}
	if (open)
		closedir(open);
	return status;
}

/* @out: its name, empty without one. */
static int note_added(const struct axev__clean_asked *asked, struct axev__clean_row *row, char *out,
		      size_t out_size, axev_error *err)
{
	AXEV__BUF pem = AXEV__BUF_INIT(AXEV__MAX_PEM_BYTES);
	AXEV__CERTS certs = { 0 };
	struct axev__cert_info info;

	out[0] = '\0';
	if (!asked->opts->ca_file)
		return AXEV_OK;
	TRY(axev__buf_str(&row->raw, "== added to the browser for this capture (--ca) ==\n", err));
	TRY(axev__clean_file(asked->opts->ca_file, &pem, err));
	TRY(axev__certs_read(axev__buf_view(&pem), &certs, err));
	TRY(axev__cert_info(axev__cert_at(&certs, 0), &info, err));
	TRY(axev__buf_span(&row->raw, axev__buf_view(&pem), err));
	snprintf(out, out_size, "%.120s", info.subject);
	return AXEV_OK;
}

static int tell(struct comparison *comparison, unsigned local, const char *added)
{
	struct axev__clean_row *row = comparison->row;
	unsigned beyond = comparison->beyond.count;

	if (beyond > 0 && added[0])
		return axev__clean_say(row, AXEV__CLEAN_NOTED,
				       "%u of %u on this machine, which the browser does not use: %s; added to the browser: %s",
				       beyond, comparison->count, axev__clean_list_text(&comparison->beyond),
				       added);
	if (beyond > 0)
		return axev__clean_say(row, AXEV__CLEAN_NOTED,
				       "%u of %u on this machine, which the browser does not use: %s", beyond,
				       comparison->count, axev__clean_list_text(&comparison->beyond));
	if (added[0])
		return axev__clean_say(row, AXEV__CLEAN_NOTED, "none of %u; added to the browser: %s",
				       comparison->count, added);
	if (local > 0)
		return axev__clean_say(row, AXEV__CLEAN_NOTED, "none of %u in use; local files: %u",
				       comparison->count, local);
	return axev__clean_say(row, AXEV__CLEAN_PASSED, "none of %u", comparison->count);
}

int axev__clean_trust(const struct axev__clean_asked *asked, struct axev__clean_row *row, axev_error *err)
{
	AXEV__BUF bundle = AXEV__BUF_INIT(8 * AXEV__MIB);
	DIGESTS shipped = { 0 };
	struct comparison comparison = { .shipped = &shipped, .row = row };
	char added[160];
	unsigned local = 0;

	TRY(note_added(asked, row, added, sizeof(added), err));
	TRY(axev__buf_str(&row->raw, "== " LOCAL " ==\n", err));
	TRY(list_local(row, LOCAL, 3, &local, err));
	TRY(read_shipped(&shipped, err));
	TRY(axev__clean_file(BUNDLE, &bundle, err));
	TRY(axev__buf_str(&row->raw, "== in " BUNDLE ", not among those of the distribution ==\n", err));
	TRY(each_pem(axev__buf_view(&bundle), compare_one, &comparison, err));
	TRY(axev__buf_printf(&row->raw, err, "== %u compared ==\n", comparison.count));
	return tell(&comparison, local, added);
}
