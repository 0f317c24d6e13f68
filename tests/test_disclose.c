/* SPDX-License-Identifier: Apache-2.0 */
/* Disclosures, properly sealed by a maker who lies: the verifier finds each lie and says which it is, in both languages. */
#include "sealed_rows.h"
#include "support_ledger.h" /* behind it: both have an err */

#include <stdio.h>

#include "base/text.h"
#include "package/disclosure.h"
#include "package/record_salts.h"
#include "package/sealed_set.h"

static axev_id original, other, honest;

enum lie {
	NOTHING, CELL, SWAP, DROP, SALT_TWICE, SALT_WITHHELD, SALT_AS_LEAF, AGAIN, RECORDS, SHOWN, WITHHELD, ABOUT, MANIFEST,
	LIST, LIST_FORM, SIGNATURE, ENTRY, ENTRY_SHA256, ENTRY_NUMBER, SET, EXTRA, EXTRA_ORIGINAL, NO_PROOF, NO_SIGNATURE,
	ANCHOR, ANCHOR_TOKEN, NO_ANCHOR, LATE,
	/* about several sets */
	SEVERAL, SETS_SWAPPED, SETS_TWICE, SETS_ONE, SETS_PROOFS, SETS_LATE, SETS_AND_SET, SETS_RECORDS, SETS_TOTAL, SETS_UNKNOWN
};

/* ---- originals ---- */

static const axev_record_range ranges[] = { { 255, 2 }, { 400, 1 } };
static const char *const withheld[] = { "phone" };

static axev_disclose_opts options(void)
{
	axev_disclose_opts opts = AXEV_DISCLOSE_OPTS_INIT;

	opts.ranges = ranges;
	opts.range_count = AXEV__COUNT(ranges);
	opts.withheld_columns = withheld;
	opts.withheld_column_count = 1;
	opts.approver = "王主任";
	opts.ground = "电子商务法 25";
	return opts;
}

static void make_disclosure(void)
{
	axev_seal_result result = { .size = sizeof(result) };
	axev_disclose_opts opts = options();
	axev_draft *draft = NULL;

	make_ledger();
	sealed_rows(ledger, 1, true, &original);
	sealed_rows(ledger, 1, true, &other);
	assert_ok(axev_disclose(ledger, &original, &opts, &draft, &err));
	assert_ok(axev_seal(ledger, draft, NULL, &result, &err));
	axev_draft_free(draft);
	honest = result.id;
}

/* ---- lies ---- */

static void open_package(const axev_id *id, struct axev__stored_package *package)
{
	AXEV__FREE char *path = NULL;

	assert_ok(axev_ledger_package_path(ledger, id, &path, &err));
	assert_ok(axev__stored_package_open(path, package, &err));
}

/* An original of two sets, and a disclosure of both. */
static axev_id both, several;

static void make_several(void)
{
	static const axev_record_range first[] = { { 0, 1 } };
	const axev_disclose_set customers = { "customers", first, 1, NULL, 0, NULL, 0, withheld, 1 };
	axev_seal_result result = { .size = sizeof(result) };
	axev_disclose_opts opts = options();
	axev_draft *draft = NULL;

	sealed_rows(ledger, 2, true, &both);
	opts.set = "orders";
	opts.more_sets = &customers;
	opts.more_set_count = 1;
	assert_ok(axev_disclose(ledger, &both, &opts, &draft, &err));
	assert_ok(axev_seal(ledger, draft, NULL, &result, &err));
	axev_draft_free(draft);
	several = result.id;
}

static axev__json *copy_at(const axev__json *list, size_t position)
{
	return axev__json_copy(axev__json_at(list, position));
}

static void swap_first_two(axev__json *proof)
{
	axev__json *proven = axev__json_get(proof, "proven");
	AXEV__JSON *swapped = axev__json_new_array();

	assert_ok(axev__json_append(swapped, copy_at(proven, 1), &err));
	assert_ok(axev__json_append(swapped, copy_at(proven, 0), &err));
	assert_ok(axev__json_set(proof, "proven", axev__steal(swapped), &err));
}

static void drop_second(axev__json *proof)
{
	AXEV__JSON *left = axev__json_new_array();

	assert_ok(axev__json_append(left, copy_at(axev__json_get(proof, "proven"), 0), &err));
	assert_ok(axev__json_set(proof, "proven", axev__steal(left), &err));
	assert_ok(axev__json_set_str(proof, "records", "599", &err));
}

static void lie_in_proof(enum lie lie, axev__json *proof)
{
	axev__json *row = axev__json_at(axev__json_get(proof, "proven"), 0);
	axev__json *next = axev__json_at(axev__json_get(proof, "proven"), 1);
	const axev__json *salt = axev__json_get(axev__json_at(row, 0), "salt");
	struct axev__span text;
	char twice[65];

	ck_assert(axev__json_as_string(salt, &text) && text.size == 32);
	snprintf(twice, sizeof(twice), "%.32s%.32s", (const char *)text.data, (const char *)text.data);
	if (lie == CELL)
		assert_ok(axev__json_set_str(axev__json_at(row, 0), "cell", "AQIB/Q==", &err));
	if (lie == SWAP)
		swap_first_two(proof);
	if (lie == DROP)
		drop_second(proof);
	if (lie == SALT_TWICE)
		assert_ok(axev__json_set(axev__json_at(next, 0), "salt", axev__json_copy(salt), &err));
	if (lie == SALT_WITHHELD)
		assert_ok(axev__json_set(axev__json_at(row, 1), "salt", axev__json_copy(salt), &err));
	if (lie == SALT_AS_LEAF)
		assert_ok(axev__json_set_str(axev__json_at(row, 1), "leaf", twice, &err));
}

static void change_proof(enum lie lie, struct axev__buf *bytes)
{
	AXEV__JSON *proof = NULL;

	assert_ok(axev__json_parse(axev__buf_view(bytes), &proof, &err));
	lie_in_proof(lie, proof);
	axev__buf_clear(bytes);
	assert_ok(axev__json_canonical(proof, bytes, &err));
}

/* The object in the package of @id that stands in the same place. */
static void read_other(const axev_id *id, const char *name, struct axev__buf *bytes)
{
	AXEV__STORED_PACKAGE package = { .fd = -1 };
	const struct axev__entry *entry;

	open_package(id, &package);
	entry = axev__container_find(package.container, name);
	ck_assert_ptr_nonnull(entry);
	axev__buf_clear(bytes);
	assert_ok(axev__container_read(package.container, entry, bytes, &err));
}

static void other_entry(struct axev__buf *entry, struct axev__buf *proof)
{
	axev_ledger_package package = { .size = sizeof(package) };
	char hex[AXEV_ID_HEX_SIZE];

	axev__hex(hex, other.bytes, 32);
	assert_ok(axev_ledger_find(ledger, hex, &package, &err));
	if (entry) {
		axev__buf_clear(entry);
		assert_ok(axev__ledger_entry_read(ledger->log, package.sealed_index, entry, &err));
	}
	if (proof) {
		axev__buf_clear(proof);
		assert_ok(axev__ledger_prove(ledger->log, package.sealed_index, proof, &err));
	}
}

static void change(enum lie lie, const char *path, struct axev__buf *bytes)
{
	if (strcmp(path, "data/disclosed/001.json") == 0 && lie >= CELL && lie <= SALT_AS_LEAF)
		change_proof(lie, bytes);
	if (strcmp(path, "data/disclosed/002.json") == 0 && lie == AGAIN)
		read_other(&honest, "data/disclosed/001.json", bytes);
	if (strcmp(path, AXEV__ORIGINAL_MANIFEST) == 0 && lie == MANIFEST)
		read_other(&other, "data/evidence.json", bytes);
	if (strcmp(path, "data/original/asicmanifest001.xml") == 0 && lie == LIST)
		read_other(&other, "META-INF/ASiCManifest001.xml", bytes);
	if (strcmp(path, "data/original/asicmanifest001.xml") == 0 && lie == LIST_FORM)
		assert_ok(axev__buf_str(bytes, "\n", &err));
	if (strcmp(path, "data/original/signature001.p7s") == 0 && lie == SIGNATURE)
		read_other(&other, "META-INF/signature001.p7s", bytes);
	if (strcmp(path, AXEV__ORIGINAL_ANCHOR) == 0 && lie == ANCHOR)
		read_other(&both, "data/anchor/checkpoint", bytes);
	if (strcmp(path, AXEV__ORIGINAL_ANCHOR_TOKEN) == 0 && lie == ANCHOR_TOKEN)
		read_other(&both, "data/anchor/checkpoint.tst", bytes);
	if (strcmp(path, AXEV__ORIGINAL_ENTRY) == 0 && lie == ENTRY)
		other_entry(bytes, NULL);
	if (strcmp(path, AXEV__ORIGINAL_PROOF) == 0 && lie == ENTRY)
		other_entry(NULL, bytes);
}

static void add_object(struct axev__take *take, const char *path, const char *role, struct axev__span bytes)
{
	const struct axev__object object = { .path = path, .name = axev__span_str("x"), .media_type = "text/plain",
					     .role = role, .modified_ns = INT64_MIN, .mode = -1 };
	struct axev__digests digests;

	assert_ok(axev__container_add(take->writer, path, bytes, &digests, &err));
	assert_ok(axev__take_object(take, &object, &digests, &err));
}

static void copy_objects(struct axev__take *take, const struct axev__stored_package *from, enum lie lie)
{
	const axev__json *objects = axev__json_get(from->manifest, "objects");
	AXEV__BUF bytes = AXEV__BUF_INIT(AXEV__MAX_MANIFEST_BYTES);
	struct axev__span path, role;
	char name[256];
	size_t i;

	for (i = 0; i < axev__json_count(objects); i++) {
		assert_ok(axev__json_string(axev__json_at(objects, i), "path", &path, &err));
		assert_ok(axev__json_string(axev__json_at(objects, i), "role", &role, &err));
		snprintf(name, sizeof(name), "%.*s", (int)path.size, (const char *)path.data);
		if (axev__span_is(role, "anchor") || (lie == NO_PROOF && axev__span_is(role, AXEV__DISCLOSED_ROLE)) ||
		    (lie == NO_ANCHOR && strcmp(name, AXEV__ORIGINAL_ANCHOR_TOKEN) == 0) ||
		    (lie == NO_SIGNATURE && strcmp(name, "data/original/signature001.p7s") == 0))
			continue;
		axev__buf_clear(&bytes);
		assert_ok(axev__all_objects_read(&from->objects, path, &bytes, &err));
		change(lie, name, &bytes);
		add_object(take, name, axev__span_is(role, AXEV__DISCLOSED_ROLE) ? AXEV__DISCLOSED_ROLE : AXEV__ORIGINAL_ROLE,
			   axev__buf_view(&bytes));
	}
	if (lie == LATE) { /* a good time-stamp of something else */
		axev__buf_clear(&bytes);
		read_other(&honest, AXEV__ORIGINAL_ANCHOR_TOKEN, &bytes);
		add_object(take, AXEV__ORIGINAL_LATE_TOKEN, AXEV__ORIGINAL_ROLE, axev__buf_view(&bytes));
	}
	if (lie == EXTRA)
		add_object(take, "data/x.csv", "view", axev__span_str("id,phone\n"));
	if (lie == EXTRA_ORIGINAL)
		add_object(take, "data/original/view.csv", AXEV__ORIGINAL_ROLE, axev__span_str("id,phone\n"));
}

static void set_in_row(axev__json *list, size_t position, const char *member, uint64_t value)
{
	assert_ok(axev__json_set_u64(axev__json_at(list, position), member, value, &err));
}

static void lie_about_sets(enum lie lie, axev__json *source)
{
	axev__json *list = axev__json_get(source, "record_sets");
	AXEV__JSON *swapped = axev__json_new_array();

	if (lie == SETS_SWAPPED) {
		assert_ok(axev__json_set_str(axev__json_at(list, 0), "path", "data/records/002.bin", &err));
		assert_ok(axev__json_set_str(axev__json_at(list, 1), "path", "data/records/001.bin", &err));
	}
	if (lie == SETS_TWICE)
		assert_ok(axev__json_set_str(axev__json_at(list, 1), "path", "data/records/001.bin", &err));
	if (lie == SETS_UNKNOWN)
		assert_ok(axev__json_set_str(axev__json_at(list, 1), "path", "data/records/003.bin", &err));
	if (lie == SETS_AND_SET)
		assert_ok(axev__json_set_str(source, "record_set", "data/records/001.bin", &err));
	if (lie == SETS_PROOFS)
		set_in_row(list, 1, "proofs", 2);
	if (lie == SETS_LATE) { /* the second proof of the first set as one of the second */
		set_in_row(list, 0, "proofs", 1);
		set_in_row(list, 1, "proofs", 2);
	}
	if (lie == SETS_RECORDS)
		set_in_row(list, 1, "records", 2);
	if (lie == SETS_TOTAL)
		assert_ok(axev__json_set_u64(source, "shown", 7, &err));
	if (lie != SETS_ONE)
		return;
	assert_ok(axev__json_append(swapped, copy_at(list, 0), &err));
	assert_ok(axev__json_set(source, "record_sets", axev__steal(swapped), &err));
}

static axev__json *lying_source(const struct axev__stored_package *from, enum lie lie)
{
	axev__json *source = axev__json_copy(axev__json_get(from->manifest, "source"));
	AXEV__JSON *about = axev__json_new_array();
	char hex[AXEV_ID_HEX_SIZE];

	axev__hex(hex, other.bytes, 32);
	assert_ok(axev__json_append_str(about, hex, &err));
	if (lie == ABOUT)
		assert_ok(axev__json_set(source, "about", axev__steal(about), &err));
	if (lie == RECORDS || lie == DROP)
		assert_ok(axev__json_set_u64(source, "records", 2, &err));
	if (lie == SHOWN)
		assert_ok(axev__json_set_u64(source, "shown", 9, &err));
	if (lie == WITHHELD)
		assert_ok(axev__json_set_u64(source, "withheld", 0, &err));
	if (lie == ENTRY_SHA256)
		assert_ok(axev__json_set_str(source, "package_sha256", hex, &err));
	if (lie == ENTRY_NUMBER)
		assert_ok(axev__json_set_u64(source, "entry", 3, &err));
	lie_about_sets(lie, source);
	if (lie == SET)
		assert_ok(axev__json_set_str(source, "record_set", "data/records/002.bin", &err));
	return source;
}

static void make_lie(enum lie lie)
{
	const axev_capture_common common = AXEV_CAPTURE_COMMON_INIT;
	AXEV__STORED_PACKAGE from = { .fd = -1 };
	AXEV__TAKE take = { .fd = -1 };
	axev_id id;

	make_several();
	open_package(lie >= SEVERAL ? &several : &honest, &from);
	assert_ok(axev__take_begin(ledger, &common, "disclosure", "test", axev__span_str("x"), &take, &err));
	copy_objects(&take, &from, lie);
	assert_ok(axev__take_set(&take, "source", lying_source(&from, lie), &err));
	sealed_rows_seal(ledger, &take, &id);
	remove(in_folder("b.asice"));
	assert_ok(axev_export(ledger, &id, 1, in_folder("b.asice"), NULL, &err));
}

static void assert_said(const axev_report *report, const char *lang, const char *said)
{
	char *text = NULL;

	assert_ok(axev_report_text(report, lang, 1, &text, &err));
	ck_assert_msg(strstr(text, said) != NULL, "expected '%s' in:\n%.3500s", said, strstr(text, "disclosure") ? strstr(text, "disclosure") : text);
	axev_text_free(text);
}

static void assert_verdict(enum lie lie, int verdict, const char *said, const char *said_zh)
{
	axev_report *report = NULL;

	make_lie(lie);
	ck_assert_int_eq(axev_verify_file(in_folder("b.asice"), policy, NULL, &report, &err) == AXEV_OK,
			 verdict == AXEV_VERDICT_VALID);
	ck_assert_ptr_nonnull(report);
	assert_said(report, "en", said);
	assert_said(report, "zh", said_zh);
	ck_assert_int_eq(axev_report_verdict(report), verdict);
	axev_report_free(report);
}

#define INVALID(lie, en, zh) assert_verdict(lie, AXEV_VERDICT_INVALID, en, zh)

START_TEST(disclose__the_honest_one_is_valid)
{
	assert_verdict(NOTHING, AXEV_VERDICT_VALID, "记录 records 3 / 600; 出示 shown 6; 遮盖 withheld 3", "〔已遮盖〕叶摘要");
}
END_TEST

START_TEST(disclose__each_lie_about_records_is_found)
{
	static const char en[] = "the proof does not lead to the root of the record set", zh[] = "由证明算出的根值不是该记录集的根值";

	INVALID(CELL, en, zh);
	INVALID(SWAP, en, zh);
	INVALID(DROP, en, zh);
	INVALID(SALT_TWICE, "one salt serves two cells", "同一盐值用于两个单元格");
	INVALID(SALT_WITHHELD, "a salt stands with a cell that is withheld", "已遮盖的单元格处出现盐值");
	INVALID(SALT_AS_LEAF, en, zh);
	INVALID(AGAIN, "record 255 stands twice or out of order", "第 255 条记录重复或次序不符");
	INVALID(RECORDS, "the source states 2 records, found 3", "source 写明 records 为 2，实为 3");
	INVALID(SHOWN, "the source states 9 shown, found 6", "source 写明 shown 为 9，实为 6");
	INVALID(WITHHELD, "the source states 0 withheld, found 3", "source 写明 withheld 为 0，实为 3");
	INVALID(NO_PROOF, "no records are shown", "没有所示记录");
}
END_TEST

START_TEST(disclose__each_lie_about_the_original_is_found)
{
	static const char id_en[] = "the manifest of the original has another SHA-256 than the id that is named",
			  id_zh[] = "原证据说明的 SHA-256 与所称编号不符";

	INVALID(ABOUT, id_en, id_zh);
	INVALID(MANIFEST, id_en, id_zh);
	INVALID(LIST, "the list that was signed has another SHA-256 of the manifest", "签名清单所列证据说明的 SHA-256 与其不符");
	INVALID(LIST_FORM, "the list that was signed is not of the form that was agreed on", "签名清单不是规定的形式");
	INVALID(SIGNATURE, "[failed] signature value (data/original/asicmanifest001.xml)", "[未通过] 签名值");
	INVALID(NO_SIGNATURE, "expected entry data/original/signature001.p7s, which is missing", "缺少文件");
	INVALID(ENTRY, "the entry does not seal the original that is named", "该记录不是所称原证据包的封存记录");
	INVALID(ENTRY_SHA256, "the entry has another SHA-256 of the package", "该记录所写证据包的 SHA-256 不同");
	INVALID(ENTRY_NUMBER, "expected entry 3 of the ledger, found 2", "应为账本第 3 条记录，实为第 2 条");
	INVALID(SET, "the original has no record set 'data/records/002.bin'", "原证据包中没有记录集");
	INVALID(EXTRA, "object 'data/x.csv' is no part of a disclosure", "不属于披露件的组成");
	INVALID(EXTRA_ORIGINAL, "object 'data/original/view.csv' is no part of a disclosure", "不属于披露件的组成");
}
END_TEST

START_TEST(disclose__each_lie_about_the_times_of_the_original_is_found)
{
	INVALID(ANCHOR, "[failed] checkpoint of the ledger, and time-stamp, from before the capture (data/original/checkpoint)", "其 SHA-256 与证据说明列明的不符");
	INVALID(ANCHOR_TOKEN, "its SHA-256 is not the one in the manifest", "其 SHA-256 与证据说明列明的不符");
	INVALID(LATE, "a later time-stamp stands beside a signature that has one of its own", "又另附后补时间戳");
	/* What a disclosure may leave out: it is named, and the report says that it is not there. */
	assert_verdict(NO_ANCHOR, AXEV_VERDICT_VALID, "data/original/checkpoint.tst", "data/original/checkpoint.tst");
}
END_TEST

START_TEST(disclose__each_lie_about_several_sets_is_found)
{
	static const char root_en[] = "the proof does not lead to the root of the record set", root_zh[] = "由证明算出的根值不是该记录集的根值",
			  proofs_en[] = "the source lists other numbers of proofs than the 3 there are", proofs_zh[] = "证明个数与实有的 3 个不符";

	assert_verdict(SEVERAL, AXEV_VERDICT_VALID, "记录 records 1 / 600; 出示 shown 2; 遮盖 withheld 1", "customers 第 1 条 id");
	INVALID(SETS_SWAPPED, root_en, root_zh);
	INVALID(SETS_LATE, root_en, root_zh);
	INVALID(SETS_TWICE, "record set 'data/records/001.bin' is listed twice", "重复列出");
	INVALID(SETS_UNKNOWN, "the original has no record set 'data/records/003.bin'", "原证据包中没有记录集");
	INVALID(SETS_ONE, "expected a list of 2 to 100 record sets, found 1", "应列出 2 至 100 个记录集，实为 1 个");
	INVALID(SETS_PROOFS, proofs_en, proofs_zh);
	INVALID(SETS_AND_SET, "the source names one record set and lists several", "既写明一个记录集又列出若干个");
	INVALID(SETS_RECORDS, "the source states 2 records, found 1", "source 写明 records 为 2，实为 1");
	INVALID(SETS_TOTAL, "the source states 7 shown, found 8", "source 写明 shown 为 7，实为 8");
}
END_TEST

START_TEST(disclose__what_could_be_guessed_is_not_disclosed)
{
	axev_disclose_opts opts = options();
	axev_draft *draft = NULL;
	axev_id plain;

	sealed_rows(ledger, 1, false, &plain);
	assert_fails(axev_disclose(ledger, &plain, &opts, &draft, &err), AXEV_E_STATE,
		     "the manifest lists the plain SHA-256 of 'data/records/001.bin': withheld cells could be guessed from it");
}
END_TEST

START_TEST(disclose__what_makes_no_sense_is_refused)
{
	static const char *const all[] = { "id", "phone", "name" };
	const axev_record_range beyond[] = { { 599, 2 } };
	const axev_record_key nobody[] = { { "phone", "1" } };
	axev_disclose_opts opts = options();
	axev_draft *draft = NULL;

	opts.ground = "";
	assert_fails(axev_disclose(ledger, &original, &opts, &draft, &err), AXEV_E_INVAL,
		     "expected the legal ground, 1 to 1000 bytes of UTF-8");
	opts = options();
	opts.withheld_columns = all;
	opts.withheld_column_count = 3;
	assert_fails(axev_disclose(ledger, &original, &opts, &draft, &err), AXEV_E_INVAL,
		     "nothing is left to be shown: every column is withheld");
	opts = options();
	opts.ranges = beyond;
	opts.range_count = 1;
	assert_fails(axev_disclose(ledger, &original, &opts, &draft, &err), AXEV_E_INVAL,
		     "expected records of the 600 there are");
	opts.range_count = 0;
	opts.keys = nobody;
	opts.key_count = 1;
	assert_fails(axev_disclose(ledger, &original, &opts, &draft, &err), AXEV_E_NOTFOUND,
		     "no record has '1' in column phone");
}
END_TEST

/* Salts of withheld cells, keys of the key tree and the secret are in no byte of a disclosure; nor are the values. */
START_TEST(disclose__nothing_of_a_withheld_cell_is_in_it)
{
	AXEV__STORED_PACKAGE from = { .fd = -1 };
	AXEV__SEALED_SET set = { 0 };
	AXEV__FREE char *path = NULL;
	AXEV__BUF bytes = AXEV__BUF_INIT(4 * AXEV__MIB);
	AXEV__RECORD_SALTS salts = { 0 };
	struct axev__record_index index;
	uint8_t of_record[3][16];
	char hex[65], phone[16];
	uint64_t i;
	size_t level;

	open_package(&original, &from);
	assert_ok(axev__sealed_set_open(&from, NULL, &set, &err));
	assert_ok(axev__record_index_read(axev__buf_view(&set.index), &index, &err));
	assert_ok(axev_ledger_package_path(ledger, &honest, &path, &err));
	assert_ok(axev__read_file(AT_FDCWD, path, &bytes, &err));
	assert_ok(axev__record_salts_init(&salts, index.secret, AXEV__COUNT(of_record), &err));
	for (i = 0; i < SEALED_ROWS; i++) {
		assert_ok(axev__record_salts_make(&salts, i, 1, of_record, &err));
		for (level = 0; level <= AXEV__KEY_TREE_HEIGHT; level++) {
			axev__hex(hex, salts.path[level], 32);
			ck_assert_ptr_null(memmem(bytes.data, bytes.size, hex, 64));
			ck_assert_ptr_null(memmem(bytes.data, bytes.size, salts.path[level], 32));
		}
		axev__hex(hex, of_record[1], 16);
		ck_assert_ptr_null(memmem(bytes.data, bytes.size, hex, 32));
		axev__hex(hex, of_record[0], 16);
		ck_assert_int_eq(memmem(bytes.data, bytes.size, hex, 32) != NULL, i == 255 || i == 256 || i == 400);
		snprintf(phone, sizeof(phone), "1380000%04d", (int)i * 7919 % 10000);
		ck_assert_ptr_null(memmem(bytes.data, bytes.size, phone, 11));
	}
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("disclose");
	TCase *tcase = tcase_create("disclose");

	tcase_set_timeout(tcase, 120);
	tcase_add_unchecked_fixture(tcase, make_disclosure, remove_ledger);
	tcase_add_test(tcase, disclose__the_honest_one_is_valid);
	tcase_add_test(tcase, disclose__each_lie_about_records_is_found);
	tcase_add_test(tcase, disclose__each_lie_about_the_original_is_found);
	tcase_add_test(tcase, disclose__each_lie_about_the_times_of_the_original_is_found);
	tcase_add_test(tcase, disclose__each_lie_about_several_sets_is_found);
	tcase_add_test(tcase, disclose__what_could_be_guessed_is_not_disclosed);
	tcase_add_test(tcase, disclose__what_makes_no_sense_is_refused);
	tcase_add_test(tcase, disclose__nothing_of_a_withheld_cell_is_in_it);
	suite_add_tcase(suite, tcase);
	return run_suite(suite);
}
