/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What can be reached, without a browser and a ledger: reach_probe URL MS [EARLIER|-] [RESOLVER...]. Prints the document, which
 * must read back as it was written; with EARLIER, a document of before, its comparison on a second line.
 */
#include <stdio.h>

#include "base/io.h"
#include "capture/clean/clean.h"
#include "capture/web/reach.h"
#include "content/reach.h"

static int print(const axev__json *json, struct axev__buf *text, axev_error *err)
{
	axev__buf_clear(text);
	TRY(axev__json_canonical(json, text, err));
	printf("%.*s\n", (int)text->size, (const char *)text->data);
	return AXEV_OK;
}

static int run(const axev_web_opts *opts, const char *earlier_path, axev_error *err)
{
	AXEV__BUF text = AXEV__BUF_INIT(AXEV__MAX_REACH_BYTES);
	AXEV__JSON *earlier = NULL, *document = NULL, *comparison = NULL;

	TRY(axev__clean_check_opts(opts, err));
	if (earlier_path) {
		TRY(axev__clean_file(earlier_path, &text, err));
		if (text.size && text.data[text.size - 1] == '\n')
			text.size--;
		TRY(axev__reach_read(axev__buf_view(&text), AXEV__REACH_UNKNOWN, NULL, &earlier, err));
	}
	TRY(axev__reach_run(opts, NULL, earlier, &document, err));
	TRY(print(document, &text, err));
	TRY(axev__reach_read(axev__buf_view(&text), earlier ? AXEV__REACH_AGAIN : AXEV__REACH_ALONE, earlier, NULL, err));
	if (!earlier)
		return AXEV_OK;
	TRY(axev__reach_compare(earlier, document, &comparison, err));
	return print(comparison, &text, err);
}

int main(int argc, char **argv)
{
	axev_web_opts opts = AXEV_WEB_OPTS_INIT;
	axev_error err = AXEV_ERROR_INIT;

	if (argc < 3)
		return 2;
	opts.url = argv[1];
	opts.timeout_ms = (uint32_t)atoi(argv[2]);
	opts.resolvers = (const char *const *)(argv + 4);
	opts.resolver_count = argc > 4 ? (size_t)argc - 4 : 0;
	if (run(&opts, argc > 3 && strcmp(argv[3], "-") != 0 ? argv[3] : NULL, &err) >= 0)
		return 0;
	fprintf(stderr, "%s\n", err.message);
	return 1;
}
