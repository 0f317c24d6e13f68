/* SPDX-License-Identifier: Apache-2.0 */
/*
 * In which frame a step looks: the main document, or one that a path of selectors leads to, each for a frame element in the
 * document before it. Frames of other sites run in processes of their own, and are asked there.
 */
#ifndef AXEV_CAPTURE_PAGE_WHERE_H
#define AXEV_CAPTURE_PAGE_WHERE_H

#include "capture/web/page_input.h"

/* One document on the way, and a world of our own in it. */
struct axev__page_place {
	char session[AXEV__PAGE_ID_SIZE], frame[AXEV__PAGE_ID_SIZE];
	int64_t context;
};

/*
 * Follows page->where for @depth frames. *ret_is_there false: a frame is not there (yet), *ret_missing says which, from 0.
 * AXEV_E_INVAL: not a selector, or an element that is no frame.
 */
int axev__page_go_to(struct axev__page *page, size_t depth, struct axev__page_place *ret_place, bool *ret_is_there,
		     size_t *ret_missing, axev_error *err);

/* A member that is true. */
bool axev__page_flag(const axev__json *object, const char *key);

/* The text that a script is called with; AXEV_E_INVAL when it is no UTF-8. */
int axev__page_add_quoted(struct axev__buf *out, const char *text, axev_error *err);

/* Calls @function, the text of one, with two texts (the second may be NULL) there, and gives its result by value or by name. */
int axev__page_call(struct axev__page *page, const struct axev__page_place *place, const char *function, const char *first,
		    const char *second, bool is_by_value, axev__json **ret_result, axev_error *err);

/*
 * From the place in its own frame to the place in the window: what the element's middle is in each document above, and whether a
 * click there meets the frame. Scrolls the documents above when the middle is out of sight and @is_scrolled.
 */
int axev__page_lift(struct axev__page *page, bool is_scrolled, struct axev__page_element *element, axev_error *err);

#endif
