/* SPDX-License-Identifier: Apache-2.0 */
/* A file of data that was handed over: kept byte for byte, its rows a record set, who gave it another one. FORMAT.md 3.6. */
#ifndef AXEV_CAPTURE_DB_HANDED_H
#define AXEV_CAPTURE_DB_HANDED_H

#include "capture/db/db_engine.h"
#include "package/data_rows.h"

/* A format that only a capture reads. */
#define AXEV__HANDED_XLSX AXEV__DATA_FORMATS

/* Tables, statements and parameters are not for files; signs, encoding and date must be such. Before anything is logged. */
int axev__handed_check(const axev_db_opts *opts, enum axev__data_format format, axev_error *err);

int axev__handed_csv(struct axev__db_capture *capture, const axev_db_opts *opts, const char *where,
		     axev__json *source, axev_error *err);
int axev__handed_json(struct axev__db_capture *capture, const axev_db_opts *opts, const char *where,
		      axev__json *source, axev_error *err);
int axev__handed_jsonl(struct axev__db_capture *capture, const axev_db_opts *opts, const char *where,
		       axev__json *source, axev_error *err);
int axev__handed_xlsx(struct axev__db_capture *capture, const axev_db_opts *opts, const char *where,
		      axev__json *source, axev_error *err);

/* The file becomes an object; *ret_source is its bytes there. */
int axev__handed_file(struct axev__db_capture *capture, const char *path, const char *media_type, const char *where,
		      struct axev__source *ret_source, axev_error *err);
/* "key" of @about; NOTFOUND when a column of it is not among @fields. */
int axev__handed_keys(const axev_handover *handover, const axev__json *fields, axev__json *about, axev_error *err);

/* The set "handover", when there is something to be told. */
int axev__handover_check(const axev_handover *handover, axev_error *err);
int axev__handover_add(struct axev__db_capture *capture, const axev_handover *handover, axev_error *err);

#endif
