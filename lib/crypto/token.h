/* SPDX-License-Identifier: Apache-2.0 */
/* What reader and writer of time-stamp tokens share. */
#ifndef AXEV_CRYPTO_TOKEN_H
#define AXEV_CRYPTO_TOKEN_H

#include "crypto/cms.h"
#include "crypto/tsp.h"

/* Parts of a token whose signature, ESS, content and certificate use have been checked. */
int axev__token_open(struct axev__span der, struct axev__signed_data *data,
		     struct axev__token *token, size_t *ret_leaf, axev_error *err);

#endif
