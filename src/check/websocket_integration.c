/*
 * Integrations: what answers a route, how long it may take, and whether it may be invoked.
 */
#include "websocket.h"

#include <string.h>

#include "base/text.h"

enum { LEAST_TIMEOUT = 50, MOST_TIMEOUT = 29000, MOST_SECONDS = 29, LONGEST = 900 };

static void check_timeout(const struct check *c, const struct resource *r) {
	const struct value *v = check_property(r, "TimeoutInMillis");
	double timeout;

	if (known_number(v, &timeout) && (timeout < LEAST_TIMEOUT || timeout > MOST_TIMEOUT)) {
		check_report(c, "W215", r, v, "TimeoutInMillis is %s, expected %d to %d", value_spell(c->arena, v), LEAST_TIMEOUT,
			MOST_TIMEOUT);
	}
}

static void check_uri(const struct check *c, const struct resource *r) {
	const struct value *type = check_property(r, "IntegrationType"), *uri = check_property(r, "IntegrationUri");
	const char *text = known_text(c, uri);

	if (!uri) {
		if ((is_text(type, "AWS_PROXY") || is_text(type, "AWS") || is_text(type, "HTTP") || is_text(type, "HTTP_PROXY")) &&
				!check_property(r, "IntegrationSubtype")) {
			check_report_at(c, "W234", r, r->mark, "integration '%s' of type %s has no IntegrationUri", r->id, type->text);
		}
		return;
	}
	/* An HTTP API takes the bare ARN. */
	const struct resource *function = referred_function(c, uri);
	if (!text || strchr(text, '/')) {
		return;
	}
	if (text_starts(text, "arn:") ? strstr(text, ":lambda:") != NULL : function && *text == '\1') {
		diag_help(check_report(c, "W235", r, uri, "IntegrationUri is the ARN of a function, expected its invocation path"),
			"write !Sub 'arn:${AWS::Partition}:apigateway:${AWS::Region}:lambda:path/2015-03-31/functions/"
			"${Function.Arn}/invocations'");
	}
}

static void check_connection(const struct check *c, const struct resource *r) {
	const struct value *type = check_property(r, "ConnectionType"), *id = check_property(r, "ConnectionId");

	if (is_text(type, "VPC_LINK") && !id) {
		check_report(c, "W242", r, type, "ConnectionType is VPC_LINK, but there is no ConnectionId");
	} else if (id && !type) {
		check_report(c, "W242", r, id, "ConnectionId has no effect without ConnectionType: VPC_LINK");
	}
}

static void check_method(const struct check *c, const struct resource *r) {
	const struct value *type = check_property(r, "IntegrationType"), *method = check_property(r, "IntegrationMethod");

	if (is_text(type, "AWS_PROXY") && is_string(method) && strcmp(method->text, "POST") != 0) {
		diag_help(check_report(c, "W243", r, method, "IntegrationMethod of a function is %s, expected POST", method->text),
			"write 'POST', or leave it out");
	}
}

/* --- functions ---------------------------------------------------------------------------------------------------- */

/* More than Lambda allows is told elsewhere. */
static void check_seconds(const struct check *c, const struct resource *integration, bool *seen) {
	const struct resource *f = referred_function(c, check_property(integration, "IntegrationUri"));
	const struct value *timeout = check_property(f, "Timeout");
	double seconds;

	if (!f || seen[f->number] || !known_number(timeout, &seconds) || seconds <= MOST_SECONDS ||
			seconds > LONGEST) {
		return;
	}
	seen[f->number] = true;
	diag_help(check_report(c, "W216", f, timeout,
		"a function behind a route may take %s seconds, but the route is given up after %d",
		value_spell(c->arena, timeout), MOST_SECONDS),
		"set the timeout to at most %d, or answer at once and do the work in another function", MOST_SECONDS);
}

/* What slsws makes has its permission; and where one of those is lost, it is told already. */
static void check_permission(const struct websocket *w, const struct resource *r, const char *uri,
		const char *credentials, const char *what) {
	const struct check *c = w->check;
	const struct value *v = check_property(r, uri);
	const struct resource *f = referred_function(c, v);

	if (!f || !r->mark.source || w->any_permitted || w->permitted[f->number] || check_property(r, credentials) ||
			c->transformed) {
		return;
	}
	diag_help(check_report(c, "W241", r, v, "%s invokes the function '%s', which no AWS::Lambda::Permission lets "
		"apigateway.amazonaws.com do", what, f->id),
		"add an AWS::Lambda::Permission with the Principal apigateway.amazonaws.com");
}

void check_websocket_integrations(const struct websocket *w, const struct api *api) {
	const struct check *c = w->check;
	bool *seen = w->scratch->seen_function;

	for (const struct part *p = api->parts[PART_INTEGRATION]; p; p = p->next) {
		check_timeout(c, p->resource);
		check_uri(c, p->resource);
		check_connection(c, p->resource);
		check_method(c, p->resource);
		check_seconds(c, p->resource, seen);
		check_permission(w, p->resource, "IntegrationUri", "CredentialsArn", "integration");
	}
	for (const struct part *p = api->parts[PART_AUTHORIZER]; p; p = p->next) {
		check_permission(w, p->resource, "AuthorizerUri", "AuthorizerCredentialsArn", "authorizer");
	}
}
