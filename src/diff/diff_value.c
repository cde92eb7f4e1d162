#include "diff_value.h"

#include <ctype.h>
#include <string.h>


/* --- intrinsic functions -------------------------------------------------------------------------------------- */

const char *intrinsic(const struct value *v, const struct value **argument) {
	if (!is_map(v) || v->length != 1) {
		return NULL;
	}
	const struct entry *e = map_first(v);
	if (strcmp(e->key, "Ref") != 0 && !text_starts(e->key, "Fn::")) {
		return NULL;
	}
	*argument = e->value;
	return e->key;
}

const char *renamed_id(const struct diff_context *context, const char *id, size_t length) {
	const struct value *now = map_get_text(context->renamed, id, length);

	return now ? now->text : NULL;
}

size_t id_length(const char *text, size_t length) {
	const char *dot = memchr(text, '.', length);

	return dot ? (size_t)(dot - text) : length;
}

/* "Id" or "Id.Attribute" with the id as it is now. */
static const char *renamed_text(const struct diff_context *context, const char *text, size_t length) {
	size_t id = id_length(text, length);
	const char *now = renamed_id(context, text, id);

	return now ? arena_printf(context->arena, "%s%.*s", now, (int)(length - id), text + id) :
		arena_copy(context->arena, text, length);
}

/* The text of Fn::Sub with its ids as they are now. */
static const char *renamed_sub(const struct diff_context *context, const char *text, size_t length) {
	struct text out = { 0 };
	const char *end = text + length;

	if (!context->renamed->length || !memchr(text, '$', length)) {
		return text;
	}
	for (const char *p = text; p < end;) {
		const char *close = end - p > 2 && p[0] == '$' && p[1] == '{' ? memchr(p, '}', (size_t)(end - p)) : NULL;
		const char *now = close ? renamed_id(context, p + 2, id_length(p + 2, (size_t)(close - p - 2))) : NULL;
		if (now) {
			size_t id = id_length(p + 2, (size_t)(close - p - 2));
			text_printf(&out, "${%s%.*s", now, (int)(close - p - 2 - (long)id), p + 2 + id);
			p = close;
		} else {
			const char *next = memchr(p + 1, '$', (size_t)(end - p - 1));
			next = next ? next : end;
			text_add(&out, p, (size_t)(next - p));
			p = next;
		}
	}
	const char *copy = arena_copy(context->arena, out.bytes, out.length);
	text_free(&out);
	return copy;
}

/* What Fn::GetAtt names, as "Id.Attribute"; NULL when it is neither that nor a list of two texts. */
static const char *attribute_text(const struct diff_context *context, enum side side, const struct value *argument) {
	const char *text = NULL;

	if (is_string(argument)) {
		text = argument->text;
	} else if (list_length(argument) == 2 && is_string(list_get(argument, 0)) && is_string(list_get(argument, 1))) {
		text = arena_printf(context->arena, "%s.%s", list_get(argument, 0)->text, list_get(argument, 1)->text);
	}
	return text && side == BEFORE ? renamed_text(context, text, strlen(text)) : text;
}

/* The text that a function's argument stands for if it is one that names resources, else NULL. */
static const char *reference_text(const struct diff_context *context, enum side side, const char *function,
		const struct value *argument) {
	if (strcmp(function, "Ref") == 0 && is_string(argument)) {
		return side == BEFORE ? renamed_text(context, argument->text, argument->length) : argument->text;
	}
	if (strcmp(function, "Fn::GetAtt") == 0) {
		return attribute_text(context, side, argument);
	}
	if (strcmp(function, "Fn::Sub") == 0 && is_string(argument)) {
		return side == BEFORE ? renamed_sub(context, argument->text, argument->length) : argument->text;
	}
	return NULL;
}

/* --- churn ---------------------------------------------------------------------------------------------------- */

static size_t run_of(const char *text, int (*is)(int)) {
	size_t n = 0;

	while (text[n] && is((unsigned char)text[n])) {
		n++;
	}
	return n;
}

/* The bytes at the start of a part of a path that are a time (1700000000000-2023-11-14T22:13:20.000Z) or a digest. */
static size_t volatile_part(const char *part) {
	size_t digits = run_of(part, isdigit), content = text_starts(part, "content-") ? strlen("content-") : 0;

	if (digits >= 10 && digits <= 14 && part[digits] == '-' && isdigit((unsigned char)part[digits + 1])) {
		return digits + strcspn(part + digits, "/");
	}
	size_t hex = run_of(part + content, isxdigit);
	return hex >= 32 || (content && hex >= 8) ? content + hex : 0;
}

/* A path with '*' in the place of what changes with every build. */
static const char *steady_path(struct arena *a, const char *path) {
	struct text out = { 0 };
	bool start = true;

	for (const char *p = path; *p;) {
		size_t skipped = start ? volatile_part(p) : 0;
		start = !skipped && !isalnum((unsigned char)*p);
		text_putc(&out, skipped ? '*' : *p);
		p += skipped ? skipped : 1;
	}
	const char *copy = arena_copy(a, out.bytes ? out.bytes : "", out.length);
	text_free(&out);
	return copy;
}

enum { SHA256_BASE64 = 44, SHA1_HEX = 40 };

/* Keys whose texts hold digests, and how. */
enum digest_key { NO_DIGEST, DIGEST_IN_PATH, DIGEST_BASE64, DIGEST_HEX };

static enum digest_key digest_key(const char *key) {
	if (!key) {
		return NO_DIGEST;
	}
	if (strcmp(key, "S3Key") == 0 || strcmp(key, "aws:asset:path") == 0 || text_ends(key, "LambdaLayerS3Key")) {
		return DIGEST_IN_PATH;
	}
	return strcmp(key, "CodeSha256") == 0 ? DIGEST_BASE64 : text_ends(key, "LambdaLayerHash") ? DIGEST_HEX : NO_DIGEST;
}

bool differ_by_hash(struct arena *a, const char *key, const struct value *before, const struct value *after) {
	enum digest_key kind = digest_key(key);

	if (kind == NO_DIGEST || !is_string(before) || !is_string(after)) {
		return false;
	}
	if (kind == DIGEST_IN_PATH) {
		return strcmp(steady_path(a, before->text), steady_path(a, after->text)) == 0;
	}
	size_t length = kind == DIGEST_BASE64 ? SHA256_BASE64 : SHA1_HEX;
	return before->length == length && after->length == length;
}

/* --- sameness ------------------------------------------------------------------------------------------------- */

bool is_set_key(const char *key) {
	static const char *const keys[] = {
		"Action", "NotAction", "Resource", "NotResource", "DependsOn", "ManagedPolicyArns", "SecurityGroupIds",
		"SecurityGroups", "SubnetIds", "AWS", "Service", "Federated", "CanonicalUser", "CompatibleRuntimes",
		"VPCZoneIdentifier", "VpcSecurityGroupIds", "DBSecurityGroups", "Tags", "Statement", "Policies",
	};

	for (size_t i = 0; key && i < sizeof(keys) / sizeof(*keys); i++) {
		if (strcmp(keys[i], key) == 0) {
			return true;
		}
	}
	return false;
}

size_t set_count(const struct value *v) {
	return is_list(v) ? v->length : v ? 1 : 0;
}

const struct value *set_item(const struct value *v, size_t index) {
	return is_list(v) ? list_get(v, index) : v;
}

static bool is_scalar(const struct value *v) {
	return is_string(v) || is_number(v) || is_bool(v);
}

/* DependsOn holds ids as they are. */
static const char *scalar_text(const struct diff_context *context, enum side side, const char *key, const struct value *v) {
	const char *id = side == BEFORE && key && is_string(v) && strcmp(key, "DependsOn") == 0 ?
		renamed_id(context, v->text, v->length) : NULL;

	return id ? id : value_spell(context->arena, v);
}

static bool same_sets(const struct diff_context *context, const char *key, const struct value *before,
		const struct value *after) {
	size_t count = set_count(before);

	if (count != set_count(after)) {
		return false;
	}
	if (count == 1) {
		const struct value *item = set_item(before, 0), *other = set_item(after, 0);
		return is_list(item) || is_list(other) ? value_equal(item, other) : diff_same(context, key, item, other);
	}
	struct bag *bag = bag_create(context, key, after);
	for (size_t i = 0; i < count; i++) {
		if (bag_take(bag, set_item(before, i)) == SIZE_MAX) {
			return false;
		}
	}
	return true;
}

static bool same_maps(const struct diff_context *context, const struct value *before, const struct value *after) {
	const struct value *x, *y;
	const char *function = intrinsic(before, &x), *other = intrinsic(after, &y);

	if (before->length != after->length) {
		return false;
	}
	if (function && other && strcmp(function, other) == 0) {
		const char *text = reference_text(context, BEFORE, function, x);
		const char *other_text = text ? reference_text(context, AFTER, other, y) : NULL;
		if (text && other_text) {
			return strcmp(text, other_text) == 0;
		}
	}
	for (const struct entry *e = map_first(before); e; e = map_next(before, e)) {
		const struct value *there = map_get_text(after, e->key, e->key_length);
		if (!there || !diff_same(context, e->key, e->value, there)) {
			return false;
		}
	}
	return true;
}

bool diff_same(const struct diff_context *context, const char *key, const struct value *before, const struct value *after) {
	if (!before || !after) {
		return before == after;
	}
	if (is_set_key(key) && (is_list(before) || is_list(after))) {
		return same_sets(context, key, before, after);
	}
	if (is_scalar(before) && is_scalar(after)) {
		return strcmp(scalar_text(context, BEFORE, key, before), scalar_text(context, AFTER, key, after)) == 0 ||
			differ_by_hash(context->arena, key, before, after);
	}
	if (before->kind != after->kind) {
		return false;
	}
	if (is_list(before)) {
		bool same = before->length == after->length;
		for (uint32_t i = 0; same && i < before->length; i++) {
			same = diff_same(context, NULL, before->items[i], after->items[i]);
		}
		return same;
	}
	return !is_map(before) || same_maps(context, before, after);
}

/* --- hashes --------------------------------------------------------------------------------------------------- */

static uint64_t mix(uint64_t x) {
	x = (x ^ (x >> 33)) * UINT64_C(0xff51afd7ed558ccd);
	x = (x ^ (x >> 33)) * UINT64_C(0xc4ceb9fe1a85ec53);
	return x ^ (x >> 33);
}

static uint64_t hash_text(const char *text) {
	uint64_t hash = UINT64_C(0xcbf29ce484222325);

	for (; *text; text++) {
		hash = (hash ^ (unsigned char)*text) * UINT64_C(0x100000001b3);
	}
	return mix(hash);
}

/* "Id.Attribute": any id without a partner is as good as another. */
static uint64_t hash_reference(const struct diff_context *context, enum side side, const char *text) {
	size_t id = id_length(text, strlen(text));

	return map_get_text(context->loose[side], text, id) ? hash_text(text + id) + 1 : hash_text(text);
}

static uint64_t hash_scalar(const struct diff_context *context, enum side side, const char *key, const struct value *v) {
	enum digest_key digest = digest_key(key);
	const char *text = scalar_text(context, side, key, v);

	if (digest == DIGEST_IN_PATH) {
		text = steady_path(context->arena, text);
	} else if (digest != NO_DIGEST && strlen(text) == (digest == DIGEST_BASE64 ? SHA256_BASE64 : SHA1_HEX)) {
		text = "a digest";
	}
	return key && strcmp(key, "DependsOn") == 0 ? hash_reference(context, side, text) : hash_text(text);
}

static uint64_t hash_map(const struct diff_context *context, enum side side, const struct value *v) {
	const struct value *argument;
	const char *function = intrinsic(v, &argument), *text = NULL;
	uint64_t hash = 0;

	if (function) {
		text = reference_text(context, side, function, argument);
	}
	if (text) {
		return mix(hash_text(function) + hash_reference(context, side, text));
	}
	for (const struct entry *e = map_first(v); e; e = map_next(v, e)) {
		hash += mix(hash_text(e->key) ^ (diff_hash(context, side, e->key, e->value) * 3));
	}
	return mix(hash + 7);
}

/* Open addressing by address; at most half full. */
struct hashes {
	const struct value **values;
	uint64_t *hashes;
	size_t count, mask;
};

static struct hashes *hashes_create(struct arena *a, size_t size) {
	struct hashes *h = arena_new(a, struct hashes);

	*h = (struct hashes){ arena_array(a, const struct value *, size), arena_array(a, uint64_t, size), 0, size - 1 };
	return h;
}

void diff_forget_hashes(struct diff_context *context) {
	enum { SIZE = 64 };

	context->hashes[BEFORE] = hashes_create(context->arena, SIZE);
	context->hashes[AFTER] = hashes_create(context->arena, SIZE);
}

/* The place of a value, or the free one where it is to be. */
static size_t hashes_find(const struct hashes *h, const struct value *v) {
	size_t i = (size_t)mix((uint64_t)(uintptr_t)v) & h->mask;

	while (h->values[i] && h->values[i] != v) {
		i = (i + 1) & h->mask;
	}
	return i;
}

static void hashes_add(struct arena *a, struct hashes *h, const struct value *v, uint64_t hash) {
	if (h->count * 2 > h->mask) {
		struct hashes *larger = hashes_create(a, (h->mask + 1) * 2);
		for (size_t i = 0; i <= h->mask; i++) {
			if (h->values[i]) {
				hashes_add(a, larger, h->values[i], h->hashes[i]);
			}
		}
		*h = *larger;
	}
	size_t i = hashes_find(h, v);
	h->count += !h->values[i];
	h->values[i] = v;
	h->hashes[i] = hash;
}

static uint64_t hash_list(const struct diff_context *context, enum side side, const struct value *v) {
	uint64_t hash = 0;

	for (uint32_t i = 0; i < v->length; i++) {
		hash = mix(hash * 31 + diff_hash(context, side, NULL, v->items[i]));
	}
	return mix(hash + 13);
}

static uint64_t hash_one(const struct diff_context *context, enum side side, const char *key, const struct value *v) {
	if (!v || is_null(v)) {
		return 5;
	}
	if (!is_list(v) && !is_map(v)) {
		return hash_scalar(context, side, key, v);
	}
	struct hashes *known = context->hashes[side];
	size_t i = hashes_find(known, v);
	if (known->values[i]) {
		return known->hashes[i];
	}
	uint64_t hash = is_map(v) ? hash_map(context, side, v) : hash_list(context, side, v);
	hashes_add(context->arena, known, v, hash);
	return hash;
}

uint64_t diff_hash(const struct diff_context *context, enum side side, const char *key, const struct value *v) {
	uint64_t hash = 0;

	if (!is_set_key(key)) {
		return hash_one(context, side, key, v);
	}
	for (size_t i = 0; i < set_count(v); i++) {
		hash += mix(hash_one(context, side, key, set_item(v, i)));
	}
	return mix(hash + 11);
}

/* --- bags ------------------------------------------------------------------------------------------------------ */

/* Chains of items by hash; what is taken leaves its chain. */
struct bag {
	const struct diff_context *context;
	const char *key;
	const struct value *list;
	uint64_t *hashes;
	size_t *next, *heads;		/* item + 1; 0: none */
	size_t mask;
};

struct bag *bag_create(const struct diff_context *context, const char *key, const struct value *list) {
	struct bag *bag = arena_new(context->arena, struct bag);
	size_t count = set_count(list), heads = 4;

	while (heads < count * 2) {
		heads *= 2;
	}
	*bag = (struct bag){ .context = context, .key = key, .list = list, .mask = heads - 1,
		.hashes = arena_array(context->arena, uint64_t, count), .next = arena_array(context->arena, size_t, count),
		.heads = arena_array(context->arena, size_t, heads) };
	for (size_t i = count; i-- > 0;) {
		bag->hashes[i] = hash_one(context, AFTER, key, set_item(list, i));
		size_t *head = &bag->heads[bag->hashes[i] & bag->mask];
		bag->next[i] = *head;
		*head = i + 1;
	}
	return bag;
}

size_t bag_take(struct bag *bag, const struct value *before) {
	uint64_t hash = hash_one(bag->context, BEFORE, bag->key, before);

	for (size_t *link = &bag->heads[hash & bag->mask]; *link; link = &bag->next[*link - 1]) {
		size_t i = *link - 1;
		const struct value *after = set_item(bag->list, i);
		bool lists = is_list(before) || is_list(after);
		if (bag->hashes[i] == hash && diff_same(bag->context, lists ? NULL : bag->key, before, after)) {
			*link = bag->next[i];
			return i;
		}
	}
	return SIZE_MAX;
}

/* --- spelling -------------------------------------------------------------------------------------------------- */

static bool is_invisible(uint32_t code) {
	return code < 0x20 || (code >= 0x7f && code < 0xa0) || (code >= 0x200b && code <= 0x200f) ||
		(code >= 0x2028 && code <= 0x202e) || (code >= 0x2060 && code <= 0x2069) || code == 0xfeff;
}

void add_visible(struct text *out, const char *text, size_t length) {
	for (size_t i = 0; i < length;) {
		uint32_t code;
		size_t bytes = utf8_decode(text + i, length - i, &code);
		if (!bytes || is_invisible(code)) {
			text_printf(out, code == '\n' && bytes ? "\\n" : code == '\t' && bytes ? "\\t" : "\\u%04x",
				bytes ? (unsigned)code : (unsigned char)text[i]);
		} else {
			text_add(out, text + i, bytes);
		}
		i += bytes ? bytes : 1;
	}
}

struct speller {
	const struct diff_context *context;
	struct text *out;
	enum side side;
	size_t most;
};

static void spell(struct speller *s, const struct value *v, bool bare);

/* A list of texts and references that Fn::Join glues together with "" or a text. */
static bool spell_join(struct speller *s, const struct value *argument) {
	const struct value *between = list_get(argument, 0), *parts = list_get(argument, 1);

	if (list_length(argument) != 2 || !is_string(between) || !is_list(parts)) {
		return false;
	}
	for (uint32_t i = 0; i < parts->length && s->out->length <= s->most; i++) {
		if (i) {
			add_visible(s->out, between->text, between->length);
		}
		spell(s, parts->items[i], true);
	}
	return true;
}

static bool spell_intrinsic(struct speller *s, const struct value *v) {
	const struct value *argument;
	const char *function = intrinsic(v, &argument);
	const char *text = function ? reference_text(s->context, s->side, function, argument) : NULL;

	if (!function) {
		return false;
	}
	if (text && strcmp(function, "Fn::Sub") == 0) {
		add_visible(s->out, text, strlen(text));
		return true;
	}
	if (text) {
		text_puts(s->out, "${");
		add_visible(s->out, text, strlen(text));
		text_putc(s->out, '}');
		return true;
	}
	return strcmp(function, "Fn::Join") == 0 && spell_join(s, argument);
}

static void spell_map(struct speller *s, const struct value *v) {
	const char *between = "";

	text_putc(s->out, '{');
	for (const struct entry *e = map_first(v); e && s->out->length <= s->most; e = map_next(v, e)) {
		text_puts(s->out, between);
		add_visible(s->out, e->key, e->key_length);
		text_puts(s->out, ": ");
		spell(s, e->value, false);
		between = ", ";
	}
	text_putc(s->out, '}');
}

static void spell_list(struct speller *s, const struct value *v) {
	text_putc(s->out, '[');
	for (uint32_t i = 0; i < v->length && s->out->length <= s->most; i++) {
		text_puts(s->out, i ? ", " : "");
		spell(s, v->items[i], false);
	}
	text_putc(s->out, ']');
}

static void spell(struct speller *s, const struct value *v, bool bare) {
	if (!v || is_null(v)) {
		text_puts(s->out, "null");
	} else if (is_string(v)) {
		text_puts(s->out, bare ? "" : "\"");
		add_visible(s->out, v->text, v->length);
		text_puts(s->out, bare ? "" : "\"");
	} else if (is_list(v)) {
		spell_list(s, v);
	} else if (!is_map(v)) {
		text_puts(s->out, value_spell(s->context->arena, v));
	} else if (!spell_intrinsic(s, v)) {
		spell_map(s, v);
	}
}

const char *diff_spell(const struct diff_context *context, enum side side, const struct value *v, bool bare, size_t most) {
	struct text out = { 0 };
	struct speller s = { .context = context, .out = &out, .side = side, .most = most ? most : SIZE_MAX };

	spell(&s, v, bare);
	size_t length = out.length;
	if (length > s.most) {
		for (length = most > 3 ? most - 3 : 0; length && ((unsigned char)out.bytes[length] & 0xc0) == 0x80;) {
			length--;
		}
	}
	const char *copy = arena_printf(context->arena, "%.*s%s", (int)length, out.bytes ? out.bytes : "",
		length < out.length ? "..." : "");
	text_free(&out);
	return copy;
}
