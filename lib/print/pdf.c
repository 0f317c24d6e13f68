/* SPDX-License-Identifier: Apache-2.0 */
#include "print/pdf.h"

#include <cairo-pdf.h>

#include "base/io.h"
#include "base/time.h"
#include "print/page.h"

struct sink {
	int fd;
	int status;
	axev_error *err;
};

static cairo_status_t write_out(void *payload, const unsigned char *data, unsigned int size)
{
	struct sink *sink = payload;

	if (sink->status >= 0)
		sink->status = axev__write_full(sink->fd, data, size, sink->err);
	return sink->status < 0 ? CAIRO_STATUS_WRITE_ERROR : CAIRO_STATUS_SUCCESS;
}

static void set_metadata(cairo_surface_t *surface, const struct axev__document *document)
{
	const char *title = document->words[AXEV__WORDS_TITLE];
	const char *author = document->words[AXEV__WORDS_AUTHOR];
	char date[AXEV__RFC3339_S_SIZE];

	axev__rfc3339_seconds(date, document->instant_ns);
	if (title)
		cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_TITLE, title);
	if (author && *author)
		cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_AUTHOR, author);
	cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_CREATOR, "ax_evidence");
	/* Without these cairo writes the time of day. */
	cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_CREATE_DATE, date);
	cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_MOD_DATE, date);
}

static int finish(struct sink *sink, cairo_surface_t *surface, cairo_t *cr, int status)
{
	cairo_status_t drawn = cairo_status(cr), written;

	cairo_destroy(cr);
	cairo_surface_finish(surface);
	written = cairo_surface_status(surface);
	cairo_surface_destroy(surface);
	if (sink->status < 0)
		return sink->status;
	if (status < 0)
		return status;
	if (drawn == CAIRO_STATUS_NO_MEMORY || written == CAIRO_STATUS_NO_MEMORY)
		return axev__nomem(sink->err);
	if (drawn != CAIRO_STATUS_SUCCESS || written != CAIRO_STATUS_SUCCESS)
		return axev__fail(sink->err, AXEV_E_INTERNAL, "the PDF cannot be finished: %s",
				  cairo_status_to_string(drawn != CAIRO_STATUS_SUCCESS ? drawn :
											 written));
	return AXEV_OK;
}

static int draw(const struct axev__document *document, struct axev__type *type, int out_fd,
		unsigned *ret_pages, axev_error *err)
{
	struct axev__flow flow = { .document = document, .type = type };
	struct sink sink = { .fd = out_fd, .err = err };
	cairo_surface_t *surface;
	int status;

	TRY(axev__flow_run(&flow, err));
	flow.pages = flow.page;
	surface = cairo_pdf_surface_create_for_stream(write_out, &sink, AXEV__PAGE_WIDTH,
						      AXEV__PAGE_HEIGHT);
	set_metadata(surface, document);
	flow.cr = cairo_create(surface);
	status = axev__flow_run(&flow, err);
	TRY(finish(&sink, surface, flow.cr, status));
	if (flow.page != flow.pages)
		return axev__fail(err, AXEV_E_INTERNAL, "counted %u pages, drew %u", flow.pages,
				  flow.page);
	*ret_pages = flow.pages;
	return AXEV_OK;
}

int axev__print_pdf(const struct axev__document *document, int out_fd, unsigned *ret_pages,
		    axev_error *err)
{
	AXEV__CLEANUP(axev__type_close) struct axev__type type = { 0 };

	TRY(axev__type_open(&type, document->lang, err));
	return draw(document, &type, out_fd, ret_pages, err);
}
