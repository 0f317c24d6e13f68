/* SPDX-License-Identifier: Apache-2.0 */
/* How near to this machine an address is. */
#ifndef AXEV_CONTENT_ADDRESS_SPACE_H
#define AXEV_CONTENT_ADDRESS_SPACE_H

#include "base/span.h"

/* From near to far. Link-local and private are equally near. */
enum axev__space {
	AXEV__SPACE_UNKNOWN, /* no address */
	AXEV__SPACE_LOOPBACK,
	AXEV__SPACE_LINK_LOCAL,
	AXEV__SPACE_PRIVATE,
	AXEV__SPACE_PUBLIC
};

/* Of an address in text, without brackets and port; a zone behind % is allowed. */
enum axev__space axev__address_space(struct axev__span address);

/* "loopback", "link-local", "private", "public"; NULL: unknown. */
const char *axev__space_name(enum axev__space space);

/* Both known, and @space is nearer than @than. */
bool axev__space_is_nearer(enum axev__space space, enum axev__space than);

#endif
