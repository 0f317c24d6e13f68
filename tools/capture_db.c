/* SPDX-License-Identifier: Apache-2.0 */
#include "capture_db.h"

#include <stdlib.h>
#include <string.h>

#include "cli.h"

static int add_name(const char **names, size_t *count, const char *name)
{
	if (*count == MAX_TABLES) {
		cli_usage("capture", "expected at most %d tables, parameters or keys", MAX_TABLES);
		return -1;
	}
	names[(*count)++] = name;
	return 1;
}

static int take_password(struct capture_db *db, const char *variable)
{
	db->opts.password = getenv(variable);
	if (db->opts.password)
		return 1;
	cli_usage("capture", "the variable '%.40s' with the password is not set", variable);
	return -1;
}

static int take_query(struct capture_db *db, const char *query)
{
	if (db->opts.query) {
		cli_usage("capture", "expected one --query");
		return -1;
	}
	db->opts.query = query;
	return 1;
}

/* Of a file that was handed over. */
static int take_handover(struct capture_db *db, int option, char *argument)
{
	axev_handover *handover = &db->handover;
	const char **const texts[] = { &handover->giver,    &handover->giver_id,  &handover->received, &handover->medium,
				       &handover->encoding, &handover->delimiter, &handover->quote };

	db->opts.handover = handover;
	handover->keys = db->keys;
	if (option == OPTION_KEY_COLUMN)
		return add_name(db->keys, &handover->key_count, argument);
	if (option == OPTION_NO_NAMES)
		handover->no_names = 1;
	else if (option == OPTION_DELIMITER && strcmp(argument, "tab") == 0)
		handover->delimiter = "\t";
	else if (option == OPTION_QUOTE && strcmp(argument, "none") == 0)
		handover->quote = "";
	else
		*texts[option - OPTION_GIVER] = argument;
	return 1;
}

int capture_db_option(struct capture_db *db, int option, char *argument)
{
	if (option < OPTION_TABLE || option > OPTION_KEY_COLUMN)
		return 0;
	db->is_given = 1;
	db->opts.tables = db->tables;
	db->opts.parameters = db->parameters;
	switch (option) {
	case OPTION_TABLE:
		return add_name(db->tables, &db->opts.table_count, argument);
	case OPTION_PARAM:
		return add_name(db->parameters, &db->opts.parameter_count, argument);
	case OPTION_PASSWORD:
		return take_password(db, argument);
	case OPTION_INCOMPLETE:
		db->opts.keep_incomplete = 1;
		return 1;
	case OPTION_QUERY:
		return take_query(db, argument);
	default:
		return take_handover(db, option, argument);
	}
}
