/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Erasing a package. Everything that can be refused is refused before anything is written; then the entry, then the files. A crash
 * between the two leaves bytes that the ledger calls erased: the check of the ledger says so, and doing it again finishes it.
 */
#include "capture/erase.h"

#include "base/text.h"

void axev__erasing_free(struct axev__erasing *erasing)
{
	size_t i;

	for (i = 0; i < erasing->set_count; i++)
		free((char *)(uintptr_t)erasing->sets[i].name);
	free(erasing->sets);
	free(erasing->disclosed);
	free(erasing->others);
	axev__json_free(erasing->original);
}

static int check_text(const char *text, const char *what, axev_error *err)
{
	size_t size = text ? strlen(text) : 0;

	if (size == 0 || size > AXEV__MAX_DISCLOSE_TEXT || !axev__is_utf8(axev__span(text, size)))
		return axev__fail(err, AXEV_E_INVAL, "expected %s, 1 to %d bytes of UTF-8", what, AXEV__MAX_DISCLOSE_TEXT);
	return AXEV_OK;
}

static int check_opts(const axev_erase_opts *opts, axev_error *err)
{
	if (!opts || opts->size < sizeof(*opts) || (opts->disclosure_count && !opts->disclosures) ||
	    (opts->without_set_count && !opts->without_sets))
		return axev__fail(err, AXEV_E_INVAL, "expected options of known size: the package was not erased yet");
	TRY(check_text(opts->approver, "who approved", err));
	TRY(check_text(opts->ground, "the legal ground", err));
	if (!opts->confirm)
		return axev__fail(err, AXEV_E_INVAL, "expected somebody who confirms: erasing cannot be undone");
	return AXEV_OK;
}

static int confirm(const struct axev__erasing *erasing, axev_error *err)
{
	const struct axev__history *history = &erasing->history;
	const axev_erase_plan plan = {
		.size = sizeof(plan),
		.id = history->package.id,
		.package_bytes = history->package.package_bytes,
		.sealed_index = history->package.sealed_index,
		.sets = erasing->sets,
		.set_count = erasing->set_count,
		.other_disclosures = erasing->others,
		.other_count = erasing->other_count,
		.has_late_time = history->was_time_pending && history->token_index != UINT64_MAX,
		.is_time_pending = history->package.is_time_pending,
	};

	if (erasing->opts->confirm(erasing->opts->confirm_payload, &plan) != 0)
		return axev__fail(err, AXEV_E_CANCELLED, "not confirmed: nothing was erased");
	return AXEV_OK;
}

static int log_erased(struct axev__erasing *erasing, axev_erase_result *result, axev_error *err)
{
	struct axev__erased logged;
	struct axev__history history;

	erasing->erased.original = erasing->history.package.id;
	TRY(axev__erased_keep(erasing->ledger, erasing->opts->approver, erasing->opts->ground, erasing->erased.commitment, err));
	TRY(axev__event_erased(erasing->ledger, &erasing->erased, &result->erased_index, err));
	TRY(axev__history_find(erasing->ledger, &erasing->erased.original, &history, err));
	TRY(axev__history_erased(erasing->ledger, &history, &logged, err));
	if (memcmp(logged.commitment, erasing->erased.commitment, sizeof(logged.commitment)) != 0) {
		result->was_erased = 1; /* another process was faster */
		axev__erased_forget(erasing->ledger, erasing->erased.commitment);
	}
	return AXEV_OK;
}

static int decide(axev_ledger *ledger, const struct axev__history *history, const axev_erase_opts *opts,
		  axev_erase_result *result, axev_error *err)
{
	AXEV__ERASING erasing = { .ledger = ledger, .opts = opts, .history = *history };

	TRY(check_opts(opts, err));
	if (history->package.sealed_index == UINT64_MAX)
		return axev__fail(err, AXEV_E_STATE, "the package is not sealed: a draft is given up, not erased");
	TRY(axev__erase_check_disclosures(&erasing, err));
	TRY(axev__erase_find_others(&erasing, err));
	TRY(confirm(&erasing, err));
	return log_erased(&erasing, result, err);
}

int axev_erase(axev_ledger *ledger, const axev_id *id, const axev_erase_opts *opts, axev_erase_result *ret_result,
	       axev_error *err)
{
	axev_erase_result result = { .size = sizeof(result) };
	struct axev__history history;

	if (!ledger || !id || !ret_result || ret_result->size < sizeof(*ret_result))
		return axev__fail(err, AXEV_E_INVAL, "expected a ledger, a package and a result of known size");
	TRY(axev__history_find(ledger, id, &history, err));
	if (history.erased_index != UINT64_MAX) {
		result.was_erased = 1;
		result.erased_index = history.erased_index;
	} else {
		TRY(decide(ledger, &history, opts, &result, err));
	}
	TRY(axev__erase_files(ledger, &history, &result, err));
	*ret_result = result;
	return AXEV_OK;
}
