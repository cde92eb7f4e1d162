#include "options.h"

const char *option_text(const struct options *options, const char *name) {
	const struct value *v = map_get(options->opt, name);

	return is_string(v) ? v->text : NULL;
}
