/* SPDX-License-Identifier: Apache-2.0 */
/* Files: whole reads and writes, and writes that are durable before anyone is told. */
#ifndef AXEV_BASE_IO_H
#define AXEV_BASE_IO_H

#include <sys/types.h>

#include "base/buf.h"

/* Exactly @size bytes, or an error; a short file is AXEV_E_FORMAT "ends early". */
int axev__pread_full(int fd, void *out, size_t size, uint64_t offset, axev_error *err);
int axev__pwrite_full(int fd, const void *data, size_t size, uint64_t offset, axev_error *err);
int axev__write_full(int fd, const void *data, size_t size, axev_error *err);

/* Up to @size bytes; *ret_got is 0 at the end. Interrupted calls are repeated. */
int axev__read_some(int fd, void *out, size_t size, size_t *ret_got, axev_error *err);

int axev__file_size(int fd, uint64_t *ret_bytes, axev_error *err);

/* open(2) relative to @dirfd, always close-on-exec; the error names @path and what to do. */
int axev__open(int dirfd, const char *path, int flags, mode_t mode, int *ret_fd, axev_error *err);

/* Whole regular file into @out (its maximum is the limit). */
int axev__read_file(int dirfd, const char *path, struct axev__buf *out, axev_error *err);

/*
 * Replace or create @name in @dirfd so that after a crash it is either the old or the new file:
 * temporary file, fsync, rename, fsync of the directory.
 */
int axev__write_file_durable(int dirfd, const char *name, struct axev__span data, mode_t mode,
			     axev_error *err);

/* The same, but an existing file is AXEV_E_EXISTS and stays. */
int axev__create_file_durable(int dirfd, const char *name, struct axev__span data, mode_t mode,
			      axev_error *err);

int axev__fsync(int fd, const char *what, axev_error *err);

/* Directory below @dirfd, made with its parents; every new one is fsynced, and its parent too. */
int axev__make_dirs_durable(int dirfd, const char *path, mode_t mode, axev_error *err);

/* Rename within @dirfd and fsync both parent directories. */
int axev__rename_durable(int dirfd, const char *from, const char *to, axev_error *err);

/* Remove a tree below @dirfd; does not follow links. A missing tree is no error. */
int axev__remove_tree(int dirfd, const char *path, axev_error *err);

#endif
