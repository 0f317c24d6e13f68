/* SPDX-License-Identifier: Apache-2.0 */
#include "package/wacz_read.h"

#include "base/json.h"
#include "base/path.h"
#include "base/text.h"
#include "base/time.h"
#include "content/cdxj.h"
#include "content/warc_payload.h"
#include "package/layout.h"

static const struct axev__entry *entry_of(const struct axev__container *wacz, const char *name)
{
	return axev__container_find(wacz, name); /* the layout has it */
}

static int read_json(const struct axev__container *wacz, const char *name, axev__json **ret_value,
		     axev_error *err)
{
	AXEV__BUF bytes = AXEV__BUF_INIT(AXEV__MAX_DATAPACKAGE_BYTES);

	TRY(axev__container_read(wacz, entry_of(wacz, name), &bytes, err));
	return axev__json_parse_canonical(axev__buf_view(&bytes), ret_value, err);
}

/* ---- hashes ---- */

static int check_hash(const axev__json *object, const struct axev__entry *entry, axev_error *err)
{
	struct axev__span stated;
	uint8_t sha256[32];

	TRY(axev__json_string(object, "hash", &stated, err));
	if (!axev__span_starts(stated, "sha256:") ||
	    !axev__unhex(sha256, 32, axev__span(stated.data + 7, stated.size - 7)))
		return axev__fail(err, AXEV_E_FORMAT, "member 'hash': expected sha256: and 64 digits");
	if (memcmp(sha256, entry->sha256, 32) != 0)
		return axev__fail(err, AXEV_E_INVALID, "entry '%s': its SHA-256 is not the one listed",
				  entry->name);
	return AXEV_OK;
}

static int expect_text(const axev__json *object, const char *key, struct axev__span expected,
		       axev_error *err)
{
	struct axev__span found;
	struct axev__shown wanted, shown;

	TRY(axev__json_string(object, key, &found, err));
	if (!axev__span_equal(found, expected))
		return axev__fail(err, AXEV_E_FORMAT, "member '%s': expected '%s', found '%s'", key,
				  axev__show(&wanted, expected), axev__show(&shown, found));
	return AXEV_OK;
}

static int check_digest(const struct axev__container *wacz, axev_error *err)
{
	static const char *const known[] = { "hash", "path", NULL };
	AXEV__JSON *digest = NULL;

	TRY(read_json(wacz, AXEV__WACZ_DIGEST, &digest, err));
	TRY(axev__json_only(digest, known, err));
	TRY(expect_text(digest, "path", axev__span_str(AXEV__WACZ_PACKAGE), err));
	return check_hash(digest, entry_of(wacz, AXEV__WACZ_PACKAGE), err);
}

static int check_resource(const struct axev__container *wacz, const axev__json *row, const char *path,
			  axev_error *err)
{
	static const char *const known[] = { "bytes", "hash", "name", "path", NULL };
	const struct axev__entry *entry = entry_of(wacz, path);
	uint64_t size_bytes;

	TRY(axev__json_only(row, known, err));
	TRY(expect_text(row, "path", axev__span_str(path), err));
	TRY(expect_text(row, "name", axev__base_name(axev__span_str(path)), err));
	TRY(axev__json_u64(row, "bytes", &size_bytes, err));
	if (size_bytes != entry->size_bytes)
		return axev__fail(err, AXEV_E_INVALID, "entry '%s': expected %llu bytes, found %llu",
				  path, (unsigned long long)size_bytes,
				  (unsigned long long)entry->size_bytes);
	return check_hash(row, entry, err);
}

static bool is_whole_second(struct axev__span text)
{
	char found[AXEV__RFC3339_S_SIZE];
	int64_t time_ns;

	if (!axev__parse_time_argument(text, &time_ns))
		return false;
	axev__rfc3339_seconds(found, time_ns);
	return axev__span_is(text, found);
}

static int check_members(const axev__json *package, axev_error *err)
{
	static const char *const known[] = { "created", "mainPageDate", "mainPageUrl", "profile",
					     "resources", "software", "title", "wacz_version", NULL };
	static const char *const times[] = { "created", "mainPageDate" };
	struct axev__span text;
	size_t i;

	TRY(axev__json_only(package, known, err));
	TRY(expect_text(package, "profile", axev__span_str("data-package"), err));
	TRY(expect_text(package, "wacz_version", axev__span_str("1.1.1"), err));
	TRY(axev__json_string(package, "software", &text, err));
	TRY(axev__json_string(package, "mainPageUrl", &text, err));
	for (i = 0; i < AXEV__COUNT(times); i++) {
		TRY(axev__json_string(package, times[i], &text, err));
		if (!is_whole_second(text))
			return axev__fail(err, AXEV_E_FORMAT,
					  "member '%s': expected a time in whole seconds with Z",
					  times[i]);
	}
	return AXEV_OK;
}

static int check_resources(const struct axev__container *wacz, axev_error *err)
{
	static const char *const paths[] = { AXEV__WACZ_WARC, AXEV__WACZ_INDEX, AXEV__WACZ_PAGES };
	AXEV__JSON *package = NULL;
	axev__json *rows;
	size_t i;

	TRY(read_json(wacz, AXEV__WACZ_PACKAGE, &package, err));
	TRY(check_members(package, err));
	TRY(axev__json_array(package, "resources", &rows, err));
	if (axev__json_count(rows) != AXEV__COUNT(paths))
		return axev__fail(err, AXEV_E_FORMAT, "expected %zu resources, found %zu",
				  AXEV__COUNT(paths), axev__json_count(rows));
	for (i = 0; i < AXEV__COUNT(paths); i++)
		TRY(axev__prefix(check_resource(wacz, axev__json_at(rows, i), paths[i], err), err,
				 "resources[%zu]", i));
	return AXEV_OK;
}

int axev__wacz_check_package(const struct axev__container *wacz, axev_error *err)
{
	TRY(axev__prefix(check_digest(wacz, err), err, "%s", AXEV__WACZ_DIGEST));
	return axev__prefix(check_resources(wacz, err), err, "%s", AXEV__WACZ_PACKAGE);
}

/* ---- pages ---- */

struct page {
	struct axev__span url; /* in the values */
	int64_t second;
	bool is_there;
};

struct pages {
	struct axev__buf rows; /* struct page */
	axev__json *values;    /* the lines */
};

static void free_pages(struct pages *pages)
{
	axev__buf_free(&pages->rows);
	axev__json_free(pages->values);
}

static int read_page(struct pages *pages, struct axev__span line, axev_error *err)
{
	static const char *const known[] = { "id", "text", "title", "ts", "url", NULL };
	AXEV__JSON *value = NULL;
	struct axev__span text;
	struct page page = { .is_there = false };
	int64_t time_ns;

	TRY(axev__json_parse_canonical(line, &value, err));
	TRY(axev__json_only(value, known, err));
	TRY(axev__json_string(value, "id", &text, err));
	TRY(axev__json_string(value, "url", &page.url, err));
	TRY(axev__json_string(value, "ts", &text, err));
	if (!is_whole_second(text) || !axev__parse_time_argument(text, &time_ns))
		return axev__fail(err, AXEV_E_FORMAT,
				  "member 'ts': expected a time in whole seconds with Z");
	page.second = time_ns / AXEV__NS_PER_SECOND;
	TRY(axev__json_append(pages->values, axev__steal(value), err));
	return axev__buf_append(&pages->rows, &page, sizeof(page), err);
}

static int read_pages(const struct axev__container *wacz, struct pages *pages, axev_error *err)
{
	static const char header[] = AXEV__WACZ_PAGES_HEADER;
	AXEV__BUF bytes = AXEV__BUF_INIT(AXEV__MAX_WACZ_PAGES_BYTES);
	struct axev__span rest;
	size_t number;

	TRY(axev__container_read(wacz, entry_of(wacz, AXEV__WACZ_PAGES), &bytes, err));
	rest = axev__buf_view(&bytes);
	if (!axev__span_starts(rest, header))
		return axev__fail(err, AXEV_E_FORMAT, "expected the header line first");
	rest = axev__span(rest.data + sizeof(header) - 1, rest.size - (sizeof(header) - 1));
	for (number = 1; rest.size; number++) {
		const uint8_t *end = memchr(rest.data, '\n', rest.size);
		size_t length = end ? (size_t)(end - rest.data) : 0;

		if (!end)
			return axev__fail(err, AXEV_E_FORMAT, "expected a line break at the end");
		TRY(axev__prefix(read_page(pages, axev__span(rest.data, length), err), err, "page %zu",
				 number));
		rest = axev__span(end + 1, rest.size - length - 1);
	}
	if (pages->rows.size == 0)
		return axev__fail(err, AXEV_E_FORMAT, "expected at least one page");
	return AXEV_OK;
}

static void find_pages(struct pages *pages, const struct axev__warc_record *record)
{
	struct page *rows = (struct page *)pages->rows.data;
	size_t i;

	for (i = 0; record->target_uri && i < pages->rows.size / sizeof(*rows); i++)
		if (rows[i].second == record->date_ns / AXEV__NS_PER_SECOND &&
		    axev__span_is(rows[i].url, record->target_uri))
			rows[i].is_there = true;
}

static int expect_pages(const struct pages *pages, axev_error *err)
{
	const struct page *rows = (const struct page *)pages->rows.data;
	struct axev__shown shown;
	size_t i;

	for (i = 0; i < pages->rows.size / sizeof(*rows); i++)
		if (!rows[i].is_there)
			return axev__fail(err, AXEV_E_INVALID,
					  "page %zu: no record has its URL '%s' and time", i + 1,
					  axev__show(&shown, rows[i].url));
	return AXEV_OK;
}

/* ---- records ---- */

static int check_record(const struct axev__source *warc, const struct axev__warc_view *view,
			axev_error *err)
{
	uint8_t sha256[32];

	TRY(axev__warc_hash(warc, view->block_offset, view->block_bytes, sha256, err));
	if (memcmp(sha256, view->block_sha256, 32) != 0)
		return axev__fail_at(err, AXEV_E_INVALID, view->block_offset,
				     "its block does not have the digest that it states");
	if (!view->record.payload_sha256)
		return AXEV_OK;
	TRY(axev__warc_payload_sha256(warc, view, sha256, err));
	if (memcmp(sha256, view->record.payload_sha256, 32) != 0)
		return axev__fail_at(err, AXEV_E_INVALID, view->block_offset,
				     "its payload does not have the digest that it states");
	return AXEV_OK;
}

static struct axev__source warc_of(const struct axev__container *wacz)
{
	const struct axev__entry *entry = entry_of(wacz, AXEV__WACZ_WARC);

	return axev__source_window(axev__container_source(wacz), entry->offset, entry->size_bytes);
}

static int check_warc(const struct axev__source *warc, struct pages *pages, const axev_env *env,
		      struct axev__wacz_counts *counts, axev_error *err)
{
	AXEV__WARC_READER reader;
	struct axev__warc_view view;
	bool found;

	axev__warc_reader_init(&reader, warc);
	for (;;) {
		TRY(axev__warc_next(&reader, &view, &found, err));
		if (!found)
			return AXEV_OK;
		TRY(axev__prefix(check_record(warc, &view, err), err, "WARC record %llu",
				 (unsigned long long)reader.count));
		find_pages(pages, &view.record);
		counts->records++;
		counts->payloads += view.record.payload_sha256 != NULL;
		counts->masked += view.record.is_masked;
		TRY(axev__progress(env, "verify", NULL, reader.next, warc->size, err));
	}
}

int axev__wacz_check_records(const struct axev__container *wacz, const axev_env *env,
			     struct axev__wacz_counts *ret_counts, axev_error *err)
{
	AXEV__CLEANUP(free_pages) struct pages pages = {
		.rows = AXEV__BUF_INIT(AXEV__MAX_WACZ_PAGES * sizeof(struct page)),
		.values = axev__json_new_array(),
	};
	struct axev__source warc = warc_of(wacz);
	struct axev__wacz_counts counts = { 0 };

	TRY(axev__prefix(read_pages(wacz, &pages, err), err, "%s", AXEV__WACZ_PAGES));
	TRY(axev__prefix(check_warc(&warc, &pages, env, &counts, err), err, "%s", AXEV__WACZ_WARC));
	TRY(axev__prefix(expect_pages(&pages, err), err, "%s", AXEV__WACZ_PAGES));
	counts.pages = pages.rows.size / sizeof(struct page);
	*ret_counts = counts;
	return AXEV_OK;
}

/* ---- the index ---- */

static unsigned long long line_of(const struct axev__buf *text, size_t at)
{
	unsigned long long line = 1;
	size_t i;

	for (i = 0; i < at; i++)
		line += text->data[i] == '\n';
	return line;
}

static int check_index(const struct axev__container *wacz, axev_error *err)
{
	AXEV__BUF expected = AXEV__BUF_INIT(AXEV__MAX_CDXJ_BYTES);
	AXEV__BUF found = AXEV__BUF_INIT(AXEV__MAX_CDXJ_BYTES);
	struct axev__source warc = warc_of(wacz);
	size_t i = 0;

	TRY(axev__cdxj_from_warc(&warc, &expected, err));
	TRY(axev__container_read(wacz, entry_of(wacz, AXEV__WACZ_INDEX), &found, err));
	if (axev__span_equal(axev__buf_view(&expected), axev__buf_view(&found)))
		return AXEV_OK;
	while (i < expected.size && i < found.size && expected.data[i] == found.data[i])
		i++;
	return axev__fail(err, AXEV_E_INVALID, "line %llu is not what the WARC gives", line_of(&found, i));
}

int axev__wacz_check_index(const struct axev__container *wacz, axev_error *err)
{
	return axev__prefix(check_index(wacz, err), err, "%s", AXEV__WACZ_INDEX);
}
