/*
 * Policies: what IAM refuses of a statement. To CloudFormation a policy is JSON of any kind.
 */
#include "check/check.h"

#include <string.h>
#include <strings.h>

#include "base/text.h"

/* Where a type has its policy, and what a statement in it must have. */
struct document {
	const char *type, *property;
	bool resource, principal;
};

static const struct document documents[] = {
	{ "AWS::IAM::Role", "AssumeRolePolicyDocument", false, true },
	{ "AWS::IAM::Policy", "PolicyDocument", true, false },
	{ "AWS::IAM::ManagedPolicy", "PolicyDocument", true, false },
	{ "AWS::IAM::RolePolicy", "PolicyDocument", true, false },
	{ "AWS::IAM::UserPolicy", "PolicyDocument", true, false },
	{ "AWS::IAM::GroupPolicy", "PolicyDocument", true, false },
	{ "AWS::S3::BucketPolicy", "PolicyDocument", true, true },
	{ "AWS::SQS::QueuePolicy", "PolicyDocument", false, true },
	{ "AWS::SNS::TopicPolicy", "PolicyDocument", false, true },
	{ "AWS::KMS::Key", "KeyPolicy", false, true },
};

static const char *const keys[] = { "Sid", "Effect", "Principal", "NotPrincipal", "Action", "NotAction", "Resource",
	"NotResource", "Condition" };
enum { KEYS = sizeof(keys) / sizeof(*keys) };

struct statement {
	const struct check *check;
	const struct resource *resource;
	const struct value *value;
};

/* IAM does not mind the case of a key. */
static const struct value *element(const struct value *statement, const char *name) {
	for (const struct entry *e = map_first(statement); e; e = map_next(statement, e)) {
		if (strcasecmp(e->key, name) == 0) {
			return e->value;
		}
	}
	return NULL;
}

static void check_effect(const struct statement *s) {
	const struct value *effect = element(s->value, "Effect");

	if (!effect) {
		diag_help(check_report(s->check, "R501", s->resource, s->value, "statement has no Effect"),
			"add Effect: Allow, or Deny");
	} else if (!intrinsic_name(effect) && !is_text(effect, "Allow") && !is_text(effect, "Deny")) {
		const char *text = value_spell(s->check->arena, effect);
		check_report(s->check, "R501", s->resource, effect, "Effect is %s%s%s, expected Allow or Deny", text ? "'" : "a ",
			text ? text : value_kind_name(effect), text ? "'" : "");
	}
}

static void check_action(const struct statement *s, const struct value *action) {
	if (is_string(action) && strcmp(action->text, "*") != 0 && !strchr(action->text, ':')) {
		diag_help(check_report(s->check, "R502", s->resource, action, "action '%s' does not begin with its service",
			action->text), "write for instance 'dynamodb:%s'", *action->text ? action->text : "PutItem");
	}
}

static void check_actions(const struct statement *s, const char *name) {
	const struct value *action = element(s->value, name);

	check_action(s, action);
	for (size_t i = 0; i < list_length(action); i++) {
		check_action(s, action->items[i]);
	}
}

static void require(const struct statement *s, bool needed, const char *name, const char *other) {
	if (needed && !element(s->value, name) && !element(s->value, other)) {
		check_report(s->check, "R503", s->resource, s->value, "statement has neither %s nor %s", name, other);
	}
}

static bool check_keys(const struct statement *s) {
	bool good = true;

	for (const struct entry *e = map_first(s->value); e; e = map_next(s->value, e)) {
		size_t i = 0;
		while (i < KEYS && strcasecmp(keys[i], e->key) != 0) {
			i++;
		}
		if (i < KEYS) {
			continue;
		}
		struct diagnostic *d = check_report_key(s->check, "R504", s->resource, e, "statement has the unknown key '%s'", e->key);
		const char *closest = text_closest(e->key, keys, KEYS);
		if (closest) {
			diag_help(d, "did you mean '%s'?", closest);
		}
		good = false;
	}
	return good;
}

static void check_statement(const struct check *c, const struct resource *r, const struct document *document,
		const struct value *v) {
	struct statement s = { c, r, v };

	if (!is_map(v) || intrinsic_name(v) || map_has(v, "Fn::Transform")) {
		return;
	}
	if (check_keys(&s)) {
		require(&s, true, "Action", "NotAction");
		require(&s, document->resource, "Resource", "NotResource");
		require(&s, document->principal, "Principal", "NotPrincipal");
	}
	check_effect(&s);
	check_actions(&s, "Action");
	check_actions(&s, "NotAction");
}

static void check_document(const struct check *c, const struct resource *r, const struct document *document,
		const struct value *v) {
	const struct value *statements = is_map(v) && !intrinsic_name(v) ? element(v, "Statement") : NULL;

	check_statement(c, r, document, statements);
	for (size_t i = 0; i < list_length(statements); i++) {
		check_statement(c, r, document, statements->items[i]);
	}
}

check_fn check_policy_documents;

void check_policy_documents(const struct check *c) {
	static const char *const holders[] = { "AWS::IAM::Role", "AWS::IAM::User", "AWS::IAM::Group" };

	for (size_t i = 0; i < sizeof(documents) / sizeof(*documents); i++) {
		for (const struct resource *r = check_first(c, documents[i].type); r; r = r->next_of_type) {
			check_document(c, r, &documents[i], check_property(r, documents[i].property));
		}
	}
	for (size_t i = 0; i < sizeof(holders) / sizeof(*holders); i++) {
		for (const struct resource *r = check_first(c, holders[i]); r; r = r->next_of_type) {
			const struct value *policies = check_property(r, "Policies");
			for (size_t j = 0; j < list_length(policies); j++) {
				check_document(c, r, &documents[1], map_get(policies->items[j], "PolicyDocument"));
			}
		}
	}
}
