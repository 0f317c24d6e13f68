/* SPDX-License-Identifier: Apache-2.0 */
/* How this machine is connected: proxies, interfaces, gateway, route. */
#include <arpa/inet.h>
#include <errno.h>
#include <ifaddrs.h>
#include <inttypes.h>
#include <net/if.h>
#include <netpacket/packet.h>
#include <stdio.h>
#include <strings.h>

#include "base/text.h"
#include "capture/clean/clean.h"

#define ROUTE_MS 1200

/* ---- proxies ---- */

/* A proxy's user name and password are nobody's business who reads the evidence. */
static int append_value(struct axev__buf *out, const char *value, axev_error *err)
{
	const char *at = strrchr(value, '@'), *scheme = strstr(value, "://");
	const char *from = scheme ? scheme + 3 : value;

	if (!at || at < from)
		return axev__escape(out, axev__span_str(value), err);
	TRY(axev__escape(out, axev__span(value, (size_t)(from - value)), err));
	TRY(axev__buf_str(out, "(credentials left out)", err));
	return axev__escape(out, axev__span_str(at), err);
}

static int read_environment(struct axev__clean_row *row, struct axev__clean_list *set, axev_error *err)
{
	static const char *const names[] = { "http_proxy",  "https_proxy", "ftp_proxy",
					     "all_proxy",   "no_proxy",	   "HTTP_PROXY",
					     "HTTPS_PROXY", "FTP_PROXY",   "ALL_PROXY",
					     "NO_PROXY",    "auto_proxy",  "SSLKEYLOGFILE",
					     "LD_PRELOAD",  "LD_LIBRARY_PATH" };
	size_t i;

	TRY(axev__buf_str(&row->raw, "== environment of this process ==\n", err));
	for (i = 0; i < AXEV__COUNT(names); i++) {
		const char *value = getenv(names[i]);

		TRY(axev__buf_printf(&row->raw, err, "%s%s", names[i], value ? "=" : " is not set"));
		if (value)
			TRY(append_value(&row->raw, value, err));
		TRY(axev__buf_byte(&row->raw, '\n', err));
		if (value && *value)
			axev__clean_list_add(set, axev__span_str(names[i]));
	}
	return AXEV_OK;
}

/* Lines that speak of a proxy; nothing else of such a file is anybody's business. */
static int read_settings(struct axev__clean_row *row, const char *path, struct axev__clean_list *set,
			 axev_error *err)
{
	AXEV__BUF text = AXEV__BUF_INIT(AXEV__MAX_CLEAN_RAW_BYTES);
	axev_error problem = AXEV_ERROR_INIT;
	struct axev__span rest, line;
	bool has_proxy = false;
	int status = axev__clean_file(path, &text, &problem);

	if (status == AXEV_E_NOMEM)
		return axev__nomem(err);
	TRY(axev__buf_printf(&row->raw, err, "== %s: lines with \"proxy\" ==\n", path));
	if (status < 0)
		return axev__buf_printf(&row->raw, err, "-- %s --\n", problem.message);
	rest = axev__buf_view(&text);
	while (axev__clean_line(&rest, &line)) {
		char copy[512];

		snprintf(copy, sizeof(copy), "%.*s", (int)(line.size < 500 ? line.size : 500),
			 (const char *)line.data);
		if (!strcasestr(copy, "proxy") || copy[strspn(copy, " \t")] == '#')
			continue;
		TRY(append_value(&row->raw, copy, err));
		TRY(axev__buf_byte(&row->raw, '\n', err));
		has_proxy = true;
	}
	if (has_proxy)
		axev__clean_list_add(set, axev__span_str(path));
	return AXEV_OK;
}

int axev__clean_proxy(const struct axev__clean_asked *asked, struct axev__clean_row *row, axev_error *err)
{
	static const char *const files[] = { "/etc/environment", "/etc/apt/apt.conf",
					     "/etc/apt/apt.conf.d/proxy.conf", "/etc/wgetrc" };
	struct axev__clean_list set = { 0 };
	size_t i;

	(void)asked;
	TRY(read_environment(row, &set, err));
	for (i = 0; i < AXEV__COUNT(files); i++)
		TRY(read_settings(row, files[i], &set, err));
	if (set.count == 0)
		return axev__clean_say(row, AXEV__CLEAN_PASSED, "no proxy is set");
	return axev__clean_say(row, AXEV__CLEAN_NOTED, "set: %s; the browser does not get them",
			       axev__clean_list_text(&set));
}

/* ---- interfaces ---- */

static int append_mac(struct axev__buf *out, const struct sockaddr_ll *link, axev_error *err)
{
	unsigned i;

	for (i = 0; i < link->sll_halen && i < sizeof(link->sll_addr); i++)
		TRY(axev__buf_printf(out, err, "%s%02x", i ? ":" : " mac ", link->sll_addr[i]));
	return AXEV_OK;
}

static void address_text(const struct ifaddrs *one, char out[INET6_ADDRSTRLEN])
{
	const void *address = one->ifa_addr;

	out[0] = '\0';
	if (address && one->ifa_addr->sa_family == AF_INET)
		inet_ntop(AF_INET, &((const struct sockaddr_in *)address)->sin_addr, out, INET6_ADDRSTRLEN);
	else if (address && one->ifa_addr->sa_family == AF_INET6)
		inet_ntop(AF_INET6, &((const struct sockaddr_in6 *)address)->sin6_addr, out,
			  INET6_ADDRSTRLEN);
}

static int append_interface(struct axev__buf *out, const struct ifaddrs *one, axev_error *err)
{
	char text[INET6_ADDRSTRLEN];

	address_text(one, text);
	TRY(axev__buf_printf(out, err, "%s %s%s", one->ifa_name, one->ifa_flags & IFF_UP ? "up" : "down",
			     one->ifa_flags & IFF_POINTOPOINT ? " point-to-point" : ""));
	if (one->ifa_addr && one->ifa_addr->sa_family == AF_PACKET)
		TRY(append_mac(out, (const struct sockaddr_ll *)(const void *)one->ifa_addr, err));
	else if (text[0])
		TRY(axev__buf_printf(out, err, " address %s", text));
	return axev__buf_byte(out, '\n', err);
}

static bool is_tunnel(const struct ifaddrs *one)
{
	static const char *const prefixes[] = { "tun", "tap", "wg", "ppp", "utun", "ipsec", "zt", "tailscale" };
	size_t i;

	for (i = 0; i < AXEV__COUNT(prefixes); i++)
		if (strncmp(one->ifa_name, prefixes[i], strlen(prefixes[i])) == 0)
			return true;
	return (one->ifa_flags & IFF_POINTOPOINT) != 0;
}

static int list_interfaces(const struct ifaddrs *all, struct axev__clean_row *row, axev_error *err)
{
	struct axev__clean_list addresses = { 0 }, tunnels = { 0 };
	const struct ifaddrs *one;

	for (one = all; one; one = one->ifa_next) {
		char address[INET6_ADDRSTRLEN], item[IF_NAMESIZE + INET6_ADDRSTRLEN + 1];

		address_text(one, address);
		TRY(append_interface(&row->raw, one, err));
		if (!address[0] || !(one->ifa_flags & IFF_UP) || (one->ifa_flags & IFF_LOOPBACK))
			continue;
		snprintf(item, sizeof(item), "%.15s %s", one->ifa_name, address);
		axev__clean_list_add(&addresses, axev__span_str(item));
		if (is_tunnel(one))
			axev__clean_list_add(&tunnels, axev__span_str(one->ifa_name));
	}
	if (tunnels.count > 0)
		return axev__clean_say(row, AXEV__CLEAN_NOTED, "a tunnel (as of a VPN) is up: %s",
				       axev__clean_list_text(&tunnels));
	if (addresses.count == 0)
		return axev__clean_say(row, AXEV__CLEAN_NOTED, "no address but those of this machine itself");
	return axev__clean_say(row, AXEV__CLEAN_NOTED, "%s", axev__clean_list_text(&addresses));
}

int axev__clean_interfaces(const struct axev__clean_asked *asked, struct axev__clean_row *row,
			   axev_error *err)
{
	struct ifaddrs *all;
	int status;

	(void)asked;
	if (getifaddrs(&all) < 0)
		return axev__fail_errno(err, errno, "cannot list the interfaces");
	status = list_interfaces(all, row, err);
	freeifaddrs(all);
	return status;
}

/* ---- gateway ---- */

struct gateway {
	char interface[IF_NAMESIZE];
	struct in_addr address;
	char mac[24];
	bool is_found;
};

/* proc(5): addresses in hexadecimal, in the machine's byte order; flag 2: by a gateway. The lowest metric wins. */
static void read_route(struct axev__span line, struct gateway *best, unsigned *best_metric)
{
	char text[256], interface[IF_NAMESIZE];
	unsigned destination, address, flags, metric, mask;

	snprintf(text, sizeof(text), "%.*s", (int)(line.size < 250 ? line.size : 250),
		 (const char *)line.data);
	if (sscanf(text, "%15s %x %x %x %*d %*d %u %x", interface, &destination, &address, &flags, &metric,
		   &mask) != 6 ||
	    destination != 0 || mask != 0 || !(flags & 2) || (best->is_found && metric >= *best_metric))
		return;
	memcpy(best->interface, interface, sizeof(interface));
	best->address.s_addr = address;
	best->is_found = true;
	*best_metric = metric;
}

static void read_arp(struct axev__span line, struct gateway *gateway)
{
	char text[256], address[64], mac[24], device[IF_NAMESIZE], wanted[INET_ADDRSTRLEN];
	unsigned flags;

	snprintf(text, sizeof(text), "%.*s", (int)(line.size < 250 ? line.size : 250),
		 (const char *)line.data);
	inet_ntop(AF_INET, &gateway->address, wanted, sizeof(wanted));
	if (sscanf(text, "%63s %*x %x %23s %*s %15s", address, &flags, mac, device) == 4 &&
	    strcmp(address, wanted) == 0 && strcmp(device, gateway->interface) == 0 &&
	    (flags & 2)) /* ATF_COM: the entry is complete */
		snprintf(gateway->mac, sizeof(gateway->mac), "%s", mac);
}

int axev__clean_gateway(const struct axev__clean_asked *asked, struct axev__clean_row *row,
			axev_error *err)
{
	AXEV__BUF routes = AXEV__BUF_INIT(AXEV__MIB);
	AXEV__BUF arp = AXEV__BUF_INIT(AXEV__MIB);
	struct gateway gateway = { 0 };
	char address[INET_ADDRSTRLEN];
	struct axev__span text, line;
	unsigned metric = 0;

	(void)asked;
	TRY(axev__clean_section(&row->raw, "/proc/net/route", NULL, err));
	TRY(axev__clean_section(&row->raw, "/proc/net/arp", NULL, err));
	TRY(axev__clean_file("/proc/net/route", &routes, err));
	text = axev__buf_view(&routes);
	while (axev__clean_line(&text, &line))
		read_route(line, &gateway, &metric);
	if (!gateway.is_found)
		return axev__clean_say(row, AXEV__CLEAN_NOTED, "no IPv4 gateway");
	TRY(axev__clean_file("/proc/net/arp", &arp, err));
	text = axev__buf_view(&arp);
	while (axev__clean_line(&text, &line))
		read_arp(line, &gateway);
	inet_ntop(AF_INET, &gateway.address, address, sizeof(address));
	if (!gateway.mac[0])
		return axev__clean_say(row, AXEV__CLEAN_NOTED, "%s on %s, its MAC address is not known",
				       address, gateway.interface);
	snprintf(row->steady, sizeof(row->steady), "%s %s %s", address, gateway.interface, gateway.mac);
	return axev__clean_say(row, AXEV__CLEAN_NOTED, "%s on %s, MAC %s", address, gateway.interface,
			       gateway.mac);
}

/* ---- route ---- */

static unsigned count_hops(struct axev__span text)
{
	struct axev__span line, word;
	unsigned hops = 0;

	while (axev__clean_line(&text, &line)) {
		uint64_t number;

		if (!axev__clean_word(&line, &word))
			continue;
		if (word.size > 1 && word.data[word.size - 1] == ':')
			word.size--;
		if (axev__parse_u64(word, 64, &number) && number > hops)
			hops = (unsigned)number;
	}
	return hops;
}

/* Does the last hop answer as the host itself? Both tools print addresses; only the first line names the target. */
static int trace(const struct axev__clean_asked *asked, struct axev__clean_row *row, bool *ret_is_there,
		 axev_error *err)
{
	const char *const traceroute[] = { "/usr/sbin/traceroute", "-n", "-q", "1", "-w", "0.6",
					   "-m", "20", "-N", "20", "--", asked->host, NULL };
	const char *const tracepath[] = { "/usr/bin/tracepath", "-n", "-m", "20", asked->host, NULL };
	const char *const *tools[] = { traceroute, tracepath };
	size_t i;

	for (i = 0; i < AXEV__COUNT(tools); i++) {
		axev_error problem = AXEV_ERROR_INIT;
		size_t begin = row->raw.size;
		int exit_code = 0, status;

		status = axev__clean_command(tools[i], ROUTE_MS, &row->raw, &exit_code, &problem);
		if (status == AXEV_E_NOTFOUND)
			continue;
		*ret_is_there = true;
		if (status < 0)
			return axev__fail(err, status, "%s", problem.message);
		begin = count_hops(axev__span(row->raw.data + begin, row->raw.size - begin));
		if (begin == 0)
			return axev__clean_say(row, AXEV__CLEAN_NOT_REACHABLE, "%s found no way to the site",
					       strrchr(tools[i][0], '/') + 1);
		if (exit_code < 0)
			return axev__clean_say(row, AXEV__CLEAN_NOTED,
					       "%s listed %zu hops; ended before it was done",
					       strrchr(tools[i][0], '/') + 1, begin);
		return axev__clean_say(row, AXEV__CLEAN_NOTED, "%s listed %zu hops",
				       strrchr(tools[i][0], '/') + 1, begin);
	}
	return AXEV_OK;
}

int axev__clean_route(const struct axev__clean_asked *asked, struct axev__clean_row *row, axev_error *err)
{
	bool is_there = false;

	TRY(axev__clean_section(&row->raw, "/proc/net/route", NULL, err));
	TRY(axev__clean_section(&row->raw, "/proc/net/ipv6_route", NULL, err));
	if (asked->is_own_machine)
		return axev__clean_say(row, AXEV__CLEAN_NOTED, "the address is on this machine");
	TRY(trace(asked, row, &is_there, err));
	if (is_there)
		return AXEV_OK;
	return axev__clean_say(row, AXEV__CLEAN_NOTED,
			       "route table only: neither traceroute nor tracepath is installed");
}
