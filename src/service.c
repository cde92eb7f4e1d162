#include "service.h"

#include <string.h>

const struct service *service_read(struct arena *a, const struct value *config, const struct options *options,
		const struct slsws_host *host, struct diag *diag) {
	(void)config; (void)options; (void)host; (void)diag;
	return arena_new(a, struct service);
}

const struct function *service_function(const struct service *service, const char *key) {
	for (const struct function *f = service->functions; f; f = f->next) {
		if (strcmp(f->key, key) == 0) {
			return f;
		}
	}
	return NULL;
}
