/* SPDX-License-Identifier: Apache-2.0 */
/* The whole recorder on one log: what it finds must stay inside of what it read. */
#include <sys/mman.h>

#include "base/io.h"
#include "base/spill.h"
#include "capture/wire/wire.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static int touch(void *payload, const struct axev__exchange *exchange, axev_error *err)
{
	AXEV__BUF sent = AXEV__BUF_INIT(1 << 24), received = AXEV__BUF_INIT(1 << 24);
	struct axev__span parts[] = { exchange->request_head, exchange->response_head, { 0 }, { 0 } };
	unsigned *sum = payload;
	size_t i, j;

	TRY(axev__source_load(&exchange->request_body, &sent, err));
	TRY(axev__source_load(&exchange->response_body, &received, err));
	parts[2] = axev__buf_view(&sent);
	parts[3] = axev__buf_view(&received);
	for (i = 0; i < AXEV__COUNT(parts); i++)
		for (j = 0; j < parts[i].size; j++)
			*sum += parts[i].data[j];
	if (!exchange->url || !exchange->method || !exchange->media_type || !exchange->protocol)
		__builtin_trap();
	return AXEV_OK;
}

static void show(struct axev__wire *wire, size_t connections)
{
	AXEV__JSON *json = NULL, *dns = NULL;
	AXEV__BUF text = AXEV__BUF_INIT(1 << 24);
	unsigned sum = 0;
	size_t i;

	if (axev__wire_each(wire, touch, &sum, NULL) < 0 ||
	    axev__wire_connections_json(wire, false, &json, NULL) < 0 ||
	    axev__json_canonical(json, &text, NULL) < 0 || axev__wire_dns_json(wire, &dns, NULL) < 0 ||
	    axev__json_canonical(dns, &text, NULL) < 0)
		__builtin_trap();
	for (i = 0; i < connections; i++) {
		AXEV__JSON *tls = NULL;

		if (axev__wire_tls_json(wire, i, &tls, NULL) < 0)
			__builtin_trap();
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	AXEV__CLOSE int spool = memfd_create("spool", MFD_CLOEXEC);
	AXEV__WIRE *wire = NULL;
	struct axev__wire_summary summary;
	int log = memfd_create("log", MFD_CLOEXEC);

	if (spool < 0 || log < 0 || axev__write_full(log, data, size, NULL) < 0 ||
	    lseek(log, 0, SEEK_SET) != 0 || axev__wire_start(log, spool, 1 << 20, &wire, NULL) < 0)
		return 0;
	if (axev__wire_finish(wire, &summary, NULL) == AXEV_OK)
		show(wire, summary.connections);
	return 0;
}
