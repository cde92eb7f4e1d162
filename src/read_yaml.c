#include "read_yaml.h"

#include <string.h>
#include <yaml.h>

#include "base/text.h"
#include "read_text.h"
#include "yaml_check.h"
#include "yaml_error.h"
#include "yaml_text.h"
#include "yaml_types.h"

/* js-yaml's own bounds (merges; its depth is 100, of which it takes one to try whether a value is a key) and ours (values,
   also counted again for each alias to them). */
enum { MOST_DEPTH = 99, MOST_MERGED = 10000, MOST_MERGE_LIST = 100, MOST_VALUES = 2000000, MOST_ALIASED = 1000000,
	MOST_READ_AGAIN = 32 * 1024 * 1024 };

struct anchor {
	const char *name;
	struct value *value;		/* NULL while its node is read */
	struct mark mark;
	size_t values;
};

struct reader {
	struct arena *arena;
	const struct source *source;
	struct diag *diag;
	yaml_parser_t parser;
	struct yaml_text text;
	struct yaml_types types;
	struct value *anchor_names;	/* name to index in anchors */
	struct anchor *anchors;
	size_t anchor_count, anchor_room;
	size_t values, aliased, merged, mends;
	bool mended, renamed;		/* the text was, it is to be read again; an anchor in it was */
	int depth, flow;		/* how deep, and how deep in flow collections */
	long indent;			/* of the block collection around, from 0; at the top one less than its line's */
};

static struct value *read_node(struct reader *r, yaml_event_t *event);

static struct mark mark_of(const struct reader *r, const yaml_mark_t *mark) {
	return (struct mark){ r->source, (uint32_t)mark->line + 1, (uint32_t)mark->column + 1 };
}

/* --- how it is written -------------------------------------------------------------------------------------- */

static const char *place(struct reader *r, const yaml_mark_t *mark) {
	return yaml_text_at(&r->text, mark->line, mark->column);
}

/* Whether a check found nothing; else reports it. */
static bool is_sound(struct reader *r, struct mark mark, const char *problem) {
	if (problem) {
		diag_error(r->diag, "C005", mark, "invalid YAML: %s", problem);
	}
	return !problem;
}

/* The anchor and tag of a node; *content is the place of what follows them. */
static bool check_properties(struct reader *r, const yaml_event_t *event, bool anchor, bool tag, struct mark *content) {
	*content = mark_of(r, &event->start_mark);
	if (!anchor && !tag) {
		return true;
	}
	const char *at = place(r, &event->start_mark), *next = at;
	const char *problem = yaml_check_properties(at, r->text.end, anchor + tag, &next);
	for (; at < next; at++) {
		if (*at == '\n' || (*at == '\r' && at[1] != '\n')) {
			content->line++;
			content->column = 1;
		} else {
			content->column += ((unsigned char)*at & 0xc0) != 0x80;
		}
	}
	return is_sound(r, mark_of(r, &event->start_mark), problem);
}

/* A node that stands on a line after its anchor or tag. */
static bool check_indent(struct reader *r, struct mark content) {
	const char *at = yaml_text_at(&r->text, content.line - 1, content.column - 1);
	long indent = (long)yaml_line_indent(r->text.bytes, at);

	return is_sound(r, content, yaml_check_indent(indent, r->flow ? r->indent + 1 : r->indent));
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

/*
 * What js-yaml does not mind: tabs in lines that are blank or have a comment alone, or behind a dash, any character in the
 * name of an anchor, and escapes in pairs. There the text is mended and read again, within a budget, for libyaml cannot go on
 * after an error.
 */
static bool mend(struct reader *r) {
	const yaml_parser_t *p = &r->parser;

	if (p->error != YAML_SCANNER_ERROR || !p->context ||
			r->mends * (size_t)(r->text.end - r->text.bytes + 4096) > MOST_READ_AGAIN) {
		return false;
	}
	if (strcmp(p->problem, "did not find expected alphabetic or numeric character") == 0) {
		bool renamed = yaml_text_mend_name(&r->text, r->arena, p->context_mark.line, p->context_mark.column);
		r->renamed |= renamed;
		return renamed;
	}
	if (strcmp(p->problem, "found invalid Unicode character escape code") == 0) {
		return !r->renamed && yaml_text_mend_escape(&r->text, r->arena, p->problem_mark.line, p->problem_mark.column);
	}
	bool in_text = strcmp(p->context, "while scanning a block scalar") == 0;
	if (in_text && yaml_check_blank(place(r, &p->context_mark), place(r, &p->problem_mark))) {
		return false;
	}
	return yaml_text_mend_tab(&r->text, r->arena, p->problem_mark.line, p->problem_mark.column, in_text) ||
		yaml_text_mend_dash(&r->text, r->arena, p->problem_mark.line, p->problem_mark.column);
}

static void report_syntax(struct reader *r) {
	const yaml_parser_t *p = &r->parser;

	r->mended = mend(r);
	if (r->mended) {
		r->mends++;
		return;
	}
	if (p->error == YAML_READER_ERROR && report_character(r)) {
		return;
	}
	struct yaml_error error = {
		.problem = p->problem ? p->problem : "it cannot be read",
		.context = p->context,
		.problem_mark = mark_of(r, &p->problem_mark),
		.context_mark = mark_of(r, &p->context_mark),
		.start = r->text.bytes,
		.at = place(r, &p->problem_mark),
		.end = r->text.end,
	};
	yaml_error_report(&error, r->diag);
}

static bool next_event(struct reader *r, yaml_event_t *event) {
	if (yaml_parser_parse(&r->parser, event)) {
		return true;
	}
	report_syntax(r);
	return false;
}

/* --- anchors ------------------------------------------------------------------------------------------------ */

/* The name of an anchor or alias as it is written. */
static const char *true_name(struct reader *r, const yaml_event_t *event, const yaml_char_t *name) {
	if (!name || !r->renamed) {
		return name ? arena_strdup(r->arena, (const char *)name) : NULL;
	}
	const char *at = yaml_find_anchor(place(r, &event->start_mark), r->text.end);
	const char *written = r->source->text + text_bom(r->source) + (at - r->text.bytes);
	return arena_copy(r->arena, written + 1, strlen((const char *)name));
}

static void bind_anchor(struct reader *r, const struct anchor *anchor) {
	double number = (double)(anchor - r->anchors);

	if (!r->anchor_names) {
		r->anchor_names = value_map(r->arena);
	}
	map_set_entry(r->arena, r->anchor_names, anchor->name, strlen(anchor->name), anchor->mark,
		value_number(r->arena, number));
}

/* Says which anchor a node makes; the node is open until close_anchor(). */
static size_t open_anchor(struct reader *r, const char *name, struct mark mark) {
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
	struct anchor *anchor = &r->anchors[r->anchor_count++];
	*anchor = (struct anchor){ name, NULL, mark, r->values };
	bind_anchor(r, anchor);
	return r->anchor_count;
}

/* A node's anchor is bound at its start and again at its end, over those of the same name inside it. */
static struct value *close_anchor(struct reader *r, size_t number, struct value *value) {
	if (number) {
		struct anchor *anchor = &r->anchors[number - 1];
		anchor->value = value;
		anchor->values = r->values - anchor->values + 1;
		bind_anchor(r, anchor);
	}
	return value;
}

static struct value *read_alias(struct reader *r, const yaml_event_t *event) {
	const char *name = true_name(r, event, event->data.alias.anchor);
	struct mark mark = mark_of(r, &event->start_mark);
	const struct value *number = map_get(r->anchor_names, name);

	if (!is_sound(r, mark, yaml_check_alias(place(r, &event->start_mark), r->text.end, strlen(name)))) {
		return NULL;
	}
	if (!number) {
		struct diagnostic *d = diag_error(r->diag, "C012", mark, "the alias '*%s' has no anchor '&%s' before it",
			name, name);
		if (strcmp(name, (const char *)event->data.alias.anchor) != 0) {
			diag_help(d, "put a text that starts with '*' in quotes");
		}
		return NULL;
	}
	const struct anchor *anchor = &r->anchors[(size_t)number->number];
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
	char *copy = arena_copy(r->arena, (const char *)event->data.scalar.value, length);

	if (r->text.replaced) {
		yaml_text_restore(&r->text, copy, &length);
	}
	return value_text(r->arena, copy, length);
}

static bool only_breaks(const yaml_event_t *event) {
	const char *text = (const char *)event->data.scalar.value;

	return strspn(text, "\n") == event->data.scalar.length;
}

/* A plain scalar on one line of a block collection, by far the most of them, has nothing to check. */
static bool check_scalar(struct reader *r, const yaml_event_t *event, struct mark content) {
	bool plain = event->data.scalar.style == YAML_PLAIN_SCALAR_STYLE;
	size_t length = event->data.scalar.length;

	if (event->data.scalar.style == YAML_LITERAL_SCALAR_STYLE ||
			event->data.scalar.style == YAML_FOLDED_SCALAR_STYLE) {
		const char *at = yaml_text_at(&r->text, content.line - 1, content.column - 1);
		return is_sound(r, content, yaml_check_block_scalar(at, r->text.end, content.column - 1, r->indent)) &&
			(r->depth || is_sound(r, content, yaml_check_whole_scalar(at, r->text.end, r->indent >= 0 || only_breaks(event))));
	}
	if (!plain || !length) {
		return true;
	}
	size_t breaks = event->end_mark.line + 1 - content.line;
	if (!r->flow && !breaks) {
		return true;
	}
	const char *at = yaml_text_at(&r->text, content.line - 1, content.column - 1);
	if (!is_sound(r, content, r->flow ? yaml_check_flow_scalar(at, r->text.end) : NULL)) {
		return false;
	}
	if (yaml_check_lines(at, r->text.end, breaks, (size_t)(r->indent + 1))) {
		return true;
	}
	struct diagnostic *d = diag_error(r->diag, "C005", content,
		"invalid YAML: the text goes on in a line that is indented too little");
	diag_help(d, r->flow ? "is a ',' or a closing bracket missing?" : "indent it as the first line");
	return false;
}

/* js-yaml resolves a plain scalar before it comes to a tag on a line above: !!str 1 would be a number. */
static bool check_resolved(struct reader *r, struct mark content, const struct value *node) {
	if (is_string(yaml_plain(&r->types, node->text, node->length))) {
		return true;
	}
	struct diagnostic *d = diag_error(r->diag, "C020", content, "'%s' stands on another line than its tag", node->text);
	diag_help(d, "write both on one line, or put the value in quotes");
	return false;
}

static struct value *read_tagged_scalar(struct reader *r, const yaml_event_t *event, struct mark mark,
		struct mark content) {
	bool plain = event->data.scalar.style == YAML_PLAIN_SCALAR_STYLE, empty = plain && !event->data.scalar.length;
	struct value *node = empty ? value_null(r->arena) : copy_text(r, event);

	node->mark = empty ? mark : content;
	if (plain && !empty && content.line > mark.line && !r->flow && !check_resolved(r, content, node)) {
		return NULL;
	}
	return apply_tag(r, event->data.scalar.tag, mark, empty ? YAML_KIND_EMPTY : YAML_KIND_SCALAR, node);
}

static struct value *read_plain(struct reader *r, const yaml_event_t *event) {
	if (!r->text.replaced) {
		return yaml_plain(&r->types, (const char *)event->data.scalar.value, event->data.scalar.length);
	}
	const struct value *text = copy_text(r, event);
	return yaml_plain(&r->types, text->text, text->length);
}

/* A scalar on a line after its anchor or tag. js-yaml forgets both before a block scalar or the end of a document. */
static bool check_apart(struct reader *r, struct mark content, bool empty) {
	const char *at = yaml_text_at(&r->text, content.line - 1, content.column - 1);

	if (empty && at < r->text.end && (*at == '!' || *at == '&')) {
		return is_sound(r, content, "an anchor or a tag has no value before another");
	}
	if (empty) {
		return r->depth || at == r->text.end ||
			is_sound(r, content, "an anchor or a tag has no value before the end of the document");
	}
	if (*at == '|' || *at == '>') {
		return is_sound(r, content, "'|' and '>' must stand on the line of their anchor or tag");
	}
	return check_indent(r, content);
}

static struct value *read_scalar(struct reader *r, const yaml_event_t *event) {
	struct mark mark = mark_of(r, &event->start_mark), content = mark;
	const yaml_char_t *tag = event->data.scalar.tag, *name = event->data.scalar.anchor;
	bool plain = event->data.scalar.style == YAML_PLAIN_SCALAR_STYLE;
	struct value *value;

	if (tag || name) {
		if (!check_properties(r, event, name, tag, &content)) {
			return NULL;
		}
		bool empty = plain && !event->data.scalar.length;
		if (empty && tag && name && strcmp((const char *)tag, "!") == 0) {
			return is_sound(r, mark, "an anchor and the tag '!' have no value"), NULL;
		}
		if (content.line > mark.line && !check_apart(r, content, empty)) {
			return NULL;
		}
	}
	if (!check_scalar(r, event, content)) {
		return NULL;
	}
	size_t anchor = open_anchor(r, true_name(r, event, name), mark);
	if (tag) {
		value = read_tagged_scalar(r, event, mark, content);
	} else {
		value = plain ? read_plain(r, event) : copy_text(r, event);
		value->mark = content;
	}
	return close_anchor(r, anchor, value);
}

static bool is_empty(const yaml_event_t *event) {
	return event->type == YAML_SCALAR_EVENT && !event->data.scalar.length && !event->data.scalar.tag &&
		!event->data.scalar.anchor && event->data.scalar.style == YAML_PLAIN_SCALAR_STYLE;
}

static bool fill_list(struct reader *r, struct value *list) {
	bool empty = false;
	yaml_event_t event;

	while (next_event(r, &event)) {
		if (event.type == YAML_SEQUENCE_END_EVENT) {
			return r->flow || !empty || is_sound(r, mark_of(r, &event.start_mark),
				yaml_check_empty_item(place(r, &event.start_mark), r->text.end,
				event.start_mark.column, r->indent));
		}
		empty = is_empty(&event);
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
		diag_error(r->diag, "C015", from->mark, "the merge key '<<' has %s%s, expected a map or a list of maps",
			is_null(from) ? "no value" : "a ", is_null(from) ? "" : value_kind_name(from));
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
	if (r->flow) {
		struct mark content = key->mark;
		bool empty = event->type == YAML_SCALAR_EVENT && !event->data.scalar.length &&
			event->data.scalar.style == YAML_PLAIN_SCALAR_STYLE;
		if (empty && !check_properties(r, event, event->data.scalar.anchor, event->data.scalar.tag, &content)) {
			yaml_event_delete(event);
			return false;
		}
		const char *before = place(r, &event->start_mark);
		const char *at = yaml_text_at(&r->text, content.line - 1, content.column - 1);
		if (!is_sound(r, key->mark, yaml_check_flow_key(r->text.bytes, before, at, r->text.end, empty))) {
			yaml_event_delete(event);
			return false;
		}
	}
	if (event->type == YAML_SCALAR_EVENT) {
		const char *tag = (const char *)event->data.scalar.tag;
		key->merge = tag ? yaml_tag_is_merge(tag) : event->data.scalar.style == YAML_PLAIN_SCALAR_STYLE &&
			yaml_is_merge((const char *)event->data.scalar.value, event->data.scalar.length);
		/* js-yaml does not look at the tag of a key behind '?'. */
		key->merge &= r->flow || (long)event->start_mark.column == r->indent;
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

/* A key that is there already is the same text again, unless a merge brought it. */
static void set_pair(struct reader *r, struct filling *f, const struct key *key, struct value *value) {
	uint32_t length = f->map->length;
	struct entry *e = map_set_entry(r->arena, f->map, key->text, key->length, key->mark, value);

	if (f->map->length > length) {
		return;
	}
	if (is_truthy(map_get_text(f->merged, key->text, key->length))) {
		e->mark = key->mark;
		map_set_entry(r->arena, f->merged, key->text, key->length, key->mark, value_bool(r->arena, false));
		return;
	}
	struct diagnostic *d = diag_error(r->diag, "C009", key->mark, "duplicate key '%s'", key->text);
	diag_note(d, e->mark, "it is first set here");
}

static bool is_collection_with_properties(const yaml_event_t *event) {
	if (event->type == YAML_SEQUENCE_START_EVENT) {
		return event->data.sequence_start.anchor || event->data.sequence_start.tag;
	}
	return event->type == YAML_MAPPING_START_EVENT &&
		(event->data.mapping_start.anchor || event->data.mapping_start.tag);
}

/* Where js-yaml cannot tell whether an anchor or a tag is that of a block map or that of its first key. */
static bool check_first_key(struct reader *r, yaml_event_t *event, const yaml_event_t *start) {
	bool anchor = start->data.mapping_start.anchor, tag = start->data.mapping_start.tag;
	const char *problem = NULL;

	if (r->flow) {
		/* libyaml loses what follows an empty key. */
		problem = is_empty(event) && *place(r, &start->start_mark) == '?' ? "an empty key in a flow list" : NULL;
	} else if (anchor != tag) {
		problem = yaml_check_first_key(place(r, &event->start_mark), anchor, tag);
	} else if (is_collection_with_properties(event)) {
		problem = "a list or map with an anchor or a tag is the first key";
	}
	if (!is_sound(r, mark_of(r, &event->start_mark), problem)) {
		yaml_event_delete(event);
		return false;
	}
	return true;
}

static bool fill_map(struct reader *r, struct value *map, const yaml_event_t *start) {
	struct filling f = { .map = map };
	yaml_event_t event;
	struct key key;

	while (next_event(r, &event)) {
		if (event.type == YAML_MAPPING_END_EVENT) {
			return true;
		}
		if (start && !check_first_key(r, &event, start)) {
			return false;
		}
		start = NULL;
		if (!read_key(r, &event, &key) || !next_event(r, &event)) {
			return false;
		}
		struct value *value = read_node(r, &event);
		if (!value) {
			return false;
		}
		if (!key.merge) {
			set_pair(r, &f, &key, value);
		} else if (!merge(r, &f, value, key.mark)) {
			return false;
		}
	}
	return false;
}

/* Where a block collection is indented: where it starts or, behind an anchor or a tag, its first child. */
struct surroundings {
	long indent;
	int flow;
};

static struct surroundings enter(struct reader *r, const yaml_event_t *event, bool flow, bool properties) {
	struct surroundings around = { r->indent, r->flow };

	r->depth++;
	r->flow += flow;
	if (!flow && !properties) {
		r->indent = (long)event->start_mark.column;
	}
	return around;
}

static void leave(struct reader *r, struct surroundings around) {
	r->depth--;
	r->flow = around.flow;
	r->indent = around.indent;
}

static struct value *read_collection(struct reader *r, const yaml_event_t *event) {
	bool is_sequence = event->type == YAML_SEQUENCE_START_EVENT;
	const yaml_char_t *name = is_sequence ? event->data.sequence_start.anchor : event->data.mapping_start.anchor;
	const yaml_char_t *tag = is_sequence ? event->data.sequence_start.tag : event->data.mapping_start.tag;
	bool flow = is_sequence ? event->data.sequence_start.style == YAML_FLOW_SEQUENCE_STYLE :
		event->data.mapping_start.style == YAML_FLOW_MAPPING_STYLE;
	struct mark mark = mark_of(r, &event->start_mark), content = mark;

	if (!check_properties(r, event, name, tag, &content) ||
			(content.line > mark.line && (r->flow || !r->depth) && !check_indent(r, content))) {
		return NULL;
	}
	size_t anchor = open_anchor(r, true_name(r, event, name), mark);
	struct value *value = is_sequence ? value_list(r->arena) : value_map(r->arena);
	value->mark = mark;
	struct surroundings around = enter(r, event, flow, tag || name);
	if (!flow && (tag || name)) {
		r->indent = (long)content.column - 1;
	}
	bool done = is_sequence ? fill_list(r, value) : fill_map(r, value, event);
	leave(r, around);
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
	} else if (r->depth >= MOST_DEPTH) {
		diag_error(r->diag, "C008", mark_of(r, &event->start_mark), "values are nested more than %d levels deep",
			MOST_DEPTH);
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

static bool check_document(struct reader *r, const yaml_event_t *event) {
	const yaml_tag_directive_t *tag = event->data.document_start.tag_directives.start;

	for (; tag && tag < event->data.document_start.tag_directives.end; tag++) {
		if (strcmp((const char *)tag->handle, "!") == 0) {
			return is_sound(r, mark_of(r, &event->start_mark), "a '%TAG !' directive");
		}
	}
	return !event->data.document_start.implicit || is_sound(r, mark_of(r, &event->start_mark),
		yaml_check_start(place(r, &event->start_mark), r->text.end));
}

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
		if (type == YAML_DOCUMENT_START_EVENT && !check_document(r, &event)) {
			yaml_event_delete(&event);
			return NULL;
		}
		if (type == YAML_DOCUMENT_END_EVENT && !event.data.document_end.implicit &&
				!yaml_check_end(place(r, &event.end_mark), r->text.end)) {
			diag_error(r->diag, "C017", mark_of(r, &event.start_mark), "a document ends here, but more follows");
			return NULL;
		}
		if (type == YAML_STREAM_START_EVENT || type == YAML_DOCUMENT_START_EVENT ||
				type == YAML_DOCUMENT_END_EVENT) {
			yaml_event_delete(&event);
			continue;
		}
		r->indent = (long)yaml_line_indent(r->text.bytes, place(r, &event.start_mark)) - 1;
		value = read_node(r, &event);
		if (!value) {
			return NULL;
		}
	}
	return NULL;
}

static struct value *read_once(struct reader *r) {
	if (!yaml_parser_initialize(&r->parser)) {
		BUG("yaml_parser_initialize failed");
	}
	yaml_parser_set_encoding(&r->parser, YAML_UTF8_ENCODING);
	yaml_parser_set_input_string(&r->parser, (const unsigned char *)r->text.bytes,
		(size_t)(r->text.end - r->text.bytes));
	struct value *value = read_stream(r);
	yaml_parser_delete(&r->parser);
	return value;
}

struct value *read_yaml(struct arena *a, const struct source *source, struct diag *diag) {
	struct reader first = { .arena = a, .source = source, .diag = diag, .types = { .arena = a } }, r = first;
	const struct diag before = *diag;
	struct value *value;

	if (!text_check(source, diag)) {
		return NULL;
	}
	if (!yaml_text_init(&first.text, a, source)) {
		diag_error(diag, "C007", (struct mark){ .source = source }, "the text uses too many private characters");
		return NULL;
	}
	do {
		struct yaml_text text = r.mended ? r.text : first.text;
		size_t mends = r.mends;
		bool renamed = r.renamed;
		*diag = before;
		*diag->end = NULL;
		r = first;
		r.text = text;
		r.mends = mends;
		r.renamed = renamed;
		value = read_once(&r);
	} while (r.mended);
	yaml_settle(&r.types);
	return diag->errors > before.errors ? NULL : value;
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
