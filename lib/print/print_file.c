/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The public calls: forms of a package file or a bundle, and of a report. A file is verified before a byte of it is
 * printed, through the same descriptor; what has been changed is refused.
 */
#include <ax_evidence/print.h>

#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/io.h"
#include "base/text.h"
#include "compare/compare.h"
#include "print/job.h"
#include "print/pdf.h"
#include "verify/verify.h"

/* ---- the file that is written ---- */

/* Under a name of its own until it is whole, so that no half print is ever found, and two prints never share one. */
static int write_pdf(const struct axev__document *document, const char *pdf_path, axev_error *err)
{
	char part[AXEV__MAX_PATH];
	AXEV__CLOSE int fd = -1;
	unsigned pages;
	int status;

	if ((size_t)snprintf(part, sizeof(part), "%s.%ld.part", pdf_path, (long)getpid()) >= sizeof(part))
		return axev__fail(err, AXEV_E_LIMIT, "the name of the PDF is too long");
	TRY(axev__open(AT_FDCWD, part, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, 0666, &fd, err));
	status = axev__print_pdf(document, fd, &pages, err);
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

int axev_print_report(const axev_report *report, const char *pdf_path, const axev_print_opts *opts,
		      axev_error *err)
{
	AXEV__CLEANUP(free_text) char *text = NULL;
	struct axev__print_input input = { 0 };
	AXEV__DOCUMENT document = { 0 };
	AXEV__JSON *json = NULL;

	if (!report || !pdf_path)
		return axev__fail(err, AXEV_E_INVAL, "expected a report and the name of a PDF");
	TRY(axev_report_json(report, &text, err));
	TRY(axev__json_parse(axev__span_str(text), &json, err));
	input.report = json;
	TRY(axev__print_add(&document, AXEV__FORM_REPORT, &input, opts ? opts->lang : NULL, err));
	return write_pdf(&document, pdf_path, err);
}

int axev_print_comparison(const axev_comparison *comparison, const char *pdf_path,
			  const axev_print_opts *opts, axev_error *err)
{
	struct axev__print_input input = { 0 };
	AXEV__DOCUMENT document = { 0 };

	if (!comparison || !pdf_path)
		return axev__fail(err, AXEV_E_INVAL, "expected a comparison and the name of a PDF");
	input.comparison = axev__comparison_json(comparison);
	TRY(axev__print_add(&document, AXEV__FORM_COMPARISON, &input, opts ? opts->lang : NULL, err));
	return write_pdf(&document, pdf_path, err);
}

/* ---- packages and bundles ---- */

static void free_report(axev_report **report)
{
	axev_report_free(*report);
}

/* Changed content is not printed; whom to trust is not asked here. */
static int verify_first(const struct axev__source *source, const char *path, uint8_t ret_id[32],
			uint8_t ret_sha256[32], axev_error *err)
{
	AXEV__CLEANUP(free_report) axev_report *report = NULL;

	TRY(axev__verify_source(source, path, NULL, NULL, &report, err));
	if (axev_report_verdict(report) == AXEV_VERDICT_INVALID)
		return axev__fail(err, AXEV_E_INVALID,
				  "changed or incomplete, so it is not printed; verify says where");
	if (!axev__unhex(ret_id, 32, axev__span_str(report->id_hex)) ||
	    !axev__unhex(ret_sha256, 32, axev__span_str(report->sha256_hex)))
		return axev__fail(err, AXEV_E_INTERNAL, "expected an id in the report");
	return AXEV_OK;
}

int axev__print_source(const struct axev__source *source, const char *path,
		       const struct axev__print_beside *beside, const char *pdf_path,
		       const axev_print_opts *opts, axev_error *err)
{
	AXEV__DOCUMENT document = { 0 };
	struct axev__print_job job = { .document = &document,
				       .form = opts ? opts->form : NULL,
				       .lang = opts ? opts->lang : NULL };
	uint8_t sha256[32];

	TRY(verify_first(source, path, job.id, sha256, err));
	if (beside->package_sha256 && memcmp(beside->package_sha256, sha256, sizeof(sha256)) != 0)
		return axev__fail(err, AXEV_E_INVALID, "the ledger names another SHA-256");
	TRY(axev__print_container(&job, source, beside, err));
	return write_pdf(&document, pdf_path, err);
}

int axev_print_package(const char *package_path, const char *pdf_path, const axev_print_opts *opts,
		       axev_error *err)
{
	static const struct axev__print_beside nothing = { 0 };
	struct axev__source source;
	AXEV__CLOSE int fd = -1;

	if (!package_path || !pdf_path)
		return axev__fail(err, AXEV_E_INVAL, "expected a package and the name of a PDF");
	TRY(axev__open(AT_FDCWD, package_path, O_RDONLY, 0, &fd, err));
	TRY(axev__source_file(fd, &source, err));
	return axev__prefix(axev__print_source(&source, package_path, &nothing, pdf_path, opts, err), err,
			    "%s", package_path);
}
