/* SPDX-License-Identifier: Apache-2.0 */
/* 网页内容固定单: how the page answered, and its screenshot cut into slices. */
#include "print/form.h"

#include "print/image.h"

#define TEXT(zh, en, path, half) { { zh, en }, AXEV__FROM_MANIFEST, path, AXEV__SHOW_TEXT, half }
#define VALUE(zh, en, path, show, half) \
	{ { zh, en }, AXEV__FROM_MANIFEST, path, AXEV__SHOW_##show, half }

static const struct axev__form_field page_fields[] = {
	TEXT("网址", "URL", "source/url", false),
	TEXT("最终网址", "Final URL", "source/final_url", false),
	TEXT("页面标题", "Page title", "source/title", false),
	VALUE("响应时间", "Answered at", "source/response_time", TIME, false),
	TEXT("状态码", "Status", "source/status", true),
	VALUE("加载用时", "Load time", "source/load_ns", MS, true),
	TEXT("服务器地址", "Server address", "source/remote_address", true),
	TEXT("端口", "Port", "source/remote_port", true),
	TEXT("协议", "Protocol", "source/protocol", true),
	TEXT("文件格式", "Media type", "source/media_type", true),
	TEXT("请求数", "Requests", "source/requests", true),
	TEXT("失败请求数", "Failed requests", "source/failed_requests", true),
	TEXT("接收字节数", "Bytes received", "source/bytes", true),
	VALUE("视口", "Viewport", "source/viewport", FLAT, true),
	TEXT("浏览器", "Browser", "source/browser", false),
	TEXT("浏览器标识", "User agent", "source/user_agent", false),
	VALUE("响应头", "Response headers", "source/headers", FLAT, false),
};

static const struct axev__form_field tls_fields[] = {
	TEXT("TLS 版本", "TLS version", "source/tls/version", true),
	TEXT("加密套件", "Cipher", "source/tls/cipher", true),
	TEXT("服务器名", "Server name", "source/tls/server_name", true),
	TEXT("证书校验", "Verified", "source/tls/verified", true),
	TEXT("校验结果", "Result", "source/tls/verify_result", false),
	TEXT("证书主体", "Subject", "source/tls/subject", false),
	TEXT("签发者", "Issuer", "source/tls/issuer", false),
	VALUE("证书链 SHA-256", "Certificate chain, SHA-256", "source/tls/certificates", HEX, false),
};

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

/* ---- the screenshot ---- */

static const axev__json *find_object(const axev__json *manifest, const char *path)
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

static int describe_screenshot(struct axev__form_build *build, const axev__json *object,
			       const struct axev__image *image, axev_error *err)
{
	static const struct axev__cell label = { .style = AXEV__STYLE_LABEL,
						 .align = AXEV__CENTRE,
						 .is_shaded = true };
	static const struct axev__cell look = { .style = AXEV__STYLE_BODY };
	static const uint16_t weights[] = { 18, 82 };
	AXEV__BUF size = AXEV__BUF_INIT(256);
	const struct axev__png_head *head = axev__image_head(image);

	TRY(axev__buf_printf(&size, err, "%u × %u", head->width, head->height));
	if (head->channels == 4)
		TRY(axev__buf_str(&size, build->is_zh ? "（带透明通道；透明处印在白底上）" :
							" (with transparency, printed on white)",
				  err));
	TRY(axev__doc_table(build->document, weights, AXEV__COUNT(weights), err));
	TRY(axev__doc_row(build->document, 0, err));
	TRY(axev__doc_cell(build->document, &label, axev__span_str(build->is_zh ? "文件" : "File"), err));
	TRY(axev__form_cell(build, object, "path", AXEV__SHOW_TEXT, &look, err));
	TRY(axev__doc_row(build->document, 0, err));
	TRY(axev__doc_cell(build->document, &label,
			   axev__span_str(build->is_zh ? "像素（宽 × 高）" : "Pixels (w × h)"), err));
	TRY(axev__doc_cell(build->document, &look, axev__buf_view(&size), err));
	TRY(axev__doc_row(build->document, 0, err));
	TRY(axev__doc_cell(build->document, &label, axev__span_str("SHA-256"), err));
	return axev__form_cell(build, object, "sha256", AXEV__SHOW_HEX, &look, err);
}

static int screenshot(struct axev__form_build *build, axev_error *err)
{
	static const struct axev__phrase how = {
		"以下各幅按原像素无损印出，自上而下相接；每幅注明像素行号，"
		"相邻两幅重复 24 行，重复处在图框外以短线标出，可据此核对有无缺页、错页。"
		"截图是浏览器在本机的显示结果，只能核对其字节，不能由原始数据重算。",
		"The slices below are printed without loss, from top to bottom. Each names its pixel rows; "
		"neighbours repeat 24 rows, marked by ticks beside the frame, so that a missing or swapped page "
		"shows. A screenshot is what the browser displayed here: its bytes can be checked, but it "
		"cannot be derived again from raw data.",
	};
	const axev__json *object = find_object(build->input->manifest, build->input->screenshot_path);
	AXEV__CLEANUP(axev__image_freep) struct axev__image *image = NULL;
	uint8_t sha256[32];

	if (!object)
		return axev__fail(err, AXEV_E_NOTFOUND, "%s: expected an object of the manifest",
				  build->input->screenshot_path);
	TRY(axev__json_hex(object, "sha256", sha256, sizeof(sha256), err));
	TRY(axev__image_open(&build->input->screenshot, sha256, &image, err));
	TRY(axev__form_heading(build, (struct axev__phrase){ "截图", "Screenshot" }, err));
	TRY(describe_screenshot(build, object, image, err));
	TRY(axev__form_note(build, how, err));
	return axev__doc_image(build->document, axev__steal(image), err);
}

int axev__form_web(struct axev__form_build *build, axev_error *err)
{
	static const struct axev__phrase title = { "网页内容固定单", "Content Sheet of a Web Page" };

	TRY(axev__form_begin(build, title, err));
	TRY(axev__form_fields(build, page_fields, AXEV__COUNT(page_fields), err));
	TRY(redirects(build, err));
	TRY(axev__form_heading(build, (struct axev__phrase){ "加密连接", "Encrypted connection" }, err));
	if (axev__form_at(build->input->manifest, "source/tls"))
		TRY(axev__form_fields(build, tls_fields, AXEV__COUNT(tls_fields), err));
	else
		TRY(axev__form_note(build,
				    (struct axev__phrase){ "未记录加密连接。",
							   "No encrypted connection was recorded." },
				    err));
	if (build->input->screenshot_path)
		TRY(screenshot(build, err));
	else
		TRY(axev__form_note(build,
				    (struct axev__phrase){ "截图未随附。", "No screenshot is enclosed." },
				    err));
	TRY(axev__form_time_note(build, build->input->time, err));
	TRY(axev__form_limits(build, err));
	TRY(axev__form_signatures(build, err));
	return axev__form_end(build, err);
}
