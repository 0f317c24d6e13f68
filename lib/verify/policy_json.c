/* SPDX-License-Identifier: Apache-2.0 */
/* "ax-policy/1": FORMAT.md section 6. Written for people, one certificate in one base64 string. */
#include "verify/policy.h"

#include <stdio.h>

#include "base/text.h"
#include "crypto/digest.h"

/* ---- reading ---- */

static int read_name(const axev__json *json, char out[AXEV__MAX_POLICY_NAME], axev_error *err)
{
	struct axev__span name;

	TRY(axev__json_string(json, "name", &name, err));
	if (name.size >= AXEV__MAX_POLICY_NAME || memchr(name.data, 0, name.size))
		return axev__fail(err, AXEV_E_FORMAT, "member 'name': expected at most %d bytes of text",
				  AXEV__MAX_POLICY_NAME - 1);
	memcpy(out, name.data, name.size);
	out[name.size] = '\0';
	return AXEV_OK;
}

static int read_cert(const axev__json *json, bool is_timestamp, struct axev__trusted *trusted,
		     axev_error *err)
{
	static const char *const known[] = { "name", "certificate", "sha256", NULL };
	static const char *const known_time[] = { "name", "certificate", "sha256", "is_embedded", NULL };
	AXEV__BUF der = AXEV__BUF_INIT(AXEV__MAX_DER_BYTES);
	struct axev__cert_info info;
	struct axev__trusted_cert *label;
	struct axev__span text;
	uint8_t sha256[32];

	if (trusted->certs.count >= AXEV__COUNT(trusted->labels))
		return axev__fail(err, AXEV_E_LIMIT, "expected at most %zu certificates of one kind",
				  AXEV__COUNT(trusted->labels));
	label = &trusted->labels[trusted->certs.count];
	TRY(axev__json_only(json, is_timestamp ? known_time : known, err));
	TRY(read_name(json, label->name, err));
	if (is_timestamp)
		TRY(axev__json_boolean(json, "is_embedded", &label->is_embedded, err));
	TRY(axev__json_string(json, "certificate", &text, err));
	if (!axev__unbase64(&der, text))
		return axev__fail(err, AXEV_E_FORMAT, "member 'certificate': expected base64 of DER");
	TRY(axev__cert_info(axev__buf_view(&der), &info, err));
	TRY(axev__json_hex(json, "sha256", sha256, sizeof(sha256), err));
	if (memcmp(sha256, info.sha256, sizeof(sha256)) != 0)
		return axev__fail(err, AXEV_E_FORMAT,
				  "member 'sha256': expected the SHA-256 of the certificate");
	if (axev__trusted_find(trusted, sha256))
		return axev__fail(err, AXEV_E_FORMAT, "expected each certificate once");
	memcpy(label->sha256, sha256, sizeof(sha256));
	return axev__certs_add(&trusted->certs, axev__buf_view(&der), err);
}

static int read_certs(const axev__json *json, const char *member, bool is_timestamp,
		      struct axev__trusted *trusted, axev_error *err)
{
	axev__json *list;
	size_t i;

	TRY(axev__json_array(json, member, &list, err));
	for (i = 0; i < axev__json_count(list); i++)
		TRY(axev__prefix(read_cert(axev__json_at(list, i), is_timestamp, trusted, err), err,
				 "%s[%zu]", member, i));
	return AXEV_OK;
}

static int read_ledger(const axev__json *json, axev_policy *policy, axev_error *err)
{
	static const char *const known[] = { "name", "vkey", NULL };
	struct axev__span vkey;

	if (policy->ledger_count >= AXEV__MAX_POLICY_LEDGERS)
		return axev__fail(err, AXEV_E_LIMIT, "expected at most %d ledgers",
				  AXEV__MAX_POLICY_LEDGERS);
	TRY(axev__json_only(json, known, err));
	TRY(read_name(json, policy->ledgers[policy->ledger_count].name, err));
	TRY(axev__json_string(json, "vkey", &vkey, err));
	TRY(axev__note_key_parse(vkey, &policy->ledgers[policy->ledger_count].key, err));
	policy->ledger_count++;
	return AXEV_OK;
}

static int read_ct_log(const axev__json *json, axev_policy *policy, axev_error *err)
{
	static const char *const known[] = { "name", "key", "sha256", NULL };
	AXEV__BUF der = AXEV__BUF_INIT(AXEV__MAX_PUBLIC_KEY_BYTES);
	char name[AXEV__MAX_POLICY_NAME];
	uint8_t stated[32], sha256[32];
	size_t before = policy->ct_log_count;
	struct axev__span text;

	TRY(axev__json_only(json, known, err));
	TRY(read_name(json, name, err));
	TRY(axev__json_string(json, "key", &text, err));
	if (!axev__unbase64(&der, text))
		return axev__fail(err, AXEV_E_FORMAT, "member 'key': expected base64 of DER");
	TRY(axev__json_hex(json, "sha256", stated, sizeof(stated), err));
	TRY(axev__policy_add_ct_log(policy, axev__buf_view(&der), axev__span_str(name), sha256, err));
	if (memcmp(stated, sha256, sizeof(sha256)) != 0)
		return axev__fail(err, AXEV_E_FORMAT, "member 'sha256': expected the SHA-256 of the key");
	if (policy->ct_log_count == before)
		return axev__fail(err, AXEV_E_FORMAT, "expected each log once");
	return AXEV_OK;
}

static int read_ct_logs(const axev__json *json, axev_policy *policy, axev_error *err)
{
	axev__json *list;
	size_t i;

	TRY(axev__json_array(json, "ct_logs", &list, err));
	for (i = 0; i < axev__json_count(list); i++)
		TRY(axev__prefix(read_ct_log(axev__json_at(list, i), policy, err), err, "ct_logs[%zu]", i));
	return AXEV_OK;
}

static int read_required(const axev__json *json, axev_policy *policy, axev_error *err)
{
	static const char *const known[] = { "timestamp", "ledger", NULL };
	axev__json *required;

	TRY(axev__json_object(json, "required", &required, err));
	TRY(axev__json_only(required, known, err));
	TRY(axev__json_boolean(required, "timestamp", &policy->is_timestamp_required, err));
	return axev__json_boolean(required, "ledger", &policy->is_ledger_required, err);
}

static int read_members(const axev__json *json, axev_policy *policy, axev_error *err)
{
	static const char *const known[] = { "format",  "name",     "signers", "timestamps",
					     "ledgers", "required", "tls_roots", "ct_logs", NULL };
	axev__json *ledgers;
	size_t i;

	TRY(axev__json_only(json, known, err));
	TRY(read_name(json, policy->name, err));
	TRY(read_certs(json, "signers", false, &policy->signers, err));
	TRY(read_certs(json, "timestamps", true, &policy->timestamps, err));
	TRY(axev__json_array(json, "ledgers", &ledgers, err));
	for (i = 0; i < axev__json_count(ledgers); i++)
		TRY(axev__prefix(read_ledger(axev__json_at(ledgers, i), policy, err), err,
				 "ledgers[%zu]", i));
	if (axev__json_get(json, "tls_roots"))
		TRY(read_certs(json, "tls_roots", false, &policy->tls_roots, err));
	if (axev__json_get(json, "ct_logs"))
		TRY(read_ct_logs(json, policy, err));
	return read_required(json, policy, err);
}

int axev__policy_read(struct axev__span bytes, axev_policy **ret_policy, axev_error *err)
{
	AXEV__JSON *json = NULL;
	AXEV__POLICY *policy = NULL;
	struct axev__span format;
	struct axev__shown shown;

	TRY(axev__json_parse(bytes, &json, err));
	TRY(axev__json_string(json, "format", &format, err));
	if (!axev__span_is(format, AXEV__POLICY_FORMAT))
		return axev__fail(err, AXEV_E_UNSUPPORTED, "expected format %s, found %s",
				  AXEV__POLICY_FORMAT, axev__show(&shown, format));
	TRY(axev_policy_new(&policy, err));
	TRY(read_members(json, policy, err));
	*ret_policy = axev__steal(policy);
	return AXEV_OK;
}

/* ---- writing ---- */

static int write_certs(axev__json *json, const char *member, bool is_timestamp,
		       const struct axev__trusted *trusted, axev_error *err)
{
	AXEV__JSON *list = axev__json_new_array();
	size_t i;

	for (i = 0; i < trusted->certs.count; i++) {
		AXEV__JSON *one = axev__json_new_object();
		AXEV__BUF text = AXEV__BUF_INIT(2 * AXEV__MAX_DER_BYTES);

		TRY(axev__json_set_str(one, "name", trusted->labels[i].name, err));
		TRY(axev__base64(&text, axev__cert_at(&trusted->certs, i), err));
		TRY(axev__json_set_string(one, "certificate", axev__buf_view(&text), err));
		TRY(axev__json_set_hex(one, "sha256", trusted->labels[i].sha256, 32, err));
		if (is_timestamp)
			TRY(axev__json_set_bool(one, "is_embedded", trusted->labels[i].is_embedded,
						err));
		TRY(axev__json_append(list, axev__steal(one), err));
	}
	return axev__json_set(json, member, axev__steal(list), err);
}

static int write_ledgers(axev__json *json, const axev_policy *policy, axev_error *err)
{
	AXEV__JSON *list = axev__json_new_array();
	size_t i;

	for (i = 0; i < policy->ledger_count; i++) {
		AXEV__JSON *one = axev__json_new_object();
		AXEV__BUF text = AXEV__BUF_INIT(AXEV__KIB);

		TRY(axev__json_set_str(one, "name", policy->ledgers[i].name, err));
		TRY(axev__note_key_text(&policy->ledgers[i].key, &text, err));
		TRY(axev__json_set_string(one, "vkey", axev__buf_view(&text), err));
		TRY(axev__json_append(list, axev__steal(one), err));
	}
	return axev__json_set(json, "ledgers", axev__steal(list), err);
}

static int write_ct_logs(axev__json *json, const axev_policy *policy, axev_error *err)
{
	AXEV__JSON *list = axev__json_new_array();
	size_t i;

	for (i = 0; i < policy->ct_log_count; i++) {
		AXEV__JSON *one = axev__json_new_object();
		AXEV__BUF text = AXEV__BUF_INIT(2 * AXEV__MAX_PUBLIC_KEY_BYTES);

		TRY(axev__json_set_str(one, "name", policy->ct_logs[i].name, err));
		TRY(axev__base64(&text, axev__buf_view(&policy->ct_logs[i].key), err));
		TRY(axev__json_set_string(one, "key", axev__buf_view(&text), err));
		TRY(axev__json_set_hex(one, "sha256", policy->ct_logs[i].sha256, 32, err));
		TRY(axev__json_append(list, axev__steal(one), err));
	}
	return axev__json_set(json, "ct_logs", axev__steal(list), err);
}

static int make_json(const axev_policy *policy, axev__json **ret_json, axev_error *err)
{
	AXEV__JSON *json = axev__json_new_object();
	AXEV__JSON *required = axev__json_new_object();

	TRY(axev__json_set_str(json, "format", AXEV__POLICY_FORMAT, err));
	TRY(axev__json_set_str(json, "name", policy->name, err));
	TRY(write_certs(json, "signers", false, &policy->signers, err));
	TRY(write_certs(json, "timestamps", true, &policy->timestamps, err));
	TRY(write_ledgers(json, policy, err));
	if (policy->tls_roots.certs.count) /* so that a policy without is, byte for byte, what it always was */
		TRY(write_certs(json, "tls_roots", false, &policy->tls_roots, err));
	if (policy->ct_log_count)
		TRY(write_ct_logs(json, policy, err));
	TRY(axev__json_set_bool(required, "timestamp", policy->is_timestamp_required, err));
	TRY(axev__json_set_bool(required, "ledger", policy->is_ledger_required, err));
	TRY(axev__json_set(json, "required", axev__steal(required), err));
	*ret_json = axev__steal(json);
	return AXEV_OK;
}

int axev__policy_write(const axev_policy *policy, struct axev__buf *out, axev_error *err)
{
	AXEV__JSON *json = NULL;

	TRY(make_json(policy, &json, err));
	return axev__json_pretty(json, out, err);
}

int axev__policy_fingerprint(const axev_policy *policy, uint8_t out[32], axev_error *err)
{
	AXEV__JSON *json = NULL;
	AXEV__BUF bytes = AXEV__BUF_INIT(AXEV__MAX_POLICY_BYTES);

	TRY(make_json(policy, &json, err));
	TRY(axev__json_canonical(json, &bytes, err));
	return axev__sha256(bytes.data, bytes.size, out, err);
}
