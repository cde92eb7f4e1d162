#include "diff_access.h"

#include <string.h>

#include "diff_compare.h"

struct reporter {
	const struct diff_context *context;
	struct diff *diff;
	const struct item *item;
};

enum { LONGEST_NAME = 160, MOST_NAMED = 8 };

static void report(struct reporter *r, enum side side, bool is_public, const char *text, const char *warning,
		struct mark at) {
	struct access_change *change = arena_new(r->context->arena, struct access_change);

	*change = (struct access_change){ .is_public = is_public, .added = side == AFTER, .item = r->item, .text = text,
		.warning = warning, .at = at };
	*r->diff->access_end = change;
	r->diff->access_end = &change->next;
}

static const char *spell(const struct reporter *r, enum side side, const struct value *v) {
	return diff_spell(r->context, side, v, true, LONGEST_NAME);
}

/* --- statements ------------------------------------------------------------------------------------------------- */

static void add_names(struct reporter *r, struct text *out, enum side side, const struct value *names) {
	size_t count = set_count(names);

	for (size_t i = 0; i < count && i < MOST_NAMED; i++) {
		text_printf(out, "%s%s", i ? ", " : "", spell(r, side, set_item(names, i)));
	}
	if (count > MOST_NAMED) {
		text_printf(out, " and %zu more", count - MOST_NAMED);
	}
}

static bool is_everybody(const struct value *principal) {
	const struct value *accounts = map_get(principal, "AWS");

	if (is_text(principal, "*")) {
		return true;
	}
	for (size_t i = 0; i < set_count(accounts); i++) {
		if (is_text(set_item(accounts, i), "*")) {
			return true;
		}
	}
	return false;
}

static void add_principal(struct reporter *r, struct text *out, enum side side, const struct value *principal) {
	const char *between = " for ";

	if (is_everybody(principal)) {
		text_puts(out, " for everybody");
		return;
	}
	if (principal && !is_map(principal)) {
		text_printf(out, " for %s", spell(r, side, principal));
	}
	for (const struct entry *e = map_first(principal); e; e = map_next(principal, e)) {
		text_printf(out, "%s%s", between, strcmp(e->key, "AWS") == 0 ? "account " : "");
		add_names(r, out, side, e->value);
		between = ", ";
	}
}

static const char *text_of_action(const struct value *actions) {
	for (size_t i = 0; i < set_count(actions); i++) {
		const struct value *action = set_item(actions, i);
		if (is_string(action) && (strcmp(action->text, "*") == 0 || text_ends(action->text, ":*"))) {
			return action->text;
		}
	}
	return NULL;
}

static bool has_any_resource(const struct value *resources) {
	for (size_t i = 0; i < set_count(resources); i++) {
		if (is_text(set_item(resources, i), "*")) {
			return true;
		}
	}
	return false;
}

/* Why a statement that comes, or one that goes, is worth a second look. */
static const char *statement_warning(struct reporter *r, enum side side, const struct value *statement,
		const struct value *actions, const struct value *resources) {
	bool denies = is_text(map_get(statement, "Effect"), "Deny");
	const char *action = text_of_action(actions);

	if (side == BEFORE || denies) {
		return side == BEFORE && denies ? "it was denied" : NULL;
	}
	if (is_everybody(map_get(statement, "Principal"))) {
		return map_get(statement, "Condition") ? "everybody, under a condition" : "everybody";
	}
	if (map_get(statement, "NotPrincipal") || map_get(statement, "NotAction") || map_get(statement, "NotResource")) {
		return "everything that is not named";
	}
	if (action) {
		bool all = has_any_resource(resources);
		return arena_printf(r->context->arena, "every action%s%.*s%s", action[1] ? " of " : "",
			action[1] ? (int)strcspn(action, ":") : 0, action, all ? " on every resource" : "");
	}
	return has_any_resource(resources) ? "every resource" : NULL;
}

/* One thing that a statement says: actions (NotAction ...) of it on resources of it. */
static void report_statement(struct reporter *r, enum side side, const struct value *statement,
		const struct value *actions, const struct value *resources) {
	const struct value *effect = map_get(statement, "Effect"), *principal = map_get(statement, "Principal");
	const struct value *condition = map_get(statement, "Condition"), *not_principal = map_get(statement, "NotPrincipal");
	struct text out = { 0 };

	text_printf(&out, "%s ", effect ? spell(r, side, effect) : "Allow");
	text_puts(&out, map_get(statement, "NotAction") ? "all but " : "");
	add_names(r, &out, side, actions);
	if (resources) {
		text_puts(&out, map_get(statement, "NotResource") ? " on all but " : " on ");
		add_names(r, &out, side, resources);
	}
	add_principal(r, &out, side, principal);
	if (not_principal) {
		text_printf(&out, " for all but %s", spell(r, side, not_principal));
	}
	if (condition) {
		text_printf(&out, " if %s", spell(r, side, condition));
	}
	bool is_public = is_everybody(principal) && !is_text(effect, "Deny");
	report(r, side, is_public, arena_copy(r->context->arena, out.bytes, out.length),
		statement_warning(r, side, statement, actions, resources), statement->mark);
	text_free(&out);
}

static const struct value *either(const struct value *statement, const char *key, const char *not_key) {
	const struct value *v = map_get_text(statement, key, strlen(key));

	return v ? v : map_get_text(statement, not_key, strlen(not_key));
}

static const struct value *actions_of(const struct value *statement) {
	return either(statement, "Action", "NotAction");
}

static const struct value *resources_of(const struct value *statement) {
	return either(statement, "Resource", "NotResource");
}

static void report_whole(struct reporter *r, enum side side, const struct value *statement) {
	if (is_map(statement)) {
		report_statement(r, side, statement, actions_of(statement), resources_of(statement));
	}
}

/* What one of two sets has more than the other: two new lists. */
static void subtract(struct reporter *r, const char *key, const struct value *before, const struct value *after,
		struct value *gone, struct value *come) {
	struct arena *a = r->context->arena;
	struct bag *bag = bag_create(r->context, key, after);
	bool *taken = arena_array(a, bool, set_count(after));

	for (size_t i = 0; i < set_count(before); i++) {
		size_t other = bag_take(bag, set_item(before, i));
		if (other == SIZE_MAX) {
			list_add(a, gone, (struct value *)set_item(before, i));
		} else {
			taken[other] = true;
		}
	}
	for (size_t i = 0; i < set_count(after); i++) {
		list_add(a, come, taken[i] ? NULL : (struct value *)set_item(after, i));
	}
}

/* Whether two statements differ in one key alone, which both have. */
static bool differ_in(struct reporter *r, const char *key, const struct value *before, const struct value *after) {
	if (!map_get_text(before, key, strlen(key)) || !map_get_text(after, key, strlen(key))) {
		return false;
	}
	for (const struct entry *e = map_first(before); e; e = map_next(before, e)) {
		const struct value *other = map_get_text(after, e->key, e->key_length);
		if (strcmp(e->key, key) != 0 && strcmp(e->key, "Sid") != 0 && !diff_same(r->context, e->key, e->value, other)) {
			return false;
		}
	}
	for (const struct entry *e = map_first(after); e; e = map_next(after, e)) {
		if (strcmp(e->key, "Sid") != 0 && !map_find_text(before, e->key, e->key_length)) {
			return false;
		}
	}
	return true;
}

static void report_pair(void *data, size_t before_index, const struct value *before, size_t after_index,
		const struct value *after) {
	struct reporter *r = data;
	struct value *gone = value_list(r->context->arena), *come = value_list(r->context->arena);

	(void)before_index;
	(void)after_index;
	if (is_map(before) && is_map(after) && differ_in(r, "Action", before, after)) {
		subtract(r, "Action", map_get(before, "Action"), map_get(after, "Action"), gone, come);
		if (gone->length) {
			report_statement(r, BEFORE, before, gone, resources_of(before));
		}
		if (come->length) {
			report_statement(r, AFTER, after, come, resources_of(after));
		}
	} else if (is_map(before) && is_map(after) && differ_in(r, "Resource", before, after)) {
		subtract(r, "Resource", map_get(before, "Resource"), map_get(after, "Resource"), gone, come);
		if (gone->length) {
			report_statement(r, BEFORE, before, actions_of(before), gone);
		}
		if (come->length) {
			report_statement(r, AFTER, after, actions_of(after), come);
		}
	} else {
		report_whole(r, BEFORE, before);
		report_whole(r, AFTER, after);
	}
}

/* --- policies: maps with a Statement, wherever they stand in the properties ----------------------------------------- */

/* The way to a policy: keys, names of policies, indexes (name NULL). */
struct way {
	const struct way *up;
	const char *name;
	unsigned index, depth;
};

static void add_way(struct text *out, const struct way *way) {
	enum { LONGEST_STEP = 60 };

	if (!way) {
		return;
	}
	add_way(out, way->up);
	if (way->name) {
		text_printf(out, ".%.*s", LONGEST_STEP, way->name);
	} else {
		text_printf(out, ".%u", way->index);
	}
}

static const char *way_text(struct arena *a, const struct way *way) {
	struct text out = { 0 };

	add_way(&out, way);
	const char *copy = arena_copy(a, out.bytes ? out.bytes : "", out.length);
	text_free(&out);
	return copy;
}

enum { DEEPEST_POLICY = 16 };

static void find_policies(struct reporter *r, const struct way *way, const struct value *v, struct value *found) {
	struct way step = { .up = way, .depth = way ? way->depth + 1 : 0 };
	const struct value *argument;

	if (map_get(v, "Statement")) {
		map_set(r->context->arena, found, way_text(r->context->arena, way), map_get(v, "Statement"));
		return;
	}
	if (step.depth > DEEPEST_POLICY || intrinsic(v, &argument)) {
		return;
	}
	for (const struct entry *e = map_first(v); e; e = map_next(v, e)) {
		step.name = e->key;
		find_policies(r, &step, e->value, found);
	}
	for (uint32_t i = 0; i < list_length(v); i++) {
		const struct value *name = map_get(v->items[i], "PolicyName");
		step.name = is_string(name) ? name->text : NULL;
		step.index = i;
		find_policies(r, &step, v->items[i], found);
	}
}

static void compare_policies(struct reporter *r, const struct value *before, const struct value *after) {
	struct arena *a = r->context->arena;
	struct value *policies = value_map(a), *others = value_map(a);

	find_policies(r, NULL, before, policies);
	find_policies(r, NULL, after, others);
	for (const struct entry *e = map_first(policies); e; e = map_next(policies, e)) {
		pair_statements(r->context, e->value, map_get_text(others, e->key, e->key_length), report_pair, r);
	}
	for (const struct entry *e = map_first(others); e; e = map_next(others, e)) {
		if (!map_find_text(policies, e->key, e->key_length)) {
			pair_statements(r->context, NULL, e->value, report_pair, r);
		}
	}
}

/* --- facts: what a type's properties mean, a line each; those that one template has alone are reported ---------------- */

struct fact {
	struct fact *next;
	const char *text, *warning;
	bool is_public;
	struct mark at;
};

struct facts {
	struct reporter *reporter;
	enum side side;
	struct fact *first, **end;
	struct value *texts;		/* a set */
};

static void add_fact(struct facts *f, bool is_public, const char *warning, const struct value *at, const char *text) {
	struct arena *a = f->reporter->context->arena;

	if (map_get_text(f->texts, text, strlen(text))) {
		return;
	}
	map_set(a, f->texts, text, value_null(a));
	*f->end = arena_new(a, struct fact);
	**f->end = (struct fact){ .text = text, .warning = warning, .is_public = is_public,
		.at = at ? at->mark : (struct mark){ 0 } };
	f->end = &(*f->end)->next;
}

static const char *fact_spell(struct facts *f, const struct value *v) {
	return spell(f->reporter, f->side, v);
}

static void read_permission(struct facts *f, const struct value *properties) {
	const struct value *principal = map_get(properties, "Principal"), *source = map_get(properties, "SourceArn");
	const struct value *target = map_get(properties, "FunctionName"), *organization = map_get(properties, "PrincipalOrgID");
	const struct value *layer = map_get(properties, "LayerVersionArn");
	bool everybody = is_text(principal, "*") && !organization && !map_get(properties, "OrganizationId");

	target = target ? target : layer;
	add_fact(f, everybody, everybody ? "everybody" : NULL, map_get(properties, "Action"),
		arena_printf(f->reporter->context->arena, "Allow %s on %s for %s%s%s", fact_spell(f, map_get(properties, "Action")),
		fact_spell(f, target), everybody ? "everybody" : fact_spell(f, principal), source ? " from " : "",
		source ? fact_spell(f, source) : ""));
}

static void read_function_url(struct facts *f, const struct value *properties) {
	const struct value *type = map_get(properties, "AuthType");

	if (is_text(type, "NONE")) {
		add_fact(f, true, "everybody", type, "the function's URL asks for no authorization (AuthType is NONE)");
	}
}

static void read_managed_policies(struct facts *f, const struct value *properties) {
	const struct value *policies = map_get(properties, "ManagedPolicyArns");

	for (size_t i = 0; i < set_count(policies); i++) {
		const char *name = fact_spell(f, set_item(policies, i));
		const char *warning = text_ends(name, "/AdministratorAccess") ? "every action on every resource" :
			text_ends(name, "FullAccess") ? "full access" : NULL;
		add_fact(f, false, warning, set_item(policies, i),
			arena_printf(f->reporter->context->arena, "managed policy %s", name));
	}
}

static void read_rule(struct facts *f, const struct value *rule, bool inwards) {
	static const char *const peers[] = {
		"CidrIp", "CidrIpv6", "SourceSecurityGroupId", "SourceSecurityGroupName", "SourcePrefixListId",
		"DestinationSecurityGroupId", "DestinationPrefixListId",
	};
	const struct value *from = map_get(rule, "FromPort"), *to = map_get(rule, "ToPort"), *peer = NULL;
	const struct value *protocol = map_get(rule, "IpProtocol");

	for (size_t i = 0; i < sizeof(peers) / sizeof(*peers) && !peer; i++) {
		peer = map_get_text(rule, peers[i], strlen(peers[i]));
	}
	bool open = is_text(peer, "0.0.0.0/0") || is_text(peer, "::/0");
	bool all = !protocol || strcmp(fact_spell(f, protocol), "-1") == 0;
	const char *ports = !from || all ? "" : arena_printf(f->reporter->context->arena, " %s%s%s", fact_spell(f, from),
		to && !value_equal(from, to) ? "-" : "", to && !value_equal(from, to) ? fact_spell(f, to) : "");
	add_fact(f, true, open && inwards ? "the whole internet" : NULL, rule,
		arena_printf(f->reporter->context->arena, "%s%s %s %s", all ? "everything" : fact_spell(f, protocol), ports,
		inwards ? "from" : "to", peer ? fact_spell(f, peer) : "somewhere"));
}

static void read_security_group(struct facts *f, const struct value *properties) {
	const struct value *in = map_get(properties, "SecurityGroupIngress"), *out = map_get(properties, "SecurityGroupEgress");

	for (size_t i = 0; i < set_count(in); i++) {
		read_rule(f, set_item(in, i), true);
	}
	for (size_t i = 0; i < set_count(out); i++) {
		read_rule(f, set_item(out, i), false);
	}
}

static void read_ingress(struct facts *f, const struct value *properties) {
	read_rule(f, properties, true);
}

static void read_egress(struct facts *f, const struct value *properties) {
	read_rule(f, properties, false);
}

static void read_bucket(struct facts *f, const struct value *properties) {
	const struct value *acl = map_get(properties, "AccessControl");
	const struct value *block = map_get(properties, "PublicAccessBlockConfiguration");

	if (is_string(acl) && (text_starts(acl->text, "Public") || is_text(acl, "AuthenticatedRead"))) {
		add_fact(f, true, "everybody", acl, arena_printf(f->reporter->context->arena, "the bucket's list is %s",
			fact_spell(f, acl)));
	}
	for (const struct entry *e = map_first(block); e; e = map_next(block, e)) {
		if (!strcmp(fact_spell(f, e->value), "false")) {
			add_fact(f, true, "public access is possible", e->value,
				arena_printf(f->reporter->context->arena, "%.60s is off", e->key));
		}
	}
}

static bool has_key_required(struct facts *f, const struct value *properties) {
	const struct value *required = map_get(properties, "ApiKeyRequired");

	return required && strcmp(fact_spell(f, required), "true") == 0;
}

/* Of a WebSocket API the route $connect decides alone; the routes of an HTTP API are "GET /path". */
static void read_route(struct facts *f, const struct value *properties) {
	const struct value *key = map_get(properties, "RouteKey"), *type = map_get(properties, "AuthorizationType");
	bool guarded = is_text(key, "$connect") || (is_string(key) && strchr(key->text, '/'));

	if (guarded && (!type || is_text(type, "NONE")) && !has_key_required(f, properties)) {
		add_fact(f, true, "everybody", key, arena_printf(f->reporter->context->arena,
			"the route '%s' asks for no authorization", fact_spell(f, key)));
	}
}

static void read_method(struct facts *f, const struct value *properties) {
	const struct value *method = map_get(properties, "HttpMethod"), *type = map_get(properties, "AuthorizationType");

	if ((!type || is_text(type, "NONE")) && !is_text(method, "OPTIONS") && !has_key_required(f, properties)) {
		add_fact(f, true, "everybody", type ? type : method, arena_printf(f->reporter->context->arena,
			"the method %s asks for no authorization", fact_spell(f, method)));
	}
}

static void read_database(struct facts *f, const struct value *properties) {
	const struct value *open = map_get(properties, "PubliclyAccessible");

	if (open && strcmp(fact_spell(f, open), "true") == 0) {
		add_fact(f, true, "the whole internet", open, "it can be reached from outside (PubliclyAccessible)");
	}
}

static void read_identity_pool(struct facts *f, const struct value *properties) {
	const struct value *open = map_get(properties, "AllowUnauthenticatedIdentities");

	if (open && strcmp(fact_spell(f, open), "true") == 0) {
		add_fact(f, true, "everybody", open, "identities need no authentication (AllowUnauthenticatedIdentities)");
	}
}

typedef void read_facts_fn(struct facts *f, const struct value *properties);

static const struct {
	const char *type;
	read_facts_fn *read;
} readers[] = {
	{ "AWS::ApiGateway::Method", read_method },
	{ "AWS::ApiGatewayV2::Route", read_route },
	{ "AWS::Cognito::IdentityPool", read_identity_pool },
	{ "AWS::EC2::SecurityGroup", read_security_group },
	{ "AWS::EC2::SecurityGroupEgress", read_egress },
	{ "AWS::EC2::SecurityGroupIngress", read_ingress },
	{ "AWS::IAM::Group", read_managed_policies },
	{ "AWS::IAM::Role", read_managed_policies },
	{ "AWS::IAM::User", read_managed_policies },
	{ "AWS::Lambda::LayerVersionPermission", read_permission },
	{ "AWS::Lambda::Permission", read_permission },
	{ "AWS::Lambda::Url", read_function_url },
	{ "AWS::RDS::DBInstance", read_database },
	{ "AWS::S3::Bucket", read_bucket },
};

static void read_facts(struct facts *f, struct reporter *r, enum side side, const struct value *resource) {
	const struct value *type = map_get(resource, "Type"), *properties = map_get(resource, "Properties");

	*f = (struct facts){ .reporter = r, .side = side, .end = &f->first, .texts = value_map(r->context->arena) };
	for (size_t i = 0; i < sizeof(readers) / sizeof(*readers); i++) {
		if (is_text(type, readers[i].type) && is_map(properties)) {
			readers[i].read(f, properties);
		}
	}
}

static void report_facts(const struct facts *f, const struct facts *other) {
	for (const struct fact *fact = f->first; fact; fact = fact->next) {
		if (!map_find_text(other->texts, fact->text, strlen(fact->text))) {
			report(f->reporter, f->side, fact->is_public, fact->text, f->side == AFTER ? fact->warning : NULL, fact->at);
		}
	}
}

static void compare_facts(struct reporter *r, const struct value *before, const struct value *after) {
	struct facts was, is;

	read_facts(&was, r, BEFORE, before);
	read_facts(&is, r, AFTER, after);
	report_facts(&was, &is);
	report_facts(&is, &was);
}

void add_access_changes(const struct diff_context *context, struct diff *diff) {
	for (const struct item *item = diff->items; item; item = item->next) {
		struct reporter r = { .context = context, .diff = diff, .item = item };
		if (item->kind != CHANGE_SAME && strcmp(item->section, "Resources") == 0) {
			compare_facts(&r, item->before, item->after);
			compare_policies(&r, map_get(item->before, "Properties"), map_get(item->after, "Properties"));
		}
	}
}
