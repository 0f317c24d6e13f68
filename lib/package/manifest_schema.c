/* SPDX-License-Identifier: Apache-2.0 */
#include "package/manifest_schema.h"

#include <string.h>

#include "base/cleanup.h"

#define ALL AXEV__KINDS_ALL
#define CAPTURES AXEV__KINDS_CAPTURE
#define REQUIRED ALL, ALL, NULL
#define OPTIONAL 0, ALL, NULL
#define SHAPE(members) { members, AXEV__COUNT(members) }

/* ---- capture ---- */

static const struct axev__member clock_members[] = {
	{ "source", AXEV__IS_TEXT, REQUIRED },
	{ "how", AXEV__IS_TEXT, REQUIRED },
	{ "offset_ns", AXEV__IS_SIGNED, OPTIONAL },
	{ "bound_ns", AXEV__IS_DECIMAL, OPTIONAL },
};
static const struct axev__shape clock_shape = SHAPE(clock_members);

static const struct axev__member binary_members[] = {
	{ "name", AXEV__IS_TEXT, REQUIRED },
	{ "sha256", AXEV__IS_HEX32, REQUIRED },
	{ "version", AXEV__IS_TEXT, OPTIONAL },
};
static const struct axev__shape binary_shape = SHAPE(binary_members);

static const struct axev__member tool_members[] = {
	{ "name", AXEV__IS_TEXT, REQUIRED },
	{ "version", AXEV__IS_TEXT, REQUIRED },
	{ "binaries", AXEV__IS_OBJECTS, 0, ALL, &binary_shape },
};
static const struct axev__shape tool_shape = SHAPE(tool_members);

static const struct axev__member step_members[] = {
	{ "time", AXEV__IS_TIME, REQUIRED },
	{ "action", AXEV__IS_TEXT, REQUIRED },
	{ "result", AXEV__IS_TEXT, REQUIRED },
};
static const struct axev__shape step_shape = SHAPE(step_members);

static const struct axev__member capture_members[] = {
	{ "started", AXEV__IS_TIME, REQUIRED },
	{ "finished", AXEV__IS_TIME, REQUIRED },
	{ "clock", AXEV__IS_OBJECT, ALL, ALL, &clock_shape },
	{ "method", AXEV__IS_TEXT, REQUIRED },
	{ "tool", AXEV__IS_OBJECT, ALL, ALL, &tool_shape },
	{ "steps", AXEV__IS_OBJECTS, CAPTURES, ALL, &step_shape },
	{ "session", AXEV__IS_HEX16, OPTIONAL },
	{ "target", AXEV__IS_TEXT, OPTIONAL },
	{ "target_salt", AXEV__IS_HEX16, OPTIONAL },
	{ "operator_note", AXEV__IS_TEXT, OPTIONAL },
};
static const struct axev__shape capture_shape = SHAPE(capture_members);

/* ---- what is bound ---- */

static const struct axev__member facts_members[] = {
	{ "root", AXEV__IS_HEX32, REQUIRED },
	{ "records", AXEV__IS_INTEGER, REQUIRED },
	{ "path", AXEV__IS_PATH, OPTIONAL },
};
static const struct axev__shape facts_shape = SHAPE(facts_members);

static const struct axev__member object_members[] = {
	{ "path", AXEV__IS_PATH, REQUIRED },
	{ "name", AXEV__IS_TEXT, OPTIONAL },
	{ "name_base64", AXEV__IS_BASE64, OPTIONAL },
	{ "media_type", AXEV__IS_TEXT, REQUIRED },
	{ "bytes", AXEV__IS_DECIMAL, REQUIRED },
	{ "sha256", AXEV__IS_HEX32, REQUIRED },
	{ "role", AXEV__IS_TEXT, REQUIRED },
	{ "derived_from", AXEV__IS_TEXT, OPTIONAL },
	{ "how", AXEV__IS_TEXT, OPTIONAL },
	{ "modified", AXEV__IS_TIME, OPTIONAL },
	{ "mode", AXEV__IS_MODE, OPTIONAL },
	{ "observed", AXEV__IS_TRUE, OPTIONAL },
	{ "sm3", AXEV__IS_HEX32, OPTIONAL },
	{ "sha512", AXEV__IS_HEX64, OPTIONAL },
};
const struct axev__shape axev__object_shape = SHAPE(object_members);

static const struct axev__member part_members[] = {
	{ "path", AXEV__IS_PATH, REQUIRED },
	{ "bytes", AXEV__IS_DECIMAL, REQUIRED },
	{ "sha256", AXEV__IS_HEX32, REQUIRED },
	{ "index", AXEV__IS_PATH, REQUIRED },
	{ "index_bytes", AXEV__IS_DECIMAL, REQUIRED },
	{ "index_sha256", AXEV__IS_HEX32, REQUIRED },
	{ "objects", AXEV__IS_INTEGER, REQUIRED },
};
static const struct axev__shape part_shape = SHAPE(part_members);

static const struct axev__member part_index_members[] = {
	{ "format", AXEV__IS_TEXT, REQUIRED },
	{ "objects", AXEV__IS_OBJECTS, ALL, ALL, &axev__object_shape },
};
const struct axev__shape axev__part_index_shape = SHAPE(part_index_members);

static const struct axev__member record_set_members[] = {
	{ "path", AXEV__IS_PATH, REQUIRED },
	{ "index", AXEV__IS_PATH, REQUIRED },
	{ "encoding", AXEV__IS_TEXT, REQUIRED },
	{ "schema", AXEV__IS_FLAT, OPTIONAL },
	{ "records", AXEV__IS_DECIMAL, REQUIRED },
	{ "root", AXEV__IS_HEX32, REQUIRED },
	{ "name", AXEV__IS_TEXT, OPTIONAL },
	{ "header", AXEV__IS_PATH, REQUIRED },
	{ "ended_early", AXEV__IS_TRUE, OPTIONAL },
};
static const struct axev__shape record_set_shape = SHAPE(record_set_members);

static const struct axev__member anchors_members[] = {
	{ "checkpoint_sha256", AXEV__IS_HEX32, OPTIONAL },
	{ "checkpoint_size", AXEV__IS_INTEGER, OPTIONAL },
	{ "origin", AXEV__IS_TEXT, OPTIONAL },
	{ "token_sha256", AXEV__IS_HEX32, OPTIONAL },
	{ "token_time", AXEV__IS_TIME, OPTIONAL },
};
static const struct axev__shape anchors_shape = SHAPE(anchors_members);

static const struct axev__member signature_members[] = {
	{ "role", AXEV__IS_TEXT, REQUIRED },
	{ "algorithm", AXEV__IS_TEXT, REQUIRED },
	{ "certificates", AXEV__IS_HEX32S, REQUIRED },
};
static const struct axev__shape signature_shape = SHAPE(signature_members);

static const struct axev__member package_members[] = {
	{ "id", AXEV__IS_HEX32, REQUIRED },
	{ "path", AXEV__IS_PATH, REQUIRED },
	{ "bytes", AXEV__IS_DECIMAL, REQUIRED },
	{ "sha256", AXEV__IS_HEX32, REQUIRED },
	{ "proofs", AXEV__IS_TEXT, OPTIONAL },
	{ "kind", AXEV__IS_TEXT, OPTIONAL },
	{ "about", AXEV__IS_HEX32S, OPTIONAL },
};
static const struct axev__shape package_shape = SHAPE(package_members);

/* ---- environment ---- */

static const struct axev__member check_members[] = {
	{ "when", AXEV__IS_TEXT, REQUIRED },
	{ "item", AXEV__IS_TEXT, REQUIRED },
	{ "command", AXEV__IS_TEXT, OPTIONAL },
	{ "started", AXEV__IS_TIME, OPTIONAL },
	{ "finished", AXEV__IS_TIME, OPTIONAL },
	{ "result", AXEV__IS_TEXT, OPTIONAL },
	{ "verdict", AXEV__IS_TEXT, OPTIONAL },
	{ "sha256", AXEV__IS_HEX32, OPTIONAL },
	{ "path", AXEV__IS_PATH, OPTIONAL },
	{ "id", AXEV__IS_TEXT, OPTIONAL },
	{ "item_zh", AXEV__IS_TEXT, OPTIONAL },
};
static const struct axev__shape check_shape = SHAPE(check_members);

static const struct axev__member environment_members[] = {
	{ "os", AXEV__IS_TEXT, OPTIONAL },
	{ "kernel", AXEV__IS_TEXT, OPTIONAL },
	{ "machine", AXEV__IS_TEXT, OPTIONAL },
	{ "host", AXEV__IS_TEXT, OPTIONAL },
	{ "hardware", AXEV__IS_FLAT, OPTIONAL },
	{ "network", AXEV__IS_FLAT, OPTIONAL },
	{ "time_zone", AXEV__IS_TEXT, OPTIONAL },
	{ "browser", AXEV__IS_FLAT, OPTIONAL },
	{ "resolvers", AXEV__IS_TEXTS, OPTIONAL },
	{ "proxy", AXEV__IS_TEXT, OPTIONAL },
	{ "checks", AXEV__IS_OBJECTS, 0, ALL, &check_shape },
	{ "checks_profile", AXEV__IS_TEXT, OPTIONAL },
	{ "ext", AXEV__IS_ANY, OPTIONAL },
};
static const struct axev__shape environment_shape = SHAPE(environment_members);

/* ---- source, per kind ---- */

static const struct axev__member redirect_members[] = {
	{ "url", AXEV__IS_TEXT, REQUIRED },
	{ "status", AXEV__IS_INTEGER, REQUIRED },
	{ "location", AXEV__IS_TEXT, OPTIONAL },
};
static const struct axev__shape redirect_shape = SHAPE(redirect_members);

static const struct axev__member tls_members[] = {
	{ "version", AXEV__IS_TEXT, REQUIRED },
	{ "cipher", AXEV__IS_TEXT, OPTIONAL },
	{ "server_name", AXEV__IS_TEXT, OPTIONAL },
	{ "certificates", AXEV__IS_HEX32S, OPTIONAL },
	{ "verified", AXEV__IS_BOOL, OPTIONAL },
	{ "verify_result", AXEV__IS_TEXT, OPTIONAL },
	{ "subject", AXEV__IS_TEXT, OPTIONAL },
	{ "issuer", AXEV__IS_TEXT, OPTIONAL },
	{ "transcript", AXEV__IS_PATH, OPTIONAL },
};
static const struct axev__shape tls_shape = SHAPE(tls_members);

static const struct axev__member cookie_members[] = {
	{ "name", AXEV__IS_TEXT, REQUIRED },
	{ "domain", AXEV__IS_TEXT, REQUIRED },
	{ "path", AXEV__IS_TEXT, REQUIRED },
	{ "host_only", AXEV__IS_BOOL, REQUIRED },
	{ "secure", AXEV__IS_BOOL, REQUIRED },
	{ "http_only", AXEV__IS_BOOL, REQUIRED },
	{ "same_site", AXEV__IS_TEXT, OPTIONAL },
	{ "expires", AXEV__IS_TIME, OPTIONAL },
	{ "given", AXEV__IS_BOOL, REQUIRED },
};
static const struct axev__shape cookie_shape = SHAPE(cookie_members);

static const struct axev__member client_certificate_members[] = {
	{ "subject", AXEV__IS_TEXT, REQUIRED },
	{ "issuer", AXEV__IS_TEXT, REQUIRED },
	{ "serial", AXEV__IS_TEXT, REQUIRED },
	{ "sha256", AXEV__IS_HEX32, REQUIRED },
	{ "host", AXEV__IS_TEXT, REQUIRED },
	{ "asked_on", AXEV__IS_INTEGER, REQUIRED },
	{ "sent_on", AXEV__IS_INTEGER, REQUIRED },
};
static const struct axev__shape client_certificate_shape = SHAPE(client_certificate_members);

static const struct axev__member login_members[] = {
	{ "cookies_format", AXEV__IS_TEXT, OPTIONAL },
	{ "cookies", AXEV__IS_OBJECTS, 0, ALL, &cookie_shape },
	{ "client_certificate", AXEV__IS_OBJECT, 0, ALL, &client_certificate_shape },
	{ "cookies_saved", AXEV__IS_INTEGER, OPTIONAL },
	{ "masked_records", AXEV__IS_INTEGER, OPTIONAL },
	{ "masked_values", AXEV__IS_INTEGER, OPTIONAL },
	{ "answers_with_set_cookie", AXEV__IS_INTEGER, OPTIONAL },
	{ "values_found_in", AXEV__IS_TEXTS, OPTIONAL },
};
static const struct axev__shape login_shape = SHAPE(login_members);

static const struct axev__member web_members[] = {
	{ "url", AXEV__IS_TEXT, REQUIRED },
	{ "final_url", AXEV__IS_TEXT, OPTIONAL },
	{ "failure", AXEV__IS_TEXT, OPTIONAL },
	{ "title", AXEV__IS_TEXT, OPTIONAL },
	{ "status", AXEV__IS_INTEGER, OPTIONAL },
	{ "remote_address", AXEV__IS_TEXT, OPTIONAL },
	{ "remote_port", AXEV__IS_INTEGER, OPTIONAL },
	{ "protocol", AXEV__IS_TEXT, OPTIONAL },
	{ "media_type", AXEV__IS_TEXT, OPTIONAL },
	{ "charset", AXEV__IS_TEXT, OPTIONAL },
	{ "redirects", AXEV__IS_OBJECTS, 0, ALL, &redirect_shape },
	{ "user_agent", AXEV__IS_TEXT, OPTIONAL },
	{ "browser", AXEV__IS_TEXT, OPTIONAL },
	{ "tls", AXEV__IS_OBJECT, 0, ALL, &tls_shape },
	{ "viewport", AXEV__IS_FLAT, OPTIONAL },
	{ "requests", AXEV__IS_INTEGER, OPTIONAL },
	{ "failed_requests", AXEV__IS_INTEGER, OPTIONAL },
	{ "bytes", AXEV__IS_DECIMAL, OPTIONAL },
	{ "headers", AXEV__IS_FLAT, OPTIONAL },
	{ "response_time", AXEV__IS_TIME, OPTIONAL },
	{ "load_ns", AXEV__IS_DECIMAL, OPTIONAL },
	{ "options", AXEV__IS_FLAT, OPTIONAL },
	{ "pages", AXEV__IS_TEXTS, OPTIONAL },
	{ "requests_joined", AXEV__IS_INTEGER, OPTIONAL },
	{ "requests_log_only", AXEV__IS_INTEGER, OPTIONAL },
	{ "requests_page_only", AXEV__IS_INTEGER, OPTIONAL },
	{ "address_space", AXEV__IS_TEXT, OPTIONAL },
	{ "nearer_connections", AXEV__IS_INTEGER, OPTIONAL },
	{ "nearer_attempts", AXEV__IS_INTEGER, OPTIONAL },
	{ "file_attempts", AXEV__IS_INTEGER, OPTIONAL },
	{ "login", AXEV__IS_OBJECT, 0, ALL, &login_shape },
	{ "ext", AXEV__IS_ANY, OPTIONAL },
};
static const struct axev__member file_members[] = {
	{ "roots", AXEV__IS_TEXTS, REQUIRED },
	{ "files", AXEV__IS_INTEGER, REQUIRED },
	{ "skipped", AXEV__IS_INTEGER, OPTIONAL },
	{ "bytes", AXEV__IS_DECIMAL, REQUIRED },
	{ "ext", AXEV__IS_ANY, OPTIONAL },
};
static const struct axev__member mail_members[] = {
	{ "protocol", AXEV__IS_TEXT, OPTIONAL },
	{ "server", AXEV__IS_TEXT, OPTIONAL },
	{ "account", AXEV__IS_TEXT, OPTIONAL },
	{ "mailboxes", AXEV__IS_TEXTS, OPTIONAL },
	{ "messages", AXEV__IS_INTEGER, REQUIRED },
	{ "bytes", AXEV__IS_DECIMAL, OPTIONAL },
	{ "tls", AXEV__IS_OBJECT, 0, ALL, &tls_shape },
	{ "options", AXEV__IS_FLAT, OPTIONAL },
	{ "ext", AXEV__IS_ANY, OPTIONAL },
};
static const struct axev__member edi_members[] = {
	{ "standard", AXEV__IS_TEXT, REQUIRED },
	{ "transport", AXEV__IS_TEXT, OPTIONAL },
	{ "interchanges", AXEV__IS_INTEGER, REQUIRED },
	{ "bytes", AXEV__IS_DECIMAL, OPTIONAL },
	{ "options", AXEV__IS_FLAT, OPTIONAL },
	{ "ext", AXEV__IS_ANY, OPTIONAL },
};
static const struct axev__member db_members[] = {
	{ "system", AXEV__IS_TEXT, REQUIRED },
	{ "version", AXEV__IS_TEXT, OPTIONAL },
	{ "dsn", AXEV__IS_TEXT, REQUIRED },
	{ "account", AXEV__IS_TEXT, OPTIONAL },
	{ "snapshot", AXEV__IS_TEXT, OPTIONAL },
	{ "queries", AXEV__IS_TEXTS, OPTIONAL },
	{ "tables", AXEV__IS_TEXTS, OPTIONAL },
	{ "rows", AXEV__IS_DECIMAL, REQUIRED },
	{ "options", AXEV__IS_FLAT, OPTIONAL },
	{ "ext", AXEV__IS_ANY, OPTIONAL },
};
static const struct axev__member attestation_members[] = {
	{ "about", AXEV__IS_HEX32S, REQUIRED },
	{ "route", AXEV__IS_TEXT, REQUIRED },
	{ "statement", AXEV__IS_PATH, OPTIONAL },
	{ "opinion", AXEV__IS_TEXT, OPTIONAL },
	{ "verified_at", AXEV__IS_TIME, OPTIONAL },
	{ "ext", AXEV__IS_ANY, OPTIONAL },
};
static const struct axev__member disclosed_set_members[] = {
	{ "path", AXEV__IS_PATH, REQUIRED },
	{ "proofs", AXEV__IS_INTEGER, REQUIRED },
	{ "records", AXEV__IS_INTEGER, REQUIRED },
	{ "shown", AXEV__IS_INTEGER, REQUIRED },
	{ "withheld", AXEV__IS_INTEGER, REQUIRED },
};
static const struct axev__shape disclosed_set_shape = SHAPE(disclosed_set_members);

static const struct axev__member derived_members[] = {
	{ "id", AXEV__IS_HEX32, REQUIRED },
	{ "entry", AXEV__IS_INTEGER, REQUIRED },
	{ "disclosed", AXEV__IS_TIME, REQUIRED },
	{ "approver", AXEV__IS_TEXT, REQUIRED },
	{ "ground", AXEV__IS_TEXT, REQUIRED },
};
static const struct axev__shape derived_shape = SHAPE(derived_members);

static const struct axev__member disclosure_members[] = {
	{ "about", AXEV__IS_HEX32S, REQUIRED },
	{ "package_sha256", AXEV__IS_HEX32, REQUIRED },
	{ "entry", AXEV__IS_INTEGER, REQUIRED },
	{ "record_set", AXEV__IS_PATH, OPTIONAL },
	{ "record_sets", AXEV__IS_OBJECTS, 0, ALL, &disclosed_set_shape },
	{ "derived_from", AXEV__IS_OBJECTS, 0, ALL, &derived_shape },
	{ "approver", AXEV__IS_TEXT, REQUIRED },
	{ "ground", AXEV__IS_TEXT, REQUIRED },
	{ "records", AXEV__IS_INTEGER, REQUIRED },
	{ "shown", AXEV__IS_INTEGER, REQUIRED },
	{ "withheld", AXEV__IS_INTEGER, REQUIRED },
	{ "ext", AXEV__IS_ANY, OPTIONAL },
};
static const struct axev__member bundle_members[] = {
	{ "origin", AXEV__IS_TEXT, OPTIONAL },
	{ "ledger_size", AXEV__IS_INTEGER, OPTIONAL },
	{ "ext", AXEV__IS_ANY, OPTIONAL },
};

static const struct {
	const char *name;
	unsigned kind;
	struct axev__shape source;
} kinds[] = {
	{ "web", AXEV__KIND_WEB, SHAPE(web_members) },
	{ "mail", AXEV__KIND_MAIL, SHAPE(mail_members) },
	{ "edi", AXEV__KIND_EDI, SHAPE(edi_members) },
	{ "db", AXEV__KIND_DB, SHAPE(db_members) },
	{ "file", AXEV__KIND_FILE, SHAPE(file_members) },
	{ "attestation", AXEV__KIND_ATTESTATION, SHAPE(attestation_members) },
	{ "disclosure", AXEV__KIND_DISCLOSURE, SHAPE(disclosure_members) },
	{ "bundle", AXEV__KIND_BUNDLE, SHAPE(bundle_members) },
};

unsigned axev__kind_from_name(const char *name, size_t size)
{
	size_t i;

	for (i = 0; i < AXEV__COUNT(kinds); i++)
		if (strlen(kinds[i].name) == size && memcmp(kinds[i].name, name, size) == 0)
			return kinds[i].kind;
	return 0;
}

const struct axev__shape *axev__source_shape(unsigned kind)
{
	size_t i;

	for (i = 0; i < AXEV__COUNT(kinds); i++)
		if (kinds[i].kind == kind)
			return &kinds[i].source;
	return NULL;
}

/* ---- the whole ---- */

#define NOT_BUNDLE (ALL & ~(unsigned)AXEV__KIND_BUNDLE)

static const struct axev__member manifest_members[] = {
	{ "format", AXEV__IS_FORMAT, REQUIRED },
	{ "kind", AXEV__IS_KIND, REQUIRED },
	{ "nonce", AXEV__IS_HEX16, REQUIRED },
	{ "capture", AXEV__IS_OBJECT, ALL, ALL, &capture_shape },
	{ "facts", AXEV__IS_OBJECT, 0, NOT_BUNDLE, &facts_shape },
	{ "source", AXEV__IS_SOURCE, NOT_BUNDLE, ALL, NULL },
	{ "environment", AXEV__IS_OBJECT, CAPTURES, ALL, &environment_shape },
	{ "objects", AXEV__IS_OBJECTS, ALL, ALL, &axev__object_shape },
	{ "parts", AXEV__IS_OBJECTS, 0, ALL, &part_shape },
	{ "record_sets", AXEV__IS_OBJECTS, 0, NOT_BUNDLE, &record_set_shape },
	{ "anchors", AXEV__IS_OBJECT, 0, ALL, &anchors_shape },
	{ "complete", AXEV__IS_COMPLETE, REQUIRED },
	{ "expected_signatures", AXEV__IS_OBJECTS, ALL, ALL, &signature_shape },
	{ "packages", AXEV__IS_OBJECTS, AXEV__KIND_BUNDLE, AXEV__KIND_BUNDLE, &package_shape },
	{ "subject", AXEV__IS_FLAT, OPTIONAL },
	{ "retention", AXEV__IS_FLAT, OPTIONAL },
	{ "secrecy", AXEV__IS_FLAT, OPTIONAL },
	{ "video", AXEV__IS_FLAT, OPTIONAL },
	{ "wire", AXEV__IS_FLAT, OPTIONAL },
	{ "reach", AXEV__IS_FLAT, OPTIONAL },
	{ "recheck", AXEV__IS_FLAT, OPTIONAL },
	{ "ext", AXEV__IS_ANY, OPTIONAL },
};
const struct axev__shape axev__manifest_shape = SHAPE(manifest_members);
