/* SPDX-License-Identifier: Apache-2.0 */
/* The different names in a document. A parser keeps each until its end, so their number must have a bound. */
#ifndef AXEV_FOREIGN_XML_NAMES_H
#define AXEV_FOREIGN_XML_NAMES_H

#include "base/buf.h"
#include "base/limits.h"

struct axev__xml_names {
	struct axev__buf text;                        /* each with its NUL */
	uint32_t sorted[AXEV__MAX_FOREIGN_XML_NAMES]; /* where each stands */
	size_t count;
	uint32_t recent[256];                         /* by hash, plus 1: most names were seen before */
};
/* AXEV_E_LIMIT when there are too many by now. */
int axev__xml_names_see(struct axev__xml_names *names, const char *name, axev_error *err);
void axev__xml_names_free(struct axev__xml_names *names);

#endif
