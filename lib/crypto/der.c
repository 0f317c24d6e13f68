/* SPDX-License-Identifier: Apache-2.0 */
#include "crypto/der.h"

#include "base/limits.h"

#define CONSTRUCTED 0x20
#define CLASS_MASK 0xC0

struct axev__der axev__der_open(struct axev__span input)
{
	return (struct axev__der){ input, 0 };
}

bool axev__der_done(const struct axev__der *der)
{
	return der->rest.size == 0;
}

int axev__der_peek(const struct axev__der *der)
{
	return der->rest.size ? der->rest.data[0] : -1;
}

static int bad(const struct axev__der *der, const char *what, const char *why, axev_error *err)
{
	return axev__fail_at(err, AXEV_E_FORMAT, der->offset, "%s: %s", what, why);
}

/* Octets of tag and length, and the length. X.690 10.1: definite form, fewest octets. */
static int read_header(const struct axev__der *der, size_t *ret_header, size_t *ret_length,
		       const char *what, axev_error *err)
{
	const uint8_t *in = der->rest.data;
	size_t length = 0, count, i;

	if (der->rest.size < 2)
		return bad(der, what, "expected a DER value, found the end", err);
	if ((in[0] & 0x1F) == 0x1F)
		return bad(der, what, "expected a low tag number", err);
	if (in[1] < 0x80) {
		*ret_header = 2;
		*ret_length = in[1];
	} else {
		count = in[1] & 0x7F;
		if (count == 0 || count > 4 || der->rest.size < 2 + count)
			return bad(der, what, "expected a definite length of at most four octets", err);
		for (i = 0; i < count; i++)
			length = length << 8 | in[2 + i];
		if (in[2] == 0 || length < 0x80)
			return bad(der, what, "expected the shortest length", err);
		*ret_header = 2 + count;
		*ret_length = length;
	}
	if (*ret_length > der->rest.size - *ret_header)
		return bad(der, what, "the value is longer than what holds it", err);
	return AXEV_OK;
}

int axev__der_take(struct axev__der *der, int tag, struct axev__span *ret_content,
		   struct axev__span *ret_whole, const char *what, axev_error *err)
{
	size_t header, length;

	TRY(read_header(der, &header, &length, what, err));
	if (der->rest.data[0] != tag)
		return axev__fail_at(err, AXEV_E_FORMAT, der->offset,
				     "%s: expected tag %02x, found %02x", what, (unsigned)tag,
				     der->rest.data[0]);
	if (ret_content)
		*ret_content = axev__span(der->rest.data + header, length);
	if (ret_whole)
		*ret_whole = axev__span(der->rest.data, header + length);
	der->rest = axev__span(der->rest.data + header + length, der->rest.size - header - length);
	der->offset += header + length;
	return AXEV_OK;
}

int axev__der_enter(struct axev__der *der, int tag, struct axev__der *ret_inner, const char *what,
		    axev_error *err)
{
	struct axev__span content;

	TRY(axev__der_take(der, tag, &content, NULL, what, err));
	*ret_inner = (struct axev__der){ content, der->offset - content.size };
	return AXEV_OK;
}

int axev__der_end(const struct axev__der *der, const char *what, axev_error *err)
{
	if (!axev__der_done(der))
		return bad(der, what, "expected the end, found more bytes", err);
	return AXEV_OK;
}

/* X.690 8.3.2, 11.1, 8.8, 11.2.1: the primitive types whose content can be written in several ways. */
static const char *primitive_fault(int tag, struct axev__span content)
{
	const uint8_t *in = content.data;

	switch (tag) {
	case AXEV__DER_BOOLEAN:
		if (content.size != 1 || (in[0] != 0x00 && in[0] != 0xFF))
			return "expected a BOOLEAN of 00 or ff";
		return NULL;
	case AXEV__DER_INTEGER:
		if (content.size == 0)
			return "expected an INTEGER of at least one octet";
		if (content.size > 1 && ((in[0] == 0x00 && in[1] < 0x80) ||
					 (in[0] == 0xFF && in[1] >= 0x80)))
			return "expected the shortest INTEGER";
		return NULL;
	case AXEV__DER_NULL:
		return content.size ? "expected an empty NULL" : NULL;
	case AXEV__DER_BIT_STRING:
		if (content.size == 0 || in[0] > 7 || (content.size == 1 && in[0] != 0) ||
		    (in[content.size - 1] & ((1u << in[0]) - 1) && content.size > 1))
			return "expected a BIT STRING with zero padding";
		return NULL;
	default:
		return NULL;
	}
}

/* Universal types that are constructed, and no others: SEQUENCE and SET (X.690 10.2). */
static bool form_fits(int tag)
{
	if (tag & CLASS_MASK)
		return true;
	return (tag & CONSTRUCTED) ? tag == AXEV__DER_SEQUENCE || tag == AXEV__DER_SET
				   : tag != (AXEV__DER_SEQUENCE & 0x1F) &&
					     tag != (AXEV__DER_SET & 0x1F) && tag != 0;
}

static int check_values(struct axev__der *der, unsigned depth, const char *what, axev_error *err)
{
	struct axev__der inner;
	struct axev__span content;
	const char *fault;
	int tag;

	if (depth > AXEV__MAX_DER_DEPTH)
		return axev__fail_at(err, AXEV_E_LIMIT, der->offset,
				     "%s: nested deeper than %d", what, AXEV__MAX_DER_DEPTH);
	while (!axev__der_done(der)) {
		tag = axev__der_peek(der);
		if (!form_fits(tag))
			return bad(der, what, "primitive and constructed form do not fit the type", err);
		if (tag & CONSTRUCTED) {
			TRY(axev__der_enter(der, tag, &inner, what, err));
			TRY(check_values(&inner, depth + 1, what, err));
			continue;
		}
		inner = *der;
		TRY(axev__der_take(der, tag, &content, NULL, what, err));
		fault = primitive_fault(tag, content);
		if (fault)
			return bad(&inner, what, fault, err);
	}
	return AXEV_OK;
}

int axev__der_check(struct axev__span input, const char *what, axev_error *err)
{
	struct axev__der der = axev__der_open(input), first = der;
	int tag = axev__der_peek(&der);

	if (input.size > AXEV__MAX_DER_BYTES)
		return axev__fail(err, AXEV_E_LIMIT, "%s: larger than %zu bytes", what,
				  AXEV__MAX_DER_BYTES);
	TRY(axev__der_take(&first, tag, NULL, NULL, what, err));
	TRY(axev__der_end(&first, what, err));
	return check_values(&der, 0, what, err);
}

bool axev__der_u64(struct axev__span content, uint64_t *ret_value)
{
	uint64_t value = 0;
	size_t i;

	if (content.size == 0 || content.data[0] >= 0x80)
		return false;
	if (content.size > 1 && content.data[0] == 0 && content.data[1] < 0x80)
		return false;
	if (content.size > 9 || (content.size == 9 && content.data[0] != 0))
		return false;
	for (i = 0; i < content.size; i++)
		value = value << 8 | content.data[i];
	*ret_value = value;
	return true;
}

static int put_header(struct axev__buf *out, int tag, size_t length, axev_error *err)
{
	uint8_t header[6];
	size_t count = 0, i;

	if (length > UINT32_MAX)
		return axev__fail(err, AXEV_E_LIMIT, "a DER value is larger than 4 GiB");
	header[0] = (uint8_t)tag;
	if (length < 0x80) {
		header[1] = (uint8_t)length;
		return axev__buf_append(out, header, 2, err);
	}
	while (length >> (8 * count) && count < 4)
		count++;
	header[1] = (uint8_t)(0x80 | count);
	for (i = 0; i < count; i++)
		header[2 + i] = (uint8_t)(length >> (8 * (count - 1 - i)));
	return axev__buf_append(out, header, 2 + count, err);
}

int axev__der_put_parts(struct axev__buf *out, int tag, const struct axev__span *parts, size_t count,
			axev_error *err)
{
	uint64_t length = 0;
	size_t i;

	for (i = 0; i < count; i++)
		if (!axev__add_u64(length, parts[i].size, &length))
			return axev__fail(err, AXEV_E_LIMIT, "a DER value is larger than 4 GiB");
	TRY(put_header(out, tag, length, err));
	for (i = 0; i < count; i++)
		if (parts[i].size)
			TRY(axev__buf_span(out, parts[i], err));
	return AXEV_OK;
}

int axev__der_put(struct axev__buf *out, int tag, struct axev__span content, axev_error *err)
{
	return axev__der_put_parts(out, tag, &content, 1, err);
}

int axev__der_put_unsigned(struct axev__buf *out, struct axev__span big_endian, axev_error *err)
{
	static const uint8_t zero = 0;
	struct axev__span parts[2] = { { &zero, 0 }, big_endian };

	while (parts[1].size > 0 && parts[1].data[0] == 0)
		parts[1] = axev__span(parts[1].data + 1, parts[1].size - 1);
	if (parts[1].size == 0 || parts[1].data[0] >= 0x80)
		parts[0].size = 1;
	return axev__der_put_parts(out, AXEV__DER_INTEGER, parts, 2, err);
}

int axev__der_put_small(struct axev__buf *out, uint64_t value, axev_error *err)
{
	uint8_t big_endian[8];

	axev__put_u64be(big_endian, value);
	return axev__der_put_unsigned(out, axev__span(big_endian, sizeof(big_endian)), err);
}

static int compare_elements(const void *a, const void *b)
{
	return axev__span_compare(*(const struct axev__span *)a, *(const struct axev__span *)b);
}

int axev__der_put_set_of(struct axev__buf *out, int tag, struct axev__span *elements, size_t count,
			 axev_error *err)
{
	if (count > 1)
		qsort(elements, count, sizeof(*elements), compare_elements);
	return axev__der_put_parts(out, tag, elements, count, err);
}
