/* SPDX-License-Identifier: Apache-2.0 */
/* Batches through several threads: all of them, in order, and the first failure whichever thread was faster. */
#include "support.h"

#include <stdatomic.h>
#include <unistd.h>

#include "package/crew.h"

#define GIVEN 500

struct batch {
	unsigned number, squared;
};

struct line {
	struct batch batches[AXEV__CREW_BATCHES];
	struct axev__crew *crew;
	atomic_uint worked;
	unsigned handed;
	unsigned bad_work, bad_hand_on; /* numbers of batches that fail; none: GIVEN */
};

/* The later of two neighbours is often ready first. */
static int work(void *payload, void *pointer, axev_error *err)
{
	struct line *line = payload;
	struct batch *batch = pointer;

	usleep(batch->number % 2 ? 0 : 300);
	batch->squared = batch->number * batch->number;
	line->worked++;
	if (batch->number >= line->bad_work)
		return axev__fail(err, AXEV_E_FORMAT, "batch %u cannot be worked on", batch->number);
	return AXEV_OK;
}

static int hand_on(void *payload, void *pointer, axev_error *err)
{
	struct line *line = payload;
	const struct batch *batch = pointer;

	ck_assert_uint_eq(batch->number, line->handed);
	ck_assert_uint_eq(batch->squared, batch->number * batch->number);
	line->handed++;
	if (batch->number >= line->bad_hand_on)
		return axev__fail(err, AXEV_E_IO, "batch %u cannot be handed on", batch->number);
	return AXEV_OK;
}

static void line_end(struct line *line)
{
	axev__crew_free(line->crew);
}
#define LINE AXEV__CLEANUP(line_end) struct line

static void begin(struct line *line, unsigned bad_work, unsigned bad_hand_on)
{
	const struct axev__crew_job job = { work, hand_on, line };
	axev_error err = AXEV_ERROR_INIT;

	line->bad_work = bad_work;
	line->bad_hand_on = bad_hand_on;
	assert_ok(axev__crew_new(&job, line->batches, sizeof(line->batches[0]), &line->crew, &err));
}

static int give(struct line *line, unsigned count, axev_error *err)
{
	unsigned i;

	for (i = 0; i < count; i++) {
		void *batch;

		TRY(axev__crew_next(line->crew, &batch, err));
		((struct batch *)batch)->number = i;
		axev__crew_give(line->crew);
	}
	return axev__crew_wait(line->crew, err);
}

START_TEST(crew__batches_are_handed_on_in_order)
{
	static const unsigned counts[] = { 0, 1, 2, AXEV__CREW_BATCHES, AXEV__CREW_BATCHES + 1, GIVEN };
	axev_error err = AXEV_ERROR_INIT;
	size_t i;

	for (i = 0; i < AXEV__COUNT(counts); i++) {
		LINE line = { 0 };

		begin(&line, GIVEN, GIVEN);
		assert_ok(give(&line, counts[i], &err));
		ck_assert_uint_eq(line.handed, counts[i]);
		ck_assert_uint_eq(line.worked, counts[i]);
	}
}
END_TEST

START_TEST(crew__the_first_failure_is_told)
{
	axev_error err;
	LINE work_fails = { 0 }, handing_fails = { 0 };

	begin(&work_fails, 100, GIVEN);
	assert_fails(give(&work_fails, GIVEN, &err), AXEV_E_FORMAT, "batch 100 cannot be worked on");
	ck_assert_uint_eq(work_fails.handed, 100);
	begin(&handing_fails, 101, 100);
	assert_fails(give(&handing_fails, GIVEN, &err), AXEV_E_IO, "batch 100 cannot be handed on");
	ck_assert_uint_eq(handing_fails.handed, 101);
	assert_fails(axev__crew_wait(handing_fails.crew, &err), AXEV_E_IO, "batch 100 cannot be handed on");
}
END_TEST

/* The owner gives up while batches are on their way. */
/* Without any thread: none is started for one batch. */
START_TEST(crew__who_waits_for_more_can_help)
{
	LINE line = { 0 };
	axev_error err = AXEV_ERROR_INIT;
	void *batch;

	begin(&line, GIVEN, GIVEN);
	ck_assert(!axev__crew_help(line.crew));
	assert_ok(axev__crew_next(line.crew, &batch, &err));
	*(struct batch *)batch = (struct batch){ 0 };
	ck_assert(!axev__crew_help(line.crew)); /* it is being filled */
	axev__crew_give(line.crew);
	ck_assert(axev__crew_help(line.crew));
	ck_assert_uint_eq(line.worked, 1);
	ck_assert_uint_eq(line.handed, 0);
	ck_assert(axev__crew_help(line.crew));
	ck_assert_uint_eq(line.handed, 1);
	ck_assert(!axev__crew_help(line.crew));
	assert_ok(axev__crew_wait(line.crew, &err));
}
END_TEST

START_TEST(crew__helping_changes_no_order)
{
	LINE line = { 0 };
	axev_error err = AXEV_ERROR_INIT;
	unsigned i;

	begin(&line, 400, GIVEN);
	for (i = 0; i < 400; i++) {
		void *batch;

		assert_ok(axev__crew_next(line.crew, &batch, &err));
		((struct batch *)batch)->number = i;
		axev__crew_give(line.crew);
		while (i % 3 == 0 && axev__crew_help(line.crew))
			;
	}
	assert_ok(axev__crew_wait(line.crew, &err));
	ck_assert_uint_eq(line.handed, 400);
}
END_TEST

START_TEST(crew__it_can_be_left_at_any_time)
{
	axev_error err = AXEV_ERROR_INIT;
	unsigned given;

	for (given = 0; given < 2 * AXEV__CREW_BATCHES; given++) {
		LINE line = { 0 };
		unsigned i;

		begin(&line, GIVEN, GIVEN);
		for (i = 0; i < given; i++) {
			void *batch;

			assert_ok(axev__crew_next(line.crew, &batch, &err));
			((struct batch *)batch)->number = i;
			axev__crew_give(line.crew);
		}
	}
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("crew");
	TCase *tcase = tcase_create("crew");

	tcase_add_test(tcase, crew__batches_are_handed_on_in_order);
	tcase_add_test(tcase, crew__the_first_failure_is_told);
	tcase_add_test(tcase, crew__who_waits_for_more_can_help);
	tcase_add_test(tcase, crew__helping_changes_no_order);
	tcase_add_test(tcase, crew__it_can_be_left_at_any_time);
	suite_add_tcase(suite, tcase);
	return run_suite(suite);
}
