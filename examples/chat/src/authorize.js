// Answers API Gateway's question whether a connection may be opened.
exports.handler = async (event) => ({
  principalId: 'guest',
  policyDocument: {
    Version: '2012-10-17',
    Statement: [
      {
        Action: 'execute-api:Invoke',
        Effect: event.queryStringParameters?.token === process.env.TOKEN ? 'Allow' : 'Deny',
        Resource: event.methodArn,
      },
    ],
  },
});
