/*
 * What no specification of resource types says of API Gateway's: which words a property takes, how long a text may be, and
 * what is there for HTTP APIs only. From the service's API model (CreateApi, CreateRoute ...: botocore, apigatewayv2).
 */
#include "websocket.h"

#include <string.h>
#include <strings.h>

#include "base/text.h"

enum { MOST_WORDS = 6 };

struct words {
	const char *type;		/* behind AWS::ApiGatewayV2:: */
	const char *inside;		/* the property that holds it, NULL: none */
	const char *property;
	const char *words[MOST_WORDS];
};

static const struct words word_rows[] = {
	{ "Api", NULL, "ProtocolType", { "WEBSOCKET", "HTTP" } },
	{ "Authorizer", NULL, "AuthorizerType", { "REQUEST", "JWT" } },
	{ "Integration", NULL, "ConnectionType", { "INTERNET", "VPC_LINK" } },
	{ "Integration", NULL, "ContentHandlingStrategy", { "CONVERT_TO_BINARY", "CONVERT_TO_TEXT" } },
	{ "Integration", NULL, "IntegrationType", { "AWS_PROXY", "AWS", "HTTP", "HTTP_PROXY", "MOCK" } },
	{ "Integration", NULL, "PassthroughBehavior", { "WHEN_NO_MATCH", "WHEN_NO_TEMPLATES", "NEVER" } },
	{ "Route", NULL, "AuthorizationType", { "NONE", "AWS_IAM", "CUSTOM", "JWT" } },
	{ "Stage", "DefaultRouteSettings", "LoggingLevel", { "ERROR", "INFO", "OFF" } },
};

struct foreign {
	const char *type, *property;
};

static const struct foreign foreign_rows[] = {
	{ "Api", "Basepath" }, { "Api", "Body" }, { "Api", "BodyS3Location" }, { "Api", "CorsConfiguration" },
	{ "Api", "CredentialsArn" }, { "Api", "FailOnWarnings" }, { "Api", "RouteKey" }, { "Api", "Target" },
	{ "Authorizer", "AuthorizerPayloadFormatVersion" }, { "Authorizer", "AuthorizerResultTtlInSeconds" },
	{ "Authorizer", "EnableSimpleResponses" },
	{ "Integration", "IntegrationSubtype" }, { "Integration", "ResponseParameters" }, { "Integration", "TlsConfig" },
	{ "Route", "AuthorizationScopes" },
};

struct length {
	const char *type, *property;
	unsigned least, most;
};

static const struct length length_rows[] = {
	{ "Api", "Description", 0, 1024 }, { "Api", "Name", 1, 128 }, { "Api", "Version", 1, 64 },
	{ "Authorizer", "AuthorizerUri", 1, 2048 }, { "Authorizer", "Name", 1, 128 },
	{ "Deployment", "Description", 0, 1024 },
	{ "Integration", "Description", 0, 1024 }, { "Integration", "IntegrationUri", 1, 2048 },
	{ "Route", "OperationName", 1, 64 }, { "Route", "Target", 1, 128 },
	{ "Stage", "Description", 0, 1024 },
};

#define COUNT(rows) (sizeof(rows) / sizeof(*(rows)))

static bool is_type(const struct resource *r, const char *type) {
	return strcmp(r->type + strlen("AWS::ApiGatewayV2::"), type) == 0;
}

/* --- words ------------------------------------------------------------------------------------------------------ */

static const char *list_words(struct arena *a, const struct words *row) {
	const char *all = row->words[0];

	for (size_t i = 1; i < MOST_WORDS && row->words[i]; i++) {
		all = arena_printf(a, "%s%s%s", all, i + 1 < MOST_WORDS && row->words[i + 1] ? ", " : " or ", row->words[i]);
	}
	return all;
}

static void check_word(const struct check *c, const struct resource *r, const struct words *row, const struct value *v) {
	size_t count = 0;

	if (!is_string(v)) {
		return;
	}
	for (; count < MOST_WORDS && row->words[count]; count++) {
		if (strcmp(v->text, row->words[count]) == 0) {
			return;
		}
	}
	struct diagnostic *d = check_report(c, "W207", r, v, "%s '%s' is not known, expected %s", row->property, v->text,
		list_words(c->arena, row));
	for (size_t i = 0; i < count; i++) {
		if (strcasecmp(v->text, row->words[i]) == 0) {
			diag_help(d, "write '%s'", row->words[i]);
			return;
		}
	}
	const char *closest = text_closest(v->text, row->words, count);
	if (closest) {
		diag_help(d, "did you mean '%s'?", closest);
	}
}

static void check_words(const struct check *c, const struct resource *r) {
	for (size_t i = 0; i < COUNT(word_rows); i++) {
		const struct words *row = &word_rows[i];
		if (is_type(r, row->type)) {
			check_word(c, r, row, row->inside ? map_get(check_property(r, row->inside), row->property) :
				check_property(r, row->property));
		}
	}
}

/* The levels of single routes. */
static void check_levels(const struct check *c, const struct resource *stage) {
	const struct value *settings = check_property(stage, "RouteSettings");
	const struct words *row = &word_rows[COUNT(word_rows) - 1];

	for (const struct entry *e = map_first(settings); e; e = map_next(settings, e)) {
		check_word(c, stage, row, map_get(e->value, "LoggingLevel"));
	}
}

/* --- what is for HTTP APIs, and lengths ------------------------------------------------------------------------------ */

static void check_foreign(const struct check *c, const struct resource *r) {
	for (size_t i = 0; i < COUNT(foreign_rows); i++) {
		const struct foreign *row = &foreign_rows[i];
		const struct entry *e = is_type(r, row->type) ? map_find(r->properties, row->property) : NULL;
		if (e && check_property(r, row->property)) {
			struct diagnostic *d = check_report_key(c, "W208", r, e, "%s is for HTTP APIs, a WebSocket API has none",
				row->property);
			diag_help(d, "remove it");
		}
	}
}

static size_t characters(const struct value *text) {
	size_t count = 0;
	uint32_t code;

	for (size_t at = 0; at < text->length; count++) {
		size_t size = utf8_decode(text->text + at, text->length - at, &code);
		at += size ? size : 1;
	}
	return count;
}

static void check_lengths(const struct check *c, const struct resource *r) {
	for (size_t i = 0; i < COUNT(length_rows); i++) {
		const struct length *row = &length_rows[i];
		const struct value *v = is_type(r, row->type) ? check_property(r, row->property) : NULL;
		if (!is_string(v)) {
			continue;
		}
		size_t length = characters(v);
		if (length > row->most) {
			check_report(c, "W209", r, v, "%s has %zu characters, at most %u are allowed", row->property, length, row->most);
		} else if (length < row->least && !is_text(check_property(r, "IntegrationType"), "MOCK")) {
			check_report(c, "W209", r, v, "%s is empty", row->property);
		}
	}
}

static void check_resource_words(const struct check *c, const struct resource *r) {
	if (r) {
		check_words(c, r);
		check_foreign(c, r);
		check_lengths(c, r);
	}
}

void check_websocket_words(const struct websocket *w, const struct api *api) {
	check_resource_words(w->check, api->resource);
	for (size_t kind = 0; kind < PART_KINDS; kind++) {
		for (const struct part *p = api->parts[kind]; p; p = p->next) {
			check_resource_words(w->check, p->resource);
		}
	}
	for (const struct part *p = api->parts[PART_STAGE]; p; p = p->next) {
		check_levels(w->check, p->resource);
	}
}
