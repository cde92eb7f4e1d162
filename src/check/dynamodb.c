/*
 * Tables: attributes are defined if they are keys, and only then; and throughput goes with the way of billing.
 */
#include "check/check.h"

struct table {
	const struct check *check;
	const struct resource *resource;
	struct value *defined, *used;	/* from an attribute's name to where it stands */
	bool unknown;			/* something is known to CloudFormation alone */
};

/* --- attributes --------------------------------------------------------------------------------------------------- */

static const struct value *known_list(struct table *t, const struct value *v) {
	if (v && !is_list(v)) {
		t->unknown = true;
		return NULL;
	}
	return v;
}

static void read_names(struct table *t, const struct value *list, struct value *names) {
	list = known_list(t, list);
	for (size_t i = 0; i < list_length(list); i++) {
		struct value *name = map_get(list->items[i], "AttributeName");
		if (!is_string(name)) {
			t->unknown = true;
		} else {
			map_set(t->check->arena, names, name->text, name);
		}
	}
}

static void read_indexes(struct table *t, const char *property) {
	const struct value *indexes = known_list(t, check_property(t->resource, property));

	for (size_t i = 0; i < list_length(indexes); i++) {
		const struct value *keys = map_get(indexes->items[i], "KeySchema");
		t->unknown = t->unknown || !keys;
		read_names(t, keys, t->used);
	}
}

static void check_attributes(struct table *t) {
	const struct value *definitions = check_property(t->resource, "AttributeDefinitions");

	read_names(t, definitions, t->defined);
	read_names(t, check_property(t->resource, "KeySchema"), t->used);
	read_indexes(t, "GlobalSecondaryIndexes");
	read_indexes(t, "LocalSecondaryIndexes");
	if (t->unknown || !definitions || !t->used->length) {
		return;
	}
	for (const struct entry *e = map_first(t->used); e; e = map_next(t->used, e)) {
		if (!map_has(t->defined, e->key)) {
			diag_help(check_report(t->check, "R511", t->resource, e->value, "key attribute '%s' is not defined", e->key),
				"add it to AttributeDefinitions");
		}
	}
	for (const struct entry *e = map_first(t->defined); e; e = map_next(t->defined, e)) {
		if (!map_has(t->used, e->key)) {
			diag_help(check_report(t->check, "R511", t->resource, e->value,
				"attribute '%s' is defined, but no key of the table or an index", e->key),
				"remove it: only attributes that are keys are defined");
		}
	}
}

/* --- throughput --------------------------------------------------------------------------------------------------- */

static void check_throughput(const struct check *c, const struct resource *r) {
	const struct value *billing = check_property(r, "BillingMode");
	const struct value *throughput = check_property(r, "ProvisionedThroughput");

	if (is_text(billing, "PAY_PER_REQUEST") && throughput) {
		check_report(c, "R512", r, throughput, "ProvisionedThroughput does not go with BillingMode PAY_PER_REQUEST");
	} else if ((!billing || is_text(billing, "PROVISIONED")) && !throughput) {
		struct diagnostic *d = billing ?
			check_report(c, "R512", r, billing, "BillingMode is PROVISIONED, but there is no ProvisionedThroughput") :
			check_report_at(c, "R512", r, r->mark, "table '%s' has neither ProvisionedThroughput nor a BillingMode", r->id);
		diag_help(d, "add ProvisionedThroughput, or BillingMode: PAY_PER_REQUEST");
	}
}

check_fn check_tables;

void check_tables(const struct check *c) {
	for (const struct resource *r = check_first(c, "AWS::DynamoDB::Table"); r; r = r->next_of_type) {
		struct table t = { .check = c, .resource = r, .defined = value_map(c->arena), .used = value_map(c->arena) };
		check_attributes(&t);
		check_throughput(c, r);
	}
}
