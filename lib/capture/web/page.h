/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One page in the browser: its frames and workers, what they ask for, when it has come to rest, what it looks like.
 * All of it is as the browser tells it; the bytes of the network come from the wire recorder.
 */
#ifndef AXEV_CAPTURE_PAGE_H
#define AXEV_CAPTURE_PAGE_H

#include "base/spill.h"
#include "capture/web/cdp.h"
#include "capture/web/secrets.h"
#include "capture/web/page_downloads.h"
#include "capture/web/page_sent.h"
#include "capture/web/video.h"

#define AXEV__PAGE_ID_SIZE 64

/* A frame of another site, or a worker; the page itself is the first. */
struct axev__page_target {
	char session[AXEV__PAGE_ID_SIZE];
	char frame[AXEV__PAGE_ID_SIZE]; /* a frame's identifier is that of its target */
	char type[24];
	char *url;
};

enum axev__page_request_state {
	AXEV__REQUEST_OPEN,
	AXEV__REQUEST_DONE,
	AXEV__REQUEST_FAILED
};

struct axev__page_request {
	char id[AXEV__PAGE_ID_SIZE];
	char session[AXEV__PAGE_ID_SIZE];
	char type[24];
	char *url;
	char *error;             /* "net::ERR_..."; NULL */
	enum axev__page_request_state state;
	bool has_answer;         /* its head came */
	bool is_endless;         /* event streams and sockets end when the page does */
};

/* A step of the way to the final document. */
struct axev__page_hop {
	char *url, *location;
	uint32_t status; /* 0: the document itself went elsewhere */
};

/* What a page is shown on. */
struct axev__device {
	const char *name;
	uint32_t width, height, scale; /* of the window in CSS pixels; device pixels for each */
	bool is_mobile;                /* touch, and the user agent of a telephone */
};
/* NULL: desktop. NULL for a name that is none. */
const struct axev__device *axev__device_find(const char *name);

struct axev__page_opts {
	const struct axev__device *device;
	uint32_t width, height; /* 0: those of a window that can be seen */
	const char *lang;
	const char *time_zone; /* NULL: the machine's */
	int spool_fd;          /* for what the browser says that is large (cdp.h); the caller's */
};

/* As last looked at. */
struct axev__page_layout {
	uint64_t width, height;  /* of what can be scrolled: at least the window */
	uint64_t root_height;    /* of the root element: less than the window on a short page */
	uint64_t images_pending, elements;
	bool is_known;           /* false: the document cannot be asked */
	bool is_busy;            /* its scripts let nobody ask */
	bool fonts_loading;
	int64_t looked_ms, changed_ms;
};

enum axev__scroll_stop {
	AXEV__SCROLL_ON,
	AXEV__SCROLL_END,  /* of the page */
	AXEV__SCROLL_ROWS, /* more than there may be */
	AXEV__SCROLL_TIME,
	AXEV__SCROLL_HELD  /* the page did not let itself be scrolled further */
};

struct axev__page_scroll {
	uint64_t screens, reached, rows_before, rows_after; /* reached: the last row that was on the screen */
	enum axev__scroll_stop stop;
};

/* A document that the page went to. */
struct axev__page_visit {
	char *url;
	uint32_t status;
	int64_t begun_ns; /* when it was asked for, by the browser's clock */
};

/* Where a step's elements are: selectors of frame elements, each in the document before it. Lent; none: the main document. */
struct axev__page_where {
	char *const *frames;
	size_t count;
};

struct axev__page {
	struct axev__cdp *cdp;
	char session[AXEV__PAGE_ID_SIZE], frame[AXEV__PAGE_ID_SIZE];
	struct axev__page_target *targets;
	size_t target_count;
	struct axev__page_request *requests;
	size_t request_count;
	struct axev__page_hop *hops;
	size_t hop_count;

	char *product, *user_agent;  /* user_agent: as sent */
	char *browser_user_agent;    /* its own, when another is sent; NULL */
	char *agent_params, *zone_params; /* for frames and workers that come later; NULL */
	char *time_zone;             /* as the page sees it; NULL: not asked */
	uint32_t scale;
	struct axev__page_layout layout;
	char *final_url, *title;
	char *failure;               /* "net::ERR_...": the document did not come */
	char *mime_type, *charset, *protocol, *remote_address;
	char *document_url;          /* of the last answer that became the document */
	uint32_t status, remote_port;
	int64_t navigate_ns, answer_ns, load_ns; /* 0: has not happened */
	uint64_t dialogs, popups, downloads;
	bool is_download;            /* the address itself is a download */
	bool has_crashed;
	bool is_over_limit;          /* more requests or frames than are followed */
	bool has_cut_texts;          /* more frames, or more text of frames, than is kept */
	int64_t last_traffic_ms;
	const axev_env *env;
	struct axev__page_where where;
	bool is_steered;             /* by an operator: going elsewhere is a step, not a redirect */
	uint64_t navigations;        /* of the main frame, within a document too */
	int64_t asked_ns;            /* when the newest document was asked for */
	struct axev__page_visit *visits;
	size_t visit_count;
	struct axev__secrets *secrets; /* not to stand in views; NULL: none were typed */
	struct axev__page_downloads downloaded;
	bool (*has_enough)(const void *of); /* asked while the page loads; NULL: never */
	const void *has_enough_of;
	int64_t stopped_mono_ns;     /* loading or a download was stopped by us; 0: has not been */
	/* A session: the parameters of Page.addScriptToEvaluateOnNewDocument for every frame, and who is told what it tells. */
	char *listener;
	int (*told)(void *payload, struct axev__span text, axev_error *err);
	void *told_payload;
	bool keeps_windows;            /* windows that open stay open */
	bool is_closed;                /* its window was */
	struct axev__video *video;     /* is told frames and addresses; NULL: none */
	struct axev__page_sent_list sent;
	char *file_url;                /* the first that the browser did not let it load; NULL: none */
	uint64_t file_attempts;
};

/* Attaches to the browser's one page and prepares it. */
int axev__page_open(struct axev__page *page, int answer_fd, int command_fd, const axev_env *env,
		    const struct axev__page_opts *opts, axev_error *err);
void axev__page_close(struct axev__page *page);
#define AXEV__PAGE AXEV__CLEANUP(axev__page_close) struct axev__page

/*
 * Goes to @url. A document that does not come is no error: page->failure says why, in the browser's word or as
 * "no answer within N ms".
 */
int axev__page_go(struct axev__page *page, const char *url, int64_t deadline_ms, axev_error *err);

/* Tells the page, and later targets of it, what device shows it. AXEV_E_INVAL: no such time zone. */
int axev__page_emulate(struct axev__page *page, const struct axev__page_opts *opts, axev_error *err);
int axev__page_emulate_target(struct axev__page *page, const char *session, axev_error *err);
/* Fills time_zone. */
int axev__page_ask_zone(struct axev__page *page, axev_error *err);

/*
 * The value of @expression (no double quotes, no backslashes) in a world of our own: the page's scripts can neither see
 * nor change what is asked there. AXEV_E_PEER when there is no answer, NETWORK when its scripts leave no time for one.
 */
int axev__page_ask(struct axev__page *page, const char *expression, uint32_t timeout_ms,
		   axev__json **ret_value, axev_error *err);
/* Did the page or a frame of it give no answer, with the browser well? Then there is only nothing to tell of it. */
bool axev__page_is_silent(const struct axev__page *page, int status);
int axev__page_ask_numbers(struct axev__page *page, const char *expression, uint32_t timeout_ms,
			   uint64_t *ret_numbers, size_t count, axev_error *err);

#define AXEV__REST_MS 500 /* without traffic, and without another size: a page is at rest */

/*
 * Waits for the load event, then until for @rest_ms there was no traffic and the size of the document stayed, and
 * fonts and inline images are ready; for that at most ten seconds behind the event. False in *ret_is_still: it did not
 * come to rest, and page->layout and the open requests say what kept it.
 */
int axev__page_settle(struct axev__page *page, int64_t rest_ms, int64_t deadline_ms,
		      bool *ret_is_still, axev_error *err);
/* No traffic for so long, and nothing asked for that is not answered. */
bool axev__page_is_quiet(const struct axev__page *page, int64_t for_ms);
bool axev__page_layout_is_moving(const struct axev__page *page);
/* Ends loading where it is. */
int axev__page_stop(struct axev__page *page, axev_error *err);

/*
 * Screen by screen to the end of the page and back to its top. A page that grows is followed, to AXEV__MAX_SCREENSHOT_ROWS
 * and for twenty seconds at most. Only the page itself is scrolled, no area inside of it.
 */
int axev__page_scroll(struct axev__page *page, int64_t deadline_ms, struct axev__page_scroll *ret_scroll,
		      axev_error *err);
/* The same with the largest area that scrolls inside of the page, if one takes a third of the window; 0 screens: none does. */
int axev__page_scroll_inside(struct axev__page *page, int64_t deadline_ms,
			     struct axev__page_scroll *ret_scroll, axev_error *err);

/* Loaded and without traffic; its layout is not looked at. */
bool axev__page_is_still(const struct axev__page *page);

/* Lets @ms go by, taking in what happens. AXEV_E_PEER when the page crashes. */
int axev__page_wait(struct axev__page *page, uint32_t ms, axev_error *err);

/* Title and address as the browser shows them. */
int axev__page_describe(struct axev__page *page, axev_error *err);

/* ---- what it looks like: AXEV_E_PEER when the browser cannot make it ---- */

struct axev__page_picture {
	uint32_t width, height;   /* of the picture */
	uint32_t scale;           /* its pixels for each CSS pixel */
	uint64_t page_height;     /* of the page, in the picture's pixels: larger when it is cut off */
};
int axev__page_screenshot(struct axev__page *page, struct axev__spill *png,
			  struct axev__page_picture *ret_picture, axev_error *err);
/* What the window shows. */
int axev__page_screenshot_window(struct axev__page *page, struct axev__spill *png, axev_error *err);
/* AXEV_E_PEER when a secret that was typed stands in it. */
int axev__page_mhtml(struct axev__page *page, struct axev__spill *mhtml, axev_error *err);
/*
 * ax-dom/1: one DOMSnapshot a frame, as the browser wrote it, closed shadow roots and frames of other sites included. With
 * page->secrets, without values of password fields and without secrets.
 */
int axev__page_dom(struct axev__page *page, struct axev__spill *json, axev_error *err);
int axev__page_pdf(struct axev__page *page, struct axev__spill *pdf, axev_error *err);
/* As shown: without what is hidden, and without frames. */
int axev__page_text(struct axev__page *page, struct axev__buf *text, axev_error *err);
int axev__page_frame_text(struct axev__page *page, const char *session, const char *frame, uint32_t timeout_ms,
			  struct axev__buf *text, axev_error *err);
/* Of every frame but the page's own; nothing is written when there are none. */
int axev__page_frame_texts(struct axev__page *page, struct axev__buf *json, axev_error *err);

/* Puts page->listener to work in the frame of @session. */
int axev__page_listen(struct axev__page *page, const char *session, axev_error *err);

/* Begins or ends to send pictures of the page to page->video. */
int axev__page_cast(struct axev__page *page, bool is_on, axev_error *err);

/* Ends the browser in good order, so that its log is complete. */
int axev__page_quit(struct axev__page *page, axev_error *err);

/* For cdp: @payload is the page. */
int axev__page_event(void *payload, const char *session, const char *method,
		     const axev__json *params, axev_error *err);

/* NULL: there is none, or no longer. Lent until events are taken in. */
struct axev__page_target *axev__page_find_target(struct axev__page *page, const char *session);
/* Appends the session of each frame's target, AXEV__PAGE_ID_SIZE bytes each: targets come and go while one is asked. */
int axev__page_frame_sessions(const struct axev__page *page, struct axev__buf *sessions, axev_error *err);

/* An identifier or the name of a type, cut at what may not stand in a message again; "" without. */
void axev__page_word(char *out, size_t out_size, const axev__json *object, const char *key);
/*
 * The text of a member as a new string; nothing changes when there is none. Of one of more than AXEV__MAX_CDP_STRING_BYTES, and
 * of a data: address of more than a KiB, only the beginning, with length and digest of all of it.
 */
int axev__page_set_text(char **text, const axev__json *object, const char *key, axev_error *err);
/* The same for what is only shown: of more than @max bytes only those. */
int axev__page_set_shown(char **text, const axev__json *object, const char *key, size_t max, axev_error *err);

#endif
