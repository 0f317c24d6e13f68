/* SPDX-License-Identifier: Apache-2.0 */
/* A package sealed while no authority answered gets its token later, as a side-car. */
#include <unistd.h>

#include "base/text.h"
#include "capture/take.h"
#include "crypto/cades.h"
#include "crypto/tsp.h"
#include "ledger/erased.h"
#include "ledger/side_car.h"
#include "net/authority.h"
#include "package/container_read.h"

static int read_signature(axev_ledger *ledger, const axev_ledger_package *package,
			  struct axev__cades *ret_cades, struct axev__buf *p7s, axev_error *err)
{
	AXEV__CLOSE int fd = -1;
	AXEV__CONTAINER_READER *container = NULL;
	const struct axev__entry *entry;
	struct axev__source source;

	TRY(axev__ledger_object_open(ledger->log, package->package_sha256, &fd, err));
	TRY(axev__source_file(fd, &source, err));
	TRY(axev__container_open(&source, &container, err));
	entry = axev__container_find(container, "META-INF/signature001.p7s");
	if (!entry)
		return axev__fail(err, AXEV_E_CORRUPT, "the stored package has no signature");
	TRY(axev__container_read(container, entry, p7s, err));
	return axev__cades_parse(axev__buf_view(p7s), ret_cades, err);
}

static int fetch_token(axev_ledger *ledger, const axev_seal_opts *opts,
		       struct axev__span signature, struct axev__buf *token, axev_error *err)
{
	static const axev_tsa embedded = { sizeof(axev_tsa), "embedded", NULL, 0, 0 };
	bool is_given = opts && opts->authority_count;
	uint8_t imprint[32];

	TRY(axev__sha256(signature.data, signature.size, imprint, err));
	return axev__authority_stamp(is_given ? opts->authorities : &embedded,
				     is_given ? opts->authority_count : 1, ledger->dirfd, imprint,
				     ledger->env, token, err);
}

int axev_seal_complete(axev_ledger *ledger, const axev_id *id, const axev_seal_opts *opts,
		       axev_seal_result *ret_result, axev_error *err)
{
	AXEV__BUF p7s = AXEV__BUF_INIT(AXEV__MAX_DER_BYTES);
	AXEV__BUF token = AXEV__BUF_INIT(AXEV__MAX_DER_BYTES);
	AXEV__CADES cades = { 0 };
	AXEV__TOKEN read = { 0 };
	struct axev__history history;
	uint64_t index;

	if (!ledger || !id || !ret_result || ret_result->size < sizeof(*ret_result))
		return axev__fail(err, AXEV_E_INVAL, "expected a ledger, an id and a result of known size");
	TRY(axev__history_find(ledger, id, &history, err));
	if (history.package.sealed_index == UINT64_MAX)
		return axev__fail(err, AXEV_E_STATE, "the package is not sealed yet");
	TRY(axev__history_here(ledger, &history, err));
	if (!history.package.is_time_pending)
		return axev__fail(err, AXEV_E_STATE, "the package has its time-stamp already");
	TRY(read_signature(ledger, &history.package, &cades, &p7s, err));
	TRY(fetch_token(ledger, opts, cades.signature, &token, err));
	TRY(axev__token_read_canonical(axev__buf_view(&token), &read, err));
	TRY(axev__side_car_add(ledger, id, 1, axev__buf_view(&token), &index, err));
	*ret_result = (axev_seal_result){
		.size = sizeof(*ret_result),
		.id = *id,
		.package_bytes = history.package.package_bytes,
		.sealed_index = history.package.sealed_index,
		.is_embedded_time = read.is_embedded,
	};
	memcpy(ret_result->package_sha256, history.package.package_sha256, 32);
	return AXEV_OK;
}
