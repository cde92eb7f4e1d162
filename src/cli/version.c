#include <stdio.h>
#include <string.h>

#include "cli.h"

enum status command_version(const struct cli *cli) {
	char text[64];

	snprintf(text, sizeof(text), "slsws %s\n", slsws_version());
	return write_stdout(cli, text, strlen(text));
}
