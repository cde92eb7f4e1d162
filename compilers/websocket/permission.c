/*
 * Route by route, the permission of its function, then that of its authorizer. The ids are made of function names alone,
 * so a function that is both gets the one or the other, whichever comes last.
 */
#include "compilers.h"
#include "invoke.h"

/* The id of the API that a Ref names, when there is something to wait for. */
static struct value *awaited_api(const struct service *service) {
	return map_truthy(service->websocket.id, "Ref");
}

enum { FUNCTION_ID, TARGET };

static struct form *function_permission(const struct service *service, struct arena *a) {
	return form_create(a, MAP(a,
		{ "Type", TEXT("AWS::Lambda::Permission") },
		{ "DependsOn", LIST(a, awaited_api(service), BLANK(FUNCTION_ID)) },
		{ "Properties", MAP(a,
			{ "FunctionName", BLANK(TARGET) },
			{ "Action", TEXT("lambda:InvokeFunction") },
			{ "Principal", TEXT("apigateway.amazonaws.com") },
		) },
	));
}

/* An "ARN" that is a function's key is named here as it is written. */
static struct value *awaited_function(struct arena *a, const struct authorizer *authorizer) {
	if (!authorizer->function) {
		return NULL;
	}
	return authorizer->arn ? authorizer->arn : value_string(a, authorizer->function->id);
}

static void permit_authorizer(const struct service *service, const struct authorizer *authorizer, struct template *t) {
	struct arena *a = t->arena;
	const struct function *f = authorizer->function;

	template_put(t, name_websockets_permission(a, authorizer->name), MAP(a,
		{ "Type", TEXT("AWS::Lambda::Permission") },
		{ "DependsOn", LIST(a,
			awaited_api(service),
			awaited_function(a, authorizer),
			f && f->alias_id ? value_string(a, f->alias_id) : NULL,
		) },
		{ "Properties", MAP(a,
			{ "Action", TEXT("lambda:InvokeFunction") },
			{ "Principal", TEXT("apigateway.amazonaws.com") },
			{ "FunctionName", f ? f->target : authorizer->arn },
		) },
	));
}

void compile_websocket_permission(const struct service *service, struct template *t, struct diag *diag) {
	struct arena *a = t->arena;
	struct form *form = function_permission(service, a);
	(void)diag;

	for (const struct route *r = service->routes; r; r = r->next) {
		const struct function *f = r->function;
		template_put(t, name_websockets_permission(a, f->key), FILL(form,
			[FUNCTION_ID] = value_string(a, f->alias_id ? f->alias_id : f->id),
			[TARGET] = f->target,
		));
		if (r->authorizer) {
			permit_authorizer(service, r->authorizer, t);
		}
	}
}
