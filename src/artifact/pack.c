#include "pack.h"

#include <errno.h>
#include <pthread.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>

#include "artifact/deflate.h"
#include "artifact/zip.h"
#include "base/hash.h"
#include "base/table.h"

enum {
	MOST_WORKERS = 32,
	WORTH_A_WORKER = 128 * 1024,	/* less than that is packed before a thread has started */
	SMALLEST = 24,			/* bytes that compression would not make less */
};

/* --- one file ---------------------------------------------------------------------------------------------------- */

/* What has become of an item. */
struct made {
	bool done;
	enum slsws_read status;
	bool changed;		/* it is not as long as it was when it was listed */
	bool no_memory;
	char *bytes;
	size_t length;
	bool deflated;
	uint64_t size;
	uint32_t crc;
	uint64_t held;		/* the bytes that it takes now */
	bool kept;		/* by the cache, who gives back its bytes */
};

/* Puts the compressed bytes in the place of the others, if they are less. */
static void compress(struct deflater *deflater, struct made *m) {
	char *out = m->length > SMALLEST ? malloc(m->length) : NULL;
	size_t length = out ? deflater_run(deflater, m->bytes, m->length, out, m->length - 1) : 0;

	if (!length) {
		m->no_memory = m->length > SMALLEST && !out;
		free(out);
		return;
	}
	free(m->bytes);
	char *fitting = realloc(out, length);
	m->bytes = fitting ? fitting : out;
	m->length = length;
	m->deflated = true;
}

static struct made make(const struct slsws_host *host, const struct pack_item *item, struct deflater *deflater) {
	struct made m = { .done = true };

	if (item->path) {
		m.status = host->read_file(host->data, item->path, LARGEST_PACKED, &m.bytes, &m.length);
	} else {
		m.length = (size_t)item->size;
		m.bytes = malloc(m.length + 1);
		m.no_memory = !m.bytes;
		if (m.bytes) {
			memcpy(m.bytes, item->text, m.length);
		}
	}
	if (m.status != SLSWS_READ_OK || m.no_memory) {
		return m;
	}
	m.size = m.length;
	m.changed = m.size != item->size;
	m.crc = deflate_crc32(m.bytes, m.length);
	compress(deflater, &m);
	return m;
}

/* --- what is kept ------------------------------------------------------------------------------------------------- */

struct pack_cache {
	struct arena *arena;
	struct table made;		/* by path */
	uint64_t held;
};

struct pack_cache *pack_cache_create(struct arena *a) {
	struct pack_cache *cache = arena_new(a, struct pack_cache);

	cache->arena = a;
	return cache;
}

void pack_cache_destroy(struct pack_cache *cache) {
	for (size_t i = 0; cache && i < cache->made.count; i++) {
		free(((struct made *)cache->made.items[i])->bytes);
	}
}

/* What has become of an item in an earlier zip, or NULL. */
static const struct made *find_kept(const struct pack_cache *cache, const struct pack_item *item) {
	return cache && item->path ? table_get(&cache->made, item->path) : NULL;
}

static void keep(struct pack_cache *cache, const struct pack_item *item, struct made *m) {
	if (!cache || !item->path || m->kept || cache->held + m->length > CACHE_MEMORY) {
		return;
	}
	struct made *kept = arena_new(cache->arena, struct made);
	m->kept = true;
	*kept = *m;
	table_set(cache->arena, &cache->made, item->path, kept);
	cache->held += m->length;
}

/* --- the zip ------------------------------------------------------------------------------------------------------ */

struct packing {
	struct arena *arena;
	const struct slsws_host *host;
	const struct pack_item *items;
	size_t count;
	const char *path;
	struct pack_cache *cache;
	struct diag *diag;
	struct zip *zip;
	void *file;
	int problem;			/* why it cannot be written; 0: it can */
	struct sha256 *hash;
	uint64_t size, unpacked, total;	/* total: what `unpacked` will be */
	bool failed;
};

static bool write_zip(void *context, const void *bytes, size_t length) {
	struct packing *p = context;

	sha256_add(p->hash, bytes, length);
	p->size += length;
	if (p->file) {
		p->problem = p->host->write_file(p->file, bytes, length);
	}
	return p->problem == 0;
}

static void report(struct packing *p, const struct pack_item *item, const struct made *m) {
	p->failed = true;
	if (m->status == SLSWS_READ_TOO_LARGE) {
		diag_error(p->diag, "P004", (struct mark){ 0 }, "the file '%s' is larger than 1 GiB: Lambda takes a quarter of that",
			item->path);
	} else if (m->changed || m->status == SLSWS_READ_CHANGED) {
		diag_help(diag_error(p->diag, "P009", (struct mark){ 0 }, "the file '%s' was written to while it was packed",
			item->path), "pack when the build has ended");
	} else {
		diag_error(p->diag, "P003", (struct mark){ 0 }, "the file '%s' %s, but belongs to the package",
			item->path ? item->path : item->name,
			m->no_memory ? "takes more memory than there is" : host_read_problem(m->status));
	}
}

/* Writes what has become of an item, and gives back its bytes. */
static void take(struct packing *p, const struct pack_item *item, struct made *m) {
	if (m->status != SLSWS_READ_OK || m->changed || m->no_memory) {
		report(p, item, m);
	} else if (!p->failed) {
		zip_add(p->zip, &(struct zip_entry){ .name = item->name, .executable = item->executable, .deflated = m->deflated,
			.bytes = m->bytes, .length = m->length, .size = m->size, .crc = m->crc });
		p->unpacked += m->size;
		if (p->path && p->host->progress) {
			p->host->progress(p->host->data, p->path, p->unpacked, p->total);
		}
		keep(p->cache, item, m);
	}
	free(m->kept ? NULL : m->bytes);
	m->bytes = NULL;
}

static void pack_alone(struct packing *p) {
	struct deflater *deflater = deflater_create();

	for (size_t i = 0; i < p->count && !p->problem; i++) {
		const struct made *kept = find_kept(p->cache, &p->items[i]);
		struct made m = kept ? *kept : deflater ? make(p->host, &p->items[i], deflater) :
			(struct made){ .no_memory = true };
		take(p, &p->items[i], &m);
	}
	deflater_destroy(deflater);
}

/* --- workers ------------------------------------------------------------------------------------------------------ */

/*
 * Workers take items in their order, and the one who writes takes what they make in the same order: so what is written next
 * is always being worked on, and nobody waits for ever.
 */
struct pool {
	const struct packing *packing;
	pthread_mutex_t lock;
	pthread_cond_t made, room;
	struct made *items;		/* one for each */
	size_t next;			/* whom nobody has taken yet */
	size_t written;			/* whom the writer waits for */
	uint64_t held;			/* bytes of what was taken and is not written */
	bool stopped;
};

/* What an item takes while it is made: itself and what becomes of it. */
static uint64_t need(const struct pack_item *item) {
	return item->size * 2;
}

/* The largest item that is worked on does not count: there has to be room for it. */
static bool has_room(const struct pool *pool) {
	uint64_t more = need(&pool->packing->items[pool->next]), largest = more;

	if (!pool->held || pool->held + more <= PACK_MEMORY) {
		return true;
	}
	for (size_t i = pool->written; i < pool->next; i++) {
		largest = pool->items[i].held > largest ? pool->items[i].held : largest;
	}
	return pool->held + more - largest <= PACK_MEMORY;
}

static void hold(struct pool *pool, size_t index, uint64_t bytes) {
	pool->held += bytes - pool->items[index].held;
	pool->items[index].held = bytes;
}

/* Takes the next item when there is room for it; false: there is no more to do. */
static bool take_next(struct pool *pool, size_t *index) {
	const struct packing *p = pool->packing;

	for (;;) {
		while (pool->next < p->count && pool->items[pool->next].kept) {
			pool->next++;
		}
		if (pool->stopped || pool->next == p->count || has_room(pool)) {
			break;
		}
		pthread_cond_wait(&pool->room, &pool->lock);
	}
	if (pool->stopped || pool->next == p->count) {
		return false;
	}
	*index = pool->next++;
	hold(pool, *index, need(&p->items[*index]));
	return true;
}

static void *work(void *context) {
	struct pool *pool = context;
	struct deflater *deflater = deflater_create();
	size_t i;

	pthread_mutex_lock(&pool->lock);
	while (take_next(pool, &i)) {
		const struct pack_item *item = &pool->packing->items[i];
		pthread_mutex_unlock(&pool->lock);
		struct made m = deflater ? make(pool->packing->host, item, deflater) :
			(struct made){ .done = true, .no_memory = true };
		pthread_mutex_lock(&pool->lock);
		m.held = pool->items[i].held;
		pool->items[i] = m;
		hold(pool, i, m.length);
		if (i == pool->written) {
			pthread_cond_signal(&pool->made);
		}
		pthread_cond_broadcast(&pool->room);
	}
	pthread_mutex_unlock(&pool->lock);
	deflater_destroy(deflater);
	return NULL;
}

static void write_in_order(struct packing *p, struct pool *pool) {
	pthread_mutex_lock(&pool->lock);
	while (pool->written < p->count && !p->problem) {
		size_t i = pool->written;
		while (!pool->items[i].done) {
			pthread_cond_wait(&pool->made, &pool->lock);
		}
		pthread_mutex_unlock(&pool->lock);
		take(p, &p->items[i], &pool->items[i]);
		pthread_mutex_lock(&pool->lock);
		hold(pool, i, 0);
		pool->written++;
		pthread_cond_broadcast(&pool->room);
	}
	pool->stopped = true;
	pthread_cond_broadcast(&pool->room);
	pthread_mutex_unlock(&pool->lock);
}

static size_t count_cores(void) {
	cpu_set_t cores;

	return sched_getaffinity(0, sizeof(cores), &cores) == 0 ? (size_t)CPU_COUNT(&cores) : 1;
}

static size_t workers_for(const struct packing *p) {
	size_t worth = (size_t)(p->total / WORTH_A_WORKER), most = worth < MOST_WORKERS ? worth : MOST_WORKERS;
	if (!p->host->parallel || most < 2) {
		return 1;
	}
	size_t cores = count_cores();
	return cores < most ? cores : most;
}

static bool pack_together(struct packing *p, size_t workers) {
	struct pool pool = { .packing = p, .items = calloc(p->count, sizeof(*pool.items)) };
	pthread_t threads[MOST_WORKERS];
	size_t started = 0;

	if (!pool.items) {
		return false;
	}
	for (size_t i = 0; p->cache && i < p->count; i++) {
		const struct made *kept = find_kept(p->cache, &p->items[i]);
		if (kept) {
			pool.items[i] = *kept;
			pool.items[i].held = 0;
		}
	}
	pthread_mutex_init(&pool.lock, NULL);
	pthread_cond_init(&pool.made, NULL);
	pthread_cond_init(&pool.room, NULL);
	while (started < workers && pthread_create(&threads[started], NULL, work, &pool) == 0) {
		started++;
	}
	if (started) {
		write_in_order(p, &pool);
	}
	for (size_t i = 0; i < started; i++) {
		pthread_join(threads[i], NULL);
	}
	for (size_t i = 0; i < p->count; i++) {
		free(pool.items[i].kept ? NULL : pool.items[i].bytes);
	}
	pthread_cond_destroy(&pool.room);
	pthread_cond_destroy(&pool.made);
	pthread_mutex_destroy(&pool.lock);
	free(pool.items);
	return started > 0;
}

/* --- all of it ---------------------------------------------------------------------------------------------------- */

static void open_file(struct packing *p) {
	if (p->path) {
		p->problem = p->host->create_file(p->host->data, p->path, &p->file);
	}
}

static void close_file(struct packing *p) {
	bool written = zip_finish(p->zip);

	if (p->file) {
		int problem = p->host->close_file(p->file, written && !p->failed && !p->problem);
		p->problem = p->problem ? p->problem : problem;
	}
	if (p->problem || (!written && !p->failed)) {
		diag_error(p->diag, "P010", (struct mark){ 0 }, "the zip '%s' cannot be written: %s", p->path ? p->path : "",
			strerror(p->problem ? p->problem : ENOMEM));
	}
}

struct packed pack(struct arena *a, const struct slsws_host *host, const struct pack_item *items, size_t count,
		const char *path, struct pack_cache *cache, struct diag *diag) {
	struct packing p = { .arena = a, .host = host, .items = items, .count = count, .path = path, .cache = cache,
		.diag = diag,
		.hash = sha256_create(a) };
	for (size_t i = 0; i < count; i++) {
		p.total += items[i].size;
	}
	size_t workers = workers_for(&p);

	open_file(&p);
	p.zip = p.problem ? NULL : zip_create(write_zip, &p);
	if (p.zip && (workers < 2 || !pack_together(&p, workers))) {
		pack_alone(&p);
	}
	close_file(&p);
	return (struct packed){ sha256_finish_base64(a, p.hash), p.size, p.unpacked, p.problem != 0 };
}
