/* SPDX-License-Identifier: Apache-2.0 */
/* What a statement of the user may be, for servers whose drivers do not tell whether it only reads. */
#ifndef AXEV_CAPTURE_DB_DB_STATEMENT_H
#define AXEV_CAPTURE_DB_DB_STATEMENT_H

#include "base/error.h"

/*
 * INVAL unless it begins with SELECT, WITH, VALUES or TABLE; or with a comment of the form that MySQL executes, which would
 * hide what it is. A look at words is no proof: the transaction must refuse to write, too.
 */
int axev__db_statement_check(const char *statement, axev_error *err);

#endif
