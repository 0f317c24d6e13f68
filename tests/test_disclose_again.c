/* SPDX-License-Identifier: Apache-2.0 */
/* A disclosure made of a disclosure: what it shows, what it cannot show, and what a maker who lies about it is told. */
#include "sealed_rows.h"
#include "support_ledger.h" /* behind it: both have an err */

#include <stdio.h>

#include "package/disclosed_from.h"
#include "package/disclosure.h"
#include "package/sealed_set.h"

static axev_id original, other;          /* of two sets each */
static axev_id first, sibling, stranger; /* disclosures: two of the original, one of the other */
static axev_id second, third;            /* made of the first, and of the second */

enum lie {
	NOTHING, CELL, SWAP, DROP, GRAFT, OTHER_SET, SALT_TWICE, SALT_WITHHELD, NO_PARENT_PROOF,
	/* about what it was made from */
	SIBLING_ID, SIBLING_ENTRY, STRANGER, EVENT, NUMBER, TIME, LATE, EMPTY, NO_ENTRY, EXTRA, NOT_TOLD, LEDGER,
	/* which the bundle with the first one shows */
	APPROVER, GROUND, MORE, MORE_ROWS,
	NEXT, SKIPPED
};

/* ---- honest ones ---- */

static const axev_record_range some[] = { { 250, 10 }, { 400, 1 } }, few[] = { { 255, 2 }, { 400, 1 } }, head[] = { { 0, 4 } };
static const char *const withheld[] = { "phone" }, *const only_id[] = { "id" };

static axev_disclose_opts options(const char *set, const axev_record_range *ranges, size_t count)
{
	axev_disclose_opts opts = AXEV_DISCLOSE_OPTS_INIT;

	opts.set = set;
	opts.ranges = ranges;
	opts.range_count = count;
	opts.approver = "王主任";
	opts.ground = "电子商务法 25";
	return opts;
}

static void seal(axev_draft *draft, axev_id *ret_id)
{
	axev_seal_result result = { .size = sizeof(result) };

	assert_ok(axev_seal(ledger, draft, NULL, &result, &err));
	axev_draft_free(draft);
	*ret_id = result.id;
}

static void make_first(const axev_id *id, axev_id *ret_id)
{
	const axev_disclose_set customers = { "customers", head, 1, NULL, 0, NULL, 0, withheld, 1 };
	axev_disclose_opts opts = options("orders", some, AXEV__COUNT(some));
	axev_draft *draft = NULL;

	opts.withheld_columns = withheld;
	opts.withheld_column_count = 1;
	opts.more_sets = &customers;
	opts.more_set_count = 1;
	assert_ok(axev_disclose(ledger, id, &opts, &draft, &err));
	seal(draft, ret_id);
}

static void make_next(const axev_id *id, const axev_record_range *ranges, size_t count, axev_id *ret_id)
{
	axev_disclose_opts opts = options("orders", ranges, count);
	axev_draft *draft = NULL;

	opts.columns = only_id;
	opts.column_count = 1;
	opts.approver = "李法官";
	assert_ok(axev_disclose(ledger, id, &opts, &draft, &err));
	seal(draft, ret_id);
}

static void make_all(void)
{
	make_ledger();
	sealed_rows(ledger, 2, true, &original);
	sealed_rows(ledger, 2, true, &other);
	make_first(&original, &first);
	make_first(&original, &sibling);
	make_first(&other, &stranger);
	make_next(&first, few, AXEV__COUNT(few), &second);
	make_next(&second, few, 1, &third);
}

static void open_package(const axev_id *id, struct axev__stored_package *package)
{
	AXEV__FREE char *path = NULL;

	assert_ok(axev_ledger_package_path(ledger, id, &path, &err));
	assert_ok(axev__stored_package_open(path, package, &err));
}

static void read_entry(const axev_id *id, const char *name, struct axev__buf *bytes)
{
	AXEV__STORED_PACKAGE package = { .fd = -1 };
	const struct axev__entry *entry;

	open_package(id, &package);
	entry = axev__container_find(package.container, name);
	ck_assert_msg(entry != NULL, "%s", name);
	axev__buf_clear(bytes);
	assert_ok(axev__container_read(package.container, entry, bytes, &err));
}

/* ---- lies ---- */

static axev__json *row_of(axev__json *proof, size_t at)
{
	return axev__json_at(axev__json_get(proof, "proven"), at);
}

static void set_rows(axev__json *proof, const axev__json *one, const axev__json *two)
{
	AXEV__JSON *rows = axev__json_new_array();

	assert_ok(axev__json_append(rows, axev__json_copy(one), &err));
	if (two)
		assert_ok(axev__json_append(rows, axev__json_copy(two), &err));
	assert_ok(axev__json_set(proof, "proven", axev__steal(rows), &err));
}

/* Rows 255 and 256: of each the first cell is shown. */
static void lie_in_proof(enum lie lie, axev__json *proof)
{
	AXEV__BUF bytes = AXEV__BUF_INIT(AXEV__MAX_RECORD_PROOF_BYTES);
	axev__json *row = row_of(proof, 0), *next = row_of(proof, 1);
	const axev__json *salt = axev__json_get(axev__json_at(row, 0), "salt");
	AXEV__JSON *foreign = NULL;

	if (lie == CELL)
		assert_ok(axev__json_set_str(axev__json_at(row, 0), "cell", "AQIB/Q==", &err));
	if (lie == SWAP)
		set_rows(proof, next, row);
	if (lie == DROP) {
		set_rows(proof, row, NULL);
		assert_ok(axev__json_set_str(proof, "records", "599", &err));
	}
	if (lie == GRAFT) { /* a row of the other set, which the first disclosure shows with its salts */
		read_entry(&first, "data/disclosed/003.json", &bytes);
		assert_ok(axev__json_parse(axev__buf_view(&bytes), &foreign, &err));
		set_rows(proof, row_of(foreign, 0), next);
	}
	if (lie == SALT_TWICE)
		assert_ok(axev__json_set(axev__json_at(next, 0), "salt", axev__json_copy(salt), &err));
	if (lie == SALT_WITHHELD)
		assert_ok(axev__json_set(axev__json_at(row, 1), "salt", axev__json_copy(salt), &err));
}

static uint64_t disclosed_entry(const axev_id *id, struct axev__buf *entry)
{
	axev_ledger_package package = { .size = sizeof(package) };
	char hex[AXEV_ID_HEX_SIZE];
	uint64_t index;

	axev__hex(hex, id->bytes, 32);
	assert_ok(axev_ledger_find(ledger, hex, &package, &err));
	for (index = package.captured_index + 1; index < package.sealed_index; index++) {
		axev__buf_clear(entry);
		assert_ok(axev__ledger_entry_read(ledger->log, index, entry, &err));
		if (memmem(entry->data, entry->size, "\"disclosed\"", 11))
			return index;
	}
	ck_abort_msg("no entry");
	return 0;
}

static void change_derived(enum lie lie, const char *path, struct axev__buf *bytes)
{
	const axev_id *from = lie == SIBLING_ENTRY ? &sibling : &stranger;
	bool is_entry = strcmp(path, "data/derived/001.entry.json") == 0;
	AXEV__BUF entry = AXEV__BUF_INIT(AXEV__MAX_LEDGER_ENTRY_BYTES);
	axev_ledger_package package = { .size = sizeof(package) };
	char hex[AXEV_ID_HEX_SIZE];
	uint64_t index = disclosed_entry(from, &entry);

	if (lie == EVENT) { /* that it was sealed, which is true */
		axev__hex(hex, first.bytes, 32);
		assert_ok(axev_ledger_find(ledger, hex, &package, &err));
		index = package.sealed_index;
		axev__buf_clear(&entry);
		assert_ok(axev__ledger_entry_read(ledger->log, index, &entry, &err));
	}
	axev__buf_clear(bytes);
	if (is_entry)
		assert_ok(axev__buf_span(bytes, axev__buf_view(&entry), &err));
	else
		assert_ok(axev__ledger_prove(ledger->log, index, bytes, &err));
}

/* Made of the original by somebody who has it: it holds, and is not what it says. */
static void more_than_first(enum lie lie, const char *path, struct axev__buf *bytes)
{
	static const uint32_t fields[2][2] = { { 0, 1 }, { 0, 0 } };
	const bool is_last = strcmp(path, "data/disclosed/002.json") == 0;
	const struct axev__record_choice choice = { is_last ? 400 + (lie == MORE_ROWS) : 255, is_last ? 1 : 2,
						    fields[lie == MORE_ROWS], lie == MORE ? 2 : 1 };
	AXEV__STORED_PACKAGE package = { .fd = -1 };
	AXEV__SEALED_SET set = { 0 };

	open_package(&original, &package);
	assert_ok(axev__sealed_set_open(&package, "orders", &set, &err));
	axev__buf_clear(bytes);
	assert_ok(axev__sealed_set_prove(&set, &choice, bytes, &err));
}

static void change(enum lie lie, const char *path, struct axev__buf *bytes)
{
	AXEV__JSON *proof = NULL;

	if (strncmp(path, "data/disclosed/", 15) == 0 && (lie == MORE || lie == MORE_ROWS))
		more_than_first(lie, path, bytes);

	if (strcmp(path, "data/derived/001.tlog-proof") == 0 && lie == LEDGER) { /* the same tree, under another name */
		uint8_t *origin = memmem(bytes->data, bytes->size, "\n\n", 2);

		ck_assert_ptr_nonnull(origin);
		origin[2] = origin[2] == 'x' ? 'y' : 'x';
	}
	if (strncmp(path, "data/derived/001", 16) == 0 && (lie == SIBLING_ENTRY || lie == STRANGER || lie == EVENT))
		change_derived(lie, path, bytes);
	if (strcmp(path, "data/disclosed/001.json") != 0 || lie < CELL || lie > SALT_WITHHELD)
		return;
	if (lie == OTHER_SET) { /* a whole proof of the other set */
		read_entry(&first, "data/disclosed/003.json", bytes);
		return;
	}
	assert_ok(axev__json_parse(axev__buf_view(bytes), &proof, &err));
	lie_in_proof(lie, proof);
	axev__buf_clear(bytes);
	assert_ok(axev__json_canonical(proof, bytes, &err));
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
	static const char *const roles[] = { AXEV__ORIGINAL_ROLE, AXEV__DERIVED_ROLE, AXEV__DISCLOSED_ROLE };
	const axev__json *objects = axev__json_get(from->manifest, "objects");
	AXEV__BUF bytes = AXEV__BUF_INIT(AXEV__MAX_MANIFEST_BYTES);
	struct axev__span path, role;
	char name[256];
	size_t i, k;

	for (i = 0; i < axev__json_count(objects); i++) {
		assert_ok(axev__json_string(axev__json_at(objects, i), "path", &path, &err));
		assert_ok(axev__json_string(axev__json_at(objects, i), "role", &role, &err));
		snprintf(name, sizeof(name), "%.*s", (int)path.size, (const char *)path.data);
		for (k = 0; k < AXEV__COUNT(roles) && !axev__span_is(role, roles[k]); k++)
			;
		if (k == AXEV__COUNT(roles) || (lie == NO_ENTRY && strcmp(name, "data/derived/001.entry.json") == 0) ||
		    (lie == NO_PARENT_PROOF && strcmp(name, "data/derived/001.tlog-proof") == 0))
			continue;
		axev__buf_clear(&bytes);
		assert_ok(axev__all_objects_read(&from->objects, path, &bytes, &err));
		change(lie, name, &bytes);
		add_object(take, name, roles[k], axev__buf_view(&bytes));
	}
	if (lie == EXTRA)
		add_object(take, "data/derived/002.entry.json", AXEV__DERIVED_ROLE, axev__span_str("{}"));
}

static void set_id(axev__json *row, const axev_id *id)
{
	assert_ok(axev__json_set_hex(row, "id", id->bytes, 32, &err));
}

static axev__json *lying_source(const struct axev__stored_package *from, enum lie lie)
{
	axev__json *source = axev__json_copy(axev__json_get(from->manifest, "source"));
	axev__json *rows = axev__json_get(source, AXEV__DERIVED_MEMBER), *row = axev__json_at(rows, 0);
	AXEV__JSON *shorter = axev__json_new_array();

	if (lie == DROP)
		assert_ok(axev__json_set_u64(source, "records", 2, &err));
	if (lie == SIBLING_ID)
		set_id(row, &sibling);
	if (lie == STRANGER)
		set_id(row, &stranger);
	if (lie == NUMBER)
		assert_ok(axev__json_set_u64(row, "entry", 3, &err));
	if (lie == TIME)
		assert_ok(axev__json_set_str(row, "disclosed", "2020-01-01T00:00:00.000000000Z", &err));
	if (lie == APPROVER)
		assert_ok(axev__json_set_str(row, "approver", "张局长", &err));
	if (lie == GROUND)
		assert_ok(axev__json_set_str(row, "ground", "none", &err));
	if (lie == MORE)
		assert_ok(axev__json_set_u64(source, "shown", 6, &err));
	if (lie == MORE || lie == MORE_ROWS)
		assert_ok(axev__json_set_u64(source, "withheld", lie == MORE ? 3 : 6, &err));
	if (lie == LATE)
		assert_ok(axev__json_set_u64(source, "entry", 99, &err));
	if (lie == NEXT) /* the third says that what it was made from was made of a sibling */
		set_id(axev__json_at(rows, 0), &sibling);
	if (lie == SKIPPED)
		assert_ok(axev__json_append(shorter, axev__json_copy(axev__json_at(rows, 1)), &err));
	if (lie == EMPTY || lie == SKIPPED)
		assert_ok(axev__json_set(source, AXEV__DERIVED_MEMBER, axev__steal(shorter), &err));
	if (lie == NOT_TOLD) {
		AXEV__JSON *silent = axev__json_new_object();
		static const char *const members[] = { "about", "package_sha256", "entry", "record_set", "approver", "ground",
						       "records", "shown", "withheld" };
		size_t i;

		for (i = 0; i < AXEV__COUNT(members); i++)
			assert_ok(axev__json_set(silent, members[i], axev__json_copy(axev__json_get(source, members[i])), &err));
		axev__json_free(source);
		source = axev__steal(silent);
	}
	return source;
}

static void make_lie(enum lie lie)
{
	const axev_capture_common common = AXEV_CAPTURE_COMMON_INIT;
	AXEV__STORED_PACKAGE from = { .fd = -1 };
	AXEV__TAKE take = { .fd = -1 };
	axev_id ids[2];

	open_package(lie >= NEXT ? &third : &second, &from);
	assert_ok(axev__take_begin(ledger, &common, "disclosure", "test", axev__span_str("x"), &take, &err));
	copy_objects(&take, &from, lie);
	assert_ok(axev__take_set(&take, "source", lying_source(&from, lie), &err));
	sealed_rows_seal(ledger, &take, &ids[0]);
	ids[1] = first;
	remove(in_folder("b.asice"));
	assert_ok(axev_export(ledger, ids, lie >= APPROVER && lie <= MORE_ROWS ? 2 : 1, in_folder("b.asice"), NULL, &err));
}

static void assert_report(int verdict, const char *said, const char *said_zh)
{
	axev_report *report = NULL;
	char *en = NULL, *zh = NULL;

	ck_assert_int_eq(axev_verify_file(in_folder("b.asice"), policy, NULL, &report, &err) == AXEV_OK,
			 verdict == AXEV_VERDICT_VALID);
	ck_assert_ptr_nonnull(report);
	assert_ok(axev_report_text(report, "en", 1, &en, &err));
	assert_ok(axev_report_text(report, "zh", 1, &zh, &err));
	ck_assert_msg(strstr(en, said) != NULL, "expected '%s' in:\n%.3500s", said, en);
	ck_assert_msg(strstr(zh, said_zh) != NULL, "expected '%s' in:\n%.3500s", said_zh, zh);
	ck_assert_int_eq(axev_report_verdict(report), verdict);
	axev_text_free(en);
	axev_text_free(zh);
	axev_report_free(report);
}

static void invalid(enum lie lie, const char *said, const char *said_zh)
{
	make_lie(lie);
	assert_report(AXEV_VERDICT_INVALID, said, said_zh);
}

static void valid(const axev_id *id, const char *said, const char *said_zh)
{
	remove(in_folder("b.asice"));
	assert_ok(axev_export(ledger, id, 1, in_folder("b.asice"), NULL, &err));
	assert_report(AXEV_VERDICT_VALID, said, said_zh);
}

/* ---- tests ---- */

START_TEST(disclose_again__it_is_valid_and_says_what_it_was_made_from)
{
	make_lie(NOTHING);
	assert_report(AXEV_VERDICT_VALID, "记录 records 3 / 600; 出示 shown 3; 遮盖 withheld 6", "出示 shown 3; 遮盖 withheld 6");
	valid(&second, "approved by 王主任 on the ground: 电子商务法 25. Who approved that one and why is stated by the maker of this one, not proven",
	      "其审批人 王主任、依据 电子商务法 25 为本件制作方所述，未证明");
	/* Who approved the second one is told by the third. */
	valid(&third, "approved by 李法官 on the ground", "其审批人 李法官、");
	valid(&third, "记录 records 2 / 600; 出示 shown 2; 遮盖 withheld 4", "data/derived/002.entry.json");
}
END_TEST

/* What binds the original is byte for byte what the first disclosure has; its proofs are those the original would have given. */
START_TEST(disclose_again__it_is_what_the_original_would_have_given)
{
	static const char *const names[] = { AXEV__ORIGINAL_MANIFEST, AXEV__ORIGINAL_ENTRY, AXEV__ORIGINAL_PROOF, AXEV__ORIGINAL_ANCHOR,
					     "data/original/asicmanifest001.xml", "data/original/signature001.p7s" };
	AXEV__BUF one = AXEV__BUF_INIT(AXEV__MAX_MANIFEST_BYTES), two = AXEV__BUF_INIT(AXEV__MAX_MANIFEST_BYTES);
	axev_id direct;
	size_t i;

	for (i = 0; i < AXEV__COUNT(names); i++) {
		read_entry(&first, names[i], &one);
		read_entry(&third, names[i], &two);
		ck_assert_msg(axev__span_equal(axev__buf_view(&one), axev__buf_view(&two)), "%s", names[i]);
	}
	make_next(&original, few, 1, &direct);
	read_entry(&direct, "data/disclosed/001.json", &one);
	read_entry(&third, "data/disclosed/001.json", &two);
	ck_assert(axev__span_equal(axev__buf_view(&one), axev__buf_view(&two)));
}
END_TEST

START_TEST(disclose_again__each_lie_about_records_is_found)
{
	static const char en[] = "the proof does not lead to the root of the record set", zh[] = "由证明算出的根值不是该记录集的根值";

	invalid(CELL, en, zh);
	invalid(SWAP, en, zh);
	invalid(DROP, en, zh);
	invalid(GRAFT, en, zh);
	invalid(OTHER_SET, en, zh);
	invalid(SALT_TWICE, "one salt serves two cells", "同一盐值用于两个单元格");
	invalid(SALT_WITHHELD, "a salt stands with a cell that is withheld", "已遮盖的单元格处出现盐值");
}
END_TEST

START_TEST(disclose_again__each_lie_about_what_it_was_made_from_is_found)
{
	invalid(SIBLING_ID, "the entry is about another disclosure", "该记录所记为另一披露件");
	invalid(SIBLING_ENTRY, "the entry is about another disclosure", "该记录所记为另一披露件");
	invalid(STRANGER, "the entry is about a disclosure of another original", "该记录所记为另一原证据包的披露件");
	invalid(EVENT, "the entry is about no disclosure", "该记录不是披露记录");
	invalid(NUMBER, "expected entry 3 of the ledger, found ", "应为账本第 3 条记录");
	invalid(TIME, "the entry has another time", "该记录的时间不同");
	invalid(LATE, "the entry is not later than that of what it was made from", "该记录不晚于其来源的记录");
	invalid(EMPTY, "expected 1 to 32 disclosures in derived_from, found 0", "derived_from 应列 1 至 32 个披露件，实为 0 个");
	invalid(NO_ENTRY, "expected entry data/derived/001.entry.json, which is missing", "缺少文件");
	invalid(NO_PARENT_PROOF, "expected entry data/derived/001.tlog-proof, which is missing", "缺少文件");
	invalid(EXTRA, "object 'data/derived/002.entry.json' is no part of a disclosure", "不属于披露件的组成");
	invalid(NOT_TOLD, "object 'data/derived/001.entry.json' is no part of a disclosure", "不属于披露件的组成");
	invalid(LEDGER, "the entry is of another ledger than that of the original", "该记录与原证据包的记录不在同一账本");
	invalid(NEXT, "the entry says that it was made from something else", "该记录所记来源不同");
	invalid(SKIPPED, "the entry is about another disclosure", "该记录所记为另一披露件");
}
END_TEST

static void refused(const axev_disclose_opts *opts, int status, const char *said)
{
	axev_draft *draft = NULL;

	assert_fails(axev_disclose(ledger, &first, opts, &draft, &err), status, said);
	ck_assert_ptr_null(draft);
}

START_TEST(disclose_again__what_the_first_one_withholds_is_refused)
{
	static const axev_record_range beyond[] = { { 258, 3 } }, between[] = { { 259, 142 } }, outside[] = { { 599, 2 } };
	static const axev_record_key by_phone[] = { { "phone", "1" } }, by_id[] = { { "id", "3" } };
	const axev_disclose_set more = { "nosuch", NULL, 0, NULL, 0, NULL, 0, NULL, 0 };
	uint64_t before = axev__ledger_size(ledger->log);
	axev_disclose_opts opts = options("orders", beyond, 1);

	refused(&opts, AXEV_E_INVAL, "the disclosure does not show record 261 (counted from 1): expected some of those that it shows");
	opts.ranges = between;
	refused(&opts, AXEV_E_INVAL, "the disclosure does not show record 261 (counted from 1): expected some of those that it shows");
	opts.ranges = outside;
	refused(&opts, AXEV_E_INVAL, "expected records of the 600 there are");
	opts = options("orders", few, 1);
	opts.columns = withheld;
	opts.column_count = 1;
	refused(&opts, AXEV_E_INVAL,
		"the disclosure withholds column 'phone' of record 256 (counted from 1): expected cells that it shows");
	opts = options("orders", NULL, 0);
	opts.keys = by_phone;
	opts.key_count = 1;
	refused(&opts, AXEV_E_INVAL, "the disclosure withholds column 'phone' of record 251: nothing can be looked for in it");
	opts.keys = by_id; /* a row of the original that is not shown */
	refused(&opts, AXEV_E_NOTFOUND, "no record that the disclosure shows has '3' in column id");
	opts = options(NULL, NULL, 0);
	refused(&opts, AXEV_E_INVAL, "expected the name or the path of one of 2 record sets");
	opts = options("orders", NULL, 0);
	opts.more_sets = &more;
	opts.more_set_count = 1;
	refused(&opts, AXEV_E_NOTFOUND, "the disclosure has no record set 'nosuch'");
	ck_assert_uint_eq(axev__ledger_size(ledger->log), before);
}
END_TEST

/* The second shows orders only. */
START_TEST(disclose_again__a_set_that_was_dropped_is_told_from_one_that_there_never_was)
{
	axev_disclose_opts opts = options("customers", NULL, 0);
	axev_draft *draft = NULL;

	assert_fails(axev_disclose(ledger, &second, &opts, &draft, &err), AXEV_E_INVAL,
		     "the disclosure does not show record set 'customers' of its original");
}
END_TEST

/* Without a choice: all that it shows, of both sets. */
/* What nobody can tell without the other one. */
START_TEST(disclose_again__in_a_bundle_with_the_other_one_it_is_compared)
{
	const axev_id together[] = { third, first, second };

	remove(in_folder("b.asice"));
	assert_ok(axev_export(ledger, together, 3, in_folder("b.asice"), NULL, &err));
	assert_report(AXEV_VERDICT_VALID, "approved by 李法官 on the ground: 电子商务法 25. That one is in this bundle and states the same",
		      "其审批人 李法官、依据 电子商务法 25 与卷宗内该件所写一致");
	assert_report(AXEV_VERDICT_VALID, "[passed] the disclosure that it says it was made from, in this bundle", "与所述一致，所示单元格在该件中均已出示");
	invalid(APPROVER, "that disclosure states another approver", "该披露件所写 approver 不同");
	invalid(GROUND, "that disclosure states another ground", "该披露件所写 ground 不同");
	invalid(MORE, "that disclosure withholds a cell of record 255 that is shown here", "本件所示第 255 条记录的单元格，该披露件未出示");
	invalid(MORE_ROWS, "that disclosure withholds a cell of record 401 that is shown here", "本件所示第 401 条记录的单元格，该披露件未出示");
}
END_TEST

START_TEST(disclose_again__all_of_it_may_be_shown)
{
	const axev_disclose_set customers = { "customers", NULL, 0, NULL, 0, NULL, 0, NULL, 0 };
	axev_disclose_opts opts = options("orders", NULL, 0);
	axev_draft *draft = NULL;
	axev_id same;

	opts.more_sets = &customers;
	opts.more_set_count = 1;
	assert_ok(axev_disclose(ledger, &first, &opts, &draft, &err));
	seal(draft, &same);
	valid(&same, "记录 records 11 / 600; 出示 shown 22; 遮盖 withheld 11", "记录 records 4 / 600; 出示 shown 8; 遮盖 withheld 4");
}
END_TEST

/* Nothing of the cells that the first one shows and the second does not; nor sizes or digests of the files that have them. */
START_TEST(disclose_again__nothing_of_what_is_dropped_is_in_it)
{
	AXEV__STORED_PACKAGE from = { .fd = -1 };
	AXEV__FREE char *path = NULL;
	AXEV__BUF bytes = AXEV__BUF_INIT(4 * AXEV__MIB), proof = AXEV__BUF_INIT(AXEV__MAX_RECORD_PROOF_BYTES);
	const axev__json *objects;
	struct axev__span role, text;
	size_t i, k;

	open_package(&first, &from);
	assert_ok(axev_ledger_package_path(ledger, &second, &path, &err));
	assert_ok(axev__read_file(AT_FDCWD, path, &bytes, &err));
	objects = axev__json_get(from.manifest, "objects");
	for (i = 0; i < axev__json_count(objects); i++) {
		const axev__json *object = axev__json_at(objects, i);
		AXEV__JSON *parsed = NULL;

		assert_ok(axev__json_string(object, "role", &role, &err));
		if (!axev__span_is(role, AXEV__DISCLOSED_ROLE))
			continue;
		assert_ok(axev__json_string(object, "sha256", &text, &err));
		ck_assert_ptr_null(memmem(bytes.data, bytes.size, text.data, text.size));
		assert_ok(axev__json_string(object, "path", &text, &err));
		axev__buf_clear(&proof);
		assert_ok(axev__all_objects_read(&from.objects, text, &proof, &err));
		assert_ok(axev__json_parse(axev__buf_view(&proof), &parsed, &err));
		for (k = 0; k < axev__json_count(axev__json_get(parsed, "proven")); k++) {
			const axev__json *name = axev__json_at(row_of(parsed, k), 2);

			assert_ok(axev__json_string(name, "salt", &text, &err));
			ck_assert_ptr_null(memmem(bytes.data, bytes.size, text.data, text.size));
			assert_ok(axev__json_string(name, "cell", &text, &err));
			ck_assert_ptr_null(memmem(bytes.data, bytes.size, text.data, text.size));
		}
	}
	axev__buf_clear(&proof);
	read_entry(&second, "data/original/evidence.json", &proof);
	ck_assert_ptr_nonnull(memmem(bytes.data, bytes.size, proof.data, proof.size)); /* stored as it is: the search can find something */
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("disclose_again");
	TCase *tcase = tcase_create("disclose_again");

	tcase_set_timeout(tcase, 120);
	tcase_add_unchecked_fixture(tcase, make_all, remove_ledger);
	tcase_add_test(tcase, disclose_again__it_is_valid_and_says_what_it_was_made_from);
	tcase_add_test(tcase, disclose_again__it_is_what_the_original_would_have_given);
	tcase_add_test(tcase, disclose_again__each_lie_about_records_is_found);
	tcase_add_test(tcase, disclose_again__each_lie_about_what_it_was_made_from_is_found);
	tcase_add_test(tcase, disclose_again__what_the_first_one_withholds_is_refused);
	tcase_add_test(tcase, disclose_again__a_set_that_was_dropped_is_told_from_one_that_there_never_was);
	tcase_add_test(tcase, disclose_again__in_a_bundle_with_the_other_one_it_is_compared);
	tcase_add_test(tcase, disclose_again__all_of_it_may_be_shown);
	tcase_add_test(tcase, disclose_again__nothing_of_what_is_dropped_is_in_it);
	suite_add_tcase(suite, tcase);
	return run_suite(suite);
}
