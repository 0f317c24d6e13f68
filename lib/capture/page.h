/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One page in the browser: its frames and workers, what they ask for, when it has come to rest, what it looks like.
 * All of it is as the browser tells it; the bytes of the network come from the wire recorder.
 */
#ifndef AXEV_CAPTURE_PAGE_H
#define AXEV_CAPTURE_PAGE_H

#include "capture/cdp.h"

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

struct axev__page {
	struct axev__cdp *cdp;
	char session[AXEV__PAGE_ID_SIZE], frame[AXEV__PAGE_ID_SIZE];
	struct axev__page_target *targets;
	size_t target_count;
	struct axev__page_request *requests;
	size_t request_count;
	struct axev__page_hop *hops;
	size_t hop_count;

	char *product, *user_agent;  /* of the browser */
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
	int64_t last_traffic_ms;
	const axev_env *env;
};

/* Attaches to the browser's one page and prepares it. */
int axev__page_open(struct axev__page *page, int answer_fd, int command_fd, const axev_env *env,
		    uint32_t width, uint32_t height, axev_error *err);
void axev__page_close(struct axev__page *page);
#define AXEV__PAGE AXEV__CLEANUP(axev__page_close) struct axev__page

/*
 * Goes to @url. A document that does not come is no error: page->failure says why, in the browser's word or as
 * "no answer within N ms".
 */
int axev__page_go(struct axev__page *page, const char *url, int64_t deadline_ms, axev_error *err);

/*
 * Waits for the load event and for half a second without traffic, for that at most ten seconds behind the event. False
 * in *ret_is_still: it did not come to rest.
 */
int axev__page_settle(struct axev__page *page, int64_t deadline_ms, bool *ret_is_still,
		      axev_error *err);

/* Title and address as the browser shows them. */
int axev__page_describe(struct axev__page *page, axev_error *err);

/* ---- what it looks like: AXEV_E_PEER when the browser cannot make it ---- */

struct axev__page_picture {
	uint32_t width, height;   /* of the picture */
	uint64_t page_height;     /* of the page: larger when the picture is cut off */
};
int axev__page_screenshot(struct axev__page *page, struct axev__buf *png,
			  struct axev__page_picture *ret_picture, axev_error *err);
int axev__page_mhtml(struct axev__page *page, struct axev__buf *mhtml, axev_error *err);
/* ax-dom/1: one DOMSnapshot a frame, as the browser wrote it, closed shadow roots and frames of other sites included. */
int axev__page_dom(struct axev__page *page, struct axev__buf *json, axev_error *err);
int axev__page_text(struct axev__page *page, struct axev__buf *text, axev_error *err);
int axev__page_pdf(struct axev__page *page, struct axev__buf *pdf, axev_error *err);

/* Ends the browser in good order, so that its log is complete. */
int axev__page_quit(struct axev__page *page, axev_error *err);

/* For cdp: @payload is the page. */
int axev__page_event(void *payload, const char *session, const char *method,
		     const axev__json *params, axev_error *err);

/* The text of a member as a new string; NULL when there is none. AXEV_E_NOMEM only. */
int axev__page_set_text(char **text, const axev__json *object, const char *key, axev_error *err);

#endif
