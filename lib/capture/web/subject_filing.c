/* SPDX-License-Identifier: Apache-2.0 */
/* The filing record that a page is compared with: "ax-subject/1" (doc/schema/subject.schema.json). */
#include <fcntl.h>

#include "base/io.h"
#include "base/text.h"
#include "capture/web/subject.h"

/* Article 11, and what is compared beyond it. */
static const char *const members[] = { "format",	"name",	       "type",	 "site_name",	 "domain",
				       "ip_address",	"site_type",   "icp_number",	 "isp",		 "server_room",
				       "contact",	"credit_code", "licence_number", "police_number", NULL };

static int check_member(const char *key, const axev__json *value, axev_error *err)
{
	struct axev__span text;

	if (!axev__json_as_string(value, &text) || text.size == 0)
		return axev__fail(err, AXEV_E_FORMAT, "member '%s': expected text, not empty", key);
	if (text.size > AXEV__MAX_FILING_TEXT)
		return axev__fail(err, AXEV_E_LIMIT, "member '%s': expected at most %d bytes", key, AXEV__MAX_FILING_TEXT);
	return AXEV_OK;
}

int axev__filing_parse(struct axev__span text, axev__json **ret_filing, axev_error *err)
{
	AXEV__JSON *filing = NULL;
	struct axev__span format;
	const char *const *member;

	TRY(axev__json_parse(text, &filing, err));
	if (axev__json_type(filing) != AXEV__JSON_OBJECT)
		return axev__fail(err, AXEV_E_FORMAT, "expected an object");
	TRY(axev__json_only(filing, members, err));
	TRY(axev__json_string(filing, "format", &format, err));
	if (!axev__span_is(format, "ax-subject/1"))
		return axev__fail(err, AXEV_E_FORMAT, "member 'format': expected ax-subject/1");
	for (member = members; *member; member++)
		if (axev__json_get(filing, *member))
			TRY(check_member(*member, axev__json_get(filing, *member), err));
	if (axev__json_count(filing) < 2)
		return axev__fail(err, AXEV_E_FORMAT, "expected something to compare with beside 'format'");
	*ret_filing = axev__steal(filing);
	return AXEV_OK;
}

int axev__filing_load(const char *path, struct axev__filing *filing, axev_error *err)
{
	struct axev__shown shown;

	TRY(axev__read_file(AT_FDCWD, path, &filing->bytes, err));
	return axev__prefix(axev__filing_parse(axev__buf_view(&filing->bytes), &filing->json, err), err, "%s",
			    axev__show_str(&shown, path));
}

void axev__filing_free(struct axev__filing *filing)
{
	axev__buf_free(&filing->bytes);
	axev__json_free(filing->json);
	filing->json = NULL;
}
