/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ZIP files of others, entry by entry, in memory that does not grow with them (PKWARE APPNOTE 6.3.10; stored and deflated entries, no ZIP64,
 * no encryption). What is read is held against the size and the CRC-32 of the central directory. A small file can unpack to very much:
 * all readings together are bounded, too.
 */
#ifndef AXEV_FOREIGN_UNZIP_H
#define AXEV_FOREIGN_UNZIP_H

#include "base/error.h"
#include "base/limits.h"
#include "base/source.h"

struct axev__unzip;
/* @source is lent. */
int axev__unzip_open(const struct axev__source *source, struct axev__unzip **ret_unzip, axev_error *err);
void axev__unzip_free(struct axev__unzip *unzip);

bool axev__unzip_has(const struct axev__unzip *unzip, const char *name);
/* Unpacked, as the directory says: no more than that is ever read. 0: it is not there. */
uint64_t axev__unzip_size(const struct axev__unzip *unzip, const char *name);
typedef int (*axev__unzip_taker)(void *payload, struct axev__span piece, axev_error *err);
int axev__unzip_read(struct axev__unzip *unzip, const char *name, axev__unzip_taker take, void *payload,
		     axev_error *err);

#endif
