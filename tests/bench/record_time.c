/* SPDX-License-Identifier: Apache-2.0 */
/*
 * record_time PACKAGE RECORD COLUMN: milliseconds of the fastest of some runs, in one process, to make the proof of one cell and to
 * check it. Each run opens the package again.
 */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include <ax_evidence/ax_evidence.h>

#define RUNS 20

static double now_ms(void)
{
	struct timespec at;

	clock_gettime(CLOCK_MONOTONIC, &at);
	return (double)at.tv_sec * 1e3 + (double)at.tv_nsec / 1e6;
}

int main(int argc, char **argv)
{
	axev_record_choice choice = AXEV_RECORD_CHOICE_INIT;
	const char *columns[] = { argc > 3 ? argv[3] : NULL };
	double made = 1e9, checked = 1e9, begun;
	uint8_t root[AXEV_SHA256_BYTES];
	axev_error err = AXEV_ERROR_INIT;
	uint64_t records;
	int i;

	if (argc != 4 || axev_record_set_root(argv[1], NULL, root, &records, &err) < 0)
		return 1;
	choice.first = strtoull(argv[2], NULL, 10);
	choice.columns = columns;
	choice.column_count = 1;
	for (i = 0; i < RUNS; i++) {
		char *proof = NULL;

		begun = now_ms();
		if (axev_record_proof_make(argv[1], &choice, &proof, &err) < 0)
			return 1;
		made = now_ms() - begun < made ? now_ms() - begun : made;
		begun = now_ms();
		if (axev_record_proof_check(proof, root, NULL, NULL, &err) < 0)
			return 1;
		checked = now_ms() - begun < checked ? now_ms() - begun : checked;
		axev_text_free(proof);
	}
	printf("make %.2f ms (aim 20), check %.3f ms (aim 2)\n", made, checked);
	return 0;
}
