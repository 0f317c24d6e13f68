/* SPDX-License-Identifier: Apache-2.0 */
/* A cell as people read it, the same in all views. FORMAT.md section 3.4. Untrusted text comes as it is, not escaped. */
#ifndef AXEV_PACKAGE_CELL_TEXT_H
#define AXEV_PACKAGE_CELL_TEXT_H

#include "package/row_c14n.h"

int axev__cell_as_text(const struct axev__cell *cell, struct axev__buf *out, axev_error *err);

#endif
