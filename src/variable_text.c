#include "variable_text.h"

#include <string.h>

#include "base/text.h"
#include "emit.h"

enum { DEEPEST = 100 };		/* variables inside variables */

struct parser {
	struct arena *arena;
	const char *text;
	size_t length, at;
	size_t variable;		/* where the outermost open variable starts */
	size_t *budget;
	struct variable_problem *problem;
	int depth;
};

/* A list of parts while it is made. */
struct parts {
	struct variable_part *first, **end;
};

static bool at_end(const struct parser *p) {
	return p->at >= p->length;
}

static bool is_at(const struct parser *p, char c) {
	return p->at < p->length && p->text[p->at] == c;
}

static bool is_type_start(char c) {
	return c >= 'a' && c <= 'z';
}

static bool is_word(char c) {
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' || c == '-';
}

static void skip_spaces(struct parser *p) {
	while (is_at(p, ' ')) {
		p->at++;
	}
}

static bool fail(struct parser *p, enum variable_fault fault, size_t at) {
	*p->problem = (struct variable_problem){ fault, p->variable, at };
	return false;
}

static bool fail_unless_end(struct parser *p, enum variable_fault fault, size_t at) {
	return at_end(p) ? fail(p, VARIABLE_UNCLOSED, p->variable) : fail(p, fault, at);
}

static struct variable_part *add_part(struct parser *p, struct parts *parts, size_t start, size_t end) {
	if (!*p->budget) {
		fail(p, VARIABLE_TOO_MANY, start);
		return NULL;
	}
	--*p->budget;
	struct variable_part *part = arena_new(p->arena, struct variable_part);
	part->start = start;
	part->end = end;
	*parts->end = part;
	parts->end = &part->next;
	return part;
}

static bool parse_sources(struct parser *p, struct variable_source **sources);

/* --- texts in quotes, literals ------------------------------------------------------------------------------ */

static bool read_hex(const char *text, size_t length, uint32_t *code) {
	*code = 0;
	if (length < 6 || text[0] != '\\' || text[1] != 'u') {
		return false;
	}
	for (int i = 2; i < 6; i++) {
		const char *digits = "0123456789abcdef", *digit = memchr(digits, text[i] | 0x20, 16);
		if (!digit || (text[i] < '0')) {
			return false;
		}
		*code = *code * 16 + (uint32_t)(digit - digits);
	}
	return true;
}

/* One backslash sequence of JSON; gives its length, or 0. Half a surrogate pair cannot be said in UTF-8. */
static size_t decode_escape(const char *text, size_t length, char out[4], size_t *size) {
	static const char names[] = "\"\\/bfnrt", characters[] = "\"\\/\b\f\n\r\t";
	const char *name = length > 1 ? memchr(names, text[1], sizeof(names) - 1) : NULL;
	uint32_t code, low;
	size_t taken = 6;

	if (name) {
		out[0] = characters[name - names];
		*size = 1;
		return 2;
	}
	if (!read_hex(text, length, &code)) {
		return 0;
	}
	bool high = code >= 0xd800 && code < 0xdc00;
	if (high && read_hex(text + 6, length - 6, &low) && low >= 0xdc00 && low < 0xe000) {
		code = 0x10000 + ((code - 0xd800) << 10) + (low - 0xdc00);
		taken = 12;
	}
	*size = utf8_encode(code >= 0xd800 && code < 0xe000 ? 0xfffd : code, out);
	return taken;
}

/* The value of a text in double quotes, as JSON has them; NULL when it is none. */
static struct value *decode_double(struct arena *a, const char *text, size_t length) {
	char *out = arena_alloc(a, length + 1);
	size_t made = 0, size = 0;

	for (size_t i = 0; i < length;) {
		if ((unsigned char)text[i] < 0x20) {
			return NULL;
		}
		if (text[i] != '\\') {
			out[made++] = text[i++];
			continue;
		}
		size_t taken = decode_escape(text + i, length - i, out + made, &size);
		if (!taken) {
			return NULL;
		}
		i += taken;
		made += size;
	}
	out[made] = '\0';
	return value_text(a, out, made);
}

/* A text in single or double quotes and the spaces behind it: after that one of `ends` has to follow. Quotes cannot be
   escaped in single quotes. */
static struct value *parse_string(struct parser *p, const char *ends, enum variable_fault fault) {
	size_t start = p->at;
	char quote = p->text[p->at++];

	while (!at_end(p) && !is_at(p, quote)) {
		p->at += quote == '"' && is_at(p, '\\') ? 2 : 1;
	}
	size_t end = p->at++;
	skip_spaces(p);
	if (at_end(p) || !strchr(ends, p->text[p->at]) || !p->text[p->at]) {
		fail_unless_end(p, fault, start);
		return NULL;
	}
	const char *text = p->text + start + 1;
	size_t length = end - start - 1;
	struct value *value = quote == '"' ? decode_double(p->arena, text, length) :
		value_text(p->arena, arena_copy(p->arena, text, length), length);
	if (!value) {
		fail(p, VARIABLE_BAD_STRING, start);
	}
	return value;
}

static bool is_quote(const struct parser *p) {
	return is_at(p, '"') || is_at(p, '\'');
}

static bool is_word_text(const char *text, size_t length, const char *word) {
	return length == strlen(word) && memcmp(text, word, length) == 0;
}

/* true, false, null and what JavaScript's Number() takes; else NULL. */
static struct value *literal_of(struct arena *a, const char *text, size_t length) {
	double number;

	if (is_word_text(text, length, "true") || is_word_text(text, length, "false")) {
		return value_bool(a, text[0] == 't');
	}
	if (is_word_text(text, length, "null")) {
		return value_null(a);
	}
	return number_read(text, length, &number) ? value_number(a, number) : NULL;
}

/* --- params and addresses ----------------------------------------------------------------------------------- */

/* At a '$' inside a param or an address. What follows dollars that open nothing is taken as text, be it a '}'. */
static bool parse_inner(struct parser *p, size_t base, struct parts *parts) {
	size_t start = p->at;

	while (is_at(p, '$')) {
		p->at++;
	}
	if (!is_at(p, '{')) {
		p->at++;
		return true;
	}
	p->at++;
	if (p->depth >= DEEPEST) {
		return fail(p, VARIABLE_TOO_DEEP, start);
	}
	size_t type = p->at;
	while (p->at < p->length && is_word(p->text[p->at])) {
		p->at++;
	}
	if (at_end(p) || !is_type_start(p->text[type]) || !(is_at(p, ':') || is_at(p, '('))) {
		return fail_unless_end(p, VARIABLE_BAD_TYPE, type);
	}
	struct variable_part *part = add_part(p, parts, start - base, 0);
	if (!part) {
		return false;
	}
	p->at = type;
	p->depth++;
	bool done = parse_sources(p, &part->sources);
	p->depth--;
	part->end = p->at - base;
	return done;
}

/* A param or an address up to one of the two characters of `ends`, before which `bad` (or 0) must not come. NULL after
   a problem. */
static struct variable_argument *parse_argument(struct parser *p, const char *ends, char bad) {
	struct variable_argument *argument = arena_new(p->arena, struct variable_argument);
	struct parts parts = { .end = &parts.first };
	size_t start = p->at;

	while (!at_end(p) && !is_at(p, ends[0]) && !is_at(p, ends[1])) {
		if (bad && is_at(p, bad)) {
			fail(p, VARIABLE_BAD_PARAM, start);
			return NULL;
		}
		if (!is_at(p, '$')) {
			p->at++;
		} else if (!parse_inner(p, start, &parts)) {
			return NULL;
		}
	}
	if (at_end(p)) {
		fail(p, VARIABLE_UNCLOSED, p->variable);
		return NULL;
	}
	const char *text = p->text + start;
	size_t length = p->at - start;
	text_trim(&text, &length);
	if (!parts.first) {
		argument->value = length ? value_text(p->arena, arena_copy(p->arena, text, length), length) : NULL;
		return argument;
	}
	size_t lead = (size_t)(text - p->text) - start;
	for (struct variable_part *part = parts.first; part; part = part->next) {
		part->start -= lead;
		part->end -= lead;
	}
	argument->parts = arena_new(p->arena, struct variable_text);
	*argument->parts = (struct variable_text){ text, length, parts.first,
		!parts.first->next && parts.first->start == 0 && parts.first->end == length };
	return argument;
}

static struct variable_argument *parse_quoted_argument(struct parser *p, const char *ends, enum variable_fault fault) {
	struct variable_argument *argument = arena_new(p->arena, struct variable_argument);

	argument->value = parse_string(p, ends, fault);
	return argument->value ? argument : NULL;
}

/* As in the reference a param that is no text becomes what it means, and one that is falsy becomes null: 0, false. */
static struct variable_argument *parse_param(struct parser *p) {
	if (is_quote(p)) {
		return parse_quoted_argument(p, "),", VARIABLE_BAD_PARAM);
	}
	struct variable_argument *argument = parse_argument(p, "),", '}');
	if (argument && argument->value) {
		struct value *literal = literal_of(p->arena, argument->value->text, argument->value->length);
		argument->value = !literal ? argument->value : is_truthy(literal) ? literal : value_null(p->arena);
	}
	return argument;
}

/* Behind the '(' up to and with the ')'. */
static bool parse_params(struct parser *p, struct variable_source *source) {
	struct variable_argument **end = &source->params;

	source->called = true;
	while (skip_spaces(p), !is_at(p, ')')) {
		if (at_end(p) || is_at(p, '}')) {
			return fail_unless_end(p, VARIABLE_BAD_PARAM, p->at);
		}
		*end = is_at(p, ',') ? arena_new(p->arena, struct variable_argument) : parse_param(p);
		if (!*end) {
			return false;
		}
		if (is_at(p, ')') && !(*end)->value && !(*end)->parts) {
			*end = NULL;	/* blank before the ')': no param */
			break;
		}
		end = &(*end)->next;
		p->at += is_at(p, ',');
	}
	p->at++;
	return true;
}

/* --- sources ------------------------------------------------------------------------------------------------ */

/* Behind the ':' up to the ',' or '}' that ends the source. */
static bool parse_address(struct parser *p, struct variable_source *source) {
	skip_spaces(p);
	if (is_at(p, '}') || is_at(p, ',')) {
		return true;
	}
	if (at_end(p) || is_at(p, ':')) {
		return fail_unless_end(p, VARIABLE_BAD_ADDRESS, p->at);
	}
	source->address = is_quote(p) ? parse_quoted_argument(p, "},", VARIABLE_BAD_ADDRESS) :
		parse_argument(p, "},", 0);
	return source->address;
}

/* At the ':' or '(' behind the type. */
static bool parse_call(struct parser *p, struct variable_source *source) {
	if (p->text[p->at++] == ':') {
		return parse_address(p, source);
	}
	if (!parse_params(p, source)) {
		return false;
	}
	skip_spaces(p);
	if (is_at(p, ':')) {
		p->at++;
		return parse_address(p, source);
	}
	return is_at(p, '}') || is_at(p, ',') || fail_unless_end(p, VARIABLE_BAD_ADDRESS, p->at);
}

/* What a fallback starts with: a word is a type if ':' or '(' follows, a literal if '}' does. */
static bool parse_fallback(struct parser *p, struct variable_source *source) {
	size_t start = p->at;

	if (is_quote(p)) {
		source->literal = parse_string(p, "}", VARIABLE_BAD_SOURCE);
		return source->literal;
	}
	while (!at_end(p) && (is_word(p->text[p->at]) || (p->at > start && is_at(p, ' ')))) {
		p->at++;
	}
	const char *text = p->text + start;
	size_t length = p->at - start;
	if (is_at(p, '}') && length) {
		text_trim(&text, &length);
		source->literal = literal_of(p->arena, text, length);
		return source->literal || fail(p, VARIABLE_BAD_LITERAL, start);
	}
	if (!is_at(p, ':') && !is_at(p, '(')) {
		return fail_unless_end(p, VARIABLE_BAD_SOURCE, start);
	}
	bool plain = length && is_type_start(text[0]) && !memchr(text, ' ', length) && !memchr(text, '.', length) &&
		!memchr(text, '-', length);
	source->type = arena_copy(p->arena, text, length);
	return plain ? parse_call(p, source) : fail(p, VARIABLE_BAD_SOURCE, start);
}

/* At the first source's type, which ':' or '(' follows; up to and with the closing '}'. */
static bool parse_sources(struct parser *p, struct variable_source **sources) {
	struct variable_source *source = arena_new(p->arena, struct variable_source);
	size_t start = p->at;

	while (is_word(p->text[p->at])) {
		p->at++;
	}
	source->type = arena_copy(p->arena, p->text + start, p->at - start);
	*sources = source;
	if (!parse_call(p, source)) {
		return false;
	}
	while (is_at(p, ',')) {
		p->at++;
		skip_spaces(p);
		source->next = arena_new(p->arena, struct variable_source);
		source = source->next;
		if (!parse_fallback(p, source)) {
			return false;
		}
	}
	p->at++;
	return true;
}

/* --- texts -------------------------------------------------------------------------------------------------- */

static bool add_escape(struct parser *p, struct parts *parts, size_t start, size_t end, size_t backslashes,
		const char *rest) {
	struct variable_part *part = add_part(p, parts, start, end);

	if (!part) {
		return false;
	}
	char *text = arena_alloc(p->arena, backslashes + 2);
	memset(text, '\\', backslashes);
	strcpy(text + backslashes, rest);
	part->escape = text;
	part->escape_length = strlen(text);
	return true;
}

/* Behind "${": whether a variable of ours begins here. If not, *foreign tells whether the braces stay open. */
static bool starts_variable(struct parser *p, bool *foreign) {
	size_t at = p->at;

	*foreign = at < p->length && p->text[at] != '}';
	if (at >= p->length || !is_type_start(p->text[at])) {
		return false;
	}
	while (at < p->length && is_word(p->text[at])) {
		at++;
	}
	if (at < p->length && p->text[at] == '(') {
		return true;
	}
	if (at >= p->length || p->text[at] != ':') {
		p->at = at;
		*foreign = !at_end(p) && !is_at(p, '}');
		return false;
	}
	for (at++; at < p->length && p->text[at] == ' '; at++) {
	}
	if (at < p->length && p->text[at] == ':') {
		p->at = at + 1;
		return false;
	}
	return true;
}

/* At a '$' outside of variables; `slashes` is an even number of backslashes before it, counted only outside of foreign
   braces, of which *foreign are open. */
static bool parse_dollar(struct parser *p, struct parts *parts, size_t slashes, size_t *foreign) {
	size_t start = p->at;
	bool opens;

	while (is_at(p, '$')) {
		p->at++;
	}
	if (!is_at(p, '{')) {
		p->at++;
		return true;
	}
	if (slashes && p->at == start + 1 && !add_escape(p, parts, start - slashes, start, slashes / 2, "")) {
		return false;
	}
	p->at++;
	p->variable = start;
	if (!starts_variable(p, &opens)) {
		if (opens) {
			++*foreign;
		} else {
			p->at += is_at(p, '}');
		}
		return true;
	}
	struct variable_part *part = add_part(p, parts, start, 0);
	if (!part || !parse_sources(p, &part->sources)) {
		return false;
	}
	part->end = p->at;
	return true;
}

/* At a backslash outside of variables. */
static bool parse_backslashes(struct parser *p, struct parts *parts, size_t *foreign) {
	size_t start = p->at;

	while (is_at(p, '\\')) {
		p->at++;
	}
	size_t count = p->at - start;
	if (!is_at(p, '$')) {
		p->at += count % 2;	/* it is escaped, whatever it is */
		return true;
	}
	if (count % 2 == 0) {
		return parse_dollar(p, parts, count, foreign);
	}
	p->at++;
	if (!is_at(p, '{')) {
		p->at += !is_at(p, '\\') && !is_at(p, '$');
		return true;
	}
	return add_escape(p, parts, start, p->at++, count / 2, "$");
}

static bool parse_text(struct parser *p, struct parts *parts) {
	size_t foreign = 0;

	while (!at_end(p)) {
		if (foreign) {
			if (is_at(p, '$')) {
				if (!parse_dollar(p, parts, 0, &foreign)) {
					return false;
				}
				continue;
			}
			foreign -= is_at(p, '}');
			p->at++;
			continue;
		}
		if (!(is_at(p, '\\') ? parse_backslashes(p, parts, &foreign) :
				!is_at(p, '$') ? (p->at++, true) : parse_dollar(p, parts, 0, &foreign))) {
			return false;
		}
	}
	return true;
}

bool variable_possible(const char *text, size_t length) {
	const char *end = text + length;

	while (length > 3 && (text = memchr(text, '$', (size_t)(end - text) - 1))) {
		if (*++text == '{') {
			return true;
		}
		if (end - text < 3) {
			break;
		}
	}
	return false;
}

struct variable_text *variable_parse(struct arena *a, const char *text, size_t length, size_t *budget,
		struct variable_problem *problem) {
	struct parser p = { .arena = a, .text = text, .length = length, .budget = budget, .problem = problem };
	struct parts parts = { .end = &parts.first };

	*problem = (struct variable_problem){ 0 };
	if (!parse_text(&p, &parts) || !parts.first) {
		return NULL;
	}
	struct variable_text *parsed = arena_new(a, struct variable_text);
	*parsed = (struct variable_text){ text, length, parts.first,
		!parts.first->next && parts.first->start == 0 && parts.first->end == length };
	return parsed;
}

const char *variable_fault_text(enum variable_fault fault) {
	static const char *const texts[] = {
		[VARIABLE_FINE] = "",
		[VARIABLE_BAD_TYPE] = "expected the name of a source such as 'self', followed by ':' or '('",
		[VARIABLE_BAD_SOURCE] = "expected a source such as 'opt:stage', a number or a text in quotes",
		[VARIABLE_BAD_LITERAL] = "expected a number, true, false, null or a text in quotes",
		[VARIABLE_BAD_STRING] = "the text in double quotes is no valid JSON string",
		[VARIABLE_BAD_PARAM] = "expected ',' or ')' after a parameter",
		[VARIABLE_BAD_ADDRESS] = "expected ':' and an address, ',' or '}'",
		[VARIABLE_UNCLOSED] = "it is not closed, expected '}'",
		[VARIABLE_TOO_DEEP] = "there are more than 100 variables inside one another",
		[VARIABLE_TOO_MANY] = "there are too many variables",
	};

	return texts[fault];
}

/* --- for tests ---------------------------------------------------------------------------------------------- */

static void add_text(struct text *out, const struct variable_text *text);

static void add_argument(struct text *out, const struct variable_argument *argument) {
	if (argument->parts) {
		add_text(out, argument->parts);
	} else if (argument->value) {
		emit_json(out, argument->value, 0);
	} else {
		text_puts(out, "null");
	}
}

static void add_source(struct text *out, const struct variable_source *source) {
	if (!source->type) {
		emit_json(out, source->literal, 0);
		return;
	}
	text_puts(out, source->type);
	for (const struct variable_argument *p = source->params; p; p = p->next) {
		text_puts(out, p == source->params ? "(" : ", ");
		add_argument(out, p);
	}
	text_puts(out, source->params ? ")" : source->called ? "()" : "");
	if (source->address) {
		text_puts(out, ":");
		add_argument(out, source->address);
	}
}

static void add_text(struct text *out, const struct variable_text *text) {
	size_t at = 0;

	for (const struct variable_part *part = text->parts; part; part = part->next) {
		if (part->start > at) {
			text_printf(out, "[%.*s]", (int)(part->start - at), text->text + at);
		}
		text_puts(out, part->sources ? "[${" : "[\\ -> ");
		for (const struct variable_source *s = part->sources; s; s = s->next) {
			add_source(out, s);
			text_puts(out, s->next ? " | " : "");
		}
		text_puts(out, part->sources ? "}]" : part->escape);
		text_puts(out, part->sources ? "" : "]");
		at = part->end;
	}
	if (text->length > at) {
		text_printf(out, "[%.*s]", (int)(text->length - at), text->text + at);
	}
}

const char *variable_serialize(struct arena *a, const struct variable_text *text) {
	struct text out = { 0 };

	add_text(&out, text);
	const char *copy = arena_copy(a, out.bytes, out.length);
	text_free(&out);
	return copy;
}
