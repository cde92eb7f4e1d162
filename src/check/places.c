#include "places.h"

#include "base/names.h"
#include "base/text.h"
#include "service_parts.h"

struct places {
	struct arena *arena;
	struct value *marks;	/* from logical id to a value that has the mark */
	struct mark provider;
};

static void put(struct places *p, const char *id, struct mark mark) {
	if (id && !map_has(p->marks, id)) {
		struct value *place = value_null(p->arena);
		place->mark = mark;
		map_set(p->arena, p->marks, id, place);
	}
}

/* Where a key is set, else where what it would be set for stands. */
static struct mark mark_or(const struct value *map, const char *key, struct mark otherwise) {
	const struct entry *e = map_find(map, key);

	return e && e->mark.source ? e->mark : otherwise;
}

static void put_function(struct places *p, const struct function *f) {
	struct arena *a = p->arena;

	put(p, f->id, f->mark);
	put(p, f->log_group, mark_or(f->config, "logRetentionInDays", f->mark));
	put(p, f->alias_id, f->mark);
	put(p, name_function_url(a, f->key), mark_or(f->config, "url", f->mark));
	put(p, name_url_permission(a, f->key), mark_or(f->config, "url", f->mark));
	put(p, name_invoke_permission(a, f->key), f->mark);
	put(p, name_event_invoke_config(a, f->key), f->mark);
	put(p, name_integration(a, f->key), f->mark);
	put(p, name_websockets_permission(a, f->key), f->mark);
	put(p, name_version_output(a, f->key), f->mark);
	put(p, name_version(a, f->key, ""), f->mark);
}

static void put_layer(struct places *p, const struct layer *layer) {
	put(p, layer->id, layer->mark);
	put(p, name_layer_output(p->arena, layer->key), layer->mark);
	put(p, name_layer_hash_output(p->arena, layer->key), layer->mark);
	put(p, name_layer_s3_key_output(p->arena, layer->key), layer->mark);
}

static void put_route(struct places *p, const struct route *r) {
	put(p, r->id, r->mark);
	put(p, name_route_response(p->arena, r->key), r->mark);
	if (r->authorizer) {
		put(p, name_authorizer(p->arena, r->authorizer->name), r->authorizer->mark);
		put(p, name_websockets_permission(p->arena, r->authorizer->name), r->authorizer->mark);
	}
}

/* A setting that is not there belongs to the provider as a whole. */
static struct mark of_provider(const struct places *p, const struct value *provider, const char *key) {
	return map_has(provider, key) ? mark_of(provider, key) : p->provider;
}

static void put_provider(struct places *p, const struct value *provider) {
	const struct value *logs = map_get(map_get(provider, "logs"), "websocket");

	put(p, ID_ROLE, of_provider(p, provider, map_has(provider, "iam") ? "iam" : "iamRoleStatements"));
	put(p, ID_DEPLOYMENT_BUCKET, of_provider(p, provider, "deploymentBucket"));
	put(p, ID_WEBSOCKETS_API, of_provider(p, provider, "websocketsApiName"));
	put(p, ID_WEBSOCKETS_STAGE, logs ? logs->mark : of_provider(p, provider, "stage"));
	put(p, ID_WEBSOCKETS_LOG_GROUP, logs ? logs->mark : p->provider);
	put(p, ID_ACCOUNT_ROLE, logs ? logs->mark : p->provider);
}

const struct places *places_create(struct arena *a, const struct service *service) {
	struct places *p = arena_new(a, struct places);

	p->arena = a;
	p->marks = value_map(a);
	if (!service) {
		return p;
	}
	p->provider = mark_of(service->config, "provider");
	put_provider(p, service->provider);
	for (const struct function *f = service->functions; f; f = f->next) {
		put_function(p, f);
	}
	for (const struct layer *layer = service->layers; layer; layer = layer->next) {
		put_layer(p, layer);
	}
	for (const struct route *r = service->routes; r; r = r->next) {
		put_route(p, r);
	}
	return p;
}

/* What ends in a hash: the id of a version, without it. */
static const struct value *find_hashed(const struct places *p, const char *id) {
	static const char version[] = "LambdaVersion";
	const char *at = strstr(id, version);

	return at ? map_get_text(p->marks, id, (size_t)(at - id) + sizeof(version) - 1) : NULL;
}

struct mark places_find(const struct places *p, const char *id) {
	const struct value *place = map_get(p->marks, id);

	place = place ? place : find_hashed(p, id);
	return place && place->mark.source ? place->mark : p->provider;
}
