/*
 * The deployment. API Gateway deploys anew only when the deployment is a new resource, so its id is made of a digest
 * of the WebSocket part of the template; the stage, which must name it, gets it here. This is the one pass that reads
 * what others made, and it must run before the user's own resources are merged.
 */
#include <string.h>

#include "base/hash.h"
#include "base/text.h"
#include "compilers.h"
#include "emit.h"

enum { PIECE_SIZE = 16 * 1024 };

static bool has_api(const struct value *awaited) {
	for (size_t i = 0; i < list_length(awaited); i++) {
		if (is_text(awaited->items[i], ID_WEBSOCKETS_API)) {
			return true;
		}
	}
	return false;
}

static bool names_api(const struct value *resource) {
	const struct value *api = map_get(map_get(resource, "Properties"), "ApiId");

	return is_text(map_get(api, "Ref"), ID_WEBSOCKETS_API) || has_api(map_get(resource, "DependsOn"));
}

/* What was found out of a form: there are many resources of one form, one behind the other. */
struct known {
	const struct value *form;
	bool names_api;
	bool may_await;		/* what its resources wait for is a blank */
};

static bool is_part(const struct entry *resource, struct known *known) {
	const struct value *form = form_of(resource->value);

	if (form != known->form) {
		const struct value *awaited = map_get(form, "DependsOn");
		*known = (struct known){ form, names_api(form), awaited && awaited->kind == VALUE_BLANK };
	}
	return known->names_api || (known->may_await && has_api(form_get(resource->value, "DependsOn"))) ||
		strcmp(resource->key, ID_WEBSOCKETS_API) == 0;
}

/* The digest of the JSON of a map that holds the picked resources, which is never made as a whole. */
static const char *digest(const struct template *t) {
	struct sha256 *hash = sha256_create(t->arena);
	struct text piece = { 0 };
	struct known known = { NULL };
	char next = '{';

	for (const struct entry *r = map_first(t->resources); r; r = map_next(t->resources, r)) {
		if (!is_part(r, &known)) {
			continue;
		}
		struct value key = { .kind = VALUE_STRING, .length = r->key_length, .text = r->key };
		text_putc(&piece, next);
		emit_json(&piece, &key, 0);
		text_putc(&piece, ':');
		emit_json(&piece, r->value, 0);
		next = ',';
		if (piece.length >= PIECE_SIZE) {
			sha256_add(hash, piece.bytes, piece.length);
			piece.length = 0;
		}
	}
	text_puts(&piece, next == '{' ? "{}" : "}");
	sha256_add(hash, piece.bytes, piece.length);
	text_free(&piece);
	return sha256_finish_base64(t->arena, hash);
}

static struct value *awaited_routes(const struct service *service, struct arena *a) {
	struct value *list = value_list(a);

	for (const struct route *r = service->routes; r; r = r->next) {
		if (r->response_selection) {
			list_add(a, list, value_string(a, name_route_response(a, r->key)));
		}
		list_add(a, list, value_string(a, r->id));
	}
	return list;
}

static void add_output(const struct service *service, struct template *t) {
	struct arena *a = t->arena;

	template_output(t, "ServiceEndpointWebsocket", MAP(a,
		{ "Description", TEXT("URL of the service endpoint") },
		{ "Value", fn_join(a, "", LIST(a,
			TEXT("wss://"), service->websocket.id, TEXT(".execute-api."),
			fn_ref(a, "AWS::Region"), TEXT("."), fn_ref(a, "AWS::URLSuffix"),
			value_printf(a, "/%s", service->stage),
		)) },
	));
}

/* Without a stage of its own, the deployment names the one that it updates. */
void compile_websocket_deployment(const struct service *service, struct template *t, struct diag *diag) {
	struct arena *a = t->arena;
	(void)diag;

	if (!service->routes) {
		return;
	}
	const char *id = name_deployment(a, digest(t));
	template_put(t, id, MAP(a,
		{ "Type", TEXT("AWS::ApiGatewayV2::Deployment") },
		{ "DependsOn", awaited_routes(service, a) },
		{ "Properties", MAP(a,
			{ "ApiId", service->websocket.id },
			{ "Description", service->websocket.description },
			{ "StageName", service->websocket.external_id ? value_string(a, service->stage) : NULL },
		) },
	));
	add_output(service, t);
	struct value *stage = map_get(map_get(t->resources, ID_WEBSOCKETS_STAGE), "Properties");
	if (stage) {
		map_set(a, stage, "DeploymentId", fn_ref(a, id));
	}
}
