// The AWS SDK for JavaScript, version 3, unmodified, on @connections.	test_sdk.mjs SLSWS
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
const WebSocket = require('ws');
const sdk = require('@aws-sdk/client-apigatewaymanagementapi');

const service = fileURLToPath(new URL('service/serverless.yml', import.meta.url));
const child = spawn(process.argv[2], ['dev', service, '--port', '0', '--python', '/usr/bin/python3'], {
  stdio: ['ignore', 'inherit', 'pipe'],
  env: { ...process.env, PYTHONDONTWRITEBYTECODE: '1' },
});
let output = '';
child.stderr.on('data', (data) => (output += data));
for (let i = 0; i < 500 && !output.includes('listening on'); i++) {
  await new Promise((resolve) => setTimeout(resolve, 20));
}

const fails = async (client, command, name, status) => {
  const error = await client.send(command).then(() => assert.fail(`no ${name}`), (e) => e);
  assert.equal(error.name, name);
  assert.equal(error.$metadata.httpStatusCode, status);
};

const rows = {
  'POST, GET, DELETE': async (client, socket, ConnectionId) => {
    const first = once(socket, 'message');
    await client.send(new sdk.PostToConnectionCommand({ ConnectionId, Data: 'from the SDK' }));
    assert.equal(String((await first)[0]), 'from the SDK');
    const second = once(socket, 'message');
    await client.send(new sdk.PostToConnectionCommand({ ConnectionId, Data: new Uint8Array([104, 105]) }));
    const [data, isBinary] = await second;
    assert.deepEqual([String(data), isBinary], ['hi', false]);
    const answer = await client.send(new sdk.GetConnectionCommand({ ConnectionId }));
    assert.ok(answer.ConnectedAt instanceof Date && answer.LastActiveAt >= answer.ConnectedAt && answer.Identity.SourceIp);
    const closed = once(socket, 'close');
    await client.send(new sdk.DeleteConnectionCommand({ ConnectionId }));
    assert.equal((await closed)[0], 1000);
  },
  gone: async (client, socket, ConnectionId) => {
    for (const Command of [sdk.PostToConnectionCommand, sdk.GetConnectionCommand, sdk.DeleteConnectionCommand]) {
      await fails(client, new Command({ ConnectionId, Data: 'x' }), 'GoneException', 410);
    }
  },
  'payload too large': async (client, socket, ConnectionId, open) => {
    const [other, id] = await open();
    await fails(client, new sdk.PostToConnectionCommand({ ConnectionId: id, Data: 'x'.repeat(131073) }), 'PayloadTooLargeException', 413);
    other.close();
  },
  'malformed id': async (client) => {
    await fails(client, new sdk.PostToConnectionCommand({ ConnectionId: 'short', Data: 'x' }), 'BadRequestException', 400);
  },
};

let status = 1;
try {
  const [, port] = /ws:\/\/localhost:(\d+)/.exec(output);
  const credentials = { accessKeyId: 'x', secretAccessKey: 'x' };
  const endpoint = `http://localhost:${port}/dev`;
  const client = new sdk.ApiGatewayManagementApiClient({ endpoint, region: 'eu-central-1', credentials, maxAttempts: 1 });
  const open = async () => {
    const socket = new WebSocket(`ws://localhost:${port}/dev?as=me`);
    await once(socket, 'open');
    const message = once(socket, 'message');
    socket.send('{"action":"event"}');
    return [socket, JSON.parse((await message)[0]).requestContext.connectionId];
  };
  const [socket, id] = await open();
  for (const [name, row] of Object.entries(rows)) {
    await row(client, socket, id, open);
    console.log(`ok     @connections by the SDK: ${name}`);
  }
  status = 0;
} catch (error) {
  console.error(error, '\n' + output);
} finally {
  child.kill('SIGTERM');
  const [exit] = child.exitCode === null ? await once(child, 'exit') : [child.exitCode];
  process.exit(status || exit);
}
