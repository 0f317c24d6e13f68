/* SPDX-License-Identifier: Apache-2.0 */
/* Names inside of a disclosure, for the writer and the verifier. FORMAT.md section 3.5. */
#ifndef AXEV_PACKAGE_DISCLOSURE_H
#define AXEV_PACKAGE_DISCLOSURE_H

#define AXEV__ORIGINAL_ROLE "original"
#define AXEV__ORIGINAL_FOLDER "data/original"
#define AXEV__ORIGINAL_MANIFEST AXEV__ORIGINAL_FOLDER "/evidence.json"
#define AXEV__ORIGINAL_ENTRY AXEV__ORIGINAL_FOLDER "/sealed.entry.json"
#define AXEV__ORIGINAL_PROOF AXEV__ORIGINAL_FOLDER "/sealed.tlog-proof"
/* With the number of the signature. */
#define AXEV__ORIGINAL_LIST_FORM AXEV__ORIGINAL_FOLDER "/asicmanifest%03u.xml"
#define AXEV__ORIGINAL_SIGNATURE_FORM AXEV__ORIGINAL_FOLDER "/signature%03u.p7s"

#define AXEV__DISCLOSED_ROLE "record-proof"
#define AXEV__DISCLOSED_FORM "data/disclosed/%03u.json"

#endif
