/* SPDX-License-Identifier: Apache-2.0 */
#include "capture/web/video_encode.h"

#include <errno.h>
#include <stdio.h>

#include "base/cleanup.h"
#include "base/text.h"
#include "capture/web/video_api.h"

#define WRITE_BYTES (64 * 1024)
#define MILLISECONDS ((AVRational){ 1, 1000 })
#define SILENT 100 /* added to the level of every message: a library does not print */
#define MAX_JPEG_SIDE 16384

struct axev__encoder {
	struct axev__libav av;
	uint32_t width, height, rows;
	int fd;
	int64_t at; /* in the file */
	uint64_t bytes;
	bool has_failed_to_write;
	AVFormatContext *file;
	AVCodecContext *codec;
	AVStream *stream;
	AVFrame *picture; /* with the rows below */
	AVPacket *packet;
	AVCodecContext *jpeg;
	AVFrame *decoded;
	struct SwsContext *scaler;
	AVFormatContext *display;
	AVCodecContext *raw;
};

static int fail_av(const struct axev__libav *av, int code, const char *what, axev_error *err)
{
	char text[AV_ERROR_MAX_STRING_SIZE] = "";

	if (code == AVERROR(ENOMEM))
		return axev__nomem(err);
	av->av_strerror(code, text, sizeof(text));
	return axev__fail(err, AXEV_E_IO, "video: %s: %s", what, text);
}

/* ---- the file ---- */

static int write_bytes(void *payload, uint8_t *data, int size)
{
	struct axev__encoder *encoder = payload;
	int done = 0;

	while (done < size) {
		ssize_t wrote = pwrite(encoder->fd, data + done, (size_t)(size - done), encoder->at);

		if (wrote < 0 && errno == EINTR)
			continue;
		if (wrote <= 0) {
			encoder->has_failed_to_write = true;
			return AVERROR(EIO);
		}
		done += (int)wrote;
		encoder->at += wrote;
	}
	if ((uint64_t)encoder->at > encoder->bytes)
		encoder->bytes = (uint64_t)encoder->at;
	return size;
}

static int64_t seek_to(void *payload, int64_t offset, int whence)
{
	struct axev__encoder *encoder = payload;

	if (whence == AVSEEK_SIZE)
		return (int64_t)encoder->bytes;
	if (whence == SEEK_CUR)
		offset += encoder->at;
	else if (whence == SEEK_END)
		offset += (int64_t)encoder->bytes;
	else if (whence != SEEK_SET)
		return AVERROR(EINVAL);
	if (offset < 0)
		return AVERROR(EINVAL);
	encoder->at = offset;
	return offset;
}

static int open_file(struct axev__encoder *encoder, axev_error *err)
{
	uint8_t *buffer;
	int code = encoder->av.avformat_alloc_output_context2(&encoder->file, NULL, "webm", NULL);

	if (code < 0)
		return fail_av(&encoder->av, code, "WebM", err);
	buffer = encoder->av.av_malloc(WRITE_BYTES);
	if (!buffer)
		return axev__nomem(err);
	encoder->file->pb = encoder->av.avio_alloc_context(buffer, WRITE_BYTES, 1, encoder, NULL, write_bytes, seek_to);
	if (!encoder->file->pb) {
		encoder->av.av_free(buffer);
		return axev__nomem(err);
	}
	/* Neither the writer's version nor a random number of the segment: the same frames give the same bytes. */
	encoder->file->flags |= AVFMT_FLAG_BITEXACT;
	return AXEV_OK;
}

/* ---- the codec ---- */

/* One pass, as fast as frames come; text on screens has to stay legible. */
static void set_options(const struct axev__libav *av, AVCodecContext *codec)
{
	codec->time_base = MILLISECONDS;
	codec->pix_fmt = AV_PIX_FMT_YUV420P;
	codec->bit_rate = 2500000;
	codec->qmin = 4;
	codec->qmax = 48;
	codec->gop_size = 60;
	codec->thread_count = 2;
	codec->color_range = AVCOL_RANGE_MPEG;
	codec->colorspace = AVCOL_SPC_SMPTE170M;
	codec->log_level_offset = SILENT;
	av->av_opt_set(codec->priv_data, "deadline", "realtime", 0);
	av->av_opt_set_int(codec->priv_data, "cpu-used", 8, 0);
	av->av_opt_set_int(codec->priv_data, "lag-in-frames", 0, 0);
	av->av_opt_set_int(codec->priv_data, "error-resilient", 0, 0);
	av->av_opt_set_int(codec->priv_data, "screen-content-mode", 1, 0);
}

static int open_codec(struct axev__encoder *encoder, axev_error *err)
{
	const AVCodec *vp8 = encoder->av.avcodec_find_encoder_by_name("libvpx");
	int code;

	if (!vp8)
		return axev__fail(err, AXEV_E_UNSUPPORTED, "video: this libavcodec has no encoder for VP8 (libvpx)");
	encoder->codec = encoder->av.avcodec_alloc_context3(vp8);
	if (!encoder->codec)
		return axev__nomem(err);
	encoder->codec->width = (int)encoder->width;
	encoder->codec->height = (int)(encoder->height + encoder->rows);
	set_options(&encoder->av, encoder->codec);
	code = encoder->av.avcodec_open2(encoder->codec, vp8, NULL);
	if (code < 0)
		return fail_av(&encoder->av, code, "VP8", err);
	encoder->stream = encoder->av.avformat_new_stream(encoder->file, NULL);
	if (!encoder->stream)
		return axev__nomem(err);
	encoder->stream->time_base = MILLISECONDS;
	code = encoder->av.avcodec_parameters_from_context(encoder->stream->codecpar, encoder->codec);
	if (code >= 0)
		code = encoder->av.avformat_write_header(encoder->file, NULL);
	return code < 0 ? fail_av(&encoder->av, code, "the head of the file", err) : AXEV_OK;
}

/* White, until there is something to see. */
static int make_picture(struct axev__encoder *encoder, axev_error *err)
{
	AVFrame *picture = encoder->picture = encoder->av.av_frame_alloc();
	int code, rows = (int)(encoder->height + encoder->rows);

	encoder->packet = encoder->av.av_packet_alloc();
	encoder->decoded = encoder->av.av_frame_alloc();
	if (!picture || !encoder->packet || !encoder->decoded)
		return axev__nomem(err);
	picture->format = AV_PIX_FMT_YUV420P;
	picture->width = (int)encoder->width;
	picture->height = rows;
	code = encoder->av.av_frame_get_buffer(picture, 0);
	if (code < 0)
		return fail_av(&encoder->av, code, "a picture", err);
	memset(picture->data[0], 235, (size_t)picture->linesize[0] * (size_t)rows);
	memset(picture->data[1], 128, (size_t)picture->linesize[1] * (size_t)(rows / 2));
	memset(picture->data[2], 128, (size_t)picture->linesize[2] * (size_t)(rows / 2));
	return AXEV_OK;
}

static int open_encoder(struct axev__encoder *encoder, axev_error *err)
{
	TRY(open_file(encoder, err));
	TRY(open_codec(encoder, err));
	return make_picture(encoder, err);
}

int axev__encoder_available(axev_error *err)
{
	struct axev__libav api;

	return axev__libav_load(&api, err);
}

int axev__encoder_open(uint32_t width, uint32_t height, uint32_t rows, int fd, struct axev__encoder **ret_encoder,
		       axev_error *err)
{
	struct axev__encoder *encoder = calloc(1, sizeof(*encoder));
	int status;

	if (!encoder)
		return axev__nomem(err);
	/* Two by two samples share their colour. */
	encoder->width = (width + 1) & ~1u;
	encoder->height = (height + 1) & ~1u;
	encoder->rows = (rows + 1) & ~1u;
	encoder->fd = fd;
	status = axev__libav_load(&encoder->av, err);
	if (status >= 0)
		status = open_encoder(encoder, err);
	if (status < 0)
		axev__encoder_free(encoder);
	else
		*ret_encoder = encoder;
	return status;
}

void axev__encoder_free(struct axev__encoder *encoder)
{
	if (!encoder)
		return;
	if (!encoder->av.library) {
		free(encoder);
		return;
	}
	if (encoder->file && encoder->file->pb) {
		encoder->av.av_freep(&encoder->file->pb->buffer);
		encoder->av.avio_context_free(&encoder->file->pb);
	}
	encoder->av.avformat_free_context(encoder->file);
	encoder->av.avcodec_free_context(&encoder->codec);
	encoder->av.avcodec_free_context(&encoder->jpeg);
	encoder->av.avcodec_free_context(&encoder->raw);
	encoder->av.avformat_close_input(&encoder->display);
	encoder->av.av_frame_free(&encoder->picture);
	encoder->av.av_frame_free(&encoder->decoded);
	encoder->av.av_packet_free(&encoder->packet);
	encoder->av.sws_freeContext(encoder->scaler);
	free(encoder);
}

uint64_t axev__encoder_bytes(const struct axev__encoder *encoder)
{
	return encoder->bytes;
}

/* ---- pictures ---- */

/* The "J" formats are YUV of full range under a name of their own, which the scaler warns of. */
static enum AVPixelFormat plain_format(int format, int *range)
{
	*range = 1;
	switch (format) {
	case AV_PIX_FMT_YUVJ420P:
		return AV_PIX_FMT_YUV420P;
	case AV_PIX_FMT_YUVJ422P:
		return AV_PIX_FMT_YUV422P;
	case AV_PIX_FMT_YUVJ444P:
		return AV_PIX_FMT_YUV444P;
	default:
		*range = 0;
		return format;
	}
}

static int show_decoded(struct axev__encoder *encoder, axev_error *err)
{
	const AVFrame *from = encoder->decoded;
	const int *bt601 = encoder->av.sws_getCoefficients(SWS_CS_ITU601);
	int range, code;
	enum AVPixelFormat format = plain_format(from->format, &range);

	encoder->scaler = encoder->av.sws_getCachedContext(encoder->scaler, from->width, from->height, format,
					       (int)encoder->width, (int)encoder->height, AV_PIX_FMT_YUV420P,
					       SWS_BILINEAR, NULL, NULL, NULL);
	if (!encoder->scaler)
		return axev__nomem(err);
	encoder->av.sws_setColorspaceDetails(encoder->scaler, bt601, range, bt601, 0, 0, 1 << 16, 1 << 16);
	code = encoder->av.av_frame_make_writable(encoder->picture);
	if (code < 0)
		return fail_av(&encoder->av, code, "a picture", err);
	encoder->av.sws_scale(encoder->scaler, (const uint8_t *const *)from->data, from->linesize, 0, from->height,
		  encoder->picture->data, encoder->picture->linesize);
	return AXEV_OK;
}

static int open_jpeg(struct axev__encoder *encoder, axev_error *err)
{
	const AVCodec *mjpeg = encoder->av.avcodec_find_decoder(AV_CODEC_ID_MJPEG);
	int code;

	if (!mjpeg)
		return axev__fail(err, AXEV_E_UNSUPPORTED, "video: this libavcodec reads no JPEG");
	encoder->jpeg = encoder->av.avcodec_alloc_context3(mjpeg);
	if (!encoder->jpeg)
		return axev__nomem(err);
	encoder->jpeg->log_level_offset = SILENT;
	encoder->jpeg->thread_count = 1;
	code = encoder->av.avcodec_open2(encoder->jpeg, mjpeg, NULL);
	return code < 0 ? fail_av(&encoder->av, code, "JPEG", err) : AXEV_OK;
}

/* One packet in, one frame out: decoders of pictures hold none back. */
static int decode(const struct axev__libav *av, AVCodecContext *codec, const AVPacket *packet, AVFrame *frame, axev_error *err)
{
	int code = av->avcodec_send_packet(codec, packet);

	av->av_frame_unref(frame);
	if (code >= 0)
		code = av->avcodec_receive_frame(codec, frame);
	if (code == AVERROR(ENOMEM))
		return axev__nomem(err);
	if (code < 0 || frame->width > MAX_JPEG_SIDE || frame->height > MAX_JPEG_SIDE)
		return axev__fail(err, AXEV_E_FORMAT, "video: a frame cannot be read");
	return AXEV_OK;
}

int axev__encoder_jpeg(struct axev__encoder *encoder, struct axev__span jpeg, axev_error *err)
{
	int status, code;

	if (!encoder->jpeg)
		TRY(open_jpeg(encoder, err));
	code = encoder->av.av_new_packet(encoder->packet, (int)jpeg.size); /* with the padding that decoders read beyond */
	if (code < 0)
		return fail_av(&encoder->av, code, "a frame", err);
	memcpy(encoder->packet->data, jpeg.data, jpeg.size);
	status = decode(&encoder->av, encoder->jpeg, encoder->packet, encoder->decoded, err);
	encoder->av.av_packet_unref(encoder->packet);
	TRY(status);
	return show_decoded(encoder, err);
}

/* ---- display ---- */

static int open_raw(struct axev__encoder *encoder, axev_error *err)
{
	const AVCodecParameters *parameters;
	const AVCodec *codec;
	int code;

	if (encoder->display->nb_streams < 1)
		return axev__fail(err, AXEV_E_IO, "video: the display gives no pictures");
	parameters = encoder->display->streams[0]->codecpar;
	codec = encoder->av.avcodec_find_decoder(parameters->codec_id);
	encoder->raw = codec ? encoder->av.avcodec_alloc_context3(codec) : NULL;
	if (!encoder->raw)
		return axev__nomem(err);
	encoder->raw->log_level_offset = SILENT;
	code = encoder->av.avcodec_parameters_to_context(encoder->raw, parameters);
	if (code >= 0)
		code = encoder->av.avcodec_open2(encoder->raw, codec, NULL);
	return code < 0 ? fail_av(&encoder->av, code, "the display", err) : AXEV_OK;
}

static int open_display(const struct axev__libav *av, const char *display, uint32_t frames_per_second, AVFormatContext **ret_display,
			axev_error *err)
{
	const AVInputFormat *x11grab;
	AVDictionary *options = NULL;
	struct axev__shown shown;
	char rate[16];
	int code;

	av->avdevice_register_all();
	x11grab = av->av_find_input_format("x11grab");
	if (!x11grab)
		return axev__fail(err, AXEV_E_UNSUPPORTED, "video: this libavdevice cannot record an X11 display");
	snprintf(rate, sizeof(rate), "%u", frames_per_second);
	av->av_dict_set(&options, "framerate", rate, 0);
	av->av_dict_set(&options, "draw_mouse", "1", 0);
	code = av->avformat_open_input(ret_display, display, x11grab, &options);
	av->av_dict_free(&options);
	if (code < 0)
		return fail_av(av, code, axev__show_str(&shown, display), err);
	return AXEV_OK;
}

int axev__display_size(const char *display, uint32_t *ret_width, uint32_t *ret_height, axev_error *err)
{
	AVFormatContext *context = NULL;
	struct axev__libav loaded;
	const struct axev__libav *av = &loaded;

	TRY(axev__libav_load(&loaded, err));
	TRY(open_display(av, display, 1, &context, err));
	if (context->nb_streams) {
		*ret_width = (uint32_t)context->streams[0]->codecpar->width;
		*ret_height = (uint32_t)context->streams[0]->codecpar->height;
	}
	av->avformat_close_input(&context);
	return AXEV_OK;
}

int axev__encoder_open_display(struct axev__encoder *encoder, const char *display, uint32_t frames_per_second,
			       axev_error *err)
{
	TRY(open_display(&encoder->av, display, frames_per_second, &encoder->display, err));
	return open_raw(encoder, err);
}

int axev__encoder_grab(struct axev__encoder *encoder, axev_error *err)
{
	int code = encoder->av.av_read_frame(encoder->display, encoder->packet), status;

	if (code < 0)
		return fail_av(&encoder->av, code, "the display is gone", err);
	status = decode(&encoder->av, encoder->raw, encoder->packet, encoder->decoded, err);
	encoder->av.av_packet_unref(encoder->packet);
	TRY(status);
	return show_decoded(encoder, err);
}

/* ---- writing ---- */

uint8_t *axev__encoder_strip(struct axev__encoder *encoder, size_t *ret_stride, size_t *ret_width,
			     axev_error *err)
{
	if (encoder->av.av_frame_make_writable(encoder->picture) < 0) {
		axev__nomem(err);
		return NULL;
	}
	*ret_stride = (size_t)encoder->picture->linesize[0];
	*ret_width = encoder->width;
	return encoder->picture->data[0] + *ret_stride * encoder->height;
}

static int write_packets(struct axev__encoder *encoder, axev_error *err)
{
	int code;

	while ((code = encoder->av.avcodec_receive_packet(encoder->codec, encoder->packet)) >= 0) {
		encoder->av.av_packet_rescale_ts(encoder->packet, MILLISECONDS, encoder->stream->time_base);
		encoder->packet->stream_index = encoder->stream->index;
		code = encoder->av.av_interleaved_write_frame(encoder->file, encoder->packet);
		if (code < 0)
			return fail_av(&encoder->av, code, "cannot write", err);
	}
	if (code != AVERROR(EAGAIN) && code != AVERROR_EOF)
		return fail_av(&encoder->av, code, "cannot encode", err);
	return encoder->has_failed_to_write ? axev__fail(err, AXEV_E_IO, "video: cannot write; is the disk full?") :
					      AXEV_OK;
}

int axev__encoder_write(struct axev__encoder *encoder, int64_t ms, axev_error *err)
{
	int code;

	encoder->picture->pts = ms;
	code = encoder->av.avcodec_send_frame(encoder->codec, encoder->picture);
	if (code < 0)
		return fail_av(&encoder->av, code, "cannot encode", err);
	return write_packets(encoder, err);
}

int axev__encoder_finish(struct axev__encoder *encoder, axev_error *err)
{
	int code = encoder->av.avcodec_send_frame(encoder->codec, NULL);

	if (code < 0)
		return fail_av(&encoder->av, code, "cannot encode", err);
	TRY(write_packets(encoder, err));
	code = encoder->av.av_write_trailer(encoder->file);
	if (code < 0)
		return fail_av(&encoder->av, code, "the end of the file", err);
	return encoder->has_failed_to_write ? axev__fail(err, AXEV_E_IO, "video: cannot write; is the disk full?") :
					      AXEV_OK;
}
