#include <string.h>

#include "cli.h"

static const char no_aws[] = "nothing is looked up in AWS: give the values with --stub";
static const char no_dashboard[] = "slsws has no dashboard";

const struct option_row option_rows[] = {
	{ .name = "stage", .letter = 's', .argument = "STAGE", .help = "stage to compile for" },
	{ .name = "region", .letter = 'r', .argument = "REGION", .help = "region to compile for" },
	{ .name = "config", .letter = 'c', .argument = "FILE", .help = "configuration file, as the argument FILE" },
	{ .name = "output", .letter = 'o', .argument = "FILE", .help = "write the template to FILE, not to standard output" },
	{ .name = "param", .argument = "KEY=VALUE", .help = "value of ${param:KEY}; may be repeated", .repeats = true },
	{ .name = "stub", .argument = "KEY=VALUE", .repeats = true,
		.help = "value of a variable that only AWS could tell, such as ssm:/a/b=x; may be repeated" },
	{ .name = "stubs", .argument = "FILE", .help = "YAML or JSON file with such values, a map" },
	{ .name = "harden", .argument = "LIST", .alone = "all", .attached = true,
		.help = "make the template safer: all, or some of the words that the manual lists" },
	{ .name = "minify-template", .help = "write the template on one line" },
	{ .name = "strict", .help = "treat warnings as errors" },
	{ .name = "quiet", .letter = 'q', .help = "show errors only" },
	{ .name = "verbose", .help = "show remarks as well" },
	{ .name = "debug", .argument = "NAMES", .alone = "*", .help = "the same; NAMES are not looked at" },
	{ .name = "color", .argument = "WHEN", .negated = "never", .help = "colour in messages: auto, always or never" },
	{ .name = "package", .letter = 'p', .argument = "FOLDER", .help = "not available yet: write the package to FOLDER" },
	{ .name = "aws-profile", .argument = "NAME", .help = "accepted, without effect", .unused = no_aws },
	{ .name = "help", .letter = 'h', .help = "show this help" },
	{ .name = "version", .letter = 'v', .help = "show the version" },
	{ .name = "app", .argument = "NAME", .unused = no_dashboard },
	{ .name = "org", .argument = "NAME", .unused = no_dashboard },
	{ .name = "use-local-credentials", .unused = no_aws },
};
const size_t option_row_count = sizeof(option_rows) / sizeof(*option_rows);

const struct option_row *option_row(const char *name, size_t length) {
	for (size_t i = 0; i < option_row_count; i++) {
		if (strncmp(option_rows[i].name, name, length) == 0 && !option_rows[i].name[length]) {
			return &option_rows[i];
		}
	}
	return NULL;
}

const struct option_row *option_row_letter(char letter) {
	for (size_t i = 0; i < option_row_count; i++) {
		if (option_rows[i].letter == letter) {
			return &option_rows[i];
		}
	}
	return NULL;
}

static const char *row_name(size_t index) {
	return option_rows[index].name;
}

const char *option_likely(const char *name) {
	return likely_word(name, row_name, option_row_count);
}
