/*
 * Settings that osls 5 will no longer know. The reference counts them at the end of `package`
 * ("1 deprecation found"); here each gets its place and its successor.
 */
#include <string.h>

#include "service_parts.h"

struct deprecation {
	const char *code, *group;	/* ours; the reference's, which disabledDeprecations names */
	const char *path[4];
	const char *successor;		/* NULL: it has no effect and can go */
};

static const struct deprecation deprecations[] = {
	{ "D001", "PROVIDER_IAM_SETTINGS_V3", { "provider", "role" }, "provider.iam.role" },
	{ "D001", "PROVIDER_IAM_SETTINGS_V3", { "provider", "rolePermissionsBoundary" },
		"provider.iam.role.permissionsBoundary" },
	{ "D001", "PROVIDER_IAM_SETTINGS_V3", { "provider", "iam", "role", "permissionBoundary" },
		"provider.iam.role.permissionsBoundary" },
	{ "D001", "PROVIDER_IAM_SETTINGS_V3", { "provider", "iamManagedPolicies" }, "provider.iam.role.managedPolicies" },
	{ "D001", "PROVIDER_IAM_SETTINGS_V3", { "provider", "iamRoleStatements" }, "provider.iam.role.statements" },
	{ "D001", "PROVIDER_IAM_SETTINGS_V3", { "provider", "cfnRole" }, "provider.iam.deploymentRole" },
	{ "D002", "AWS_WEBSOCKET_API_USE_PROVIDER_TAGS", { "provider", "websocket", "useProviderTags" }, NULL },
	{ "D002", "AWS_HTTP_API_USE_PROVIDER_TAGS_PROPERTY", { "provider", "httpApi", "useProviderTags" }, NULL },
	{ "D002", "PROJECT_DIR", { "projectDir" }, NULL },
	{ "D002", "VARIABLES_RESOLUTION_MODE", { "variablesResolutionMode" }, NULL },
};

/* A list of codes in the file, or a text with commas in the environment; "*" is all. */
static bool names(const char *text, const char *group) {
	size_t length = strlen(group);

	for (const char *end; text; text = end ? end + 1 : NULL) {
		end = strchr(text, ',');
		size_t n = end ? (size_t)(end - text) : strlen(text);
		if ((n == length && memcmp(text, group, n) == 0) || (n == 1 && *text == '*')) {
			return true;
		}
	}
	return false;
}

static bool is_disabled(const struct value *config, const struct slsws_host *host, const char *group) {
	const struct value *disabled = map_get(config, "disabledDeprecations");

	if (is_string(disabled) && (strcmp(disabled->text, group) == 0 || strcmp(disabled->text, "*") == 0)) {
		return true;
	}
	for (size_t i = 0; i < list_length(disabled); i++) {
		if (is_text(disabled->items[i], group) || is_text(disabled->items[i], "*")) {
			return true;
		}
	}
	return names(host->get_env(host->data, "SLS_DEPRECATION_DISABLE"), group);
}

static enum severity severity_of(const struct value *config, const struct slsws_host *host) {
	const char *mode = host->get_env(host->data, "SLS_DEPRECATION_NOTIFICATION_MODE");

	if (mode && (strcmp(mode, "error") == 0 || strcmp(mode, "warn") == 0)) {
		return strcmp(mode, "error") == 0 ? SEVERITY_ERROR : SEVERITY_WARNING;
	}
	return is_text(map_get(config, "deprecationNotificationMode"), "error") ? SEVERITY_ERROR : SEVERITY_WARNING;
}

static const struct entry *find_path(const struct value *config, const char *const *path) {
	const struct entry *e = map_find(config, path[0]);

	for (size_t i = 1; e && i < 4 && path[i]; i++) {
		e = map_find(e->value, path[i]);
	}
	return e && !is_missing(e->value) ? e : NULL;
}

static const char *spell_path(struct arena *a, const char *const *path) {
	const char *text = path[0];

	for (size_t i = 1; i < 4 && path[i]; i++) {
		text = arena_printf(a, "%s.%s", text, path[i]);
	}
	return text;
}

void report_deprecations(const struct value *config, const struct slsws_host *host, struct diag *diag) {
	enum severity severity = severity_of(config, host);

	for (size_t i = 0; i < sizeof(deprecations) / sizeof(*deprecations); i++) {
		const struct deprecation *row = &deprecations[i];
		const struct entry *e = find_path(config, row->path);
		if (!e || is_disabled(config, host, row->group)) {
			continue;
		}
		struct diagnostic *d = diag_add(diag, severity, row->code, e->mark, "'%s' %s", spell_path(diag->arena, row->path),
			row->successor ? "is deprecated" : "has no effect any more");
		if (row->successor) {
			diag_help(d, "write '%s'", row->successor);
		} else {
			diag_help(d, "remove it");
		}
	}
}
