/* An HTTPS address for a function, and leave to call it where no signature is asked for. */
#include "core.h"

/* Each item once: a text counts as the list of its characters, as in JavaScript's Set. */
static struct value *unique(struct arena *a, const struct value *list, struct diag *diag) {
	struct value *result = value_list(a), *seen = value_map(a);

	if (!is_list(list) && !is_string(list)) {
		diag_error(diag, "C321", list->mark, "a CORS setting is a %s, expected a list", value_kind_name(list));
		return NULL;
	}
	const struct value *items = value_entries(a, list);
	for (const struct entry *e = map_first(items); e; e = map_next(items, e)) {
		if (!is_string(e->value) || !map_has(seen, e->value->text)) {
			list_add(a, result, e->value);
		}
		if (is_string(e->value)) {
			map_set(a, seen, e->value->text, e->value);
		}
	}
	return result;
}

static struct value *words(struct arena *a, const char *const *list) {
	struct value *result = value_list(a);

	for (; *list; list++) {
		list_add(a, result, value_string(a, *list));
	}
	return result;
}

/* The user's list; the default where there is none; nothing where it is null. */
static struct value *cors_list(struct arena *a, const struct value *cors, const char *key,
		const char *const *otherwise, struct diag *diag) {
	const struct value *own = map_get(cors, key);

	if (is_truthy(own)) {
		return unique(a, own, diag);
	}
	return is_null(own) || !otherwise ? NULL : words(a, otherwise);
}

static struct value *cors(struct arena *a, const struct value *url, struct diag *diag) {
	static const char *const all[] = { "*", NULL };
	static const char *const headers[] = {
		"Content-Type", "X-Amz-Date", "Authorization", "X-Api-Key", "X-Amz-Security-Token", "X-Amzn-Trace-Id", NULL,
	};
	const struct value *own = map_get(url, "cors");

	return !is_truthy(own) ? NULL : MAP(a,
		{ "AllowCredentials", is_truthy(map_get(own, "allowCredentials")) ? value_bool(a, true) : NULL },
		{ "AllowHeaders", cors_list(a, own, "allowedHeaders", headers, diag) },
		{ "AllowMethods", cors_list(a, own, "allowedMethods", all, diag) },
		{ "AllowOrigins", cors_list(a, own, "allowedOrigins", all, diag) },
		{ "ExposeHeaders", cors_list(a, own, "exposedResponseHeaders", NULL, diag) },
		{ "MaxAge", map_get(own, "maxAge") },
	);
}

static void add_permission(struct template *t, const struct function *f, const char *id, const char *action,
		const char *condition, struct value *is) {
	struct arena *a = t->arena;

	template_put(t, id, MAP(a,
		{ "Type", TEXT("AWS::Lambda::Permission") },
		{ "Properties", MAP(a,
			{ "FunctionName", f->target },
			{ "Action", value_string(a, action) },
			{ "Principal", TEXT("*") },
			{ condition, is },
		) },
		{ "DependsOn", f->alias_id ? value_string(a, f->alias_id) : NULL },
		{ "Condition", given(f->condition) },
	));
}

void compile_function_url(struct work *work, const struct function *f) {
	struct template *t = work->t;
	struct arena *a = t->arena;

	if (!f->url) {
		return;
	}
	const char *id = name_function_url(a, f->key);
	bool open = !is_text(map_get(f->url, "authorizer"), "aws_iam");
	struct value *stream = map_get(f->url, "invokeMode");
	template_put(t, id, MAP(a,
		{ "Type", TEXT("AWS::Lambda::Url") },
		{ "Properties", MAP(a,
			{ "AuthType", value_string(a, open ? "NONE" : "AWS_IAM") },
			{ "TargetFunctionArn", f->target },
			{ "Cors", cors(a, f->url, work->diag) },
			{ "InvokeMode", is_text(stream, "RESPONSE_STREAM") ? stream : NULL },
		) },
		{ "DependsOn", f->alias_id ? value_string(a, f->alias_id) : NULL },
		{ "Condition", given(f->condition) },
	));
	template_output(t, id, MAP(a,
		{ "Description", TEXT("Lambda Function URL") },
		{ "Value", fn_get_att(a, id, "FunctionUrl") },
		{ "Condition", given(f->condition) },
	));
	if (open) {
		add_permission(t, f, name_url_permission(a, f->key), "lambda:InvokeFunctionUrl", "FunctionUrlAuthType",
			TEXT("NONE"));
		add_permission(t, f, name_invoke_permission(a, f->key), "lambda:InvokeFunction", "InvokedViaFunctionUrl",
			value_bool(a, true));
	}
}
