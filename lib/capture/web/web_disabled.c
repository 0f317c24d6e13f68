/* SPDX-License-Identifier: Apache-2.0 */
/* Stands in for web capture in builds made without it. */
#include <ax_evidence/capture.h>

#include "base/error.h"

int axev_capture_web(axev_ledger *ledger, const axev_web_opts *opts, axev_draft **ret_draft,
		     axev_error *err)
{
	(void)ledger;
	(void)opts;
	(void)ret_draft;
	return axev__fail(err, AXEV_E_UNSUPPORTED, "this build has no web capture (meson -Dcapture_web=enabled)");
}
