/* SPDX-License-Identifier: Apache-2.0 */
#include "capture/machine.h"

#include <dlfcn.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <sys/timex.h>
#include <sys/utsname.h>

#include "axev_config.h"
#include "base/io.h"
#include "base/limits.h"
#include "base/text.h"
#include "crypto/digest.h"

int axev__machine_fd_sha256(int fd, uint8_t out[32], axev_error *err)
{
	AXEV__FREE uint8_t *chunk = malloc(AXEV__COPY_CHUNK);
	AXEV__HASHER *hasher = NULL;
	struct axev__digests digests;
	size_t got = 1;

	if (!chunk)
		return axev__nomem(err);
	TRY(axev__hasher_new(AXEV__DIGEST_SHA256, &hasher, err));
	while (got) {
		TRY(axev__read_some(fd, chunk, AXEV__COPY_CHUNK, &got, err));
		TRY(axev__hasher_update(hasher, chunk, got, err));
	}
	TRY(axev__hasher_final(hasher, &digests, err));
	memcpy(out, digests.sha256, 32);
	return AXEV_OK;
}

int axev__machine_file_sha256(const char *path, uint8_t out[32], axev_error *err)
{
	AXEV__CLOSE int fd = -1;

	TRY(axev__open(AT_FDCWD, path, O_RDONLY, 0, &fd, err));
	return axev__machine_fd_sha256(fd, out, err);
}

static int append_binary(axev__json *list, const char *path, const char *name, axev_error *err)
{
	AXEV__JSON *binary = axev__json_new_object();
	uint8_t sha256[32];

	TRY(axev__machine_file_sha256(path, sha256, err));
	TRY(axev__json_set_str(binary, "name", name, err));
	TRY(axev__json_set_hex(binary, "sha256", sha256, sizeof(sha256), err));
	return axev__json_append(list, axev__steal(binary), err);
}

int axev__machine_tool(axev__json **ret_tool, axev_error *err)
{
	AXEV__JSON *tool = axev__json_new_object();
	AXEV__JSON *binaries = axev__json_new_array();
	Dl_info self;

	TRY(append_binary(binaries, "/proc/self/exe", "program", err));
	if (dladdr((void *)(uintptr_t)&axev__machine_tool, &self) && self.dli_fname &&
	    strstr(self.dli_fname, ".so"))
		TRY(append_binary(binaries, self.dli_fname, "library", err));
	TRY(axev__json_set_str(tool, "name", "ax_evidence", err));
	TRY(axev__json_set_str(tool, "version", AXEV_VERSION, err));
	TRY(axev__json_set(tool, "binaries", axev__steal(binaries), err));
	*ret_tool = axev__steal(tool);
	return AXEV_OK;
}

/* PRETTY_NAME="..." of os-release(5); "unknown" when the system does not say. */
static void read_os_name(char *out, size_t out_size)
{
	AXEV__BUF text = AXEV__BUF_INIT(64 * AXEV__KIB);
	const char *line, *end;

	snprintf(out, out_size, "unknown");
	if (axev__read_file(AT_FDCWD, "/etc/os-release", &text, NULL) < 0 || !text.data)
		return;
	line = strstr((char *)text.data, "PRETTY_NAME=\"");
	if (!line)
		return;
	line += strlen("PRETTY_NAME=\"");
	end = strchr(line, '"');
	if (end && (size_t)(end - line) < out_size &&
	    axev__is_utf8(axev__span(line, (size_t)(end - line))))
		snprintf(out, out_size, "%.*s", (int)(end - line), line);
}

int axev__machine_environment(axev__json **ret_environment, axev_error *err)
{
	AXEV__JSON *environment = axev__json_new_object();
	struct utsname names;
	char os_name[256];
	char kernel[sizeof(names.release) + sizeof(names.version) + 2];

	if (uname(&names) < 0)
		return axev__fail(err, AXEV_E_INTERNAL, "uname failed");
	read_os_name(os_name, sizeof(os_name));
	snprintf(kernel, sizeof(kernel), "%s %s", names.release, names.version);
	TRY(axev__json_set_str(environment, "os", os_name, err));
	TRY(axev__json_set_str(environment, "kernel", kernel, err));
	TRY(axev__json_set_str(environment, "machine", names.machine, err));
	TRY(axev__json_set_str(environment, "host", names.nodename, err));
	*ret_environment = axev__steal(environment);
	return AXEV_OK;
}

int axev__machine_clock(axev__json **ret_clock, axev_error *err)
{
	AXEV__JSON *clock = axev__json_new_object();
	struct timex state = { 0 };
	int kernel_state = adjtimex(&state);
	bool is_held = kernel_state >= 0 && kernel_state != TIME_ERROR && !(state.status & STA_UNSYNC);
	char bound[32];

	TRY(axev__json_set_str(clock, "source", "system clock", err));
	TRY(axev__json_set_str(clock, "how",
			       is_held ? "kernel reports the clock synchronised; bound is its maximum error" :
					 "kernel does not report the clock synchronised; offset and bound unknown",
			       err));
	if (is_held) {
		snprintf(bound, sizeof(bound), "%" PRId64, (int64_t)state.maxerror * 1000);
		TRY(axev__json_set_str(clock, "bound_ns", bound, err));
	}
	*ret_clock = axev__steal(clock);
	return AXEV_OK;
}
