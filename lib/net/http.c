/* SPDX-License-Identifier: Apache-2.0 */
#include "net/http.h"

#include <curl/curl.h>
#include <stdio.h>

#include "base/limits.h"
#include "base/text.h"

static void free_slist(struct curl_slist **list)
{
	curl_slist_free_all(*list);
}

static void free_curl(CURL **curl)
{
	curl_easy_cleanup(*curl);
}

static int sink_to_buf(void *payload, const uint8_t *data, size_t size)
{
	return axev__buf_append(payload, data, size, NULL);
}

static size_t on_body(char *data, size_t item, size_t count, void *payload)
{
	return sink_to_buf(payload, (uint8_t *)data, item * count) < 0 ? 0 : item * count;
}

static int add_header(struct curl_slist **headers, const char *name, const char *value,
		      axev_error *err)
{
	char line[256];
	struct curl_slist *longer;

	if (!value)
		return AXEV_OK;
	snprintf(line, sizeof(line), "%s: %s", name, value);
	longer = curl_slist_append(*headers, line);
	if (!longer)
		return axev__nomem(err);
	*headers = longer;
	return AXEV_OK;
}

static void set_body(CURL *curl, const axev_http_request *request)
{
	if (!request->content_type)
		return;
	curl_easy_setopt(curl, CURLOPT_POST, 1L);
	curl_easy_setopt(curl, CURLOPT_POSTFIELDS, (const char *)request->body);
	curl_easy_setopt(curl, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)request->body_bytes);
}

static void set_transport(CURL *curl, const axev_http_request *request)
{
	curl_easy_setopt(curl, CURLOPT_URL, request->url);
	curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "http,https");
	curl_easy_setopt(curl, CURLOPT_FOLLOWLOCATION, 0L);
	curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS, (long)request->timeout_ms);
	curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT_MS, (long)request->timeout_ms);
	curl_easy_setopt(curl, CURLOPT_MAXFILESIZE_LARGE, (curl_off_t)request->max_answer_bytes);
	if (request->ca_file)
		curl_easy_setopt(curl, CURLOPT_CAINFO, request->ca_file);
}

static int perform(CURL *curl, struct axev__buf *body, int *ret_status, axev_error *err)
{
	char reason[CURL_ERROR_SIZE] = "";
	struct axev__shown shown;
	long status = 0;
	CURLcode code;

	curl_easy_setopt(curl, CURLOPT_ERRORBUFFER, reason);
	curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, on_body);
	curl_easy_setopt(curl, CURLOPT_WRITEDATA, body);
	code = curl_easy_perform(curl);
	curl_easy_setopt(curl, CURLOPT_ERRORBUFFER, NULL);
	if (code == CURLE_WRITE_ERROR || code == CURLE_FILESIZE_EXCEEDED)
		return axev__fail(err, AXEV_E_PEER, "expected an answer of at most %zu bytes, found more",
				  body->max);
	if (code != CURLE_OK)
		return axev__fail(err, AXEV_E_NETWORK, "%s",
				  axev__show_str(&shown, reason[0] ? reason : curl_easy_strerror(code)));
	curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &status);
	*ret_status = (int)status;
	return AXEV_OK;
}

static int exchange_by_curl(const axev_http_request *request, struct axev__buf *body,
			    int *ret_status, axev_error *err)
{
	AXEV__CLEANUP(free_curl) CURL *curl = curl_easy_init();
	AXEV__CLEANUP(free_slist) struct curl_slist *headers = NULL;

	if (!curl)
		return axev__nomem(err);
	TRY(add_header(&headers, "Content-Type", request->content_type, err));
	TRY(add_header(&headers, "Accept", request->accept, err));
	set_transport(curl, request);
	set_body(curl, request);
	curl_easy_setopt(curl, CURLOPT_HTTPHEADER, headers);
	return perform(curl, body, ret_status, err);
}

int axev__http_exchange(const axev_env *env, const axev_http_request *request,
			struct axev__buf *ret_body, axev_error *err)
{
	struct axev__shown shown;
	int http_status = 0, status;

	if (env && env->http)
		status = env->http(env->payload, request, sink_to_buf, ret_body, &http_status, err);
	else
		status = exchange_by_curl(request, ret_body, &http_status, err);
	if (status >= 0 && http_status != 200)
		status = axev__fail(err, AXEV_E_PEER, "expected HTTP status 200, found %d", http_status);
	return axev__prefix(status, err, "%s", axev__show_str(&shown, request->url));
}
