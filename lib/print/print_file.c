/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The public calls: forms of a package file, and of a report. A package is verified before a byte of it is
 * printed; what has been changed is refused.
 */
#include <ax_evidence/print.h>

#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>

#include "base/io.h"
#include "package/container_read.h"
#include "package/manifest.h"
#include "package/record_set.h"
#include "print/print.h"

#define SCREENSHOT "data/screenshot.png"

/* ---- the file that is written ---- */

/* Under a name of its own until it is whole, so that no half print is ever found. */
static int print_to(const char *pdf_path, unsigned forms, const struct axev__print_input *input,
		    const char *lang, axev_error *err)
{
	char part[AXEV__MAX_PATH];
	AXEV__CLOSE int fd = -1;
	int status;

	if ((size_t)snprintf(part, sizeof(part), "%s.part", pdf_path) >= sizeof(part))
		return axev__fail(err, AXEV_E_LIMIT, "the name of the PDF is too long");
	TRY(axev__open(AT_FDCWD, part, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW, 0666, &fd, err));
	status = axev__print_form((enum axev__form)forms, input, lang, fd, err);
	if (status >= 0)
		status = axev__fsync(fd, part, err);
	if (status >= 0)
		status = axev__rename_durable(AT_FDCWD, part, pdf_path, err);
	if (status < 0)
		unlink(part);
	return status;
}

/* ---- reports ---- */

static void free_text(char **text)
{
	axev_text_free(*text);
}

static int report_as_json(const axev_report *report, axev__json **ret_json, axev_error *err)
{
	AXEV__CLEANUP(free_text) char *text = NULL;

	TRY(axev_report_json(report, &text, err));
	return axev__json_parse(axev__span_str(text), ret_json, err);
}

int axev_print_report(const axev_report *report, const char *pdf_path, const axev_print_opts *opts,
		      axev_error *err)
{
	struct axev__print_input input = { 0 };
	AXEV__JSON *json = NULL;

	if (!report || !pdf_path)
		return axev__fail(err, AXEV_E_INVAL, "expected a report and the name of a PDF");
	TRY(report_as_json(report, &json, err));
	input.report = json;
	return print_to(pdf_path, AXEV__FORM_REPORT, &input, opts ? opts->lang : NULL, err);
}

/* ---- packages ---- */

static int read_manifest(const struct axev__container *container, axev__json **ret_manifest,
			 axev_error *err)
{
	AXEV__BUF bytes = AXEV__BUF_INIT(AXEV__MAX_MANIFEST_BYTES);
	const struct axev__entry *entry = axev__container_find(container, "data/evidence.json");

	if (!entry)
		return axev__fail(err, AXEV_E_FORMAT, "data/evidence.json: not in the container");
	TRY(axev__container_read(container, entry, &bytes, err));
	return axev__manifest_read(axev__buf_view(&bytes), ret_manifest, err);
}

/* Facts may be withheld; those that are there must be the ones the manifest binds. */
static int read_facts(const struct axev__container *container, const axev__json *manifest,
		      axev__json **ret_facts, axev_error *err)
{
	AXEV__BUF bytes = AXEV__BUF_INIT(64 * AXEV__MIB);
	const struct axev__entry *entry = axev__container_find(container, "data/facts.json");
	AXEV__JSON *facts = NULL;
	uint8_t expected[32], root[32];
	uint64_t records;

	if (!entry || !axev__json_get(manifest, "facts"))
		return AXEV_OK;
	TRY(axev__json_hex(axev__json_get(manifest, "facts"), "root", expected, sizeof(expected), err));
	TRY(axev__container_read(container, entry, &bytes, err));
	TRY(axev__facts_read(axev__buf_view(&bytes), &facts, root, &records, err));
	if (memcmp(expected, root, sizeof(root)) != 0)
		return axev__fail(err, AXEV_E_INVALID, "data/facts.json: expected the root that the manifest "
						       "states, found another");
	*ret_facts = axev__steal(facts);
	return AXEV_OK;
}

static enum axev__print_time time_of(const axev__json *report)
{
	const axev__json *times = axev__json_get(report, "times");
	struct axev__span not_after = axev__span("", 0);
	bool is_pending = false, is_embedded = false;

	axev__json_as_bool(axev__json_get(times, "is_pending"), &is_pending);
	axev__json_as_bool(axev__json_get(times, "is_embedded_only"), &is_embedded);
	axev__json_as_string(axev__json_get(times, "not_after"), &not_after);
	if (is_pending)
		return AXEV__PRINT_TIME_PENDING;
	if (is_embedded)
		return AXEV__PRINT_TIME_EMBEDDED;
	return not_after.size ? AXEV__PRINT_TIME_AUTHORITY : AXEV__PRINT_TIME_UNKNOWN;
}

static int choose_forms(const char *name, const axev__json *manifest, unsigned *ret_forms,
			axev_error *err)
{
	struct axev__span kind;
	bool is_web;

	TRY(axev__json_string(manifest, "kind", &kind, err));
	is_web = axev__span_is(kind, "web");
	if (!name || strcmp(name, "all") == 0)
		*ret_forms = AXEV__FORM_EXTRACTION | AXEV__FORM_LIST | (is_web ? AXEV__FORM_WEB : 0);
	else if (strcmp(name, "extraction") == 0)
		*ret_forms = AXEV__FORM_EXTRACTION;
	else if (strcmp(name, "list") == 0)
		*ret_forms = AXEV__FORM_LIST;
	else if (strcmp(name, "web") == 0 && is_web)
		*ret_forms = AXEV__FORM_WEB;
	else if (strcmp(name, "web") == 0)
		return axev__fail(err, AXEV_E_INVAL, "form web: expected a capture of a web page");
	else
		return axev__fail(err, AXEV_E_INVAL, "form: expected all, extraction, list or web");
	return AXEV_OK;
}

static int print_package(const struct axev__source *source, const char *pdf_path,
			 enum axev__print_time time, const axev_print_opts *opts, axev_error *err);

/* A bundle of one package is printed as that package. */
static int print_only_package(const struct axev__container *bundle, const axev__json *manifest,
			      const char *pdf_path, enum axev__print_time time,
			      const axev_print_opts *opts, axev_error *err)
{
	const axev__json *packages = axev__json_get(manifest, "packages");
	const struct axev__entry *entry;
	struct axev__span path;
	struct axev__source inner;
	char name[AXEV__MAX_ENTRY_NAME + 1];

	if (axev__json_count(packages) != 1)
		return axev__fail(err, AXEV_E_INVAL,
				  "a bundle of %zu packages: unzip it and print each of data/packages/",
				  axev__json_count(packages));
	TRY(axev__json_string(axev__json_at(packages, 0), "path", &path, err));
	snprintf(name, sizeof(name), "%.*s", (int)path.size, (const char *)path.data);
	entry = axev__container_find(bundle, name);
	if (!entry)
		return axev__fail(err, AXEV_E_FORMAT, "%s: not in the bundle", name);
	inner = axev__source_window(axev__container_source(bundle), entry->offset, entry->size_bytes);
	return print_package(&inner, pdf_path, time, opts, err);
}

static int print_package(const struct axev__source *source, const char *pdf_path,
			 enum axev__print_time time, const axev_print_opts *opts, axev_error *err)
{
	AXEV__CONTAINER_READER *container = NULL;
	AXEV__JSON *manifest = NULL;
	AXEV__JSON *facts = NULL;
	const struct axev__entry *screenshot;
	struct axev__print_input input = { .time = time };
	unsigned forms = 0;

	TRY(axev__container_open(source, &container, err));
	TRY(read_manifest(container, &manifest, err));
	if (axev__json_get(manifest, "packages"))
		return print_only_package(container, manifest, pdf_path, time, opts, err);
	TRY(choose_forms(opts ? opts->form : NULL, manifest, &forms, err));
	TRY(read_facts(container, manifest, &facts, err));
	input.manifest = manifest;
	input.facts = facts;
	screenshot = axev__container_find(container, SCREENSHOT);
	if (screenshot && forms & AXEV__FORM_WEB) {
		input.screenshot_path = SCREENSHOT;
		input.screenshot = axev__source_window(axev__container_source(container),
						       screenshot->offset, screenshot->size_bytes);
	}
	return print_to(pdf_path, forms, &input, opts ? opts->lang : NULL, err);
}

static void free_report(axev_report **report)
{
	axev_report_free(*report);
}

/* Changed content is not printed; whom to trust is not asked here. */
static int verify_first(const char *path, enum axev__print_time *ret_time, axev_error *err)
{
	AXEV__CLEANUP(free_report) axev_report *report = NULL;
	AXEV__JSON *json = NULL;
	axev_error found = AXEV_ERROR_INIT;
	int status = axev_verify_file(path, NULL, NULL, &report, &found);

	if (status == AXEV_E_INVALID)
		return axev__fail(err, status, "changed or incomplete, so it is not printed; verify says where");
	if (status < 0 && status != AXEV_E_INDETERMINATE) {
		if (err)
			*err = found;
		return status;
	}
	TRY(report_as_json(report, &json, err));
	*ret_time = time_of(json);
	return AXEV_OK;
}

int axev_print_package(const char *package_path, const char *pdf_path, const axev_print_opts *opts,
		       axev_error *err)
{
	enum axev__print_time time = AXEV__PRINT_TIME_UNKNOWN;
	struct axev__source source;
	AXEV__CLOSE int fd = -1;

	if (!package_path || !pdf_path)
		return axev__fail(err, AXEV_E_INVAL, "expected a package and the name of a PDF");
	TRY(axev__prefix(verify_first(package_path, &time, err), err, "%s", package_path));
	TRY(axev__open(AT_FDCWD, package_path, O_RDONLY, 0, &fd, err));
	TRY(axev__source_file(fd, &source, err));
	return axev__prefix(print_package(&source, pdf_path, time, opts, err), err, "%s", package_path);
}
