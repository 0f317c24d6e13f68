/* SPDX-License-Identifier: Apache-2.0 */
#include "print/print.h"

#include <stdio.h>

#include "base/text.h"
#include "crypto/digest.h"
#include "print/form.h"
#include "print/pdf.h"

#define PACKAGE_FORMS (AXEV__FORM_EXTRACTION | AXEV__FORM_LIST | AXEV__FORM_WEB | AXEV__FORM_CLEAN | \
		       AXEV__FORM_DISCLOSURE)

static const struct {
	unsigned form;
	struct axev__phrase title;
	int (*build)(struct axev__form_build *build, axev_error *err);
} forms[] = {
	{ AXEV__FORM_CONTENTS, { "卷宗证据目录", "Contents of the Bundle" }, axev__form_contents },
	{ AXEV__FORM_EXTRACTION, { "电子数据证据提取笔录", "Record of Extraction" },
	  axev__form_extraction },
	{ AXEV__FORM_DISCLOSURE, { "电子数据披露单", "Disclosure Sheet" }, axev__form_disclosure },
	{ AXEV__FORM_LIST, { "电子数据提取固定清单", "Fixation List" }, axev__form_list },
	{ AXEV__FORM_WEB, { "网页内容固定单", "Content Sheet of a Web Page" }, axev__form_web },
	{ AXEV__FORM_CLEAN, { "清洁性检查记录", "Record of Cleanliness Checks" }, axev__form_clean },
	{ AXEV__FORM_REPORT, { "核验报告", "Verification Report" }, axev__form_report },
	{ AXEV__FORM_COMPARISON, { "电子数据比对表", "Comparison of Two Captures" }, axev__form_comparison },
};

static int find_id(struct axev__form_build *build, axev_error *err)
{
	AXEV__BUF bytes = AXEV__BUF_INIT(AXEV__MAX_MANIFEST_BYTES);
	struct axev__span text;
	uint8_t id[32];

	if (build->input->comparison)
		return AXEV_OK; /* it has two */
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

/* Of the first that is printed. */
static int find_instant(struct axev__form_build *build, axev_error *err)
{
	static const char *const names[] = { "verified_at", "claimed", "not_after", "not_before" };
	const axev__json *times = axev__json_get(build->input->report, "times");
	static const char *const sides[] = { "a", "b" };
	int64_t ns = build->input->instant_ns, side_ns;
	axev__json *capture;
	size_t i;

	if (build->document->block_count > 0)
		return AXEV_OK;
	if (ns == 0 && build->input->manifest) {
		TRY(axev__json_object(build->input->manifest, "capture", &capture, err));
		TRY(axev__json_time(capture, "finished", &ns, err));
	}
	for (i = 0; ns == 0 && times && i < AXEV__COUNT(names); i++)
		if (axev__json_time(times, names[i], &ns, NULL) < 0)
			ns = 0;
	for (i = 0; i < AXEV__COUNT(sides); i++)
		if (axev__json_time(axev__json_get(build->input->comparison, sides[i]), "finished", &side_ns, NULL) == 0 &&
		    side_ns > ns)
			ns = side_ns;
	build->document->instant_ns = ns;
	return AXEV_OK;
}

/* ---- words of each page ---- */

static int begin_section(struct axev__form_build *build, struct axev__phrase title, axev_error *err)
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
	return axev__doc_section(build->document, axev__buf_view(&text),
				 axev__span_str(axev__say(build, title)), axev__span_str(build->id_hex),
				 err);
}

static int fixed_words(struct axev__form_build *build, axev_error *err)
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
		{ AXEV__WORDS_PAGE_SIGN, { "逐页签名：", "Initials:" } },
		{ AXEV__WORDS_SEAM, { "骑缝盖章处", "seal across pages" } },
		{ AXEV__WORDS_DATE, { "　　　　年　　月　　日", "Date:                              " } },
	};
	size_t i;

	TRY(axev__doc_words(build->document, AXEV__WORDS_LIMIT,
			    axev__span_str(axev__say(build, axev__honest_limit)), err));
	for (i = 0; i < AXEV__COUNT(fixed); i++)
		TRY(axev__doc_words(build->document, fixed[i].which,
				    axev__span_str(axev__say(build, fixed[i].phrase)), err));
	return AXEV_OK;
}

/* Title and author of the PDF: of the one form in it, or of several. */
static int metadata(struct axev__form_build *build, size_t chosen, struct axev__phrase title,
		    axev_error *err)
{
	static const struct axev__phrase together = { "电子数据证据文书",
						      "Forms of Electronic Evidence" };
	struct axev__document *document = build->document;
	struct axev__span agency = axev__span("", 0);
	bool is_first = document->block_count == 0;

	if (!is_first || chosen != 1)
		title = together;
	TRY(axev__doc_words(document, AXEV__WORDS_TITLE, axev__span_str(axev__say(build, title)), err));
	if (!is_first && document->words[AXEV__WORDS_AUTHOR] && *document->words[AXEV__WORDS_AUTHOR])
		return AXEV_OK;
	axev__json_as_string(axev__json_get(build->case_values, "agency"), &agency);
	return axev__doc_words(document, AXEV__WORDS_AUTHOR, agency, err);
}

static int check_input(unsigned form, const struct axev__print_input *input, const char *lang,
		       axev_error *err)
{
	bool is_report = form == AXEV__FORM_REPORT, is_comparison = form == AXEV__FORM_COMPARISON;
	bool is_alone = is_report || is_comparison || form == AXEV__FORM_CONTENTS;

	if (!is_alone && (form == 0 || (form & ~(unsigned)PACKAGE_FORMS) != 0))
		return axev__fail(err, AXEV_E_INVAL, "expected a form, found %u", form);
	if (!input || (is_report     ? !input->report :
		       is_comparison ? !input->comparison :
				       !input->manifest || input->report))
		return axev__fail(err, AXEV_E_INVAL, "expected %s",
				  is_report	? "a report" :
				  is_comparison ? "a comparison" :
						  "a manifest");
	if ((form & AXEV__FORM_DISCLOSURE) && !input->original)
		return axev__fail(err, AXEV_E_INVAL, "expected the manifest of the original");
	if (lang && strcmp(lang, "zh") != 0 && strcmp(lang, "en") != 0)
		return axev__fail(err, AXEV_E_INVAL, "language: expected zh or en");
	return AXEV_OK;
}

static int build_forms(struct axev__form_build *build, unsigned form, axev_error *err)
{
	size_t chosen = 0, i, first = 0;

	for (i = AXEV__COUNT(forms); i-- > 0;)
		if (form & forms[i].form) {
			chosen++;
			first = i;
		}
	TRY(metadata(build, chosen, forms[first].title, err));
	for (i = 0; i < AXEV__COUNT(forms); i++) {
		if (!(form & forms[i].form))
			continue;
		TRY(begin_section(build, forms[i].title, err));
		TRY(forms[i].build(build, err));
	}
	return AXEV_OK;
}

int axev__print_add(struct axev__document *document, unsigned form,
		    const struct axev__print_input *input, const char *lang, axev_error *err)
{
	struct axev__form_build build = { .input = input, .document = document };

	TRY(check_input(form, input, lang, err));
	build.is_zh = !lang || strcmp(lang, "zh") == 0;
	document->lang = build.is_zh ? "zh-cn" : "en";
	find_case(&build);
	TRY(find_id(&build, err));
	TRY(find_instant(&build, err));
	TRY(fixed_words(&build, err));
	return build_forms(&build, form, err);
}

int axev__print_form(unsigned form, const struct axev__print_input *input, const char *lang, int out_fd,
		     axev_error *err)
{
	AXEV__DOCUMENT document = { 0 };
	unsigned pages;

	TRY(axev__print_add(&document, form, input, lang, err));
	return axev__print_pdf(&document, out_fd, &pages, err);
}
