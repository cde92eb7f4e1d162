/*
 * Every code that a diagnostic can have: stable, never used again for something else. One row each:
 * X(code, what it is about). Families: C configuration (C0 reading, C1 variables, C2 schema, C3 service),
 * W websocket, T template, R resources, S security, P package, D deprecation, U usage.
 */
#define CODES(X) \
	/* reading */ \
	X(C001, "the configuration file cannot be read") \
	X(C002, "the configuration is a program") \
	X(C003, "the configuration file's extension is not known") \
	X(C004, "the configuration is no map") \
	/* variables */ \
	/* schema */ \
	/* service and passes */ \
	/* websocket */ \
	/* package */ \
	/* deprecation */ \
	/* usage */
