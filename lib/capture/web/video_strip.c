/* SPDX-License-Identifier: Apache-2.0 */
#include "capture/web/video_strip.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define BLACK 16
#define WHITE 235
#define CELL 6   /* units from one character to the next, 5 of them used */
#define LINE 8.5 /* units */
#define NARROW 720
#define LINES 3
#define HOUR_NS (INT64_C(3600) * 1000000000)

/*
 * From ' ' to '~': strokes on a grid of 5 by 8 units, four digits each: from x, y to x, y. Whatever is not ASCII is
 * shown as a box; addresses of the browser are (RFC 3986, RFC 5890).
 */
static const char *const strokes[] = {
	"", "20242626", "10113031", "1016303602420444", "41111102021313333344443535052026",
	"400600101011110101003545454646363635", "460101101021211212040405051616262644", "2021", "302121252536",
	"102121252516", "212502440442", "03432125", "25262617", "0343", "2526", "4006",
	/* digits */
	"103030414145453636161605050101101432", "112020261636", "011010303041414242060646",
	"01101030304141424233133333444445453636161605", "300404443036", "40000003033333444445453636161605",
	"301010010105051616363645454444333303", "0040404141232326",
	"103030414142423333131302020101103344444545363616160505040413", "10303041414545363616130202010110" "1343",
	"22232526", "222325262617", "41030345", "02420444", "01434305", "01101030304141424223232426262626",
	"46161605050101101030304141444424242222" "42",
	/* capitals */
	"06020220204242460444", "0006003030414142423303333344444545363606", "41303010100101050516" "16363645",
	"000600303041414545363606", "0006004003330646", "000600400333", "4130301010010105051616363645" "45434323",
	"000640460343", "103020261636", "2040303535262616" "1605", "000640030346", "00060646", "0006002323404046",
	"000600464640", "10303041414545363616160505010110", "000600303041414242333303",
	"103030414145453636161605050101102446", "0006003030414142423333032346",
	"41303010100101020213133333444445453636161605", "00402026", "00050516163636454540", "0004042626444440",
	"0006062424464640", "00460640", "002340232326", "004040060646", "302020262636", "0046", "102020262616",
	"02202042", "0747", "1021",
	/* small letters */
	"1232324343464616160505141444", "0006023232434345453636" "06", "421212030305051616" "46",
	"40464212120303050516" "1646", "044444434332321212030305051616" "46", "4030302121261333",
	"4212120303040415154542464637" "3717", "0006023232434346", "2020122222261636", "3030323636272717",
	"000604420446", "102020261636", "0206024222264246", "0206023232434346", "12323243434545363616160505030312",
	"02070232324343444435" "3505", "42474212120303040415" "1545", "020603222242",
	"4212120303141434344545363606", "2025253636460242", "0205051616464642", "0204042626444442",
	"0206062424464642", "02460642", "0204041515454246463737" "17", "024242060646",
	"302121222213132424252536", "2026", "102121222233332424252516", "041212343442",
};

static const char box[] = "00404046460606" "00";

struct ink {
	uint8_t *luma;
	size_t stride, width;
	int scale;
};

static void dot(const struct ink *ink, size_t x, size_t y)
{
	int i;

	for (i = 0; i < ink->scale && y + (size_t)i < AXEV__STRIP_ROWS; i++)
		if (x + (size_t)ink->scale <= ink->width)
			memset(ink->luma + (y + (size_t)i) * ink->stride + x, WHITE, (size_t)ink->scale);
}

/* In steps of a pixel, from one unit to another. */
static void line(const struct ink *ink, size_t left, size_t top, const char *ends)
{
	int x0 = (ends[0] - '0') * ink->scale, y0 = (ends[1] - '0') * ink->scale;
	int x1 = (ends[2] - '0') * ink->scale, y1 = (ends[3] - '0') * ink->scale;
	int steps = abs(x1 - x0) > abs(y1 - y0) ? abs(x1 - x0) : abs(y1 - y0), i;

	for (i = 0; i <= steps; i++)
		dot(ink, left + (size_t)(x0 + (steps ? (x1 - x0) * i / steps : 0)),
		    top + (size_t)(y0 + (steps ? (y1 - y0) * i / steps : 0)));
}

static void write_line(const struct ink *ink, int row, const char *text, size_t length)
{
	size_t top = (size_t)(row * LINE * ink->scale) + 1, i;

	for (i = 0; i < length; i++) {
		unsigned char c = (unsigned char)text[i];
		const char *stroke = c >= ' ' && c <= '~' ? strokes[c - ' '] : box;

		for (; stroke[0]; stroke += 4)
			line(ink, 4 + i * CELL * (size_t)ink->scale, top, stroke);
	}
}

static int put_time(char *out, size_t size, int64_t time_ns, const char *zone)
{
	time_t seconds = (time_t)(time_ns / 1000000000);
	struct tm tm;

	gmtime_r(&seconds, &tm);
	return snprintf(out, size, "%04d-%02d-%02d %02d:%02d:%02d.%03d %s", tm.tm_year + 1900, tm.tm_mon + 1,
			tm.tm_mday, tm.tm_hour, tm.tm_min, tm.tm_sec, (int)(time_ns / 1000000 % 1000), zone);
}

void axev__strip_draw(uint8_t *luma, size_t stride, size_t width, int64_t time_ns, const char *address)
{
	const struct ink ink = { luma, stride, width, width < NARROW ? 1 : 2 };
	size_t columns = width < 16 ? 0 : (width - 8) / (size_t)(CELL * ink.scale), length = strlen(address);
	char utc[64], local[64], text[160], shown[1024];
	int row;

	for (row = 0; row < AXEV__STRIP_ROWS; row++)
		memset(luma + (size_t)row * stride, BLACK, width);
	put_time(utc, sizeof(utc), time_ns, "UTC");
	put_time(local, sizeof(local), time_ns + 8 * HOUR_NS, "UTC+8");
	snprintf(text, sizeof(text), "%s   %s", utc, local);
	write_line(&ink, 0, text, strlen(text) < columns ? strlen(text) : columns);
	if (columns * (LINES - 1) >= sizeof(shown))
		columns = sizeof(shown) / LINES;
	snprintf(shown, sizeof(shown), "%s", address);
	if (length > columns * (LINES - 1) && columns > 3)
		memcpy(shown + columns * (LINES - 1) - 3, "...", 3);
	for (row = 1; row < LINES; row++) {
		size_t begin = (size_t)(row - 1) * columns;
		size_t left = begin < length ? length - begin : 0;

		write_line(&ink, row, shown + begin, left < columns ? left : columns);
	}
}
