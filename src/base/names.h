/*
 * Logical ids: every one is a pure function here, so that passes refer to each other's resources by name and never
 * include or read one another. The source of the rules is the reference's naming (osls 4.3.1, v3.40.0: the same).
 * Results are in the arena; ids of a function take the function's key in the configuration.
 */
#ifndef SLSWS_NAMES_H
#define SLSWS_NAMES_H

#include "arena.h"

#define ID_ROLE "IamRoleLambdaExecution"
#define ID_DEPLOYMENT_BUCKET "ServerlessDeploymentBucket"
#define ID_DEPLOYMENT_BUCKET_POLICY "ServerlessDeploymentBucketPolicy"
#define ID_DEPLOYMENT_BUCKET_NAME "ServerlessDeploymentBucketName"
#define ID_WEBSOCKETS_API "WebsocketsApi"
#define ID_WEBSOCKETS_STAGE "WebsocketsDeploymentStage"
#define ID_WEBSOCKETS_LOG_GROUP "WebsocketsLogGroup"
#define ID_HTTP_API "HttpApi"
#define ID_HTTP_API_STAGE "HttpApiStage"
#define ID_HTTP_API_LOG_GROUP "HttpApiLogGroup"
#define ID_CUSTOM_RESOURCES_ROLE "IamRoleCustomResourcesLambdaExecution"
#define ID_ACCOUNT_ROLE "CustomApiGatewayAccountCloudWatchRole"
#define FUNCTION_ACCOUNT_ROLE "custom-resource-apigw-cw-role"

/* "my-fn" to "MyDashfn": '-' and '_' are spelt out, the first letter becomes a capital, the rest stays. */
const char *name_normalized(struct arena *a, const char *name);

const char *name_log_group(struct arena *a, const char *function);		/* MyFnLogGroup */
const char *name_lambda(struct arena *a, const char *function);			/* MyFnLambdaFunction */
const char *name_function_url(struct arena *a, const char *function);
const char *name_url_permission(struct arena *a, const char *function);
const char *name_invoke_permission(struct arena *a, const char *function);
const char *name_event_invoke_config(struct arena *a, const char *function);
const char *name_version(struct arena *a, const char *function, const char *hash);
const char *name_version_output(struct arena *a, const char *function);
const char *name_provisioned_alias(struct arena *a, const char *function);
const char *name_snap_start_alias(struct arena *a, const char *function);
const char *name_durable_alias(struct arena *a, const char *function);

const char *name_layer(struct arena *a, const char *layer);
const char *name_layer_permission(struct arena *a, const char *layer, const char *account);
const char *name_layer_output(struct arena *a, const char *layer);
const char *name_layer_hash_output(struct arena *a, const char *layer);
const char *name_layer_s3_key_output(struct arena *a, const char *layer);

const char *name_integration(struct arena *a, const char *function);		/* MyFnWebsocketsIntegration */
const char *name_websockets_permission(struct arena *a, const char *function);
const char *name_authorizer(struct arena *a, const char *authorizer);
const char *name_route(struct arena *a, const char *route_key);			/* "$connect": SconnectWebsocketsRoute */
const char *name_route_response(struct arena *a, const char *route_key);
const char *name_deployment(struct arena *a, const char *hash);			/* without what is no letter or digit */

/* Of events: the schedules of a function are numbered from 1. */
const char *name_schedule(struct arena *a, const char *function, unsigned number);
const char *name_schedule_permission(struct arena *a, const char *function, unsigned number);
const char *name_scheduler_schedule(struct arena *a, const char *function, unsigned number);
const char *name_queue_mapping(struct arena *a, const char *function, const char *queue);
/* MyFnIotTopicRule1 and MyFnLambdaPermissionIotTopicRule1, by the kind "IotTopicRule"; 0: without a number. */
const char *name_event(struct arena *a, const char *function, const char *kind, unsigned number);
const char *name_event_permission(struct arena *a, const char *function, const char *kind, unsigned number);
const char *name_stream_mapping(struct arena *a, const char *function, const char *type, const char *stream);
const char *name_stream_consumer(struct arena *a, const char *consumer);
const char *name_kafka_mapping(struct arena *a, const char *function, const char *topic);
const char *name_activemq_mapping(struct arena *a, const char *function, const char *queue);
const char *name_rabbitmq_mapping(struct arena *a, const char *function, const char *queue);
const char *name_msk_mapping(struct arena *a, const char *function, const char *cluster, const char *topic);

const char *name_http_permission(struct arena *a, const char *function);
const char *name_http_integration(struct arena *a, const char *function);
const char *name_http_authorizer(struct arena *a, const char *authorizer);
const char *name_http_authorizer_permission(struct arena *a, const char *authorizer);
/* "GET /notes/{id}": HttpApiRouteGetNotesIdVar; "*": HttpApiRouteDefault */
const char *name_http_route(struct arena *a, const char *route_key);

#endif
