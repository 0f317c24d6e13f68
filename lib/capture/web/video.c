/* SPDX-License-Identifier: Apache-2.0 */
#include "capture/web/video.h"

#include <inttypes.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "base/limits.h"
#include "base/text.h"
#include "capture/web/video_encode.h"
#include "capture/web/video_strip.h"
#include "package/worker.h"

#define WAITING 16        /* pictures */
#define REPEAT_MS 500     /* nothing new: the clock goes on */
#define DISPLAY_RATE 8    /* pictures a second */
#define MILLISECOND_NS 1000000

struct row {
	int64_t ms;
	uint32_t address;
	bool is_repeated;
};

struct waiting {
	uint8_t *data;
	size_t size;
	int64_t ms;
	uint32_t address;
};

struct axev__video {
	struct axev__encoder *encoder;
	pthread_t thread;
	bool is_running;
	bool is_display;
	uint32_t width, height;
	int64_t started_ns;        /* UTC; the rest of the time is the monotonic clock's */
	int64_t started_mono_ns;

	pthread_mutex_t lock;      /* of what follows */
	pthread_cond_t wake;
	struct waiting queue[WAITING];
	size_t queue_first, queue_count;
	axev__json *addresses;
	uint32_t address_number; /* in force: the last of addresses */
	uint64_t dropped;
	bool is_ending;

	/* the thread's alone, until it has ended */
	struct row *rows;
	size_t row_count;
	bool is_cut;
	int status;
	axev_error err;
};

static int64_t mono_ns(void)
{
	struct timespec now = { 0 };

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

static int64_t elapsed_ms(const struct axev__video *video)
{
	return (mono_ns() - video->started_mono_ns) / MILLISECOND_NS;
}

int axev__video_available(axev_error *err)
{
	return axev__encoder_available(err);
}

/* ---- the thread ---- */

static int add_row(struct axev__video *video, const struct row *row, axev_error *err)
{
	if ((video->row_count & (video->row_count - 1)) == 0) {
		struct row *rows = reallocarray(video->rows, video->row_count ? 2 * video->row_count : 1,
						sizeof(*rows));

		if (!rows)
			return axev__nomem(err);
		video->rows = rows;
	}
	video->rows[video->row_count++] = *row;
	return AXEV_OK;
}

static void copy_address(struct axev__video *video, uint32_t number, char *out, size_t size)
{
	struct axev__span text = axev__span("", 0);

	pthread_mutex_lock(&video->lock);
	axev__json_as_string(axev__json_at(video->addresses, number), &text);
	snprintf(out, size, "%.*s", (int)text.size, (const char *)text.data);
	pthread_mutex_unlock(&video->lock);
}

/* The picture as it is, with a strip of this moment and the address at which the picture was taken. */
static int write_frame(struct axev__video *video, int64_t ms, uint32_t address_number, bool is_repeated,
		       axev_error *err)
{
	char address[AXEV__MAX_URL_BYTES];
	struct row row = { .ms = ms, .address = address_number, .is_repeated = is_repeated };
	size_t stride, width;
	uint8_t *strip;

	if (video->row_count == AXEV__MAX_VIDEO_FRAMES ||
	    axev__encoder_bytes(video->encoder) > AXEV__MAX_VIDEO_BYTES) {
		video->is_cut = true;
		return AXEV_OK;
	}
	if (video->row_count && row.ms <= video->rows[video->row_count - 1].ms)
		row.ms = video->rows[video->row_count - 1].ms + 1;
	copy_address(video, address_number, address, sizeof(address));
	strip = axev__encoder_strip(video->encoder, &stride, &width, err);
	if (!strip)
		return AXEV_E_NOMEM;
	axev__strip_draw(strip, stride, width, video->started_ns + row.ms * MILLISECOND_NS, address);
	TRY(axev__encoder_write(video->encoder, row.ms, err));
	return add_row(video, &row, err);
}

static void await_picture(struct axev__video *video)
{
	int64_t last_ms = video->row_count ? video->rows[video->row_count - 1].ms : 0;
	int64_t until_ns = video->started_mono_ns + (last_ms + REPEAT_MS) * MILLISECOND_NS;
	const struct timespec until = { until_ns / 1000000000, until_ns % 1000000000 };

	while (video->queue_count == 0 && !video->is_ending &&
	       pthread_cond_timedwait(&video->wake, &video->lock, &until) == 0)
		;
}

/* The next picture; without one data is NULL. */
static struct waiting take_picture(struct axev__video *video, bool *ret_is_over)
{
	struct waiting next = { 0 };

	pthread_mutex_lock(&video->lock);
	await_picture(video);
	if (video->queue_count) {
		next = video->queue[video->queue_first];
		video->queue_first = (video->queue_first + 1) % WAITING;
		video->queue_count--;
	}
	*ret_is_over = video->is_ending && !next.data;
	pthread_mutex_unlock(&video->lock);
	return next;
}

static void count_dropped(struct axev__video *video)
{
	pthread_mutex_lock(&video->lock);
	video->dropped++;
	pthread_mutex_unlock(&video->lock);
}

static int record_pushed(struct axev__video *video, axev_error *err)
{
	uint32_t address = 0; /* of the picture at hand */
	bool is_over = false;

	while (!is_over) {
		struct waiting next = take_picture(video, &is_over);
		AXEV__FREE uint8_t *data = next.data;
		int status = data ? axev__encoder_jpeg(video->encoder, axev__span(data, next.size), err) : AXEV_OK;

		if (status == AXEV_E_FORMAT) {
			axev_error_clear(err);
			count_dropped(video);
			continue;
		}
		TRY(status);
		if (data)
			address = next.address;
		if (!video->is_cut)
			TRY(write_frame(video, data ? next.ms : elapsed_ms(video), address, !data, err));
	}
	return AXEV_OK;
}

static bool is_ending(struct axev__video *video)
{
	bool ending;

	pthread_mutex_lock(&video->lock);
	ending = video->is_ending;
	pthread_mutex_unlock(&video->lock);
	return ending;
}

static uint32_t address_in_force(struct axev__video *video)
{
	uint32_t number;

	pthread_mutex_lock(&video->lock);
	number = video->address_number;
	pthread_mutex_unlock(&video->lock);
	return number;
}

static int record_display(struct axev__video *video, axev_error *err)
{
	while (!is_ending(video) && !video->is_cut) {
		TRY(axev__encoder_grab(video->encoder, err));
		TRY(write_frame(video, elapsed_ms(video), address_in_force(video), false, err));
	}
	/* It comes at a steady pace; what is not there was left out. */
	if (video->row_count) {
		int64_t due = (video->rows[video->row_count - 1].ms - video->rows[0].ms) * DISPLAY_RATE / 1000 + 1;

		if (due > (int64_t)video->row_count)
			video->dropped += (uint64_t)due - video->row_count;
	}
	return AXEV_OK;
}

static void *record(void *payload)
{
	struct axev__video *video = payload;

	video->status = video->is_display ? record_display(video, &video->err) : record_pushed(video, &video->err);
	if (video->status == AXEV_OK)
		video->status = axev__encoder_finish(video->encoder, &video->err);
	return NULL;
}

/* ---- start ---- */

static int init(struct axev__video *video, axev_error *err)
{
	pthread_condattr_t attributes;

	pthread_mutex_init(&video->lock, NULL);
	pthread_condattr_init(&attributes);
	pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
	pthread_cond_init(&video->wake, &attributes);
	pthread_condattr_destroy(&attributes);
	video->addresses = axev__json_new_array();
	return video->addresses ? axev__json_append_str(video->addresses, "", err) : axev__nomem(err);
}

static int start(struct axev__video *video, const struct axev__video_opts *opts, axev_error *err)
{
	TRY(init(video, err));
	video->width = opts->width;
	video->height = opts->height;
	video->is_display = opts->display != NULL;
	if (opts->display)
		TRY(axev__display_size(opts->display, &video->width, &video->height, err));
	TRY(axev__encoder_open(video->width, video->height, AXEV__STRIP_ROWS, opts->fd, &video->encoder, err));
	if (opts->display)
		TRY(axev__encoder_open_display(video->encoder, opts->display, DISPLAY_RATE, err));
	TRY(axev__now(opts->env, &video->started_ns, err));
	video->started_mono_ns = mono_ns();
	TRY(axev__worker_start(&video->thread, record, video, err));
	video->is_running = true;
	return AXEV_OK;
}

int axev__video_start(const struct axev__video_opts *opts, struct axev__video **ret_video, axev_error *err)
{
	struct axev__video *video = calloc(1, sizeof(*video));
	int status = video ? start(video, opts, err) : axev__nomem(err);

	if (status < 0)
		axev__video_free(video);
	else
		*ret_video = video;
	return status;
}

int axev__video_push(struct axev__video *video, struct axev__span jpeg, axev_error *err)
{
	struct waiting one = { .size = jpeg.size, .ms = elapsed_ms(video) };

	if (jpeg.size == 0 || jpeg.size > AXEV__MAX_VIDEO_PICTURE_BYTES) {
		count_dropped(video);
		return AXEV_OK;
	}
	one.data = malloc(jpeg.size);
	if (!one.data)
		return axev__nomem(err);
	memcpy(one.data, jpeg.data, jpeg.size);
	pthread_mutex_lock(&video->lock);
	one.address = video->address_number;
	/* The newest stays: behind it a page may show nothing new for long, and the video must not stand at an older one. */
	if (video->queue_count == WAITING) {
		video->queue_count--;
		free(video->queue[(video->queue_first + video->queue_count) % WAITING].data);
		video->dropped++;
	}
	video->queue[(video->queue_first + video->queue_count++) % WAITING] = one;
	pthread_cond_signal(&video->wake);
	pthread_mutex_unlock(&video->lock);
	return AXEV_OK;
}

int axev__video_address(struct axev__video *video, const char *url, axev_error *err)
{
	AXEV__BUF shown = AXEV__BUF_INIT(16 * AXEV__MAX_URL_BYTES);
	int status = AXEV_OK;

	TRY(axev__escape(&shown, axev__span(url, strnlen(url, AXEV__MAX_URL_BYTES - 1)), err));
	pthread_mutex_lock(&video->lock);
	if (axev__json_count(video->addresses) < AXEV__MAX_VIDEO_ADDRESSES) {
		status = axev__json_append_str(video->addresses, shown.data ? (const char *)shown.data : "", err);
		video->address_number = (uint32_t)axev__json_count(video->addresses) - 1;
	}
	pthread_mutex_unlock(&video->lock);
	return status;
}

/* ---- end ---- */

static void end_thread(struct axev__video *video)
{
	if (!video->is_running)
		return;
	pthread_mutex_lock(&video->lock);
	video->is_ending = true;
	pthread_cond_signal(&video->wake);
	pthread_mutex_unlock(&video->lock);
	pthread_join(video->thread, NULL);
	video->is_running = false;
}

static int make_index(const struct axev__video *video, axev__json **ret_index, axev_error *err)
{
	AXEV__JSON *index = axev__json_new_object();
	AXEV__JSON *frames = axev__json_new_array();
	size_t i;

	for (i = 0; i < video->row_count; i++) {
		const struct row *row = &video->rows[i];
		AXEV__JSON *one = axev__json_new_object();

		TRY(axev__json_set_u64(one, "frame", i, err));
		TRY(axev__json_set_u64(one, "ms", (uint64_t)row->ms, err));
		TRY(axev__json_set_time(one, "time", video->started_ns + row->ms * MILLISECOND_NS, err));
		TRY(axev__json_set_u64(one, "address", row->address, err));
		if (row->is_repeated)
			TRY(axev__json_set_bool(one, "repeated", true, err));
		TRY(axev__json_append(frames, axev__steal(one), err));
	}
	TRY(axev__json_set_str(index, "format", "ax-video-index/1", err));
	TRY(axev__json_set(index, "addresses", axev__json_copy(video->addresses), err));
	TRY(axev__json_set(index, "frames", axev__steal(frames), err));
	*ret_index = axev__steal(index);
	return AXEV_OK;
}

static int make_facts(const struct axev__video *video, axev__json **ret_facts, axev_error *err)
{
	AXEV__JSON *facts = axev__json_new_object();
	uint64_t repeated = 0, last_ms = 0;
	size_t i;

	for (i = 0; i < video->row_count; i++)
		repeated += video->rows[i].is_repeated;
	if (video->row_count)
		last_ms = (uint64_t)video->rows[video->row_count - 1].ms;
	TRY(axev__json_set_str(facts, "codec", "VP8 in WebM", err));
	TRY(axev__json_set_str(facts, "of", video->is_display ? "the whole display" : "the page", err));
	TRY(axev__json_set_str(facts, "sound", "not recorded", err));
	TRY(axev__json_set_str(facts, "strip", "below the picture: UTC, UTC+8 and the address, drawn by this software",
			       err));
	TRY(axev__json_set_u64(facts, "width", video->width, err));
	TRY(axev__json_set_u64(facts, "height", video->height, err));
	TRY(axev__json_set_u64(facts, "strip_rows", AXEV__STRIP_ROWS, err));
	TRY(axev__json_set_u64(facts, "frames", video->row_count, err));
	TRY(axev__json_set_u64(facts, "repeated_frames", repeated, err));
	TRY(axev__json_set_u64(facts, "dropped_frames", video->dropped, err));
	TRY(axev__json_set_u64(facts, "duration_ms", last_ms, err));
	TRY(axev__json_set_time(facts, "started", video->started_ns, err));
	*ret_facts = axev__steal(facts);
	return AXEV_OK;
}

int axev__video_finish(struct axev__video *video, axev__json **ret_facts, axev__json **ret_index,
		       bool *ret_is_cut, axev_error *err)
{
	AXEV__JSON *facts = NULL;

	end_thread(video);
	if (video->status < 0)
		return axev__fail(err, video->status, "%s", video->err.message);
	TRY(make_facts(video, &facts, err));
	TRY(make_index(video, ret_index, err));
	*ret_facts = axev__steal(facts);
	*ret_is_cut = video->is_cut;
	return AXEV_OK;
}

void axev__video_free(struct axev__video *video)
{
	size_t i;

	if (!video)
		return;
	end_thread(video);
	for (i = 0; i < video->queue_count; i++)
		free(video->queue[(video->queue_first + i) % WAITING].data);
	axev__encoder_free(video->encoder);
	axev__json_free(video->addresses);
	free(video->rows);
	pthread_cond_destroy(&video->wake);
	pthread_mutex_destroy(&video->lock);
	free(video);
}
