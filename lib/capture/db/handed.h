/* SPDX-License-Identifier: Apache-2.0 */
/* A file of data that was handed over: kept byte for byte, its rows a record set, who gave it another one. FORMAT.md 3.6. */
#ifndef AXEV_CAPTURE_DB_HANDED_H
#define AXEV_CAPTURE_DB_HANDED_H

#include "capture/db/db_engine.h"
#include "package/data_rows.h"

/* Tables, statements and parameters are not for files; signs, encoding and date must be such. Before anything is logged. */
int axev__handed_check(const axev_db_opts *opts, enum axev__data_format format, axev_error *err);

int axev__handed_csv(struct axev__db_capture *capture, const axev_db_opts *opts, const char *where,
		     axev__json *source, axev_error *err);
int axev__handed_json(struct axev__db_capture *capture, const axev_db_opts *opts, const char *where,
		      axev__json *source, axev_error *err);
int axev__handed_jsonl(struct axev__db_capture *capture, const axev_db_opts *opts, const char *where,
		       axev__json *source, axev_error *err);

/* The set "handover", when there is something to be told. */
int axev__handover_check(const axev_handover *handover, axev_error *err);
int axev__handover_add(struct axev__db_capture *capture, const axev_handover *handover, axev_error *err);

#endif
