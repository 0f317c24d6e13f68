/* SPDX-License-Identifier: Apache-2.0 */
#include "package/part_hash.h"

#include <errno.h>
#include <stdatomic.h>
#include <time.h>

#include "package/container_internal.h"
#include "package/file_sync.h"
#include "package/worker.h"

#define HAND_OVER_NS 1000000 /* several times what one piece takes */
#define WAIT_NS 200000000    /* how long a stop may go unheard */
#define NOT_YET UINT64_MAX

/*
 * A thread reads the part once for both digests, as long as the other processors have something to do. Who waits for it has nothing to do,
 * and takes over the digest of the file where it stands.
 */
struct axev__part_hash {
	struct axev__source part;
	struct axev__sha256_stream stream; /* of the part */
	struct axev__container_head head;  /* of the file; up to the part, then up to its end */
	_Atomic uint64_t done;             /* of the part */
	_Atomic bool is_waited_for, is_unwanted;
	_Atomic uint64_t handed_over;      /* what was done when the thread let the head go; NOT_YET: it has it */
	bool is_running; /* in a thread */
	pthread_t thread;
	int status;
	axev_error err;
	struct axev__file_sync sync;
};

/* ---- both digests ---- */

static int add_head(void *payload, struct axev__span bytes, axev_error *err)
{
	struct axev__part_hash *hash = payload;

	(void)err;
	axev__sha256_stream_add(&hash->head.stream, bytes.data, bytes.size);
	return AXEV_OK;
}

static int add_both(void *payload, struct axev__span bytes, axev_error *err)
{
	struct axev__part_hash *hash = payload;
	bool is_alone = hash->handed_over != NOT_YET;

	(void)err;
	if (is_alone)
		axev__sha256_stream_add(&hash->stream, bytes.data, bytes.size);
	else
		axev__sha256_stream_add_both(&hash->head.stream, &hash->stream, bytes.data, bytes.size);
	hash->done += bytes.size;
	if (!is_alone && hash->is_waited_for)
		hash->handed_over = hash->done;
	return AXEV_OK;
}

static int read_all(struct axev__part_hash *hash, const axev_env *env, const char *name, axev_error *err)
{
	const struct axev__source front = { .fd = hash->part.fd, .size = hash->part.base };
	const struct axev__sink head = { add_head, hash }, both = { add_both, hash };

	TRY(axev__container_read_range(&front, hash->head.bytes, &head, env, "read", name, err));
	return axev__container_read_range(&hash->part, 0, &both, env, "read", name, err);
}

/* ---- in the background ---- */

static int is_stopped(void *payload, const axev_progress *progress)
{
	const struct axev__part_hash *hash = payload;

	(void)progress;
	return hash->is_unwanted;
}

static void *run(void *payload)
{
	struct axev__part_hash *hash = payload;
	const axev_env env = { .size = sizeof(env), .payload = hash, .progress = is_stopped };

	hash->status = read_all(hash, &env, NULL, &hash->err);
	return NULL;
}

static bool has_ended(struct axev__part_hash *hash, long wait_ns)
{
	struct timespec until;

	clock_gettime(CLOCK_MONOTONIC, &until);
	until.tv_nsec += wait_ns;
	if (until.tv_nsec >= 1000000000) {
		until.tv_sec++;
		until.tv_nsec -= 1000000000;
	}
	if (hash->is_running && pthread_clockjoin_np(hash->thread, NULL, CLOCK_MONOTONIC, &until) != ETIMEDOUT)
		hash->is_running = false;
	return !hash->is_running;
}

static int take_over(struct axev__part_hash *hash, const axev_env *env, const char *name, axev_error *err)
{
	const struct axev__sink head = { add_head, hash };

	return axev__container_read_range(&hash->part, hash->handed_over, &head, env, "read", name, err);
}

/* What no thread could be started for is read here. */
static int wait_for(struct axev__part_hash *hash, const axev_env *env, const char *name, axev_error *err)
{
	if (!hash->is_running)
		return read_all(hash, env, name, err);
	hash->is_waited_for = true;
	while (hash->handed_over == NOT_YET && !has_ended(hash, HAND_OVER_NS))
		TRY(axev__progress(env, "read", name, hash->done, hash->part.size, err));
	if (hash->handed_over != NOT_YET)
		TRY(take_over(hash, env, name, err));
	while (!has_ended(hash, WAIT_NS))
		TRY(axev__progress(env, "read", name, hash->done, hash->part.size, err));
	if (hash->status < 0 && err)
		*err = hash->err;
	return hash->status;
}

void axev__part_hash_free(struct axev__part_hash *hash)
{
	if (!hash)
		return;
	hash->is_unwanted = true;
	if (hash->is_running)
		pthread_join(hash->thread, NULL);
	if (hash->sync.is_running)
		(void)axev__file_sync_end(&hash->sync, AXEV_OK, NULL);
	free(hash);
}

int axev__part_hash_begin(const struct axev__source *part, struct axev__container_head *head, struct axev__part_hash **ret_hash,
			  axev_error *err)
{
	struct axev__part_hash *hash = calloc(1, sizeof(*hash));

	if (!hash)
		return axev__nomem(err);
	axev__file_sync_begin(&hash->sync, part->fd);
	hash->err = (axev_error)AXEV_ERROR_INIT;
	hash->part = *part;
	hash->head = *head;
	*head = (struct axev__container_head){ 0 };
	if (hash->head.bytes == 0 || hash->head.bytes > part->base) {
		hash->head.bytes = 0;
		axev__sha256_stream_begin(&hash->head.stream);
	}
	axev__sha256_stream_begin(&hash->stream);
	hash->handed_over = NOT_YET;
	hash->is_running = axev__worker_start(&hash->thread, run, hash, NULL) >= 0;
	*ret_hash = hash;
	return AXEV_OK;
}

int axev__part_hash_end(struct axev__part_hash **hash, const axev_env *env, const char *name, uint8_t ret_sha256[32],
			struct axev__container_head *ret_head, axev_error *err)
{
	AXEV__CLEANUP(axev__part_hash_freep) struct axev__part_hash *ending = axev__steal(*hash);

	TRY(wait_for(ending, env, name, err));
	axev__sha256_stream_end(&ending->stream, ret_sha256);
	*ret_head = (struct axev__container_head){ ending->head.stream, ending->part.base + ending->part.size };
	return axev__file_sync_end(&ending->sync, AXEV_OK, err);
}
