#!/usr/bin/env node
// The code of custom resources, run as Lambda runs it: with the real AWS SDK, against a fake of what it calls on loopback.
//
//	node tests/deploy/custom_resources.mjs
//
// Exit status: 0 all good, 1 not, 77 the SDK, which comes with the references, is not installed.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import fs from 'node:fs';
import http from 'node:http';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const here = path.dirname(fileURLToPath(import.meta.url));
const code = path.join(here, '..', '..', 'custom-resources');
const installed = path.join(here, '..', 'reference');
const modules = path.join(installed, 'node_modules');
const ownNode = path.join(installed, 'node', 'node');
const node = fs.existsSync(ownNode) ? ownNode : process.execPath;
const policy = 'arn:aws:iam::aws:policy/service-role/AmazonAPIGatewayPushToCloudWatchLogs';
const shared = 'arn:aws:iam::123456789012:role/serverlessApiGatewayCloudWatchRole';

// What Lambda does: calls the handler with an event and a context. Long waits are short here.
const program = `
const { setTimeout: real } = globalThis;
globalThis.setTimeout = (call, time, ...rest) => real(call, time >= 1000 ? 1 : time, ...rest);
const { module, event, arn, left } = JSON.parse(process.argv[1]);
let calls = 0;
const context = { invokedFunctionArn: arn, logStreamName: 'stream/1',
  getRemainingTimeInMillis: () => left - 10000 * calls++ };
require(module).handler(event, context).then(() => process.exit(0), (error) => { console.error(error); process.exit(1); });
`;

// --- the fake -------------------------------------------------------------------------------------------------------

const fault = (status, name, message = name) => ({ status, name, message });

// account: the account's role; policies: of the shared role, or undefined if there is no such role; faults: by action, one
// for each call until they are used up
function startFake({ account, policies, faults = {}, pages = 1 }) {
  const state = { account, policies, calls: [], answers: [] };
  const iam = {
    ListAttachedRolePolicies(q) {
      if (!state.policies) throw fault(404, 'NoSuchEntity', `The role with name ${q.RoleName} cannot be found.`);
      const page = Number(q.Marker ?? 1);
      const shown = page === pages ? state.policies : ['arn:aws:iam::aws:policy/other'];
      return `<AttachedPolicies>${shown.map((p) => `<member><PolicyArn>${p}</PolicyArn></member>`).join('')}</AttachedPolicies>` +
        `<IsTruncated>${page < pages}</IsTruncated>${page < pages ? `<Marker>${page + 1}</Marker>` : ''}`;
    },
    CreateRole(q) {
      const trust = JSON.parse(q.AssumeRolePolicyDocument);
      assert.deepEqual(trust.Statement[0].Principal, { Service: ['apigateway.amazonaws.com'] });
      assert.deepEqual([q.RoleName, q.Path], ['serverlessApiGatewayCloudWatchRole', '/']);
      state.policies ??= [];
      return '<Role><RoleName>x</RoleName></Role>';
    },
    AttachRolePolicy(q) {
      (state.policies ??= []).push(q.PolicyArn);
      return '';
    },
  };
  const check = (action) => {
    state.calls.push(action);
    const next = (faults[action] ?? []).shift();
    if (next) throw next;
  };
  const answers = (request, body) => {
    if (request.url.startsWith('/answer')) {
      check('answer');
      state.answers.push({ body: body.toString(), headers: request.headers, method: request.method, url: request.url });
      return '';
    }
    if (request.url.startsWith('/account')) {
      check(`${request.method} account`);
      if (request.method === 'PATCH') [{ value: state.account }] = JSON.parse(body).patchOperations;
      return JSON.stringify({ cloudwatchRoleArn: state.account });
    }
    const q = Object.fromEntries(new URLSearchParams(body.toString()));
    check(q.Action);
    return `<${q.Action}Response><${q.Action}Result>${iam[q.Action](q)}</${q.Action}Result></${q.Action}Response>`;
  };
  const server = http.createServer((request, response) => {
    const parts = [];
    request.on('data', (part) => parts.push(part));
    request.on('end', () => {
      try {
        response.end(answers(request, Buffer.concat(parts)));
      } catch ({ status = 500, name, message }) {
        const json = request.url.startsWith('/account');
        response.writeHead(status, { 'x-amzn-errortype': name });
        response.end(json ? JSON.stringify({ message }) :
          `<ErrorResponse><Error><Type>Sender</Type><Code>${name}</Code><Message>${message}</Message></Error></ErrorResponse>`);
      }
    });
  });
  return new Promise((done) => server.listen(0, '127.0.0.1', () => done(Object.assign(state, {
    url: `http://127.0.0.1:${server.address().port}`,
    close() { server.close(); server.closeAllConnections(); },
  }))));
}

// --- the cases ------------------------------------------------------------------------------------------------------

const refused = fault(400, 'BadRequestException', 'The role ARN does not have required permissions');
const denied = fault(403, 'AccessDenied', 'not authorized: für niemanden');
const list = 'ListAttachedRolePolicies';
const many = (n, what) => Array.from({ length: n }, () => what);

// given: what there is; event: RequestType and properties; calls and account: what has to come of it
const cases = {
  'a role is made': {
    event: ['Create'], calls: ['GET account', list, 'CreateRole', 'AttachRolePolicy', 'PATCH account'], account: shared,
  },
  'a new role is refused for a while': {
    given: { faults: { 'PATCH account': many(3, refused) } }, event: ['Create'], account: shared,
    calls: ['GET account', list, 'CreateRole', 'AttachRolePolicy', ...many(4, 'PATCH account')],
  },
  'the role is there, for another account setting': {
    given: { policies: [policy], account: 'arn:aws:iam::123456789012:role/other' }, event: ['Create'],
    calls: ['GET account', list, 'PATCH account'], account: shared,
  },
  'the role lacks its policy': {
    given: { policies: [], account: shared }, event: ['Create'], account: shared,
    calls: ['GET account', list, 'AttachRolePolicy'],
  },
  'the policy is on the second page': {
    given: { policies: [policy], account: shared, pages: 2 }, event: ['Create'], account: shared,
    calls: ['GET account', list, list],
  },
  'nothing to do': {
    given: { policies: [policy], account: shared }, event: ['Create'], calls: ['GET account', list], account: shared,
  },
  'another stack is quicker': {
    given: { faults: { CreateRole: [fault(409, 'EntityAlreadyExists')] } }, event: ['Create'],
    calls: ['GET account', list, 'CreateRole', 'AttachRolePolicy', 'PATCH account'], account: shared,
  },
  'a role of the user': {
    event: ['Create', { RoleArn: 'arn:own' }], calls: ['GET account', 'PATCH account'], account: 'arn:own',
  },
  'the same role of the user': {
    given: { account: 'arn:own' }, event: ['Create', { RoleArn: 'arn:own' }], calls: ['GET account'], account: 'arn:own',
  },
  'the role is changed': {
    given: { account: 'arn:old' }, event: ['Update', { RoleArn: 'arn:new' }], account: 'arn:new',
    calls: ['GET account', 'PATCH account'],
  },
  'the stack is deleted': { given: { account: shared }, event: ['Delete'], calls: [], account: shared },
  'another partition': {
    given: { policies: ['arn:aws-cn:iam::aws:policy/service-role/AmazonAPIGatewayPushToCloudWatchLogs'] }, event: ['Create'],
    arn: 'arn:aws-cn:lambda:cn-north-1:123456789012:function:f', calls: ['GET account', list, 'PATCH account'],
    account: 'arn:aws-cn:iam::123456789012:role/serverlessApiGatewayCloudWatchRole',
  },
  'not allowed': {
    given: { faults: { CreateRole: [denied] } }, event: ['Create'], calls: ['GET account', list, 'CreateRole'],
    reason: /^not authorized: für niemanden \(log: stream\/1\)$/,
  },
  'refused until the time is up': {
    given: { policies: [policy], faults: { 'PATCH account': many(99, refused) } }, event: ['Create'], left: 60000,
    calls: ['GET account', list, ...many(5, 'PATCH account')], reason: /^The role ARN does not have required permissions/,
  },
  'a long reason': {
    given: { faults: { 'GET account': [fault(403, 'AccessDeniedException', 'x'.repeat(5000))] } }, event: ['Create'],
    calls: ['GET account'], reason: /^x{1000} \(log: stream\/1\)$/,
  },
  'the answer is not taken at once': {
    given: { account: 'arn:own', faults: { answer: many(2, fault(503, 'SlowDown')) } },
    event: ['Create', { RoleArn: 'arn:own' }],
    calls: ['GET account', 'answer', 'answer'], account: 'arn:own',
  },
};

function run(job) {
  return new Promise((done) => {
    const child = spawn(node, ['-e', program, JSON.stringify(job)], { stdio: ['ignore', 'pipe', 'pipe'], env: {
      NODE_PATH: modules, NODE_NO_WARNINGS: '1', AWS_REGION: 'us-east-1', AWS_ACCESS_KEY_ID: 'AKIDEXAMPLE',
      AWS_SECRET_ACCESS_KEY: 'none', AWS_ENDPOINT_URL: job.url } });
    let said = '';
    const timer = setTimeout(() => child.kill('SIGKILL'), 30000);
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (data) => (said += data));
    child.on('close', (status, signal) => { clearTimeout(timer); done({ status: signal ?? status, said }); });
  });
}

async function check({ given = {}, event: [RequestType, ResourceProperties = {}], arn, left = 180000, calls, account, reason }) {
  const fake = await startFake(given);
  try {
    const event = { RequestType, ResourceProperties: { ServiceToken: 'arn:token', ...ResourceProperties }, StackId: 'arn:stack',
      RequestId: 'request-1', LogicalResourceId: 'Custom', ResponseURL: `${fake.url}/answer?signed=a%2Fb` };
    const { status, said } = await run({ module: path.join(code, 'api-gateway-cloud-watch-role', 'handler.js'), event, left,
      arn: arn ?? 'arn:aws:lambda:us-east-1:123456789012:function:f', url: fake.url });
    assert.equal(status, 0, said);
    assert.deepEqual(fake.calls, [...calls, 'answer']);
    const [{ body, headers, method, url }] = fake.answers;
    const { Reason, ...rest } = JSON.parse(body);
    assert.deepEqual(rest, { Status: reason ? 'FAILED' : 'SUCCESS',
      PhysicalResourceId: 'CustomResourceApiGatewayAccountCloudWatchRole', StackId: 'arn:stack', RequestId: 'request-1', LogicalResourceId: 'Custom' });
    assert.match(Reason ?? '', reason ?? /^$/);
    assert.deepEqual([method, url, headers['content-type']], ['PUT', '/answer?signed=a%2Fb', '']);
    assert.ok(Buffer.byteLength(body) < 4096);
    if (!reason) assert.equal(fake.account, account);
  } finally {
    fake.close();
  }
}

if (!fs.existsSync(path.join(modules, '@aws-sdk', 'client-iam'))) {
  console.error('the AWS SDK is not installed: run npm ci in tests/reference');
  process.exit(77);
}
let failed = 0;
for (const [name, one] of Object.entries(cases)) {
  try {
    await check(one);
    console.log(`ok     ${name}`);
  } catch (error) {
    console.log(`FAILED ${name}: ${error.message}`);
    failed++;
  }
}
console.log(`${Object.keys(cases).length - failed} passed, ${failed} failed`);
process.exit(failed ? 1 : 0);
