/* SPDX-License-Identifier: Apache-2.0 */
/* Unified social credit codes (统一社会信用代码, GB 32100-2015): only what the digits themselves tell. */
#ifndef AXEV_CONTENT_CREDIT_CODE_H
#define AXEV_CONTENT_CREDIT_CODE_H

#include "base/span.h"

#define AXEV__CREDIT_CODE_LENGTH 18

enum axev__credit_code {
	AXEV__CREDIT_CODE_NONE,  /* not eighteen characters of the code's alphabet */
	AXEV__CREDIT_CODE_WRONG, /* its check character is another */
	AXEV__CREDIT_CODE_RIGHT  /* no more than that: such a code need not have been given to anybody */
};
enum axev__credit_code axev__credit_code_check(struct axev__span text);

/* For documents: "none", "wrong", "right". */
const char *axev__credit_code_word(enum axev__credit_code verdict);

#endif
