/* SPDX-License-Identifier: Apache-2.0 */
#include "capture/web/client_cert.h"

#include <ctype.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>

#include "base/io.h"
#include "base/text.h"
#include "capture/web/web.h"
#include "crypto/pkcs12.h"

/* ---- the file ---- */

/* The pattern of a preference is made of it, so that only what a host is made of may stand in it. */
static int take_host(const char *url, struct axev__client_cert *cert, axev_error *err)
{
	static const char allowed[] = "abcdefghijklmnopqrstuvwxyz0123456789.-_[]:";
	const char *begin = strstr(url, "://");
	size_t length, i;

	begin = begin ? begin + 3 : url;
	length = *begin == '[' ? strcspn(begin, "]") + 1 : strcspn(begin, ":/?#");
	if (length == 0 || length >= sizeof(cert->host))
		return axev__fail(err, AXEV_E_INVAL, "expected an address with a host that the certificate is for");
	for (i = 0; i < length; i++)
		cert->host[i] = (char)tolower((unsigned char)begin[i]);
	cert->host[length] = '\0';
	if (strspn(cert->host, allowed) != length)
		return axev__fail(err, AXEV_E_INVAL,
				  "a client certificate needs the host of the address in ASCII (xn--...)");
	return AXEV_OK;
}

static int ask_passphrase(const axev_web_opts *opts, struct axev__client_cert *cert, axev_error *err)
{
	AXEV__BUF prompt = AXEV__BUF_INIT(AXEV__KIB);
	struct axev__shown shown;

	TRY(axev__buf_printf(&prompt, err, "passphrase of %s", axev__show_str(&shown, opts->client_cert_file)));
	if (!opts->ask_secret || opts->ask_secret(opts->ask_secret_payload, (const char *)prompt.data, cert->passphrase,
						  sizeof(cert->passphrase)) != 0 ||
	    !memchr(cert->passphrase, '\0', sizeof(cert->passphrase))) {
		explicit_bzero(cert->passphrase, sizeof(cert->passphrase));
		return axev__fail(err, AXEV_E_PASSPHRASE, "it needs a passphrase, and none was given");
	}
	return AXEV_OK;
}

static int open_file(const axev_web_opts *opts, struct axev__client_cert *cert, axev_error *err)
{
	const char *given = opts->client_cert_passphrase;
	int status;

	TRY(axev__read_file(AT_FDCWD, opts->client_cert_file, &cert->p12, err));
	if (given && (strlen(given) > AXEV__MAX_SECRET_BYTES || strpbrk(given, "\r\n")))
		return axev__fail(err, AXEV_E_INVAL, "expected a passphrase of at most %d bytes on one line",
				  AXEV__MAX_SECRET_BYTES);
	snprintf(cert->passphrase, sizeof(cert->passphrase), "%s", given ? given : "");
	status = axev__pkcs12_certificate(axev__buf_view(&cert->p12), cert->passphrase, &cert->der, err);
	if (status == AXEV_E_PASSPHRASE && !given) {
		axev_error_clear(err);
		TRY(ask_passphrase(opts, cert, err));
		status = axev__pkcs12_certificate(axev__buf_view(&cert->p12), cert->passphrase, &cert->der, err);
	}
	return status < 0 ? status : axev__cert_info(axev__buf_view(&cert->der), &cert->info, err);
}

int axev__client_cert_load(const axev_web_opts *opts, struct axev__client_cert *ret_cert, axev_error *err)
{
	struct axev__shown shown;

	if (!opts->client_cert_file)
		return AXEV_OK;
	TRY(take_host(opts->url, ret_cert, err));
	return axev__prefix(open_file(opts, ret_cert, err), err, "%s", axev__show_str(&shown, opts->client_cert_file));
}

void axev__client_cert_free(struct axev__client_cert *cert)
{
	if (cert->p12.data)
		explicit_bzero(cert->p12.data, cert->p12.capacity);
	axev__buf_free(&cert->p12);
	axev__buf_free(&cert->der);
	explicit_bzero(cert->passphrase, sizeof(cert->passphrase));
}

/* ---- what the package says ---- */

int axev__client_cert_begin(struct axev__web *web, axev_error *err)
{
	char result[300];

	if (!web->client_cert->p12.size)
		return AXEV_OK;
	snprintf(result, sizeof(result), "shown to %s when it asks; its key is not kept", web->client_cert->host);
	return axev__take_step(web->take, "client certificate of the operator", result, err);
}

static int note_unsent(struct axev__web *web, uint64_t asked, uint64_t sent, axev_error *err)
{
	/* The browser asks itself only once a first connection was asked, and ends that one. */
	if (!asked || sent)
		return AXEV_OK;
	return axev__web_missing(web, "client certificate", "asked for and not sent: by another host, or for other issuers",
				 err);
}

int axev__client_cert_facts(struct axev__web *web, axev__json *login, axev_error *err)
{
	const struct axev__client_cert *cert = web->client_cert;
	AXEV__JSON *json = axev__json_new_object();
	uint64_t asked = 0, sent = 0;

	if (!cert->p12.size)
		return AXEV_OK;
	axev__wire_client_certificate(web->wire, axev__buf_view(&cert->der), &asked, &sent);
	TRY(note_unsent(web, asked, sent, err));
	TRY(axev__json_set_str(json, "subject", cert->info.subject, err));
	TRY(axev__json_set_str(json, "issuer", cert->info.issuer, err));
	TRY(axev__json_set_str(json, "serial", cert->info.serial_hex, err));
	TRY(axev__json_set_hex(json, "sha256", cert->info.sha256, 32, err));
	TRY(axev__json_set_str(json, "host", cert->host, err));
	TRY(axev__json_set_u64(json, "asked_on", asked, err));
	TRY(axev__json_set_u64(json, "sent_on", sent, err));
	return axev__json_set(login, "client_certificate", axev__steal(json), err);
}
