/* Writes the zips of the service in this folder: pack FOLDER [serverless.yml]. What is found goes to standard error. */
#include <stdio.h>

#include "slsws.h"

int main(int argc, char **argv) {
	struct slsws_options options = { .artifact_folder = argv[1] };
	struct slsws_result *result = argc < 2 ? NULL : slsws_compile(argc > 2 ? argv[2] : "serverless.yml", &options, NULL);

	if (!result) {
		return 2;
	}
	for (size_t i = 0; i < slsws_result_count(result); i++) {
		fputs(slsws_result_format(result, i, 0), stderr);
	}
	unsigned errors = slsws_result_errors(result);
	if (!errors) {
		fputs(slsws_result_template(result, NULL), stdout);
	}
	slsws_result_destroy(result);
	return errors != 0;
}
