/*
 * For people: each finding with its line.
 */
#include "format.h"

void format_text(FILE *out, const struct report *report) {
	for (size_t i = 0; i < report->count; i++) {
		const struct finding *f = &report->findings[i];
		fprintf(out, "%s%s", i ? "\n" : "", slsws_result_format(f->result, f->index, report->cli->colour));
	}
}
