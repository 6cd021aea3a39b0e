import { readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { parse } from 'pg-protocol';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createServer, type KalamServer } from '../../src/server.js';
import { MemoryStore } from '../../src/store/memory/memory-store.js';
import { CONVERSATIONS } from './conversations.js';
import { message, startup } from './raw-client.js';
import { transcribe } from './transcript.js';

const golden: Readonly<Record<string, readonly string[]>> = JSON.parse(
  readFileSync(new URL('conversations.golden.json', import.meta.url), 'utf8'),
);

/** As pg-protocol calls the messages of queries. */
const MESSAGES = [
  'authenticationOk',
  'parameterStatus',
  'backendKeyData',
  'readyForQuery',
  'rowDescription',
  'dataRow',
  'commandComplete',
  'emptyQuery',
  'error',
  'parseComplete',
  'parameterDescription',
  'bindComplete',
  'closeComplete',
  'noData',
  'portalSuspended',
  'notice',
];

describe('byte for byte, the server answers as PostgreSQL 15', () => {
  let server: KalamServer;
  beforeAll(async () => {
    server = await createServer({ host: '127.0.0.1', port: 0, data: new MemoryStore(), trust: true });
  });
  afterAll(() => server.close());

  it.each(CONVERSATIONS)('$name', async (conversation) => {
    const expected = golden[conversation.name];
    expect(await transcribe(server.port, conversation, expected)).toEqual(expected);
  });

  it("is understood by node-postgres' own parser", async () => {
    const socket = connect(server.port, '127.0.0.1');
    const names: string[] = [];
    const done = parse(socket, (message) => names.push(message.name));
    socket.write(startup());
    for (const { name, sends } of CONVERSATIONS)
      if (name.startsWith('simple') || name.startsWith('extended')) socket.write(Buffer.concat(sends));
    socket.write(message('Q', 'COMMIT'));
    socket.write(message('X'));
    await done;
    expect(new Set(names)).toEqual(new Set(MESSAGES));
  });
});
