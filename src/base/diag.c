#include "diag.h"

#include <string.h>

#include "text.h"

enum { LINE_WIDTH = 160 };	/* columns of a source line that are shown at the most */

void diag_init(struct diag *diag, struct arena *arena, bool strict) {
	*diag = (struct diag){ .arena = arena, .strict = strict };
	diag->end = &diag->first;
}

static struct diagnostic *add(struct diag *diag, enum severity severity, const char *code, struct mark mark,
		const char *text) {
	struct diagnostic *d = arena_new(diag->arena, struct diagnostic);

	if (severity == SEVERITY_WARNING && diag->strict) {
		severity = SEVERITY_ERROR;
	}
	*d = (struct diagnostic){ .code = code, .severity = severity, .mark = mark, .text = text,
		.arena = diag->arena };
	*diag->end = d;
	diag->end = &d->next;
	diag->errors += severity == SEVERITY_ERROR;
	diag->warnings += severity == SEVERITY_WARNING;
	return d;
}

#define FORMATTED(text, arena, format) \
	va_list args_; \
	va_start(args_, format); \
	const char *text = arena_vprintf((arena), (format), args_); \
	va_end(args_)

struct diagnostic *diag_error(struct diag *diag, const char *code, struct mark mark, const char *format, ...) {
	FORMATTED(text, diag->arena, format);
	return add(diag, SEVERITY_ERROR, code, mark, text);
}

struct diagnostic *diag_warning(struct diag *diag, const char *code, struct mark mark, const char *format, ...) {
	FORMATTED(text, diag->arena, format);
	return add(diag, SEVERITY_WARNING, code, mark, text);
}

struct diagnostic *diag_add(struct diag *diag, enum severity severity, const char *code, struct mark mark,
		const char *format, ...) {
	FORMATTED(text, diag->arena, format);
	return add(diag, severity, code, mark, text);
}

void diag_note(struct diagnostic *d, struct mark mark, const char *format, ...) {
	FORMATTED(text, d->arena, format);
	struct note **end = &d->notes;

	while (*end) {
		end = &(*end)->next;
	}
	*end = arena_new(d->arena, struct note);
	**end = (struct note){ .mark = mark, .text = text };
}

void diag_help(struct diagnostic *d, const char *format, ...) {
	FORMATTED(text, d->arena, format);
	d->help = text;
}

void diag_origin(struct diagnostic *d, const struct value *value) {
	if (value && value->origin && value->origin->source) {
		diag_note(d, *value->origin, "the value comes from here");
	}
}

/* --- order -------------------------------------------------------------------------------------------------- */

static int compare_marks(const struct mark *a, const struct mark *b) {
	const char *file_a = a->source ? a->source->name : "", *file_b = b->source ? b->source->name : "";
	int order = strcmp(file_a, file_b);

	if (order) {
		return order;
	}
	if (a->line != b->line) {
		return a->line < b->line ? -1 : 1;
	}
	return a->column < b->column ? -1 : a->column > b->column;
}

static int compare(const struct diagnostic *a, const struct diagnostic *b) {
	int order = compare_marks(&a->mark, &b->mark);

	return order ? order : strcmp(a->code, b->code);
}

static struct diagnostic *merge(struct diagnostic *a, struct diagnostic *b) {
	struct diagnostic *first = NULL, **end = &first;

	while (a && b) {
		struct diagnostic **least = compare(b, a) < 0 ? &b : &a;
		*end = *least;
		*least = (*least)->next;
		end = &(*end)->next;
	}
	*end = a ? a : b;
	return first;
}

static struct diagnostic *sort(struct diagnostic *list) {
	if (!list || !list->next) {
		return list;
	}
	struct diagnostic *slow = list, *fast = list->next;
	while (fast && fast->next) {
		slow = slow->next;
		fast = fast->next->next;
	}
	struct diagnostic *second = slow->next;
	slow->next = NULL;
	return merge(sort(list), sort(second));
}

void diag_sort(struct diag *diag) {
	diag->first = sort(diag->first);
	for (struct diagnostic *d = diag->first; d; d = d->next) {
		while (d->next && compare(d, d->next) == 0 && strcmp(d->text, d->next->text) == 0) {
			diag->errors -= d->next->severity == SEVERITY_ERROR;
			diag->warnings -= d->next->severity == SEVERITY_WARNING;
			d->next = d->next->next;
		}
		diag->end = &d->next;
	}
}

/* --- form --------------------------------------------------------------------------------------------------- */

struct line {
	const char *text;
	size_t length;
};

static struct line find_line(const struct source *source, uint32_t number) {
	const char *at = source->text, *end = source->text + source->length;

	for (uint32_t n = 1; n < number && at < end; n++) {
		const char *newline = memchr(at, '\n', (size_t)(end - at));
		at = newline ? newline + 1 : end;
	}
	const char *newline = memchr(at, '\n', (size_t)(end - at));
	struct line line = { at, (size_t)((newline ? newline : end) - at) };
	while (line.length && line.text[line.length - 1] == '\r') {
		line.length--;
	}
	return line;
}

/* The next code point; a byte that is not UTF-8 counts as one character. */
static size_t step(const struct line *line, size_t at, uint32_t *code) {
	size_t size = utf8_decode(line->text + at, line->length - at, code);

	if (!size) {
		*code = 0xfffd;
		return 1;
	}
	return size;
}

static size_t offset_of(const struct line *line, uint32_t column) {
	size_t at = 0;
	uint32_t code;

	for (uint32_t c = 1; c < column && at < line->length; c++) {
		at += step(line, at, &code);
	}
	return at;
}

/* Where the word that a mark points at ends: a quoted text, a ${...}, a bracketed piece's first character, or what
   goes up to the next ": ", ", " or comment. */
static size_t word_end(const struct line *line, size_t at) {
	const char *t = line->text;
	size_t n = line->length, end = at;

	if (at >= n) {
		return at;
	}
	if (t[at] == '"' || t[at] == '\'') {
		for (end = at + 1; end < n && t[end] != t[at]; end++) {
			end += t[end] == '\\' && t[at] == '"' && end + 1 < n;
		}
		return end < n ? end + 1 : n;
	}
	if (t[at] == '$' && at + 1 < n && t[at + 1] == '{') {
		int depth = 0;
		for (end = at; end < n; end++) {
			depth += t[end] == '{';
			depth -= t[end] == '}';
			if (t[end] == '}' && depth == 0) {
				return end + 1;
			}
		}
		return n;
	}
	if (strchr("[]{}", t[at])) {
		return at + 1;
	}
	while (end < n) {
		bool space_next = end + 1 == n || t[end + 1] == ' ' || t[end + 1] == '\t';
		if ((t[end] == ':' && space_next) || (t[end] == ',' && space_next) || t[end] == ']' ||
				(t[end] == ' ' && end + 1 < n && t[end + 1] == '#') ||
				(t[end] == '}' && !memchr(t + at, '{', end - at))) {
			break;
		}
		end++;
	}
	while (end > at && (t[end - 1] == ' ' || t[end - 1] == '\t')) {
		end--;
	}
	return end > at ? end : at + 1;
}

struct style {
	const char *reset, *bold, *blue, *severity[4];
};

static const struct style plain = { "", "", "", { "", "", "", "" } };
static const struct style coloured = {
	"\033[0m", "\033[1m", "\033[1;34m", { "\033[1;36m", "\033[1;36m", "\033[1;33m", "\033[1;31m" },
};
static const char *const severity_names[] = { "debug", "info", "warning", "error" };

/* Shows `from`..`to` of a line: control characters as spaces or a replacement, tabs as they are. */
static void add_visible(struct text *out, const struct line *line, size_t from, size_t to) {
	for (size_t at = from; at < to;) {
		uint32_t code;
		size_t size = step(line, at, &code);
		if (code == 0xfffd || (code < 0x20 && code != '\t') || (code >= 0x7f && code < 0xa0)) {
			text_puts(out, "\xef\xbf\xbd");
		} else {
			text_add(out, line->text + at, size);
		}
		at += size;
	}
}

static void add_blank(struct text *out, const struct line *line, size_t from, size_t to) {
	for (size_t at = from; at < to;) {
		uint32_t code;
		size_t size = step(line, at, &code);
		for (int i = code == '\t' || code < 0x20 ? 1 : utf8_width(code); i > 0; i--) {
			text_putc(out, code == '\t' ? '\t' : ' ');
		}
		at += size;
	}
}

/* How wide the gutter has to be for the line numbers of a diagnostic. */
static int gutter(const struct diagnostic *d) {
	uint32_t most = d->mark.source ? d->mark.line : 1;

	for (const struct note *n = d->notes; n; n = n->next) {
		most = n->mark.source && n->mark.line > most ? n->mark.line : most;
	}
	return snprintf(NULL, 0, "%u", most);
}

/* A place with its line and caret:
 *   --> serverless.yml:14:11
 *    |
 * 14 |           authorizer: auth
 *    |           ^^^^^^^^^^
 */
static void add_frame(struct text *out, const struct mark *mark, int width, const struct style *s, const char *caret) {
	if (!mark->line) {
		text_printf(out, "%*s%s-->%s %s\n", width, "", s->blue, s->reset, mark->source->name);
		return;
	}
	text_printf(out, "%*s%s-->%s %s:%u:%u\n", width, "", s->blue, s->reset, mark->source->name, mark->line,
		mark->column);
	if (!mark->source->text) {
		return;
	}
	struct line line = find_line(mark->source, mark->line);
	size_t at = offset_of(&line, mark->column), end = word_end(&line, at);
	size_t from = at > LINE_WIDTH / 2 && line.length > LINE_WIDTH ? at - LINE_WIDTH / 2 : 0;
	size_t to = line.length - from > LINE_WIDTH ? from + LINE_WIDTH : line.length;
	while (from > 0 && ((unsigned char)line.text[from] & 0xc0) == 0x80) {
		from--;
	}
	while (to < line.length && ((unsigned char)line.text[to] & 0xc0) == 0x80) {
		to++;
	}
	end = end > to ? to : end;
	text_printf(out, "%*s %s|%s\n", width, "", s->blue, s->reset);
	text_printf(out, "%s%*u |%s %s", s->blue, width, mark->line, s->reset, from ? "..." : "");
	add_visible(out, &line, from, to);
	text_printf(out, "%s\n", to < line.length ? "..." : "");
	text_printf(out, "%*s %s|%s %s", width, "", s->blue, s->reset, from ? "   " : "");
	add_blank(out, &line, from, at);
	text_puts(out, caret);
	uint32_t code = 0;
	size_t position = at;
	int columns = 0;
	while (position < end) {
		position += step(&line, position, &code);
		columns += code == '\t' || code < 0x20 ? 1 : utf8_width(code);
	}
	for (int i = 0; i < columns || i < 1; i++) {
		text_putc(out, '^');
	}
	text_printf(out, "%s\n", s->reset);
}

const char *diag_format(struct arena *a, const struct diagnostic *d, bool colour) {
	const struct style *s = colour ? &coloured : &plain;
	struct text out = { 0 };
	int width = gutter(d);

	text_printf(&out, "%s%s[%s]%s%s: %s%s\n", s->severity[d->severity], severity_names[d->severity], d->code,
		s->reset, s->bold, d->text, s->reset);
	if (d->mark.source) {
		add_frame(&out, &d->mark, width, s, s->severity[d->severity]);
	}
	for (const struct note *n = d->notes; n; n = n->next) {
		text_printf(&out, "%*s %s=%s note: %s\n", width, "", s->blue, s->reset, n->text);
		if (n->mark.source) {
			add_frame(&out, &n->mark, width, s, s->blue);
		}
	}
	if (d->help) {
		text_printf(&out, "%*s %s=%s help: %s\n", width, "", s->blue, s->reset, d->help);
	}
	char *text = arena_copy(a, out.bytes, out.length);
	text_free(&out);
	return text;
}
