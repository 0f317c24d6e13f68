/* SPDX-License-Identifier: Apache-2.0 */
/* Names inside containers and trees: relative, ASCII, without surprises on any system. */
#ifndef AXEV_BASE_PATH_H
#define AXEV_BASE_PATH_H

#include "base/error.h"
#include "base/span.h"

/*
 * An entry name of the container profile (FORMAT.md section 1): components of [a-z0-9._-] joined
 * by '/', none empty, none starting with '.', no trailing '.', at most AXEV__MAX_ENTRY_NAME bytes, no
 * Windows device name. Fixed names with capitals (META-INF/..., VERIFY.md) are the container's own
 * business and are not accepted here.
 */
bool axev__is_entry_name(struct axev__span name);

/* The part behind the last '/'. */
struct axev__span axev__base_name(struct axev__span path);

#endif
