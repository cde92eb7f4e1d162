#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <unistd.h>

#include "cli/cli.h"

/* A stream that is closed must not be taken by a file that is opened later; writing to it has to fail. */
static void fill_streams(void) {
	for (int fd = 0; fd < 3; fd++) {
		if (fcntl(fd, F_GETFD) < 0 && open("/dev/null", fd ? O_RDONLY : O_WRONLY) != fd) {
			_exit(STATUS_MACHINE);
		}
	}
}

static enum status run(const struct cli *cli) {
	const struct command *command = cli->word_count ? command_find(cli->words[0]) : NULL;

	if (cli_flag(cli, "help")) {
		return command_help(cli);
	}
	if (cli_flag(cli, "version")) {
		return command_version(cli);
	}
	if (!cli->word_count) {
		return usage_error(cli, "U001", "to compile the service of this folder: slsws package; for more: slsws help",
			"no command was given");
	}
	if (!command) {
		return unknown_command(cli, cli->words[0]);
	}
	enum status status = command_check_options(cli, command);
	return status ? status : command->run(cli);
}

int main(int argc, char **argv) {
	struct cli cli;

	fill_streams();
	signal(SIGPIPE, SIG_IGN);	/* these two become errors of write() */
	signal(SIGXFSZ, SIG_IGN);
	enum status status = cli_parse(&cli, argc, argv);
	status = status ? status : run(&cli);
	cli_finish(&cli);
	return cli.peer && status ? STATUS_FINDINGS : status;
}
