/* SPDX-License-Identifier: Apache-2.0 */
/* The full check's part about packages: what the entries seal and erase, and what of it is here. */
#ifndef AXEV_LEDGER_CHECK_PACKAGES_H
#define AXEV_LEDGER_CHECK_PACKAGES_H

#include "base/json.h"
#include "ledger/log_state.h"

/* A package that an entry seals. */
struct axev__check_sealed {
	uint8_t id[32], sha256[32];
	uint64_t index, bytes;
	uint64_t erased_by; /* UINT64_MAX: nobody */
};

struct axev__check_packages {
	struct axev__ledger *ledger;
	struct axev__check_sealed *sealed; /* in the order of entries */
	size_t count, capacity;
};
void axev__check_packages_free(struct axev__check_packages *packages);

/* Entries one after another. A sealed one, whose pointer fits: */
int axev__check_packages_sealed(struct axev__check_packages *packages, const axev__json *entry, uint64_t index,
				const uint8_t sha256[32], uint64_t bytes, axev_error *err);
/* Any: when it erases, it must name disclosures of a package, all of them sealed before, that cover it. */
int axev__check_packages_erased(struct axev__check_packages *packages, const axev__json *entry, uint64_t index, axev_error *err);
/* Behind the last entry: every file against its digest; counts what is missing and what is erased. */
int axev__check_packages_objects(struct axev__check_packages *packages, struct axev__ledger_check *result, axev_error *err);

#endif
