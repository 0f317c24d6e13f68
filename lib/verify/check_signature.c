/* SPDX-License-Identifier: Apache-2.0 */
/* The signatures as mathematics: form, value, token. Who signed is check_time.c's business. */
#include "verify/verify.h"

#include <stdio.h>

#include "base/text.h"
#include "package/disclosure.h"

int axev__check_token(struct axev__check *parent, const char *name, struct axev__span der,
		      const uint8_t imprint[32], struct axev__token *ret_token, bool *ret_holds,
		      axev_error *err)
{
	axev_error problem = AXEV_ERROR_INIT;
	struct axev__check *check;
	int status = axev__token_read_canonical(der, ret_token, &problem);

	*ret_holds = false;
	TRY(axev__check_add(parent, AXEV__C_TOKEN, name, &check, err));
	TRY(axev__check_say(check, AXEV__CHECK_COMMAND, err,
			    "openssl ts -verify -token_in -in TOKEN -data COVERED -CAfile "
			    "timestamps.pem"));
	TRY(axev__check_close(check, status, &problem, err));
	if (status < 0)
		return AXEV_OK;
	if (memcmp(ret_token->imprint, imprint, 32) != 0)
		status = axev__fail(&problem, AXEV_E_INVALID, "the token covers other bytes");
	TRY(axev__check_add(parent, AXEV__C_TOKEN_IMPRINT, name, &check, err));
	*ret_holds = status >= 0;
	return axev__check_close(check, status, &problem, err);
}

void axev__meta_names(const struct axev__subject *subject, unsigned number, char ret_list[AXEV__META_NAME_SIZE],
		      char ret_signature[AXEV__META_NAME_SIZE])
{
	if (subject->is_original) {
		snprintf(ret_list, AXEV__META_NAME_SIZE, AXEV__ORIGINAL_LIST_FORM, number);
		snprintf(ret_signature, AXEV__META_NAME_SIZE, AXEV__ORIGINAL_SIGNATURE_FORM, number);
		return;
	}
	axev__asic_name(ret_list, number);
	axev__signature_name(ret_signature, number);
}

static int check_value(const struct axev__verify *verify, struct axev__check *node, unsigned number,
		       struct axev__subject *subject, axev_error *err)
{
	struct axev__verified_signature *signature = &subject->signatures[number - 1];
	axev_error problem = AXEV_ERROR_INIT;
	char name[AXEV__META_NAME_SIZE], p7s[AXEV__META_NAME_SIZE];
	const struct axev__entry *entry;
	struct axev__check *check;
	int status;

	(void)verify;
	axev__meta_names(subject, number, name, p7s);
	entry = axev__container_find(subject->container, name);
	if (entry)
		status = axev__cades_check(&signature->cades, entry->sha256, &problem);
	else
		status = axev__fail(&problem, AXEV_E_FORMAT, "expected entry %s", name);
	TRY(axev__check_add(node, AXEV__C_SIGNATURE_VALUE, name, &check, err));
	TRY(axev__check_say(check, AXEV__CHECK_COMMAND, err,
			    "openssl cms -verify -binary -cades -inform DER -in %s -content %s "
			    "-CAfile signers.pem -purpose any -out /dev/null",
			    p7s, name));
	signature->is_whole = status >= 0;
	return axev__check_close(check, status, &problem, err);
}

static int check_signature(const struct axev__verify *verify, struct axev__check *node,
			   unsigned number, struct axev__subject *subject, const char *name,
			   axev_error *err)
{
	struct axev__verified_signature *signature = &subject->signatures[number - 1];
	axev_error problem = AXEV_ERROR_INIT;
	struct axev__check *check;
	uint8_t imprint[32];
	int status;

	signature->p7s.max = AXEV__MAX_DER_BYTES;
	status = axev__subject_read(subject, name, &signature->p7s, &problem);
	if (status >= 0)
		status = axev__cades_parse(axev__buf_view(&signature->p7s), &signature->cades, &problem);
	TRY(axev__check_add(node, AXEV__C_SIGNATURE_FORM, name, &check, err));
	TRY(axev__check_say(check, AXEV__CHECK_COMMAND, err,
			    "openssl cms -cmsout -print -inform DER -in %s", name));
	TRY(axev__check_close(check, status, &problem, err));
	if (status < 0)
		return AXEV_OK;
	TRY(check_value(verify, node, number, subject, err));
	if (signature->cades.token.size == 0)
		return AXEV_OK;
	TRY(axev__sha256(signature->cades.signature.data, signature->cades.signature.size, imprint,
			 err));
	return axev__check_token(node, name, signature->cades.token, imprint, &signature->token,
				 &signature->has_token, err);
}

int axev__check_signatures(const struct axev__verify *verify, struct axev__check *parent,
			   struct axev__subject *subject, axev_error *err)
{
	unsigned number;

	for (number = 1; number <= subject->signature_count; number++) {
		char list[AXEV__META_NAME_SIZE], name[AXEV__META_NAME_SIZE];
		struct axev__check *node;

		axev__meta_names(subject, number, list, name);
		TRY(axev__check_add(parent, AXEV__C_SIGNATURE, name, &node, err));
		TRY(check_signature(verify, node, number, subject, name, err));
		axev__check_sum(node);
	}
	return AXEV_OK;
}

static int compare_algorithm(const axev__json *expected, struct axev__span leaf, axev_error *err)
{
	struct axev__cert_info info;
	struct axev__span algorithm;

	TRY(axev__cert_info(leaf, &info, err));
	TRY(axev__json_string(expected, "algorithm", &algorithm, err));
	if (!axev__span_is(algorithm, strncmp(info.key, "EC", 2) == 0 ? "ecdsa-p256-sha256" :
									"rsa-pkcs1-sha256"))
		return axev__fail(err, AXEV_E_INVALID,
				  "the signature's algorithm is not the one in the manifest");
	return AXEV_OK;
}

static int compare_certs(const axev__json *expected, const struct axev__certs *certs,
			 axev_error *err)
{
	axev__json *list;
	size_t i;

	TRY(axev__json_array(expected, "certificates", &list, err));
	if (axev__json_count(list) != certs->count)
		return axev__fail(err, AXEV_E_INVALID, "expected %zu certificates, found %zu",
				  axev__json_count(list), certs->count);
	for (i = 0; i < certs->count; i++) {
		struct axev__span der = axev__cert_at(certs, i), text;
		char hex[AXEV_ID_HEX_SIZE];
		uint8_t sha256[32];

		TRY(axev__sha256(der.data, der.size, sha256, err));
		axev__hex(hex, sha256, sizeof(sha256));
		if (!axev__json_as_string(axev__json_at(list, i), &text) || !axev__span_is(text, hex))
			return axev__fail(err, AXEV_E_INVALID,
					  "certificate %s is not the one that the manifest names", hex);
	}
	return certs->count ? compare_algorithm(expected, axev__cert_at(certs, 0), err) : AXEV_OK;
}

/* A role is what the manifest says of a signer, nothing proves it; it must be one that signs such a container. */
static int compare_role(const axev__json *manifest, const axev__json *expected, axev_error *err)
{
	static const struct {
		const char *kind, *roles[5], *shown;
	} known[] = {
		{ "bundle", { "exporter" }, "exporter" },
		{ "attestation",
		  { "party", "notary", "appraiser", "provider" },
		  "party, notary, appraiser or provider" },
		{ NULL, { "operator", "signer", "officer" }, "operator, signer or officer" },
	};
	struct axev__shown shown;
	struct axev__span kind, role;
	size_t i = 0, j;

	TRY(axev__json_string(manifest, "kind", &kind, err));
	TRY(axev__json_string(expected, "role", &role, err));
	while (known[i].kind && !axev__span_is(kind, known[i].kind))
		i++;
	for (j = 0; known[i].roles[j]; j++)
		if (axev__span_is(role, known[i].roles[j]))
			return AXEV_OK;
	return axev__fail(err, AXEV_E_INVALID, "expected the role %s, found %s", known[i].shown,
			  axev__show(&shown, role));
}

/* Two officers are two certificates. */
static int expect_other_signer(const struct axev__subject *subject, unsigned number, axev_error *err)
{
	struct axev__span leaf = axev__cert_at(&subject->signatures[number].cades.certs, 0);
	unsigned i;

	for (i = 0; i < number; i++)
		if (axev__span_equal(axev__cert_at(&subject->signatures[i].cades.certs, 0), leaf))
			return axev__fail(err, AXEV_E_INVALID,
					  "its certificate is that of signature %u: one signer cannot "
					  "stand for two",
					  i + 1);
	return AXEV_OK;
}

static int compare_one(const struct axev__subject *subject, const axev__json *expected,
		       unsigned number, axev_error *err)
{
	const struct axev__certs *certs = &subject->signatures[number].cades.certs;

	TRY(compare_certs(expected, certs, err));
	TRY(compare_role(subject->manifest, expected, err));
	return certs->count ? expect_other_signer(subject, number, err) : AXEV_OK;
}

static int compare_expected(const struct axev__subject *subject, axev_error *err)
{
	axev__json *list;
	unsigned i;

	TRY(axev__json_array(subject->manifest, "expected_signatures", &list, err));
	if (axev__json_count(list) != subject->signature_count)
		return axev__fail(err, AXEV_E_INVALID, "expected %zu signatures, found %u",
				  axev__json_count(list), subject->signature_count);
	for (i = 0; i < subject->signature_count; i++)
		TRY(axev__prefix(compare_one(subject, axev__json_at(list, i), i, err), err,
				 "signature %u", i + 1));
	return AXEV_OK;
}

/* The roles, in the order of the signatures, so that the report shows what is claimed. */
static int show_roles(const axev__json *manifest, struct axev__buf *out, axev_error *err)
{
	const axev__json *list = axev__json_get(manifest, "expected_signatures");
	struct axev__span role;
	size_t i;

	for (i = 0; i < axev__json_count(list); i++) {
		TRY(axev__json_string(axev__json_at(list, i), "role", &role, err));
		TRY(axev__buf_str(out, i > 0 ? ", " : "", err));
		TRY(axev__buf_span(out, role, err));
	}
	return axev__buf_byte(out, '\0', err);
}

int axev__check_expected(const struct axev__verify *verify, struct axev__check *parent,
			 struct axev__subject *subject, axev_error *err)
{
	AXEV__BUF roles = AXEV__BUF_INIT(AXEV__MAX_MANIFEST_BYTES);
	axev_error problem = AXEV_ERROR_INIT;
	struct axev__check *check;

	(void)verify;
	if (!subject->manifest)
		return AXEV_OK; /* said by the manifest's own check */
	TRY(show_roles(subject->manifest, &roles, err));
	TRY(axev__check_add(parent, AXEV__C_SIGNATURE_EXPECTED, (const char *)roles.data, &check, err));
	return axev__check_close(check, compare_expected(subject, &problem), &problem, err);
}
