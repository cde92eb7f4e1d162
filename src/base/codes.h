/*
 * Every code that a diagnostic can have: stable, never used again for something else. One row each:
 * X(code, severity, what it is about). The severity is that of a finding of src/check/; elsewhere it is the usual one,
 * as --strict and configValidationMode may change it. Families: C configuration (C0 reading, C1 variables, C2 schema,
 * C3 service), W websocket (W1 what is found while it is compiled, W2 checks), T template, R resources, S security,
 * P package, D deprecation, G slsws dev, U usage. What a code is about at length is in rules/, with examples.
 */
#define CODES(X) \
	/* reading */ \
	X(C001, ERROR, "the configuration file cannot be read") \
	X(C002, ERROR, "the configuration is a program") \
	X(C003, ERROR, "the configuration file's extension is not known") \
	X(C004, ERROR, "the configuration is no map") \
	X(C005, ERROR, "the text is no valid YAML") \
	X(C006, ERROR, "the text is not UTF-8") \
	X(C007, ERROR, "the text has a character that YAML does not allow") \
	X(C008, ERROR, "values are nested too deeply") \
	X(C009, ERROR, "a key stands twice in a map") \
	X(C010, ERROR, "a tag is not known") \
	X(C011, ERROR, "a tag does not fit its value") \
	X(C012, ERROR, "an alias has no anchor") \
	X(C013, ERROR, "an alias stands inside its own anchor") \
	X(C014, ERROR, "there are too many values") \
	X(C015, ERROR, "a merge key has no map") \
	X(C016, ERROR, "merge keys bring too many entries") \
	X(C017, ERROR, "there is a second document") \
	X(C018, ERROR, "a value cannot be a key") \
	X(C019, ERROR, "the text is no valid JSON") \
	X(C020, ERROR, "the text means something else to other readers of YAML") \
	/* variables */ \
	X(C100, ERROR, "a variable cannot be parsed") \
	X(C101, ERROR, "a variable has no value") \
	X(C102, ERROR, "a variable's source is not known") \
	X(C103, ERROR, "a variable's source has a wrong address or path") \
	X(C104, ERROR, "variables refer to one another in a circle") \
	X(C105, ERROR, "variables are nested too deeply") \
	X(C106, ERROR, "a file of a variable cannot be read") \
	X(C108, ERROR, "a variable needs what only AWS could tell") \
	X(C109, ERROR, "a variable inside of a text yields no text") \
	X(C110, ERROR, "a JavaScript file fails") \
	X(C111, ERROR, "there is no Node.js for a JavaScript file") \
	X(C112, ERROR, "variables yield too much") \
	X(C113, ERROR, "strToBool has no true or false") \
	X(C114, ERROR, "a property is needed before its variable can be resolved") \
	X(C115, ERROR, "a .env file cannot be used") \
	X(C116, ERROR, "a variable both chooses the .env file and is set by it") \
	X(C117, ERROR, "the stubs file cannot be used") \
	/* schema */ \
	X(C201, WARNING, "a key is not known") \
	X(C202, WARNING, "a key is missing") \
	X(C203, WARNING, "a value is of a wrong type") \
	X(C204, WARNING, "a value is none of those that are allowed") \
	X(C205, WARNING, "a text does not have the form that is asked for") \
	X(C206, WARNING, "a number, length or count is out of bounds") \
	X(C207, WARNING, "a value has none of the forms that are allowed") \
	X(C208, WARNING, "a key cannot have this name") \
	/* service and passes */ \
	X(C300, ERROR, "the service has no proper name") \
	X(C301, ERROR, "the provider is missing or not AWS") \
	X(C302, ERROR, "the functions, or one of them, are no map") \
	X(C303, ERROR, "the stage is no proper name") \
	X(C304, ERROR, "the region is no text") \
	X(C305, ERROR, "a function is not known") \
	X(C306, WARNING, "frameworkVersion does not fit") \
	X(C307, WARNING, "two functions have one logical id") \
	X(C308, WARNING, "two functions have one name") \
	X(C310, ERROR, "a function has no code, or twice") \
	X(C311, ERROR, "settings of a function do not go together") \
	X(C312, ERROR, "an artifact is no path") \
	X(C313, ERROR, "a function's name is no text") \
	X(C314, ERROR, "an image cannot be resolved") \
	X(C315, ERROR, "a durable function is not possible") \
	X(C317, ERROR, "a layer cannot be made") \
	X(C320, ERROR, "statements or policies of the role are no list") \
	X(C321, ERROR, "a CORS setting is no list") \
	X(C322, ERROR, "a destination is not possible") \
	X(C323, ERROR, "a layer of a function is none") \
	X(C324, ERROR, "an account of a layer is no text") \
	X(C340, ERROR, "an event type is not supported yet") \
	X(C341, ERROR, "a function's events are no list") \
	X(C342, ERROR, "an event is empty") \
	X(C343, WARNING, "an event has no value") \
	X(C350, ERROR, "the resources are no map") \
	X(C351, ERROR, "an item of a listed section is no map") \
	X(C352, ERROR, "Resources is no map") \
	X(C353, ERROR, "a resource is empty") \
	X(C354, ERROR, "an extension is of no resource") \
	X(C355, ERROR, "an extension is of an attribute that cannot be extended") \
	X(C356, ERROR, "an extension is of a wrong type") \
	X(C357, WARNING, "a key is left out") \
	X(C358, WARNING, "a null drops what was defined before") \
	/* events */ \
	X(C360, ERROR, "a schedule has no rate") \
	X(C361, ERROR, "settings of a schedule do not go together") \
	X(C362, ERROR, "a text of an event cannot stand in JSON") \
	X(C363, ERROR, "an event source has no name") \
	X(C364, ERROR, "filter patterns are no list") \
	X(C365, ERROR, "a destination of a stream is not possible") \
	X(C366, ERROR, "a stream starts at no timestamp") \
	X(C370, ERROR, "an event lacks what it is made from") \
	X(C371, ERROR, "a setting of an event is no text") \
	X(C372, ERROR, "a log group has more than two subscription filters") \
	X(C373, ERROR, "more than one input of an event") \
	X(C374, ERROR, "more than one template of provisioning for a function") \
	X(C380, ERROR, "an event has no topic or queue") \
	X(C381, ERROR, "a start at a time has no time") \
	X(C382, ERROR, "a cluster cannot be reached as it is written") \
	X(C390, ERROR, "an httpApi event has no proper route") \
	X(C391, ERROR, "two httpApi events have one route") \
	X(C392, ERROR, "the authorizer of an httpApi event is not possible") \
	X(C393, ERROR, "an authorizer of the HTTP API is not possible") \
	X(C394, ERROR, "a setting that an HTTP API from outside cannot have") \
	X(C395, WARNING, "a function may take longer than its HTTP API waits") \
	X(C396, WARNING, "a route of the HTTP API is lost") \
	X(C401, DEBUG, "a plugin that leaves the template alone") \
	X(C402, WARNING, "a plugin that changes the template") \
	X(C403, WARNING, "a plugin that is not known") \
	X(C404, WARNING, "a plugin of the service's own") \
	X(C405, ERROR, "an entry of 'plugins' that is no name") \
	X(C406, ERROR, "a plugin that is listed twice") \
	/* websocket */ \
	X(W101, ERROR, "a websocket event has no route") \
	X(W102, ERROR, "a websocket event is written for an old plugin") \
	X(W103, ERROR, "an authorizer is no function of the service") \
	X(W104, ERROR, "an authorizer has no name") \
	X(W105, ERROR, "a log level is not known") \
	X(W106, WARNING, "a route is defined again") \
	X(W107, WARNING, "an authorizer is defined in several ways") \
	X(W108, WARNING, "a permission is lost") \
	X(W201, ERROR, "a route key is reserved") \
	X(W202, WARNING, "a route key is empty or long") \
	X(W203, ERROR, "two routes have the same key") \
	X(W204, ERROR, "another route than $connect has an authorizer") \
	X(W205, WARNING, "authorization type and authorizer do not go together") \
	X(W206, ERROR, "a JWT authorizer") \
	X(W207, ERROR, "a word that API Gateway does not know") \
	X(W208, WARNING, "a property of HTTP APIs") \
	X(W209, ERROR, "a text is too long") \
	X(W210, ERROR, "an API without a protocol") \
	X(W211, ERROR, "a WebSocket API without a route selection expression") \
	X(W212, WARNING, "a route selection expression that selects nothing") \
	X(W213, WARNING, "an API key that cannot be found") \
	X(W214, ERROR, "a response selection other than $default") \
	X(W215, ERROR, "the timeout of an integration is out of bounds") \
	X(W216, WARNING, "a function takes longer than its route") \
	X(W217, WARNING, "a quota is exceeded") \
	X(W218, WARNING, "half a route response") \
	X(W219, INFO, "no route $default") \
	X(W220, INFO, "no route $disconnect") \
	X(W221, ERROR, "an identity source that is none") \
	X(W223, ERROR, "an authorizer that is no function") \
	X(W224, ERROR, "the name of a stage") \
	X(W225, ERROR, "a stage variable") \
	X(W226, WARNING, "nothing is deployed to a stage") \
	X(W228, WARNING, "a deployment that does not wait for its routes") \
	X(W229, WARNING, "changes that are not deployed") \
	X(W230, WARNING, "an API from outside that is deployed once") \
	X(W231, WARNING, "an API without an endpoint") \
	X(W232, ERROR, "the target of a route is no integration of its API") \
	X(W233, WARNING, "a route without a target") \
	X(W234, ERROR, "an integration without a URI") \
	X(W235, ERROR, "the URI of an integration is a bare ARN") \
	X(W236, ERROR, "a part of another kind or API") \
	X(W237, WARNING, "settings of a route that is not there") \
	X(W238, WARNING, "an access log that is not possible") \
	X(W239, WARNING, "a mapping key with a slash") \
	X(W240, ERROR, "a domain of several kinds of APIs") \
	X(W241, WARNING, "a function that may not be invoked") \
	X(W242, WARNING, "half a connection to a VPC link") \
	X(W243, WARNING, "the method of a function") \
	X(W244, INFO, "an API key without a usage plan") \
	/* security */ \
	X(S101, WARNING, "anybody may connect") \
	X(S102, WARNING, "any API may invoke a function") \
	X(S103, WARNING, "the connections of all APIs") \
	X(S104, WARNING, "messages are logged in full") \
	X(S105, INFO, "errors are not logged") \
	X(S106, INFO, "no access log") \
	X(S107, INFO, "no throttling") \
	X(S108, INFO, "logs are kept for ever") \
	X(S109, INFO, "logs without a key of their own") \
	X(S110, INFO, "an open deployment bucket") \
	X(S111, INFO, "two ways to an API") \
	X(S112, WARNING, "everything is allowed") \
	X(S113, INFO, "a function that may create roles") \
	X(S115, WARNING, "an open function URL") \
	X(S116, WARNING, "anybody may invoke a function") \
	X(S117, WARNING, "an access key in the environment") \
	/* template */ \
	X(T001, ERROR, "a reference to what is not there") \
	X(T002, ERROR, "DependsOn names no resource") \
	X(T003, ERROR, "a condition is not there") \
	X(T004, ERROR, "a mapping, or a key in it, is not there") \
	X(T005, ERROR, "resources wait for one another") \
	X(T006, ERROR, "a condition asks itself") \
	X(T007, WARNING, "a reference to what is not there, unless a plugin or another event makes it") \
	X(T010, ERROR, "a function of a wrong form") \
	X(T011, ERROR, "an unknown function") \
	X(T012, ERROR, "a function where it cannot stand") \
	X(T013, WARNING, "a variable of Fn::Sub is not in its text") \
	X(T014, INFO, "Fn::Sub has nothing to substitute") \
	X(T015, ERROR, "a variable of Fn::Sub cannot have this name") \
	X(T016, ERROR, "a condition refers to a resource") \
	X(T020, ERROR, "a logical id or name that cannot be one") \
	X(T021, ERROR, "an unknown section of the template") \
	X(T022, ERROR, "a section or a resource of a wrong form") \
	X(T024, ERROR, "DependsOn of a wrong form") \
	X(T025, ERROR, "an unknown version of the template's format") \
	X(T026, ERROR, "the description of the template is too long, or no text") \
	X(T027, ERROR, "null in a template") \
	X(T030, ERROR, "too many resources, outputs, parameters or mappings") \
	X(T031, WARNING, "nearly too many resources, outputs, parameters or mappings") \
	X(T032, ERROR, "the template is too large") \
	X(T033, WARNING, "the template is nearly too large") \
	X(T040, ERROR, "a parameter of a wrong form") \
	X(T041, ERROR, "the default of a parameter does not fit") \
	X(T050, ERROR, "an output of a wrong form") \
	X(T051, ERROR, "a name is exported twice") \
	X(T052, ERROR, "the name of an export or import depends on a resource") \
	X(T060, INFO, "a parameter is not used") \
	X(T061, INFO, "a condition is not used") \
	X(T062, INFO, "a mapping is not used") \
	X(T063, INFO, "DependsOn names what is referred to anyway") \
	/* resources */ \
	X(R101, ERROR, "there is no such resource type") \
	X(R102, WARNING, "a resource type is not in the specification") \
	X(R103, ERROR, "a resource has no type") \
	X(R104, ERROR, "a resource has a key that is not known") \
	X(R105, ERROR, "a key of a resource has a wrong value") \
	X(R106, ERROR, "a resource of SAM without its transform") \
	X(R201, ERROR, "a property is not known") \
	X(R202, ERROR, "a required property is missing") \
	X(R203, ERROR, "a property is of a wrong kind") \
	X(R204, ERROR, "a text is no number or boolean") \
	X(R205, WARNING, "a number or boolean stands for another") \
	X(R206, WARNING, "a property is set by AWS alone") \
	X(R207, ERROR, "a function gives a wrong kind of value") \
	X(R208, WARNING, "a condition leaves out a required property") \
	X(R209, WARNING, "a property is deprecated") \
	X(R301, WARNING, "a value is none of those that AWS knows") \
	X(R302, WARNING, "a text does not have the form that AWS asks for") \
	X(R303, WARNING, "a text is too long or too short") \
	X(R304, WARNING, "a number is out of bounds") \
	X(R305, WARNING, "there are too many or too few items") \
	X(R306, WARNING, "a key does not have the form that AWS asks for") \
	X(R307, WARNING, "an item stands twice in a list") \
	X(R308, WARNING, "properties do not go together") \
	X(R401, ERROR, "a resource has no such attribute") \
	X(R402, WARNING, "a reference gives something else than is wanted") \
	X(R403, WARNING, "a reference to a resource of a wrong type") \
	X(R501, ERROR, "the effect of a statement") \
	X(R502, ERROR, "an action without its service") \
	X(R503, ERROR, "a statement lacks an element") \
	X(R504, ERROR, "a statement has a key that is not known") \
	X(R511, ERROR, "attributes that are keys and those that are defined") \
	X(R512, ERROR, "the throughput of a table") \
	X(R521, ERROR, "a function lacks what its package needs") \
	X(R522, ERROR, "an environment variable is reserved") \
	X(R523, ERROR, "an environment is too large") \
	X(R531, ERROR, "the name of a FIFO queue or topic") \
	X(R532, ERROR, "a queue whose messages come back too early") \
	X(R541, ERROR, "a schedule is not valid") \
	X(R542, ERROR, "an event pattern is not valid") \
	/* package */ \
	X(P001, ERROR, "an artifact is missing") \
	X(P002, ERROR, "an artifact is out of reach") \
	X(P003, ERROR, "a file cannot be packed") \
	X(P004, ERROR, "a file is too large to be packed") \
	X(P005, ERROR, "there are too many files") \
	X(P006, ERROR, "SOURCE_DATE_EPOCH is no time") \
	X(P007, WARNING, "no file is left to be packed") \
	X(P008, ERROR, "a layer has no files") \
	X(P009, ERROR, "a file changed while it was packed") \
	X(P010, ERROR, "a file of the package cannot be written") \
	X(P011, WARNING, "there is more in a zip than Lambda unpacks") \
	X(P012, WARNING, "two artifacts have the same name") \
	X(P013, WARNING, "an artifact is not there") \
	X(P014, WARNING, "patterns have no effect") \
	X(P015, WARNING, "a folder cannot be listed") \
	X(P021, WARNING, "a handler has no file") \
	/* deprecation */ \
	X(D001, WARNING, "a setting has a new name") \
	X(D002, WARNING, "a setting has no effect any more") \
	X(D101, WARNING, "a runtime is deprecated") \
	/* slsws dev */ \
	X(G001, ERROR, "the template has no WebSocket API") \
	X(G002, WARNING, "the API has no stage") \
	X(G003, WARNING, "a function's runtime cannot run here") \
	X(G004, WARNING, "a function is not in the template") \
	X(G005, WARNING, "a value cannot be told without AWS") \
	X(G006, ERROR, "functions of the template yield too much or refer to themselves") \
	X(G007, ERROR, "a selection expression is malformed") \
	X(G008, WARNING, "a function's code is not at hand") \
	X(G009, WARNING, "an integration's type cannot run here") \
	X(G010, WARNING, "there are several APIs") \
	/* usage: those of the command line are printed by src/cli, U050 and up come from the library */ \
	X(U001, ERROR, "no command") \
	X(U002, ERROR, "an unknown command") \
	X(U003, ERROR, "an option that cannot be one") \
	X(U004, ERROR, "an option without its value") \
	X(U005, ERROR, "a value for an option that takes none") \
	X(U006, ERROR, "an option given twice") \
	X(U007, ERROR, "a value of the wrong form for an option") \
	X(U008, ERROR, "arguments that do not go together") \
	X(U009, ERROR, "no configuration was found") \
	X(U011, DEBUG, "of several configurations one is taken") \
	X(U012, DEBUG, "an option without effect") \
	X(U013, ERROR, "an unknown code") \
	X(U014, ERROR, "a folder that is not to be replaced") \
	X(U020, ERROR, "the machine failed") \
	X(U030, ERROR, "there is no slsws-dev") \
	X(U050, WARNING, "an unknown option that nothing reads") \
	X(U051, WARNING, "more findings than are shown") \
	X(U053, WARNING, "a comment to ignore findings that cannot be understood") \
	X(U054, WARNING, "a comment to ignore findings that ignores none") \
	X(U055, ERROR, "a baseline cannot be used") \
	X(U056, ERROR, "a part of the configuration that is not there") \
	X(U057, ERROR, "a value that cannot be printed so") \
	X(U052, ERROR, "a hardening that is not known")
