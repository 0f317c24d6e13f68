/* SPDX-License-Identifier: Apache-2.0 */
/* A text file of any size as UTF-8, piece by piece. The encoding is what the caller says, never a guess. */
#ifndef AXEV_CONTENT_TEXT_READER_H
#define AXEV_CONTENT_TEXT_READER_H

#include "base/buf.h"
#include "base/source.h"

enum axev__text_encoding { AXEV__TEXT_UTF8, AXEV__TEXT_GB18030 };

struct axev__text_reader {
	struct axev__source source;
	enum axev__text_encoding encoding;
	bool has_bom;          /* EF BB BF at the beginning of UTF-8: it is no part of the text */
	uint64_t at;           /* in the source, behind what stands in raw */
	struct axev__buf raw;  /* not yet decoded */
	struct axev__buf text; /* decoded; the consumer may change it in place */
	size_t used;           /* of text: done with */
	uint64_t decoded_lines;
	bool is_at_end;        /* text holds the rest of the file */
};

/* Reads the first piece. @max_text: how much a consumer may leave unused. */
int axev__text_open(const struct axev__source *source, enum axev__text_encoding encoding, size_t max_text,
		    struct axev__text_reader *ret_reader, axev_error *err);
void axev__text_close(struct axev__text_reader *reader);
#define AXEV__TEXT_READER AXEV__CLEANUP(axev__text_close) struct axev__text_reader

/* Drops what is used, which moves the text, and decodes more. AXEV_E_FORMAT names line and byte. */
int axev__text_more(struct axev__text_reader *reader, axev_error *err);

#endif
