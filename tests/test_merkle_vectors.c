/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Merkle proofs and a transparency log made by others. tests/data/merkle/rfc6962.txt is ours, from the definitions; more
 * is read from the folder that AXEV_SHARED_DATA names: merkle/ and tlog/. Prints its own TAP, because it skips.
 */
#include <fcntl.h>
#include <ftw.h>
#include <jansson.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/io.h"
#include "base/text.h"
#include "crypto/merkle.h"
#include "proof/note.h"
#include "proof/tile.h"

#define MOST 600
#define VKEY "example.com/log/testdata+33d7b496+AeHTu4Q3hEIMHNqc6fASMsq3rKNx280NI+oO5xCFkkSx"

static unsigned test_number, case_count, bad_count;

AXEV_PRINTF(2, 3)
static void expect(bool good, const char *format, ...)
{
	va_list args;

	case_count++;
	if (good)
		return;
	bad_count++;
	fputs("# ", stdout);
	va_start(args, format);
	vprintf(format, args);
	va_end(args);
	putchar('\n');
}

/* One TAP line for all cases since the last; a file without cases shows nothing and fails. */
static void conclude(const char *name, unsigned at_least)
{
	bool good = bad_count == 0 && case_count >= at_least;

	printf("%s %u - %s: %u cases, %u bad\n", good ? "ok" : "not ok", ++test_number, name, case_count,
	       bad_count);
	case_count = bad_count = 0;
}

/* ---- leaves, and the reader that proofs are made with ---- */

static uint8_t leaves[MOST][32];
static uint64_t leaf_count;

static int subtree(void *payload, unsigned level, uint64_t index, uint8_t out[32], axev_error *err)
{
	(void)payload;
	if ((index + 1) << level > leaf_count)
		return axev__fail(err, AXEV_E_INTERNAL, "an incomplete subtree was asked for");
	return axev__merkle_root((const uint8_t(*)[32])leaves + (index << level), UINT64_C(1) << level, out,
				 err);
}

static void root_of(uint64_t size, uint8_t out[32])
{
	if (axev__merkle_root((const uint8_t(*)[32])leaves, size, out, NULL) < 0)
		abort();
}

/* ---- proofs and their mutations ---- */

struct proof {
	bool is_inclusion;
	uint64_t first, size; /* index or old size; new size */
	uint8_t leaf[32];     /* or old root */
	uint8_t root[32];
	uint8_t hashes[AXEV__MAX_PROOF_HASHES][32];
	size_t count;
};

static int check(const struct proof *proof)
{
	const uint8_t(*hashes)[32] = (const uint8_t(*)[32])proof->hashes;

	if (proof->is_inclusion)
		return axev__merkle_check_inclusion(proof->first, proof->size, proof->leaf, hashes,
						    proof->count, proof->root, NULL);
	return axev__merkle_check_consistency(proof->first, proof->size, proof->leaf, proof->root, hashes,
					      proof->count, NULL);
}

static void expect_refused(const struct proof *proof, const char *what)
{
	expect(check(proof) == AXEV_E_INVALID, "%s %llu %llu with %s was not refused",
	       proof->is_inclusion ? "inclusion" : "consistency", (unsigned long long)proof->first,
	       (unsigned long long)proof->size, what);
}

static void mutate(const struct proof *good)
{
	struct proof bad = *good;
	size_t i;

	for (i = 0; i < good->count; i++) {
		bad.hashes[i][i % 32] ^= 0x40;
		expect_refused(&bad, "a changed hash");
		bad = *good;
	}
	bad.root[31] ^= 1;
	expect_refused(&bad, "another root");
	bad = *good;
	bad.leaf[0] ^= 0x80;
	expect_refused(&bad, "another leaf or old root");
	bad = *good;
	memset(bad.hashes[bad.count++], 0, 32);
	expect_refused(&bad, "a hash more");
	bad = *good;
	bad.size = 0;
	expect_refused(&bad, "size 0");
	bad = *good;
	bad.first = good->size + (good->is_inclusion ? 0 : 1);
	expect_refused(&bad, "an index or old size beyond the size");
	bad = *good;
	if (good->count) {
		bad.count--;
		expect_refused(&bad, "a hash less");
		bad = *good;
		memmove(bad.hashes[0], bad.hashes[1], (AXEV__MAX_PROOF_HASHES - 1) * 32);
		bad.count--;
		expect_refused(&bad, "the first hash gone");
		bad = *good;
		bad.first ^= 1;
		if (good->is_inclusion)
			expect_refused(&bad, "the neighbour's index");
		bad = *good;
		memcpy(bad.leaf, good->root, 32);
		memcpy(bad.root, good->leaf, 32);
		expect_refused(&bad, "leaf or old root and root swapped");
	}
}

/* The proof from our own tree is the same, holds, and nothing near it does. */
static void expect_proof(struct proof *proof)
{
	uint8_t mine[AXEV__MAX_PROOF_HASHES][32];
	size_t count = 0;
	int status;

	root_of(proof->size, proof->root);
	if (proof->is_inclusion)
		memcpy(proof->leaf, leaves[proof->first], 32);
	else
		root_of(proof->first, proof->leaf);
	leaf_count = proof->size;
	status = proof->is_inclusion ?
			 axev__merkle_inclusion(proof->first, proof->size, subtree, NULL, mine, &count, NULL) :
			 axev__merkle_consistency(proof->first, proof->size, subtree, NULL, mine, &count, NULL);
	expect(status == AXEV_OK && count == proof->count && memcmp(mine, proof->hashes, count * 32) == 0,
	       "%llu %llu: not the proof of the vector", (unsigned long long)proof->first,
	       (unsigned long long)proof->size);
	expect(check(proof) == AXEV_OK, "%llu %llu: does not hold", (unsigned long long)proof->first,
	       (unsigned long long)proof->size);
	mutate(proof);
}

/* ---- our vectors ---- */

static bool take_field(char **rest, char **ret_field)
{
	*ret_field = strsep(rest, " \n");
	return *ret_field && **ret_field;
}

static uint64_t take_number(char **rest)
{
	char *field;

	return take_field(rest, &field) ? strtoull(field, NULL, 10) : UINT64_MAX;
}

static void read_vector(char *line)
{
	struct proof proof = { 0 };
	uint8_t root[32];
	char *field;

	if (!take_field(&line, &field) || field[0] == '#')
		return;
	if (strcmp(field, "root") == 0) {
		uint64_t size = take_number(&line);

		leaf_count = size;
		expect(take_field(&line, &field) && axev__unhex(proof.root, 32, axev__span_str(field)),
		       "malformed root");
		root_of(size, root);
		expect(memcmp(root, proof.root, 32) == 0, "root of %llu differs", (unsigned long long)size);
		expect(axev__merkle_root_at(size, subtree, NULL, root, NULL) == AXEV_OK &&
			       memcmp(root, proof.root, 32) == 0,
		       "root of the first %llu differs", (unsigned long long)size);
		return;
	}
	proof.is_inclusion = strcmp(field, "inclusion") == 0;
	expect(proof.is_inclusion || strcmp(field, "consistency") == 0, "unknown line %s", field);
	proof.first = take_number(&line);
	proof.size = take_number(&line);
	while (take_field(&line, &field))
		if (!axev__unhex(proof.hashes[proof.count++], 32, axev__span_str(field)))
			expect(false, "malformed hash");
	expect_proof(&proof);
}

static void own_vectors(void)
{
	char path[4096], *line = NULL;
	size_t room = 0;
	unsigned i;
	FILE *file;

	for (i = 0; i < MOST; i++) {
		char text[32];
		int length = snprintf(text, sizeof(text), "entry %u", i);

		if (axev__merkle_leaf(axev__span(text, (size_t)length), leaves[i], NULL) < 0)
			abort();
	}
	snprintf(path, sizeof(path), "%s/merkle/rfc6962.txt", getenv("AXEV_TEST_DATA"));
	file = fopen(path, "r");
	expect(file != NULL, "cannot open %s", path);
	while (file && getline(&line, &room, file) > 0)
		read_vector(line);
	free(line);
	if (file)
		fclose(file);
	conclude("own vectors from the definitions of RFC 6962", 500);
}

/* ---- the cases of others ---- */

static bool read_hash(const json_t *value, size_t at_least, uint8_t out[32])
{
	AXEV__BUF bytes = AXEV__BUF_INIT(4096);

	if (!json_is_string(value) || !axev__unbase64(&bytes, axev__span_str(json_string_value(value))) ||
	    bytes.size < at_least || bytes.size > 32)
		return false;
	memset(out, 0, 32);
	if (bytes.size)
		memcpy(out, bytes.data, bytes.size);
	return true;
}

/* Decoded as real numbers: one of the cases is 2^64 - 1. */
static uint64_t read_number(const json_t *object, const char *key)
{
	double value = json_number_value(json_object_get(object, key));

	return value >= 18446744073709551615.0 ? UINT64_MAX : (uint64_t)value;
}

/*
 * What is longer than 32 bytes, or a hash of the proof that is shorter, cannot even be handed over: refused as well.
 * Some roots are short texts that only have to be equal or not; they are filled up with zeros.
 */
static bool read_case(const json_t *object, struct proof *proof)
{
	const json_t *hashes = json_object_get(object, "proof");
	bool good;
	size_t i;

	proof->is_inclusion = json_object_get(object, "leafIdx") != NULL;
	proof->first = read_number(object, proof->is_inclusion ? "leafIdx" : "size1");
	proof->size = read_number(object, proof->is_inclusion ? "treeSize" : "size2");
	good = read_hash(json_object_get(object, proof->is_inclusion ? "leafHash" : "root1"),
			 proof->is_inclusion ? 32 : 1, proof->leaf) &&
	       read_hash(json_object_get(object, proof->is_inclusion ? "root" : "root2"),
			 proof->is_inclusion ? 32 : 1, proof->root);
	for (i = 0; good && i < json_array_size(hashes); i++)
		good = i < AXEV__MAX_PROOF_HASHES &&
		       read_hash(json_array_get(hashes, i), 32, proof->hashes[proof->count++]);
	return good;
}

static unsigned held;

static int on_case(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
	struct proof proof = { 0 };
	json_t *object;
	bool wants_error, holds;

	(void)st;
	(void)ftw;
	if (type != FTW_F || !strstr(path, ".json"))
		return 0;
	object = json_load_file(path, JSON_DECODE_INT_AS_REAL, NULL);
	expect(object != NULL, "%s: cannot be read", path);
	wants_error = json_is_true(json_object_get(object, "wantErr"));
	holds = read_case(object, &proof) && check(&proof) == AXEV_OK;
	expect(holds == !wants_error, "%s: %s", path, holds ? "holds" : "refused");
	held += holds;
	json_decref(object);
	return 0;
}

static void skip(const char *name)
{
	printf("ok %u - %s # SKIP skipped: no shared data\n", ++test_number, name);
}

static void others_cases(const char *shared, const char *kind, unsigned at_least)
{
	char path[4096], name[100];

	snprintf(name, sizeof(name), "%s cases of transparency-dev/merkle", kind);
	snprintf(path, sizeof(path), "%s/merkle/%s", shared, kind);
	if (!*shared || access(path, R_OK) < 0) {
		skip(name);
		return;
	}
	held = 0;
	nftw(path, on_case, 8, FTW_PHYS);
	expect(held > 0 && held < case_count, "cases of both outcomes, found %u of %u that hold", held,
	       case_count);
	conclude(name, at_least);
}

/* ---- the log of others ---- */

static struct axev__buf read_shared(const char *shared, const char *name)
{
	struct axev__buf bytes = AXEV__BUF_INIT(AXEV__MIB);
	char path[4096];

	snprintf(path, sizeof(path), "%s/tlog/%s", shared, name);
	expect(axev__read_file(AT_FDCWD, path, &bytes, NULL) == AXEV_OK, "cannot read %s", name);
	return bytes;
}

/* Bundle of 15 entries, their tile, and every checkpoint on the way. */
static unsigned read_entries(const char *shared)
{
	struct axev__buf bundle = read_shared(shared, "tile/entries/000.p/15");
	struct axev__buf tile = read_shared(shared, "tile/0/000.p/15");
	struct axev__span rest = axev__buf_view(&bundle), entry;
	unsigned count = 0;

	while (count < 15 && axev__entry_bundle_take(&rest, &entry, NULL) == AXEV_OK)
		if (axev__merkle_leaf(entry, leaves[count++], NULL) < 0)
			abort();
	expect(count == 15 && rest.size == 0, "expected 15 entries, found %u", count);
	expect(tile.size == 15 * 32 && memcmp(tile.data, leaves, tile.size) == 0, "tile/0/000.p/15 differs");
	axev__buf_free(&bundle);
	axev__buf_free(&tile);
	return count;
}

static void check_checkpoint(const char *shared, unsigned size, const struct axev__note_key *key)
{
	struct axev__note *note = malloc(sizeof(*note));
	struct axev__checkpoint checkpoint;
	struct axev__buf bytes;
	uint8_t root[32];
	char name[32];

	snprintf(name, sizeof(name), "checkpoint.%u", size);
	bytes = read_shared(shared, name);
	expect(axev__note_parse(axev__buf_view(&bytes), note, NULL) == AXEV_OK &&
		       axev__note_check(note, key, NULL, NULL) == AXEV_OK &&
		       axev__checkpoint_parse(note->text, &checkpoint, NULL) == AXEV_OK,
	       "%s: form or signature", name);
	root_of(size, root);
	expect(checkpoint.size == size && memcmp(root, checkpoint.root, 32) == 0, "%s: size or root", name);
	/* One bit of the text or of the signature. */
	bytes.data[strlen(key->name) + 3] ^= 1;
	expect(axev__note_parse(axev__buf_view(&bytes), note, NULL) < 0 ||
		       axev__note_check(note, key, NULL, NULL) == AXEV_E_INVALID,
	       "%s: a changed note was not refused", name);
	axev__buf_free(&bytes);
	free(note);
}

static void others_log(const char *shared)
{
	static const char name[] = "the 15 entries and 16 checkpoints of another log";
	struct axev__note_key key;
	unsigned count, m, n;

	if (!*shared) {
		skip(name);
		return;
	}
	expect(axev__note_key_parse(axev__span_str(VKEY), &key, NULL) == AXEV_OK, "the log's key");
	count = read_entries(shared);
	for (n = 0; n <= count; n++)
		check_checkpoint(shared, n, &key);
	for (n = 1; n <= count; n++) {
		for (m = 0; m < n; m++) {
			struct proof proof = { .is_inclusion = true, .first = m, .size = n };

			leaf_count = n;
			if (axev__merkle_inclusion(m, n, subtree, NULL, proof.hashes, &proof.count, NULL) < 0)
				abort();
			expect_proof(&proof);
			proof = (struct proof){ .first = m + 1, .size = n };
			if (axev__merkle_consistency(m + 1, n, subtree, NULL, proof.hashes, &proof.count,
						     NULL) < 0)
				abort();
			expect_proof(&proof);
		}
	}
	conclude(name, 1000);
}

int main(void)
{
	const char *shared = getenv("AXEV_SHARED_DATA");

	if (!shared || access(shared, R_OK) < 0)
		shared = "";
	puts("1..4");
	own_vectors();
	others_cases(shared, "inclusion", 90);
	others_cases(shared, "consistency", 90);
	others_log(shared);
	return 0; /* the TAP lines tell the outcome */
}
