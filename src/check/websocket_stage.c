/*
 * Stages and deployments: what of an API is reachable, and whether it is what the template says.
 */
#include "websocket.h"

#include <ctype.h>
#include <string.h>

#include "base/text.h"
#include "service_parts.h"

/* --- stages ----------------------------------------------------------------------------------------------------- */

static bool is_word(const char *text, const char *others) {
	for (const char *at = text; *at; at++) {
		if (!isalnum((unsigned char)*at) && !strchr(others, *at)) {
			return false;
		}
	}
	return *text;
}

/* The name of the stage that slsws makes is that of the whole service. */
static struct mark place_of_name(const struct check *c, const struct resource *stage, const struct value *name) {
	return !name->mark.source && c->service ? mark_of(c->service->provider, "stage") : name->mark.source ? name->mark :
		stage->mark;
}

static void check_name(const struct check *c, const struct resource *stage) {
	const struct value *name = check_property(stage, "StageName");

	if (!is_string(name) || strcmp(name->text, "$default") == 0) {
		return;
	}
	if (!is_word(name->text, "-_")) {
		diag_help(check_report_at(c, "W224", stage, place_of_name(c, stage, name),
			"stage name '%s' has other characters than letters, digits, '-' and '_'", name->text), "rename the stage");
	} else if (name->length > 128) {
		check_report_at(c, "W224", stage, place_of_name(c, stage, name),
			"stage name has %u characters, at most 128 are allowed", name->length);
	}
}

static void check_variables(const struct check *c, const struct resource *stage) {
	const struct value *variables = check_property(stage, "StageVariables");

	for (const struct entry *e = map_first(variables); e && !intrinsic_name(variables); e = map_next(variables, e)) {
		if (!is_word(e->key, "_")) {
			check_report_key(c, "W225", stage, e, "name of the stage variable '%s' has other characters than letters, digits and "
				"'_'", e->key);
		}
		if (is_string(e->value) && e->value->length && !is_word(e->value->text, "-._~:/?#&=,")) {
			check_report(c, "W225", stage, e->value, "value of the stage variable '%s' has other characters than letters, digits "
				"and -._~:/?#&=,", e->key);
		}
	}
}

static bool is_deployed_to(const struct check *c, const struct api *api, const struct part *stage) {
	const struct value *name = check_property(stage->resource, "StageName");

	for (const struct part *p = api->parts[PART_DEPLOYMENT]; p; p = p->next) {
		const struct value *to = check_property(p->resource, "StageName");
		if (to && (value_equal(to, name) || referred(c, to) == stage->resource)) {
			return true;
		}
	}
	return false;
}

/* With many of both, none is looked for twice: the quota of stages stands for that. */
static void check_deployed(const struct check *c, const struct api *api, const struct part *stage) {
	const struct resource *r = stage->resource;
	const struct value *automatic = check_property(r, "AutoDeploy");

	if (check_property(r, "DeploymentId") || (automatic && !is_text(automatic, "false") &&
			!(is_bool(automatic) && !automatic->boolean)) || api->counts[PART_STAGE] > 10 || is_deployed_to(c, api, stage)) {
		return;
	}
	diag_help(check_report_at(c, "W226", r, r->mark, "nothing is deployed to the stage '%s'", r->id),
		"add a DeploymentId, or AutoDeploy: true");
}

static void check_route_settings(const struct websocket *w, const struct api *api, const struct resource *stage) {
	const struct value *settings = check_property(stage, "RouteSettings");

	if (!api->resource || !api->all_keys_known || !is_map(settings) || intrinsic_name(settings)) {
		return;
	}
	for (const struct entry *e = map_first(settings); e; e = map_next(settings, e)) {
		if (!part_find_route(w, api, e->key)) {
			check_report_key(w->check, "W237", stage, e, "settings are of the route '%s', which the API does not have", e->key);
		}
	}
}

static void check_access_log(const struct check *c, const struct resource *stage) {
	const struct value *settings = check_property(stage, "AccessLogSettings");
	const struct value *format = map_get(settings, "Format"), *destination = map_get(settings, "DestinationArn");
	const char *text = known_text(c, format), *arn = known_text(c, destination);

	if (destination && !format) {
		check_report(c, "W238", stage, settings, "access log has no Format");
	} else if (text && !strchr(text, '\1') && !strstr(text, "$context.requestId") &&
			!strstr(text, "$context.extendedRequestId")) {
		diag_help(check_report(c, "W238", stage, format, "format of the access log has no $context.requestId"),
			"add $context.requestId");
	} else if (text && strchr(text, '\n') && strchr(text, '\n')[1]) {
		check_report(c, "W238", stage, format, "format of the access log has several lines");
	}
	if (arn && text_starts(arn, "arn:") && !strstr(arn, ":logs:") && !strstr(arn, ":firehose:")) {
		check_report(c, "W238", stage, destination, "access log goes to '%s', expected a log group", arn);
	}
}

void check_websocket_stages(const struct websocket *w, const struct api *api) {
	for (const struct part *p = api->parts[PART_STAGE]; p; p = p->next) {
		check_name(w->check, p->resource);
		check_variables(w->check, p->resource);
		check_deployed(w->check, api, p);
		check_route_settings(w, api, p->resource);
		check_access_log(w->check, p->resource);
	}
}

/* --- deployments -------------------------------------------------------------------------------------------------- */

enum { MOST_DEPLOYMENTS = 10 };	/* of an API; its quota of stages stands for that */

/*
 * Marks all resources that must be there before one is: what it refers to, what that refers to, and so on. False when that
 * is more than may still be looked at.
 */
static bool follow(const struct websocket *w, const struct resource *from, size_t turn) {
	struct scratch *s = w->scratch;
	size_t count = 1;

	s->waiting[0] = from->number;
	s->awaited[from->number] = turn;
	while (count) {
		size_t number = s->waiting[--count], first = w->references_of[number], end = w->references_of[number + 1];
		if (s->steps <= end - first) {
			return false;
		}
		s->steps -= end - first + 1;
		for (size_t i = first; i < end; i++) {
			const struct resource *to = w->check->references[i].to;
			if (to && s->awaited[to->number] != turn) {
				s->awaited[to->number] = turn;
				s->waiting[count++] = to->number;
			}
		}
	}
	return true;
}

static void check_awaited(const struct websocket *w, const struct api *api, const struct part *deployment) {
	const struct check *c = w->check;
	const struct resource *first = NULL, *r = deployment->resource;
	size_t missing = 0, turn = ++w->scratch->turn;

	if (!follow(w, r, turn)) {
		return;
	}
	for (const struct part *p = api->parts[PART_ROUTE]; p; p = p->next) {
		if (w->scratch->awaited[p->resource->number] != turn) {
			first = first ? first : p->resource;
			missing++;
		}
	}
	if (!missing) {
		return;
	}
	struct diagnostic *d = missing == 1 ?
		check_report_at(c, "W228", r, r->mark, "deployment '%s' does not wait for the route '%s'", r->id, first->id) :
		check_report_at(c, "W228", r, r->mark, "deployment '%s' does not wait for %zu routes, the first of which is '%s'",
			r->id, missing, first->id);
	diag_help(d, "add %s to its DependsOn", missing == 1 ? "the route" : "the routes");
}

/* That of the service itself is resources.c's. */
void check_websocket_deployments(const struct websocket *w, const struct api *api) {
	size_t count = 0;

	for (const struct part *p = api->parts[PART_DEPLOYMENT]; p && count < MOST_DEPLOYMENTS; p = p->next) {
		if (p->resource->mark.source) {
			check_awaited(w, api, p);
			count++;
		}
	}
}
