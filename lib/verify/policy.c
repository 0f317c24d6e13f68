/* SPDX-License-Identifier: Apache-2.0 */
#include "verify/policy.h"

#include <fcntl.h>
#include <stdio.h>

#include "base/io.h"
#include "base/text.h"
#include "crypto/digest.h"
#include "crypto/sct.h"

int axev_policy_new(axev_policy **ret_policy, axev_error *err)
{
	axev_policy *policy = calloc(1, sizeof(*policy));

	if (!policy)
		return axev__nomem(err);
	policy->is_timestamp_required = true;
	*ret_policy = policy;
	return AXEV_OK;
}

void axev_policy_free(axev_policy *policy)
{
	size_t i;

	if (!policy)
		return;
	axev__certs_free(&policy->signers.certs);
	axev__certs_free(&policy->timestamps.certs);
	axev__certs_free(&policy->tls_roots.certs);
	for (i = 0; i < policy->ct_log_count; i++)
		axev__buf_free(&policy->ct_logs[i].key);
	free(policy);
}

static int set_name(char out[AXEV__MAX_POLICY_NAME], struct axev__span name, axev_error *err)
{
	if (name.size >= AXEV__MAX_POLICY_NAME)
		return axev__fail(err, AXEV_E_LIMIT, "expected a name of at most %d bytes",
				  AXEV__MAX_POLICY_NAME - 1);
	if (!axev__is_utf8(name) || memchr(name.data ? (const void *)name.data : "x", 0, name.size))
		return axev__fail(err, AXEV_E_INVAL, "expected a name in UTF-8");
	memcpy(out, name.data ? (const void *)name.data : "", name.size);
	out[name.size] = '\0';
	return AXEV_OK;
}

const struct axev__trusted_cert *axev__trusted_find(const struct axev__trusted *trusted,
						    const uint8_t sha256[32])
{
	size_t i;

	for (i = 0; i < trusted->certs.count; i++)
		if (memcmp(trusted->labels[i].sha256, sha256, 32) == 0)
			return &trusted->labels[i];
	return NULL;
}

int axev__policy_mark_embedded(axev_policy *policy, const axev_id *fingerprint, axev_error *err)
{
	size_t i;

	for (i = 0; i < policy->timestamps.certs.count; i++) {
		if (memcmp(policy->timestamps.labels[i].sha256, fingerprint->bytes, 32) != 0)
			continue;
		policy->timestamps.labels[i].is_embedded = true;
		return AXEV_OK;
	}
	return axev__fail(err, AXEV_E_NOTFOUND, "the policy has no such time-stamp authority");
}

/* Adding what is there already changes nothing. */
static int add_cert(struct axev__trusted *trusted, struct axev__span der, struct axev__span name,
		    bool is_embedded, uint8_t ret_sha256[32], axev_error *err)
{
	struct axev__trusted_cert *label;
	struct axev__cert_info info;

	TRY(axev__cert_info(der, &info, err));
	memcpy(ret_sha256, info.sha256, 32);
	if (axev__trusted_find(trusted, info.sha256))
		return AXEV_OK;
	if (trusted->certs.count >= AXEV__COUNT(trusted->labels))
		return axev__fail(err, AXEV_E_LIMIT, "expected at most %zu certificates of one kind",
				  AXEV__COUNT(trusted->labels));
	label = &trusted->labels[trusted->certs.count];
	TRY(set_name(label->name, name, err));
	memcpy(label->sha256, info.sha256, 32);
	label->is_embedded = is_embedded;
	return axev__certs_add(&trusted->certs, der, err);
}

int axev__policy_add_ct_log(axev_policy *policy, struct axev__span key, struct axev__span name,
			    uint8_t ret_sha256[32], axev_error *err)
{
	struct axev__policy_ct_log *log;
	AXEV__BUF der = AXEV__BUF_INIT(AXEV__MAX_PUBLIC_KEY_BYTES);
	size_t i;

	TRY(axev__public_key_read(key, &der, err));
	TRY(axev__sha256(der.data, der.size, ret_sha256, err));
	for (i = 0; i < policy->ct_log_count; i++)
		if (memcmp(policy->ct_logs[i].sha256, ret_sha256, 32) == 0)
			return AXEV_OK;
	if (policy->ct_log_count >= AXEV__MAX_POLICY_CT_LOGS)
		return axev__fail(err, AXEV_E_LIMIT, "expected at most %d logs of certificates",
				  AXEV__MAX_POLICY_CT_LOGS);
	log = &policy->ct_logs[policy->ct_log_count];
	TRY(set_name(log->name, name, err));
	memcpy(log->sha256, ret_sha256, 32);
	log->key = der;
	memset(&der, 0, sizeof(der));
	policy->ct_log_count++;
	return AXEV_OK;
}

static struct axev__span without_line_end(struct axev__span text)
{
	while (text.size > 0 && (text.data[text.size - 1] == '\n' || text.data[text.size - 1] == '\r'))
		text.size--;
	return text;
}

static int add_ledger(axev_policy *policy, struct axev__span vkey, struct axev__span name,
		      axev_error *err)
{
	struct axev__note_key key;
	size_t i;

	TRY(axev__note_key_parse(vkey, &key, err));
	for (i = 0; i < policy->ledger_count; i++)
		if (strcmp(policy->ledgers[i].key.name, key.name) == 0 &&
		    memcmp(policy->ledgers[i].key.public_key, key.public_key, 32) == 0)
			return AXEV_OK;
	if (policy->ledger_count >= AXEV__MAX_POLICY_LEDGERS)
		return axev__fail(err, AXEV_E_LIMIT, "expected at most %d ledgers",
				  AXEV__MAX_POLICY_LEDGERS);
	TRY(set_name(policy->ledgers[policy->ledger_count].name, name, err));
	policy->ledgers[policy->ledger_count++].key = key;
	return AXEV_OK;
}

/* The first certificate of the file is trusted: a chain would make it unclear which one was meant. */
static int add_cert_file(struct axev__trusted *trusted, struct axev__span data, struct axev__span name,
			 uint8_t ret_sha256[32], axev_error *err)
{
	AXEV__CERTS certs = { 0 };

	TRY(axev__certs_read(data, &certs, err));
	if (certs.count != 1)
		return axev__fail(err, AXEV_E_FORMAT, "expected exactly one certificate, found %zu",
				  certs.count);
	return add_cert(trusted, axev__cert_at(&certs, 0), name, false, ret_sha256, err);
}

int axev_policy_add(axev_policy *policy, int trust, const void *data, size_t data_bytes,
		    const char *name, axev_id *ret_fingerprint, axev_error *err)
{
	struct axev__span label = axev__span_str(name ? name : "");
	struct axev__span bytes = axev__span(data, data_bytes);
	uint8_t sha256[32];

	if (!policy || !data)
		return axev__fail(err, AXEV_E_INVAL, "expected a policy and what to trust");
	switch (trust) {
	case AXEV_TRUST_SIGNER:
		TRY(add_cert_file(&policy->signers, bytes, label, sha256, err));
		break;
	case AXEV_TRUST_TIMESTAMP:
		TRY(add_cert_file(&policy->timestamps, bytes, label, sha256, err));
		break;
	case AXEV_TRUST_TLS_ROOT:
		TRY(add_cert_file(&policy->tls_roots, bytes, label, sha256, err));
		break;
	case AXEV_TRUST_CT_LOG:
		TRY(axev__policy_add_ct_log(policy, bytes, label, sha256, err));
		break;
	case AXEV_TRUST_LEDGER:
		bytes = without_line_end(bytes);
		TRY(add_ledger(policy, bytes, label, err));
		TRY(axev__sha256(bytes.data, bytes.size, sha256, err));
		break;
	default:
		return axev__fail(err, AXEV_E_INVAL, "expected one of AXEV_TRUST_*");
	}
	if (ret_fingerprint)
		memcpy(ret_fingerprint->bytes, sha256, sizeof(sha256));
	return AXEV_OK;
}

int axev_policy_open(const char *path, axev_policy **ret_policy, axev_error *err)
{
	AXEV__BUF bytes = AXEV__BUF_INIT(AXEV__MAX_POLICY_BYTES);
	struct axev__shown shown;

	if (!path)
		return axev__fail(err, AXEV_E_INVAL, "expected a path");
	TRY(axev__read_file(AT_FDCWD, path, &bytes, err));
	return axev__prefix(axev__policy_read(axev__buf_view(&bytes), ret_policy, err), err, "%s",
			    axev__show_str(&shown, path));
}

int axev_policy_save(const axev_policy *policy, const char *path, axev_error *err)
{
	AXEV__BUF bytes = AXEV__BUF_INIT(AXEV__MAX_POLICY_BYTES);

	if (!policy || !path)
		return axev__fail(err, AXEV_E_INVAL, "expected a policy and a path");
	TRY(axev__policy_write(policy, &bytes, err));
	return axev__write_file_durable(AT_FDCWD, path, axev__buf_view(&bytes), 0644, err);
}
