/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Where the records of a set go while they come: straight into the package, as its open entry, so that they are written once.
 * As soon as something else has to go there (a long cell, another set) they move aside, into a file of their own.
 */
#ifndef AXEV_CAPTURE_DB_DB_STREAM_H
#define AXEV_CAPTURE_DB_DB_STREAM_H

#include "capture/db/db_set.h"

/* Straight into the package. */
int axev__db_stream_begin(struct axev__db_set *set, axev_error *err);
/* The sink of the set's record writer; called by the threads that hash. */
int axev__db_stream_put(void *set, struct axev__span records, axev_error *err);
/* Before anything is put into the package: whoever writes there now goes aside. */
int axev__db_stream_aside(struct axev__db_capture *capture, axev_error *err);
/* All have come. @objects: its fd, or its digests if they are in the package. @ret_records: where they can be read. */
int axev__db_stream_end(struct axev__db_set *set, struct axev__record_objects *objects, struct axev__source *ret_records,
			axev_error *err);
/* Whatever became of the set. */
void axev__db_stream_drop(struct axev__db_set *set);

#endif
