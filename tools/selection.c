/* SPDX-License-Identifier: Apache-2.0 */
#include "selection.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

int columns_add(struct columns *columns, char *text)
{
	char *name;

	while ((name = strsep(&text, ","))) {
		if (!*name || columns->count == MAX_SELECTED_COLUMNS)
			return -1;
		columns->names[columns->count++] = name;
	}
	return 0;
}

static int number(const char *text, const char **ret_end, uint64_t *ret_value)
{
	char *end;

	if (*text < '0' || *text > '9')
		return -1;
	errno = 0;
	*ret_value = strtoull(text, &end, 10);
	*ret_end = end;
	return errno == 0 && *ret_value > 0 ? 0 : -1;
}

int rows_parse(const char *text, uint64_t *ret_first, uint64_t *ret_count)
{
	uint64_t first, last;

	if (number(text, &text, &first) < 0)
		return -1;
	last = first;
	if (*text == '-' && number(text + 1, &text, &last) < 0)
		return -1;
	if (*text || last < first)
		return -1;
	*ret_first = first - 1;
	*ret_count = last - first + 1;
	return 0;
}

int key_parse(char *text, const char **ret_column, const char **ret_value)
{
	char *equal = strchr(text, '=');

	if (!equal || equal == text)
		return -1;
	*equal = '\0';
	*ret_column = text;
	*ret_value = equal + 1;
	return 0;
}
