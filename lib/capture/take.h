/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A capture in progress, common to all kinds: the "started" event, objects streamed into the container, the
 * manifest, and the "captured" event that fixes the id. What is not finished is never taken for whole.
 */
#ifndef AXEV_CAPTURE_TAKE_H
#define AXEV_CAPTURE_TAKE_H

#include <ax_evidence/capture.h>

#include "base/json.h"
#include "ledger/handle.h"
#include "package/part_write.h"

struct axev_draft {
	axev_ledger *ledger;
	axev_id id;
	bool is_complete;
	bool holds_login; /* of this process's capture */
	struct axev__container_head head; /* until it is sealed */
};

struct axev__take {
	axev_ledger *ledger;
	const axev_env *env;
	char session[33];      /* random, ties the three ledger events together */
	char directory[64];    /* drafts/<session>, below the ledger */
	int fd;                /* drafts/<session>/package.part */
	struct axev__container_writer *writer; /* where objects go: the container, or a part that is open */
	struct axev__container_writer *container;
	struct axev__part_writer *part; /* open, or NULL */
	axev__json *parts;              /* rows of those that are closed; NULL outside of parts */
	axev__json *manifest;
	axev__json *objects;   /* lent by manifest */
	axev__json *missing;   /* lent by manifest; empty: complete */
	size_t object_count;
	bool holds_login;      /* see axev_draft_holds_login() */
	char *held;            /* why it is not to be sealed just so; NULL: it may */
};

/* Logs "started" with a salted commitment to @target, opens the draft, adds the facts. */
int axev__take_begin(axev_ledger *ledger, const axev_capture_common *common, const char *kind,
		     const char *method, struct axev__span target, struct axev__take *ret_take,
		     axev_error *err);

/* One object that has just been added to the writer. Strings may be NULL where the manifest lets them. */
struct axev__object {
	const char *path;
	struct axev__span name; /* original, any bytes */
	const char *media_type;
	const char *role;
	const char *derived_from;
	const char *how;
	int64_t modified_ns;    /* INT64_MIN: not known */
	int mode;               /* -1: not known */
	bool is_observed;       /* cannot be re-derived by a verifier */
};
/* One that was made here, so that it has no name but this one, and neither time nor mode of a file. */
struct axev__object axev__object_made(const char *path, const char *media_type, const char *role);
int axev__object_json(const struct axev__object *object, const struct axev__digests *digests,
		      axev__json **ret_json, axev_error *err);
int axev__take_object(struct axev__take *take, const struct axev__object *object,
		      const struct axev__digests *digests, axev_error *err);
/* An object that is in memory, into the container and the list. */
int axev__take_bytes(struct axev__take *take, const char *path, struct axev__span content, const char *media_type, const char *role,
		     axev_error *err);

/*
 * Objects between these two go into parts (FORMAT.md section 1.4), each together with random bytes: what the manifest lists
 * is then the digest of something that nobody can guess, although records in it may be known but for one cell.
 */
int axev__take_part_begin(struct axev__take *take, axev_error *err);
int axev__take_part_turn(struct axev__take *take, axev_error *err); /* the next part, when this one is full */
int axev__take_part_split(struct axev__take *take, axev_error *err); /* the next part, when this one is large: it is hashed meanwhile */
int axev__take_part_end(struct axev__take *take, axev_error *err);

/* Something asked for that is not in the package, and why. */
int axev__take_missing(struct axev__take *take, struct axev__span what, const char *why,
		       axev_error *err);

/* Set a member of the manifest ("source", "environment"); takes @value over. */
int axev__take_set(struct axev__take *take, const char *member, axev__json *value, axev_error *err);

/* A numbered step with its time, for capture.steps. */
int axev__take_step(struct axev__take *take, const char *action, const char *result,
		    axev_error *err);

/* The draft will be kept, and sealed only when somebody says so in spite of @why. */
int axev__take_hold(struct axev__take *take, struct axev__span why, axev_error *err);

/* Writes the manifest, makes the draft durable, logs "captured". */
int axev__take_finish(struct axev__take *take, axev_draft **ret_draft, axev_error *err);

/* Releases memory; an unfinished take is removed from disk and logged as abandoned. */
void axev__take_end(struct axev__take *take);
#define AXEV__TAKE AXEV__CLEANUP(axev__take_end) struct axev__take

/* Chain of the signer of this ledger's operator, or of the given signers, as expected_signatures wants it. */
int axev__expected_signature(const struct axev__certs *certs, const char *role,
			     axev__json **ret_json, axev_error *err);

#endif
