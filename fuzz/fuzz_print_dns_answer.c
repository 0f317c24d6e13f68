/* SPDX-License-Identifier: Apache-2.0 */
/* DNS answers: text that is printed is UTF-8, and short of what one answer can hold. */
#include "base/text.h"
#include "base/limits.h"
#include "print/dns_answer.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	AXEV__BUF out = AXEV__BUF_INIT(AXEV__MIB);
	unsigned code;

	if (size > 65535)
		return 0;
	if (axev__dns_answer(axev__span(data, size), &out, &code, NULL) < 0)
		return 0;
	if (!axev__is_utf8(axev__buf_view(&out)) || code > 15)
		__builtin_trap();
	return 0;
}
