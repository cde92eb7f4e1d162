const { DynamoDBClient, DeleteItemCommand, PutItemCommand } = require('@aws-sdk/client-dynamodb');

const database = new DynamoDBClient();
const key = (event) => ({ connection: { S: event.requestContext.connectionId } });

exports.connect = async (event) => {
  const expires = Math.floor(Date.now() / 1000) + 2 * 60 * 60; // API Gateway closes a connection after two hours
  await database.send(
    new PutItemCommand({
      TableName: process.env.CONNECTIONS,
      Item: { ...key(event), expires: { N: String(expires) } },
    }),
  );
  return { statusCode: 200 };
};

exports.disconnect = async (event) => {
  await database.send(new DeleteItemCommand({ TableName: process.env.CONNECTIONS, Key: key(event) }));
  return { statusCode: 200 };
};
