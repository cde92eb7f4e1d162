/* Reads the layers that the service itself makes. */
#include <string.h>

#include "base/names.h"
#include "service_parts.h"

static const char *read_artifact(struct arena *a, struct layer *layer, struct diag *diag) {
	const struct value *artifact = map_truthy(map_get(layer->config, "package"), "artifact");

	if (!artifact) {
		return arena_printf(a, "%s.zip", layer->key);
	}
	if (!is_string(artifact)) {
		diag_error(diag, "C312", artifact->mark, "package.artifact is a %s, expected the path of a zip file",
			value_kind_name(artifact));
		return layer->key;
	}
	layer->given_artifact = artifact;
	const char *slash = strrchr(artifact->text, '/');
	return slash ? slash + 1 : artifact->text;
}

static void check_path(const struct layer *layer, struct diag *diag) {
	const struct value *path = map_get(layer->config, "path");

	if (map_truthy(map_get(layer->config, "package"), "artifact")) {
		return;
	}
	if (!is_string(path)) {
		struct diagnostic *d = diag_error(diag, "C317", path ? path->mark : layer->mark,
			"the path of layer '%s' is %s%s, expected a folder", layer->key, path ? "a " : "",
			path ? value_kind_name(path) : "missing");
		diag_help(d, "name the folder that is packed, 'path: layers/%s', or a zip with 'package.artifact'", layer->key);
	} else if (strpbrk(path->text, "\r\n") || strlen(path->text) != path->length) {
		diag_error(diag, "C317", path->mark, "the path of layer '%s' contains a line break or a NUL", layer->key);
	}
}

void read_layers(struct service *service, struct diag *diag) {
	struct arena *a = service->arena;
	const struct value *layers = map_get(service->config, "layers");
	struct value *ids = value_map(a);
	struct layer **end = &service->layers;

	service->layer_ids = ids;
	if (is_truthy(layers) && !is_map(layers)) {
		diag_error(diag, "C317", layers->mark, "'layers' is a %s, expected a map", value_kind_name(layers));
		return;
	}
	for (const struct entry *e = map_first(layers); e; e = map_next(layers, e)) {
		struct layer *layer = arena_new(a, struct layer);
		layer->key = e->key;
		layer->mark = e->mark;
		layer->config = e->value;
		layer->id = name_layer(a, e->key);
		if (!is_map(e->value)) {
			diag_error(diag, "C317", e->value->mark, "layer '%s' is a %s, expected a map", e->key,
				value_kind_name(e->value));
			continue;
		}
		layer->artifact = read_artifact(a, layer, diag);
		check_path(layer, diag);
		map_set(a, ids, layer->id, value_string(a, e->key));
		*end = layer;
		end = &layer->next;
	}
}
