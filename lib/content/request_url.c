/* SPDX-License-Identifier: Apache-2.0 */
#include "content/request_url.h"

#include <string.h>

static size_t until(struct axev__span text, const char *stops)
{
	size_t i;

	for (i = 0; i < text.size; i++)
		if (text.data[i] && strchr(stops, text.data[i]))
			break;
	return i;
}

static struct axev__span behind(struct axev__span text, size_t bytes)
{
	return axev__span(text.data + bytes, text.size - bytes);
}

bool axev__request_url_split(struct axev__span url, bool *ret_is_secure, struct axev__span *ret_rest)
{
	size_t scheme = until(url, ":/?#"), slash, i;
	struct axev__span rest = behind(url, scheme);

	if (!axev__span_starts(rest, "://"))
		return false;
	rest = behind(rest, 3);
	slash = until(rest, "/?#");
	for (i = 0; i < slash; i++)
		if (rest.data[i] == '@')
			break;
	if (i < slash)
		rest = behind(rest, i + 1);
	rest.size = until(rest, "#");
	*ret_is_secure = axev__span_starts(url, "https:") || axev__span_starts(url, "wss:");
	*ret_rest = rest;
	return true;
}

bool axev__request_url_same(struct axev__span a, struct axev__span b)
{
	struct axev__span rest_a, rest_b;
	bool secure_a, secure_b;

	return axev__request_url_split(a, &secure_a, &rest_a) && axev__request_url_split(b, &secure_b, &rest_b) &&
	       secure_a == secure_b && axev__span_equal(rest_a, rest_b);
}
