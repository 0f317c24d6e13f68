/* SPDX-License-Identifier: Apache-2.0 */
#include "capture/recipe_tls.h"

#include "base/cleanup.h"

/* %1$s package, %2$zu connection, %3$zu messages before CertificateVerify, %4$s hash of the suite, %5$s options */
static const char recipe[] =
	"TLS 握手: 网站服务器在握手中对到其证书为止的全部消息作了签名 (RFC 8446 4.4.3)。以下验证第 %2$zu 个连接 (从 0 起); 它证明证书密钥的"
	"持有者参与了该次握手, 不证明传输的内容 / in a TLS handshake the web server signs all messages up to its certificate. This "
	"verifies connection %2$zu, counted from 0. It proves that the holder of the certificate's key took part in that handshake, "
	"not what was then sent (needs jq, base64):\n"
	"\n"
	"```sh\n"
	"mkdir -p unpacked/%1$s.tls\n"
	"jq -r '.connections[%2$zu].tls.handshake[0:%3$zu][].bytes' unpacked/%1$s/data/wire/connections.json | while read -r m; do "
	"echo \"$m\" | base64 -d; done > unpacked/%1$s.tls/messages\n"
	"( printf '%%64s' ''; printf 'TLS 1.3, server CertificateVerify\\000'; openssl dgst -%4$s -binary "
	"unpacked/%1$s.tls/messages ) > unpacked/%1$s.tls/signed\n"
	"jq -r '.connections[%2$zu].tls.handshake[%3$zu].bytes' unpacked/%1$s/data/wire/connections.json | base64 -d | tail -c +9 > "
	"unpacked/%1$s.tls/signature\n"
	"jq -r '.connections[%2$zu].tls.certificates[0] as $leaf | .certificates[] | select(.sha256 == $leaf).der' "
	"unpacked/%1$s/data/wire/connections.json | base64 -d > unpacked/%1$s.tls/leaf.der\n"
	"openssl x509 -inform DER -in unpacked/%1$s.tls/leaf.der -noout -pubkey > unpacked/%1$s.tls/key.pem\n"
	"openssl dgst %5$s -verify unpacked/%1$s.tls/key.pem -signature unpacked/%1$s.tls/signature unpacked/%1$s.tls/signed\n"
	"openssl x509 -inform DER -in unpacked/%1$s.tls/leaf.der -noout -subject -issuer -dates -ext subjectAltName\n"
	"```\n"
	"\n";

#define PSS " -sigopt rsa_padding_mode:pss -sigopt rsa_pss_saltlen:digest"

static const char *scheme_options(const axev__json *tls)
{
	static const char *const known[][2] = {
		{ "ecdsa_secp256r1_sha256", "-sha256" },	{ "ecdsa_secp384r1_sha384", "-sha384" },
		{ "ecdsa_secp521r1_sha512", "-sha512" },	{ "rsa_pss_rsae_sha256", "-sha256" PSS },
		{ "rsa_pss_rsae_sha384", "-sha384" PSS },	{ "rsa_pss_rsae_sha512", "-sha512" PSS },
	};
	struct axev__span scheme;
	size_t i;

	if (!axev__json_as_string(axev__json_get(tls, "signature"), &scheme))
		return NULL;
	for (i = 0; i < AXEV__COUNT(known); i++)
		if (axev__span_is(scheme, known[i][0]))
			return known[i][1];
	return NULL;
}

static const char *suite_hash(const axev__json *tls)
{
	struct axev__span suite;

	if (!axev__json_as_string(axev__json_get(tls, "cipher"), &suite))
		return NULL;
	if (axev__span_ends(suite, "_SHA384"))
		return "sha384";
	return axev__span_ends(suite, "_SHA256") ? "sha256" : NULL;
}

static int64_t type_of(const axev__json *handshake, size_t index)
{
	int64_t type = -1;

	axev__json_as_integer(axev__json_get(axev__json_at(handshake, index), "type"), &type);
	return type;
}

/* Place of CertificateVerify behind ClientHello, ServerHello, EncryptedExtensions; 0: another kind of handshake. */
static size_t find_signature(const axev__json *tls)
{
	const axev__json *handshake = axev__json_get(tls, "handshake");
	struct axev__span version;
	bool is_hidden;
	size_t i;

	if (!axev__json_as_string(axev__json_get(tls, "version"), &version) ||
	    !axev__span_is(version, "TLS 1.3") || type_of(handshake, 2) != 8)
		return 0;
	if (!axev__json_as_bool(axev__json_get(tls, "encrypted_client_hello"), &is_hidden) || is_hidden)
		return 0;
	for (i = 3; i < 6; i++)
		if (type_of(handshake, i) == 15)
			return i;
	return 0;
}

int axev__recipe_tls(const axev__json *document, const char *number, struct axev__buf *out,
		     axev_error *err)
{
	const axev__json *connections = axev__json_get(document, "connections"), *tls;
	const char *options, *hash;
	size_t i, place;

	for (i = 0; i < axev__json_count(connections); i++) {
		tls = axev__json_get(axev__json_at(connections, i), "tls");
		place = tls ? find_signature(tls) : 0;
		options = place ? scheme_options(tls) : NULL;
		hash = place ? suite_hash(tls) : NULL;
		if (options && hash)
			return axev__buf_printf(out, err, recipe, number, i, place, hash, options);
	}
	return AXEV_OK;
}
