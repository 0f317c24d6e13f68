/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A WACZ file of ours, made again from itself: hashes of its entries, digests of every record and payload, the index.
 * The container comes from axev__wacz_open and has been hashed. What does not agree is AXEV_E_INVALID or AXEV_E_FORMAT.
 */
#ifndef AXEV_PACKAGE_WACZ_READ_H
#define AXEV_PACKAGE_WACZ_READ_H

#include "package/container_read.h"

struct axev__wacz_counts {
	uint64_t records, payloads, pages;
	uint64_t masked; /* records of requests whose head is masked */
};

/* datapackage-digest.json and datapackage.json: form, members, hash and size of each entry. */
int axev__wacz_check_package(const struct axev__container *wacz, axev_error *err);

/* Every record has the block digest, and the payload digest if any, that it states; every page is a record's. */
int axev__wacz_check_records(const struct axev__container *wacz, const axev_env *env,
			     struct axev__wacz_counts *ret_counts, axev_error *err);

/* indexes/index.cdx is what the WARC gives. */
int axev__wacz_check_index(const struct axev__container *wacz, axev_error *err);

#endif
