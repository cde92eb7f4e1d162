#include <string.h>

#include "cli.h"

static const char no_aws[] = "nothing is looked up in AWS: give the values with --stub";
static const char no_dashboard[] = "slsws has no dashboard";

/* The commands that compile a service, and those that report findings. */
#define SERVICE "package validate diff print dev"
#define PACKAGE "package"
#define TEMPLATE "package diff"
#define DEV "dev"
#define FINDINGS "validate"

const struct option_row option_rows[] = {
	{ .commands = SERVICE, .name = "stage", .letter = 's', .argument = "STAGE", .help = "stage to compile for" },
	{ .commands = SERVICE, .name = "region", .letter = 'r', .argument = "REGION", .help = "region to compile for" },
	{ .commands = SERVICE, .name = "config", .letter = 'c', .argument = "FILE",
		.help = "configuration file, as the argument FILE" },
	{ .commands = PACKAGE, .name = "output", .letter = 'o', .argument = "FILE",
		.help = "write the template to FILE, not to standard output" },
	{ .commands = SERVICE, .name = "param", .argument = "KEY=VALUE", .repeats = true,
		.help = "value of ${param:KEY}; may be repeated" },
	{ .commands = SERVICE, .name = "stub", .argument = "KEY=VALUE", .repeats = true,
		.help = "value of a variable that only AWS could tell, such as ssm:/a/b=x; may be repeated" },
	{ .commands = SERVICE, .name = "stubs", .argument = "FILE", .help = "YAML or JSON file with such values, a map" },
	{ .commands = "package validate diff", .name = "harden", .argument = "LIST", .alone = "all", .attached = true,
		.help = "make the template safer: all, or some of the words that the manual lists" },
	{ .commands = TEMPLATE, .name = "no-code",
		.help = "look at no file of the code: digests in the template stand for nothing" },
	{ .commands = PACKAGE, .name = "minify-template", .help = "write the template on one line" },
	{ .commands = "diff", .name = "output", .letter = 'o', .argument = "FILE",
		.help = "write the comparison to FILE, not to standard output" },
	{ .commands = "diff", .name = "format", .argument = "FORMAT", .choices = "text json markdown",
		.help = "text, json or markdown" },
	{ .commands = "diff", .name = "all", .help = "show what differs in hashes only as well" },
	{ .commands = "diff", .name = "exit-code", .help = "exit with 1 if there are differences" },
	{ .commands = "print schema", .name = "output", .letter = 'o', .argument = "FILE",
		.help = "write to FILE, not to standard output" },
	{ .commands = "print", .name = "format", .argument = "FORMAT", .choices = "yaml json text",
		.help = "yaml, json or text" },
	{ .commands = "print", .name = "path", .argument = "PATH", .help = "a part alone, such as provider.region" },
	{ .commands = "print", .name = "transform", .argument = "WHAT", .choices = "keys",
		.help = "keys: the keys in place of what they hold" },
	{ .commands = SERVICE, .name = "strict", .help = "treat warnings as errors" },
	{ .commands = FINDINGS, .name = "format", .argument = "FORMAT",
		.choices = "text json sarif junit github gitlab gcc",
		.help = "form of the report: text, json, sarif, junit, github, gitlab or gcc" },
	{ .commands = "rules", .name = "format", .argument = "FORMAT", .choices = "text json", .help = "text or json" },
	{ .commands = FINDINGS, .name = "output", .letter = 'o', .argument = "FILE", .help = "write the report to FILE" },
	{ .commands = FINDINGS, .name = "fail-on", .argument = "SEVERITY", .choices = "error warning info none",
		.help = "exit with 1 from this on: error, which it is, warning, info, or none" },
	{ .commands = FINDINGS, .name = "select", .argument = "CODES", .help = "report these alone, such as W104,S" },
	{ .commands = FINDINGS, .name = "ignore", .argument = "CODES", .help = "do not report these" },
	{ .commands = FINDINGS, .name = "baseline", .argument = "FILE", .help = "do not report what is known in FILE" },
	{ .commands = FINDINGS, .name = "write-baseline", .argument = "FILE",
		.help = "make what is found now known in FILE, and report nothing" },
	{ .commands = DEV, .name = "port", .argument = "PORT", .help = "port to listen on, 3001 unless told; 0: any" },
	{ .commands = DEV, .name = "host", .argument = "ADDRESS",
		.help = "address to listen on: without it, nothing but this machine can connect" },
	{ .commands = DEV, .name = "node", .argument = "PATH", .help = "program that runs handlers in JavaScript" },
	{ .commands = DEV, .name = "python", .argument = "PATH", .help = "program that runs handlers in Python" },
	{ .commands = DEV, .name = "env", .argument = "KEY=VALUE", .repeats = true,
		.help = "variable for all handlers; may be repeated" },
	{ .commands = DEV, .name = "dynamodb", .argument = "URL", .help = "where handlers find DynamoDB" },
	{ .commands = DEV, .name = "create-tables", .help = "make the tables of the template there" },
	{ .commands = DEV, .name = "s3", .argument = "URL", .help = "where handlers find S3" },
	{ .commands = DEV, .name = "sqs", .argument = "URL", .help = "where handlers find SQS" },
	{ .commands = DEV, .name = "sns", .argument = "URL", .help = "where handlers find SNS" },
	{ .commands = DEV, .name = "idle-timeout", .argument = "SECONDS",
		.help = "how long a connection may be silent, 600 unless told" },
	{ .commands = DEV, .name = "max-connection-age", .argument = "SECONDS",
		.help = "how long a connection may last, 7200 unless told" },
	{ .commands = DEV, .name = "integration-timeout", .argument = "SECONDS",
		.help = "how long an answer of a handler is waited for, 29 unless told" },
	{ .commands = DEV, .name = "message-limit", .argument = "BYTES", .help = "size of a message, 131072 unless told" },
	{ .commands = DEV, .name = "frame-limit", .argument = "BYTES", .help = "size of a frame, 32768 unless told" },
	{ .commands = DEV, .name = "allow-origin", .argument = "ORIGIN", .repeats = true,
		.help = "let pages of this origin connect besides those of this machine; '*': all" },
	{ .commands = DEV, .name = "allow-unsigned", .help = "serve @connections without an Authorization header" },
	{ .name = "quiet", .letter = 'q', .help = "show errors only" },
	{ .name = "verbose", .help = "show remarks as well" },
	{ .name = "debug", .argument = "NAMES", .alone = "*", .help = "the same; NAMES are not looked at" },
	{ .name = "color", .argument = "WHEN", .choices = "auto always never", .negated = "never",
		.help = "colour in messages: auto, always or never" },
	{ .commands = PACKAGE, .name = "package", .letter = 'p', .argument = "FOLDER",
		.help = "write all that `serverless deploy --package` takes to FOLDER, and no template" },
	{ .commands = SERVICE, .name = "aws-profile", .argument = "NAME", .unused = no_aws,
		.help = "accepted, without effect" },
	{ .name = "help", .letter = 'h', .help = "show this help" },
	{ .name = "version", .letter = 'v', .help = "show the version" },
	{ .commands = SERVICE, .name = "app", .argument = "NAME", .unused = no_dashboard },
	{ .commands = SERVICE, .name = "org", .argument = "NAME", .unused = no_dashboard },
	{ .commands = SERVICE, .name = "use-local-credentials", .unused = no_aws },
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

bool option_is_for(const struct option_row *row, const char *command) {
	size_t length = strlen(command);

	for (const char *at = row->commands; at; at = strchr(at, ' ')) {
		at += *at == ' ';
		if (strncmp(at, command, length) == 0 && (!at[length] || at[length] == ' ')) {
			return true;
		}
	}
	return !row->commands;
}

const struct option_row *option_row_for(const char *name, const char *command) {
	for (size_t i = 0; i < option_row_count; i++) {
		if (strcmp(option_rows[i].name, name) == 0 && option_is_for(&option_rows[i], command)) {
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
