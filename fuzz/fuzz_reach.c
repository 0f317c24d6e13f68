/* SPDX-License-Identifier: Apache-2.0 */
/* Documents of what could be reached, addresses, heads. What was read is the same as itself, and reads again. */
#include "content/reach.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void read_again(const axev__json *document)
{
	AXEV__BUF text = AXEV__BUF_INIT(AXEV__MAX_REACH_BYTES);
	AXEV__JSON *comparison = NULL;
	uint64_t count;

	if (axev__json_canonical(document, &text, NULL) < 0 ||
	    axev__reach_read(axev__buf_view(&text), AXEV__REACH_UNKNOWN, NULL, NULL, NULL) < 0 ||
	    axev__reach_compare(document, document, &comparison, NULL) < 0 ||
	    axev__json_u64(axev__json_get(comparison, "counts"), "different", &count, NULL) < 0 || count != 0)
		__builtin_trap();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	AXEV__BUF request = AXEV__BUF_INIT(4 * AXEV__MAX_URL_BYTES);
	struct axev__reach_target target;
	AXEV__JSON *document = NULL;
	size_t head;

	if (axev__reach_head(axev__span(data, size), &head) && (head == 0 || head > size))
		__builtin_trap();
	/* A host that can be asked for can be asked. */
	if (size <= AXEV__MAX_URL_BYTES / 4 && axev__reach_target(axev__span(data, size), &target, NULL) >= 0 &&
	    axev__reach_request(axev__span(data, size), &request, NULL) < 0)
		__builtin_trap();
	if (axev__reach_read(axev__span(data, size), AXEV__REACH_UNKNOWN, NULL, &document, NULL) >= 0)
		read_again(document);
	return 0;
}
