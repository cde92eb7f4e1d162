#include "diff_match.h"

#include <ctype.h>
#include <string.h>

/* --- ids that end in a hash ----------------------------------------------------------------------------------- */

/* Types whose ids change on purpose, so that CloudFormation makes a new one. */
static bool is_hashed_type(const char *type) {
	static const char *const types[] = {
		"AWS::ApiGateway::Deployment", "AWS::ApiGatewayV2::Deployment", "AWS::Lambda::LayerVersion", "AWS::Lambda::Version",
	};

	for (size_t i = 0; i < sizeof(types) / sizeof(*types); i++) {
		if (strcmp(types[i], type) == 0) {
			return true;
		}
	}
	return false;
}

/* Where serverless and others put a hash that may be made of any letters and digits. */
static size_t stem_by_word(const char *id) {
	static const char *const words[] = {
		"LambdaVersion", "LambdaLayer", "CurrentVersion", "WebsocketsDeployment", "ApiGatewayDeployment",
	};
	enum { SHORTEST_HASH = 13 };

	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++) {
		const char *at = strstr(id, words[i]);
		size_t stem = at ? (size_t)(at - id) + strlen(words[i]) : 0;
		if (stem && strlen(id + stem) >= SHORTEST_HASH) {
			return stem;
		}
	}
	return 0;
}

static bool is_hexadecimal(char c) {
	return isdigit((unsigned char)c) || (c >= 'a' && c <= 'f');
}

/* The length of an id without the hash that it ends in, 0 when there is none: 32 or more of 0-9 and a-f, a long number,
   or SAM's ten of them. */
static size_t stem_by_digits(const char *id) {
	size_t length = strlen(id), hash = 0, digits = 0;

	while (hash < length && is_hexadecimal(id[length - hash - 1])) {
		hash++;
	}
	while (digits < length && isdigit((unsigned char)id[length - digits - 1])) {
		digits++;
	}
	if (hash >= 32) {
		return length - (hash >= 40 ? 40 : 32);
	}
	return hash >= 10 ? length - (digits >= 13 ? digits : 10) : 0;
}

static const char *type_of(const struct value *resource) {
	const struct value *type = map_get(resource, "Type");

	return is_string(type) ? type->text : "";
}

/* "type id-without-hash", or NULL. */
static const char *stem_key(struct arena *a, const char *id, const struct value *resource) {
	const char *type = type_of(resource);

	if (!is_hashed_type(type)) {
		return NULL;
	}
	size_t stem = stem_by_word(id);
	stem = stem ? stem : stem_by_digits(id);
	return stem ? arena_printf(a, "%s %.*s", type, (int)stem, id) : NULL;
}

/* "type hash-of-what-it-is", whatever ids without a partner it names. */
static const char *content_key(const struct diff_context *context, enum side side, const struct value *resource) {
	uint64_t hash = 0;

	for (const struct entry *e = map_first(resource); e; e = map_next(resource, e)) {
		if (strcmp(e->key, "Metadata") != 0 && strcmp(e->key, "DependsOn") != 0) {
			hash += diff_hash(context, side, e->key, e->value) * (1 + 2 * e->key_length);
		}
	}
	return arena_printf(context->arena, "%s %016llx", type_of(resource), (unsigned long long)hash);
}

/* --- pairing --------------------------------------------------------------------------------------------------- */

struct matcher {
	struct diff_context *context;
	struct value *pairs, *taken;	/* id before to id after; ids after */
	struct value *renamed;
};

typedef const char *key_fn(struct matcher *m, enum side side, const char *id, const struct value *resource);

static const char *key_by_stem(struct matcher *m, enum side side, const char *id, const struct value *resource) {
	(void)side;
	return stem_key(m->context->arena, id, resource);
}

static const char *key_by_content(struct matcher *m, enum side side, const char *id, const struct value *resource) {
	(void)id;
	return content_key(m->context, side, resource);
}

/* Keys of what is still free after, to lists of ids; those that are wanted first stand last. */
static struct value *free_ids(struct matcher *m, const struct value *after, key_fn *key_of) {
	struct arena *a = m->context->arena;
	struct value *ids = value_map(a);

	for (const struct entry *e = map_first(after); e; e = map_next(after, e)) {
		const char *key = map_find_text(m->taken, e->key, e->key_length) ? NULL : key_of(m, AFTER, e->key, e->value);
		if (!key) {
			continue;
		}
		if (!map_get(ids, key)) {
			map_set(a, ids, key, value_list(a));
		}
		list_add(a, map_get(ids, key), value_text(a, e->key, e->key_length));
	}
	return ids;
}

static void pair(struct matcher *m, const struct entry *before, struct value *after) {
	struct arena *a = m->context->arena;

	map_set(a, m->pairs, before->key, after);
	map_set(a, m->taken, after->text, after);
	if (strcmp(before->key, after->text) != 0) {
		map_set(a, m->context->renamed, before->key, after);
	}
}

/* Pairs what has the same key, in order: the n-th of one template with the n-th of the other. */
static void pair_by(struct matcher *m, const struct value *before, const struct value *after, key_fn *key_of,
		bool is_rename) {
	struct arena *a = m->context->arena;
	struct value *ids = free_ids(m, after, key_of), *used = value_map(a);

	for (const struct entry *e = map_first(before); e && ids->length; e = map_next(before, e)) {
		const char *key = map_find_text(m->pairs, e->key, e->key_length) ? NULL : key_of(m, BEFORE, e->key, e->value);
		struct value *list = key ? map_get(ids, key) : NULL, *count = key ? map_get(used, key) : NULL;
		struct value *id = list_get(list, count ? (size_t)count->number : 0);
		if (!id) {
			continue;
		}
		pair(m, e, id);
		map_set(a, used, key, value_number(a, count ? count->number + 1 : 1));
		if (is_rename) {
			map_set(a, m->renamed, id->text, id);
		}
	}
}

static void pair_by_id(struct matcher *m, const struct value *before, const struct value *after) {
	for (const struct entry *e = map_first(before); e; e = map_next(before, e)) {
		if (map_find_text(after, e->key, e->key_length)) {
			pair(m, e, value_text(m->context->arena, e->key, e->key_length));
		}
	}
}

static struct value *left_over(struct matcher *m, const struct value *resources, const struct value *paired) {
	struct value *ids = value_map(m->context->arena);

	for (const struct entry *e = map_first(resources); e; e = map_next(resources, e)) {
		if (!map_find_text(paired, e->key, e->key_length)) {
			map_set(m->context->arena, ids, e->key, e->value);
		}
	}
	return ids;
}

/* Whether two resources mean the same, now that ids without a partner are no longer as good as one another. */
static bool is_same(const struct diff_context *context, const struct value *before, const struct value *after) {
	for (const struct entry *e = map_first(before); e; e = map_next(before, e)) {
		bool counts = strcmp(e->key, "Metadata") != 0 && strcmp(e->key, "DependsOn") != 0;
		if (counts && !diff_same(context, e->key, e->value, map_get_text(after, e->key, e->key_length))) {
			return false;
		}
	}
	return true;
}

/* Takes the pairs apart that name what is not paired; returns whether there were any. */
static bool part_different(struct matcher *m, const struct value *before, const struct value *after) {
	struct value *different = value_map(m->context->arena);

	for (const struct entry *e = map_first(before); e; e = map_next(before, e)) {
		const struct value *id = map_get_text(m->pairs, e->key, e->key_length);
		if (id && map_find_text(m->renamed, id->text, id->length) &&
				!is_same(m->context, e->value, map_get_text(after, id->text, id->length))) {
			map_set(m->context->arena, different, e->key, (struct value *)id);
		}
	}
	for (const struct entry *e = map_first(different); e; e = map_next(different, e)) {
		map_remove_text(m->pairs, e->key, e->key_length);
		map_remove_text(m->context->renamed, e->key, e->key_length);
		map_remove_text(m->taken, e->value->text, e->value->length);
		map_remove_text(m->renamed, e->value->text, e->value->length);
	}
	return different->length > 0;
}

/* Those that are left after so many rounds are shown as renamed with changes. */
enum { MOST_ROUNDS = 3 };

struct value *match_resources(struct diff_context *context, const struct value *before, const struct value *after,
		struct value **renamed) {
	struct arena *a = context->arena;
	struct matcher m = { .context = context, .pairs = value_map(a), .taken = value_map(a), .renamed = value_map(a) };

	context->renamed = value_map(a);
	diff_forget_hashes(context);
	pair_by_id(&m, before, after);
	pair_by(&m, before, after, key_by_stem, false);
	context->loose[BEFORE] = left_over(&m, before, m.pairs);
	context->loose[AFTER] = left_over(&m, after, m.taken);
	diff_forget_hashes(context);
	struct value *gone = context->loose[BEFORE], *come = context->loose[AFTER];
	pair_by(&m, gone, come, key_by_content, true);
	context->loose[BEFORE] = context->loose[AFTER] = NULL;
	diff_forget_hashes(context);
	for (int round = 0; round < MOST_ROUNDS && part_different(&m, gone, come); round++) {
		diff_forget_hashes(context);
	}
	*renamed = m.renamed;
	return m.pairs;
}
