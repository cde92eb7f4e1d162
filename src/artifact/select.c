#include "artifact/select.h"

#include <stdlib.h>
#include <string.h>

#include "artifact/glob.h"
#include "base/text.h"

struct rule {
	struct glob *glob;
	bool adds;
};

struct rules {
	struct rule *items;
	size_t count, capacity;
};

struct selection {
	const struct service *service;
	struct files *files;
	struct rules rules;
	bool *selected;			/* by the rules, one for each file */
};

static const char *const never_packed[] = {
	".git/**", ".gitignore", ".DS_Store", "npm-debug.log", "yarn-*.log", ".serverless/**", ".serverless_plugins/**",
};

/* --- rules ------------------------------------------------------------------------------------------------------- */

static void add_rule(struct arena *a, struct rules *rules, const char *pattern, bool adds) {
	if (rules->count == rules->capacity) {
		rules->capacity = rules->capacity ? rules->capacity * 2 : 16;
		struct rule *items = arena_array(a, struct rule, rules->capacity);
		if (rules->count) {
			memcpy(items, rules->items, sizeof(*items) * rules->count);
		}
		rules->items = items;
	}
	rules->items[rules->count++] = (struct rule){ glob_create(a, pattern), adds };
}

/* A '!' turns the meaning round. */
static void add_pattern(struct arena *a, struct rules *rules, const char *pattern, bool adds) {
	if (*pattern == '!') {
		add_rule(a, rules, pattern + 1, !adds);
	} else {
		add_rule(a, rules, pattern, adds);
	}
}

static void add_patterns(struct arena *a, struct rules *rules, const struct value *list, bool adds) {
	for (size_t i = 0; i < list_length(list); i++) {
		if (is_string(list->items[i])) {
			add_pattern(a, rules, list->items[i]->text, adds);
		}
	}
}

static void add_excludes(struct arena *a, struct rules *rules, const struct service *service, bool layers) {
	const struct value *plugins = map_get(map_get(service->config, "plugins"), "localPath");

	for (size_t i = 0; i < sizeof(never_packed) / sizeof(*never_packed); i++) {
		add_rule(a, rules, never_packed[i], false);
	}
	add_rule(a, rules, service->options->file, false);
	if (is_string(plugins)) {
		add_pattern(a, rules, plugins->text, false);
	}
	add_patterns(a, rules, map_get(service->package, "exclude"), false);
	for (const struct layer *layer = layers ? service->layers : NULL; layer; layer = layer->next) {
		const struct value *path = map_get(layer->config, "path");
		if (is_string(path)) {
			add_pattern(a, rules, arena_printf(a, "%s/**", path->text), false);
		}
	}
	if (is_truthy(map_get(service->config, "useDotenv"))) {
		add_rule(a, rules, ".env*", false);
	}
}

static void destroy_rules(struct rules *rules) {
	for (size_t i = 0; i < rules->count; i++) {
		glob_destroy(rules->items[i].glob);
	}
}

/* The last rule that matches decides. */
static bool decide(const struct rules *rules, const char *path, bool selected) {
	for (size_t i = rules->count; i-- > 0;) {
		if (rules->items[i].adds != selected && glob_matches(rules->items[i].glob, path)) {
			return rules->items[i].adds;
		}
		if (rules->items[i].adds == selected && glob_matches(rules->items[i].glob, path)) {
			return selected;
		}
	}
	return selected;
}

/* --- files ------------------------------------------------------------------------------------------------------- */

struct skipping {
	bool usual;		/* what is never packed unless somebody asks for it */
	const char *root;	/* the folder that is listed, without links; NULL: nothing is written in it */
	const char *own[2];	/* what the package is written to, and what that will take the place of; or NULL */
};

/* No need to look into .git when nobody can ask for anything of it. */
static bool is_usual(const char *path) {
	return strcmp(path, ".git") == 0 || strcmp(path, ".serverless") == 0 || strcmp(path, ".serverless_plugins") == 0;
}

static bool is_own(const struct skipping *s, const char *path, const char *own) {
	size_t length = strlen(s->root);

	return own && strncmp(own, s->root, length) == 0 && own[length] == '/' && strcmp(own + length + 1, path) == 0;
}

/* What packing that was killed has left: src/cli/folder.c. */
static bool is_left_behind(const char *path) {
	const char *slash = strrchr(path, '/');

	return text_starts(slash ? slash + 1 : path, ".slsws-");
}

static bool skip(void *context, const char *path) {
	const struct skipping *s = context;

	if (is_left_behind(path)) {
		return true;
	}
	return (s->usual && is_usual(path)) || (s->root && (is_own(s, path, s->own[0]) || is_own(s, path, s->own[1])));
}

static const char *real_path(const struct service *service, const char *path) {
	char *real = path ? service->host->real_path(service->host->data, path) : NULL;
	const char *kept = real ? arena_strdup(service->arena, real) : NULL;

	free(real);
	return kept;
}

static struct skipping skipping(const struct service *service, const char *folder, bool usual) {
	const char *own = service->options->artifact_folder;

	return (struct skipping){ usual, own ? real_path(service, folder) : NULL,
		{ real_path(service, own), real_path(service, service->options->replaced_folder) } };
}

static bool asks_for_files(const struct value *package) {
	return list_length(map_get(package, "patterns")) || list_length(map_get(package, "include"));
}

static bool anybody_asks(const struct service *service) {
	for (const struct function *f = service->functions; f; f = f->next) {
		if (asks_for_files(map_get(f->config, "package"))) {
			return true;
		}
	}
	return asks_for_files(service->package) || list_length(map_get(service->package, "exclude"));
}

static void select_files(struct selection *s) {
	s->selected = arena_array(s->service->arena, bool, s->files->count);
	for (size_t i = 0; i < s->files->count; i++) {
		s->selected[i] = decide(&s->rules, s->files->items[i].path, true);
	}
}

struct selection *selection_create(const struct service *service) {
	struct arena *a = service->arena;
	struct selection *s = arena_new(a, struct selection);

	s->service = service;
	struct skipping skipped = skipping(service, service->options->directory, !anybody_asks(service));
	s->files = files_list(a, service->host, service->options->directory, "", skip, &skipped);
	add_excludes(a, &s->rules, service, true);
	add_patterns(a, &s->rules, map_get(service->package, "include"), true);
	add_patterns(a, &s->rules, map_get(service->package, "patterns"), true);
	select_files(s);
	return s;
}

struct selection *selection_of_layer(const struct service *service, const struct layer *layer) {
	struct arena *a = service->arena;
	struct selection *s = arena_new(a, struct selection);
	const struct value *package = map_get(layer->config, "package");
	const char *path = map_get(layer->config, "path")->text;

	s->service = service;
	/* An empty path is the service's folder, not the root of all. */
	const char *folder = arena_printf(a, "%s%s/", *path == '/' ? "" : service->options->directory, *path ? path : ".");
	struct skipping skipped = skipping(service, folder, false);
	s->files = files_list(a, service->host, folder, "", skip, &skipped);
	add_excludes(a, &s->rules, service, false);
	add_patterns(a, &s->rules, map_get(package, "exclude"), false);
	add_patterns(a, &s->rules, map_get(service->package, "include"), true);
	add_patterns(a, &s->rules, map_get(service->package, "patterns"), true);
	add_patterns(a, &s->rules, map_get(package, "include"), true);
	add_patterns(a, &s->rules, map_get(package, "patterns"), true);
	select_files(s);
	return s;
}

void selection_destroy(struct selection *selection) {
	if (selection) {
		destroy_rules(&selection->rules);
	}
}

struct files *selection_files(const struct selection *selection) {
	return selection->files;
}

void selection_walk(const struct selection *selection, const struct value *package,
		void (*use)(void *context, struct file *file), void *context) {
	struct arena *a = selection->service->arena;
	struct rules own = { 0 };

	add_patterns(a, &own, map_get(package, "exclude"), false);
	add_patterns(a, &own, map_get(package, "include"), true);
	add_patterns(a, &own, map_get(package, "patterns"), true);
	for (size_t i = 0; i < selection->files->count; i++) {
		struct file *file = &selection->files->items[i];
		if (decide(&own, file->path, selection->selected[i])) {
			use(context, file);
		}
	}
	destroy_rules(&own);
}
