/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Proofs that records stand in a set, whole or with only some fields shown: for whoever has the root and nothing else.
 * FORMAT.md section 3.3.
 */
#ifndef AXEV_PACKAGE_RECORD_PROOF_H
#define AXEV_PACKAGE_RECORD_PROOF_H

#include "package/record_set_read.h"
#include "package/row_c14n.h"

/* What is shown: @count records from @first; of each the fields listed, NULL: all of them. */
struct axev__record_choice {
	uint64_t first;
	uint64_t count;
	const uint32_t *fields;
	size_t field_count;
};

/*
 * Make a proof from a set whose root is @root, and check it: a set or an index that is damaged gives none. Of a set
 * of any size a proof reads the records of the blocks it touches, and the index.
 */
int axev__record_proof_make(struct axev__span header, const struct axev__source *records,
			    struct axev__span index, const struct axev__record_choice *choice,
			    const uint8_t root[32], struct axev__buf *ret_proof, axev_error *err);

/*
 * Make a proof that shows less out of one that holds, without the records and their secret: leaves of fields and hashes are taken
 * from it, records that are no longer shown go into hashes. It is the proof, byte for byte, that axev__record_proof_make() would
 * give for @choice. @choice may have no record and no field that @proof withholds: AXEV_E_INVAL; @root is that of the set, as above.
 */
struct axev__read_proof;
int axev__record_proof_narrow(struct axev__read_proof *proof, const struct axev__record_choice *choice, const uint8_t root[32],
			      struct axev__buf *ret_proof, axev_error *err);

/* One cell of a proof that holds. */
struct axev__proven {
	const struct axev__record_header *header;
	uint64_t records, record; /* of the set; the number of this one */
	uint32_t field;
	bool is_withheld;
	struct axev__cell cell;   /* when shown */
	uint8_t leaf[32];         /* when withheld */
};
typedef int (*axev__proven_visitor)(void *payload, const struct axev__proven *proven, axev_error *err);

/*
 * AXEV_E_INVALID when the proof does not lead to @root, or one salt stands with two cells; AXEV_E_FORMAT when it is no proof.
 * Cells are visited only after all of it was checked, records in their order and each from its first cell to its last, withheld ones
 * too; @visit may be NULL.
 */
int axev__record_proof_check(struct axev__span proof, const uint8_t root[32],
			     axev__proven_visitor visit, void *payload, axev_error *err);

#endif
