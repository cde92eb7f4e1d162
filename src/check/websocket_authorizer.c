/*
 * Authorizers of a WebSocket API are Lambda functions, asked when a client connects.
 */
#include "websocket.h"

#include <string.h>

#include "base/text.h"

/* --- identity sources --------------------------------------------------------------------------------------------- */

/* Where an identity may come from, and how others write it: for REST and HTTP APIs. */
struct source_form {
	const char *prefix, *meant;	/* meant NULL: it is right */
};

static const struct source_form forms[] = {
	{ "route.request.header.", NULL },
	{ "route.request.querystring.", NULL },
	{ "stageVariables.", NULL },
	{ "context.", NULL },
	{ "method.request.header.", "route.request.header." },
	{ "method.request.querystring.", "route.request.querystring." },
	{ "$request.header.", "route.request.header." },
	{ "$request.querystring.", "route.request.querystring." },
	{ "request.header.", "route.request.header." },
	{ "request.querystring.", "route.request.querystring." },
	{ "integration.request.header.", "route.request.header." },
	{ "integration.request.querystring.", "route.request.querystring." },
	{ "route.request.headers.", "route.request.header." },
	{ "route.request.queryString.", "route.request.querystring." },
	{ "route.request.querystrings.", "route.request.querystring." },
	{ "$stageVariables.", "stageVariables." },
	{ "$context.", "context." },
};

static const struct source_form *form_of(const char *source) {
	for (size_t i = 0; i < sizeof(forms) / sizeof(*forms); i++) {
		if (text_starts(source, forms[i].prefix)) {
			return &forms[i];
		}
	}
	return NULL;
}

/* What HTTP allows in the name of a header, and URLs in that of a parameter. */
static bool is_name(const char *name) {
	return *name && !name[strcspn(name, " \t\r\n,;:\"'()<>@\\{}=?/")];
}

static void check_source(const struct check *c, const struct resource *r, const struct value *v) {
	const struct source_form *form = is_string(v) ? form_of(v->text) : NULL;

	if (!is_string(v)) {
		return;
	}
	const char *name = form ? v->text + strlen(form->prefix) : "";
	if (form && !form->meant && is_name(name)) {
		return;
	}
	struct diagnostic *d = check_report(c, "W221", r, v, "identity source '%s' is none of a WebSocket API", v->text);
	if (strchr(v->text, ',')) {
		diag_help(d, "write several sources as a list");
	} else if (form && form->meant && is_name(name)) {
		diag_help(d, "did you mean '%s%s'?", form->meant, name);
	} else {
		diag_help(d, "expected route.request.header.NAME, route.request.querystring.NAME, stageVariables.NAME or "
			"context.NAME");
	}
}

static void check_sources(const struct check *c, const struct resource *r) {
	const struct value *sources = check_property(r, "IdentitySource");

	check_source(c, r, sources);
	for (size_t i = 0; i < list_length(sources); i++) {
		check_source(c, r, sources->items[i]);
	}
}

/* --- what is invoked ---------------------------------------------------------------------------------------------- */

/* A REQUEST authorizer's URI is the invocation path of a function. What is unknown in it may be all or any part of that. */
static bool is_invocation(const char *text) {
	return !*text || strchr(text, '\1') == text || strstr(text, ":lambda:path/") != NULL;
}

/* An ARN in the path that is of another service. */
static const char *foreign_service(struct arena *a, const char *text) {
	const char *functions = strstr(text, "/functions/"), *arn = functions ? functions + strlen("/functions/") : "";
	const char *partition = text_starts(arn, "arn:") ? arn + strlen("arn:") : NULL;
	const char *service = partition ? strchr(partition, ':') : NULL, *end = service ? strchr(service + 1, ':') : NULL;

	if (!end || strncmp(service, ":lambda:", strlen(":lambda:")) == 0 || memchr(service, '\1', (size_t)(end - service))) {
		return NULL;
	}
	return arena_copy(a, service + 1, (size_t)(end - service - 1));
}

static void check_uri(const struct check *c, const struct resource *r) {
	const struct value *uri = check_property(r, "AuthorizerUri");
	const char *text = known_text(c, uri);
	const struct resource *target = referred(c, uri);
	const char *service;

	if (!uri) {
		check_report_at(c, "W223", r, r->mark, "authorizer '%s' has no AuthorizerUri, expected a Lambda function", r->id);
		return;
	}
	service = text ? foreign_service(c->arena, text) : NULL;
	if (service) {
		check_report(c, "W223", r, uri, "authorizer '%s' is of the service '%s', expected a Lambda function", r->id, service);
	} else if (text && !is_invocation(text)) {
		diag_help(check_report(c, "W223", r, uri, "AuthorizerUri is no invocation path of a Lambda function"),
			"write !Sub 'arn:${AWS::Partition}:apigateway:${AWS::Region}:lambda:path/2015-03-31/functions/"
			"${Function.Arn}/invocations'");
	} else if (target && text_starts(target->type, "AWS::") && !text_starts(target->type, "AWS::Lambda::") &&
			!text_starts(target->type, "AWS::Serverless::") && !text_starts(target->type, "AWS::CloudFormation::")) {
		check_report(c, "W223", r, uri, "authorizer '%s' is the resource '%s' of type %s, expected a Lambda function", r->id,
			target->id, target->type);
	}
}

static void check_authorizer(const struct check *c, const struct resource *r) {
	const struct value *type = check_property(r, "AuthorizerType"), *jwt = check_property(r, "JwtConfiguration");

	if (is_text(type, "JWT") || jwt) {
		diag_help(check_report(c, "W206", r, is_text(type, "JWT") ? type : jwt,
			"authorizer '%s' is a JWT authorizer, which only HTTP APIs can have", r->id),
			"check the token in a Lambda function: AuthorizerType REQUEST");
		return;
	}
	check_sources(c, r);
	check_uri(c, r);
}

void check_websocket_authorizers(const struct websocket *w, const struct api *api) {
	for (const struct part *p = api->parts[PART_AUTHORIZER]; p; p = p->next) {
		check_authorizer(w->check, p->resource);
	}
}
