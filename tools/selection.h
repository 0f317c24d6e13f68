/* SPDX-License-Identifier: Apache-2.0 */
/* Rows and columns of a record set, as the command line names them. */
#ifndef AXEV_TOOLS_SELECTION_H
#define AXEV_TOOLS_SELECTION_H

#include <ax_evidence/record.h>

#define MAX_SELECTED_COLUMNS 4096

struct columns {
	const char *names[MAX_SELECTED_COLUMNS];
	size_t count;
};
/* "a,b": taken apart in place, added to @columns. 0, or -1 when there are too many or one is empty. */
int columns_add(struct columns *columns, char *text);

/* "7" or "5-9", counted from 1 as people do; *ret_first from 0. 0 or -1. */
int rows_parse(const char *text, uint64_t *ret_first, uint64_t *ret_count);

/* "column=value", taken apart in place. 0 or -1. */
int key_parse(char *text, const char **ret_column, const char **ret_value);

#endif
