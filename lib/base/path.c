/* SPDX-License-Identifier: Apache-2.0 */
#include "base/path.h"

#include "base/limits.h"

/* Windows refuses these as file names, with any extension: unzip there would lose the entry. */
static bool is_device_name(struct axev__span component)
{
	static const char *const plain[] = { "con", "prn", "aux", "nul" };
	const uint8_t *dot = memchr(component.data, '.', component.size);
	struct axev__span stem = axev__span(component.data,
					    dot ? (size_t)(dot - component.data) : component.size);
	size_t i;

	for (i = 0; i < AXEV__COUNT(plain); i++)
		if (axev__span_is(stem, plain[i]))
			return true;
	return stem.size == 4 && (memcmp(stem.data, "com", 3) == 0 || memcmp(stem.data, "lpt", 3) == 0) &&
	       stem.data[3] >= '0' && stem.data[3] <= '9';
}

static bool is_component(struct axev__span component)
{
	size_t i;

	if (component.size == 0 || component.data[0] == '.' ||
	    component.data[component.size - 1] == '.')
		return false;
	for (i = 0; i < component.size; i++) {
		uint8_t c = component.data[i];

		if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' || c == '_' ||
		      c == '-'))
			return false;
	}
	return !is_device_name(component);
}

bool axev__is_entry_name(struct axev__span name)
{
	size_t start = 0, i;

	if (name.size == 0 || name.size > AXEV__MAX_ENTRY_NAME)
		return false;
	for (i = 0; i <= name.size; i++) {
		if (i < name.size && name.data[i] != '/')
			continue;
		if (!is_component(axev__span(name.data + start, i - start)))
			return false;
		start = i + 1;
	}
	return true;
}

struct axev__span axev__base_name(struct axev__span path)
{
	size_t i = path.size;

	while (i > 0 && path.data[i - 1] != '/')
		i--;
	return axev__span(path.data + i, path.size - i);
}
