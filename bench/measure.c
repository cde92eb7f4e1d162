/*
 * Runs a program N times and tells the median of its wall clock in microseconds and its peak memory in KiB.
 *	measure N OUTPUT PROGRAM [ARGUMENT...]
 * Its standard output goes to the file OUTPUT, its standard error to /dev/null. It must end with 0.
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static void run(char **argv, const char *output) {
	int out = open(output, O_WRONLY | O_CREAT | O_TRUNC, 0666), err = open("/dev/null", O_WRONLY);

	if (out < 0 || err < 0 || dup2(out, STDOUT_FILENO) < 0 || dup2(err, STDERR_FILENO) < 0) {
		_exit(126);
	}
	execvp(argv[0], argv);
	_exit(127);
}

static long measure(char **argv, const char *output, long *peak) {
	struct timespec before, after;
	struct rusage usage;
	int status;

	clock_gettime(CLOCK_MONOTONIC, &before);
	pid_t pid = fork();
	if (pid == 0) {
		run(argv, output);
	}
	if (pid < 0 || wait4(pid, &status, 0, &usage) != pid || status != 0) {
		fprintf(stderr, "measure: '%s' failed\n", argv[0]);
		exit(1);
	}
	clock_gettime(CLOCK_MONOTONIC, &after);
	*peak = usage.ru_maxrss > *peak ? usage.ru_maxrss : *peak;
	return (after.tv_sec - before.tv_sec) * 1000000 + (after.tv_nsec - before.tv_nsec) / 1000;
}

static int compare(const void *a, const void *b) {
	long x = *(const long *)a, y = *(const long *)b;

	return x < y ? -1 : x > y;
}

int main(int argc, char **argv) {
	int count = argc > 3 ? atoi(argv[1]) : 0;
	long *times = calloc((size_t)(count > 0 ? count : 1), sizeof(*times)), peak = 0;

	if (count < 1 || !times) {
		fputs("usage: measure N OUTPUT PROGRAM [ARGUMENT...]\n", stderr);
		return 2;
	}
	for (int i = 0; i < count; i++) {
		times[i] = measure(argv + 3, argv[2], &peak);
	}
	qsort(times, (size_t)count, sizeof(*times), compare);
	printf("%ld %ld\n", times[count / 2], peak);
	free(times);
	return 0;
}
