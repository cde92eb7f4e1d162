#include "read_yaml.h"

#include <string.h>
#include <yaml.h>

#include "base/text.h"
#include "read_text.h"
#include "yaml_types.h"

/* js-yaml's own bounds (depth, merges) and ours (values, also counted again for each alias to them). */
enum { MOST_DEPTH = 100, MOST_MERGED = 10000, MOST_MERGE_LIST = 100, MOST_VALUES = 2000000, MOST_ALIASED = 1000000 };

struct anchor {
	struct value *value;		/* NULL while its node is read */
	struct mark mark;
	size_t values;
};

struct reader {
	struct arena *arena;
	const struct source *source;
	struct diag *diag;
	yaml_parser_t parser;
	struct yaml_types types;
	struct value *anchor_names;	/* name to index in anchors */
	struct anchor *anchors;
	size_t anchor_count, anchor_room;
	size_t values, aliased, merged;
	int depth;
};

static struct value *read_node(struct reader *r, yaml_event_t *event);

static struct mark mark_of(const struct reader *r, const yaml_mark_t *mark) {
	return (struct mark){ r->source, (uint32_t)mark->line + 1, (uint32_t)mark->column + 1 };
}

/* --- events ------------------------------------------------------------------------------------------------- */

/* libyaml refuses a character before it comes to its place, and does not say the line. */
static bool report_character(struct reader *r) {
	const struct source *source = r->source;

	for (size_t i = text_bom(source), size; i < source->length; i += size) {
		uint32_t code = 0;
		size = utf8_decode(source->text + i, source->length - i, &code);
		bool allowed = code == '\t' || code == '\n' || code == '\r' || (code >= 0x20 && code <= 0x7e) || code == 0x85 ||
			(code >= 0xa0 && code <= 0xfffd) || code >= 0x10000;
		if (!allowed) {
			struct diagnostic *d = diag_error(r->diag, "C007", text_mark(source, i),
				"the character U+%04X is not allowed in YAML", code);
			diag_help(d, "in a text in double quotes it can be written as '\\%s%02X'", code > 0xff ? "u" : "x", code);
			return true;
		}
	}
	return false;
}

static void report_syntax(struct reader *r) {
	const yaml_parser_t *p = &r->parser;

	if (p->error == YAML_READER_ERROR && report_character(r)) {
		return;
	}
	struct mark mark = p->error == YAML_READER_ERROR ? (struct mark){ .source = r->source } :
		mark_of(r, &p->problem_mark);
	struct diagnostic *d = diag_error(r->diag, "C005", mark, "invalid YAML: %s", p->problem ? p->problem : "?");

	if (p->context) {
		diag_note(d, mark_of(r, &p->context_mark), "%s", p->context);
	}
}

static bool next_event(struct reader *r, yaml_event_t *event) {
	if (yaml_parser_parse(&r->parser, event)) {
		return true;
	}
	report_syntax(r);
	return false;
}

/* --- anchors ------------------------------------------------------------------------------------------------ */

/* Says which anchor a node makes; the node is open until close_anchor(). */
static size_t open_anchor(struct reader *r, const yaml_char_t *name, struct mark mark) {
	struct arena *a = r->arena;

	if (!name) {
		return 0;
	}
	if (r->anchor_count == r->anchor_room) {
		size_t room = r->anchor_room ? r->anchor_room * 2 : 8;
		struct anchor *anchors = arena_array(a, struct anchor, room);
		if (r->anchor_count) {
			memcpy(anchors, r->anchors, sizeof(*anchors) * r->anchor_count);
		}
		r->anchors = anchors;
		r->anchor_room = room;
	}
	r->anchors[r->anchor_count++] = (struct anchor){ .mark = mark, .values = r->values };
	if (!r->anchor_names) {
		r->anchor_names = value_map(a);
	}
	char *copy = arena_strdup(a, (const char *)name);
	map_set_entry(a, r->anchor_names, copy, strlen(copy), mark, value_number(a, (double)r->anchor_count));
	return r->anchor_count;
}

static struct value *close_anchor(struct reader *r, size_t number, struct value *value) {
	if (number) {
		struct anchor *anchor = &r->anchors[number - 1];
		anchor->value = value;
		anchor->values = r->values - anchor->values + 1;
	}
	return value;
}

static struct value *read_alias(struct reader *r, const yaml_event_t *event) {
	const char *name = (const char *)event->data.alias.anchor;
	struct mark mark = mark_of(r, &event->start_mark);
	const struct value *number = map_get(r->anchor_names, name);

	if (!number) {
		diag_error(r->diag, "C012", mark, "the alias '*%s' has no anchor '&%s' before it", name, name);
		return NULL;
	}
	const struct anchor *anchor = &r->anchors[(size_t)number->number - 1];
	if (!anchor->value) {
		struct diagnostic *d = diag_error(r->diag, "C013", mark, "the alias '*%s' is inside what it stands for",
			name);
		diag_note(d, anchor->mark, "the anchor '&%s' is here", name);
		return NULL;
	}
	r->values += anchor->values;
	r->aliased += anchor->values;
	if (r->aliased > MOST_ALIASED) {
		diag_error(r->diag, "C014", mark, "the aliases stand for more than %d values", MOST_ALIASED);
		return NULL;
	}
	return anchor->value;
}

/* --- tags --------------------------------------------------------------------------------------------------- */

static struct value *apply_tag(struct reader *r, const yaml_char_t *tag, struct mark mark, enum yaml_kind kind,
		struct value *node) {
	const char *reason, *name = (const char *)tag;

	if (!tag || !node) {
		return node;
	}
	struct value *value = yaml_tagged(&r->types, name, mark, kind, node, &reason);
	if (value) {
		return value;
	}
	if (reason) {
		diag_error(r->diag, "C011", mark, "the tag '%s' does not fit its value, expected %s",
			yaml_tag_name(r->arena, name), reason);
		return NULL;
	}
	struct diagnostic *d = diag_error(r->diag, "C010", mark, "unknown tag '%s'", yaml_tag_name(r->arena, name));
	const char *closest = yaml_tag_closest(name);
	if (closest) {
		diag_help(d, "did you mean '%s'?", closest);
	}
	return NULL;
}

/* --- nodes -------------------------------------------------------------------------------------------------- */

static struct value *copy_text(struct reader *r, const yaml_event_t *event) {
	size_t length = event->data.scalar.length;

	return value_text(r->arena, arena_copy(r->arena, (const char *)event->data.scalar.value, length), length);
}

static struct value *read_scalar(struct reader *r, const yaml_event_t *event) {
	struct mark mark = mark_of(r, &event->start_mark);
	const char *text = (const char *)event->data.scalar.value;
	size_t length = event->data.scalar.length;
	bool plain = event->data.scalar.style == YAML_PLAIN_SCALAR_STYLE;
	size_t anchor = open_anchor(r, event->data.scalar.anchor, mark);
	struct value *value;

	if (!event->data.scalar.tag) {
		value = plain ? yaml_plain(&r->types, text, length) : copy_text(r, event);
		value->mark = mark;
	} else {
		bool empty = plain && !length;
		struct value *node = empty ? value_null(r->arena) : copy_text(r, event);
		node->mark = mark;
		value = apply_tag(r, event->data.scalar.tag, mark, empty ? YAML_KIND_EMPTY : YAML_KIND_SCALAR, node);
	}
	return close_anchor(r, anchor, value);
}

static bool fill_list(struct reader *r, struct value *list) {
	yaml_event_t event;

	while (next_event(r, &event)) {
		if (event.type == YAML_SEQUENCE_END_EVENT) {
			return true;
		}
		struct value *item = read_node(r, &event);
		if (!item) {
			return false;
		}
		list_add(r->arena, list, item);
	}
	return false;
}

/* A map being read. Keys that a merge brought may be set again; `merged` holds them, NULL before the first merge. */
struct filling {
	struct value *map, *merged;
};

static bool count_merge(struct reader *r, struct mark mark) {
	if (++r->merged <= MOST_MERGED) {
		return true;
	}
	diag_error(r->diag, "C016", mark, "the merge keys bring more than %d entries", MOST_MERGED);
	return false;
}

static bool merge_map(struct reader *r, struct filling *f, const struct value *from, struct mark mark) {
	if (!is_map(from)) {
		struct mark place = from->mark.source ? from->mark : mark;
		diag_error(r->diag, "C015", place, "the merge key '<<' has a %s, expected a map or a list of maps",
			value_kind_name(from));
		return false;
	}
	if (!count_merge(r, mark)) {
		return false;
	}
	if (!f->merged) {
		f->merged = value_map(r->arena);
	}
	for (const struct entry *e = map_first(from); e; e = map_next(from, e)) {
		if (!count_merge(r, mark)) {
			return false;
		}
		if (!map_find_text(f->map, e->key, e->key_length)) {
			map_set_entry(r->arena, f->map, e->key, e->key_length, e->mark, e->value);
			map_set_entry(r->arena, f->merged, e->key, e->key_length, e->mark, value_bool(r->arena, true));
		}
	}
	return true;
}

static bool merge(struct reader *r, struct filling *f, const struct value *from, struct mark mark) {
	if (!is_list(from)) {
		return merge_map(r, f, from, mark);
	}
	if (from->length > MOST_MERGE_LIST) {
		diag_error(r->diag, "C016", mark, "the merge key '<<' has a list of more than %d maps", MOST_MERGE_LIST);
		return false;
	}
	for (uint32_t i = 0; i < from->length; i++) {
		if (!merge_map(r, f, from->items[i], mark)) {
			return false;
		}
	}
	return true;
}

struct key {
	const char *text;
	size_t length;
	struct mark mark;
	bool merge;
};

/* Plain keys that can only be strings come without a value of their own. */
static bool read_key(struct reader *r, yaml_event_t *event, struct key *key) {
	key->mark = mark_of(r, &event->start_mark);
	key->merge = false;
	if (event->type == YAML_SCALAR_EVENT) {
		const char *tag = (const char *)event->data.scalar.tag;
		key->merge = tag ? yaml_tag_is_merge(tag) : event->data.scalar.style == YAML_PLAIN_SCALAR_STYLE &&
			yaml_is_merge((const char *)event->data.scalar.value, event->data.scalar.length);
	}
	struct value *value = read_node(r, event);
	if (!value) {
		return false;
	}
	const char *reason = NULL;
	key->text = yaml_key(&r->types, value, &key->length, &reason);
	if (!key->text) {
		diag_error(r->diag, "C018", key->mark, "%s cannot be a key, expected a scalar", reason);
	}
	return key->text;
}

static bool set_pair(struct reader *r, struct filling *f, const struct key *key, struct value *value) {
	const struct entry *before = map_find_text(f->map, key->text, key->length);

	if (before && !is_truthy(map_get_text(f->merged, key->text, key->length))) {
		struct diagnostic *d = diag_error(r->diag, "C009", key->mark, "duplicate key '%s'", key->text);
		diag_note(d, before->mark, "it is first set here");
		return true;
	}
	struct entry *e = map_set_entry(r->arena, f->map, key->text, key->length, key->mark, value);
	e->mark = key->mark;
	if (before) {
		map_set_entry(r->arena, f->merged, key->text, key->length, key->mark, value_bool(r->arena, false));
	}
	return true;
}

static bool fill_map(struct reader *r, struct value *map) {
	struct filling f = { .map = map };
	yaml_event_t event;
	struct key key;

	while (next_event(r, &event)) {
		if (event.type == YAML_MAPPING_END_EVENT) {
			return true;
		}
		if (!read_key(r, &event, &key) || !next_event(r, &event)) {
			return false;
		}
		struct value *value = read_node(r, &event);
		if (!value) {
			return false;
		}
		if (!(key.merge ? merge(r, &f, value, key.mark) : set_pair(r, &f, &key, value))) {
			return false;
		}
	}
	return false;
}

static struct value *read_collection(struct reader *r, const yaml_event_t *event) {
	bool is_sequence = event->type == YAML_SEQUENCE_START_EVENT;
	const yaml_char_t *name = is_sequence ? event->data.sequence_start.anchor : event->data.mapping_start.anchor;
	const yaml_char_t *tag = is_sequence ? event->data.sequence_start.tag : event->data.mapping_start.tag;
	struct mark mark = mark_of(r, &event->start_mark);

	if (r->depth >= MOST_DEPTH) {
		diag_error(r->diag, "C008", mark, "values are nested more than %d levels deep", MOST_DEPTH);
		return NULL;
	}
	size_t anchor = open_anchor(r, name, mark);
	struct value *value = is_sequence ? value_list(r->arena) : value_map(r->arena);
	value->mark = mark;
	r->depth++;
	bool done = is_sequence ? fill_list(r, value) : fill_map(r, value);
	r->depth--;
	if (!done) {
		return NULL;
	}
	value = apply_tag(r, tag, mark, is_sequence ? YAML_KIND_LIST : YAML_KIND_MAP, value);
	return close_anchor(r, anchor, value);
}

/* Takes the event and frees it. */
static struct value *read_node(struct reader *r, yaml_event_t *event) {
	struct value *value = NULL;

	if (++r->values > MOST_VALUES) {
		diag_error(r->diag, "C014", mark_of(r, &event->start_mark), "there are more than %d values", MOST_VALUES);
	} else if (event->type == YAML_SCALAR_EVENT) {
		value = read_scalar(r, event);
	} else if (event->type == YAML_ALIAS_EVENT) {
		value = read_alias(r, event);
	} else {
		value = read_collection(r, event);
	}
	yaml_event_delete(event);
	return value;
}

/* --- documents ---------------------------------------------------------------------------------------------- */

static struct value *read_stream(struct reader *r) {
	struct value *value = NULL;
	yaml_event_t event;

	while (next_event(r, &event)) {
		yaml_event_type_t type = event.type;
		if (type == YAML_STREAM_END_EVENT) {
			return value ? value : value_null(r->arena);
		}
		if (type == YAML_DOCUMENT_START_EVENT && value) {
			diag_error(r->diag, "C017", mark_of(r, &event.start_mark), "a second document, expected only one");
			yaml_event_delete(&event);
			return NULL;
		}
		if (type == YAML_STREAM_START_EVENT || type == YAML_DOCUMENT_START_EVENT ||
				type == YAML_DOCUMENT_END_EVENT) {
			yaml_event_delete(&event);
			continue;
		}
		value = read_node(r, &event);
		if (!value) {
			return NULL;
		}
	}
	return NULL;
}

struct value *read_yaml(struct arena *a, const struct source *source, struct diag *diag) {
	struct reader r = { .arena = a, .source = source, .diag = diag, .types = { .arena = a } };
	unsigned errors = diag->errors;
	size_t skip = text_bom(source);

	if (!text_check(source, diag)) {
		return NULL;
	}
	if (!yaml_parser_initialize(&r.parser)) {
		BUG("yaml_parser_initialize failed");
	}
	yaml_parser_set_encoding(&r.parser, YAML_UTF8_ENCODING);
	yaml_parser_set_input_string(&r.parser, (const unsigned char *)source->text + skip, source->length - skip);
	struct value *value = read_stream(&r);
	yaml_parser_delete(&r.parser);
	yaml_settle(&r.types);
	return diag->errors > errors ? NULL : value;
}

struct value *yaml_scalar(struct arena *a, const char *text, size_t length) {
	struct yaml_types types = { .arena = a };
	struct value *value = yaml_plain(&types, text, length);

	yaml_settle(&types);
	return value;
}

bool yaml_is_empty(const struct source *source) {
	const char *at = source->text, *end = source->text + source->length;

	at += text_bom(source);
	while (at < end && *at == ' ') {
		at++;
	}
	return at == end || (at + 1 == end && (*at == '\n' || *at == '\r'));
}
