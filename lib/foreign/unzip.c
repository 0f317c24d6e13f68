/* SPDX-License-Identifier: Apache-2.0 */
#include "foreign/unzip.h"

#include <inttypes.h>
#include <zlib.h>

#include "base/buf.h"
#include "base/text.h"

#define END_BYTES 22
#define CENTRAL_BYTES 46
#define LOCAL_BYTES 30
#define MAX_COMMENT 65535

struct entry {
	char name[AXEV__MAX_FOREIGN_NAME + 1];
	uint16_t method;
	uint32_t crc32, packed_bytes, bytes, header_offset;
};

struct axev__unzip {
	struct axev__source source;
	struct entry *entries;
	size_t count;
	uint64_t read_bytes; /* unpacked so far */
};

void axev__unzip_free(struct axev__unzip *unzip)
{
	if (!unzip)
		return;
	free(unzip->entries);
	free(unzip);
}

static void unzip_freep(struct axev__unzip **unzip)
{
	axev__unzip_free(*unzip);
}

/* ---- the directory ---- */

struct end {
	uint16_t count;
	uint32_t size, offset;
};

/* 4.3.16: the last record; only a comment may stand behind it. */
static int find_end(const struct axev__source *source, struct end *ret_end, axev_error *err)
{
	size_t size = source->size < END_BYTES + MAX_COMMENT ? (size_t)source->size : END_BYTES + MAX_COMMENT, i;
	AXEV__FREE uint8_t *tail = malloc(size + 1);

	if (!tail)
		return axev__nomem(err);
	TRY(axev__source_read(source, source->size - size, tail, size, err));
	for (i = size >= END_BYTES ? size - END_BYTES + 1 : 0; i-- > 0;) {
		const uint8_t *at = tail + i;

		if (axev__get_u32le(at) != UINT32_C(0x06054b50) || axev__get_u16le(at + 20) != size - i - END_BYTES)
			continue;
		*ret_end = (struct end){ axev__get_u16le(at + 10), axev__get_u32le(at + 12), axev__get_u32le(at + 16) };
		if (axev__get_u16le(at + 4) != 0 || axev__get_u16le(at + 8) != ret_end->count)
			return axev__fail(err, AXEV_E_UNSUPPORTED, "a ZIP file of several disks is not read");
		if (ret_end->count == UINT16_MAX || ret_end->offset == UINT32_MAX)
			return axev__fail(err, AXEV_E_UNSUPPORTED, "a ZIP64 file is not read");
		return AXEV_OK;
	}
	return axev__fail(err, AXEV_E_FORMAT, "expected a ZIP file, found no end record");
}

static int check_entry(const struct axev__unzip *unzip, const struct entry *entry, uint16_t flags, axev_error *err)
{
	if (flags & 1)
		return axev__fail(err, AXEV_E_UNSUPPORTED, "encrypted");
	if (entry->method != 0 && entry->method != Z_DEFLATED)
		return axev__fail(err, AXEV_E_UNSUPPORTED, "expected a stored or deflated entry, found method %u",
				  entry->method);
	if (entry->bytes > AXEV__MAX_FOREIGN_ENTRY_BYTES || entry->packed_bytes > unzip->source.size)
		return axev__fail(err, AXEV_E_LIMIT, "expected at most %zu bytes, found %u",
				  (size_t)AXEV__MAX_FOREIGN_ENTRY_BYTES, entry->bytes);
	if (axev__unzip_has(unzip, entry->name))
		return axev__fail(err, AXEV_E_FORMAT, "is there twice");
	return AXEV_OK;
}

static int read_central(struct axev__unzip *unzip, struct axev__span *rest, axev_error *err)
{
	struct entry *entry = &unzip->entries[unzip->count];
	const uint8_t *at = rest->data;
	struct axev__shown shown;
	size_t name, all;

	if (rest->size < CENTRAL_BYTES || axev__get_u32le(at) != UINT32_C(0x02014b50))
		return axev__fail(err, AXEV_E_FORMAT, "expected an entry of the central directory");
	name = axev__get_u16le(at + 28);
	all = CENTRAL_BYTES + name + axev__get_u16le(at + 30) + axev__get_u16le(at + 32);
	if (all > rest->size || name == 0 || name > AXEV__MAX_FOREIGN_NAME || memchr(at + CENTRAL_BYTES, 0, name))
		return axev__fail(err, AXEV_E_FORMAT, "expected a name of 1 to %d bytes in the central directory",
				  AXEV__MAX_FOREIGN_NAME);
	*entry = (struct entry){ .method = axev__get_u16le(at + 10), .crc32 = axev__get_u32le(at + 16),
				 .packed_bytes = axev__get_u32le(at + 20), .bytes = axev__get_u32le(at + 24),
				 .header_offset = axev__get_u32le(at + 42) };
	memcpy(entry->name, at + CENTRAL_BYTES, name);
	TRY(axev__prefix(check_entry(unzip, entry, axev__get_u16le(at + 8), err), err, "entry '%s'",
			 axev__show_str(&shown, entry->name)));
	unzip->count++;
	*rest = axev__span(at + all, rest->size - all);
	return AXEV_OK;
}

static int read_directory(struct axev__unzip *unzip, axev_error *err)
{
	AXEV__BUF bytes = AXEV__BUF_INIT(AXEV__MAX_FOREIGN_DIRECTORY);
	struct axev__span rest;
	struct end end = { 0 };
	uint16_t i;

	TRY(find_end(&unzip->source, &end, err));
	if (end.count > AXEV__MAX_FOREIGN_ENTRIES)
		return axev__fail(err, AXEV_E_LIMIT, "expected at most %d entries, found %u", AXEV__MAX_FOREIGN_ENTRIES,
				  end.count);
	unzip->entries = calloc((size_t)end.count + 1, sizeof(*unzip->entries));
	if (!unzip->entries)
		return axev__nomem(err);
	TRY(axev__buf_reserve(&bytes, end.size, err));
	TRY(axev__source_read(&unzip->source, end.offset, bytes.data, end.size, err));
	rest = axev__span(bytes.data, end.size);
	for (i = 0; i < end.count; i++)
		TRY(read_central(unzip, &rest, err));
	return AXEV_OK;
}

int axev__unzip_open(const struct axev__source *source, struct axev__unzip **ret_unzip, axev_error *err)
{
	AXEV__CLEANUP(unzip_freep) struct axev__unzip *unzip = calloc(1, sizeof(*unzip));

	if (!unzip)
		return axev__nomem(err);
	unzip->source = *source;
	TRY(read_directory(unzip, err));
	*ret_unzip = axev__steal(unzip);
	return AXEV_OK;
}

static const struct entry *find(const struct axev__unzip *unzip, const char *name)
{
	size_t i;

	for (i = 0; i < unzip->count; i++)
		if (strcmp(unzip->entries[i].name, name) == 0)
			return &unzip->entries[i];
	return NULL;
}

bool axev__unzip_has(const struct axev__unzip *unzip, const char *name)
{
	return find(unzip, name) != NULL;
}

uint64_t axev__unzip_size(const struct axev__unzip *unzip, const char *name)
{
	const struct entry *entry = find(unzip, name);

	return entry ? entry->bytes : 0;
}

/* ---- content ---- */

struct stream {
	z_stream zlib;
	uint64_t *read_bytes;
	const struct entry *entry;
	struct axev__source packed;
	uint64_t at, bytes;
	uLong crc32;
	axev__unzip_taker take;
	void *payload;
	bool is_over;
	uint8_t in[AXEV__FOREIGN_CHUNK], out[AXEV__FOREIGN_CHUNK];
};

static void stream_free(struct stream **stream)
{
	if (*stream)
		inflateEnd(&(*stream)->zlib);
	free(*stream);
}

static int pass_on(struct stream *stream, const uint8_t *data, size_t size, axev_error *err)
{
	stream->bytes += size;
	if (stream->bytes > stream->entry->bytes)
		return axev__fail(err, AXEV_E_FORMAT, "expected %u bytes, found more", stream->entry->bytes);
	*stream->read_bytes += size;
	if (*stream->read_bytes > AXEV__MAX_FOREIGN_READ_BYTES)
		return axev__fail(err, AXEV_E_LIMIT, "expected at most %" PRIu64 " bytes to be unpacked out of one file",
				  (uint64_t)AXEV__MAX_FOREIGN_READ_BYTES);
	stream->crc32 = crc32(stream->crc32, data, (uInt)size);
	return stream->take(stream->payload, axev__span(data, size), err);
}

static int inflate_piece(struct stream *stream, size_t size, axev_error *err)
{
	stream->zlib.next_in = stream->in;
	stream->zlib.avail_in = (uInt)size;
	do {
		int status;

		stream->zlib.next_out = stream->out;
		stream->zlib.avail_out = sizeof(stream->out);
		status = inflate(&stream->zlib, Z_NO_FLUSH);
		if (status == Z_MEM_ERROR)
			return axev__nomem(err);
		if (status != Z_OK && status != Z_STREAM_END && status != Z_BUF_ERROR)
			return axev__fail(err, AXEV_E_FORMAT, "its deflated bytes are damaged");
		TRY(pass_on(stream, stream->out, sizeof(stream->out) - stream->zlib.avail_out, err));
		stream->is_over = status == Z_STREAM_END;
	} while (!stream->is_over && (stream->zlib.avail_in > 0 || stream->zlib.avail_out == 0));
	return AXEV_OK;
}

static int read_stream(struct stream *stream, axev_error *err)
{
	while (stream->at < stream->packed.size && !stream->is_over) {
		uint64_t rest = stream->packed.size - stream->at;
		size_t size = rest < sizeof(stream->in) ? (size_t)rest : sizeof(stream->in);

		TRY(axev__source_read(&stream->packed, stream->at, stream->in, size, err));
		stream->at += size;
		TRY(stream->entry->method == 0 ? pass_on(stream, stream->in, size, err) :
						 inflate_piece(stream, size, err));
	}
	if (stream->bytes != stream->entry->bytes || stream->crc32 != stream->entry->crc32)
		return axev__fail(err, AXEV_E_FORMAT, "its content is not what the directory says");
	return AXEV_OK;
}

/* 4.3.7: name and extra field of the local header may be others than those of the directory. */
static int locate(const struct axev__unzip *unzip, const struct entry *entry, struct axev__source *ret_packed,
		  axev_error *err)
{
	uint8_t header[LOCAL_BYTES];
	uint64_t offset;

	TRY(axev__source_read(&unzip->source, entry->header_offset, header, sizeof(header), err));
	if (axev__get_u32le(header) != UINT32_C(0x04034b50))
		return axev__fail(err, AXEV_E_FORMAT, "expected its local header");
	offset = (uint64_t)entry->header_offset + LOCAL_BYTES + axev__get_u16le(header + 26) + axev__get_u16le(header + 28);
	*ret_packed = axev__source_window(&unzip->source, offset, entry->packed_bytes);
	return ret_packed->size == entry->packed_bytes ? AXEV_OK :
							 axev__fail(err, AXEV_E_FORMAT, "the file ends inside of it");
}

static int read_entry(struct axev__unzip *unzip, const struct entry *entry, axev__unzip_taker take, void *payload,
		      axev_error *err)
{
	AXEV__CLEANUP(stream_free) struct stream *stream = calloc(1, sizeof(*stream));

	if (!stream)
		return axev__nomem(err);
	stream->entry = entry;
	stream->read_bytes = &unzip->read_bytes;
	stream->take = take;
	stream->payload = payload;
	TRY(locate(unzip, entry, &stream->packed, err));
	if (entry->method != 0 && inflateInit2(&stream->zlib, -MAX_WBITS) != Z_OK)
		return axev__nomem(err);
	return read_stream(stream, err);
}

int axev__unzip_read(struct axev__unzip *unzip, const char *name, axev__unzip_taker take, void *payload,
		     axev_error *err)
{
	const struct entry *entry = find(unzip, name);
	struct axev__shown shown;

	if (!entry)
		return axev__fail(err, AXEV_E_FORMAT, "'%s' is not in the file", axev__show_str(&shown, name));
	return axev__prefix(read_entry(unzip, entry, take, payload, err), err, "%s", axev__show_str(&shown, name));
}
