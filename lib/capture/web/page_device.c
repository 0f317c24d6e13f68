/* SPDX-License-Identifier: Apache-2.0 */
/* What the page is told of the device that shows it: size of the screen, touch, user agent, time zone. */
#include <stdio.h>

#include "base/limits.h"
#include "base/text.h"
#include "capture/web/page.h"

#define CALL_MS 15000

const struct axev__device *axev__device_find(const char *name)
{
	/*
	 * The phone is one of no maker: the size in CSS pixels of most that were sold in the last years and three device
	 * pixels for each, so that sites send the pictures that they send to phones.
	 */
	static const struct axev__device devices[] = {
		{ "desktop", 1280, 800, 1, false },
		{ "phone", 390, 844, 3, true },
	};
	size_t i;

	for (i = 0; i < AXEV__COUNT(devices); i++)
		if (!name || strcmp(devices[i].name, name) == 0)
			return &devices[i];
	return NULL;
}

/* "Chrome/156.0.8078.79" -> "156" */
static void major_version(const struct axev__page *page, char out[8])
{
	const char *slash = page->product ? strchr(page->product, '/') : NULL;
	size_t length = slash ? strspn(slash + 1, "0123456789") : 0;

	snprintf(out, 8, "%.*s", (int)(length < 7 ? length : 0), slash ? slash + 1 : "");
}

/*
 * What Chrome of this very version sends on any telephone: since version 110 it names neither the model nor the version
 * of Android there. The client hints say the same.
 */
static int override_agent(struct axev__page *page, const char *lang, axev_error *err)
{
	AXEV__BUF params = AXEV__BUF_INIT(16 * AXEV__KIB);
	char major[8], agent[256];

	major_version(page, major);
	snprintf(agent, sizeof(agent),
		 "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/%s.0.0.0 Mobile Safari/537.36",
		 major);
	TRY(axev__buf_printf(&params, err,
			     "{\"userAgent\":\"%s\",\"acceptLanguage\":\"%s\",\"platform\":\"Linux armv81\",\"userAgentMetadata\":{"
			     "\"brands\":[{\"brand\":\"Chromium\",\"version\":\"%s\"},{\"brand\":\"Not)A;Brand\",\"version\":\"24\"}],"
			     "\"fullVersionList\":[],\"platform\":\"Android\",\"platformVersion\":\"10\",\"architecture\":\"\","
			     "\"model\":\"K\",\"mobile\":true}}",
			     agent, lang, major));
	page->agent_params = strdup((const char *)params.data);
	if (!page->agent_params)
		return axev__nomem(err);
	TRY(axev__cdp_call(page->cdp, page->session, "Emulation.setUserAgentOverride",
			   page->agent_params, CALL_MS, NULL, err));
	page->browser_user_agent = axev__steal(page->user_agent);
	page->user_agent = strdup(agent);
	return page->user_agent ? AXEV_OK : axev__nomem(err);
}

static int override_zone(struct axev__page *page, const char *zone, axev_error *err)
{
	struct axev__shown shown;
	char params[128];
	int status;

	snprintf(params, sizeof(params), "{\"timezoneId\":\"%s\"}", zone);
	page->zone_params = strdup(params);
	if (!page->zone_params)
		return axev__nomem(err);
	status = axev__cdp_call(page->cdp, page->session, "Emulation.setTimezoneOverride", params, CALL_MS,
				NULL, err);
	if (status == AXEV_E_PEER) {
		axev_error_clear(err);
		return axev__fail(err, AXEV_E_INVAL, "expected a time zone as Asia/Shanghai that the browser knows, found %s",
				  axev__show_str(&shown, zone));
	}
	return status;
}

int axev__page_emulate(struct axev__page *page, const struct axev__page_opts *opts, axev_error *err)
{
	char metrics[160];

	snprintf(metrics, sizeof(metrics),
		 "{\"width\":%u,\"height\":%u,\"deviceScaleFactor\":%u,\"mobile\":%s}", opts->width,
		 opts->height, opts->device->scale, opts->device->is_mobile ? "true" : "false");
	if (opts->width)
		TRY(axev__cdp_call(page->cdp, page->session, "Emulation.setDeviceMetricsOverride", metrics, CALL_MS,
				   NULL, err));
	page->scale = opts->device->scale;
	if (opts->time_zone)
		TRY(override_zone(page, opts->time_zone, err));
	if (!opts->device->is_mobile)
		return AXEV_OK;
	TRY(axev__cdp_call(page->cdp, page->session, "Emulation.setTouchEmulationEnabled",
			   "{\"enabled\":true,\"maxTouchPoints\":5}", CALL_MS, NULL, err));
	return override_agent(page, opts->lang, err);
}

/* Frames of other sites and workers are told the same. The answers are not waited for: they run only afterwards. */
int axev__page_emulate_target(struct axev__page *page, const char *session, axev_error *err)
{
	if (page->agent_params)
		TRY(axev__cdp_send(page->cdp, session, "Emulation.setUserAgentOverride", page->agent_params,
				   err));
	if (page->zone_params)
		TRY(axev__cdp_send(page->cdp, session, "Emulation.setTimezoneOverride", page->zone_params, err));
	return AXEV_OK;
}

int axev__page_ask_zone(struct axev__page *page, axev_error *err)
{
	AXEV__JSON *object = NULL;

	TRY(axev__page_ask(page, "({zone:Intl.DateTimeFormat().resolvedOptions().timeZone})", CALL_MS, &object,
			   err));
	return axev__page_set_text(&page->time_zone, object, "zone", err);
}
