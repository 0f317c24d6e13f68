/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What could be reached, and what could be at an earlier capture: each document is held against its own facts, DNS messages are
 * parsed again, the comparison is made again. That connections came out as is stated no verifier can know.
 */
#include "verify/verify.h"

#include <inttypes.h>

#include "base/limits.h"
#include "base/text.h"
#include "content/reach.h"
#include "package/manifest.h"

#define REACH "data/reach.json"
#define EARLIER_MANIFEST "data/recheck/evidence.json"
#define EARLIER_REACH "data/recheck/reach.json"
#define COMPARISON "data/recheck/comparison.json"

struct reach {
	const struct axev__subject *subject;
	axev__json *document, *earlier, *comparison;
	struct axev__buf earlier_bytes;
};
static void reach_free(struct reach *reach)
{
	axev__json_free(reach->document);
	axev__json_free(reach->earlier);
	axev__json_free(reach->comparison);
	axev__buf_free(&reach->earlier_bytes);
}

static bool is_there(const struct axev__subject *subject, const char *name)
{
	return axev__container_find(subject->container, name) != NULL;
}

static int read_object(const struct axev__subject *subject, const char *name, struct axev__buf *out, axev_error *err)
{
	const struct axev__entry *entry = axev__container_find(subject->container, name);

	if (!entry)
		return axev__fail(err, AXEV_E_INVALID, "%s is not in the package", name);
	if (entry->size_bytes > out->max)
		return axev__fail(err, AXEV_E_LIMIT, "%s: expected at most %zu bytes", name, out->max);
	return axev__container_read(subject->container, entry, out, err);
}

static int expect_same(const axev__json *stated, const axev__json *made, const char *what, axev_error *err)
{
	AXEV__BUF left = AXEV__BUF_INIT(AXEV__MIB), right = AXEV__BUF_INIT(AXEV__MIB);

	if (stated) {
		TRY(axev__json_canonical(stated, &left, err));
		TRY(axev__json_canonical(made, &right, err));
		if (axev__span_equal(axev__buf_view(&left), axev__buf_view(&right)))
			return AXEV_OK;
	}
	return axev__fail(err, AXEV_E_INVALID, "the manifest's '%s' is not what " REACH " gives", what);
}

/* ---- this capture ---- */

static int check_document(struct reach *reach, axev_error *err)
{
	const axev__json *manifest = reach->subject->manifest;
	AXEV__BUF bytes = AXEV__BUF_INIT(AXEV__MAX_REACH_BYTES);
	struct axev__span url, asked;

	if (is_there(reach->subject, EARLIER_REACH)) {
		TRY(read_object(reach->subject, EARLIER_REACH, &reach->earlier_bytes, err));
		TRY(axev__prefix(axev__reach_read(axev__buf_view(&reach->earlier_bytes), AXEV__REACH_UNKNOWN, NULL,
						  &reach->earlier, err),
				 err, EARLIER_REACH));
	}
	TRY(read_object(reach->subject, REACH, &bytes, err));
	TRY(axev__reach_read(axev__buf_view(&bytes), reach->earlier ? AXEV__REACH_AGAIN : AXEV__REACH_ALONE, reach->earlier,
			     &reach->document, err));
	TRY(axev__json_string(reach->document, "url", &url, err));
	TRY(axev__json_string(axev__json_get(manifest, "source"), "url", &asked, err));
	if (!axev__span_equal(url, asked))
		return axev__fail(err, AXEV_E_INVALID, "is about another address than the capture");
	return expect_same(axev__json_get(manifest, "reach"), axev__json_get(reach->document, "summary"), "reach", err);
}

static uint64_t number(const axev__json *json, const char *key)
{
	int64_t value = 0;

	axev__json_as_integer(axev__json_get(json, key), &value);
	return (uint64_t)value;
}

static int tell_document(struct axev__check *check, const axev__json *document, axev_error *err)
{
	const axev__json *summary = axev__json_get(document, "summary");

	return axev__check_say(check, AXEV__CHECK_FOUND, err,
			       "解析器 resolvers %" PRIu64 ", 有应答 answered %" PRIu64 "; 地址 addresses %" PRIu64
			       ", 连通 connected %" PRIu64 ", 有应答 answered %" PRIu64
			       "; 连接结果由提取所用计算机记录，未连通不等于网站已关闭 what connections came to is as recorded by "
			       "the capturing machine; not reached is not closed",
			       number(summary, "resolvers"), number(summary, "resolvers_answered"),
			       number(summary, "addresses"), number(summary, "connected"), number(summary, "answered"));
}

/* ---- against the earlier one ---- */

/* objects[] of the earlier manifest. */
static int find_sha256(const axev__json *manifest, const char *path, uint8_t out[32], axev_error *err)
{
	const axev__json *objects = axev__json_get(manifest, "objects");
	struct axev__span found;
	size_t i;

	for (i = 0; i < axev__json_count(objects); i++)
		if (axev__json_as_string(axev__json_get(axev__json_at(objects, i), "path"), &found) &&
		    axev__span_is(found, path))
			return axev__json_hex(axev__json_at(objects, i), "sha256", out, 32, err);
	return axev__fail(err, AXEV_E_INVALID, "the earlier capture has no %s", path);
}

/* The id is the SHA-256 of the manifest: so what is enclosed is what that package holds, without having the package. */
static int check_binding(const struct reach *reach, const axev__json *recheck, axev_error *err)
{
	AXEV__BUF bytes = AXEV__BUF_INIT(AXEV__MAX_MANIFEST_BYTES);
	AXEV__JSON *manifest = NULL;
	uint8_t expected[32], found[32];

	TRY(axev__json_hex(recheck, "of", expected, sizeof(expected), err));
	TRY(read_object(reach->subject, EARLIER_MANIFEST, &bytes, err));
	TRY(axev__sha256(bytes.data, bytes.size, found, err));
	if (memcmp(expected, found, sizeof(found)) != 0)
		return axev__fail(err, AXEV_E_INVALID, "the earlier manifest enclosed is not that of the package named");
	TRY(axev__prefix(axev__manifest_read(axev__buf_view(&bytes), &manifest, err), err, EARLIER_MANIFEST));
	TRY(find_sha256(manifest, REACH, expected, err));
	TRY(axev__sha256(reach->earlier_bytes.data, reach->earlier_bytes.size, found, err));
	if (memcmp(expected, found, sizeof(found)) != 0)
		return axev__fail(err, AXEV_E_INVALID, "the earlier facts enclosed are not those of the package named");
	return AXEV_OK;
}

static int check_counts(const axev__json *recheck, const axev__json *comparison, axev_error *err)
{
	static const char *const outcomes[] = { "same", "different", "only_earlier", "only_later" };
	uint64_t stated, made;
	size_t i;

	for (i = 0; i < AXEV__COUNT(outcomes); i++) {
		TRY(axev__json_u64(recheck, outcomes[i], &stated, err));
		TRY(axev__json_u64(axev__json_get(comparison, "counts"), outcomes[i], &made, err));
		if (stated != made)
			return axev__fail(err, AXEV_E_INVALID, "the manifest counts '%s' otherwise", outcomes[i]);
	}
	return AXEV_OK;
}

static int check_comparison(struct reach *reach, axev_error *err)
{
	static const char *const known[] = { "of", "package_sha256", "captured", "same", "different", "only_earlier",
					     "only_later", NULL };
	const axev__json *recheck = axev__json_get(reach->subject->manifest, "recheck");
	AXEV__BUF stated = AXEV__BUF_INIT(AXEV__MAX_REACH_BYTES), made = AXEV__BUF_INIT(AXEV__MAX_REACH_BYTES);
	uint8_t sha256[32];
	int64_t time_ns;

	if (!recheck || !reach->earlier)
		return axev__fail(err, AXEV_E_INVALID, "expected the earlier capture in the manifest, and its facts enclosed");
	TRY(axev__json_only(recheck, known, err));
	TRY(axev__json_hex(recheck, "package_sha256", sha256, sizeof(sha256), err));
	TRY(axev__json_time(recheck, "captured", &time_ns, err));
	TRY(check_binding(reach, recheck, err));
	TRY(axev__reach_compare(reach->earlier, reach->document, &reach->comparison, err));
	TRY(axev__json_canonical(reach->comparison, &made, err));
	TRY(read_object(reach->subject, COMPARISON, &stated, err));
	if (!axev__span_equal(axev__buf_view(&stated), axev__buf_view(&made)))
		return axev__fail(err, AXEV_E_INVALID, "the comparison is not what the facts of both captures give");
	return check_counts(recheck, reach->comparison, err);
}

static int tell_comparison(struct axev__check *check, const axev__json *recheck, axev_error *err)
{
	struct axev__span of = axev__span("", 0);

	axev__json_as_string(axev__json_get(recheck, "of"), &of);
	return axev__check_say(check, AXEV__CHECK_FOUND, err,
			       "早前的提取 earlier capture %.16s…; 地址 addresses: 相同 same %" PRIu64 ", 不同 different %" PRIu64
			       ", 仅早前 only then %" PRIu64 ", 仅本次 only now %" PRIu64
			       "; 其证据包 SHA-256 与提取时间为账本所记，未核验 SHA-256 and time of its package are as its ledger had "
			       "them, not verified",
			       (const char *)of.data, number(recheck, "same"), number(recheck, "different"),
			       number(recheck, "only_earlier"), number(recheck, "only_later"));
}

static int check_earlier(struct axev__check *parent, struct reach *reach, axev_error *err)
{
	axev_error problem = AXEV_ERROR_INIT;
	struct axev__check *check;
	int status;

	TRY(axev__check_add(parent, AXEV__C_WEB_RECHECK, COMPARISON, &check, err));
	status = check_comparison(reach, &problem);
	TRY(axev__check_close(check, status, &problem, err));
	return status < 0 ? AXEV_OK :
			    tell_comparison(check, axev__json_get(reach->subject->manifest, "recheck"), err);
}

/* ---- */

int axev__check_reach(struct axev__check *parent, const struct axev__subject *subject, axev_error *err)
{
	bool is_again = axev__json_get(subject->manifest, "recheck") || is_there(subject, EARLIER_REACH) ||
			is_there(subject, EARLIER_MANIFEST) || is_there(subject, COMPARISON);
	AXEV__CLEANUP(reach_free) struct reach reach = { .subject = subject,
							 .earlier_bytes = AXEV__BUF_INIT(AXEV__MAX_REACH_BYTES) };
	axev_error problem = AXEV_ERROR_INIT;
	struct axev__check *check;
	int status;

	if (!is_again && !axev__json_get(subject->manifest, "reach") && !is_there(subject, REACH))
		return AXEV_OK;
	TRY(axev__check_add(parent, AXEV__C_WEB_REACH, REACH, &check, err));
	status = check_document(&reach, &problem);
	TRY(axev__check_close(check, status, &problem, err));
	if (status < 0)
		return AXEV_OK;
	TRY(tell_document(check, reach.document, err));
	return is_again ? check_earlier(parent, &reach, err) : AXEV_OK;
}

/* ---- in a bundle ---- */

/* The row of packages[] with the earlier capture; NULL: it is not in the bundle. */
static const axev__json *find_listed(const axev__json *packages, const axev__json *recheck)
{
	struct axev__span of, id;
	size_t i;

	if (!axev__json_as_string(axev__json_get(recheck, "of"), &of))
		return NULL;
	for (i = 0; i < axev__json_count(packages); i++)
		if (axev__json_as_string(axev__json_get(axev__json_at(packages, i), "id"), &id) && axev__span_equal(id, of))
			return axev__json_at(packages, i);
	return NULL;
}

static int compare_listed(const axev__json *listed, const axev__json *recheck, axev_error *err)
{
	struct axev__span stated, found;

	TRY(axev__json_string(recheck, "package_sha256", &stated, err));
	TRY(axev__json_string(listed, "sha256", &found, err));
	if (!axev__span_equal(stated, found))
		return axev__fail(err, AXEV_E_INVALID, "the earlier package has another SHA-256 than is stated");
	return AXEV_OK;
}

int axev__check_recheck_listed(struct axev__check *parent, const struct axev__subject *bundle,
			       const struct axev__subject *package, axev_error *err)
{
	const axev__json *recheck = axev__json_get(package->manifest, "recheck");
	const axev__json *listed = find_listed(axev__json_get(bundle->manifest, "packages"), recheck);
	axev_error problem = AXEV_ERROR_INIT;
	struct axev__check *check;

	if (!listed)
		return AXEV_OK;
	TRY(axev__check_add(parent, AXEV__C_WEB_RECHECK_PACKAGE, NULL, &check, err));
	return axev__check_close(check, compare_listed(listed, recheck, &problem), &problem, err);
}
