/* SPDX-License-Identifier: Apache-2.0 */
/* Where bytes go that are made piece by piece. */
#ifndef AXEV_BASE_SINK_H
#define AXEV_BASE_SINK_H

#include "base/error.h"
#include "base/span.h"

struct axev__sink {
	int (*put)(void *payload, struct axev__span bytes, axev_error *err);
	void *payload;
};

#endif
