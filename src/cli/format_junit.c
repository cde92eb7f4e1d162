/*
 * JUnit's XML, for those who show results of tests: a suite for each file, a case for each finding, or one that passes.
 */
#include <string.h>

#include "format.h"

/* XML has no control characters, not even escaped. */
static void add_text(FILE *out, const char *text) {
	for (; *text; text++) {
		switch (*text) {
		case '&':
			fputs("&amp;", out);
			break;
		case '<':
			fputs("&lt;", out);
			break;
		case '>':
			fputs("&gt;", out);
			break;
		case '"':
			fputs("&quot;", out);
			break;
		default:
			fputc((unsigned char)*text < ' ' && *text != '\n' && *text != '\t' ? '?' : *text, out);
		}
	}
}

/* name="text" */
static void add_attribute(FILE *out, const char *name, const char *text) {
	fprintf(out, " %s=\"", name);
	add_text(out, text);
	fputc('"', out);
}

static bool fails(const struct report *report, const struct finding *f) {
	return f->d.severity >= report->fail_on;
}

static void add_case(FILE *out, const struct report *report, const struct finding *f) {
	const char *element = fails(report, f) ? "failure" : "system-out";
	char name[64];

	snprintf(name, sizeof(name), "%s at %u:%u", f->d.code, finding_line(f), finding_column(f));
	fputs("\t\t<testcase", out);
	add_attribute(out, "name", name);
	add_attribute(out, "classname", finding_file(f));
	add_attribute(out, "time", "0");
	fprintf(out, ">\n\t\t\t<%s", element);
	if (fails(report, f)) {
		add_attribute(out, "type", severity_name(f->d.severity));
		add_attribute(out, "message", f->d.message);
	}
	fputc('>', out);
	add_text(out, slsws_result_format(f->result, f->index, 0));
	fprintf(out, "</%s>\n\t\t</testcase>\n", element);
}

static void add_suite(FILE *out, const struct report *report, const char *path, size_t first, size_t end) {
	size_t failures = 0;

	for (size_t i = first; i < end; i++) {
		failures += fails(report, &report->findings[i]);
	}
	fputs("\t<testsuite", out);
	add_attribute(out, "name", path);
	fprintf(out, " tests=\"%zu\" failures=\"%zu\" errors=\"0\" skipped=\"0\" time=\"0\">\n",
		end > first ? end - first : 1, failures);
	for (size_t i = first; i < end; i++) {
		add_case(out, report, &report->findings[i]);
	}
	if (end == first) {
		fputs("\t\t<testcase name=\"no findings\"", out);
		add_attribute(out, "classname", path);
		fputs(" time=\"0\"/>\n", out);
	}
	fputs("\t</testsuite>\n", out);
}

void format_junit(FILE *out, const struct report *report) {
	fputs("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"slsws\">\n", out);
	for (size_t i = 0, at = 0; i < report->path_count; i++) {
		size_t end = at;
		while (end < report->count && report->findings[end].path == report->paths[i]) {
			end++;
		}
		add_suite(out, report, report->paths[i], at, end);
		at = end;
	}
	fputs("</testsuites>\n", out);
}
