/* SPDX-License-Identifier: Apache-2.0 */
#include "capture/db/db_statement.h"

#include <string.h>
#include <strings.h>

#include "base/limits.h"

int axev__db_statement_check(const char *statement, axev_error *err)
{
	static const char *const words[] = { "SELECT", "WITH", "VALUES", "TABLE" };
	const char *text = statement + strspn(statement, " \t\r\n(");
	size_t i;

	if (strstr(statement, "/*!") || strstr(statement, "/*M!"))
		return axev__fail(err, AXEV_E_INVAL, "only a SELECT is run: expected no comments that the server executes");
	for (i = 0; i < AXEV__COUNT(words); i++) {
		size_t length = strlen(words[i]);

		if (strncasecmp(text, words[i], length) == 0 && text[length] && strchr(" \t\r\n(*", text[length]))
			return AXEV_OK;
	}
	return axev__fail(err, AXEV_E_INVAL, "only a SELECT is run: expected SELECT, WITH, VALUES or TABLE at the beginning");
}
