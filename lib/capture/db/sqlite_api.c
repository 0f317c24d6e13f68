/* SPDX-License-Identifier: Apache-2.0 */
#include "capture/db/sqlite_api.h"

#include <dlfcn.h>
#include <string.h>

#define LIBRARY "libsqlite3.so.0"

int axev__sqlite_load(struct axev__sqlite *ret_api, axev_error *err)
{
	struct axev__sqlite api = { .library = dlopen(LIBRARY, RTLD_NOW | RTLD_LOCAL) };

	if (!api.library)
		return axev__fail(err, AXEV_E_NOTFOUND,
				  "cannot load " LIBRARY ": install the package libsqlite3-0");
#define FIND(name) \
	{ \
		void *symbol = dlsym(api.library, "sqlite3_" #name); \
		memcpy(&api.name, &symbol, sizeof(symbol)); \
		if (!symbol) { \
			dlclose(api.library); \
			return axev__fail(err, AXEV_E_UNSUPPORTED, LIBRARY " has no sqlite3_" #name); \
		} \
	}
	AXEV__SQLITE_CALLS(FIND)
#undef FIND
	*ret_api = api;
	return AXEV_OK;
}

void axev__sqlite_unload(struct axev__sqlite *api)
{
	if (api->library)
		dlclose(api->library);
	api->library = NULL;
}
