/* Container images of functions: by digest as they are; all else is known to AWS or Docker alone, or to a stub. */
#include <string.h>

#include "base/text.h"
#include "service_parts.h"

static bool is_digest(const char *text) {
	return text_starts(text, "sha256:") && strspn(text + 7, "0123456789abcdef") == 64 && !text[71];
}

/* What the reference takes for the address of an image: one in ECR, or anything that ends in a digest. */
static bool is_uri(const char *text) {
	size_t digits = strspn(text, "0123456789");
	const char *at = strchr(text, '@'), *host = text + digits;

	if (at && at > text && is_digest(at + 1) && !memchr(at - 1, ':', 1)) {
		return true;
	}
	if (!digits || !text_starts(host, ".dkr.ecr.")) {
		return false;
	}
	host += strlen(".dkr.ecr.");
	size_t region = strspn(host, "abcdefghijklmnopqrstuvwxyz0123456789-");
	const char *domain = strstr(host, "amazonaws");
	return region > 0 && domain && domain > host + 1 && domain - host <= (ptrdiff_t)region + 2 &&
		text_starts(domain + strlen("amazonaws") + 1, "com/") && domain[14] && domain[14] != '@';
}

struct request {
	const struct service *service;
	const struct function *function;
	struct diag *diag;
};

static struct diagnostic *fault(const struct request *r, const struct value *at, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

static struct diagnostic *fault(const struct request *r, const struct value *at, const char *format, ...) {
	va_list args;

	va_start(args, format);
	const char *text = arena_vprintf(r->service->arena, format, args);
	va_end(args);
	struct diagnostic *d = diag_error(r->diag, "C314", at ? at->mark : r->function->mark, "%s", text);
	diag_note(d, r->function->mark, "the image of function '%s'", r->function->key);
	return d;
}

static const char *stub(const struct request *r, const char *image) {
	const struct value *v = map_get(r->service->options->stubs, arena_printf(r->service->arena, "ecr:%s", image));

	return is_string(v) && is_digest(v->text) ? v->text : NULL;
}

static const struct image *by_digest(const struct request *r, const char *repository, const char *digest) {
	struct image *image = arena_new(r->service->arena, struct image);

	image->uri = arena_printf(r->service->arena, "%s@%s", repository, digest);
	image->sha256 = strlen(digest) > 7 ? digest + 7 : "";
	return image;
}

static const struct image *from_uri(const struct request *r, const struct value *uri) {
	struct arena *a = r->service->arena;
	const char *at = strchr(uri->text, '@'), *colon = strchr(uri->text, ':');

	if (at && at[1]) {
		const char *end = strchr(at + 1, '@');
		const char *digest = end ? arena_copy(a, at + 1, (size_t)(end - at - 1)) : at + 1;
		struct image *image = (struct image *)by_digest(r, "", digest);
		image->uri = uri->text;
		return image;
	}
	const char *digest = stub(r, uri->text);
	if (digest) {
		return by_digest(r, arena_copy(a, uri->text, colon ? (size_t)(colon - uri->text) : strlen(uri->text)), digest);
	}
	struct diagnostic *d = fault(r, uri, "the digest of image '%s' is known to AWS alone", uri->text);
	diag_help(d, "name the image by its digest, 'repository@sha256:...', or give it: --stub 'ecr:%s=sha256:...'",
		uri->text);
	return NULL;
}

static const char *const never_with_uri[] = { "buildArgs", "buildOptions", "cacheFrom", "platform", "provenance" };

/* An image of provider.ecr.images that is a map: the faults that the reference finds, in its order. */
static const struct value *uri_of(const struct request *r, const char *name, const struct value *image) {
	const struct value *uri = map_truthy(image, "uri"), *path = map_truthy(image, "path");

	if (!uri && !path) {
		fault(r, image, "image '%s' has neither 'uri' nor 'path'", name);
		return NULL;
	}
	if (uri && path) {
		fault(r, path, "image '%s' has both 'uri' and 'path', expected one of them", name);
		return NULL;
	}
	for (size_t i = 0; uri && i < sizeof(never_with_uri) / sizeof(*never_with_uri); i++) {
		const struct value *other = map_truthy(image, never_with_uri[i]);
		if (other) {
			fault(r, other, "image '%s' has '%s' beside 'uri', which is never built", name, never_with_uri[i]);
			return NULL;
		}
	}
	return uri ? uri : path;
}

static void report_unknown(const struct request *r, const struct value *at, const char *name) {
	const struct value *images = map_get(map_get(r->service->provider, "ecr"), "images");
	const char **names = arena_array(r->service->arena, const char *, images ? images->length + 1 : 1);
	size_t count = 0;

	for (const struct entry *e = map_first(images); e; e = map_next(images, e)) {
		names[count++] = e->key;
	}
	struct diagnostic *d = fault(r, at, "unknown image '%s', expected an address or a name in provider.ecr.images", name);
	const char *nearest = text_closest(name, names, count);
	if (nearest) {
		diag_help(d, "did you mean '%s'?", nearest);
	}
}

static const struct image *from_name(const struct request *r, const struct value *name) {
	const struct value *image = map_truthy(map_get(map_get(r->service->provider, "ecr"), "images"), name->text);

	if (!image) {
		report_unknown(r, name, name->text);
		return NULL;
	}
	if (is_map(image)) {
		const struct value *uri = uri_of(r, name->text, image);
		if (!uri) {
			return NULL;
		}
		if (is_string(uri) && map_truthy(image, "uri")) {
			return from_uri(r, uri);
		}
	} else if (is_string(image) && is_uri(image->text)) {
		return from_uri(r, image);
	}
	const char *digest = stub(r, name->text);
	if (digest) {
		return by_digest(r, name->text, digest);
	}
	struct diagnostic *d = fault(r, image, "image '%s' has to be built by Docker before its digest is known", name->text);
	diag_help(d, "build and push it, and name it by its digest: 'uri: repository@sha256:...'");
	return NULL;
}

static const struct image *resolve(const struct request *r, const struct value *image) {
	const struct value *uri = is_map(image) ? map_truthy(image, "uri") : NULL;
	const struct value *name = is_map(image) ? map_truthy(image, "name") : image;

	if (uri && name) {
		fault(r, name, "the image of function '%s' has both 'uri' and 'name', expected one of them", r->function->key);
		return NULL;
	}
	if (!uri && !name) {
		fault(r, image, "the image of function '%s' has neither 'uri' nor 'name'", r->function->key);
		return NULL;
	}
	if (!is_string(uri ? uri : name)) {
		fault(r, image, "the image of function '%s' is a %s, expected a string", r->function->key,
			value_kind_name(uri ? uri : name));
		return NULL;
	}
	return uri || is_uri(name->text) ? from_uri(r, uri ? uri : name) : from_name(r, name);
}

const struct image *read_image(const struct service *service, const struct function *function, struct diag *diag) {
	const struct request request = { service, function, diag };
	const struct value *configured = map_truthy(function->config, "image");
	struct image *image = (struct image *)resolve(&request, configured);

	if (image) {
		image->command = map_truthy(configured, "command");
		image->entry_point = map_truthy(configured, "entryPoint");
		image->working_directory = map_truthy(configured, "workingDirectory");
	}
	return image;
}
