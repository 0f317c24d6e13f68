/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Video of a web capture: what the browser says the page looks like, or a whole display, as WebM. Below the picture, outside
 * of it, stands a strip with the time in UTC and UTC+8 and the address. A thread of its own encodes; what it cannot
 * keep up with is dropped and counted. Memory does not grow with the length.
 */
#ifndef AXEV_CAPTURE_VIDEO_H
#define AXEV_CAPTURE_VIDEO_H

#include "base/env.h"
#include "base/json.h"

struct axev__video;

struct axev__video_opts {
	uint32_t width, height; /* of the picture; a display has its own */
	const char *display;    /* X11 display to record, as ":0"; NULL: frames are pushed */
	int fd;                 /* where the file goes; the caller's, read and write */
	const axev_env *env;
};

/* AXEV_E_UNSUPPORTED in builds without video. */
int axev__video_start(const struct axev__video_opts *opts, struct axev__video **ret_video, axev_error *err);

/* Is there video in this build? AXEV_E_UNSUPPORTED says what to do. */
int axev__video_available(axev_error *err);

/* One picture (JPEG), copied. When too many wait, the newest of them gives way to it. */
int axev__video_push(struct axev__video *video, struct axev__span jpeg, axev_error *err);

/* What the strip says from now on. */
int axev__video_address(struct axev__video *video, const char *url, axev_error *err);

/*
 * Ends it. *ret_facts for the manifest, *ret_index for video-index.json; both the caller's. Fails when the thread did; the
 * file is not to be used then.
 */
int axev__video_finish(struct axev__video *video, axev__json **ret_facts, axev__json **ret_index,
		       bool *ret_is_cut, axev_error *err);
void axev__video_free(struct axev__video *video);

#endif
