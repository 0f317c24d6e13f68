/* SPDX-License-Identifier: Apache-2.0 */
/* A folder of the test's own, below /tmp. */
#ifndef AXEV_TESTS_SUPPORT_FOLDER_H
#define AXEV_TESTS_SUPPORT_FOLDER_H

#include "support.h"

#include <fcntl.h>

#include "base/io.h"

static char folder[64];

/* Lent until four calls later. */
static inline const char *in_folder(const char *name)
{
	static char path[4][128];
	static unsigned next;
	char *out = path[next++ % 4];

	snprintf(out, sizeof(path[0]), "%s/%s", folder, name);
	return out;
}

static inline void make_folder(void)
{
	strcpy(folder, "/tmp/axev-test-XXXXXX");
	ck_assert_ptr_nonnull(mkdtemp(folder));
}

static inline void remove_folder(void)
{
	axev__remove_tree(AT_FDCWD, folder, NULL);
}

#endif
