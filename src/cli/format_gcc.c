/*
 * As compilers write it, a line each, for editors.
 */
#include "format.h"

void format_gcc(FILE *out, const struct report *report) {
	for (size_t i = 0; i < report->count; i++) {
		const struct finding *f = &report->findings[i];
		const char *severity = f->d.severity <= SLSWS_INFO ? "note" : severity_name(f->d.severity);
		fprintf(out, "%s:%u:%u: %s: %s [%s]\n", finding_file(f), finding_line(f), finding_column(f), severity,
			f->d.message, f->d.code);
		for (size_t j = 0; j < f->d.note_count; j++) {
			struct slsws_note note = slsws_result_note(f->result, f->index, j);
			if (note.file) {
				fprintf(out, "%s:%u:%u: note: %s\n", note.file, note.line, note.column, note.text);
			}
		}
	}
}
