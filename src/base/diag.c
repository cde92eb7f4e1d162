#include "diag.h"

#include <string.h>

#include "text.h"

enum { LINE_WIDTH = 160 };	/* columns of a source line that are shown at the most */

void diag_init(struct diag *diag, struct arena *arena, bool strict) {
	*diag = (struct diag){ .arena = arena, .strict = strict, .most = MOST_DIAGNOSTICS };
	diag->end = &diag->first;
}

/* --- texts that quote the input ------------------------------------------------------------------------------- */

/* Characters that a terminal would act on: controls, and those that turn the direction of writing. */
static bool is_unsafe(uint32_t c) {
	return c < 0x20 || (c >= 0x7f && c < 0xa0) || c == 0x061c || c == 0x200e || c == 0x200f ||
		(c >= 0x2028 && c <= 0x202e) || (c >= 0x2066 && c <= 0x2069);
}

static void add_escaped(struct text *out, uint32_t c) {
	static const char letters[0x20] = { ['\b'] = 'b', ['\t'] = 't', ['\n'] = 'n', ['\f'] = 'f', ['\r'] = 'r' };

	if (c < 0x20 && letters[c]) {
		text_printf(out, "\\%c", letters[c]);
	} else {
		text_printf(out, c < 0x100 ? "\\x%02x" : "\\u%04x", c);
	}
}

static void add_safe(struct text *out, const char *text, size_t length) {
	for (size_t at = 0; at < length;) {
		uint32_t code = 0;
		size_t size = utf8_decode(text + at, length - at, &code);
		if (!size) {
			text_puts(out, "\xef\xbf\xbd");
		} else if (is_unsafe(code)) {
			add_escaped(out, code);
		} else {
			text_add(out, text + at, size);
		}
		at += size ? size : 1;
	}
}

static bool is_continuation(char c) {
	return ((unsigned char)c & 0xc0) == 0x80;
}

/* A text without what a terminal would act on, and without the middle of what is too long. */
static const char *safe(struct arena *a, const char *text) {
	enum { LONGEST = 2000, HEAD = 1500, TAIL = 400 };
	size_t length = strlen(text), head = length, tail = length;
	struct text out = { 0 };

	if (length > LONGEST) {
		head = HEAD;
		tail = length - TAIL;
		while (is_continuation(text[head])) {
			head--;
		}
		while (is_continuation(text[tail])) {
			tail++;
		}
	}
	add_safe(&out, text, head);
	if (tail > head) {
		text_puts(&out, "...");
		add_safe(&out, text + tail, length - tail);
	}
	const char *copy = out.length == length ? text : arena_copy(a, out.bytes, out.length);
	text_free(&out);
	return copy;
}

/* --- adding --------------------------------------------------------------------------------------------------- */

static struct diagnostic *add(struct diag *diag, enum severity severity, const char *code, struct mark mark,
		const char *format, va_list args) {
	if (severity == SEVERITY_WARNING && diag->strict) {
		severity = SEVERITY_ERROR;
	}
	diag->errors += severity == SEVERITY_ERROR;
	diag->warnings += severity == SEVERITY_WARNING;
	if (diag->kept == diag->most) {
		diag->left_out++;
		diag->spare = (struct diagnostic){ .code = code, .severity = severity, .mark = mark, .text = "" };
		return &diag->spare;
	}
	struct diagnostic *d = arena_new(diag->arena, struct diagnostic);
	*d = (struct diagnostic){ .code = code, .severity = severity, .mark = mark, .arena = diag->arena,
		.text = safe(diag->arena, arena_vprintf(diag->arena, format, args)) };
	*diag->end = d;
	diag->end = &d->next;
	diag->kept++;
	return d;
}

#define ADDED(severity) \
	va_list args; \
	va_start(args, format); \
	struct diagnostic *d = add(diag, severity, code, mark, format, args); \
	va_end(args); \
	return d

struct diagnostic *diag_error(struct diag *diag, const char *code, struct mark mark, const char *format, ...) {
	ADDED(SEVERITY_ERROR);
}

struct diagnostic *diag_warning(struct diag *diag, const char *code, struct mark mark, const char *format, ...) {
	ADDED(SEVERITY_WARNING);
}

struct diagnostic *diag_add(struct diag *diag, enum severity severity, const char *code, struct mark mark,
		const char *format, ...) {
	ADDED(severity);
}

bool diag_is_kept(const struct diagnostic *d) {
	return d->arena != NULL;
}

void diag_note(struct diagnostic *d, struct mark mark, const char *format, ...) {
	struct note **end = &d->notes;
	va_list args;

	if (!diag_is_kept(d)) {
		return;
	}
	while (*end) {
		end = &(*end)->next;
	}
	va_start(args, format);
	*end = arena_new(d->arena, struct note);
	**end = (struct note){ .mark = mark, .text = safe(d->arena, arena_vprintf(d->arena, format, args)) };
	va_end(args);
}

void diag_help(struct diagnostic *d, const char *format, ...) {
	va_list args;

	if (!diag_is_kept(d)) {
		return;
	}
	va_start(args, format);
	d->help = safe(d->arena, arena_vprintf(d->arena, format, args));
	va_end(args);
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

void diag_yield(struct diagnostic *d, struct mark beside) {
	d->yields = true;
	d->beside = beside;
}

static bool same_place(struct mark a, struct mark b) {
	return a.source && a.source == b.source && a.line == b.line && a.column == b.column;
}

static bool is_needless(const struct diag *diag, const struct diagnostic *d) {
	if (!d->yields || d->severity != SEVERITY_WARNING || !diag->errors) {
		return false;
	}
	for (const struct diagnostic *e = diag->first; e; e = e->next) {
		if (e->severity == SEVERITY_ERROR && (same_place(e->mark, d->mark) || same_place(e->mark, d->beside))) {
			return true;
		}
	}
	return false;
}

static void drop_needless(struct diag *diag) {
	for (struct diagnostic **d = &diag->first; *d;) {
		if (is_needless(diag, *d)) {
			diag->warnings--;
			*d = (*d)->next;
		} else {
			d = &(*d)->next;
		}
	}
}

void diag_follow(struct diagnostic *d, const char *family) {
	d->family = family;
}

static bool is_repeated(const struct diagnostic *d, const struct diagnostic *next) {
	return compare(d, next) == 0 && strcmp(d->text, next->text) == 0;
}

/* Whether one from `first` on, of those before `d`, has said it. */
static bool is_said(const struct diagnostic *first, const struct diagnostic *d) {
	for (const struct diagnostic *e = first; d->family && same_place(first->mark, d->mark) && e != d; e = e->next) {
		if (strncmp(e->code, d->family, strlen(d->family)) == 0) {
			return true;
		}
	}
	return false;
}

static void tell_left_out(struct diag *diag) {
	struct diagnostic *last = arena_new(diag->arena, struct diagnostic);

	*last = (struct diagnostic){ .code = "U051", .arena = diag->arena,
		.severity = diag->errors ? SEVERITY_ERROR : SEVERITY_WARNING,
		.text = arena_printf(diag->arena, "%u more findings are not shown", diag->left_out) };
	*diag->end = last;
	diag->end = &last->next;
	diag->left_out = 0;
}

void diag_sort(struct diag *diag) {
	const struct diagnostic *at_place = NULL;

	drop_needless(diag);
	diag->first = sort(diag->first);
	for (struct diagnostic *d = diag->first; d; d = d->next) {
		at_place = at_place && same_place(at_place->mark, d->mark) ? at_place : d;
		while (d->next && (is_repeated(d, d->next) || is_said(at_place, d->next))) {
			diag->errors -= d->next->severity == SEVERITY_ERROR;
			diag->warnings -= d->next->severity == SEVERITY_WARNING;
			d->next = d->next->next;
		}
		diag->end = &d->next;
	}
	if (diag->left_out) {
		tell_left_out(diag);
	}
}

/* --- form --------------------------------------------------------------------------------------------------- */

struct line {
	const char *text;
	size_t length;
};

/*
 * Where every LINE_STEP-th line of a source begins, so that the lines of many diagnostics are found in a large file; and
 * the last long line, with the last place in it, as a file may be all one line.
 */
struct lines {
	size_t *starts;
	size_t count;
	struct line line;
	uint32_t number, column;	/* of that line, from 1; of that place */
	size_t offset;
};
enum { LINE_STEP = 32, LONG_LINE = 4096, PIECE = 256 };

/* The end of the line at `at`; *next is where the next one begins, NULL after the last. Lines end as the readers count them:
   with a newline, a carriage return, or both. */
static const char *line_end(const char *at, const char *end, const char **next) {
	bool found = false;

	while (at < end && !found) {	/* in pieces, as one of the two may be far away each time */
		size_t length = end - at < PIECE ? (size_t)(end - at) : PIECE;
		const char *feed = memchr(at, '\n', length);
		const char *carriage = memchr(at, '\r', feed ? (size_t)(feed - at) : length);
		found = feed || carriage;
		at = carriage ? carriage : feed ? feed : at + length;
	}
	bool both = end - at > 1 && at[0] == '\r' && at[1] == '\n';
	*next = at < end ? at + 1 + both : NULL;
	return at;
}

static struct lines *index_lines(struct arena *a, const struct source *source) {
	struct lines *lines = arena_new(a, struct lines);
	const char *end = source->text + source->length, *next = source->text;
	size_t room = source->length / LINE_STEP + 1, number = 0;

	lines->starts = arena_array(a, size_t, room);
	for (const char *at = next; at; at = next, number++) {
		if (number % LINE_STEP == 0) {
			lines->starts[lines->count++] = (size_t)(at - source->text);
		}
		line_end(at, end, &next);
	}
	return lines;
}

static struct lines *lines_of(struct arena *a, const struct source *source) {
	struct source *known = (struct source *)source;

	known->lines = known->lines ? known->lines : index_lines(a, source);
	return known->lines;
}

static struct line find_line(struct lines *lines, const struct source *source, uint32_t number) {
	const char *end = source->text + source->length, *next;

	if (number == lines->number) {
		return lines->line;
	}
	size_t step = (number - 1) / LINE_STEP;
	step = step < lines->count ? step : lines->count - 1;
	const char *at = source->text + lines->starts[step];
	for (size_t n = step * LINE_STEP + 1; n < number && at; n++) {
		line_end(at, end, &next);
		at = next;
	}
	at = at ? at : end;
	const char *stop = line_end(at, end, &next);
	if (at == source->text && stop - at >= 3 && memcmp(at, "\xef\xbb\xbf", 3) == 0) {
		at += 3;	/* a byte order mark takes no column */
	}
	struct line line = { at, (size_t)(stop - at) };
	if (line.length > LONG_LINE) {
		lines->line = line;
		lines->number = number;
		lines->column = 1;
		lines->offset = 0;
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

static size_t offset_of(struct lines *lines, const struct line *line, uint32_t column) {
	bool known = line->text == lines->line.text && lines->number, after = known && column >= lines->column;
	uint32_t c = after ? lines->column : 1, code;
	size_t at = after ? lines->offset : 0;

	for (; c < column && at < line->length; c++) {
		at += step(line, at, &code);
	}
	if (known) {
		lines->column = c;
		lines->offset = at;
	}
	return at;
}

/* Where the word that a mark points at ends: a quoted text, a ${...}, a bracketed piece's first character, or what
   goes up to the next ": ", ", " or comment. */
static size_t word_end(const struct line *line, size_t at) {
	enum { LONGEST_WORD = 4096 };	/* a line may be all of a large file */
	const char *t = line->text;
	size_t n = line->length, end = at;

	if (at >= n) {
		return at;
	}
	n = n - at > LONGEST_WORD ? at + LONGEST_WORD : n;
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

/* A template may be one line of megabytes, which is looked at for each of its findings. */
enum { WHOLE_LINE = 1000, LINE_PART = 200 };

const char *diag_line(struct arena *a, const struct mark *mark, size_t *length) {
	*length = 0;
	if (!mark->source || !mark->source->text || !mark->line) {
		return "";
	}
	struct lines *lines = lines_of(a, mark->source);
	struct line line = find_line(lines, mark->source, mark->line);
	bool is_long = line.length > WHOLE_LINE;
	size_t from = is_long ? offset_of(lines, &line, mark->column) : 0, rest = line.length - from;
	*length = is_long && rest > LINE_PART ? LINE_PART : rest;
	return line.text + from;
}

uint32_t diag_end(struct arena *a, const struct mark *mark) {
	uint32_t column = mark->column, code;

	if (!mark->source || !mark->source->text || !mark->line) {
		return column;
	}
	struct lines *lines = lines_of(a, mark->source);
	struct line line = find_line(lines, mark->source, mark->line);
	size_t at = offset_of(lines, &line, mark->column), end = word_end(&line, at);
	for (; at < end; column++) {
		at += step(&line, at, &code);
	}
	return column;
}

struct style {
	const char *reset, *bold, *blue, *severity[4];
};

static const struct style plain = { "", "", "", { "", "", "", "" } };
static const struct style coloured = {
	"\033[0m", "\033[1m", "\033[1;34m", { "\033[1;36m", "\033[1;36m", "\033[1;33m", "\033[1;31m" },
};
static const char *const severity_names[] = { "debug", "info", "warning", "error" };

/* Shows `from`..`to` of a line: what a terminal would act on as a replacement, tabs as they are. */
static void add_visible(struct text *out, const struct line *line, size_t from, size_t to) {
	for (size_t at = from; at < to;) {
		uint32_t code;
		size_t size = step(line, at, &code);
		if (code != '\t' && is_unsafe(code)) {
			code = 0xfffd;
		}
		if (code == 0xfffd) {
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
		for (int i = code == '\t' || is_unsafe(code) ? 1 : utf8_width(code); i > 0; i--) {
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

/* The part of a line that is shown, around what is pointed at. */
struct window {
	struct line line;
	size_t from, to;	/* of the line: what is shown */
	size_t at, end;		/* what the caret is under */
};

static struct window place_window(struct arena *a, const struct mark *mark) {
	struct lines *lines = lines_of(a, mark->source);
	struct line line = find_line(lines, mark->source, mark->line);
	struct window w = { .line = line, .at = offset_of(lines, &line, mark->column), .to = line.length };

	w.end = word_end(&line, w.at);
	if (line.length > LINE_WIDTH) {
		w.from = w.at > LINE_WIDTH / 2 ? w.at - LINE_WIDTH / 2 : 0;
		w.to = line.length - w.from > LINE_WIDTH ? w.from + LINE_WIDTH : line.length;
	}
	while (w.from > 0 && is_continuation(line.text[w.from])) {
		w.from--;
	}
	while (w.to < line.length && is_continuation(line.text[w.to])) {
		w.to++;
	}
	w.end = w.end > w.to ? w.to : w.end;
	return w;
}

static void add_caret(struct text *out, const struct window *w) {
	int columns = 0;

	for (size_t at = w->at; at < w->end;) {
		uint32_t code = 0;
		at += step(&w->line, at, &code);
		columns += is_unsafe(code) ? 1 : utf8_width(code);
	}
	for (int i = 0; i < columns || i < 1; i++) {
		text_putc(out, '^');
	}
}

/* A place with its line and caret:
 *   --> serverless.yml:14:11
 *    |
 * 14 |           authorizer: auth
 *    |           ^^^^^^^^^^
 */
static void add_frame(struct arena *a, struct text *out, const struct mark *mark, int width, const struct style *s,
		const char *caret) {
	text_printf(out, "%*s%s-->%s %s", width, "", s->blue, s->reset, safe(a, mark->source->name));
	if (!mark->line) {
		text_putc(out, '\n');
		return;
	}
	text_printf(out, ":%u:%u\n", mark->line, mark->column);
	if (!mark->source->text) {
		return;
	}
	struct window w = place_window(a, mark);
	text_printf(out, "%*s %s|%s\n", width, "", s->blue, s->reset);
	text_printf(out, "%s%*u |%s %s", s->blue, width, mark->line, s->reset, w.from ? "..." : "");
	add_visible(out, &w.line, w.from, w.to);
	text_printf(out, "%s\n", w.to < w.line.length ? "..." : "");
	text_printf(out, "%*s %s|%s %s%s", width, "", s->blue, s->reset, w.from ? "   " : "", caret);
	add_blank(out, &w.line, w.from, w.at);
	add_caret(out, &w);
	text_printf(out, "%s\n", s->reset);
}

const char *diag_format(struct arena *a, const struct diagnostic *d, bool colour) {
	const struct style *s = colour ? &coloured : &plain;
	struct text out = { 0 };
	int width = gutter(d);

	text_printf(&out, "%s%s[%s]%s%s: %s%s\n", s->severity[d->severity], severity_names[d->severity], d->code,
		s->reset, s->bold, d->text, s->reset);
	if (d->mark.source) {
		add_frame(a, &out, &d->mark, width, s, s->severity[d->severity]);
	}
	for (const struct note *n = d->notes; n; n = n->next) {
		text_printf(&out, "%*s %s=%s note: %s\n", width, "", s->blue, s->reset, n->text);
		if (n->mark.source) {
			add_frame(a, &out, &n->mark, width, s, s->blue);
		}
	}
	if (d->help) {
		text_printf(&out, "%*s %s=%s help: %s\n", width, "", s->blue, s->reset, d->help);
	}
	char *text = arena_copy(a, out.bytes, out.length);
	text_free(&out);
	return text;
}
