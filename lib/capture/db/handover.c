/* SPDX-License-Identifier: Apache-2.0 */
/* Who handed a file over, when and on what: one record, so that a name can be withheld and what is left still be proven. */
#include <stdio.h>

#include "base/text.h"
#include "capture/db/handed.h"

static const char *const names[] = { "giver", "giver_id", "received", "medium" };

static const char *text_at(const axev_handover *handover, size_t field)
{
	const char *const texts[] = { handover->giver, handover->giver_id, handover->received, handover->medium };

	return texts[field];
}

static bool is_time(const char *text, struct axev__moment *ret_moment)
{
	struct axev__moment moment = { .has_date = true };
	char rest[2], between;
	int count = sscanf(text, "%4u-%2u-%2u%c%2u:%2u%1s", &moment.year, &moment.month, &moment.day, &between,
			   &moment.hour, &moment.minute, rest);

	moment.has_time = count == 6 && (between == 'T' || between == ' ');
	*ret_moment = moment;
	return strlen(text) == (moment.has_time ? 16 : 10) && (count == 3 || moment.has_time) && moment.month >= 1 &&
	       moment.month <= 12 && moment.day >= 1 && moment.day <= 31 && moment.hour < 24 && moment.minute < 60;
}

int axev__handover_check(const axev_handover *handover, axev_error *err)
{
	struct axev__moment moment;
	struct axev__shown shown;
	size_t i;

	if (handover->size < sizeof(*handover))
		return axev__fail(err, AXEV_E_INVAL, "expected an axev_handover of this version");
	for (i = 0; i < AXEV__COUNT(names); i++) {
		const char *text = text_at(handover, i);

		if (text && (!*text || strlen(text) > AXEV__MAX_FACT_BYTES || !axev__is_utf8(axev__span_str(text))))
			return axev__fail(err, AXEV_E_INVAL, "%s: expected text in UTF-8 of 1 to %zu bytes", names[i],
					  AXEV__MAX_FACT_BYTES);
	}
	if (handover->received && !is_time(handover->received, &moment))
		return axev__fail(err, AXEV_E_INVAL, "received: expected 2026-11-29 or 2026-11-29T09:30, found '%s'",
				  axev__show_str(&shown, handover->received));
	return AXEV_OK;
}

static int put(struct axev__db_set *set, const axev_handover *handover, size_t field, axev_error *err)
{
	const char *text = text_at(handover, field);
	struct axev__moment moment;

	if (!text)
		return axev__cell_null(&set->cells, err);
	if (text != handover->received)
		return axev__cell_string(axev__span_str(text), &set->cells, err);
	(void)is_time(text, &moment);
	return axev__cell_moment(&moment, &set->cells, err);
}

static int add_record(struct axev__db_capture *capture, const axev_handover *handover, axev_error *err)
{
	AXEV__JSON *fields = axev__json_new_array(), *about = axev__json_new_object();
	const struct axev__db_rows rows = { .name = "handover", .order = "one record", .about = about, .fields = fields };
	AXEV__DB_SET set = { .fd = -1, .sort_fd = -1 };
	uint64_t before = capture->rows;
	size_t i;

	TRY(axev__json_set_str(about, "what", "handover", err));
	for (i = 0; i < AXEV__COUNT(names); i++)
		TRY(axev__db_field(fields, names[i], "text", err));
	TRY(axev__db_set_begin(capture, &rows, &set, err));
	for (i = 0; i < AXEV__COUNT(names); i++)
		TRY(put(&set, handover, i, err));
	TRY(axev__db_set_row(&set, err));
	TRY(axev__db_set_finish(&set, err));
	capture->rows = before; /* it is no row of the data */
	return AXEV_OK;
}

int axev__handover_add(struct axev__db_capture *capture, const axev_handover *handover, axev_error *err)
{
	if (handover->giver || handover->giver_id || handover->received || handover->medium)
		return add_record(capture, handover, err);
	return axev__take_step(capture->take, "handover", "who handed the file over, when and on what was not stated",
			       err);
}
