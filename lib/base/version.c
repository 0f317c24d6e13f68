/* SPDX-License-Identifier: Apache-2.0 */
#include <ax_evidence/version.h>

#include "axev_config.h"

const char *axev_version(void)
{
	return AXEV_VERSION;
}
