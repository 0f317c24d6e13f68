/* SPDX-License-Identifier: Apache-2.0 */
/* Which addresses a capture goes to. */
#ifndef AXEV_CAPTURE_WEB_URL_H
#define AXEV_CAPTURE_WEB_URL_H

#include "base/error.h"

/* http or https, a host, no user name or password. AXEV_E_INVAL says what is wrong. */
int axev__web_check_url(const char *url, axev_error *err);

#endif
