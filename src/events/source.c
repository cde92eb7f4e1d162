#include "events/source.h"

#include "emit.h"
#include "events/events.h"

const struct value *source_name(const struct value *arn, bool by_ref) {
	const struct value *attribute = map_truthy(arn, "Fn::GetAtt"), *import = map_truthy(arn, "Fn::ImportValue");
	const struct value *ref = by_ref ? map_truthy(arn, "Ref") : NULL;
	const struct value *name = attribute ? list_get(attribute, 0) : import ? import : ref;

	if (!attribute && !import && !ref) {
		const struct value *parts = list_get(map_truthy(arn, "Fn::Join"), 1);
		name = list_get(parts, list_length(parts) - 1);
	}
	return is_string(name) ? name : NULL;
}

void source_report(const struct entry *event, const struct value *arn, struct diag *diag) {
	struct diagnostic *d;

	if (!arn) {
		d = diag_error(diag, "C363", event->mark, "event '%s' has no 'arn'", event->key);
	} else {
		d = diag_error(diag, "C363", arn->mark, "no name can be taken from the 'arn' of event '%s', a %s", event->key,
			value_kind_name(arn));
		diag_origin(d, arn);
	}
	diag_help(d, "write an ARN, or Fn::GetAtt, Fn::ImportValue of a text, or Fn::Join that ends in a text");
}

struct value *source_filters(struct service *service, const struct value *config, struct diag *diag) {
	const struct value *patterns = map_truthy(config, "filterPatterns");
	struct arena *a = service->arena;
	struct value *filters = value_list(a);

	if (patterns && !is_list(patterns)) {
		diag_help(diag_error(diag, "C364", patterns->mark, "'filterPatterns' is a %s, expected a list of patterns",
			value_kind_name(patterns)), "begin each pattern with '- '");
	}
	for (size_t i = 0; i < list_length(patterns); i++) {
		list_add(a, filters, MAP(a, { "Pattern", json_text(a, patterns->items[i]) }));
	}
	return is_list(patterns) ? MAP(a, { "Filters", filters }) : NULL;
}

struct value *source_setting(const struct value *config, const char *key) {
	struct value *v = map_get(config, key);

	return is_missing(v) ? NULL : v;
}

bool source_is_named(const struct entry *event, const char *key, struct diag *diag) {
	const struct value *name = map_get(event->value, key);
	struct diagnostic *d;

	if (is_string(name)) {
		return true;
	}
	if (!name) {
		d = diag_error(diag, "C380", event->mark, "event '%s' has no '%s'", event->key, key);
	} else {
		d = diag_error(diag, "C380", name->mark, "'%s' of event '%s' is a %s, expected a text", key, event->key,
			value_kind_name(name));
		diag_origin(d, name);
	}
	diag_help(d, "write its name: '%s: orders'", key);
	return false;
}
