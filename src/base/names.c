#include "names.h"

#include <string.h>

/* Characters that are spelt out, and what as. */
struct spelling {
	const char *characters;
	const char *words[128];
};

static const struct spelling in_names = { "-_", { ['-'] = "Dash", ['_'] = "Underscore" } };
static const struct spelling in_routes = { "$/-_.", {
	['$'] = "S", ['/'] = "Slash", ['-'] = "Dash", ['_'] = "Underscore", ['.'] = "Period",
} };

static inline const char *spell(const struct spelling *spelling, char c) {
	return (unsigned char)c < 128 ? spelling->words[(unsigned char)c] : NULL;
}

static char *replace_some(struct arena *a, const char *text, const struct spelling *spelling, const char *suffix) {
	size_t length = strlen(suffix);

	for (const char *c = text; *c; c++) {
		const char *word = spell(spelling, *c);
		length += word ? strlen(word) : 1;
	}
	char *all = arena_alloc(a, length + 1), *out = all;
	for (const char *c = text; *c; c++) {
		const char *word = spell(spelling, *c);
		if (word) {
			out = stpcpy(out, word);
		} else {
			*out++ = *c;
		}
	}
	stpcpy(out, suffix);
	return all;
}

static inline char *replace(struct arena *a, const char *text, const struct spelling *spelling, const char *suffix) {
	size_t length = strcspn(text, spelling->characters), rest = strlen(suffix);

	if (text[length]) {
		return replace_some(a, text, spelling, suffix);
	}
	char *out = arena_alloc(a, length + rest + 1);
	memcpy(out, text, length);
	memcpy(out + length, suffix, rest);
	return out;
}

static inline const char *named(struct arena *a, const char *name, const char *suffix) {
	char *out = replace(a, name, &in_names, suffix);

	out[0] = (char)(out[0] >= 'a' && out[0] <= 'z' ? out[0] - 'a' + 'A' : out[0]);
	return out;
}

/* What is no ASCII letter or digit goes. */
static char *alphanumeric(struct arena *a, const char *text) {
	char *out = arena_alloc(a, strlen(text) + 1), *end = out;

	for (const char *c = text; *c; c++) {
		if ((*c >= '0' && *c <= '9') || (*c >= 'A' && *c <= 'Z') || (*c >= 'a' && *c <= 'z')) {
			*end++ = *c;
		}
	}
	return out;
}

const char *name_normalized(struct arena *a, const char *name) {
	return named(a, name, "");
}

/* The same, and the first letter becomes a capital. */
static const char *capitalized(struct arena *a, const char *text) {
	char *out = alphanumeric(a, text);

	out[0] = (char)(out[0] >= 'a' && out[0] <= 'z' ? out[0] - 'a' + 'A' : out[0]);
	return out;
}

#define SUFFIXED(function, parameter, suffix) \
	const char *function(struct arena *a, const char *parameter) { \
		return named(a, parameter, suffix); \
	}

SUFFIXED(name_log_group, function, "LogGroup")
SUFFIXED(name_lambda, function, "LambdaFunction")
SUFFIXED(name_function_url, function, "LambdaFunctionUrl")
SUFFIXED(name_event_invoke_config, function, "LambdaEvConf")
SUFFIXED(name_version_output, function, "LambdaFunctionQualifiedArn")
SUFFIXED(name_provisioned_alias, function, "ProvConcLambdaAlias")
SUFFIXED(name_snap_start_alias, function, "SnapStartLambdaAlias")
SUFFIXED(name_durable_alias, function, "DurableLambdaAlias")
SUFFIXED(name_url_permission, function, "LambdaPermissionFnUrl")
SUFFIXED(name_invoke_permission, function, "LambdaPermissionFn")
SUFFIXED(name_layer, layer, "LambdaLayer")
SUFFIXED(name_layer_output, layer, "LambdaLayerQualifiedArn")
SUFFIXED(name_layer_hash_output, layer, "LambdaLayerHash")
SUFFIXED(name_layer_s3_key_output, layer, "LambdaLayerS3Key")
SUFFIXED(name_integration, function, "WebsocketsIntegration")
SUFFIXED(name_websockets_permission, function, "LambdaPermissionWebsockets")
SUFFIXED(name_authorizer, authorizer, "WebsocketsAuthorizer")
SUFFIXED(name_http_permission, function, "LambdaPermissionHttpApi")
SUFFIXED(name_http_authorizer_permission, authorizer, "LambdaAuthorizerPermissionHttpApi")

const char *name_version(struct arena *a, const char *function, const char *hash) {
	return arena_printf(a, "%sLambdaVersion%s", name_normalized(a, function), alphanumeric(a, hash));
}

/* Only the first '*' of an account is spelt out, as JavaScript's replace() with a text does. */
const char *name_layer_permission(struct arena *a, const char *layer, const char *account) {
	const char *star = strchr(account, '*');
	const char *name = name_normalized(a, layer);

	if (!star) {
		return arena_printf(a, "%s%sLambdaLayerPermission", name, account);
	}
	return arena_printf(a, "%s%.*sWild%sLambdaLayerPermission", name, (int)(star - account), account, star + 1);
}

const char *name_route(struct arena *a, const char *route_key) {
	return replace(a, route_key, &in_routes, "WebsocketsRoute");
}

const char *name_route_response(struct arena *a, const char *route_key) {
	return replace(a, route_key, &in_routes, "WebsocketsRouteResponse");
}

const char *name_deployment(struct arena *a, const char *hash) {
	return arena_printf(a, "WebsocketsDeployment%s", alphanumeric(a, hash));
}

const char *name_schedule(struct arena *a, const char *function, unsigned number) {
	return arena_printf(a, "%sEventsRuleSchedule%u", name_normalized(a, function), number);
}

const char *name_schedule_permission(struct arena *a, const char *function, unsigned number) {
	return arena_printf(a, "%sLambdaPermissionEventsRuleSchedule%u", name_normalized(a, function), number);
}

const char *name_scheduler_schedule(struct arena *a, const char *function, unsigned number) {
	return arena_printf(a, "%sSchedulerSchedule%u", name_normalized(a, function), number);
}

const char *name_queue_mapping(struct arena *a, const char *function, const char *queue) {
	return arena_printf(a, "%sEventSourceMappingSQS%s", name_normalized(a, function), capitalized(a, queue));
}

const char *name_event(struct arena *a, const char *function, const char *kind, unsigned number) {
	return arena_printf(a, number ? "%s%s%u" : "%s%s", name_normalized(a, function), kind, number);
}

const char *name_event_permission(struct arena *a, const char *function, const char *kind, unsigned number) {
	return name_event(a, function, arena_printf(a, "LambdaPermission%s", kind), number);
}

/* Of the type only the first letter changes. */
const char *name_stream_mapping(struct arena *a, const char *function, const char *type, const char *stream) {
	char *kind = arena_printf(a, "%s", type);

	kind[0] = (char)(kind[0] >= 'a' && kind[0] <= 'z' ? kind[0] - 'a' + 'A' : kind[0]);
	return arena_printf(a, "%sEventSourceMapping%s%s", name_normalized(a, function), kind, capitalized(a, stream));
}

const char *name_stream_consumer(struct arena *a, const char *consumer) {
	return named(a, consumer, "StreamConsumer");
}

/* Names of topics and queues are cut, for an id to stay under 255 characters. */
const char *name_kafka_mapping(struct arena *a, const char *function, const char *topic) {
	return arena_printf(a, "%sEventSourceMappingKafka%.158s", name_normalized(a, function), capitalized(a, topic));
}

const char *name_activemq_mapping(struct arena *a, const char *function, const char *queue) {
	return arena_printf(a, "%sEventSourceMappingActiveMQ%.150s", name_normalized(a, function), capitalized(a, queue));
}

const char *name_rabbitmq_mapping(struct arena *a, const char *function, const char *queue) {
	return arena_printf(a, "%sEventSourceMappingRabbitMQ%.150s", name_normalized(a, function), capitalized(a, queue));
}

const char *name_msk_mapping(struct arena *a, const char *function, const char *cluster, const char *topic) {
	return arena_printf(a, "%sEventSourceMappingMSK%.79s%.79s", name_normalized(a, function), capitalized(a, cluster),
		capitalized(a, topic));
}

const char *name_http_integration(struct arena *a, const char *function) {
	return arena_printf(a, "HttpApiIntegration%s", name_normalized(a, function));
}

const char *name_http_authorizer(struct arena *a, const char *authorizer) {
	return arena_printf(a, "HttpApiAuthorizer%s", name_normalized(a, authorizer));
}

/* Beside the letters and digits of ASCII what JavaScript's toLowerCase() makes one of: K (Kelvin) and a dotted I. */
static char lower_letter(const char *c) {
	if ((*c >= 'A' && *c <= 'Z') || (*c >= 'a' && *c <= 'z')) {
		return (char)(*c | 0x20);
	}
	return *c >= '0' && *c <= '9' ? *c : strncmp(c, "\xE2\x84\xAA", 3) == 0 ? 'k' :
		strncmp(c, "\xC4\xB0", 2) == 0 ? 'i' : '\0';
}

/* A part in lower case, then with a capital: '-' is spelt out, what is between the first '{' and the last '}' gets "Var". */
static char *put_path_part(char *out, const char *part, size_t length) {
	const char *open = memchr(part, '{', length), *close = part + length, *end = close;
	char *start = out;

	while (open && close > open && *close != '}') {
		close--;
	}
	for (const char *c = part; c < end; c++) {
		char letter = lower_letter(c);
		if (letter) {
			*out++ = letter;
		} else if (*c == '-' || (open && c == close && close > open)) {
			out = stpcpy(out, *c == '-' ? "Dash" : "Var");
		}
	}
	if (out > start && *start >= 'a' && *start <= 'z') {
		*start = (char)(*start - 'a' + 'A');
	}
	return out;
}

const char *name_http_route(struct arena *a, const char *route_key) {
	static const char prefix[] = "HttpApiRoute";

	if (strcmp(route_key, "*") == 0) {
		return "HttpApiRouteDefault";
	}
	char *name = arena_alloc(a, sizeof(prefix) + 4 * strlen(route_key) + 1), *out = stpcpy(name, prefix);
	for (const char *part = route_key; *part; part += *part == '/') {
		size_t length = strcspn(part, "/");
		out = put_path_part(out, part, length);
		part += length;
	}
	*out = '\0';
	return name;
}
