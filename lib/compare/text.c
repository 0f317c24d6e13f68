/* SPDX-License-Identifier: Apache-2.0 */
/* The text as shown. */
#include "compare/compare.h"
#include "compare/lines.h"

static int read_text(const struct axev__compared *compared, struct axev__buf *text, bool *ret_has,
		     axev_error *err)
{
	struct axev__source source;

	TRY(axev__compared_object(compared, "data/text.txt", &source, ret_has, err));
	if (!*ret_has)
		return AXEV_OK;
	if (source.size > text->max)
		return axev__fail(err, AXEV_E_LIMIT, "text of more than %zu bytes", text->max);
	TRY(axev__buf_reserve(text, (size_t)source.size, err));
	TRY(axev__source_read(&source, 0, text->data, (size_t)source.size, err));
	text->size = (size_t)source.size;
	return AXEV_OK;
}

int axev__compare_text(struct axev__compare *compare, axev_error *err)
{
	AXEV__BUF a = AXEV__BUF_INIT(AXEV__MAX_PAGE_TEXT_BYTES);
	AXEV__BUF b = AXEV__BUF_INIT(AXEV__MAX_PAGE_TEXT_BYTES);
	AXEV__JSON *json = axev__json_new_object();
	bool has_a, has_b, is_same;

	TRY(read_text(compare->a, &a, &has_a, err));
	TRY(read_text(compare->b, &b, &has_b, err));
	if (!has_a || !has_b)
		return axev__compare_skip(compare, "text", "not both have one", err);
	TRY(axev__lines_compare(axev__buf_view(&a), axev__buf_view(&b), json, &is_same, err));
	compare->is_same = compare->is_same && is_same;
	return axev__json_set(compare->result, "text", axev__steal(json), err);
}
