/* SPDX-License-Identifier: Apache-2.0 */
/* 可达性事实: what resolvers said of a host and what its addresses answered, now and at an earlier capture (FORMAT.md 10). */
#include "print/form.h"

#include <inttypes.h>

#include "base/text.h"

static const struct axev__cell small = { .style = AXEV__STYLE_SMALL };

/* Codes of resolvers, connections and answers, in words. */
static const struct axev__word words[] = {
	{ "NOERROR", { "有应答（NOERROR）", "answered (NOERROR)" } },
	{ "NXDOMAIN", { "称该域名不存在（NXDOMAIN）", "says there is no such name (NXDOMAIN)" } },
	{ "SERVFAIL", { "称解析失败（SERVFAIL）", "says it failed (SERVFAIL)" } },
	{ "REFUSED", { "拒绝回答（REFUSED）", "refuses to answer (REFUSED)" } },
	{ "timed_out", { "限时内无应答", "no answer in time" } },
	{ "refused", { "连接被拒绝", "connection refused" } },
	{ "unreachable", { "网络不可达", "no way there" } },
	{ "failed", { "出错", "failed" } },
	{ "connected", { "已连通", "connected" } },
	{ "handshake", { "TLS 握手完成", "TLS handshake done" } },
	{ "alert", { "对方以 TLS 警报拒绝", "ended by the server's TLS alert" } },
	{ "refused_here", { "所收不是可用的 TLS", "what came is no TLS that can be used" } },
	{ "closed", { "对方关闭连接", "closed by the server" } },
	{ "answered", { "有 HTTP 应答", "HTTP answer" } },
	{ "no_answer", { "无 HTTP 应答", "no HTTP answer" } },
	{ "not_http", { "所收不是 HTTP", "what came is no HTTP" } },
	{ "same", { "相同", "the same" } },
	{ "different", { "不同", "different" } },
	{ "only_earlier", { "仅早前", "only then" } },
	{ "only_later", { "仅本次", "only now" } },
	{ "loopback", { "本机地址", "this machine" } },
	{ "link-local", { "链路本地地址", "link-local" } },
	{ "private", { "专用网络地址", "private" } },
	{ "system", { "本机所设", "this machine's" } },
	{ "option", { "操作人指定", "named by the operator" } },
	{ "default", { "本软件默认", "this software's" } },
};

static struct axev__span text_at(const axev__json *json, const char *key)
{
	struct axev__span text = axev__span("", 0);

	axev__json_as_string(axev__json_get(json, key), &text);
	return text;
}

static int append_word(struct axev__form_build *build, struct axev__span code, struct axev__buf *out, axev_error *err)
{
	struct axev__shown shown;

	return axev__buf_str(out, axev__form_word(build, words, AXEV__COUNT(words), axev__show(&shown, code)), err);
}

static int append_break(struct axev__buf *out, axev_error *err)
{
	return out->size ? axev__buf_byte(out, '\n', err) : AXEV_OK;
}

static bool has(const axev__json *json, const char *key)
{
	return axev__json_get(json, key) != NULL;
}

/* ---- resolvers ---- */

static int append_list(const axev__json *list, const char *before, struct axev__buf *out, axev_error *err)
{
	struct axev__span text;
	size_t i;

	for (i = 0; i < axev__json_count(list); i++) {
		if (!axev__json_as_string(axev__json_at(list, i), &text))
			continue;
		TRY(axev__buf_str(out, i ? ", " : before, err));
		TRY(axev__buf_span(out, text, err));
	}
	return AXEV_OK;
}

static int question_cell(struct axev__form_build *build, const axev__json *question, axev_error *err)
{
	AXEV__BUF out = AXEV__BUF_INIT(AXEV__MAX_PRINT_CELL_BYTES);
	bool is_cut = false;

	TRY(append_word(build, text_at(question, has(question, "code") ? "code" : "no_answer"), &out, err));
	TRY(append_list(axev__json_get(question, "addresses"), "\n", &out, err));
	TRY(append_list(axev__json_get(question, "aliases"), build->is_zh ? "\n别名 " : "\nby way of ", &out, err));
	if (axev__json_as_bool(axev__json_get(question, "cut"), &is_cut) && is_cut)
		TRY(axev__buf_str(&out, build->is_zh ? "\n应答不完整" : "\nthe answer is cut", err));
	return axev__doc_cell(build->document, &small, axev__buf_view(&out), err);
}

static int resolver_row(struct axev__form_build *build, const axev__json *resolver, axev_error *err)
{
	const axev__json *questions = axev__json_get(resolver, "questions");
	AXEV__BUF out = AXEV__BUF_INIT(AXEV__KIB);

	TRY(axev__buf_span(&out, text_at(resolver, "server"), err));
	TRY(axev__buf_str(&out, "\n", err));
	TRY(append_word(build, text_at(resolver, "chosen"), &out, err));
	TRY(axev__doc_row(build->document, 0, err));
	TRY(axev__doc_cell(build->document, &small, axev__buf_view(&out), err));
	TRY(question_cell(build, axev__json_at(questions, 0), err));
	TRY(question_cell(build, axev__json_at(questions, 1), err));
	return axev__form_cell(build, axev__json_at(questions, 0), "asked", AXEV__SHOW_TIME, &small, err);
}

static int resolvers(struct axev__form_build *build, axev_error *err)
{
	static const uint16_t weights[] = { 24, 27, 27, 22 };
	static const struct axev__phrase titles[] = {
		{ "解析器", "Resolver" },
		{ "IPv4（A）", "IPv4 (A)" },
		{ "IPv6（AAAA）", "IPv6 (AAAA)" },
		{ "查询时间", "Asked at" },
	};
	const axev__json *list = axev__json_get(build->input->reach, "resolvers");
	size_t i;

	if (axev__json_count(list) == 0)
		return axev__form_note(build,
				       (struct axev__phrase){ "该主机无需解析，未查询解析器。",
							      "The host needs no look-up; no resolver was asked." },
				       err);
	TRY(axev__form_head(build, weights, titles, AXEV__COUNT(titles), err));
	for (i = 0; i < axev__json_count(list); i++)
		TRY(resolver_row(build, axev__json_at(list, i), err));
	return AXEV_OK;
}

/* ---- addresses ---- */

static int append_step(struct axev__form_build *build, const axev__json *step, const char *key, struct axev__buf *out,
		       axev_error *err)
{
	if (!step)
		return AXEV_OK;
	TRY(append_break(out, err));
	TRY(append_word(build, text_at(step, key), out, err));
	if (has(step, "errno"))
		TRY(axev__buf_printf(out, err, " (%.*s)", (int)text_at(step, "errno").size,
				     (const char *)text_at(step, "errno").data));
	return AXEV_OK;
}

static int append_alert(const axev__json *step, struct axev__buf *out, axev_error *err)
{
	struct axev__span name = text_at(step, "alert_name");
	int64_t number;

	if (!axev__json_as_integer(axev__json_get(step, "alert"), &number))
		return AXEV_OK;
	return axev__buf_printf(out, err, " (%" PRId64 "%s%.*s)", number, name.size ? " " : "", (int)name.size,
				(const char *)name.data);
}

static int append_tls(struct axev__form_build *build, const axev__json *tls, struct axev__buf *out, axev_error *err)
{
	TRY(append_step(build, tls, "outcome", out, err));
	TRY(append_alert(tls, out, err));
	if (has(tls, "version"))
		TRY(axev__buf_printf(out, err, ", %.*s", (int)text_at(tls, "version").size,
				     (const char *)text_at(tls, "version").data));
	if (!has(tls, "leaf_sha256"))
		return AXEV_OK;
	TRY(axev__buf_str(out, build->is_zh ? "\n所示证书 SHA-256（未核验身份）" : "\nSHA-256 of the certificate shown, not checked ", err));
	return axev__buf_span(out, text_at(tls, "leaf_sha256"), err);
}

static int append_http(struct axev__form_build *build, const axev__json *http, struct axev__buf *out, axev_error *err)
{
	struct axev__span reason = text_at(http, "reason"), location = text_at(http, "location");
	int64_t status;

	TRY(append_step(build, http, "outcome", out, err));
	if (axev__json_as_integer(axev__json_get(http, "status"), &status))
		TRY(axev__buf_printf(out, err, build->is_zh ? "，状态码 %" PRId64 " %.*s" : ", status %" PRId64 " %.*s", status,
				     (int)reason.size, (const char *)reason.data));
	if (location.size) {
		TRY(axev__buf_str(out, build->is_zh ? "\n指向（未跟随）" : "\nleads to, not followed: ", err));
		TRY(axev__buf_span(out, location, err));
	}
	return AXEV_OK;
}

static int append_address(struct axev__form_build *build, const axev__json *address, struct axev__buf *out, axev_error *err)
{
	struct axev__span space = text_at(address, "address_space");

	TRY(axev__buf_span(out, text_at(address, "address"), err));
	if (!axev__span_is(space, "public")) {
		TRY(axev__buf_str(out, "\n", err));
		TRY(append_word(build, space, out, err));
	}
	if (has(address, "of_earlier"))
		TRY(axev__buf_str(out, build->is_zh ? "\n早前的地址，本次无解析器给出" : "\nof the earlier capture, named by no resolver now",
				  err));
	return AXEV_OK;
}

static int address_row(struct axev__form_build *build, const axev__json *address, axev_error *err)
{
	AXEV__BUF name = AXEV__BUF_INIT(AXEV__KIB), out = AXEV__BUF_INIT(AXEV__MAX_PRINT_CELL_BYTES);
	const axev__json *tcp = axev__json_get(address, "tcp");

	TRY(append_address(build, address, &name, err));
	TRY(append_step(build, tcp, "outcome", &out, err));
	TRY(append_tls(build, axev__json_get(address, "tls"), &out, err));
	TRY(append_http(build, axev__json_get(address, "http"), &out, err));
	TRY(axev__doc_row(build->document, 0, err));
	TRY(axev__doc_cell(build->document, &small, axev__buf_view(&name), err));
	TRY(axev__doc_cell(build->document, &small, axev__buf_view(&out), err));
	return axev__form_cell(build, tcp, "began", AXEV__SHOW_TIME, &small, err);
}

static int addresses(struct axev__form_build *build, axev_error *err)
{
	static const uint16_t weights[] = { 28, 50, 22 };
	static const struct axev__phrase titles[] = {
		{ "地址", "Address" },
		{ "结果（连接、TLS、HTTP）", "Outcome (connection, TLS, HTTP)" },
		{ "开始时间", "Began at" },
	};
	const axev__json *list = axev__json_get(build->input->reach, "addresses");
	AXEV__BUF rest = AXEV__BUF_INIT(AXEV__KIB);
	int64_t more = 0;
	size_t i;

	TRY(axev__form_head(build, weights, titles, AXEV__COUNT(titles), err));
	if (axev__json_count(list) == 0)
		return axev__form_empty_row(build, AXEV__COUNT(titles),
					    (struct axev__phrase){ "所列解析器均未给出地址，没有可尝试的地址",
								   "none of these resolvers gave an address: there was none to try" },
					    err);
	for (i = 0; i < axev__json_count(list); i++)
		TRY(address_row(build, axev__json_at(list, i), err));
	if (!axev__json_as_integer(axev__json_get(build->input->reach, "addresses_not_tried"), &more) || more == 0)
		return AXEV_OK;
	TRY(axev__buf_printf(&rest, err,
			     build->is_zh ? "另有 %" PRId64 " 个地址未尝试。" : "%" PRId64 " more addresses were not tried.", more));
	return axev__doc_text(build->document, AXEV__STYLE_NOTE, axev__buf_view(&rest), err);
}

/* ---- then and now ---- */

static int state_cell(struct axev__form_build *build, const axev__json *row, const char *when, bool is_resolver, axev_error *err)
{
	const axev__json *state = axev__json_get(row, when);
	AXEV__BUF out = AXEV__BUF_INIT(AXEV__MAX_PRINT_CELL_BYTES);
	int64_t status;

	if (!state) {
		TRY(axev__buf_str(&out, "—", err));
	} else if (is_resolver) {
		TRY(axev__buf_str(&out, "A ", err));
		TRY(append_word(build, text_at(state, "A"), &out, err));
		TRY(axev__buf_str(&out, "\nAAAA ", err));
		TRY(append_word(build, text_at(state, "AAAA"), &out, err));
		TRY(append_list(axev__json_get(state, "addresses"), "\n", &out, err));
	} else {
		TRY(append_step(build, state, "tcp", &out, err));
		TRY(append_step(build, has(state, "tls") ? state : NULL, "tls", &out, err));
		TRY(append_alert(state, &out, err));
		TRY(append_step(build, has(state, "http") ? state : NULL, "http", &out, err));
		if (axev__json_as_integer(axev__json_get(state, "status"), &status))
			TRY(axev__buf_printf(&out, err, build->is_zh ? "，状态码 %" PRId64 : ", status %" PRId64, status));
	}
	return axev__doc_cell(build->document, &small, axev__buf_view(&out), err);
}

static int comparison_rows(struct axev__form_build *build, const char *member, const char *key, axev_error *err)
{
	const axev__json *list = axev__json_get(build->input->reach_comparison, member);
	size_t i;

	for (i = 0; i < axev__json_count(list); i++) {
		const axev__json *row = axev__json_at(list, i);
		struct axev__span outcome = text_at(row, "outcome");
		struct axev__cell verdict = { .style = axev__span_is(outcome, "same") ? AXEV__STYLE_SMALL : AXEV__STYLE_STRONG };
		AXEV__BUF out = AXEV__BUF_INIT(AXEV__KIB);

		TRY(append_word(build, outcome, &out, err));
		TRY(axev__doc_row(build->document, 0, err));
		TRY(axev__doc_cell(build->document, &small, text_at(row, key), err));
		TRY(state_cell(build, row, "earlier", strcmp(key, "server") == 0, err));
		TRY(state_cell(build, row, "later", strcmp(key, "server") == 0, err));
		TRY(axev__doc_cell(build->document, &verdict, axev__buf_view(&out), err));
	}
	return AXEV_OK;
}

static int which(struct axev__form_build *build, axev_error *err)
{
	static const struct axev__form_field fields[] = {
		{ { "早前证据包编号", "Id of the earlier package" }, AXEV__FROM_MANIFEST, "recheck/of", AXEV__SHOW_HEX, false, false },
		{ { "其 SHA-256（据账本）", "Its SHA-256, as the ledger had it" }, AXEV__FROM_MANIFEST, "recheck/package_sha256",
		  AXEV__SHOW_HEX, false, false },
		{ { "其提取时间（据账本）", "Captured at, as the ledger had it" }, AXEV__FROM_MANIFEST, "recheck/captured", AXEV__SHOW_TIME,
		  false, false },
	};

	return axev__form_fields(build, fields, AXEV__COUNT(fields), err);
}

static int when_title(struct axev__form_build *build, const char *when, struct axev__phrase phrase, struct axev__buf *out,
		      axev_error *err)
{
	const axev__json *of = axev__json_get(build->input->reach_comparison, when);
	bool has_time;

	TRY(axev__buf_str(out, axev__say(build, phrase), err));
	TRY(axev__buf_str(out, build->is_zh ? "：" : ": ", err));
	return axev__form_value(build, axev__json_get(of, "started"), AXEV__SHOW_TIME, out, &has_time, err);
}

static int comparison(struct axev__form_build *build, axev_error *err)
{
	static const uint16_t weights[] = { 24, 31, 31, 14 };
	static const struct axev__phrase limit = {
		"仅比较两次记录的结果，不说明变化的原因；“仅早前”“仅本次”指另一次没有查询该解析器或没有尝试该地址。",
		"Only what was recorded at both times is compared, not why it changed. Only then, only now: the other time this resolver "
		"was not asked, or this address not tried.",
	};
	AXEV__BUF earlier = AXEV__BUF_INIT(AXEV__KIB), later = AXEV__BUF_INIT(AXEV__KIB);

	if (!axev__json_get(build->input->manifest, "recheck"))
		return AXEV_OK;
	TRY(axev__form_heading(build, (struct axev__phrase){ "与早前提取的比较", "Beside an earlier capture" }, err));
	TRY(which(build, err));
	if (!build->input->reach_comparison)
		return axev__form_note(build,
				       (struct axev__phrase){ "数据对象 data/recheck/comparison.json 不能读取。",
							      "The object data/recheck/comparison.json could not be read." },
				       err);
	TRY(when_title(build, "earlier", (struct axev__phrase){ "早前", "Then" }, &earlier, err));
	TRY(when_title(build, "later", (struct axev__phrase){ "本次", "Now" }, &later, err));
	{
		const struct axev__phrase titles[] = {
			{ "解析器、地址", "Resolver, address" },
			{ (const char *)earlier.data, (const char *)earlier.data },
			{ (const char *)later.data, (const char *)later.data },
			{ "比较", "Outcome" },
		};

		TRY(axev__form_head(build, weights, titles, AXEV__COUNT(titles), err));
	}
	TRY(comparison_rows(build, "resolvers", "server", err));
	TRY(comparison_rows(build, "addresses", "address", err));
	return axev__form_note(build, limit, err);
}

/* ---- */

static int when(struct axev__form_build *build, axev_error *err)
{
	AXEV__BUF out = AXEV__BUF_INIT(AXEV__KIB);
	bool has_time;

	TRY(axev__form_value(build, axev__json_get(build->input->reach, "started"), AXEV__SHOW_TIME, &out, &has_time, err));
	TRY(axev__buf_str(&out, build->is_zh ? " 至 " : " to ", err));
	TRY(axev__form_value(build, axev__json_get(build->input->reach, "finished"), AXEV__SHOW_TIME, &out, &has_time, err));
	TRY(axev__buf_str(&out, build->is_zh ? "；主机 " : "; host ", err));
	TRY(axev__buf_span(&out, text_at(build->input->reach, "host"), err));
	return axev__doc_text(build->document, AXEV__STYLE_BODY, axev__buf_view(&out), err);
}

int axev__form_reach(struct axev__form_build *build, axev_error *err)
{
	static const struct axev__phrase limit = {
		"连通也不等于网站在经营；其他地点、其他时间的结果可能不同。DNS 应答未经认证，证书未核验身份，连接结果由本机自行记录。",
		"Nor is reached in business; from elsewhere or at another time it may differ. DNS answers are not authenticated, no "
		"certificate was checked, and what connections came to is as this machine recorded it.",
	};
	static const struct axev__phrase scope = {
		"以下只是本机在所列时间、经所列解析器、对所列地址得到的结果。未连通不等于网站已关闭。",
		"Just what this machine found at these times, by these resolvers, at these addresses. Not reached is not closed.",
	};

	if (!axev__json_get(build->input->manifest, "reach"))
		return AXEV_OK;
	TRY(axev__form_heading(build, (struct axev__phrase){ "可达性事实", "What could be reached" }, err));
	if (!build->input->reach)
		return axev__form_note(build,
				       (struct axev__phrase){ "数据对象 data/reach.json 不能读取。",
							      "The object data/reach.json could not be read." },
				       err);
	TRY(axev__doc_text(build->document, AXEV__STYLE_STRONG, axev__span_str(axev__say(build, scope)), err));
	TRY(when(build, err));
	TRY(resolvers(build, err));
	TRY(addresses(build, err));
	TRY(comparison(build, err));
	return axev__form_note(build, limit, err);
}
