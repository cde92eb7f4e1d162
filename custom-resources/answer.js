'use strict';

// What CloudFormation wants of a custom resource: whatever comes of it, an answer is put to the address in the event, or
// the stack waits for an hour.
const http = require('http');
const https = require('https');

const MOST_TRIES = 4;
const LONGEST_REASON = 1000; // an answer may have 4096 bytes

const wait = (milliseconds) => new Promise((done) => setTimeout(done, milliseconds));

function put(address, body) {
  const { request } = address.startsWith('http:') ? http : https;
  // the address is signed for an empty type
  const headers = { 'Content-Type': '', 'Content-Length': Buffer.byteLength(body) };

  return new Promise((done, failed) => {
    const sent = request(address, { method: 'PUT', headers }, (response) => {
      response.resume();
      response.on('end', () => (response.statusCode < 300 ? done() : failed(new Error(`status ${response.statusCode}`))));
      response.on('error', failed);
    });
    sent.on('error', failed);
    sent.end(body);
  });
}

async function putOrTryAgain(address, body) {
  for (let tries = 1; ; tries++) {
    try {
      return await put(address, body);
    } catch (error) {
      console.log(`the answer was not taken: ${error.message}`);
      if (tries === MOST_TRIES) throw error;
      await wait(tries * 1000);
    }
  }
}

function text(event, context, physicalId, error) {
  const reason = error && `${String(error.message || error).slice(0, LONGEST_REASON)} (log: ${context.logStreamName})`;

  return JSON.stringify({
    Status: error ? 'FAILED' : 'SUCCESS',
    Reason: reason,
    PhysicalResourceId: physicalId,
    StackId: event.StackId,
    RequestId: event.RequestId,
    LogicalResourceId: event.LogicalResourceId,
  });
}

// The handler of a resource that is called `physicalId`; work: { Create, Update, Delete }, each (properties, place, context),
// where one that is left out has nothing to do. place: { partition, region, account } of the function.
module.exports = (physicalId, work) => async (event, context) => {
  let fault;

  try {
    const [, partition, , region, account] = context.invokedFunctionArn.split(':');
    const step = work[event.RequestType];
    if (step) await step(event.ResourceProperties || {}, { partition, region, account }, context);
  } catch (error) {
    console.error(error);
    fault = error;
  }
  await putOrTryAgain(event.ResponseURL, text(event, context, physicalId, fault));
};

module.exports.wait = wait;
