#include "artifact/artifact.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "artifact/pack.h"
#include "artifact/select.h"
#include "artifact/unpacked.h"
#include "base/hash.h"
#include "base/table.h"
#include "base/text.h"
#include "emit.h"
#include "host.h"

struct artifacts {
	struct value *found;			/* paths of given zips that were looked for only */
	struct table given, alone, layers;	/* by path, by function, by layer */
	struct table contents;			/* zips that are written nowhere, by what they are made of */
	const struct artifact *service;		/* of all functions that are not packed alone */
	struct selection *selection;
	struct pack_cache *cache;		/* NULL: no two zips share files */
	bool refused;			/* the machine took no more of them */
};

static struct artifact *add(struct arena *a, struct table *table, const char *key, struct artifact artifact) {
	struct artifact *added = arena_new(a, struct artifact);

	*added = artifact;
	table_set(a, table, key, added);
	return added;
}

struct artifacts *artifacts_create(struct arena *a) {
	struct artifacts *artifacts = arena_new(a, struct artifacts);

	artifacts->found = value_map(a);
	return artifacts;
}

void artifacts_finish(const struct service *service) {
	selection_destroy(service->artifacts->selection);
	service->artifacts->selection = NULL;
	pack_cache_destroy(service->artifacts->cache);
	service->artifacts->cache = NULL;
}

/* --- zips that are there ------------------------------------------------------------------------------------------ */

static bool is_on_s3(const char *path) {
	if (text_starts(path, "s3://")) {
		return true;
	}
	const char *host = text_starts(path, "https://") ? path + 8 : text_starts(path, "http://") ? path + 7 : path;
	const char *domain = strstr(host, ".amazonaws.com/"), *slash = strchr(host, '/');
	return domain && slash && domain < slash && (text_starts(host, "s3") || strstr(host, ".s3") != NULL);
}

static const char *path_of(const struct service *service, const char *path) {
	return *path == '/' ? path : arena_printf(service->arena, "%s%s", service->options->directory, path);
}

static bool read_given(const struct service *service, const struct value *artifact, char **bytes, size_t *length,
		struct diag *diag) {
	const char *path = path_of(service, artifact->text);

	if (is_on_s3(artifact->text)) {
		struct diagnostic *d = diag_error(diag, "P002", artifact->mark,
			"the digest of artifact '%s' is known to AWS alone", artifact->text);
		diag_help(d, "download it and name the file, or give 'versionFunctions: false' to the provider");
		return false;
	}
	enum slsws_read status = service->host->read_file(service->host->data, path, LARGEST_PACKED, bytes, length);
	if (status != SLSWS_READ_OK) {
		struct diagnostic *d = diag_error(diag, "P001", artifact->mark, "the artifact '%s' %s", artifact->text,
			status == SLSWS_READ_TOO_LARGE ? "is larger than 1 GiB" : host_read_problem(status));
		diag_origin(d, artifact);
		return false;
	}
	return true;
}

static struct artifact describe_given(const struct value *path) {
	const char *slash = strrchr(path->text, '/');

	return (struct artifact){ .name = slash ? slash + 1 : path->text, .path = is_on_s3(path->text) ? NULL : path->text,
		.given = true, .digest = NO_CODE_DIGEST };
}

static const struct artifact *given_artifact(const struct service *service, const struct value *path,
		struct diag *diag) {
	struct artifact *artifact = table_get(&service->artifacts->given, path->text);
	char *bytes = NULL;
	size_t length = 0;

	if (artifact) {
		return artifact;
	}
	artifact = add(service->arena, &service->artifacts->given, path->text, describe_given(path));
	if (!service->options->no_code && read_given(service, path, &bytes, &length, diag)) {
		artifact->digest = sha256_base64(service->arena, bytes, length);
		artifact->size = length;
		free(bytes);
	}
	return artifact;
}

struct search {
	const char *name;
	bool found;
};

static void compare_name(void *context, const char *name, enum slsws_entry kind, unsigned long long size) {
	struct search *search = context;

	(void)kind;
	(void)size;
	search->found = search->found || strcmp(name, search->name) == 0;
}

/* Whether it is there can be told from its folder, without reading what may be large. */
static void check_given(const struct service *service, const struct value *artifact, struct diag *diag) {
	const char *path = path_of(service, artifact->text), *slash = strrchr(path, '/');
	const char *folder = !slash ? "" : slash == path ? "/" : arena_copy(service->arena, path, (size_t)(slash - path));
	struct search search = { .name = slash ? slash + 1 : path };

	if (is_on_s3(artifact->text) || table_get(&service->artifacts->given, artifact->text) ||
			map_get_text(service->artifacts->found, artifact->text, artifact->length)) {
		return;
	}
	service->host->list_folder(service->host->data, folder, compare_name, &search);
	if (!search.found) {
		diag_origin(diag_error(diag, "P001", artifact->mark, "the artifact '%s' does not exist", artifact->text), artifact);
	}
	map_set(service->arena, service->artifacts->found, artifact->text, value_bool(service->arena, true));
}

/* --- zips that are made ------------------------------------------------------------------------------------------- */

struct gathering {
	const struct service *service;
	const struct files *files;
	struct pack_item *items;
	size_t count;
	bool outside;			/* some are above the folder: names are in another order than paths */
};

/* Nothing leads out of a zip. */
static const char *name_in_zip(const char *path) {
	while (text_starts(path, "../")) {
		path += 3;
	}
	return path;
}

static int by_name(const void *a, const void *b) {
	const struct pack_item *first = a, *second = b;
	int order = strcmp(first->name, second->name);

	return order ? order : strcmp(first->path, second->path);
}

/* Of two files of one name that one stays which unzip would write last. */
static void sort_by_name(struct gathering *g) {
	size_t kept = 0;

	qsort(g->items, g->count, sizeof(*g->items), by_name);
	for (size_t i = 0; i < g->count; i++) {
		if (i + 1 == g->count || strcmp(g->items[i].name, g->items[i + 1].name) != 0) {
			g->items[kept++] = g->items[i];
		}
	}
	g->count = kept;
}

static void gather(void *context, struct file *file) {
	struct gathering *g = context;

	g->outside = g->outside || text_starts(file->path, "../");
	g->items[g->count++] = (struct pack_item){
		.name = name_in_zip(file->path),
		.path = *g->files->folder ? arena_printf(g->service->arena, "%s%s", g->files->folder, file->path) : file->path,
		.size = file->size,
		.executable = file->executable,
	};
}

static const struct value *patterns_of(const struct value *package) {
	static const char *const keys[] = { "patterns", "exclude", "include" };

	for (size_t i = 0; i < sizeof(keys) / sizeof(*keys); i++) {
		if (list_length(map_get(package, keys[i]))) {
			return map_get(package, keys[i]);
		}
	}
	return NULL;
}

/* `exclude` and `include` are v3's: the reference of today packs all the same, as if they were not there. */
static enum severity weight(const struct service *service, const struct value *package) {
	return list_length(map_get(package, "patterns")) || list_length(map_get(service->package, "patterns")) ?
		SEVERITY_ERROR : SEVERITY_WARNING;
}

/* A service without any code may be a first try; a layer without, or patterns that leave nothing, are mistakes. */
static void check_count(const struct gathering *g, const struct value *package, const struct value *folder,
		struct diag *diag) {
	const struct value *own = patterns_of(package), *patterns = own ? own : patterns_of(g->service->package);
	const char *name = *g->files->folder ? g->files->folder : ".";

	if (g->files->too_many) {
		diag_error(diag, "P005", (struct mark){ 0 }, "there are too many files or folders in '%s' to be packed", name);
	}
	if (g->files->unlisted) {
		diag_warning(diag, "P015", (struct mark){ 0 }, "the folder '%s' cannot be listed: nothing in it is packed",
			g->files->unlisted);
	}
	if (!g->files->count && folder) {
		diag_error(diag, "P008", folder->mark, "there is no file in folder '%s'", folder->text);
	} else if (!g->count && patterns) {
		diag_add(diag, weight(g->service, package), "P007", patterns->mark,
			"the patterns leave no file of folder '%s' to be packed", name);
	} else if (!g->count && g->service->options->artifact_folder) {
		diag_error(diag, "P007", (struct mark){ 0 }, "there is no file in folder '%s' to be packed", name);
	}
}

/* What tells whether a zip has been made of the same files. */
static const char *content_key(struct arena *a, const struct pack_item *items, size_t count) {
	struct text names = { 0 };

	for (size_t i = 0; i < count; i++) {
		const char *path = items[i].path ? items[i].path : "";
		text_add(&names, items[i].name, strlen(items[i].name) + 1);
		text_add(&names, path, strlen(path) + 1);
	}
	const char *key = xxh128_hex(a, names.bytes, names.length);
	text_free(&names);
	return key;
}

static struct artifact make(const struct service *service, const char *name, const struct pack_item *items,
		size_t count, struct diag *diag) {
	const char *folder = service->options->artifact_folder;

	if (folder && strchr(name, '/')) {
		diag_error(diag, "P010", (struct mark){ 0 }, "the zip '%s' cannot be written: its name has a slash", name);
		return (struct artifact){ .name = name, .digest = NO_CODE_DIGEST };
	}
	if (service->artifacts->refused) {
		return (struct artifact){ .name = name, .digest = NO_CODE_DIGEST };
	}
	const char *path = folder ? arena_printf(service->arena, "%s/%s", folder, name) : NULL;
	struct packed packed = pack(service->arena, service->host, items, count, path, service->artifacts->cache,
		diag);

	service->artifacts->refused = packed.refused;
	return (struct artifact){ .name = name, .path = path, .digest = packed.digest, .size = packed.size,
		.unpacked = packed.unpacked };
}

/* Without a file to write, what has been made of the same files once need not be made again. */
static struct artifact make_once(const struct service *service, const char *name, const struct gathering *g,
		struct diag *diag) {
	struct table *contents = &service->artifacts->contents;

	if (service->options->artifact_folder) {
		return make(service, name, g->items, g->count, diag);
	}
	const char *key = content_key(service->arena, g->items, g->count);
	struct artifact *made = table_get(contents, key);
	struct artifact artifact = made ? *made :
		*add(service->arena, contents, key, make(service, name, g->items, g->count, diag));
	artifact.name = name;
	return artifact;
}

static struct artifact pack_selection(const struct service *service, const char *name,
		const struct selection *selection, const struct value *package, const struct value *folder, struct diag *diag) {
	struct gathering g = { .service = service, .files = selection_files(selection) };

	g.items = arena_array(service->arena, struct pack_item, g.files->count);
	selection_walk(selection, package, gather, &g);
	if (g.outside) {
		sort_by_name(&g);
	}
	check_count(&g, package, folder, diag);
	unpacked_check(service->arena, name, g.items, g.count, diag);
	return make_once(service, name, &g, diag);
}

/* Whether files are packed more than once. */
static bool shares_files(const struct service *service) {
	size_t zips = 0;

	for (const struct function *f = service->functions; f && zips < 2; f = f->next) {
		zips += f->packed_alone;
	}
	return zips > 1 || (zips && service->functions->next);
}

static struct selection *whole_selection(const struct service *service) {
	if (!service->artifacts->selection) {
		service->artifacts->selection = selection_create(service);
		service->artifacts->cache = shares_files(service) ? pack_cache_create(service->arena) : NULL;
	}
	return service->artifacts->selection;
}

static struct artifact pack_function(const struct service *service, const struct function *function,
		struct diag *diag) {
	const struct value *package = function->packed_alone ? map_get(function->config, "package") : NULL;

	if (service->options->no_code) {
		return (struct artifact){ .name = function->artifact, .digest = NO_CODE_DIGEST };
	}
	return pack_selection(service, function->artifact, whole_selection(service), package, NULL, diag);
}

const struct artifact *artifact_of_function(const struct service *service, const struct function *function,
		struct diag *diag) {
	struct artifacts *artifacts = service->artifacts;

	if (function->given_artifact) {
		return given_artifact(service, function->given_artifact, diag);
	}
	if (!function->packed_alone) {
		if (!artifacts->service) {
			struct artifact *made = arena_new(service->arena, struct artifact);
			*made = pack_function(service, function, diag);
			artifacts->service = made;
		}
		return artifacts->service;
	}
	const struct artifact *made = table_get(&artifacts->alone, function->key);
	return made ? made :
		add(service->arena, &artifacts->alone, function->key, pack_function(service, function, diag));
}

const struct artifact *artifact_of_text(const struct service *service, const char *name, const char *file,
		const struct text *content, struct diag *diag) {
	struct pack_item item = { .name = file, .text = content->bytes, .size = content->length };
	struct artifact *made = arena_new(service->arena, struct artifact);

	*made = make(service, name, &item, 1, diag);
	return made;
}

/* --- layers ------------------------------------------------------------------------------------------------------- */

static struct artifact pack_layer(const struct service *service, const struct layer *layer, struct diag *diag) {
	if (service->options->no_code) {
		return (struct artifact){ .name = layer->artifact, .digest = NO_CODE_DIGEST };
	}
	struct selection *selection = selection_of_layer(service, whole_selection(service), layer);
	struct artifact made = pack_selection(service, layer->artifact, selection, map_get(layer->config, "package"),
		map_get(layer->config, "path"), diag);
	selection_destroy(selection);
	return made;
}

const struct artifact *artifact_of_layer(const struct service *service, const struct layer *layer,
		struct diag *diag) {
	struct table *layers = &service->artifacts->layers;

	if (layer->given_artifact) {
		return given_artifact(service, layer->given_artifact, diag);
	}
	const struct artifact *made = table_get(layers, layer->key);
	return made ? made : add(service->arena, layers, layer->key, pack_layer(service, layer, diag));
}

const char *layer_hash(const struct service *service, const struct layer *layer, const struct text *before,
		struct diag *diag) {
	struct text all = { 0 };
	char *bytes = NULL;
	size_t length = 0;

	text_add(&all, before->bytes, before->length);
	if (!layer->given_artifact || service->options->no_code) {
		text_puts(&all, artifact_of_layer(service, layer, diag)->digest);
	} else if (read_given(service, layer->given_artifact, &bytes, &length, diag)) {
		text_add(&all, bytes, length);
		free(bytes);
	}
	const char *hash = sha1_hex(service->arena, all.bytes, all.length);
	text_free(&all);
	return hash;
}

/* --- the folder --------------------------------------------------------------------------------------------------- */

/* As the reference spells Date.now() and toISOString(). */
static const char *folder_of_time(struct arena *a, long long milliseconds) {
	time_t time = (time_t)(milliseconds / 1000);
	char date[32];
	struct tm tm;

	gmtime_r(&time, &tm);
	strftime(date, sizeof(date), "%Y-%m-%dT%H:%M:%S", &tm);
	return arena_printf(a, "%lld-%s.%03dZ", milliseconds, date, (int)(milliseconds % 1000));
}

/* NULL when it is no time of four-digit years. */
static const char *folder_of_seconds(struct arena *a, const char *seconds) {
	char *end;
	long long number = strtoll(seconds, &end, 10);

	return *end || end == seconds || number < 0 || number > 253402300799 ? NULL : folder_of_time(a, number * 1000);
}

/* Makes what will be needed, and puts the digests together; false when there are none. */
static bool add_digests(const struct service *service, struct text *out, struct diag *diag) {
	bool all = service->options->artifact_folder != NULL;
	const struct artifact *last = NULL;

	for (const struct layer *layer = service->layers; layer; layer = layer->next) {
		text_puts(out, artifact_of_layer(service, layer, diag)->digest);
	}
	for (const struct function *f = service->functions; f; f = f->next) {
		if (f->artifact && (f->versioned || (all && !f->given_artifact))) {
			const struct artifact *artifact = artifact_of_function(service, f, diag);
			text_puts(out, artifact == last ? "" : artifact->digest);
			last = artifact;
		} else if (f->given_artifact && !service->options->no_code) {
			check_given(service, f->given_artifact, diag);
		}
	}
	return out->length > 0 && !service->options->no_code;
}

struct naming {
	const struct service *service;
	struct diag *diag;
	struct value *names;		/* a map from a zip's name to what it is of */
	const char *last;
};

/* Zips are told apart by their names alone, in the folder of a package as well as in S3. */
static void check_name(struct naming *n, const char *name, const char *what, struct mark mark) {
	struct arena *a = n->service->arena;
	const struct value *before = n->names ? map_get_text(n->names, name, strlen(name)) : NULL;

	if (!before) {
		n->names = n->names ? n->names : value_map(a);
		map_set(a, n->names, name, value_at(a, value_string(a, what), mark));
	} else if (strcmp(before->text, what) != 0) {
		struct diagnostic *d = diag_add(n->diag, n->service->options->artifact_folder ? SEVERITY_ERROR : SEVERITY_WARNING,
			"P012", mark, "%s is called '%s' in S3, as is %s", what, name, before->text);
		diag_note(d, before->mark, "the other one");
		diag_help(d, "only one of them will be in S3: give another name to one of them");
	}
}

static const char *given_name(struct arena *a, const struct value *path) {
	return arena_printf(a, "the artifact '%s'", path->text);
}

static void check_names(const struct service *service, struct diag *diag) {
	struct naming n = { .service = service, .diag = diag };
	struct arena *a = service->arena;

	for (const struct layer *layer = service->layers; layer; layer = layer->next) {
		check_name(&n, layer->artifact, layer->given_artifact ? given_name(a, layer->given_artifact) :
			arena_printf(a, "the zip of layer '%s'", layer->key), layer->mark);
	}
	for (const struct function *f = service->functions; f; f = f->next) {
		if (f->artifact && f->artifact != n.last) {
			check_name(&n, f->artifact, f->given_artifact ? given_name(a, f->given_artifact) :
				f->packed_alone ? arena_printf(a, "the zip of function '%s'", f->key) : "the zip of the service", f->mark);
			n.last = f->artifact;
		}
	}
}

/* The reference says it, too, of the first of them. */
static void check_patterns(const struct service *service, struct diag *diag) {
	for (const struct function *f = service->functions; f; f = f->next) {
		const struct value *patterns = patterns_of(map_get(f->config, "package"));
		if (patterns && !f->packed_alone && !f->given_artifact && f->artifact) {
			struct diagnostic *d = diag_warning(diag, "P014", patterns->mark,
				"the patterns of function '%s' have no effect, as it is packed with the whole service", f->key);
			diag_help(d, "give it 'package.individually: true', or move them to the service's 'package'");
		}
	}
}

const char *artifact_folder(const struct service *service, struct diag *diag) {
	const char *seconds = service->host->get_env(service->host->data, "SOURCE_DATE_EPOCH");
	const char *folder = seconds && *seconds ? folder_of_seconds(service->arena, seconds) :
		service->options->time ? folder_of_time(service->arena, service->options->time) : NULL;
	struct text content = { 0 };

	if (seconds && *seconds && !folder) {
		diag_error(diag, "P006", (struct mark){ 0 },
			"SOURCE_DATE_EPOCH is '%s', expected a number of seconds", seconds);
	}
	check_names(service, diag);
	check_patterns(service, diag);
	if (!add_digests(service, &content, diag)) {
		text_free(&content);
		content = (struct text){ 0 };
		emit_json(&content, service->config, 0);
	}
	if (!folder) {
		folder = arena_printf(service->arena, "content-%.16s",
			sha1_hex(service->arena, content.bytes, content.length));
	}
	text_free(&content);
	return folder;
}
