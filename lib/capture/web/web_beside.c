/* SPDX-License-Identifier: Apache-2.0 */
#include "capture/web/web_beside.h"

#include <fcntl.h>

#include "base/io.h"
#include "capture/machine.h"
#include "package/worker.h"

#define QUIT_MS 10000

/* ---- the browser's digest ---- */

int axev__identity_open(struct axev__identity *identity, const char *path, axev_error *err)
{
	return axev__open(AT_FDCWD, path, O_RDONLY, 0, &identity->fd, err);
}

static void *identify(void *payload)
{
	struct axev__identity *identity = payload;

	identity->status = axev__machine_fd_sha256(identity->fd, identity->sha256, &identity->err);
	return NULL;
}

int axev__identity_begin(struct axev__identity *identity, axev_error *err)
{
	if (identity->is_begun)
		return AXEV_OK;
	TRY(axev__worker_start(&identity->thread, identify, identity, err));
	identity->is_begun = true;
	identity->is_running = true;
	return AXEV_OK;
}

int axev__identity_finish(struct axev__identity *identity, axev_error *err)
{
	if (identity->is_running)
		pthread_join(identity->thread, NULL);
	identity->is_running = false;
	if (identity->status < 0)
		return axev__fail(err, identity->status, "%s", identity->err.message);
	return AXEV_OK;
}

void axev__identity_end(struct axev__identity *identity)
{
	if (identity->is_running)
		pthread_join(identity->thread, NULL);
	axev__closep(&identity->fd);
	*identity = (struct axev__identity)AXEV__IDENTITY_INIT;
}

/* ---- the browser's end ---- */

static void *await_end(void *payload)
{
	struct axev__ending *ending = payload;

	ending->was_killed = !axev__browser_wait(ending->browser, QUIT_MS);
	ending->is_removed = axev__browser_remove(ending->browser);
	return NULL;
}

int axev__ending_begin(struct axev__ending *ending, struct axev__browser *browser, axev_error *err)
{
	ending->browser = browser;
	TRY(axev__worker_start(&ending->thread, await_end, ending, err));
	ending->is_running = true;
	return AXEV_OK;
}

void axev__ending_finish(struct axev__ending *ending)
{
	if (ending->is_running)
		pthread_join(ending->thread, NULL);
	ending->is_running = false;
}
