/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Statuses and the caller-owned error.
 *
 * Every fallible call returns 0 or a negative status and fills an axev_error that the caller owns;
 * it is the last parameter and may be NULL. There is no thread-local or global error state.
 */
#ifndef AX_EVIDENCE_ERROR_H
#define AX_EVIDENCE_ERROR_H

#include <ax_evidence/types.h>

#ifdef __cplusplus
extern "C" {
#endif

/** Statuses. Numbers are never reused. */
enum {
	AXEV_OK = 0,
	AXEV_E_NOMEM = -1,         /**< out of memory; never reported for malformed input */
	AXEV_E_INVAL = -2,         /**< the caller broke the contract of the call */
	AXEV_E_IO = -3,            /**< the operating system refused: see sys_errno */
	AXEV_E_FORMAT = -4,        /**< the bytes given are not what the format says: see offset */
	AXEV_E_LIMIT = -5,         /**< a limit of the library's table of maxima was reached */
	AXEV_E_NOTFOUND = -6,      /**< the thing named does not exist */
	AXEV_E_EXISTS = -7,        /**< the thing named exists already */
	AXEV_E_STATE = -8,         /**< the object or ledger is not in a state that allows the call */
	AXEV_E_UNSUPPORTED = -9,   /**< known, but not handled by this version */
	AXEV_E_CRYPTO = -10,       /**< a key, certificate or signature operation failed */
	AXEV_E_NETWORK = -11,      /**< a peer could not be reached, or broke off */
	AXEV_E_PEER = -12,         /**< a peer answered, and the answer was refused */
	AXEV_E_CANCELLED = -13,    /**< the progress callback asked to stop */
	AXEV_E_LOCKED = -14,       /**< another process holds the ledger */
	AXEV_E_PASSPHRASE = -15,   /**< a passphrase is missing or wrong */
	AXEV_E_CORRUPT = -16,      /**< stored data no longer match their recorded digest */
	AXEV_E_INTERNAL = -17,     /**< a defect of the library; please report it */
	AXEV_E_INVALID = -18,      /**< verification: changed, incomplete or refused */
	AXEV_E_INDETERMINATE = -19 /**< verification: whole, but not trusted by the policy */
};

/**
 * What went wrong. Plain data, no allocation: it works when memory is gone, and across languages.
 *
 * The first message wins; outer layers put "subject: " in front. The message is one line of UTF-8;
 * untrusted text in it is escaped. Initialise with AXEV_ERROR_INIT or zero bytes.
 */
typedef struct axev_error {
	int32_t status;     /**< one of the statuses above, 0 when nothing failed */
	int32_t sys_errno;  /**< errno of the failed system call, else 0 */
	uint64_t offset;    /**< byte offset in the input, when has_offset */
	int32_t has_offset; /**< 1 when offset is meaningful */
	int32_t reserved;
	char subject[256];  /**< what the message is about: a path, an entry, a URL; may be empty */
	char message[768];  /**< expected, found, and what to do */
} axev_error;

#define AXEV_ERROR_INIT { 0, 0, 0, 0, 0, { 0 }, { 0 } }

/** Bytes of an axev_error, for callers that allocate it without the header. */
AXEV_API size_t axev_error_size(void);

/** Make @err empty again. @err may be NULL. */
AXEV_API void axev_error_clear(axev_error *err);

/**
 * Write "subject: message" (or only the message) into @out, always NUL-terminated.
 *
 * @param out_bytes  room in @out, with the closing NUL; 1024 always suffices.
 * @return length written without the NUL.
 */
AXEV_API size_t axev_error_text(const axev_error *err, char *out, size_t out_bytes);

/** The short stable name of a status, as "io" or "format". Lent, static. */
AXEV_API const char *axev_status_name(int status);

#ifdef __cplusplus
}
#endif
#endif
