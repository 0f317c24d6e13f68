/* SPDX-License-Identifier: Apache-2.0 */
/* Stands in for video in builds made without it. */
#include "capture/web/video.h"

int axev__video_available(axev_error *err)
{
	return axev__fail(err, AXEV_E_UNSUPPORTED,
			  "this build records no video (apt install libavcodec-dev libavformat-dev libavdevice-dev libswscale-dev, then meson -Dvideo=enabled)");
}

int axev__video_start(const struct axev__video_opts *opts, struct axev__video **ret_video, axev_error *err)
{
	(void)opts;
	(void)ret_video;
	return axev__video_available(err);
}

int axev__video_push(struct axev__video *video, struct axev__span jpeg, axev_error *err)
{
	(void)video;
	(void)jpeg;
	return axev__video_available(err);
}

int axev__video_address(struct axev__video *video, const char *url, axev_error *err)
{
	(void)video;
	(void)url;
	return axev__video_available(err);
}

int axev__video_finish(struct axev__video *video, axev__json **ret_facts, axev__json **ret_index,
		       bool *ret_is_cut, axev_error *err)
{
	(void)video;
	(void)ret_facts;
	(void)ret_index;
	(void)ret_is_cut;
	return axev__video_available(err);
}

void axev__video_free(struct axev__video *video)
{
	(void)video;
}
