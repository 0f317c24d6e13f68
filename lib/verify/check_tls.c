/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The TLS handshakes of a web capture: each server's signature is verified again. It proves that the holder of the
 * certificate's key took part in the handshake that is recorded; nothing of what was then sent.
 */
#include "verify/verify.h"

#include <inttypes.h>
#include <stdio.h>

#include "base/text.h"
#include "base/time.h"
#include "crypto/digest.h"
#include "crypto/tls_sign.h"
#include "verify/check_sct.h"
#include "verify/tls_document.h"

#define ENTRY "data/wire/connections.json"
#define MAX_NAMED 20 /* hosts that the summary names */

struct summary {
	uint64_t connections, tls, carriers, signed_carriers, exchanges, signed_exchanges;
	struct axev__buf hosts;
	size_t named;
	bool is_source_found;
	uint64_t asked_client, sent_client; /* connections */
};

struct tls_check {
	const struct axev__verify *verify;
	const struct axev__tls_document *document;
	const axev__json *source; /* source.tls of the manifest; NULL: none */
	const axev__json *client; /* source.login.client_certificate; NULL: none */
	bool is_lossy; /* the log itself is not whole: messages may be missing */
	struct summary *summary;
	struct axev__tls_of_source *of_source; /* NULL: nobody asks */
};

/* ---- signature ---- */

static enum axev__remark unsigned_remark(enum axev__tls_outcome outcome)
{
	switch (outcome) {
	case AXEV__TLS_RESUMED:
		return AXEV__REMARK_TLS_RESUMED;
	case AXEV__TLS_UNSIGNED:
		return AXEV__REMARK_TLS_UNSIGNED;
	case AXEV__TLS_OLDER:
		return AXEV__REMARK_TLS_OLDER;
	default:
		return AXEV__REMARK_TLS_CUT_OFF;
	}
}

static int verify_signature(const struct axev__tls_connection *connection,
			    const struct axev__tls_handshake *handshake, struct axev__span leaf,
			    axev_error *err)
{
	AXEV__BUF tbs = AXEV__BUF_INIT(AXEV__MAX_TLS_HANDSHAKE_BYTES);

	if (leaf.size == 0)
		return axev__fail(err, AXEV_E_INVALID,
				  "the certificates are compressed, and the leaf stated is not listed");
	TRY(axev__tls_signed_bytes(handshake, connection->messages, &tbs, err));
	return axev__tls_verify(leaf, handshake->scheme, handshake->version == AXEV__TLS_1_3,
				axev__buf_view(&tbs), handshake->signature, err);
}

/* What exactly is proven differs: TLS 1.2 signs neither the name asked for nor the certificate. */
static int say_signed(struct axev__check *check, const struct axev__tls_handshake *handshake,
		      axev_error *err)
{
	const char *scheme = axev__tls_name(AXEV__TLS_SCHEME, handshake->scheme);
	bool is_1_3 = handshake->version == AXEV__TLS_1_3;
	bool is_compressed = handshake->compression != AXEV__TLS_COMPRESSED_NOT;

	TRY(axev__check_say(check, AXEV__CHECK_FOUND_ZH, err, "%s，%s：%s%s", is_1_3 ? "TLS 1.3" : "TLS 1.2",
			    scheme ? scheme : "?",
			    is_1_3 ? "密钥持有者签署了从 ClientHello 到 Certificate 的全部消息" :
				     "密钥持有者签署了双方随机数和密钥交换参数（TLS 1.2 不签署服务器名）",
			    is_compressed ? "；证书消息为压缩形式（RFC 8879），除叶证书公钥外未比对" : ""));
	return axev__check_say(check, AXEV__CHECK_FOUND, err, "%s, %s: the key's holder signed %s%s",
			       is_1_3 ? "TLS 1.3" : "TLS 1.2", scheme ? scheme : "?",
			       is_1_3 ? "all messages from ClientHello to Certificate" :
					"both random values and the key exchange parameters (TLS 1.2 does not "
					"sign the server name)",
			       is_compressed ? "; the certificates came compressed (RFC 8879), only the leaf's key "
					       "was compared" :
					       "");
}

/* *ret_is_signed: passed. */
static int check_signature(const struct tls_check *tls, struct axev__check *node,
			   const struct axev__tls_connection *connection,
			   struct axev__tls_handshake *handshake, bool *ret_is_read, bool *ret_is_signed,
			   axev_error *err)
{
	axev_error problem = AXEV_ERROR_INIT;
	struct axev__check *check;
	int status = axev__tls_read(connection->messages, connection->message_count, handshake, &problem);

	*ret_is_read = status >= 0;
	TRY(axev__check_add(node, AXEV__C_TLS_SIGNATURE, NULL, &check, err));
	if (tls->is_lossy && (status < 0 || handshake->outcome == AXEV__TLS_CUT_OFF)) {
		*ret_is_read = false;
		axev__check_remark(check, AXEV__CHECK_NOT_APPLICABLE, AXEV__REMARK_TLS_LOSSY);
		return AXEV_OK;
	}
	if (status >= 0 && connection->is_hello_encrypted) {
		axev__check_remark(check, AXEV__CHECK_NOT_APPLICABLE, AXEV__REMARK_TLS_ENCRYPTED_HELLO);
		return AXEV_OK;
	}
	if (status >= 0 && handshake->outcome != AXEV__TLS_SIGNED) {
		axev__check_remark(check, AXEV__CHECK_NOT_APPLICABLE, unsigned_remark(handshake->outcome));
		return AXEV_OK;
	}
	if (status >= 0)
		status = verify_signature(connection, handshake,
					  axev__tls_leaf(tls->document, connection, handshake), &problem);
	if (status == AXEV_E_UNSUPPORTED) {
		axev__check_remark(check, AXEV__CHECK_NOT_APPLICABLE, AXEV__REMARK_TLS_UNKNOWN);
		return AXEV_OK;
	}
	TRY(axev__check_close(check, status, &problem, err));
	*ret_is_signed = status >= 0;
	return status >= 0 ? say_signed(check, handshake, err) : AXEV_OK;
}

/* ---- host and time ---- */

static int check_validity(struct axev__span leaf, int64_t at_ns, axev_error *err)
{
	struct axev__cert_info info;
	char from[AXEV__RFC3339_S_SIZE], to[AXEV__RFC3339_S_SIZE];

	TRY(axev__cert_info(leaf, &info, err));
	axev__rfc3339_seconds(from, info.not_before_ns);
	axev__rfc3339_seconds(to, info.not_after_ns);
	if (at_ns < info.not_before_ns || at_ns > info.not_after_ns)
		return axev__fail(err, AXEV_E_INVALID,
				  "the certificate is valid from %s to %s, not at the time of the handshake",
				  from, to);
	return AXEV_OK;
}

/* A browser that refused the certificate says the same, and then this is what happened and no contradiction. */
static int check_host(struct axev__check *node, const struct axev__tls_connection *connection,
		      struct axev__span leaf, bool *ret_fits, axev_error *err)
{
	axev_error problem = AXEV_ERROR_INIT;
	struct axev__shown shown, shown_result;
	struct axev__check *check;
	char text[1100];
	int status = axev__tls_names(leaf, connection->host, &problem);

	if (status >= 0)
		status = check_validity(leaf, connection->at_ns, &problem);
	*ret_fits = status >= 0;
	TRY(axev__check_add(node, AXEV__C_TLS_HOST, axev__show(&shown, connection->host), &check, err));
	TRY(axev__check_close(check, status, &problem, err));
	if (connection->has_verdict && connection->is_accepted)
		return AXEV_OK;
	if (*ret_fits && !connection->has_verdict)
		return AXEV_OK;
	if (!*ret_fits)
		axev__check_remark(check, AXEV__CHECK_NOT_APPLICABLE, AXEV__REMARK_NONE);
	check->reason = NULL;
	axev_error_text(&problem, text, sizeof(text));
	axev__show(&shown_result, connection->verify_result);
	TRY(axev__check_say(check, AXEV__CHECK_FOUND_ZH, err, "浏览器%s该证书（%s）%s%s",
			    connection->has_verdict ? "未接受" : "没有记录是否接受", shown_result.text,
			    *ret_fits ? "；主机名和有效期相符" : "；", *ret_fits ? "" : check->found_zh));
	return axev__check_say(check, AXEV__CHECK_FOUND, err, "the browser %s this certificate (%s); %s",
			       connection->has_verdict ? "did not accept" : "does not say whether it accepted",
			       shown_result.text, *ret_fits ? "host and validity fit" : text);
}

/* ---- chain to the policy's roots ---- */

static int say_root(const struct axev__verify *verify, struct axev__check *check,
		    const uint8_t root[32], int64_t at_ns, axev_error *err)
{
	const struct axev__trusted_cert *label = axev__trusted_find(&verify->policy->tls_roots, root);
	char hex[AXEV_ID_HEX_SIZE], time[AXEV__RFC3339_S_SIZE];
	struct axev__shown shown;

	axev__hex(hex, root, 32);
	axev__rfc3339_seconds(time, at_ns);
	axev__show_str(&shown, label ? label->name : "");
	TRY(axev__check_say(check, AXEV__CHECK_FOUND_ZH, err, "根证书 %s %s；按制作方所述握手时间 %s 判断", shown.text,
			    hex, time));
	return axev__check_say(check, AXEV__CHECK_FOUND, err,
			       "root %s %s; judged at %s, the time of the handshake as the maker states it",
			       shown.text, hex, time);
}

static int check_chain(const struct tls_check *tls, struct axev__check *node,
		       const struct axev__tls_connection *connection, const struct axev__certs *path,
		       bool is_host_right, axev_error *err)
{
	axev_error problem = AXEV_ERROR_INIT;
	struct axev__check *check;
	uint8_t root[32];
	int status;

	if (tls->verify->policy->tls_roots.certs.count == 0)
		return AXEV_OK; /* said once, for all connections */
	status = axev__tls_chain(path, &tls->verify->policy->tls_roots.certs, connection->at_ns, root,
				 &problem);
	if (status >= 0 && !is_host_right)
		status = axev__fail(&problem, AXEV_E_INDETERMINATE,
				    "the chain holds, but not for this host at that time");
	TRY(axev__check_add(node, AXEV__C_TRUST_TLS, NULL, &check, err));
	TRY(axev__check_close(check, status, &problem, err));
	if (status >= 0)
		return say_root(tls->verify, check, root, connection->at_ns, err);
	if (connection->exchanges == 0) /* nothing of the capture came from there */
		check->status = AXEV__CHECK_NOT_APPLICABLE;
	return AXEV_OK;
}

/* ---- source.tls, which prints show ---- */

static int same_member(const axev__json *one, const axev__json *other, const char *key, bool *ret_same,
		       axev_error *err)
{
	AXEV__BUF text = AXEV__BUF_INIT(AXEV__MAX_MANIFEST_BYTES);
	AXEV__BUF text_other = AXEV__BUF_INIT(AXEV__MAX_MANIFEST_BYTES);

	one = axev__json_get(one, key);
	other = axev__json_get(other, key);
	*ret_same = !one && !other;
	if (!one || !other)
		return AXEV_OK;
	TRY(axev__json_canonical(one, &text, err));
	TRY(axev__json_canonical(other, &text_other, err));
	*ret_same = axev__span_equal(axev__buf_view(&text), axev__buf_view(&text_other));
	return AXEV_OK;
}

/* subject and issuer are those of the leaf. */
static bool is_named(const struct tls_check *tls, const axev__json *connection)
{
	const axev__json *subject = axev__json_get(tls->source, "subject");
	const axev__json *issuer = axev__json_get(tls->source, "issuer");
	struct axev__cert_info info;
	struct axev__span hex, text;

	if (!subject && !issuer)
		return true;
	if (!axev__json_as_string(axev__json_at(axev__json_get(connection, "certificates"), 0), &hex) ||
	    axev__cert_info(axev__tls_document_find(tls->document, hex), &info, NULL) < 0)
		return false;
	return (!subject || (axev__json_as_string(subject, &text) && axev__span_is(text, info.subject))) &&
	       (!issuer || (axev__json_as_string(issuer, &text) && axev__span_is(text, info.issuer)));
}

/* An empty list of certificates is left out of the manifest, and a version that is none is "not established". */
static int is_source(const struct tls_check *tls, const axev__json *connection, bool *ret_is,
		     axev_error *err)
{
	static const char *const keys[] = { "cipher", "server_name" };
	static const char *const verdict_keys[] = { "verified", "verify_result" };
	const axev__json *verdict = axev__json_get(connection, "verification");
	struct axev__span version = axev__span_str("not established"), stated;
	bool has_certificates = axev__json_count(axev__json_get(connection, "certificates")) > 0;
	size_t i;

	axev__json_as_string(axev__json_get(connection, "version"), &version);
	*ret_is = axev__json_as_string(axev__json_get(tls->source, "version"), &stated) &&
		  axev__span_equal(stated, version) && is_named(tls, connection);
	for (i = 0; *ret_is && i < AXEV__COUNT(keys); i++)
		TRY(same_member(tls->source, connection, keys[i], ret_is, err));
	for (i = 0; *ret_is && i < AXEV__COUNT(verdict_keys); i++)
		TRY(same_member(tls->source, verdict, verdict_keys[i], ret_is, err));
	if (*ret_is && (has_certificates || axev__json_get(tls->source, "certificates")))
		TRY(same_member(tls->source, connection, "certificates", ret_is, err));
	return AXEV_OK;
}

static int check_source(const struct tls_check *tls, struct axev__check *group, axev_error *err)
{
	axev_error problem = AXEV_ERROR_INIT;
	struct axev__check *check;
	int status = AXEV_OK;

	if (!tls->source)
		return AXEV_OK;
	if (!tls->summary->is_source_found)
		status = axev__fail(&problem, AXEV_E_INVALID,
				    "source.tls of the manifest is not what any connection says");
	TRY(axev__check_add(group, AXEV__C_TLS_SOURCE, NULL, &check, err));
	return axev__check_close(check, status, &problem, err);
}

/* ---- source.login.client_certificate ---- */

static int count_client(const struct tls_check *tls, const struct axev__tls_connection *connection, axev_error *err)
{
	uint8_t stated[32], found[32];
	bool is_asked = false, is_sent = false;
	struct axev__span leaf;
	size_t i;

	if (!tls->client)
		return AXEV_OK;
	TRY(axev__json_hex(tls->client, "sha256", stated, sizeof(stated), err));
	for (i = 0; i < connection->message_count; i++) {
		is_asked |= axev__tls_asks_client(&connection->messages[i]);
		if (!axev__tls_shown_by_client(&connection->messages[i], &leaf))
			continue;
		TRY(axev__sha256(leaf.data, leaf.size, found, err));
		is_sent |= memcmp(found, stated, sizeof(found)) == 0;
	}
	tls->summary->asked_client += is_asked;
	tls->summary->sent_client += is_sent;
	return AXEV_OK;
}

static int check_client(const struct tls_check *tls, struct axev__check *group, axev_error *err)
{
	const struct summary *summary = tls->summary;
	axev_error problem = AXEV_ERROR_INIT;
	struct axev__check *check;
	uint64_t asked, sent;
	int status = AXEV_OK;

	if (!tls->client)
		return AXEV_OK;
	TRY(axev__json_u64(tls->client, "asked_on", &asked, err));
	TRY(axev__json_u64(tls->client, "sent_on", &sent, err));
	if (asked != summary->asked_client || sent != summary->sent_client)
		status = axev__fail(&problem, AXEV_E_INVALID,
				    "expected it asked for on %" PRIu64 " connections and sent on %" PRIu64 ", found %" PRIu64
				    " and %" PRIu64,
				    asked, sent, summary->asked_client, summary->sent_client);
	TRY(axev__check_add(group, AXEV__C_TLS_CLIENT, NULL, &check, err));
	return axev__check_close(check, status, &problem, err);
}

/* ---- one connection ---- */

static int check_facts(struct axev__check *node,
		       const struct axev__tls_connection *connection,
		       const struct axev__tls_handshake *handshake, bool *ret_holds, axev_error *err)
{
	axev_error problem = AXEV_ERROR_INIT;
	struct axev__check *check;
	int status = axev__tls_compare(connection, handshake, &problem);

	*ret_holds = status >= 0;
	TRY(axev__check_add(node, AXEV__C_TLS_FACTS, NULL, &check, err));
	return axev__check_close(check, status, &problem, err);
}

static int name_host(struct summary *summary, const struct axev__tls_connection *connection,
		     axev_error *err)
{
	struct axev__shown shown, shown_address;

	if (summary->named++ >= MAX_NAMED)
		return AXEV_OK;
	axev__show(&shown, connection->host);
	axev__show(&shown_address, connection->remote_address);
	return axev__buf_printf(&summary->hosts, err, "%s%s %s", summary->hosts.size ? ", " : "", shown.text,
				shown_address.text);
}

/* A sum over checks that could not be made is no pass. */
static void sum(struct axev__check *node, bool is_proven)
{
	axev__check_sum(node);
	if (node->status == AXEV__CHECK_PASSED && !is_proven)
		axev__check_remark(node, AXEV__CHECK_NOT_APPLICABLE, AXEV__REMARK_NONE);
}

static int check_handshake(const struct tls_check *tls, struct axev__check *node,
			   const struct axev__tls_connection *connection, axev_error *err)
{
	struct axev__tls_handshake handshake = { 0 };
	AXEV__CERTS path = { 0 };
	struct axev__span leaf;
	bool is_read = false, is_signed = false, holds = false, is_host_right = false;

	TRY(check_signature(tls, node, connection, &handshake, &is_read, &is_signed, err));
	if (is_read)
		TRY(check_facts(node, connection, &handshake, &holds, err));
	if (!is_signed) {
		sum(node, false);
		return AXEV_OK;
	}
	leaf = axev__tls_leaf(tls->document, connection, &handshake);
	TRY(check_host(node, connection, leaf, &is_host_right, err));
	TRY(axev__tls_path(tls->document, connection, leaf, &path, err));
	TRY(check_chain(tls, node, connection, &path, is_host_right, err));
	TRY(axev__check_scts(tls->verify->policy, node, connection, &handshake, &path, err));
	sum(node, is_host_right && (connection->is_accepted || !connection->has_verdict));
	if (!holds || !is_host_right || !connection->is_accepted || connection->exchanges == 0)
		return AXEV_OK;
	tls->summary->signed_carriers++;
	tls->summary->signed_exchanges += connection->exchanges;
	return name_host(tls->summary, connection, err);
}

static void note_of_source(const struct tls_check *tls, const struct axev__check *node, const axev__json *connection,
			   bool is_proven)
{
	struct axev__tls_of_source *of_source = tls->of_source;
	struct axev__cert_info info;
	struct axev__span hex;

	if (!of_source->shown || (is_proven && of_source->proven == 0))
		of_source->shown = node;
	of_source->connections++;
	of_source->proven += is_proven;
	if (!axev__json_as_string(axev__json_at(axev__json_get(connection, "certificates"), 0), &hex) ||
	    axev__cert_info(axev__tls_document_find(tls->document, hex), &info, NULL) < 0)
		return;
	of_source->has_validity = true;
	of_source->not_before_ns = info.not_before_ns;
	of_source->not_after_ns = info.not_after_ns;
}

static int check_connection(const struct tls_check *tls, struct axev__check *parent, size_t index,
			    axev_error *err)
{
	AXEV__TLS_CONNECTION connection = { 0 };
	struct axev__check *node;
	axev_error problem = AXEV_ERROR_INIT;
	struct axev__shown shown, shown_address;
	char name[2 * AXEV__MAX_SHOWN * 4 + 64];
	uint64_t proven_before = tls->summary->signed_carriers;
	bool is_of_source = false;
	int status = axev__prefix(axev__tls_connection_read(axev__json_at(tls->document->connections, index),
							    &connection, &problem),
				  &problem, "connections[%zu]", index);

	if (status >= 0 && !connection.tls) {
		tls->summary->carriers += connection.exchanges > 0;
		tls->summary->exchanges += connection.exchanges;
		return AXEV_OK;
	}
	snprintf(name, sizeof(name), "%zu: %s %s", index, axev__show(&shown, connection.destination),
		 axev__show(&shown_address, connection.remote_address));
	TRY(axev__check_add(parent, AXEV__C_TLS_CONNECTION, name, &node, err));
	if (status < 0)
		return axev__check_close(node, status, &problem, err);
	tls->summary->tls++;
	tls->summary->carriers += connection.exchanges > 0;
	tls->summary->exchanges += connection.exchanges;
	if (tls->source && (tls->of_source || !tls->summary->is_source_found))
		TRY(is_source(tls, connection.tls, &is_of_source, err));
	tls->summary->is_source_found |= is_of_source;
	TRY(count_client(tls, &connection, err));
	TRY(check_handshake(tls, node, &connection, err));
	if (tls->of_source && is_of_source)
		note_of_source(tls, node, connection.tls, tls->summary->signed_carriers > proven_before);
	return AXEV_OK;
}

/* ---- the whole ---- */

/* Nothing unknown counts as passed: only when every exchange came over a connection that is proven. */
static int check_coverage(struct axev__check *parent, struct summary *summary, axev_error *err)
{
	struct axev__check *check;
	bool is_all = summary->signed_carriers == summary->carriers && summary->carriers > 0;
	size_t more = summary->named > MAX_NAMED ? summary->named - MAX_NAMED : 0;

	TRY(axev__check_add(parent, AXEV__C_TLS_COVERAGE, NULL, &check, err));
	axev__check_remark(check, is_all ? AXEV__CHECK_PASSED : AXEV__CHECK_NOT_APPLICABLE, AXEV__REMARK_NONE);
	if (more)
		TRY(axev__buf_printf(&summary->hosts, err, ", +%zu", more));
	TRY(axev__buf_str(&summary->hosts, "", err));
	TRY(axev__check_say(check, AXEV__CHECK_FOUND_ZH, err,
			    "承载请求的 %" PRIu64 " 个连接中，%" PRIu64 " 个的服务器签名、主机名和有效期已核验（%" PRIu64
			    " 次请求中的 %" PRIu64 " 次）：%s",
			    summary->carriers, summary->signed_carriers, summary->exchanges,
			    summary->signed_exchanges, summary->hosts.size ? (char *)summary->hosts.data : "-"));
	return axev__check_say(check, AXEV__CHECK_FOUND, err,
			       "of %" PRIu64 " connections that carried exchanges, %" PRIu64
			       " with the server's signature, host and validity verified (%" PRIu64 " of %" PRIu64
			       " exchanges): %s",
			       summary->carriers, summary->signed_carriers, summary->signed_exchanges,
			       summary->exchanges, summary->hosts.size ? (char *)summary->hosts.data : "-");
}

static int name_unchecked(const axev_policy *policy, struct axev__check *group, axev_error *err)
{
	struct axev__check *check;

	if (policy->tls_roots.certs.count == 0) {
		TRY(axev__check_add(group, AXEV__C_TRUST_TLS, NULL, &check, err));
		axev__check_remark(check, AXEV__CHECK_NOT_APPLICABLE, AXEV__REMARK_NO_TLS_ROOTS);
	}
	if (policy->ct_log_count == 0) {
		TRY(axev__check_add(group, AXEV__C_TRUST_SCT, NULL, &check, err));
		axev__check_remark(check, AXEV__CHECK_NOT_APPLICABLE, AXEV__REMARK_NO_CT_LOGS);
	}
	return AXEV_OK;
}

static int check_connections(struct tls_check *tls, struct axev__check *group, axev_error *err)
{
	struct axev__check *check;
	size_t i;

	for (i = 0; i < axev__json_count(tls->document->connections); i++)
		TRY(check_connection(tls, group, i, err));
	TRY(check_source(tls, group, err));
	TRY(check_client(tls, group, err));
	if (tls->summary->tls == 0) {
		TRY(axev__check_add(group, AXEV__C_TLS_COVERAGE, NULL, &check, err));
		axev__check_remark(check, AXEV__CHECK_NOT_APPLICABLE, AXEV__REMARK_NO_TLS);
		return AXEV_OK;
	}
	TRY(check_coverage(group, tls->summary, err));
	return name_unchecked(tls->verify->policy, group, err);
}

static bool is_lossy(const struct axev__tls_document *document)
{
	struct axev__span bad_lines;
	bool is_over;

	return (axev__json_as_bool(axev__json_get(document->json, "over_limit"), &is_over) && is_over) ||
	       !axev__json_as_string(axev__json_get(document->json, "bad_lines"), &bad_lines) ||
	       !axev__span_is(bad_lines, "0");
}

static int check_document(const struct axev__verify *verify, struct axev__check *group,
			  const struct axev__subject *subject, struct axev__span bytes,
			  struct axev__tls_of_source *of_source, axev_error *err)
{
	AXEV__TLS_DOCUMENT document = { 0 };
	struct summary summary = { .hosts = AXEV__BUF_INIT(64 * AXEV__KIB) };
	struct tls_check tls = { .verify = verify, .document = &document, .summary = &summary, .of_source = of_source };
	axev_error problem = AXEV_ERROR_INIT;
	struct axev__check *check;
	int status = axev__tls_document_read(bytes, &document, &problem);

	TRY(axev__check_add(group, AXEV__C_TLS_FORM, NULL, &check, err));
	if (status == AXEV_E_UNSUPPORTED)
		axev__check_remark(check, AXEV__CHECK_INDETERMINATE, AXEV__REMARK_NEWER);
	else
		TRY(axev__check_close(check, status, &problem, err));
	if (status < 0) {
		sum(group, false);
		return AXEV_OK;
	}
	tls.is_lossy = is_lossy(&document);
	tls.client = axev__json_get(axev__json_get(axev__json_get(subject->manifest, "source"), "login"),
				    "client_certificate");
	tls.source = axev__json_get(axev__json_get(subject->manifest, "source"), "tls");
	status = check_connections(&tls, group, err);
	axev__buf_free(&summary.hosts);
	sum(group, summary.carriers > 0 && summary.signed_carriers == summary.carriers);
	return status;
}

int axev__check_tls(const struct axev__verify *verify, struct axev__check *parent,
		    const struct axev__subject *subject, struct axev__tls_of_source *of_source, axev_error *err)
{
	const struct axev__entry *entry = axev__container_find(subject->container, ENTRY);
	AXEV__BUF bytes = AXEV__BUF_INIT(AXEV__MAX_CONNECTIONS_BYTES);
	axev_error problem = AXEV_ERROR_INIT;
	struct axev__check *group;
	int status;

	TRY(axev__check_add(parent, AXEV__C_TLS, entry ? ENTRY : NULL, &group, err));
	if (!entry) {
		axev__check_remark(group, AXEV__CHECK_NOT_APPLICABLE, AXEV__REMARK_NO_CONNECTIONS);
		return AXEV_OK;
	}
	status = axev__container_read(subject->container, entry, &bytes, &problem);
	if (status < 0)
		return axev__check_close(group, status, &problem, err);
	return check_document(verify, group, subject, axev__buf_view(&bytes), of_source, err);
}
