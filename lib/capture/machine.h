/* SPDX-License-Identifier: Apache-2.0 */
/* The circumstances of a capture that the machine itself can state: system, clock, the tool's own digests. */
#ifndef AXEV_CAPTURE_MACHINE_H
#define AXEV_CAPTURE_MACHINE_H

#include "base/env.h"
#include "base/json.h"

/* "tool": name, version, SHA-256 of the running program and of the library. */
int axev__machine_tool(axev__json **ret_tool, axev_error *err);
/* "environment": operating system, kernel, machine, time zone of the display. */
int axev__machine_environment(axev__json **ret_environment, axev_error *err);
/* "clock": whether the kernel holds the clock synchronised, and its own estimate of the error. */
int axev__machine_clock(axev__json **ret_clock, axev_error *err);
/* SHA-256 of a file, as of the programs that take part. */
int axev__machine_file_sha256(const char *path, uint8_t out[32], axev_error *err);
/* The same of what is open and not yet read. */
int axev__machine_fd_sha256(int fd, uint8_t out[32], axev_error *err);

#endif
