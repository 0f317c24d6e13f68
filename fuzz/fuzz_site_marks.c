/* SPDX-License-Identifier: Apache-2.0 */
/* Document trees that are looked through, filing records, and the patterns on any bytes: within their text, and onwards. */
#include <stdlib.h>

#include "base/limits.h"
#include "base/text.h"
#include "content/credit_code.h"
#include "content/site_marks.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void try_patterns(struct axev__span text)
{
	unsigned i;

	for (i = 0; axev__site_pattern_kind(i) != AXEV__SITE_KINDS; i++) {
		struct axev__site_match match;
		size_t from = 0, rounds;

		for (rounds = 0; rounds < 1000 && axev__site_find(text, i, from, &match); rounds++) {
			if (match.to <= from || match.to > text.size || match.from >= match.to || !match.value[0])
				abort();
			from = match.to;
		}
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	AXEV__SITE_MARKS marks = AXEV__SITE_MARKS_INIT;
	AXEV__BUF text = AXEV__BUF_INIT(AXEV__MIB);
	struct axev__span all = axev__span(data, size);
	const char *by;
	char host[64];

	axev__site_text(all, &text);
	try_patterns(axev__buf_view(&text));
	axev__site_host(all, host, sizeof(host));
	axev__site_is_local(host);
	axev__site_licence_link(all, &by);
	axev__site_register_link(all);
	axev__credit_code_check(all);
	if (axev__site_marks_find(all, &marks, NULL) >= 0 &&
	    (axev__json_count(marks.list) > AXEV__SITE_KINDS * AXEV__MAX_SITE_MARKS ||
	     (marks.text.size > 0 && !axev__is_utf8(axev__buf_view(&marks.text)))))
		abort();
	return 0;
}
