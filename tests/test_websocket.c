/* SPDX-License-Identifier: Apache-2.0 */
/* RFC 6455 5.7 and RFC 7692 7.2.3 give the bytes; what is refused is in tests/data/websocket/invalid/. */
#include "support.h"

#include <dirent.h>
#include <fcntl.h>
#include <zlib.h>

#include "base/io.h"
#include "base/limits.h"
#include "content/websocket_index.h"

#define BYTES(text) axev__span(text, sizeof(text) - 1)

static struct axev__websocket *reader;
static struct axev__websocket_message message;
static axev_error err;

static void open_reader(struct axev__span bytes, enum axev__websocket_side side, const char *extensions)
{
	struct axev__websocket_terms terms;

	axev__websocket_free(reader);
	reader = NULL;
	assert_ok(axev__websocket_terms(axev__span_str(extensions), &terms, &err));
	assert_ok(axev__websocket_new(bytes, side, &terms, &reader, &err));
}

static void close_reader(void)
{
	axev__websocket_free(reader);
	reader = NULL;
}

static bool next(void)
{
	bool is_found = false;

	assert_ok(axev__websocket_next(reader, &message, &is_found, &err));
	return is_found;
}

static void expect(int opcode, uint32_t frames, const char *content, const char *flaw)
{
	ck_assert(next());
	ck_assert_int_eq(message.opcode, opcode);
	ck_assert_uint_eq(message.frames, frames);
	ck_assert_msg(axev__span_is(message.content, content), "%.*s", (int)message.content.size,
		      (const char *)message.content.data);
	ck_assert_msg(flaw ? message.flaw && strcmp(message.flaw, flaw) == 0 : !message.flaw, "%s", message.flaw);
}

START_TEST(websocket__the_examples_of_the_rfc_are_read)
{
	open_reader(BYTES("\x81\x05Hello\x89\x05Hello\x01\x03Hel\x80\x02lo"), AXEV__WEBSOCKET_SERVER, "");
	expect(AXEV__WEBSOCKET_TEXT, 1, "Hello", NULL);
	expect(AXEV__WEBSOCKET_PING, 1, "Hello", NULL);
	expect(AXEV__WEBSOCKET_TEXT, 2, "Hello", NULL);
	ck_assert_uint_eq(message.offset, 14);
	ck_assert_uint_eq(message.end_offset, 23);
	ck_assert(!next());
	open_reader(BYTES("\x81\x85\x37\xfa\x21\x3d\x7f\x9f\x4d\x51\x58\x8a\x85\x37\xfa\x21\x3d\x7f\x9f\x4d\x51\x58"),
		    AXEV__WEBSOCKET_CLIENT, "");
	expect(AXEV__WEBSOCKET_TEXT, 1, "Hello", NULL);
	expect(AXEV__WEBSOCKET_PONG, 1, "Hello", NULL);
	ck_assert(!next());
	close_reader();
}
END_TEST

START_TEST(websocket__control_frames_may_stand_inside_of_a_message)
{
	open_reader(BYTES("\x01\x02" "ab\x89\x01p\x00\x01" "c\x80\x01" "d"), AXEV__WEBSOCKET_SERVER, "");
	expect(AXEV__WEBSOCKET_PING, 1, "p", NULL);
	ck_assert_uint_eq(message.offset, 4);
	expect(AXEV__WEBSOCKET_TEXT, 3, "abcd", NULL);
	ck_assert_uint_eq(message.offset, 0);
	ck_assert(!next());
	close_reader();
}
END_TEST

START_TEST(websocket__deflate_is_undone_with_and_without_takeover)
{
	static const char hello[] = "\xc1\x07\xf2\x48\xcd\xc9\xc9\x07\x00";
	static const char twice[] = "\xc1\x07\xf2\x48\xcd\xc9\xc9\x07\x00\xc1\x05\xf2\x00\x11\x00\x00";

	open_reader(BYTES(twice), AXEV__WEBSOCKET_SERVER, "permessage-deflate");
	expect(AXEV__WEBSOCKET_TEXT, 1, "Hello", NULL);
	ck_assert(message.is_compressed);
	ck_assert_uint_eq(message.payload.size, 7);
	expect(AXEV__WEBSOCKET_TEXT, 1, "Hello", NULL);
	/* Without takeover the second refers to what is not there. */
	open_reader(BYTES(twice), AXEV__WEBSOCKET_SERVER, "permessage-deflate; server_no_context_takeover");
	expect(AXEV__WEBSOCKET_TEXT, 1, "Hello", NULL);
	ck_assert(next());
	ck_assert_str_eq(message.flaw, "is no deflate data");
	/* In two fragments; stored, with a final block, in two blocks (RFC 7692 7.2.3). */
	open_reader(BYTES("\x41\x03\xf2\x48\xcd\x80\x04\xc9\xc9\x07\x00"
			  "\xc1\x0b\x00\x05\x00\xfa\xffHello\x00"
			  "\xc1\x08\xf3\x48\xcd\xc9\xc9\x07\x00\x00"
			  "\xc1\x0d\xf2\x48\x05\x00\x00\x00\xff\xff\xca\xc9\xc9\x07\x00"),
		    AXEV__WEBSOCKET_SERVER, "Permessage-Deflate; server_max_window_bits=15");
	expect(AXEV__WEBSOCKET_TEXT, 2, "Hello", NULL);
	expect(AXEV__WEBSOCKET_TEXT, 1, "Hello", NULL);
	expect(AXEV__WEBSOCKET_TEXT, 1, "Hello", NULL);
	expect(AXEV__WEBSOCKET_TEXT, 1, "Hello", NULL);
	ck_assert(!next());
	open_reader(BYTES(hello), AXEV__WEBSOCKET_SERVER, "");
	assert_fails(axev__websocket_next(reader, &message, &(bool){ false }, &err), AXEV_E_FORMAT,
		     "offset 0: expected reserved bits that are 0, or as permessage-deflate uses them");
	close_reader();
}
END_TEST

START_TEST(websocket__behind_what_cannot_be_inflated_nothing_can)
{
	open_reader(BYTES("\xc1\x03\xff\xff\xff\xc1\x07\xf2\x48\xcd\xc9\xc9\x07\x00\x81\x02hi"),
		    AXEV__WEBSOCKET_SERVER, "permessage-deflate");
	expect(AXEV__WEBSOCKET_TEXT, 1, "\xff\xff\xff", "is no deflate data");
	ck_assert(next());
	ck_assert_str_eq(message.flaw, "cannot be inflated, as one before it could not");
	ck_assert(message.content.data == message.payload.data && message.payload.size == 7);
	expect(AXEV__WEBSOCKET_TEXT, 1, "hi", NULL);
	close_reader();
}
END_TEST

START_TEST(websocket__a_deflate_bomb_is_told)
{
	size_t bomb_bytes = 2 * AXEV__MAX_WEBSOCKET_INFLATED; /* in more than 64 KiB */
	AXEV__FREE uint8_t *zeros = calloc(1, bomb_bytes), *frame = calloc(1, AXEV__MIB);
	z_stream zip = { 0 };
	size_t size;

	ck_assert(zeros && frame);
	ck_assert_int_eq(deflateInit2(&zip, 9, Z_DEFLATED, -15, 9, Z_DEFAULT_STRATEGY), Z_OK);
	zip.next_in = zeros;
	zip.avail_in = (uInt)bomb_bytes;
	zip.next_out = frame + 10;
	zip.avail_out = (uInt)AXEV__MIB - 10;
	ck_assert_int_eq(deflate(&zip, Z_SYNC_FLUSH), Z_OK);
	size = AXEV__MIB - 10 - zip.avail_out - 4;
	deflateEnd(&zip);
	frame[0] = 0xC2;
	frame[1] = 127;
	axev__put_u64be(frame + 2, size);
	open_reader(axev__span(frame, size + 10), AXEV__WEBSOCKET_SERVER, "permessage-deflate");
	ck_assert(next());
	ck_assert_str_eq(message.flaw, "inflates to more than is read");
	ck_assert_uint_eq(message.content.size, size);
	ck_assert(!next());
	close_reader();
}
END_TEST

START_TEST(websocket__flaws_of_content_are_told)
{
	open_reader(BYTES("\x81\x01\xff\x88\x01\x03\x88\x02\x03\xed\x88\x03\x03\xe8\xff\x88\x05\x03\xe8" "bye\x88\x00"),
		    AXEV__WEBSOCKET_SERVER, "");
	expect(AXEV__WEBSOCKET_TEXT, 1, "\xff", "is a text that is not UTF-8");
	expect(AXEV__WEBSOCKET_CLOSE, 1, "\x03", "is a close frame of one byte");
	expect(AXEV__WEBSOCKET_CLOSE, 1, "\x03\xed", "has a close code that no side may send");
	expect(AXEV__WEBSOCKET_CLOSE, 1, "\x03\xe8\xff", "has a close reason that is not UTF-8");
	expect(AXEV__WEBSOCKET_CLOSE, 1, "\x03\xe8" "bye", NULL);
	expect(AXEV__WEBSOCKET_CLOSE, 1, "", NULL);
	ck_assert(!next());
	close_reader();
}
END_TEST

START_TEST(websocket__bytes_may_end_anywhere)
{
	static const char whole[] = "\x01\x02" "ab\x80\x7e\x00\x80"
				    "0123456789012345678901234567890123456789012345678901234567890123"
				    "0123456789012345678901234567890123456789012345678901234567890123";
	size_t size;

	for (size = 0; size < sizeof(whole) - 1; size++) {
		open_reader(axev__span(whole, size), AXEV__WEBSOCKET_SERVER, "");
		ck_assert_int_eq(next(), size >= 4);
		ck_assert_int_eq(message.is_unfinished, size >= 4);
		ck_assert_uint_eq(axev__websocket_offset(reader), size >= 4 ? 4 : 0);
		ck_assert(!next());
	}
	open_reader(BYTES(whole), AXEV__WEBSOCKET_SERVER, "");
	ck_assert(next() && !message.is_unfinished && message.payload.size == 130);
	close_reader();
}
END_TEST

START_TEST(websocket__terms_are_read_strictly)
{
	struct axev__websocket_terms terms;

	assert_ok(axev__websocket_terms(BYTES(" permessage-deflate ; client_max_window_bits=\"9\";server_no_context_takeover "),
					&terms, &err));
	ck_assert(terms.is_deflate && !terms.has_no_takeover[0] && terms.has_no_takeover[1]);
	ck_assert_int_eq(terms.window_bits[0], 9);
	ck_assert_int_eq(terms.window_bits[1], 15);
	assert_ok(axev__websocket_terms(BYTES(""), &terms, &err));
	ck_assert(!terms.is_deflate);
	assert_fails(axev__websocket_terms(BYTES("x-webkit-deflate-frame"), &terms, &err), AXEV_E_FORMAT,
		     "expected permessage-deflate, found x-webkit-deflate-frame");
	assert_fails(axev__websocket_terms(BYTES("permessage-deflate, permessage-deflate"), &terms, &err),
		     AXEV_E_FORMAT, "expected one extension, found permessage-deflate, permessage-deflate");
	assert_fails(axev__websocket_terms(BYTES("permessage-deflate; server_max_window_bits=7"), &terms, &err),
		     AXEV_E_FORMAT,
		     "expected parameters of permessage-deflate, each once, found server_max_window_bits=7");
	assert_fails(axev__websocket_terms(
			     BYTES("permessage-deflate; server_no_context_takeover; server_no_context_takeover"),
			     &terms, &err),
		     AXEV_E_FORMAT,
		     "expected parameters of permessage-deflate, each once, found server_no_context_takeover");
	assert_fails(axev__websocket_terms(BYTES("permessage-deflate;"), &terms, &err), AXEV_E_FORMAT,
		     "expected parameters of permessage-deflate, each once, found ");
}
END_TEST

/* ---- refused inputs ---- */

static void read_whole(const char *name, const char *suffix, struct axev__buf *out)
{
	char path[512];

	snprintf(path, sizeof(path), "%s/websocket/invalid/%s%s", getenv("AXEV_TEST_DATA"), name, suffix);
	assert_ok(axev__read_file(AT_FDCWD, path, out, &err));
}

static void check_refused(const char *name, enum axev__websocket_side side)
{
	AXEV__BUF bytes = AXEV__BUF_INIT(AXEV__MIB), said = AXEV__BUF_INIT(AXEV__MIB);
	bool is_found = true;
	int status = AXEV_OK;
	char text[1100];

	read_whole(name, side == AXEV__WEBSOCKET_CLIENT ? ".client" : ".server", &bytes);
	read_whole(name, ".txt", &said);
	open_reader(axev__buf_view(&bytes), side, "");
	while (status == AXEV_OK && is_found) {
		axev_error_clear(&err);
		status = axev__websocket_next(reader, &message, &is_found, &err);
	}
	axev_error_text(&err, text, sizeof(text));
	ck_assert_msg(status == AXEV_E_FORMAT, "%s: %d", name, status);
	ck_assert_msg(strlen(text) + 1 == said.size && memcmp(text, said.data, strlen(text)) == 0, "%s: %s", name,
		      text);
	/* And it stays so. */
	ck_assert_int_eq(axev__websocket_next(reader, &message, &is_found, NULL), AXEV_E_FORMAT);
	close_reader();
}

START_TEST(websocket__what_no_side_may_send_is_refused)
{
	char path[512], name[256];
	struct dirent *entry;
	size_t count = 0;
	DIR *folder;

	snprintf(path, sizeof(path), "%s/websocket/invalid", getenv("AXEV_TEST_DATA"));
	folder = opendir(path);
	ck_assert_ptr_nonnull(folder);
	while ((entry = readdir(folder))) {
		const char *dot = strrchr(entry->d_name, '.');

		if (!dot || (strcmp(dot, ".client") != 0 && strcmp(dot, ".server") != 0))
			continue;
		snprintf(name, sizeof(name), "%.*s", (int)(dot - entry->d_name), entry->d_name);
		check_refused(name, dot[1] == 'c' ? AXEV__WEBSOCKET_CLIENT : AXEV__WEBSOCKET_SERVER);
		count++;
	}
	closedir(folder);
	ck_assert_uint_ge(count, 13);
}
END_TEST

/* ---- the index ---- */

#define CLIENT BYTES("\x81\x85\x37\xfa\x21\x3d\x7f\x9f\x4d\x51\x58\x88\x80\x01\x02\x03\x04")
#define SERVER BYTES("\x81\x05Hello\x82\x02\x00\x01\x88\x06\x03\xe8" "over\x81\x7e")

static void make_index(struct axev__buf *text)
{
	static const enum axev__websocket_side order[] = { 0, 1, 1, 0, 1 };
	const uint64_t dropped[2] = { 0, 0 };
	AXEV__WEBSOCKET_INDEX *index = NULL;
	AXEV__JSON *head = axev__json_new_object(), *document = NULL;
	size_t i;

	assert_ok(axev__json_set_u64(head, "connection", 4, &err));
	assert_ok(axev__json_set_str(head, "url", "https://shop.example/socket", &err));
	assert_ok(axev__json_set_str(head, "extensions", "", &err));
	assert_ok(axev__websocket_index_new(CLIENT, SERVER, axev__span("", 0), &index, &err));
	for (i = 0; i < AXEV__COUNT(order); i++)
		assert_ok(axev__websocket_index_take(index, order[i], 1000 * (int64_t)i, 1000 * (int64_t)i, &err));
	ck_assert(!axev__websocket_index_next(index, 0) && !axev__websocket_index_next(index, 1));
	assert_ok(axev__websocket_index_end(index, head, dropped, &document, &err));
	assert_ok(axev__json_canonical(document, text, &err));
}

static int check_index(struct axev__buf *text, struct axev__span client, struct axev__span server)
{
	uint64_t messages;

	return axev__websocket_index_check(axev__buf_view(text), client, server, &messages, &err);
}

static void replace(struct axev__buf *text, const char *old, const char *new)
{
	char *at = strstr((char *)text->data, old);

	ck_assert_ptr_nonnull(at);
	ck_assert_uint_eq(strlen(old), strlen(new));
	memcpy(at, new, strlen(new));
}

START_TEST(websocket__an_index_is_made_again_from_its_bytes)
{
	AXEV__BUF text = AXEV__BUF_INIT(AXEV__MIB);
	uint64_t messages = 0;

	make_index(&text);
	assert_ok(axev__websocket_index_check(axev__buf_view(&text), CLIENT, SERVER, &messages, &err));
	ck_assert_uint_eq(messages, 5);
	ck_assert_ptr_nonnull(strstr((char *)text.data, "\"close_code\":1000,"));
	ck_assert_ptr_nonnull(strstr((char *)text.data, "\"base64\":\"AAE=\""));
	ck_assert_ptr_nonnull(strstr((char *)text.data, "\"text\":\"over\""));
	ck_assert_ptr_nonnull(strstr((char *)text.data,
				     "\"unread_because\":\"ends inside of a frame\",\"unread_bytes\":\"2\""));
}
END_TEST

START_TEST(websocket__an_index_that_lies_is_found)
{
	AXEV__BUF text = AXEV__BUF_INIT(AXEV__MIB);

	make_index(&text);
	replace(&text, "\"text\":\"Hello\"", "\"text\":\"Hullo\"");
	assert_fails(check_index(&text, CLIENT, SERVER), AXEV_E_INVALID, "is not what its bytes give");
	axev__buf_clear(&text);
	make_index(&text);
	replace(&text, "\"from\":\"server\"", "\"from\":\"client\"");
	assert_fails(check_index(&text, CLIENT, SERVER), AXEV_E_INVALID,
		     "message 3: the bytes hold no further message of the client");
	axev__buf_clear(&text);
	make_index(&text);
	assert_fails(check_index(&text, CLIENT, BYTES("\x81\x05Hello\x82\x02\x00\x01\x88\x06\x03\xe8" "over\x81\x00")),
		     AXEV_E_INVALID, "the bytes hold a message of the server that is not in the list");
	assert_fails(check_index(&text, CLIENT, BYTES("\x81\x05Hullo\x82\x02\x00\x01\x88\x06\x03\xe8" "over\x81\x7e")),
		     AXEV_E_INVALID, "is not what its bytes give");
	replace(&text, "\"url\":", "\"xrl\":");
	assert_fails(check_index(&text, CLIENT, SERVER), AXEV_E_FORMAT,
		     "member 'url': expected a string, found none");
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("websocket");
	TCase *tests = tcase_create("websocket");

	tcase_add_test(tests, websocket__the_examples_of_the_rfc_are_read);
	tcase_add_test(tests, websocket__control_frames_may_stand_inside_of_a_message);
	tcase_add_test(tests, websocket__deflate_is_undone_with_and_without_takeover);
	tcase_add_test(tests, websocket__behind_what_cannot_be_inflated_nothing_can);
	tcase_add_test(tests, websocket__a_deflate_bomb_is_told);
	tcase_add_test(tests, websocket__flaws_of_content_are_told);
	tcase_add_test(tests, websocket__bytes_may_end_anywhere);
	tcase_add_test(tests, websocket__terms_are_read_strictly);
	tcase_add_test(tests, websocket__what_no_side_may_send_is_refused);
	tcase_add_test(tests, websocket__an_index_is_made_again_from_its_bytes);
	tcase_add_test(tests, websocket__an_index_that_lies_is_found);
	tcase_set_timeout(tests, 120);
	suite_add_tcase(suite, tests);
	return run_suite(suite);
}
