/* SPDX-License-Identifier: Apache-2.0 */
/* Instants as nanoseconds since 1970-01-01 UTC in an int64, without any local time zone. */
#ifndef AXEV_BASE_TIME_H
#define AXEV_BASE_TIME_H

#include "base/error.h"
#include "base/span.h"

#define AXEV__NS_PER_SECOND INT64_C(1000000000)
#define AXEV__RFC3339_SIZE 31     /* "2026-11-24T08:00:00.000000000Z" with the closing NUL */
#define AXEV__RFC3339_S_SIZE 21   /* "2026-11-24T08:00:00Z" */
#define AXEV__GENERALIZED_SIZE 16 /* "20261124080000Z" */

struct axev__civil {
	int year, month, day, hour, minute, second, nanosecond;
};

/* Years 1970 to 2261. */
struct axev__civil axev__civil_from_ns(int64_t unix_ns);
bool axev__civil_to_ns(const struct axev__civil *civil, int64_t *ret_unix_ns);

/* RFC 3339 with nine digits and Z: the only form in manifests and ledger entries. */
void axev__rfc3339(char out[AXEV__RFC3339_SIZE], int64_t unix_ns);
void axev__rfc3339_seconds(char out[AXEV__RFC3339_S_SIZE], int64_t unix_ns);
bool axev__parse_rfc3339(struct axev__span text, int64_t *ret_unix_ns);

/* Of the machine, for durations and deadlines; the time of day comes from axev_env. */
int64_t axev__mono_ns(void);

/* For people: "--at" accepts 2026-11-24, 2026-11-24T08:00:00Z, fractions and +08:00 offsets. */
bool axev__parse_time_argument(struct axev__span text, int64_t *ret_unix_ns);

/* ASN.1 GeneralizedTime in DER form: YYYYMMDDHHMMSS[.f...]Z (X.690 11.7). */
void axev__generalized_time(char out[AXEV__GENERALIZED_SIZE], int64_t unix_ns);
bool axev__parse_generalized_time(struct axev__span text, int64_t *ret_unix_ns);

#endif
