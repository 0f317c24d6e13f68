/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The strict WARC reader, payloads and the index on any bytes. What is read is exactly what the writer writes, and
 * payloads read in pieces are those of the HTTP parser.
 */
#include <stdlib.h>

#include "base/limits.h"
#include "content/cdxj.h"
#include "content/http1.h"
#include "content/warc_payload.h"
#include "crypto/digest.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_head(const struct axev__source *source, const struct axev__warc_view *view)
{
	AXEV__BUF head = AXEV__BUF_INIT(AXEV__MAX_WARC_HEAD_BYTES);

	if (view->offset_bytes + view->length_bytes > source->size ||
	    axev__warc_put_head(&head, &view->record, view->block_bytes, view->block_sha256, NULL) < 0 ||
	    head.size != view->block_offset - view->offset_bytes ||
	    memcmp(head.data, source->data + view->offset_bytes, head.size) != 0)
		abort();
}

static int keep(void *context, struct axev__span piece, axev_error *err)
{
	return axev__buf_span(context, piece, err);
}

static void check_payload(const struct axev__source *source, const struct axev__warc_view *view)
{
	AXEV__BUF whole = AXEV__BUF_INIT(1 << 22);
	struct axev__span block = axev__span(source->data + view->block_offset, (size_t)view->block_bytes);
	const struct axev__http1_payload kept = { keep, &whole };
	struct axev__http1_message message;
	uint8_t in_pieces[32], at_once[32];
	int status = axev__warc_payload_sha256(source, view, in_pieces, NULL);

	if (strcmp(view->record.type, "response") != 0 || view->record.protocols)
		return;
	if (axev__http1_response(block, false, true, &message, &kept, NULL) < 0 || !message.is_chunked)
		return;
	if (status < 0 || axev__sha256(whole.data, whole.size, at_once, NULL) < 0 ||
	    memcmp(in_pieces, at_once, 32) != 0)
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct axev__source source = axev__source_memory(axev__span(data, size));
	AXEV__BUF index = AXEV__BUF_INIT(AXEV__MAX_CDXJ_BYTES);
	AXEV__WARC_READER reader;
	struct axev__warc_view view;
	axev_error err = AXEV_ERROR_INIT;
	bool found;
	int status;

	axev__warc_reader_init(&reader, &source);
	while ((status = axev__warc_next(&reader, &view, &found, &err)) == AXEV_OK && found) {
		check_head(&source, &view);
		check_payload(&source, &view);
	}
	if (status < 0 && !err.message[0])
		abort();
	if (axev__cdxj_from_warc(&source, &index, NULL) == AXEV_OK && status < 0)
		abort();
	return 0;
}
