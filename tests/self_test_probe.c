/* SPDX-License-Identifier: Apache-2.0 */
/* The self-test of a capture by itself: self_test_probe BROWSER DEVICE RAW. Prints verdict and result. */
#include <stdio.h>

#include "base/io.h"
#include "capture/clean/clean.h"
#include "capture/web/page.h"

int main(int argc, char **argv)
{
	axev_web_opts opts = AXEV_WEB_OPTS_INIT;
	struct axev__clean_asked asked = { .opts = &opts };
	struct axev__clean_row row = { .raw = AXEV__BUF_INIT(AXEV__MAX_CLEAN_RAW_BYTES) };
	axev_error err = AXEV_ERROR_INIT;
	FILE *raw;

	if (argc != 4 || axev__random(NULL, asked.random, sizeof(asked.random), &err) < 0)
		return 2;
	opts.browser_path = argv[1];
	opts.device = argv[2];
	opts.width = axev__device_find(argv[2])->width;
	opts.height = axev__device_find(argv[2])->height;
	opts.lang = "zh-CN";
	opts.self_test = 1;
	if (axev__clean_self_test(&asked, &row, &err) < 0)
		printf("could not be made: %s\n", err.message);
	else
		printf("%s: %s\n", axev__clean_verdict_name(row.verdict), row.result);
	raw = fopen(argv[3], "w");
	if (!raw || fwrite(row.raw.data, 1, row.raw.size, raw) != row.raw.size || fclose(raw) != 0)
		return 1;
	axev__buf_free(&row.raw);
	return 0;
}
