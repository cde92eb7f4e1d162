// The example examples/chat, end to end: its own handlers and the AWS SDK as they are, a DynamoDB on this machine, real clients.
//	test_chat.mjs SLSWS
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';

const modules = fileURLToPath(new URL('npm/node_modules', import.meta.url));
if (!existsSync(modules)) {
  console.log('tests/dev/npm is not installed: tools/setup.sh all');
  process.exit(77);
}
const require = createRequire(modules + '/');
const dynalite = require('dynalite');
const WebSocket = require('ws');
const { DynamoDBClient, ScanCommand } = require('@aws-sdk/client-dynamodb');

const table = 'chat-dev-ConnectionsTable';
const service = fileURLToPath(new URL('../../examples/chat/serverless.yml', import.meta.url));
const wait = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

async function startDatabase() {
  const server = dynalite({ createTableMs: 0 });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const endpoint = `http://127.0.0.1:${server.address().port}`;
  const client = new DynamoDBClient({ endpoint, region: 'eu-central-1', credentials: { accessKeyId: 'x', secretAccessKey: 'x' } });
  return { server, endpoint, rows: async () => (await client.send(new ScanCommand({ TableName: table }))).Items.map((i) => i.connection.S) };
}

async function startGateway(endpoint) {
  const child = spawn(process.argv[2], ['dev', service, '--port', '0', '--dynamodb', endpoint, '--create-tables'], {
    env: { ...process.env, NODE_PATH: modules },
    stdio: ['ignore', 'inherit', 'pipe'],
  });
  let output = '';
  child.stderr.on('data', (data) => (output += data));
  for (let i = 0; i < 500 && !output.includes('listening on'); i++) {
    await wait(20);
  }
  const url = /ws:\/\/\S+/.exec(output)?.[0];
  assert.ok(url, output);
  return { child, url, output: () => output };
}

// A client whose messages can be waited for.
async function connect(url, token = 'open sesame') {
  const socket = new WebSocket(`${url}?token=${encodeURIComponent(token)}`);
  const messages = [];
  let wake = () => {};
  socket.on('message', (data) => {
    messages.push(JSON.parse(data));
    wake();
  });
  await once(socket, 'open');
  socket.next = async () => {
    const late = setTimeout(() => assert.fail('no message'), 15000);
    while (!messages.length) {
      await new Promise((resolve) => (wake = resolve));
    }
    clearTimeout(late);
    return messages.shift();
  };
  socket.say = (message) => socket.send(typeof message === 'string' ? message : JSON.stringify(message));
  socket.waiting = messages;
  return socket;
}

const until = async (what, message) => {
  for (let i = 0; i < 300; i++) {
    if (await what()) {
      return;
    }
    await wait(20);
  }
  assert.fail(message);
};

async function refused(url, token) {
  const socket = new WebSocket(`${url}?token=${token}`);
  const [, response] = await once(socket, 'unexpected-response');
  response.resume();
  return response.statusCode;
}

const database = await startDatabase();
const gateway = await startGateway(database.endpoint);
let status = 1;
try {
  const [ann, bob, eve] = [await connect(gateway.url), await connect(gateway.url), await connect(gateway.url)];
  assert.equal((await database.rows()).length, 3);
  assert.equal(await refused(gateway.url, 'wrong'), 403);
  assert.equal(await refused(gateway.url, ''), 401);

  ann.say({ action: 'say', text: 'hello' });
  const [atBob, atEve] = [await bob.next(), await eve.next()];
  assert.equal(atBob.text, 'hello');
  assert.deepEqual(atBob, atEve);
  assert.ok((await database.rows()).includes(atBob.from));
  assert.deepEqual(ann.waiting, []); // no route response: what the handler returned stays with the gateway

  for (const text of ['not JSON', '{"action":"other"}']) {
    ann.say(text);
    assert.match((await ann.next()).help, /send/);
  }

  eve.close(1000);
  await until(async () => (await database.rows()).length === 2, 'the row of a closed connection is still there');
  bob.terminate();
  await until(async () => (await database.rows()).length === 1, 'the row of a dropped connection is still there');
  ann.say({ action: 'say', text: 'anybody?' });
  ann.say({ action: 'say' });
  ann.say('x');
  assert.ok((await ann.next()).help);
  gateway.child.kill('SIGTERM');
  const [code] = await once(ann, 'close');
  assert.equal(code, 1001);
  const [exit] = gateway.child.exitCode === null ? await once(gateway.child, 'exit') : [gateway.child.exitCode];
  assert.equal(exit, 0);
  assert.deepEqual(await database.rows(), []); // $disconnect ran for the last one too
  status = 0;
  console.log('ok');
} catch (error) {
  console.error(error, '\n' + gateway.output());
} finally {
  gateway.child.kill('SIGKILL');
  process.exit(status);
}
