/* SPDX-License-Identifier: Apache-2.0 */
/* A finished record set becomes three objects of a capture and a row of record_sets[]. FORMAT.md section 3.2. */
#ifndef AXEV_CAPTURE_RECORD_OBJECTS_H
#define AXEV_CAPTURE_RECORD_OBJECTS_H

#include "capture/take.h"
#include "package/record_write.h"

struct axev__record_objects {
	const char *name;          /* of the table; UTF-8 */
	struct axev__span header;
	int fd;                    /* the records, from its beginning; not used when they are stored */
	bool is_stored;            /* the entry that was ended last are the records, with these digests */
	struct axev__digests digests;
	struct axev__span index;
	struct axev__record_totals totals;
	bool ended_early;          /* not all rows of its source, which the manifest's "complete" tells */
};

/* @number from 1: data/records/NNN.header.json, .bin, .index. */
int axev__take_records(struct axev__take *take, unsigned number, const struct axev__record_objects *set,
		       axev_error *err);

#endif
