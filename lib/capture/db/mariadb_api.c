/* SPDX-License-Identifier: Apache-2.0 */
#include "capture/db/mariadb_api.h"

#include <dlfcn.h>
#include <string.h>

#define LIBRARY "libmariadb.so.3"

int axev__mariadb_load(struct axev__mariadb *ret_api, axev_error *err)
{
	/* Kept for good: what it makes once it keeps in itself, and would make anew each time. */
	struct axev__mariadb api = { .library = dlopen(LIBRARY, RTLD_NOW | RTLD_LOCAL | RTLD_NODELETE) };

	if (!api.library)
		return axev__fail(err, AXEV_E_NOTFOUND,
				  "cannot load " LIBRARY ": install the package libmariadb3");
#define FIND(name) \
	{ \
		void *symbol = dlsym(api.library, "mysql_" #name); \
		memcpy(&api.name, &symbol, sizeof(symbol)); \
		if (!symbol) { \
			dlclose(api.library); \
			return axev__fail(err, AXEV_E_UNSUPPORTED, LIBRARY " has no mysql_" #name); \
		} \
	}
	AXEV__MARIADB_CALLS(FIND)
#undef FIND
	*ret_api = api;
	return AXEV_OK;
}

void axev__mariadb_unload(struct axev__mariadb *api)
{
	if (api->library)
		dlclose(api->library);
	api->library = NULL;
}
