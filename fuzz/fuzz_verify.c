/* SPDX-License-Identifier: Apache-2.0 */
/* Whole packages and bundles: there is always a report, and a status that agrees with it. */
#include <stdlib.h>

#include <ax_evidence/verify.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	axev_report *report = NULL;
	axev_error err = AXEV_ERROR_INIT;
	char *text = NULL;
	int status = axev_verify_memory(data, size, NULL, NULL, &report, &err);

	/* Without a policy nothing is ever valid. */
	if (status == AXEV_OK || (report && axev_report_verdict(report) == AXEV_VERDICT_VALID))
		abort();
	if (report && axev_report_json(report, &text, NULL) == AXEV_OK)
		axev_text_free(text);
	text = NULL;
	if (report && axev_report_text(report, "zh", 1, &text, NULL) == AXEV_OK)
		axev_text_free(text);
	axev_report_free(report);
	return 0;
}
