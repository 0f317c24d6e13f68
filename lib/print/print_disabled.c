/* SPDX-License-Identifier: Apache-2.0 */
/* Stands in for printing in builds made without it. */
#include <ax_evidence/print.h>

#include "base/error.h"

static int refuse(axev_error *err)
{
	return axev__fail(err, AXEV_E_UNSUPPORTED, "this build cannot print (meson -Dprint=enabled)");
}

int axev_print_package(const char *package_path, const char *pdf_path, const axev_print_opts *opts,
		       axev_error *err)
{
	(void)package_path;
	(void)pdf_path;
	(void)opts;
	return refuse(err);
}

int axev_print_ledger_package(axev_ledger *ledger, const axev_id *id, const char *pdf_path,
			      const axev_print_opts *opts, axev_error *err)
{
	(void)ledger;
	(void)id;
	(void)pdf_path;
	(void)opts;
	return refuse(err);
}

int axev_print_comparison(const axev_comparison *comparison, const char *pdf_path,
			  const axev_print_opts *opts, axev_error *err)
{
	(void)comparison;
	(void)pdf_path;
	(void)opts;
	return refuse(err);
}

int axev_print_report(const axev_report *report, const char *pdf_path, const axev_print_opts *opts,
		      axev_error *err)
{
	(void)report;
	(void)pdf_path;
	(void)opts;
	return refuse(err);
}
