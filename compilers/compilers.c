#include "compilers.h"

struct pass {
	const char *name;
	compile_fn *compile;
};

static const struct pass passes[] = {
	{ NULL, NULL },
};

void compile_all(const struct service *service, struct template *t, struct diag *diag) {
	for (const struct pass *pass = passes; pass->compile; pass++) {
		pass->compile(service, t, diag);
	}
}
