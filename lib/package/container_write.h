/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Writes a container of FORMAT.md section 1 into a file, in one stream: STORED entries, no extra fields
 * but ZIP64 when needed, constant times. CRC and digests are made while the bytes pass; the local header
 * is patched when an entry ends. Memory does not grow with the objects.
 */
#ifndef AXEV_PACKAGE_CONTAINER_WRITE_H
#define AXEV_PACKAGE_CONTAINER_WRITE_H

#include "base/env.h"
#include "base/json.h"
#include "base/limits.h"
#include "base/source.h"
#include "crypto/digest.h"
#include "crypto/sha256_stream.h"

struct axev__container_writer;

/* @fd: an empty file, written from offset 0, stays the caller's. Writes the mimetype entry. */
int axev__container_new(int fd, struct axev__container_writer **ret_writer, axev_error *err);
/* A part (data/parts/NNNN.zip): the same ZIP profile without mimetype and META-INF, in a file of its own. */
int axev__part_new(int fd, struct axev__container_writer **ret_writer, axev_error *err);
/* A part as the open entry @name of @container, which takes nothing else until axev__part_end(). @part stays the caller's. */
int axev__part_begin(struct axev__container_writer *container, const char *name,
		     struct axev__container_writer **ret_part, axev_error *err);
/* It is hashed, and the file made durable, beside what is written behind it. */
int axev__part_end(struct axev__container_writer *container, struct axev__container_writer *part, const axev_env *env,
		   uint64_t *ret_bytes, axev_error *err);
/* SHA-256 of the part that has ended as entry @name; waits for it. */
int axev__part_digest(struct axev__container_writer *container, const axev_env *env, const char *name, uint8_t ret_sha256[32],
		      axev_error *err);
/* A WACZ file, the same ZIP profile with the entries of FORMAT.md section 1.6. */
int axev__wacz_new(int fd, struct axev__container_writer **ret_writer, axev_error *err);
void axev__container_free(struct axev__container_writer *writer);
static inline void axev__container_freep(struct axev__container_writer **writer)
{
	axev__container_free(*writer);
}
#define AXEV__CONTAINER AXEV__CLEANUP(axev__container_freep) struct axev__container_writer

/* @size_bytes must be the exact size: it decides on ZIP64. The name must follow the profile. */
int axev__container_begin(struct axev__container_writer *writer, const char *name,
			  uint64_t size_bytes, axev_error *err);
/* The size is not known yet. One of more than 4 GiB is moved by some bytes at its end. */
int axev__container_begin_growing(struct axev__container_writer *writer, const char *name, axev_error *err);
int axev__container_write(struct axev__container_writer *writer, const void *data, size_t size,
			  axev_error *err);
/* AXEV_E_STATE when more or fewer bytes came than announced. @ret_digests may be NULL. */
int axev__container_end(struct axev__container_writer *writer, struct axev__digests *ret_digests,
			axev_error *err);
/* Drop the entry that is open, as if it had not begun (a source that changed while read). */
int axev__container_rollback(struct axev__container_writer *writer, axev_error *err);

int axev__container_add(struct axev__container_writer *writer, const char *name,
			struct axev__span content, struct axev__digests *ret_digests,
			axev_error *err);
/*
 * Copy @size_bytes from the current position of @in_fd, hashing on a second core while it writes; progress
 * is told. AXEV_E_STATE "changed while it was read" when the file is shorter or longer.
 */
int axev__container_add_fd(struct axev__container_writer *writer, const char *name, int in_fd,
			   uint64_t size_bytes, const axev_env *env,
			   struct axev__digests *ret_digests, axev_error *err);

/* Up to the end of the entry that ended last. */
uint64_t axev__container_bytes(const struct axev__container_writer *writer);
/* What the open entry has so far. */
int axev__container_so_far(const struct axev__container_writer *writer, struct axev__source *ret_source, axev_error *err);
/*
 * Where the entry that was ended last lies in the file: what is read from there is what was hashed. It stays right when that
 * entry's part ends and is moved, as long as the container lives.
 */
int axev__container_last(const struct axev__container_writer *writer, struct axev__source *ret_source,
			 axev_error *err);

/* Closes a part or a WACZ file: central directory. */
int axev__part_finish(struct axev__container_writer *writer, axev_error *err);

/*
 * SHA-256 of the file's first bytes, as far as it was made beside the digests of parts: finishing need not read them again.
 * It goes from a writer to the one that resumes in the same process. What was resumed elsewhere is hashed from the beginning.
 */
struct axev__container_head {
	struct axev__sha256_stream stream;
	uint64_t bytes; /* 0: nothing was hashed */
};
void axev__container_take_head(struct axev__container_writer *writer, struct axev__container_head *ret_head);
void axev__container_give_head(struct axev__container_writer *writer, struct axev__container_head *head);

/* What has been written so far, so that a draft can be continued by another process. */
int axev__container_save(const struct axev__container_writer *writer, axev__json **ret_state,
			 axev_error *err);
int axev__container_resume(int fd, const axev__json *state,
			   struct axev__container_writer **ret_writer, axev_error *err);

/*
 * Closing steps, in this order. After the last data/ entry (which is data/evidence.json):
 * manifest-sha256.txt is added, then the ASiCManifests; then one p7s each; then the directory.
 */
/* Adds manifest-sha256.txt and META-INF/ASiCManifest001.xml ... for @signature_count signatures. */
int axev__container_seal_begin(struct axev__container_writer *writer, unsigned signature_count,
			       axev_error *err);
/* SHA-256 of ASiCManifest<number>.xml (from 1): what signature <number> is over. */
int axev__container_to_be_signed(const struct axev__container_writer *writer, unsigned number,
				 uint8_t out[32], axev_error *err);
/* Adds META-INF/signature<number>.p7s; in order of number. */
int axev__container_add_signature(struct axev__container_writer *writer, unsigned number,
				  struct axev__span p7s, axev_error *err);
/* Central directory, fsync; size and SHA-256 of the whole file (hashed while the fsync runs). */
int axev__container_finish(struct axev__container_writer *writer, const axev_env *env,
			   uint64_t *ret_bytes, uint8_t ret_sha256[32], axev_error *err);

#endif
