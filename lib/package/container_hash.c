/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Hashing everything that containers hold, on two threads: the calling one and a helper. Entries are taken largest
 * first, so that both end at about the same time; which failure is told does not depend on timing.
 */
#include <errno.h>
#include <stdatomic.h>
#include <time.h>

#include "package/container_entries.h"
#include "package/worker.h"

#define CHUNK_BYTES AXEV__MIB
#define PROGRESS_EVERY_NS 100000000L

struct job {
	const struct axev__source *source;
	struct axev__entry *entry;
	size_t number; /* in the order of the containers, from 1 */
};

struct pool {
	struct job *jobs;
	size_t count;
	atomic_size_t next;
	atomic_bool is_stopped;
	_Atomic uint64_t done_bytes;
	uint64_t total_bytes;
	const axev_env *env;
	pthread_mutex_t lock; /* of what follows */
	size_t failed_number; /* SIZE_MAX: none */
	int status;
	axev_error err;
};

/* The failure of the first entry counts, whichever thread meets its own first. */
static void keep_failure(struct pool *pool, size_t number, int status, const axev_error *err)
{
	pthread_mutex_lock(&pool->lock);
	if (number < pool->failed_number) {
		pool->failed_number = number;
		pool->status = status;
		pool->err = *err;
	}
	pthread_mutex_unlock(&pool->lock);
}

static bool is_moot(struct pool *pool, size_t number)
{
	bool is_behind;

	pthread_mutex_lock(&pool->lock);
	is_behind = number > pool->failed_number;
	pthread_mutex_unlock(&pool->lock);
	return is_behind || atomic_load(&pool->is_stopped);
}

static int tell(struct pool *pool, axev_error *err)
{
	int status = axev__progress(pool->env, "verify", NULL, atomic_load(&pool->done_bytes),
				    pool->total_bytes, err);

	if (status < 0)
		atomic_store(&pool->is_stopped, true);
	return status;
}

static int hash_entry(struct pool *pool, const struct job *job, struct axev__hasher *hasher,
		      uint8_t *chunk, bool is_caller, axev_error *err)
{
	struct axev__entry *entry = job->entry;
	struct axev__digests digests;
	uint64_t done = 0;

	while (done < entry->size_bytes && !atomic_load(&pool->is_stopped)) {
		uint64_t rest = entry->size_bytes - done;
		size_t size = rest < CHUNK_BYTES ? (size_t)rest : CHUNK_BYTES;

		TRY(axev__source_read(job->source, entry->offset + done, chunk, size, err));
		TRY(axev__hasher_update(hasher, chunk, size, err));
		done += size;
		atomic_fetch_add(&pool->done_bytes, size);
		if (is_caller)
			TRY(tell(pool, err));
	}
	TRY(axev__hasher_final(hasher, &digests, err));
	if (atomic_load(&pool->is_stopped))
		return AXEV_OK;
	if (digests.crc32 != entry->crc32)
		return axev__fail_at(err, AXEV_E_INVALID, entry->offset,
				     "entry '%s': expected CRC-32 %08x, found %08x: its content was changed",
				     entry->name, entry->crc32, digests.crc32);
	memcpy(entry->sha256, digests.sha256, sizeof(entry->sha256));
	entry->is_hashed = true;
	return AXEV_OK;
}

static int run_jobs(struct pool *pool, bool is_caller, axev_error *err)
{
	AXEV__FREE uint8_t *chunk = malloc(CHUNK_BYTES);
	AXEV__HASHER *hasher = NULL;
	size_t i;

	if (!chunk)
		return axev__nomem(err);
	TRY(axev__hasher_new(AXEV__DIGEST_SHA256 | AXEV__DIGEST_CRC32, &hasher, err));
	while ((i = atomic_fetch_add(&pool->next, 1)) < pool->count) {
		const struct job *job = &pool->jobs[i];
		struct axev__digests dropped;
		axev_error failure = AXEV_ERROR_INIT;
		int status;

		if (is_moot(pool, job->number))
			continue;
		status = hash_entry(pool, job, hasher, chunk, is_caller, &failure);
		if (status == AXEV_OK)
			continue;
		/* That something could not be read goes before what was found in the rest. */
		keep_failure(pool, status == AXEV_E_INVALID ? job->number : 0, status, &failure);
		TRY(axev__hasher_final(hasher, &dropped, err));
	}
	return AXEV_OK;
}

static void work(struct pool *pool, bool is_caller)
{
	axev_error failure = AXEV_ERROR_INIT;
	int status = run_jobs(pool, is_caller, &failure);

	if (status < 0)
		keep_failure(pool, 0, status, &failure);
}

static void *run_helper(void *payload)
{
	work(payload, false);
	return NULL;
}

/* The caller has nothing left to do, but progress and cancelling still go through it. */
static void wait_for_helper(struct pool *pool, pthread_t helper)
{
	axev_error failure = AXEV_ERROR_INIT;
	struct timespec until;
	int status;

	for (;;) {
		clock_gettime(CLOCK_REALTIME, &until);
		until.tv_nsec += PROGRESS_EVERY_NS;
		if (until.tv_nsec >= 1000000000L) {
			until.tv_nsec -= 1000000000L;
			until.tv_sec++;
		}
		if (pthread_timedjoin_np(helper, NULL, &until) != ETIMEDOUT)
			return;
		if (atomic_load(&pool->is_stopped))
			continue;
		status = tell(pool, &failure);
		if (status < 0)
			keep_failure(pool, 0, status, &failure);
	}
}

static int run_pool(struct pool *pool, axev_error *err)
{
	pthread_t helper;
	bool has_helper;

	pool->failed_number = SIZE_MAX;
	/* For a handful of small entries a thread costs more than it saves. Without one it works, too. */
	has_helper = pool->total_bytes > 2 * CHUNK_BYTES &&
		     axev__worker_start(&helper, run_helper, pool, NULL) == AXEV_OK;
	work(pool, true);
	if (has_helper)
		wait_for_helper(pool, helper);
	if (pool->status < 0 && err)
		*err = pool->err;
	return pool->status;
}

static int largest_first(const void *a, const void *b)
{
	const struct job *left = a, *right = b;

	if (left->entry->size_bytes != right->entry->size_bytes)
		return left->entry->size_bytes < right->entry->size_bytes ? 1 : -1;
	return left->number < right->number ? -1 : left->number > right->number;
}

static void collect(struct axev__container *const *containers, size_t count, struct pool *pool)
{
	size_t i, j;

	for (i = 0; i < count; i++)
		for (j = 0; j < axev__container_count(containers[i]); j++) {
			struct job *job = &pool->jobs[pool->count];

			job->source = axev__container_source(containers[i]);
			job->entry = axev__container_entry_mutable(containers[i], j);
			job->number = ++pool->count;
			pool->total_bytes += job->entry->size_bytes;
		}
	qsort(pool->jobs, pool->count, sizeof(*pool->jobs), largest_first);
}

int axev__container_hash(struct axev__container *const *containers, size_t count,
			 const axev_env *env, axev_error *err)
{
	AXEV__FREE struct job *jobs = NULL;
	struct pool pool = { .env = env };
	size_t total = 0, i;
	int status;

	for (i = 0; i < count; i++)
		total += axev__container_count(containers[i]);
	jobs = calloc(total + 1, sizeof(*jobs));
	if (!jobs)
		return axev__nomem(err);
	pool.jobs = jobs;
	collect(containers, count, &pool);
	pthread_mutex_init(&pool.lock, NULL);
	status = run_pool(&pool, err);
	pthread_mutex_destroy(&pool.lock);
	return status;
}
