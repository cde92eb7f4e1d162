const https = require('node:https');

exports.authorize = async (event) => ({
  principalId: 'user',
  policyDocument: {
    Version: '2012-10-17',
    Statement: [
      {
        Action: 'execute-api:Invoke',
        Effect: event.queryStringParameters.token === 'right' ? 'Allow' : 'Deny',
        Resource: event.methodArn,
      },
    ],
  },
});

exports.connect = async () => ({ statusCode: 200 });

// Posts to whoever asks, at the address that the template computed.
exports.back = async (event) => {
  const path = `${process.env.CALLBACK}/@connections/${encodeURIComponent(event.requestContext.connectionId)}`;
  const status = await new Promise((resolve, reject) => {
    const request = https.request(path, { method: 'POST', headers: { Authorization: 'AWS4-HMAC-SHA256 x' } }, (answer) => {
      answer.resume();
      resolve(answer.statusCode);
    });
    request.on('error', reject);
    request.end('posted');
  });
  return { statusCode: 200, body: String(status) };
};
