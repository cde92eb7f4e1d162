/*
 * What slsws is measured against: libyaml's events of a file, and a write of as many bytes as its template has.
 *	floor FILE BYTES
 */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <yaml.h>

static bool parse(FILE *in) {
	yaml_parser_t parser;
	yaml_event_t event;
	bool done = false, good = true;

	if (!yaml_parser_initialize(&parser)) {
		return false;
	}
	yaml_parser_set_input_file(&parser, in);
	while (good && !done) {
		good = yaml_parser_parse(&parser, &event);
		if (good) {
			done = event.type == YAML_STREAM_END_EVENT;
			yaml_event_delete(&event);
		}
	}
	yaml_parser_delete(&parser);
	return good;
}

static bool write_bytes(size_t count) {
	char *bytes = malloc(count + 1);

	if (!bytes) {
		return false;
	}
	memset(bytes, ' ', count);
	bool good = true;
	for (size_t at = 0; good && at < count;) {
		ssize_t written = write(STDOUT_FILENO, bytes + at, count - at);
		good = written > 0;
		at += good ? (size_t)written : 0;
	}
	free(bytes);
	return good;
}

int main(int argc, char **argv) {
	FILE *in = argc == 3 ? fopen(argv[1], "rb") : NULL;

	if (!in) {
		fputs("usage: floor FILE BYTES\n", stderr);
		return 2;
	}
	bool good = parse(in) && write_bytes(strtoul(argv[2], NULL, 10));
	fclose(in);
	return !good;
}
