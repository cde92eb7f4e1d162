/*
 * slsws dev: hands over to slsws-dev, which has the server in it. It is the same command line, where serve.c stands in place
 * of this file.
 */
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli.h"

/* Beside this program, as it is built, and where it is installed. */
static const char *const places[] = { "slsws-dev", "../libexec/slsws-dev" };

static char *spell_option(const struct slsws_option *option) {
	size_t size = strlen(option->name) + (option->value ? strlen(option->value) : 0) + sizeof("--no-=");
	char *text = malloc(size);

	if (text) {
		snprintf(text, size, "--%s%s%s%s", option->off ? "no-" : "", option->name, option->value ? "=" : "",
			option->value ? option->value : "");
	}
	return text;
}

static void free_arguments(char **list) {
	for (size_t i = 0; list && list[i]; i++) {
		free(list[i]);
	}
	free(list);
}

/* The command line that means the same; NULL: out of memory. */
static char **arguments_of(const struct cli *cli) {
	size_t count = 0, all = cli->option_count + cli->word_count + 2;
	char **list = calloc(all + 1, sizeof(*list));

	if (!list) {
		return NULL;
	}
	list[count++] = strdup("slsws-dev");
	for (size_t i = 0; i < cli->option_count; i++) {
		list[count++] = spell_option(&cli->options[i]);
	}
	list[count++] = strdup("--");
	for (size_t i = 0; i < cli->word_count; i++) {
		list[count++] = strdup(cli->words[i]);
	}
	for (size_t i = 0; i < all; i++) {
		if (!list[i]) {
			free_arguments(list);
			return NULL;
		}
	}
	return list;
}

/* Does not return but for an error. */
static enum status become(const struct cli *cli, const char *folder, char **arguments) {
	char path[PATH_MAX + 32];

	for (size_t i = 0; i < sizeof(places) / sizeof(*places); i++) {
		snprintf(path, sizeof(path), "%s%s", folder, places[i]);
		execv(path, arguments);
		if (errno != ENOENT) {
			return machine_error(cli, "cannot run '%s': %s", path, strerror(errno));
		}
	}
	return usage_error(cli, "U030", "build it with what it takes: tools/setup.sh build",
		"this slsws has no slsws-dev beside it");
}

enum status command_dev(const struct cli *cli) {
	char own[PATH_MAX];
	ssize_t length = readlink("/proc/self/exe", own, sizeof(own) - 1);
	char **arguments = arguments_of(cli);

	if (length <= 0 || !arguments) {
		free_arguments(arguments);
		return machine_error(cli, length <= 0 ? "cannot tell where slsws is" : "out of memory");
	}
	own[length] = '\0';
	*(strrchr(own, '/') + 1) = '\0';
	enum status status = become(cli, own, arguments);
	free_arguments(arguments);
	return status;
}
