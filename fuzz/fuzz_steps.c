/* SPDX-License-Identifier: Apache-2.0 */
/* Steps of an operator: what is taken keeps every rule that running them relies on. */
#include <stdlib.h>

#include "capture/web/page_keys.h"
#include "capture/web/steps.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct axev__steps steps = AXEV__STEPS_INIT;
	size_t i;

	if (axev__steps_read(axev__span(data, size), &steps, NULL) < 0)
		return 0;
	for (i = 0; i < steps.count; i++) {
		const struct axev__step *step = &steps.list[i];

		if (step->timeout_ms == 0 || step->frame_count > AXEV__MAX_STEP_FRAMES ||
		    (step->frame_count && !step->frames[step->frame_count - 1]) || step->typed ||
		    (step->kind == AXEV__STEP_TYPE && !step->value == (step->secret == AXEV__SECRET_NONE)) ||
		    (step->kind == AXEV__STEP_PRESS && !axev__page_key_find(step->value, NULL)))
			abort();
	}
	axev__steps_free(&steps);
	return 0;
}
