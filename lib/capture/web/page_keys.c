/* SPDX-License-Identifier: Apache-2.0 */
#include "capture/web/page_keys.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "base/cleanup.h"

static const struct {
	const char *name, *key, *code, *text;
	int virtual_key;
} named[] = {
	{ "Enter", "Enter", "Enter", "\r", 0x0D },
	{ "Tab", "Tab", "Tab", "", 0x09 },
	{ "Escape", "Escape", "Escape", "", 0x1B },
	{ "Space", " ", "Space", " ", 0x20 },
	{ "Backspace", "Backspace", "Backspace", "", 0x08 },
	{ "Delete", "Delete", "Delete", "", 0x2E },
	{ "Home", "Home", "Home", "", 0x24 },
	{ "End", "End", "End", "", 0x23 },
	{ "PageUp", "PageUp", "PageUp", "", 0x21 },
	{ "PageDown", "PageDown", "PageDown", "", 0x22 },
	{ "ArrowLeft", "ArrowLeft", "ArrowLeft", "", 0x25 },
	{ "ArrowUp", "ArrowUp", "ArrowUp", "", 0x26 },
	{ "ArrowRight", "ArrowRight", "ArrowRight", "", 0x27 },
	{ "ArrowDown", "ArrowDown", "ArrowDown", "", 0x28 },
};

static const struct {
	const char *prefix;
	int modifier;
} modifiers[] = { { "Alt+", 1 }, { "Control+", 2 }, { "Shift+", 8 } };

/* On the American layout; the page sees the text in any case. */
static const struct {
	char plain, shifted;
	const char *code;
	int virtual_key;
} signs[] = {
	{ '-', '_', "Minus", 0xBD },      { '=', '+', "Equal", 0xBB },
	{ '[', '{', "BracketLeft", 0xDB }, { ']', '}', "BracketRight", 0xDD },
	{ ';', ':', "Semicolon", 0xBA },  { '\'', '"', "Quote", 0xDE },
	{ ',', '<', "Comma", 0xBC },      { '.', '>', "Period", 0xBE },
	{ '/', '?', "Slash", 0xBF },      { '\\', '|', "Backslash", 0xDC },
	{ '`', '~', "Backquote", 0xC0 },  { ' ', ' ', "Space", 0x20 },
};

static void letter(char c, struct axev__page_key *key)
{
	snprintf(key->code, sizeof(key->code), "Key%c", toupper(c));
	key->virtual_key = toupper(c);
	key->modifiers |= isupper(c) ? 8 : 0;
}

static void digit(char c, struct axev__page_key *key)
{
	static const char shifted[] = ")!@#$%^&*(";
	const char *above = strchr(shifted, c);

	key->virtual_key = above ? '0' + (int)(above - shifted) : c;
	key->modifiers |= above ? 8 : 0;
	snprintf(key->code, sizeof(key->code), "Digit%c", key->virtual_key);
}

static void sign(char c, struct axev__page_key *key)
{
	size_t i;

	for (i = 0; i < AXEV__COUNT(signs); i++) {
		if (signs[i].plain != c && signs[i].shifted != c)
			continue;
		snprintf(key->code, sizeof(key->code), "%s", signs[i].code);
		key->virtual_key = signs[i].virtual_key;
		key->modifiers |= signs[i].plain == c ? 0 : 8;
	}
}

static void character(char c, struct axev__page_key *key)
{
	key->key[0] = c;
	key->text[0] = c;
	if (isalpha(c))
		letter(c, key);
	else if (isdigit(c) || strchr(")!@#$%^&*(", c))
		digit(c, key);
	else
		sign(c, key);
}

static bool name(const char *text, struct axev__page_key *key)
{
	size_t i;

	for (i = 0; i < AXEV__COUNT(named); i++) {
		if (strcmp(named[i].name, text) != 0)
			continue;
		snprintf(key->key, sizeof(key->key), "%s", named[i].key);
		snprintf(key->code, sizeof(key->code), "%s", named[i].code);
		snprintf(key->text, sizeof(key->text), "%s", named[i].text);
		key->virtual_key = named[i].virtual_key;
		return true;
	}
	return false;
}

bool axev__page_key_find(const char *text, struct axev__page_key *ret_key)
{
	struct axev__page_key key = { .modifiers = 0 };
	size_t i, before = 0;

	for (i = 0; i < AXEV__COUNT(modifiers); i++)
		if (strncmp(text, modifiers[i].prefix, strlen(modifiers[i].prefix)) == 0) {
			before = strlen(modifiers[i].prefix);
			key.modifiers = modifiers[i].modifier;
			break;
		}
	text += before;
	if (text[0] >= ' ' && text[0] <= '~' && text[1] == '\0')
		character(text[0], &key);
	else if (!name(text, &key))
		return false;
	/* With Control or Alt a key writes nothing. */
	if (key.modifiers & 3)
		key.text[0] = '\0';
	if (ret_key)
		*ret_key = key;
	return true;
}
