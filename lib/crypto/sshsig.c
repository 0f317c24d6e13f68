/* SPDX-License-Identifier: Apache-2.0 */
#include "crypto/sshsig.h"

#include "base/text.h"
#include "crypto/digest.h"

#define ARMOUR_BEGIN "-----BEGIN SSH SIGNATURE-----\n"
#define ARMOUR_END "-----END SSH SIGNATURE-----\n"
#define ARMOUR_WIDTH 70 /* ssh-keygen's */
#define MAX_SIGNATURE 4096

/* RFC 4251 section 5: string = uint32 length and that many bytes. */
static int put_string(struct axev__buf *out, struct axev__span text, axev_error *err)
{
	uint8_t length[4];

	axev__put_u32be(length, (uint32_t)text.size);
	TRY(axev__buf_append(out, length, sizeof(length), err));
	return axev__buf_span(out, text, err);
}

static int put_public(struct axev__buf *out, const uint8_t public_key[32], axev_error *err)
{
	TRY(put_string(out, axev__span_str("ssh-ed25519"), err));
	return put_string(out, axev__span(public_key, 32), err);
}

/* PROTOCOL.sshsig section 3: what is signed is MAGIC, namespace, reserved, hash algorithm, H(message). */
static int signed_data(const char *name_space, struct axev__span message, struct axev__buf *out,
		       axev_error *err)
{
	AXEV__HASHER *hasher = NULL;
	struct axev__digests digests;

	TRY(axev__hasher_new(AXEV__DIGEST_SHA512, &hasher, err));
	TRY(axev__hasher_update(hasher, message.data, message.size, err));
	TRY(axev__hasher_final(hasher, &digests, err));
	TRY(axev__buf_str(out, "SSHSIG", err));
	TRY(put_string(out, axev__span_str(name_space), err));
	TRY(put_string(out, axev__span(NULL, 0), err));
	TRY(put_string(out, axev__span_str("sha512"), err));
	return put_string(out, axev__span(digests.sha512, sizeof(digests.sha512)), err);
}

/* Everything before the signature's own 64 bytes; with one key and namespace it is constant. */
static int blob_head(const uint8_t public_key[32], const char *name_space, struct axev__buf *out,
		     axev_error *err)
{
	AXEV__BUF key = AXEV__BUF_INIT(256);

	TRY(put_public(&key, public_key, err));
	TRY(axev__buf_append(out, "SSHSIG\0\0\0\1", 10, err)); /* SIG_VERSION 1 */
	TRY(put_string(out, axev__buf_view(&key), err));
	TRY(put_string(out, axev__span_str(name_space), err));
	TRY(put_string(out, axev__span(NULL, 0), err));
	TRY(put_string(out, axev__span_str("sha512"), err));
	/* string of { string "ssh-ed25519", string signature }: RFC 8709 section 6 */
	TRY(axev__buf_append(out, "\0\0\0\x53", 4, err));
	TRY(put_string(out, axev__span_str("ssh-ed25519"), err));
	return axev__buf_append(out, "\0\0\0\x40", 4, err);
}

static int armour(struct axev__span blob, struct axev__buf *out, axev_error *err)
{
	AXEV__BUF text = AXEV__BUF_INIT(MAX_SIGNATURE);
	size_t at;

	TRY(axev__base64(&text, blob, err));
	TRY(axev__buf_str(out, ARMOUR_BEGIN, err));
	for (at = 0; at < text.size; at += ARMOUR_WIDTH) {
		size_t width = text.size - at < ARMOUR_WIDTH ? text.size - at : ARMOUR_WIDTH;

		TRY(axev__buf_append(out, text.data + at, width, err));
		TRY(axev__buf_byte(out, '\n', err));
	}
	return axev__buf_str(out, ARMOUR_END, err);
}

int axev__sshsig_sign(const struct axev__key *ed25519, const char *name_space,
		      struct axev__span message, struct axev__buf *ret_armoured, axev_error *err)
{
	AXEV__BUF blob = AXEV__BUF_INIT(MAX_SIGNATURE);
	AXEV__BUF tbs = AXEV__BUF_INIT(MAX_SIGNATURE);
	AXEV__BUF signature = AXEV__BUF_INIT(256);
	uint8_t public_key[32];

	TRY(axev__ed25519_public(ed25519, public_key, err));
	TRY(signed_data(name_space, message, &tbs, err));
	TRY(axev__key_sign(ed25519, axev__buf_view(&tbs), &signature, err));
	if (signature.size != 64)
		return axev__fail(err, AXEV_E_CRYPTO, "expected an Ed25519 signature of 64 bytes");
	TRY(blob_head(public_key, name_space, &blob, err));
	TRY(axev__buf_span(&blob, axev__buf_view(&signature), err));
	return armour(axev__buf_view(&blob), ret_armoured, err);
}

/*
 * The reader rebuilds the one form that the writer makes and compares it: no field is left to interpret.
 */
int axev__sshsig_verify(const uint8_t public_key[32], const char *name_space,
			struct axev__span message, struct axev__span armoured, axev_error *err)
{
	AXEV__BUF blob = AXEV__BUF_INIT(MAX_SIGNATURE);
	AXEV__BUF text = AXEV__BUF_INIT(MAX_SIGNATURE);
	AXEV__BUF head = AXEV__BUF_INIT(MAX_SIGNATURE);
	AXEV__BUF again = AXEV__BUF_INIT(MAX_SIGNATURE);
	size_t at, begin = strlen(ARMOUR_BEGIN), end = strlen(ARMOUR_END);

	if (armoured.size > MAX_SIGNATURE / 2 || !axev__span_starts(armoured, ARMOUR_BEGIN) ||
	    !axev__span_ends(armoured, ARMOUR_END) || armoured.size < begin + end)
		return axev__fail(err, AXEV_E_INVALID, "expected an armoured SSH signature");
	for (at = begin; at < armoured.size - end; at++)
		if (armoured.data[at] != '\n')
			TRY(axev__buf_byte(&text, armoured.data[at], err));
	if (!axev__unbase64(&blob, axev__buf_view(&text)))
		return axev__fail(err, AXEV_E_INVALID, "SSH signature: not canonical base64");
	TRY(armour(axev__buf_view(&blob), &again, err));
	TRY(blob_head(public_key, name_space, &head, err));
	if (!axev__span_equal(axev__buf_view(&again), armoured) || blob.size != head.size + 64 ||
	    memcmp(blob.data, head.data, head.size) != 0)
		return axev__fail(err, AXEV_E_INVALID,
				  "SSH signature: other key, namespace or form than expected");
	axev__buf_clear(&text);
	TRY(signed_data(name_space, message, &text, err));
	return axev__ed25519_verify(public_key, axev__buf_view(&text), blob.data + head.size, err);
}

int axev__ssh_public_line(const uint8_t public_key[32], struct axev__buf *out, axev_error *err)
{
	AXEV__BUF key = AXEV__BUF_INIT(256);

	TRY(put_public(&key, public_key, err));
	TRY(axev__buf_str(out, "ssh-ed25519 ", err));
	return axev__base64(out, axev__buf_view(&key), err);
}
