/* SPDX-License-Identifier: Apache-2.0 */
/* Bundles: packages whole, with everything that is needed to check them offline (FORMAT.md section 5). */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <unistd.h>

#include <ax_evidence/bundle.h>

#include "base/io.h"
#include "base/path.h"
#include "base/text.h"
#include "capture/bundle_recipe.h"
#include "capture/machine.h"
#include "capture/recipe_disclosure.h"
#include "capture/recipe_reach.h"
#include "capture/recipe_records.h"
#include "capture/recipe_tls.h"
#include "capture/take.h"
#include "crypto/cades.h"
#include "crypto/tsp.h"
#include "ledger/erased.h"
#include "ledger/events.h"
#include "ledger/side_car.h"
#include "package/container_read.h"
#include "package/manifest.h"
#include "proof/add_checkpoint.h"

struct export {
	axev_ledger *ledger;
	struct axev__container_writer *writer;
	axev__json *manifest;
	axev__json *objects;  /* lent by manifest */
	axev__json *packages; /* lent by manifest */
	struct axev__certs signers, authorities; /* what the packages carry, for data/trust/ */
	struct axev__recipe_package *recipes;    /* one a package, for VERIFY.md */
	bool has_records_script;                 /* in one of them */
};

static int collect_authority(struct export *export, struct axev__span token, axev_error *err)
{
	AXEV__TOKEN read = { 0 };

	TRY(axev__token_read_canonical(token, &read, err));
	return axev__certs_collect(&export->authorities, &read.path, err);
}

static int add(struct export *export, const char *path, struct axev__span content,
	       const char *media_type, const char *role, axev_error *err)
{
	const struct axev__object object = axev__object_made(path, media_type, role);
	struct axev__digests digests;
	axev__json *json = NULL;

	TRY(axev__container_add(export->writer, path, content, &digests, err));
	TRY(axev__object_json(&object, &digests, &json, err));
	return axev__json_append(export->objects, json, err);
}

static int add_proof(struct export *export, const char *folder, const char *event, uint64_t index,
		     axev_error *err)
{
	AXEV__BUF entry = AXEV__BUF_INIT(AXEV__MAX_LEDGER_ENTRY_BYTES);
	AXEV__BUF proof = AXEV__BUF_INIT(AXEV__MAX_NOTE_BYTES + 16 * AXEV__KIB);
	char path[128];

	if (index == UINT64_MAX)
		return AXEV_OK;
	TRY(axev__ledger_entry_read(export->ledger->log, index, &entry, err));
	TRY(axev__ledger_prove(export->ledger->log, index, &proof, err));
	snprintf(path, sizeof(path), "%s/%s.entry.json", folder, event);
	TRY(add(export, path, axev__buf_view(&entry), "application/json", "entry", err));
	snprintf(path, sizeof(path), "%s/%s.tlog-proof", folder, event);
	return add(export, path, axev__buf_view(&proof), "text/plain", "proof", err);
}

static int add_package_file(struct export *export, const char *path, int fd,
			    const axev_ledger_package *package, axev_error *err)
{
	const struct axev__object object = {
		.path = path,
		.name = axev__base_name(axev__span_str(path)),
		.media_type = "application/vnd.etsi.asic-e+zip",
		.role = "package",
		.modified_ns = INT64_MIN,
		.mode = -1,
	};
	struct axev__digests digests;
	axev__json *json = NULL;

	TRY(axev__container_add_fd(export->writer, path, fd, package->package_bytes,
				   export->ledger->env, &digests, err));
	if (memcmp(digests.sha256, package->package_sha256, 32) != 0)
		return axev__fail(err, AXEV_E_CORRUPT,
				  "the stored package no longer has the SHA-256 that the ledger recorded; "
				  "restore it from a copy (axev ledger check names the first such package)");
	TRY(axev__object_json(&object, &digests, &json, err));
	return axev__json_append(export->objects, json, err);
}

/* data/hand/NNNN: signature value and token as files, so that `openssl ts` can take them. */
static int add_hand(struct export *export, unsigned number, const struct axev__container *package,
		    unsigned signature, const struct axev__entry *entry, axev_error *err)
{
	AXEV__BUF p7s = AXEV__BUF_INIT(AXEV__MAX_DER_BYTES);
	AXEV__CADES cades = { 0 };
	char path[128];

	TRY(axev__container_read(package, entry, &p7s, err));
	TRY(axev__cades_parse(axev__buf_view(&p7s), &cades, err));
	TRY(axev__certs_collect(&export->signers, &cades.certs, err));
	snprintf(path, sizeof(path), "data/hand/%04u/signature%03u.sig", number, signature);
	TRY(add(export, path, cades.signature, "application/octet-stream", "hand", err));
	if (cades.token.size == 0)
		return AXEV_OK;
	TRY(collect_authority(export, cades.token, err));
	snprintf(path, sizeof(path), "data/hand/%04u/signature%03u.tst", number, signature);
	return add(export, path, cades.token, "application/timestamp-token", "hand", err);
}

static int read_entry(const struct axev__container *package, const char *name,
		      struct axev__buf *out, axev_error *err)
{
	const struct axev__entry *entry = axev__container_find(package, name);

	return entry ? axev__container_read(package, entry, out, err) : AXEV_OK;
}

/* The ledger has grown out of the checkpoint that the package names: proven up to the bundle's own. */
static int add_growth(struct export *export, const char *folder, struct axev__span anchor,
		      axev_error *err)
{
	AXEV__FREE struct axev__note *note = malloc(sizeof(*note));
	AXEV__BUF checkpoint = AXEV__BUF_INIT(AXEV__MAX_NOTE_BYTES);
	AXEV__BUF proof = AXEV__BUF_INIT(AXEV__MAX_NOTE_BYTES + 16 * AXEV__KIB);
	uint8_t hashes[AXEV__MAX_PROOF_HASHES][32];
	struct axev__checkpoint old;
	char path[128];
	size_t count;

	if (!note)
		return axev__nomem(err);
	TRY(axev__note_parse(anchor, note, err));
	TRY(axev__checkpoint_parse(note->text, &old, err));
	if (old.size == 0)
		return AXEV_OK;
	TRY(axev__ledger_consistency(export->ledger->log, old.size, hashes, &count, err));
	TRY(axev__ledger_checkpoint(export->ledger->log, &checkpoint, err));
	TRY(axev__add_checkpoint_text(old.size, hashes, count, axev__buf_view(&checkpoint), &proof,
				      err));
	snprintf(path, sizeof(path), "%s/anchor.add-checkpoint", folder);
	return add(export, path, axev__buf_view(&proof), "text/plain", "proof", err);
}

static int add_anchor(struct export *export, unsigned number, const char *folder,
		      const struct axev__container *package, axev_error *err)
{
	AXEV__BUF anchor = AXEV__BUF_INIT(AXEV__MAX_NOTE_BYTES);
	AXEV__BUF token = AXEV__BUF_INIT(AXEV__MAX_DER_BYTES);

	TRY(read_entry(package, "data/anchor/checkpoint", &anchor, err));
	TRY(read_entry(package, "data/anchor/checkpoint.tst", &token, err));
	export->recipes[number - 1].has_anchor_token = token.size > 0;
	if (token.size > 0)
		TRY(collect_authority(export, axev__buf_view(&token), err));
	return anchor.size > 0 ? add_growth(export, folder, axev__buf_view(&anchor), err) : AXEV_OK;
}

/* What cannot be read is left to the verifier to say. */
static int add_recipe_tls(struct export *export, unsigned number, const struct axev__container *package,
			  axev_error *err)
{
	AXEV__BUF bytes = AXEV__BUF_INIT(AXEV__MAX_CONNECTIONS_BYTES);
	AXEV__JSON *document = NULL;
	char name[16];
	int status;

	TRY(read_entry(package, "data/wire/connections.json", &bytes, err));
	if (bytes.size == 0)
		return AXEV_OK;
	status = axev__json_parse(axev__buf_view(&bytes), &document, NULL);
	if (status == AXEV_E_NOMEM)
		return axev__nomem(err);
	snprintf(name, sizeof(name), "%04u", number);
	return status < 0 ? AXEV_OK : axev__recipe_tls(document, name, &export->recipes[number - 1].tls, err);
}

/* A disclosure whose original was erased goes out with the entry that says so. */
static int add_erased(struct export *export, const char *folder, const struct axev__container *package, axev_error *err)
{
	uint64_t index;

	TRY(axev__erased_original(export->ledger, package, &index, err));
	return add_proof(export, folder, AXEV__ERASED_EVENT, index, err);
}

static int add_from_inside(struct export *export, unsigned number, const char *folder, int fd,
			   axev_error *err)
{
	AXEV__CONTAINER_READER *package = NULL;
	struct axev__source source;
	unsigned signature;

	TRY(axev__source_file(fd, &source, err));
	TRY(axev__container_open(&source, &package, err));
	TRY(add_anchor(export, number, folder, package, err));
	TRY(add_erased(export, folder, package, err));
	TRY(add_recipe_tls(export, number, package, err));
	TRY(axev__recipe_disclosure(package, folder + strlen("data/proofs/"), &export->signers,
				    &export->recipes[number - 1].disclosure, err));
	TRY(axev__recipe_records(package, folder + strlen("data/proofs/"), &export->has_records_script,
				 &export->recipes[number - 1].records, err));
	TRY(axev__recipe_reach(package, folder + strlen("data/proofs/"), &export->recipes[number - 1].reach, err));
	for (signature = 1; signature <= AXEV__MAX_SIGNATURES; signature++) {
		const struct axev__entry *entry;
		char name[64];

		snprintf(name, sizeof(name), "META-INF/signature%03u.p7s", signature);
		entry = axev__container_find(package, name);
		if (!entry)
			return AXEV_OK;
		TRY(add_hand(export, number, package, signature, entry, err));
	}
	return AXEV_OK;
}

/* A token that came after the seal, from the ledger's tree. */
static int add_late_token(struct export *export, const char *folder,
			  const struct axev__history *history, axev_error *err)
{
	AXEV__BUF token = AXEV__BUF_INIT(AXEV__MAX_DER_BYTES);
	char path[128];

	if (history->token_index == UINT64_MAX)
		return AXEV_OK;
	TRY(axev__side_car_read(export->ledger, history, &token, err));
	TRY(collect_authority(export, axev__buf_view(&token), err));
	snprintf(path, sizeof(path), "%s/signature001.tst", folder);
	TRY(add(export, path, axev__buf_view(&token), "application/timestamp-token", "token", err));
	return add_proof(export, folder, "token", history->token_index, err);
}

static int list_package(struct export *export, const axev_ledger_package *package,
			const char *path, const char *folder, axev_error *err)
{
	AXEV__JSON *json = axev__json_new_object();
	char number[24];

	snprintf(number, sizeof(number), "%" PRIu64, package->package_bytes);
	TRY(axev__json_set_hex(json, "id", package->id.bytes, sizeof(package->id.bytes), err));
	TRY(axev__json_set_str(json, "path", path, err));
	TRY(axev__json_set_hex(json, "sha256", package->package_sha256, 32, err));
	TRY(axev__json_set_str(json, "bytes", number, err));
	TRY(axev__json_set_str(json, "proofs", folder, err));
	return axev__json_append(export->packages, axev__steal(json), err);
}

static int add_package(struct export *export, unsigned number, const axev_id *id, axev_error *err)
{
	AXEV__CLOSE int fd = -1;
	struct axev__history history;
	char path[64], folder[64], hex[AXEV_ID_HEX_SIZE];

	axev__hex(hex, id->bytes, sizeof(id->bytes));
	TRY(axev__history_find(export->ledger, id, &history, err));
	if (history.package.sealed_index == UINT64_MAX)
		return axev__fail(err, AXEV_E_STATE, "package %s is not sealed yet: axev seal %.8s", hex, hex);
	TRY(axev__history_here(export->ledger, &history, err));
	TRY(axev__ledger_object_open(export->ledger->log, history.package.package_sha256, &fd, err));
	snprintf(path, sizeof(path), "data/packages/%04u.asice", number);
	snprintf(folder, sizeof(folder), "data/proofs/%04u", number);
	TRY(axev__prefix(add_package_file(export, path, fd, &history.package, err), err, "package %s", hex));
	TRY(add_proof(export, folder, "started", history.started_index, err));
	TRY(add_proof(export, folder, "captured", history.package.captured_index, err));
	TRY(add_proof(export, folder, "sealed", history.package.sealed_index, err));
	TRY(axev__ledger_prove(export->ledger->log, history.package.sealed_index,
			       &export->recipes[number - 1].sealed_proof, err));
	TRY(add_late_token(export, folder, &history, err));
	TRY(add_from_inside(export, number, folder, fd, err));
	return list_package(export, &history.package, path, folder, err);
}

static int add_file(struct export *export, int dirfd, const char *file, const char *path,
		    const char *media_type, const char *role, axev_error *err)
{
	AXEV__BUF content = AXEV__BUF_INIT(256 * AXEV__MIB);

	TRY(axev__read_file(dirfd, file, &content, err));
	return add(export, path, axev__buf_view(&content), media_type, role, err);
}

static int add_certs(struct export *export, const struct axev__certs *certs, const char *path,
		     axev_error *err)
{
	AXEV__BUF pem = AXEV__BUF_INIT(AXEV__MAX_TRUST_BYTES);

	if (certs->count == 0)
		return AXEV_OK;
	TRY(axev__certs_to_pem(certs, &pem, err));
	return add(export, path, axev__buf_view(&pem), "application/x-pem-file", "trust", err);
}

/* Material to compare with what the verifier trusts; never trust itself. */
static int add_trust(struct export *export, const axev_signer *signer, axev_error *err)
{
	AXEV__BUF note = AXEV__BUF_INIT(AXEV__MAX_NOTE_BYTES);
	AXEV__BUF vkey = AXEV__BUF_INIT(1024);

	TRY(axev__ledger_checkpoint(export->ledger->log, &note, err));
	TRY(add(export, "data/ledger/checkpoint", axev__buf_view(&note), "text/plain", "checkpoint", err));
	TRY(axev__note_key_text(axev__ledger_log_key(export->ledger->log), &vkey, err));
	TRY(axev__buf_byte(&vkey, '\n', err));
	TRY(add(export, "data/trust/ledger.vkey", axev__buf_view(&vkey), "text/plain", "trust", err));
	TRY(axev__certs_collect(&export->signers, axev__signer_certs(signer), err));
	TRY(add_certs(export, &export->signers, "data/trust/signers.pem", err));
	return add_certs(export, &export->authorities, "data/trust/timestamps.pem", err);
}

static int add_prints(struct export *export, const axev_export_opts *opts, axev_error *err)
{
	char path[64];
	size_t i;

	for (i = 0; i < opts->print_count; i++) {
		snprintf(path, sizeof(path), "data/print/%04zu.pdf", i + 1);
		TRY(add_file(export, AT_FDCWD, opts->print_paths[i], path, "application/pdf", "print", err));
	}
	return AXEV_OK;
}

static int set_capture(struct export *export, axev_error *err)
{
	AXEV__JSON *capture = axev__json_new_object();
	axev__json *part = NULL;
	int64_t now_ns;

	TRY(axev__now(export->ledger->env, &now_ns, err));
	TRY(axev__json_set_time(capture, "started", now_ns, err));
	TRY(axev__json_set_time(capture, "finished", now_ns, err));
	TRY(axev__json_set_str(capture, "method", "export from the ledger", err));
	TRY(axev__machine_clock(&part, err));
	TRY(axev__json_set(capture, "clock", part, err));
	TRY(axev__machine_tool(&part, err));
	TRY(axev__json_set(capture, "tool", part, err));
	return axev__json_set(export->manifest, "capture", axev__steal(capture), err);
}

static int begin_manifest(struct export *export, const axev_signer *signer, axev_error *err)
{
	AXEV__JSON *signatures = axev__json_new_array();
	axev__json *expected = NULL;
	uint8_t nonce[16];

	export->manifest = axev__json_new_object();
	TRY(axev__random(export->ledger->env, nonce, sizeof(nonce), err));
	TRY(axev__json_set_str(export->manifest, "format", AXEV__FORMAT_NAME, err));
	TRY(axev__json_set_str(export->manifest, "kind", "bundle", err));
	TRY(axev__json_set_hex(export->manifest, "nonce", nonce, sizeof(nonce), err));
	TRY(axev__json_set_bool(export->manifest, "complete", true, err));
	TRY(axev__json_set(export->manifest, "objects", axev__json_new_array(), err));
	TRY(axev__json_set(export->manifest, "packages", axev__json_new_array(), err));
	export->objects = axev__json_get(export->manifest, "objects");
	export->packages = axev__json_get(export->manifest, "packages");
	TRY(axev__expected_signature(axev__signer_certs(signer), "exporter", &expected, err));
	TRY(axev__json_append(signatures, expected, err));
	TRY(axev__json_set(export->manifest, "expected_signatures", axev__steal(signatures), err));
	return set_capture(export, err);
}

/* The exporter's signature proves transport only: no time-stamp, not logged. */
static int sign_bundle(struct export *export, const axev_signer *signer, axev_error *err)
{
	const struct axev__certs *certs = axev__signer_certs(signer);
	AXEV__BUF tbs = AXEV__BUF_INIT(AXEV__MAX_DER_BYTES);
	AXEV__BUF signature = AXEV__BUF_INIT(AXEV__MAX_DER_BYTES);
	AXEV__BUF p7s = AXEV__BUF_INIT(AXEV__MAX_DER_BYTES);
	uint8_t content[32];
	int64_t now_ns;

	TRY(axev__now(export->ledger->env, &now_ns, err));
	TRY(axev__container_to_be_signed(export->writer, 1, content, err));
	TRY(axev__cades_tbs(axev__cert_at(certs, 0), content, now_ns, &tbs, err));
	TRY(axev__signer_sign(signer, axev__buf_view(&tbs), &signature, err));
	TRY(axev__cades_assemble(certs, axev__buf_view(&tbs), axev__buf_view(&signature),
				 axev__span("", 0), &p7s, err));
	return axev__container_add_signature(export->writer, 1, axev__buf_view(&p7s), err);
}

static int close_bundle(struct export *export, const axev_signer *signer, axev_error *err)
{
	AXEV__BUF manifest = AXEV__BUF_INIT(AXEV__MAX_MANIFEST_BYTES);
	AXEV__BUF recipe = AXEV__BUF_INIT(AXEV__MAX_VERIFY_RECIPE_BYTES);
	uint8_t id[32], sha256[32];
	uint64_t bytes;

	TRY(axev__manifest_write(export->manifest, &manifest, id, err));
	TRY(axev__container_add(export->writer, "data/evidence.json", axev__buf_view(&manifest), NULL, err));
	TRY(axev__bundle_recipe(export->manifest, export->recipes, &recipe, err));
	TRY(axev__container_add(export->writer, "VERIFY.md", axev__buf_view(&recipe), NULL, err));
	TRY(axev__container_seal_begin(export->writer, 1, err));
	TRY(sign_bundle(export, signer, err));
	return axev__container_finish(export->writer, export->ledger->env, &bytes, sha256, err);
}

static int write_bundle(struct export *export, int fd, const axev_id *ids, size_t id_count,
			const axev_export_opts *opts, axev_error *err)
{
	AXEV__SIGNER *signer = NULL;
	size_t i;

	TRY(axev__ledger_operator(export->ledger, opts->passphrase, &signer, err));
	TRY(axev__container_new(fd, &export->writer, err));
	TRY(begin_manifest(export, signer, err));
	for (i = 0; i < id_count; i++)
		TRY(add_package(export, (unsigned)(i + 1), &ids[i], err));
	TRY(add_trust(export, signer, err));
	TRY(add_prints(export, opts, err));
	return close_bundle(export, signer, err);
}

static int open_temporary(const char *path, char *temporary, size_t temporary_size, int *ret_fd,
			  axev_error *err)
{
	if (snprintf(temporary, temporary_size, "%s.part%ld", path, (long)getpid()) >=
	    (int)temporary_size)
		return axev__fail(err, AXEV_E_LIMIT, "path too long");
	return axev__open(AT_FDCWD, temporary, O_RDWR | O_CREAT | O_TRUNC | O_NOFOLLOW, 0644, ret_fd,
			  err);
}

/* The file appears under its name only when it is whole and durable. */
static int export_to(struct export *export, const char *path, const axev_id *ids, size_t id_count,
		     const axev_export_opts *opts, axev_error *err)
{
	AXEV__CLOSE int fd = -1;
	char temporary[AXEV__MAX_PATH];
	int status;

	TRY(open_temporary(path, temporary, sizeof(temporary), &fd, err));
	status = write_bundle(export, fd, ids, id_count, opts, err);
	if (status >= 0)
		status = axev__rename_durable(AT_FDCWD, temporary, path, err);
	if (status < 0)
		unlink(temporary);
	return status;
}

static int make_room(struct export *export, size_t id_count, axev_error *err)
{
	size_t i;

	export->recipes = calloc(id_count, sizeof(*export->recipes));
	if (!export->recipes)
		return axev__nomem(err);
	for (i = 0; i < id_count; i++) {
		export->recipes[i].sealed_proof.max = AXEV__MAX_NOTE_BYTES + 16 * AXEV__KIB;
		export->recipes[i].disclosure.max = 32 * AXEV__KIB;
		export->recipes[i].records.max = 16 * AXEV__KIB;
		export->recipes[i].reach.max = 16 * AXEV__KIB;
		export->recipes[i].tls.max = 16 * AXEV__KIB;
	}
	return AXEV_OK;
}

int axev_export(axev_ledger *ledger, const axev_id *ids, size_t id_count, const char *path,
		const axev_export_opts *opts, axev_error *err)
{
	static const axev_export_opts defaults = AXEV_EXPORT_OPTS_INIT;
	struct export export = { .ledger = ledger };
	struct axev__shown shown;
	size_t i;
	int status;

	if (!ledger || !ids || !path)
		return axev__fail(err, AXEV_E_INVAL, "expected a ledger, packages and a path");
	if (id_count == 0 || id_count > AXEV__MAX_PACKAGES_PER_BUNDLE)
		return axev__fail(err, AXEV_E_LIMIT, "expected 1 to %d packages in one bundle",
				  AXEV__MAX_PACKAGES_PER_BUNDLE);
	status = make_room(&export, id_count, err);
	if (status >= 0)
		status = export_to(&export, path, ids, id_count, opts ? opts : &defaults, err);
	for (i = 0; export.recipes && i < id_count; i++) {
		axev__buf_free(&export.recipes[i].sealed_proof);
		axev__buf_free(&export.recipes[i].disclosure);
		axev__buf_free(&export.recipes[i].records);
		axev__buf_free(&export.recipes[i].reach);
		axev__buf_free(&export.recipes[i].tls);
	}
	free(export.recipes);
	axev__container_free(export.writer);
	axev__json_free(export.manifest);
	axev__certs_free(&export.signers);
	axev__certs_free(&export.authorities);
	return axev__prefix(status, err, "%s", axev__show_str(&shown, path));
}
