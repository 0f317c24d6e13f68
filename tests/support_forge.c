/* SPDX-License-Identifier: Apache-2.0 */
#include "support_forge.h"

#include <fcntl.h>
#include <inttypes.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/io.h"
#include "base/text.h"
#include "capture/take.h"
#include "crypto/x509_internal.h"
#include "ledger/handle.h"
#include "net/authority.h"
#include "package/container_read.h"
#include "package/container_write.h"
#include "package/manifest.h"

static axev_error err;

static axev_signer *new_signer(const char *name, long serial)
{
	struct pki_cert want = pki_signer;
	EVP_PKEY *pkey = EVP_EC_gen("P-256");
	AXEV__BUF der = AXEV__BUF_INIT(AXEV__MAX_DER_BYTES);
	AXEV__CERTS certs = { 0 };
	struct axev__key *key = NULL;
	axev_signer *signer = NULL;

	want.name = name;
	want.serial = serial;
	pki_issue(&want, pkey, axev__span("", 0), NULL, &der);
	assert_ok(axev__certs_add(&certs, axev__buf_view(&der), &err));
	assert_ok(axev__key_wrap(pkey, &key, &err));
	assert_ok(axev__signer_new(key, &certs, &signer, &err));
	return signer;
}

static void trust(axev_policy *policy, const axev_signer *signer)
{
	struct axev__span der = axev__cert_at(axev__signer_certs(signer), 0);

	assert_ok(axev_policy_add(policy, AXEV_TRUST_SIGNER, der.data, der.size, "officer", NULL, &err));
}

static void capture(struct forge_base *base)
{
	char file[128], case_file[4096];
	const char *paths[] = { file };
	axev_signer *signers[] = { base->first, base->second };
	axev_file_opts opts = AXEV_FILE_OPTS_INIT;
	axev_seal_opts seal = AXEV_SEAL_OPTS_INIT;
	axev_seal_result result = { .size = sizeof(result) };
	axev_draft *draft = NULL;
	char *path = NULL;

	snprintf(file, sizeof(file), "%s/file.txt", base->folder);
	snprintf(case_file, sizeof(case_file), "%s/doc/examples/case-facts.json",
		 getenv("AXEV_SOURCE_ROOT"));
	assert_ok(axev__write_file_durable(AT_FDCWD, file, axev__span_str("evidence\n"), 0644, &err));
	opts.paths = paths;
	opts.path_count = 1;
	opts.common.case_file = case_file;
	opts.common.signers = seal.signers = signers;
	opts.common.signer_count = seal.signer_count = 2;
	assert_ok(axev_capture_file(base->ledger, &opts, &draft, &err));
	assert_ok(axev_seal(base->ledger, draft, &seal, &result, &err));
	axev_draft_free(draft);
	base->id = result.id;
	assert_ok(axev_ledger_package_path(base->ledger, &base->id, &path, &err));
	assert_ok(axev__read_file(AT_FDCWD, path, &base->package, &err));
	axev_text_free(path);
}

void forge_base_new(struct forge_base *ret_base)
{
	char path[128];

	*ret_base = (struct forge_base){ .package = AXEV__BUF_INIT(AXEV__MIB) };
	strcpy(ret_base->folder, "/tmp/axev-forge-XXXXXX");
	ck_assert_ptr_nonnull(mkdtemp(ret_base->folder));
	ret_base->first = new_signer("TEST officer one", 11);
	ret_base->second = new_signer("TEST officer two", 12);
	ret_base->stranger = new_signer("TEST stranger", 13);
	snprintf(path, sizeof(path), "%s/L", ret_base->folder);
	assert_ok(axev_ledger_init(path, NULL, &err));
	assert_ok(axev_ledger_open(path, NULL, &ret_base->ledger, &err));
	snprintf(path, sizeof(path), "%s/L/policy.json", ret_base->folder);
	assert_ok(axev_policy_open(path, &ret_base->policy, &err));
	trust(ret_base->policy, ret_base->first);
	trust(ret_base->policy, ret_base->second);
	capture(ret_base);
}

void forge_base_free(struct forge_base *base)
{
	axev_ledger_close(base->ledger);
	axev_policy_free(base->policy);
	axev_signer_free(base->first);
	axev_signer_free(base->second);
	axev_signer_free(base->stranger);
	axev__buf_free(&base->package);
	axev__remove_tree(AT_FDCWD, base->folder, NULL);
}

/* ---- entries ---- */

void forge_insert(struct forge *forge, size_t at, const char *path, struct axev__span bytes)
{
	struct forge_item *item = &forge->items[at];

	ck_assert_uint_lt(forge->count, FORGE_MAX_ITEMS);
	memmove(item + 1, item, (forge->count - at) * sizeof(*item));
	*item = (struct forge_item){ .bytes = AXEV__BUF_INIT(AXEV__MIB) };
	snprintf(item->path, sizeof(item->path), "%s", path);
	assert_ok(axev__buf_span(&item->bytes, bytes, &err));
	forge->count++;
}

struct forge_item *forge_item(struct forge *forge, const char *path)
{
	size_t i;

	for (i = 0; i < forge->count; i++)
		if (strcmp(forge->items[i].path, path) == 0)
			return &forge->items[i];
	ck_abort_msg("no entry %s", path);
	return NULL;
}

void forge_set(struct forge *forge, const char *path, struct axev__span bytes)
{
	struct forge_item *item = forge_item(forge, path);

	axev__buf_clear(&item->bytes);
	assert_ok(axev__buf_span(&item->bytes, bytes, &err));
}

void forge_remove(struct forge *forge, const char *path)
{
	struct forge_item *item = forge_item(forge, path);
	size_t at = (size_t)(item - forge->items);

	axev__buf_free(&item->bytes);
	memmove(item, item + 1, (forge->count - at - 1) * sizeof(*item));
	forge->count--;
}

void forge_swap(struct forge *forge, const char *one, const char *other)
{
	struct forge_item *left = forge_item(forge, one), *right = forge_item(forge, other);
	struct forge_item kept = *left;

	*left = *right;
	*right = kept;
}

axev__json *forge_row(struct forge *forge, const char *path)
{
	axev__json *rows = axev__json_get(forge->manifest, "objects");
	struct axev__span text;
	size_t i;

	for (i = 0; i < axev__json_count(rows); i++)
		if (axev__json_as_string(axev__json_get(axev__json_at(rows, i), "path"), &text) &&
		    axev__span_is(text, path))
			return axev__json_at(rows, i);
	return NULL;
}

static bool is_part(const char *path)
{
	return strncmp(path, "data/parts/", 11) == 0;
}

static void set_bytes(axev__json *row, const char *bytes_key, const char *sha256_key,
		      struct axev__span bytes)
{
	uint8_t sha256[32];
	char number[24];

	snprintf(number, sizeof(number), "%zu", bytes.size);
	assert_ok(axev__sha256(bytes.data, bytes.size, sha256, &err));
	assert_ok(axev__json_set_str(row, bytes_key, number, &err));
	assert_ok(axev__json_set_hex(row, sha256_key, sha256, sizeof(sha256), &err));
}

static axev__json *new_row(const char *path, struct axev__span bytes)
{
	axev__json *row = axev__json_new_object();

	assert_ok(axev__json_set_str(row, "path", path, &err));
	assert_ok(axev__json_set_str(row, "name", path, &err));
	assert_ok(axev__json_set_str(row, "media_type", "application/octet-stream", &err));
	assert_ok(axev__json_set_str(row, "role", "file", &err));
	set_bytes(row, "bytes", "sha256", bytes);
	return row;
}

/* ---- parts ---- */

void forge_part(const char *first, const char *second, struct axev__buf *ret_zip,
		struct axev__buf *ret_index)
{
	const char *names[] = { first, second };
	AXEV__CLOSE int fd = memfd_create("part", MFD_CLOEXEC);
	AXEV__CONTAINER *writer = NULL;
	AXEV__JSON *index = axev__json_new_object();
	axev__json *rows = axev__json_new_array();
	uint64_t size;
	size_t i;

	assert_ok(axev__part_new(fd, &writer, &err));
	for (i = 0; i < 2; i++) {
		struct axev__span content = axev__span_str(names[i]);

		assert_ok(axev__container_add(writer, names[i], content, NULL, &err));
		assert_ok(axev__json_append(rows, new_row(names[i], content), &err));
	}
	assert_ok(axev__part_finish(writer, &err));
	assert_ok(axev__file_size(fd, &size, &err));
	axev__buf_clear(ret_zip);
	assert_ok(axev__buf_reserve(ret_zip, size, &err));
	assert_ok(axev__pread_full(fd, ret_zip->data, size, 0, &err));
	ret_zip->size = size;
	assert_ok(axev__json_set_str(index, "format", "ax-part/1", &err));
	assert_ok(axev__json_set(index, "objects", rows, &err));
	axev__buf_clear(ret_index);
	assert_ok(axev__json_canonical(index, ret_index, &err));
}

static void add_part(struct forge *forge, unsigned number, const char *first, const char *second)
{
	AXEV__BUF zip = AXEV__BUF_INIT(AXEV__MIB);
	AXEV__BUF index = AXEV__BUF_INIT(AXEV__MIB);
	char path[64];

	forge_part(first, second, &zip, &index);
	snprintf(path, sizeof(path), "data/parts/%04u.zip", number);
	forge_insert(forge, forge->count, path, axev__buf_view(&zip));
	snprintf(path, sizeof(path), "data/parts/%04u.json", number);
	forge_insert(forge, forge->count, path, axev__buf_view(&index));
}

static axev__json *part_row(const struct forge_item *zip, const struct forge_item *index)
{
	axev__json *row = axev__json_new_object();

	assert_ok(axev__json_set_str(row, "path", zip->path, &err));
	assert_ok(axev__json_set_str(row, "index", index->path, &err));
	assert_ok(axev__json_set_u64(row, "objects", 2, &err));
	set_bytes(row, "bytes", "sha256", axev__buf_view(&zip->bytes));
	set_bytes(row, "index_bytes", "index_sha256", axev__buf_view(&index->bytes));
	return row;
}

/* ---- writing ---- */

static void fit(struct forge *forge)
{
	axev__json *rows = axev__json_new_array(), *parts = axev__json_new_array();
	size_t i;

	for (i = 0; i < forge->count; i++) {
		const struct forge_item *item = &forge->items[i];
		axev__json *row = forge_row(forge, item->path);

		if (is_part(item->path)) {
			if (i + 1 < forge->count && strstr(item->path, ".zip"))
				assert_ok(axev__json_append(parts, part_row(item, item + 1), &err));
			continue;
		}
		row = row ? axev__json_copy(row) : new_row(item->path, axev__buf_view(&item->bytes));
		set_bytes(row, "bytes", "sha256", axev__buf_view(&item->bytes));
		assert_ok(axev__json_append(rows, row, &err));
	}
	assert_ok(axev__json_set(forge->manifest, "objects", rows, &err));
	assert_ok(axev__json_set(forge->manifest, "parts", parts, &err));
}

void forge_certs(struct forge *forge)
{
	axev__json *list = axev__json_new_array();
	size_t i;

	for (i = 0; i < forge->signer_count; i++) {
		axev__json *one = NULL;

		assert_ok(axev__expected_signature(axev__signer_certs(forge->signers[i]), "signer", &one,
						   &err));
		assert_ok(axev__json_append(list, one, &err));
	}
	assert_ok(axev__json_set(forge->manifest, "expected_signatures", list, &err));
}

static void take_apart(struct axev__span bytes, struct forge *ret_forge)
{
	struct axev__source source = axev__source_memory(bytes);
	AXEV__CONTAINER_READER *container = NULL;
	size_t i;

	memset(ret_forge, 0, sizeof(*ret_forge));
	assert_ok(axev__container_open(&source, &container, &err));
	for (i = 0; i < axev__container_count(container); i++) {
		const struct axev__entry *entry = axev__container_entry(container, i);
		AXEV__BUF content = AXEV__BUF_INIT(AXEV__MIB);

		if (strncmp(entry->name, "data/", 5) != 0)
			continue;
		assert_ok(axev__container_read(container, entry, &content, &err));
		if (strcmp(entry->name, "data/evidence.json") == 0)
			assert_ok(axev__manifest_read(axev__buf_view(&content), &ret_forge->manifest,
						      &err));
		else
			forge_insert(ret_forge, ret_forge->count, entry->name, axev__buf_view(&content));
	}
}

void forge_begin(const struct forge_base *base, struct forge *ret_forge)
{
	take_apart(axev__buf_view(&base->package), ret_forge);
	add_part(ret_forge, 1, "data/files/000101.bin", "data/files/000102.bin");
	add_part(ret_forge, 2, "data/files/000201.bin", "data/files/000202.bin");
	fit(ret_forge);
	ret_forge->signers[0] = base->first;
	ret_forge->signers[1] = base->second;
	ret_forge->signer_count = 2;
}

static void no_stamp(unsigned number, const uint8_t imprint[32], struct axev__buf *ret_token)
{
	(void)number;
	(void)imprint;
	axev__buf_clear(ret_token);
}

void forge_begin_bundle(struct axev__span bytes, const axev_signer *signer, struct forge *ret_forge)
{
	take_apart(bytes, ret_forge);
	ret_forge->signers[0] = signer;
	ret_forge->signer_count = 1;
	ret_forge->stamp = no_stamp;
}

void forge_free(struct forge *forge)
{
	size_t i;

	for (i = 0; i < forge->count; i++)
		axev__buf_free(&forge->items[i].bytes);
	axev__json_free(forge->manifest);
	memset(forge, 0, sizeof(*forge));
}

static void sign(const struct forge_base *base, const struct forge *forge,
		 struct axev__container_writer *writer, unsigned number)
{
	static const axev_tsa embedded = { sizeof(axev_tsa), "embedded", NULL, 0, 0 };
	const axev_signer *signer = forge->signers[number - 1];
	AXEV__BUF tbs = AXEV__BUF_INIT(AXEV__MAX_DER_BYTES);
	AXEV__BUF signature = AXEV__BUF_INIT(AXEV__MAX_DER_BYTES);
	AXEV__BUF token = AXEV__BUF_INIT(AXEV__MAX_DER_BYTES);
	AXEV__BUF p7s = AXEV__BUF_INIT(AXEV__MAX_DER_BYTES);
	uint8_t content[32], imprint[32];

	assert_ok(axev__container_to_be_signed(writer, number, content, &err));
	assert_ok(axev__cades_tbs(axev__cert_at(axev__signer_certs(signer), 0), content, PKI_NOW, &tbs,
				  &err));
	assert_ok(axev__signer_sign(signer, axev__buf_view(&tbs), &signature, &err));
	assert_ok(axev__sha256(signature.data, signature.size, imprint, &err));
	if (forge->stamp)
		forge->stamp(number, imprint, &token);
	else
		assert_ok(axev__authority_stamp(&embedded, 1, base->ledger->dirfd, imprint, NULL, &token,
						&err));
	assert_ok(axev__cades_assemble(axev__signer_certs(signer), axev__buf_view(&tbs),
				       axev__buf_view(&signature), axev__buf_view(&token), &p7s, &err));
	assert_ok(axev__container_add_signature(writer, number, axev__buf_view(&p7s), &err));
}

void forge_finish(const struct forge_base *base, struct forge *forge, struct axev__buf *ret_bytes)
{
	AXEV__CLOSE int fd = memfd_create("forged", MFD_CLOEXEC);
	AXEV__CONTAINER *writer = NULL;
	AXEV__BUF manifest = AXEV__BUF_INIT(AXEV__MAX_MANIFEST_BYTES);
	uint8_t sha256[32];
	uint64_t size;
	size_t i;

	if (!forge->is_unfitted)
		fit(forge);
	assert_ok(axev__container_new(fd, &writer, &err));
	for (i = 0; i < forge->count; i++)
		assert_ok(axev__container_add(writer, forge->items[i].path,
					      axev__buf_view(&forge->items[i].bytes), NULL, &err));
	/* Not axev__manifest_write: it would refuse the lie. */
	assert_ok(axev__json_canonical(forge->manifest, &manifest, &err));
	assert_ok(axev__container_add(writer, "data/evidence.json", axev__buf_view(&manifest), NULL, &err));
	assert_ok(axev__container_seal_begin(writer, (unsigned)forge->signer_count, &err));
	for (i = 0; i < forge->signer_count; i++)
		sign(base, forge, writer, (unsigned)i + 1);
	assert_ok(axev__container_finish(writer, NULL, &size, sha256, &err));
	axev__buf_clear(ret_bytes);
	assert_ok(axev__buf_reserve(ret_bytes, size, &err));
	assert_ok(axev__pread_full(fd, ret_bytes->data, size, 0, &err));
	ret_bytes->size = size;
}

int forge_verdict(struct axev__span bytes, const axev_policy *policy, char **ret_text)
{
	axev_report *report = NULL;
	char *zh = NULL;
	int status, verdict;

	axev_error_clear(&err);
	status = axev_verify_memory(bytes.data, bytes.size, policy, NULL, &report, &err);
	ck_assert_ptr_nonnull(report);
	verdict = axev_report_verdict(report);
	/* Whoever reads only the status is as safe as who reads the report. */
	ck_assert_int_eq(status == AXEV_OK, verdict == AXEV_VERDICT_VALID);
	if (ret_text)
		assert_ok(axev_report_text(report, "en", 1, ret_text, &err));
	assert_ok(axev_report_text(report, "zh", 1, &zh, &err));
	ck_assert_msg(strstr(zh, "程序原文") == NULL, "%.1000s", strstr(zh, "程序原文"));
	axev_text_free(zh);
	axev_report_free(report);
	return verdict;
}
