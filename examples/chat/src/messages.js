const { ApiGatewayManagementApiClient, PostToConnectionCommand } = require('@aws-sdk/client-apigatewaymanagementapi');
const { DynamoDBClient, ScanCommand } = require('@aws-sdk/client-dynamodb');

const database = new DynamoDBClient();

exports.say = async (event) => {
  const { connectionId, domainName, stage } = event.requestContext;
  const gateway = new ApiGatewayManagementApiClient({ endpoint: `https://${domainName}/${stage}` });
  const { Items: everyone } = await database.send(new ScanCommand({ TableName: process.env.CONNECTIONS }));
  const others = everyone.map((item) => item.connection.S).filter((id) => id !== connectionId);
  const { text } = JSON.parse(event.body);
  // a connection that is gone is no reason not to tell the rest
  await Promise.allSettled(
    others.map((id) =>
      gateway.send(new PostToConnectionCommand({ ConnectionId: id, Data: JSON.stringify({ from: connectionId, text }) })),
    ),
  );
  return { statusCode: 200 };
};

exports.help = async () => ({
  statusCode: 200,
  body: JSON.stringify({ help: 'send {"action": "say", "text": "..."}' }),
});
