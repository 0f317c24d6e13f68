/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Containers whose own signers, or strangers, sign a lie: lists, digests and signatures fit. Each lie is found in the content,
 * under a policy that trusts both officers, the time-stamp authority and the ledger.
 */
#ifndef AXEV_TESTS_FORGED_CASE_H
#define AXEV_TESTS_FORGED_CASE_H

#include "support_forge.h"

#include "base/text.h"
#include "crypto/digest.h"
#include "ledger/handle.h"
#include "net/authority.h"

static struct forge_base base;
static axev_error err;

static inline void begin(void)
{
	forge_base_new(&base);
}

static inline void end(void)
{
	forge_base_free(&base);
}

static inline void assert_verdict(struct forge *forge, int expected, const char *said)
{
	AXEV__BUF bytes = AXEV__BUF_INIT(AXEV__MIB);
	char *text = NULL;
	int verdict;

	forge_finish(&base, forge, &bytes);
	verdict = forge_verdict(axev__buf_view(&bytes), base.policy, &text);
	ck_assert_msg(verdict == expected, "expected verdict %d:\n%.3500s", expected, text);
	ck_assert_msg(!said || strstr(text, said) != NULL, "expected '%s' in:\n%.3500s", said, text);
	axev_text_free(text);
}

static inline void assert_found(struct forge *forge, const char *said)
{
	assert_verdict(forge, AXEV_VERDICT_INVALID, said);
}

static inline axev__json *member(struct forge *forge, const char *key)
{
	axev__json *found = axev__json_get(forge->manifest, key);

	ck_assert_ptr_nonnull(found);
	return found;
}

/* ---- time-stamps ---- */

static uint8_t first_imprint[32];

static inline void stamp_the_first_again(unsigned number, const uint8_t imprint[32], struct axev__buf *token)
{
	static const axev_tsa embedded = { sizeof(axev_tsa), "embedded", NULL, 0, 0 };

	if (number == 1)
		memcpy(first_imprint, imprint, 32);
	assert_ok(axev__authority_stamp(&embedded, 1, base.ledger->dirfd, first_imprint, NULL, token,
					&err));
}

static inline void stamp_checkpoint(const struct axev__buf *note, struct axev__buf *token)
{
	uint8_t imprint[32];

	assert_ok(axev__sha256(note->data, note->size, imprint, &err));
	first_imprint[0] = 0;
	stamp_the_first_again(1, imprint, token);
}

#endif
