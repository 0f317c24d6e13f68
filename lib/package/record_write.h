/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Writes a record set in one stream, in memory that does not grow with the records (40 bytes for each 256 of them).
 * Checking a set is writing it again to nowhere and comparing; that is hashed by OpenSSL alone. FORMAT.md section 3.2.
 */
#ifndef AXEV_PACKAGE_RECORD_WRITE_H
#define AXEV_PACKAGE_RECORD_WRITE_H

#include "base/sink.h"
#include "base/source.h"
#include "package/record_tree.h"

struct axev__record_totals {
	uint8_t root[32];
	uint64_t records;
	uint64_t rows;    /* records; of a multiset the sum of their counts */
	uint64_t large;   /* cells whose content is kept elsewhere */
	uint64_t bytes;   /* of the records file */
};

struct axev__record_writer;
/* @fd: where records go, appended; -1: nowhere. @header is read strictly. */
int axev__record_writer_new(int fd, struct axev__span header, const uint8_t secret[32],
			    struct axev__record_writer **ret_writer, axev_error *err);
/* Records go there, not into a file; called by one thread at a time, which may be any. */
void axev__record_writer_to(struct axev__record_writer *writer, const struct axev__sink *sink);
void axev__record_writer_free(struct axev__record_writer *writer);
static inline void axev__record_writer_freep(struct axev__record_writer **writer)
{
	axev__record_writer_free(*writer);
}
#define AXEV__RECORD_WRITER AXEV__CLEANUP(axev__record_writer_freep) struct axev__record_writer

/*
 * One record: its cells one after another. Of a multiset strictly ascending behind the count. What is wrong with cells may be
 * told when a later record is added, or at the end, with the number of the record.
 */
int axev__record_writer_add(struct axev__record_writer *writer, struct axev__span cells, axev_error *err);
/* Some of what threads do with the records that were added, while the next one is not there yet. false: there is nothing to do. */
bool axev__record_writer_help(struct axev__record_writer *writer);
/* What stands in the index file, and the root. The writer is used up. */
int axev__record_writer_finish(struct axev__record_writer *writer, struct axev__buf *ret_index,
			       struct axev__record_totals *ret_totals, axev_error *err);

#endif
