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
#include "dev/invoker.h"
#include "dev/model.h"
#include "dev/source.h"
#include "dev/tables.h"
#include "dev/watch.h"
#include "emit.h"
#include "host.h"
#include "options.h"
#include "slsws_dev.h"

enum { MOST_VARIABLES = 32, SECOND = 1000, WATCH_MS = 400 };

/*
 * What was read of the files at one time, and the functions that follow from it. When the files change there is another; the
 * one before stays, since answers that are waited for point into it, but its workers end when they have answered.
 */
struct generation {
	struct generation *before;
	struct arena *arena;
	struct diag diag;
	struct options compile;
	struct template_source source;
	struct model *model;
	struct runtime *runtime;
	struct text template;		/* as JSON, to be compared */
};

struct dev {
	struct arena *arena;
	const char *path;
	const struct slsws_dev_options *options;
	struct generation *now;
	struct loop *loop;
	struct tls_server *tls;
	struct text certificate;
	const char *domain;
	char *folder;			/* of this run, removed at the end */
	struct variable environment[MOST_VARIABLES];
	size_t environment_count;
	struct gateway *gateway;
	struct invoker *invoker;
	struct timer *watch;
	uint64_t fingerprint;
	bool stopping;
};

/* --- the template ----------------------------------------------------------------------------------------------- */

static bool flush_findings(struct dev *dev, struct generation *g) {
	diag_sort(&g->diag);
	for (struct diagnostic *d = g->diag.first; d; d = d->next) {
		dev->options->finding(dev->options->data, (enum slsws_severity)d->severity,
			diag_format(g->arena, d, dev->options->colour));
	}
	bool fine = !g->diag.errors;
	diag_init(&g->diag, g->arena, g->compile.strict);
	return fine;
}

static struct generation *generation_create(struct dev *dev) {
	struct arena *a = arena_create();
	struct generation *g = arena_new(a, struct generation);

	g->arena = a;
	g->compile = options_read(a, dev->path, dev->options->options);
	g->compile.no_code = true;
	diag_init(&g->diag, a, g->compile.strict);
	return g;
}

static void generation_destroy(struct generation *g) {
	if (g) {
		runtime_destroy(g->runtime);
		text_free(&g->template);
		arena_destroy(g->arena);
	}
}

/* The first half, without an address: the template. Findings are shown when there are errors, else with those to come. */
static bool read_template(struct dev *dev, struct generation *g) {
	g->source = source_read(g->arena, &g->compile, &g->diag);
	if (!g->source.template || g->diag.errors) {
		flush_findings(dev, g);
		return false;
	}
	emit_json(&g->template, g->source.template, 0);
	return true;
}

static void note_other_apis(struct generation *g) {
	for (const struct api *api = g->model->apis->next; api; api = api->next) {
		struct diagnostic *d = diag_warning(&g->diag, "G010", (struct mark){ 0 }, "the API '%s' is not served, '%s' comes "
			"first", api->logical_id, g->model->apis->logical_id);
		diag_help(d, "one API is served at a time");
	}
}

/* The second half: the address of the API is in the functions' environment. */
static bool read_model(struct dev *dev, struct generation *g) {
	g->source.local.domain = dev->domain;
	g->model = model_read(g->arena, g->source.template, &g->source.local, g->compile.directory, g->source.code, &g->diag);
	if (g->model) {
		note_other_apis(g);
	}
	return flush_findings(dev, g) && g->model;
}

/* The tables of a change are made as well; that it fails then is said, and no more. */
static bool make_tables(struct dev *dev, struct generation *g) {
	const char *url = dev->options->create_tables;

	return !url || tables_create(g->arena, g->source.template, &g->source.local, url, dev->options->say, dev->options->data);
}

/* --- files of this run ------------------------------------------------------------------------------------------ */

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

/* --- starting --------------------------------------------------------------------------------------------------- */

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
	add_variable(dev, "AWS_ENDPOINT_URL_LAMBDA", arena_printf(dev->arena, "http://127.0.0.1:%d", invoker_port(dev->invoker)));
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
		.unsigned_calls = options->unsigned_calls, .origins = options->origins, .account = dev->now->source.local.account,
		.region = dev->now->source.local.region,
	};
	const char *why = NULL;

	dev->gateway = gateway_create(dev->loop, &setup, &why);
	dev->invoker = dev->gateway ? invoker_create(dev->loop, &why) : NULL;
	if (!dev->invoker) {
		options->say(options->data, arena_printf(dev->arena, "cannot listen on port %d: %s",
			dev->gateway ? 0 : options->port, why));
	}
	return dev->invoker;
}

static void on_log(void *data, const struct lambda *function, const char *request, const char *line, size_t length) {
	struct dev *dev = data;

	dev->options->log(dev->options->data, function->name, request, line, length);
}

static void make_runtime(struct dev *dev, struct generation *g) {
	const struct runtime_setup setup = {
		.node = dev->options->node, .python = dev->options->python, .region = g->source.local.region,
		.folder = dev->folder, .environment = dev->environment, .environment_count = dev->environment_count, .log = on_log,
		.data = dev,
	};

	g->runtime = runtime_create(dev->loop, &setup);
}

/* Every connection needs these two functions: their workers start while the first client comes. */
static void warm(const struct generation *g) {
	const struct route *connect = g->model->apis->connect;

	if (connect && connect->authorizer && connect->authorizer->function) {
		runtime_warm(g->runtime, connect->authorizer->function);
	}
	if (connect && connect->integration && connect->integration->function) {
		runtime_warm(g->runtime, connect->integration->function);
	}
}

static void serve(struct dev *dev, struct generation *g) {
	make_runtime(dev, g);
	gateway_serve(dev->gateway, g->model->apis, dev->domain, g->runtime);
	invoker_serve(dev->invoker, g->model->functions, g->runtime);
	warm(g);
}

/* --- changes ---------------------------------------------------------------------------------------------------- */

/* Connections stay, whatever has changed: the next message takes the routes that there are then. */
static void reload(struct dev *dev) {
	struct generation *g = generation_create(dev);

	if (!read_template(dev, g) || !read_model(dev, g)) {
		dev->options->say(dev->options->data, "the change is not taken over");
		generation_destroy(g);
		return;
	}
	bool same = g->template.length == dev->now->template.length &&
		memcmp(g->template.bytes, dev->now->template.bytes, g->template.length) == 0;
	g->before = dev->now;
	dev->now = g;
	if (!same) {
		make_tables(dev, g);
	}
	serve(dev, g);
	dev->options->say(dev->options->data, same ? "reloaded: files have changed" : "reloaded: the template has changed");
}

/* Ends the workers of generations that nobody waits for any more. */
static void retire(struct dev *dev) {
	for (struct generation *g = dev->now->before; g; g = g->before) {
		if (g->runtime && !runtime_is_busy(g->runtime)) {
			runtime_destroy(g->runtime);
			g->runtime = NULL;
		}
	}
}

static const char *watched_folder(const struct dev *dev) {
	const char *folder = dev->now->compile.directory;

	return *folder ? folder : ".";
}

static void on_watch(void *data) {
	struct dev *dev = data;
	uint64_t fingerprint = watch_fingerprint(watched_folder(dev));

	if (fingerprint != dev->fingerprint && !dev->stopping) {
		dev->fingerprint = fingerprint;
		reload(dev);
	}
	retire(dev);
	timer_start(dev->watch, WATCH_MS);
}

/* --- running ---------------------------------------------------------------------------------------------------- */

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
	const struct stage *stage = dev->now->model->apis->stages;
	const char *name = strcmp(stage->name, "$default") == 0 ? "" : stage->name;

	dev->options->say(dev->options->data, arena_printf(dev->arena, "listening on wss://%s/%s and ws://%s/%s",
		dev->domain, name, dev->domain, name));
}

static void raise_limits(void) {
	struct rlimit files;

	if (getrlimit(RLIMIT_NOFILE, &files) == 0) {
		files.rlim_cur = files.rlim_max;
		setrlimit(RLIMIT_NOFILE, &files);
	}
}

static enum slsws_dev_status run(struct dev *dev) {
	dev->now = generation_create(dev);
	if (!read_template(dev, dev->now)) {
		return SLSWS_DEV_FINDINGS;
	}
	dev->fingerprint = watch_fingerprint(watched_folder(dev));
	dev->loop = loop_create();
	dev->tls = tls_server_create("DNS:localhost,DNS:*.localhost,IP:127.0.0.1,IP:::1", &dev->certificate);
	if (!open_gateway(dev)) {
		return SLSWS_DEV_FAILED;
	}
	dev->domain = arena_printf(dev->arena, "localhost:%d", gateway_port(dev->gateway));
	if (!read_model(dev, dev->now)) {
		return SLSWS_DEV_FINDINGS;
	}
	if (!make_tables(dev, dev->now) || !make_folder(dev)) {
		return SLSWS_DEV_FAILED;
	}
	add_environment(dev);
	loop_on_signal(dev->loop, SIGINT, on_signal, dev);
	loop_on_signal(dev->loop, SIGTERM, on_signal, dev);
	serve(dev, dev->now);
	dev->watch = timer_create_on(dev->loop, on_watch, dev);
	timer_start(dev->watch, WATCH_MS);
	announce(dev);
	loop_run(dev->loop);
	return SLSWS_DEV_DONE;
}

static void finish(struct dev *dev) {
	for (struct generation *g = dev->now; g; g = g->before) {
		runtime_destroy(g->runtime);	/* all of them before the gateway, whom they tell */
		g->runtime = NULL;
	}
	gateway_destroy(dev->gateway);
	invoker_destroy(dev->invoker);
	timer_destroy(dev->watch);
	if (dev->loop) {
		loop_destroy(dev->loop);
	}
	for (struct generation *g = dev->now, *before; g; g = before) {
		before = g->before;
		generation_destroy(g);
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
	dev->path = path;
	dev->options = options;
	enum slsws_dev_status status = run(dev);
	finish(dev);
	return status;
}
