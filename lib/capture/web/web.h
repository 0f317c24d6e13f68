/* SPDX-License-Identifier: Apache-2.0 */
/* A web capture in progress: what its parts share. */
#ifndef AXEV_CAPTURE_WEB_H
#define AXEV_CAPTURE_WEB_H

#include "capture/web/browser.h"
#include "capture/clean/clean.h"
#include "capture/web/client_cert.h"
#include "capture/web/login.h"
#include "capture/web/page.h"
#include "capture/web/reach.h"
#include "capture/web/steps.h"
#include "capture/web/subject.h"
#include "capture/take.h"
#include "capture/web/web_beside.h"
#include "capture/web/web_clock.h"
#include "capture/web/web_nearby.h"
#include "capture/web/web_requests.h"
#include "capture/wire/wire.h"

struct axev__web {
	struct axev__take *take;
	const axev_web_opts *opts; /* defaults filled in */
	struct axev__browser *browser;
	struct axev__page *page;
	struct axev__wire *wire;
	struct axev__wire_summary summary;
	struct axev__web_clock clock;
	struct axev__identity identity; /* of the browser */
	struct axev__ending ending;
	char ca_sha256[AXEV_ID_HEX_SIZE]; /* "" without */
	uint32_t shot_width, shot_height; /* 0: no picture */
	bool has_inside;                  /* an area that scrolls inside of the page */
	/* of the exchange that brought the document; connection SIZE_MAX: none */
	size_t connection;
	struct axev__buf document_head;
	uint64_t payload_bytes;
	size_t objects_before;     /* of the take, when the capture of the page began */
	uint64_t missing;          /* named in the manifest so far, and beyond the limit */
	struct axev__steps *steps; /* NULL: none */
	struct axev__secrets secrets;
	uint64_t secrets_typed;
	struct axev__login *login; /* always there; without cookies it does nothing */
	struct axev__client_cert *client_cert; /* likewise, without a file */
	uint64_t window[2];        /* width and height of what a session showed; 0: the options' */
	struct axev__video *video; /* NULL: none, or ended */
	int video_fd;
	int cdp_fd, view_fd;       /* scratch files: large messages of the browser, and a view on its way into the package */
	struct axev__clean *clean;
	struct axev__web_records records;
	uint64_t requests_joined, requests_log_only, requests_page_only; /* the page's; wire/requests.json */
	struct axev__web_nearby nearby;
	const struct axev__recheck *recheck; /* always there; is_wanted says whether an earlier capture is checked again */
	struct axev__site_subject *subject; /* always there; is_wanted says whether it was asked for */
};

/*
 * Waits until the page is at rest, scrolls it down and up again, waits once more, and writes the steps. What was in the
 * way is listed as missing.
 */
int axev__web_rest(struct axev__web *web, int64_t deadline_ms, axev_error *err);

/* A view that the browser cannot make is missing, and the rest stands; a browser that is gone ends the capture. */
int axev__web_allow(struct axev__web *web, int status, const char *name, axev_error *err);
/* Lists @what as missing. Long texts are clipped, and beyond AXEV__MAX_WEB_MISSING there is only a count. */
int axev__web_missing(struct axev__web *web, const char *what, const char *why, axev_error *err);

/* The start of @text, at most @max bytes, not cut inside of a character; then how long it was. */
int axev__web_clip(struct axev__buf *out, const char *text, size_t max, axev_error *err);

/*
 * page.wacz from the exchanges; fills the document's facts of @web and lists what the log saw answered and the WARC
 * has not. Without any exchange there is no file.
 */
int axev__web_archive(struct axev__web *web, axev_error *err);

/* wire/connections.json, wire/dns.json, wire/requests.json. */
int axev__web_wire_objects(struct axev__web *web, axev_error *err);

/* web_limits.c */
int axev__web_allow_downloads(struct axev__web *web, axev_error *err);
void axev__web_tell_stop(struct axev__web *web);
int axev__web_note_downloads(struct axev__web *web, axev_error *err);
int axev__web_note_limit(struct axev__web *web, axev_error *err);
int axev__web_note_cut(struct axev__web *web, const struct axev__exchange *exchange, axev_error *err);

/* wire/websocket-NNN.json and the bytes that it is made of; marks in @is_stored whose handshake is in there alone. */
int axev__web_sockets(struct axev__web *web, uint8_t *is_stored, axev_error *err);

/* The manifest's "source" and what it says of the browser in "environment". */
int axev__web_source(struct axev__web *web, axev_error *err);

/* Adds @bytes as data/@name; @how tells how it was made, NULL: it is what was received. */
int axev__web_object(struct axev__web *web, const char *name, const char *role,
		     const char *media_type, const char *how, struct axev__span bytes,
		     axev_error *err);

/* A view on its way: nothing of it yet. One at a time. */
struct axev__spill axev__web_view(const struct axev__web *web);
/* The same from where it was put, with a name of its own beside the path. */
int axev__web_spilled_object(struct axev__web *web, const char *path, struct axev__span name, const char *role,
			     const char *media_type, const char *how, const struct axev__spill *spill, axev_error *err);
/* Picture, texts, tree, MHTML and PDF; what cannot be made is listed as missing. */
int axev__web_views(struct axev__web *web, axev_error *err);

/* A file without a name where the capture is kept. */
int axev__web_scratch(const struct axev__web *web, int *ret_fd, axev_error *err);

/* Nothing of a page that crashed is in the package yet, and no operator did anything on it. */
bool axev__web_can_begin_again(const struct axev__web *web);

/* Listeners before the first address, then a person at the browser, until they end it, close the window, or time is up. */
int axev__session_begin(struct axev__web *web, axev_error *err);
int axev__session_run(struct axev__web *web, bool *ret_is_closed, axev_error *err);

/*
 * Video, when asked for: of the page, or of @display when that is given. Ending it adds file, index and facts; twice is
 * once.
 */
int axev__web_video_begin(struct axev__web *web, const char *display, axev_error *err);
int axev__web_video_end(struct axev__web *web, axev_error *err);

/*
 * Takes the operator's steps, one by one, each listed in the manifest. A step that fails ends them: an error, or, when
 * failures are to be recorded, listed as missing. AXEV_OK without steps.
 */
int axev__steps_run(struct axev__web *web, axev_error *err);

#endif
