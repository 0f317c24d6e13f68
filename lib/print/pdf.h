/* SPDX-License-Identifier: Apache-2.0 */
/* A document as a PDF. The same document gives the same bytes with the same cairo, pango and fonts. */
#ifndef AXEV_PRINT_PDF_H
#define AXEV_PRINT_PDF_H

#include "print/document.h"

/* Written to @out_fd as pages are finished; the descriptor stays the caller's. */
int axev__print_pdf(const struct axev__document *document, int out_fd, unsigned *ret_pages,
		    axev_error *err);

#endif
