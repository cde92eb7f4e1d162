#include "json.h"

static void add_position(cJSON *to, const char *name, unsigned line, unsigned column) {
	cJSON *position = cJSON_AddObjectToObject(to, name);

	cJSON_AddNumberToObject(position, "line", line);
	cJSON_AddNumberToObject(position, "column", column);
}

void json_add_range(cJSON *to, unsigned line, unsigned column, unsigned end_column) {
	if (line) {
		cJSON *range = cJSON_AddObjectToObject(to, "range");
		add_position(range, "start", line, column);
		add_position(range, "end", line, end_column);
	}
}

void json_print(FILE *out, cJSON *json) {
	char *text = cJSON_Print(json);

	fprintf(out, "%s\n", text ? text : "");
	cJSON_free(text);
	cJSON_Delete(json);
}
