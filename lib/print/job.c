/* SPDX-License-Identifier: Apache-2.0 */
#include "print/job.h"

#include <stdio.h>

#include "crypto/digest.h"
#include "package/manifest.h"
#include "proof/tlog_proof.h"

/* ---- beside a package of a bundle ---- */

static int read_named(const struct axev__container *container, const char *folder, const char *name,
		      struct axev__buf *out, bool *ret_has, axev_error *err)
{
	const struct axev__entry *entry;
	char path[AXEV__MAX_ENTRY_NAME + 80];

	snprintf(path, sizeof(path), "%s/%s", folder, name);
	entry = axev__container_find(container, path);
	*ret_has = entry != NULL;
	return entry ? axev__container_read(container, entry, out, err) : AXEV_OK;
}

static int read_event(const struct axev__container *bundle, const char *folder, const char *event,
		      axev__json *ledger, axev_error *err)
{
	AXEV__BUF entry = AXEV__BUF_INIT(AXEV__MAX_LEDGER_ENTRY_BYTES);
	AXEV__BUF text = AXEV__BUF_INIT(AXEV__MAX_NOTE_BYTES + 16 * AXEV__KIB);
	struct axev__tlog_proof proof;
	char name[64];
	bool has_entry, has_proof;

	snprintf(name, sizeof(name), "%s.entry.json", event);
	TRY(read_named(bundle, folder, name, &entry, &has_entry, err));
	snprintf(name, sizeof(name), "%s.tlog-proof", event);
	TRY(read_named(bundle, folder, name, &text, &has_proof, err));
	if (!has_entry || !has_proof)
		return AXEV_OK;
	TRY(axev__tlog_proof_parse(axev__buf_view(&text), &proof, err));
	return axev__printable_entry(ledger, proof.index, axev__buf_view(&entry), err);
}

static int read_ledger(const struct axev__container *bundle, const char *folder, axev__json *ledger,
		       axev_error *err)
{
	static const char *const events[] = { "started", "captured", "sealed", "token", "erased" };
	size_t i;

	for (i = 0; i < AXEV__COUNT(events); i++)
		TRY(axev__prefix(read_event(bundle, folder, events[i], ledger, err), err, "%s/%s", folder,
				 events[i]));
	return AXEV_OK;
}

static int member(const axev__json *row, const char *key, char out[AXEV__MAX_ENTRY_NAME + 1],
		  axev_error *err)
{
	struct axev__span text;

	TRY(axev__json_string(row, key, &text, err));
	if (text.size > AXEV__MAX_ENTRY_NAME)
		return axev__fail(err, AXEV_E_FORMAT, "member '%s': expected the name of an entry", key);
	snprintf(out, AXEV__MAX_ENTRY_NAME + 1, "%.*s", (int)text.size, (const char *)text.data);
	return AXEV_OK;
}

static int inner_source(const struct axev__container *bundle, const axev__json *row,
			struct axev__source *ret_source, axev_error *err)
{
	const struct axev__entry *entry;
	char path[AXEV__MAX_ENTRY_NAME + 1];

	TRY(member(row, "path", path, err));
	entry = axev__container_find(bundle, path);
	if (!entry)
		return axev__fail(err, AXEV_E_FORMAT, "%s: not in the bundle", path);
	*ret_source = axev__source_window(axev__container_source(bundle), entry->offset,
					  entry->size_bytes);
	return AXEV_OK;
}

static int print_inner(struct axev__print_job *job, const struct axev__container *bundle,
		       const axev__json *row, axev_error *err)
{
	AXEV__BUF token = AXEV__BUF_INIT(AXEV__MAX_DER_BYTES);
	AXEV__JSON *ledger = axev__json_new_array();
	struct axev__print_beside beside = { .ledger = ledger };
	struct axev__source source;
	char folder[AXEV__MAX_ENTRY_NAME + 1];
	bool has_token;

	if (!ledger)
		return axev__nomem(err);
	TRY(inner_source(bundle, row, &source, err));
	TRY(axev__json_hex(row, "id", job->id, sizeof(job->id), err));
	TRY(member(row, "proofs", folder, err));
	TRY(read_ledger(bundle, folder, ledger, err));
	TRY(read_named(bundle, folder, "signature001.tst", &token, &has_token, err));
	beside.late_token = axev__buf_view(&token);
	return axev__print_container(job, &source, &beside, err);
}

/* ---- the list of several packages ---- */

/* What the list says of one: a few members of its manifest, so that no more stays in memory. */
static int summary(const struct axev__container *bundle, const axev__json *row,
		   axev__json **ret_summary, axev_error *err)
{
	static const char *const kept[] = { "kind", "capture", "complete", "source" };
	AXEV__CONTAINER_READER *container = NULL;
	AXEV__JSON *manifest = NULL;
	AXEV__JSON *json = axev__json_copy(row);
	struct axev__source source;
	size_t i;

	TRY(inner_source(bundle, row, &source, err));
	TRY(axev__container_open(&source, &container, err));
	TRY(axev__printable_manifest(container, &manifest, err));
	for (i = 0; i < AXEV__COUNT(kept); i++)
		if (axev__json_get(manifest, kept[i]))
			TRY(axev__json_set(json, kept[i], axev__json_copy(axev__json_get(manifest, kept[i])),
					   err));
	*ret_summary = axev__steal(json);
	return AXEV_OK;
}

static int print_contents(struct axev__print_job *job, const struct axev__container *bundle,
			  const axev__json *manifest, axev_error *err)
{
	const axev__json *rows = axev__json_get(manifest, "packages");
	AXEV__JSON *packages = axev__json_new_array();
	struct axev__print_input input = { .manifest = manifest, .packages = packages };
	size_t i;

	for (i = 0; i < axev__json_count(rows); i++) {
		axev__json *one = NULL;

		TRY(axev__prefix(summary(bundle, axev__json_at(rows, i), &one, err), err, "packages[%zu]",
				 i));
		TRY(axev__json_append(packages, one, err));
	}
	return axev__print_add(job->document, AXEV__FORM_CONTENTS, &input, job->lang, err);
}

static int print_bundle(struct axev__print_job *job, const struct axev__container *bundle,
			const axev__json *manifest, axev_error *err)
{
	const axev__json *rows = axev__json_get(manifest, "packages");
	size_t i;

	if (axev__json_count(rows) > 1 && (!job->form || strcmp(job->form, "all") == 0))
		TRY(print_contents(job, bundle, manifest, err));
	job->depth++;
	for (i = 0; i < axev__json_count(rows); i++)
		TRY(axev__prefix(print_inner(job, bundle, axev__json_at(rows, i), err), err,
				 "packages[%zu]", i));
	job->depth--;
	if (job->depth == 0 && job->added == 0)
		return axev__fail(err, AXEV_E_INVAL, "form %s: no package in the bundle has it",
				  job->form ? job->form : "all");
	return AXEV_OK;
}

/* ---- one container ---- */

static int print_package(struct axev__print_job *job, const struct axev__source *source,
			 const struct axev__print_beside *beside, axev_error *err)
{
	AXEV__PRINTABLE printable = { 0 };
	bool has;

	TRY(axev__printable_open(source, beside, &printable, err));
	TRY(axev__printable_has(&printable, job->form, &has, err));
	if (!has && job->depth > 0)
		return AXEV_OK; /* others in the bundle may have it */
	TRY(axev__printable_add(&printable, job->form, job->lang, job->document, err));
	job->added++;
	return AXEV_OK;
}

/* The manifest is read a second time here: it must be the one that was verified. */
static int compare_id(const struct axev__print_job *job, const axev__json *manifest, axev_error *err)
{
	AXEV__BUF bytes = AXEV__BUF_INIT(AXEV__MAX_MANIFEST_BYTES);
	uint8_t id[32];

	TRY(axev__json_canonical(manifest, &bytes, err));
	TRY(axev__sha256(bytes.data, bytes.size, id, err));
	if (memcmp(id, job->id, sizeof(id)) != 0)
		return axev__fail(err, AXEV_E_INVALID, "changed while it was printed");
	return AXEV_OK;
}

int axev__print_container(struct axev__print_job *job, const struct axev__source *source,
			  const struct axev__print_beside *beside, axev_error *err)
{
	AXEV__CONTAINER_READER *container = NULL;
	AXEV__JSON *manifest = NULL;

	if (job->depth >= AXEV__MAX_NESTING)
		return axev__fail(err, AXEV_E_LIMIT, "expected at most %d containers in each other",
				  AXEV__MAX_NESTING);
	TRY(axev__container_open(source, &container, err));
	TRY(axev__printable_manifest(container, &manifest, err));
	TRY(compare_id(job, manifest, err));
	if (axev__json_get(manifest, "packages"))
		return print_bundle(job, container, manifest, err);
	return print_package(job, source, beside, err);
}
