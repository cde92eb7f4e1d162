#include "options.h"

#include <string.h>

static struct value *read_value(struct arena *a, const struct slsws_option *option) {
	return option->value ? value_string(a, arena_strdup(a, option->value)) : value_bool(a, !option->off);
}

static struct value *read_pairs(struct arena *a, const struct slsws_option *pairs, size_t count) {
	struct value *map = value_map(a);

	for (size_t i = 0; i < count; i++) {
		map_set(a, map, arena_strdup(a, pairs[i].name), read_value(a, &pairs[i]));
	}
	return map;
}

/* As in the reference, what is given several times is a list. */
static struct value *read_opt(struct arena *a, const struct slsws_option *pairs, size_t count) {
	struct value *map = value_map(a);

	for (size_t i = 0; i < count; i++) {
		struct value *value = read_value(a, &pairs[i]), *before = map_get(map, pairs[i].name);
		if (is_list(before)) {
			list_add(a, before, value);
		} else {
			map_set(a, map, arena_strdup(a, pairs[i].name), before ? LIST(a, before, value) : value);
		}
	}
	return map;
}

static struct extra_option *read_extras(struct arena *a, const struct slsws_option *options, size_t count) {
	struct extra_option *first = NULL, **end = &first;

	for (size_t i = 0; i < count; i++) {
		if (options[i].extra) {
			*end = arena_new(a, struct extra_option);
			(*end)->name = arena_strdup(a, options[i].name);
			(*end)->likely = options[i].likely ? arena_strdup(a, options[i].likely) : NULL;
			end = &(*end)->next;
		}
	}
	return first;
}

struct options options_read(struct arena *a, const char *path, const struct slsws_options *given) {
	static const struct slsws_options none;
	const char *slash = strrchr(path, '/');
	given = given ? given : &none;

	return (struct options){
		.opt = read_opt(a, given->options, given->option_count),
		.extras = read_extras(a, given->options, given->option_count),
		.param = read_pairs(a, given->params, given->param_count),
		.stubs = read_pairs(a, given->stubs, given->stub_count),
		.stubs_file = given->stubs_file,
		.directory = slash ? arena_copy(a, path, (size_t)(slash - path + 1)) : "",
		.file = arena_strdup(a, slash ? slash + 1 : path),
		.strict = given->strict,
		.select = given->select,
		.ignore = given->ignore,
		.baseline = given->baseline,
		.minify = given->minify,
		.harden = given->harden,
		.no_code = given->no_code,
		.artifact_folder = given->artifact_folder ? arena_strdup(a, given->artifact_folder) : NULL,
		.replaced_folder = given->replaced_folder ? arena_strdup(a, given->replaced_folder) : NULL,
		.time = given->time,
	};
}

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
