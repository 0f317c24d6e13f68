/* SPDX-License-Identifier: Apache-2.0 */
#include "package/zip_format.h"

#include "base/text.h"

/* 1980-01-01 00:00, the zero of MS-DOS time: real times stand in the manifest, signed. */
#define DOS_TIME 0x0000
#define DOS_DATE 0x0021
#define VERSION_PLAIN 10 /* APPNOTE 4.4.3.2: 1.0 */
#define VERSION_ZIP64 45
#define ZIP64_TAG 0x0001

static bool is_big(uint64_t value)
{
	return value >= AXEV__ZIP64_FROM;
}

static uint32_t low32(uint64_t value)
{
	return is_big(value) ? AXEV__ZIP64_ELSEWHERE : (uint32_t)value;
}

static size_t local_extra(uint64_t size_bytes)
{
	return is_big(size_bytes) ? 20 : 0;
}

static size_t central_extra(const struct axev__zip_item *item)
{
	size_t fields = (is_big(item->size_bytes) ? 16 : 0) + (is_big(item->header_offset) ? 8 : 0);

	return fields ? 4 + fields : 0;
}

size_t axev__zip_local_size(size_t name_bytes, uint64_t size_bytes)
{
	return AXEV__ZIP_LOCAL_FIXED + name_bytes + local_extra(size_bytes);
}

/* What local and central header share: APPNOTE 4.3.7 from "version needed" to "extra field length". */
static void put_common(const struct axev__zip_item *item, uint16_t version, size_t extra, uint8_t *out)
{
	axev__put_u16le(out, version);
	axev__put_u16le(out + 2, 0); /* flags: no encryption, no descriptor, names are ASCII */
	axev__put_u16le(out + 4, 0); /* method: stored */
	axev__put_u16le(out + 6, DOS_TIME);
	axev__put_u16le(out + 8, DOS_DATE);
	axev__put_u32le(out + 10, item->crc32);
	axev__put_u32le(out + 14, low32(item->size_bytes));
	axev__put_u32le(out + 18, low32(item->size_bytes));
	axev__put_u16le(out + 22, (uint16_t)item->name.size);
	axev__put_u16le(out + 24, (uint16_t)extra);
}

static uint8_t *put_extra_head(uint8_t *out, size_t extra)
{
	axev__put_u16le(out, ZIP64_TAG);
	axev__put_u16le(out + 2, (uint16_t)(extra - 4));
	return out + 4;
}

size_t axev__zip_put_local(const struct axev__zip_item *item, uint8_t *out)
{
	size_t extra = local_extra(item->size_bytes);
	uint8_t *next = out + AXEV__ZIP_LOCAL_FIXED;

	axev__put_u32le(out, AXEV__ZIP_LOCAL_MAGIC);
	put_common(item, extra ? VERSION_ZIP64 : VERSION_PLAIN, extra, out + 4);
	memcpy(next, item->name.data, item->name.size);
	next += item->name.size;
	if (extra) {
		/* APPNOTE 4.5.3: in a local header both sizes must be there. */
		next = put_extra_head(next, extra);
		axev__put_u64le(next, item->size_bytes);
		axev__put_u64le(next + 8, item->size_bytes);
	}
	return AXEV__ZIP_LOCAL_FIXED + item->name.size + extra;
}

size_t axev__zip_put_central(const struct axev__zip_item *item, uint8_t *out)
{
	size_t extra = central_extra(item);
	uint16_t version = extra ? VERSION_ZIP64 : VERSION_PLAIN;
	uint8_t *next = out + AXEV__ZIP_CENTRAL_FIXED;

	memset(out, 0, AXEV__ZIP_CENTRAL_FIXED); /* comment, disk, attributes: none */
	axev__put_u32le(out, AXEV__ZIP_CENTRAL_MAGIC);
	axev__put_u16le(out + 4, version);
	put_common(item, version, extra, out + 6);
	axev__put_u32le(out + 42, low32(item->header_offset));
	memcpy(next, item->name.data, item->name.size);
	next += item->name.size;
	if (extra)
		next = put_extra_head(next, extra);
	if (is_big(item->size_bytes)) {
		axev__put_u64le(next, item->size_bytes);
		axev__put_u64le(next + 8, item->size_bytes);
		next += 16;
	}
	if (is_big(item->header_offset))
		axev__put_u64le(next, item->header_offset);
	return AXEV__ZIP_CENTRAL_FIXED + item->name.size + extra;
}

bool axev__zip_has_end64(const struct axev__zip_end *end)
{
	return is_big(end->directory_offset);
}

static void put_end64(const struct axev__zip_end *end, uint8_t *out)
{
	uint8_t *locator = out + AXEV__ZIP_END64_BYTES;

	memset(out, 0, AXEV__ZIP_END64_BYTES + AXEV__ZIP_LOCATOR_BYTES);
	axev__put_u32le(out, AXEV__ZIP_END64_MAGIC);
	axev__put_u64le(out + 4, AXEV__ZIP_END64_BYTES - 12); /* APPNOTE 4.3.14.1 */
	axev__put_u16le(out + 12, VERSION_ZIP64);
	axev__put_u16le(out + 14, VERSION_ZIP64);
	axev__put_u64le(out + 24, end->count);
	axev__put_u64le(out + 32, end->count);
	axev__put_u64le(out + 40, end->directory_bytes);
	axev__put_u64le(out + 48, end->directory_offset);
	axev__put_u32le(locator, AXEV__ZIP_LOCATOR_MAGIC);
	axev__put_u64le(locator + 8, end->directory_offset + end->directory_bytes);
	axev__put_u32le(locator + 16, 1); /* number of disks */
}

size_t axev__zip_put_tail(const struct axev__zip_end *end, uint8_t *out)
{
	size_t used = 0;

	if (axev__zip_has_end64(end)) {
		put_end64(end, out);
		used = AXEV__ZIP_END64_BYTES + AXEV__ZIP_LOCATOR_BYTES;
	}
	out += used;
	memset(out, 0, AXEV__ZIP_END_BYTES);
	axev__put_u32le(out, AXEV__ZIP_END_MAGIC);
	axev__put_u16le(out + 8, (uint16_t)end->count);
	axev__put_u16le(out + 10, (uint16_t)end->count);
	axev__put_u32le(out + 12, (uint32_t)end->directory_bytes);
	axev__put_u32le(out + 16, low32(end->directory_offset));
	return used + AXEV__ZIP_END_BYTES;
}

/* The ZIP64 field holds only the values whose 32-bit field is saturated, in this order. */
static int get_extra(struct axev__span extra, uint64_t at, struct axev__zip_item *item, axev_error *err)
{
	size_t want = central_extra(item);
	const uint8_t *next = extra.data + 4;

	if (extra.size != want)
		return axev__fail_at(err, AXEV_E_FORMAT, at,
				     "central directory: expected %zu bytes of extra field, found %zu",
				     want, extra.size);
	if (is_big(item->size_bytes)) {
		item->size_bytes = axev__get_u64le(next);
		next += 16;
		if (!is_big(item->size_bytes))
			return axev__fail_at(err, AXEV_E_FORMAT, at,
					     "central directory: ZIP64 is used for a size that fits 32 bits");
	}
	if (is_big(item->header_offset)) {
		item->header_offset = axev__get_u64le(next);
		if (!is_big(item->header_offset))
			return axev__fail_at(err, AXEV_E_FORMAT, at,
					     "central directory: ZIP64 is used for an offset that fits 32 bits");
	}
	return AXEV_OK;
}

int axev__zip_get_central(struct axev__span bytes, uint64_t at, struct axev__zip_item *ret_item,
			  size_t *ret_used, axev_error *err)
{
	struct axev__zip_item item;
	size_t name_size, extra_size, used;

	if (bytes.size < AXEV__ZIP_CENTRAL_FIXED)
		return axev__fail_at(err, AXEV_E_FORMAT, at,
				     "central directory: expected %d bytes of header, found %zu",
				     AXEV__ZIP_CENTRAL_FIXED, bytes.size);
	if (axev__get_u32le(bytes.data) != AXEV__ZIP_CENTRAL_MAGIC)
		return axev__fail_at(err, AXEV_E_FORMAT, at,
				     "central directory: expected signature 02014b50, found %08x",
				     axev__get_u32le(bytes.data));
	name_size = axev__get_u16le(bytes.data + 28);
	extra_size = axev__get_u16le(bytes.data + 30);
	used = AXEV__ZIP_CENTRAL_FIXED + name_size + extra_size;
	if (name_size == 0 || name_size > AXEV__MAX_ENTRY_NAME)
		return axev__fail_at(err, AXEV_E_FORMAT, at + 28,
				     "central directory: expected a name of 1 to %d bytes, found %zu",
				     AXEV__MAX_ENTRY_NAME, name_size);
	if (used > bytes.size)
		return axev__fail_at(err, AXEV_E_FORMAT, at,
				     "central directory: expected %zu bytes for the entry, found %zu", used,
				     bytes.size);
	item.name = axev__span(bytes.data + AXEV__ZIP_CENTRAL_FIXED, name_size);
	item.crc32 = axev__get_u32le(bytes.data + 16);
	item.size_bytes = axev__get_u32le(bytes.data + 24);
	item.header_offset = axev__get_u32le(bytes.data + 42);
	TRY(get_extra(axev__span(item.name.data + name_size, extra_size), at + 46 + name_size, &item,
		      err));
	*ret_item = item;
	*ret_used = used;
	return AXEV_OK;
}

/* ---- comparison ---- */

struct field {
	uint8_t start;
	const char *name;
};

static const struct field local_fields[] = {
	{ 0, "signature" },  { 4, "version needed" }, { 6, "flags" },
	{ 8, "method" },     { 10, "time" },          { 12, "date" },
	{ 14, "CRC-32" },    { 18, "stored size" },   { 22, "size" },
	{ 26, "name length" }, { 28, "extra length" }, { 30, "name or extra field" },
};
static const struct field central_fields[] = {
	{ 0, "signature" },    { 4, "version made by" }, { 6, "version needed" },
	{ 8, "flags" },        { 10, "method" },         { 12, "time" },
	{ 14, "date" },        { 16, "CRC-32" },         { 20, "stored size" },
	{ 24, "size" },        { 28, "name length" },    { 30, "extra length" },
	{ 32, "comment length" }, { 34, "disk" },        { 36, "internal attributes" },
	{ 38, "external attributes" }, { 42, "offset" }, { 46, "name or extra field" },
};
static const struct field tail_fields[] = {
	{ 0, "signature" },      { 4, "disk" },         { 8, "entries on this disk" },
	{ 10, "entries" },       { 12, "directory size" }, { 16, "directory offset" },
	{ 20, "comment length" },
};

static const char *field_name(const struct field *fields, size_t count, size_t at)
{
	while (count > 1 && fields[count - 1].start > at)
		count--;
	return fields[count - 1].name;
}

static const char *differing(enum axev__zip_header header, size_t at, size_t size)
{
	switch (header) {
	case AXEV__ZIP_LOCAL:
		return field_name(local_fields, AXEV__COUNT(local_fields), at);
	case AXEV__ZIP_CENTRAL:
		return field_name(central_fields, AXEV__COUNT(central_fields), at);
	default:
		if (at < size - AXEV__ZIP_END_BYTES)
			return "ZIP64 end of directory";
		return field_name(tail_fields, AXEV__COUNT(tail_fields),
				  at - (size - AXEV__ZIP_END_BYTES));
	}
}

int axev__zip_compare(enum axev__zip_header header, const char *shown_name,
		      struct axev__span expected, struct axev__span found, uint64_t at,
		      axev_error *err)
{
	static const char *const titles[] = { "local header", "central directory", "end record" };
	size_t i;

	if (axev__span_equal(expected, found))
		return AXEV_OK;
	for (i = 0; i < expected.size && i < found.size; i++)
		if (expected.data[i] != found.data[i])
			break;
	return axev__fail_at(err, AXEV_E_FORMAT, at + i,
			     "%s%s%s%s: %s: expected byte %02x, found %02x", titles[header],
			     *shown_name ? " of '" : "", shown_name, *shown_name ? "'" : "",
			     differing(header, i, expected.size), expected.data[i], found.data[i]);
}
