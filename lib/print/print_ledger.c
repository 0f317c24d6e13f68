/* SPDX-License-Identifier: Apache-2.0 */
/* A package printed out of its ledger, with the entries that tell of it. */
#include <fcntl.h>
#include <unistd.h>

#include "base/io.h"
#include "base/text.h"
#include "ledger/erased.h"
#include "ledger/side_car.h"
#include "package/container_read.h"
#include "print/job.h"

static int add_entry(axev_ledger *ledger, uint64_t index, axev__json *list, axev_error *err)
{
	AXEV__BUF entry = AXEV__BUF_INIT(AXEV__MAX_LEDGER_ENTRY_BYTES);

	if (index == UINT64_MAX)
		return AXEV_OK;
	TRY(axev__ledger_entry_read(ledger->log, index, &entry, err));
	return axev__printable_entry(list, index, axev__buf_view(&entry), err);
}

/* Of a disclosure. A file that cannot be read is refused with reasons when it is printed. */
static int add_erased(axev_ledger *ledger, const struct axev__source *source, axev__json *list, axev_error *err)
{
	AXEV__CONTAINER_READER *container = NULL;
	uint64_t index;
	int status = axev__container_open(source, &container, NULL);

	if (status < 0)
		return status == AXEV_E_NOMEM ? axev__nomem(err) : AXEV_OK;
	TRY(axev__erased_original(ledger, container, &index, err));
	return add_entry(ledger, index, list, err);
}

static int print_history(axev_ledger *ledger, const struct axev__history *history,
			 const char *pdf_path, const axev_print_opts *opts, axev_error *err)
{
	AXEV__JSON *list = axev__json_new_array();
	AXEV__BUF token = AXEV__BUF_INIT(AXEV__MAX_DER_BYTES);
	struct axev__print_beside beside = { .ledger = list,
					     .package_sha256 = history->package.package_sha256 };
	struct axev__source source;
	AXEV__CLOSE int fd = -1;

	if (!list)
		return axev__nomem(err);
	TRY(add_entry(ledger, history->started_index, list, err));
	TRY(add_entry(ledger, history->package.captured_index, list, err));
	TRY(add_entry(ledger, history->package.sealed_index, list, err));
	TRY(add_entry(ledger, history->token_index, list, err));
	if (history->token_index != UINT64_MAX)
		TRY(axev__side_car_read(ledger, history, &token, err));
	beside.late_token = axev__buf_view(&token);
	TRY(axev__ledger_object_open(ledger->log, history->package.package_sha256, &fd, err));
	TRY(axev__source_file(fd, &source, err));
	TRY(add_erased(ledger, &source, list, err));
	return axev__print_source(&source, NULL, &beside, pdf_path, opts, err);
}

int axev_print_ledger_package(axev_ledger *ledger, const axev_id *id, const char *pdf_path,
			      const axev_print_opts *opts, axev_error *err)
{
	struct axev__history history;
	char hex[AXEV_ID_HEX_SIZE];

	if (!ledger || !id || !pdf_path)
		return axev__fail(err, AXEV_E_INVAL, "expected a ledger, an id and the name of a PDF");
	TRY(axev__history_find(ledger, id, &history, err));
	axev__hex(hex, id->bytes, sizeof(id->bytes));
	if (history.package.sealed_index == UINT64_MAX)
		return axev__fail(err, AXEV_E_STATE, "package %.8s is captured, but not sealed yet", hex);
	TRY(axev__history_here(ledger, &history, err));
	return axev__prefix(print_history(ledger, &history, pdf_path, opts, err), err, "package %.8s",
			    hex);
}
