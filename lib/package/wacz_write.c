/* SPDX-License-Identifier: Apache-2.0 */
#include "package/wacz_write.h"

#include <errno.h>
#include <stdio.h>
#include <unistd.h>

#include <ax_evidence/version.h>

#include "base/path.h"
#include "base/source.h"
#include "base/text.h"
#include "base/time.h"
#include "content/cdxj.h"
#include "package/container_write.h"
#include "package/layout.h"

struct writer {
	struct axev__container_writer *zip; /* lent */
	axev__json *resources;              /* lent */
};

static int set_hash(axev__json *object, const uint8_t digest[32], axev_error *err)
{
	char text[8 + 2 * 32] = "sha256:";

	axev__hex(text + 7, digest, 32);
	return axev__json_set_str(object, "hash", text, err);
}

static int list(struct writer *writer, const char *path, const struct axev__digests *digests,
		axev_error *err)
{
	AXEV__JSON *row = axev__json_new_object();

	TRY(axev__json_set_string(row, "name", axev__base_name(axev__span_str(path)), err));
	TRY(axev__json_set_str(row, "path", path, err));
	TRY(axev__json_set_u64(row, "bytes", digests->size_bytes, err));
	TRY(set_hash(row, digests->sha256, err));
	return axev__json_append(writer->resources, axev__steal(row), err);
}

static int add_listed(struct writer *writer, const char *path, const struct axev__buf *content,
		      axev_error *err)
{
	struct axev__digests digests;

	TRY(axev__container_add(writer->zip, path, axev__buf_view(content), &digests, err));
	return list(writer, path, &digests, err);
}

static int add_warc(struct writer *writer, int warc_fd, const struct axev__source *warc,
		    const axev_env *env, axev_error *err)
{
	struct axev__digests digests;

	if (lseek(warc_fd, 0, SEEK_SET) < 0)
		return axev__fail_errno(err, errno, "cannot go to the start of the WARC file");
	TRY(axev__container_add_fd(writer->zip, AXEV__WACZ_WARC, warc_fd, warc->size, env, &digests,
				   err));
	return list(writer, AXEV__WACZ_WARC, &digests, err);
}

static int add_index(struct writer *writer, const struct axev__source *warc, axev_error *err)
{
	AXEV__BUF index = AXEV__BUF_INIT(AXEV__MAX_CDXJ_BYTES);

	TRY(axev__cdxj_from_warc(warc, &index, err));
	return add_listed(writer, AXEV__WACZ_INDEX, &index, err);
}

/* ---- pages ---- */

static int put_json_line(struct axev__buf *out, const axev__json *value, axev_error *err)
{
	TRY(axev__json_canonical(value, out, err));
	return axev__buf_byte(out, '\n', err);
}

static int put_page(struct axev__buf *out, const struct axev__wacz_page *page, axev_error *err)
{
	AXEV__JSON *line = axev__json_new_object();
	char time[AXEV__RFC3339_S_SIZE];

	if (!page->id || !page->url)
		return axev__fail(err, AXEV_E_INVAL, "a page needs an identifier and a URL");
	axev__rfc3339_seconds(time, page->time_ns);
	TRY(axev__json_set_str(line, "id", page->id, err));
	TRY(axev__json_set_str(line, "url", page->url, err));
	TRY(axev__json_set_str(line, "ts", time, err));
	if (page->title)
		TRY(axev__json_set_str(line, "title", page->title, err));
	if (page->text)
		TRY(axev__json_set_str(line, "text", page->text, err));
	return put_json_line(out, line, err);
}

static int add_pages(struct writer *writer, const struct axev__wacz_about *about, axev_error *err)
{
	AXEV__BUF pages = AXEV__BUF_INIT(AXEV__MAX_WACZ_PAGES_BYTES);
	size_t i;

	TRY(axev__buf_str(&pages, AXEV__WACZ_PAGES_HEADER, err));
	for (i = 0; i < about->page_count; i++)
		TRY(axev__prefix(put_page(&pages, &about->pages[i], err), err, "page %zu", i + 1));
	return add_listed(writer, AXEV__WACZ_PAGES, &pages, err);
}

/* ---- datapackage ---- */

static int describe(axev__json *package, const struct axev__wacz_about *about, axev_error *err)
{
	char time[AXEV__RFC3339_S_SIZE], software[64];

	/* Without a fraction: validators compare this text with times that have none. */
	axev__rfc3339_seconds(time, about->created_ns);
	snprintf(software, sizeof(software), "ax_evidence %s", axev_version());
	TRY(axev__json_set_str(package, "profile", "data-package", err));
	TRY(axev__json_set_str(package, "wacz_version", "1.1.1", err));
	TRY(axev__json_set_str(package, "software", software, err));
	TRY(axev__json_set_str(package, "created", time, err));
	if (about->title)
		TRY(axev__json_set_str(package, "title", about->title, err));
	TRY(axev__json_set_str(package, "mainPageUrl", about->pages[0].url, err));
	axev__rfc3339_seconds(time, about->pages[0].time_ns);
	return axev__json_set_str(package, "mainPageDate", time, err);
}

static int add_digest(struct writer *writer, const struct axev__digests *package, axev_error *err)
{
	AXEV__BUF bytes = AXEV__BUF_INIT(AXEV__MAX_DATAPACKAGE_BYTES);
	AXEV__JSON *digest = axev__json_new_object();

	TRY(axev__json_set_str(digest, "path", AXEV__WACZ_PACKAGE, err));
	TRY(set_hash(digest, package->sha256, err));
	TRY(axev__json_canonical(digest, &bytes, err));
	return axev__container_add(writer->zip, AXEV__WACZ_DIGEST, axev__buf_view(&bytes), NULL, err);
}

static int add_datapackage(struct writer *writer, const struct axev__wacz_about *about,
			   axev_error *err)
{
	AXEV__BUF bytes = AXEV__BUF_INIT(AXEV__MAX_DATAPACKAGE_BYTES);
	AXEV__JSON *package = axev__json_new_object();
	struct axev__digests digests;

	TRY(describe(package, about, err));
	TRY(axev__json_set(package, "resources", axev__json_copy(writer->resources), err));
	TRY(axev__json_canonical(package, &bytes, err));
	TRY(axev__container_add(writer->zip, AXEV__WACZ_PACKAGE, axev__buf_view(&bytes), &digests, err));
	return add_digest(writer, &digests, err);
}

static int write_wacz(int out_fd, int warc_fd, const struct axev__wacz_about *about,
		      const axev_env *env, axev_error *err)
{
	AXEV__CONTAINER *zip = NULL;
	AXEV__JSON *resources = axev__json_new_array();
	struct writer writer = { .resources = resources };
	struct axev__source warc;

	if (about->page_count == 0 || about->page_count > AXEV__MAX_WACZ_PAGES)
		return axev__fail(err, AXEV_E_INVAL, "expected 1 to %d pages, found %zu",
				  AXEV__MAX_WACZ_PAGES, about->page_count);
	TRY(axev__source_file(warc_fd, &warc, err));
	TRY(axev__wacz_new(out_fd, &zip, err));
	writer.zip = zip;
	TRY(add_warc(&writer, warc_fd, &warc, env, err));
	TRY(add_index(&writer, &warc, err));
	TRY(add_pages(&writer, about, err));
	TRY(add_datapackage(&writer, about, err));
	return axev__part_finish(zip, err);
}

int axev__wacz_write(int out_fd, int warc_fd, const struct axev__wacz_about *about,
		     const axev_env *env, axev_error *err)
{
	return axev__prefix(write_wacz(out_fd, warc_fd, about, env, err), err, "WACZ");
}
