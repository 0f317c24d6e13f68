/* SPDX-License-Identifier: Apache-2.0 */
/* Every sentence of a report, in both languages, in tables. Ids are stable: programs read them. */
#ifndef AXEV_VERIFY_MESSAGES_H
#define AXEV_VERIFY_MESSAGES_H

#include <stdbool.h>

enum axev__check_id {
	AXEV__C_CONTAINER,
	AXEV__C_STRUCTURE,
	AXEV__C_HASHES,
	AXEV__C_LISTS,
	AXEV__C_SIGNATURE,
	AXEV__C_SIGNATURE_FORM,
	AXEV__C_SIGNATURE_VALUE,
	AXEV__C_SIGNATURE_EXPECTED,
	AXEV__C_TOKEN,
	AXEV__C_TOKEN_IMPRINT,
	AXEV__C_MANIFEST,
	AXEV__C_FORMAT,
	AXEV__C_OBJECTS,
	AXEV__C_FACTS,
	AXEV__C_COMPLETE,
	AXEV__C_ANCHOR,
	AXEV__C_WEB,
	AXEV__C_WEB_STRUCTURE,
	AXEV__C_WEB_HASHES,
	AXEV__C_WEB_RECORDS,
	AXEV__C_WEB_INDEX,
	AXEV__C_WEB_SOCKET,
	AXEV__C_WEB_OBSERVED,
	AXEV__C_TLS,
	AXEV__C_TLS_FORM,
	AXEV__C_TLS_CONNECTION,
	AXEV__C_TLS_SIGNATURE,
	AXEV__C_TLS_FACTS,
	AXEV__C_TLS_HOST,
	AXEV__C_TLS_SOURCE,
	AXEV__C_TLS_COVERAGE,
	AXEV__C_TRUST_TLS,
	AXEV__C_TRUST_SCT,
	AXEV__C_TRUST_SIGNER,
	AXEV__C_TRUST_TIME,
	AXEV__C_TRUST_BEFORE,
	AXEV__C_TIME_ORDER,
	AXEV__C_PACKAGES,
	AXEV__C_PACKAGE,
	AXEV__C_PACKAGE_ID,
	AXEV__C_HAND,
	AXEV__C_LEDGER,
	AXEV__C_CHECKPOINT,
	AXEV__C_CHECKPOINT_TIME,
	AXEV__C_LEDGER_ENTRY,
	AXEV__C_LEDGER_ORDER,
	AXEV__C_LEDGER_PACKAGE,
	AXEV__C_LEDGER_TARGET,
	AXEV__C_LEDGER_ANCHOR,
	AXEV__C_TRUST_LEDGER,
	AXEV__C_COUNT
};

/* What a check is about: decides which of the two first lines it speaks to. */
enum axev__check_about { AXEV__ABOUT_CONTENT, AXEV__ABOUT_TRUST };

struct axev__check_text {
	const char *id;
	enum axev__check_about about;
	const char *title_zh, *title_en;
	const char *expected_zh, *expected_en;
	const char *command; /* NULL: given by the check, or none */
};
const struct axev__check_text *axev__check_text(enum axev__check_id id);

enum axev__remark {
	AXEV__REMARK_NONE,
	AXEV__REMARK_OK,
	AXEV__REMARK_TRUSTED,
	AXEV__REMARK_NOT_CHOSEN,
	AXEV__REMARK_TIME_PENDING,
	AXEV__REMARK_EMBEDDED_TRUSTED,
	AXEV__REMARK_EMBEDDED_NOT_CHOSEN,
	AXEV__REMARK_NOT_RELIED_ON,
	AXEV__REMARK_NEWER,
	AXEV__REMARK_PARTIAL,
	AXEV__REMARK_NO_FACTS,
	AXEV__REMARK_NO_ANCHOR,
	AXEV__REMARK_ANCHOR_NOT_THERE,
	AXEV__REMARK_NO_NOT_BEFORE,
	AXEV__REMARK_NO_WACZ,
	AXEV__REMARK_OBSERVED,
	AXEV__REMARK_NO_LEDGER,
	AXEV__REMARK_NO_LEDGER_REQUIRED,
	AXEV__REMARK_TRANSPORT,
	AXEV__REMARK_NO_CONNECTIONS,
	AXEV__REMARK_NO_TLS,
	AXEV__REMARK_NO_TLS_ROOTS,
	AXEV__REMARK_NO_CT_LOGS,
	AXEV__REMARK_TLS_CUT_OFF,
	AXEV__REMARK_TLS_RESUMED,
	AXEV__REMARK_TLS_UNSIGNED,
	AXEV__REMARK_TLS_OLDER,
	AXEV__REMARK_TLS_ENCRYPTED_HELLO,
	AXEV__REMARK_TLS_UNKNOWN,
	AXEV__REMARK_TLS_LOSSY,
	AXEV__REMARK_COUNT
};
/* What no check of bytes can tell, so that nobody reads it into a verdict; NULL after the last. */
const char *axev__not_checked(unsigned position, bool is_zh);

const char *axev__remark_text(enum axev__remark remark, bool is_zh);

#endif
