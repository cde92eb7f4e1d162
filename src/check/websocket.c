#include "websocket.h"

#include <strings.h>

#include "base/text.h"
#include "emit.h"

static const char *const kinds[PART_KINDS] = {
	[PART_ROUTE] = "AWS::ApiGatewayV2::Route",
	[PART_INTEGRATION] = "AWS::ApiGatewayV2::Integration",
	[PART_AUTHORIZER] = "AWS::ApiGatewayV2::Authorizer",
	[PART_STAGE] = "AWS::ApiGatewayV2::Stage",
	[PART_DEPLOYMENT] = "AWS::ApiGatewayV2::Deployment",
	[PART_ROUTE_RESPONSE] = "AWS::ApiGatewayV2::RouteResponse",
	[PART_MAPPING] = "AWS::ApiGatewayV2::ApiMapping",
	[PART_OTHER] = "AWS::ApiGatewayV2::",
};

struct builder {
	const struct check *check;
	struct value *by_id;		/* from what an ApiId says to the number of the API */
	struct api **apis;
	size_t count, capacity;
	const struct part **part_of;
};

/* --- the APIs --------------------------------------------------------------------------------------------------- */

static struct api *add_api(struct builder *b, const char *spelt) {
	struct api *api = arena_new(b->check->arena, struct api);

	if (b->count == b->capacity) {
		struct api **before = b->apis;
		b->capacity = b->capacity ? b->capacity * 2 : 16;
		b->apis = arena_array(b->check->arena, struct api *, b->capacity);
		if (before) {
			memcpy(b->apis, before, b->count * sizeof(*before));
		}
	}
	*api = (struct api){ .all_keys_known = true, .routes = value_map(b->check->arena) };
	map_set(b->check->arena, b->by_id, spelt, value_number(b->check->arena, (double)b->count));
	b->apis[b->count++] = api;
	return api;
}

static struct api *find_api(struct builder *b, const struct value *id) {
	const char *spelt = json_text(b->check->arena, id)->text;
	const struct value *number = map_get(b->by_id, spelt);

	return number ? b->apis[(size_t)number->number] : add_api(b, spelt);
}

static enum protocol protocol_of(const struct resource *r) {
	const struct value *type = check_property(r, "ProtocolType");
	const char *selection = is_string(check_property(r, "RouteSelectionExpression")) ?
		check_property(r, "RouteSelectionExpression")->text : "";
	static const char *const websocket[] = { "WEBSOCKET" };

	if (is_string(type)) {
		return strcasecmp(type->text, "HTTP") == 0 ? PROTOCOL_HTTP : strcasecmp(type->text, "WEBSOCKET") == 0 ||
			text_closest(type->text, websocket, 1) ? PROTOCOL_WEBSOCKET : PROTOCOL_UNKNOWN;
	}
	return strstr(selection, "request.body") ? PROTOCOL_WEBSOCKET : PROTOCOL_UNKNOWN;
}

static void add_resources(struct builder *b) {
	struct arena *a = b->check->arena;

	for (const struct resource *r = check_first(b->check, "AWS::ApiGatewayV2::Api"); r; r = r->next_of_type) {
		struct value *id = MAP(a, { "Ref", value_string(a, r->id) });
		struct api *api = find_api(b, id);
		api->resource = r;
		api->protocol = protocol_of(r);
	}
}

/* --- their parts ------------------------------------------------------------------------------------------------ */

static enum part_kind kind_of(const struct resource *r) {
	enum part_kind kind = 0;

	while (kind < PART_OTHER && strcmp(r->type, kinds[kind]) != 0) {
		kind++;
	}
	return kind;
}

static void read_route(struct builder *b, struct api *api, struct part *part) {
	const char *key;

	part->route_key = check_property(part->resource, "RouteKey");
	part->key = is_string(part->route_key) ? part->route_key->text : NULL;
	api->all_keys_known = api->all_keys_known && part->key;
	key = part->key ? part->key : "";
	if (!map_has(api->routes, key)) {
		map_set(b->check->arena, api->routes, key,
			value_number(b->check->arena, (double)part->resource->number));
	}
	if (!api->resource && (strcmp(key, "$connect") == 0 || strcmp(key, "$disconnect") == 0)) {
		api->protocol = PROTOCOL_WEBSOCKET;
	}
}

static void add_part(struct builder *b, const struct resource *r) {
	const struct value *id = check_property(r, "ApiId");
	enum part_kind kind = kind_of(r);
	struct part *part;
	struct api *api;

	if (!id) {
		return;
	}
	api = find_api(b, id);
	part = arena_new(b->check->arena, struct part);
	*part = (struct part){ .next = api->parts[kind], .resource = r, .api = api };
	api->id = id;
	api->parts[kind] = part;
	api->counts[kind]++;
	b->part_of[r->number] = part;
	if (kind == PART_ROUTE) {
		read_route(b, api, part);
	}
}

/* Parts are put before those that are there: once turned round they are in the template's order. */
static void turn_round(struct api *api) {
	for (size_t kind = 0; kind < PART_KINDS; kind++) {
		const struct part *turned = NULL, *next;
		for (const struct part *p = api->parts[kind]; p; p = next) {
			next = p->next;
			((struct part *)p)->next = turned;
			turned = p;
		}
		api->parts[kind] = turned;
	}
}

static void build(struct builder *b, struct websocket *w) {
	const struct check *c = b->check;
	const struct value *outside = c->service ? c->service->websocket.external_id : NULL;

	add_resources(b);
	for (size_t i = 0; i < c->resource_count; i++) {
		if (text_starts(c->resources[i].type, kinds[PART_OTHER])) {
			add_part(b, &c->resources[i]);
		}
	}
	for (size_t i = b->count; i-- > 0;) {
		struct api *api = b->apis[i];
		turn_round(api);
		if (outside && !api->resource && value_equal(api->id, outside)) {
			api->protocol = PROTOCOL_WEBSOCKET;
		}
		api->next = w->apis;
		w->apis = api;
	}
}

const struct part *part_of(const struct websocket *w, const struct resource *r) {
	return r ? w->part_of[r->number] : NULL;
}

const struct part *part_find_route(const struct websocket *w, const struct api *api, const char *key) {
	const struct value *number = map_get(api->routes, key);

	return number ? part_of(w, &w->check->resources[(size_t)number->number]) : NULL;
}

/* --- what is looked up across APIs -------------------------------------------------------------------------------- */

/* References are in the order of their resources. */
static const size_t *index_references(const struct check *c) {
	size_t *first = arena_array(c->arena, size_t, c->resource_count + 1);

	for (size_t i = 0; i < c->reference_count && c->references[i].from; i++) {
		first[c->references[i].from->number + 1]++;
	}
	for (size_t i = 1; i <= c->resource_count; i++) {
		first[i] += first[i - 1];
	}
	return first;
}

/* Deployments are followed through what they await, which may be all there is, but not for each of very many. */
static struct scratch *make_scratch(const struct check *c) {
	enum { ROUNDS = 16 };
	struct scratch *s = arena_new(c->arena, struct scratch);

	s->seen_function = arena_array(c->arena, bool, c->resource_count);
	s->answered = arena_array(c->arena, size_t, c->resource_count);
	s->awaited = arena_array(c->arena, size_t, c->resource_count);
	s->waiting = arena_array(c->arena, size_t, c->resource_count);
	s->steps = ROUNDS * (c->resource_count + c->reference_count);
	return s;
}

static void read_permissions(struct websocket *w) {
	const struct check *c = w->check;
	bool *permitted = arena_array(c->arena, bool, c->resource_count);
	const struct resource *r = check_first(c, "AWS::Lambda::Permission");

	for (; r; r = r->next_of_type) {
		const struct resource *f = referred_function(c, check_property(r, "FunctionName"));
		const char *principal = known_text(c, check_property(r, "Principal"));
		if (principal && !strstr(principal, "apigateway") && !strchr(principal, '\1') && strcmp(principal, "*") != 0) {
			continue;
		}
		if (f) {
			permitted[f->number] = true;
		} else {
			w->any_permitted = true;
		}
	}
	w->permitted = permitted;
}

/* --- the checks ------------------------------------------------------------------------------------------------- */

static websocket_fn *const checks[] = {
	check_websocket_api, check_websocket_routes, check_websocket_authorizers, check_websocket_stages,
	check_websocket_deployments, check_websocket_integrations, check_websocket_words, check_websocket_domain,
	check_websocket_security, NULL,
};

check_fn check_websocket;

void check_websocket(const struct check *c) {
	struct websocket w = { .check = c };
	struct builder b = { .check = c, .by_id = value_map(c->arena),
		.part_of = arena_array(c->arena, const struct part *, c->resource_count) };

	build(&b, &w);
	w.part_of = b.part_of;
	w.references_of = w.apis ? index_references(c) : NULL;
	if (w.apis) {
		read_permissions(&w);
		w.scratch = make_scratch(c);
	}
	for (const struct api *api = w.apis; api; api = api->next) {
		for (size_t i = 0; checks[i] && api->protocol == PROTOCOL_WEBSOCKET; i++) {
			checks[i](&w, api);
		}
	}
	check_websocket_mixed_domains(&w);
}
