/* SPDX-License-Identifier: Apache-2.0 */
#include "content/tls_transcript.h"

#include "crypto/tls_sign.h"

/* RFC 8446 4 and RFC 5246 7.4 */
enum {
	CLIENT_HELLO = 1,
	SERVER_HELLO = 2,
	NEW_SESSION_TICKET = 4,
	ENCRYPTED_EXTENSIONS = 8,
	CERTIFICATE = 11,
	SERVER_KEY_EXCHANGE = 12,
	CERTIFICATE_REQUEST = 13,
	SERVER_HELLO_DONE = 14,
	CERTIFICATE_VERIFY = 15,
	FINISHED = 20,
	CERTIFICATE_STATUS = 22,
	COMPRESSED_CERTIFICATE = 25
};

enum {
	EXTENSION_SERVER_NAME = 0,
	EXTENSION_STATUS_REQUEST = 5,
	EXTENSION_SIGNATURE_ALGORITHMS = 13,
	EXTENSION_ALPN = 16,
	EXTENSION_SCT = 18,
	EXTENSION_COMPRESS_CERTIFICATE = 27,
	EXTENSION_PRE_SHARED_KEY = 41,
	EXTENSION_SUPPORTED_VERSIONS = 43,
	EXTENSION_KEY_SHARE = 51
};

#define HEADER_BYTES 4
#define RANDOM_BYTES 32

/* RFC 8446 4.1.3: a ServerHello with this random is a HelloRetryRequest. */
static const uint8_t retry_random[RANDOM_BYTES] = {
	0xCF, 0x21, 0xAD, 0x74, 0xE5, 0x9A, 0x61, 0x11, 0xBE, 0x1D, 0x8C, 0x02, 0x1E, 0x65, 0xB8, 0x91,
	0xC2, 0xA2, 0x11, 0x16, 0x7A, 0xBB, 0x8C, 0x5E, 0x07, 0x9E, 0x09, 0xE2, 0xC8, 0xA8, 0x33, 0x9C,
};

/* ---- pieces ---- */

static bool take(struct axev__span *rest, size_t size, struct axev__span *ret_piece)
{
	if (size > rest->size)
		return false;
	*ret_piece = axev__span(rest->data, size);
	*rest = axev__span(rest->data + size, rest->size - size);
	return true;
}

/* A vector with a length of @width bytes in front (RFC 8446 3.4). */
static bool vector(struct axev__span *rest, size_t width, struct axev__span *ret_vector)
{
	struct axev__span length;
	size_t size = 0, i;

	if (!take(rest, width, &length))
		return false;
	for (i = 0; i < width; i++)
		size = size << 8 | length.data[i];
	return take(rest, size, ret_vector);
}

static bool number(struct axev__span *rest, uint16_t *ret_number)
{
	struct axev__span bytes;

	if (!take(rest, 2, &bytes))
		return false;
	*ret_number = axev__get_u16be(bytes.data);
	return true;
}

/* RFC 8446 4.2: no type stands twice in one block, so the first is the only one. */
static bool extension(struct axev__span extensions, uint16_t type, struct axev__span *ret_body)
{
	struct axev__span body;
	uint16_t found;

	while (number(&extensions, &found) && vector(&extensions, 2, &body)) {
		if (found != type)
			continue;
		*ret_body = body;
		return true;
	}
	return false;
}

static bool are_extensions(struct axev__span extensions)
{
	struct axev__span rest = extensions, ahead, body;
	uint16_t type, other;

	while (rest.size) {
		if (!number(&rest, &type) || !vector(&rest, 2, &body))
			return false;
		for (ahead = rest; number(&ahead, &other) && vector(&ahead, 2, &body);)
			if (other == type)
				return false;
	}
	return true;
}

/* Is @wanted among the numbers of two bytes? */
static bool lists(struct axev__span list, uint16_t wanted)
{
	uint16_t one;

	while (number(&list, &one))
		if (one == wanted)
			return true;
	return false;
}

/* ---- messages in their order ---- */

struct reading {
	const struct axev__tls_message *messages;
	size_t count, next;
	struct axev__tls_handshake *out;
	struct axev__span session_id, suites, compressions; /* of the ClientHello */
	bool offers_1_3;
};

static int malformed(const char *name, axev_error *err)
{
	return axev__fail(err, AXEV_E_FORMAT, "handshake message %s: malformed", name);
}

/* *ret_type -1: there is no further message. */
static int peek(const struct reading *reading, int *ret_type, axev_error *err)
{
	struct axev__span bytes;

	*ret_type = -1;
	if (reading->next >= reading->count)
		return AXEV_OK;
	bytes = reading->messages[reading->next].bytes;
	if (bytes.size < HEADER_BYTES ||
	    bytes.size - HEADER_BYTES != (axev__get_u32be(bytes.data) & 0xFFFFFF))
		return axev__fail(err, AXEV_E_FORMAT,
				  "handshake message %zu: its length is not the one it states",
				  reading->next + 1);
	*ret_type = bytes.data[0];
	return AXEV_OK;
}

/* The next message must be @type from that side. *ret_is_there false: the messages end here. */
static int expect(struct reading *reading, int type, const char *name, bool is_sent,
		  struct axev__span *ret_body, bool *ret_is_there, axev_error *err)
{
	const struct axev__tls_message *message = &reading->messages[reading->next];
	int found;

	TRY(peek(reading, &found, err));
	*ret_is_there = found >= 0;
	if (found < 0)
		return AXEV_OK;
	if (found != type || message->is_sent != is_sent)
		return axev__fail(err, AXEV_E_INVALID,
				  "handshake message %zu: expected %s from the %s, found type %d from the %s",
				  reading->next + 1, name, is_sent ? "client" : "server", found,
				  message->is_sent ? "client" : "server");
	*ret_body = axev__span(message->bytes.data + HEADER_BYTES, message->bytes.size - HEADER_BYTES);
	reading->next++;
	return AXEV_OK;
}

/* Does a message of @type from the server come next? */
static int is_next(const struct reading *reading, int type, bool *ret_is, axev_error *err)
{
	int found;

	TRY(peek(reading, &found, err));
	*ret_is = found == type && !reading->messages[reading->next].is_sent;
	return AXEV_OK;
}

/* ---- hellos ---- */

/* RFC 6066 3 */
static bool read_server_name(struct axev__span body, struct axev__span *ret_name)
{
	struct axev__span list, type;

	return vector(&body, 2, &list) && body.size == 0 && take(&list, 1, &type) && type.data[0] == 0 &&
	       vector(&list, 2, ret_name) && list.size == 0 && ret_name->size;
}

static bool read_client_extensions(struct reading *reading, struct axev__span extensions)
{
	struct axev__span body, list;

	reading->out->server_name = axev__span(NULL, 0);
	reading->out->schemes = axev__span(NULL, 0);
	reading->compressions = axev__span(NULL, 0);
	if (!are_extensions(extensions))
		return false;
	if (extension(extensions, EXTENSION_SERVER_NAME, &body) &&
	    !read_server_name(body, &reading->out->server_name))
		return false;
	if (extension(extensions, EXTENSION_SIGNATURE_ALGORITHMS, &body) &&
	    (!vector(&body, 2, &reading->out->schemes) || body.size))
		return false;
	if (extension(extensions, EXTENSION_COMPRESS_CERTIFICATE, &body) &&
	    (!vector(&body, 1, &reading->compressions) || body.size))
		return false;
	reading->offers_1_3 = extension(extensions, EXTENSION_SUPPORTED_VERSIONS, &body) &&
			      vector(&body, 1, &list) && lists(list, AXEV__TLS_1_3);
	return true;
}

/* RFC 8446 4.1.2 */
static int read_client_hello(struct reading *reading, bool *ret_is_there, axev_error *err)
{
	struct axev__span body, version, compression, extensions = { 0 };

	TRY(expect(reading, CLIENT_HELLO, "ClientHello (1)", true, &body, ret_is_there, err));
	if (!*ret_is_there)
		return AXEV_OK;
	if (!take(&body, 2, &version) || !take(&body, RANDOM_BYTES, &reading->out->client_random) ||
	    !vector(&body, 1, &reading->session_id) || !vector(&body, 2, &reading->suites) ||
	    !vector(&body, 1, &compression) || (body.size && !vector(&body, 2, &extensions)) ||
	    body.size || !read_client_extensions(reading, extensions))
		return malformed("ClientHello", err);
	return AXEV_OK;
}

struct server_hello {
	struct axev__span session_id, extensions;
	bool is_retry, is_resumed_1_3;
};

static bool parse_server_hello(struct axev__span body, struct axev__tls_handshake *out,
			       struct server_hello *hello)
{
	struct axev__span compression, selected;

	if (!number(&body, &out->version) || !take(&body, RANDOM_BYTES, &out->server_random) ||
	    !vector(&body, 1, &hello->session_id) || !number(&body, &out->suite) ||
	    !take(&body, 1, &compression) || (body.size && !vector(&body, 2, &hello->extensions)) ||
	    body.size || !are_extensions(hello->extensions))
		return false;
	if (extension(hello->extensions, EXTENSION_SUPPORTED_VERSIONS, &selected) &&
	    (!number(&selected, &out->version) || selected.size || out->version != AXEV__TLS_1_3))
		return false;
	if (extension(hello->extensions, EXTENSION_KEY_SHARE, &selected) && !number(&selected, &out->group))
		return false;
	hello->is_retry = out->version == AXEV__TLS_1_3 &&
			  memcmp(out->server_random.data, retry_random, RANDOM_BYTES) == 0;
	hello->is_resumed_1_3 = extension(hello->extensions, EXTENSION_PRE_SHARED_KEY, &selected);
	return true;
}

static int read_server_hello(struct reading *reading, struct server_hello *hello, bool *ret_is_there,
			     axev_error *err)
{
	struct axev__tls_handshake *out = reading->out;
	struct axev__span body;

	*hello = (struct server_hello){ 0 };
	TRY(expect(reading, SERVER_HELLO, "ServerHello (2)", false, &body, ret_is_there, err));
	if (!*ret_is_there)
		return AXEV_OK;
	if (!parse_server_hello(body, out, hello))
		return malformed("ServerHello", err);
	if (out->version == AXEV__TLS_1_3 && !reading->offers_1_3)
		return axev__fail(err, AXEV_E_INVALID,
				  "the server chose TLS 1.3, which the client did not offer");
	if (!lists(reading->suites, out->suite))
		return axev__fail(err, AXEV_E_INVALID,
				  "the server chose cipher suite 0x%04x, which the client did not offer",
				  out->suite);
	return AXEV_OK;
}

/* RFC 8446 4.1.4: one retry at most, and the suite stays. */
static int read_retry(struct reading *reading, struct server_hello *hello, bool *ret_is_there,
		      axev_error *err)
{
	uint16_t suite = reading->out->suite;

	reading->out->is_retried = true;
	TRY(read_client_hello(reading, ret_is_there, err));
	if (*ret_is_there)
		TRY(read_server_hello(reading, hello, ret_is_there, err));
	if (*ret_is_there && (hello->is_retry || reading->out->version != AXEV__TLS_1_3 ||
			      reading->out->suite != suite))
		return axev__fail(err, AXEV_E_INVALID,
				  "the ServerHello does not fit the HelloRetryRequest before it");
	return AXEV_OK;
}

static bool read_alpn(struct axev__span extensions, struct axev__span *ret_protocol)
{
	struct axev__span body, list;

	if (!extension(extensions, EXTENSION_ALPN, &body))
		return true;
	return vector(&body, 2, &list) && body.size == 0 && vector(&list, 1, ret_protocol) &&
	       list.size == 0 && ret_protocol->size;
}

/* RFC 6066 8: CertificateStatus, in TLS 1.3 an extension of the leaf (RFC 8446 4.4.2.1). One of another type is none for us. */
static bool read_status(struct axev__span body, struct axev__span *ret_ocsp)
{
	struct axev__span type;

	if (!take(&body, 1, &type))
		return false;
	return type.data[0] != 1 || (vector(&body, 3, ret_ocsp) && body.size == 0 && ret_ocsp->size);
}

/* ---- TLS 1.3 ---- */

/* RFC 8446 4.4.2; extensions of the leaf may carry SCTs (RFC 6962 3.3.1). */
static bool read_entry_1_3(struct axev__span *rest, struct axev__span *ret_der,
			   struct axev__span *ret_extensions)
{
	return vector(rest, 3, ret_der) && ret_der->size && vector(rest, 2, ret_extensions) &&
	       are_extensions(*ret_extensions);
}

static bool read_certificate_1_3(struct axev__span body, struct axev__tls_handshake *out)
{
	struct axev__span context, rest, der, extensions, status;
	bool is_leaf = true;

	if (!vector(&body, 1, &context) || context.size || !vector(&body, 3, &out->certificates) ||
	    body.size || out->certificates.size == 0)
		return false;
	for (rest = out->certificates; rest.size; is_leaf = false) {
		if (!read_entry_1_3(&rest, &der, &extensions))
			return false;
		if (is_leaf)
			extension(extensions, EXTENSION_SCT, &out->scts);
		if (is_leaf && extension(extensions, EXTENSION_STATUS_REQUEST, &status) && !read_status(status, &out->ocsp))
			return false;
	}
	return true;
}

/* RFC 8879 4: the transcript holds the message as it is, compressed. */
static int read_compressed(struct reading *reading, struct axev__span body, axev_error *err)
{
	struct axev__span length, compressed;

	if (!number(&body, &reading->out->compression) || !take(&body, 3, &length) ||
	    !vector(&body, 3, &compressed) || body.size || compressed.size == 0 ||
	    reading->out->compression == 0)
		return malformed("CompressedCertificate", err);
	if (!lists(reading->compressions, reading->out->compression))
		return axev__fail(err, AXEV_E_INVALID,
				  "the certificates are compressed with algorithm %u, which the client did not offer",
				  reading->out->compression);
	return AXEV_OK;
}

static int read_certificates_1_3(struct reading *reading, bool *ret_is_there, axev_error *err)
{
	struct axev__span body;
	bool is_compressed;

	TRY(is_next(reading, COMPRESSED_CERTIFICATE, &is_compressed, err));
	TRY(expect(reading, is_compressed ? COMPRESSED_CERTIFICATE : CERTIFICATE, "Certificate (11)",
		   false, &body, ret_is_there, err));
	if (!*ret_is_there)
		return AXEV_OK;
	if (is_compressed)
		TRY(read_compressed(reading, body, err));
	else if (!read_certificate_1_3(body, reading->out))
		return malformed("Certificate", err);
	reading->out->has_certificates = true;
	reading->out->covered = reading->next;
	return AXEV_OK;
}

static int check_scheme(const struct axev__tls_handshake *out, axev_error *err)
{
	if (!lists(out->schemes, out->scheme))
		return axev__fail(err, AXEV_E_INVALID,
				  "the server signed with scheme 0x%04x, which the client did not offer",
				  out->scheme);
	return AXEV_OK;
}

static int read_1_3(struct reading *reading, const struct server_hello *hello, axev_error *err)
{
	struct axev__tls_handshake *out = reading->out;
	struct axev__span body, extensions;
	bool is_there, is_asked;

	TRY(expect(reading, ENCRYPTED_EXTENSIONS, "EncryptedExtensions (8)", false, &body, &is_there, err));
	if (!is_there)
		return AXEV_OK;
	if (!vector(&body, 2, &extensions) || body.size || !are_extensions(extensions) ||
	    !read_alpn(extensions, &out->alpn))
		return malformed("EncryptedExtensions", err);
	if (hello->is_resumed_1_3) {
		out->outcome = AXEV__TLS_RESUMED;
		return expect(reading, FINISHED, "Finished (20)", false, &body, &is_there, err);
	}
	TRY(is_next(reading, CERTIFICATE_REQUEST, &is_asked, err));
	reading->next += is_asked;
	TRY(read_certificates_1_3(reading, &is_there, err));
	if (is_there)
		TRY(expect(reading, CERTIFICATE_VERIFY, "CertificateVerify (15)", false, &body, &is_there,
			   err));
	if (!is_there)
		return AXEV_OK;
	if (!number(&body, &out->scheme) || !vector(&body, 2, &out->signature) || body.size)
		return malformed("CertificateVerify", err);
	out->outcome = AXEV__TLS_SIGNED;
	return check_scheme(out, err);
}

/* ---- TLS 1.2 ---- */

static bool read_certificate_1_2(struct axev__span body, struct axev__tls_handshake *out)
{
	struct axev__span rest, der;

	if (!vector(&body, 3, &out->certificates) || body.size || out->certificates.size == 0)
		return false;
	for (rest = out->certificates; rest.size;)
		if (!vector(&rest, 3, &der) || der.size == 0)
			return false;
	return true;
}

/* RFC 8422 5.4: named_curve is 3, the only kind left. The server signs params, not what follows. */
static bool read_key_exchange(struct axev__span body, struct axev__tls_handshake *out)
{
	struct axev__span start = body, head, point;

	if (!take(&body, 3, &head) || head.data[0] != 3 || !vector(&body, 1, &point) || point.size == 0)
		return false;
	out->params = axev__span(start.data, start.size - body.size);
	out->group = axev__get_u16be(head.data + 1);
	return number(&body, &out->scheme) && vector(&body, 2, &out->signature) && body.size == 0;
}

/* RFC 5246 7.4.2: suites TLS_RSA_WITH_... encrypt to the certificate's key, and nothing is signed. */
static bool is_key_transport(uint16_t suite)
{
	static const uint16_t suites[] = { 0x000A, 0x002F, 0x0035, 0x003C, 0x003D, 0x009C, 0x009D };
	size_t i;

	for (i = 0; i < AXEV__COUNT(suites); i++)
		if (suites[i] == suite)
			return true;
	return false;
}

/* RFC 5246 7.3, figure 2, RFC 5077 3.4: the server takes up the session that the client named. */
static int read_abbreviated(struct reading *reading, const struct server_hello *hello, axev_error *err)
{
	struct axev__span body;
	bool is_there, is_ticket;

	if (hello->session_id.size == 0 || !axev__span_equal(hello->session_id, reading->session_id))
		return axev__fail(err, AXEV_E_INVALID,
				  "there is no Certificate, although no earlier session was taken up");
	reading->out->outcome = AXEV__TLS_RESUMED;
	TRY(is_next(reading, NEW_SESSION_TICKET, &is_ticket, err));
	reading->next += is_ticket;
	return expect(reading, FINISHED, "Finished (20)", false, &body, &is_there, err);
}

static int read_key_exchange_1_2(struct reading *reading, axev_error *err)
{
	struct axev__tls_handshake *out = reading->out;
	struct axev__span body;
	bool is_status, is_there;

	TRY(is_next(reading, CERTIFICATE_STATUS, &is_status, err));
	if (is_status)
		TRY(expect(reading, CERTIFICATE_STATUS, "CertificateStatus (22)", false, &body, &is_there, err));
	if (is_status && !read_status(body, &out->ocsp))
		return malformed("CertificateStatus", err);
	if (is_key_transport(out->suite)) {
		out->outcome = AXEV__TLS_UNSIGNED;
		return AXEV_OK;
	}
	TRY(expect(reading, SERVER_KEY_EXCHANGE, "ServerKeyExchange (12)", false, &body, &is_there, err));
	if (!is_there)
		return AXEV_OK;
	if (!read_key_exchange(body, out))
		return malformed("ServerKeyExchange", err);
	out->outcome = AXEV__TLS_SIGNED;
	return check_scheme(out, err);
}

static int read_1_2(struct reading *reading, const struct server_hello *hello, axev_error *err)
{
	struct axev__tls_handshake *out = reading->out;
	struct axev__span body;
	bool is_finished, is_ticket, is_there;

	if (!read_alpn(hello->extensions, &out->alpn))
		return malformed("ServerHello", err);
	extension(hello->extensions, EXTENSION_SCT, &out->scts);
	TRY(is_next(reading, FINISHED, &is_finished, err));
	TRY(is_next(reading, NEW_SESSION_TICKET, &is_ticket, err));
	if (is_finished || is_ticket)
		return read_abbreviated(reading, hello, err);
	TRY(expect(reading, CERTIFICATE, "Certificate (11)", false, &body, &is_there, err));
	if (!is_there)
		return AXEV_OK;
	if (!read_certificate_1_2(body, out))
		return malformed("Certificate", err);
	out->has_certificates = true;
	return read_key_exchange_1_2(reading, err);
}

/* ---- the whole ---- */

static int read_all(struct reading *reading, axev_error *err)
{
	struct server_hello hello = { 0 };
	bool is_there;

	TRY(read_client_hello(reading, &is_there, err));
	if (is_there)
		TRY(read_server_hello(reading, &hello, &is_there, err));
	if (is_there && hello.is_retry)
		TRY(read_retry(reading, &hello, &is_there, err));
	if (!is_there)
		return AXEV_OK;
	reading->out->has_server_hello = true;
	switch (reading->out->version) {
	case AXEV__TLS_1_3:
		return read_1_3(reading, &hello, err);
	case AXEV__TLS_1_2:
		return read_1_2(reading, &hello, err);
	default:
		reading->out->outcome = AXEV__TLS_OLDER;
		return AXEV_OK;
	}
}

int axev__tls_read(const struct axev__tls_message *messages, size_t count,
		   struct axev__tls_handshake *ret_handshake, axev_error *err)
{
	struct axev__tls_handshake handshake = { .outcome = AXEV__TLS_CUT_OFF };
	struct reading reading = { .messages = messages, .count = count, .out = &handshake };

	TRY(read_all(&reading, err));
	*ret_handshake = handshake;
	return AXEV_OK;
}

bool axev__tls_next_certificate(const struct axev__tls_handshake *handshake, struct axev__span *rest,
				struct axev__span *ret_der)
{
	struct axev__span extensions;

	if (handshake->version == AXEV__TLS_1_3)
		return rest->size && read_entry_1_3(rest, ret_der, &extensions);
	return rest->size && vector(rest, 3, ret_der);
}
