/* SPDX-License-Identifier: Apache-2.0 */
/* What the manifest says of a web capture, and the objects below wire/. */
#include <ctype.h>
#include <inttypes.h>
#include <stdio.h>

#include "base/limits.h"
#include "base/text.h"
#include "capture/web/web.h"
#include "crypto/digest.h"

#define MAX_HEADERS 64
#define MAX_HEADER_VALUE 2048
#define MAX_PAGE_ADDRESS 1024 /* of each of a thousand */

/* ---- wire/ ---- */

static int add_json(struct axev__web *web, const char *name, axev__json *json, axev_error *err)
{
	AXEV__JSON *owned = json;
	AXEV__BUF bytes = AXEV__BUF_INIT(AXEV__MAX_PAGE_SHOT_BYTES);

	TRY(axev__json_canonical(owned, &bytes, err));
	return axev__web_object(web, name, "wire", "application/json", NULL, axev__buf_view(&bytes), err);
}

static int set_utf8(axev__json *json, const char *key, const char *text, axev_error *err)
{
	AXEV__BUF shown = AXEV__BUF_INIT(64 * AXEV__MIB);

	if (axev__is_utf8(axev__span_str(text)))
		return axev__json_set_str(json, key, text, err);
	TRY(axev__escape(&shown, axev__span_str(text), err));
	return axev__json_set_string(json, key, axev__buf_view(&shown), err);
}

/* Clipped, for the manifest: a page chooses its title and where it redirects to. NULL: no member. */
static int set_shown(axev__json *json, const char *key, const char *text, axev_error *err)
{
	AXEV__BUF clipped = AXEV__BUF_INIT(2 * AXEV__MAX_WEB_FACT_BYTES);

	if (!text)
		return AXEV_OK;
	TRY(axev__web_clip(&clipped, text, AXEV__MAX_WEB_FACT_BYTES, err));
	return set_utf8(json, key, (const char *)clipped.data, err);
}

int axev__web_wire_objects(struct axev__web *web, axev_error *err)
{
	axev__json *json = NULL;

	TRY(axev__wire_connections_json(web->wire, web->login->sought.count > 0, &json, err));
	TRY(add_json(web, "wire/connections.json", json, err));
	TRY(axev__wire_dns_json(web->wire, &json, err));
	TRY(add_json(web, "wire/dns.json", json, err));
	TRY(axev__web_requests_json(web, &json, err));
	return add_json(web, "wire/requests.json", json, err);
}

/* ---- source ---- */

static int set_hops(const struct axev__page *page, axev__json *source, axev_error *err)
{
	AXEV__JSON *list = axev__json_new_array();
	size_t i;

	for (i = 0; i < page->hop_count; i++) {
		AXEV__JSON *one = axev__json_new_object();

		TRY(set_shown(one, "url", page->hops[i].url ? page->hops[i].url : "", err));
		TRY(axev__json_set_u64(one, "status", page->hops[i].status, err));
		TRY(set_shown(one, "location", page->hops[i].location, err));
		TRY(axev__json_append(list, axev__steal(one), err));
	}
	return i ? axev__json_set(source, "redirects", axev__steal(list), err) : AXEV_OK;
}

/* Names in lower case; a name that is there again gets its values joined, as RFC 9110 5.2 allows a reader. */
static int set_header(axev__json *headers, struct axev__span name, struct axev__span value, bool is_secret,
		      axev_error *err)
{
	AXEV__BUF text = AXEV__BUF_INIT(64 * AXEV__KIB);
	struct axev__span before;
	char key[64];
	size_t i;

	if (name.size == 0 || name.size >= sizeof(key))
		return AXEV_OK;
	for (i = 0; i < name.size; i++) {
		if (name.data[i] <= ' ' || name.data[i] > '~')
			return AXEV_OK;
		key[i] = (char)tolower(name.data[i]);
	}
	key[i] = '\0';
	if (value.size > MAX_HEADER_VALUE)
		value.size = MAX_HEADER_VALUE;
	if (axev__json_as_string(axev__json_get(headers, key), &before)) {
		TRY(axev__buf_span(&text, before, err));
		TRY(axev__buf_str(&text, ", ", err));
	}
	TRY(is_secret ? axev__buf_str(&text, AXEV__SECRET_MARK, err) : axev__escape(&text, value, err));
	return axev__json_set_string(headers, key, axev__buf_view(&text), err);
}

static struct axev__span trimmed(const uint8_t *begin, const uint8_t *end)
{
	while (begin < end && (*begin == ' ' || *begin == '\t'))
		begin++;
	while (begin < end && strchr(" \t\r", end[-1]))
		end--;
	return axev__span(begin, (size_t)(end - begin));
}

static int set_headers(const struct axev__web *web, axev__json *source, axev_error *err)
{
	AXEV__JSON *headers = axev__json_new_object();
	const uint8_t *line = web->document_head.data;
	const uint8_t *end = line + web->document_head.size;
	size_t lines = 0;

	while (line < end && lines++ <= MAX_HEADERS) {
		const uint8_t *line_end = memchr(line, '\n', (size_t)(end - line));
		const uint8_t *stop = line_end ? line_end : end;
		const uint8_t *colon = memchr(line, ':', (size_t)(stop - line));

		if (lines > 1 && colon) /* the first is the status line */
			TRY(set_header(headers, trimmed(line, colon), trimmed(colon + 1, stop),
				       axev__sought_in(&web->login->sought, trimmed(colon + 1, stop)), err));
		line = stop + 1;
	}
	return axev__json_count(headers) ? axev__json_set(source, "headers", axev__steal(headers), err) :
					   AXEV_OK;
}

static int set_document(const struct axev__web *web, axev__json *source, axev_error *err)
{
	const struct axev__page *page = web->page;
	axev__json *tls = NULL;

	TRY(set_shown(source, "final_url", page->final_url, err));
	TRY(set_shown(source, "title", page->title, err));
	TRY(set_shown(source, "failure", page->failure, err));
	TRY(set_shown(source, "remote_address", page->remote_address, err));
	TRY(set_shown(source, "protocol", page->protocol, err));
	TRY(set_shown(source, "media_type", page->mime_type, err));
	TRY(set_shown(source, "charset", page->charset, err));
	if (page->status)
		TRY(axev__json_set_u64(source, "status", page->status, err));
	if (page->remote_port)
		TRY(axev__json_set_u64(source, "remote_port", page->remote_port, err));
	if (page->answer_ns)
		TRY(axev__json_set_time(source, "response_time", page->answer_ns, err));
	if (web->connection != SIZE_MAX)
		TRY(axev__wire_tls_json(web->wire, web->connection, &tls, err));
	if (tls)
		TRY(axev__json_set(source, "tls", tls, err));
	TRY(set_headers(web, source, err));
	return set_hops(page, source, err);
}

/* Those of the page; what the browser asked for itself is in wire/requests.json. */
static void count_requests(const struct axev__wire *wire, uint64_t *ret_requests, uint64_t *ret_failed)
{
	size_t i;

	*ret_requests = 0;
	*ret_failed = 0;
	for (i = 0; i < axev__wire_request_count(wire); i++) {
		const struct axev__wire_request *request = axev__wire_request_at(wire, i);

		*ret_requests += !request->is_own;
		*ret_failed += !request->is_own && request->net_error;
	}
}

static int set_counts(const struct axev__web *web, axev__json *source, axev_error *err)
{
	const struct axev__page *page = web->page;
	uint64_t requests, failed;
	char number[24];

	count_requests(web->wire, &requests, &failed);
	TRY(axev__json_set_u64(source, "requests", requests, err));
	TRY(axev__json_set_u64(source, "failed_requests", failed, err));
	TRY(axev__web_requests_facts(web, source, err));
	TRY(axev__web_nearby_facts(web, source, err));
	snprintf(number, sizeof(number), "%" PRIu64, web->payload_bytes);
	TRY(axev__json_set_str(source, "bytes", number, err));
	/* A steered page was loaded more than once, and a person took the time between. */
	if (page->is_steered || page->load_ns <= page->navigate_ns)
		return AXEV_OK;
	snprintf(number, sizeof(number), "%" PRId64, page->load_ns - page->navigate_ns);
	return axev__json_set_str(source, "load_ns", number, err);
}

static int set_steps(const struct axev__web *web, axev__json *options, axev_error *err)
{
	uint8_t sha256[32];

	TRY(axev__sha256(web->steps->bytes.data, web->steps->bytes.size, sha256, err));
	TRY(axev__json_set_hex(options, "steps_sha256", sha256, sizeof(sha256), err));
	return axev__json_set_u64(options, "secrets_typed", web->secrets_typed, err);
}

/* Every document that an operator's steps led to, in their order. */
static int set_pages(const struct axev__page *page, axev__json *source, axev_error *err)
{
	AXEV__JSON *list = axev__json_new_array();
	size_t i;

	if (!page->is_steered)
		return AXEV_OK;
	for (i = 0; i < page->visit_count; i++) {
		AXEV__BUF clipped = AXEV__BUF_INIT(2 * AXEV__MAX_WEB_FACT_BYTES);
		AXEV__BUF shown = AXEV__BUF_INIT(16 * AXEV__MAX_WEB_FACT_BYTES);

		TRY(axev__web_clip(&clipped, page->visits[i].url ? page->visits[i].url : "", MAX_PAGE_ADDRESS, err));
		TRY(axev__escape(&shown, axev__buf_view(&clipped), err));
		TRY(axev__json_append(list, axev__json_new_string(axev__buf_view(&shown)), err));
	}
	return axev__json_set(source, "pages", axev__steal(list), err);
}

static int set_options(const struct axev__web *web, axev__json *source, axev_error *err)
{
	AXEV__JSON *options = axev__json_new_object();
	AXEV__JSON *viewport = axev__json_new_object();

	TRY(axev__json_set_u64(viewport, "width", web->window[0] ? web->window[0] : web->opts->width, err));
	TRY(axev__json_set_u64(viewport, "height", web->window[1] ? web->window[1] : web->opts->height, err));
	TRY(axev__json_set(source, "viewport", axev__steal(viewport), err));
	TRY(axev__json_set_u64(options, "timeout_ms", web->opts->timeout_ms, err));
	TRY(axev__json_set_u64(options, "max_bytes", web->opts->max_bytes, err));
	TRY(axev__json_set_str(options, "lang", web->opts->lang, err));
	TRY(axev__json_set_str(options, "device", web->opts->device, err));
	TRY(axev__json_set_u64(options, "device_scale", web->page->scale, err));
	TRY(axev__json_set_bool(options, "scroll", !web->opts->no_scroll, err));
	TRY(axev__json_set_bool(options, "time_zone_set", web->opts->time_zone != NULL, err));
	TRY(set_shown(options, "time_zone", web->page->time_zone, err));
	TRY(axev__json_set_bool(options, "user_agent_emulated", web->page->browser_user_agent != NULL, err));
	TRY(set_shown(options, "browser_user_agent", web->page->browser_user_agent, err));
	TRY(axev__json_set_bool(options, "record_failure", web->opts->record_failure != 0, err));
	if (web->opts->reach)
		TRY(axev__json_set_bool(options, "reach", true, err));
	if (web->ca_sha256[0])
		TRY(axev__json_set_str(options, "ca_file_sha256", web->ca_sha256, err));
	if (web->page->dialogs)
		TRY(axev__json_set_u64(options, "dialogs_cancelled", web->page->dialogs, err));
	if (web->steps)
		TRY(set_steps(web, options, err));
	if (web->opts->interactive) {
		TRY(axev__json_set_bool(options, "interactive", true, err));
		TRY(axev__json_set_u64(options, "session_ms", web->opts->session_ms, err));
		TRY(axev__json_set_u64(options, "secrets_typed", web->secrets_typed, err));
	}
	return axev__json_set(source, "options", axev__steal(options), err);
}

/* ---- environment ---- */

static int set_environment(struct axev__web *web, axev_error *err)
{
	axev__json *environment = axev__json_get(web->take->manifest, "environment");
	AXEV__JSON *browser = axev__json_new_object();
	char user[32];

	TRY(set_shown(browser, "product", web->page->product, err));
	TRY(set_shown(browser, "path", web->browser->path, err));
	TRY(axev__json_set_hex(browser, "sha256", web->identity.sha256, 32, err));
	snprintf(user, sizeof(user), "%u", (unsigned)web->browser->uid);
	TRY(axev__json_set_str(browser, "user_id", user, err));
	TRY(axev__json_set_str(browser, "profile",
			       web->client_cert->p12.size && web->ending.is_removed ?
				       "new, with a client certificate, removed afterwards; no extensions" :
			       web->ending.is_removed ? "new, empty, removed afterwards; no extensions" :
							"new, empty, could not be removed; no extensions",
			       err));
	TRY(axev__json_set_str(browser, "sandbox", "on", err));
	TRY(axev__json_set(environment, "browser", axev__steal(browser), err));
	return axev__json_set_str(environment, "proxy", "none: connections are direct", err);
}

int axev__web_source(struct axev__web *web, axev_error *err)
{
	AXEV__JSON *source = axev__json_new_object();

	TRY(axev__json_set_str(source, "url", web->opts->url, err));
	TRY(set_shown(source, "browser", web->page->product, err));
	TRY(set_shown(source, "user_agent", web->page->user_agent, err));
	TRY(set_document(web, source, err));
	TRY(set_counts(web, source, err));
	TRY(set_pages(web->page, source, err));
	TRY(set_options(web, source, err));
	TRY(set_environment(web, err));
	TRY(axev__login_facts(web, source, err));
	return axev__take_set(web->take, "source", axev__steal(source), err);
}
