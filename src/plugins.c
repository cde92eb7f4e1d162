#include "plugins.h"

#include <string.h>

#include "base/text.h"

/*
 * What real services list, in alphabetic order. `lacks`: what the plugin would have put into the template or changed in
 * it; NULL: it leaves the template of `package` alone, `does` says why. `when`: paths of the configuration, separated by
 * spaces, * for any key; a change is made only if one of them is there. What a plugin does at deploy, by calls to AWS,
 * is not in the template of the reference either.
 */
struct plugin {
	const char *name, *does, *lacks, *when;
};

#define LOCAL(n) { .name = (n), .does = "it serves local runs and tests" }
#define BUILD(n) { .name = (n), .does = "it prepares the code that is packed" }
#define DEPLOY(n) { .name = (n), .does = "it works at deploy, beside the template" }
#define COMMAND(n) { .name = (n), .does = "it adds commands" }
#define SOURCE(n) { .name = (n), .does = "it resolves variables of its own" }
#define ADDS(n, what) { .name = (n), .lacks = (what) }
#define ADDS_WHEN(n, paths, what) { .name = (n), .lacks = (what), .when = (paths) }

#define ALARMS "its CloudWatch alarms"
#define LOG_SUBSCRIPTIONS "the subscription filters of the log groups and their permissions"
#define WRAPPED "the layers, environment and handlers that trace the functions"

static const struct plugin plugins[] = {
	DEPLOY("@serverless/dashboard-plugin"),
	DEPLOY("@serverless/enterprise-plugin"),
	ADDS("fullstack-serverless", "the bucket and the CloudFront distribution of the client"),
	DEPLOY("serverless-add-api-key"),
	ADDS_WHEN("serverless-api-gateway-caching", "custom.apiGatewayCaching", "the cache settings of the REST API"),
	DEPLOY("serverless-api-gateway-throttling"),
	ADDS_WHEN("serverless-apigateway-service-proxy", "custom.apiGatewayServiceProxies",
		"the service proxies of the REST API"),
	DEPLOY("serverless-apigw-binary"),
	LOCAL("serverless-appsync-offline"),
	ADDS_WHEN("serverless-appsync-plugin", "appSync custom.appSync",
		"the AppSync API, its data sources, resolvers and roles"),
	LOCAL("serverless-appsync-simulator"),
	DEPLOY("serverless-associate-waf"),
	ADDS("serverless-aws-alias", "the aliases of the functions and of the API"),
	ADDS_WHEN("serverless-aws-documentation", "custom.documentation", "the documentation parts and models of the API"),
	DEPLOY("serverless-better-credentials"),
	BUILD("serverless-build-plugin"),
	BUILD("serverless-bundle"),
	DEPLOY("serverless-certificate-creator"),
	DEPLOY("serverless-cloudfront-invalidate"),
	LOCAL("serverless-cloudside-plugin"),
	ADDS("serverless-dependson-plugin", "the DependsOn of the functions that makes them one after the other"),
	DEPLOY("serverless-deployment-bucket"),
	DEPLOY("serverless-domain-manager"),
	ADDS("serverless-dotenv-plugin", "the variables of the .env files in the functions' environment"),
	BUILD("serverless-dotnet"),
	LOCAL("serverless-dynamodb"),
	ADDS_WHEN("serverless-dynamodb-autoscaling", "custom.capacities", "the scaling of the DynamoDB tables"),
	LOCAL("serverless-dynamodb-local"),
	ADDS_WHEN("serverless-es-logs", "custom.esLogs", "the function that ships logs and its subscriptions"),
	BUILD("serverless-esbuild"),
	COMMAND("serverless-export-env"),
	DEPLOY("serverless-finch"),
	ADDS_WHEN("serverless-functions-base-path", "custom.functionsBasePath",
		"the base path before the functions' handlers"),
	ADDS("serverless-go-plugin", "the handlers of the built Go functions (.bin/NAME)"),
	ADDS("serverless-haskell", "the runtime and the handlers of the Haskell functions"),
	{ .name = "serverless-hooks-plugin", .does = "it runs commands of yours" },
	ADDS_WHEN("serverless-iam-roles-per-function", "functions.*.iamRoleStatements",
		"the role of each function that has 'iamRoleStatements'"),
	BUILD("serverless-ignore"),
	LOCAL("serverless-jest-plugin"),
	BUILD("serverless-jetpack"),
	COMMAND("serverless-kms-secrets"),
	ADDS("serverless-latest-layer-version", "the latest versions of layers in place of 'latest'"),
	ADDS_WHEN("serverless-layers", "custom.serverless-layers",
		"the layer of the dependencies, and functions that use it"),
	ADDS_WHEN("serverless-lift", "constructs", "the constructs"),
	LOCAL("serverless-localstack"),
	ADDS_WHEN("serverless-log-forwarding", "custom.logForwarding", LOG_SUBSCRIPTIONS),
	ADDS("serverless-lumigo", WRAPPED),
	COMMAND("serverless-manifest-plugin"),
	LOCAL("serverless-mocha-plugin"),
	ADDS_WHEN("serverless-newrelic-lambda-layers", "custom.newRelic", WRAPPED),
	ADDS("serverless-nextjs-plugin", "the pages' functions and bucket"),
	LOCAL("serverless-offline"),
	LOCAL("serverless-offline-aws-eventbridge"),
	LOCAL("serverless-offline-dynamodb-streams"),
	LOCAL("serverless-offline-kinesis"),
	LOCAL("serverless-offline-lambda"),
	LOCAL("serverless-offline-python"),
	LOCAL("serverless-offline-s3"),
	LOCAL("serverless-offline-scheduler"),
	LOCAL("serverless-offline-ses"),
	LOCAL("serverless-offline-ses-v2"),
	LOCAL("serverless-offline-sns"),
	LOCAL("serverless-offline-sqs"),
	LOCAL("serverless-offline-sqs-external"),
	LOCAL("serverless-offline-ssm"),
	LOCAL("serverless-offline-ssm-provider"),
	LOCAL("serverless-offline-watcher"),
	COMMAND("serverless-openapi-documentation"),
	COMMAND("serverless-openapi-documenter"),
	BUILD("serverless-optimizer-plugin"),
	BUILD("serverless-package-common"),
	BUILD("serverless-package-external"),
	BUILD("serverless-package-python-functions"),
	BUILD("serverless-parcel"),
	DEPLOY("serverless-plugin-additional-stacks"),
	ADDS_WHEN("serverless-plugin-aws-alerts", "custom.alerts", ALARMS " and topics"),
	SOURCE("serverless-plugin-aws-resolvers"),
	ADDS("serverless-plugin-bind-deployment-id", "the deployment's id in place of '__deployment__'"),
	BUILD("serverless-plugin-browserifier"),
	ADDS_WHEN("serverless-plugin-canary-deployments", "functions.*.deploymentSettings",
		"the CodeDeploy application, the deployment groups and the aliases of functions with 'deploymentSettings'"),
	ADDS("serverless-plugin-cloudwatch-dashboard", "the CloudWatch dashboards"),
	ADDS("serverless-plugin-cloudwatch-sumologic", LOG_SUBSCRIPTIONS),
	BUILD("serverless-plugin-common-excludes"),
	ADDS_WHEN("serverless-plugin-custom-roles", "functions.*.iamRoleStatements",
		"the role of each function"),
	ADDS("serverless-plugin-datadog", WRAPPED),
	COMMAND("serverless-plugin-diff"),
	ADDS("serverless-plugin-dynamodb-autoscaling", "the scaling of the DynamoDB tables"),
	ADDS("serverless-plugin-epsagon", WRAPPED),
	DEPLOY("serverless-plugin-existing-s3"),
	ADDS("serverless-plugin-git-variables", "the GIT_* variables and tags of the functions, and ${git:...}"),
	ADDS_WHEN("serverless-plugin-ifelse", "custom.serverlessIfElse", "what its conditions exclude or set"),
	BUILD("serverless-plugin-include-dependencies"),
	ADDS_WHEN("serverless-plugin-lambda-dead-letter", "functions.*.deadLetter",
		"the queues and topics of 'deadLetter'"),
	ADDS_WHEN("serverless-plugin-lambda-insights", "custom.lambdaInsights functions.*.lambdaInsights", 
		"the Lambda Insights layer and policy"),
	ADDS_WHEN("serverless-plugin-log-retention", "custom.logRetentionInDays", "the retention of the log groups"),
	ADDS_WHEN("serverless-plugin-log-subscription", "custom.logSubscription functions.*.logSubscription",
		LOG_SUBSCRIPTIONS),
	BUILD("serverless-plugin-monorepo"),
	LOCAL("serverless-plugin-offline-dynamodb-stream"),
	BUILD("serverless-plugin-optimize"),
	BUILD("serverless-plugin-parcel"),
	BUILD("serverless-plugin-reducer"),
	ADDS_WHEN("serverless-plugin-resource-tagging", "provider.stackTags", "the stack's tags on all resources"),
	{ .name = "serverless-plugin-scripts", .does = "it runs commands of yours" },
	ADDS_WHEN("serverless-plugin-select", "functions.*.stages functions.*.regions", 
		"the selection of functions by stage or region"),
	LOCAL("serverless-plugin-simulate"),
	ADDS("serverless-plugin-split-stacks", "the nested stacks that resources are moved to"),
	ADDS("serverless-plugin-subscription-filter", LOG_SUBSCRIPTIONS),
	ADDS("serverless-plugin-thundra", WRAPPED),
	ADDS_WHEN("serverless-plugin-tracing", "provider.tracing functions.*.tracing", "the functions' tracing mode"),
	BUILD("serverless-plugin-typescript"),
	ADDS_WHEN("serverless-plugin-warmup", "custom.warmup functions.*.warmup", 
		"the function that keeps the others warm, and its schedule"),
	BUILD("serverless-plugin-webpack"),
	ADDS_WHEN("serverless-provisioned-concurrency-autoscaling", "functions.*.concurrencyAutoscaling",
		"the scaling of provisioned concurrency"),
	DEPLOY("serverless-prune-plugin"),
	ADDS("serverless-pseudo-parameters", "the Fn::Sub of texts with '#{AWS::...}'"),
	BUILD("serverless-python-individually"),
	ADDS_WHEN("serverless-python-requirements", "custom.pythonRequirements.layer",
		"the layer of the requirements (PythonRequirementsLambdaLayer)"),
	ADDS("serverless-reqvalidator-plugin", "the request validators of the REST API"),
	ADDS("serverless-ruby-layer", "the layer of the gems"),
	ADDS("serverless-rust", "the base runtime in place of 'rust'"),
	DEPLOY("serverless-s3-cleaner"),
	DEPLOY("serverless-s3-deploy"),
	LOCAL("serverless-s3-local"),
	DEPLOY("serverless-s3-remover"),
	DEPLOY("serverless-s3-sync"),
	{ .name = "serverless-scriptable-plugin", .does = "it runs commands of yours" },
	DEPLOY("serverless-secrets-plugin"),
	ADDS("serverless-sentry", "the Sentry variables in the functions' environment"),
	DEPLOY("serverless-single-page-app-plugin"),
	ADDS("serverless-slic-watch-plugin", ALARMS " and dashboard"),
	ADDS_WHEN("serverless-ssm-fetch", "custom.serverlessSsmFetch", 
		"the parameters of the Systems Manager in the functions' environment"),
	DEPLOY("serverless-stack-output"),
	DEPLOY("serverless-stack-termination-protection"),
	{ .name = "serverless-stage-manager", .does = "it checks the stage" },
	ADDS_WHEN("serverless-step-functions", "stepFunctions", "the state machines, their roles and events"),
	LOCAL("serverless-step-functions-local"),
	LOCAL("serverless-step-functions-offline"),
	DEPLOY("serverless-sync-s3"),
	DEPLOY("serverless-tag-api-gateway"),
	DEPLOY("serverless-tag-cloud-watch-logs"),
	BUILD("serverless-tscpaths"),
	ADDS_WHEN("serverless-vpc-discovery", "custom.vpc custom.vpcDiscovery",
		"the subnets and security groups of the functions"),
	ADDS_WHEN("serverless-vpc-plugin", "custom.vpcConfig", "the VPC with its subnets and gateways"),
	BUILD("serverless-webpack"),
	BUILD("serverless-webpack-prisma"),
	DEPLOY("serverless-websockets-plugin"),
	BUILD("serverless-wsgi"),
};
enum { PLUGIN_COUNT = sizeof(plugins) / sizeof(*plugins) };

static const struct plugin *find_plugin(const char *name) {
	for (size_t i = 0; i < PLUGIN_COUNT; i++) {
		if (strcmp(plugins[i].name, name) == 0) {
			return &plugins[i];
		}
	}
	return NULL;
}

/* Whether a path such as "functions.*.tracing", which ends at a space or NUL, leads to something. */
static bool has_path(const struct value *v, const char *path) {
	size_t length = strcspn(path, ". ");
	const char *rest = path[length] == '.' ? path + length + 1 : NULL;

	if (length == 1 && *path == '*') {
		for (const struct entry *e = map_first(v); e; e = map_next(v, e)) {
			if (!rest || has_path(e->value, rest)) {
				return true;
			}
		}
		return false;
	}
	const struct value *next = map_get_text(v, path, length);
	return rest ? has_path(next, rest) : !is_missing(next) && (!is_bool(next) || next->boolean);
}

static bool is_configured(const struct value *config, const char *paths) {
	while (paths) {
		if (has_path(config, paths)) {
			return true;
		}
		paths = strchr(paths, ' ');
		paths = paths ? paths + 1 : NULL;
	}
	return false;
}

static void report_unknown(struct arena *a, const struct value *plugin, struct diag *diag) {
	const char *name = plugin->text;

	if (text_starts(name, "./") || text_starts(name, "../")) {
		diag_warning(diag, "C404", plugin->mark, "the service's own plugin '%s' is not run, "
			"the template lacks what it adds or changes", name);
		return;
	}
	struct diagnostic *d = diag_warning(diag, "C403", plugin->mark, "plugin '%s' is not run and not known to slsws, "
		"the template may lack what it adds or changes", name);
	if (!diag_is_kept(d)) {
		return;
	}
	const char **names = arena_array(a, const char *, PLUGIN_COUNT);
	for (size_t i = 0; i < PLUGIN_COUNT; i++) {
		names[i] = plugins[i].name;
	}
	const char *likely = text_closest(name, names, PLUGIN_COUNT);
	if (likely) {
		diag_help(d, "did you mean '%s'?", likely);
	}
}

static void check_plugin(struct arena *a, const struct value *config, const struct value *plugin, struct diag *diag) {
	const struct plugin *known = find_plugin(plugin->text);

	if (!known) {
		report_unknown(a, plugin, diag);
	} else if (!known->lacks) {
		diag_add(diag, SEVERITY_DEBUG, "C401", plugin->mark, "plugin '%s' is not run, the template is the same "
			"without it: %s", known->name, known->does);
	} else if (known->when && !is_configured(config, known->when)) {
		diag_add(diag, SEVERITY_DEBUG, "C401", plugin->mark, "plugin '%s' is not run, the template is the same "
			"without it: nothing is set that it acts on", known->name);
	} else {
		diag_warning(diag, "C402", plugin->mark, "plugin '%s' is not run, the template lacks %s", known->name,
			known->lacks);
	}
}

/* Whether the reference would load it a second time, which it refuses. */
static bool is_repeated(struct arena *a, struct value *seen, const struct value *plugin, struct diag *diag) {
	const struct value *first = map_get(seen, plugin->text);

	if (!first) {
		map_set(a, seen, plugin->text, (struct value *)plugin);
		return false;
	}
	struct diagnostic *d = diag_error(diag, "C406", plugin->mark, "plugin '%s' is listed twice", plugin->text);
	diag_note(d, first->mark, "first listed here");
	return true;
}

void plugins_check(struct arena *a, const struct value *config, struct diag *diag) {
	const struct value *list = map_get(config, "plugins");
	struct value *seen = value_map(a);

	list = is_map(list) ? map_get(list, "modules") : list;
	for (size_t i = 0; i < list_length(list); i++) {
		const struct value *plugin = list_get(list, i);
		if (!is_string(plugin)) {
			diag_error(diag, "C405", plugin->mark, "item %zu of 'plugins' is %s, expected the name of a plugin",
				i + 1, is_null(plugin) ? "empty" : arena_printf(a, "a %s", value_kind_name(plugin)));
		} else if (!is_repeated(a, seen, plugin, diag)) {
			check_plugin(a, config, plugin, diag);
		}
	}
}
