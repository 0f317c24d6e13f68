/* SPDX-License-Identifier: Apache-2.0 */
#include "package/part_hash.h"

#include <errno.h>
#include <stdatomic.h>
#include <time.h>

#include "package/container_internal.h"
#include "package/file_sync.h"
#include "package/worker.h"

#define WAIT_NS 200000000 /* how long a stop may go unheard */

/* A range of the file on its way into a hasher. */
struct reading {
	struct axev__source range;
	uint64_t from;
	struct axev__hasher *hasher;
	_Atomic uint64_t done;
	_Atomic bool is_unwanted;
	bool is_running; /* in a thread */
	pthread_t thread;
	int status;
	axev_error err;
};

struct axev__part_hash {
	struct reading part, head;
	struct axev__file_sync sync;
};

/* ---- one range ---- */

static int note(void *payload, const axev_progress *progress)
{
	struct reading *reading = payload;

	reading->done = progress->done_bytes;
	return reading->is_unwanted;
}

static void *run(void *payload)
{
	struct reading *reading = payload;
	const axev_env env = { .size = sizeof(env), .payload = reading, .progress = note };

	reading->status = axev__container_hash_range(&reading->range, reading->from, reading->hasher, &env, "read", NULL, &reading->err);
	return NULL;
}

static void start(struct reading *reading)
{
	reading->err = (axev_error)AXEV_ERROR_INIT;
	reading->is_running = axev__worker_start(&reading->thread, run, reading, NULL) >= 0;
}

static bool has_ended(struct reading *reading)
{
	struct timespec until;

	clock_gettime(CLOCK_MONOTONIC, &until);
	until.tv_nsec += WAIT_NS;
	if (until.tv_nsec >= 1000000000) {
		until.tv_sec++;
		until.tv_nsec -= 1000000000;
	}
	return pthread_clockjoin_np(reading->thread, NULL, CLOCK_MONOTONIC, &until) != ETIMEDOUT;
}

/* One for which there was no thread is read here. */
static int finish(struct reading *reading, const axev_env *env, const char *name, axev_error *err)
{
	if (!reading->is_running)
		return axev__container_hash_range(&reading->range, reading->from, reading->hasher, env, "read", name, err);
	while (!has_ended(reading))
		TRY(axev__progress(env, "read", name, reading->done, reading->range.size, err));
	reading->is_running = false;
	if (reading->status < 0 && err)
		*err = reading->err;
	return reading->status;
}

static void stop(struct reading *reading)
{
	reading->is_unwanted = true;
	if (reading->is_running)
		pthread_join(reading->thread, NULL);
	axev__hasher_free(reading->hasher);
}

/* ---- all three ---- */

void axev__part_hash_free(struct axev__part_hash *hash)
{
	if (!hash)
		return;
	stop(&hash->part);
	stop(&hash->head);
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
	hash->part.range = *part;
	hash->head.range = (struct axev__source){ .fd = part->fd, .size = part->base + part->size };
	hash->head.from = head->bytes;
	hash->head.hasher = head->hasher;
	*head = (struct axev__container_head){ 0 };
	*ret_hash = hash;
	TRY(axev__hasher_new(AXEV__DIGEST_SHA256, &hash->part.hasher, err));
	if (!hash->head.hasher)
		TRY(axev__hasher_new(AXEV__DIGEST_SHA256, &hash->head.hasher, err));
	start(&hash->head);
	start(&hash->part);
	return AXEV_OK;
}

int axev__part_hash_end(struct axev__part_hash **hash, const axev_env *env, const char *name, uint8_t ret_sha256[32],
			struct axev__container_head *ret_head, axev_error *err)
{
	AXEV__CLEANUP(axev__part_hash_freep) struct axev__part_hash *ending = axev__steal(*hash);
	struct axev__digests digests;

	TRY(finish(&ending->part, env, name, err));
	TRY(axev__hasher_final(ending->part.hasher, &digests, err));
	memcpy(ret_sha256, digests.sha256, sizeof(digests.sha256));
	if (finish(&ending->head, NULL, name, NULL) >= 0)
		*ret_head = (struct axev__container_head){ axev__steal(ending->head.hasher), ending->head.range.size };
	return axev__file_sync_end(&ending->sync, AXEV_OK, err);
}
