/* SPDX-License-Identifier: Apache-2.0 */
/*
 * libavcodec and its companions, loaded when a video is made: they bring a hundred and fifty libraries along, which would be
 * three quarters of the memory of every program that links this one.
 */
#ifndef AXEV_CAPTURE_VIDEO_API_H
#define AXEV_CAPTURE_VIDEO_API_H

#include <libavcodec/avcodec.h>
#include <libavdevice/avdevice.h>
#include <libavformat/avformat.h>
#include <libavutil/imgutils.h>
#include <libavutil/opt.h>
#include <libswscale/swscale.h>

#include "base/error.h"

#define AXEV__LIBAV_CALLS(X) \
	X(av_dict_free) X(av_dict_set) X(av_find_input_format) X(av_frame_alloc) X(av_frame_free) \
	X(av_frame_get_buffer) X(av_frame_make_writable) X(av_frame_unref) X(av_free) X(av_freep) \
	X(av_interleaved_write_frame) X(av_malloc) X(av_new_packet) X(av_opt_set) X(av_opt_set_int) \
	X(av_packet_alloc) X(av_packet_free) X(av_packet_rescale_ts) X(av_packet_unref) X(av_read_frame) \
	X(av_strerror) X(av_write_trailer) X(avcodec_alloc_context3) X(avcodec_find_decoder) \
	X(avcodec_find_encoder_by_name) X(avcodec_free_context) X(avcodec_open2) \
	X(avcodec_parameters_from_context) X(avcodec_parameters_to_context) X(avcodec_receive_frame) \
	X(avcodec_receive_packet) X(avcodec_send_frame) X(avcodec_send_packet) X(avdevice_register_all) \
	X(avformat_alloc_output_context2) X(avformat_close_input) X(avformat_free_context) X(avformat_new_stream) \
	X(avformat_open_input) X(avformat_write_header) X(avio_alloc_context) X(avio_context_free) \
	X(sws_freeContext) X(sws_getCachedContext) X(sws_getCoefficients) X(sws_scale) X(sws_setColorspaceDetails)

struct axev__libav {
	void *library; /* NULL: not loaded */
#define AXEV__LIBAV_MEMBER(name) __typeof__(&name) name;
	AXEV__LIBAV_CALLS(AXEV__LIBAV_MEMBER)
#undef AXEV__LIBAV_MEMBER
};
/* Of the version that this was compiled for, whose structures it uses. It stays loaded. NOTFOUND: what to install. */
int axev__libav_load(struct axev__libav *ret_api, axev_error *err);

#endif
