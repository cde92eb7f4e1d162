#include "resolver.h"

#include <math.h>
#include <string.h>

#include "base/text.h"
#include "sources.h"
#include "variable_report.h"

enum {
	DEEPEST = 300,			/* variables that wait for one another */
	MOST_LEVELS = 4000,		/* the same, with the levels of maps and lists on the way */
	DEEPEST_TREE = 256,		/* levels of maps and lists */
	MOST_NEST = 10,			/* values with variables that yield values with variables */
	MOST_PARTS = 1 << 20,
	MOST_VALUES = 1 << 19,
	MOST_BYTES = 1 << 25,
	MOST_ERRORS = 1000,
};

void resolver_init(struct resolver *r) {
	r->parts_left = MOST_PARTS;
	r->values_left = MOST_VALUES;
	r->bytes_left = MOST_BYTES;
}

bool resolver_goes_on(const struct resolver *r) {
	return r->errors < MOST_ERRORS;
}

/* --- sites -------------------------------------------------------------------------------------------------- */

static size_t slot_of(const struct resolver *r, const struct value *value) {
	return (((uintptr_t)value >> 4) * 0x9e3779b97f4a7c15u >> 20) & (r->slot_count - 1);
}

static struct site *find_site(const struct resolver *r, const struct value *value) {
	if (!r->slot_count) {
		return NULL;
	}
	struct site *site = r->slots[slot_of(r, value)];
	while (site && site->value != value) {
		site = site->next;
	}
	return site;
}

static void index_site(struct resolver *r, struct site *site) {
	size_t slot = slot_of(r, site->value);

	site->next = r->slots[slot];
	r->slots[slot] = site;
}

static void make_room(struct resolver *r) {
	if (r->site_count < r->site_room) {
		return;
	}
	size_t room = r->site_room ? r->site_room * 2 : 64;
	struct site **sites = arena_array(r->arena, struct site *, room);
	if (r->site_count) {
		memcpy(sites, r->sites, sizeof(*sites) * r->site_count);
	}
	r->sites = sites;
	r->site_room = room;
	r->slot_count = room;
	r->slots = arena_array(r->arena, struct site *, room);
	for (size_t i = 0; i < r->site_count; i++) {
		index_site(r, sites[i]);
	}
}

/* --- finding variables -------------------------------------------------------------------------------------- */

struct scan {
	const struct site *parent;
	unsigned nest, depth;
	enum zone zone;
	const char *stage;
};

static struct scan scan_of_child(const struct scan *scan, const struct entry *entry) {
	struct scan child = *scan;
	const char *key = entry ? entry->key : "";

	child.depth++;
	switch (scan->zone) {
	case ZONE_ROOT:
		child.zone = strcmp(key, "params") == 0 ? ZONE_PARAMS : ZONE_PLAIN;
		break;
	case ZONE_PARAMS:
		child.zone = entry && strcmp(key, "default") != 0 ? ZONE_STAGE : ZONE_PLAIN;
		child.stage = key;
		break;
	case ZONE_STAGE:
		child.zone = ZONE_IN_STAGE;
		break;
	case ZONE_PLAIN:
	case ZONE_IN_STAGE:
		break;
	}
	return child;
}

static void add_site(struct resolver *r, struct value *value, const struct scan *scan) {
	struct site *site = find_site(r, value);
	struct variable_problem problem;

	if (site) {	/* it stands in several places, through an alias */
		site->zone = site->zone == scan->zone && site->stage == scan->stage ? site->zone : ZONE_PLAIN;
		return;
	}
	struct variable_text *text = variable_parse(r->arena, value->text, value->length, &r->parts_left, &problem);
	if (!text && !problem.fault) {
		return;
	}
	site = arena_new(r->arena, struct site);
	*site = (struct site){ .value = value, .text = text, .raw = value->text, .raw_length = value->length,
		.parent = scan->parent, .nest = scan->nest, .depth = scan->depth, .zone = scan->zone, .stage = scan->stage,
		.state = text ? SITE_WAITING : SITE_FAILED };
	if (!text) {
		struct frame frame = { .site = site, .mark = value->mark, .raw = site->raw, .raw_length = site->raw_length };
		report_syntax(r, &frame, value->text, value->length, &problem);
	}
	make_room(r);
	r->sites[r->site_count++] = site;
	index_site(r, site);
}

static void find_sites(struct resolver *r, struct value *value, const struct scan *scan) {
	if (value->kind == VALUE_STRING && variable_possible(value->text, value->length)) {
		add_site(r, value, scan);
	} else if (value->kind == VALUE_MAP) {
		for (const struct entry *e = map_first(value); e; e = map_next(value, e)) {
			struct scan child = scan_of_child(scan, e);
			find_sites(r, e->value, &child);
		}
	} else if (value->kind == VALUE_LIST) {
		struct scan child = scan_of_child(scan, NULL);
		for (uint32_t i = 0; i < value->length; i++) {
			find_sites(r, value->items[i], &child);
		}
	}
}

void resolver_find(struct resolver *r) {
	struct scan scan = { .zone = ZONE_ROOT };

	find_sites(r, r->config, &scan);
}

/* --- copies ------------------------------------------------------------------------------------------------- */

static bool spend(struct resolver *r, size_t values, size_t bytes) {
	if (r->values_left >= values && r->bytes_left >= bytes) {
		r->values_left -= values;
		r->bytes_left -= bytes;
		return true;
	}
	if (r->values_left || r->bytes_left) {
		resolver_error(r, "C112", "variables yield too much: more than %d values or %d MiB of text", MOST_VALUES,
			MOST_BYTES >> 20);
		r->values_left = r->bytes_left = 0;
	}
	return false;
}

/* A deep copy as JSON would carry it. NULL when it is too much. */
static struct value *copy(struct resolver *r, const struct value *from, unsigned depth) {
	struct value *to = arena_new(r->arena, struct value);

	*to = *from;
	if (!spend(r, 1, from->kind == VALUE_STRING ? from->length : 0)) {
		return NULL;
	}
	if (depth > DEEPEST_TREE) {
		resolver_error(r, "C105", "variables yield maps or lists more than %d levels deep", DEEPEST_TREE);
		return NULL;
	}
	if (from->kind == VALUE_NUMBER && !isfinite(from->number)) {
		to->kind = VALUE_NULL;
	} else if (from->kind == VALUE_LIST) {
		to->length = 0;
		to->items = NULL;
		for (uint32_t i = 0; i < from->length; i++) {
			struct value *item = copy(r, from->items[i], depth + 1);
			if (!item) {
				return NULL;
			}
			list_add(r->arena, to, item);
		}
	} else if (from->kind == VALUE_MAP) {
		to->length = 0;
		to->map = NULL;
		for (const struct entry *e = map_first(from); e; e = map_next(from, e)) {
			struct value *member = copy(r, e->value, depth + 1);
			if (!member) {
				return NULL;
			}
			map_set_entry(r->arena, to, e->key, e->key_length, e->mark, member);
		}
	}
	return to;
}

/* --- resolving ---------------------------------------------------------------------------------------------- */

static struct value *resolve_text(struct resolver *r, struct frame *frame, struct variable_text **again);

/* What a text that has been resolved still has to resolve: the variables in it. False after a syntax error. */
static bool parse_again(struct resolver *r, const struct frame *frame, const char *text, size_t length,
		struct variable_text **again) {
	struct variable_problem problem;

	*again = NULL;
	if (!variable_possible(text, length)) {
		return true;
	}
	*again = variable_parse(r->arena, text, length, &r->parts_left, &problem);
	if (problem.fault) {
		report_syntax(r, frame, text, length, &problem);
	}
	return !problem.fault;
}

static struct value *settle(struct resolver *r, struct value *value, unsigned left);

static struct value *settle_text(struct resolver *r, struct value *value, struct variable_text *text, unsigned left) {
	struct frame frame = { .previous = r->frame, .mark = value->mark, .raw = value->text, .raw_length = value->length,
		.text = text };
	struct variable_text *again;

	if (r->frame && !value->mark.source) {
		frame.mark = r->frame->mark;
	}
	for (const struct frame *f = r->frame; f; f = f->previous) {
		if (f->raw == value->text && !f->site && f->previous && f->previous->raw != f->raw) {
			resolver_error(r, "C104", "'%s' refers to itself", report_variable(r->arena, r->frame));
			return NULL;
		}
	}
	while (text) {
		frame.text = text;
		r->frame = &frame;
		value = resolve_text(r, &frame, &again);
		if (value && !--left) {
			resolver_error(r, "C105", "variables yield variables more than %d times", MOST_NEST);
			value = NULL;
		}
		r->frame = frame.previous;
		if (!value) {
			return NULL;
		}
		text = again;
	}
	return is_string(value) ? value : settle(r, value, left);
}

static struct value *settle(struct resolver *r, struct value *value, unsigned left) {
	struct variable_text *text = NULL;

	if (is_string(value)) {
		struct frame frame = { .previous = r->frame, .mark = value->mark, .raw = value->text,
			.raw_length = value->length };
		return !parse_again(r, &frame, value->text, value->length, &text) ? NULL :
			text ? settle_text(r, value, text, left) : value;
	}
	if (!is_list(value) && !is_map(value)) {
		return value;
	}
	struct value *settled = is_list(value) ? value_list(r->arena) : value_map(r->arena);
	settled->mark = value->mark;
	for (uint32_t i = 0; is_list(value) && i < value->length; i++) {
		struct value *item = spend(r, 1, 0) ? settle(r, value->items[i], left) : NULL;
		if (!item) {
			return NULL;
		}
		list_add(r->arena, settled, item);
	}
	for (const struct entry *e = map_first(value); e; e = map_next(value, e)) {
		struct value *member = spend(r, 1, 0) ? settle(r, e->value, left) : NULL;
		if (!member) {
			return NULL;
		}
		map_set_entry(r->arena, settled, e->key, e->key_length, e->mark, member);
	}
	return settled;
}

static bool resolve_argument(struct resolver *r, const struct variable_argument *argument, struct value **value) {
	*value = argument->value;
	if (!argument->parts) {
		return true;
	}
	struct frame frame = *r->frame;
	struct variable_text *again;
	frame.previous = r->frame;
	frame.site = NULL;
	frame.text = argument->parts;
	r->frame = &frame;
	*value = resolve_text(r, &frame, &again);
	r->frame = frame.previous;
	if (*value) {
		*value = again ? settle_text(r, *value, again, MOST_NEST) : settle(r, *value, MOST_NEST);
	}
	return *value;
}

static bool resolve_params(struct resolver *r, const struct variable_source *source, struct call *call) {
	size_t i = 0;

	call->called = source->called;
	for (const struct variable_argument *p = source->params; p; p = p->next) {
		call->param_count++;
	}
	call->params = arena_array(r->arena, struct value *, call->param_count);
	for (const struct variable_argument *p = source->params; p; p = p->next) {
		if (!resolve_argument(r, p, &call->params[i++])) {
			return false;
		}
	}
	return true;
}

/* The address as a text; sources that can do without one get NULL. */
static bool resolve_address(struct resolver *r, const struct variable_source *source, const struct source_row *row,
		struct call *call) {
	struct value *address = NULL;

	if (source->address && !resolve_argument(r, source->address, &address)) {
		return false;
	}
	if (row->address == ADDRESS_NEEDED && !is_truthy(address)) {
		resolver_error(r, "C103", "the source '%s' has no address, expected '%s'", row->name, row->expected);
		return false;
	}
	call->address = is_missing(address) ? NULL : row->address == ADDRESS_TEXT && !is_string(address) ? NULL :
		resolver_spell(r, address);
	if (!is_missing(address) && !call->address) {
		resolver_error(r, "C103", "the address of the source '%s' is %s, expected a text", row->name,
			report_kind(r->arena, address));
		return false;
	}
	if (row->separator && !memchr(call->address->text, row->separator, call->address->length)) {
		resolver_error(r, "C103", "the address '%s' has no '%c', expected '%s'", call->address->text, row->separator,
			row->expected);
		return false;
	}
	return true;
}

static bool is_available(struct resolver *r, const struct source_row *row) {
	if (row->phase <= r->phase) {
		return true;
	}
	struct diagnostic *d = resolver_error(r, "C114", "'%s' cannot use the source '%s'", r->phase_property, row->name);
	diag_help(d, r->phase == PHASE_NONE ? "write its value without variables" :
		"it has to be known before '%s' can be read", row->name);
	return false;
}

static enum outcome resolve_source(struct resolver *r, const struct variable_source *source, struct call *call,
		struct value **value) {
	const struct source_row *row = source_find(source->type);

	if (!row) {
		struct diagnostic *d = resolver_error(r, "C102", "unknown source '%s', expected one of %s", source->type,
			source_names(r->arena));
		const char *closest = source_closest(source->type);
		if (closest) {
			diag_help(d, "did you mean '%s'?", closest);
		}
		return FAILED;
	}
	*call = (struct call){ .type = source->type };
	if (!is_available(r, row)) {
		return FAILED;
	}
	enum outcome outcome = FAILED;
	if (++r->depth > DEEPEST) {
		resolver_error(r, "C105", "more than %d variables wait for one another", DEEPEST);
	} else if (resolve_params(r, source, call) && resolve_address(r, source, row, call)) {
		outcome = row->resolve(r, call, value);
	}
	r->depth--;
	return outcome == FOUND && is_missing(*value) ? MISSING : outcome;
}

static void report_missing(struct resolver *r, const struct call *call) {
	const struct frame *f = r->frame;
	struct diagnostic *d = resolver_error(r, "C101", "no value for '%s'%s%s", report_variable(r->arena, f),
		call->reason ? ": " : "", call->reason ? call->reason : "");

	if (call->help) {
		diag_help(d, "%s", call->help);
	}
}

static struct value *resolve_part(struct resolver *r, const struct variable_part *part) {
	struct value *value = NULL;
	struct call call;

	for (const struct variable_source *s = part->sources; s; s = s->next) {
		if (!s->type) {
			return s->literal;
		}
		enum outcome outcome = resolve_source(r, s, &call, &value);
		if (outcome != MISSING) {
			return outcome == FOUND ? value : NULL;
		}
	}
	report_missing(r, &call);
	return NULL;
}

/* What a value adds to a text: as JavaScript's String(), but neither null nor maps. */
struct value *resolver_spell(struct resolver *r, struct value *value) {
	if (is_string(value)) {
		return value;
	}
	if (is_missing(value) || is_map(value)) {
		return NULL;
	}
	if (!is_list(value)) {
		return value_string(r->arena, value_spell(r->arena, value));
	}
	struct text out = { 0 };
	for (uint32_t i = 0; i < value->length; i++) {
		struct value *item = is_map(value->items[i]) ? value_string(r->arena, "[object Object]") :
			resolver_spell(r, value->items[i]);
		text_puts(&out, i ? "," : "");
		if (item && spend(r, 0, item->length)) {
			text_add(&out, item->text, item->length);
		}
	}
	struct value *spelled = value_text(r->arena, arena_copy(r->arena, out.bytes, out.length), out.length);
	text_free(&out);
	return spelled;
}

/* The values of all parts, each as text where there is more than one. False after errors, of which all are reported. */
static bool resolve_parts(struct resolver *r, struct frame *frame, struct value **values) {
	size_t i = 0;
	bool done = true;

	for (const struct variable_part *part = frame->text->parts; part && resolver_goes_on(r);
			part = part->next, i++) {
		frame->part = part;
		if (!part->sources) {
			values[i] = value_text(r->arena, part->escape, part->escape_length);
			continue;
		}
		struct value *value = resolve_part(r, part);
		values[i] = value && !frame->text->whole ? resolver_spell(r, value) : value;
		if (value && !values[i]) {
			resolver_error(r, "C109", "the value of '%s' is %s, expected a text or number inside of a text",
				report_variable(r->arena, frame), report_kind(r->arena, value));
		}
		done = done && values[i];
	}
	return done && resolver_goes_on(r);
}

/* The pieces of a joined text are parsed each for itself, so that no variable comes about where two of them meet. */
struct joining {
	char *text;
	size_t length;
	struct variable_part **end;
};

static bool add_piece(struct resolver *r, struct joining *j, struct variable_text *all, const struct frame *frame,
		const char *piece, size_t length) {
	struct variable_text *again;

	if (length) {
		memcpy(j->text + j->length, piece, length);
	}
	if (!parse_again(r, frame, piece, length, &again)) {
		return false;
	}
	for (struct variable_part *part = again ? again->parts : NULL; part; part = part->next) {
		part->start += j->length;
		part->end += j->length;
		*j->end = part;
		j->end = &part->next;
	}
	j->length += length;
	all->length = j->length;
	return true;
}

static struct value *join(struct resolver *r, const struct frame *frame, struct value **values,
		struct variable_text **again) {
	const struct variable_text *text = frame->text;
	struct variable_text *all = arena_new(r->arena, struct variable_text);
	struct joining j = { .end = &all->parts };
	size_t length = text->length, at = 0, i = 0;
	bool done = true;

	for (const struct variable_part *part = text->parts; part; part = part->next) {
		length = length - (part->end - part->start) + values[i++]->length;
	}
	if (!spend(r, 0, length)) {
		return NULL;
	}
	j.text = arena_alloc(r->arena, length + 1);
	all->text = j.text;
	i = 0;
	for (const struct variable_part *part = text->parts; part; part = part->next, i++) {
		done = done && add_piece(r, &j, all, frame, text->text + at, part->start - at) &&
			add_piece(r, &j, all, frame, values[i]->text, values[i]->length);
		at = part->end;
	}
	done = done && add_piece(r, &j, all, frame, text->text + at, text->length - at);
	*again = all->parts ? all : NULL;
	return done ? value_text(r->arena, j.text, length) : NULL;
}

/* One round: every part of frame->text. *again is what the value, if it is a text, still has to resolve. */
static struct value *resolve_text(struct resolver *r, struct frame *frame, struct variable_text **again) {
	size_t count = 0;

	*again = NULL;
	for (const struct variable_part *part = frame->text->parts; part; part = part->next) {
		count++;
	}
	struct value *one, **values = count == 1 ? &one : arena_array(r->arena, struct value *, count);
	if (!resolve_parts(r, frame, values)) {
		return NULL;
	}
	if (!frame->text->whole) {
		return join(r, frame, values, again);
	}
	bool done = !is_string(values[0]) || parse_again(r, frame, values[0]->text, values[0]->length, again);
	return done ? values[0] : NULL;
}

/* --- sites in order ----------------------------------------------------------------------------------------- */

/* The value of a site: rounds until nothing is left to resolve in it. */
static struct value *resolve_rounds(struct resolver *r, struct site *site, struct frame *frame) {
	struct variable_text *again = site->text;
	struct value *value = NULL;

	while (again) {
		frame->text = again;
		value = resolve_text(r, frame, &again);
		if (!value) {
			return NULL;
		}
		if (again && ++site->nest > MOST_NEST) {
			resolver_error(r, "C105", "variables yield variables more than %d times", MOST_NEST);
			return NULL;
		}
	}
	return value;
}

/* Puts a value in the place of a site, and finds the sites in it. */
static bool place(struct resolver *r, struct site *site, const struct value *value) {
	struct value *placed = copy(r, value, site->depth);
	size_t before = r->site_count;

	if (!placed) {
		return false;
	}
	*site->value = *value_at(r->arena, placed, site->value->mark);
	if (!is_map(placed) && !is_list(placed)) {
		return true;
	}
	struct scan scan = { .parent = site, .nest = site->nest + 1, .depth = site->depth, .zone = site->zone,
		.stage = site->stage };
	find_sites(r, site->value, &scan);
	if (scan.nest <= MOST_NEST || r->site_count == before) {
		return true;
	}
	resolver_error(r, "C105", "variables yield variables more than %d times", MOST_NEST);
	for (size_t i = before; i < r->site_count; i++) {
		r->sites[i]->state = SITE_FAILED;
	}
	return false;
}

bool resolver_site(struct resolver *r, struct site *site) {
	if (site->state == SITE_DONE || site->state == SITE_FAILED) {
		return site->state == SITE_DONE;
	}
	if (site->state == SITE_RUNNING) {
		report_circle(r, site);
		return false;
	}
	struct frame frame = { .previous = r->frame, .site = site, .mark = site->value->mark, .raw = site->raw,
		.raw_length = site->raw_length };
	site->state = SITE_RUNNING;
	r->frame = &frame;
	const struct value *value = resolve_rounds(r, site, &frame);
	site->state = value && place(r, site, value) ? SITE_DONE : SITE_FAILED;
	r->frame = frame.previous;
	r->failed_sites += site->state == SITE_FAILED;
	return site->state == SITE_DONE;
}

static bool resolve_members(struct resolver *r, struct value *value) {
	bool done = true;

	if (++r->levels > MOST_LEVELS) {
		resolver_error(r, "C105", "more than %d values wait for one another", MOST_LEVELS);
		done = false;
	}
	for (const struct entry *e = map_first(value); e && done; e = map_next(value, e)) {
		done = resolver_tree(r, e->value);
	}
	for (uint32_t i = 0; i < list_length(value) && done; i++) {
		done = resolver_tree(r, value->items[i]);
	}
	r->levels--;
	return done;
}

/* All sites in a tree, those in what they yield too. What a site has yielded is not gone through again and again. */
bool resolver_tree(struct resolver *r, struct value *value) {
	bool has_members = is_map(value) || is_list(value);
	struct site *site = is_string(value) || has_members ? find_site(r, value) : NULL;

	if (site && (site->tree == SITE_DONE || site->tree == SITE_FAILED)) {
		return site->tree == SITE_DONE;
	}
	bool done = (!site || resolver_site(r, site)) && ((!is_map(value) && !is_list(value)) || resolve_members(r, value));
	if (site) {
		site->tree = done ? SITE_DONE : SITE_FAILED;
	}
	return done;
}

/* --- for the sources ---------------------------------------------------------------------------------------- */

struct value *resolver_settle(struct resolver *r, struct value *value) {
	return settle(r, value, MOST_NEST);
}

bool resolver_is_variable(struct resolver *r, const struct value *text) {
	struct variable_problem problem;
	bool parsed = variable_parse(r->arena, text->text, text->length, &r->parts_left, &problem);

	if (!parsed && !problem.fault) {
		resolver_error(r, "C100", "'%s' is no variable, expected one such as 'self:custom.a'",
			report_shown(r->arena, text->text, text->length));
	}
	return parsed || problem.fault;
}

/* Counts as JavaScript does: characters beyond U+FFFF are two. A half of such a one cannot be said in UTF-8. */
static struct value *step_into_text(struct resolver *r, const struct value *from, const char *key, size_t length) {
	uint32_t wanted = 0, units = 0, code;
	bool is_length = length == 6 && memcmp(key, "length", 6) == 0;

	if (!is_length && !key_is_index(key, length, &wanted)) {
		return NULL;
	}
	for (size_t at = 0, size; at < from->length; at += size) {
		size = utf8_decode(from->text + at, from->length - at, &code);
		size = size ? size : 1;
		uint32_t more = size == 4 ? 2 : 1;
		if (!is_length && wanted < units + more) {
			return more == 2 ? value_string(r->arena, "\xef\xbf\xbd") :
				value_text(r->arena, arena_copy(r->arena, from->text + at, size), size);
		}
		units += more;
	}
	return is_length ? value_number(r->arena, units) : NULL;
}

struct value *resolver_step(struct resolver *r, const struct value *from, const char *key, size_t length) {
	uint32_t index;

	if (is_map(from)) {
		return map_get_text(from, key, length);
	}
	if (is_string(from)) {
		return step_into_text(r, from, key, length);
	}
	if (is_list(from) && length == 6 && memcmp(key, "length", 6) == 0) {
		return value_number(r->arena, from->length);
	}
	return is_list(from) && key_is_index(key, length, &index) ? list_get(from, index) : NULL;
}

void resolver_suggest(struct resolver *r, struct call *call, const struct value *map, const char *key, size_t length) {
	enum { MOST = 1000 };
	size_t count = 0;

	if (!is_map(map) || map->length > MOST) {
		return;
	}
	const char **keys = arena_array(r->arena, const char *, map->length);
	for (const struct entry *e = map_first(map); e; e = map_next(map, e)) {
		keys[count++] = e->key;
	}
	const char *closest = text_closest(arena_copy(r->arena, key, length), keys, count);
	if (closest) {
		call->help = arena_printf(r->arena, "did you mean '%s'?", closest);
	}
}

enum outcome resolver_member(struct resolver *r, const struct value *from, const char *key, size_t length,
		struct value **value) {
	struct value *member = resolver_step(r, from, key, length);
	struct site *site = is_string(member) ? find_site(r, member) : NULL;

	if (!member) {
		return MISSING;
	}
	*value = member;
	return !site || resolver_site(r, site) ? FOUND : FAILED;
}

static void explain_missing(struct resolver *r, struct call *call, const char *path, const char *key, size_t length,
		const struct value *at) {
	size_t before = key > path ? (size_t)(key - path) - 1 : 0;
	const char *where = report_shown(r->arena, path, before), *name = report_shown(r->arena, key, length);

	if (is_map(at) || is_list(at)) {
		call->reason = before ? arena_printf(r->arena, "'%s' has no '%s'", where, name) :
			arena_printf(r->arena, "there is no '%s'", name);
	} else {
		call->reason = arena_printf(r->arena, "'%s' is %s and has no '%s'", where, report_kind(r->arena, at), name);
	}
	resolver_suggest(r, call, at, key, length);
}

enum outcome resolver_property(struct resolver *r, struct call *call, const char *path, size_t length,
		struct value **value) {
	const char *end = path + length;
	struct value *at = r->config;

	for (const char *key = path; length && key <= end;) {
		const char *dot = memchr(key, '.', (size_t)(end - key));
		size_t size = (size_t)((dot ? dot : end) - key);
		struct value *member;
		enum outcome outcome = resolver_member(r, at, key, size, &member);
		if (outcome != FOUND) {
			explain_missing(r, call, path, key, size, at);
			return outcome;
		}
		at = member;
		key += size + 1;
	}
	*value = at;
	return is_null(at) ? MISSING : resolver_tree(r, at) ? FOUND : FAILED;
}

enum outcome resolver_stage(struct resolver *r, struct call *call, struct value **stage) {
	*stage = map_get(r->options->opt, "stage");
	if (*stage) {
		return FOUND;
	}
	enum outcome outcome = resolver_property(r, call, "provider.stage", strlen("provider.stage"), stage);
	if (outcome == MISSING) {
		*stage = value_string(r->arena, "dev");
	}
	return outcome == FAILED ? FAILED : FOUND;
}
