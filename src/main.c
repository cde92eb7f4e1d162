#include <stdio.h>

#include "slsws.h"

int main(int argc, char **argv) {
	struct slsws_result *r = slsws_compile(argc > 2 ? argv[2] : "serverless.yml", NULL, NULL);
	for (size_t i = 0; i < slsws_result_count(r); i++) {
		fputs(slsws_result_format(r, i, 0), stderr);
	}
	int errors = slsws_result_errors(r) > 0;
	if (!errors && slsws_result_template(r, NULL)) {
		fputs(slsws_result_template(r, NULL), stdout);
	}
	slsws_result_destroy(r);
	return errors;
}
