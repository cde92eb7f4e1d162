/* Durable functions: what Lambda, and so the reference, does not allow together with durableConfig. */
#include <string.h>

#include "service_parts.h"

enum { LONGEST_OF_EVENT_SOURCE = 900, LARGEST_SNAPSHOT = 512 };

static const char *const runtimes[] = {
	"nodejs22.x", "nodejs24.x", "python3.13", "python3.14", "java17", "java21", "java25", NULL,
};
static const char *const snap_start_runtimes[] = { "python3.13", "python3.14", "java17", "java21", "java25", NULL };
/* Event types that Lambda polls: they invoke a durable function synchronously. */
static const char *const event_sources[] = { "sqs", "stream", "msk", "kafka", "activemq", "rabbitmq", NULL };

static bool among(const char *const *words, const struct value *v) {
	for (; *words; words++) {
		if (is_text(v, *words)) {
			return true;
		}
	}
	return false;
}

static double number_of(const struct value *v) {
	return is_number(v) ? v->number : 0;
}

static void conflict(const struct function *f, struct diag *diag, const char *key, const char *why) {
	struct diagnostic *d = diag_error(diag, "C315", mark_of(f->config, key),
		"function '%s' has 'durableConfig': %s", f->key, why);

	diag_note(d, mark_of(f->config, "durableConfig"), "its durableConfig");
}

static void check_snap_start(const struct function *f, struct diag *diag) {
	if (map_truthy(f->config, "image")) {
		conflict(f, diag, "snapStart", "a container image cannot have 'snapStart'");
	} else if (!among(snap_start_runtimes, f->runtime)) {
		conflict(f, diag, "snapStart", "'snapStart' needs one of python3.13, python3.14, java17, java21, java25");
	} else if (f->file_system) {
		conflict(f, diag, "snapStart", "'snapStart' does not go with 'fileSystemConfig'");
	} else if (number_of(map_get(f->config, "ephemeralStorageSize")) > LARGEST_SNAPSHOT) {
		conflict(f, diag, "snapStart", "'snapStart' does not go with more than 512 MB of ephemeral storage");
	}
}

static void check_event(const struct function *f, const struct value *event, struct diag *diag) {
	double timeout = number_of(map_get(f->durable, "executionTimeout"));

	for (const char *const *source = event_sources; *source; source++) {
		if (map_has(event, *source) && timeout > LONGEST_OF_EVENT_SOURCE) {
			struct diagnostic *d = diag_error(diag, "C315", mark_of(f->durable, "executionTimeout"),
				"function '%s' has an executionTimeout of more than 900 seconds and a '%s' event", f->key, *source);
			diag_note(d, mark_of(event, *source), "an event source invokes it synchronously");
		}
	}
	if (map_truthy(event, "cloudFront")) {
		conflict(f, diag, "events", "Lambda@Edge, a 'cloudFront' event, has no durable functions");
	}
}

void check_durable(const struct function *f, struct diag *diag) {
	const struct value *events = map_get(f->config, "events");

	if (!map_truthy(f->config, "image") && !among(runtimes, f->runtime)) {
		conflict(f, diag, map_has(f->config, "runtime") ? "runtime" : "durableConfig", "its runtime cannot run it, "
			"expected one of nodejs22.x, nodejs24.x, python3.13, python3.14, java17, java21, java25");
		return;
	}
	if (f->snap_start) {
		check_snap_start(f, diag);
	}
	if (f->destinations) {
		conflict(f, diag, "destinations", "it cannot have 'destinations'");
	}
	for (size_t i = 0; i < list_length(events); i++) {
		check_event(f, list_get(events, i), diag);
	}
	if (f->maximum_retry_attempts) {
		conflict(f, diag, "maximumRetryAttempts", "it cannot have 'maximumRetryAttempts'");
	}
}
