/* SPDX-License-Identifier: Apache-2.0 */
#include "print/print.h"

#include <stdio.h>

#include "base/text.h"
#include "crypto/digest.h"
#include "print/form.h"
#include "print/pdf.h"

#define ALL_FORMS (AXEV__FORM_EXTRACTION | AXEV__FORM_LIST | AXEV__FORM_WEB)

static const struct {
	unsigned form;
	struct axev__phrase title;
	int (*build)(struct axev__form_build *build, axev_error *err);
} forms[] = {
	{ AXEV__FORM_EXTRACTION, { "电子数据证据提取笔录", "Record of Extraction" },
	  axev__form_extraction },
	{ AXEV__FORM_LIST, { "电子数据提取固定清单", "Fixation List" }, axev__form_list },
	{ AXEV__FORM_WEB, { "网页内容固定单", "Content Sheet of a Web Page" }, axev__form_web },
	{ AXEV__FORM_REPORT, { "核验报告", "Verification Report" }, axev__form_report },
};

static int find_id(struct axev__form_build *build, axev_error *err)
{
	AXEV__BUF bytes = AXEV__BUF_INIT(AXEV__MAX_MANIFEST_BYTES);
	struct axev__span text;
	uint8_t id[32];

	if (build->input->report) {
		if (!axev__json_as_string(axev__form_at(build->input->report, "subject/id"), &text) ||
		    !axev__unhex(id, sizeof(id), text))
			return AXEV_OK; /* a file that is no package has none */
	} else {
		TRY(axev__json_canonical(build->input->manifest, &bytes, err));
		TRY(axev__sha256(bytes.data, bytes.size, id, err));
	}
	axev__hex(build->id_hex, id, sizeof(id));
	return AXEV_OK;
}

/* The first record of the facts is the case. */
static void find_case(struct axev__form_build *build)
{
	const axev__json *records = axev__json_get(build->input->facts, "records");

	build->case_values = axev__json_get(axev__json_at(records, 0), "values");
}

static int find_instant(struct axev__form_build *build, axev_error *err)
{
	static const char *const names[] = { "claimed", "not_after", "not_before" };
	const axev__json *times;
	int64_t ns = build->input->instant_ns;
	size_t i;

	if (ns == 0 && build->input->manifest) {
		axev__json *capture;

		TRY(axev__json_object(build->input->manifest, "capture", &capture, err));
		TRY(axev__json_time(capture, "finished", &ns, err));
	}
	times = axev__json_get(build->input->report, "times");
	for (i = 0; ns == 0 && times && i < AXEV__COUNT(names); i++)
		if (axev__json_time(times, names[i], &ns, NULL) < 0)
			ns = 0;
	build->document->instant_ns = ns;
	return AXEV_OK;
}

/* ---- words of each page ---- */

static int header_words(struct axev__form_build *build, struct axev__phrase title, axev_error *err)
{
	AXEV__BUF text = AXEV__BUF_INIT(AXEV__MAX_FACT_BYTES + 256);
	const char *number = build->input->evidence_number;

	TRY(axev__buf_str(&text, build->is_zh ? "证据编号：" : "Evidence no.: ", err));
	if (number)
		TRY(axev__buf_str(&text, number, err));
	else if (build->id_hex[0])
		TRY(axev__buf_printf(&text, err, "%.8s %.8s", build->id_hex, build->id_hex + 8));
	else
		TRY(axev__buf_str(&text, build->is_zh ? "无" : "none", err));
	TRY(axev__doc_words(build->document, AXEV__WORDS_HEADER_LEFT, axev__buf_view(&text), err));
	return axev__doc_words(build->document, AXEV__WORDS_HEADER_RIGHT,
			       axev__span_str(axev__say(build, title)), err);
}

static int page_words(struct axev__form_build *build, struct axev__phrase title, axev_error *err)
{
	static const struct {
		enum axev__page_words which;
		struct axev__phrase phrase;
	} fixed[] = {
		{ AXEV__WORDS_PAGE, { "第 # 页/共 # 页", "page # of #" } },
		{ AXEV__WORDS_SLICE,
		  { "第 # 幅/共 # 幅　像素行 # 至 #，全图 # 行", "slice # of #   pixel rows # to # of #" } },
		{ AXEV__WORDS_SLICE_DIGEST, { "全图 SHA-256　", "whole image, SHA-256  " } },
		{ AXEV__WORDS_SIGN, { "签名（盖章）：", "Signature:" } },
		{ AXEV__WORDS_DATE, { "　　　　年　　月　　日", "Date:                              " } },
	};
	struct axev__span agency = axev__span("", 0);
	size_t i;

	TRY(header_words(build, title, err));
	TRY(axev__doc_words(build->document, AXEV__WORDS_FOOTER_LEFT, axev__span_str(build->id_hex), err));
	TRY(axev__doc_words(build->document, AXEV__WORDS_LIMIT,
			    axev__span_str(axev__say(build, axev__honest_limit)), err));
	for (i = 0; i < AXEV__COUNT(fixed); i++)
		TRY(axev__doc_words(build->document, fixed[i].which,
				    axev__span_str(axev__say(build, fixed[i].phrase)), err));
	TRY(axev__doc_words(build->document, AXEV__WORDS_TITLE, axev__span_str(axev__say(build, title)),
			    err));
	axev__json_as_string(axev__json_get(build->case_values, "agency"), &agency);
	return axev__doc_words(build->document, AXEV__WORDS_AUTHOR, agency, err);
}

static int check_input(unsigned form, const struct axev__print_input *input, const char *lang,
		       axev_error *err)
{
	bool is_report = form == AXEV__FORM_REPORT;

	if (!is_report && (form == 0 || (form & ~(unsigned)ALL_FORMS) != 0))
		return axev__fail(err, AXEV_E_INVAL, "expected a form, found %u", form);
	if (!input || (is_report ? !input->report : !input->manifest || input->report))
		return axev__fail(err, AXEV_E_INVAL, "expected %s", is_report ? "a report" : "a manifest");
	if (lang && strcmp(lang, "zh") != 0 && strcmp(lang, "en") != 0)
		return axev__fail(err, AXEV_E_INVAL, "language: expected zh or en");
	return AXEV_OK;
}

static int build_forms(struct axev__form_build *build, unsigned form, axev_error *err)
{
	static const struct axev__phrase together = { "电子数据证据文书",
						      "Forms of Electronic Evidence" };
	size_t chosen = 0, i, first = 0;

	for (i = AXEV__COUNT(forms); i-- > 0;)
		if (form & forms[i].form) {
			chosen++;
			first = i;
		}
	TRY(page_words(build, chosen == 1 ? forms[first].title : together, err));
	for (i = 0; i < AXEV__COUNT(forms); i++) {
		if (!(form & forms[i].form))
			continue;
		if (i != first)
			TRY(axev__doc_break(build->document, err));
		TRY(forms[i].build(build, err));
	}
	return AXEV_OK;
}

int axev__print_form(enum axev__form form, const struct axev__print_input *input, const char *lang,
		     int out_fd, axev_error *err)
{
	AXEV__DOCUMENT document = { 0 };
	struct axev__form_build build = { .input = input, .document = &document };
	unsigned pages;

	TRY(check_input(form, input, lang, err));
	build.is_zh = !lang || strcmp(lang, "zh") == 0;
	document.lang = build.is_zh ? "zh-cn" : "en";
	find_case(&build);
	TRY(find_id(&build, err));
	TRY(find_instant(&build, err));
	TRY(build_forms(&build, form, err));
	return axev__print_pdf(&document, out_fd, &pages, err);
}
