/* SPDX-License-Identifier: Apache-2.0 */
#include "foreign/xml_names.h"

static const char *name_at(const struct axev__xml_names *names, uint32_t offset)
{
	return (const char *)names->text.data + offset;
}

/* The last bytes: the first ones are a namespace, which many names share. */
static size_t recent_slot(const char *name, size_t size)
{
	size_t hash = size, i;

	for (i = size > 8 ? size - 8 : 0; i < size; i++)
		hash = hash * 31 + (uint8_t)name[i];
	return hash % 256;
}

/* Where @name stands among the sorted ones, or belongs. */
static bool find(const struct axev__xml_names *names, const char *name, size_t *ret_place)
{
	size_t low = 0, high = names->count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		int order = strcmp(name, name_at(names, names->sorted[middle]));

		if (order == 0) {
			*ret_place = middle;
			return true;
		}
		if (order < 0)
			high = middle;
		else
			low = middle + 1;
	}
	*ret_place = low;
	return false;
}

static int add(struct axev__xml_names *names, size_t place, const char *name, size_t size, axev_error *err)
{
	uint32_t offset = (uint32_t)names->text.size;

	if (names->count == AXEV__MAX_FOREIGN_XML_NAMES || size >= AXEV__MAX_FOREIGN_XML_NAME_BYTES - offset)
		return axev__fail(err, AXEV_E_LIMIT,
				  "expected at most %d different names of elements and attributes, of %zu bytes together",
				  AXEV__MAX_FOREIGN_XML_NAMES, AXEV__MAX_FOREIGN_XML_NAME_BYTES);
	names->text.max = AXEV__MAX_FOREIGN_XML_NAME_BYTES;
	TRY(axev__buf_append(&names->text, name, size + 1, err));
	memmove(names->sorted + place + 1, names->sorted + place, (names->count - place) * sizeof(names->sorted[0]));
	names->sorted[place] = offset;
	names->count++;
	return AXEV_OK;
}

int axev__xml_names_see(struct axev__xml_names *names, const char *name, axev_error *err)
{
	size_t size = strlen(name), slot = recent_slot(name, size), place;

	if (names->recent[slot] && strcmp(name_at(names, names->recent[slot] - 1), name) == 0)
		return AXEV_OK;
	if (!find(names, name, &place))
		TRY(add(names, place, name, size, err));
	names->recent[slot] = names->sorted[place] + 1;
	return AXEV_OK;
}

void axev__xml_names_free(struct axev__xml_names *names)
{
	axev__buf_free(&names->text);
}
