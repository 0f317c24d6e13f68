/* SPDX-License-Identifier: Apache-2.0 */
#include "package/record_leaves.h"

#include <unistd.h>

#include "base/limits.h"
#include "package/record_keys.h"
#include "package/worker.h"

#define MAX_THREADS 4
#define LEAST_RECORDS 128 /* of a thread: fewer are done before it would have started */

struct job {
	const uint8_t *secret;
	struct axev__span records;
	uint64_t first;
	size_t count;
	uint8_t (*leaves)[32];
	int status;
	axev_error err;
	pthread_t thread;
	bool is_running;
};

static struct axev__span take_record(struct axev__span *records)
{
	size_t size = axev__get_u32be(records->data);
	struct axev__span cells = axev__span(records->data + 4, size);

	*records = axev__span(records->data + 4 + size, records->size - 4 - size);
	return cells;
}

static int hash(struct job *job, struct axev__record_keys *keys)
{
	AXEV__BUF field_leaves = AXEV__RECORD_LEAF_INIT;
	struct axev__span rest = job->records;
	const uint8_t *key;
	size_t i;

	for (i = 0; i < job->count; i++) {
		TRY(axev__record_keys_at(keys, job->first + i, &key, &job->err));
		TRY(axev__record_leaf(key, take_record(&rest), &field_leaves, job->leaves[i], &job->err));
	}
	return AXEV_OK;
}

static void *run(void *payload)
{
	struct job *job = payload;
	struct axev__record_keys keys;

	axev__record_keys_init(&keys, job->secret);
	job->status = hash(job, &keys);
	explicit_bzero(&keys, sizeof(keys));
	return NULL;
}

static size_t choose_threads(size_t count)
{
	long processors = sysconf(_SC_NPROCESSORS_ONLN);
	size_t most = processors < 1 ? 1 : processors > MAX_THREADS ? MAX_THREADS : (size_t)processors;

	return count / LEAST_RECORDS < most ? count / LEAST_RECORDS + (count < LEAST_RECORDS) : most;
}

int axev__record_leaves(const uint8_t secret[32], struct axev__span records, uint64_t first, size_t count,
			uint8_t (*ret_leaves)[32], axev_error *err)
{
	struct job jobs[MAX_THREADS];
	size_t threads = choose_threads(count), i, done = 0, j;
	int status = AXEV_OK;

	for (i = 0; i < threads; i++) {
		struct job job = { .secret = secret, .records = records, .first = first + done,
				   .count = (count - done) / (threads - i), .leaves = ret_leaves + done };

		for (j = 0; j < job.count; j++)
			take_record(&records);
		done += job.count;
		jobs[i] = job;
	}
	/* The last one is this thread's own, as is one for which none can be started. */
	for (i = 0; i < threads; i++)
		jobs[i].is_running = i + 1 < threads && axev__worker_start(&jobs[i].thread, run, &jobs[i], NULL) >= 0;
	for (i = 0; i < threads; i++)
		if (!jobs[i].is_running)
			run(&jobs[i]);
	for (i = 0; i < threads; i++) {
		if (jobs[i].is_running)
			pthread_join(jobs[i].thread, NULL);
		if (status >= 0 && jobs[i].status < 0) {
			status = jobs[i].status;
			if (err)
				*err = jobs[i].err;
		}
	}
	return status;
}
