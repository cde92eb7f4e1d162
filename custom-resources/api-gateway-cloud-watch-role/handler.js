'use strict';

// API Gateway writes logs through one role of the account and region. This sets it: to RoleArn, or else to a role that all
// services share, which is made when it is missing. It stays when the stack goes, as others may need it.
const { APIGatewayClient, GetAccountCommand, UpdateAccountCommand } = require('@aws-sdk/client-api-gateway');
const {
  AttachRolePolicyCommand,
  CreateRoleCommand,
  IAMClient,
  ListAttachedRolePoliciesCommand,
} = require('@aws-sdk/client-iam');
const answer = require('../answer');

const SHARED_ROLE = 'serverlessApiGatewayCloudWatchRole';
const POLICY = 'service-role/AmazonAPIGatewayPushToCloudWatchLogs';
const MOST_ATTEMPTS = 8; // of each call, where AWS says that it may be tried again
const RESERVE = 20000; // milliseconds that are left for the answer
const PAUSE = 5000;

const trust = JSON.stringify({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Principal: { Service: ['apigateway.amazonaws.com'] }, Action: ['sts:AssumeRole'] }],
});

async function create(iam, role) {
  try {
    await iam.send(new CreateRoleCommand({ RoleName: role, Path: '/', AssumeRolePolicyDocument: trust }));
  } catch (error) {
    if (!error.name.startsWith('EntityAlreadyExists')) throw error; // another stack was quicker
  }
}

async function attachedPolicies(iam, role) {
  const policies = [];
  let Marker;

  do {
    const page = await iam.send(new ListAttachedRolePoliciesCommand({ RoleName: role, Marker }));
    policies.push(...page.AttachedPolicies.map(({ PolicyArn }) => PolicyArn));
    Marker = page.IsTruncated ? page.Marker : undefined;
  } while (Marker);
  return policies;
}

async function ensureSharedRole({ partition, region, account }) {
  const iam = new IAMClient({ region, maxAttempts: MOST_ATTEMPTS });
  const policy = `arn:${partition}:iam::aws:policy/${POLICY}`;
  const policies = await attachedPolicies(iam, SHARED_ROLE).catch(async (error) => {
    if (!error.name.startsWith('NoSuchEntity')) throw error;
    await create(iam, SHARED_ROLE);
    return [];
  });

  if (!policies.includes(policy)) {
    await iam.send(new AttachRolePolicyCommand({ RoleName: SHARED_ROLE, PolicyArn: policy }));
  }
  return `arn:${partition}:iam::${account}:role/${SHARED_ROLE}`;
}

// API Gateway refuses a role that is new to it, for some seconds, as one that it may not assume.
async function setRole(apiGateway, role, context) {
  const patchOperations = [{ op: 'replace', path: '/cloudwatchRoleArn', value: role }];

  for (;;) {
    try {
      return await apiGateway.send(new UpdateAccountCommand({ patchOperations }));
    } catch (error) {
      if (context.getRemainingTimeInMillis() < RESERVE + PAUSE) throw error;
      console.log(`the role is not taken yet: ${error.message}`);
      await answer.wait(PAUSE);
    }
  }
}

async function ensure({ RoleArn }, place, context) {
  const apiGateway = new APIGatewayClient({ region: place.region, maxAttempts: MOST_ATTEMPTS });
  const { cloudwatchRoleArn } = await apiGateway.send(new GetAccountCommand({}));
  const role = RoleArn || (await ensureSharedRole(place));

  if (role !== cloudwatchRoleArn) await setRole(apiGateway, role, context);
}

exports.handler = answer('CustomResourceApiGatewayAccountCloudWatchRole', { Create: ensure, Update: ensure });
