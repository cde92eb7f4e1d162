// An application of CDK whose template the tests serve; cdk.out/ has of what it makes what is deployed:
//	npm install aws-cdk-lib constructs && node app.js
const { App, Duration, Stack } = require('aws-cdk-lib');
const { WebSocketApi, WebSocketStage } = require('aws-cdk-lib/aws-apigatewayv2');
const { WebSocketLambdaAuthorizer } = require('aws-cdk-lib/aws-apigatewayv2-authorizers');
const { WebSocketLambdaIntegration, WebSocketMockIntegration } = require('aws-cdk-lib/aws-apigatewayv2-integrations');
const { AttributeType, Table } = require('aws-cdk-lib/aws-dynamodb');
const { Code, Function, Runtime } = require('aws-cdk-lib/aws-lambda');

const app = new App({ analyticsReporting: false, outdir: 'cdk.out' });
const stack = new Stack(app, 'Chat');
const table = new Table(stack, 'Table', { partitionKey: { name: 'id', type: AttributeType.STRING } });
const handler = (name, language) =>
  new Function(stack, name, {
    runtime: language === 'python' ? Runtime.PYTHON_3_11 : Runtime.NODEJS_20_X,
    handler: `${language === 'python' ? 'handlers' : 'index'}.${name}`,
    code: Code.fromAsset('lambda'),
    timeout: Duration.seconds(5),
    environment: { TABLE: table.tableName },
  });
const integration = (name, language) => new WebSocketLambdaIntegration(`${name}Integration`, handler(name, language));

const api = new WebSocketApi(stack, 'Api', {
  routeSelectionExpression: '${request.body.type}',
  connectRouteOptions: {
    integration: integration('connect'),
    authorizer: new WebSocketLambdaAuthorizer('Authorizer', handler('authorize'), {
      identitySource: ['route.request.querystring.token'],
    }),
  },
  defaultRouteOptions: { integration: integration('other', 'python'), returnResponse: true },
});
const stage = new WebSocketStage(stack, 'Stage', { webSocketApi: api, stageName: 'prod', autoDeploy: true });
const back = handler('back');
back.addEnvironment('CALLBACK', stage.callbackUrl);
stage.grantManagementApiAccess(back);
api.addRoute('back', { integration: new WebSocketLambdaIntegration('backIntegration', back), returnResponse: true });
api.addRoute('mock', { integration: new WebSocketMockIntegration('mockIntegration') });
app.synth();
