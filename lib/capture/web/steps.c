/* SPDX-License-Identifier: Apache-2.0 */
#include "capture/web/steps.h"

#include <fcntl.h>
#include <stddef.h>
#include <stdio.h>

#include "base/io.h"
#include "base/limits.h"
#include "base/text.h"
#include "capture/web/page_keys.h"
#include "capture/web/web_url.h"

#define FORMAT "ax-steps/1"
#define DEFAULT_STEP_MS 30000
#define MAX_SCROLL 1000000

/* ---- what a step may say ---- */

enum member_type {
	SELECTOR, /* text, goes into selector */
	VALUE,    /* text, goes into value */
	ADDRESS,  /* the same, an http or https address */
	KEY,      /* the same, a key that there is */
	SECRET,   /* { "env": NAME } or { "prompt": TEXT } */
	CLEAR,
	FULL,
	MILLISECONDS,
	NAVIGATION, /* the word "navigation" */
	SCROLL_END, /* "top" or "bottom" */
	SCROLL_BY,
	FRAME       /* a selector or a list of them, goes into frames */
};

struct member {
	const char *name;
	enum member_type type;
	/* 0: may be left out, 1: must be there, 2: exactly one of the twos must */
	int need;
};

#define MAX_MEMBERS 5

static const struct {
	const char *word;
	struct member members[MAX_MEMBERS + 1];
} kinds[AXEV__STEP_KINDS] = {
	[AXEV__STEP_GOTO] = { "goto", { { "url", ADDRESS, 1 } } },
	[AXEV__STEP_CLICK] = { "click", { { "selector", SELECTOR, 1 }, { "frame", FRAME, 0 } } },
	[AXEV__STEP_TYPE] = { "type",
			      { { "selector", SELECTOR, 1 },
				{ "text", VALUE, 2 },
				{ "secret", SECRET, 2 },
				{ "clear", CLEAR, 0 },
				{ "frame", FRAME, 0 } } },
	[AXEV__STEP_PRESS] = { "press", { { "key", KEY, 1 } } },
	[AXEV__STEP_WAIT] = { "wait",
			      { { "ms", MILLISECONDS, 2 },
				{ "selector", SELECTOR, 2 },
				{ "for", NAVIGATION, 2 },
				{ "frame", FRAME, 0 } } },
	[AXEV__STEP_SCROLL] = { "scroll",
				{ { "to", SCROLL_END, 2 },
				  { "by", SCROLL_BY, 2 },
				  { "selector", SELECTOR, 2 },
				  { "frame", FRAME, 0 } } },
	[AXEV__STEP_SELECT] = { "select",
				{ { "selector", SELECTOR, 1 }, { "value", VALUE, 1 }, { "frame", FRAME, 0 } } },
	[AXEV__STEP_UPLOAD] = { "upload",
				{ { "selector", SELECTOR, 1 }, { "file", VALUE, 1 }, { "frame", FRAME, 0 } } },
	[AXEV__STEP_SCREENSHOT] = { "screenshot", { { "name", VALUE, 1 }, { "full", FULL, 0 } } },
	[AXEV__STEP_EXPECT] = { "expect",
				{ { "text", VALUE, 1 }, { "selector", SELECTOR, 0 }, { "frame", FRAME, 0 } } },
};

const char *axev__step_word(const struct axev__step *step)
{
	return kinds[step->kind].word;
}

/* ---- members ---- */

static int take_text(const axev__json *value, const char *name, size_t max, char **ret_text,
		     axev_error *err)
{
	struct axev__span text;
	char *copy;

	if (!axev__json_as_string(value, &text) || text.size == 0 || text.size > max ||
	    memchr(text.data, '\0', text.size))
		return axev__fail(err, AXEV_E_FORMAT,
				  "member '%s': expected a text of 1 to %zu bytes without NUL", name, max);
	copy = strndup((const char *)text.data, text.size);
	if (!copy)
		return axev__nomem(err);
	*ret_text = copy;
	return AXEV_OK;
}

static int take_number(const axev__json *value, const char *name, int64_t min, int64_t max,
		       int64_t *ret_number, axev_error *err)
{
	int64_t number;

	if (!axev__json_as_integer(value, &number) || number < min || number > max || number == 0)
		return axev__fail(err, AXEV_E_FORMAT,
				  "member '%s': expected an integer from %lld to %lld, and not 0", name,
				  (long long)min, (long long)max);
	*ret_number = number;
	return AXEV_OK;
}

static int take_flag(const axev__json *value, const char *name, bool *ret_flag, axev_error *err)
{
	if (!axev__json_as_bool(value, ret_flag))
		return axev__fail(err, AXEV_E_FORMAT, "member '%s': expected true or false", name);
	return AXEV_OK;
}

/* IEEE 1003.1 8.1: what a shell can set. */
static bool is_variable(const char *name)
{
	static const char allowed[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_0123456789";

	return strspn(name, allowed) == strlen(name) && !(*name >= '0' && *name <= '9');
}

static int take_secret(const axev__json *value, struct axev__step *step, axev_error *err)
{
	const axev__json *env = axev__json_get(value, "env"), *prompt = axev__json_get(value, "prompt");

	if (axev__json_type(value) != AXEV__JSON_OBJECT || axev__json_count(value) != 1 || (!env && !prompt))
		return axev__fail(err, AXEV_E_FORMAT,
				  "member 'secret': expected {\"env\": NAME} or {\"prompt\": TEXT}");
	step->secret = env ? AXEV__SECRET_ENV : AXEV__SECRET_PROMPT;
	TRY(take_text(env ? env : prompt, env ? "env" : "prompt", AXEV__MAX_STEP_NAME, &step->secret_name,
		      err));
	if (env && !is_variable(step->secret_name))
		return axev__fail(err, AXEV_E_FORMAT, "member 'env': expected the name of a variable");
	return AXEV_OK;
}

static int take_word(const axev__json *value, const char *name, const char *first, const char *second,
		     bool *ret_is_second, axev_error *err)
{
	struct axev__span text = axev__span("", 0);

	axev__json_as_string(value, &text);
	*ret_is_second = second && axev__span_is(text, second);
	if (*ret_is_second || axev__span_is(text, first))
		return AXEV_OK;
	if (!second)
		return axev__fail(err, AXEV_E_FORMAT, "member '%s': expected \"%s\"", name, first);
	return axev__fail(err, AXEV_E_FORMAT, "member '%s': expected \"%s\" or \"%s\"", name, first, second);
}

static int take_key(const axev__json *value, const char *name, struct axev__step *step, axev_error *err)
{
	struct axev__shown shown;

	TRY(take_text(value, name, AXEV__MAX_STEP_NAME, &step->value, err));
	if (!axev__page_key_find(step->value, NULL))
		return axev__fail(err, AXEV_E_FORMAT,
				  "member '%s': expected a key as Enter, Tab, a or Control+a, found %s", name,
				  axev__show_str(&shown, step->value));
	return AXEV_OK;
}

/* One selector, or one for each frame from the outside in. */
static int take_frames(const axev__json *value, const char *name, struct axev__step *step, axev_error *err)
{
	bool is_list = axev__json_type(value) == AXEV__JSON_ARRAY;
	size_t i, count = is_list ? axev__json_count(value) : 1;

	if (count == 0 || count > AXEV__MAX_STEP_FRAMES)
		return axev__fail(err, AXEV_E_FORMAT, "member '%s': expected 1 to %d selectors, found %zu", name,
				  AXEV__MAX_STEP_FRAMES, count);
	step->frames = calloc(count, sizeof(*step->frames));
	if (!step->frames)
		return axev__nomem(err);
	step->frame_count = count;
	for (i = 0; i < count; i++)
		TRY(take_text(is_list ? axev__json_at(value, i) : value, name, AXEV__MAX_STEP_NAME, &step->frames[i], err));
	return AXEV_OK;
}

static int take_member(const struct member *member, const axev__json *value, struct axev__step *step,
		       axev_error *err)
{
	int64_t number = 0;
	bool ignored;

	switch (member->type) {
	case SELECTOR:
		return take_text(value, member->name, AXEV__MAX_STEP_NAME, &step->selector, err);
	case VALUE:
		return take_text(value, member->name, AXEV__MAX_STEP_TEXT, &step->value, err);
	case ADDRESS:
		TRY(take_text(value, member->name, AXEV__MAX_URL_BYTES, &step->value, err));
		return axev__prefix(axev__web_check_url(step->value, err), err, "member '%s'", member->name);
	case KEY:
		return take_key(value, member->name, step, err);
	case FRAME:
		return take_frames(value, member->name, step, err);
	case SECRET:
		return take_secret(value, step, err);
	case CLEAR:
		return take_flag(value, member->name, &step->is_cleared, err);
	case FULL:
		return take_flag(value, member->name, &step->is_full, err);
	case MILLISECONDS:
		TRY(take_number(value, member->name, 1, AXEV__MAX_STEP_MS, &number, err));
		step->wait_ms = (uint32_t)number;
		return AXEV_OK;
	case NAVIGATION:
		return take_word(value, member->name, "navigation", NULL, &ignored, err);
	case SCROLL_END:
		return take_word(value, member->name, "top", "bottom", &step->is_to_end, err);
	case SCROLL_BY:
		TRY(take_number(value, member->name, -MAX_SCROLL, MAX_SCROLL, &number, err));
		step->scroll_by = (int32_t)number;
		return AXEV_OK;
	}
	return axev__fail(err, AXEV_E_INTERNAL, "a member of no type");
}

static int take_members(const axev__json *json, struct axev__step *step, axev_error *err)
{
	const struct member *member = kinds[step->kind].members;
	size_t alternatives = 0, given = 0;

	for (; member->name; member++) {
		const axev__json *value = axev__json_get(json, member->name);

		if (!value && member->need == 1)
			return axev__fail(err, AXEV_E_FORMAT, "expected a member '%s'", member->name);
		alternatives += member->need == 2;
		given += value && member->need == 2;
		if (value)
			TRY(take_member(member, value, step, err));
	}
	if (step->kind == AXEV__STEP_WAIT && step->frame_count && given == 1 && !step->selector)
		return axev__fail(err, AXEV_E_FORMAT, "member 'frame': expected with a selector only");
	if (!alternatives || given == 1)
		return AXEV_OK;
	if (step->kind == AXEV__STEP_TYPE)
		return axev__fail(err, AXEV_E_FORMAT, "expected one of the members 'text' and 'secret'");
	if (step->kind == AXEV__STEP_WAIT)
		return axev__fail(err, AXEV_E_FORMAT, "expected one of the members 'ms', 'selector' and 'for'");
	return axev__fail(err, AXEV_E_FORMAT, "expected one of the members 'to', 'by' and 'selector'");
}

static int refuse_unknown(const axev__json *json, enum axev__step_kind kind, axev_error *err)
{
	const char *known[MAX_MEMBERS + 4] = { "do", "note", "timeout_ms" };
	const struct member *member;
	size_t count = 3;

	for (member = kinds[kind].members; member->name; member++)
		known[count++] = member->name;
	known[count] = NULL;
	return axev__json_only(json, known, err);
}

/* ---- steps ---- */

static int find_kind(const axev__json *json, enum axev__step_kind *ret_kind, axev_error *err)
{
	struct axev__span word;
	struct axev__shown shown;
	size_t i;

	if (axev__json_type(json) != AXEV__JSON_OBJECT)
		return axev__fail(err, AXEV_E_FORMAT, "expected an object");
	TRY(axev__json_string(json, "do", &word, err));
	for (i = 0; i < AXEV__COUNT(kinds); i++)
		if (axev__span_is(word, kinds[i].word)) {
			*ret_kind = (enum axev__step_kind)i;
			return AXEV_OK;
		}
	return axev__fail(err, AXEV_E_FORMAT, "member 'do': there is no step %s", axev__show(&shown, word));
}

static int read_step(const axev__json *json, struct axev__step *step, axev_error *err)
{
	const axev__json *timeout = axev__json_get(json, "timeout_ms"), *note = axev__json_get(json, "note");
	int64_t number = DEFAULT_STEP_MS;

	TRY(refuse_unknown(json, step->kind, err));
	TRY(take_members(json, step, err));
	if (note)
		TRY(take_text(note, "note", AXEV__MAX_STEP_NAME, &step->note, err));
	if (timeout)
		TRY(take_number(timeout, "timeout_ms", 1, AXEV__MAX_STEP_MS, &number, err));
	step->timeout_ms = (uint32_t)number;
	return AXEV_OK;
}

static int read_list(const axev__json *list, struct axev__steps *steps, axev_error *err)
{
	size_t i, shots = 0, count = axev__json_count(list);

	if (count == 0 || count > AXEV__MAX_STEPS)
		return axev__fail(err, AXEV_E_FORMAT, "expected 1 to %d steps, found %zu", AXEV__MAX_STEPS, count);
	steps->list = calloc(count, sizeof(*steps->list));
	if (!steps->list)
		return axev__nomem(err);
	for (i = 0; i < count; i++) {
		const axev__json *json = axev__json_at(list, i);
		struct axev__step *step = &steps->list[i];

		steps->count = i + 1;
		TRY(axev__prefix(find_kind(json, &step->kind, err), err, "step %zu", i + 1));
		TRY(axev__prefix(read_step(json, step, err), err, "step %zu (%s)", i + 1, axev__step_word(step)));
		shots += step->kind == AXEV__STEP_SCREENSHOT;
	}
	if (shots > AXEV__MAX_STEP_SHOTS)
		return axev__fail(err, AXEV_E_LIMIT, "expected at most %d screenshots, found %zu",
				  AXEV__MAX_STEP_SHOTS, shots);
	return AXEV_OK;
}

static int read_document(struct axev__span text, struct axev__steps *steps, axev_error *err)
{
	static const char *const known[] = { "format", "steps", NULL };
	AXEV__JSON *json = NULL;
	struct axev__span format;
	struct axev__shown shown;
	axev__json *list;

	TRY(axev__buf_span(&steps->bytes, text, err));
	TRY(axev__json_parse(text, &json, err));
	TRY(axev__json_string(json, "format", &format, err));
	if (!axev__span_is(format, FORMAT))
		return axev__fail(err, AXEV_E_UNSUPPORTED, "expected format " FORMAT ", found %s",
				  axev__show(&shown, format));
	TRY(axev__json_only(json, known, err));
	TRY(axev__json_array(json, "steps", &list, err));
	return read_list(list, steps, err);
}

int axev__steps_read(struct axev__span text, struct axev__steps *ret_steps, axev_error *err)
{
	struct axev__steps steps = AXEV__STEPS_INIT;
	int status = read_document(text, &steps, err);

	if (status < 0)
		axev__steps_free(&steps);
	else
		*ret_steps = steps;
	return status;
}

int axev__steps_load(const char *path, struct axev__steps *ret_steps, axev_error *err)
{
	AXEV__BUF text = AXEV__BUF_INIT(AXEV__MAX_STEPS_BYTES);
	struct axev__shown shown;

	TRY(axev__read_file(AT_FDCWD, path, &text, err));
	return axev__prefix(axev__steps_read(axev__buf_view(&text), ret_steps, err), err, "%s",
			    axev__show_str(&shown, path));
}

/* ---- secrets ---- */

static int from_environment(struct axev__step *step, axev_error *err)
{
	const char *value = getenv(step->secret_name);

	if (!value || !*value)
		return axev__fail(err, AXEV_E_INVAL, "the variable %s is not set", step->secret_name);
	if (strlen(value) > AXEV__MAX_SECRET_BYTES)
		return axev__fail(err, AXEV_E_LIMIT, "the variable %s has more than %d bytes", step->secret_name,
				  AXEV__MAX_SECRET_BYTES);
	step->typed = strdup(value);
	return step->typed ? AXEV_OK : axev__nomem(err);
}

static int from_person(struct axev__step *step, axev_ask_secret_callback ask, void *payload,
		       axev_error *err)
{
	char answer[AXEV__MAX_SECRET_BYTES + 1] = "";
	struct axev__shown shown;

	if (!ask)
		return axev__fail(err, AXEV_E_INVAL, "the secret is to be asked for, and there is nobody to ask");
	if (ask(payload, axev__show_str(&shown, step->secret_name), answer, sizeof(answer)) == 0 &&
	    answer[0] && memchr(answer, '\0', sizeof(answer)))
		step->typed = strdup(answer);
	explicit_bzero(answer, sizeof(answer));
	return step->typed ? AXEV_OK : axev__fail(err, AXEV_E_INVAL, "no secret was given");
}

int axev__steps_take_secrets(struct axev__steps *steps, axev_ask_secret_callback ask, void *payload,
			     axev_error *err)
{
	size_t i;

	for (i = 0; i < steps->count; i++) {
		struct axev__step *step = &steps->list[i];
		int status = AXEV_OK;

		if (step->secret == AXEV__SECRET_ENV)
			status = from_environment(step, err);
		else if (step->secret == AXEV__SECRET_PROMPT)
			status = from_person(step, ask, payload, err);
		TRY(axev__prefix(status, err, "step %zu (%s)", i + 1, axev__step_word(step)));
		if (step->typed && !axev__is_utf8(axev__span_str(step->typed)))
			return axev__fail(err, AXEV_E_INVAL, "step %zu (%s): the secret is not UTF-8", i + 1,
					  axev__step_word(step));
	}
	return AXEV_OK;
}

void axev__steps_free(struct axev__steps *steps)
{
	size_t i;

	for (i = 0; i < steps->count; i++) {
		struct axev__step *step = &steps->list[i];

		if (step->typed)
			explicit_bzero(step->typed, strlen(step->typed));
		while (step->frame_count)
			free(step->frames[--step->frame_count]);
		free(step->frames);
		free(step->typed);
		free(step->selector);
		free(step->value);
		free(step->secret_name);
		free(step->note);
	}
	free(steps->list);
	axev__buf_free(&steps->bytes);
	steps->list = NULL;
	steps->count = 0;
}
