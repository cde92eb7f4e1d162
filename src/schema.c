#include "schema.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "schema_embedded.h"
#include "schema_rules.h"

/*
 * The one door to jansson: texts of schemas become json_t documents, and these become nodes when a value first
 * meets them. Most of a configuration's schema is never looked at, so nothing is read before it is needed: an embedded
 * file comes as one text for its root and one for each of its definitions.
 */

struct document {
	struct document *next;
	json_t *json;
};

/* Where a reference can point: an absolute address to a node. */
struct target {
	struct target *next;
	const char *uri;
	struct node *node;
};

struct held_pattern {
	struct held_pattern *next;
	struct pattern *pattern;
};

enum { TARGET_SLOTS = 128 };

struct schema {
	struct arena *arena;
	bool embedded;
	struct document *documents;
	struct held_pattern *patterns;
	struct target *targets[TARGET_SLOTS];
	struct node *root;
};

static uint32_t uri_hash(const char *key, size_t length) {
	uint32_t hash = (uint32_t)length;	/* FNV-1a, but for its start */

	for (size_t i = 0; i < length; i++) {
		hash = (hash ^ (unsigned char)key[i]) * 16777619u;
	}
	return hash;
}

/* Names are told apart by their length, their ends and their middle, all but a few. */
static inline uint32_t name_hash(const char *name, size_t length) {
	uint32_t hash = (uint32_t)length * 31;

	if (length) {
		hash += (unsigned char)name[0] * 7u + (unsigned char)name[length / 2] * 5u + (unsigned char)name[length - 1] * 3u;
	}
	return hash;
}

/* --- addresses ----------------------------------------------------------------------------------------------- */

static size_t scheme_length(const char *uri) {
	size_t n = strcspn(uri, ":/?#");

	return n > 0 && uri[n] == ':' ? n + 1 : 0;
}

/* Where the path of an address starts: behind "scheme://authority". */
static size_t path_start(const char *uri) {
	size_t at = scheme_length(uri);

	if (uri[at] == '/' && uri[at + 1] == '/') {
		at += 2;
		at += strcspn(uri + at, "/?#");
	}
	return at;
}

/* Takes "./" and "x/../" out of a path. */
static char *without_dots(char *uri) {
	char *path = uri + path_start(uri);

	for (char *p = path; *p && *p != '#';) {
		char *end = p + strcspn(p, "/#");
		if (*end != '/') {
			break;
		}
		if (end - p == 1 && *p == '.') {
			memmove(p, end + 1, strlen(end + 1) + 1);
		} else if (strncmp(end + 1, "../", 3) == 0 && strncmp(p, "../", 3) != 0) {
			memmove(p, end + 4, strlen(end + 4) + 1);
			p = path;
		} else {
			p = end + 1;
		}
	}
	return uri;
}

/* A reference as an absolute address (RFC 3986, 5.2, as far as schemas go). */
static const char *resolve(struct arena *a, const char *base, const char *reference) {
	int document = (int)strcspn(base, "#");

	if (scheme_length(reference)) {
		return reference;
	}
	if (*reference == '#' || !*reference) {
		return arena_printf(a, "%.*s%s", document, base, reference);
	}
	int start = (int)path_start(base);
	if (*reference == '/') {
		return without_dots(arena_printf(a, "%.*s%s", start, base, reference));
	}
	int folder = document;
	while (folder > start && base[folder - 1] != '/') {
		folder--;
	}
	return without_dots(arena_printf(a, "%.*s%s", folder, base, reference));
}

/* "a" and "a#" are one. */
static const char *plain_uri(struct arena *a, const char *uri) {
	size_t n = strlen(uri);

	return n && uri[n - 1] == '#' ? arena_copy(a, uri, n - 1) : uri;
}

/* --- targets ------------------------------------------------------------------------------------------------- */

static size_t target_slot(const char *uri) {
	return uri_hash(uri, strlen(uri)) % TARGET_SLOTS;
}

static struct node *target_find(struct schema *schema, const char *uri) {
	for (struct target *t = schema->targets[target_slot(uri)]; t; t = t->next) {
		if (strcmp(t->uri, uri) == 0) {
			return t->node;
		}
	}
	return NULL;
}

static struct node *target_add(struct schema *schema, const char *uri, struct node *node) {
	struct target **slot = &schema->targets[target_slot(uri)];
	struct target *t = arena_new(schema->arena, struct target);

	*t = (struct target){ .next = *slot, .uri = uri, .node = node };
	*slot = t;
	return node;
}

static struct node *node_new(struct schema *schema, const json_t *json, const char *base) {
	struct node *node = arena_new(schema->arena, struct node);

	node->schema = schema;
	node->json = json;
	node->base = base;
	return node;
}

/* --- documents ----------------------------------------------------------------------------------------------- */

static json_t *document_parse(struct schema *schema, const char *text, size_t length, const char **problem) {
	json_error_t error;
	json_t *json = json_loadb(text, length, JSON_DECODE_ANY | JSON_ALLOW_NUL, &error);

	if (!json) {
		*problem = arena_printf(schema->arena, "line %d, column %d: %s", error.line, error.column, error.text);
		return NULL;
	}
	struct document *document = arena_new(schema->arena, struct document);
	*document = (struct document){ .next = schema->documents, .json = json };
	schema->documents = document;
	return json;
}

static int compare_embedded(const void *uri, const void *row) {
	return strcmp(uri, ((const struct schema_text *)row)->uri);
}

static const struct schema_text *find_text(const char *uri) {
	return bsearch(uri, schema_texts, schema_text_count, sizeof(*schema_texts), compare_embedded);
}

static struct node *embedded_node(struct schema *schema, const struct schema_text *row) {
	struct node *node = node_new(schema, NULL, row->uri);

	node->text = row;
	return node;
}

/* A file of schema/ or one of its definitions. */
static struct node *embedded_target(struct schema *schema, const char *uri) {
	const struct schema_text *row = find_text(uri);

	if (!row) {
		BUG("no embedded schema '%s'", uri);
	}
	return target_add(schema, uri, embedded_node(schema, row));
}

static const char *own_id(const json_t *json) {
	const json_t *id = json_object_get(json, "$id");

	return id && !json_object_get(json, "$ref") ? json_string_value(id) : NULL;
}

/* Notes every schema of a document that has an $id. */
static void add_ids(struct schema *schema, const json_t *json, const char *base) {
	const char *key, *id = own_id(json);
	json_t *child;
	size_t i;

	if (id) {
		base = plain_uri(schema->arena, resolve(schema->arena, base, id));
		target_add(schema, base, node_new(schema, json, base));
	}
	if (json_is_array(json)) {
		json_array_foreach(json, i, child) {
			add_ids(schema, child, base);
		}
	}
	json_object_foreach((json_t *)json, key, child) {
		if (strcmp(key, "const") != 0 && strcmp(key, "enum") != 0) {
			add_ids(schema, child, base);
		}
	}
}

static char *unescape_step(struct arena *a, const char *step, size_t length) {
	char *out = arena_copy(a, step, length), *to = out;

	for (const char *p = out; *p; p++) {
		unsigned code;
		if (*p == '%' && sscanf(p + 1, "%2x", &code) == 1) {
			*to++ = (char)code;
			p += 2;
		} else {
			*to++ = *p;
		}
	}
	*to = 0;
	to = out;
	for (const char *p = out; *p; p++) {
		bool escaped = *p == '~' && (p[1] == '0' || p[1] == '1');
		*to++ = escaped ? (p[1] == '1' ? '/' : '~') : *p;
		p += escaped;
	}
	*to = 0;
	return out;
}

/* Follows a JSON pointer, and the $id's on its way. */
static struct node *pointer_node(struct schema *schema, const struct node *from, const char *pointer) {
	const json_t *json = from->json;
	const char *base = from->base;

	while (json && *pointer == '/') {
		size_t n = strcspn(++pointer, "/");
		const char *step = unescape_step(schema->arena, pointer, n);
		pointer += n;
		json = json_is_array(json) ? json_array_get(json, (size_t)atoi(step)) : json_object_get(json, step);
		if (json && own_id(json)) {
			base = resolve(schema->arena, base, own_id(json));
		}
	}
	return json ? node_new(schema, json, base) : NULL;
}

static struct node *find_target(struct schema *schema, const char *uri) {
	uri = plain_uri(schema->arena, uri);
	struct node *node = target_find(schema, uri);
	if (node) {
		return node;
	}
	if (schema->embedded) {
		return embedded_target(schema, uri);
	}
	const char *fragment = strchr(uri, '#');
	struct node *document = target_find(schema, fragment ? arena_copy(schema->arena, uri, (size_t)(fragment - uri)) : uri);
	if (document && fragment && fragment[1] == '/') {
		node = pointer_node(schema, document, fragment + 1);
	}
	return node ? target_add(schema, uri, node) : NULL;
}

/* --- reading a keyword's value ------------------------------------------------------------------------------- */

static struct value *to_value(struct arena *a, const json_t *json) {
	struct value *v;
	const char *key;
	json_t *child;
	size_t i;

	switch (json_typeof(json)) {
	case JSON_NULL:
		return value_null(a);
	case JSON_TRUE:
	case JSON_FALSE:
		return value_bool(a, json_is_true(json));
	case JSON_INTEGER:
	case JSON_REAL:
		return value_number(a, json_number_value(json));
	case JSON_STRING:
		return value_text(a, arena_copy(a, json_string_value(json), json_string_length(json)), json_string_length(json));
	case JSON_ARRAY:
		v = value_list(a);
		json_array_foreach(json, i, child) {
			list_add(a, v, to_value(a, child));
		}
		return v;
	case JSON_OBJECT:
		v = value_map(a);
		json_object_foreach((json_t *)json, key, child) {
			map_set(a, v, arena_strdup(a, key), to_value(a, child));
		}
		return v;
	}
	return NULL;
}

static uint32_t type_bit(const json_t *name) {
	static const struct { const char *name; uint32_t bits; } types[] = {
		{ "array", KIND_LIST }, { "boolean", KIND_BOOL }, { "integer", TYPE_INTEGER }, { "null", KIND_NULL },
		{ "number", KIND_NUMBER }, { "object", KIND_MAP }, { "string", KIND_STRING },
	};

	for (size_t i = 0; i < sizeof(types) / sizeof(*types); i++) {
		if (json_is_string(name) && strcmp(json_string_value(name), types[i].name) == 0) {
			return types[i].bits;
		}
	}
	return 0;
}

static uint32_t read_types(const json_t *json) {
	uint32_t types = type_bit(json);
	json_t *item;
	size_t i;

	json_array_foreach(json, i, item) {
		types |= type_bit(item);
	}
	return types;
}

static const char *const *read_texts(struct arena *a, const json_t *json, size_t *count) {
	size_t n = json_array_size(json), i;
	const char **texts = arena_array(a, const char *, n ? n : 1);
	json_t *item;

	json_array_foreach(json, i, item) {
		texts[i] = json_is_string(item) ? json_string_value(item) : "";
	}
	*count = n;
	return texts;
}

static struct node **read_nodes(struct node *parent, const json_t *json, size_t *count) {
	size_t n = json_array_size(json), i;
	struct node **nodes = arena_array(parent->schema->arena, struct node *, n ? n : 1);
	json_t *item;

	json_array_foreach(json, i, item) {
		nodes[i] = node_new(parent->schema, item, parent->base);
	}
	*count = n;
	return nodes;
}

static struct pattern *read_pattern(struct schema *schema, const char *text) {
	struct pattern *pattern = pattern_create(schema->arena, text, "");
	struct held_pattern *held = arena_new(schema->arena, struct held_pattern);

	if (!pattern) {
		BUG("the schema's pattern '%s' is none", text);
	}
	*held = (struct held_pattern){ .next = schema->patterns, .pattern = pattern };
	schema->patterns = held;
	return pattern;
}

static void index_members(struct arena *a, struct members *members) {
	members->slot_count = 4;
	while (members->slot_count < members->count * 2) {
		members->slot_count *= 2;
	}
	members->slots = arena_array(a, uint32_t, members->slot_count);
	for (uint32_t i = 0; i < members->count; i++) {
		uint32_t slot = members->items[i].hash;
		while (members->slots[slot & (members->slot_count - 1)]) {
			slot++;
		}
		members->slots[slot & (members->slot_count - 1)] = i + 1;
	}
}

const struct member_node *members_find(const struct members *members, const char *name, size_t length) {
	uint32_t hash = name_hash(name, length);

	for (uint32_t slot = hash;; slot++) {
		uint32_t at = members->slots[slot & (members->slot_count - 1)];
		if (!at) {
			return NULL;
		}
		const struct member_node *m = &members->items[at - 1];
		if (m->hash == hash && m->length == length && memcmp(m->name, name, length) == 0) {
			return m;
		}
	}
	return NULL;
}

/* Names or patterns to schemas; in `dependencies`, a list of names may stand for a schema. */
static struct members *read_members(struct node *parent, const json_t *json, bool patterns) {
	struct schema *schema = parent->schema;
	struct members *members = arena_new(schema->arena, struct members);
	const char *name;
	json_t *child;

	members->items = arena_array(schema->arena, struct member_node, json_object_size(json) + 1);
	json_object_foreach((json_t *)json, name, child) {
		struct member_node *m = &members->items[members->count++];
		m->name = name;
		m->length = (uint32_t)strlen(name);
		m->hash = name_hash(name, m->length);
		m->pattern = patterns ? read_pattern(schema, name) : NULL;
		if (json_is_array(child)) {
			m->names = read_texts(schema->arena, child, &m->name_count);
		} else {
			m->node = node_new(schema, child, parent->base);
		}
	}
	index_members(schema->arena, members);
	return members;
}

/* The properties of an embedded schema, which are texts of their own. */
static struct members *embedded_members(struct schema *schema, const struct schema_text *text) {
	struct members *members = arena_new(schema->arena, struct members);

	members->items = arena_array(schema->arena, struct member_node, text->member_count);
	members->count = text->member_count;
	for (size_t i = 0; i < text->member_count; i++) {
		struct member_node *m = &members->items[i];
		m->name = text->members[i].name;
		m->length = (uint32_t)strlen(m->name);
		m->hash = name_hash(m->name, m->length);
		m->node = embedded_node(schema, &schema_texts[text->members[i].row]);
	}
	index_members(schema->arena, members);
	return members;
}

/* --- nodes --------------------------------------------------------------------------------------------------- */

static void read_rule(struct node *node, struct rule *rule, const json_t *json) {
	struct schema *schema = node->schema;

	switch (rule->keyword->shape) {
	case SHAPE_ANNOTATION:
	case SHAPE_TITLE:
	case SHAPE_REFERENCE:
		break;
	case SHAPE_TYPES:
		rule->types = read_types(json);
		break;
	case SHAPE_NUMBER:
	case SHAPE_COUNT:
		rule->number = json_number_value(json);
		break;
	case SHAPE_FLAG:
		rule->flag = json_is_true(json);
		break;
	case SHAPE_TEXT:
		rule->text = json_string_value(json);
		break;
	case SHAPE_TEXTS:
		rule->texts = read_texts(schema->arena, json, &rule->text_count);
		break;
	case SHAPE_PATTERN:
		rule->source = json_string_value(json);
		rule->pattern = read_pattern(schema, rule->source);
		break;
	case SHAPE_VALUE:
		rule->value = to_value(schema->arena, json);
		break;
	case SHAPE_SCHEMA:
		rule->node = node_new(schema, json, node->base);
		break;
	case SHAPE_SCHEMA_OR_LIST:
		if (!json_is_array(json)) {
			rule->nodes = arena_new(schema->arena, struct node *);
			rule->nodes[0] = node_new(schema, json, node->base);
			rule->node_count = SIZE_MAX;
			break;
		}
		/* fall through */
	case SHAPE_SCHEMAS:
		rule->nodes = read_nodes(node, json, &rule->node_count);
		break;
	case SHAPE_MEMBERS:
	case SHAPE_DEPENDENCIES:
		rule->members = read_members(node, json, false);
		break;
	case SHAPE_PATTERNS:
		rule->members = read_members(node, json, true);
		break;
	}
}

/* Keeps the rules in the order of the table, which is the order of checking. */
static struct rule *rule_room(struct node *node, const struct keyword *keyword) {
	size_t at = node->count++;

	while (at > 0 && keyword_order(node->rules[at - 1].keyword) > keyword_order(keyword)) {
		node->rules[at] = node->rules[at - 1];
		at--;
	}
	node->rules[at] = (struct rule){ .keyword = keyword };
	return &node->rules[at];
}

static void read_keyword(struct node *node, const char *name, const json_t *json) {
	const struct keyword *keyword = keyword_find(name);

	if (!keyword && node->schema->embedded) {
		BUG("the schema '%s' has a keyword '%s' that is not known", node->base, name);
	}
	if (!keyword || keyword->shape == SHAPE_ANNOTATION) {
		return;
	}
	if (keyword->shape == SHAPE_TITLE) {
		node->title = json_string_value(json);
		return;
	}
	read_rule(node, rule_room(node, keyword), json);
}

static const json_t *parse_embedded(struct schema *schema, const struct schema_text *text) {
	const char *problem;
	const json_t *json = document_parse(schema, text->text, text->length, &problem);

	if (!json) {
		BUG("embedded schema '%s': %s", text->uri, problem);
	}
	return json;
}

/* The value of an `enum` whose texts are built in one by one. */
static struct value *choices(struct arena *a, const struct schema_text *text) {
	struct value *list = value_list(a);

	for (size_t i = 0; i < text->choice_count; i++) {
		list_add(a, list, value_string(a, text->choices[i]));
	}
	return list;
}

static void follow(struct node *node, const char *reference) {
	const char *uri = resolve(node->schema->arena, node->base, reference);

	node->reference = find_target(node->schema, uri);
	if (!node->reference) {
		BUG("the schema's reference '%s' leads nowhere", uri);
	}
}

static void read_keywords(struct node *node) {
	const json_t *json = node->json;
	const char *name;
	json_t *child;

	node->rules = arena_array(node->schema->arena, struct rule, json_object_size(json) + 2);
	json_object_foreach((json_t *)json, name, child) {
		read_keyword(node, name, child);
	}
	if (node->text && node->text->members) {
		rule_room(node, keyword_find("properties"))->members = embedded_members(node->schema, node->text);
	}
	if (node->text && node->text->choices) {
		rule_room(node, keyword_find("enum"))->value = choices(node->schema->arena, node->text);
	}
	node->type = node_rule(node, "type");
	node->properties = node_rule(node, "properties");
	node->patterns = node_rule(node, "patternProperties");
}

static void compile(struct node *node) {
	if (!node->json) {
		node->json = parse_embedded(node->schema, node->text);
	}
	const json_t *json = node->json, *reference = json_object_get(json, "$ref");
	node->compiled = true;
	node->never = json_is_false(json);
	if (json_is_string(reference)) {
		follow(node, json_string_value(reference));
		return;
	}
	if (own_id(json) && !node->schema->embedded) {
		node->base = resolve(node->schema->arena, node->base, own_id(json));
	}
	read_keywords(node);
}

const struct node *node_resolve(struct node *node) {
	for (int steps = 0; steps < MOST_DEPTH; steps++) {
		if (!node->compiled) {
			compile(node);
		}
		if (!node->reference) {
			return node;
		}
		node = node->reference;
	}
	BUG("the schema's reference '%s' leads to itself", node->base);
}

const struct rule *node_rule(const struct node *node, const char *keyword) {
	for (size_t i = 0; i < node->count; i++) {
		if (strcmp(node->rules[i].keyword->name, keyword) == 0) {
			return &node->rules[i];
		}
	}
	return NULL;
}

static const struct value *read_explanation(const struct node *node, const char *keyword) {
	const struct rule *rule = node_rule(node, keyword);
	struct arena *a = node->schema->arena;

	if (rule || !node->text) {
		return rule ? rule->value : NULL;
	}
	const char *uri = node->text->uri;
	const struct schema_text *text = find_text(arena_printf(a, strchr(uri, '#') ? "%s/%s" : "%s#/%s", uri, keyword));
	return text ? to_value(a, parse_embedded(node->schema, text)) : NULL;
}

const struct value *node_explanation(const struct node *node, const char *keyword) {
	struct arena *a = node->schema->arena;
	struct value *all = node->explanations ? node->explanations : value_map(a);

	if (!map_has(all, keyword)) {
		const struct value *value = read_explanation(node, keyword);
		map_set(a, all, keyword, value ? (struct value *)value : value_null(a));
		((struct node *)node)->explanations = all;
	}
	return map_get(all, keyword);
}

/* --- schemas ------------------------------------------------------------------------------------------------- */

static struct schema *schema_new(struct arena *a, bool embedded) {
	struct schema *schema = arena_new(a, struct schema);

	schema->arena = a;
	schema->embedded = embedded;
	json_object_seed(1);	/* else jansson asks the system for a random one */
	return schema;
}

struct schema *schema_open(struct arena *a, const char *file) {
	struct schema *schema = schema_new(a, true);

	schema->root = find_target(schema, file);
	return schema;
}

struct schema *schema_parse(struct arena *a, const char *json, size_t length, const char **problem) {
	struct schema *schema = schema_new(a, false);
	json_t *document = document_parse(schema, json, length, problem);

	if (!document) {
		schema_destroy(schema);
		return NULL;
	}
	schema->root = target_add(schema, "", node_new(schema, document, ""));
	add_ids(schema, document, "");
	return schema;
}

void schema_destroy(struct schema *schema) {
	if (!schema) {
		return;
	}
	for (struct document *d = schema->documents; d; d = d->next) {
		json_decref(d->json);
	}
	for (struct held_pattern *p = schema->patterns; p; p = p->next) {
		pattern_destroy(p->pattern);
	}
}

struct node *schema_root(struct schema *schema) {
	return schema->root;
}

bool schema_valid(struct arena *a, struct schema *schema, const struct value *value) {
	struct check check = { .arena = a };
	struct frame frame = { .value = (struct value *)value, .original = (struct value *)value };

	return node_check(&check, schema->root, &frame);
}

/* --- the keywords of our own schemas ------------------------------------------------------------------------- */

static const char *unknown_keyword(const json_t *json);

/* The schemas that a keyword's value holds; whatever else it holds is data. */
static const char *unknown_below(const struct keyword *keyword, const char *name, const json_t *json) {
	bool members = strcmp(name, "definitions") == 0 || keyword->shape == SHAPE_MEMBERS ||
		keyword->shape == SHAPE_PATTERNS || keyword->shape == SHAPE_DEPENDENCIES;
	bool schemas = keyword->shape == SHAPE_SCHEMA || keyword->shape == SHAPE_SCHEMAS ||
		keyword->shape == SHAPE_SCHEMA_OR_LIST;
	const char *key, *unknown = NULL;
	json_t *child;
	size_t i;

	if (schemas && json_is_object(json)) {
		return unknown_keyword(json);
	}
	if (schemas) {
		json_array_foreach(json, i, child) {
			unknown = unknown ? unknown : unknown_keyword(child);
		}
	}
	if (members) {
		json_object_foreach((json_t *)json, key, child) {
			unknown = unknown ? unknown : unknown_keyword(child);
		}
	}
	return unknown;
}

static const char *unknown_keyword(const json_t *json) {
	const char *name, *unknown = NULL;
	json_t *child;

	json_object_foreach((json_t *)json, name, child) {
		const struct keyword *keyword = keyword_find(name);
		unknown = unknown ? unknown : keyword ? unknown_below(keyword, name, child) : name;
	}
	return unknown;
}

const char *schema_problem(struct arena *a) {
	struct schema *schema = schema_new(a, true);
	const char *problem = NULL, *unknown;

	for (size_t i = 0; i < schema_text_count && !problem; i++) {
		const struct schema_text *row = &schema_texts[i];
		json_t *json = document_parse(schema, row->text, row->length, &problem);
		if (!json) {
			problem = arena_printf(a, "%s: %s", row->uri, problem);
		} else if (!row->is_data && (unknown = unknown_keyword(json))) {
			problem = arena_printf(a, "%s: the keyword '%s' is not known", row->uri, unknown);
		}
	}
	schema_destroy(schema);
	return problem;
}
