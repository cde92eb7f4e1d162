/*
 * slsws explain CODE, slsws rules: what can be found.
 */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "json.h"

/* --- one rule --------------------------------------------------------------------------------------------------- */

/* A text that every line of is indented. */
static void add_indented(FILE *out, const char *title, const char *text) {
	fprintf(out, "\n%s\n\n", title);
	while (*text) {
		size_t length = strcspn(text, "\n");
		fprintf(out, length ? "    %.*s\n" : "\n", (int)length, text);
		text += length + (text[length] == '\n');
	}
}

static void add_rule(FILE *out, const struct slsws_rule *rule) {
	fprintf(out, "%s (%s): %s\n", rule->code, severity_name(rule->severity), rule->title);
	if (rule->why) {
		fprintf(out, "\n%s", rule->why);
	}
	if (rule->fail) {
		add_indented(out, "This fails:", rule->fail);
	}
	if (rule->pass) {
		add_indented(out, "This passes:", rule->pass);
	}
}

static const char *rule_code(size_t index) {
	return slsws_rule_get(index).code;
}

static bool same_code(const char *code, const char *word) {
	while (*code && toupper((unsigned char)*word) == *code) {
		code++;
		word++;
	}
	return !*code && !*word;
}

static enum status unknown_code(const struct cli *cli, const char *word) {
	const char *likely = likely_word(word, rule_code, slsws_rule_count());
	char help[64] = "the codes are listed by 'slsws rules'";

	if (likely && strlen(word) > 3) {
		snprintf(help, sizeof(help), "did you mean '%s'? all are listed by 'slsws rules'", likely);
	}
	return usage_error(cli, "U013", help, "unknown code '%s'", word);
}

static enum status add_word(const struct cli *cli, FILE *out, const char *word) {
	for (size_t i = 0; i < slsws_rule_count(); i++) {
		struct slsws_rule rule = slsws_rule_get(i);
		if (same_code(rule.code, word)) {
			add_rule(out, &rule);
			return STATUS_DONE;
		}
	}
	return unknown_code(cli, word);
}

static enum status explain_all(const struct cli *cli, FILE *out) {
	enum status status = STATUS_DONE;

	for (size_t i = 1; i < cli->word_count && !status; i++) {
		fputs(i > 1 ? "\n" : "", out);
		status = add_word(cli, out, cli->words[i]);
	}
	return status;
}

/* --- all rules -------------------------------------------------------------------------------------------------- */

static enum status list_text(const struct cli *cli, FILE *out) {
	(void)cli;

	for (size_t i = 0; i < slsws_rule_count(); i++) {
		struct slsws_rule rule = slsws_rule_get(i);
		fprintf(out, "%s  %-7s  %s\n", rule.code, severity_name(rule.severity), rule.title);
	}
	return STATUS_DONE;
}

static void add_text(cJSON *to, const char *name, const char *text) {
	if (text) {
		cJSON_AddStringToObject(to, name, text);
	}
}

static enum status list_json(const struct cli *cli, FILE *out) {
	cJSON *list = cJSON_CreateArray();
	(void)cli;

	for (size_t i = 0; i < slsws_rule_count(); i++) {
		struct slsws_rule rule = slsws_rule_get(i);
		cJSON *item = cJSON_CreateObject();
		add_text(item, "code", rule.code);
		add_text(item, "severity", severity_name(rule.severity));
		add_text(item, "title", rule.title);
		add_text(item, "why", rule.why);
		add_text(item, "fail", rule.fail);
		add_text(item, "pass", rule.pass);
		cJSON_AddItemToArray(list, item);
	}
	json_print(out, list);
	return STATUS_DONE;
}

/* --- the commands ----------------------------------------------------------------------------------------------- */

static enum status print(const struct cli *cli, enum status (*write)(const struct cli *cli, FILE *out)) {
	char *text = NULL;
	size_t length = 0;
	FILE *out = open_memstream(&text, &length);

	if (!out) {
		return machine_error(cli, "out of memory");
	}
	enum status status = write(cli, out);
	if (fclose(out) != 0) {
		status = machine_error(cli, "out of memory");
	}
	status = status ? status : write_stdout(cli, text, length);
	free(text);
	return status;
}

enum status command_explain(const struct cli *cli) {
	if (cli->word_count < 2) {
		return usage_error(cli, "U013", "the codes are listed by 'slsws rules'", "no code was given");
	}
	return print(cli, explain_all);
}

enum status command_rules(const struct cli *cli) {
	static const char *const names[] = { "text", "json" };
	int choice = cli_choice(cli, "format", names, 2);

	if (cli->word_count > 1) {
		return usage_error(cli, "U008", NULL, "unexpected argument '%s' after 'rules'", cli->words[1]);
	}
	return choice < 0 ? STATUS_USAGE : print(cli, choice ? list_json : list_text);
}
