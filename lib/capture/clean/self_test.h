/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The page with a known answer: made anew for each capture, so that nothing can have been prepared for it, and served by
 * this process to a browser of its own. Text, picture and data of it are known, and every byte that was sent.
 */
#ifndef AXEV_CAPTURE_SELF_TEST_H
#define AXEV_CAPTURE_SELF_TEST_H

#include "capture/clean/clean.h"
#include "capture/wire/wire.h"
#include "net/known_server.h"

#define AXEV__SELF_TEST_ANSWERS 3
#define AXEV__SELF_TEST_TILE 64 /* CSS pixels; the picture has two tiles each way, at the page's corner */

struct axev__self_test {
	char text[256];           /* of the page as it must be shown */
	uint32_t colours[4];      /* of the picture's tiles, row by row, 0x00RRGGBB */
	struct axev__key *root_key, *key, *stranger_key;
	struct axev__buf root_der, root_pem, cert_der, stranger_der;
	struct axev__buf responses[AXEV__SELF_TEST_ANSWERS];
	uint8_t payload_sha256[AXEV__SELF_TEST_ANSWERS][32];
	struct axev__known_answer answers[AXEV__SELF_TEST_ANSWERS];
	struct axev__known_server *server;
	struct axev__known_server *stranger; /* its certificate is of nobody whom the browser trusts */
	char url[64];
};
#define AXEV__SELF_TEST_INIT \
	{ .root_der = AXEV__BUF_INIT(AXEV__MAX_DER_BYTES), .root_pem = AXEV__BUF_INIT(AXEV__MAX_PEM_BYTES), \
	  .cert_der = AXEV__BUF_INIT(AXEV__MAX_DER_BYTES), .stranger_der = AXEV__BUF_INIT(AXEV__MAX_DER_BYTES) }

/* Keys, certificates, answers out of 64 bytes that nobody may guess, and both servers. */
int axev__self_test_begin(struct axev__self_test *test, const uint8_t seed[64], axev_error *err);
void axev__self_test_free(struct axev__self_test *test);
#define AXEV__SELF_TEST AXEV__CLEANUP(axev__self_test_free) struct axev__self_test

/*
 * What the recorder has against what the servers, which have been stopped, received and sent: every connection, every byte,
 * certificate, and the three exchanges. Both sides go into @raw; the first difference into @problem, "" when there is none.
 */
int axev__self_test_compare(struct axev__self_test *test, struct axev__wire *wire, struct axev__buf *raw,
			    char *problem, size_t problem_size, axev_error *err);

/* Is the picture at the corner of this screenshot, @scale pixels for each of CSS, the one that was sent? */
int axev__self_test_picture(const struct axev__self_test *test, struct axev__span png, uint32_t scale,
			    struct axev__buf *raw, bool *ret_is_known, axev_error *err);

#endif
