/* SPDX-License-Identifier: Apache-2.0 */
/* "h2-head/1" (doc/FORMAT.md): an HTTP/2 field list in the shape of an HTTP/1.1 head. */
#include "capture/wire/h2.h"

#include "base/text.h"

/* RFC 9110 5.6.2 token, without the upper case that RFC 9113 8.2.1 forbids in names. */
static bool is_token(struct axev__span text, bool upper_case)
{
	size_t i;

	for (i = 0; i < text.size; i++) {
		uint8_t c = text.data[i];

		if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'))
			continue;
		if (c >= 'A' && c <= 'Z' ? !upper_case : c == 0 || !strchr("!#$%&'*+-.^_`|~", c))
			return false;
	}
	return text.size > 0;
}

/* RFC 9113 8.2.1: a value never holds NUL, LF or CR; as a line each would forge another. */
static bool is_line(struct axev__span value)
{
	size_t i;

	for (i = 0; i < value.size; i++)
		if (value.data[i] == 0 || value.data[i] == '\n' || value.data[i] == '\r')
			return false;
	return true;
}

/* What stands between blanks in the request line, and in Host. */
static bool is_word(struct axev__span value)
{
	size_t i;

	for (i = 0; i < value.size; i++)
		if (value.data[i] <= ' ' || value.data[i] == 0x7F)
			return false;
	return value.size > 0;
}

static bool is_pseudo(const struct axev__h2_field *field)
{
	return axev__span_starts(field->name, ":");
}

static int check_fields(const struct axev__h2_fields *fields, axev_error *err)
{
	struct axev__shown shown;
	size_t i;

	for (i = 0; i < fields->count; i++) {
		const struct axev__h2_field *field = &fields->list[i];

		if (is_pseudo(field))
			continue;
		if (!is_token(field->name, false))
			return axev__fail(err, AXEV_E_FORMAT,
					  "expected a field name in lower case, found \"%s\"",
					  axev__show(&shown, field->name));
		if (!is_line(field->value))
			return axev__fail(err, AXEV_E_FORMAT,
					  "expected field \"%s\" without CR, LF and NUL, found one",
					  axev__show(&shown, field->name));
	}
	return AXEV_OK;
}

static int check_request(const struct axev__h2_exchange *exchange, axev_error *err)
{
	struct axev__shown shown;

	if (!exchange->request.head || exchange->use != AXEV__H2_HTTP)
		return axev__fail(err, AXEV_E_FORMAT, "expected an HTTP request, found %s",
				  exchange->use == AXEV__H2_TUNNEL ? "a tunnel" : "none");
	if (!is_token(exchange->method, true))
		return axev__fail(err, AXEV_E_FORMAT, "expected a method, found \"%s\"",
				  axev__show(&shown, exchange->method));
	if (!is_word(exchange->path))
		return axev__fail(
			err, AXEV_E_FORMAT,
			"expected :path without blanks and control characters, found \"%s\"",
			axev__show(&shown, exchange->path));
	if (exchange->authority.data && !is_word(exchange->authority))
		return axev__fail(
			err, AXEV_E_FORMAT,
			"expected :authority without blanks and control characters, found \"%s\"",
			axev__show(&shown, exchange->authority));
	return check_fields(exchange->request.head, err);
}

static int put_line(struct axev__buf *out, const char *before, struct axev__span text,
		    const char *between, struct axev__span more, const char *behind,
		    axev_error *err)
{
	TRY(axev__buf_str(out, before, err));
	TRY(axev__buf_span(out, text, err));
	TRY(axev__buf_str(out, between, err));
	TRY(axev__buf_span(out, more, err));
	return axev__buf_str(out, behind, err);
}

static int put_fields(struct axev__buf *out, const struct axev__h2_fields *fields, axev_error *err)
{
	size_t i;

	for (i = 0; i < fields->count; i++)
		if (!is_pseudo(&fields->list[i]))
			TRY(put_line(out, "", fields->list[i].name, ": ", fields->list[i].value,
				     "\r\n", err));
	return axev__buf_str(out, "\r\n", err);
}

static int put_request(const struct axev__h2_exchange *exchange, struct axev__buf *out,
		       axev_error *err)
{
	TRY(put_line(out, "", exchange->method, " ", exchange->path, " HTTP/1.1\r\n", err));
	if (exchange->authority.data)
		TRY(put_line(out, "Host: ", exchange->authority, "", axev__span("", 0), "\r\n",
			     err));
	return put_fields(out, exchange->request.head, err);
}

/* All or nothing. */
static int settle(int status, struct axev__buf *out, size_t before)
{
	if (status < 0 && out->data) {
		out->size = before;
		out->data[before] = '\0';
	}
	return status;
}

int axev__h2_request_head(const struct axev__h2_exchange *exchange, struct axev__buf *out,
			  axev_error *err)
{
	size_t before = out->size;

	TRY(check_request(exchange, err));
	return settle(put_request(exchange, out, err), out, before);
}

static int put_response(const struct axev__h2_fields *response, struct axev__span status,
			struct axev__buf *out, axev_error *err)
{
	/* RFC 9112 4: the blank behind the code stands even when the reason is empty. */
	TRY(put_line(out, "HTTP/1.1 ", status, " ", axev__span("", 0), "\r\n", err));
	return put_fields(out, response, err);
}

int axev__h2_response_head(const struct axev__h2_fields *response, struct axev__buf *out,
			   axev_error *err)
{
	size_t before = out->size;
	struct axev__span status;
	uint64_t number;

	if (!axev__h2_field(response, ":status", &status) || status.size != 3 ||
	    !axev__parse_u64(status, 999, &number) || number < 100)
		return axev__fail(err, AXEV_E_FORMAT,
				  "expected :status of three digits, found none");
	TRY(check_fields(response, err));
	return settle(put_response(response, status, out, err), out, before);
}
