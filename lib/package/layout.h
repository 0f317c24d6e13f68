/* SPDX-License-Identifier: Apache-2.0 */
/* Which entries a container may have, and in which order: asked by the writer and by the reader. */
#ifndef AXEV_PACKAGE_LAYOUT_H
#define AXEV_PACKAGE_LAYOUT_H

#include "base/limits.h"
#include "base/path.h"

#define AXEV__MIMETYPE "application/vnd.etsi.asic-e+zip" /* EN 319 162-1 A.1; 31 bytes, no newline */
#define AXEV__NAME_MIMETYPE "mimetype"
#define AXEV__NAME_MANIFEST "data/evidence.json"
#define AXEV__NAME_RECIPE "VERIFY.md"
#define AXEV__NAME_LIST "manifest-sha256.txt"

/* Groups in the order in which they stand. */
enum axev__group {
	AXEV__GROUP_START,
	AXEV__GROUP_MIMETYPE,
	AXEV__GROUP_DATA,
	AXEV__GROUP_MANIFEST,
	AXEV__GROUP_RECIPE,
	AXEV__GROUP_LIST,
	AXEV__GROUP_ASIC,
	AXEV__GROUP_SIGNATURE
};

enum axev__layout_kind {
	AXEV__LAYOUT_CONTAINER,
	AXEV__LAYOUT_PART,
	AXEV__LAYOUT_WACZ
};

/* What a WACZ file holds, all of it, in this order. */
#define AXEV__WACZ_WARC "archive/data.warc"
#define AXEV__WACZ_INDEX "indexes/index.cdx"
#define AXEV__WACZ_PAGES "pages/pages.jsonl"
#define AXEV__WACZ_PACKAGE "datapackage.json"
#define AXEV__WACZ_DIGEST "datapackage-digest.json"
/* Readers take the first line for a header, whatever it says. */
#define AXEV__WACZ_PAGES_HEADER \
	"{\"format\":\"json-pages-1.0\",\"id\":\"pages\",\"title\":\"All Pages\"}\n"

/* State of walking through the entries; zero bytes to begin, kind set by the caller. */
struct axev__layout {
	enum axev__layout_kind kind;
	enum axev__group group;
	unsigned data_count;
	unsigned asic_count;
	unsigned signature_count;
};

/* May the next entry have this name and size? Advances the state. The caller names the entry. */
int axev__layout_next(struct axev__layout *layout, struct axev__span name, uint64_t size_bytes,
		      axev_error *err);
/* Is the container complete? */
int axev__layout_end(const struct axev__layout *layout, axev_error *err);

#define AXEV__META_NAME_SIZE 40
/* "META-INF/ASiCManifest001.xml", "META-INF/signature001.p7s". */
void axev__asic_name(char out[AXEV__META_NAME_SIZE], unsigned number);
void axev__signature_name(char out[AXEV__META_NAME_SIZE], unsigned number);

/* In ASiCManifests: everything outside META-INF except mimetype. In the list: except itself, too. */
bool axev__layout_is_listed(const char *name);

/* No two equal names, and none that is a directory of another ("data/a" and "data/a/b"). */
int axev__layout_unique(const char *const *names, size_t count, axev_error *err);

#endif
