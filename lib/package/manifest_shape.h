/* SPDX-License-Identifier: Apache-2.0 */
/* Checking JSON against a table of members; for what is not the manifest itself (part indexes). */
#ifndef AXEV_PACKAGE_MANIFEST_SHAPE_H
#define AXEV_PACKAGE_MANIFEST_SHAPE_H

#include "base/json.h"
#include "package/manifest_schema.h"

int axev__shape_check(const axev__json *value, const struct axev__shape *shape, axev_error *err);

#endif
