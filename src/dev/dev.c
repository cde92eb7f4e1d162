#include "dev/dev.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "dev/bootstrap.h"
#include "dev/gateway.h"
#include "dev/model.h"
#include "dev/source.h"
#include "host.h"
#include "options.h"
#include "slsws_dev.h"

enum { MOST_VARIABLES = 32, SECOND = 1000 };

struct dev {
	struct arena *arena;
	struct diag diag;
	const struct slsws_dev_options *options;
	struct options compile;
	struct template_source source;
	struct model *model;
	/* at work */
	struct loop *loop;
	struct tls_server *tls;
	struct text certificate;
	char *folder;			/* of this run, removed at the end */
	struct variable environment[MOST_VARIABLES];
	size_t environment_count;
	struct gateway *gateway;
	struct runtime *runtime;
	bool stopping;
};

/* --- the template --------------------------------------------------------------------------------------------------- */

static bool flush_findings(struct dev *dev) {
	diag_sort(&dev->diag);
	for (struct diagnostic *d = dev->diag.first; d; d = d->next) {
		dev->options->finding(dev->options->data, (enum slsws_severity)d->severity,
			diag_format(dev->arena, d, dev->options->colour));
	}
	bool fine = !dev->diag.errors;
	diag_init(&dev->diag, dev->arena, dev->compile.strict);
	return fine;
}

static void note_other_apis(struct dev *dev) {
	for (const struct api *api = dev->model->apis->next; api; api = api->next) {
		struct diagnostic *d = diag_warning(&dev->diag, "G010", (struct mark){ 0 }, "the API '%s' is not served, '%s' comes "
			"first", api->logical_id, dev->model->apis->logical_id);
		diag_help(d, "one API is served at a time");
	}
}

/* The address of the API is in the functions' environment, so the port comes first. */
static bool read_model(struct dev *dev) {
	dev->source.local.domain = arena_printf(dev->arena, "localhost:%d", gateway_port(dev->gateway));
	dev->model = model_read(dev->arena, dev->source.template, &dev->source.local, dev->compile.directory, dev->source.code, &dev->diag);
	if (dev->model) {
		note_other_apis(dev);
	}
	return flush_findings(dev) && dev->model;
}

/* --- files of this run -------------------------------------------------------------------------------------------------- */

static bool write_file(const char *path, const char *bytes, size_t length) {
	FILE *out = fopen(path, "w");
	bool fine = out && fwrite(bytes, 1, length, out) == length;

	return out && fclose(out) == 0 && fine;
}

static bool write_files(struct dev *dev) {
	bool fine = write_file(arena_printf(dev->arena, "%s/ca.pem", dev->folder), dev->certificate.bytes,
		dev->certificate.length);

	for (size_t i = 0; fine && i < bootstrap_count; i++) {
		fine = write_file(arena_printf(dev->arena, "%s/%s", dev->folder, bootstraps[i].file), bootstraps[i].text,
			strlen(bootstraps[i].text));
	}
	return fine;
}

static bool make_folder(struct dev *dev) {
	const char *parent = getenv("TMPDIR");
	char *path = arena_printf(dev->arena, "%s/slsws-dev-XXXXXX", parent && *parent == '/' ? parent : "/tmp");

	dev->folder = mkdtemp(path);
	if (dev->folder && write_files(dev)) {
		return true;
	}
	dev->options->say(dev->options->data, arena_printf(dev->arena, "cannot write to '%s': %s", path, strerror(errno)));
	return false;
}

struct folder {
	struct arena *arena;
	const char *path;
};

static void remove_folder(struct arena *a, const char *path);

static void remove_entry(void *data, const char *name, enum slsws_entry kind, unsigned long long size) {
	const struct folder *folder = data;
	const char *path = arena_printf(folder->arena, "%s/%s", folder->path, name);

	(void)size;
	if (kind == SLSWS_ENTRY_FOLDER) {
		remove_folder(folder->arena, path);
	} else {
		unlink(path);
	}
}

static void remove_folder(struct arena *a, const char *path) {
	struct slsws_host host = host_complete(NULL);

	host.list_folder(host.data, path, remove_entry, &(struct folder){ a, path });
	rmdir(path);
}

/* --- starting ------------------------------------------------------------------------------------------------------------- */

static void add_variable(struct dev *dev, const char *name, const char *value) {
	if (dev->environment_count < MOST_VARIABLES) {
		dev->environment[dev->environment_count++] = (struct variable){ name, value };
	}
}

/* The variables by which SDKs and others find the authority that vouches for the gateway. */
static void add_environment(struct dev *dev) {
	static const char *const authorities[] = {
		"AWS_CA_BUNDLE", "NODE_EXTRA_CA_CERTS", "SSL_CERT_FILE", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE",
	};
	const char *file = arena_printf(dev->arena, "%s/ca.pem", dev->folder);

	for (size_t i = 0; i < sizeof(authorities) / sizeof(*authorities); i++) {
		add_variable(dev, authorities[i], file);
	}
	for (size_t i = 0; i < dev->options->environment_count; i++) {
		add_variable(dev, dev->options->environment[i].name, dev->options->environment[i].value);
	}
}

static uint64_t milliseconds(double seconds, double otherwise) {
	return (uint64_t)((seconds > 0 ? seconds : otherwise) * SECOND);
}

static struct limits limits_of(const struct slsws_dev_options *options) {
	return (struct limits){
		.idle = milliseconds(options->idle, 10 * 60), .age = milliseconds(options->age, 2 * 60 * 60),
		.integration = milliseconds(options->integration, 29),
		.message = options->message ? options->message : 128 * 1024, .frame = options->frame ? options->frame : 32 * 1024,
	};
}

static bool open_gateway(struct dev *dev) {
	const struct slsws_dev_options *options = dev->options;
	const char *addresses[] = { options->host ? options->host : "127.0.0.1", options->host ? NULL : "::1", NULL };
	const struct gateway_setup setup = {
		.addresses = addresses, .host = options->host, .port = options->port, .tls = dev->tls, .limits = limits_of(options),
		.unsigned_calls = options->unsigned_calls, .origins = options->origins, .account = dev->source.local.account,
		.region = dev->source.local.region,
	};
	const char *why = NULL;

	dev->gateway = gateway_create(dev->loop, &setup, &why);
	if (!dev->gateway) {
		options->say(options->data, arena_printf(dev->arena, "cannot listen on port %d: %s", options->port, why));
	}
	return dev->gateway;
}

static void on_log(void *data, const struct lambda *function, const char *request, const char *line, size_t length) {
	struct dev *dev = data;

	dev->options->log(dev->options->data, function->name, request, line, length);
}

static void make_runtime(struct dev *dev) {
	const struct runtime_setup setup = {
		.node = dev->options->node, .python = dev->options->python, .region = dev->source.local.region, .folder = dev->folder,
		.environment = dev->environment, .environment_count = dev->environment_count, .log = on_log, .data = dev,
	};

	dev->runtime = runtime_create(dev->loop, &setup);
}

/* Every connection needs these two functions: their workers start while the first client comes. */
static void warm(struct dev *dev) {
	const struct route *connect = dev->model->apis->connect;

	if (connect && connect->authorizer && connect->authorizer->function) {
		runtime_warm(dev->runtime, connect->authorizer->function);
	}
	if (connect && connect->integration && connect->integration->function) {
		runtime_warm(dev->runtime, connect->integration->function);
	}
}

/* --- running ------------------------------------------------------------------------------------------------------------------ */

static void on_stopped(void *data) {
	struct dev *dev = data;

	loop_stop(dev->loop);
}

static void on_signal(void *data) {
	struct dev *dev = data;

	if (dev->stopping) {
		loop_stop(dev->loop);
		return;
	}
	dev->stopping = true;
	gateway_stop(dev->gateway, on_stopped, dev);
}

static void announce(struct dev *dev) {
	const struct stage *stage = dev->model->apis->stages;
	const char *name = strcmp(stage->name, "$default") == 0 ? "" : stage->name;

	dev->options->say(dev->options->data, arena_printf(dev->arena, "listening on wss://%s/%s and ws://%s/%s",
		dev->source.local.domain, name, dev->source.local.domain, name));
}

static void raise_limits(void) {
	struct rlimit files;

	if (getrlimit(RLIMIT_NOFILE, &files) == 0) {
		files.rlim_cur = files.rlim_max;
		setrlimit(RLIMIT_NOFILE, &files);
	}
}

static enum slsws_dev_status run(struct dev *dev) {
	dev->source = source_read(dev->arena, &dev->compile, &dev->diag);
	if (!dev->source.template || dev->diag.errors) {
		flush_findings(dev);
		return SLSWS_DEV_FINDINGS;
	}
	dev->loop = loop_create();
	dev->tls = tls_server_create("DNS:localhost,DNS:*.localhost,IP:127.0.0.1,IP:::1", &dev->certificate);
	if (!open_gateway(dev)) {
		return SLSWS_DEV_FAILED;
	}
	if (!read_model(dev)) {
		return SLSWS_DEV_FINDINGS;
	}
	if (!make_folder(dev)) {
		return SLSWS_DEV_FAILED;
	}
	add_environment(dev);
	make_runtime(dev);
	gateway_serve(dev->gateway, dev->model->apis, dev->source.local.domain, dev->runtime);
	loop_on_signal(dev->loop, SIGINT, on_signal, dev);
	loop_on_signal(dev->loop, SIGTERM, on_signal, dev);
	warm(dev);
	announce(dev);
	loop_run(dev->loop);
	return SLSWS_DEV_DONE;
}

static void finish(struct dev *dev) {
	runtime_destroy(dev->runtime);
	gateway_destroy(dev->gateway);
	if (dev->loop) {
		loop_destroy(dev->loop);
	}
	tls_server_destroy(dev->tls);
	text_free(&dev->certificate);
	if (dev->folder) {
		remove_folder(dev->arena, dev->folder);
	}
	arena_destroy(dev->arena);
}

enum slsws_dev_status slsws_dev(const char *path, const struct slsws_dev_options *options) {
	struct arena *a = arena_create();
	struct dev *dev = arena_new(a, struct dev);

	raise_limits();
	dev->arena = a;
	dev->options = options;
	dev->compile = options_read(a, path, options->options);
	dev->compile.no_code = true;
	diag_init(&dev->diag, a, dev->compile.strict);
	enum slsws_dev_status status = run(dev);
	finish(dev);
	return status;
}
