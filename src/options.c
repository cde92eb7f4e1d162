#include "options.h"

#include <string.h>

const char *option_text(const struct options *options, const char *name) {
	const struct value *v = map_get(options->opt, name);

	return is_string(v) ? v->text : NULL;
}

void option_note_read(const struct options *options, const char *name) {
	for (struct extra_option *extra = options->extras; extra; extra = extra->next) {
		extra->read = extra->read || !name || strcmp(extra->name, name) == 0;
	}
}

void options_check_read(const struct options *options, struct diag *diag) {
	for (const struct extra_option *extra = options->extras; extra; extra = extra->next) {
		if (extra->read) {
			continue;
		}
		struct diagnostic *d = diag_add(diag, extra->likely ? SEVERITY_ERROR : SEVERITY_WARNING, "U050",
			(struct mark){ 0 }, "unknown option '--%s', and the configuration reads no ${opt:%s}", extra->name,
			extra->name);
		if (extra->likely) {
			diag_help(d, "did you mean '--%s'?", extra->likely);
		}
	}
}
