/* SPDX-License-Identifier: Apache-2.0 */
#include "capture/web/web_url.h"

#include <string.h>
#include <strings.h>

#include "base/limits.h"
#include "base/text.h"

/* RFC 3986 authority: a name and a password would end up in the ledger and in the archive. */
int axev__web_check_url(const char *url, axev_error *err)
{
	struct axev__shown shown;
	const char *authority = NULL, *end;
	const unsigned char *c;

	if (strncasecmp(url, "http://", 7) == 0)
		authority = url + 7;
	else if (strncasecmp(url, "https://", 8) == 0)
		authority = url + 8;
	if (!authority || strlen(url) > AXEV__MAX_URL_BYTES || !axev__is_utf8(axev__span_str(url)))
		return axev__fail(err, AXEV_E_INVAL, "%s: expected an address as https://shop.example/",
				  axev__show_str(&shown, url));
	for (c = (const unsigned char *)url; *c; c++)
		if (*c <= ' ' || *c == 0x7F || *c == '\\')
			return axev__fail(err, AXEV_E_INVAL,
					  "%s: expected an address without blanks and backslashes",
					  axev__show_str(&shown, url));
	end = authority + strcspn(authority, "/?#");
	if (end == authority || memchr(authority, '@', (size_t)(end - authority)))
		return axev__fail(err, AXEV_E_INVAL,
				  "%s: expected a host, and no user name or password in front of it",
				  axev__show_str(&shown, url));
	return AXEV_OK;
}
