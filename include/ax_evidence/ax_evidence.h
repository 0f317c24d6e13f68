/* SPDX-License-Identifier: Apache-2.0 */
/* Electronic evidence: capture, seal, ledger, export, verify, print. Includes every public header. */
#ifndef AX_EVIDENCE_AX_EVIDENCE_H
#define AX_EVIDENCE_AX_EVIDENCE_H

#include <ax_evidence/bundle.h>
#include <ax_evidence/capture.h>
#include <ax_evidence/compare.h>
#include <ax_evidence/disclose.h>
#include <ax_evidence/env.h>
#include <ax_evidence/erase.h>
#include <ax_evidence/error.h>
#include <ax_evidence/key.h>
#include <ax_evidence/ledger.h>
#include <ax_evidence/policy.h>
#include <ax_evidence/print.h>
#include <ax_evidence/record.h>
#include <ax_evidence/tsa.h>
#include <ax_evidence/types.h>
#include <ax_evidence/verify.h>
#include <ax_evidence/version.h>

#endif
