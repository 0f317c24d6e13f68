/* SPDX-License-Identifier: Apache-2.0 */
#include "capture/db/pg_api.h"

#include <dlfcn.h>
#include <string.h>

#define LIBRARY "libpq.so.5"

int axev__pg_load(struct axev__pg_api *ret_api, axev_error *err)
{
	/* Kept for good: what it makes for TLS it keeps in itself, and would make anew each time. */
	struct axev__pg_api api = { .library = dlopen(LIBRARY, RTLD_NOW | RTLD_LOCAL | RTLD_NODELETE) };

	if (!api.library)
		return axev__fail(err, AXEV_E_NOTFOUND, "cannot load " LIBRARY ": install the package libpq5");
#define FIND(name) \
	{ \
		void *symbol = dlsym(api.library, "PQ" #name); \
		memcpy(&api.name, &symbol, sizeof(symbol)); \
		if (!symbol) { \
			dlclose(api.library); \
			return axev__fail(err, AXEV_E_UNSUPPORTED, LIBRARY " has no PQ" #name); \
		} \
	}
	AXEV__PG_CALLS(FIND)
#undef FIND
	*ret_api = api;
	return AXEV_OK;
}

void axev__pg_unload(struct axev__pg_api *api)
{
	if (api->library)
		dlclose(api->library);
	api->library = NULL;
}
