/* SPDX-License-Identifier: Apache-2.0 */
/* The JSON list: what Network.getCookies and Storage.getCookies answer, and what extensions export. */
#include <stdlib.h>
#include <strings.h>

#include "base/limits.h"
#include "base/text.h"
#include "content/cookies.h"

/* Those of the DevTools protocol (Network.Cookie), then those of chrome.cookies.Cookie, which extensions write. */
static const char *const known[] = { "name",	     "value",	 "domain",	 "path",	   "expires",
				     "httpOnly",     "secure",	 "session",	 "sameSite",	   "size",
				     "priority",     "sameParty", "sourceScheme", "sourcePort",	   "partitionKey",
				     "partitionKeyOpaque", "expirationDate", "hostOnly", "storeId", "id",
				     NULL };

static int refuse_unknown(const axev__json *json, axev_error *err)
{
	struct axev__shown shown;
	const char *key;
	axev__json *value;
	void *iterator = NULL;
	size_t i;

	while (axev__json_next(json, &iterator, &key, &value)) {
		for (i = 0; known[i] && strcmp(known[i], key) != 0; i++)
			;
		if (!known[i])
			return axev__fail(err, AXEV_E_FORMAT, "unknown member '%s'", axev__show_str(&shown, key));
	}
	return AXEV_OK;
}

static int read_text(const axev__json *json, const char *key, char **ret_text, axev_error *err)
{
	struct axev__span text;
	char *copy;

	TRY(axev__json_string(json, key, &text, err));
	if (text.size && memchr(text.data, '\0', text.size))
		return axev__fail(err, AXEV_E_FORMAT, "member '%s': expected a text without NUL", key);
	copy = strndup((const char *)text.data, text.size);
	if (!copy)
		return axev__nomem(err);
	*ret_text = copy;
	return AXEV_OK;
}

/* Not there: false. */
static int read_flag(const axev__json *json, const char *key, bool *ret_flag, axev_error *err)
{
	const axev__json *value = axev__json_get(json, key);

	*ret_flag = false;
	if (value && !axev__json_as_bool(value, ret_flag))
		return axev__fail(err, AXEV_E_FORMAT, "member '%s': expected true or false", key);
	return AXEV_OK;
}

/* Seconds with a fraction; the protocol writes -1 for a cookie that ends with the browser. */
static int read_expiry(const axev__json *json, const char *key, int64_t *expires_s, axev_error *err)
{
	const axev__json *value = axev__json_get(json, key);
	int64_t whole = 0;
	double real = 0;

	if (!value)
		return AXEV_OK;
	if (axev__json_as_integer(value, &whole))
		real = (double)whole;
	else if (!axev__json_as_real(value, &real))
		return axev__fail(err, AXEV_E_FORMAT, "member '%s': expected a number", key);
	if (!(real < 253402300800.0))
		return axev__fail(err, AXEV_E_FORMAT, "expiry: expected Unix time until the year 9999");
	*expires_s = real < 0 ? 0 : (int64_t)real;
	return AXEV_OK;
}

static int read_same_site(const axev__json *json, const char **ret_word, axev_error *err)
{
	static const struct {
		const char *found, *word;
	} words[] = {
		{ "Strict", "Strict" }, { "Lax", "Lax" }, { "None", "None" }, { "no_restriction", "None" },
		{ "unspecified", NULL },
	};
	const axev__json *value = axev__json_get(json, "sameSite");
	struct axev__span text = axev__span("", 0);
	struct axev__shown shown;
	size_t i;

	*ret_word = NULL;
	if (!value || axev__json_type(value) == AXEV__JSON_OTHER)
		return AXEV_OK;
	axev__json_as_string(value, &text);
	for (i = 0; i < AXEV__COUNT(words); i++)
		if (text.size == strlen(words[i].found) &&
		    strncasecmp((const char *)text.data, words[i].found, text.size) == 0) {
			*ret_word = words[i].word;
			return AXEV_OK;
		}
	return axev__fail(err, AXEV_E_FORMAT,
			  "member 'sameSite': expected Strict, Lax, None, no_restriction, unspecified or null, found '%s'",
			  axev__show(&shown, text));
}

/* A leading dot says that names below the domain get it too; hostOnly must not say otherwise. */
static int read_domain(const axev__json *json, struct axev__cookie *cookie, axev_error *err)
{
	bool has_dot = cookie->domain[0] == '.', is_host_only = false;

	TRY(read_flag(json, "hostOnly", &is_host_only, err));
	if (has_dot && is_host_only)
		return axev__fail(err, AXEV_E_FORMAT, "member 'hostOnly': expected false for a domain with a leading dot");
	cookie->is_host_only = axev__json_get(json, "hostOnly") ? is_host_only : !has_dot;
	if (has_dot)
		memmove(cookie->domain, cookie->domain + 1, strlen(cookie->domain));
	return AXEV_OK;
}

static int read_cookie(const axev__json *json, struct axev__cookie *cookie, axev_error *err)
{
	const axev__json *partition = axev__json_get(json, "partitionKey");
	bool is_session = false;

	if (axev__json_type(json) != AXEV__JSON_OBJECT)
		return axev__fail(err, AXEV_E_FORMAT, "expected an object");
	if (partition && axev__json_type(partition) != AXEV__JSON_OTHER)
		return axev__fail(err, AXEV_E_UNSUPPORTED, "partitioned cookies cannot be given to the browser");
	TRY(read_text(json, "name", &cookie->name, err));
	TRY(read_text(json, "value", &cookie->value, err));
	TRY(read_text(json, "domain", &cookie->domain, err));
	TRY(read_text(json, "path", &cookie->path, err));
	TRY(read_domain(json, cookie, err));
	TRY(read_flag(json, "secure", &cookie->is_secure, err));
	TRY(read_flag(json, "httpOnly", &cookie->is_http_only, err));
	TRY(read_flag(json, "session", &is_session, err));
	TRY(read_expiry(json, "expires", &cookie->expires_s, err));
	TRY(read_expiry(json, "expirationDate", &cookie->expires_s, err));
	if (is_session)
		cookie->expires_s = 0;
	return read_same_site(json, &cookie->same_site, err);
}

int axev__cookies_add_json(struct axev__cookies *cookies, const axev__json *json, size_t number, axev_error *err)
{
	struct axev__cookie cookie = { .place = number };
	int status = read_cookie(json, &cookie, err);

	if (status >= 0)
		status = axev__cookies_add(cookies, &cookie, err);
	if (cookie.value)
		explicit_bzero(cookie.value, strlen(cookie.value));
	free(cookie.name);
	free(cookie.value);
	free(cookie.domain);
	free(cookie.path);
	return status;
}

static int add_known(struct axev__cookies *cookies, const axev__json *json, size_t number, axev_error *err)
{
	TRY(refuse_unknown(json, err));
	return axev__cookies_add_json(cookies, json, number, err);
}

int axev__cookies_from_json(const axev__json *list, struct axev__cookies *ret_cookies, axev_error *err)
{
	struct axev__cookies cookies = { .is_json = true };
	int status = AXEV_OK;
	size_t i;

	if (axev__json_type(list) != AXEV__JSON_ARRAY)
		return axev__fail(err, AXEV_E_FORMAT, "expected a list of cookies, found something else");
	for (i = 0; i < axev__json_count(list) && status >= 0; i++)
		status = axev__prefix(add_known(&cookies, axev__json_at(list, i), i + 1, err), err, "cookie %zu", i + 1);
	if (status < 0)
		axev__cookies_free(&cookies);
	else
		*ret_cookies = cookies;
	return status;
}

/* ---- writing ---- */

static int write_cookie(const struct axev__cookie *cookie, axev__json *list, axev_error *err)
{
	AXEV__JSON *json = axev__json_new_object();
	AXEV__BUF domain = AXEV__BUF_INIT(AXEV__KIB);

	TRY(axev__buf_printf(&domain, err, "%s%s", cookie->is_host_only ? "" : ".", cookie->domain));
	TRY(axev__json_set_str(json, "name", cookie->name, err));
	TRY(axev__json_set_str(json, "value", cookie->value, err));
	TRY(axev__json_set_str(json, "domain", (const char *)domain.data, err));
	TRY(axev__json_set_str(json, "path", cookie->path, err));
	TRY(axev__json_set_bool(json, "hostOnly", cookie->is_host_only, err));
	TRY(axev__json_set_bool(json, "secure", cookie->is_secure, err));
	TRY(axev__json_set_bool(json, "httpOnly", cookie->is_http_only, err));
	TRY(axev__json_set_bool(json, "session", cookie->expires_s == 0, err));
	if (cookie->expires_s)
		TRY(axev__json_set_u64(json, "expires", (uint64_t)cookie->expires_s, err));
	if (cookie->same_site)
		TRY(axev__json_set_str(json, "sameSite", cookie->same_site, err));
	return axev__json_append(list, axev__steal(json), err);
}

int axev__cookies_write(const struct axev__cookies *cookies, struct axev__buf *out, axev_error *err)
{
	AXEV__JSON *list = axev__json_new_array();
	size_t i;

	for (i = 0; i < cookies->count; i++)
		TRY(write_cookie(&cookies->list[i], list, err));
	return axev__json_pretty(list, out, err);
}
