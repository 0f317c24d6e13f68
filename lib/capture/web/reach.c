/* SPDX-License-Identifier: Apache-2.0 */
/* data/reach.json, and beside it what an earlier capture of the same address found. */
#include "capture/web/reach.h"

#include <inttypes.h>
#include <stdio.h>

#include "base/text.h"
#include "capture/web/web.h"
#include "content/dns_message.h"
#include "content/reach.h"
#include "crypto/digest.h"
#include "ledger/index.h"
#include "package/container_read.h"
#include "package/manifest.h"

#define MANIFEST "data/evidence.json"
#define REACH "data/reach.json"

void axev__recheck_free(struct axev__recheck *recheck)
{
	axev__buf_free(&recheck->manifest);
	axev__buf_free(&recheck->reach);
	axev__json_free(recheck->document);
	recheck->document = NULL;
}

/* ---- the earlier capture ---- */

static int read_entry(const struct axev__container *container, const char *name, const uint8_t expected[32],
		      struct axev__buf *out, axev_error *err)
{
	const struct axev__entry *entry = axev__container_find(container, name);
	uint8_t found[32];

	if (!entry)
		return axev__fail(err, AXEV_E_CORRUPT, "%s is not in the stored package", name);
	TRY(axev__container_read(container, entry, out, err));
	TRY(axev__sha256(out->data, out->size, found, err));
	if (memcmp(expected, found, sizeof(found)) != 0)
		return axev__fail(err, AXEV_E_CORRUPT, "%s of the stored package was changed", name);
	return AXEV_OK;
}

static const axev__json *find_row(const axev__json *manifest, const char *path)
{
	const axev__json *objects = axev__json_get(manifest, "objects");
	struct axev__span found;
	size_t i;

	for (i = 0; i < axev__json_count(objects); i++)
		if (axev__json_as_string(axev__json_get(axev__json_at(objects, i), "path"), &found) &&
		    axev__span_is(found, path))
			return axev__json_at(objects, i);
	return NULL;
}

/* The id is the SHA-256 of the manifest, and the manifest states that of the object: from here on both are that package's. */
static int read_package(const struct axev__container *container, struct axev__recheck *recheck, axev_error *err)
{
	AXEV__JSON *manifest = NULL;
	const axev__json *row;
	struct axev__span kind;
	uint8_t sha256[32];

	TRY(read_entry(container, MANIFEST, recheck->package.id.bytes, &recheck->manifest, err));
	TRY(axev__manifest_read(axev__buf_view(&recheck->manifest), &manifest, err));
	TRY(axev__json_string(manifest, "kind", &kind, err));
	if (!axev__span_is(kind, "web"))
		return axev__fail(err, AXEV_E_INVAL, "expected a web capture to check again, found one of kind '%.*s'",
				  (int)kind.size, (const char *)kind.data);
	row = find_row(manifest, REACH);
	if (!row)
		return axev__fail(err, AXEV_E_INVAL,
				  "the capture to check again holds no facts of what could be reached: it was made without --reach");
	TRY(axev__json_hex(row, "sha256", sha256, sizeof(sha256), err));
	TRY(read_entry(container, REACH, sha256, &recheck->reach, err));
	return axev__prefix(axev__reach_read(axev__buf_view(&recheck->reach), AXEV__REACH_UNKNOWN, NULL, &recheck->document,
					     err),
			    err, "%s", REACH);
}

static int same_address(const axev_web_opts *opts, const struct axev__recheck *recheck, axev_error *err)
{
	struct axev__shown asked, then;
	struct axev__span url;

	TRY(axev__json_string(recheck->document, "url", &url, err));
	if (axev__span_is(url, opts->url))
		return AXEV_OK;
	return axev__fail(err, AXEV_E_INVAL, "expected the address of the capture to check again, %s, found %s",
			  axev__show(&then, url), axev__show_str(&asked, opts->url));
}

static int load(axev_ledger *ledger, const axev_web_opts *opts, struct axev__recheck *recheck, axev_error *err)
{
	AXEV__CONTAINER_READER *container = NULL;
	struct axev__history history;
	struct axev__source source;
	AXEV__CLOSE int fd = -1;

	TRY(axev__history_find(ledger, opts->recheck_of, &history, err));
	if (history.package.sealed_index == UINT64_MAX)
		return axev__fail(err, AXEV_E_STATE, "the capture to check again is not sealed");
	recheck->package = history.package;
	TRY(axev__ledger_object_open(ledger->log, history.package.package_sha256, &fd, err));
	TRY(axev__source_file(fd, &source, err));
	TRY(axev__container_open(&source, &container, err));
	TRY(read_package(container, recheck, err));
	return same_address(opts, recheck, err);
}

int axev__reach_load(axev_ledger *ledger, const axev_web_opts *opts, struct axev__recheck *recheck, axev_error *err)
{
	AXEV__BUF query = AXEV__BUF_INIT(512);
	struct axev__reach_target target;
	char hex[AXEV_ID_HEX_SIZE];

	if (!opts->reach && !opts->recheck_of)
		return AXEV_OK;
	TRY(axev__reach_target(axev__span_str(opts->url), &target, err));
	if (target.kind == AXEV__REACH_NAME)
		TRY(axev__dns_query(target.host, AXEV__DNS_A, 0, &query, err));
	if (!opts->recheck_of)
		return AXEV_OK;
	recheck->is_wanted = true;
	axev__hex(hex, opts->recheck_of->bytes, sizeof(opts->recheck_of->bytes));
	return axev__prefix(load(ledger, opts, recheck, err), err, "package %.8s", hex);
}

/* ---- objects ---- */

static int add_json(struct axev__web *web, const char *name, const char *role, const axev__json *json, axev_error *err)
{
	AXEV__BUF bytes = AXEV__BUF_INIT(AXEV__MAX_REACH_BYTES);

	TRY(axev__json_canonical(json, &bytes, err));
	return axev__web_object(web, name, role, "application/json", NULL, axev__buf_view(&bytes), err);
}

/* FORMAT.md 10.2: what stands in the manifest of the comparison. */
static int set_recheck(struct axev__web *web, const axev__json *comparison, axev_error *err)
{
	static const char *const outcomes[] = { "same", "different", "only_earlier", "only_later" };
	const axev_ledger_package *package = &web->recheck->package;
	AXEV__JSON *flat = axev__json_new_object();
	uint64_t count;
	size_t i;

	TRY(axev__json_set_hex(flat, "of", package->id.bytes, sizeof(package->id.bytes), err));
	TRY(axev__json_set_hex(flat, "package_sha256", package->package_sha256, sizeof(package->package_sha256), err));
	TRY(axev__json_set_time(flat, "captured", package->captured_unix_ns, err));
	for (i = 0; i < AXEV__COUNT(outcomes); i++) {
		TRY(axev__json_u64(axev__json_get(comparison, "counts"), outcomes[i], &count, err));
		TRY(axev__json_set_u64(flat, outcomes[i], count, err));
	}
	return axev__take_set(web->take, "recheck", axev__steal(flat), err);
}

static int add_recheck(struct axev__web *web, const axev__json *document, axev_error *err)
{
	AXEV__JSON *comparison = NULL;

	if (!web->recheck->is_wanted)
		return AXEV_OK;
	TRY(axev__reach_compare(web->recheck->document, document, &comparison, err));
	TRY(axev__web_object(web, "recheck/evidence.json", "recheck", "application/json", NULL,
			     axev__buf_view(&web->recheck->manifest), err));
	TRY(axev__web_object(web, "recheck/reach.json", "recheck", "application/json", NULL,
			     axev__buf_view(&web->recheck->reach), err));
	TRY(add_json(web, "recheck/comparison.json", "recheck", comparison, err));
	TRY(set_recheck(web, comparison, err));
	return axev__take_step(web->take, "compare with the earlier capture", "what could be reached then and now", err);
}

static uint64_t number(const axev__json *json, const char *key)
{
	int64_t value = 0;

	axev__json_as_integer(axev__json_get(json, key), &value);
	return (uint64_t)value;
}

static int tell(struct axev__web *web, const axev__json *document, axev_error *err)
{
	const axev__json *summary = axev__json_get(document, "summary");
	uint64_t resolvers = number(summary, "resolvers"), speaking = number(summary, "resolvers_answered");
	uint64_t addresses = number(summary, "addresses"), answering = number(summary, "answered");
	uint64_t left_out = number(document, "addresses_not_tried");
	char why[128];

	snprintf(why, sizeof(why),
		 "resolvers that answered: %" PRIu64 " of %" PRIu64 "; addresses that answered: %" PRIu64 " of %" PRIu64,
		 speaking, resolvers, answering, addresses);
	TRY(axev__take_step(web->take, "find out what can be reached", why, err));
	if (left_out == 0)
		return AXEV_OK;
	snprintf(why, sizeof(why), "not tried, as there are more than may be: %" PRIu64, left_out);
	return axev__web_missing(web, "addresses of the host", why, err);
}

int axev__web_reach(struct axev__web *web, axev_error *err)
{
	AXEV__JSON *document = NULL;

	if (!web->opts->reach && !web->recheck->is_wanted)
		return AXEV_OK;
	TRY(axev__reach_run(web->opts, web->take->env, web->recheck->document, &document, err));
	TRY(add_json(web, "reach.json", "reach", document, err));
	TRY(axev__take_set(web->take, "reach", axev__json_copy(axev__json_get(document, "summary")), err));
	TRY(tell(web, document, err));
	return add_recheck(web, document, err);
}
