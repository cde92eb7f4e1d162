#include "format.h"

const struct format formats[] = {
	{ "text", format_text },
	{ "json", format_json },
	{ "sarif", format_sarif },
	{ "junit", format_junit },
	{ "github", format_github },
	{ "gitlab", format_gitlab },
	{ "gcc", format_gcc },
};
const size_t format_count = sizeof(formats) / sizeof(*formats);

const struct format *format_chosen(const struct cli *cli) {
	const char *names[sizeof(formats) / sizeof(*formats)];

	for (size_t i = 0; i < format_count; i++) {
		names[i] = formats[i].name;
	}
	int choice = cli_choice(cli, "format", names, format_count);
	return choice < 0 ? NULL : &formats[choice];
}

const char *severity_name(enum slsws_severity severity) {
	static const char *const names[] = { "debug", "info", "warning", "error" };

	return names[severity];
}

unsigned report_count(const struct report *report, enum slsws_severity severity) {
	unsigned count = 0;

	for (size_t i = 0; i < report->count; i++) {
		count += report->findings[i].d.severity == severity;
	}
	return count;
}

const char *finding_file(const struct finding *f) {
	return f->d.file ? f->d.file : f->path;
}

unsigned finding_line(const struct finding *f) {
	return f->d.line ? f->d.line : 1;
}

unsigned finding_column(const struct finding *f) {
	return f->d.line ? f->d.column : 1;
}
