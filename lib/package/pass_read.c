/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Running a pass: chunks of the file stand in a ring; one job fills it, one makes the running CRC-32, one for each
 * lane goes along its ranges. Each job takes the chunks in order, any thread may do the next step of any job, so that
 * three digests on two cores take as long as one and a half.
 */
#include <errno.h>
#include <time.h>
#include <zlib.h>

#include "package/pass_internal.h"
#include "package/worker.h"

#define SLOTS 16
#define SLOT_BYTES AXEV__COPY_CHUNK
/* Each new page of memory costs, too: a small file is read through little of it. */
#define SMALL_SLOTS 2
#define SMALL_SLOT_BYTES (64 * AXEV__KIB)
#define MAX_THREADS 4
#define JOBS (AXEV__PASS_LANES + 2)
#define PROGRESS_EVERY_NS 100000000L
/* Below this a thread costs more than it saves. */
#define HELPED_FROM_BYTES (2 * AXEV__MIB)

struct mark {
	uint64_t offset;
	uint32_t *crc32; /* where the CRC-32 of everything before is kept */
};

struct crc {
	struct mark *marks; /* by offset */
	size_t count, next;
	uint32_t value;
};

struct job {
	enum { JOB_READ, JOB_CRC, JOB_LANE } kind;
	struct axev__lane *lane;
	struct axev__hasher *hasher;
	size_t next_range;
	uint64_t done; /* chunks */
	bool is_busy;
};

struct run {
	const struct axev__source *source;
	const axev_env *env;
	size_t slots, slot_bytes;
	uint8_t *memory; /* slots; NULL: the source is memory itself */
	uint64_t chunk_count;
	struct crc crc;
	struct job jobs[JOBS];
	size_t job_count;
	pthread_mutex_t lock; /* of what follows, and of done and is_busy */
	pthread_cond_t changed;
	int status;
	axev_error err;
};

/* ---- one step of one job ---- */

static uint64_t chunk_start(const struct run *run, uint64_t chunk)
{
	return chunk * run->slot_bytes;
}

static size_t chunk_size(const struct run *run, uint64_t chunk)
{
	uint64_t left = run->source->size - chunk_start(run, chunk);

	return left < run->slot_bytes ? (size_t)left : run->slot_bytes;
}

static const uint8_t *chunk_data(const struct run *run, uint64_t chunk)
{
	return run->memory ? run->memory + (chunk % run->slots) * run->slot_bytes :
			     run->source->data + chunk_start(run, chunk);
}

static int read_chunk(const struct run *run, uint64_t chunk, axev_error *err)
{
	if (!run->memory)
		return AXEV_OK;
	return axev__source_read(run->source, chunk_start(run, chunk),
				 run->memory + (chunk % run->slots) * run->slot_bytes, chunk_size(run, chunk),
				 err);
}

static void step_crc(struct run *run, uint64_t chunk)
{
	const uint8_t *data = chunk_data(run, chunk);
	struct crc *crc = &run->crc;
	uint64_t at = chunk_start(run, chunk), end = at + chunk_size(run, chunk);

	while (at < end) {
		uint64_t stop = end;

		while (crc->next < crc->count && crc->marks[crc->next].offset == at)
			*crc->marks[crc->next++].crc32 = crc->value;
		if (crc->next < crc->count && crc->marks[crc->next].offset < end)
			stop = crc->marks[crc->next].offset;
		crc->value = (uint32_t)crc32_z(crc->value, data, (size_t)(stop - at));
		data += stop - at;
		at = stop;
	}
	if (chunk + 1 == run->chunk_count)
		while (crc->next < crc->count)
			*crc->marks[crc->next++].crc32 = crc->value;
}

static int step_lane(const struct run *run, struct job *job, uint64_t chunk, axev_error *err)
{
	const uint8_t *data = chunk_data(run, chunk);
	uint64_t start = chunk_start(run, chunk), end = start + chunk_size(run, chunk);
	bool is_last = chunk + 1 == run->chunk_count;

	while (job->next_range < job->lane->count) {
		struct axev__range *range = &job->lane->ranges[job->next_range];
		uint64_t range_end = range->offset + range->size_bytes;
		uint64_t from = range->offset > start ? range->offset : start;
		uint64_t until = range_end < end ? range_end : end;
		struct axev__digests digests;

		if (from >= end && !is_last)
			return AXEV_OK;
		if (from < until)
			TRY(axev__hasher_update(job->hasher, data + (from - start),
						(size_t)(until - from), err));
		if (range_end > end)
			return AXEV_OK;
		TRY(axev__hasher_final(job->hasher, &digests, err));
		memcpy(range->sha256, digests.sha256, sizeof(range->sha256));
		job->next_range++;
	}
	return AXEV_OK;
}

static int step(struct run *run, struct job *job, axev_error *err)
{
	switch (job->kind) {
	case JOB_READ:
		return read_chunk(run, job->done, err);
	case JOB_CRC:
		step_crc(run, job->done);
		return AXEV_OK;
	default:
		return step_lane(run, job, job->done, err);
	}
}

/* ---- who does what next; jobs[0] reads ---- */

static uint64_t slowest(const struct run *run)
{
	uint64_t least = UINT64_MAX;
	size_t i;

	for (i = 1; i < run->job_count; i++)
		if (run->jobs[i].done < least)
			least = run->jobs[i].done;
	return least;
}

static bool is_finished(const struct run *run)
{
	return run->status < 0 || slowest(run) == run->chunk_count;
}

/* Reading first, so that nobody waits for it; else the job that is furthest behind. */
static struct job *choose(struct run *run)
{
	struct job *reader = &run->jobs[0], *chosen = NULL;
	size_t i;

	if (!reader->is_busy && reader->done < run->chunk_count &&
	    reader->done - slowest(run) < run->slots)
		return reader;
	for (i = 1; i < run->job_count; i++) {
		struct job *job = &run->jobs[i];

		if (!job->is_busy && job->done < reader->done &&
		    (!chosen || job->done < chosen->done))
			chosen = job;
	}
	return chosen;
}

static void keep_failure(struct run *run, int status, const axev_error *err)
{
	if (status >= 0 || run->status < 0)
		return;
	run->status = status;
	run->err = *err;
}

static void wait_for_change(struct run *run)
{
	struct timespec until;

	clock_gettime(CLOCK_REALTIME, &until);
	until.tv_nsec += PROGRESS_EVERY_NS;
	if (until.tv_nsec >= 1000000000L) {
		until.tv_nsec -= 1000000000L;
		until.tv_sec++;
	}
	pthread_cond_timedwait(&run->changed, &run->lock, &until);
}

/* With the lock held; it is let go while the callback runs. */
static void tell(struct run *run)
{
	uint64_t done = chunk_start(run, slowest(run));
	axev_error failure = AXEV_ERROR_INIT;
	int status;

	pthread_mutex_unlock(&run->lock);
	status = axev__progress(run->env, "verify", NULL,
				done < run->source->size ? done : run->source->size,
				run->source->size, &failure);
	pthread_mutex_lock(&run->lock);
	keep_failure(run, status, &failure);
}

static void tell_locked(struct run *run)
{
	pthread_mutex_lock(&run->lock);
	tell(run);
	pthread_mutex_unlock(&run->lock);
}

static void take_step(struct run *run, struct job *job)
{
	axev_error failure = AXEV_ERROR_INIT;
	int status;

	job->is_busy = true;
	pthread_mutex_unlock(&run->lock);
	status = step(run, job, &failure);
	pthread_mutex_lock(&run->lock);
	job->is_busy = false;
	job->done++;
	keep_failure(run, status, &failure);
	pthread_cond_broadcast(&run->changed);
}

/* Progress and cancelling go through the caller alone. */
static void work(struct run *run, bool is_caller)
{
	pthread_mutex_lock(&run->lock);
	while (!is_finished(run)) {
		struct job *job = choose(run);

		if (job)
			take_step(run, job);
		else
			wait_for_change(run);
		if (is_caller && run->env)
			tell(run);
	}
	pthread_mutex_unlock(&run->lock);
}

static void *run_helper(void *payload)
{
	work(payload, false);
	return NULL;
}

static size_t helpers_wanted(const struct run *run)
{
	long cores = sysconf(_SC_NPROCESSORS_ONLN);
	size_t threads = cores < 1 ? 1 : cores > MAX_THREADS ? MAX_THREADS : (size_t)cores;

	if (run->source->size < HELPED_FROM_BYTES)
		return 0;
	return (threads < run->job_count ? threads : run->job_count) - 1;
}

/* Where no thread can be had, the caller does it all. */
static void run_all(struct run *run)
{
	size_t wanted = helpers_wanted(run), count = 0, i;
	pthread_t helpers[MAX_THREADS];

	while (count < wanted &&
	       axev__worker_start(&helpers[count], run_helper, run, NULL) == AXEV_OK)
		count++;
	work(run, true);
	/* The helpers may have done it all before the caller came to say a word. */
	if (run->env)
		tell_locked(run);
	for (i = 0; i < count; i++)
		pthread_join(helpers[i], NULL);
}

/* ---- before and after ---- */

static int by_offset(const void *a, const void *b)
{
	const struct mark *left = a, *right = b;

	return left->offset < right->offset ? -1 : left->offset > right->offset;
}

static int place_marks(struct axev__pass *pass, struct crc *crc, axev_error *err)
{
	size_t lane, i;

	crc->marks = calloc(2 * pass->count + 1, sizeof(*crc->marks));
	if (!crc->marks)
		return axev__nomem(err);
	for (lane = 0; lane < AXEV__PASS_LANES; lane++)
		for (i = 0; i < pass->lanes[lane].count; i++) {
			struct axev__range *range = &pass->lanes[lane].ranges[i];

			crc->marks[crc->count++] =
				(struct mark){ range->offset, &range->crc_before };
			crc->marks[crc->count++] = (struct mark){
				range->offset + range->size_bytes, &range->crc_behind
			};
		}
	qsort(crc->marks, crc->count, sizeof(*crc->marks), by_offset);
	return AXEV_OK;
}

static int make_ring(const struct axev__source *source, struct run *run, axev_error *err)
{
	bool is_small = source->size < HELPED_FROM_BYTES;

	run->source = source;
	run->slots = is_small ? SMALL_SLOTS : SLOTS;
	run->slot_bytes = is_small ? SMALL_SLOT_BYTES : SLOT_BYTES;
	/* At least one, so that ranges of no bytes are finished, too. */
	run->chunk_count = source->size ? (source->size - 1) / run->slot_bytes + 1 : 1;
	if (source->fd < 0)
		return AXEV_OK;
	run->memory = malloc(run->slots * run->slot_bytes);
	return run->memory ? AXEV_OK : axev__nomem(err);
}

static int prepare(struct axev__pass *pass, struct run *run, axev_error *err)
{
	size_t lane;

	TRY(make_ring(&pass->source, run, err));
	run->jobs[run->job_count++].kind = JOB_READ;
	run->jobs[run->job_count++].kind = JOB_CRC;
	for (lane = 0; lane < AXEV__PASS_LANES; lane++) {
		struct job *job = &run->jobs[run->job_count];

		if (pass->lanes[lane].count == 0)
			continue;
		job->kind = JOB_LANE;
		job->lane = &pass->lanes[lane];
		TRY(axev__hasher_new(AXEV__DIGEST_SHA256, &job->hasher, err));
		run->job_count++;
	}
	return place_marks(pass, &run->crc, err);
}

static void finish(struct run *run)
{
	size_t i;

	for (i = 0; i < JOBS; i++)
		axev__hasher_free(run->jobs[i].hasher);
	free(run->crc.marks);
	free(run->memory);
}

int axev__pass_read(struct axev__pass *pass, const axev_env *env, axev_error *err)
{
	AXEV__CLEANUP(finish) struct run run = { .env = env };

	TRY(prepare(pass, &run, err));
	pthread_mutex_init(&run.lock, NULL);
	pthread_cond_init(&run.changed, NULL);
	run_all(&run);
	pthread_cond_destroy(&run.changed);
	pthread_mutex_destroy(&run.lock);
	if (run.status < 0 && err)
		*err = run.err;
	return run.status;
}
