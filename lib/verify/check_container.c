/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Structure, checksums and digest lists: nothing inside is looked at before these hold. (Headers of containers inside have told
 * the pass over the file which ranges to hash; they are read and judged again in their turn.)
 */
#include "verify/verify.h"

#include "package/zip_format.h"

static bool ends_early(const struct axev__source *source)
{
	uint8_t tail[AXEV__ZIP_END_BYTES], head[4];

	if (source->size < sizeof(tail) || axev__source_read(source, 0, head, sizeof(head), NULL) < 0 ||
	    axev__source_read(source, source->size - sizeof(tail), tail, sizeof(tail), NULL) < 0)
		return true;
	return axev__get_u32le(head) == AXEV__ZIP_LOCAL_MAGIC &&
	       axev__get_u32le(tail) != AXEV__ZIP_END_MAGIC;
}

static int step(struct axev__check *parent, enum axev__check_id id, int status,
		const axev_error *problem, bool *ret_holds, axev_error *err)
{
	struct axev__check *check;

	TRY(axev__check_add(parent, id, NULL, &check, err));
	*ret_holds = status >= 0;
	return axev__check_close(check, status, problem, err);
}

static int check_steps(const struct axev__verify *verify, struct axev__check *node,
		       const struct axev__source *source, struct axev__subject *subject,
		       axev_error *err)
{
	axev_error problem = AXEV_ERROR_INIT;
	bool holds;
	int status = axev__container_open(source, &subject->container, &problem);

	if (status < 0 && subject->depth == 0)
		verify->report->is_truncated = ends_early(source);
	TRY(step(node, AXEV__C_STRUCTURE, status, &problem, &holds, err));
	if (!holds)
		return AXEV_OK;
	status = axev__container_hash(subject->container, verify->env, &problem);
	TRY(step(node, AXEV__C_HASHES, status, &problem, &holds, err));
	if (!holds)
		return AXEV_OK;
	status = axev__container_check_lists(subject->container, &subject->signature_count, &problem);
	if (status >= 0 &&
	    (subject->signature_count == 0 || subject->signature_count > AXEV__MAX_SIGNATURES))
		status = axev__fail(&problem, AXEV_E_FORMAT, "expected 1 to %d signatures, found %u",
				    AXEV__MAX_SIGNATURES, subject->signature_count);
	TRY(step(node, AXEV__C_LISTS, status, &problem, &holds, err));
	subject->is_whole = holds;
	return AXEV_OK;
}

int axev__check_container(const struct axev__verify *verify, struct axev__check *parent,
			  const struct axev__source *source, struct axev__subject *subject,
			  axev_error *err)
{
	struct axev__check *node;

	TRY(axev__check_add(parent, AXEV__C_CONTAINER, NULL, &node, err));
	TRY(check_steps(verify, node, source, subject, err));
	axev__check_sum(node);
	return AXEV_OK;
}
