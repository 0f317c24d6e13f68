/* SPDX-License-Identifier: Apache-2.0 */
#include "content/requests_index.h"

#include <stdlib.h>

#include "base/buf.h"
#include "base/limits.h"
#include "base/text.h"
#include "content/request_url.h"

#define UUID_BYTES 36

struct named {
	struct axev__span id, url; /* in the document; url empty: of no request */
	bool is_met;
};

struct axev__requests_index {
	axev__json *document;
	struct axev__buf named; /* struct named, sorted */
	struct axev__requests_counts counts;
};

static struct named *named_of(const struct axev__requests_index *index, size_t *ret_count)
{
	*ret_count = index->named.size / sizeof(struct named);
	return (struct named *)index->named.data;
}

/* ---- form ---- */

enum kind { TEXT, TIME, NUMBER, FLAG };

struct field {
	const char *key;
	enum kind kind;
	bool is_required;
};

static int check_field(const axev__json *object, const struct field *field, axev_error *err)
{
	struct axev__span text;
	uint64_t number;
	int64_t time_ns;
	bool flag;

	if (!field->is_required && !axev__json_get(object, field->key))
		return AXEV_OK;
	switch (field->kind) {
	case TEXT:
		return axev__json_string(object, field->key, &text, err);
	case TIME:
		return axev__json_time(object, field->key, &time_ns, err);
	case NUMBER:
		return axev__json_u64(object, field->key, &number, err);
	default:
		return axev__json_boolean(object, field->key, &flag, err);
	}
}

static int check_page(const axev__json *page, axev_error *err)
{
	static const char *const known[] = { "asked", "document_url", "error", "frame", "from", "initiator",
					     "initiator_url", "one_of", "resource_type", "told_by", NULL };
	static const struct field fields[] = {
		{ "asked", TIME, true },	  { "document_url", TEXT, false }, { "error", TEXT, false },
		{ "frame", TEXT, false },	  { "from", TEXT, false },	   { "initiator", TEXT, false },
		{ "initiator_url", TEXT, false }, { "one_of", NUMBER, false },	   { "resource_type", TEXT, false },
		{ "told_by", TEXT, true },
	};
	size_t i;

	TRY(axev__json_only(page, known, err));
	for (i = 0; i < AXEV__COUNT(fields); i++)
		TRY(check_field(page, &fields[i], err));
	return AXEV_OK;
}

static int name_record(struct axev__requests_index *index, const axev__json *id, struct axev__span url,
		       axev_error *err)
{
	struct named named = { .url = url };

	if (!axev__json_as_string(id, &named.id) || named.id.size != UUID_BYTES)
		return axev__fail(err, AXEV_E_FORMAT, "expected the UUID of a record");
	return axev__buf_append(&index->named, &named, sizeof(named), err);
}

static int read_request(struct axev__requests_index *index, const axev__json *row, axev_error *err)
{
	static const char *const known[] = { "answered", "browsers_own", "method", "net_error", "page",
					     "records", "started", "type", "url", NULL };
	static const struct field fields[] = {
		{ "answered", FLAG, true },  { "browsers_own", FLAG, false }, { "method", TEXT, true },
		{ "net_error", TEXT, false }, { "started", TIME, true },	  { "type", TEXT, true },
	};
	axev__json *records = axev__json_get(row, "records"), *page = axev__json_get(row, "page");
	struct axev__span url;
	size_t i;

	TRY(axev__json_only(row, known, err));
	TRY(axev__json_string(row, "url", &url, err));
	for (i = 0; i < AXEV__COUNT(fields); i++)
		TRY(check_field(row, &fields[i], err));
	if (records)
		TRY(axev__json_array(row, "records", &records, err));
	for (i = 0; i < axev__json_count(records); i++)
		TRY(name_record(index, axev__json_at(records, i), url, err));
	index->counts.records += i;
	if (page) {
		TRY(axev__json_object(row, "page", &page, err));
		TRY(check_page(page, err));
		index->counts.joined++;
	} else if (axev__json_get(row, "browsers_own"))
		index->counts.browsers_own++;
	else
		index->counts.log_only++;
	return AXEV_OK;
}

static int read_page_only(const axev__json *row, axev_error *err)
{
	static const char *const known[] = { "method", "page", "url", NULL };
	struct axev__span text;
	axev__json *page;

	TRY(axev__json_only(row, known, err));
	TRY(axev__json_string(row, "url", &text, err));
	TRY(axev__json_string(row, "method", &text, err));
	TRY(axev__json_object(row, "page", &page, err));
	return check_page(page, err);
}

static int read_rows(struct axev__requests_index *index, axev_error *err)
{
	axev__json *requests, *page_only, *others;
	size_t i;

	TRY(axev__json_array(index->document, "requests", &requests, err));
	TRY(axev__json_array(index->document, "page_only", &page_only, err));
	TRY(axev__json_array(index->document, "other_records", &others, err));
	for (i = 0; i < axev__json_count(requests); i++)
		TRY(axev__prefix(read_request(index, axev__json_at(requests, i), err), err, "requests[%zu]", i));
	for (i = 0; i < axev__json_count(page_only); i++)
		TRY(axev__prefix(read_page_only(axev__json_at(page_only, i), err), err, "page_only[%zu]", i));
	index->counts.page_only += i;
	for (i = 0; i < axev__json_count(others); i++)
		TRY(axev__prefix(name_record(index, axev__json_at(others, i), axev__span("", 0), err), err,
				 "other_records[%zu]", i));
	index->counts.other_records = i;
	return AXEV_OK;
}

static int read_document(struct axev__requests_index *index, axev_error *err)
{
	static const char *const known[] = { "format", "main_frame", "other_records", "page_only",
					     "page_only_not_kept", "requests", NULL };
	struct axev__span format, frame;

	TRY(axev__json_only(index->document, known, err));
	TRY(axev__json_string(index->document, "format", &format, err));
	if (!axev__span_is(format, "ax-wire-requests/1"))
		return axev__fail(err, AXEV_E_FORMAT, "expected the format ax-wire-requests/1");
	TRY(axev__json_string(index->document, "main_frame", &frame, err));
	TRY(axev__json_u64(index->document, "page_only_not_kept", &index->counts.page_only, err));
	return read_rows(index, err);
}

/* ---- records ---- */

static int by_id(const void *a, const void *b)
{
	return axev__span_compare(((const struct named *)a)->id, ((const struct named *)b)->id);
}

static int sort_records(struct axev__requests_index *index, axev_error *err)
{
	struct axev__shown shown;
	size_t count, i;
	struct named *named = named_of(index, &count);

	if (count)
		qsort(named, count, sizeof(*named), by_id);
	for (i = 1; i < count; i++)
		if (axev__span_equal(named[i - 1].id, named[i].id))
			return axev__fail(err, AXEV_E_INVALID, "record '%s' is named twice",
					  axev__show(&shown, named[i].id));
	return AXEV_OK;
}

int axev__requests_index_read(struct axev__span document, struct axev__requests_index **ret_index, axev_error *err)
{
	AXEV__REQUESTS_INDEX *index = calloc(1, sizeof(*index));

	if (!index)
		return axev__nomem(err);
	index->named = (struct axev__buf)AXEV__BUF_INIT(AXEV__MAX_REQUESTS_BYTES);
	TRY(axev__json_parse_canonical(document, &index->document, err));
	TRY(read_document(index, err));
	TRY(sort_records(index, err));
	*ret_index = axev__steal(index);
	return AXEV_OK;
}

void axev__requests_index_free(struct axev__requests_index *index)
{
	if (!index)
		return;
	axev__json_free(index->document);
	axev__buf_free(&index->named);
	free(index);
}

int axev__requests_index_met(struct axev__requests_index *index, const char *id, const char *target_uri,
			     axev_error *err)
{
	const struct named key = { .id = axev__span_str(id) };
	struct axev__shown shown;
	size_t count;
	struct named *named = named_of(index, &count);

	named = count ? bsearch(&key, named, count, sizeof(*named), by_id) : NULL;
	if (!named)
		return axev__fail(err, AXEV_E_INVALID, "record '%s' of the WARC is not named",
				  axev__show_str(&shown, id));
	if (named->is_met)
		return axev__fail(err, AXEV_E_INVALID, "record '%s' is twice in the WARC", axev__show_str(&shown, id));
	named->is_met = true;
	if (named->url.size && !axev__request_url_same(named->url, axev__span_str(target_uri)))
		return axev__fail(err, AXEV_E_INVALID, "record '%s' is from another address than its request",
				  axev__show_str(&shown, id));
	return AXEV_OK;
}

int axev__requests_index_end(const struct axev__requests_index *index, struct axev__requests_counts *ret_counts,
			     axev_error *err)
{
	struct axev__shown shown;
	size_t count, i;
	const struct named *named = named_of(index, &count);

	for (i = 0; i < count; i++)
		if (!named[i].is_met)
			return axev__fail(err, AXEV_E_INVALID, "record '%s' is named and not in the WARC",
					  axev__show(&shown, named[i].id));
	*ret_counts = index->counts;
	return AXEV_OK;
}
