/* SPDX-License-Identifier: Apache-2.0 */
#include "package/crew.h"

#include <stdlib.h>
#include <sys/resource.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "package/worker.h"

#define MAX_THREADS 4
#define BEHIND 10 /* added to how nice a thread is */

struct slot {
	void *batch;
	bool is_worked;
	int status;
	axev_error err;
};

struct axev__crew {
	struct axev__crew_job job;
	struct slot slots[AXEV__CREW_BATCHES];
	pthread_mutex_t lock;
	pthread_cond_t changed;
	uint64_t given, taken, handed; /* batches so far, in this order; at most AXEV__CREW_BATCHES apart */
	bool is_handing, is_over;
	int status; /* of the first batch that failed */
	axev_error err;
	pthread_t threads[MAX_THREADS];
	size_t thread_count;
	bool has_started;
};

static struct slot *slot_of(struct axev__crew *crew, uint64_t number)
{
	return &crew->slots[number % AXEV__CREW_BATCHES];
}

int axev__crew_new(const struct axev__crew_job *job, void *batches, size_t batch_size, struct axev__crew **ret_crew,
		   axev_error *err)
{
	struct axev__crew *crew = calloc(1, sizeof(*crew));
	size_t i;

	if (!crew)
		return axev__nomem(err);
	crew->job = *job;
	for (i = 0; i < AXEV__CREW_BATCHES; i++)
		crew->slots[i].batch = (char *)batches + i * batch_size;
	pthread_mutex_init(&crew->lock, NULL);
	pthread_cond_init(&crew->changed, NULL);
	*ret_crew = crew;
	return AXEV_OK;
}

/* ---- one step, the lock held on entry and on return ---- */

static void hand_on(struct axev__crew *crew)
{
	struct slot *slot = slot_of(crew, crew->handed);

	crew->is_handing = true;
	pthread_mutex_unlock(&crew->lock);
	if (crew->status >= 0 && slot->status >= 0)
		slot->status = crew->job.hand_on(crew->job.payload, slot->batch, &slot->err);
	pthread_mutex_lock(&crew->lock);
	if (crew->status >= 0 && slot->status < 0) {
		crew->status = slot->status;
		crew->err = slot->err;
	}
	slot->is_worked = false;
	crew->is_handing = false;
	crew->handed++;
	pthread_cond_broadcast(&crew->changed);
}

static void work(struct axev__crew *crew)
{
	struct slot *slot = slot_of(crew, crew->taken++);
	bool is_wanted = crew->status >= 0;

	pthread_mutex_unlock(&crew->lock);
	slot->err = (axev_error)AXEV_ERROR_INIT;
	slot->status = is_wanted ? crew->job.work(crew->job.payload, slot->batch, &slot->err) : AXEV_OK;
	pthread_mutex_lock(&crew->lock);
	slot->is_worked = true;
	pthread_cond_broadcast(&crew->changed);
}

/* Handing on goes first: it is what the others wait for. */
static bool step(struct axev__crew *crew)
{
	if (!crew->is_handing && crew->handed < crew->taken && slot_of(crew, crew->handed)->is_worked)
		hand_on(crew);
	else if (crew->taken < crew->given)
		work(crew);
	else
		return false;
	return true;
}

/* ---- threads ---- */

/*
 * Behind whoever sends the rows and whoever reads them, when there are fewer processors than want one: a thread that is ahead of them runs
 * out of work, and its processor stands still. Linux has a priority for each thread.
 */
static void stand_behind(void)
{
	pid_t self = gettid();

	(void)setpriority(PRIO_PROCESS, (id_t)self, getpriority(PRIO_PROCESS, (id_t)self) + BEHIND);
}

static void *run(void *payload)
{
	struct axev__crew *crew = payload;

	stand_behind();
	pthread_mutex_lock(&crew->lock);
	while (!crew->is_over)
		if (!step(crew))
			pthread_cond_wait(&crew->changed, &crew->lock);
	pthread_mutex_unlock(&crew->lock);
	return NULL;
}

/*
 * One for each processor but that of the caller, who helps when all batches are on their way: with more of them he waits for a processor while
 * whoever sends him rows waits for him. One that cannot be started is no error: he does what is left to be done.
 */
static void start(struct axev__crew *crew)
{
	long processors = sysconf(_SC_NPROCESSORS_ONLN);
	size_t wanted = processors < 1 ? 0 : processors > MAX_THREADS ? MAX_THREADS : (size_t)processors - 1;

	crew->has_started = true;
	while (crew->thread_count < wanted &&
	       axev__worker_start(&crew->threads[crew->thread_count], run, crew, NULL) >= 0)
		crew->thread_count++;
}

void axev__crew_free(struct axev__crew *crew)
{
	size_t i;

	if (!crew)
		return;
	pthread_mutex_lock(&crew->lock);
	crew->is_over = true;
	pthread_cond_broadcast(&crew->changed);
	pthread_mutex_unlock(&crew->lock);
	for (i = 0; i < crew->thread_count; i++)
		pthread_join(crew->threads[i], NULL);
	pthread_cond_destroy(&crew->changed);
	pthread_mutex_destroy(&crew->lock);
	free(crew);
}

/* ---- the caller ---- */

/* Until at most @most batches are on their way. */
static int help(struct axev__crew *crew, uint64_t most, axev_error *err)
{
	int status;

	pthread_mutex_lock(&crew->lock);
	while (crew->given - crew->handed > most)
		if (!step(crew))
			pthread_cond_wait(&crew->changed, &crew->lock);
	status = crew->status;
	if (status < 0 && err)
		*err = crew->err;
	pthread_mutex_unlock(&crew->lock);
	return status;
}

bool axev__crew_help(struct axev__crew *crew)
{
	bool has_helped;

	pthread_mutex_lock(&crew->lock);
	has_helped = step(crew);
	pthread_mutex_unlock(&crew->lock);
	return has_helped;
}

int axev__crew_next(struct axev__crew *crew, void **ret_batch, axev_error *err)
{
	TRY(help(crew, AXEV__CREW_BATCHES - 1, err));
	*ret_batch = slot_of(crew, crew->given)->batch;
	return AXEV_OK;
}

void axev__crew_give(struct axev__crew *crew)
{
	pthread_mutex_lock(&crew->lock);
	crew->given++;
	pthread_cond_broadcast(&crew->changed);
	pthread_mutex_unlock(&crew->lock);
	if (crew->given > 1 && !crew->has_started)
		start(crew);
}

int axev__crew_wait(struct axev__crew *crew, axev_error *err)
{
	return help(crew, 0, err);
}
