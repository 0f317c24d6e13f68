/* SPDX-License-Identifier: Apache-2.0 */
/* Names that this machine answers itself, without any resolver. */
#include <stdio.h>
#include <strings.h>
#include <sys/utsname.h>

#include "base/text.h"
#include "capture/clean/clean.h"
#include "crypto/digest.h"

static bool is_usual(struct axev__span name)
{
	static const char *const usual[] = {
		"localhost", "localhost.localdomain", "localhost4", "localhost4.localdomain4", "localhost6",
		"localhost6.localdomain6", "ip6-localhost", "ip6-loopback", "ip6-localnet",
		"ip6-mcastprefix", "ip6-allnodes", "ip6-allrouters", "ip6-allhosts", "broadcasthost",
	};
	struct utsname own;
	size_t i, length;

	for (i = 0; i < AXEV__COUNT(usual); i++)
		if (axev__span_is(name, usual[i]))
			return true;
	if (uname(&own) < 0)
		return false;
	/* The machine's own name, alone or with its domain. */
	length = strlen(own.nodename);
	return axev__span_starts(name, own.nodename) &&
	       (name.size == length || name.data[length] == '.');
}

static bool is_host(struct axev__span name, const char *host)
{
	return name.size == strlen(host) && strncasecmp((const char *)name.data, host, name.size) == 0;
}

struct entries {
	struct axev__clean_list others, captured;
	char address[64]; /* of the captured host */
};

static void read_line(struct axev__span line, const char *host, struct entries *entries)
{
	const uint8_t *comment = line.size ? memchr(line.data, '#', line.size) : NULL;
	struct axev__span address, name;

	if (comment)
		line.size = (size_t)(comment - line.data);
	if (!axev__clean_word(&line, &address))
		return;
	while (axev__clean_word(&line, &name)) {
		if (is_host(name, host)) {
			struct axev__shown shown;

			snprintf(entries->address, sizeof(entries->address), "%.60s",
				 axev__show(&shown, address));
			axev__clean_list_add(&entries->captured, name);
		} else if (!is_usual(name)) {
			axev__clean_list_add(&entries->others, name);
		}
	}
}

static int set_steady(struct axev__clean_row *row, axev_error *err)
{
	uint8_t sha256[32];

	TRY(axev__sha256(row->raw.data, row->raw.size, sha256, err));
	axev__hex(row->steady, sha256, sizeof(sha256));
	return AXEV_OK;
}

int axev__clean_hosts(const struct axev__clean_asked *asked, struct axev__clean_row *row, axev_error *err)
{
	struct entries entries = { 0 };
	struct axev__span text, line;

	TRY(axev__clean_file("/etc/hosts", &row->raw, err));
	TRY(set_steady(row, err));
	text = axev__buf_view(&row->raw);
	while (axev__clean_line(&text, &line))
		read_line(line, asked->host, &entries);
	if (entries.captured.count > 0 && !asked->is_own_machine)
		return axev__clean_say(row, AXEV__CLEAN_FAILED, "names the captured host: %s has the address %s",
				       axev__clean_list_text(&entries.captured), entries.address);
	if (entries.others.count > 0)
		return axev__clean_say(row, AXEV__CLEAN_NOTED,
				       "%u names beyond this machine, not the captured host: %s",
				       entries.others.count, axev__clean_list_text(&entries.others));
	return axev__clean_say(row, AXEV__CLEAN_PASSED, "no names beyond this machine");
}
