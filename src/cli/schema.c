/*
 * slsws schema: the JSON Schema of configurations, for editors.
 */
#include <string.h>

#include "cli.h"

enum status command_schema(const struct cli *cli) {
	const char *schema = slsws_schema();

	return cli_write_output(cli, schema, strlen(schema));
}
