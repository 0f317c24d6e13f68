/* SPDX-License-Identifier: Apache-2.0 */
#include "ledger/side_car.h"

#include <stdio.h>

#include "base/json.h"
#include "base/text.h"
#include "crypto/digest.h"

#define NAME_SIZE 96

static void side_car_name(const axev_id *id, char out[NAME_SIZE])
{
	char hex[AXEV_ID_HEX_SIZE];

	axev__hex(hex, id->bytes, sizeof(id->bytes));
	snprintf(out, NAME_SIZE, "token-%s.tst", hex);
}

int axev__side_car_add(axev_ledger *ledger, const axev_id *id, unsigned number,
		       struct axev__span token, uint64_t *ret_index, axev_error *err)
{
	char name[NAME_SIZE];
	uint8_t sha256[32];

	side_car_name(id, name);
	TRY(axev__sha256(token.data, token.size, sha256, err));
	/* Bytes first: an entry must never name a token that is not there. */
	TRY(axev__ledger_attest(ledger->log, axev__ledger_size(ledger->log), name, token, err));
	return axev__event_token(ledger, id, number, sha256, ret_index, err);
}

struct search {
	char name[NAME_SIZE];
	uint8_t sha256[32];
	struct axev__buf *found;
};

static int on_attest(void *payload, uint64_t tree_size, struct axev__span name,
		     struct axev__span bytes, axev_error *err)
{
	struct search *search = payload;
	uint8_t sha256[32];

	(void)tree_size;
	if (!axev__span_is(name, search->name))
		return 0;
	TRY(axev__sha256(bytes.data, bytes.size, sha256, err));
	if (memcmp(sha256, search->sha256, sizeof(sha256)) != 0)
		return 0;
	TRY(axev__buf_span(search->found, bytes, err));
	return 1;
}

int axev__side_car_read(axev_ledger *ledger, const struct axev__history *history,
			struct axev__buf *ret_token, axev_error *err)
{
	AXEV__BUF entry = AXEV__BUF_INIT(AXEV__MAX_LEDGER_ENTRY_BYTES);
	AXEV__JSON *json = NULL;
	struct search search = { .found = ret_token };

	TRY(axev__ledger_entry_read(ledger->log, history->token_index, &entry, err));
	TRY(axev__json_parse_canonical(axev__buf_view(&entry), &json, err));
	TRY(axev__json_hex(json, "token_sha256", search.sha256, sizeof(search.sha256), err));
	side_car_name(&history->package.id, search.name);
	TRY(axev__ledger_attest_each(ledger->log, history->package.captured_index,
				     history->token_index, on_attest, &search, err));
	if (ret_token->size == 0)
		return axev__fail(err, AXEV_E_CORRUPT, "the ledger names a late token that it does not hold");
	return AXEV_OK;
}
