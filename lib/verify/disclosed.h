/* SPDX-License-Identifier: Apache-2.0 */
/* What a disclosure that was verified shows, for prints: the original's manifest, and the cells that are shown or withheld. */
#ifndef AXEV_VERIFY_DISCLOSED_H
#define AXEV_VERIFY_DISCLOSED_H

#include "base/json.h"
#include "package/container_read.h"

struct axev__disclosed_cells {
	axev__json *original; /* its manifest */
	axev__json *cells;    /* rows as the report has them */
	uint64_t more;        /* cells beyond those */
};

int axev__disclosed_cells_open(const struct axev__container *container, const axev__json *manifest,
			       struct axev__disclosed_cells *ret_disclosed, axev_error *err);
void axev__disclosed_cells_close(struct axev__disclosed_cells *disclosed);
#define AXEV__DISCLOSED_CELLS AXEV__CLEANUP(axev__disclosed_cells_close) struct axev__disclosed_cells

/* Rows of cells of more than one record set: then each must say of which. */
bool axev__shown_of_several(const axev__json *rows);

#endif
