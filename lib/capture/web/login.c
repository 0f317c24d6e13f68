/* SPDX-License-Identifier: Apache-2.0 */
#include "capture/web/login.h"

#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <strings.h>

#include "base/io.h"
#include "base/limits.h"
#include "base/spill.h"
#include "base/text.h"
#include "base/time.h"
#include "capture/web/web.h"

#define CALL_MS 15000

/* ---- the file ---- */

static int prepare(struct axev__login *login, axev_error *err)
{
	size_t i;

	login->is_given = calloc(login->cookies.count, 1);
	if (!login->is_given)
		return axev__nomem(err);
	for (i = 0; i < login->cookies.count; i++)
		TRY(axev__sought_add(&login->sought, login->cookies.list[i].value, err));
	return AXEV_OK;
}

int axev__login_load(const char *path, struct axev__login *ret_login, axev_error *err)
{
	AXEV__BUF text = AXEV__BUF_INIT(AXEV__MAX_COOKIES_BYTES);
	struct axev__shown shown;
	int status = axev__read_file(AT_FDCWD, path, &text, err);

	if (status >= 0)
		status = axev__prefix(axev__cookies_read(axev__buf_view(&text), &ret_login->cookies, err), err, "%s",
				      axev__show_str(&shown, path));
	if (text.data)
		explicit_bzero(text.data, text.capacity);
	return status < 0 ? status : prepare(ret_login, err);
}

void axev__login_free(struct axev__login *login)
{
	axev__cookies_free(&login->cookies);
	axev__cookies_free(&login->held);
	axev__sought_free(&login->sought);
	axev__json_free(login->found_in);
	free(login->is_given);
	*login = (struct axev__login){ 0 };
}

/* ---- into the browser ---- */

/* A cookie for one host alone is told by its address, one for the names below too by its domain. */
static int set_place(const struct axev__cookie *cookie, axev__json *json, axev_error *err)
{
	AXEV__BUF text = AXEV__BUF_INIT(AXEV__MAX_URL_BYTES);

	if (!cookie->is_host_only) {
		TRY(axev__buf_printf(&text, err, ".%s", cookie->domain));
		return axev__json_set_str(json, "domain", (const char *)text.data, err);
	}
	TRY(axev__buf_printf(&text, err, "http%s://%s/", cookie->is_secure ? "s" : "", cookie->domain));
	return axev__json_set_str(json, "url", (const char *)text.data, err);
}

static int add_param(const struct axev__cookie *cookie, axev__json *list, axev_error *err)
{
	AXEV__JSON *json = axev__json_new_object();

	TRY(axev__json_set_str(json, "name", cookie->name, err));
	TRY(axev__json_set_str(json, "value", cookie->value, err));
	TRY(axev__json_set_str(json, "path", cookie->path, err));
	TRY(axev__json_set_bool(json, "secure", cookie->is_secure, err));
	TRY(axev__json_set_bool(json, "httpOnly", cookie->is_http_only, err));
	if (cookie->expires_s)
		TRY(axev__json_set_u64(json, "expires", (uint64_t)cookie->expires_s, err));
	if (cookie->same_site)
		TRY(axev__json_set_str(json, "sameSite", cookie->same_site, err));
	TRY(set_place(cookie, json, err));
	return axev__json_append(list, axev__steal(json), err);
}

static int give(struct axev__web *web, size_t *ret_count, axev_error *err)
{
	struct axev__login *login = web->login;
	AXEV__JSON *params = axev__json_new_object(), *list = axev__json_new_array();
	AXEV__BUF text = AXEV__BUF_INIT(16 * AXEV__MAX_COOKIES_BYTES);
	int64_t now_ns = 0;
	size_t i;
	int status;

	*ret_count = 0;
	TRY(axev__now(web->take->env, &now_ns, err));
	for (i = 0; i < login->cookies.count; i++) {
		const struct axev__cookie *cookie = &login->cookies.list[i];

		login->is_given[i] = !cookie->expires_s || cookie->expires_s > now_ns / AXEV__NS_PER_SECOND;
		if (login->is_given[i])
			TRY(add_param(cookie, list, err));
		*ret_count += login->is_given[i];
	}
	if (*ret_count == 0)
		return axev__fail(err, AXEV_E_INVAL, "expected a login state that is still good, found only expired cookies");
	TRY(axev__json_set(params, "cookies", axev__steal(list), err));
	TRY(axev__json_canonical(params, &text, err));
	status = axev__cdp_call(web->page->cdp, "", "Storage.setCookies", (const char *)text.data, CALL_MS, NULL, err);
	explicit_bzero(text.data, text.capacity);
	return axev__prefix(status, err, "cookies");
}

/* ---- out of the browser ---- */

/* What the file has no place for, as partitioned cookies and ones without a name, is counted. */
static int add_held(struct axev__cookies *held, const axev__json *json, size_t *left_out, axev_error *err)
{
	int status = axev__cookies_add_json(held, json, held->count + 1, err);

	if (status != AXEV_E_FORMAT && status != AXEV_E_LIMIT && status != AXEV_E_UNSUPPORTED)
		return status;
	axev_error_clear(err);
	(*left_out)++;
	return AXEV_OK;
}

static int read_held(struct axev__web *web, struct axev__cookies *held, size_t *ret_left_out, axev_error *err)
{
	AXEV__JSON *result = NULL;
	const axev__json *list;
	size_t i;

	TRY(axev__cdp_call(web->page->cdp, "", "Storage.getCookies", NULL, CALL_MS, &result, err));
	list = axev__json_get(result, "cookies");
	held->is_json = true;
	*ret_left_out = 0;
	for (i = 0; i < axev__json_count(list); i++)
		TRY(add_held(held, axev__json_at(list, i), ret_left_out, err));
	return AXEV_OK;
}

static bool holds(const struct axev__cookies *held, const struct axev__cookie *cookie)
{
	size_t i;

	for (i = 0; i < held->count; i++)
		if (strcmp(held->list[i].name, cookie->name) == 0 &&
		    strcasecmp(held->list[i].domain, cookie->domain) == 0 &&
		    strcmp(held->list[i].path, cookie->path) == 0 && strcmp(held->list[i].value, cookie->value) == 0)
			return true;
	return false;
}

/* The browser has rules of its own (prefixes, public suffixes, SameSite=None without Secure) and drops what breaks them. */
static int expect_held(struct axev__web *web, axev_error *err)
{
	const struct axev__login *login = web->login;
	AXEV__COOKIES held = { 0 };
	struct axev__shown name, domain;
	size_t i, ignored;

	TRY(read_held(web, &held, &ignored, err));
	for (i = 0; i < login->cookies.count; i++) {
		const struct axev__cookie *cookie = &login->cookies.list[i];

		if (login->is_given[i] && !holds(&held, cookie))
			return axev__fail(err, AXEV_E_PEER, "cookies: the browser does not take the cookie %s of %s (%s %zu)",
					  axev__show_str(&name, cookie->name), axev__show_str(&domain, cookie->domain),
					  login->cookies.is_json ? "cookie" : "line", cookie->place);
	}
	return AXEV_OK;
}

/* Short values, as "1" and "zh", stand everywhere: of those only Cookie fields are masked. */
static int hide_in_views(struct axev__web *web, axev_error *err)
{
	const struct axev__sought *sought = &web->login->sought;
	size_t i;

	for (i = 0; i < sought->count; i++)
		if (strlen(sought->values[i]) >= AXEV__MIN_SOUGHT_BYTES)
			TRY(axev__secrets_add(&web->secrets, axev__span_str(sought->values[i]), err));
	web->page->secrets = &web->secrets;
	return AXEV_OK;
}

int axev__login_begin(struct axev__web *web, axev_error *err)
{
	char result[96];
	size_t count;

	if (!web->login->cookies.count)
		return AXEV_OK;
	TRY(give(web, &count, err));
	TRY(expect_held(web, err));
	TRY(hide_in_views(web, err));
	snprintf(result, sizeof(result), "given to the browser: %zu of %zu; values are not kept", count,
		 web->login->cookies.count);
	return axev__take_step(web->take, "cookies of the operator", result, err);
}

static int write_saved(const struct axev__cookies *held, const char *path, axev_error *err)
{
	AXEV__BUF text = AXEV__BUF_INIT(16 * AXEV__MAX_COOKIES_BYTES);
	int status = axev__cookies_write(held, &text, err);

	/* With its mode from the first byte on, and never over a file that is there. */
	if (status >= 0)
		status = axev__create_file_durable(AT_FDCWD, path, axev__buf_view(&text), 0600, err);
	if (text.data)
		explicit_bzero(text.data, text.capacity);
	return status;
}

int axev__login_hold(struct axev__web *web, axev_error *err)
{
	AXEV__COOKIES held = { 0 };
	struct axev__login *login = web->login;
	struct axev__cookies before = login->held;
	size_t left_out = 0;
	int status;

	if (!web->opts->save_cookies_file)
		return AXEV_OK;
	status = read_held(web, &held, &left_out, err);
	/* A browser that is being closed answers this no more: what it held before counts. */
	if (status == AXEV_E_PEER || status == AXEV_E_NETWORK) {
		axev_error_clear(err);
		return AXEV_OK;
	}
	if (status < 0)
		return status;
	login->held = held;
	login->left_out = left_out;
	held = before; /* freed with it */
	return AXEV_OK;
}

int axev__login_save(struct axev__web *web, axev_error *err)
{
	struct axev__login *login = web->login;
	const char *path = web->opts->save_cookies_file;
	struct axev__shown shown;
	char result[128];
	size_t i;

	if (!path)
		return AXEV_OK;
	TRY(axev__prefix(write_saved(&login->held, path, err), err, "%s", axev__show_str(&shown, path)));
	for (i = 0; i < login->held.count; i++)
		TRY(axev__sought_add(&login->sought, login->held.list[i].value, err));
	login->is_saved = true;
	snprintf(result, sizeof(result), "written to a file outside of the package: %zu, left out %zu", login->held.count,
		 login->left_out);
	return axev__take_step(web->take, "cookies of the session", result, err);
}

/* ---- what goes into the package ---- */

int axev__login_look(struct axev__web *web, const char *place, struct axev__span bytes, axev_error *err)
{
	struct axev__login *login = web->login;
	struct axev__span before;
	size_t i;

	if (!axev__sought_in(&login->sought, bytes))
		return AXEV_OK;
	if (!login->found_in)
		login->found_in = axev__json_new_array();
	for (i = 0; i < axev__json_count(login->found_in); i++)
		if (axev__json_as_string(axev__json_at(login->found_in, i), &before) && axev__span_is(before, place))
			return AXEV_OK;
	return axev__json_append_str(login->found_in, place, err);
}

/* Piece by piece, each with so much of the one before that no value can stand between them. */
int axev__login_look_in(struct axev__web *web, const char *place, const struct axev__source *source, axev_error *err)
{
	AXEV__BUF piece = AXEV__BUF_INIT(AXEV__COPY_CHUNK);
	uint64_t offset;

	for (offset = 0; web->login->sought.count && offset < source->size;
	     offset += AXEV__COPY_CHUNK - AXEV__MAX_COOKIE_BYTES) {
		struct axev__source part = axev__source_window(source, offset, AXEV__COPY_CHUNK);

		axev__buf_clear(&piece);
		TRY(axev__source_load(&part, &piece, err));
		TRY(axev__login_look(web, place, axev__buf_view(&piece), err));
	}
	return AXEV_OK;
}

/* A line that begins with the name, in a head whose lines end with CR LF. */
static bool has_field(struct axev__span head, const char *name)
{
	const uint8_t *at = head.data, *end = at + head.size, *newline;
	size_t length = strlen(name);

	while (at < end && (newline = memchr(at, '\n', (size_t)(end - at)))) {
		at = newline + 1;
		if ((size_t)(end - at) > length && at[length] == ':' &&
		    strncasecmp((const char *)at, name, length) == 0)
			return true;
	}
	return false;
}

int axev__login_look_at(struct axev__web *web, const struct axev__exchange *exchange, axev_error *err)
{
	const uint8_t *end;

	if (!web->login->sought.count)
		return AXEV_OK;
	web->login->answers_with_set_cookie += has_field(exchange->response_head, "set-cookie");
	end = exchange->request_head.size ? memchr(exchange->request_head.data, '\n', exchange->request_head.size) : NULL;
	if (end)
		TRY(axev__login_look(web, "data/page.wacz: addresses of requests",
				     axev__span(exchange->request_head.data, (size_t)(end - exchange->request_head.data)), err));
	TRY(axev__login_look_in(web, "data/page.wacz: bodies of requests", &exchange->request_body, err));
	TRY(axev__login_look(web, "data/page.wacz: heads of answers", exchange->response_head, err));
	return axev__login_look_in(web, "data/page.wacz: bodies of answers", &exchange->response_body, err);
}

int axev__login_mask(struct axev__web *web, const struct axev__exchange *exchange, struct axev__buf *head,
		     bool *ret_is_masked, axev_error *err)
{
	struct axev__login *login = web->login;
	uint64_t count = 0;

	*ret_is_masked = false;
	if (!login->sought.count)
		return AXEV_OK;
	TRY(axev__buf_span(head, exchange->request_head, err));
	TRY(axev__head_mask(&login->sought, head->data, head->size, &count, err));
	login->masked_records += count > 0;
	login->masked_values += count;
	*ret_is_masked = count > 0;
	return AXEV_OK;
}

/* ---- what the manifest says ---- */

static int add_fact(const struct axev__login *login, size_t index, axev__json *list, axev_error *err)
{
	const struct axev__cookie *cookie = &login->cookies.list[index];
	AXEV__JSON *json = axev__json_new_object();

	TRY(axev__json_set_str(json, "name", cookie->name, err));
	TRY(axev__json_set_str(json, "domain", cookie->domain, err));
	TRY(axev__json_set_str(json, "path", cookie->path, err));
	TRY(axev__json_set_bool(json, "host_only", cookie->is_host_only, err));
	TRY(axev__json_set_bool(json, "secure", cookie->is_secure, err));
	TRY(axev__json_set_bool(json, "http_only", cookie->is_http_only, err));
	TRY(axev__json_set_bool(json, "given", login->is_given[index], err));
	if (cookie->same_site)
		TRY(axev__json_set_str(json, "same_site", cookie->same_site, err));
	/* What RFC 3339 and the manifest's times can say: until 2262. */
	if (cookie->expires_s && cookie->expires_s < INT64_MAX / AXEV__NS_PER_SECOND)
		TRY(axev__json_set_time(json, "expires", cookie->expires_s * AXEV__NS_PER_SECOND, err));
	return axev__json_append(list, axev__steal(json), err);
}

int axev__login_facts(struct axev__web *web, axev__json *source, axev_error *err)
{
	struct axev__login *login = web->login;
	AXEV__JSON *json = axev__json_new_object(), *list = axev__json_new_array();
	AXEV__BUF text = AXEV__BUF_INIT(4 * AXEV__MAX_MANIFEST_BYTES);
	size_t i;

	if (!login->cookies.count && !login->is_saved && !web->client_cert->p12.size)
		return AXEV_OK;
	for (i = 0; i < login->cookies.count; i++)
		TRY(add_fact(login, i, list, err));
	TRY(axev__json_set(json, "cookies", axev__steal(list), err));
	TRY(axev__client_cert_facts(web, json, err));
	if (login->cookies.count)
		TRY(axev__json_set_str(json, "cookies_format", login->cookies.is_json ? "json" : "netscape", err));
	if (login->is_saved)
		TRY(axev__json_set_u64(json, "cookies_saved", login->held.count, err));
	TRY(axev__json_set_u64(json, "masked_records", login->masked_records, err));
	TRY(axev__json_set_u64(json, "masked_values", login->masked_values, err));
	TRY(axev__json_set_u64(json, "answers_with_set_cookie", login->answers_with_set_cookie, err));
	TRY(axev__json_canonical(source, &text, err));
	TRY(axev__login_look(web, "data/evidence.json", axev__buf_view(&text), err));
	if (login->found_in)
		TRY(axev__json_set(json, "values_found_in", axev__json_copy(login->found_in), err));
	web->take->holds_login = login->found_in || login->answers_with_set_cookie;
	return axev__json_set(source, "login", axev__steal(json), err);
}
