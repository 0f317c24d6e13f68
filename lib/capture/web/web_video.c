/* SPDX-License-Identifier: Apache-2.0 */
/* Video of a web capture: from the first address to the views, or of the whole display in a session. */
#include <stdio.h>

#include "base/io.h"
#include "base/limits.h"
#include "base/text.h"
#include "capture/web/web.h"

int axev__web_video_begin(struct axev__web *web, const char *display, axev_error *err)
{
	struct axev__take *take = web->take;
	struct axev__video_opts opts = {
		.width = web->opts->width,
		.height = web->opts->height,
		.display = display,
		.env = take->env,
	};

	if (!web->opts->video)
		return AXEV_OK;
	/* Of a browser that crashed. */
	axev__video_free(web->video);
	web->video = NULL;
	axev__closep(&web->video_fd);
	web->video_fd = -1;
	TRY(axev__web_scratch(web, &web->video_fd, err));
	opts.fd = web->video_fd;
	TRY(axev__video_start(&opts, &web->video, err));
	if (display)
		return axev__take_step(take, "video", "begun", err);
	web->page->video = web->video;
	return axev__page_cast(web->page, true, err);
}

static int add_video(struct axev__web *web, axev_error *err)
{
	struct axev__spill video = { .fd = web->video_fd };

	TRY(axev__file_size(web->video_fd, &video.size_bytes, err));
	return axev__web_spilled_object(
		web, "data/video.webm", axev__span_str("video.webm"), "video", "video/webm",
		"video of what was shown, encoded while it was shown; the strip below is drawn by this software", &video, err);
}

static int add_index(struct axev__web *web, const axev__json *index, axev_error *err)
{
	AXEV__BUF bytes = AXEV__BUF_INIT(AXEV__MAX_PAGE_SHOT_BYTES);

	TRY(axev__json_canonical(index, &bytes, err));
	return axev__web_object(web, "video-index.json", "video-index", "application/json",
				"frames of the video: time and address of each, written by this software",
				axev__buf_view(&bytes), err);
}

int axev__web_video_end(struct axev__web *web, axev_error *err)
{
	AXEV__JSON *facts = NULL, *index = NULL;
	bool is_cut = false;

	if (!web->video)
		return AXEV_OK;
	web->page->video = NULL;
	if (!web->opts->interactive && !axev__cdp_is_gone(web->page->cdp))
		TRY(axev__page_cast(web->page, false, err));
	TRY(axev__video_finish(web->video, &facts, &index, &is_cut, err));
	axev__video_free(web->video);
	web->video = NULL;
	TRY(add_video(web, err));
	TRY(add_index(web, index, err));
	if (is_cut)
		TRY(axev__web_missing(web, "rest of the video", "longer than is kept", err));
	TRY(axev__take_set(web->take, "video", axev__steal(facts), err));
	return axev__take_step(web->take, "video", "ended", err);
}
