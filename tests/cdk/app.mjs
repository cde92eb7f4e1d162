// Writes the templates that the AWS CDK makes of a few stacks to fixtures/validate-cdk, which `slsws validate` has to find no error
// in. To record them again: npm ci in this folder, then node app.mjs
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import * as cdk from 'aws-cdk-lib';
import * as apigatewayv2 from 'aws-cdk-lib/aws-apigatewayv2';
import { DomainName, WebSocketApi, WebSocketStage } from 'aws-cdk-lib/aws-apigatewayv2';
import * as authorizers from 'aws-cdk-lib/aws-apigatewayv2-authorizers';
import { WebSocketLambdaAuthorizer } from 'aws-cdk-lib/aws-apigatewayv2-authorizers';
import * as integrations from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import { WebSocketLambdaIntegration, WebSocketMockIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import * as acm from 'aws-cdk-lib/aws-certificatemanager';
import * as apigateway from 'aws-cdk-lib/aws-apigateway';
import * as cloudfront from 'aws-cdk-lib/aws-cloudfront';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import * as cognito from 'aws-cdk-lib/aws-cognito';
import * as dynamodb from 'aws-cdk-lib/aws-dynamodb';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as ecs from 'aws-cdk-lib/aws-ecs';
import * as ecsPatterns from 'aws-cdk-lib/aws-ecs-patterns';
import * as events from 'aws-cdk-lib/aws-events';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kinesis from 'aws-cdk-lib/aws-kinesis';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as logs from 'aws-cdk-lib/aws-logs';
import * as origins from 'aws-cdk-lib/aws-cloudfront-origins';
import * as rds from 'aws-cdk-lib/aws-rds';
import * as s3 from 'aws-cdk-lib/aws-s3';
import * as s3Notifications from 'aws-cdk-lib/aws-s3-notifications';
import * as sfn from 'aws-cdk-lib/aws-stepfunctions';
import * as sfnTasks from 'aws-cdk-lib/aws-stepfunctions-tasks';
import * as sns from 'aws-cdk-lib/aws-sns';
import * as sources from 'aws-cdk-lib/aws-lambda-event-sources';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import * as subscriptions from 'aws-cdk-lib/aws-sns-subscriptions';
import * as targets from 'aws-cdk-lib/aws-events-targets';

const out = fs.mkdtempSync(path.join(os.tmpdir(), 'cdk-'));
const app = new cdk.App({ outdir: out, analyticsReporting: false });
const stacks = [];

function stack(id, env = { account: '123456789012', region: 'us-east-1' }) {
	stacks.push(id);
	return new cdk.Stack(app, id, { env });
}

function handler(scope, id) {
	return new lambda.Function(scope, id, {
		runtime: lambda.Runtime.NODEJS_22_X,
		handler: 'index.handler',
		code: lambda.Code.fromInline('exports.handler = async () => ({ statusCode: 200 })'),
	});
}

function websocket() {
	const s = stack('websocket');
	const to = (name) => new WebSocketLambdaIntegration(`${name}Integration`, handler(s, name));
	const authorizer = new WebSocketLambdaAuthorizer('Authorizer', handler(s, 'Authorize'), {
		identitySource: ['route.request.querystring.token'],
	});
	const api = new WebSocketApi(s, 'Api', {
		connectRouteOptions: { integration: to('Connect'), authorizer },
		disconnectRouteOptions: { integration: to('Disconnect') },
		defaultRouteOptions: { integration: to('Default') },
	});
	api.addRoute('send', { integration: to('Send'), returnResponse: true });
	api.addRoute('ping', { integration: new WebSocketMockIntegration('Ping') });
	const certificate = acm.Certificate.fromCertificateArn(s, 'Certificate',
		'arn:aws:acm:us-east-1:123456789012:certificate/11111111-2222-3333-4444-555555555555');
	const domainName = new DomainName(s, 'Domain', { domainName: 'ws.example.com', certificate });
	new WebSocketStage(s, 'Stage', {
		webSocketApi: api,
		stageName: 'dev',
		autoDeploy: true,
		domainMapping: { domainName, mappingKey: 'v1' },
		throttle: { rateLimit: 100, burstLimit: 50 },
	});
	api.grantManageConnections(handler(s, 'Post'));
}

// IAM, API keys, an integration with a service; no account and no region
function websocketKeys() {
	const s = stack('websocket-keys', undefined);
	const queue = new sqs.Queue(s, 'Messages');
	const credentialsRole = new iam.Role(s, 'Sender', { assumedBy: new iam.ServicePrincipal('apigateway.amazonaws.com') });
	queue.grantSendMessages(credentialsRole);
	const api = new WebSocketApi(s, 'Api', {
		apiKeySelectionExpression: apigatewayv2.WebSocketApiKeySelectionExpression.HEADER_X_API_KEY,
		connectRouteOptions: {
			integration: new WebSocketLambdaIntegration('ConnectIntegration', handler(s, 'Connect')),
			authorizer: new authorizers.WebSocketIamAuthorizer(),
		},
	});
	api.addRoute('send', {
		apiKeyRequired: true,
		integration: new integrations.WebSocketAwsIntegration('SendIntegration', {
			integrationUri: `arn:aws:apigateway:${s.region}:sqs:path/${s.account}/${queue.queueName}`,
			integrationMethod: 'POST',
			credentialsRole,
			requestParameters: { 'integration.request.header.Content-Type': "'application/x-www-form-urlencoded'" },
			requestTemplates: { $default: 'Action=SendMessage&MessageBody=$input.body' },
			templateSelectionExpression: '$default',
		}),
	});
	new WebSocketStage(s, 'Stage', {
		webSocketApi: api,
		stageName: 'dev',
		autoDeploy: true,
		accessLogSettings: { destination: new apigatewayv2.LogGroupLogDestination(new logs.LogGroup(s, 'AccessLog')) },
	});
}

// what only the low level has; and beside it an HTTP API, in which all that is other
function websocketLow() {
	const s = stack('websocket-low');
	const api = new apigatewayv2.CfnApi(s, 'Api', {
		name: 'low',
		protocolType: 'WEBSOCKET',
		routeSelectionExpression: '${request.body.a}/${request.body.b}',
	});
	const apiId = api.ref;
	const integration = new apigatewayv2.CfnIntegration(s, 'Integration', {
		apiId,
		integrationType: 'HTTP_PROXY',
		integrationMethod: 'POST',
		integrationUri: 'https://example.com',
		passthroughBehavior: 'WHEN_NO_MATCH',
		timeoutInMillis: 29000,
	});
	const route = new apigatewayv2.CfnRoute(s, 'Route', {
		apiId,
		routeKey: '$default',
		target: `integrations/${integration.ref}`,
		routeResponseSelectionExpression: '$default',
	});
	new apigatewayv2.CfnRouteResponse(s, 'Response', { apiId, routeId: route.ref, routeResponseKey: '$default' });
	const deployment = new apigatewayv2.CfnDeployment(s, 'Deployment', { apiId });
	deployment.addResourceDependency(route);
	new apigatewayv2.CfnStage(s, 'Stage', {
		apiId,
		stageName: 'v_1',
		deploymentId: deployment.ref,
		stageVariables: { table: 'a-b' },
		defaultRouteSettings: { loggingLevel: 'ERROR', dataTraceEnabled: false },
	});
	new apigatewayv2.HttpApi(s, 'Http', {
		corsPreflight: { allowOrigins: ['*'], allowMethods: [apigatewayv2.CorsHttpMethod.GET] },
	}).addRoutes({
		path: '/hello',
		methods: [apigatewayv2.HttpMethod.GET],
		integration: new integrations.HttpLambdaIntegration('HelloIntegration', handler(s, 'Hello')),
		authorizer: new authorizers.HttpJwtAuthorizer('Jwt', 'https://example.com', { jwtAudience: ['hello'] }),
	});
}

function data() {
	const s = stack('data');
	const encryptionKey = new kms.Key(s, 'Key', { enableKeyRotation: true });
	const { STRING, NUMBER } = dynamodb.AttributeType;
	new dynamodb.TableV2(s, 'Global', {
		partitionKey: { name: 'a', type: STRING },
		sortKey: { name: 'b', type: NUMBER },
		globalSecondaryIndexes: [{ indexName: 'by-c', partitionKey: { name: 'c', type: STRING } }],
	});
	const table = new dynamodb.Table(s, 'Table', {
		partitionKey: { name: 'a', type: STRING },
		sortKey: { name: 's', type: STRING },
		encryptionKey,
	});
	table.addLocalSecondaryIndex({ indexName: 'local', sortKey: { name: 'x', type: STRING } });
	table.addGlobalSecondaryIndex({ indexName: 'global', partitionKey: { name: 'y', type: STRING } });
	table.autoScaleReadCapacity({ minCapacity: 1, maxCapacity: 5 }).scaleOnUtilization({ targetUtilizationPercent: 70 });
	const reader = handler(s, 'Reader');
	const bucket = new s3.Bucket(s, 'Bucket', {
		versioned: true,
		encryption: s3.BucketEncryption.KMS,
		encryptionKey,
		lifecycleRules: [{
			expiration: cdk.Duration.days(60),
			transitions: [{ storageClass: s3.StorageClass.INFREQUENT_ACCESS, transitionAfter: cdk.Duration.days(30) }],
		}],
		cors: [{ allowedMethods: [s3.HttpMethods.GET], allowedOrigins: ['*'] }],
		enforceSSL: true,
	});
	bucket.addEventNotification(s3.EventType.OBJECT_CREATED, new s3Notifications.LambdaDestination(reader));
	const queue = new sqs.Queue(s, 'Queue', {
		fifo: true,
		contentBasedDeduplication: true,
		deadLetterQueue: { queue: new sqs.Queue(s, 'Dead', { fifo: true }), maxReceiveCount: 3 },
	});
	reader.addEventSource(new sources.SqsEventSource(queue));
	reader.addEventSource(new sources.KinesisEventSource(new kinesis.Stream(s, 'Stream'), {
		startingPosition: lambda.StartingPosition.LATEST,
		batchSize: 10,
		bisectBatchOnError: true,
		filters: [lambda.FilterCriteria.filter({ a: lambda.FilterRule.isEqual('x') })],
	}));
	const topic = new sns.Topic(s, 'Topic', { masterKey: encryptionKey });
	topic.addSubscription(new subscriptions.SqsSubscription(new sqs.Queue(s, 'News'), {
		filterPolicy: { a: sns.SubscriptionFilter.stringFilter({ allowlist: ['x'] }) },
	}));
	topic.addSubscription(new subscriptions.EmailSubscription('me@example.com'));
	new events.Rule(s, 'Often', {
		schedule: events.Schedule.rate(cdk.Duration.minutes(5)),
		targets: [new targets.LambdaFunction(reader), new targets.SqsQueue(queue, { messageGroupId: 'g' })],
	});
	new events.Rule(s, 'Sometimes', { eventPattern: { source: ['aws.ec2'] }, targets: [new targets.SnsTopic(topic)] });
	new cloudwatch.Alarm(s, 'Alarm', { metric: reader.metricErrors(), threshold: 1, evaluationPeriods: 1 });
	new cloudwatch.Alarm(s, 'Ratio', {
		metric: new cloudwatch.MathExpression({
			expression: 'a / b',
			usingMetrics: { a: reader.metricErrors(), b: reader.metricInvocations() },
		}),
		threshold: 1,
		evaluationPeriods: 1,
	});
	new sfn.StateMachine(s, 'Machine', {
		definitionBody: sfn.DefinitionBody.fromChainable(new sfnTasks.LambdaInvoke(s, 'Invoke', { lambdaFunction: reader })),
		logs: { destination: new logs.LogGroup(s, 'Log', { retention: logs.RetentionDays.ONE_WEEK }) },
	});
	new lambda.Alias(s, 'Alias', { aliasName: 'live', version: reader.currentVersion }).addFunctionUrl({
		authType: lambda.FunctionUrlAuthType.AWS_IAM,
		cors: { allowedOrigins: ['*'] },
	});
}

function network() {
	const s = stack('network');
	const vpc = new ec2.Vpc(s, 'Vpc', {
		availabilityZones: ['us-east-1a', 'us-east-1b'],
		gatewayEndpoints: { s3: { service: ec2.GatewayVpcEndpointAwsService.S3 } },
	});
	new ecsPatterns.ApplicationLoadBalancedFargateService(s, 'Service', {
		cluster: new ecs.Cluster(s, 'Cluster', { vpc }),
		taskImageOptions: { image: ecs.ContainerImage.fromRegistry('nginx') },
		desiredCount: 1,
	});
	new rds.DatabaseCluster(s, 'Aurora', {
		engine: rds.DatabaseClusterEngine.auroraPostgres({ version: rds.AuroraPostgresEngineVersion.VER_16_4 }),
		writer: rds.ClusterInstance.serverlessV2('Writer'),
		vpc,
		serverlessV2MinCapacity: 0.5,
		serverlessV2MaxCapacity: 2,
	});
	new rds.DatabaseInstance(s, 'Database', {
		engine: rds.DatabaseInstanceEngine.mysql({ version: rds.MysqlEngineVersion.VER_8_0_39 }),
		vpc,
	});
	const securityGroup = new ec2.SecurityGroup(s, 'Group', { vpc });
	securityGroup.addIngressRule(ec2.Peer.anyIpv4(), ec2.Port.tcp(443));
	new ec2.Instance(s, 'Instance', {
		vpc,
		instanceType: new ec2.InstanceType('t3.micro'),
		machineImage: ec2.MachineImage.latestAmazonLinux2023(),
		securityGroup,
	});
}

function web() {
	const s = stack('web');
	const users = new cognito.UserPool(s, 'Users', {
		selfSignUpEnabled: true,
		signInAliases: { email: true },
		passwordPolicy: { minLength: 8 },
	});
	users.addClient('Client', { authFlows: { userSrp: true }, oAuth: { callbackUrls: ['https://example.com'] } });
	users.addDomain('Domain', { cognitoDomain: { domainPrefix: 'chat-example' } });
	const api = new apigateway.RestApi(s, 'Rest', {
		deployOptions: { loggingLevel: apigateway.MethodLoggingLevel.INFO, tracingEnabled: true },
		defaultCorsPreflightOptions: { allowOrigins: ['*'] },
	});
	api.root.addResource('rooms').addMethod('GET', new apigateway.LambdaIntegration(handler(s, 'Rooms')), {
		authorizer: new apigateway.CognitoUserPoolsAuthorizer(s, 'Authorizer', { cognitoUserPools: [users] }),
		requestParameters: { 'method.request.querystring.page': true },
	});
	api.addUsagePlan('Plan', {
		throttle: { rateLimit: 1, burstLimit: 2 },
		quota: { limit: 3, period: apigateway.Period.DAY },
	}).addApiKey(api.addApiKey('Key'));
	new cloudfront.Distribution(s, 'Distribution', {
		defaultBehavior: {
			origin: origins.S3BucketOrigin.withOriginAccessControl(new s3.Bucket(s, 'Pages')),
			viewerProtocolPolicy: cloudfront.ViewerProtocolPolicy.REDIRECT_TO_HTTPS,
		},
		additionalBehaviors: { '/api/*': { origin: new origins.RestApiOrigin(api) } },
		defaultRootObject: 'index.html',
		errorResponses: [{ httpStatus: 404, responseHttpStatus: 200, responsePagePath: '/index.html' }],
	});
}

websocket();
websocketKeys();
websocketLow();
data();
network();
web();
app.synth();
for (const id of stacks) {
	const template = JSON.parse(fs.readFileSync(path.join(out, `${id}.template.json`), 'utf8'));
	const to = new URL(`../../fixtures/validate-cdk/${id}.json`, import.meta.url);
	fs.writeFileSync(to, `${JSON.stringify(template, null, 1)}\n`);
}
fs.rmSync(out, { recursive: true });
