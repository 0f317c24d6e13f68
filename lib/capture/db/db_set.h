/* SPDX-License-Identifier: Apache-2.0 */
/* One table or query on its way into a capture: rows of any engine become a record set and its views. */
#ifndef AXEV_CAPTURE_DB_DB_SET_H
#define AXEV_CAPTURE_DB_DB_SET_H

#include <pthread.h>

#include "capture/record_objects.h"
#include "package/row_c14n.h"
#include "package/row_sort.h"

/* What a capture of a database has so far. */
struct axev__db_capture {
	struct axev__take *take;
	char folder[96];   /* for files on the way, below the ledger; removed at the end */
	unsigned sets;
	unsigned large;    /* cells kept as objects */
	uint64_t rows;
	bool keeps_incomplete, is_cut; /* see db_cut.h */
	struct axev__db_set *straight; /* the one that is_straight; NULL: none. See db_stream.h */
	axev__json *queries, *tables; /* of source */
};

struct axev__db_set {
	struct axev__db_capture *capture;
	char name[AXEV__MAX_DB_NAME + 1];
	const char *statement; /* lent; NULL: there is none */
	bool has_no_csv;       /* no view as CSV: the engine sets it when the source is CSV */
	struct axev__buf header;
	int fd;                /* of records that went aside */
	int sort_fd;
	bool is_straight;      /* records are the open entry of the package */
	pthread_mutex_t stream_lock; /* over both */
	struct axev__record_writer *writer;
	struct axev__row_sort *sort; /* NULL: rows come in the order of their key */
	struct axev__buf cells;      /* of the row being read; the engine fills it */
	uint64_t rows;
	bool is_cut;                 /* reading ended before the end of the rows */
	size_t rising;               /* the column, from 1, whose integers must rise from row to row; 0: the engine's order is taken */
	int64_t last;                /* the one before */
	bool is_disordered;          /* they did not: */
	uint64_t dropped;            /* rows from there on */
};

/* What the header says of the rows. All lent. */
struct axev__db_rows {
	const char *name, *statement; /* NULL: rows of a file, which nobody asked for by a statement */
	const char *order;   /* as the statement has it; NULL: no key, so a multiset */
	const axev__json *about;  /* "what" and more, without the statement */
	const axev__json *fields; /* axev__db_field() made them */
};
int axev__db_set_begin(struct axev__db_capture *capture, const struct axev__db_rows *rows,
		       struct axev__db_set *ret_set, axev_error *err);
/* One more column of @fields: its name and its type as the database declares it. */
int axev__db_field(axev__json *fields, const char *name, const char *type, axev_error *err);
/* Text of a database as a member: UTF-8, or escaped. NULL is empty. */
int axev__db_text(axev__json *json, const char *key, const char *text, axev_error *err);
int axev__db_append_text(axev__json *list, const char *text, axev_error *err);
void axev__db_set_end(struct axev__db_set *set);
#define AXEV__DB_SET AXEV__CLEANUP(axev__db_set_end) struct axev__db_set

/* Text or bytes into set->cells: TEXT that is not UTF-8 becomes RAW_TEXT, more than AXEV__MAX_INLINE_CELL becomes an object of its own. */
int axev__db_set_content(struct axev__db_set *set, enum axev__cell_tag tag, struct axev__span content,
			 axev_error *err);
/* Content of more than AXEV__MAX_INLINE_CELL: the object, and its cell behind @cells. */
int axev__db_large(struct axev__db_capture *capture, enum axev__cell_tag tag, struct axev__span content,
		   struct axev__buf *cells, axev_error *err);
/* The row in set->cells is whole. */
int axev__db_set_row(struct axev__db_set *set, axev_error *err);
/* Record set and views into the package; what was read into the steps and queries. */
int axev__db_set_finish(struct axev__db_set *set, axev_error *err);

/* A new file without a name in the capture's folder. */
int axev__db_spool(const struct axev__db_capture *capture, int *ret_fd, axev_error *err);

#endif
