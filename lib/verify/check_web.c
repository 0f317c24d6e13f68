/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Web captures: the WACZ file inside is made again from its WARC and compared. What was seen and cannot be made again
 * (screenshot, PDF, MHTML) is named as such.
 */
#include "verify/verify.h"

#include <inttypes.h>

#include "base/text.h"
#include "package/wacz_read.h"

static int step(struct axev__check *parent, enum axev__check_id id, int status,
		const axev_error *problem, struct axev__check **ret_check, axev_error *err)
{
	TRY(axev__check_add(parent, id, NULL, ret_check, err));
	return axev__check_close(*ret_check, status, problem, err);
}

/* What the manifest says was masked is what the archive marks as masked: nobody marks, or unmarks, a record alone. */
static int compare_masked(const struct axev__subject *subject, const struct axev__wacz_counts *counts, axev_error *err)
{
	const axev__json *login = axev__json_get(axev__json_get(subject->manifest, "source"), "login");
	int64_t stated = 0;

	axev__json_as_integer(axev__json_get(login, "masked_records"), &stated);
	if (stated == (int64_t)counts->masked)
		return AXEV_OK;
	return axev__fail(err, AXEV_E_INVALID, "expected %" PRId64 " requests with a masked head, found %" PRIu64, stated,
			  counts->masked);
}

static int check_contents(const struct axev__verify *verify, struct axev__check *node,
			  const struct axev__subject *subject, const struct axev__container *wacz, axev_error *err)
{
	axev_error problem = AXEV_ERROR_INIT;
	struct axev__wacz_counts counts = { 0 };
	struct axev__check *check;
	int status = axev__wacz_check_package(wacz, &problem);

	TRY(step(node, AXEV__C_WEB_HASHES, status, &problem, &check, err));
	axev_error_clear(&problem);
	status = axev__wacz_check_records(wacz, verify->env, &counts, &problem);
	if (status >= 0)
		status = compare_masked(subject, &counts, &problem);
	TRY(step(node, AXEV__C_WEB_RECORDS, status, &problem, &check, err));
	if (status >= 0)
		TRY(axev__check_say(check, AXEV__CHECK_FOUND, err,
				    "记录 records %" PRIu64 "; 载荷 payloads %" PRIu64 "; 页面 pages %" PRIu64
				    "; 遮去登录凭据的请求 masked requests %" PRIu64,
				    counts.records, counts.payloads, counts.pages, counts.masked));
	axev_error_clear(&problem);
	status = axev__wacz_check_index(wacz, &problem);
	return step(node, AXEV__C_WEB_INDEX, status, &problem, &check, err);
}

static int check_wacz(const struct axev__verify *verify, struct axev__check *node,
		      const struct axev__subject *subject, const struct axev__entry *entry, axev_error *err)
{
	struct axev__source source =
		axev__source_window(axev__container_source(subject->container), entry->offset, entry->size_bytes);
	AXEV__CONTAINER_READER *wacz = NULL;
	axev_error problem = AXEV_ERROR_INIT;
	struct axev__check *check;
	int status = axev__wacz_open(&source, &wacz, &problem);

	if (status >= 0)
		status = axev__container_hash(wacz, verify->env, &problem);
	TRY(step(node, AXEV__C_WEB_STRUCTURE, status, &problem, &check, err));
	return status < 0 ? AXEV_OK : check_contents(verify, node, subject, wacz, err);
}

static bool is_role(const axev__json *object, const char *role)
{
	struct axev__span found;

	return axev__json_as_string(axev__json_get(object, "role"), &found) && axev__span_is(found, role);
}

/* objects[] has been compared with the entries: every path is one of them. */
static int check_object(const struct axev__verify *verify, struct axev__check *parent,
			const struct axev__subject *subject, const axev__json *object, bool *found,
			axev_error *err)
{
	struct axev__span path;
	char name[AXEV__MAX_ENTRY_NAME + 1];
	struct axev__check *check;

	TRY(axev__json_string(object, "path", &path, err));
	memcpy(name, path.data, path.size);
	name[path.size] = '\0';
	if (axev__json_get(object, "observed")) {
		TRY(axev__check_add(parent, AXEV__C_WEB_OBSERVED, name, &check, err));
		axev__check_remark(check, AXEV__CHECK_NOT_APPLICABLE, AXEV__REMARK_OBSERVED);
	}
	if (is_role(object, "wire")) {
		TRY(axev__check_requests(parent, subject, name, err));
		return axev__check_websocket(parent, subject, name, err);
	}
	if (is_role(object, "subject"))
		return axev__check_subject_found(parent, subject, name, err);
	if (!is_role(object, "wacz"))
		return AXEV_OK;
	*found = true;
	TRY(axev__check_add(parent, AXEV__C_WEB, name, &check, err));
	TRY(check_wacz(verify, check, subject, axev__container_find(subject->container, name), err));
	axev__check_sum(check);
	return AXEV_OK;
}

int axev__check_web(const struct axev__verify *verify, struct axev__check *parent,
		    const struct axev__subject *subject, axev_error *err)
{
	const axev__json *objects = axev__json_get(subject->manifest, "objects");
	struct axev__check *check;
	struct axev__span kind;
	bool found = false;
	size_t i;

	if (!axev__json_as_string(axev__json_get(subject->manifest, "kind"), &kind) ||
	    !axev__span_is(kind, "web"))
		return AXEV_OK;
	for (i = 0; i < axev__json_count(objects); i++)
		TRY(check_object(verify, parent, subject, axev__json_at(objects, i), &found, err));
	if (!found) {
		TRY(axev__check_add(parent, AXEV__C_WEB, NULL, &check, err));
		axev__check_remark(check, AXEV__CHECK_NOT_APPLICABLE, AXEV__REMARK_NO_WACZ);
	}
	TRY(axev__check_reach(parent, subject, err));
	return axev__check_tls(verify, parent, subject, NULL, err);
}
