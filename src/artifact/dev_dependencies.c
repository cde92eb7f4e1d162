#include "artifact/dev_dependencies.h"

#include <stdlib.h>
#include <string.h>

#include "artifact/glob.h"
#include "base/diag.h"
#include "base/table.h"
#include "base/text.h"
#include "read_json.h"

/* More than anybody has installed: beyond it nothing more is read. */
enum { MOST_PACKAGES = 100000, MOST_ROOTS = 2000 };

enum listing { WITH_DEVELOPMENT, WITHOUT, LISTINGS };

/*
 * A folder in node_modules, or one that is worked in. A link is a package of its own, whose target has the dependencies.
 */
struct package {
	const char *name;		/* as dependencies spell it: "x", "@scope/x" */
	const char *path;		/* where npm lists it: below a real folder, the last part may be a link */
	const char *real;
	struct package *target;		/* where a link leads to; of others: itself */
	const struct value *json;	/* its package.json; NULL: there is none that can be read */
	bool read;
	bool top;			/* in no node_modules: its development dependencies count, too */
	bool wanted;			/* somebody depends on it; npm keeps what nobody does, too */
	bool listed[LISTINGS];
	unsigned visit;			/* the number of the walk that came by last */
};

/* What is in the node_modules of a folder. */
struct place {
	struct table packages;
};

struct tree {
	struct arena *arena;
	const struct slsws_host *host;
	struct table places;		/* by real folder */
	struct table packages;		/* by path */
	const char *folder;		/* of the service, real, ending in a slash */
	struct value *roots;		/* all folders that have a package.json but those of what is installed, real */
	/* of the walk: */
	struct package *root;
	struct table workspaces;	/* of the root: names to packages */
	struct package *only;		/* the one workspace of the root that is asked about; NULL: all */
	unsigned visit;
	struct package **queue;
	size_t queued, capacity;
	bool broken;			/* npm stumbles over something, and lists nothing */
};

/* --- what is installed --------------------------------------------------------------------------------------------- */

static const struct value *read_package(struct tree *t, const char *folder) {
	const struct source *source;
	const char *path = arena_printf(t->arena, "%s/package.json", folder);
	struct diag nobody;

	if (host_read(t->host, t->arena, path, path, &source) != SLSWS_READ_OK) {
		return NULL;
	}
	diag_init(&nobody, t->arena, false);
	const struct value *json = read_json(t->arena, source, &nobody);
	return nobody.errors || !is_map(json) ? NULL : json;
}

static const struct value *package_json(struct tree *t, struct package *p) {
	if (!p->read) {
		p->read = true;
		p->json = read_package(t, p->real);
	}
	return p->json;
}

static struct package *add_package(struct tree *t, const char *name, const char *path, const char *real) {
	struct package *p = arena_new(t->arena, struct package);

	*p = (struct package){ .name = name, .path = path, .real = real, .target = p };
	table_set(t->arena, &t->packages, path, p);
	return p;
}

/* A folder that is worked in, or that a link leads to. */
static struct package *package_at(struct tree *t, const char *real) {
	struct package *p = table_get(&t->packages, real);

	if (!p) {
		p = add_package(t, real, real, real);
		p->top = true;
	}
	return p;
}

struct listing_place {
	struct tree *tree;
	struct place *place;
	const char *folder;		/* the node_modules, or a scope in it */
	const char *scope;		/* "@scope/" or "" */
	struct value *scopes;
};

static void add_linked(struct tree *t, struct place *place, const char *name, const char *path) {
	char *real = t->host->real_path(t->host->data, path);

	if (real) {
		struct package *link = add_package(t, name, path, arena_strdup(t->arena, real));
		link->target = package_at(t, link->real);
		table_set(t->arena, &place->packages, name, link);
		free(real);
	}
}

static void add_entry(void *context, const char *name, enum slsws_entry kind, unsigned long long size) {
	struct listing_place *l = context;
	struct tree *t = l->tree;
	bool scope = *name == '@' && !*l->scope;

	(void)size;
	if (*name == '.' || t->packages.count >= MOST_PACKAGES ||
			(kind != SLSWS_ENTRY_FOLDER && kind != SLSWS_ENTRY_LINKED_FOLDER)) {
		return;
	}
	const char *full = arena_printf(t->arena, "%s%s", l->scope, name);
	const char *path = arena_printf(t->arena, "%s/%s", l->folder, name);
	if (scope) {
		list_add(t->arena, l->scopes, value_string(t->arena, full));
	} else if (kind == SLSWS_ENTRY_LINKED_FOLDER) {
		add_linked(t, l->place, full, path);
	} else {
		struct package *p = table_get(&t->packages, path);
		p = p ? p : add_package(t, full, path, path);
		table_set(t->arena, &l->place->packages, full, p);
	}
}

/* The node_modules of a real folder, which may have none. */
static const struct place *place_at(struct tree *t, const char *folder) {
	struct place *place = table_get(&t->places, folder);

	if (place) {
		return place;
	}
	struct listing_place l = { .tree = t, .place = arena_new(t->arena, struct place), .scope = "" };
	table_set(t->arena, &t->places, folder, l.place);
	l.folder = arena_printf(t->arena, "%s/node_modules", strcmp(folder, "/") == 0 ? "" : folder);
	l.scopes = value_list(t->arena);
	t->host->list_folder(t->host->data, l.folder, add_entry, &l);
	for (size_t i = 0; i < list_length(l.scopes); i++) {
		const char *scope = l.scopes->items[i]->text;
		struct listing_place in = { .tree = t, .place = l.place,
			.folder = arena_printf(t->arena, "%s/%s", l.folder, scope),
			.scope = arena_printf(t->arena, "%s/", scope) };
		t->host->list_folder(t->host->data, in.folder, add_entry, &in);
	}
	return l.place;
}

/* The length of a path without its last part; 0: there is nothing above it. */
static size_t length_above(const char *path, size_t length) {
	if (length <= 1) {
		return 0;
	}
	while (length > 0 && path[length - 1] != '/') {
		length--;
	}
	return length > 1 ? length - 1 : length;
}

/* Whether a folder is another or above it. */
static bool is_above(const char *folder, size_t length, const char *path) {
	return strncmp(folder, path, length) == 0 &&
		(path[length] == 0 || path[length] == '/' || (length == 1 && *folder == '/'));
}

static bool ends_in_modules(const char *path, size_t length) {
	static const char name[] = "/node_modules";

	return length >= sizeof(name) - 1 && memcmp(path + length - (sizeof(name) - 1), name, sizeof(name) - 1) == 0;
}

/*
 * Where a dependency is found: in the nearest node_modules above, not farther up than what the package and the root have
 * above both of them.
 */
static struct package *resolve(struct tree *t, const struct package *from, const char *name) {
	bool common = false;

	for (size_t n = strlen(from->real); n && !common; n = length_above(from->real, n)) {
		common = is_above(from->real, n, t->root->real);
		if (ends_in_modules(from->real, n)) {
			continue;
		}
		struct package *p = table_get(&place_at(t, arena_copy(t->arena, from->real, n))->packages, name);
		if (p) {
			return p;
		}
	}
	return NULL;
}

/* --- workspaces ---------------------------------------------------------------------------------------------------- */

/* "/x", "./x" and "x/" are "x". */
static const char *plain_pattern(struct arena *a, const char *pattern) {
	pattern += *pattern == '.' && pattern[1] == '/';
	pattern += strspn(pattern, "/");
	size_t length = strlen(pattern);
	while (length > 0 && pattern[length - 1] == '/') {
		length--;
	}
	return arena_copy(a, pattern, length);
}

static bool pattern_matches_path(struct arena *a, const char *pattern, const char *path) {
	struct glob *glob = glob_create(a, plain_pattern(a, pattern));
	bool matches = glob_matches(glob, path);

	glob_destroy(glob);
	return matches;
}

/* Whether a folder is a workspace of the package above it. */
static bool is_workspace_of(struct tree *t, const struct value *json, const char *above, const char *folder) {
	const struct value *workspaces = map_get(json, "workspaces");
	size_t length = strlen(above);
	bool is = false;

	if (!is_above(above, length, folder) || !folder[length] || strstr(folder + length, "/node_modules/")) {
		return false;
	}
	const char *path = folder + length + (length > 1);
	workspaces = is_map(workspaces) ? map_get(workspaces, "packages") : workspaces;
	for (size_t i = 0; i < list_length(workspaces); i++) {
		const char *pattern = is_string(workspaces->items[i]) ? workspaces->items[i]->text : "";
		size_t negations = strspn(pattern, "!");
		if (pattern_matches_path(t->arena, pattern + negations, path)) {
			is = negations % 2 == 0;
		}
	}
	return is;
}

/* Like npm, takes a workspace for a part of the root that has it. */
static void choose_root(struct tree *t, const char *folder) {
	t->root = package_at(t, folder);
	t->only = NULL;
	for (size_t n = length_above(folder, strlen(folder)); n; n = length_above(folder, n)) {
		struct package *above = package_at(t, arena_copy(t->arena, folder, n));
		if (is_workspace_of(t, package_json(t, above), above->real, folder)) {
			t->only = t->root;
			t->root = above;
			return;
		}
	}
}

/* npm knows a workspace by the name in its package.json, and stops where two have the same. */
static void add_workspace(struct tree *t, struct package *p) {
	const char *slash = strrchr(p->real, '/');
	const struct value *name = map_get(package_json(t, p), "name");
	const char *key = is_string(name) && *name->text ? name->text : slash ? slash + 1 : p->real;
	const struct package *other = table_get(&t->workspaces, key);

	t->broken = t->broken || (other && other != p);
	table_set(t->arena, &t->workspaces, key, p);
}

static void find_workspaces(struct tree *t) {
	const struct value *json = package_json(t, t->root);
	const struct table *modules = &place_at(t, t->root->real)->packages;

	t->workspaces = (struct table){ 0 };
	for (size_t i = 0; i < list_length(t->roots); i++) {
		const char *folder = t->roots->items[i]->text;
		if (is_workspace_of(t, json, t->root->real, folder)) {
			add_workspace(t, package_at(t, folder));
		}
	}
	/* Of a root above the service the folders are not known, but what is linked is. */
	for (size_t i = 0; i < modules->count; i++) {
		struct package *target = ((struct package *)modules->items[i])->target;
		if (target != modules->items[i] && package_json(t, target) &&
				is_workspace_of(t, json, t->root->real, target->real)) {
			add_workspace(t, target);
		}
	}
}

/* Whether the root's workspace of that name leads to it. */
static bool is_workspace(struct tree *t, const struct package *p) {
	const struct value *name = map_get(package_json(t, p->target), "name");

	if (p == t->root || !is_string(name) || !table_get_text(&t->workspaces, name->text, name->length)) {
		return false;
	}
	const struct package *to = resolve(t, t->root, name->text);
	return to && (to == p || to->target == p);
}

/* --- dependencies -------------------------------------------------------------------------------------------------- */

enum edge_kind { EDGE_PEER, EDGE_PEER_OPTIONAL, EDGE_PROD, EDGE_OPTIONAL, EDGE_DEV, EDGE_WORKSPACE };

struct edges {
	struct value *kinds;		/* a map from a name to its kind */
};

static void add_edges(struct tree *t, struct edges *edges, const struct value *names, enum edge_kind kind) {
	for (const struct entry *e = map_first(names); e; e = map_next(names, e)) {
		const struct value *before = map_get_text(edges->kinds, e->key, e->key_length);
		if (!is_string(e->value)) {
			t->broken = true;
		}
		if (!before || before->number != EDGE_WORKSPACE) {
			map_set(t->arena, edges->kinds, e->key, value_number(t->arena, kind));
		}
	}
}

static void add_peers(struct tree *t, struct edges *edges, const struct value *json, bool optional) {
	const struct value *peers = map_get(json, "peerDependencies"), *meta = map_get(json, "peerDependenciesMeta");

	for (const struct entry *e = map_first(peers); e; e = map_next(peers, e)) {
		const struct value *own = map_get_text(meta, e->key, e->key_length);
		const struct value *before = map_get_text(edges->kinds, e->key, e->key_length);
		if (is_truthy(map_get(own, "optional")) == optional && !(before && before->number == EDGE_WORKSPACE)) {
			map_set(t->arena, edges->kinds, e->key,
				value_number(t->arena, optional ? EDGE_PEER_OPTIONAL : EDGE_PEER));
		}
	}
}

/* What a package depends on; a later kind takes the place of an earlier one, but for workspaces. */
static struct edges edges_of(struct tree *t, struct package *p) {
	struct edges edges = { value_map(t->arena) };
	const struct value *json = package_json(t, p);

	for (const struct entry *e = p == t->root ? map_first(t->workspaces.places) : NULL; e;
			e = map_next(t->workspaces.places, e)) {
		map_set(t->arena, edges.kinds, e->key, value_number(t->arena, EDGE_WORKSPACE));
	}
	add_peers(t, &edges, json, false);
	add_peers(t, &edges, json, true);
	add_edges(t, &edges, map_get(json, "dependencies"), EDGE_PROD);
	add_edges(t, &edges, map_get(json, "optionalDependencies"), EDGE_OPTIONAL);
	if (p->top && !strstr(p->real, "/node_modules/.store/")) {
		add_edges(t, &edges, map_get(json, "devDependencies"), EDGE_DEV);
	}
	return edges;
}

/* --- walks --------------------------------------------------------------------------------------------------------- */

static void enqueue(struct tree *t, struct package *p) {
	if (p->visit == t->visit) {
		return;
	}
	p->visit = t->visit;
	if (t->queued == t->capacity) {
		t->capacity = t->capacity ? t->capacity * 2 : 256;
		struct package **queue = arena_array(t->arena, struct package *, t->capacity);
		if (t->queued) {
			memcpy(queue, t->queue, sizeof(*queue) * t->queued);
		}
		t->queue = queue;
	}
	t->queue[t->queued++] = p;
}

static void begin(struct tree *t) {
	t->visit++;
	t->queued = 0;
	enqueue(t, t->root);
}

/* What somebody depends on, whoever it is, is wanted; and so are those in whose node_modules it is. */
static void mark_wanted(struct tree *t, struct package *p) {
	p->wanted = true;
	for (size_t n = length_above(p->path, strlen(p->path)); n; n = length_above(p->path, n)) {
		struct package *above = table_get_text(&t->packages, p->path, n);
		if (above && above->wanted) {
			return;
		}
		if (above) {
			above->wanted = true;
		}
	}
}

static void find_wanted(struct tree *t) {
	for (size_t i = 0; i < t->packages.count; i++) {
		((struct package *)t->packages.items[i])->wanted = false;
	}
	begin(t);
	for (size_t i = 0; i < t->queued; i++) {
		struct package *p = t->queue[i];
		mark_wanted(t, p);
		if (p->target != p) {
			enqueue(t, p->target);
			continue;
		}
		struct edges edges = edges_of(t, p);
		for (const struct entry *e = map_first(edges.kinds); e; e = map_next(edges.kinds, e)) {
			struct package *to = e->value->number == EDGE_PEER_OPTIONAL ? NULL : resolve(t, p, e->key);
			if (to) {
				enqueue(t, to);
			}
		}
	}
}

static bool is_left_out(const struct tree *t, const struct package *from, const struct package *to,
		enum edge_kind kind, enum listing listing, bool outermost) {
	if (from == t->root && t->only && to->target != t->only) {
		return true;
	}
	return outermost && listing == WITHOUT && kind == EDGE_DEV;
}

static void visit(struct tree *t, struct package *p, enum listing listing) {
	struct package *real = p->target;
	struct edges edges = edges_of(t, real);
	bool outermost = p == t->root || is_workspace(t, p);

	for (const struct entry *e = map_first(edges.kinds); e; e = map_next(edges.kinds, e)) {
		struct package *to = resolve(t, real, e->key);
		if (to && !is_left_out(t, p, to, (enum edge_kind)e->value->number, listing, outermost)) {
			enqueue(t, to);
		}
	}
	if (p != real) {
		return;
	}
	const struct table *modules = &place_at(t, real->real)->packages;
	for (size_t i = 0; i < modules->count; i++) {
		struct package *kid = modules->items[i];
		if (!kid->wanted) {
			enqueue(t, kid);
		}
	}
}

static void list(struct tree *t, enum listing listing) {
	begin(t);
	for (size_t i = 0; i < t->queued && !t->broken; i++) {
		visit(t, t->queue[i], listing);
	}
	for (size_t i = 0; i < t->queued && !t->broken; i++) {
		t->queue[i]->listed[listing] = true;
	}
}

/* Whether there can be anything that the two lists do not share. */
static bool has_development(struct tree *t, const char *folder) {
	choose_root(t, folder);
	const struct value *json = package_json(t, t->root);
	return map_has(json, "workspaces") || map_first(map_get(json, "devDependencies"));
}

static void list_root(struct tree *t, const char *folder) {
	choose_root(t, folder);
	t->broken = false;
	find_workspaces(t);
	find_wanted(t);
	list(t, WITH_DEVELOPMENT);
	list(t, WITHOUT);
}

/* --- patterns ------------------------------------------------------------------------------------------------------ */

/* Programs are linked from the .bin beside the package, which for a scope is not where npm puts it. */
static void add_programs(struct arena *a, struct value *patterns, const char *path, const struct value *programs) {
	const char *slash = strrchr(path, '/');
	const char *folder = arena_copy(a, path, (size_t)(slash - path));

	if (is_string(programs)) {
		list_add(a, patterns, value_printf(a, "%s/.bin/%s", folder, slash + 1));
	}
	for (const struct entry *e = map_first(programs); e; e = map_next(programs, e)) {
		list_add(a, patterns, value_printf(a, "%s/.bin/%s", folder, e->key));
	}
	for (size_t i = 0; i < list_length(programs); i++) {
		list_add(a, patterns, value_printf(a, "%s/.bin/%zu", folder, i));
	}
}

static void add_patterns(struct tree *t, struct value *patterns, struct package *p) {
	size_t length = strlen(t->folder);
	const char *path = p->path + length;

	if (strncmp(p->path, t->folder, length) != 0 || !strstr(path, "node_modules/")) {
		return;
	}
	const struct value *json = package_json(t, p);
	if (!json || is_null(map_get(json, "bin"))) {
		return;
	}
	list_add(t->arena, patterns, value_printf(t->arena, "%s/**", path));
	add_programs(t->arena, patterns, path, map_get(json, "bin"));
}

/* A package.json, but not of what is installed. */
static bool is_root(const char *path) {
	const char *slash = strrchr(path, '/');

	return strcmp(slash ? slash + 1 : path, "package.json") == 0 && !strstr(path, "node_modules");
}

/* The folders that have a package.json, real, as texts. */
static struct value *find_roots(struct tree *t, const struct files *files) {
	struct value *roots = value_list(t->arena);

	for (size_t i = 0; i < files->count && list_length(roots) < MOST_ROOTS; i++) {
		const char *path = files->items[i].path;
		if (!is_root(path)) {
			continue;
		}
		size_t n = strlen(path) - strlen("package.json");
		char *real = t->host->real_path(t->host->data, arena_printf(t->arena, "%s%.*s.", files->folder, (int)n, path));
		if (real) {
			list_add(t->arena, roots, value_string(t->arena, arena_strdup(t->arena, real)));
			free(real);
		}
	}
	return roots;
}

static const char *service_folder(struct tree *t, const struct files *files) {
	char *folder = t->host->real_path(t->host->data, *files->folder ? files->folder : ".");
	const char *path = !folder ? "/" : arena_printf(t->arena, "%s%s", folder, folder[1] ? "/" : "");

	free(folder);
	return path;
}

struct value *dev_dependencies(struct arena *a, const struct slsws_host *host, const struct files *files) {
	struct tree t = { .arena = a, .host = host };
	struct value *patterns = value_list(a), *roots = t.roots = find_roots(&t, files);
	bool any = false;

	for (size_t i = 0; i < list_length(roots) && !any; i++) {
		any = has_development(&t, roots->items[i]->text);
	}
	if (!any) {
		return patterns;
	}
	for (size_t i = 0; i < list_length(roots); i++) {
		list_root(&t, roots->items[i]->text);
	}
	t.folder = service_folder(&t, files);
	for (size_t i = 0; i < t.packages.count; i++) {
		struct package *p = t.packages.items[i];
		if (p->listed[WITH_DEVELOPMENT] && !p->listed[WITHOUT]) {
			add_patterns(&t, patterns, p);
		}
	}
	return patterns;
}
