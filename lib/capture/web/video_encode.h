/* SPDX-License-Identifier: Apache-2.0 */
/* VP8 in WebM, one frame after the other, by libavcodec and libavformat. All calls from one thread. */
#ifndef AXEV_CAPTURE_VIDEO_ENCODE_H
#define AXEV_CAPTURE_VIDEO_ENCODE_H

#include "base/error.h"
#include "base/span.h"

struct axev__encoder;

/* NOTFOUND: libraries are missing; the message says which package has them. */
int axev__encoder_available(axev_error *err);

/* @rows below the picture are the caller's to draw into. */
int axev__encoder_open(uint32_t width, uint32_t height, uint32_t rows, int fd, struct axev__encoder **ret_encoder,
		       axev_error *err);

/* The picture becomes this one, scaled. AXEV_E_FORMAT when it cannot be read: the picture before stays. */
int axev__encoder_jpeg(struct axev__encoder *encoder, struct axev__span jpeg, axev_error *err);

int axev__display_size(const char *display, uint32_t *ret_width, uint32_t *ret_height, axev_error *err);

/* A display as source; then each call gives its next picture, when it is time for it. */
int axev__encoder_open_display(struct axev__encoder *encoder, const char *display, uint32_t frames_per_second,
			       axev_error *err);
int axev__encoder_grab(struct axev__encoder *encoder, axev_error *err);

/* Luma of the rows below the picture. */
uint8_t *axev__encoder_strip(struct axev__encoder *encoder, size_t *ret_stride, size_t *ret_width,
			     axev_error *err);

/* The picture as it is now, at @ms from the start, later than the one before. */
int axev__encoder_write(struct axev__encoder *encoder, int64_t ms, axev_error *err);

/* The file is whole afterwards. */
int axev__encoder_finish(struct axev__encoder *encoder, axev_error *err);
uint64_t axev__encoder_bytes(const struct axev__encoder *encoder);
void axev__encoder_free(struct axev__encoder *encoder);

#endif
