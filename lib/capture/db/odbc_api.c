/* SPDX-License-Identifier: Apache-2.0 */
#include "capture/db/odbc_api.h"

#include <dlfcn.h>
#include <string.h>

#define LIBRARY "libodbc.so.2"

int axev__odbc_load(struct axev__odbc *ret_api, axev_error *err)
{
	struct axev__odbc api = { .library = dlopen(LIBRARY, RTLD_NOW | RTLD_LOCAL) };

	if (!api.library)
		return axev__fail(err, AXEV_E_NOTFOUND,
				  "cannot load " LIBRARY ": install the package libodbc2, and the driver of the database");
#define FIND(name) \
	{ \
		void *symbol = dlsym(api.library, "SQL" #name); \
		memcpy(&api.name, &symbol, sizeof(symbol)); \
		if (!symbol) { \
			dlclose(api.library); \
			return axev__fail(err, AXEV_E_UNSUPPORTED, LIBRARY " has no SQL" #name); \
		} \
	}
	AXEV__ODBC_CALLS(FIND)
#undef FIND
	*ret_api = api;
	return AXEV_OK;
}

void axev__odbc_unload(struct axev__odbc *api)
{
	if (api->library)
		dlclose(api->library);
	api->library = NULL;
}
