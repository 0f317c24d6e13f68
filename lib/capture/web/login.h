/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A login state that the operator hands over: set in the browser before the first address, its values masked in what the
 * browser sent, and told where else they stand. Of a value the package holds neither bytes nor digest.
 */
#ifndef AXEV_CAPTURE_LOGIN_H
#define AXEV_CAPTURE_LOGIN_H

#include "base/source.h"
#include "content/cookies.h"
#include "content/head_mask.h"

struct axev__web;
struct axev__exchange;

struct axev__login {
	struct axev__cookies cookies;
	struct axev__sought sought; /* values; none: nothing is masked */
	uint8_t *is_given;          /* of each cookie: not expired when the browser started */
	uint64_t masked_records, masked_values, answers_with_set_cookie;
	struct axev__cookies held;  /* what the browser held when it was last asked, of a session whose state is saved */
	size_t left_out;            /* of those: partitioned, or without a name */
	bool is_saved;
	axev__json *found_in;       /* where else values stand; NULL: nowhere yet */
};

int axev__login_load(const char *path, struct axev__login *ret_login, axev_error *err);
void axev__login_free(struct axev__login *login);
#define AXEV__LOGIN AXEV__CLEANUP(axev__login_free) struct axev__login

/* Gives the cookies to the browser and has it say that it holds them. AXEV_E_PEER names one that it does not take. */
int axev__login_begin(struct axev__web *web, axev_error *err);

/* Notes @place when one of the values stands in @bytes. */
int axev__login_look(struct axev__web *web, const char *place, struct axev__span bytes, axev_error *err);
int axev__login_look_in(struct axev__web *web, const char *place, const struct axev__source *source, axev_error *err);
/* The same with what of an exchange goes into the archive as it is. */
int axev__login_look_at(struct axev__web *web, const struct axev__exchange *exchange, axev_error *err);

/* @head: a copy of the request's, with the values masked; *ret_is_masked: it differs. */
int axev__login_mask(struct axev__web *web, const struct axev__exchange *exchange, struct axev__buf *head,
		     bool *ret_is_masked, axev_error *err);

/* source.login, and what goes before it. */
int axev__login_facts(struct axev__web *web, axev__json *source, axev_error *err);

/*
 * Of a session whose login state is saved: asks what the browser holds by now, which is gone once the window is closed, and
 * writes what it last held, readable by its owner alone. Its values are masked in what is archived behind that.
 */
int axev__login_hold(struct axev__web *web, axev_error *err);
int axev__login_save(struct axev__web *web, axev_error *err);

#endif
