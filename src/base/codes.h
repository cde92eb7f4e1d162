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
	X(C005, "the text is no valid YAML") \
	X(C006, "the text is not UTF-8") \
	X(C007, "the text has a character that YAML does not allow") \
	X(C008, "values are nested too deeply") \
	X(C009, "a key stands twice in a map") \
	X(C010, "a tag is not known") \
	X(C011, "a tag does not fit its value") \
	X(C012, "an alias has no anchor") \
	X(C013, "an alias stands inside its own anchor") \
	X(C014, "there are too many values") \
	X(C015, "a merge key has no map") \
	X(C016, "merge keys bring too many entries") \
	X(C017, "there is a second document") \
	X(C018, "a value cannot be a key") \
	X(C019, "the text is no valid JSON") \
	X(C020, "the text means something else to other readers of YAML") \
	/* variables */ \
	X(C100, "a variable cannot be parsed") \
	X(C101, "a variable has no value") \
	X(C102, "a variable's source is not known") \
	X(C103, "a variable's source has a wrong address or path") \
	X(C104, "variables refer to one another in a circle") \
	X(C105, "variables are nested too deeply") \
	X(C106, "a file of a variable cannot be read") \
	X(C108, "a variable needs what only AWS could tell") \
	X(C109, "a variable inside of a text yields no text") \
	X(C110, "a JavaScript file fails") \
	X(C111, "there is no Node.js for a JavaScript file") \
	X(C112, "variables yield too much") \
	X(C113, "strToBool has no true or false") \
	X(C114, "a property is needed before its variable can be resolved") \
	X(C115, "a .env file cannot be used") \
	X(C116, "a variable both chooses the .env file and is set by it") \
	X(C117, "the stubs file cannot be used") \
	/* schema */ \
	X(C201, "a key is not known") \
	X(C202, "a key is missing") \
	X(C203, "a value is of a wrong type") \
	X(C204, "a value is none of those that are allowed") \
	X(C205, "a text does not have the form that is asked for") \
	X(C206, "a number, length or count is out of bounds") \
	X(C207, "a value has none of the forms that are allowed") \
	X(C208, "a key cannot have this name") \
	/* service and passes */ \
	X(C300, "the service has no proper name") \
	X(C301, "the provider is missing or not AWS") \
	X(C302, "the functions, or one of them, are no map") \
	X(C303, "the stage is no proper name") \
	X(C304, "the region is no text") \
	X(C305, "a function is not known") \
	X(C306, "frameworkVersion does not fit") \
	X(C310, "a function has no code, or twice") \
	X(C311, "settings of a function do not go together") \
	X(C312, "an artifact is no path") \
	X(C313, "a function's name is no text") \
	X(C314, "an image cannot be resolved") \
	X(C315, "a durable function is not possible") \
	X(C317, "a layer cannot be made") \
	X(C320, "statements or policies of the role are no list") \
	X(C321, "a CORS setting is no list") \
	X(C322, "a destination is not possible") \
	X(C323, "a layer of a function is none") \
	X(C324, "an account of a layer is no text") \
	X(C340, "an event type is not supported yet") \
	X(C341, "a function's events are no list") \
	X(C342, "an event is empty") \
	X(C343, "an event has no value") \
	X(C350, "the resources are no map") \
	X(C351, "an item of a listed section is no map") \
	X(C352, "Resources is no map") \
	X(C353, "a resource is empty") \
	X(C354, "an extension is of no resource") \
	X(C355, "an extension is of an attribute that cannot be extended") \
	X(C356, "an extension is of a wrong type") \
	X(C357, "a key is left out") \
	X(C358, "a null drops what was defined before") \
	X(C401, "a plugin that leaves the template alone (debug)") \
	X(C402, "a plugin that changes the template") \
	X(C403, "a plugin that is not known") \
	X(C404, "a plugin of the service's own") \
	X(C405, "an entry of 'plugins' that is no name") \
	X(C406, "a plugin that is listed twice") \
	/* websocket */ \
	X(W101, "a websocket event has no route") \
	X(W102, "a websocket event is written for an old plugin") \
	X(W103, "an authorizer is no function of the service") \
	X(W104, "an authorizer has no name") \
	X(W105, "a log level is not known") \
	X(W106, "a route is defined again") \
	X(W107, "an authorizer is defined in several ways") \
	X(W108, "a permission is lost") \
	/* security */ \
	X(S101, "anybody may connect") \
	/* package */ \
	X(P001, "an artifact is missing") \
	X(P002, "an artifact is out of reach") \
	X(P003, "a file cannot be packed") \
	X(P004, "a file is too large to count") \
	X(P005, "there are too many files") \
	X(P006, "SOURCE_DATE_EPOCH is no time") \
	X(P007, "no file is left to be packed") \
	X(P008, "a layer has no files") \
	/* deprecation */ \
	X(D001, "a setting has a new name") \
	X(D002, "a setting has no effect any more") \
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
	X(U050, "an unknown option that nothing reads") \
	X(U051, "more findings than are shown") \
	X(U052, "a hardening that is not known")
