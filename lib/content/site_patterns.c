/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The shapes of what is looked for. Each pattern is tried at places that a fixed word marks, and reads a bounded number of
 * bytes from there: a hostile page costs no more than its length.
 */
#include <arpa/inet.h>
#include <ctype.h>
#include <stdio.h>
#include <strings.h>

#include "base/cleanup.h"
#include "base/limits.h"
#include "base/text.h"
#include "content/credit_code.h"
#include "content/site_marks.h"

/* ---- text ---- */

/* One character of @text into @out (at most 4 bytes), *ret_size of it; returns how many bytes of @text were read. */
static size_t normal_character(struct axev__span text, uint8_t out[4], size_t *ret_size)
{
	size_t length = axev__utf8_length(text);
	const uint8_t *c = text.data;
	uint32_t code;

	*ret_size = 0;
	if (length == 0)
		return 1; /* not UTF-8: nothing that could be found */
	if (length == 1) {
		out[(*ret_size)++] = *c <= ' ' || *c == 0x7F ? ' ' : *c;
		return 1;
	}
	code = length == 2 ? (uint32_t)(c[0] & 0x1F) << 6 | (c[1] & 0x3F) :
	       length == 3 ? (uint32_t)(c[0] & 0x0F) << 12 | (uint32_t)(c[1] & 0x3F) << 6 | (c[2] & 0x3F) :
			     0x10000;
	if (code >= 0xFF01 && code <= 0xFF5E)
		out[(*ret_size)++] = (uint8_t)(code - 0xFF01 + '!');
	else if (code == 0xA0 || code == 0x3000 || (code >= 0x2000 && code <= 0x200A) || code == 0x2028 || code == 0x2029)
		out[(*ret_size)++] = ' ';
	else if (code == 0x2010 || code == 0x2011 || code == 0x2012 || code == 0x2013 || code == 0x2014 || code == 0x2212)
		out[(*ret_size)++] = '-';
	else if (code != 0xAD && code != 0xFEFF && code != 0x2060 && !(code >= 0x200B && code <= 0x200F)) {
		memcpy(out, c, length);
		*ret_size = length;
	}
	return length;
}

static bool put(struct axev__buf *out, const uint8_t *bytes, size_t size)
{
	return size <= out->max - out->size && axev__buf_append(out, bytes, size, NULL) >= 0;
}

bool axev__site_text(struct axev__span text, struct axev__buf *out)
{
	while (text.size > 0) {
		uint8_t bytes[4];
		size_t size, used = normal_character(text, bytes, &size);
		bool is_blank = size == 1 && bytes[0] == ' ';

		text = axev__span(text.data + used, text.size - used);
		if (is_blank && (out->size == 0 || strchr(" \n", out->data[out->size - 1])))
			continue;
		if (!put(out, bytes, size))
			return false;
	}
	return true;
}

bool axev__site_plain(struct axev__span text, struct axev__buf *out)
{
	while (text.size > 0) {
		uint8_t bytes[4];
		size_t size, used = normal_character(text, bytes, &size);

		text = axev__span(text.data + used, text.size - used);
		if (size == 1 && bytes[0] == ' ')
			continue;
		if (size == 1)
			bytes[0] = (uint8_t)toupper(bytes[0]);
		if (!put(out, bytes, size))
			return false;
	}
	return true;
}

/* ---- reading ---- */

struct reader {
	struct axev__span text;
	size_t at;
	struct axev__site_match *match;
	size_t used;
};

static bool add(struct reader *reader, const void *bytes, size_t size)
{
	if (size >= sizeof(reader->match->value) - reader->used)
		return false;
	memcpy(reader->match->value + reader->used, bytes, size);
	reader->used += size;
	reader->match->value[reader->used] = '\0';
	return true;
}

static struct axev__span rest(const struct reader *reader)
{
	return axev__span(reader->text.data + reader->at, reader->text.size - reader->at);
}

/* The next byte, or -1. */
static int peek(const struct reader *reader)
{
	return reader->at < reader->text.size ? reader->text.data[reader->at] : -1;
}

static void skip_blanks(struct reader *reader)
{
	size_t i;

	for (i = 0; i < 4 && peek(reader) == ' '; i++)
		reader->at++;
}

static bool take(struct reader *reader, const char *word)
{
	if (!axev__span_starts(rest(reader), word))
		return false;
	reader->at += strlen(word);
	return add(reader, word, strlen(word));
}

static size_t take_digits(struct reader *reader, size_t max)
{
	size_t count = 0;

	while (count < max && peek(reader) >= '0' && peek(reader) <= '9') {
		if (!add(reader, reader->text.data + reader->at, 1))
			return 0;
		reader->at++;
		count++;
	}
	return peek(reader) >= '0' && peek(reader) <= '9' ? 0 : count;
}

/* The provinces, autonomous regions and cities, as such numbers begin. */
static const char provinces[] = "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼";

/* The province that ends right before @end, but for blanks; begins the match. */
static bool take_province(struct reader *reader, size_t end)
{
	size_t i, blanks;

	for (blanks = 0; blanks < 4 && end > 0 && reader->text.data[end - 1] == ' '; blanks++)
		end--;
	if (end < 3)
		return false;
	for (i = 0; provinces[i]; i += 3)
		if (memcmp(reader->text.data + end - 3, provinces + i, 3) == 0) {
			reader->match->from = end - 3;
			return add(reader, provinces + i, 3);
		}
	return false;
}

static bool done(struct reader *reader)
{
	reader->match->to = reader->at;
	return true;
}

static bool is_here(struct axev__span text, size_t at, const char *word, size_t length)
{
	return text.size - at >= length && strncasecmp((const char *)text.data + at, word, length) == 0;
}

/* The next place of @word at or behind @from, ASCII letters of any case; false: none. One walk, whatever the text is. */
static bool find(struct axev__span text, size_t from, const char *word, size_t *ret_at)
{
	size_t length = strlen(word);
	int first = tolower((unsigned char)word[0]);

	for (; from < text.size && text.size - from >= length; from++)
		if (tolower(text.data[from]) == first && is_here(text, from, word, length)) {
			*ret_at = from;
			return true;
		}
	return false;
}

/* ---- ICP: 京ICP备12345678号-1, 京ICP证030173号; 闽B2-20050001 ---- */

static bool read_filing(struct reader *reader, size_t at)
{
	if (!take_province(reader, at) || !add(reader, "ICP", 3))
		return false;
	skip_blanks(reader);
	if (!take(reader, "备") && !take(reader, "证"))
		return false;
	skip_blanks(reader);
	if (take_digits(reader, 12) < 4)
		return false;
	skip_blanks(reader);
	if (!take(reader, "号"))
		return false;
	done(reader);
	skip_blanks(reader);
	if (peek(reader) != '-')
		return true;
	reader->at++;
	skip_blanks(reader);
	if (add(reader, "-", 1) && take_digits(reader, 4) > 0)
		return done(reader);
	*strrchr(reader->match->value, '-') = '\0'; /* no number of a site */
	return true;
}

static bool read_telecom(struct reader *reader, size_t at)
{
	if (!take_province(reader, at) || !add(reader, "B2-", 3))
		return false;
	return take_digits(reader, 12) >= 6 && done(reader);
}

/* ---- 京公网安备11010502030001号, also with 号 left out ---- */

static bool read_police(struct reader *reader, size_t at)
{
	if (!take_province(reader, at) || !add(reader, "公网安备", strlen("公网安备")))
		return false;
	skip_blanks(reader);
	if (take_digits(reader, 14) < 11)
		return false;
	done(reader);
	skip_blanks(reader);
	return take(reader, "号") ? done(reader) : true;
}

/* ---- values behind a label ---- */

/* What may stand between a label and its value: a colon, a line break between cells, a closing bracket. */
static size_t skip_separators(struct reader *reader)
{
	size_t i;

	for (i = 0; i < 16 && peek(reader) > 0 && strchr(" \n:)/", peek(reader)); i++)
		reader->at++;
	return i;
}

static bool read_token(struct reader *reader, size_t min, size_t max)
{
	size_t count = 0;

	while (count < max && isalnum(peek(reader) < 0 ? 0 : peek(reader)) && peek(reader) < 0x80) {
		char c = (char)toupper(peek(reader));

		if (!add(reader, &c, 1))
			return false;
		reader->at++;
		count++;
	}
	return count >= min && !(peek(reader) > 0 && peek(reader) < 0x80 && isalnum(peek(reader))) && done(reader);
}

static bool read_credit_code(struct reader *reader, size_t at)
{
	(void)at;
	skip_separators(reader);
	return read_token(reader, AXEV__CREDIT_CODE_LENGTH, AXEV__CREDIT_CODE_LENGTH);
}

static bool read_number(struct reader *reader, size_t at)
{
	(void)at;
	skip_separators(reader);
	return read_token(reader, 8, 24) && strpbrk(reader->match->value, "0123456789");
}

/* To the end of its line, or to a blank behind a Chinese name; at most 90 bytes. */
static bool read_name(struct reader *reader, size_t at)
{
	bool is_ascii = true;

	(void)at;
	if (skip_separators(reader) == 0)
		return false;
	while (peek(reader) > 0 && !strchr("\n|;,<>\"", peek(reader)) && (is_ascii || peek(reader) != ' ')) {
		size_t length = axev__utf8_length(rest(reader));

		if (length == 0 || reader->used + length > 90)
			return false;
		is_ascii = is_ascii && length == 1;
		if (!add(reader, reader->text.data + reader->at, length))
			return false;
		reader->at += length;
	}
	while (reader->used > 0 && reader->match->value[reader->used - 1] == ' ')
		reader->match->value[--reader->used] = '\0';
	return reader->used >= 4 && done(reader);
}

static bool read_word(struct reader *reader, size_t at)
{
	(void)at;
	return done(reader);
}

/* ---- all ---- */

static const struct {
	enum axev__site_kind kind;
	const char *word;
	bool (*read)(struct reader *reader, size_t at);
	bool keeps_word; /* as its value */
} patterns[] = {
	{ AXEV__SITE_ICP, "ICP", read_filing, false },
	{ AXEV__SITE_ICP, "B2-", read_telecom, false },
	{ AXEV__SITE_POLICE, "公网安备", read_police, false },
	{ AXEV__SITE_CREDIT_CODE, "信用代码", read_credit_code, false },
	{ AXEV__SITE_LICENCE_NUMBER, "注册号", read_number, false },
	{ AXEV__SITE_LICENCE_NUMBER, "执照号", read_number, false },
	{ AXEV__SITE_LICENCE_NUMBER, "执照号码", read_number, false },
	{ AXEV__SITE_LICENCE_NUMBER, "执照编号", read_number, false },
	{ AXEV__SITE_NAME, "企业名称", read_name, false },
	{ AXEV__SITE_NAME, "公司名称", read_name, false },
	{ AXEV__SITE_NAME, "主体名称", read_name, false },
	{ AXEV__SITE_NAME, "商户名称", read_name, false },
	{ AXEV__SITE_NAME, "经营者名称", read_name, false },
	{ AXEV__SITE_NAME, "主办单位名称", read_name, false },
	{ AXEV__SITE_LICENCE, "营业执照", read_word, true },
	{ AXEV__SITE_LICENCE, "亮照", read_word, true },
	{ AXEV__SITE_LICENCE, "电子执照", read_word, true },
	{ AXEV__SITE_LICENCE, "证照信息", read_word, true },
	{ AXEV__SITE_LICENCE, "证照公示", read_word, true },
	{ AXEV__SITE_LICENCE, "资质证照", read_word, true },
	{ AXEV__SITE_LICENCE, "工商网监", read_word, true },
	{ AXEV__SITE_LICENCE, "网监标识", read_word, true },
	{ AXEV__SITE_LICENCE, "主体信息公示", read_word, true },
	{ AXEV__SITE_LICENCE, "business licen", read_word, true },
};

enum axev__site_kind axev__site_pattern_kind(unsigned pattern)
{
	return pattern < AXEV__COUNT(patterns) ? patterns[pattern].kind : AXEV__SITE_KINDS;
}

bool axev__site_find(struct axev__span text, unsigned pattern, size_t from, struct axev__site_match *match)
{
	const char *word = patterns[pattern].word;
	size_t at;

	while (find(text, from, word, &at)) {
		struct reader reader = { .text = text, .at = at + strlen(word), .match = match };

		match->value[0] = '\0';
		match->from = at;
		if (patterns[pattern].keeps_word)
			add(&reader, word, strlen(word));
		if (patterns[pattern].read(&reader, at))
			return true;
		from = at + 1;
	}
	return false;
}

bool axev__site_says_licence(struct axev__span text)
{
	struct axev__site_match match;
	unsigned i;

	for (i = 0; i < AXEV__COUNT(patterns); i++)
		if (patterns[i].kind == AXEV__SITE_LICENCE && axev__site_find(text, i, 0, &match))
			return true;
	return false;
}

/* ---- addresses ---- */

void axev__site_host(struct axev__span url, char *out, size_t out_bytes)
{
	const uint8_t *start = NULL, *at;
	size_t i, length = 0;

	for (i = 0; i + 1 < url.size && i < 16 && !start; i++)
		if (url.data[i] == '/' && url.data[i + 1] == '/' && (i == 0 || url.data[i - 1] == ':'))
			start = url.data + i + 2;
		else if (!isalnum(url.data[i]) && url.data[i] != ':')
			break;
	out[0] = '\0';
	if (!start)
		return;
	url = axev__span(start, url.size - (size_t)(start - url.data));
	while (length < url.size && url.data[length] && !strchr("/?#\\", url.data[length]))
		length++;
	at = memrchr(url.data, '@', length);
	if (at) {
		length -= (size_t)(at + 1 - url.data);
		url.data = at + 1;
	}
	if (length > 0 && url.data[0] != '[' && memchr(url.data, ':', length))
		length = (size_t)((const uint8_t *)memchr(url.data, ':', length) - url.data);
	else if (length > 0 && url.data[0] == '[' && memchr(url.data, ']', length))
		length = (size_t)((const uint8_t *)memchr(url.data, ']', length) - url.data) + 1;
	if (length >= out_bytes)
		return;
	for (i = 0; i < length; i++)
		out[i] = (char)tolower(url.data[i]);
	out[length] = '\0';
}

static bool is_below(const char *host, const char *domain)
{
	size_t length = strlen(host), tail = strlen(domain);

	return length >= tail && strcmp(host + length - tail, domain) == 0 &&
	       (length == tail || host[length - tail - 1] == '.');
}

/* Registers of the market supervision: the national one, and the offices' own hosts, as scjgj.fujian.gov.cn. */
static bool is_register_host(const char *host)
{
	static const char *const words[] = { "scjg", "amr.", "samr", "aic.", "gsxt", "hd315", "wljg" };
	size_t i;

	if (is_below(host, "gsxt.gov.cn") || is_below(host, "samr.gov.cn"))
		return true;
	for (i = 0; i < AXEV__COUNT(words) && is_below(host, "gov.cn"); i++) {
		const char *found = strstr(host, words[i]);

		if (found && (found == host || found[-1] == '.'))
			return true;
	}
	return false;
}

bool axev__site_licence_link(struct axev__span url, const char **ret_by)
{
	static const char *const words[] = { "zzlh", "yyzz",	       "yingyezhizhao",	  "liangzhao",
					     "businesslicen", "business-licen", "business_licen" };
	char host[256];
	size_t i, at;

	axev__site_host(url, host, sizeof(host));
	*ret_by = "host";
	if (is_register_host(host))
		return true;
	*ret_by = "path";
	if (url.size > AXEV__MAX_URL_BYTES)
		url.size = AXEV__MAX_URL_BYTES;
	if (axev__span_starts(url, "data:"))
		return false;
	for (i = 0; i < AXEV__COUNT(words); i++)
		if (find(url, 0, words[i], &at))
			return true;
	return false;
}

const char *axev__site_register_link(struct axev__span url)
{
	char host[256];

	axev__site_host(url, host, sizeof(host));
	if (is_below(host, "beian.miit.gov.cn") || is_below(host, "miitbeian.gov.cn"))
		return "icp";
	if (is_below(host, "beian.mps.gov.cn") || strcmp(host, "www.beian.gov.cn") == 0 || strcmp(host, "beian.gov.cn") == 0)
		return "police";
	return NULL;
}

static bool is_local_v4(const uint8_t a[4])
{
	return a[0] == 127 || a[0] == 10 || a[0] == 0 || (a[0] == 192 && a[1] == 168) || (a[0] == 169 && a[1] == 254) ||
	       (a[0] == 172 && (a[1] & 0xF0) == 16) || (a[0] == 100 && (a[1] & 0xC0) == 64);
}

/* Of this machine or its own network, by what is written: RFC 1918, 3927, 4193, 4291, 6598, 6761; names without a dot. */
bool axev__site_is_local(const char *host)
{
	char bare[64];
	uint8_t a[16] = { 0 };
	static const uint8_t mapped[12] = { 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF };

	snprintf(bare, sizeof(bare), "%s", host[0] == '[' ? host + 1 : host);
	bare[strcspn(bare, "]")] = '\0';
	if (inet_pton(AF_INET, bare, a) == 1)
		return is_local_v4(a);
	if (inet_pton(AF_INET6, bare, a) == 1)
		return (memcmp(a, mapped, 12) == 0 && is_local_v4(a + 12)) || (a[0] & 0xFE) == 0xFC ||
		       (a[0] == 0xFE && (a[1] & 0xC0) == 0x80) || (memcmp(a, mapped, 10) == 0 && a[10] == 0 && a[11] == 0);
	return !strchr(host, '.') || axev__span_ends(axev__span_str(host), ".localhost") ||
	       axev__span_ends(axev__span_str(host), ".local") || axev__span_ends(axev__span_str(host), ".internal");
}
