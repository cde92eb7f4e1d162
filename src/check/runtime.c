/*
 * Runtimes that Lambda gives up. The dates are those of "Runtime deprecation policy" in AWS's developer guide, as of 2026-11;
 * runtimes whose dates were still moving then are left out.
 */
#include <string.h>

#include "check/check.h"

struct runtime {
	const char *name, *date, *successor;
};

static const struct runtime runtimes[] = {
	{ "dotnet5.0", "2022-05-10", "dotnet10" },
	{ "dotnet6", "2024-12-20", "dotnet10" },
	{ "dotnet7", "2024-05-14", "dotnet10" },
	{ "dotnet8", "2026-11-10", "dotnet10" },
	{ "dotnetcore1.0", "2019-06-27", "dotnet10" },
	{ "dotnetcore2.0", "2019-05-30", "dotnet10" },
	{ "dotnetcore2.1", "2022-01-05", "dotnet10" },
	{ "dotnetcore3.1", "2023-04-03", "dotnet10" },
	{ "go1.x", "2024-01-08", "provided.al2023" },
	{ "java8", "2024-01-08", "java25" },
	{ "nodejs", "2016-10-31", "nodejs24.x" },
	{ "nodejs10.x", "2021-07-30", "nodejs24.x" },
	{ "nodejs12.x", "2023-03-31", "nodejs24.x" },
	{ "nodejs14.x", "2023-12-04", "nodejs24.x" },
	{ "nodejs16.x", "2024-06-12", "nodejs24.x" },
	{ "nodejs18.x", "2025-09-01", "nodejs24.x" },
	{ "nodejs20.x", "2026-04-30", "nodejs24.x" },
	{ "nodejs4.3", "2020-03-05", "nodejs24.x" },
	{ "nodejs4.3-edge", "2019-04-30", "nodejs24.x" },
	{ "nodejs6.10", "2019-08-12", "nodejs24.x" },
	{ "nodejs8.10", "2020-03-06", "nodejs24.x" },
	{ "provided", "2024-01-08", "provided.al2023" },
	{ "python2.7", "2021-07-15", "python3.14" },
	{ "python3.6", "2022-07-18", "python3.14" },
	{ "python3.7", "2023-12-04", "python3.14" },
	{ "python3.8", "2024-10-14", "python3.14" },
	{ "python3.9", "2025-12-15", "python3.14" },
	{ "ruby2.5", "2021-07-30", "ruby3.4" },
	{ "ruby2.7", "2023-12-07", "ruby3.4" },
	{ "ruby3.2", "2026-03-31", "ruby3.4" },
};

static const struct runtime *find(const char *name) {
	for (size_t i = 0; i < sizeof(runtimes) / sizeof(*runtimes); i++) {
		if (strcmp(runtimes[i].name, name) == 0) {
			return &runtimes[i];
		}
	}
	return NULL;
}

check_fn check_runtimes;

/* The text does not name the function: what a provider says for all functions is then one finding. */
void check_runtimes(const struct check *c) {
	for (const struct resource *r = check_first(c, "AWS::Lambda::Function"); r; r = r->next_of_type) {
		const struct value *v = check_property(r, "Runtime");
		const struct runtime *old = is_string(v) ? find(v->text) : NULL;
		if (old && (v->mark.source || !c->service)) {
			diag_help(check_report(c, "D101", r, v, "runtime '%s' is deprecated since %s", old->name, old->date),
				"the newest of its kind is '%s'", old->successor);
		}
	}
}
