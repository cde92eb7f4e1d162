/* AWS::Lambda::LayerVersion: the layers that the service makes, and who may use them. */
#include "artifact/artifact.h"
#include "core.h"
#include "emit.h"

static struct value *layer_version(const struct service *service, const struct layer *layer, bool with_key,
		struct arena *a) {
	return MAP(a,
		{ "Type", TEXT("AWS::Lambda::LayerVersion") },
		{ "Properties", MAP(a,
			{ "Content", MAP(a,
				{ "S3Bucket", artifact_bucket(service, a) },
				{ "S3Key", !with_key ? NULL :
					value_printf(a, "%s/%s", service->artifact_directory, layer->artifact) },
			) },
			{ "LayerName", map_truthy(layer->config, "name") ? map_truthy(layer->config, "name") : value_string(a, layer->key) },
			{ "Description", map_truthy(layer->config, "description") },
			{ "LicenseInfo", map_truthy(layer->config, "licenseInfo") },
			{ "CompatibleRuntimes", map_truthy(layer->config, "compatibleRuntimes") },
			{ "CompatibleArchitectures", map_truthy(layer->config, "compatibleArchitectures") },
		) },
		{ "DeletionPolicy", with_key && map_truthy(layer->config, "retain") ? TEXT("Retain") : NULL },
	);
}

/* The layer as it is without its place in the bucket, and its content. */
static const char *hash(const struct service *service, const struct layer *layer, struct arena *a, struct diag *diag) {
	struct text json = { 0 };

	emit_json(&json, layer_version(service, layer, false, a), 0);
	const char *hex = layer_hash(service, layer, &json, diag);
	text_free(&json);
	return hex;
}

static void add_permissions(const struct layer *layer, const char *id, const char *suffix, struct template *t,
		struct diag *diag) {
	struct arena *a = t->arena;
	const struct value *accounts = map_truthy(layer->config, "allowedAccounts");

	if (accounts && !is_list(accounts)) {
		diag_error(diag, "C324", accounts->mark, "allowedAccounts of layer '%s' is a %s, expected a list", layer->key,
			value_kind_name(accounts));
	}
	for (size_t i = 0; i < list_length(accounts); i++) {
		struct value *account = accounts->items[i];
		if (!is_string(account)) {
			diag_error(diag, "C324", account->mark, "an account of layer '%s' is a %s, expected a string", layer->key,
				value_kind_name(account));
			continue;
		}
		template_put(t, arena_printf(a, "%s%s", name_layer_permission(a, layer->key, account->text), suffix), MAP(a,
			{ "Type", TEXT("AWS::Lambda::LayerVersionPermission") },
			{ "Properties", MAP(a,
				{ "Action", TEXT("lambda:GetLayerVersion") },
				{ "LayerVersionArn", fn_ref(a, id) },
				{ "Principal", account },
			) },
			{ "DeletionPolicy", *suffix ? TEXT("Retain") : NULL },
		));
	}
}

static void add_output(struct template *t, const char *id, const char *description, struct value *value) {
	template_output(t, id, MAP(t->arena,
		{ "Description", value_string(t->arena, description) },
		{ "Value", value },
	));
}

static void add_layer(const struct service *service, const struct layer *layer, struct template *t,
		struct diag *diag) {
	struct arena *a = t->arena;
	const char *sha = hash(service, layer, a, diag), *suffix = map_truthy(layer->config, "retain") ? sha : "";
	const char *id = arena_printf(a, "%s%s", layer->id, suffix);
	struct value *version = layer_version(service, layer, true, a);

	template_put(t, id, version);
	add_permissions(layer, id, suffix, t, diag);
	add_output(t, name_layer_output(a, layer->key), "Current Lambda layer version", fn_ref(a, id));
	add_output(t, name_layer_hash_output(a, layer->key), "Current Lambda layer hash", value_string(a, sha));
	add_output(t, name_layer_s3_key_output(a, layer->key), "Current Lambda layer S3Key",
		map_get(map_get(map_get(version, "Properties"), "Content"), "S3Key"));
}

void compile_layer(const struct service *service, struct template *t, struct diag *diag) {
	for (const struct layer *layer = service->layers; layer; layer = layer->next) {
		add_layer(service, layer, t, diag);
	}
}
