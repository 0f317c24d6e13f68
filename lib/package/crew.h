/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Batches that go round: the caller fills one after another, several threads work on them, and each is handed on in the order
 * in which it was filled. What comes out is the same with one processor and with many.
 */
#ifndef AXEV_PACKAGE_CREW_H
#define AXEV_PACKAGE_CREW_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"

#define AXEV__CREW_BATCHES 8

struct axev__crew_job {
	int (*work)(void *payload, void *batch, axev_error *err);    /* in any thread, on several batches at once */
	int (*hand_on)(void *payload, void *batch, axev_error *err); /* in any thread, on one batch at a time, in order */
	void *payload;
};

struct axev__crew;
/* @batches: AXEV__CREW_BATCHES pieces of @batch_size bytes, the caller's. No thread is started for the first batch. */
int axev__crew_new(const struct axev__crew_job *job, void *batches, size_t batch_size, struct axev__crew **ret_crew,
		   axev_error *err);
/* Threads end first; batches that were not handed on are not. */
void axev__crew_free(struct axev__crew *crew);
static inline void axev__crew_freep(struct axev__crew **crew)
{
	axev__crew_free(*crew);
}

/* The batch to be filled next: one that is not in use, or was handed on. Fails as the first batch that failed did. */
int axev__crew_next(struct axev__crew *crew, void **ret_batch, axev_error *err);
/* That batch is full. */
void axev__crew_give(struct axev__crew *crew);
/* One step of what the threads have to do, by the caller, who has nothing else to do. false: there is nothing. */
bool axev__crew_help(struct axev__crew *crew);
/* Until all batches were handed on. */
int axev__crew_wait(struct axev__crew *crew, axev_error *err);

#endif
