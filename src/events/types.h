/*
 * The event types: one row each for all that the reference knows, in the order in which its compilers run, which is that of
 * their resources in the template and of their statements in the role.
 *
 * EVENT(ID, key, finish, grant) is a type whose key is read by read_KEY() (src/events/) and compiled by compile_KEY()
 * (compilers/); `finish` and `grant` are functions or NULL. LATER(ID, key) is one that is not compiled yet.
 */
#ifndef SLSWS_EVENT_TYPES_H
#define SLSWS_EVENT_TYPES_H

#define EVENT_TYPES(EVENT, LATER) \
	EVENT(SCHEDULE, schedule, NULL, grant_schedule) \
	LATER(S3, s3) \
	LATER(HTTP, http) \
	EVENT(WEBSOCKET, websocket, finish_websocket, grant_websocket) \
	LATER(SNS, sns) \
	EVENT(STREAM, stream, NULL, grant_stream) \
	EVENT(KAFKA, kafka, NULL, grant_kafka) \
	EVENT(ACTIVEMQ, activemq, NULL, grant_activemq) \
	EVENT(RABBITMQ, rabbitmq, NULL, grant_rabbitmq) \
	EVENT(MSK, msk, NULL, grant_msk) \
	LATER(ALB, alb) \
	EVENT(ALEXA_SKILL, alexaSkill, NULL, NULL) \
	EVENT(ALEXA_SMART_HOME, alexaSmartHome, NULL, NULL) \
	EVENT(IOT, iot, NULL, NULL) \
	EVENT(IOT_FLEET_PROVISIONING, iotFleetProvisioning, NULL, NULL) \
	EVENT(CLOUDWATCH_EVENT, cloudwatchEvent, NULL, NULL) \
	EVENT(CLOUDWATCH_LOG, cloudwatchLog, finish_cloudwatchLog, NULL) \
	LATER(COGNITO_USER_POOL, cognitoUserPool) \
	LATER(EVENT_BRIDGE, eventBridge) \
	EVENT(SQS, sqs, NULL, grant_sqs) \
	LATER(CLOUD_FRONT, cloudFront) \
	EVENT(HTTP_API, httpApi, finish_httpApi, NULL)

#define EVENT_NUMBER(id, key, finish, grant) EVENT_##id,
#define EVENT_LATER_NUMBER(id, key) EVENT_##id,
enum event_number { EVENT_TYPES(EVENT_NUMBER, EVENT_LATER_NUMBER) EVENT_COUNT };
#undef EVENT_NUMBER
#undef EVENT_LATER_NUMBER

#endif
