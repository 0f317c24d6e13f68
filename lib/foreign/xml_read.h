/* SPDX-License-Identifier: Apache-2.0 */
/*
 * XML of others, as events. A document type declaration is refused: so there are no entities that grow. Memory is bounded: nothing of it
 * but the tag being read and the names that were seen is held.
 */
#ifndef AXEV_FOREIGN_XML_READ_H
#define AXEV_FOREIGN_XML_READ_H

#include "foreign/unzip.h"

/* Names without their namespace. Failures end the reading. */
struct axev__xml_handlers {
	int (*start)(void *payload, const char *name, const char *const *attributes, axev_error *err);
	int (*end)(void *payload, const char *name, axev_error *err);
	int (*text)(void *payload, struct axev__span text, axev_error *err); /* in pieces; NULL: not wanted */
};
/* The entry @name of @unzip. AXEV_E_FORMAT names the line. */
int axev__xml_read(struct axev__unzip *unzip, const char *name, const struct axev__xml_handlers *handlers,
		   void *payload, axev_error *err);
/* Value of an attribute, its namespace not looked at; NULL: there is none. */
const char *axev__xml_attribute(const char *const *attributes, const char *name);

#endif
