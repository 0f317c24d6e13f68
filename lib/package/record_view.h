/* SPDX-License-Identifier: Apache-2.0 */
/* What people look at: a record set as CSV, or its first rows as HTML. Made again by the verifier. FORMAT.md section 3.4. */
#ifndef AXEV_PACKAGE_RECORD_VIEW_H
#define AXEV_PACKAGE_RECORD_VIEW_H

#include "base/sink.h"
#include "package/record_set_read.h"

enum axev__view_kind { AXEV__VIEW_CSV, AXEV__VIEW_HTML };

/* Member "how" of the object, which names the rules. */
const char *axev__view_how(enum axev__view_kind kind);

/* @sink may be called by another thread, but never by two at once. */
int axev__view_write(enum axev__view_kind kind, struct axev__span header, const struct axev__source *records,
		     const struct axev__sink *sink, axev_error *err);
int axev__view_digest(enum axev__view_kind kind, struct axev__span header, const struct axev__source *records,
		      uint8_t ret_sha256[32], axev_error *err);

#endif
