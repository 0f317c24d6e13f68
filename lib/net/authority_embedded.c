/* SPDX-License-Identifier: Apache-2.0 */
/* The authority that ships with a ledger: its clock is the maker's own, and every token says so. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/file.h>
#include <unistd.h>

#include "base/io.h"
#include "base/limits.h"
#include "base/text.h"
#include "base/time.h"
#include "net/authority.h"

#define KEY_FILE "keys/tsa.pem"
#define CERT_FILE "keys/tsa-cert.pem"
#define SERIAL_FILE "keys/tsa-serial"
#define LOCK_FILE "keys/tsa-lock"
#define VALID_YEARS 15
#define NAME_SUFFIX " embedded time-stamp authority"
#define MAX_NAME 64 /* RFC 5280 A.1: ub-common-name */
#define ACCURACY_NS (INT64_C(1) * AXEV__NS_PER_SECOND)

/* An origin (ASCII) that is too long for a name is cut and says so; the fingerprint tells it apart. */
static void write_name(const char *origin, char out[MAX_NAME + 1])
{
	const size_t room = MAX_NAME - strlen(NAME_SUFFIX);
	bool is_long = strlen(origin) > room;

	snprintf(out, MAX_NAME + 1, "%.*s%s%s", (int)(is_long ? room - 3 : room), origin,
		 is_long ? "..." : "", NAME_SUFFIX);
}

static int make_certificate(const struct axev__key *key, const char *origin, const axev_env *env,
			    struct axev__buf *ret_pem, axev_error *err)
{
	AXEV__BUF der = AXEV__BUF_INIT(AXEV__MAX_DER_BYTES);
	AXEV__CERTS certs = { 0 };
	struct axev__cert_request request = { .is_time_stamper = true };
	char name[MAX_NAME + 1];
	int64_t now_ns;

	TRY(axev__now(env, &now_ns, err));
	TRY(axev__random(env, request.serial, sizeof(request.serial), err));
	write_name(origin, name);
	request.common_name = name;
	/* A little earlier than now: a clock set back by seconds must not make the first token invalid. */
	request.not_before_ns = now_ns - 3600 * AXEV__NS_PER_SECOND;
	request.not_after_ns = now_ns + VALID_YEARS * INT64_C(31557600) * AXEV__NS_PER_SECOND;
	TRY(axev__cert_issue(&request, key, axev__span("", 0), key, &der, err));
	TRY(axev__certs_add(&certs, axev__buf_view(&der), err));
	return axev__certs_to_pem(&certs, ret_pem, err);
}

int axev__embedded_init(int ledger_dirfd, const char *origin, const axev_env *env, axev_error *err)
{
	AXEV__BUF pem = AXEV__BUF_INIT(AXEV__MAX_PEM_BYTES);
	AXEV__KEY *key = NULL;

	TRY(axev__key_generate(AXEV__KEY_EC_P256, 0, &key, err));
	TRY(axev__key_to_pem(key, NULL, &pem, err));
	TRY(axev__create_file_durable(ledger_dirfd, KEY_FILE, axev__buf_view(&pem), 0600, err));
	axev__buf_clear(&pem);
	TRY(make_certificate(key, origin, env, &pem, err));
	TRY(axev__create_file_durable(ledger_dirfd, CERT_FILE, axev__buf_view(&pem), 0644, err));
	return axev__create_file_durable(ledger_dirfd, SERIAL_FILE, axev__span_str("0\n"), 0600, err);
}

static int open_signer(int ledger_dirfd, axev_signer **ret_signer, axev_error *err)
{
	AXEV__BUF key_pem = AXEV__BUF_INIT(AXEV__MAX_PEM_BYTES);
	AXEV__BUF cert_pem = AXEV__BUF_INIT(AXEV__MAX_PEM_BYTES);
	AXEV__CERTS certs = { 0 };
	AXEV__KEY *key = NULL;

	TRY(axev__read_file(ledger_dirfd, KEY_FILE, &key_pem, err));
	TRY(axev__read_file(ledger_dirfd, CERT_FILE, &cert_pem, err));
	TRY(axev__certs_read(axev__buf_view(&cert_pem), &certs, err));
	TRY(axev__key_from_pem(axev__buf_view(&key_pem), NULL, &key, err));
	return axev__signer_new(axev__steal(key), &certs, ret_signer, err);
}

/* RFC 3161 2.4.2: the serial number MUST be unique, also across a crash: durable before it is used. */
static int next_serial(int ledger_dirfd, uint64_t *ret_serial, axev_error *err)
{
	AXEV__BUF text = AXEV__BUF_INIT(32);
	AXEV__CLOSE int lock = -1;
	uint64_t serial;
	char line[32];

	TRY(axev__open(ledger_dirfd, LOCK_FILE, O_RDWR | O_CREAT, 0600, &lock, err));
	if (flock(lock, LOCK_EX) < 0)
		return axev__fail_errno(err, errno, "cannot lock the time-stamp authority's serial");
	TRY(axev__read_file(ledger_dirfd, SERIAL_FILE, &text, err));
	if (text.size == 0 || text.data[text.size - 1] != '\n' ||
	    !axev__parse_u64(axev__span(text.data, text.size - 1), INT64_MAX - 1, &serial))
		return axev__fail(err, AXEV_E_CORRUPT, "%s: expected one decimal number", SERIAL_FILE);
	serial++;
	snprintf(line, sizeof(line), "%llu\n", (unsigned long long)serial);
	TRY(axev__write_file_durable(ledger_dirfd, SERIAL_FILE, axev__span_str(line), 0600, err));
	*ret_serial = serial;
	return AXEV_OK;
}

int axev__embedded_answer(int ledger_dirfd, struct axev__span request, const axev_env *env,
			  struct axev__buf *ret_response, axev_error *err)
{
	struct axev__tsa tsa = { .accuracy_ns = ACCURACY_NS };
	AXEV__SIGNER *signer = NULL;

	TRY(open_signer(ledger_dirfd, &signer, err));
	TRY(next_serial(ledger_dirfd, &tsa.serial, err));
	TRY(axev__now(env, &tsa.now_ns, err));
	tsa.signer = signer;
	return axev__prefix(axev__tsa_respond(&tsa, request, ret_response, err), err,
			    "embedded time-stamp authority");
}
