/* SPDX-License-Identifier: Apache-2.0 */
/* A helper thread that no signal of the host process is ever delivered to. */
#ifndef AXEV_PACKAGE_WORKER_H
#define AXEV_PACKAGE_WORKER_H

#include <pthread.h>

#include "base/error.h"

int axev__worker_start(pthread_t *ret_thread, void *(*run)(void *payload), void *payload,
		       axev_error *err);

#endif
