/* SPDX-License-Identifier: Apache-2.0 */
#include "print/printable_web.h"

#include "base/text.h"
#include "print/form.h"

#define DNS "data/wire/dns.json"
#define TEXT "data/text.txt"
#define SUBJECT "data/subject.json"
#define REACH "data/reach.json"
#define RECHECK "data/recheck/comparison.json"
#define MAX_JSON_BYTES (16 * AXEV__MIB)
#define MAX_TEXT_BYTES (32 * AXEV__MIB) /* of the object; more is not looked into */

void axev__printable_web_close(struct axev__printable_web *web)
{
	axev__json_free(web->dns);
	axev__json_free(web->tls_proof);
	axev__json_free(web->subject);
	axev__json_free(web->reach);
	axev__json_free(web->reach_comparison);
	axev__buf_free(&web->text);
	memset(web, 0, sizeof(*web));
}

/* An object of the manifest with the digest it states; *ret_has false: not there, or larger than @out takes. */
static int read_object(const struct axev__printable *printable, const char *path, struct axev__buf *out,
		       bool *ret_has, axev_error *err)
{
	const struct axev__entry *entry = axev__container_find(printable->container, path);
	const axev__json *object = axev__form_object(printable->manifest, path);
	uint8_t expected[32], found[32];

	*ret_has = false;
	if (!entry || !object || entry->size_bytes > out->max)
		return AXEV_OK;
	TRY(axev__json_hex(object, "sha256", expected, sizeof(expected), err));
	TRY(axev__container_read(printable->container, entry, out, err));
	TRY(axev__sha256(out->data, out->size, found, err));
	if (memcmp(expected, found, sizeof(found)) != 0)
		return axev__fail(err, AXEV_E_INVALID,
				  "%s: expected the SHA-256 that the manifest states, found another", path);
	*ret_has = true;
	return AXEV_OK;
}

/* Whole bytes that do not say what is expected are no reason not to print: the form says that it could not read them. */
static int read_json(const struct axev__printable *printable, const char *path, const char *expected, axev__json **ret_json,
		     axev_error *err)
{
	AXEV__BUF bytes = AXEV__BUF_INIT(MAX_JSON_BYTES);
	AXEV__JSON *json = NULL;
	struct axev__span format;
	bool has;
	int status;

	TRY(read_object(printable, path, &bytes, &has, err));
	if (!has)
		return AXEV_OK;
	status = axev__json_parse(axev__buf_view(&bytes), &json, NULL);
	if (status == AXEV_E_NOMEM)
		return axev__nomem(err);
	if (status >= 0 && axev__json_as_string(axev__json_get(json, "format"), &format) &&
	    axev__span_is(format, expected))
		*ret_json = axev__steal(json);
	return AXEV_OK;
}

static int read_text(const struct axev__printable *printable, struct axev__printable_web *web,
		     axev_error *err)
{
	AXEV__BUF bytes = AXEV__BUF_INIT(MAX_TEXT_BYTES);
	struct axev__span all;
	size_t used = 0, length = 1;
	bool has;

	TRY(read_object(printable, TEXT, &bytes, &has, err));
	all = axev__buf_view(&bytes);
	while (has && used < all.size && length > 0 && used + 4 <= AXEV__MAX_PRINT_PAGE_TEXT) {
		length = axev__utf8_length(axev__span(all.data + used, all.size - used));
		used += length;
	}
	web->is_text_cut = used < all.size;
	return axev__buf_append(&web->text, all.data, used, err);
}

int axev__printable_web_open(const struct axev__printable *printable, struct axev__printable_web *ret_web,
			     axev_error *err)
{
	AXEV__PRINTABLE_WEB web = { .text = AXEV__BUF_INIT(AXEV__MAX_PRINT_PAGE_TEXT) };

	TRY(axev__printable_tls(printable, &web.tls_proof, err));
	TRY(read_json(printable, DNS, "ax-wire-dns/1", &web.dns, err));
	TRY(read_json(printable, SUBJECT, "ax-subject-found/1", &web.subject, err));
	TRY(read_json(printable, REACH, "ax-reach/1", &web.reach, err));
	TRY(read_json(printable, RECHECK, "ax-reach-comparison/1", &web.reach_comparison, err));
	TRY(read_text(printable, &web, err));
	*ret_web = web;
	memset(&web, 0, sizeof(web));
	return AXEV_OK;
}
