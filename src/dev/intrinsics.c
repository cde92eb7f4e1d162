#include "dev/intrinsics.h"

#include <stdlib.h>

#include "base/hash.h"
#include "base/text.h"
#include "emit.h"

/* A value that refers to itself ends at the depth, one that doubles itself again and again at the budget. */
enum { MOST_DEPTH = 64, MOST_STEPS = 200000, LONGEST_TEXT = 4 * 1024 * 1024 };

struct intrinsics {
	struct arena *arena;
	const struct value *parameters, *mappings, *conditions, *resources;
	const struct locality *local;
	struct diag *diag;
	unsigned depth, steps;
	size_t bytes;
	bool complained;
};

struct intrinsics *intrinsics_create(struct arena *a, const struct value *template, const struct locality *local,
		struct diag *diag) {
	struct intrinsics *in = arena_new(a, struct intrinsics);

	*in = (struct intrinsics){
		.arena = a, .local = local, .diag = diag,
		.parameters = map_get(template, "Parameters"), .mappings = map_get(template, "Mappings"),
		.conditions = map_get(template, "Conditions"), .resources = map_get(template, "Resources"),
	};
	return in;
}

/* --- names and ARNs --------------------------------------------------------------------------------------------- */

/* The properties by which resources of the various types are named; no type has two of them with other meanings. */
static const char *const name_properties[] = {
	"FunctionName", "TableName", "BucketName", "QueueName", "TopicName", "RoleName", "LogGroupName", "StateMachineName",
	"StreamName", "DeliveryStreamName", "LayerName",
};

/*
 * What Ref (attribute NULL) and Fn::GetAtt give. {name} is the resource's name, {id} its logical id, {api} an id in the
 * manner of API Gateway; a word with a capital is a property of the resource.
 */
static const struct identity {
	const char *type, *attribute, *format;
} identities[] = {
	{ "AWS::Lambda::Function", "Arn", "arn:aws:lambda:{region}:{account}:function:{name}" },
	{ "AWS::Serverless::Function", "Arn", "arn:aws:lambda:{region}:{account}:function:{name}" },
	{ "AWS::Lambda::Version", NULL, "{FunctionName}:1" },
	{ "AWS::Lambda::Version", "Version", "1" },
	{ "AWS::Lambda::Alias", NULL, "{FunctionName}:{Name}" },
	{ "AWS::DynamoDB::Table", "Arn", "arn:aws:dynamodb:{region}:{account}:table/{name}" },
	{ "AWS::DynamoDB::Table", "StreamArn", "arn:aws:dynamodb:{region}:{account}:table/{name}/stream/2000-01-01T00:00:00.000" },
	{ "AWS::S3::Bucket", "Arn", "arn:aws:s3:::{name}" },
	{ "AWS::S3::Bucket", "DomainName", "{name}.s3.amazonaws.com" },
	{ "AWS::S3::Bucket", "RegionalDomainName", "{name}.s3.{region}.amazonaws.com" },
	{ "AWS::SQS::Queue", NULL, "https://sqs.{region}.amazonaws.com/{account}/{name}" },
	{ "AWS::SQS::Queue", "QueueUrl", "https://sqs.{region}.amazonaws.com/{account}/{name}" },
	{ "AWS::SQS::Queue", "QueueName", "{name}" },
	{ "AWS::SQS::Queue", "Arn", "arn:aws:sqs:{region}:{account}:{name}" },
	{ "AWS::SNS::Topic", NULL, "arn:aws:sns:{region}:{account}:{name}" },
	{ "AWS::SNS::Topic", "TopicArn", "arn:aws:sns:{region}:{account}:{name}" },
	{ "AWS::SNS::Topic", "TopicName", "{name}" },
	{ "AWS::IAM::Role", "Arn", "arn:aws:iam::{account}:role/{name}" },
	{ "AWS::IAM::Role", "RoleId", "AROA{id}" },
	{ "AWS::Kinesis::Stream", "Arn", "arn:aws:kinesis:{region}:{account}:stream/{name}" },
	{ "AWS::Logs::LogGroup", "Arn", "arn:aws:logs:{region}:{account}:log-group:{name}:*" },
	{ "AWS::StepFunctions::StateMachine", NULL, "arn:aws:states:{region}:{account}:stateMachine:{name}" },
	{ "AWS::StepFunctions::StateMachine", "Arn", "arn:aws:states:{region}:{account}:stateMachine:{name}" },
	{ "AWS::ApiGatewayV2::Api", NULL, "{api}" },
	{ "AWS::ApiGatewayV2::Api", "ApiId", "{api}" },
	{ "AWS::ApiGatewayV2::Api", "ApiEndpoint", "wss://{domain}" },
	{ "AWS::ApiGatewayV2::Stage", NULL, "{StageName}" },
	{ "AWS::ApiGatewayV2::Route", NULL, "{id}" },
	{ "AWS::ApiGatewayV2::Integration", NULL, "{id}" },
	{ "AWS::ApiGatewayV2::Authorizer", NULL, "{id}" },
	{ "AWS::ApiGatewayV2::Authorizer", "AuthorizerId", "{id}" },
	{ NULL, NULL, "{name}" },
	{ NULL, "Arn", "arn:aws:local:{region}:{account}:{name}" },
};

static const struct value *resource_of(const struct intrinsics *in, const char *id) {
	return map_get_text(in->resources, id, strlen(id));
}

static const char *name_of(struct intrinsics *in, const char *id) {
	const struct value *properties = map_get(resource_of(in, id), "Properties");

	for (size_t i = 0; i < sizeof(name_properties) / sizeof(*name_properties); i++) {
		const struct value *name = map_get_text(properties, name_properties[i], strlen(name_properties[i]));
		const char *text = name ? intrinsics_text(in, name) : NULL;
		if (text) {
			return text;
		}
	}
	return arena_printf(in->arena, "%s-%s", in->local->stack, id);
}

/* Ten letters and digits, as ids of APIs are. */
static const char *api_id(struct intrinsics *in, const char *id) {
	return arena_copy(in->arena, sha1_hex(in->arena, id, strlen(id)), 10);
}

/* Version and Alias name their function by its name or by its ARN; what is made of them is an ARN. */
static const char *property_text(struct intrinsics *in, const char *id, const char *name) {
	const char *text = intrinsics_text(in, map_get_text(map_get(resource_of(in, id), "Properties"), name, strlen(name)));

	if (text && strcmp(name, "FunctionName") == 0 && !text_starts(text, "arn:")) {
		return arena_printf(in->arena, "arn:aws:lambda:%s:%s:function:%s", in->local->region, in->local->account, text);
	}
	return text;
}

static const char *word_of(struct intrinsics *in, const char *id, const char *word) {
	if (strcmp(word, "name") == 0) {
		return name_of(in, id);
	}
	if (strcmp(word, "id") == 0) {
		return id;
	}
	if (strcmp(word, "api") == 0) {
		return api_id(in, id);
	}
	return strcmp(word, "region") == 0 ? in->local->region : strcmp(word, "account") == 0 ? in->local->account :
		strcmp(word, "domain") == 0 ? in->local->domain : property_text(in, id, word);
}

static const char *fill(struct intrinsics *in, const char *id, const char *format) {
	struct text out = { 0 };

	for (const char *end; *format; format = end) {
		if (*format != '{') {
			end = format + strcspn(format, "{");
			text_add(&out, format, (size_t)(end - format));
			continue;
		}
		end = strchr(format, '}');
		const char *word = word_of(in, id, arena_copy(in->arena, format + 1, (size_t)(end - format - 1)));
		text_puts(&out, word ? word : id);
		end++;
	}
	const char *text = arena_copy(in->arena, out.bytes, out.length);
	text_free(&out);
	return text;
}

static bool same(const char *a, const char *b) {
	return a == b || (a && b && strcmp(a, b) == 0);
}

static const char *identify(struct intrinsics *in, const char *id, const char *attribute) {
	const struct value *type = map_get(resource_of(in, id), "Type");

	for (size_t i = 0; i < sizeof(identities) / sizeof(*identities); i++) {
		const struct identity *row = &identities[i];
		if (same(row->attribute, attribute) && (!row->type || is_text(type, row->type))) {
			return fill(in, id, row->format);
		}
	}
	return NULL;
}

/* --- complaints ------------------------------------------------------------------------------------------------- */

static struct value *unknown(struct intrinsics *in, const struct value *at, const char *what) {
	diag_warning(in->diag, "G005", at ? at->mark : (struct mark){ 0 }, "%s cannot be told locally", what);
	return value_printf(in->arena, "(%s)", what);
}

static bool spend(struct intrinsics *in, const struct value *at) {
	if (in->depth < MOST_DEPTH && in->steps++ < MOST_STEPS && in->bytes < LONGEST_TEXT) {
		return true;
	}
	if (!in->complained) {
		diag_error(in->diag, "G006", at->mark, "functions are nested too deeply, refer to themselves or yield too much");
		in->complained = true;
	}
	return false;
}

static struct value *finish_text(struct intrinsics *in, struct text *out) {
	struct value *value = value_text(in->arena, arena_copy(in->arena, out->bytes ? out->bytes : "", out->length),
		out->length);

	in->bytes += out->length;
	text_free(out);
	return value;
}

/* --- references ------------------------------------------------------------------------------------------------- */

static struct value *pseudo_parameter(struct intrinsics *in, const char *name) {
	const struct { const char *name, *value; } rows[] = {
		{ "AWS::AccountId", in->local->account }, { "AWS::Region", in->local->region },
		{ "AWS::Partition", "aws" }, { "AWS::StackName", in->local->stack }, { "AWS::URLSuffix", "amazonaws.com" },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		if (strcmp(rows[i].name, name) == 0) {
			return value_string(in->arena, rows[i].value);
		}
	}
	if (strcmp(name, "AWS::StackId") == 0) {
		return value_printf(in->arena, "arn:aws:cloudformation:%s:%s:stack/%s/local", in->local->region,
			in->local->account, in->local->stack);
	}
	return strcmp(name, "AWS::NotificationARNs") == 0 ? value_list(in->arena) : NULL;
}

static struct value *split_text(struct arena *a, const char *text, const char *separator) {
	struct value *list = value_list(a);
	size_t length = strlen(separator);

	for (const char *end; (end = *separator ? strstr(text, separator) : NULL); text = end + length) {
		list_add(a, list, value_string(a, arena_copy(a, text, (size_t)(end - text))));
	}
	list_add(a, list, value_string(a, arena_strdup(a, text)));
	return list;
}

static struct value *parameter(struct intrinsics *in, const char *name, const struct value *declared,
		const struct value *at) {
	const struct value *type = map_get(declared, "Type");
	struct value *value = map_get_text(in->local->parameters, name, strlen(name));

	value = value ? value : map_get(declared, "Default");
	if (!value) {
		return unknown(in, at, arena_printf(in->arena, "the parameter '%s'", name));
	}
	const char *text = value_spell(in->arena, value);
	if (text && is_string(type) && text_starts(type->text, "AWS::SSM::Parameter::Value<")) {
		const char *key = arena_printf(in->arena, "ssm:%s", text);
		value = map_get_text(in->local->stubs, key, strlen(key));
		return value ? value : unknown(in, at, arena_printf(in->arena, "the SSM parameter '%s'", text));
	}
	if (text && is_string(type) && (is_text(type, "CommaDelimitedList") || text_starts(type->text, "List<"))) {
		return split_text(in->arena, text, ",");
	}
	return value;
}

static struct value *reference(struct intrinsics *in, const char *name, const struct value *at) {
	struct value *pseudo = pseudo_parameter(in, name);
	const struct value *declared = map_get_text(in->parameters, name, strlen(name));

	if (pseudo || strcmp(name, "AWS::NoValue") == 0) {
		return pseudo;
	}
	if (declared) {
		return parameter(in, name, declared, at);
	}
	return resource_of(in, name) ? value_string(in->arena, identify(in, name, NULL)) :
		unknown(in, at, arena_printf(in->arena, "'%s', which the template does not have,", name));
}

static struct value *attribute(struct intrinsics *in, const char *id, const char *name, const struct value *at) {
	const char *text = resource_of(in, id) ? identify(in, id, name) : NULL;
	const struct value *property = map_get_text(map_get(resource_of(in, id), "Properties"), name, strlen(name));

	if (text) {
		return value_string(in->arena, text);
	}
	return property ? intrinsics_resolve(in, property) : unknown(in, at, arena_printf(in->arena, "'%s.%s'", id, name));
}

/* --- the functions ---------------------------------------------------------------------------------------------- */

static struct value *fn_ref(struct intrinsics *in, const struct value *argument) {
	return is_string(argument) ? reference(in, argument->text, argument) : NULL;
}

/* "Id.Attribute.Path" or ["Id", "Attribute"] */
static struct value *fn_get_att(struct intrinsics *in, const struct value *argument) {
	const char *text = is_string(argument) ? argument->text : intrinsics_text(in, list_get(argument, 0));
	const char *dot = is_string(argument) ? strchr(text, '.') : NULL;
	const char *name = dot ? dot + 1 : is_list(argument) ? intrinsics_text(in, list_get(argument, 1)) : NULL;

	if (!text || !name) {
		return NULL;
	}
	return attribute(in, dot ? arena_copy(in->arena, text, (size_t)(dot - text)) : text, name, argument);
}

static struct value *fn_join(struct intrinsics *in, const struct value *argument) {
	const char *separator = intrinsics_text(in, list_get(argument, 0));
	const struct value *items = intrinsics_resolve(in, list_get(argument, 1));
	struct text out = { 0 };

	for (size_t i = 0; i < list_length(items) && out.length < LONGEST_TEXT; i++) {
		const char *text = value_spell(in->arena, list_get(items, i));
		text_puts(&out, i && separator ? separator : "");
		text_puts(&out, text ? text : "");
	}
	return finish_text(in, &out);
}

static void substitute(struct intrinsics *in, struct text *out, const char *name, const struct value *own,
		const struct value *at) {
	const struct value *value = map_get_text(own, name, strlen(name));
	const char *dot = strchr(name, '.');

	if (!value && dot) {
		value = attribute(in, arena_copy(in->arena, name, (size_t)(dot - name)), dot + 1, at);
	} else if (!value) {
		value = reference(in, name, at);
	}
	const char *text = value_spell(in->arena, value);
	text_puts(out, text ? text : "");
}

/* ${Name}, ${Id.Attribute}, ${!Literal} */
static struct value *fn_sub(struct intrinsics *in, const struct value *argument) {
	const struct value *format = is_list(argument) ? list_get(argument, 0) : argument;
	const struct value *own = is_list(argument) ? intrinsics_resolve(in, list_get(argument, 1)) : NULL;
	struct text out = { 0 };

	if (!is_string(format)) {
		return NULL;
	}
	for (const char *at = format->text, *end; *at && out.length < LONGEST_TEXT; at = end) {
		const char *start = strstr(at, "${");
		end = start ? strchr(start, '}') : NULL;
		if (!end) {
			text_puts(&out, at);
			break;
		}
		text_add(&out, at, (size_t)(start - at));
		const char *name = arena_copy(in->arena, start + 2, (size_t)(end - start - 2));
		if (*name == '!') {
			text_printf(&out, "${%s}", name + 1);
		} else {
			substitute(in, &out, name, own, format);
		}
		end++;
	}
	return finish_text(in, &out);
}

static struct value *fn_select(struct intrinsics *in, const struct value *argument) {
	const char *index = intrinsics_text(in, list_get(argument, 0));
	const struct value *items = intrinsics_resolve(in, list_get(argument, 1));

	return index ? list_get(items, strtoul(index, NULL, 10)) : NULL;
}

static struct value *fn_split(struct intrinsics *in, const struct value *argument) {
	const char *separator = intrinsics_text(in, list_get(argument, 0));
	const char *text = intrinsics_text(in, list_get(argument, 1));

	return separator && text ? split_text(in->arena, text, separator) : NULL;
}

static struct value *fn_find_in_map(struct intrinsics *in, const struct value *argument) {
	const struct value *value = in->mappings;

	for (size_t i = 0; i < 3; i++) {
		const char *key = intrinsics_text(in, list_get(argument, i));
		value = key ? map_get_text(value, key, strlen(key)) : NULL;
	}
	return value ? intrinsics_resolve(in, value) : unknown(in, argument, "the entry of Fn::FindInMap");
}

static struct value *fn_import_value(struct intrinsics *in, const struct value *argument) {
	const char *name = intrinsics_text(in, argument);
	const char *key = name ? arena_printf(in->arena, "import:%s", name) : "";
	struct value *value = map_get_text(in->local->stubs, key, strlen(key));

	return value ? value : unknown(in, argument, arena_printf(in->arena, "the export '%s'", name ? name : ""));
}

static struct value *fn_base64(struct intrinsics *in, const struct value *argument) {
	static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
	const char *text = intrinsics_text(in, argument);
	struct text out = { 0 };

	for (size_t i = 0, n = text ? strlen(text) : 0; i < n; i += 3) {
		unsigned bits = (unsigned)(unsigned char)text[i] << 16;
		bits |= i + 1 < n ? (unsigned)(unsigned char)text[i + 1] << 8 : 0;
		bits |= i + 2 < n ? (unsigned char)text[i + 2] : 0;
		text_putc(&out, digits[bits >> 18]);
		text_putc(&out, digits[(bits >> 12) & 63]);
		text_putc(&out, i + 1 < n ? digits[(bits >> 6) & 63] : '=');
		text_putc(&out, i + 2 < n ? digits[bits & 63] : '=');
	}
	return finish_text(in, &out);
}

static struct value *fn_get_azs(struct intrinsics *in, const struct value *argument) {
	const char *region = intrinsics_text(in, argument);

	region = region && *region ? region : in->local->region;
	return LIST(in->arena, value_printf(in->arena, "%sa", region), value_printf(in->arena, "%sb", region),
		value_printf(in->arena, "%sc", region));
}

static struct value *fn_to_json(struct intrinsics *in, const struct value *argument) {
	const struct value *value = intrinsics_resolve(in, argument);
	struct text out = { 0 };

	if (value) {
		emit_json(&out, value, 0);
	}
	return finish_text(in, &out);
}

static struct value *fn_length(struct intrinsics *in, const struct value *argument) {
	return value_number(in->arena, (double)list_length(intrinsics_resolve(in, argument)));
}

/* --- conditions ------------------------------------------------------------------------------------------------- */

static bool holds(struct intrinsics *in, const struct value *condition);

static bool holds_by_name(struct intrinsics *in, const char *name) {
	return holds(in, map_get_text(in->conditions, name, strlen(name)));
}

static bool is_equal(struct intrinsics *in, const struct value *pair) {
	const char *first = intrinsics_text(in, list_get(pair, 0)), *second = intrinsics_text(in, list_get(pair, 1));

	return first && second && strcmp(first, second) == 0;
}

/* Whether as many hold as Fn::And (all) and Fn::Or (any) ask for. */
static bool count_hold(struct intrinsics *in, const struct value *list, bool all) {
	for (size_t i = 0; i < list_length(list); i++) {
		if (holds(in, list_get(list, i)) != all) {
			return !all;
		}
	}
	return all;
}

static bool holds_inside(struct intrinsics *in, const struct value *condition) {
	const struct entry *e = map_first(condition);

	if (!e) {
		return is_truthy(condition) && !is_text(condition, "false");
	}
	if (strcmp(e->key, "Condition") == 0) {
		return is_string(e->value) && holds_by_name(in, e->value->text);
	}
	if (strcmp(e->key, "Fn::Not") == 0) {
		return !holds(in, list_get(e->value, 0));
	}
	if (strcmp(e->key, "Fn::Equals") == 0) {
		return is_equal(in, e->value);
	}
	return count_hold(in, e->value, strcmp(e->key, "Fn::And") == 0);
}

static bool holds(struct intrinsics *in, const struct value *condition) {
	if (!condition || !spend(in, condition)) {
		return false;
	}
	in->depth++;
	bool result = holds_inside(in, condition);
	in->depth--;
	return result;
}

static struct value *fn_if(struct intrinsics *in, const struct value *argument) {
	const struct value *name = list_get(argument, 0);

	return intrinsics_resolve(in, list_get(argument, is_string(name) && holds_by_name(in, name->text) ? 1 : 2));
}

bool intrinsics_exists(struct intrinsics *in, const struct value *resource) {
	const struct value *condition = map_get(resource, "Condition");

	return !is_string(condition) || holds_by_name(in, condition->text);
}

/* --- values ----------------------------------------------------------------------------------------------------- */

static const struct {
	const char *name;
	struct value *(*function)(struct intrinsics *in, const struct value *argument);
} functions[] = {
	{ "Ref", fn_ref },
	{ "Fn::Base64", fn_base64 },
	{ "Fn::FindInMap", fn_find_in_map },
	{ "Fn::GetAZs", fn_get_azs },
	{ "Fn::GetAtt", fn_get_att },
	{ "Fn::If", fn_if },
	{ "Fn::ImportValue", fn_import_value },
	{ "Fn::Join", fn_join },
	{ "Fn::Length", fn_length },
	{ "Fn::Select", fn_select },
	{ "Fn::Split", fn_split },
	{ "Fn::Sub", fn_sub },
	{ "Fn::ToJsonString", fn_to_json },
};

static struct value *resolve_map(struct intrinsics *in, const struct value *value) {
	const struct entry *only = value->length == 1 ? map_first(value) : NULL;

	for (size_t i = 0; only && i < sizeof(functions) / sizeof(*functions); i++) {
		if (strcmp(functions[i].name, only->key) == 0) {
			return functions[i].function(in, only->value);
		}
	}
	struct value *map = value_map(in->arena);
	map->mark = value->mark;
	for (const struct entry *e = map_first(value); e; e = map_next(value, e)) {
		map_set_entry(in->arena, map, e->key, e->key_length, e->mark, intrinsics_resolve(in, e->value));
	}
	return map;
}

static struct value *resolve_list(struct intrinsics *in, const struct value *value) {
	struct value *list = value_list(in->arena);

	list->mark = value->mark;
	for (size_t i = 0; i < list_length(value); i++) {
		list_add(in->arena, list, intrinsics_resolve(in, list_get(value, i)));
	}
	return list;
}

struct value *intrinsics_resolve(struct intrinsics *in, const struct value *value) {
	if (!value || !spend(in, value)) {
		return NULL;
	}
	in->depth++;
	struct value *result = is_map(value) ? resolve_map(in, value) : is_list(value) ? resolve_list(in, value) :
		(struct value *)value;
	in->depth--;
	return result;
}

const char *intrinsics_text(struct intrinsics *in, const struct value *value) {
	const struct value *result = intrinsics_resolve(in, value);

	return is_null(result) ? NULL : value_spell(in->arena, result);
}

const char *intrinsics_ref(struct intrinsics *in, const char *logical_id) {
	return identify(in, logical_id, NULL);
}

const char *intrinsics_attribute(struct intrinsics *in, const char *logical_id, const char *attribute_name) {
	return identify(in, logical_id, attribute_name);
}
