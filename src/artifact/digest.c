#include "artifact/digest.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "artifact/select.h"
#include "base/hash.h"
#include "base/text.h"
#include "emit.h"
#include "host.h"

struct artifacts {
	struct value *given;		/* paths of zips to their digests */
	struct value *found;		/* paths of zips that were looked for only */
	struct value *alone;		/* keys of functions to the digests of what is packed for them */
	const char *service;		/* the digest of what is packed for all others */
	struct value *layers;		/* keys of layers likewise */
	struct selection *selection;
};

struct artifacts *artifacts_create(struct arena *a) {
	struct artifacts *artifacts = arena_new(a, struct artifacts);

	artifacts->given = value_map(a);
	artifacts->found = value_map(a);
	artifacts->alone = value_map(a);
	artifacts->layers = value_map(a);
	return artifacts;
}

void artifacts_finish(const struct service *service) {
	selection_destroy(service->artifacts->selection);
	service->artifacts->selection = NULL;
}

static const char *known(const struct value *digests, const char *key) {
	const struct value *digest = map_get(digests, key);

	return digest ? digest->text : NULL;
}

static const char *remember(const struct service *service, struct value *digests, const char *key,
		const char *digest) {
	map_set(service->arena, digests, key, value_string(service->arena, digest));
	return digest;
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
	enum slsws_read status = service->host->read_file(service->host->data, path, bytes, length);
	if (status != SLSWS_READ_OK) {
		struct diagnostic *d = diag_error(diag, "P001", artifact->mark, "the artifact '%s' %s", artifact->text,
			host_read_problem(status));
		diag_origin(d, artifact);
		return false;
	}
	return true;
}

static const char *given_digest(const struct service *service, const struct value *artifact, struct diag *diag) {
	const char *digest = known(service->artifacts->given, artifact->text);
	char *bytes = NULL;
	size_t length = 0;

	if (digest) {
		return digest;
	}
	if (read_given(service, artifact, &bytes, &length, diag)) {
		digest = sha256_base64(service->arena, bytes, length);
		free(bytes);
	} else {
		digest = "";
	}
	return remember(service, service->artifacts->given, artifact->text, digest);
}

struct search {
	const char *name;
	bool found;
};

static void compare_name(void *context, const char *name, enum slsws_entry kind) {
	struct search *search = context;

	(void)kind;
	search->found = search->found || strcmp(name, search->name) == 0;
}

/* Whether it is there can be told from its folder, without reading what may be large. */
static void check_given(const struct service *service, const struct value *artifact, struct diag *diag) {
	const char *path = path_of(service, artifact->text), *slash = strrchr(path, '/');
	const char *folder = !slash ? "" : slash == path ? "/" : arena_copy(service->arena, path, (size_t)(slash - path));
	struct search search = { .name = slash ? slash + 1 : path };

	if (is_on_s3(artifact->text) || known(service->artifacts->given, artifact->text) ||
			known(service->artifacts->found, artifact->text)) {
		return;
	}
	service->host->list_folder(service->host->data, folder, compare_name, &search);
	if (!search.found) {
		diag_origin(diag_error(diag, "P001", artifact->mark, "the artifact '%s' does not exist", artifact->text), artifact);
	}
	remember(service, service->artifacts->found, artifact->text, "");
}

/* --- what would be packed ----------------------------------------------------------------------------------------- */

struct packing {
	const struct service *service;
	const struct files *files;
	struct sha256 *hash;
	struct diag *diag;
	size_t count;
};

static const char *file_digest(const struct packing *p, struct file *file) {
	const struct slsws_host *host = p->service->host;
	const char *path = arena_printf(p->service->arena, "%s%s", p->files->folder, file->path);
	char *bytes = NULL;
	size_t length = 0;

	if (file->digest) {
		return file->digest;
	}
	enum slsws_read status = host->read_file(host->data, path, &bytes, &length);
	if (status == SLSWS_READ_OK) {
		file->digest = sha256_base64(p->service->arena, bytes, length);
		free(bytes);
		return file->digest;
	}
	file->digest = host_read_problem(status);
	if (status == SLSWS_READ_TOO_LARGE) {
		diag_warning(p->diag, "P004", (struct mark){ 0 }, "the file '%s' %s: its content counts for no version", path,
			file->digest);
	} else {
		diag_error(p->diag, "P003", (struct mark){ 0 }, "the file '%s' %s, but belongs to the package", path,
			file->digest);
	}
	return file->digest;
}

static void add_file(void *context, struct file *file) {
	struct packing *p = context;
	const char *digest = file_digest(p, file);

	sha256_add(p->hash, file->path, strlen(file->path) + 1);
	sha256_add(p->hash, file->executable ? "x" : "-", 1);
	sha256_add(p->hash, digest, strlen(digest) + 1);
	p->count++;
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
static enum severity weight(const struct packing *p, const struct value *package) {
	return list_length(map_get(package, "patterns")) || list_length(map_get(p->service->package, "patterns")) ?
		SEVERITY_ERROR : SEVERITY_WARNING;
}

/* A service without any code may be a first try; a layer without, or patterns that leave nothing, are mistakes. */
static void check_count(const struct packing *p, const struct value *package, const struct value *folder) {
	const struct value *own = patterns_of(package), *patterns = own ? own : patterns_of(p->service->package);

	if (!p->files->count && folder) {
		diag_error(p->diag, "P008", folder->mark, "there is no file in folder '%s'", folder->text);
		return;
	}
	if (!p->count && patterns) {
		diag_add(p->diag, weight(p, package), "P007", patterns->mark,
			"the patterns leave no file of folder '%s' to be packed", *p->files->folder ? p->files->folder : ".");
	}
}

static const char *pack(const struct service *service, const struct selection *selection,
		const struct value *package, const struct value *folder, struct diag *diag) {
	struct packing p = { service, selection_files(selection), sha256_create(service->arena), diag, 0 };

	if (p.files->too_many) {
		diag_error(diag, "P005", (struct mark){ 0 }, "there are too many files or folders in '%s' to be packed",
			*p.files->folder ? p.files->folder : ".");
	}
	selection_walk(selection, package, add_file, &p);
	check_count(&p, package, folder);
	return sha256_finish_base64(service->arena, p.hash);
}

const char *artifact_digest(const struct service *service, const struct function *function, struct diag *diag) {
	struct artifacts *artifacts = service->artifacts;

	if (function->given_artifact) {
		return given_digest(service, function->given_artifact, diag);
	}
	const char *digest = function->packed_alone ? known(artifacts->alone, function->key) : artifacts->service;
	if (digest) {
		return digest;
	}
	if (!artifacts->selection) {
		artifacts->selection = selection_create(service);
	}
	if (!function->packed_alone) {
		return artifacts->service = pack(service, artifacts->selection, NULL, NULL, diag);
	}
	return remember(service, artifacts->alone, function->key,
		pack(service, artifacts->selection, map_get(function->config, "package"), NULL, diag));
}

/* --- layers ------------------------------------------------------------------------------------------------------- */

const char *layer_digest(const struct service *service, const struct layer *layer, struct diag *diag) {
	const char *digest = known(service->artifacts->layers, layer->key);

	if (layer->given_artifact) {
		return given_digest(service, layer->given_artifact, diag);
	}
	if (digest) {
		return digest;
	}
	struct selection *selection = selection_of_layer(service, layer);
	digest = pack(service, selection, map_get(layer->config, "package"), map_get(layer->config, "path"), diag);
	selection_destroy(selection);
	return remember(service, service->artifacts->layers, layer->key, digest);
}

const char *layer_hash(const struct service *service, const struct layer *layer, const struct text *before,
		struct diag *diag) {
	struct text all = { 0 };
	char *bytes = NULL;
	size_t length = 0;

	text_add(&all, before->bytes, before->length);
	if (!layer->given_artifact) {
		text_puts(&all, layer_digest(service, layer, diag));
	} else if (read_given(service, layer->given_artifact, &bytes, &length, diag)) {
		text_add(&all, bytes, length);
		free(bytes);
	}
	const char *hash = sha1_hex(service->arena, all.bytes, all.length);
	text_free(&all);
	return hash;
}

/* --- the folder --------------------------------------------------------------------------------------------------- */

/* As the reference spells Date.now() and toISOString(); NULL when it is no time of four-digit years. */
static const char *folder_of_time(struct arena *a, const char *seconds) {
	char *end, date[32];
	long long number = strtoll(seconds, &end, 10);
	time_t time = (time_t)number;
	struct tm tm;

	if (*end || end == seconds || number < 0 || number > 253402300799 || !gmtime_r(&time, &tm)) {
		return NULL;
	}
	strftime(date, sizeof(date), "%Y-%m-%dT%H:%M:%S", &tm);
	return arena_printf(a, "%lld-%s.000Z", number * 1000, date);
}

/* The digests of all artifacts that are read anyway; false when there are none. */
static bool add_digests(const struct service *service, struct text *out, struct diag *diag) {
	for (const struct layer *layer = service->layers; layer; layer = layer->next) {
		text_puts(out, layer_digest(service, layer, diag));
	}
	const char *last = NULL;
	for (const struct function *f = service->functions; f; f = f->next) {
		if (f->artifact && f->versioned) {
			const char *digest = artifact_digest(service, f, diag);
			text_puts(out, digest == last ? "" : digest);
			last = digest;
		} else if (f->given_artifact) {
			check_given(service, f->given_artifact, diag);
		}
	}
	return out->length > 0;
}

const char *artifact_folder(const struct service *service, struct diag *diag) {
	const char *seconds = service->host->get_env(service->host->data, "SOURCE_DATE_EPOCH");
	const char *folder = seconds && *seconds ? folder_of_time(service->arena, seconds) : NULL;
	struct text content = { 0 };

	if (seconds && *seconds && !folder) {
		diag_error(diag, "P006", (struct mark){ 0 },
			"SOURCE_DATE_EPOCH is '%s', expected a number of seconds", seconds);
	}
	if (!add_digests(service, &content, diag)) {
		emit_json(&content, service->config, 0);
	}
	if (!folder) {
		folder = arena_printf(service->arena, "content-%.16s",
			sha1_hex(service->arena, content.bytes, content.length));
	}
	text_free(&content);
	return folder;
}
