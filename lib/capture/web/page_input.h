/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Mouse and keyboard of a page. Elements are looked for in the frame of page->where, in a world of our own, where scripts of the
 * page can neither see nor change the question; what is done comes as a person's input does (events that the page can trust).
 */
#ifndef AXEV_CAPTURE_PAGE_INPUT_H
#define AXEV_CAPTURE_PAGE_INPUT_H

#include "capture/web/page.h"

struct axev__page_element {
	bool is_there, is_visible, is_enabled;
	size_t missing_frame; /* of page->where, from 1: it is not there; 0: all are */
	bool is_hit;         /* a click at x, y reaches it */
	int64_t x, y;
	char tag[24], type[24];
	char cover[64];      /* what a click would reach instead, escaped */
};

/*
 * Looks for the first element that @selector names, scrolled into view when @is_scrolled. AXEV_E_INVAL when it is not a CSS selector. A
 * document that is just being replaced has none.
 */
int axev__page_find(struct axev__page *page, const char *selector, bool is_scrolled,
		    struct axev__page_element *ret_element, axev_error *err);

/* Waits until it is visible, enabled, at rest and hit by a click; AXEV_E_PEER says which of them it was not in time. */
int axev__page_await(struct axev__page *page, const char *selector, int64_t deadline_ms,
		     struct axev__page_element *ret_element, axev_error *err);

int axev__page_click(struct axev__page *page, const struct axev__page_element *element, axev_error *err);

/* Key after key; what no key of the keyboard writes comes as an input method's text. Into what has the focus. */
int axev__page_type(struct axev__page *page, const char *text, axev_error *err);
int axev__page_press(struct axev__page *page, const char *key, axev_error *err);
int axev__page_select_all(struct axev__page *page, axev_error *err);

int axev__page_focus(struct axev__page *page, const char *selector, axev_error *err);

/* Chooses the option by its value or its text, with the arrow keys. The element has the focus. AXEV_E_NOTFOUND. */
int axev__page_choose(struct axev__page *page, const char *selector, const char *option, axev_error *err);

/* @path: a file that the browser can read. */
int axev__page_give_file(struct axev__page *page, const char *selector, const char *path, axev_error *err);

/* To the end (@is_to_end), to the top, or by @rows when that is not 0. */
int axev__page_scroll_by(struct axev__page *page, bool is_to_end, int32_t rows, axev_error *err);

/* Does the text shown by the element (NULL: the page) hold @text? */
int axev__page_shows(struct axev__page *page, const char *selector, const char *text, bool *ret_shows,
		     axev_error *err);

#endif
