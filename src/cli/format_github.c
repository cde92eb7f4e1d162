/*
 * Workflow commands of GitHub Actions, which become annotations of the lines.
 */
#include <string.h>

#include "format.h"

/* What would end the text, or the property that it is in, is written as %XX. */
static void add_escaped(FILE *out, const char *text, const char *special) {
	for (; *text; text++) {
		if (strchr(special, *text)) {
			fprintf(out, "%%%02X", (unsigned char)*text);
		} else {
			fputc(*text, out);
		}
	}
}

static void add_command(FILE *out, const struct finding *f) {
	static const char *const names[] = { "debug", "notice", "warning", "error" };
	static const char in_text[] = "%\r\n", in_property[] = "%\r\n:,";

	fprintf(out, "::%s file=", names[f->d.severity]);
	add_escaped(out, finding_file(f), in_property);
	fprintf(out, ",line=%u,endLine=%u,col=%u", finding_line(f), finding_line(f), finding_column(f));
	if (f->d.line) {
		fprintf(out, ",endColumn=%u", f->d.end_column);
	}
	fprintf(out, ",title=%s::", f->d.code);
	add_escaped(out, f->d.message, in_text);
	if (f->d.help) {
		fputs("%0A", out);
		add_escaped(out, f->d.help, in_text);
	}
	fputc('\n', out);
}

void format_github(FILE *out, const struct report *report) {
	for (size_t i = 0; i < report->count; i++) {
		add_command(out, &report->findings[i]);
	}
}
