/* SPDX-License-Identifier: Apache-2.0 */
/* Keys of a keyboard, as Input.dispatchKeyEvent wants them (W3C UI Events KeyboardEvent key and code). */
#ifndef AXEV_CAPTURE_PAGE_KEYS_H
#define AXEV_CAPTURE_PAGE_KEYS_H

#include <stdbool.h>

struct axev__page_key {
	char key[16];
	char code[16];
	char text[2];   /* "": the key writes nothing */
	int virtual_key; /* of Windows, which Chromium uses on every system */
	int modifiers;  /* 1 Alt, 2 Control, 8 Shift */
};

/* "Enter", "a", "Control+a", "Shift+Tab". @ret_key may be NULL. */
bool axev__page_key_find(const char *name, struct axev__page_key *ret_key);

#endif
