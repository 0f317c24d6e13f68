/* SPDX-License-Identifier: Apache-2.0 */
/* A ledger in the test's folder, and the policy that trusts its operator. */
#ifndef AXEV_TESTS_SUPPORT_LEDGER_H
#define AXEV_TESTS_SUPPORT_LEDGER_H

#include "support_folder.h"

#include <ax_evidence/ax_evidence.h>

/* It has parameters of that name. */
#include "ledger/ledger.h"

static axev_ledger *ledger;
static axev_policy *policy;
static axev_error err;

static inline void make_ledger(void)
{
	make_folder();
	assert_ok(axev_ledger_init(in_folder("L"), NULL, &err));
	assert_ok(axev_ledger_open(in_folder("L"), NULL, &ledger, &err));
	assert_ok(axev_policy_open(in_folder("L/policy.json"), &policy, &err));
}

static inline void remove_ledger(void)
{
	axev_ledger_close(ledger);
	axev_policy_free(policy);
	remove_folder();
}

#endif
