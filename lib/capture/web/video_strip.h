/* SPDX-License-Identifier: Apache-2.0 */
/* The strip below the picture of a video: time and address, in a small font of our own. */
#ifndef AXEV_CAPTURE_VIDEO_STRIP_H
#define AXEV_CAPTURE_VIDEO_STRIP_H

#include <stddef.h>
#include <stdint.h>

#define AXEV__STRIP_ROWS 52

/*
 * Draws into AXEV__STRIP_ROWS rows of luma samples (BT.601 limited range), @stride bytes apart, each @width wide: the
 * time in UTC and in UTC+8, then the address, cut with "..." where there is no more room.
 */
void axev__strip_draw(uint8_t *luma, size_t stride, size_t width, int64_t time_ns, const char *address);

#endif
