/* SPDX-License-Identifier: Apache-2.0 */
/* The public questions that are answered by the log alone. */
#include <stdio.h>

#include "base/limits.h"
#include "base/text.h"
#include "ledger/erased.h"
#include "ledger/index.h"

static int give_text(struct axev__buf *buf, char **ret_text, axev_error *err)
{
	char *text = axev__buf_steal_str(buf);

	if (!text)
		return axev__nomem(err);
	*ret_text = text;
	return AXEV_OK;
}

uint64_t axev_ledger_size(const axev_ledger *ledger)
{
	return axev__ledger_size(ledger->log);
}

int axev_ledger_checkpoint(axev_ledger *ledger, char **ret_note, axev_error *err)
{
	AXEV__BUF note = AXEV__BUF_INIT(AXEV__MAX_NOTE_BYTES);

	TRY(axev__ledger_checkpoint(ledger->log, &note, err));
	return give_text(&note, ret_note, err);
}

int axev_ledger_prove(axev_ledger *ledger, uint64_t index, char **ret_proof, axev_error *err)
{
	AXEV__BUF proof = AXEV__BUF_INIT(2 * AXEV__MAX_NOTE_BYTES);

	TRY(axev__ledger_prove(ledger->log, index, &proof, err));
	return give_text(&proof, ret_proof, err);
}

int axev_ledger_package_path(axev_ledger *ledger, const axev_id *id, char **ret_path,
			     axev_error *err)
{
	AXEV__BUF path = AXEV__BUF_INIT(AXEV__MAX_PATH);
	char relative[AXEV__OBJECT_PATH], hex[AXEV_ID_HEX_SIZE];
	struct axev__history history;

	axev__hex(hex, id->bytes, sizeof(id->bytes));
	TRY(axev__history_find(ledger, id, &history, err));
	if (history.package.sealed_index == UINT64_MAX)
		return axev__fail(err, AXEV_E_STATE, "package %.8s is captured, but not sealed yet", hex);
	TRY(axev__history_here(ledger, &history, err));
	axev__ledger_object_path(history.package.package_sha256, relative);
	TRY(axev__buf_printf(&path, err, "%s/%s", ledger->path, relative));
	return give_text(&path, ret_path, err);
}

int axev_ledger_check(axev_ledger *ledger, axev_ledger_check_result *ret_result, axev_error *err)
{
	struct axev__ledger_check check = { 0 };
	const struct axev__index *index;
	axev_ledger_check_result result;

	if (!ret_result || ret_result->size < sizeof(size_t))
		return axev__fail(err, AXEV_E_INVAL, "expected a result of known size");
	TRY(axev__ledger_check(ledger->log, ledger->env, &check, err));
	/* Every entry was just found good: the index is made of them, whatever its file says. */
	TRY(axev__index_rebuild(ledger, &index, err));
	result = (axev_ledger_check_result){
		.size = ret_result->size,
		.entries = check.entries,
		.packages = check.packages,
		.packages_missing = check.packages_missing,
		.commits = check.commits,
		.first_missing_index = check.first_missing,
		.packages_erased = check.packages_erased,
		.erased_here = check.erased_here,
		.first_erased_here_index = check.first_erased_here,
	};
	/* A caller built against an older header has a smaller struct. */
	memcpy(ret_result, &result, result.size < sizeof(result) ? result.size : sizeof(result));
	return AXEV_OK;
}
