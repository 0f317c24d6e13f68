/* SPDX-License-Identifier: Apache-2.0 */
#include "content/cookies.h"

#include <stdlib.h>
#include <strings.h>

#include "base/limits.h"
#include "base/text.h"

#define MAX_DOMAIN 253                     /* RFC 1035 2.3.4, as text without the root's dot */
#define MAX_EXPIRES INT64_C(253402300799)  /* the last second of the year 9999 */
#define HTTP_ONLY "#HttpOnly_"

/* ---- what a cookie may be ---- */

/* RFC 6265 5.2 and its successor draft: no control characters, and no separators of the Cookie field. */
static bool is_clean(const char *text, const char *separators)
{
	if (strpbrk(text, separators) || !axev__is_utf8(axev__span_str(text)))
		return false;
	for (; *text; text++)
		if ((uint8_t)*text < 0x20 || *text == 0x7F)
			return false;
	return true;
}

static bool is_domain(const char *domain)
{
	static const char allowed[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-_[]:";

	return *domain && *domain != '.' && strlen(domain) <= MAX_DOMAIN && strspn(domain, allowed) == strlen(domain);
}

static int check(const struct axev__cookie *cookie, axev_error *err)
{
	struct axev__shown shown;

	if (!is_domain(cookie->domain))
		return axev__fail(err, AXEV_E_FORMAT, "domain: expected a host name in ASCII, found '%s'",
				  axev__show_str(&shown, cookie->domain));
	if (cookie->path[0] != '/' || strlen(cookie->path) > AXEV__MAX_COOKIE_PATH || !is_clean(cookie->path, ";"))
		return axev__fail(err, AXEV_E_FORMAT, "path: expected a path from / on, found '%s'",
				  axev__show_str(&shown, cookie->path));
	if (!*cookie->name || !is_clean(cookie->name, ";="))
		return axev__fail(err, AXEV_E_FORMAT, "name: expected characters other than '=', ';' and control characters, found '%s'",
				  axev__show_str(&shown, cookie->name));
	if (!is_clean(cookie->value, ";"))
		return axev__fail(err, AXEV_E_FORMAT,
				  "value: expected UTF-8 without control characters and ';', found something else");
	if (strlen(cookie->name) + strlen(cookie->value) > AXEV__MAX_COOKIE_BYTES)
		return axev__fail(err, AXEV_E_LIMIT, "expected name and value of at most %zu bytes, found %zu",
				  AXEV__MAX_COOKIE_BYTES, strlen(cookie->name) + strlen(cookie->value));
	if (cookie->expires_s < 0 || cookie->expires_s > MAX_EXPIRES)
		return axev__fail(err, AXEV_E_FORMAT, "expiry: expected Unix time until the year 9999");
	return AXEV_OK;
}

static bool is_same(const struct axev__cookie *one, const struct axev__cookie *other)
{
	return strcmp(one->name, other->name) == 0 && strcasecmp(one->domain, other->domain) == 0 &&
	       strcmp(one->path, other->path) == 0 && one->is_host_only == other->is_host_only;
}

static void wipe(struct axev__cookie *cookie)
{
	if (cookie->value)
		explicit_bzero(cookie->value, strlen(cookie->value));
	free(cookie->value);
	free(cookie->name);
	free(cookie->domain);
	free(cookie->path);
}

int axev__cookies_add(struct axev__cookies *cookies, const struct axev__cookie *cookie, axev_error *err)
{
	struct axev__cookie *list, copy = *cookie;
	size_t i;

	TRY(check(cookie, err));
	if (cookies->count == AXEV__MAX_COOKIES)
		return axev__fail(err, AXEV_E_LIMIT, "expected at most %d cookies", AXEV__MAX_COOKIES);
	for (i = 0; i < cookies->count; i++)
		if (is_same(&cookies->list[i], cookie))
			return axev__fail(err, AXEV_E_FORMAT, "expected each cookie once, found that of %s %zu again",
					  cookies->is_json ? "cookie" : "line", cookies->list[i].place);
	list = reallocarray(cookies->list, cookies->count + 1, sizeof(*list));
	if (!list)
		return axev__nomem(err);
	cookies->list = list;
	copy.name = strdup(cookie->name);
	copy.value = strdup(cookie->value);
	copy.domain = strdup(cookie->domain);
	copy.path = strdup(cookie->path);
	if (!copy.name || !copy.value || !copy.domain || !copy.path) {
		wipe(&copy);
		return axev__nomem(err);
	}
	list[cookies->count++] = copy;
	return AXEV_OK;
}

void axev__cookies_free(struct axev__cookies *cookies)
{
	size_t i;

	for (i = 0; i < cookies->count; i++)
		wipe(&cookies->list[i]);
	free(cookies->list);
	*cookies = (struct axev__cookies){ 0 };
}

/* ---- cookies.txt ---- */

enum {
	DOMAIN,
	BELOW,
	PATH,
	SECURE,
	EXPIRES,
	NAME,
	VALUE,
	FIELDS
};

/* Cuts @line at its tabs, which are one between two fields. */
static int cut(char *line, char *fields[FIELDS], axev_error *err)
{
	size_t count = 0;
	char *tab = line;

	while (tab) {
		if (count < FIELDS)
			fields[count] = line;
		count++;
		tab = strchr(line, '\t');
		if (tab) {
			*tab = '\0';
			line = tab + 1;
		}
	}
	if (count != FIELDS)
		return axev__fail(err, AXEV_E_FORMAT, "expected %d fields with a tab between two, found %zu", FIELDS, count);
	return AXEV_OK;
}

static int read_flag(const char *text, const char *what, bool *ret_flag, axev_error *err)
{
	struct axev__shown shown;

	*ret_flag = strcmp(text, "TRUE") == 0;
	if (*ret_flag || strcmp(text, "FALSE") == 0)
		return AXEV_OK;
	return axev__fail(err, AXEV_E_FORMAT, "%s: expected TRUE or FALSE, found '%s'", what,
			  axev__show_str(&shown, text));
}

static int read_fields(char *fields[FIELDS], struct axev__cookie *cookie, axev_error *err)
{
	struct axev__shown shown;
	uint64_t expires = 0;
	bool has_dot = fields[DOMAIN][0] == '.', is_below = false;

	TRY(read_flag(fields[BELOW], "names below the domain", &is_below, err));
	TRY(read_flag(fields[SECURE], "secure", &cookie->is_secure, err));
	if (has_dot && !is_below)
		return axev__fail(err, AXEV_E_FORMAT,
				  "names below the domain: expected TRUE for a domain with a leading dot, found FALSE");
	if (!axev__parse_u64(axev__span_str(fields[EXPIRES]), MAX_EXPIRES, &expires))
		return axev__fail(err, AXEV_E_FORMAT, "expiry: expected seconds of Unix time, or 0, found '%s'",
				  axev__show_str(&shown, fields[EXPIRES]));
	cookie->domain = fields[DOMAIN] + has_dot;
	cookie->is_host_only = !is_below;
	cookie->expires_s = (int64_t)expires;
	cookie->path = fields[PATH];
	cookie->name = fields[NAME];
	cookie->value = fields[VALUE];
	return AXEV_OK;
}

static int read_line(struct axev__cookies *cookies, char *line, size_t number, axev_error *err)
{
	struct axev__cookie cookie = { .place = number };
	char *fields[FIELDS] = { 0 };

	cookie.is_http_only = strncmp(line, HTTP_ONLY, strlen(HTTP_ONLY)) == 0;
	if (cookie.is_http_only)
		line += strlen(HTTP_ONLY);
	else if (*line == '#' || !*line)
		return AXEV_OK;
	TRY(cut(line, fields, err));
	TRY(read_fields(fields, &cookie, err));
	return axev__cookies_add(cookies, &cookie, err);
}

static int read_lines(struct axev__cookies *cookies, char *text, size_t size, axev_error *err)
{
	char *end = text + size, *stop;
	size_t number = 0, length;

	for (; text < end; text = stop + 1) {
		number++;
		stop = memchr(text, '\n', (size_t)(end - text));
		stop = stop ? stop : end;
		*stop = '\0';
		length = (size_t)(stop - text);
		if (strlen(text) != length)
			return axev__fail(err, AXEV_E_FORMAT, "line %zu: expected a text, found a NUL byte", number);
		if (length && text[length - 1] == '\r')
			text[length - 1] = '\0';
		TRY(axev__prefix(read_line(cookies, text, number, err), err, "line %zu", number));
	}
	return AXEV_OK;
}

/* ---- either ---- */

static bool is_json(struct axev__span text)
{
	size_t i = 0;

	while (i < text.size && strchr(" \t\r\n", text.data[i]) && text.data[i])
		i++;
	return i < text.size && (text.data[i] == '[' || text.data[i] == '{');
}

/* The parser's message quotes the place where it stopped, which may be a value. */
static int parse(struct axev__span text, axev__json **ret_json, axev_error *err)
{
	axev_error problem = AXEV_ERROR_INIT;
	int status = axev__json_parse_foreign(text, ret_json, &problem);
	char said[256], *near;

	if (status >= 0 || status == AXEV_E_NOMEM)
		return status < 0 ? axev__nomem(err) : AXEV_OK;
	axev_error_text(&problem, said, sizeof(said));
	near = strstr(said, " near ");
	if (near)
		*near = '\0';
	status = axev__fail(err, status, "%s", said);
	explicit_bzero(said, sizeof(said));
	explicit_bzero(&problem, sizeof(problem));
	return status;
}

static int read_text(struct axev__span text, struct axev__cookies *cookies, axev_error *err)
{
	AXEV__JSON *json = NULL;
	char *copy;
	int status;

	if (is_json(text)) {
		TRY(parse(text, &json, err));
		return axev__cookies_from_json(json, cookies, err);
	}
	copy = malloc(text.size + 1);
	if (!copy)
		return axev__nomem(err);
	if (text.size)
		memcpy(copy, text.data, text.size);
	status = read_lines(cookies, copy, text.size, err);
	explicit_bzero(copy, text.size + 1);
	free(copy);
	return status;
}

int axev__cookies_read(struct axev__span text, struct axev__cookies *ret_cookies, axev_error *err)
{
	struct axev__cookies cookies = { 0 };
	int status = text.size > AXEV__MAX_COOKIES_BYTES ?
			     axev__fail(err, AXEV_E_LIMIT, "expected at most %zu bytes", AXEV__MAX_COOKIES_BYTES) :
			     read_text(text, &cookies, err);

	if (status >= 0 && cookies.count == 0)
		status = axev__fail(err, AXEV_E_FORMAT, "expected at least one cookie, found none");
	if (status < 0)
		axev__cookies_free(&cookies);
	else
		*ret_cookies = cookies;
	return status;
}
