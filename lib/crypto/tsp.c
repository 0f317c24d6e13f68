/* SPDX-License-Identifier: Apache-2.0 */
/* Requests to time-stamp authorities and their answers (RFC 3161 2.4). */
#include "crypto/tsp.h"

#include "base/text.h"
#include "crypto/cms.h"

static int put_imprint(const uint8_t imprint[32], struct axev__buf *out, axev_error *err)
{
	AXEV__BUF octets = AXEV__BUF_INIT(AXEV__MAX_DER_BYTES);
	struct axev__span parts[2] = { axev__cms_digest_by_size(32)->algorithm };

	TRY(axev__der_put(&octets, AXEV__DER_OCTET_STRING, axev__span(imprint, 32), err));
	parts[1] = axev__buf_view(&octets);
	return axev__der_put_parts(out, AXEV__DER_SEQUENCE, parts, 2, err);
}

int axev__tsp_request(const uint8_t imprint[32], uint64_t nonce, struct axev__buf *ret_der,
		      axev_error *err)
{
	static const uint8_t cert_req[] = { AXEV__DER_BOOLEAN, 1, 0xFF };
	AXEV__BUF body = AXEV__BUF_INIT(AXEV__MAX_DER_BYTES);

	TRY(axev__der_put_small(&body, 1, err));
	TRY(put_imprint(imprint, &body, err));
	TRY(axev__der_put_small(&body, nonce, err));
	TRY(axev__buf_append(&body, cert_req, sizeof(cert_req), err));
	return axev__der_put(ret_der, AXEV__DER_SEQUENCE, axev__buf_view(&body), err);
}

/* Only granted (0): with mods (1) the authority changed what was asked. */
static int refused(struct axev__der *status_info, uint64_t status, axev_error *err)
{
	struct axev__der texts;
	struct axev__span text = { 0 };
	struct axev__shown shown;

	if (axev__der_peek(status_info) == AXEV__DER_SEQUENCE &&
	    axev__der_enter(status_info, AXEV__DER_SEQUENCE, &texts, "text", NULL) == AXEV_OK)
		(void)axev__der_take(&texts, AXEV__DER_UTF8_STRING, &text, NULL, "text", NULL);
	return axev__fail(err, AXEV_E_PEER, "the time-stamp authority answered with status %llu: %s",
			  (unsigned long long)status,
			  text.size ? axev__show(&shown, text) : "no text");
}

int axev__tsp_response_token(struct axev__span response, struct axev__span *ret_token,
			     axev_error *err)
{
	struct axev__der top = axev__der_open(response), body, status_info;
	struct axev__span number, token;
	uint64_t status;

	TRY(axev__der_check(response, "time-stamp response", err));
	TRY(axev__der_enter(&top, AXEV__DER_SEQUENCE, &body, "time-stamp response", err));
	TRY(axev__der_enter(&body, AXEV__DER_SEQUENCE, &status_info, "PKIStatusInfo", err));
	TRY(axev__der_take(&status_info, AXEV__DER_INTEGER, &number, NULL, "PKIStatus", err));
	if (!axev__der_u64(number, &status))
		return axev__fail(err, AXEV_E_FORMAT, "PKIStatus is out of range");
	if (status != 0)
		return refused(&status_info, status, err);
	TRY(axev__der_take(&body, AXEV__DER_SEQUENCE, NULL, &token, "timeStampToken", err));
	TRY(axev__der_end(&body, "time-stamp response", err));
	*ret_token = token;
	return AXEV_OK;
}
