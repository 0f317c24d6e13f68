/* SPDX-License-Identifier: Apache-2.0 */
/* What Sec-WebSocket-Extensions of a server's answer agrees on (RFC 6455 9.1, RFC 7692 7.1). */
#include "content/websocket.h"

#include <strings.h>

#include "base/limits.h"
#include "base/text.h"

static struct axev__span trim(struct axev__span text)
{
	while (text.size && (text.data[0] == ' ' || text.data[0] == '\t'))
		text = axev__span(text.data + 1, text.size - 1);
	while (text.size && (text.data[text.size - 1] == ' ' || text.data[text.size - 1] == '\t'))
		text.size--;
	return text;
}

/* What stands before the first @separator; @rest is what is behind it, without data at the end. */
static struct axev__span cut(struct axev__span *rest, char separator)
{
	const uint8_t *at = rest->size ? memchr(rest->data, separator, rest->size) : NULL;
	struct axev__span first = *rest;

	if (at) {
		first.size = (size_t)(at - rest->data);
		*rest = axev__span(at + 1, rest->size - first.size - 1);
	} else
		*rest = axev__span(NULL, 0);
	return trim(first);
}

static bool is_word(struct axev__span text, const char *word)
{
	return text.size == strlen(word) && strncasecmp((const char *)text.data, word, text.size) == 0;
}

static int refuse(struct axev__span parameter, axev_error *err)
{
	struct axev__shown shown;

	return axev__fail(err, AXEV_E_FORMAT, "expected parameters of permessage-deflate, each once, found %s",
			  axev__show(&shown, parameter));
}

/* RFC 7692 7.1.2: 8 to 15, perhaps in quotation marks. */
static int read_bits(struct axev__span parameter, struct axev__span value, int *bits, axev_error *err)
{
	uint64_t number;

	if (value.size > 2 && value.data[0] == '"' && value.data[value.size - 1] == '"')
		value = axev__span(value.data + 1, value.size - 2);
	if (!axev__parse_u64(value, 15, &number) || number < 8)
		return refuse(parameter, err);
	*bits = (int)number;
	return AXEV_OK;
}

static int read_parameter(struct axev__span parameter, unsigned *seen, struct axev__websocket_terms *terms,
			  axev_error *err)
{
	static const char *const flags[] = { "client_no_context_takeover", "server_no_context_takeover" };
	static const char *const windows[] = { "client_max_window_bits", "server_max_window_bits" };
	struct axev__span value = parameter, name = cut(&value, '=');
	bool has_value = value.data != NULL;
	unsigned side;

	value = trim(value);
	for (side = 0; side < 2; side++) {
		if (is_word(name, flags[side]) && !has_value && !(*seen & 1u << side)) {
			*seen |= 1u << side;
			terms->has_no_takeover[side] = true;
			return AXEV_OK;
		}
		if (is_word(name, windows[side]) && has_value && !(*seen & 4u << side)) {
			*seen |= 4u << side;
			return read_bits(parameter, value, &terms->window_bits[side], err);
		}
	}
	return refuse(parameter, err);
}

int axev__websocket_terms(struct axev__span extensions, struct axev__websocket_terms *ret_terms,
			  axev_error *err)
{
	struct axev__websocket_terms terms = { .window_bits = { 15, 15 } };
	struct axev__span rest = trim(extensions), name;
	struct axev__shown shown;
	unsigned seen = 0;

	if (rest.size == 0) {
		*ret_terms = terms;
		return AXEV_OK;
	}
	if (rest.size > AXEV__MAX_WEBSOCKET_EXTENSIONS || memchr(rest.data, ',', rest.size))
		return axev__fail(err, AXEV_E_FORMAT, "expected one extension, found %s",
				  axev__show(&shown, rest));
	name = cut(&rest, ';');
	if (!is_word(name, "permessage-deflate"))
		return axev__fail(err, AXEV_E_FORMAT, "expected permessage-deflate, found %s",
				  axev__show(&shown, name));
	while (rest.data)
		TRY(read_parameter(cut(&rest, ';'), &seen, &terms, err));
	terms.is_deflate = true;
	*ret_terms = terms;
	return AXEV_OK;
}
