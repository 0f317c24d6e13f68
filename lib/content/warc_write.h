/* SPDX-License-Identifier: Apache-2.0 */
/*
 * WARC/1.1 records, written one after another to a file. The block is stored as given. Never
 * compresses; never chooses a date or an identifier itself, so the same input gives the same bytes.
 */
#ifndef AXEV_CONTENT_WARC_WRITE_H
#define AXEV_CONTENT_WARC_WRITE_H

#include "base/buf.h"
#include "base/source.h"

#define AXEV__WARC_MASK_FIELD "AX-Head-Mask"
#define AXEV__WARC_MASK "head-mask/1"

struct axev__warc_record {
	const char *type;          /* warcinfo, request, response, resource, metadata */
	const char *id;            /* UUID text, becomes <urn:uuid:...> */
	int64_t date_ns;           /* when the capture of the event began */
	const char *target_uri;    /* NULL in warcinfo */
	const char *content_type;  /* NULL: none stated */
	const char *ip_address;    /* NULL: not known */
	const char *concurrent_to; /* UUID text, or NULL */
	const char *truncated;     /* length, time, disconnect, unspecified; NULL: whole */
	bool is_masked;            /* of a request: its head is as head-mask/1 has it, not as sent */
	const char *const *protocols; /* NULL-terminated, e.g. "h2", "tls/1.3"; NULL: none */
	/* The block is these two, one behind the other; either may be empty. The rest need not be in memory. */
	struct axev__span block;
	struct axev__source block_rest;
	/*
	 * Digest over the entity body, transfer coding removed, content coding kept: computed from
	 * payload, or given, where it does not lie in one piece. Both NULL: none in the record.
	 */
	struct axev__span payload;
	const uint8_t *payload_sha256;
};

struct axev__warc_place {
	uint64_t offset_bytes, length_bytes;
	uint8_t sha256[32]; /* of the record as stored */
};

/* The fields, from WARC/1.1 to the empty line: the one serialisation, for writer and reader. */
int axev__warc_put_head(struct axev__buf *head, const struct axev__warc_record *record,
			uint64_t block_bytes, const uint8_t block_sha256[32], axev_error *err);

struct axev__warc_writer {
	int fd; /* lent */
	uint64_t offset_bytes;
};

int axev__warc_write(struct axev__warc_writer *writer, const struct axev__warc_record *record,
		     struct axev__warc_place *ret_place, axev_error *err);

#endif
