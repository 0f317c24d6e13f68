/* SPDX-License-Identifier: Apache-2.0 */
/* Look-ups of names during a web capture ("ax-wire-dns/1", doc/FORMAT.md): those of the page's own host first. */
#include "print/form.h"

#include <inttypes.h>

#include "base/text.h"
#include "print/dns_answer.h"

#define MAX_ROWS 12
#define MAX_MESSAGE_BYTES 65536 /* RFC 1035 4.2.2: two bytes of length */
#define MAX_ANSWERS 16          /* of one look-up */

/* "https://shop.example:8443/x" gives "shop.example"; so does what a browser looks up, "shop.example:443". */
static struct axev__span host_of(struct axev__span url)
{
	const uint8_t *start = url.size ? memmem(url.data, url.size, "://", 3) : NULL;
	size_t length = 0;

	if (start)
		url = axev__span(start + 3, url.size - (size_t)(start + 3 - url.data));
	while (length < url.size && !strchr("/:?#", url.data[length]))
		length++;
	return axev__span(url.data, length);
}

static bool is_of_page(const struct axev__form_build *build, struct axev__span host)
{
	static const char *const paths[] = { "source/url", "source/final_url" };
	struct axev__span url;
	size_t i;

	for (i = 0; i < AXEV__COUNT(paths); i++)
		if (axev__json_as_string(axev__form_at(build->input->manifest, paths[i]), &url) &&
		    axev__span_equal(host_of(url), host_of(host)))
			return true;
	return false;
}

/* ---- one look-up ---- */

static int append_code(struct axev__form_build *build, unsigned code, struct axev__buf *out,
		       axev_error *err)
{
	/* RFC 1035 4.1.1 */
	if (code == 3)
		return axev__buf_str(out, build->is_zh ? "该域名不存在（NXDOMAIN）" :
							 "no such name (NXDOMAIN)",
				     err);
	return axev__buf_printf(out, err, build->is_zh ? "应答代码 %u" : "response code %u", code);
}

/* What one answer of a server says, read out of its bytes. */
static int say_answer(struct axev__form_build *build, const axev__json *answer, struct axev__buf *out,
		      axev_error *err)
{
	AXEV__BUF message = AXEV__BUF_INIT(MAX_MESSAGE_BYTES);
	AXEV__BUF text = AXEV__BUF_INIT(AXEV__MIB);
	struct axev__span base64, server;
	unsigned code = 0;
	int status;

	if (!axev__json_as_string(axev__json_get(answer, "message"), &base64))
		return AXEV_OK;
	status = axev__unbase64(&message, base64) ?
			 axev__dns_answer(axev__buf_view(&message), &text, &code, NULL) :
			 AXEV_E_FORMAT;
	if (status == AXEV_E_NOMEM)
		return axev__nomem(err);
	if (status < 0)
		TRY(axev__buf_str(out, build->is_zh ? "应答报文不能读取" : "an answer that cannot be read",
				  err));
	else if (code != 0)
		TRY(append_code(build, code, out, err));
	else if (text.size == 0)
		TRY(axev__buf_str(out, build->is_zh ? "应答中没有地址" : "no address in the answer", err));
	else
		TRY(axev__buf_span(out, axev__buf_view(&text), err));
	if (axev__json_as_string(axev__json_get(answer, "server"), &server))
		TRY(axev__buf_printf(out, err, build->is_zh ? "（服务器 %.*s）" : " (server %.*s)",
				     (int)server.size, (const char *)server.data));
	return AXEV_OK;
}

/* The same answer again is not told again. */
static int append_answer(struct axev__form_build *build, const axev__json *answer, struct axev__buf *out,
			 axev_error *err)
{
	AXEV__BUF line = AXEV__BUF_INIT(2 * AXEV__MIB);

	TRY(say_answer(build, answer, &line, err));
	if (line.size == 0 || (out->size && memmem(out->data, out->size, line.data, line.size)))
		return AXEV_OK;
	if (out->size > 0)
		TRY(axev__buf_byte(out, '\n', err));
	return axev__buf_span(out, axev__buf_view(&line), err);
}

static int append_system(struct axev__form_build *build, const axev__json *lookup, struct axev__buf *out,
			 axev_error *err)
{
	const axev__json *list = axev__form_at(lookup, "system/addresses");
	struct axev__span text;
	size_t i;

	for (i = 0; i < axev__json_count(list) && i < MAX_ANSWERS; i++) {
		if (!axev__json_as_string(axev__json_at(list, i), &text))
			continue;
		TRY(axev__buf_str(out, i ? ", " : out->size ? "\n" : "", err));
		TRY(axev__buf_span(out, text, err));
	}
	if (i > 0)
		TRY(axev__buf_str(out, build->is_zh ? "（由操作系统解析）" : " (by the operating system)", err));
	return AXEV_OK;
}

static int append_error(struct axev__form_build *build, const axev__json *lookup, struct axev__buf *out,
			axev_error *err)
{
	AXEV__BUF name = AXEV__BUF_INIT(4096);
	struct axev__span text;

	if (!axev__json_as_string(axev__json_get(lookup, "net_error"), &text))
		return AXEV_OK;
	if (out->size > 0)
		TRY(axev__buf_byte(out, '\n', err));
	TRY(axev__buf_str(&name, axev__span_starts(text, "ERR_") ? "net::" : "", err));
	TRY(axev__buf_span(&name, text, err));
	return axev__form_own(build, axev__buf_view(&name), out, err);
}

static int lookup_row(struct axev__form_build *build, const axev__json *lookup, axev_error *err)
{
	static const struct axev__cell small = { .style = AXEV__STYLE_SMALL };
	AXEV__BUF text = AXEV__BUF_INIT(4 * AXEV__MIB);
	const axev__json *answers = axev__json_get(lookup, "answers");
	size_t i;

	for (i = 0; i < axev__json_count(answers) && i < MAX_ANSWERS; i++)
		TRY(append_answer(build, axev__json_at(answers, i), &text, err));
	TRY(append_system(build, lookup, &text, err));
	TRY(append_error(build, lookup, &text, err));
	if (text.size == 0)
		TRY(axev__buf_str(&text, build->is_zh ? "未记录" : "not recorded", err));
	TRY(axev__doc_row(build->document, 0, err));
	TRY(axev__form_cell(build, lookup, "host", AXEV__SHOW_TEXT, &small, err));
	TRY(axev__form_cell(build, lookup, "began", AXEV__SHOW_TIME, &small, err));
	return axev__doc_cell(build->document, &small, axev__buf_view(&text), err);
}

/* ---- all ---- */

/* Two rounds, the page's own host in the first; *rows counts those printed. */
static int lookup_rows(struct axev__form_build *build, const axev__json *list, bool is_own_round,
		       size_t *rows, axev_error *err)
{
	struct axev__span host;
	size_t i;

	for (i = 0; i < axev__json_count(list) && *rows < MAX_ROWS; i++) {
		const axev__json *lookup = axev__json_at(list, i);

		if (!axev__json_as_string(axev__json_get(lookup, "host"), &host) ||
		    is_of_page(build, host) != is_own_round)
			continue;
		TRY(lookup_row(build, lookup, err));
		++*rows;
	}
	return AXEV_OK;
}

int axev__form_dns(struct axev__form_build *build, axev_error *err)
{
	static const uint16_t weights[] = { 25, 33, 42 };
	static const struct axev__phrase titles[] = {
		{ "域名", "Name" },
		{ "解析时间", "Looked up at" },
		{ "解析结果", "Result" },
	};
	static const struct axev__phrase whose = {
		"按浏览器的网络日志；其中可有浏览器自身发起、与该页面无关的解析。",
		"By the browser's network log; some may be the browser's own and none of the page's.",
	};
	const axev__json *list = axev__json_get(build->input->dns, "lookups");
	AXEV__BUF rest = AXEV__BUF_INIT(1024);
	size_t rows = 0;

	TRY(axev__form_heading(build, (struct axev__phrase){ "域名解析", "Name look-ups" }, err));
	if (axev__json_count(list) == 0)
		return axev__form_note(build,
				       (struct axev__phrase){ "未记录域名解析。", "No look-up was recorded." },
				       err);
	TRY(axev__form_head(build, weights, titles, AXEV__COUNT(titles), err));
	TRY(lookup_rows(build, list, true, &rows, err));
	TRY(lookup_rows(build, list, false, &rows, err));
	TRY(axev__form_note(build, whose, err));
	if (rows == axev__json_count(list))
		return AXEV_OK;
	TRY(axev__buf_printf(&rest, err,
			     build->is_zh ? "另有 %zu 次解析，见数据对象 data/wire/dns.json。" :
					    "%zu more look-ups are in the object data/wire/dns.json.",
			     axev__json_count(list) - rows));
	return axev__doc_text(build->document, AXEV__STYLE_NOTE, axev__buf_view(&rest), err);
}
