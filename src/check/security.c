/*
 * Weak points of a template, with what finds them elsewhere: AWS Security Hub, checkov, cfn_nag (see rules/). Never an error,
 * and of what slsws makes for each function alike one finding for all.
 */
#include <ctype.h>
#include <string.h>

#include "base/names.h"
#include "base/text.h"
#include "check/websocket.h"
#include "service_parts.h"

/* What is found of several resources that slsws made for the same reason. */
struct tally {
	const struct resource *first;
	size_t count;
};

/* Whether a resource is one that slsws made; those are counted, the others are told one by one. */
static bool is_counted(struct tally *tally, const struct resource *r) {
	if (r->mark.source) {
		return false;
	}
	tally->first = tally->first ? tally->first : r;
	tally->count++;
	return true;
}

static struct mark provider_mark(const struct check *c) {
	return c->service ? mark_of(c->service->config, "provider") : (struct mark){ 0 };
}

/* --- permissions -------------------------------------------------------------------------------------------------- */

static bool is_for(const struct check *c, const struct resource *permission, const char *principal) {
	const char *text = known_text(c, check_property(permission, "Principal"));

	return text && text_starts(text, principal);
}

static void check_source(const struct check *c, const struct resource *r, struct tally *open) {
	static const char help[] = "add a SourceArn with the API's ARN";

	if (!is_for(c, r, "apigateway.amazonaws.com") || check_property(r, "SourceArn") || check_property(r, "SourceAccount") ||
			check_property(r, "PrincipalOrgID")) {
		return;
	}
	if (!is_counted(open, r)) {
		diag_help(check_report_at(c, "S102", r, r->mark, "permission '%s' has no SourceArn: any API may invoke the function",
			r->id), "%s", help);
	}
}

static void check_principal(const struct check *c, const struct resource *r) {
	const struct value *principal = check_property(r, "Principal");

	if (is_text(principal, "*") && !check_property(r, "FunctionUrlAuthType") && !check_property(r, "SourceArn") &&
			!check_property(r, "SourceAccount") && !check_property(r, "PrincipalOrgID") &&
			!is_on(check_property(r, "InvokedViaFunctionUrl"))) {
		check_report(c, "S116", r, principal, "permission '%s' lets anybody invoke the function", r->id);
	}
}

static void check_permissions(const struct check *c) {
	struct tally open = { 0 };

	for (const struct resource *r = check_first(c, "AWS::Lambda::Permission"); r; r = r->next_of_type) {
		check_source(c, r, &open);
		check_principal(c, r);
	}
	if (open.count) {
		diag_help(check_report_at(c, "S102", NULL, provider_mark(c),
			"any API that knows their ARN may invoke functions of this service: %zu permission%s no SourceArn",
			open.count, open.count == 1 ? " has" : "s have"), "slsws package --harden=source-arn adds it");
	}
}

/* --- policies ----------------------------------------------------------------------------------------------------- */

typedef bool holds_fn(const char *text);

/* Whether a text, or one of a list, is such. */
static const struct value *find_text(const struct check *c, const struct value *v, holds_fn *holds) {
	const char *text = is_list(v) ? NULL : known_text(c, v);

	if (text && holds(text)) {
		return v;
	}
	for (size_t i = 0; i < list_length(v); i++) {
		text = known_text(c, v->items[i]);
		if (text && holds(text)) {
			return v->items[i];
		}
	}
	return NULL;
}

static bool is_star(const char *text) {
	return strcmp(text, "*") == 0;
}

static bool manages_connections(const char *text) {
	return strcmp(text, "execute-api:ManageConnections") == 0 || strcmp(text, "execute-api:*") == 0;
}

/* The ARN of connections of every API: its sixth part begins with the API's id. */
static bool is_of_all_apis(const char *text) {
	for (int colons = 0; colons < 5; colons++) {
		text = strchr(text, ':');
		if (!text) {
			return false;
		}
		text++;
	}
	return *text == '*';
}

static bool is_wide(const char *text) {
	return is_star(text) || is_of_all_apis(text);
}

static void check_statement(const struct check *c, const struct resource *r, const struct value *s) {
	const struct value *action = map_get(s, "Action"), *resource = map_get(s, "Resource");
	const struct value *wide = is_text(map_get(s, "Effect"), "Allow") ? find_text(c, resource, is_wide) : NULL;

	if (!wide) {
		return;
	}
	const struct value *all = find_text(c, action, is_star);
	if (all && find_text(c, resource, is_star)) {
		check_report(c, "S112", r, all, "statement allows everything on everything");
	} else if (find_text(c, action, manages_connections)) {
		bool own = !wide->mark.source;
		diag_help(check_report(c, "S103", r, wide, "%s may post to and close the connections of all WebSocket APIs of the "
			"account", own ? "functions" : "the role"), own ? "slsws package --harden=manage-connections narrows it to this API" :
			"name the API: arn:aws:execute-api:REGION:ACCOUNT:${Api}/STAGE/*/@connections/*");
	}
}

static void check_document(const struct check *c, const struct resource *r, const struct value *document) {
	const struct value *statements = map_get(document, "Statement");

	if (is_map(statements)) {
		check_statement(c, r, statements);
	}
	for (size_t i = 0; i < list_length(statements); i++) {
		check_statement(c, r, statements->items[i]);
	}
}

static void check_policies(const struct check *c) {
	static const char *const documents[] = { "AWS::IAM::Policy", "AWS::IAM::ManagedPolicy", "AWS::IAM::RolePolicy",
		"AWS::IAM::UserPolicy", "AWS::IAM::GroupPolicy" };
	static const char *const holders[] = { "AWS::IAM::Role", "AWS::IAM::User", "AWS::IAM::Group" };

	for (size_t i = 0; i < sizeof(documents) / sizeof(*documents); i++) {
		for (const struct resource *r = check_first(c, documents[i]); r; r = r->next_of_type) {
			check_document(c, r, check_property(r, "PolicyDocument"));
		}
	}
	for (size_t i = 0; i < sizeof(holders) / sizeof(*holders); i++) {
		for (const struct resource *r = check_first(c, holders[i]); r; r = r->next_of_type) {
			const struct value *policies = check_property(r, "Policies");
			for (size_t j = 0; j < list_length(policies); j++) {
				check_document(c, r, map_get(policies->items[j], "PolicyDocument"));
			}
		}
	}
}

/* --- logs --------------------------------------------------------------------------------------------------------- */

static void check_log_groups(const struct check *c) {
	struct tally endless = { 0 }, plain = { 0 };

	for (const struct resource *r = check_first(c, "AWS::Logs::LogGroup"); r; r = r->next_of_type) {
		if (!check_property(r, "RetentionInDays") && !is_counted(&endless, r)) {
			diag_help(check_report_at(c, "S108", r, r->mark, "log group '%s' keeps its logs for ever", r->id),
				"add RetentionInDays");
		}
		if (!check_property(r, "KmsKeyId") && !is_counted(&plain, r)) {
			check_report_at(c, "S109", r, r->mark, "log group '%s' has no key of its own", r->id);
		}
	}
	if (endless.count) {
		diag_help(check_report_at(c, "S108", NULL, provider_mark(c), "%zu log group%s logs for ever", endless.count,
			endless.count == 1 ? " keeps its" : "s keep their"), "set 'provider.logRetentionInDays'");
	}
	if (plain.count) {
		check_report_at(c, "S109", NULL, provider_mark(c), "%zu log group%s no key of %s own", plain.count,
			plain.count == 1 ? " has" : "s have", plain.count == 1 ? "its" : "their");
	}
}

static void check_account_role(const struct check *c) {
	const struct resource *r = check_first(c, "Custom::ApiGatewayAccountRole");

	if (r && !r->mark.source) {
		diag_help(check_report_at(c, "S113", r, r->mark,
			"a function is deployed that may create roles, to set the account's role for logs"),
			"set that role once by hand, and 'provider.logs.restApi.roleManagedExternally: true'");
	}
}

/* --- buckets, functions --------------------------------------------------------------------------------------------- */

static void check_bucket(const struct check *c) {
	const struct resource *r = check_resource(c, ID_DEPLOYMENT_BUCKET);
	const char *lacks;

	if (!r || strcmp(r->type, "AWS::S3::Bucket") != 0) {
		return;
	}
	bool open = !check_property(r, "PublicAccessBlockConfiguration"), plain = !check_property(r, "VersioningConfiguration");
	lacks = open && plain ? "block of public access and no versions" : open ? "block of public access" :
		plain ? "versions" : NULL;
	if (lacks) {
		diag_help(check_report_at(c, "S110", r, r->mark, "the deployment bucket has no %s", lacks),
			"slsws package --harden=bucket adds both, or 'blockPublicAccess' and 'versioning' under 'deploymentBucket'");
	}
}

static void check_urls(const struct check *c) {
	for (const struct resource *r = check_first(c, "AWS::Lambda::Url"); r; r = r->next_of_type) {
		const struct value *type = check_property(r, "AuthType");
		if (is_text(type, "NONE")) {
			diag_help(check_report(c, "S115", r, type, "the URL '%s' lets anybody invoke the function", r->id),
				"use AWS_IAM, or check who asks in the function");
		}
	}
}

/* The id of an access key, wherever it stands: AKIA and 16 capitals or digits, and no more of them. */
static bool has_access_key(const char *text) {
	for (const char *at = text; (at = strstr(at, "AKIA")) != NULL; at++) {
		size_t length = strspn(at, "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789");
		if (length == 20 && (at == text || !isalnum((unsigned char)at[-1]))) {
			return true;
		}
	}
	return false;
}

static void check_environment(const struct check *c) {
	for (const struct resource *r = check_first(c, "AWS::Lambda::Function"); r; r = r->next_of_type) {
		const struct value *variables = map_get(check_property(r, "Environment"), "Variables");
		for (const struct entry *e = map_first(variables); e; e = map_next(variables, e)) {
			if (is_string(e->value) && has_access_key(e->value->text)) {
				diag_help(check_report(c, "S117", r, e->value, "environment variable '%s' holds an access key", e->key),
					"give the function's role what it needs, and delete the key");
			}
		}
	}
}

check_fn check_security;

void check_security(const struct check *c) {
	check_permissions(c);
	check_policies(c);
	check_log_groups(c);
	check_account_role(c);
	check_bucket(c);
	check_urls(c);
	check_environment(c);
}

/* --- WebSocket APIs ------------------------------------------------------------------------------------------------- */

static void check_connect(const struct websocket *w, const struct api *api) {
	const struct part *connect = part_find_route(w, api, "$connect");
	const struct value *type = connect ? check_property(connect->resource, "AuthorizationType") : NULL;
	struct diagnostic *d;

	if (connect) {
		if ((type && !is_text(type, "NONE")) || is_on(check_property(connect->resource, "ApiKeyRequired")) ||
				intrinsic_name(check_property(connect->resource, "ApiKeyRequired"))) {
			return;
		}
		d = check_report(w->check, "S101", connect->resource, connect->route_key,
			"route '$connect' has no authorizer, so anybody may connect");
	} else if (api->resource && api->parts[PART_ROUTE] && api->all_keys_known) {
		d = check_report(w->check, "S101", api->parts[PART_ROUTE]->resource, api->parts[PART_ROUTE]->route_key,
			"no route '$connect', so anybody may connect");
	} else {
		return;
	}
	diag_help(d, "give '$connect' an authorizer; slsws package --harden=connect-auth insists on it");
}

static void check_stage(const struct check *c, const struct resource *stage) {
	const struct value *settings = check_property(stage, "DefaultRouteSettings");
	const struct value *level = map_get(settings, "LoggingLevel"), *trace = map_get(settings, "DataTraceEnabled");
	bool made = !stage->mark.source;

	if (is_on(trace) && !is_text(level, "OFF")) {
		diag_help(check_report(c, "S104", stage, trace, "messages are logged in full, with tokens and all"),
			made ? "set 'fullExecutionData: false', or slsws package --harden=no-data-trace" : "set DataTraceEnabled to false");
	}
	if (!level || is_text(level, "OFF")) {
		check_report_at(c, "S105", stage, stage->mark, "stage '%s' logs no errors", stage->id);
	}
	if (!check_property(stage, "AccessLogSettings")) {
		diag_help(check_report_at(c, "S106", stage, stage->mark, "stage '%s' has no access log", stage->id),
			made ? "slsws package --harden=access-log adds one, or 'provider.logs.websocket'" : "add AccessLogSettings");
	}
	if (!map_get(settings, "ThrottlingRateLimit") && !map_get(settings, "ThrottlingBurstLimit")) {
		diag_help(check_report_at(c, "S107", stage, stage->mark, "stage '%s' may take all that the account has of requests",
			stage->id), made ? "slsws package --harden=throttle=RATE/BURST limits it" :
			"set ThrottlingRateLimit and ThrottlingBurstLimit in DefaultRouteSettings");
	}
}

void check_websocket_security(const struct websocket *w, const struct api *api) {
	const struct value *disabled = check_property(api->resource, "DisableExecuteApiEndpoint");

	check_connect(w, api);
	for (const struct part *p = api->parts[PART_STAGE]; p; p = p->next) {
		check_stage(w->check, p->resource);
	}
	if (api->resource && api->parts[PART_MAPPING] && !disabled) {
		diag_help(check_report_at(w->check, "S111", api->resource, api->resource->mark,
			"API '%s' has a domain, but its own endpoint is open too", api->resource->id),
			"set DisableExecuteApiEndpoint to true");
	}
}
