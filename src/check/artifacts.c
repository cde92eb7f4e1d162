/*
 * Zips that somebody else makes: validation does not look into them, but they may be forgotten.
 */
#include "check.h"

#include <stdlib.h>

#include "base/text.h"

static bool is_missing_file(const struct check *c, const char *name) {
	const struct slsws_host *host = c->service->host;
	const char *path = *name == '/' ? name : arena_printf(c->arena, "%s%s", c->service->options->directory, name);
	char *bytes = NULL;
	size_t length;

	/* of a limit of no bytes, nothing is read */
	enum slsws_read status = host->read_file(host->data, path, 0, &bytes, &length);
	free(bytes);
	return status == SLSWS_READ_MISSING;
}

static void check_artifact(const struct check *c, const struct value *path, struct value *seen) {
	if (!path || map_find_text(seen, path->text, path->length) || strstr(path->text, "://")) {
		return;
	}
	map_set(c->arena, seen, path->text, (struct value *)path);
	if (is_missing_file(c, path->text)) {
		struct diagnostic *d = check_report(c, "P013", NULL, path, "the artifact '%s' is not there", path->text);
		diag_help(d, "build it before 'slsws package'");
	}
}

check_fn check_artifacts;

void check_artifacts(const struct check *c) {
	struct value *seen = value_map(c->arena);

	if (!c->service) {
		return;
	}
	for (const struct function *f = c->service->functions; f; f = f->next) {
		check_artifact(c, f->given_artifact, seen);
	}
	for (const struct layer *layer = c->service->layers; layer; layer = layer->next) {
		check_artifact(c, layer->given_artifact, seen);
	}
}
