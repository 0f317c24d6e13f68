/* SPDX-License-Identifier: Apache-2.0 */
#include "capture/db/db_wanted.h"

#include "base/text.h"
#include "capture/db/db_cut.h"

int axev__db_name_check(const char *name, axev_error *err)
{
	if (strlen(name) > AXEV__MAX_DB_NAME || !axev__is_utf8(axev__span_str(name)))
		return axev__fail(err, AXEV_E_INVAL, "expected a name in UTF-8 of at most %zu bytes", AXEV__MAX_DB_NAME);
	return AXEV_OK;
}

static int capture_table(const struct axev__db_calls *calls, void *reader, struct axev__db_capture *capture,
			 const char *name, axev_error *err)
{
	axev_error problem = AXEV_ERROR_INIT;

	TRY(axev__db_name_check(name, err));
	if (capture->is_cut)
		return axev__db_cut_behind(capture, name, err);
	return axev__db_cut_between(capture, name, false, calls->table(reader, name, &problem), &problem, err);
}

static int capture_query(const struct axev__db_calls *calls, void *reader, struct axev__db_capture *capture,
			 const axev_db_opts *opts, axev_error *err)
{
	axev_error problem = AXEV_ERROR_INIT;

	if (capture->is_cut)
		return axev__db_cut_behind(capture, "query", err);
	return axev__db_cut_between(capture, "query", false, calls->query(reader, opts, &problem), &problem, err);
}

/* The names are gathered first: a driver may not be asked for rows while it still lists tables. */
static int capture_all_tables(const struct axev__db_calls *calls, void *reader, struct axev__db_capture *capture,
			      axev_error *err)
{
	AXEV__JSON *names = axev__json_new_array();
	size_t i;

	TRY(calls->tables(reader, names, err));
	if (axev__json_count(names) == 0)
		return axev__fail(err, AXEV_E_NOTFOUND, "the database has no tables, or none that may be seen");
	for (i = 0; i < axev__json_count(names); i++) {
		AXEV__FREE char *name = NULL;
		struct axev__span text;

		if (!axev__json_as_string(axev__json_at(names, i), &text))
			return axev__fail(err, AXEV_E_INTERNAL, "expected a name, found another value");
		name = strndup((const char *)text.data, text.size);
		if (!name)
			return axev__nomem(err);
		TRY(capture_table(calls, reader, capture, name, err));
	}
	return AXEV_OK;
}

int axev__db_wanted(const struct axev__db_calls *calls, void *reader, struct axev__db_capture *capture,
		    const axev_db_opts *opts, axev_error *err)
{
	size_t i;

	if (opts->table_count == 0 && !opts->query)
		return capture_all_tables(calls, reader, capture, err);
	for (i = 0; i < opts->table_count; i++)
		TRY(capture_table(calls, reader, capture, opts->tables[i], err));
	return opts->query ? capture_query(calls, reader, capture, opts, err) : AXEV_OK;
}

int axev__db_parameters(const axev_db_opts *opts, axev__json *about, axev_error *err)
{
	axev__json *list = axev__json_new_array();
	size_t i;

	TRY(axev__json_set(about, "parameters", list, err));
	for (i = 0; i < opts->parameter_count; i++) {
		if (!axev__is_utf8(axev__span_str(opts->parameters[i])))
			return axev__fail(err, AXEV_E_INVAL, "expected parameter %zu in UTF-8", i + 1);
		TRY(axev__json_append_str(list, opts->parameters[i], err));
	}
	return AXEV_OK;
}
