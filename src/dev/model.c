#include "dev/model.h"

#include <stdlib.h>
#include <unistd.h>

#include "base/text.h"

struct reader {
	struct arena *arena;
	struct diag *diag;
	struct intrinsics *in;
	const struct locality *local;
	const struct value *template;
	const char *folder, *code;
	struct model *model;
};

/* A resource of the template that is being read. */
struct resource {
	const char *id;
	struct mark mark;
	const struct value *whole, *properties;
};

typedef void read_fn(struct reader *r, const struct resource *resource);

static const char *text_of(struct reader *r, const struct resource *resource, const char *property) {
	return intrinsics_text(r->in, map_get_text(resource->properties, property, strlen(property)));
}

static unsigned number_of(const char *text, unsigned otherwise, unsigned most) {
	char *end;
	double number = text ? strtod(text, &end) : 0;

	return !text || end == text || *end || !(number > 0) ? otherwise : number < most ? (unsigned)number : most;
}

/* --- functions -------------------------------------------------------------------------------------------------- */

static const struct {
	const char *prefix;
	enum language language;
} languages[] = {
	{ "nodejs", LANGUAGE_NODE }, { "python", LANGUAGE_PYTHON }, { "provided", LANGUAGE_PROVIDED }, { "go1", LANGUAGE_NONE },
};

static enum language language_of(const char *runtime) {
	for (size_t i = 0; runtime && i < sizeof(languages) / sizeof(*languages); i++) {
		if (text_starts(runtime, languages[i].prefix)) {
			return languages[i].language;
		}
	}
	return LANGUAGE_NONE;
}

static const char *path_in(struct reader *r, const char *folder, const char *path) {
	path = text_starts(path, "./") ? path + 2 : path;
	return *path == '/' ? path : arena_printf(r->arena, "%s%s", folder, path);
}

/* The folder beside the template from which CDK makes the object HASH.zip; NULL: there is none. */
static const char *find_asset(struct reader *r, const struct value *code) {
	const char *key = intrinsics_text(r->in, map_get(code, "S3Key"));
	const char *slash = key ? strrchr(key, '/') : NULL, *name = slash ? slash + 1 : key;

	if (!name || !text_ends(name, ".zip") || r->code) {
		return NULL;
	}
	const char *path = arena_printf(r->arena, "asset.%.*s", (int)(strlen(name) - 4), name);
	return access(path_in(r, r->folder, path), F_OK) == 0 ? path : NULL;
}

/* Where a function's code is: what CDK notes of its assets, a path as SAM has it, else the folder that slsws packs. */
static void read_code(struct reader *r, struct lambda *f, const struct resource *resource) {
	const struct value *code = map_get(resource->properties, "Code");
	const struct value *uri = map_get(resource->properties, "CodeUri");
	const char *asset = intrinsics_text(r->in, map_get(map_get(resource->whole, "Metadata"), "aws:asset:path"));

	f->inline_code = intrinsics_text(r->in, map_get(code, "ZipFile"));
	f->inline_code = f->inline_code ? f->inline_code : text_of(r, resource, "InlineCode");
	if (f->inline_code) {
		return;
	}
	asset = asset ? asset : find_asset(r, code);
	asset = asset ? asset : is_string(uri) ? uri->text : is_string(code) ? code->text : NULL;
	f->folder = asset ? path_in(r, r->folder, asset) : r->code;
	if (!f->folder) {
		diag_warning(r->diag, "G008", resource->mark, "the code of the function '%s' is in a bucket; it is looked for "
			"beside the template", resource->id);
		f->folder = r->folder;
	}
}

static void read_environment(struct reader *r, struct lambda *f, const struct value *variables) {
	for (const struct entry *e = map_first(variables); e; e = map_next(variables, e)) {
		const char *value = intrinsics_text(r->in, e->value);
		bool there = false;
		for (size_t i = 0; i < f->environment_count && !there; i++) {
			there = strcmp(f->environment[i].name, e->key) == 0;
			f->environment[i].value = there && value ? value : f->environment[i].value;
		}
		if (value && !there) {
			f->environment[f->environment_count++] = (struct variable){ e->key, value };
		}
	}
}

/* A property of a function, or what SAM's Globals say for all. */
static const char *function_text(struct reader *r, const struct resource *resource, const struct value *globals,
		const char *name) {
	const char *text = text_of(r, resource, name);

	return text ? text : intrinsics_text(r->in, map_get_text(globals, name, strlen(name)));
}

static void read_function_of(struct reader *r, const struct resource *resource, const struct value *globals) {
	struct arena *a = r->arena;
	struct lambda *f = arena_new(a, struct lambda), **end = &r->model->functions;
	const struct value *common = map_get(map_get(globals, "Environment"), "Variables");
	const struct value *own = map_get(map_get(resource->properties, "Environment"), "Variables");

	f->id = resource->id;
	f->name = intrinsics_ref(r->in, resource->id);
	f->arn = intrinsics_attribute(r->in, resource->id, "Arn");
	f->runtime = function_text(r, resource, globals, "Runtime");
	f->handler = function_text(r, resource, globals, "Handler");
	f->language = language_of(f->runtime);
	f->timeout_ms = 1000 * number_of(function_text(r, resource, globals, "Timeout"), 3, 900);
	f->memory = number_of(function_text(r, resource, globals, "MemorySize"), 128, 10240);
	f->environment = arena_array(a, struct variable, (common ? common->length : 0) + (own ? own->length : 0) + 1);
	read_environment(r, f, common);
	read_environment(r, f, own);
	read_code(r, f, resource);
	f->handler = f->handler ? f->handler : "bootstrap";
	if (!f->language) {
		diag_warning(r->diag, "G003", resource->mark, "the function '%s' cannot run here: its runtime is %s%s%s, expected "
			"nodejs, python or provided", resource->id, f->runtime ? "'" : "", f->runtime ? f->runtime : "an image",
			f->runtime ? "'" : "");
	}
	while (*end) {
		end = &(*end)->next;
	}
	*end = f;
}

static void read_function(struct reader *r, const struct resource *resource) {
	read_function_of(r, resource, NULL);
}

static void read_serverless_function(struct reader *r, const struct resource *resource) {
	read_function_of(r, resource, map_get(map_get(r->template, "Globals"), "Function"));
}

/* The function of "...:lambda:path/2015-03-31/functions/ARN/invocations", or of an ARN alone, version and alias aside. */
static const struct lambda *find_function(const struct reader *r, const char *uri) {
	const char *arn = uri ? strstr(uri, "/functions/") : NULL;

	arn = arn ? arn + strlen("/functions/") : uri;
	for (const struct lambda *f = r->model->functions; arn && f; f = f->next) {
		size_t length = strlen(f->arn);
		if (strncmp(arn, f->arn, length) == 0 && (!arn[length] || strchr(":/", arn[length]))) {
			return f;
		}
	}
	return NULL;
}

/* --- the API ---------------------------------------------------------------------------------------------------- */

static void read_api(struct reader *r, const struct resource *resource) {
	const char *protocol = text_of(r, resource, "ProtocolType");
	const char *expression = text_of(r, resource, "RouteSelectionExpression"), *why = NULL;
	const struct value *place = map_get(resource->properties, "RouteSelectionExpression");
	struct api *api = arena_new(r->arena, struct api), **end = &r->model->apis;

	if (!protocol || strcmp(protocol, "WEBSOCKET") != 0) {
		return;
	}
	api->logical_id = resource->id;
	api->id = intrinsics_ref(r->in, resource->id);
	api->name = text_of(r, resource, "Name");
	api->selection = selection_parse(r->arena, expression ? expression : "$request.body.action", &why);
	if (!api->selection) {
		diag_error(r->diag, "G007", place ? place->mark : resource->mark, "the route selection expression is malformed: %s",
			why);
	}
	while (*end) {
		end = &(*end)->next;
	}
	*end = api;
}

/* The API that a resource belongs to; NULL when it is none of ours, such as an HTTP API. */
static struct api *api_of(struct reader *r, const struct resource *resource) {
	const char *id = text_of(r, resource, "ApiId");

	for (struct api *api = r->model->apis; id && api; api = api->next) {
		if (strcmp(api->id, id) == 0) {
			return api;
		}
	}
	return NULL;
}

static void read_stage(struct reader *r, const struct resource *resource) {
	struct api *api = api_of(r, resource);
	const char *name = text_of(r, resource, "StageName");

	if (api && name) {
		struct stage *stage = arena_new(r->arena, struct stage), **end = &api->stages;
		stage->name = name;
		stage->variables = intrinsics_resolve(r->in, map_get(resource->properties, "StageVariables"));
		while (*end) {
			end = &(*end)->next;
		}
		*end = stage;
	}
}

static enum integration_kind kind_of(const char *type) {
	if (strcmp(type, "MOCK") == 0) {
		return INTEGRATION_MOCK;
	}
	return strcmp(type, "AWS_PROXY") == 0 ? INTEGRATION_PROXY : INTEGRATION_OTHER;
}

static void read_integration(struct reader *r, const struct resource *resource) {
	struct api *api = api_of(r, resource);
	const char *type = text_of(r, resource, "IntegrationType"), *uri = text_of(r, resource, "IntegrationUri");

	if (!api) {
		return;
	}
	struct integration *i = arena_new(r->arena, struct integration);
	i->id = intrinsics_ref(r->in, resource->id);
	i->type = type ? type : "none";
	i->kind = kind_of(i->type);
	i->timeout_ms = number_of(text_of(r, resource, "TimeoutInMillis"), 29000, 29000);
	i->request_templates = intrinsics_resolve(r->in, map_get(resource->properties, "RequestTemplates"));
	i->template_selection = text_of(r, resource, "TemplateSelectionExpression");
	if (i->kind == INTEGRATION_PROXY) {
		i->function = find_function(r, uri);
	}
	if (i->kind == INTEGRATION_PROXY && !i->function) {
		diag_warning(r->diag, "G004", resource->mark, "the integration '%s' is with no function of this template",
			resource->id);
	} else if (i->kind == INTEGRATION_OTHER) {
		diag_warning(r->diag, "G009", resource->mark, "the integration '%s' cannot run here: its type is '%s', expected "
			"AWS_PROXY or MOCK", resource->id, i->type);
	}
	i->next = api->integrations;
	api->integrations = i;
}

static void read_integration_response(struct reader *r, const struct resource *resource) {
	struct api *api = api_of(r, resource);
	const char *id = text_of(r, resource, "IntegrationId"), *key = text_of(r, resource, "IntegrationResponseKey");

	for (struct integration *i = api ? api->integrations : NULL; i && id && key; i = i->next) {
		if (strcmp(i->id, id) == 0) {
			struct integration_response *response = arena_new(r->arena, struct integration_response);
			response->key = key;
			response->templates = intrinsics_resolve(r->in, map_get(resource->properties, "ResponseTemplates"));
			response->template_selection = text_of(r, resource, "TemplateSelectionExpression");
			response->next = i->responses;
			i->responses = response;
		}
	}
}

static const struct {
	const char *prefix;
	int kind;
} identity_kinds[] = {
	{ "route.request.header.", IDENTITY_HEADER },
	{ "route.request.querystring.", IDENTITY_QUERY },
	{ "stageVariables.", IDENTITY_STAGE },
	{ "context.", IDENTITY_CONTEXT },
};

static void add_identity(struct authorizer *authorizer, const char *text) {
	for (size_t i = 0; text && i < sizeof(identity_kinds) / sizeof(*identity_kinds); i++) {
		if (text_starts(text, identity_kinds[i].prefix)) {
			authorizer->sources[authorizer->source_count++] = (struct identity_source){
				.kind = identity_kinds[i].kind, .name = text + strlen(identity_kinds[i].prefix),
			};
		}
	}
}

static void read_authorizer(struct reader *r, const struct resource *resource) {
	struct api *api = api_of(r, resource);
	const struct value *sources = intrinsics_resolve(r->in, map_get(resource->properties, "IdentitySource"));

	if (!api) {
		return;
	}
	struct authorizer *authorizer = arena_new(r->arena, struct authorizer);
	authorizer->id = intrinsics_ref(r->in, resource->id);
	authorizer->name = text_of(r, resource, "Name");
	authorizer->function = find_function(r, text_of(r, resource, "AuthorizerUri"));
	authorizer->sources = arena_array(r->arena, struct identity_source, list_length(sources) + 1);
	for (size_t i = 0; i < list_length(sources); i++) {
		add_identity(authorizer, value_spell(r->arena, list_get(sources, i)));
	}
	if (is_string(sources)) {
		add_identity(authorizer, sources->text);
	}
	if (!authorizer->function) {
		diag_warning(r->diag, "G004", resource->mark, "the authorizer '%s' is no function of this template", resource->id);
	}
	authorizer->next = api->authorizers;
	api->authorizers = authorizer;
}

static const struct integration *find_integration(const struct api *api, const char *target) {
	const char *id = target && text_starts(target, "integrations/") ? target + strlen("integrations/") : NULL;

	for (const struct integration *i = api->integrations; id && i; i = i->next) {
		if (strcmp(i->id, id) == 0) {
			return i;
		}
	}
	return NULL;
}

static const struct authorizer *find_authorizer(const struct api *api, const char *id) {
	for (const struct authorizer *authorizer = api->authorizers; id && authorizer; authorizer = authorizer->next) {
		if (strcmp(authorizer->id, id) == 0) {
			return authorizer;
		}
	}
	return NULL;
}

static void read_route(struct reader *r, const struct resource *resource) {
	struct api *api = api_of(r, resource);
	const char *key = text_of(r, resource, "RouteKey");
	struct route *route, **end;

	if (!api || !key) {
		return;
	}
	route = arena_new(r->arena, struct route);
	route->id = intrinsics_ref(r->in, resource->id);
	route->key = key;
	route->integration = find_integration(api, text_of(r, resource, "Target"));
	route->authorizer = find_authorizer(api, text_of(r, resource, "AuthorizerId"));
	const char *expression = text_of(r, resource, "RouteResponseSelectionExpression");
	route->selects_response = expression && strcmp(expression, "$default") == 0;
	for (end = &api->routes; *end; end = &(*end)->next) {
	}
	*end = route;
}

/* A route answers its client when it has both: the expression, and a response under the key that the expression gives. */
static void read_route_response(struct reader *r, const struct resource *resource) {
	struct api *api = api_of(r, resource);
	const char *id = text_of(r, resource, "RouteId"), *key = text_of(r, resource, "RouteResponseKey");

	for (struct route *route = api ? api->routes : NULL; route && id && key; route = route->next) {
		if (strcmp(route->id, id) == 0 && strcmp(key, "$default") == 0) {
			route->responds = route->selects_response;
		}
	}
}

/* --- addresses -------------------------------------------------------------------------------------------------- */

/* A text with the host of the API, which templates put together of its id, replaced by that of the gateway. */
static const char *localize(struct reader *r, const struct api *api, const char *text) {
	const char *host = arena_printf(r->arena, "%s.execute-api.", api->id), *at = strstr(text, host);

	if (!at) {
		return text;
	}
	const char *end = at + strcspn(at, "/ ,\"'");
	return arena_printf(r->arena, "%.*s%s%s", (int)(at - text), text, r->local->domain, end);
}

static void localize_environment(struct reader *r, const struct api *api) {
	for (struct lambda *f = r->model->functions; f; f = f->next) {
		for (size_t i = 0; i < f->environment_count; i++) {
			f->environment[i].value = localize(r, api, f->environment[i].value);
		}
	}
}

/* --- the whole -------------------------------------------------------------------------------------------------- */

/* In the order in which they refer to one another. */
static const struct {
	const char *type;
	read_fn *read;
} types[] = {
	{ "AWS::Lambda::Function", read_function },
	{ "AWS::Serverless::Function", read_serverless_function },
	{ "AWS::ApiGatewayV2::Api", read_api },
	{ "AWS::ApiGatewayV2::Stage", read_stage },
	{ "AWS::ApiGatewayV2::Integration", read_integration },
	{ "AWS::ApiGatewayV2::IntegrationResponse", read_integration_response },
	{ "AWS::ApiGatewayV2::Authorizer", read_authorizer },
	{ "AWS::ApiGatewayV2::Route", read_route },
	{ "AWS::ApiGatewayV2::RouteResponse", read_route_response },
};

static void read_type(struct reader *r, const char *type, read_fn *read) {
	const struct value *resources = map_get(r->template, "Resources");

	for (const struct entry *e = map_first(resources); e; e = map_next(resources, e)) {
		if (is_text(map_get(e->value, "Type"), type) && intrinsics_exists(r->in, e->value)) {
			read(r, &(struct resource){ e->key, e->mark, e->value, map_get(e->value, "Properties") });
		}
	}
}

static void finish_api(struct reader *r, struct api *api) {
	localize_environment(r, api);
	api->connect = model_route(api, "$connect");
	api->disconnect = model_route(api, "$disconnect");
	api->fallback = model_route(api, "$default");
	if (!api->stages) {
		diag_warning(r->diag, "G002", (struct mark){ 0 }, "the API '%s' has no stage, it is served as '$default'",
			api->logical_id);
		api->stages = arena_new(r->arena, struct stage);
		api->stages->name = "$default";
	}
}

struct model *model_read(struct arena *a, const struct value *template, const struct locality *local, const char *folder,
		const char *code, struct diag *diag) {
	struct reader r = {
		.arena = a, .diag = diag, .local = local, .template = template, .folder = folder, .code = code,
		.model = arena_new(a, struct model), .in = intrinsics_create(a, template, local, diag),
	};

	for (size_t i = 0; i < sizeof(types) / sizeof(*types); i++) {
		read_type(&r, types[i].type, types[i].read);
	}
	for (struct api *api = r.model->apis; api; api = api->next) {
		finish_api(&r, api);
	}
	if (!r.model->apis) {
		struct diagnostic *d = diag_error(diag, "G001", template->mark, "the template has no WebSocket API");
		diag_help(d, "an AWS::ApiGatewayV2::Api with the ProtocolType WEBSOCKET is what can be served");
	}
	return diag->errors ? NULL : r.model;
}

const struct route *model_route(const struct api *api, const char *key) {
	const struct route *found = NULL;

	for (const struct route *route = api->routes; route; route = route->next) {
		found = strcmp(route->key, key) == 0 ? route : found;
	}
	return found;
}

const struct stage *model_stage(const struct api *api, const char *name) {
	for (const struct stage *stage = api->stages; stage; stage = stage->next) {
		if (strcmp(stage->name, name) == 0) {
			return stage;
		}
	}
	return NULL;
}
