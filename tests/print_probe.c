/* SPDX-License-Identifier: Apache-2.0 */
/* Prints forms from JSON files, for the scripts: print_probe FORMS LANG TIME INPUT.json OUT.pdf, where INPUT is
 * {"manifest":…,"facts":…,"ledger":…} with "screenshot": path of a PNG, or {"report":…}. */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/io.h"
#include "base/limits.h"
#include "print/print.h"

static int open_screenshot(const axev__json *json, int *ret_fd, struct axev__print_input *input,
			   axev_error *err)
{
	struct axev__span text;
	char path[4096];

	if (!axev__json_as_string(axev__json_get(json, "screenshot"), &text))
		return AXEV_OK;
	snprintf(path, sizeof(path), "%.*s", (int)text.size, (const char *)text.data);
	TRY(axev__open(AT_FDCWD, path, O_RDONLY, 0, ret_fd, err));
	input->screenshot_path = "data/screenshot.png";
	return axev__source_file(*ret_fd, &input->screenshot, err);
}

static int print(char **argv, axev_error *err)
{
	AXEV__BUF bytes = AXEV__BUF_INIT(64 * AXEV__MIB);
	AXEV__JSON *json = NULL;
	AXEV__CLOSE int screenshot_fd = -1;
	AXEV__CLOSE int out_fd = -1;
	struct axev__print_input input = { .time = (enum axev__print_time)atoi(argv[3]) };

	TRY(axev__read_file(AT_FDCWD, argv[4], &bytes, err));
	TRY(axev__json_parse(axev__buf_view(&bytes), &json, err));
	input.manifest = axev__json_get(json, "manifest");
	input.facts = axev__json_get(json, "facts");
	input.ledger = axev__json_get(json, "ledger");
	input.report = axev__json_get(json, "report");
	input.dns = axev__json_get(json, "dns");
	input.tls_proof = axev__json_get(json, "tls_proof");
	axev__json_as_string(axev__json_get(json, "page_text"), &input.page_text);
	input.parts = axev__json_get(json, "parts");
	input.signatures = axev__json_get(json, "signatures");
	input.packages = axev__json_get(json, "packages");
	TRY(open_screenshot(json, &screenshot_fd, &input, err));
	TRY(axev__open(AT_FDCWD, argv[5], O_WRONLY | O_CREAT | O_TRUNC, 0666, &out_fd, err));
	return axev__print_form((unsigned)atoi(argv[1]), &input, argv[2], out_fd, err);
}

int main(int argc, char **argv)
{
	axev_error err = AXEV_ERROR_INIT;
	char text[1100];

	if (argc != 6) {
		fprintf(stderr, "usage: print_probe FORMS LANG TIME INPUT.json OUT.pdf\n");
		return 2;
	}
	if (print(argv, &err) < 0) {
		axev_error_text(&err, text, sizeof(text));
		fprintf(stderr, "%s\n", text);
		return 1;
	}
	return 0;
}
