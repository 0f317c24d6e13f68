/* SPDX-License-Identifier: Apache-2.0 */
#include "base/error.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

size_t axev_error_size(void)
{
	return sizeof(axev_error);
}

void axev_error_clear(axev_error *err)
{
	if (err)
		memset(err, 0, sizeof(*err));
}

size_t axev_error_text(const axev_error *err, char *out, size_t out_bytes)
{
	int length;

	if (!out || out_bytes == 0)
		return 0;
	out[0] = '\0';
	if (!err)
		return 0;
	if (err->subject[0] != '\0')
		length = snprintf(out, out_bytes, "%s: %s", err->subject, err->message);
	else
		length = snprintf(out, out_bytes, "%s", err->message);
	if (length < 0)
		return 0;
	return (size_t)length < out_bytes ? (size_t)length : out_bytes - 1;
}

const char *axev_status_name(int status)
{
	static const char *const names[] = {
		"ok",        "out-of-memory", "misuse",      "io",        "format",
		"limit",     "not-found",     "exists",      "state",     "unsupported",
		"crypto",    "network",       "peer",        "cancelled", "locked",
		"passphrase", "corrupt",      "internal",    "invalid",   "indeterminate",
	};

	if (status > 0 || (size_t)-status >= AXEV__COUNT(names))
		return "unknown";
	return names[-status];
}

/* Cut at a character border, so that a clipped message is still UTF-8. */
static void trim_partial_character(char *text, size_t length)
{
	size_t start = length;

	while (start > 0 && ((unsigned char)text[start - 1] & 0xC0) == 0x80)
		start--;
	if (start > 0 && (unsigned char)text[start - 1] >= 0xC0)
		text[start - 1] = '\0';
}

static void set_message(axev_error *err, const char *format, va_list args)
{
	int length = vsnprintf(err->message, sizeof(err->message), format, args);

	if (length >= (int)sizeof(err->message))
		trim_partial_character(err->message, sizeof(err->message) - 1);
}

static int is_settable(const axev_error *err)
{
	return err && err->status == AXEV_OK;
}

int axev__fail(axev_error *err, int status, const char *format, ...)
{
	va_list args;

	if (!is_settable(err))
		return status;
	err->status = status;
	va_start(args, format);
	set_message(err, format, args);
	va_end(args);
	return status;
}

int axev__fail_at(axev_error *err, int status, uint64_t offset, const char *format, ...)
{
	va_list args;

	if (!is_settable(err))
		return status;
	err->status = status;
	err->offset = offset;
	err->has_offset = 1;
	va_start(args, format);
	set_message(err, format, args);
	va_end(args);
	return status;
}

int axev__fail_errno(axev_error *err, int sys_errno, const char *format, ...)
{
	int status = sys_errno == ENOMEM ? AXEV_E_NOMEM : AXEV_E_IO;
	va_list args;
	char reason[128];
	size_t used;

	if (!is_settable(err))
		return status;
	err->status = status;
	err->sys_errno = sys_errno;
	va_start(args, format);
	set_message(err, format, args);
	va_end(args);
	/* GNU strerror_r: may return its own static text, never touches the locale of other threads. */
	used = strlen(err->message);
	snprintf(err->message + used, sizeof(err->message) - used, ": %s",
		 strerror_r(sys_errno, reason, sizeof(reason)));
	return status;
}

int axev__nomem(axev_error *err)
{
	return axev__fail(err, AXEV_E_NOMEM, "out of memory");
}

int axev__prefix(int status, axev_error *err, const char *format, ...)
{
	char outer[sizeof(err->subject)];
	char inner[sizeof(err->subject)];
	va_list args;
	int length;

	if (status >= 0 || !err || err->status == AXEV_OK)
		return status;
	va_start(args, format);
	length = vsnprintf(outer, sizeof(outer), format, args);
	va_end(args);
	if (length >= (int)sizeof(outer))
		trim_partial_character(outer, sizeof(outer) - 1);
	memcpy(inner, err->subject, sizeof(inner));
	length = snprintf(err->subject, sizeof(err->subject), inner[0] ? "%s: %s" : "%s%s", outer,
			  inner);
	if (length >= (int)sizeof(err->subject))
		trim_partial_character(err->subject, sizeof(err->subject) - 1);
	return status;
}
