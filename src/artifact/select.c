#include "artifact/select.h"

#include <stdlib.h>
#include <string.h>

#include "artifact/dev_dependencies.h"
#include "artifact/glob.h"
#include "base/table.h"
#include "base/text.h"

struct rule {
	struct glob *glob;
	const char *text;		/* the pattern without its '!' */
	bool adds;
	struct glob *lists;		/* the same as listing understands it; NULL: not different */
	size_t base;			/* of one that adds: the length of the folder that its listing starts from ... */
	bool passes;			/* ... of one that takes away: listing does not go into a folder that it matches */
};

struct rules {
	struct rule *items;
	size_t count, capacity;
	struct value *texts;		/* those that are in it: a pattern counts where it stands first */
};

/* A folder that files are in. */
struct folder {
	struct folder *above;		/* NULL: the top */
	const char *path;
	size_t length;
	size_t number;
};

struct selection {
	const struct service *service;
	const struct value *layer_package;	/* of a layer: its setting; else NULL */
	bool of_layer;
	struct files *files;
	struct folder **folders;	/* of each file */
	struct table by_path;		/* all folders */
	bool *selected;			/* without any function's own rules, one for each file */
	const struct value *dev;	/* patterns of what development alone needs, for the service and its layers */
	struct table dev_folders, dev_files;	/* what these name ... */
	struct rules dev_rules;		/* ... but for those that have wildcards in a name */
};

/* Beyond its end: a pattern without wildcards, whose file is not looked for but looked at. */
static const size_t NOT_LISTED = (size_t)-1;

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
	while (text_starts(pattern, "./")) {
		pattern += 2;
	}
	rules->items[rules->count++] = (struct rule){ .glob = glob_create(a, pattern), .text = pattern, .adds = adds };
}

/* A '!' turns the meaning round. */
static void add_pattern(struct arena *a, struct rules *rules, const char *pattern, bool adds) {
	const char *key = arena_printf(a, "%c%s", adds ? '+' : '-', pattern);

	rules->texts = rules->texts ? rules->texts : value_map(a);
	if (map_get_text(rules->texts, key, strlen(key))) {
		return;
	}
	map_set(a, rules->texts, key, value_bool(a, true));
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

static void add_excludes(struct arena *a, struct rules *rules, const struct service *service,
		const struct value *package, bool layers) {
	const struct value *plugins = map_get(map_get(service->config, "plugins"), "localPath");

	for (size_t i = 0; i < sizeof(never_packed) / sizeof(*never_packed); i++) {
		add_pattern(a, rules, never_packed[i], false);
	}
	add_pattern(a, rules, service->options->file, false);
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
		add_pattern(a, rules, ".env*", false);
	}
	add_patterns(a, rules, map_get(package, "exclude"), false);
}

static const char wildcards[] = "*?[]{}()\\";

static size_t base_of(const char *pattern) {
	size_t plain = strcspn(pattern, wildcards), base = 0;

	if (!pattern[plain]) {
		return NOT_LISTED;
	}
	for (size_t i = 0; i < plain; i++) {
		base = pattern[i] == '/' ? i : base;
	}
	return base;
}

/* Whether listing looks at folders by a pattern: if it is for all below a folder, or ends in a plain name. */
static bool passes_folders(const char *pattern) {
	const char *slash = strrchr(pattern, '/'), *name = slash ? slash + 1 : pattern;

	return text_ends(pattern, "/**") || !name[strcspn(name, wildcards)];
}

/* Here "[!a]" is what "[^a]" is, which for deciding it is not; and of two '!' the second is for deciding alone. */
static struct glob *listing_glob(struct arena *a, const struct rule *rule) {
	bool doubled = !rule->adds && rule->text[0] == '!' && rule->text[1] != '(';

	if (!doubled && !strstr(rule->text, "[!")) {
		return NULL;
	}
	char *changed = arena_strdup(a, rule->text + doubled);
	for (char *at = strstr(changed, "[!"); at; at = strstr(at, "[!")) {
		at[1] = '^';
	}
	return glob_create(a, changed);
}

/* Patterns between two that take away are listed together: from the top, if one of them is, as the first are. */
static void prepare_listing(struct arena *a, struct rules *rules, size_t from) {
	bool top = true;

	for (size_t i = from; i < rules->count; i++) {
		rules->items[i].passes = !rules->items[i].adds && passes_folders(rules->items[i].text);
		rules->items[i].lists = listing_glob(a, &rules->items[i]);
	}
	for (size_t i = from, end; i < rules->count; i = end + 1, top = false) {
		for (end = i; end < rules->count && rules->items[end].adds; end++) {
			rules->items[end].base = base_of(rules->items[end].text);
			top = top || rules->items[end].base == 0;
		}
		for (size_t j = i; j < end; j++) {
			if (top && rules->items[j].base != NOT_LISTED && !text_starts(rules->items[j].text, "../")) {
				rules->items[j].base = 0;
			}
		}
	}
}

static void destroy_rules(struct rules *rules) {
	for (size_t i = 0; i < rules->count; i++) {
		glob_destroy(rules->items[i].glob);
		glob_destroy(rules->items[i].lists);
	}
}

/* All rules for an artifact; *listed is where those begin that files are listed by. */
static struct rules make_rules(const struct selection *s, const struct value *package, size_t *listed) {
	const struct service *service = s->service;
	struct arena *a = service->arena;
	struct rules rules = { 0 };

	add_excludes(a, &rules, service, package, !s->of_layer);
	*listed = rules.count;
	add_patterns(a, &rules, map_get(service->package, "include"), true);
	add_patterns(a, &rules, map_get(service->package, "patterns"), true);
	add_patterns(a, &rules, map_get(package, "include"), true);
	add_patterns(a, &rules, map_get(package, "patterns"), true);
	prepare_listing(a, &rules, *listed);
	return rules;
}

/* --- deciding ---------------------------------------------------------------------------------------------------- */

struct decision {
	const struct selection *selection;
	struct rules rules;
	size_t listed;
	uint32_t *passed;	/* for each rule and folder: the length of the lowest folder from there up that the rule matches, + 1;
				   0: not known yet; 1: none */
};

static bool lists(const struct rule *rule, const char *path) {
	return glob_matches(rule->lists ? rule->lists : rule->glob, path);
}

/* The length of the lowest of a file's folders that a rule matches; 0: none. */
static size_t passed_folder(const struct decision *d, size_t rule, const struct folder *folder) {
	if (!folder) {
		return 0;
	}
	uint32_t *known = &d->passed[rule * d->selection->by_path.count + folder->number];
	if (!*known) {
		*known = 1 + (uint32_t)(lists(&d->rules.items[rule], folder->path) ? folder->length :
			passed_folder(d, rule, folder->above));
	}
	return *known - 1;
}

/* Whether its listing gets there: it starts below the folder that is passed over, or does not walk at all. */
static bool is_walked(const struct rule *rule, size_t passed) {
	return rule->base == NOT_LISTED || rule->base >= passed;
}

/* "x/" and two stars match a file x, too, but are listed in a folder x alone. */
static bool is_below(const struct rule *rule, const char *path) {
	return rule->base == NOT_LISTED || !rule->base || (strlen(path) > rule->base && path[rule->base] == '/');
}

/* Whether the reference's listing has a file: a pattern adds it, and none that comes later passes it or its folder over. */
static bool is_listed(const struct decision *d, const struct file *file, const struct folder *folder) {
	size_t passed = 0;

	for (size_t i = d->rules.count; i-- > d->listed;) {
		const struct rule *rule = &d->rules.items[i];
		if (rule->adds) {
			if (is_walked(rule, passed) && lists(rule, file->path) && is_below(rule, file->path)) {
				return true;
			}
			continue;
		}
		if (lists(rule, file->path)) {
			return false;
		}
		size_t length = rule->passes ? passed_folder(d, i, folder) : 0;
		passed = length > passed ? length : passed;
	}
	return passed == 0 && !text_starts(file->path, "../");
}

/* The last rule that matches decides. */
static bool decide(const struct rules *rules, const char *path) {
	for (size_t i = rules->count; i-- > 0;) {
		if (glob_matches(rules->items[i].glob, path)) {
			return rules->items[i].adds;
		}
	}
	return true;
}

static bool is_for_development(const struct selection *s, const char *path) {
	for (const char *slash = strchr(path, '/'); slash; slash = strchr(slash + 1, '/')) {
		if (table_get_text(&s->dev_folders, path, (size_t)(slash - path))) {
			return true;
		}
	}
	return table_get(&s->dev_files, path) || !decide(&s->dev_rules, path);
}

static void select_files(const struct selection *s, const struct value *package, bool *selected) {
	struct decision d = { .selection = s };

	d.rules = make_rules(s, package, &d.listed);
	d.passed = calloc(d.rules.count * s->by_path.count + 1, sizeof(*d.passed));
	for (size_t i = 0; d.passed && i < s->files->count; i++) {
		const struct file *file = &s->files->items[i];
		selected[i] = decide(&d.rules, file->path) && is_listed(&d, file, s->folders[i]) &&
			!is_for_development(s, file->path);
	}
	free(d.passed);
	destroy_rules(&d.rules);
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

static struct folder *folder_at(struct selection *s, const char *path, size_t length) {
	struct folder *folder = table_get_text(&s->by_path, path, length);

	if (folder) {
		return folder;
	}
	folder = arena_new(s->service->arena, struct folder);
	folder->path = arena_copy(s->service->arena, path, length);
	folder->length = length;
	folder->number = s->by_path.count;
	table_set(s->service->arena, &s->by_path, folder->path, folder);
	while (length > 0 && path[length - 1] != '/') {
		length--;
	}
	folder->above = length ? folder_at(s, path, length - 1) : NULL;
	return folder;
}

static void find_folders(struct selection *s) {
	struct folder *last = NULL;

	s->folders = arena_array(s->service->arena, struct folder *, s->files->count);
	for (size_t i = 0; i < s->files->count; i++) {
		const char *path = s->files->items[i].path, *slash = strrchr(path, '/');
		size_t length = slash ? (size_t)(slash - path) : 0;
		if (!last || last->length != length || memcmp(last->path, path, length) != 0) {
			last = slash ? folder_at(s, path, length) : NULL;
		}
		s->folders[i] = last;
	}
}

/* What patterns ask for that lead out of the folder. */
static void list_outside(struct selection *s, const struct value *patterns) {
	struct arena *a = s->service->arena;

	for (size_t i = 0; i < list_length(patterns); i++) {
		const char *pattern = is_string(patterns->items[i]) ? patterns->items[i]->text : "";
		if (!text_starts(pattern, "../")) {
			continue;
		}
		size_t base = base_of(pattern);
		if (base == NOT_LISTED) {
			files_add(a, s->service->host, s->files, pattern);
		} else {
			files_add_all(a, s->service->host, s->files, arena_printf(a, "%.*s/", (int)base, pattern));
		}
	}
}

static void list_all_outside(struct selection *s) {
	list_outside(s, map_get(s->service->package, "patterns"));
	list_outside(s, map_get(s->service->package, "include"));
	list_outside(s, map_get(s->layer_package, "patterns"));
	list_outside(s, map_get(s->layer_package, "include"));
	for (const struct function *f = s->of_layer ? NULL : s->service->functions; f; f = f->next) {
		if (f->packed_alone) {
			list_outside(s, map_get(map_get(f->config, "package"), "patterns"));
			list_outside(s, map_get(map_get(f->config, "package"), "include"));
		}
	}
	files_sort(s->files);
}

/* --- development --------------------------------------------------------------------------------------------------- */

static bool leaves_out_development(const struct service *service) {
	const struct value *setting = map_get(service->package, "excludeDevDependencies");

	return is_missing(setting) || is_truthy(setting);
}

static void use_development(struct selection *s) {
	struct arena *a = s->service->arena;

	for (size_t i = 0; i < list_length(s->dev); i++) {
		const char *pattern = s->dev->items[i]->text;
		size_t length = strlen(pattern);
		if (text_ends(pattern, "/**") && strcspn(pattern, "*?[]{}()!+\\\"") == length - 2) {
			table_set(a, &s->dev_folders, arena_copy(a, pattern, length - 3), s);
		} else if (strcspn(pattern, "*?[]{}()!+\\\"") == length) {
			table_set(a, &s->dev_files, pattern, s);
		} else {
			add_rule(a, &s->dev_rules, pattern, false);
		}
	}
}

/* --- selections ---------------------------------------------------------------------------------------------------- */

static void complete(struct selection *s) {
	list_all_outside(s);
	find_folders(s);
	use_development(s);
	s->selected = arena_array(s->service->arena, bool, s->files->count);
	select_files(s, s->layer_package, s->selected);
}

struct selection *selection_create(const struct service *service) {
	struct arena *a = service->arena;
	struct selection *s = arena_new(a, struct selection);
	const char *folder = service->options->directory;
	struct skipping skipped = skipping(service, folder, !anybody_asks(service));

	s->service = service;
	s->files = files_list(a, service->host, folder, "", skip, &skipped);
	s->dev = leaves_out_development(service) ? dev_dependencies(a, service->host, s->files) : NULL;
	complete(s);
	return s;
}

struct selection *selection_of_layer(const struct service *service, const struct selection *whole,
		const struct layer *layer) {
	struct arena *a = service->arena;
	struct selection *s = arena_new(a, struct selection);
	const char *path = map_get(layer->config, "path")->text;
	/* An empty path is the service's folder, not the root of all. */
	const char *folder = arena_printf(a, "%s%s/", *path == '/' ? "" : service->options->directory, *path ? path : ".");
	struct skipping skipped = skipping(service, folder, false);

	s->service = service;
	s->of_layer = true;
	s->layer_package = map_get(layer->config, "package");
	s->files = files_list(a, service->host, folder, "", skip, &skipped);
	s->dev = whole->dev;
	complete(s);
	return s;
}

void selection_destroy(struct selection *selection) {
	if (selection) {
		destroy_rules(&selection->dev_rules);
	}
}

struct files *selection_files(const struct selection *selection) {
	return selection->files;
}

void selection_walk(const struct selection *selection, const struct value *package,
		void (*use)(void *context, struct file *file), void *context) {
	bool *selected = selection->selected;

	if (!selection->of_layer && (asks_for_files(package) || list_length(map_get(package, "exclude")))) {
		selected = arena_array(selection->service->arena, bool, selection->files->count);
		select_files(selection, package, selected);
	}
	for (size_t i = 0; i < selection->files->count; i++) {
		if (selected[i]) {
			use(context, &selection->files->items[i]);
		}
	}
}
