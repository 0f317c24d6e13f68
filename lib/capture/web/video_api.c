/* SPDX-License-Identifier: Apache-2.0 */
#include "capture/web/video_api.h"

#include <dlfcn.h>
#include <string.h>

#define TEXT(number) #number
#define SONAME(name, major) name ".so." TEXT(major)
/* It depends on all the others, of the same release: their symbols are found through it. */
#define LIBRARY SONAME("libavdevice", LIBAVDEVICE_VERSION_MAJOR)

int axev__libav_load(struct axev__libav *ret_api, axev_error *err)
{
	/* Not unloaded again: some of what it brings along does not expect that. */
	struct axev__libav api = { .library = dlopen(LIBRARY, RTLD_NOW | RTLD_LOCAL | RTLD_NODELETE) };

	if (!api.library)
		return axev__fail(err, AXEV_E_NOTFOUND,
				  "video: cannot load " LIBRARY ": install the package libavdevice%d", LIBAVDEVICE_VERSION_MAJOR);
#define FIND(name) \
	{ \
		void *symbol = dlsym(api.library, #name); \
		memcpy(&api.name, &symbol, sizeof(symbol)); \
		if (!symbol) \
			return axev__fail(err, AXEV_E_UNSUPPORTED, "video: " LIBRARY " leads to no " #name); \
	}
	AXEV__LIBAV_CALLS(FIND)
#undef FIND
	*ret_api = api;
	return AXEV_OK;
}
