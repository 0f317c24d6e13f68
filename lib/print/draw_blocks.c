/* SPDX-License-Identifier: Apache-2.0 */
/* Image slices, the id with its QR code, signature boxes. */
#include "print/page.h"

#include <errno.h>
#include <math.h>
#include <qrencode.h>

#include "base/text.h"
#include "print/image.h"

#define LABEL_HEIGHT 28.0 /* two lines */
#define GAP 8.0
#define MAX_SCALE 0.75     /* points a pixel: 96 pixels an inch; small images are not blown up */
#define QR_SIZE 99.2       /* 35 mm */
#define QR_QUIET_MODULES 4 /* ISO/IEC 18004: white on each side */

/* ---- image slices ---- */

/* How a height is cut: all slices but the first, which takes what its page has left, and the last are @full rows. */
struct cut {
	double scale;
	uint32_t all, first, full, count;
};

static uint32_t rows_in(const struct axev__png_head *head, double height, double scale)
{
	double rows = (height - LABEL_HEIGHT - 1) / scale;
	uint32_t most = AXEV__MAX_SLICE_PIXELS / head->width;

	if (rows < 1)
		return 0;
	return rows < most ? (uint32_t)rows : most;
}

static struct cut cut_image(const struct axev__flow *flow, const struct axev__png_head *head)
{
	struct cut cut = { .scale = AXEV__BODY_WIDTH / head->width, .all = head->height, .count = 1 };
	uint32_t step;

	if (cut.scale > MAX_SCALE)
		cut.scale = MAX_SCALE;
	cut.full = rows_in(head, AXEV__BODY_HEIGHT, cut.scale);
	cut.first = rows_in(head, axev__flow_room(flow), cut.scale);
	if (cut.first >= cut.all) {
		cut.first = cut.all;
	} else {
		step = cut.full - AXEV__SLICE_REPEAT_ROWS;
		cut.count += (cut.all - cut.first + step - 1) / step;
	}
	return cut;
}

static void frame_slice(cairo_t *cr, double y, double width, double height, double repeat,
			bool is_first, bool is_last)
{
	double left = AXEV__BODY_LEFT, right = AXEV__BODY_LEFT + width;

	cairo_set_source_rgb(cr, 0, 0, 0);
	cairo_set_line_width(cr, 0.4);
	cairo_rectangle(cr, left, y, width, height);
	/* Marks outside the frame show where the repeated rows end and begin. */
	if (!is_first) {
		cairo_move_to(cr, left - 8, y + repeat);
		cairo_line_to(cr, left - 2, y + repeat);
		cairo_move_to(cr, right + 2, y + repeat);
		cairo_line_to(cr, right + 8, y + repeat);
	}
	if (!is_last) {
		cairo_move_to(cr, left - 8, y + height - repeat);
		cairo_line_to(cr, left - 2, y + height - repeat);
		cairo_move_to(cr, right + 2, y + height - repeat);
		cairo_line_to(cr, right + 8, y + height - repeat);
	}
	cairo_stroke(cr);
}

/* Which slice, which rows, and the digest of the whole image that they are part of. */
static int label_slice(struct axev__flow *flow, const struct axev__image *image, uint32_t first,
		       uint32_t rows, const unsigned number[2], axev_error *err)
{
	AXEV__BUF label = AXEV__BUF_INIT(4096);
	AXEV__BUF groups = AXEV__BUF_INIT(4096);
	unsigned numbers[] = { number[0], number[1], first + 1, first + rows,
			       axev__image_head(image)->height };
	double y = flow->y, height;
	char hex[65];

	TRY(axev__fill_numbers(&label, flow->document->words[AXEV__WORDS_SLICE], numbers, 5, err));
	TRY(axev__buf_byte(&label, 0, err));
	TRY(axev__flow_text(flow, AXEV__STYLE_SMALL, AXEV__LEFT, AXEV__BODY_LEFT, y, AXEV__BODY_WIDTH,
			    (const char *)label.data, &height, err));
	axev__hex(hex, axev__image_sha256(image), 32);
	TRY(axev__buf_str(&groups, flow->document->words[AXEV__WORDS_SLICE_DIGEST], err));
	TRY(axev__group_hex(&groups, axev__span_str(hex), " ", err));
	TRY(axev__buf_byte(&groups, 0, err));
	return axev__flow_text(flow, AXEV__STYLE_MONO, AXEV__LEFT, AXEV__BODY_LEFT, y + height,
			       AXEV__BODY_WIDTH, (const char *)groups.data, NULL, err);
}

static int place_slice(struct axev__flow *flow, struct axev__image *image, double scale,
		       uint32_t first, uint32_t rows, const unsigned number[2], axev_error *err)
{
	const struct axev__png_head *head = axev__image_head(image);
	double y = flow->y + LABEL_HEIGHT;

	if (flow->cr) {
		TRY(label_slice(flow, image, first, rows, number, err));
		TRY(axev__image_paint(image, flow->cr, AXEV__BODY_LEFT, y, scale, first, rows, err));
		frame_slice(flow->cr, y, head->width * scale, rows * scale,
			    AXEV__SLICE_REPEAT_ROWS * scale, first == 0, first + rows == head->height);
	}
	flow->y = y + rows * scale + GAP;
	return AXEV_OK;
}

int axev__place_image(struct axev__flow *flow, struct axev__image *image, axev_error *err)
{
	const struct axev__png_head *head = axev__image_head(image);
	struct cut cut = cut_image(flow, head);
	uint32_t first = 0, rows;
	unsigned number[2] = { 1, cut.count };

	if (cut.first < cut.all && axev__flow_room(flow) < AXEV__IMAGE_FIRST_HEIGHT) {
		TRY(axev__flow_break(flow, err));
		cut = cut_image(flow, head);
		number[1] = cut.count;
	}
	for (rows = cut.first;; number[0]++) {
		TRY(place_slice(flow, image, cut.scale, first, rows, number, err));
		if (first + rows >= cut.all)
			return AXEV_OK;
		first += rows - AXEV__SLICE_REPEAT_ROWS;
		rows = cut.all - first < cut.full ? cut.all - first : cut.full;
		TRY(axev__flow_break(flow, err)); /* cairo keeps the pictures of a page until it is drawn */
	}
}

/* ---- the id ---- */

static void free_code(QRcode **code)
{
	if (*code)
		QRcode_free(*code);
}

static int draw_qr(cairo_t *cr, const char *text, double x, double y, axev_error *err)
{
	AXEV__CLEANUP(free_code) QRcode *code = QRcode_encodeString(text, 0, QR_ECLEVEL_M, QR_MODE_8, 1);
	double module;
	int row, column;

	if (!code)
		return errno == ENOMEM ? axev__nomem(err) :
					 axev__fail(err, AXEV_E_LIMIT, "too long for a QR code");
	module = QR_SIZE / (code->width + 2 * QR_QUIET_MODULES);
	cairo_set_source_rgb(cr, 0, 0, 0);
	for (row = 0; row < code->width; row++)
		for (column = 0; column < code->width; column++) {
			int start = column;

			while (column < code->width && code->data[row * code->width + column] & 1)
				column++;
			/* One rectangle a run: no hairlines between modules when the page is rasterised. */
			if (column > start)
				cairo_rectangle(cr, x + (start + QR_QUIET_MODULES) * module,
						y + (row + QR_QUIET_MODULES) * module,
						(column - start) * module, module);
		}
	cairo_fill(cr);
	return AXEV_OK;
}

int axev__place_identity(struct axev__flow *flow, const struct axev__block *block, axev_error *err)
{
	AXEV__BUF groups = AXEV__BUF_INIT(4096);
	AXEV__BUF first = AXEV__BUF_INIT(4096);
	double width = AXEV__BODY_WIDTH - QR_SIZE - 2 * GAP, x = AXEV__BODY_LEFT + GAP, y, height;
	size_t length = strcspn(block->detail, "\n");
	const char *rest = block->detail[length] ? block->detail + length + 1 : "";

	if (flow->y > AXEV__BODY_TOP)
		flow->y += GAP;
	TRY(axev__flow_need(flow, AXEV__IDENTITY_HEIGHT, err));
	TRY(axev__group_hex(&groups, axev__span_str(block->text), "\n", err));
	TRY(axev__buf_byte(&groups, 0, err));
	TRY(axev__buf_append(&first, block->detail, length, err));
	TRY(axev__buf_byte(&first, 0, err));
	y = flow->y + 18;
	TRY(axev__flow_text(flow, AXEV__STYLE_STRONG, AXEV__LEFT, x, y, width,
			    (const char *)first.data, &height, err));
	y += height;
	TRY(axev__flow_text(flow, AXEV__STYLE_MONO, AXEV__LEFT, x, y, width,
			    (const char *)groups.data, &height, err));
	y += height + 3;
	TRY(axev__flow_text(flow, AXEV__STYLE_NOTE, AXEV__LEFT, x, y, width, rest, &height, err));
	if (flow->cr) {
		cairo_set_source_rgb(flow->cr, 0, 0, 0);
		cairo_set_line_width(flow->cr, 0.5);
		cairo_rectangle(flow->cr, AXEV__BODY_LEFT, flow->y, AXEV__BODY_WIDTH,
				AXEV__IDENTITY_HEIGHT);
		cairo_stroke(flow->cr);
		TRY(draw_qr(flow->cr, block->text,
			    AXEV__BODY_LEFT + AXEV__BODY_WIDTH - QR_SIZE - 6,
			    flow->y + (AXEV__IDENTITY_HEIGHT - QR_SIZE) / 2, err));
	}
	flow->y += AXEV__IDENTITY_HEIGHT + GAP;
	return AXEV_OK;
}

/* ---- signatures ---- */

int axev__place_signature(struct axev__flow *flow, const struct axev__block *block, axev_error *err)
{
	double label_width = AXEV__BODY_WIDTH * 0.2, x = AXEV__BODY_LEFT + label_width + 6, y;
	double width = AXEV__BODY_WIDTH - label_width - 12;
	AXEV__LINES name = { 0 };

	TRY(axev__flow_need(flow, AXEV__SIGNATURE_HEIGHT, err));
	y = flow->y;
	if (flow->cr) {
		cairo_set_source_rgb(flow->cr, 0, 0, 0);
		cairo_set_line_width(flow->cr, 0.5);
		cairo_rectangle(flow->cr, AXEV__BODY_LEFT, y, label_width, AXEV__SIGNATURE_HEIGHT);
		cairo_rectangle(flow->cr, AXEV__BODY_LEFT + label_width, y,
				AXEV__BODY_WIDTH - label_width, AXEV__SIGNATURE_HEIGHT);
		cairo_stroke(flow->cr);
	}
	TRY(axev__flow_text(flow, AXEV__STYLE_BODY, AXEV__CENTRE, AXEV__BODY_LEFT + 4,
			    y + (AXEV__SIGNATURE_HEIGHT - 15) / 2, label_width - 8, block->text, NULL,
			    err));
	TRY(axev__lines_set(flow->type, AXEV__STYLE_SMALL, width, block->detail, &name, err));
	if (flow->cr)
		axev__lines_draw(&name, flow->cr, x, y + 3, AXEV__LEFT, 0, 2); /* room to sign is kept */
	TRY(axev__flow_text(flow, AXEV__STYLE_BODY, AXEV__LEFT, x, y + AXEV__SIGNATURE_HEIGHT - 18,
			    width, flow->document->words[AXEV__WORDS_SIGN], NULL, err));
	TRY(axev__flow_text(flow, AXEV__STYLE_BODY, AXEV__RIGHT, x, y + AXEV__SIGNATURE_HEIGHT - 18,
			    width, flow->document->words[AXEV__WORDS_DATE], NULL, err));
	flow->y += AXEV__SIGNATURE_HEIGHT;
	return AXEV_OK;
}
