/* SPDX-License-Identifier: Apache-2.0 */
#include "capture/db/pg_sorted.h"

/* Small tables are in memory as a whole. */
#define WORTH_WHILE \
	"SELECT 1 FROM pg_catalog.pg_class c, pg_catalog.pg_namespace n, pg_catalog.pg_stats s " \
	"WHERE c.oid = $1::pg_catalog.oid AND c.relkind = 'r' AND c.relpages >= 1000 AND n.oid = c.relnamespace " \
	"AND s.schemaname = n.nspname AND s.tablename = c.relname AND s.attname = $2 AND NOT s.inherited AND s.correlation > 0.9999"

static bool is_integer(const struct axev__pg_column *column)
{
	return column->kind == AXEV__PG_INT2 || column->kind == AXEV__PG_INT4 || column->kind == AXEV__PG_INT8;
}

/* Texts and moments have orders of their own. */
static size_t find_integer(const struct axev__pg_shape *shape, struct axev__span name)
{
	struct axev__span field;
	size_t i;

	for (i = 0; i < shape->count; i++)
		if (axev__json_as_string(axev__json_get(axev__json_at(shape->fields, i), "name"), &field) && axev__span_equal(field, name))
			return is_integer(&shape->columns[i]) ? i + 1 : 0;
	return 0;
}

int axev__pg_sorted_column(const struct axev__pg *pg, const struct axev__pg_relation *relation, const axev__json *key,
			   const struct axev__pg_shape *shape, size_t *ret_column, axev_error *err)
{
	AXEV__PG_RESULT guess = { 0 };
	const char *parameters[2] = { relation->oid };
	struct axev__span name;
	size_t column;

	*ret_column = 0;
	if (axev__json_count(key) != 1 || !axev__json_as_string(axev__json_at(key, 0), &name))
		return AXEV_OK;
	column = find_integer(shape, name);
	if (column == 0)
		return AXEV_OK;
	parameters[1] = (const char *)name.data;
	TRY(axev__pg_ask(pg, WORTH_WHILE, parameters, 2, &guess, err));
	if (pg->api.ntuples(guess.result) > 0)
		*ret_column = column;
	return AXEV_OK;
}
