/* A log group for each function that writes logs. */
#include "core.h"

enum { NAME, RETENTION, POLICY, CONDITION };

static struct form *log_group(struct arena *a) {
	return form_create(a, MAP(a,
		{ "Type", TEXT("AWS::Logs::LogGroup") },
		{ "Properties", MAP(a,
			{ "LogGroupName", BLANK(NAME) },
			{ "RetentionInDays", BLANK(RETENTION) },
			{ "DataProtectionPolicy", BLANK(POLICY) },
		) },
		{ "Condition", BLANK(CONDITION) },
	));
}

void compile_log_group(const struct service *service, struct template *t, struct diag *diag) {
	struct arena *a = t->arena;
	struct form *form = log_group(a);
	(void)diag;

	for (const struct function *f = service->functions; f; f = f->next) {
		if (f->log_group) {
			template_put(t, f->log_group, FILL(form,
				[NAME] = value_printf(a, "/aws/lambda/%s", f->name),
				[RETENTION] = given(f->log_retention),
				[POLICY] = given(f->log_policy),
				[CONDITION] = given(f->condition),
			));
		}
	}
}
