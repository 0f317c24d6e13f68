/* SPDX-License-Identifier: Apache-2.0 */
#include "print/printable.h"

#include <stdio.h>

#include "base/text.h"
#include "crypto/cades.h"
#include "crypto/tsp.h"
#include "crypto/x509.h"
#include "package/manifest.h"
#include "package/record_set.h"
#include "print/job.h"
#include "print/printable_web.h"
#include "verify/disclosed.h"

#define SCREENSHOT "data/screenshot.png"
#define MAX_FACTS_BYTES (64 * AXEV__MIB)

void axev__printable_close(struct axev__printable *printable)
{
	axev__json_free(printable->signatures);
	axev__json_free(printable->parts);
	axev__json_free(printable->facts);
	axev__json_free(printable->manifest);
	axev__container_close(printable->container);
	memset(printable, 0, sizeof(*printable));
}

/* ---- manifest, facts, parts ---- */

static int read_entry(const struct axev__container *container, const char *name, struct axev__buf *out,
		      axev_error *err)
{
	const struct axev__entry *entry = axev__container_find(container, name);

	if (!entry)
		return axev__fail(err, AXEV_E_FORMAT, "%s: not in the container", name);
	return axev__container_read(container, entry, out, err);
}

int axev__printable_manifest(const struct axev__container *container, axev__json **ret_manifest,
			     axev_error *err)
{
	AXEV__BUF bytes = AXEV__BUF_INIT(AXEV__MAX_MANIFEST_BYTES);

	TRY(read_entry(container, "data/evidence.json", &bytes, err));
	return axev__manifest_read(axev__buf_view(&bytes), ret_manifest, err);
}

/* Facts may be withheld; those that are there must be the ones the manifest binds. */
static int read_facts(struct axev__printable *printable, axev_error *err)
{
	AXEV__BUF bytes = AXEV__BUF_INIT(MAX_FACTS_BYTES);
	const axev__json *bound = axev__json_get(printable->manifest, "facts");
	uint8_t expected[32], root[32];
	uint64_t records;

	if (!bound || !axev__container_find(printable->container, "data/facts.json"))
		return AXEV_OK;
	TRY(axev__json_hex(bound, "root", expected, sizeof(expected), err));
	TRY(read_entry(printable->container, "data/facts.json", &bytes, err));
	TRY(axev__facts_read(axev__buf_view(&bytes), &printable->facts, root, &records, err));
	if (memcmp(expected, root, sizeof(root)) != 0)
		return axev__fail(err, AXEV_E_INVALID, "data/facts.json: expected the root that the manifest "
						       "states, found another");
	return AXEV_OK;
}

static int read_part(const struct axev__container *container, const axev__json *row,
		     axev__json **ret_index, axev_error *err)
{
	AXEV__BUF bytes = AXEV__BUF_INIT(AXEV__MAX_PART_INDEX_BYTES);
	char name[AXEV__MAX_ENTRY_NAME + 1];
	uint8_t expected[32], found[32];
	struct axev__span path;

	TRY(axev__json_string(row, "index", &path, err));
	snprintf(name, sizeof(name), "%.*s", (int)path.size, (const char *)path.data);
	TRY(axev__json_hex(row, "index_sha256", expected, sizeof(expected), err));
	TRY(read_entry(container, name, &bytes, err));
	TRY(axev__sha256(bytes.data, bytes.size, found, err));
	if (memcmp(expected, found, sizeof(found)) != 0)
		return axev__fail(err, AXEV_E_INVALID, "%s: expected the SHA-256 that the manifest states, "
						       "found another",
				  name);
	return axev__json_parse_canonical(axev__buf_view(&bytes), ret_index, err);
}

static int read_parts(struct axev__printable *printable, axev_error *err)
{
	const axev__json *rows = axev__json_get(printable->manifest, "parts");
	uint64_t total = axev__json_count(axev__json_get(printable->manifest, "objects")), objects;
	AXEV__JSON *list = axev__json_new_array();
	size_t i;

	for (i = 0; i < axev__json_count(rows); i++) {
		TRY(axev__json_u64(axev__json_at(rows, i), "objects", &objects, err));
		if (!axev__add_u64(total, objects, &total) || total > AXEV__MAX_PRINT_OBJECTS)
			return AXEV_OK; /* the form says that they are not listed */
	}
	for (i = 0; i < axev__json_count(rows); i++) {
		axev__json *index = NULL;

		TRY(read_part(printable->container, axev__json_at(rows, i), &index, err));
		TRY(axev__json_append(list, index, err));
	}
	printable->parts = axev__steal(list);
	return printable->parts ? AXEV_OK : axev__nomem(err);
}

/* ---- signatures ---- */

static int set_token(axev__json *json, const struct axev__cades *cades, struct axev__span token_der,
		     struct axev__printable *printable, axev_error *err)
{
	AXEV__TOKEN token = { 0 };
	struct axev__cert_info info;
	uint8_t imprint[32];

	TRY(axev__token_read(token_der, &token, err));
	TRY(axev__sha256(cades->signature.data, cades->signature.size, imprint, err));
	if (memcmp(imprint, token.imprint, sizeof(imprint)) != 0)
		return axev__fail(err, AXEV_E_INVALID, "the time-stamp is not over this signature");
	TRY(axev__cert_info(axev__cert_at(&token.path, 0), &info, err));
	TRY(axev__json_set_time(json, "stamped", token.gen_time_ns, err));
	TRY(axev__json_set_str(json, "authority", info.subject, err));
	TRY(axev__json_set_bool(json, "is_embedded", token.is_embedded, err));
	TRY(axev__json_set_bool(json, "is_late", cades->token.size == 0, err));
	if (printable->time != AXEV__PRINT_TIME_PENDING && token.is_embedded)
		printable->time = AXEV__PRINT_TIME_EMBEDDED;
	else if (printable->time == AXEV__PRINT_TIME_UNKNOWN)
		printable->time = AXEV__PRINT_TIME_AUTHORITY;
	return AXEV_OK;
}

static int read_signature(struct axev__printable *printable, unsigned number,
			  const struct axev__entry *entry, struct axev__span late_token,
			  axev__json **ret_json, axev_error *err)
{
	AXEV__BUF der = AXEV__BUF_INIT(AXEV__MAX_DER_BYTES);
	AXEV__CADES cades = { 0 };
	AXEV__JSON *json = axev__json_new_object();
	struct axev__cert_info info;
	struct axev__span token;

	TRY(axev__container_read(printable->container, entry, &der, err));
	TRY(axev__cades_parse(axev__buf_view(&der), &cades, err));
	TRY(axev__cert_info(axev__cert_at(&cades.certs, 0), &info, err));
	TRY(axev__json_set_u64(json, "number", number, err));
	TRY(axev__json_set_str(json, "subject", info.subject, err));
	TRY(axev__json_set_str(json, "issuer", info.issuer, err));
	TRY(axev__json_set_hex(json, "sha256", info.sha256, sizeof(info.sha256), err));
	token = cades.token.size || number != 1 ? cades.token : late_token;
	if (token.size > 0)
		TRY(set_token(json, &cades, token, printable, err));
	else
		printable->time = AXEV__PRINT_TIME_PENDING;
	*ret_json = axev__steal(json);
	return AXEV_OK;
}

static int read_signatures(struct axev__printable *printable, struct axev__span late_token,
			   axev_error *err)
{
	unsigned number;

	printable->signatures = axev__json_new_array();
	for (number = 1; number <= AXEV__MAX_SIGNATURES; number++) {
		const struct axev__entry *entry;
		axev__json *one = NULL;
		char name[64];

		snprintf(name, sizeof(name), "META-INF/signature%03u.p7s", number);
		entry = axev__container_find(printable->container, name);
		if (!entry)
			break;
		TRY(axev__prefix(read_signature(printable, number, entry, late_token, &one, err), err,
				 "%s", name));
		TRY(axev__json_append(printable->signatures, one, err));
	}
	return AXEV_OK;
}

/* ---- the whole ---- */

int axev__printable_entry(axev__json *ledger, uint64_t index, struct axev__span entry, axev_error *err)
{
	AXEV__JSON *row = axev__json_new_object();
	axev__json *parsed = NULL;

	TRY(axev__json_parse_canonical(entry, &parsed, err));
	TRY(axev__json_set(row, "entry", parsed, err));
	TRY(axev__json_set_u64(row, "index", index, err));
	return axev__json_append(ledger, axev__steal(row), err);
}

int axev__printable_open(const struct axev__source *source, const struct axev__print_beside *beside,
			 struct axev__printable *ret_printable, axev_error *err)
{
	AXEV__PRINTABLE printable = { .ledger = beside->ledger };

	TRY(axev__container_open(source, &printable.container, err));
	TRY(axev__printable_manifest(printable.container, &printable.manifest, err));
	TRY(read_facts(&printable, err));
	TRY(read_parts(&printable, err));
	TRY(read_signatures(&printable, beside->late_token, err));
	*ret_printable = printable;
	memset(&printable, 0, sizeof(printable));
	return AXEV_OK;
}

/* ---- forms ---- */

/* What an attestation or a disclosure holds is listed; there was no capture to record. */
static unsigned forms_of(const axev__json *manifest)
{
	struct axev__span kind = axev__span("", 0);

	axev__json_as_string(axev__json_get(manifest, "kind"), &kind);
	if (axev__span_is(kind, "disclosure"))
		return AXEV__FORM_DISCLOSURE | AXEV__FORM_LIST;
	if (axev__span_is(kind, "attestation"))
		return AXEV__FORM_LIST;
	return AXEV__FORM_EXTRACTION | AXEV__FORM_LIST |
	       (axev__span_is(kind, "web") ? AXEV__FORM_WEB : 0u) |
	       (axev__json_count(axev__json_get(axev__json_get(manifest, "environment"), "checks")) ?
			AXEV__FORM_CLEAN :
			0u);
}

static int forms_named(const char *name, unsigned *ret_forms, axev_error *err)
{
	static const struct {
		const char *name;
		unsigned forms;
	} named[] = {
		{ "all", AXEV__FORM_EXTRACTION | AXEV__FORM_LIST | AXEV__FORM_WEB | AXEV__FORM_CLEAN |
				 AXEV__FORM_DISCLOSURE },
		{ "extraction", AXEV__FORM_EXTRACTION },
		{ "list", AXEV__FORM_LIST },
		{ "web", AXEV__FORM_WEB },
		{ "clean", AXEV__FORM_CLEAN },
		{ "disclosure", AXEV__FORM_DISCLOSURE },
	};
	size_t i;

	for (i = 0; i < AXEV__COUNT(named); i++)
		if (strcmp(name ? name : "all", named[i].name) == 0) {
			*ret_forms = named[i].forms;
			return AXEV_OK;
		}
	return axev__fail(err, AXEV_E_INVAL, "form: expected all, extraction, list, web, clean, disclosure or report");
}

int axev__printable_has(const struct axev__printable *printable, const char *name, bool *ret_has,
			axev_error *err)
{
	unsigned forms = 0;

	TRY(forms_named(name, &forms, err));
	*ret_has = (forms & forms_of(printable->manifest)) != 0;
	return AXEV_OK;
}

int axev__printable_add(const struct axev__printable *printable, const char *name, const char *lang,
			struct axev__document *document, axev_error *err)
{
	const struct axev__entry *shot = axev__container_find(printable->container, SCREENSHOT);
	struct axev__print_input input = {
		.manifest = printable->manifest,
		.facts = printable->facts,
		.parts = printable->parts,
		.ledger = printable->ledger,
		.signatures = printable->signatures,
		.time = printable->time,
	};
	AXEV__PRINTABLE_WEB web = { 0 };
	AXEV__DISCLOSED_CELLS disclosed = { 0 };
	unsigned forms = 0;

	TRY(forms_named(name, &forms, err));
	forms &= forms_of(printable->manifest);
	if (forms == 0)
		return axev__fail(err, AXEV_E_INVAL, "form %s: not one of this kind of package", name);
	if (forms & AXEV__FORM_WEB) {
		TRY(axev__printable_web_open(printable, &web, err));
		input.dns = web.dns;
		input.tls_proof = web.tls_proof;
		input.subject = web.subject;
		input.reach = web.reach;
		input.reach_comparison = web.reach_comparison;
		input.page_text = axev__buf_view(&web.text);
		input.is_page_text_cut = web.is_text_cut;
	}
	if (forms & AXEV__FORM_DISCLOSURE) {
		TRY(axev__disclosed_cells_open(printable->container, printable->manifest, &disclosed, err));
		input.original = disclosed.original;
		input.disclosed = disclosed.cells;
		input.disclosed_more = disclosed.more;
	}
	if (shot && forms & AXEV__FORM_WEB) {
		input.screenshot_path = SCREENSHOT;
		input.screenshot = axev__source_window(axev__container_source(printable->container),
						       shot->offset, shot->size_bytes);
	}
	return axev__print_add(document, forms, &input, lang, err);
}
