/* SPDX-License-Identifier: Apache-2.0 */
/* 网页内容固定单: how the page answered, or that it did not, and its screenshot cut into slices. */
#include "print/form.h"

#include "print/image.h"

#define TEXT(zh, en, path, half) { { zh, en }, AXEV__FROM_MANIFEST, path, AXEV__SHOW_TEXT, half }
#define VALUE(zh, en, path, show, half) \
	{ { zh, en }, AXEV__FROM_MANIFEST, path, AXEV__SHOW_##show, half }

static const struct axev__form_field page_fields[] = {
	TEXT("网址", "URL", "source/url", false),
	TEXT("最终网址", "Final URL", "source/final_url", false),
	TEXT("页面标题", "Page title", "source/title", false),
	VALUE("提取开始", "Started", "capture/started", TIME, false),
	VALUE("收到应答", "Answered at", "source/response_time", TIME, false),
	VALUE("提取结束", "Finished", "capture/finished", TIME, false),
	TEXT("HTTP 状态码", "HTTP status", "source/status", true),
	VALUE("加载用时", "Load time", "source/load_ns", MS, true),
	TEXT("服务器地址", "Server address", "source/remote_address", true),
	TEXT("端口", "Port", "source/remote_port", true),
	TEXT("协议", "Protocol", "source/protocol", true),
	TEXT("文件格式", "Media type", "source/media_type", true),
	TEXT("请求数", "Requests", "source/requests", true),
	TEXT("失败请求数", "Failed requests", "source/failed_requests", true),
	TEXT("接收字节数", "Bytes received", "source/bytes", true),
	TEXT("字符编码", "Character set", "source/charset", true),
	VALUE("响应头", "Response headers", "source/headers", FLAT, false),
};

/* When nothing came: only what there can be. */
static const struct axev__form_field failure_fields[] = {
	TEXT("网址", "URL", "source/url", false),
	VALUE("观察到的情形", "What was observed", "source/failure", OWN, false),
	VALUE("提取开始", "Started", "capture/started", TIME, false),
	VALUE("提取结束", "Finished", "capture/finished", TIME, false),
	TEXT("服务器地址", "Server address", "source/remote_address", true),
	TEXT("HTTP 状态码", "HTTP status", "source/status", true),
	TEXT("请求数", "Requests", "source/requests", true),
	TEXT("失败请求数", "Failed requests", "source/failed_requests", true),
};

static const struct axev__form_field browser_fields[] = {
	TEXT("浏览器", "Browser", "source/browser", false),
	VALUE("程序校验值", "Digest of the program", "environment/browser/sha256", HEX, false),
	TEXT("浏览器标识", "User agent", "source/user_agent", false),
	VALUE("运行情况", "How it ran", "environment/browser", OWN, false),
	VALUE("视口", "Viewport", "source/viewport", OWN, true),
	VALUE("代理", "Proxy", "environment/proxy", OWN, true),
	VALUE("提取选项", "Options", "source/options", OWN, false),
	VALUE("客户端证书", "Client certificate", "source/login/client_certificate", OWN, false),
	TEXT("遮去登录凭据的请求数", "Requests with masked credentials", "source/login/masked_records", true),
};

const axev__json *axev__form_object(const axev__json *manifest, const char *path)
{
	const axev__json *objects = axev__json_get(manifest, "objects");
	struct axev__span found;
	size_t i;

	for (i = 0; i < axev__json_count(objects); i++)
		if (axev__json_as_string(axev__json_get(axev__json_at(objects, i), "path"), &found) &&
		    axev__span_is(found, path))
			return axev__json_at(objects, i);
	return NULL;
}

/* ---- the page ---- */

static bool is_failure(const struct axev__form_build *build)
{
	return axev__form_at(build->input->manifest, "source/failure") != NULL;
}

/* What was seen here, no more: neither why, nor that it is so elsewhere. */
static int tell_failure(struct axev__form_build *build, axev_error *err)
{
	static const struct axev__phrase what = {
		"本机于所列时间打开该网址，未能取得页面。",
		"At the time given this machine opened the address and received no page.",
	};
	static const struct axev__phrase limit = {
		"本单只记录这一情形。它不说明该网址在其他时间、其他地点能否打开，也不说明打不开的原因；"
		"原因栏为浏览器所报告的名称。",
		"This sheet records just that. It does not say whether the address opens at other times or from other places, "
		"nor why it did not; the reason given is the name that the browser reported.",
	};

	TRY(axev__doc_text(build->document, AXEV__STYLE_STRONG, axev__span_str(axev__say(build, what)),
			   err));
	return axev__form_note(build, limit, err);
}

static int redirects(struct axev__form_build *build, axev_error *err)
{
	static const uint16_t weights[] = { 7, 12, 41, 40 };
	static const struct axev__phrase titles[] = {
		{ "序号", "No." }, { "状态码", "Status" }, { "网址", "URL" }, { "跳转至", "Location" },
	};
	static const struct axev__cell small = { .style = AXEV__STYLE_SMALL };
	static const struct axev__cell centre = { .style = AXEV__STYLE_SMALL, .align = AXEV__CENTRE };
	const axev__json *list = axev__form_at(build->input->manifest, "source/redirects");
	size_t i;

	if (axev__json_count(list) == 0)
		return AXEV_OK;
	TRY(axev__form_heading(build, (struct axev__phrase){ "跳转", "Redirects" }, err));
	TRY(axev__form_head(build, weights, titles, AXEV__COUNT(titles), err));
	for (i = 0; i < axev__json_count(list); i++) {
		const axev__json *one = axev__json_at(list, i);

		TRY(axev__doc_row(build->document, 0, err));
		TRY(axev__form_number_cell(build, i + 1, err));
		TRY(axev__form_cell(build, one, "status", AXEV__SHOW_TEXT, &centre, err));
		TRY(axev__form_cell(build, one, "url", AXEV__SHOW_TEXT, &small, err));
		TRY(axev__form_cell(build, one, "location", AXEV__SHOW_TEXT, &small, err));
	}
	return AXEV_OK;
}

static int page(struct axev__form_build *build, axev_error *err)
{
	if (is_failure(build)) {
		TRY(tell_failure(build, err));
		TRY(axev__form_fields(build, failure_fields, AXEV__COUNT(failure_fields), err));
	} else {
		TRY(axev__form_fields(build, page_fields, AXEV__COUNT(page_fields), err));
	}
	TRY(redirects(build, err));
	TRY(axev__form_dns(build, err));
	if (!is_failure(build) || axev__form_at(build->input->manifest, "source/tls"))
		TRY(axev__form_tls(build, err));
	TRY(axev__form_heading(build, (struct axev__phrase){ "浏览器", "Browser" }, err));
	TRY(axev__form_fields(build, browser_fields, AXEV__COUNT(browser_fields), err));
	TRY(axev__form_heading(build, (struct axev__phrase){ "提取是否完整", "Completeness" }, err));
	return axev__form_missing(build, err);
}

/* ---- what it said ---- */

static int append_line(struct axev__buf *out, struct axev__span line, axev_error *err)
{
	size_t i;

	for (i = 0; i < line.size; i++)
		TRY(axev__buf_byte(out, line.data[i] == '\t' ? ' ' : line.data[i], err));
	return AXEV_OK;
}

/* Without the blank lines between its lines: they are most of what a page has. */
static int squeeze(struct axev__span text, struct axev__buf *out, axev_error *err)
{
	while (text.size > 0) {
		const uint8_t *end = memchr(text.data, '\n', text.size);
		size_t length = end ? (size_t)(end - text.data) : text.size, i = 0;

		while (i < length && strchr(" \t\r", text.data[i]) && text.data[i])
			i++;
		if (i < length) {
			if (out->size > 0)
				TRY(axev__buf_byte(out, '\n', err));
			TRY(append_line(out, axev__span(text.data, length), err));
		}
		length += end ? 1 : 0;
		text = axev__span(text.data + length, text.size - length);
	}
	return AXEV_OK;
}

static int page_text(struct axev__form_build *build, axev_error *err)
{
	static const uint16_t weights[] = { 1 };
	static const struct axev__cell look = { .style = AXEV__STYLE_SMALL };
	static const struct axev__phrase whole = {
		"浏览器读出的页面文字，空行略去、制表符印为空格，见数据对象 data/text.txt。",
		"Text of the page as the browser read it out, without blank lines and with blanks for tabs; see the object data/text.txt.",
	};
	static const struct axev__phrase cut = {
		"浏览器读出的页面文字的开头部分，空行略去、制表符印为空格；全文见数据对象 data/text.txt。",
		"The beginning of the page's text as the browser read it out, without blank lines and with blanks for tabs; all of it "
		"is in the object data/text.txt.",
	};
	AXEV__BUF text = AXEV__BUF_INIT(2 * AXEV__MAX_PRINT_PAGE_TEXT);

	if (build->input->page_text.size == 0)
		return AXEV_OK;
	TRY(squeeze(build->input->page_text, &text, err));
	TRY(axev__form_heading(build, (struct axev__phrase){ "页面文字", "Text of the page" }, err));
	TRY(axev__form_note(build, build->input->is_page_text_cut ? cut : whole, err));
	TRY(axev__doc_table(build->document, weights, 1, err));
	TRY(axev__doc_row(build->document, 0, err));
	return axev__doc_cell(build->document, &look, axev__buf_view(&text), err);
}

/* ---- the screenshot ---- */

static int fact_row(struct axev__form_build *build, struct axev__phrase title, axev_error *err)
{
	static const struct axev__cell label = { .style = AXEV__STYLE_LABEL,
						 .align = AXEV__CENTRE,
						 .is_shaded = true };

	TRY(axev__doc_row(build->document, 0, err));
	return axev__doc_cell(build->document, &label, axev__span_str(axev__say(build, title)), err);
}

static int describe_screenshot(struct axev__form_build *build, const axev__json *object,
			       const struct axev__image *image, axev_error *err)
{
	static const struct axev__cell look = { .style = AXEV__STYLE_BODY };
	static const uint16_t weights[] = { 18, 82 };
	AXEV__BUF size = AXEV__BUF_INIT(256);

	TRY(axev__doc_table(build->document, weights, AXEV__COUNT(weights), err));
	TRY(fact_row(build, (struct axev__phrase){ "文件", "File" }, err));
	TRY(axev__form_cell(build, object, "path", AXEV__SHOW_TEXT, &look, err));
	TRY(fact_row(build, (struct axev__phrase){ "生成方法", "How it was made" }, err));
	TRY(axev__form_cell(build, object, "how", AXEV__SHOW_OWN, &look, err));
	if (image) {
		const struct axev__png_head *head = axev__image_head(image);

		TRY(axev__buf_printf(&size, err, "%u × %u", head->width, head->height));
		if (head->channels == 4)
			TRY(axev__buf_str(&size, build->is_zh ? "（带透明通道；透明处印在白底上）" :
								" (with transparency, printed on white)",
					  err));
		TRY(fact_row(build, (struct axev__phrase){ "像素（宽 × 高）", "Pixels (w × h)" }, err));
		TRY(axev__doc_cell(build->document, &look, axev__buf_view(&size), err));
	}
	TRY(fact_row(build, (struct axev__phrase){ "SHA-256", "SHA-256" }, err));
	return axev__form_cell(build, object, "sha256", AXEV__SHOW_HEX, &look, err);
}

/* The other forms are still wanted when a whole, verified picture is of a kind that cannot be printed. */
static int tell_unprintable(struct axev__form_build *build, const axev_error *why, axev_error *err)
{
	AXEV__BUF text = AXEV__BUF_INIT(4096);
	char message[1100];

	axev_error_text(why, message, sizeof(message));
	TRY(axev__buf_printf(&text, err, "%s%s",
			     build->is_zh ? "截图完好，但本程序不能印出。原因：" :
					    "The screenshot is whole, but this program cannot print it: ",
			     message));
	return axev__doc_text(build->document, AXEV__STYLE_STRONG, axev__buf_view(&text), err);
}

static int open_screenshot(struct axev__form_build *build, const axev__json *object,
			   struct axev__image **ret_image, axev_error *ret_problem, axev_error *err)
{
	uint8_t sha256[32];
	int status;

	TRY(axev__json_hex(object, "sha256", sha256, sizeof(sha256), err));
	status = axev__image_open(&build->input->screenshot, sha256, ret_image, ret_problem);
	if (status >= 0 || status == AXEV_E_FORMAT || status == AXEV_E_LIMIT ||
	    status == AXEV_E_UNSUPPORTED)
		return AXEV_OK;
	if (err)
		*err = *ret_problem;
	return status;
}

static int screenshot(struct axev__form_build *build, axev_error *err)
{
	static const struct axev__phrase how = {
		"以下各幅按原像素无损印出，自上而下相接；每幅注明像素行号和全图校验值，"
		"相邻两幅重复 24 行，重复处在图框外以短线标出，可据此核对有无缺页、错页。"
		"截图是浏览器在本机的显示结果，只能核对其字节，不能由原始数据重算。",
		"The slices below are printed without loss, from top to bottom. Each names its pixel rows and the digest of the "
		"whole image; neighbours repeat 24 rows, marked by ticks beside the frame, so that a missing or swapped page "
		"shows. A screenshot is what the browser displayed here: its bytes can be checked, but it "
		"cannot be derived again from raw data.",
	};
	const axev__json *object =
		axev__form_object(build->input->manifest, build->input->screenshot_path);
	AXEV__CLEANUP(axev__image_freep) struct axev__image *image = NULL;
	axev_error problem = AXEV_ERROR_INIT;

	if (!object)
		return axev__fail(err, AXEV_E_NOTFOUND, "%s: expected an object of the manifest",
				  build->input->screenshot_path);
	TRY(open_screenshot(build, object, &image, &problem, err));
	TRY(axev__form_heading(build, (struct axev__phrase){ "截图", "Screenshot" }, err));
	TRY(describe_screenshot(build, object, image, err));
	if (!image)
		return tell_unprintable(build, &problem, err);
	TRY(axev__form_note(build, how, err));
	return axev__doc_image(build->document, axev__steal(image), err);
}

static int no_screenshot(struct axev__form_build *build, axev_error *err)
{
	static const struct axev__phrase none = { "证据包中没有截图。", "The package has no screenshot." };

	TRY(axev__form_heading(build, (struct axev__phrase){ "截图", "Screenshot" }, err));
	return axev__form_note(build, none, err);
}

int axev__form_web(struct axev__form_build *build, axev_error *err)
{
	static const struct axev__phrase title = { "网页内容固定单", "Content Sheet of a Web Page" };

	TRY(axev__form_begin(build, title, err));
	TRY(page(build, err));
	TRY(axev__form_reach(build, err));
	TRY(axev__form_subject(build, err));
	TRY(page_text(build, err));
	TRY(build->input->screenshot_path ? screenshot(build, err) : no_screenshot(build, err));
	TRY(axev__form_limits(build, err));
	TRY(axev__form_time_note(build, build->input->time, err));
	TRY(axev__form_signatures(build, err));
	return axev__form_end(build, err);
}
