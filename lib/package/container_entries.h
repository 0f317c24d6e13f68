/* SPDX-License-Identifier: Apache-2.0 */
/* What the files of the container reader share. */
#ifndef AXEV_PACKAGE_CONTAINER_ENTRIES_H
#define AXEV_PACKAGE_CONTAINER_ENTRIES_H

#include "package/container_read.h"

/* For the digests, which come later than the rest. */
struct axev__entry *axev__container_entry_mutable(struct axev__container *container, size_t index);
bool axev__container_has_lists(const struct axev__container *container);
unsigned axev__container_signature_count(const struct axev__container *container);

#endif
