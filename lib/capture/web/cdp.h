/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The Chrome DevTools Protocol over a pipe: JSON messages, each ended by a NUL. Calls wait for their answer; what
 * happens meanwhile is told as events. It steers and describes the rendering; the bytes of the network never come
 * from here.
 */
#ifndef AXEV_CAPTURE_CDP_H
#define AXEV_CAPTURE_CDP_H

#include "base/env.h"
#include "base/json.h"
#include "base/source.h"

#define AXEV__CDP_SESSION_SIZE 64

struct axev__cdp;

/* @session: "" for the browser itself. May send, must not wait. */
typedef int (*axev__cdp_event_fn)(void *payload, const char *session, const char *method,
				  const axev__json *params, axev_error *err);

/*
 * The descriptors stay the caller's. @spool_fd: an empty file for messages of more than AXEV__MAX_CDP_HELD_BYTES, or -1, and then
 * there can be none. In events and parsed answers that large, long strings are cut (cdp_large.h).
 */
int axev__cdp_new(int read_fd, int write_fd, int spool_fd, const axev_env *env, axev__cdp_event_fn event,
		  void *payload, struct axev__cdp **ret_cdp, axev_error *err);
void axev__cdp_free(struct axev__cdp *cdp);
static inline void axev__cdp_freep(struct axev__cdp **cdp)
{
	axev__cdp_free(*cdp);
}
#define AXEV__CDP AXEV__CLEANUP(axev__cdp_freep) struct axev__cdp

/* Sends, and does not look at the answer. @params: text of a JSON object, or NULL. */
int axev__cdp_send(struct axev__cdp *cdp, const char *session, const char *method,
		   const char *params, axev_error *err);

/*
 * Sends and waits for the answer's "result". AXEV_E_PEER when the browser refuses the call, NETWORK when it is gone or
 * does not answer within @timeout_ms. @ret_result may be NULL.
 */
int axev__cdp_call(struct axev__cdp *cdp, const char *session, const char *method,
		   const char *params, uint32_t timeout_ms, axev__json **ret_result,
		   axev_error *err);

/*
 * The same; *ret_result is the text of "result" as the browser wrote it, lent until events are taken in. AXEV_E_LIMIT when it is
 * larger than AXEV__MAX_CDP_MESSAGE_BYTES.
 */
int axev__cdp_call_raw(struct axev__cdp *cdp, const char *session, const char *method,
		       const char *params, uint32_t timeout_ms, struct axev__source *ret_result,
		       axev_error *err);

/* The browser has told that @session is gone: a call to it that waits ends with AXEV_E_PEER, it would never be answered. */
void axev__cdp_detached(struct axev__cdp *cdp, const char *session);

/* Text of the browser as JSON; what RFC 8259 leaves open in escapes is mended to U+FFFD. */
int axev__cdp_parse(struct axev__span text, axev__json **ret_message, axev_error *err);

/* Takes in what arrives within @timeout_ms, telling events; returns after the first batch. */
int axev__cdp_pump(struct axev__cdp *cdp, uint32_t timeout_ms, axev_error *err);

/* Messages that were not JSON, so that nothing is dropped in silence. */
uint64_t axev__cdp_bad_messages(const struct axev__cdp *cdp);

/* The browser has closed its end. */
bool axev__cdp_is_gone(const struct axev__cdp *cdp);

/* Monotonic milliseconds, for deadlines. */
int64_t axev__cdp_clock_ms(void);

#endif
