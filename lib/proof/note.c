/* SPDX-License-Identifier: Apache-2.0 */
#include "proof/note.h"

#include <stdio.h>

#include "base/text.h"
#include "crypto/digest.h"

#define DASH "\xE2\x80\x94 " /* signature lines start with an em dash (U+2014) and a blank */

/* signed-note: "Key names MUST be non-empty, and not contain any Unicode spaces or plus (U+002B)". */
static size_t space_length(struct axev__span text)
{
	const uint8_t *at = text.data;

	if (at[0] == ' ' || (at[0] >= 0x09 && at[0] <= 0x0D))
		return 1;
	if (text.size >= 2 && at[0] == 0xC2 && (at[1] == 0x85 || at[1] == 0xA0))
		return 2;
	if (text.size < 3)
		return 0;
	if (memcmp(at, "\xE1\x9A\x80", 3) == 0 || memcmp(at, "\xE3\x80\x80", 3) == 0 ||
	    memcmp(at, "\xE2\x81\x9F", 3) == 0)
		return 3;
	if (at[0] == 0xE2 && at[1] == 0x80 &&
	    ((at[2] >= 0x80 && at[2] <= 0x8A) || at[2] == 0xA8 || at[2] == 0xA9 || at[2] == 0xAF))
		return 3;
	return 0;
}

static bool is_name(struct axev__span name)
{
	size_t i;

	if (name.size == 0 || name.size > 255 || !axev__is_utf8(name))
		return false;
	for (i = 0; i < name.size; i++)
		if (name.data[i] <= 0x20 || name.data[i] == 0x7F || name.data[i] == '+' ||
		    space_length(axev__span(name.data + i, name.size - i)))
			return false;
	return true;
}

/* key ID = SHA-256(name || 0x0A || type || public key)[:4] */
int axev__note_key_make(const char *name, uint8_t type, const uint8_t public_key[32],
			struct axev__note_key *ret_key, axev_error *err)
{
	AXEV__BUF text = AXEV__BUF_INIT(512);
	uint8_t digest[32];

	if (!is_name(axev__span_str(name)))
		return axev__fail(err, AXEV_E_INVAL,
				  "key name: expected 1 to 255 bytes without space or '+'");
	if (type != 0x01 && type != 0x04)
		return axev__fail(err, AXEV_E_UNSUPPORTED, "key type %u is not supported", type);
	TRY(axev__buf_str(&text, name, err));
	TRY(axev__buf_byte(&text, '\n', err));
	TRY(axev__buf_byte(&text, type, err));
	TRY(axev__buf_append(&text, public_key, 32, err));
	TRY(axev__sha256(text.data, text.size, digest, err));
	memset(ret_key, 0, sizeof(*ret_key));
	memcpy(ret_key->name, name, strlen(name));
	memcpy(ret_key->key_id, digest, 4);
	ret_key->type = type;
	memcpy(ret_key->public_key, public_key, 32);
	return AXEV_OK;
}

int axev__note_key_text(const struct axev__note_key *key, struct axev__buf *out, axev_error *err)
{
	uint8_t typed[33];
	char id[9];

	typed[0] = key->type;
	memcpy(typed + 1, key->public_key, 32);
	axev__hex(id, key->key_id, sizeof(key->key_id));
	TRY(axev__buf_printf(out, err, "%s+%s+", key->name, id));
	return axev__base64(out, axev__span(typed, sizeof(typed)), err);
}

int axev__note_key_parse(struct axev__span vkey, struct axev__note_key *ret_key, axev_error *err)
{
	AXEV__BUF typed = AXEV__BUF_INIT(4096);
	struct axev__note_key key;
	char name[256] = "";
	uint8_t id[4];
	const uint8_t *plus = vkey.size ? memchr(vkey.data, '+', vkey.size) : NULL;
	size_t length = plus ? (size_t)(plus - vkey.data) : 0;

	/* name+hex8+base64; only the name is free of '+', base64 may hold one */
	if (!plus || length == 0 || length > 255 || vkey.size < length + 10 ||
	    vkey.data[length + 9] != '+' || memchr(vkey.data, '\0', length) ||
	    !axev__unhex(id, sizeof(id), axev__span(plus + 1, 8)) ||
	    !axev__unbase64(&typed, axev__span(plus + 10, vkey.size - length - 10)))
		return axev__fail(err, AXEV_E_FORMAT, "verifier key: expected name+hash+base64");
	if (typed.size != 33)
		return axev__fail(err, typed.size ? AXEV_E_UNSUPPORTED : AXEV_E_FORMAT,
				  "verifier key: expected an Ed25519 key of 33 bytes, found %zu",
				  typed.size);
	memcpy(name, vkey.data, length);
	TRY(axev__note_key_make(name, typed.data[0], typed.data + 1, &key, err));
	if (memcmp(id, key.key_id, sizeof(id)) != 0)
		return axev__fail(err, AXEV_E_FORMAT, "verifier key: its hash does not fit name and key");
	*ret_key = key;
	return AXEV_OK;
}

static int bad_note(axev_error *err, const char *what)
{
	return axev__fail(err, AXEV_E_FORMAT, "signed note: %s", what);
}

/* The *last* empty line divides text and signatures. */
static bool split(struct axev__span bytes, size_t *ret_text_size)
{
	size_t at;

	for (at = bytes.size; at >= 2; at--) {
		if (bytes.data[at - 1] == '\n' && bytes.data[at - 2] == '\n') {
			*ret_text_size = at - 1;
			return true;
		}
	}
	return false;
}

static int parse_signature(struct axev__span line, struct axev__note_signature *signature,
			   axev_error *err)
{
	AXEV__BUF blob = AXEV__BUF_INIT(8192);
	struct axev__span rest;
	const uint8_t *blank;

	if (!axev__span_starts(line, DASH))
		return bad_note(err, "a signature line must start with an em dash");
	rest = axev__span(line.data + strlen(DASH), line.size - strlen(DASH));
	blank = rest.size ? memchr(rest.data, ' ', rest.size) : NULL;
	if (!blank)
		return bad_note(err, "expected name and signature in a signature line");
	signature->name = axev__span(rest.data, (size_t)(blank - rest.data));
	rest = axev__span(blank + 1, rest.size - signature->name.size - 1);
	if (!is_name(signature->name))
		return bad_note(err, "malformed key name in a signature line");
	if (rest.size > 8000 || !axev__unbase64(&blob, rest) || blob.size < 5)
		return bad_note(err, "a signature is not canonical base64 of key ID and signature");
	if (blob.size - 4 > sizeof(signature->blob))
		return axev__fail(err, AXEV_E_LIMIT, "signed note: a signature of %zu bytes",
				  blob.size - 4);
	memcpy(signature->key_id, blob.data, 4);
	signature->blob_size = blob.size - 4;
	memcpy(signature->blob, blob.data + 4, signature->blob_size);
	return AXEV_OK;
}

int axev__note_parse(struct axev__span bytes, struct axev__note *ret_note, axev_error *err)
{
	struct axev__span rest;
	size_t i, text_size;

	if (bytes.size > AXEV__MAX_NOTE_BYTES)
		return axev__fail(err, AXEV_E_LIMIT, "signed note: more than %zu bytes",
				  AXEV__MAX_NOTE_BYTES);
	if (!axev__is_utf8(bytes))
		return bad_note(err, "not UTF-8");
	for (i = 0; i < bytes.size; i++)
		if (bytes.data[i] < 0x20 && bytes.data[i] != '\n')
			return bad_note(err, "control character");
	if (!split(bytes, &text_size) || text_size + 1 >= bytes.size)
		return bad_note(err, "expected text, an empty line and signatures");
	if (bytes.data[bytes.size - 1] != '\n')
		return bad_note(err, "the last line must end with a newline");
	ret_note->text = axev__span(bytes.data, text_size);
	ret_note->signature_count = 0;
	rest = axev__span(bytes.data + text_size + 1, bytes.size - text_size - 1);
	while (rest.size) {
		const uint8_t *end = memchr(rest.data, '\n', rest.size);
		size_t length = (size_t)(end - rest.data);

		if (ret_note->signature_count == AXEV__MAX_NOTE_SIGNATURES)
			return axev__fail(err, AXEV_E_LIMIT, "signed note: more than %d signatures",
					  AXEV__MAX_NOTE_SIGNATURES);
		TRY(parse_signature(axev__span(rest.data, length),
				    &ret_note->signatures[ret_note->signature_count++], err));
		rest = axev__span(end + 1, rest.size - length - 1);
	}
	return AXEV_OK;
}

/* tlog-cosignature, Ed25519: the message is "cosignature/v1\ntime <t>\n" and the whole note text. */
static int check_cosignature(const struct axev__note *note, const struct axev__note_key *key,
			     const struct axev__note_signature *signature, uint64_t *ret_time_s,
			     axev_error *err)
{
	AXEV__BUF message = AXEV__BUF_INIT(AXEV__MAX_NOTE_BYTES + 64);
	uint64_t time_s;

	if (signature->blob_size != 72)
		return axev__fail(err, AXEV_E_INVALID, "cosignature: expected 72 bytes, found %zu",
				  signature->blob_size);
	time_s = axev__get_u64be(signature->blob);
	TRY(axev__buf_printf(&message, err, "cosignature/v1\ntime %llu\n", (unsigned long long)time_s));
	TRY(axev__buf_span(&message, note->text, err));
	TRY(axev__ed25519_verify(key->public_key, axev__buf_view(&message), signature->blob + 8, err));
	*ret_time_s = time_s;
	return AXEV_OK;
}

static int check_signature(const struct axev__note *note, const struct axev__note_key *key,
			   const struct axev__note_signature *signature, uint64_t *ret_time_s,
			   axev_error *err)
{
	if (key->type == 0x04)
		return check_cosignature(note, key, signature, ret_time_s, err);
	if (signature->blob_size != 64)
		return axev__fail(err, AXEV_E_INVALID, "note signature: expected 64 bytes, found %zu",
				  signature->blob_size);
	*ret_time_s = 0;
	return axev__ed25519_verify(key->public_key, note->text, signature->blob, err);
}

/* "Verifiers SHOULD reject the whole note when a signature of a known key fails": every one is tried. */
int axev__note_check(const struct axev__note *note, const struct axev__note_key *key,
		     uint64_t *ret_time_s, axev_error *err)
{
	struct axev__shown shown;
	uint64_t time_s = 0;
	bool found = false;
	size_t i;

	for (i = 0; i < note->signature_count; i++) {
		const struct axev__note_signature *signature = &note->signatures[i];

		if (!axev__span_is(signature->name, key->name) ||
		    memcmp(signature->key_id, key->key_id, 4) != 0)
			continue;
		TRY(check_signature(note, key, signature, &time_s, err));
		found = true;
	}
	if (!found)
		return axev__fail(err, AXEV_E_NOTFOUND, "signed note: no signature by %s",
				  axev__show_str(&shown, key->name));
	if (ret_time_s)
		*ret_time_s = time_s;
	return AXEV_OK;
}

int axev__note_sign(struct axev__span text, const char *name, const struct axev__key *key,
		    struct axev__buf *ret_note, axev_error *err)
{
	AXEV__BUF signature = AXEV__BUF_INIT(256);
	AXEV__BUF blob = AXEV__BUF_INIT(256);
	struct axev__note_key public;
	uint8_t public_key[32];

	if (text.size == 0 || text.data[text.size - 1] != '\n')
		return axev__fail(err, AXEV_E_INVAL, "the text of a note ends with a newline");
	TRY(axev__ed25519_public(key, public_key, err));
	TRY(axev__note_key_make(name, 0x01, public_key, &public, err));
	TRY(axev__key_sign(key, text, &signature, err));
	TRY(axev__buf_append(&blob, public.key_id, 4, err));
	TRY(axev__buf_span(&blob, axev__buf_view(&signature), err));
	TRY(axev__buf_span(ret_note, text, err));
	TRY(axev__buf_printf(ret_note, err, "\n" DASH "%s ", name));
	TRY(axev__base64(ret_note, axev__buf_view(&blob), err));
	return axev__buf_byte(ret_note, '\n', err);
}

static bool take_line(struct axev__span *rest, struct axev__span *ret_line)
{
	const uint8_t *end = rest->size ? memchr(rest->data, '\n', rest->size) : NULL;

	if (!end)
		return false;
	*ret_line = axev__span(rest->data, (size_t)(end - rest->data));
	*rest = axev__span(end + 1, rest->size - ret_line->size - 1);
	return true;
}

int axev__checkpoint_parse(struct axev__span note_text, struct axev__checkpoint *ret_checkpoint,
			   axev_error *err)
{
	AXEV__BUF root_bytes = AXEV__BUF_INIT(64);
	struct axev__span rest = note_text, origin, size, root, extension;
	struct axev__checkpoint checkpoint;

	if (!take_line(&rest, &origin) || !take_line(&rest, &size) || !take_line(&rest, &root) ||
	    origin.size == 0)
		return axev__fail(err, AXEV_E_FORMAT, "checkpoint: expected origin, size and root");
	if (!axev__parse_u64(size, INT64_MAX, &checkpoint.size))
		return axev__fail(err, AXEV_E_FORMAT, "checkpoint: malformed tree size");
	if (root.size != 44 || !axev__unbase64(&root_bytes, root) || root_bytes.size != 32)
		return axev__fail(err, AXEV_E_FORMAT, "checkpoint: expected a root of 32 bytes in base64");
	while (rest.size)
		if (!take_line(&rest, &extension) || extension.size == 0)
			return axev__fail(err, AXEV_E_FORMAT, "checkpoint: malformed extension line");
	checkpoint.origin = origin;
	memcpy(checkpoint.root, root_bytes.data, 32);
	*ret_checkpoint = checkpoint;
	return AXEV_OK;
}

int axev__checkpoint_text(const char *origin, uint64_t size, const uint8_t root[32],
			  struct axev__buf *out, axev_error *err)
{
	TRY(axev__buf_printf(out, err, "%s\n%llu\n", origin, (unsigned long long)size));
	TRY(axev__base64(out, axev__span(root, 32), err));
	return axev__buf_byte(out, '\n', err);
}
