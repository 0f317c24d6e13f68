/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The strict reader of the WARC files that warc_write.h makes: parse the fields of a record, write them
 * again with the same function, compare every byte. Foreign WARC files are refused.
 */
#ifndef AXEV_CONTENT_WARC_READ_H
#define AXEV_CONTENT_WARC_READ_H

#include "base/source.h"
#include "content/warc_write.h"

#define AXEV__MAX_WARC_PROTOCOLS 8

struct axev__warc_reader {
	struct axev__source source;
	uint64_t next;           /* where the next record begins */
	uint64_t count;          /* records so far */
	struct axev__buf head;   /* of the record at hand, cut into strings */
	const char *protocols[AXEV__MAX_WARC_PROTOCOLS + 1];
	uint8_t payload_sha256[32];
};

struct axev__warc_view {
	struct axev__warc_record record; /* lent until the next call; block and payload empty */
	uint8_t block_sha256[32];        /* as stated */
	uint64_t offset_bytes, length_bytes; /* of the record */
	uint64_t block_offset, block_bytes;
};

void axev__warc_reader_init(struct axev__warc_reader *reader, const struct axev__source *source);
void axev__warc_reader_free(struct axev__warc_reader *reader);
#define AXEV__WARC_READER AXEV__CLEANUP(axev__warc_reader_free) struct axev__warc_reader

/* The next record; *ret_found is false at the end. The block is not read. */
int axev__warc_next(struct axev__warc_reader *reader, struct axev__warc_view *ret_view,
		    bool *ret_found, axev_error *err);

/* SHA-256 of @size bytes at @offset, read in pieces. */
int axev__warc_hash(const struct axev__source *source, uint64_t offset, uint64_t size,
		    uint8_t out[32], axev_error *err);

#endif
