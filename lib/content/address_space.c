/* SPDX-License-Identifier: Apache-2.0 */
#include "content/address_space.h"

#include <arpa/inet.h>

#include "base/cleanup.h"

#define MAX_TEXT 64
#define V4(a, b, c, d) 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF, a, b, c, d /* RFC 4291 2.5.5.2, mapped */

/*
 * Ranges of the registries of RFC 6890 whose addresses are of this machine or of one nearby, as far as connections go
 * there. The rest counts as public: ranges for documentation too, which nobody has.
 */
static const struct {
	uint8_t prefix[16];
	unsigned bits;
	enum axev__space space;
} ranges[] = {
	{ { V4(0, 0, 0, 0) }, 96 + 8, AXEV__SPACE_LOOPBACK },        /* RFC 1122 3.2.1.3: this host; systems connect to it */
	{ { V4(127, 0, 0, 0) }, 96 + 8, AXEV__SPACE_LOOPBACK },      /* RFC 1122 3.2.1.3 */
	{ { V4(169, 254, 0, 0) }, 96 + 16, AXEV__SPACE_LINK_LOCAL }, /* RFC 3927 */
	{ { V4(10, 0, 0, 0) }, 96 + 8, AXEV__SPACE_PRIVATE },	     /* RFC 1918; so the next two */
	{ { V4(172, 16, 0, 0) }, 96 + 12, AXEV__SPACE_PRIVATE },
	{ { V4(192, 168, 0, 0) }, 96 + 16, AXEV__SPACE_PRIVATE },
	{ { V4(100, 64, 0, 0) }, 96 + 10, AXEV__SPACE_PRIVATE }, /* RFC 6598, shared with a provider */
	{ { V4(192, 0, 0, 0) }, 96 + 24, AXEV__SPACE_PRIVATE },	 /* RFC 6890 */
	{ { V4(198, 18, 0, 0) }, 96 + 15, AXEV__SPACE_PRIVATE }, /* RFC 2544 */
	{ { V4(255, 255, 255, 255) }, 128, AXEV__SPACE_LINK_LOCAL }, /* RFC 919 */
	{ { 0 }, 128, AXEV__SPACE_LOOPBACK },			     /* RFC 4291 2.5.2: as 0.0.0.0 */
	{ { [15] = 1 }, 128, AXEV__SPACE_LOOPBACK },		     /* RFC 4291 2.5.3 */
	{ { 0xFE, 0x80 }, 10, AXEV__SPACE_LINK_LOCAL },		     /* RFC 4291 2.5.6 */
	{ { 0xFE, 0xC0 }, 10, AXEV__SPACE_PRIVATE },		     /* RFC 3879, site-local of old */
	{ { 0xFC }, 7, AXEV__SPACE_PRIVATE },			     /* RFC 4193 */
	{ { 0, 0x64, 0xFF, 0x9B, 0, 1 }, 48, AXEV__SPACE_PRIVATE },  /* RFC 8215, translated within a network */
};

static bool is_in(const uint8_t address[16], const uint8_t prefix[16], unsigned bits)
{
	unsigned whole = bits / 8, rest = bits % 8;

	return memcmp(address, prefix, whole) == 0 &&
	       (rest == 0 || (uint8_t)(address[whole] ^ prefix[whole]) >> (8 - rest) == 0);
}

static const uint8_t mapped[16] = { V4(0, 0, 0, 0) };

/* Addresses that only wrap one of IPv4 are as near as that: RFC 6052 translated, RFC 3056 6to4. */
static void unwrap(uint8_t address[16])
{
	static const uint8_t translated[12] = { 0, 0x64, 0xFF, 0x9B };
	size_t at = 0;

	if (memcmp(address, translated, sizeof(translated)) == 0)
		at = 12;
	else if (address[0] == 0x20 && address[1] == 0x02)
		at = 2;
	if (!at)
		return;
	memmove(address + 12, address + at, 4);
	memcpy(address, mapped, 12);
}

static bool parse(struct axev__span text, uint8_t address[16])
{
	char copy[MAX_TEXT];
	size_t i;

	for (i = 0; i < text.size && text.data[i] != '%'; i++)
		if (!text.data[i] || i + 1 == sizeof(copy))
			return false;
	memcpy(copy, text.data, i);
	copy[i] = '\0';
	memcpy(address, mapped, 12);
	return inet_pton(AF_INET, copy, address + 12) == 1 || inet_pton(AF_INET6, copy, address) == 1;
}

enum axev__space axev__address_space(struct axev__span text)
{
	uint8_t address[16];
	size_t i;

	if (!parse(text, address))
		return AXEV__SPACE_UNKNOWN;
	unwrap(address);
	for (i = 0; i < AXEV__COUNT(ranges); i++)
		if (is_in(address, ranges[i].prefix, ranges[i].bits))
			return ranges[i].space;
	return AXEV__SPACE_PUBLIC;
}

const char *axev__space_name(enum axev__space space)
{
	static const char *const names[] = { NULL, "loopback", "link-local", "private", "public" };

	return names[space];
}

bool axev__space_is_nearer(enum axev__space space, enum axev__space than)
{
	if (space == AXEV__SPACE_UNKNOWN || space >= than)
		return false;
	return !(space == AXEV__SPACE_LINK_LOCAL && than == AXEV__SPACE_PRIVATE);
}
