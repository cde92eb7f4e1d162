/* A log group for each function that writes logs. */
#include "core.h"

void compile_log_group(const struct service *service, struct template *t, struct diag *diag) {
	struct arena *a = t->arena;
	struct value *type = TEXT("AWS::Logs::LogGroup");
	(void)diag;

	for (const struct function *f = service->functions; f; f = f->next) {
		if (f->log_group) {
			template_put(t, f->log_group, MAP(a,
				{ "Type", type },
				{ "Properties", MAP(a,
					{ "LogGroupName", value_printf(a, "/aws/lambda/%s", f->name) },
					{ "RetentionInDays", given(f->log_retention) },
					{ "DataProtectionPolicy", given(f->log_policy) },
				) },
				{ "Condition", given(f->condition) },
			));
		}
	}
}
