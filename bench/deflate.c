/*
 * The bare compressor: what packing cannot be faster than.
 *	deflate N < LIST
 * Compresses the files that standard input names, one a line, each by itself with libdeflate at slsws's level, in as many
 * threads as there are cores; N times. Tells the median of its wall clock in microseconds, without reading.
 */
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <libdeflate.h>

enum { MOST_THREADS = 64, LEVEL = 6 };

struct file {
	char *bytes;
	size_t length;
};

static struct file *files;
static size_t count;
static atomic_size_t next, packed;

static void *work(void *unused) {
	struct libdeflate_compressor *compressor = libdeflate_alloc_compressor(LEVEL);

	(void)unused;
	for (size_t i; (i = next++) < count;) {
		char *out = malloc(files[i].length + 1);
		packed += libdeflate_deflate_compress(compressor, files[i].bytes, files[i].length, out, files[i].length);
		packed += libdeflate_crc32(0, files[i].bytes, files[i].length) & 0;
		free(out);
	}
	libdeflate_free_compressor(compressor);
	return NULL;
}

static long compress_all(size_t cores) {
	struct timespec before, after;
	pthread_t threads[MOST_THREADS];

	next = packed = 0;
	clock_gettime(CLOCK_MONOTONIC, &before);
	for (size_t i = 0; i < cores; i++) {
		pthread_create(&threads[i], NULL, work, NULL);
	}
	for (size_t i = 0; i < cores; i++) {
		pthread_join(threads[i], NULL);
	}
	clock_gettime(CLOCK_MONOTONIC, &after);
	return (after.tv_sec - before.tv_sec) * 1000000 + (after.tv_nsec - before.tv_nsec) / 1000;
}

static struct file read_file(const char *path) {
	FILE *file = fopen(path, "rb");

	if (!file) {
		fprintf(stderr, "deflate: '%s' cannot be read\n", path);
		exit(1);
	}
	fseek(file, 0, SEEK_END);
	struct file read = { .length = (size_t)ftell(file) };
	rewind(file);
	read.bytes = malloc(read.length + 1);
	read.length = fread(read.bytes, 1, read.length, file);
	fclose(file);
	return read;
}

static void read_list(void) {
	char line[4096];

	while (fgets(line, sizeof(line), stdin)) {
		line[strcspn(line, "\n")] = '\0';
		files = realloc(files, (count + 1) * sizeof(*files));
		files[count++] = read_file(line);
	}
}

static int compare(const void *a, const void *b) {
	long x = *(const long *)a, y = *(const long *)b;

	return x < y ? -1 : x > y;
}

int main(int argc, char **argv) {
	int times = argc > 1 ? atoi(argv[1]) : 0;
	long *taken = calloc((size_t)(times > 0 ? times : 1), sizeof(*taken));
	cpu_set_t cores;

	if (times < 1 || sched_getaffinity(0, sizeof(cores), &cores) != 0) {
		fputs("usage: deflate N < LIST\n", stderr);
		return 2;
	}
	read_list();
	size_t threads = (size_t)CPU_COUNT(&cores) < MOST_THREADS ? (size_t)CPU_COUNT(&cores) : MOST_THREADS;
	for (int i = 0; i < times; i++) {
		taken[i] = compress_all(threads);
	}
	qsort(taken, (size_t)times, sizeof(*taken), compare);
	printf("%ld %zu\n", taken[times / 2], (size_t)packed);
	return 0;
}
