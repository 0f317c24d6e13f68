/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Why a check failed, in Chinese. Errors are written in English where they are found; whoever reads the report in Chinese
 * meets the same reason here. Ids are stable: programs read them.
 */
#ifndef AXEV_VERIFY_REASONS_H
#define AXEV_VERIFY_REASONS_H

#include "base/buf.h"

/* A blank-separated pattern of an English message: each * stands for what differs, {1} to {9} in the Chinese. */
struct axev__reason {
	const char *id, *en, *zh;
};
/* NULL behind the last. */
const struct axev__reason *axev__reason_at(size_t position);

/*
 * The Chinese for @text, "subject: message" as axev_error_text() gives it; subjects stay as they are. Something is always said: a
 * message without a translation of its own is introduced in Chinese and quoted. *ret_id is "" then.
 */
int axev__reason_zh(const char *text, struct axev__buf *out, const char **ret_id, axev_error *err);

#endif
