/*
 * Handlers: whether there is a file that holds one. Only where nothing but slsws makes the package, and for the languages
 * whose files Lambda finds by the handler's name.
 */
#include <string.h>

#include "base/text.h"
#include "check/check.h"
#include "host.h"

enum { MOST_SUFFIXES = 4 };

struct language {
	const char *runtime;			/* how its runtimes begin */
	bool first_dot;				/* the function's name begins at the first dot, not at the last */
	const char *suffixes[MOST_SUFFIXES];	/* of files that Lambda runs */
	const char *sources[MOST_SUFFIXES];	/* of files that have to be compiled first */
};

static const struct language languages[] = {
	{ "nodejs", true, { ".js", ".mjs", ".cjs" }, { ".ts", ".mts", ".cts", ".tsx" } },
	{ "python", false, { ".py", "/__init__.py" }, { NULL } },
};

struct finder {
	const struct check *check;
	struct value *folders;	/* from a folder's path to the names in it */
};

struct listing {
	struct arena *arena;
	struct value *names;
};

static void add_name(void *context, const char *name, enum slsws_entry kind, unsigned long long size) {
	struct listing *l = context;
	const char *copy = arena_strdup(l->arena, name);
	(void)kind, (void)size;

	map_set_entry(l->arena, l->names, copy, strlen(copy), (struct mark){ 0 }, l->names);
}

/* Each folder is listed once. */
static const struct value *names_in(struct finder *f, const char *folder) {
	const struct service *s = f->check->service;
	struct arena *a = f->check->arena;
	struct value *names = map_get(f->folders, folder);

	if (!names) {
		struct listing l = { a, value_map(a) };
		const char *path = arena_printf(a, "%s%s", s->options->directory, folder);
		s->host->list_folder(s->host->data, *path ? path : ".", add_name, &l);
		names = l.names;
		map_set(a, f->folders, folder, names);
	}
	return names;
}

static bool is_file(struct finder *f, const char *path) {
	const char *slash = strrchr(path, '/');
	const char *folder = slash ? arena_copy(f->check->arena, path, (size_t)(slash - path)) : "";

	return map_has(names_in(f, folder), slash ? slash + 1 : path);
}

/* The suffix with which there is a file, NULL: there is none. */
static const char *find_suffix(struct finder *f, const char *module, const char *const suffixes[MOST_SUFFIXES]) {
	for (size_t i = 0; i < MOST_SUFFIXES && suffixes[i]; i++) {
		if (is_file(f, arena_printf(f->check->arena, "%s%s", module, suffixes[i]))) {
			return suffixes[i];
		}
	}
	return NULL;
}

static const struct language *language_of(const struct function *f) {
	for (size_t i = 0; is_string(f->runtime) && i < sizeof(languages) / sizeof(*languages); i++) {
		if (text_starts(f->runtime->text, languages[i].runtime)) {
			return &languages[i];
		}
	}
	return NULL;
}

/* The file's path without its suffix; NULL where a handler is of no usual form, or in a layer. */
static const char *module_of(const struct check *c, const struct language *l, const struct value *handler) {
	const char *text = is_string(handler) ? handler->text : "";
	const char *slash = strrchr(text, '/'), *name = slash ? slash + 1 : text;
	const char *dot = l->first_dot ? strchr(name, '.') : strrchr(name, '.');

	if (!dot || dot == name || *text == '/' || strstr(text, "..") || strstr(text, "node_modules/") ||
			strlen(text) != handler->length) {
		return NULL;
	}
	char *module = arena_copy(c->arena, text, (size_t)(dot - text));
	for (char *at = module; !l->first_dot && *at; at++) {
		*at = *at == '.' ? '/' : *at;	/* Python's packages */
	}
	return text_starts(module, "./") ? module + 2 : module;
}

static void check_handler(struct finder *finder, const struct function *f) {
	const struct check *c = finder->check;
	const struct value *handler = map_get(f->config, "handler");
	const struct language *l = f->image || f->given_artifact ? NULL : language_of(f);
	const char *module = l ? module_of(c, l, handler) : NULL;

	if (!module || find_suffix(finder, module, l->suffixes)) {
		return;
	}
	const char *source = find_suffix(finder, module, l->sources);
	if (source) {
		diag_help(check_report(c, "P021", NULL, handler, "handler '%s' is in '%s%s', which Lambda cannot run",
			handler->text, module, source), "compile it to '%s%s' before it is packaged", module, l->suffixes[0]);
	} else {
		check_report(c, "P021", NULL, handler, "there is no file for the handler '%s', expected '%s%s' or the like",
			handler->text, module, l->suffixes[0]);
	}
}

check_fn check_handlers;

void check_handlers(const struct check *c) {
	struct finder finder = { c, value_map(c->arena) };

	if (!c->service || c->plugins || is_truthy(map_get(c->service->config, "build"))) {
		return;
	}
	for (const struct function *f = c->service->functions; f; f = f->next) {
		check_handler(&finder, f);
	}
}
