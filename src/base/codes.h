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
	/* usage: those of the command line are printed by src/cli, U050 and up come from the library */ \
	X(U001, "no command") \
	X(U002, "an unknown command") \
	X(U003, "an option that cannot be one") \
	X(U004, "an option without its value") \
	X(U005, "a value for an option that takes none") \
	X(U006, "an option given twice") \
	X(U007, "a value of the wrong form for an option") \
	X(U008, "arguments that do not go together") \
	X(U009, "no configuration was found") \
	X(U010, "an option that is not available yet") \
	X(U011, "of several configurations one is taken (debug)") \
	X(U012, "an option without effect (debug)") \
	X(U020, "the machine failed") \
	X(U050, "an unknown option that nothing reads")
