/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The one serialisation of ZIP headers (FORMAT.md section 1). The writer writes what these functions give;
 * the reader parses, serialises again with the same functions and compares every byte.
 * Sources: PKWARE APPNOTE 6.3.10 sections 4.3.7 (local), 4.3.12 (central), 4.3.14 to 4.3.16 (ends), 4.5.3 (ZIP64).
 */
#ifndef AXEV_PACKAGE_ZIP_FORMAT_H
#define AXEV_PACKAGE_ZIP_FORMAT_H

#include "base/error.h"
#include "base/limits.h"
#include "base/span.h"

#define AXEV__ZIP_LOCAL_FIXED 30
#define AXEV__ZIP_CENTRAL_FIXED 46
#define AXEV__ZIP_END_BYTES 22
#define AXEV__ZIP_END64_BYTES 56
#define AXEV__ZIP_LOCATOR_BYTES 20

#define AXEV__ZIP_MAX_LOCAL (AXEV__ZIP_LOCAL_FIXED + AXEV__MAX_ENTRY_NAME + 20)
#define AXEV__ZIP_MAX_CENTRAL (AXEV__ZIP_CENTRAL_FIXED + AXEV__MAX_ENTRY_NAME + 28)
#define AXEV__ZIP_MAX_TAIL \
	(AXEV__ZIP_END64_BYTES + AXEV__ZIP_LOCATOR_BYTES + AXEV__ZIP_END_BYTES)

#define AXEV__ZIP_LOCAL_MAGIC UINT32_C(0x04034b50)
#define AXEV__ZIP_CENTRAL_MAGIC UINT32_C(0x02014b50)
#define AXEV__ZIP_END_MAGIC UINT32_C(0x06054b50)
#define AXEV__ZIP_END64_MAGIC UINT32_C(0x06064b50)
#define AXEV__ZIP_LOCATOR_MAGIC UINT32_C(0x07064b50)

/* Sizes and offsets from here on stand in a ZIP64 field. A test is built with less, which it can afford to write. */
#ifndef AXEV__ZIP64_FROM
#define AXEV__ZIP64_FROM UINT64_C(0xFFFFFFFF)
#endif
/* APPNOTE 4.4.8: what the 32-bit field holds then. */
#define AXEV__ZIP64_ELSEWHERE UINT32_C(0xFFFFFFFF)

struct axev__zip_item {
	struct axev__span name;
	uint64_t header_offset;
	uint64_t size_bytes;
	uint32_t crc32;
};

struct axev__zip_end {
	uint64_t count;
	uint64_t directory_offset;
	uint64_t directory_bytes;
};

/* Bytes of the local header for this name and size; the content follows it directly. */
size_t axev__zip_local_size(size_t name_bytes, uint64_t size_bytes);

/* Each returns the bytes written; @out has room for the maximum above. */
size_t axev__zip_put_local(const struct axev__zip_item *item, uint8_t *out);
size_t axev__zip_put_central(const struct axev__zip_item *item, uint8_t *out);
/* ZIP64 end record and locator when the directory starts at 0xFFFFFFFF or later, then the end record. */
size_t axev__zip_put_tail(const struct axev__zip_end *end, uint8_t *out);
bool axev__zip_has_end64(const struct axev__zip_end *end);

/* Values only, from the start of @bytes; what they claim is checked by serialising again. */
int axev__zip_get_central(struct axev__span bytes, uint64_t at, struct axev__zip_item *ret_item,
			  size_t *ret_used, axev_error *err);

/* @found must equal @expected; the message names the header field that differs. @at: offset of the header. */
enum axev__zip_header { AXEV__ZIP_LOCAL, AXEV__ZIP_CENTRAL, AXEV__ZIP_TAIL };
int axev__zip_compare(enum axev__zip_header header, const char *shown_name,
		      struct axev__span expected, struct axev__span found, uint64_t at,
		      axev_error *err);

#endif
