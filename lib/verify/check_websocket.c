/* SPDX-License-Identifier: Apache-2.0 */
/* WebSockets of a web capture: the list of messages is read again out of the bytes beside it. */
#include "verify/verify.h"

#include <inttypes.h>
#include <stdio.h>

#include "base/limits.h"
#include "content/websocket_index.h"

#define PREFIX "data/wire/websocket-"
#define SUFFIX ".json"

static int read_beside(const struct axev__subject *subject, const char *name, const char *suffix,
		       struct axev__buf *out, axev_error *err)
{
	char beside[AXEV__MAX_ENTRY_NAME + 16];
	const struct axev__entry *entry;

	snprintf(beside, sizeof(beside), "%.*s%s", (int)(strlen(name) - strlen(SUFFIX)), name, suffix);
	entry = axev__container_find(subject->container, beside);
	if (!entry)
		return axev__fail(err, AXEV_E_INVALID, "%s is not in the package", beside);
	return axev__container_read(subject->container, entry, out, err);
}

static int check_all(const struct axev__subject *subject, const char *name, uint64_t *ret_messages,
		     axev_error *err)
{
	AXEV__BUF index = AXEV__BUF_INIT(AXEV__MAX_WEBSOCKET_INDEX_BYTES);
	AXEV__BUF sent = AXEV__BUF_INIT(AXEV__MAX_WEBSOCKET_BYTES);
	AXEV__BUF received = AXEV__BUF_INIT(AXEV__MAX_WEBSOCKET_BYTES);

	TRY(axev__container_read(subject->container, axev__container_find(subject->container, name), &index,
				 err));
	TRY(read_beside(subject, name, ".sent", &sent, err));
	TRY(read_beside(subject, name, ".received", &received, err));
	return axev__websocket_index_check(axev__buf_view(&index), axev__buf_view(&sent),
					   axev__buf_view(&received), ret_messages, err);
}

int axev__check_websocket(struct axev__check *parent, const struct axev__subject *subject, const char *name,
			  axev_error *err)
{
	struct axev__span path = axev__span_str(name);
	axev_error problem = AXEV_ERROR_INIT;
	struct axev__check *check;
	uint64_t messages = 0;
	int status;

	if (!axev__span_starts(path, PREFIX) || !axev__span_ends(path, SUFFIX))
		return AXEV_OK;
	TRY(axev__check_add(parent, AXEV__C_WEB_SOCKET, name, &check, err));
	status = check_all(subject, name, &messages, &problem);
	TRY(axev__check_close(check, status, &problem, err));
	return status < 0 ? AXEV_OK :
			    axev__check_say(check, AXEV__CHECK_FOUND, err, "消息 messages %" PRIu64, messages);
}
