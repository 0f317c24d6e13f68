/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The operator's steps through a web page (ax-steps/1, doc/schema/steps.schema.json): go there, click, type, wait.
 * Secrets are named, never written into the file; what they name is kept in memory only, and wiped.
 */
#ifndef AXEV_CAPTURE_STEPS_H
#define AXEV_CAPTURE_STEPS_H

#include <ax_evidence/capture.h>

#include "base/json.h"
#include "base/limits.h"

enum axev__step_kind {
	AXEV__STEP_GOTO,
	AXEV__STEP_CLICK,
	AXEV__STEP_TYPE,
	AXEV__STEP_PRESS,
	AXEV__STEP_WAIT,
	AXEV__STEP_SCROLL,
	AXEV__STEP_SELECT,
	AXEV__STEP_UPLOAD,
	AXEV__STEP_SCREENSHOT,
	AXEV__STEP_EXPECT,
	AXEV__STEP_KINDS
};

enum axev__step_secret {
	AXEV__SECRET_NONE,
	AXEV__SECRET_ENV,
	AXEV__SECRET_PROMPT
};

struct axev__step {
	enum axev__step_kind kind;
	char *selector;      /* CSS; NULL: none */
	char **frames;       /* CSS of frame elements, each in the document before it */
	size_t frame_count;  /* 0: the main document */
	char *value;         /* address, text, key, name, option or file; NULL: none */
	char *secret_name;   /* of the variable, or what is asked for */
	char *typed;         /* the secret itself, once it is known */
	char *note;          /* the operator's; NULL */
	enum axev__step_secret secret;
	uint32_t timeout_ms; /* for this step */
	uint32_t wait_ms;    /* 0: waits for something else */
	int32_t scroll_by;   /* rows; 0: to an end or an element */
	bool is_to_end;      /* of scroll "bottom" */
	bool is_cleared;     /* what stands in the field goes first */
	bool is_full;        /* picture of the whole page */
};

struct axev__steps {
	struct axev__step *list;
	size_t count;
	struct axev__buf bytes; /* the file as it was read */
};
#define AXEV__STEPS_INIT { NULL, 0, AXEV__BUF_INIT(AXEV__MAX_STEPS_BYTES) }

/* Every mistake is found here, and named with its step (from 1) and member: FORMAT, UNSUPPORTED, LIMIT, INVAL (an address). */
int axev__steps_read(struct axev__span text, struct axev__steps *ret_steps, axev_error *err);
int axev__steps_load(const char *path, struct axev__steps *ret_steps, axev_error *err);

/* From the environment, or by @ask (NULL: nobody to ask). AXEV_E_INVAL when one is not to be had. */
int axev__steps_take_secrets(struct axev__steps *steps, axev_ask_secret_callback ask, void *payload,
			     axev_error *err);

/* Overwrites secrets, then releases. */
void axev__steps_free(struct axev__steps *steps);
#define AXEV__STEPS AXEV__CLEANUP(axev__steps_free) struct axev__steps

/* "click" */
const char *axev__step_word(const struct axev__step *step);

#endif
