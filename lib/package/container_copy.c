/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Copying a file into a container: the calling thread reads and writes, a second one hashes the same
 * buffers, so that the copy takes as long as the slower of the two.
 */
#include "package/container_internal.h"

#include "base/io.h"
#include "base/text.h"
#include "package/worker.h"

#define SLOTS 4
#define SLOT_BYTES AXEV__MIB

struct pipeline {
	pthread_mutex_t lock;
	pthread_cond_t changed;
	struct axev__hasher *hasher;
	uint8_t *slots[SLOTS];
	size_t sizes[SLOTS];
	uint64_t filled, hashed; /* slots so far; the difference is at most SLOTS */
	bool is_last;            /* nothing more will be filled */
	int status;              /* of the hashing thread */
	axev_error err;
};

static void *hash_slots(void *payload)
{
	struct pipeline *pipeline = payload;

	pthread_mutex_lock(&pipeline->lock);
	for (;;) {
		size_t slot = pipeline->hashed % SLOTS;
		int status;

		while (pipeline->filled == pipeline->hashed && !pipeline->is_last)
			pthread_cond_wait(&pipeline->changed, &pipeline->lock);
		if (pipeline->filled == pipeline->hashed)
			break;
		status = pipeline->status;
		pthread_mutex_unlock(&pipeline->lock);
		if (status == AXEV_OK)
			status = axev__hasher_update(pipeline->hasher, pipeline->slots[slot],
						     pipeline->sizes[slot], &pipeline->err);
		pthread_mutex_lock(&pipeline->lock);
		pipeline->status = status;
		pipeline->hashed++;
		pthread_cond_broadcast(&pipeline->changed);
	}
	pthread_mutex_unlock(&pipeline->lock);
	return NULL;
}

/* A slot that the hashing thread is done with. */
static size_t wait_for_slot(struct pipeline *pipeline)
{
	size_t slot;

	pthread_mutex_lock(&pipeline->lock);
	while (pipeline->filled - pipeline->hashed == SLOTS)
		pthread_cond_wait(&pipeline->changed, &pipeline->lock);
	slot = pipeline->filled % SLOTS;
	pthread_mutex_unlock(&pipeline->lock);
	return slot;
}

static void hand_over(struct pipeline *pipeline, size_t slot, size_t size)
{
	pthread_mutex_lock(&pipeline->lock);
	pipeline->sizes[slot] = size;
	pipeline->filled++;
	pthread_cond_broadcast(&pipeline->changed);
	pthread_mutex_unlock(&pipeline->lock);
}

static void close_pipeline(struct pipeline *pipeline)
{
	pthread_mutex_lock(&pipeline->lock);
	pipeline->is_last = true;
	pthread_cond_broadcast(&pipeline->changed);
	pthread_mutex_unlock(&pipeline->lock);
}

static int fill_slot(int fd, uint8_t *slot, uint64_t want, size_t *ret_got, axev_error *err)
{
	size_t goal = want < SLOT_BYTES ? (size_t)want : SLOT_BYTES;
	size_t got = 0, more;

	while (got < goal) {
		TRY(axev__read_some(fd, slot + got, goal - got, &more, err));
		if (more == 0)
			return axev__fail(err, AXEV_E_STATE,
					  "changed while it was read: it is shorter than it was");
		got += more;
	}
	*ret_got = got;
	return AXEV_OK;
}

static int expect_end(int fd, axev_error *err)
{
	uint8_t byte;
	size_t got;

	TRY(axev__read_some(fd, &byte, 1, &got, err));
	if (got != 0)
		return axev__fail(err, AXEV_E_STATE,
				  "changed while it was read: it is longer than it was");
	return AXEV_OK;
}

static int copy(struct axev__container_writer *writer, int in_fd, uint64_t size_bytes,
		const axev_env *env, struct pipeline *pipeline, axev_error *err)
{
	const char *name = writer->entries[writer->count].name;
	uint64_t done = 0;

	while (done < size_bytes) {
		size_t slot = wait_for_slot(pipeline);
		size_t got = 0;

		TRY(fill_slot(in_fd, pipeline->slots[slot], size_bytes - done, &got, err));
		hand_over(pipeline, slot, got);
		TRY(axev__container_put_unhashed(writer, pipeline->slots[slot], got, err));
		done += got;
		TRY(axev__progress(env, "read", name, done, size_bytes, err));
	}
	return expect_end(in_fd, err);
}

static int run_pipeline(struct axev__container_writer *writer, int in_fd, uint64_t size_bytes,
			const axev_env *env, struct pipeline *pipeline, axev_error *err)
{
	pthread_t thread;
	int status;

	TRY(axev__worker_start(&thread, hash_slots, pipeline, err));
	status = copy(writer, in_fd, size_bytes, env, pipeline, err);
	close_pipeline(pipeline);
	pthread_join(thread, NULL);
	if (status < 0)
		return status;
	if (pipeline->status < 0 && err)
		*err = pipeline->err;
	return pipeline->status;
}

static int copy_hashed(struct axev__container_writer *writer, int in_fd, uint64_t size_bytes,
		       const axev_env *env, axev_error *err)
{
	AXEV__FREE uint8_t *memory = malloc(SLOTS * SLOT_BYTES);
	struct pipeline pipeline = { .hasher = writer->hasher };
	size_t i;
	int status;

	if (!memory)
		return axev__nomem(err);
	for (i = 0; i < SLOTS; i++)
		pipeline.slots[i] = memory + i * SLOT_BYTES;
	pthread_mutex_init(&pipeline.lock, NULL);
	pthread_cond_init(&pipeline.changed, NULL);
	status = run_pipeline(writer, in_fd, size_bytes, env, &pipeline, err);
	pthread_cond_destroy(&pipeline.changed);
	pthread_mutex_destroy(&pipeline.lock);
	return status;
}

int axev__container_add_fd(struct axev__container_writer *writer, const char *name, int in_fd,
			   uint64_t size_bytes, const axev_env *env,
			   struct axev__digests *ret_digests, axev_error *err)
{
	int status;

	TRY(axev__container_begin(writer, name, size_bytes, err));
	status = copy_hashed(writer, in_fd, size_bytes, env, err);
	if (status == AXEV_OK)
		status = axev__container_end(writer, ret_digests, err);
	if (status < 0)
		(void)axev__container_rollback(writer, NULL);
	return axev__prefix(status, err, "entry '%s'", name);
}
