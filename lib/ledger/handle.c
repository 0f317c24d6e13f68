/* SPDX-License-Identifier: Apache-2.0 */
/* Making and opening a ledger directory with its keys and its demo policy. */
#include "ledger/handle.h"

#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

#include <ax_evidence/policy.h>

#include "base/io.h"
#include "base/limits.h"
#include "base/text.h"
#include "base/time.h"
#include "ledger/index.h"
#include "net/authority.h"

#define OPERATOR_KEY "keys/operator.pem"
#define OPERATOR_CERT "keys/operator-cert.pem"
#define OPERATOR_YEARS 10

static int check_origin(const char *origin, axev_error *err)
{
	struct axev__shown shown;
	const char *c;

	/* C2SP signed-note: a key name is not empty and has no spaces and no plus. */
	for (c = origin; *c; c++)
		if ((unsigned char)*c <= ' ' || *c == '+' || (unsigned char)*c >= 0x7F)
			return axev__fail(err, AXEV_E_INVAL,
					  "expected an origin without spaces and '+', in ASCII; found '%s'",
					  axev__show_str(&shown, origin));
	if (c == origin || c - origin > 200)
		return axev__fail(err, AXEV_E_INVAL, "expected an origin of 1 to 200 characters");
	return AXEV_OK;
}

static int make_operator(int dirfd, const axev_init_opts *opts, struct axev__buf *ret_cert_pem,
			 axev_error *err)
{
	AXEV__BUF der = AXEV__BUF_INIT(AXEV__MAX_DER_BYTES);
	AXEV__BUF pem = AXEV__BUF_INIT(AXEV__MAX_PEM_BYTES);
	AXEV__CERTS certs = { 0 };
	AXEV__KEY *key = NULL;
	struct axev__cert_request request = { 0 };
	int64_t now_ns;

	TRY(axev__key_generate(AXEV__KEY_EC_P256, 0, &key, err));
	TRY(axev__now(opts->env, &now_ns, err));
	TRY(axev__random(opts->env, request.serial, sizeof(request.serial), err));
	request.common_name = opts->operator_name ? opts->operator_name : "operator";
	request.not_before_ns = now_ns - 3600 * AXEV__NS_PER_SECOND;
	request.not_after_ns = now_ns + OPERATOR_YEARS * INT64_C(31557600) * AXEV__NS_PER_SECOND;
	TRY(axev__cert_issue(&request, key, axev__span("", 0), key, &der, err));
	TRY(axev__certs_add(&certs, axev__buf_view(&der), err));
	TRY(axev__certs_to_pem(&certs, ret_cert_pem, err));
	TRY(axev__key_to_pem(key, opts->passphrase, &pem, err));
	TRY(axev__create_file_durable(dirfd, OPERATOR_KEY, axev__buf_view(&pem), 0600, err));
	return axev__create_file_durable(dirfd, OPERATOR_CERT, axev__buf_view(ret_cert_pem), 0644, err);
}

static void free_policy(axev_policy **policy)
{
	axev_policy_free(*policy);
}

/* The demo policy trusts just this ledger's own keys: good for trying out, no judgement by anyone else. */
static int write_policy(const char *path, axev_ledger *ledger, struct axev__span operator_cert,
			axev_error *err)
{
	AXEV__CLEANUP(free_policy) axev_policy *policy = NULL;
	AXEV__BUF tsa_cert = AXEV__BUF_INIT(AXEV__MAX_PEM_BYTES);
	AXEV__BUF vkey = AXEV__BUF_INIT(1024);
	char file[AXEV__MAX_PATH];

	TRY(axev__read_file(ledger->dirfd, "keys/tsa-cert.pem", &tsa_cert, err));
	TRY(axev__note_key_text(axev__ledger_log_key(ledger->log), &vkey, err));
	TRY(axev_policy_new(&policy, err));
	TRY(axev_policy_add(policy, AXEV_TRUST_SIGNER, operator_cert.data, operator_cert.size,
			    "operator of this ledger (demo policy)", NULL, err));
	TRY(axev_policy_add(policy, AXEV_TRUST_TIMESTAMP, tsa_cert.data, tsa_cert.size,
			    "embedded time-stamp authority (demo policy)", NULL, err));
	TRY(axev_policy_add(policy, AXEV_TRUST_LEDGER, vkey.data, vkey.size, "this ledger (demo policy)",
			    NULL, err));
	if (snprintf(file, sizeof(file), "%s/policy.json", path) >= (int)sizeof(file))
		return axev__fail(err, AXEV_E_LIMIT, "path too long");
	return axev_policy_save(policy, file, err);
}

static int init(const char *path, const axev_init_opts *opts, const char *origin, axev_error *err)
{
	AXEV__BUF operator_cert = AXEV__BUF_INIT(AXEV__MAX_PEM_BYTES);
	axev_ledger *ledger = NULL;
	int status;

	TRY(axev__ledger_init(path, origin, opts->env, err));
	TRY(axev_ledger_open(path, opts->env, &ledger, err));
	status = make_operator(ledger->dirfd, opts, &operator_cert, err);
	if (status >= 0)
		status = axev__embedded_init(ledger->dirfd, origin, opts->env, err);
	if (status >= 0)
		status = write_policy(path, ledger, axev__buf_view(&operator_cert), err);
	axev_ledger_close(ledger);
	return status;
}

int axev_ledger_init(const char *path, const axev_init_opts *opts, axev_error *err)
{
	static const axev_init_opts defaults = AXEV_INIT_OPTS_INIT;
	struct axev__shown shown;
	char host[128] = "localhost", origin[200];

	if (!path || !*path)
		return axev__fail(err, AXEV_E_INVAL, "expected the path of a ledger to make");
	if (!opts)
		opts = &defaults;
	gethostname(host, sizeof(host) - 1);
	snprintf(origin, sizeof(origin), "%s/ax-evidence", host);
	TRY(check_origin(opts->origin ? opts->origin : origin, err));
	return axev__prefix(init(path, opts, opts->origin ? opts->origin : origin, err), err, "%s",
			    axev__show_str(&shown, path));
}

int axev_ledger_open(const char *path, const axev_env *env, axev_ledger **ret_ledger,
		     axev_error *err)
{
	AXEV__FREE axev_ledger *ledger = calloc(1, sizeof(*ledger));
	AXEV__FREE char *copy = path ? strdup(path) : NULL;

	if (!path)
		return axev__fail(err, AXEV_E_INVAL, "expected the path of a ledger");
	if (!ledger || !copy)
		return axev__nomem(err);
	TRY(axev__ledger_open(path, env, &ledger->log, err));
	ledger->env = env;
	ledger->path = axev__steal(copy);
	ledger->dirfd = axev__ledger_dirfd(ledger->log);
	*ret_ledger = axev__steal(ledger);
	return AXEV_OK;
}

void axev_ledger_close(axev_ledger *ledger)
{
	if (!ledger)
		return;
	axev__index_free(ledger->index);
	axev__ledger_close(ledger->log);
	free(ledger->path);
	free(ledger);
}

int axev__ledger_operator_certs(axev_ledger *ledger, struct axev__certs *ret_certs,
				axev_error *err)
{
	AXEV__BUF pem = AXEV__BUF_INIT(AXEV__MAX_PEM_BYTES);

	TRY(axev__read_file(ledger->dirfd, OPERATOR_CERT, &pem, err));
	return axev__prefix(axev__certs_read(axev__buf_view(&pem), ret_certs, err), err, OPERATOR_CERT);
}

int axev__ledger_operator(axev_ledger *ledger, const char *passphrase, axev_signer **ret_signer,
			  axev_error *err)
{
	AXEV__BUF pem = AXEV__BUF_INIT(AXEV__MAX_PEM_BYTES);
	AXEV__CERTS certs = { 0 };
	AXEV__KEY *key = NULL;

	TRY(axev__ledger_operator_certs(ledger, &certs, err));
	TRY(axev__read_file(ledger->dirfd, OPERATOR_KEY, &pem, err));
	TRY(axev__prefix(axev__key_from_pem(axev__buf_view(&pem), passphrase, &key, err), err,
			 OPERATOR_KEY));
	return axev__signer_new(axev__steal(key), &certs, ret_signer, err);
}
