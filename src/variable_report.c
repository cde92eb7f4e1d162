#include "variable_report.h"

#include <string.h>

#include "base/text.h"

enum { MOST_LOOKED_THROUGH = 1 << 30 };	/* bytes of sources, for the places of errors */

static size_t offset_of_mark(struct mark mark) {
	const char *text = mark.source->text, *end = text + mark.source->length, *at = text;
	uint32_t code;

	for (uint32_t line = 1; line < mark.line && at < end; line++) {
		const char *newline = memchr(at, '\n', (size_t)(end - at));
		at = newline ? newline + 1 : end;
	}
	for (uint32_t column = 1; column < mark.column && at < end; column++) {
		size_t size = utf8_decode(at, (size_t)(end - at), &code);
		at += size ? size : 1;
	}
	return (size_t)(at - text);
}

/* The mark of a place further on in the same source. */
static struct mark advance(struct mark mark, size_t from, size_t to) {
	const char *text = mark.source->text;
	uint32_t code;

	while (from < to) {
		size_t size = utf8_decode(text + from, to - from, &code);
		bool newline = text[from] == '\n';
		mark.line += newline;
		mark.column = newline ? 1 : mark.column + 1;
		from += size ? size : 1;
	}
	return mark;
}

/*
 * Where a piece of a scalar stands in its source. The scalar may be quoted, folded or have escapes, so the piece is
 * looked for: the same text, as many times after the scalar's mark as in the scalar. Not found: the scalar's own mark.
 */
static struct mark locate(struct resolver *r, struct mark mark, const char *raw, size_t raw_length, const char *piece,
		size_t length) {
	if (!mark.source || !mark.source->text || !mark.line || !length || r->looked_through > MOST_LOOKED_THROUGH) {
		return mark;
	}
	r->looked_through += mark.source->length + raw_length;
	size_t start = offset_of_mark(mark), left = mark.source->length - start;
	size_t window = raw_length * 2 + 512;
	const char *from = mark.source->text + start, *end = from + (left < window ? left : window);
	const char *in_raw = raw, *found = from;
	for (;;) {
		in_raw = memmem(in_raw, raw_length - (size_t)(in_raw - raw), piece, length);
		found = memmem(found, (size_t)(end - found), piece, length);
		if (!found || !in_raw) {
			return mark;
		}
		if (in_raw >= piece) {
			return advance(mark, start, (size_t)(found - mark.source->text));
		}
		in_raw++;
		found++;
	}
}

enum { SHOWN = 100 };	/* bytes of a variable's text that a message shows */

const char *report_shown(struct arena *a, const char *text, size_t length) {
	if (length <= SHOWN) {
		return arena_copy(a, text, length);
	}
	size_t cut = SHOWN;
	while (cut && ((unsigned char)text[cut] & 0xc0) == 0x80) {
		cut--;
	}
	return arena_printf(a, "%.*s...", (int)cut, text);
}

/* "a map", "null": for messages. */
const char *report_kind(struct arena *a, const struct value *value) {
	return is_null(value) ? "null" : arena_printf(a, "a %s", value_kind_name(value));
}

const char *report_variable(struct arena *a, const struct frame *frame) {
	return report_shown(a, frame->text->text + frame->part->start, frame->part->end - frame->part->start);
}

static bool is_written(const struct frame *frame) {
	const char *start = frame->text->text + frame->part->start;

	return frame->raw && start >= frame->raw && start < frame->raw + frame->raw_length;
}

static struct mark mark_of_frame(struct resolver *r, const struct frame *frame) {
	const char *start = frame->text->text + frame->part->start;

	return is_written(frame) ? locate(r, frame->mark, frame->raw, frame->raw_length, start,
		frame->part->end - frame->part->start) : frame->mark;
}

static bool same_place(struct mark a, struct mark b) {
	return a.source == b.source && a.line == b.line && a.column == b.column;
}

struct mark resolver_mark(struct resolver *r) {
	return mark_of_frame(r, r->frame);
}

void resolver_note(struct resolver *r, struct diagnostic *d) {
	struct mark mark = mark_of_frame(r, r->frame);

	if (!same_place(mark, d->mark)) {
		diag_note(d, mark, "in the value of '%s'", report_variable(r->arena, r->frame));
	}
}

/* One that stands where the error itself is shown needs no place of its own. */
static void note_text(struct resolver *r, struct diagnostic *d, struct mark mark, const char *text, size_t length) {
	diag_note(d, same_place(mark, d->mark) ? (struct mark){ 0 } : mark, "in the value of '%s'",
		report_shown(r->arena, text, length));
}

/* How a text came to be read: through the variables of outer frames and those that brought the site; the innermost few
   of each, as texts may include themselves. */
static void note_origin(struct resolver *r, struct diagnostic *d, const struct frame *frame) {
	const struct frame *inner = frame;
	unsigned most_frames = 5, most = 5;

	if (frame->part && frame->raw && !is_written(frame) && !d->notes) {
		note_text(r, d, frame->mark, frame->raw, frame->raw_length);
	}
	while (frame && !frame->site) {
		frame = frame->previous;
		if (frame && frame->raw != inner->raw && most_frames) {
			most_frames--;
			const char *text = report_variable(r->arena, frame);
			note_text(r, d, mark_of_frame(r, frame), text, strlen(text));
			inner = frame;
		}
	}
	for (const struct site *s = frame ? frame->site->parent : NULL; s && most; s = s->parent) {
		if (!s->parent || s->parent->raw != s->raw) {	/* not again and again where files include themselves */
			note_text(r, d, s->value->mark, s->raw, s->raw_length);
			most--;
		}
	}
}

struct diagnostic *resolver_error(struct resolver *r, const char *code, const char *format, ...) {
	va_list args;

	va_start(args, format);
	const char *text = arena_vprintf(r->arena, format, args);
	va_end(args);
	r->errors++;
	struct diagnostic *d = diag_error(r->diag, code, mark_of_frame(r, r->frame), "%s", text);
	note_origin(r, d, r->frame);
	return d;
}

void report_syntax(struct resolver *r, const struct frame *frame, const char *text, size_t length,
		const struct variable_problem *problem) {
	const char *piece = text + problem->variable, *newline;
	if (problem->fault == VARIABLE_TOO_MANY && r->too_many) {
		return;
	}
	r->too_many = problem->fault == VARIABLE_TOO_MANY;
	r->errors++;
	size_t left = length - problem->variable;

	left = left < SHOWN ? left : SHOWN;
	newline = memchr(piece, '\n', left);
	left = newline ? (size_t)(newline - piece) : left;
	bool written = frame->raw && piece >= frame->raw && piece < frame->raw + frame->raw_length;
	struct mark mark = written ? locate(r, frame->mark, frame->raw, frame->raw_length, piece, left) : frame->mark;
	struct diagnostic *d = diag_error(r->diag, "C100", mark, "invalid variable '%s': %s",
		report_shown(r->arena, piece, left), variable_fault_text(problem->fault));
	if (!written && frame->raw) {
		note_text(r, d, frame->mark, frame->raw, frame->raw_length);
	}
	note_origin(r, d, frame);
}

/* The frames from the innermost back to the site that it came to again. */
void report_circle(struct resolver *r, const struct site *site) {
	struct diagnostic *d = resolver_error(r, "C104", "'%s' refers to itself", report_variable(r->arena, r->frame));
	unsigned most = 8;

	for (const struct frame *f = r->frame; f && f->site != site && most; most--) {
		f = f->previous;
		while (f && !f->site) {
			f = f->previous;
		}
		if (f) {
			diag_note(d, mark_of_frame(r, f), "through '%s'", report_variable(r->arena, f));
		}
	}
}
