/* SPDX-License-Identifier: Apache-2.0 */
/* Stands in where no reader of pictures is built. */
#include "compare/compare.h"

int axev__compare_pictures(struct axev__compare *compare, axev_error *err)
{
	return axev__compare_skip(compare, "picture", "this build has no reader of pictures", err);
}
