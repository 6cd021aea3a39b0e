import { createHash, createHmac, pbkdf2Sync, randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { createServer, type KalamServer } from '../../src/server.js';
import { MemoryStore } from '../../src/store/memory/memory-store.js';
import { LoginThrottle } from '../../src/wire/authentication/login-throttle.js';
import { originOf, Strangers } from '../../src/wire/strangers.js';
import { temporaryDirectory } from '../harness/temporary-directory.js';
import { fieldsOf, i32, message, packet, RawClient, startup } from './raw-client.js';

const PASSWORD = 'secret';
const MAX_CONNECTIONS = 20;
const SPARE = 64;

/** What somebody without a password tries, who wants in or wants others out. */
describe('a stranger', () => {
  const directory = temporaryDirectory('attacks');
  let server: KalamServer;
  let admin: pg.Client;
  beforeAll(async () => {
    server = await createServer({
      host: '127.0.0.1',
      port: 0,
      websocketPort: 0,
      data: directory.path,
      password: PASSWORD,
      tls: { kind: 'auto' },
      settings: { max_connections: String(MAX_CONNECTIONS), authentication_timeout: '30', 'kalamdb.login_failure_delay': '40' },
    });
    admin = await open();
    await admin.query(`CREATE ROLE eve LOGIN PASSWORD '${PASSWORD}'; CREATE TABLE t (a int)`);
  });
  afterAll(async () => {
    await admin.end();
    await server.close();
    directory.remove();
  });

  async function open(more: pg.ClientConfig = {}): Promise<pg.Client> {
    const client = new pg.Client({
      host: '127.0.0.1',
      port: server.port,
      user: 'postgres',
      password: PASSWORD,
      database: 'postgres',
      ...more,
    });
    client.on('error', () => undefined);
    await client.connect();
    return client;
  }
  const works = async (): Promise<void> => {
    const client = await open();
    expect((await client.query('SELECT 1 AS one')).rows).toEqual([{ one: 1 }]);
    await client.end();
  };
  const sockets = (count: number, begin: (socket: Socket) => void, port = server.port): Promise<Socket[]> =>
    Promise.all(
      Array.from({ length: count }, async () => {
        const socket = connect(port, '127.0.0.1');
        socket.on('error', () => undefined);
        await new Promise((resolve) => socket.once('connect', resolve));
        begin(socket);
        return socket;
      }),
    );
  const rules = async (text: string): Promise<void> => {
    writeFileSync(join(directory.path, 'hba.conf'), text);
    await admin.query('SELECT pg_reload_conf()');
  };
  const FIRST_RULES = 'host all all all scram-sha-256\n';

  it('keeps nobody out with connections that never get through TLS, or never log in', async () => {
    const SSL_REQUEST = packet(i32(80_877_103));
    const HALF_HELLO = Buffer.from('16030100c8010000c40303', 'hex');
    for (const begin of [
      (socket: Socket) => socket.write(SSL_REQUEST),
      (socket: Socket) => socket.write(HALF_HELLO),
      (socket: Socket) => socket.write(startup({ user: 'eve' })),
      (socket: Socket) => socket.write(Buffer.concat([startup({ user: 'eve' }), Buffer.from('p'), i32(60_000), Buffer.alloc(30_000)])),
    ]) {
      const held = await sockets(MAX_CONNECTIONS + SPARE + 40, begin);
      await works();
      for (const socket of held) socket.destroy();
    }
  });

  it('keeps nobody out of the port for WebSockets', async () => {
    const port = server.websocketPort ?? 0;
    const held = await sockets(200, (socket) => socket.write('GET / HTTP/1.1\r\nHost: x\r\n'), port);
    const web = new WebSocket(`ws://127.0.0.1:${port}`);
    await new Promise((resolve, reject) => {
      web.once('open', resolve);
      web.once('error', reject);
    });
    web.terminate();
    expect(held.filter((socket) => socket.destroyed || socket.readableEnded).length).toBeGreaterThan(100);
    for (const socket of held) socket.destroy();
  });

  it.each([
    ['in one frame', [[0x82, 0xff]]],
    ['in many frames', [[0x02, 0xff], ...Array.from({ length: 20 }, () => [0x00, 0xff])]],
  ] as const)('sends no large message over WebSocket %s', async (_how, frames) => {
    const web = new WebSocket(`ws://127.0.0.1:${server.websocketPort}`);
    await new Promise((resolve) => web.once('open', resolve));
    const closed = new Promise<number>((resolve) => web.once('close', (code) => resolve(code)));
    const { _socket: socket } = web as unknown as { readonly _socket: Socket };
    for (const [opcode, size] of frames) {
      const length = frames.length === 1 ? 10_000_000 : 20_000;
      const header = Buffer.alloc(14);
      header[0] = opcode;
      header[1] = size;
      header.writeBigUInt64BE(BigInt(length), 2);
      socket.write(Buffer.concat([header, Buffer.alloc(frames.length === 1 ? 200_000 : length)]));
    }
    expect(await closed).toBe(1009);
    await works();
  });

  it('guesses cancel keys ever more slowly', async () => {
    const { rows } = await admin.query('SELECT pg_backend_pid() AS pid');
    const guess = async (): Promise<number> => {
      const started = performance.now();
      const client = new RawClient(server.port);
      client.send(packet(i32(80_877_102, rows[0].pid, 4711)));
      await client.until('never');
      return performance.now() - started;
    };
    const first = await guess();
    await Promise.all(Array.from({ length: 60 }, guess));
    expect(await guess()).toBeGreaterThan(first + 500);
    // Who logs in does not wait for it.
    const started = performance.now();
    await works();
    expect(performance.now() - started).toBeLessThan(500);
  });

  it('gets no SQL run by what a start-up packet says', async () => {
    for (const parameters of [
      { application_name: "'; DROP TABLE t; --" },
      { options: "-c search_path='x;DROP\\ TABLE\\ t'" },
      { options: "-c application_name=');DROP\\ TABLE\\ t;--" },
      { DateStyle: "ISO'; DROP TABLE t; --" },
      { 'x"; DROP TABLE t; --': '1' },
    ] as Readonly<Record<string, string>>[]) {
      const client = new RawClient(server.port);
      client.send(startup({ user: 'eve', parameters }));
      await client.until('R');
      client.socket.destroy();
      const config = { user: 'eve', ...(parameters.options === undefined ? {} : { options: parameters.options }) };
      await open(config)
        .then((opened) => opened.end())
        .catch(() => undefined);
    }
    for (const name of ['x"; DROP TABLE t; --', "x'; DROP TABLE t; --", '../postgres', '\u0001']) {
      await expect(open({ user: name })).rejects.toMatchObject({ code: '28P01' });
      await expect(open({ user: 'eve', database: name })).rejects.toMatchObject({ code: '3D000' });
    }
    expect((await admin.query("SELECT to_regclass('t')::text AS t")).rows).toEqual([{ t: 't' }]);
  });

  it('is not let in without TLS where a rule wants it, and is asked for no password before', async () => {
    await rules('hostssl all eve all password\nhost all postgres all scram-sha-256\n');
    const client = new RawClient(server.port);
    client.send(startup({ user: 'eve' }));
    const [answer] = await client.until('E');
    expect(answer?.type).toBe('E');
    expect(answer && fieldsOf(answer).C).toBe('28000');
    await (await open({ user: 'eve', ssl: { rejectUnauthorized: false } })).end();
    await rules(FIRST_RULES);
  });

  it.each([
    ['another identity', 'SCRAM-SHA-256', 'n,a=postgres,n=,r=abc', '0A000'],
    ['channel binding without TLS', 'SCRAM-SHA-256-PLUS', 'p=tls-server-end-point,,n=,r=abc', '08P01'],
    ['a method of its own', 'SCRAM-SHA-1', 'n,,n=,r=abc', '08P01'],
    ['no nonce', 'SCRAM-SHA-256', 'n,,n=,x=abc', '08P01'],
    ['an extension', 'SCRAM-SHA-256', 'n,,m=ext,n=,r=abc', '0A000'],
  ])('does not get on in SCRAM with %s', async (_what, mechanism, text, code) => {
    const client = new RawClient(server.port);
    client.send(startup({ user: 'eve' }));
    await client.until('R');
    client.send(message('p', mechanism, i32(Buffer.byteLength(text)), Buffer.from(text)));
    const error = (await client.until('E')).find(({ type }) => type === 'E');
    expect(error && fieldsOf(error)).toMatchObject({ S: 'FATAL', C: code });
  });

  it('can not use again what somebody else has shown', async () => {
    const nonce = 'abcdefghijklmnop';
    const begin = async () => {
      const client = new RawClient(server.port);
      client.send(startup({ user: 'eve' }));
      await client.until('R');
      const text = Buffer.from(`n,,n=,r=${nonce}`);
      client.send(message('p', 'SCRAM-SHA-256', i32(text.length), text));
      const first = (await client.until('R')).find(({ type }) => type === 'R')?.body.toString('utf8', 4) ?? '';
      return { client, first };
    };
    const seen = await begin();
    const final = proofOf(PASSWORD, nonce, seen.first);
    seen.client.send(message('p', Buffer.from(final)));
    expect((await seen.client.until('Z')).some(({ type }) => type === 'Z')).toBe(true);
    const replay = await begin();
    replay.client.send(message('p', Buffer.from(final)));
    const error = (await replay.client.until('E')).find(({ type }) => type === 'E');
    expect(error && fieldsOf(error)).toMatchObject({ S: 'FATAL', C: '08P01' });
    await seen.client.end();
  });

  it('learns from no time whether a role is there', async () => {
    const quiet = await createServer({
      host: '127.0.0.1',
      port: 0,
      data: new MemoryStore(),
      password: PASSWORD,
      settings: { 'kalamdb.login_failure_delay': '0' },
    });
    const attempt = async (user: string): Promise<number> => {
      const nonce = randomBytes(12).toString('base64');
      const started = performance.now();
      const client = new RawClient(quiet.port);
      client.send(startup({ user }));
      await client.until('R');
      const text = Buffer.from(`n,,n=,r=${nonce}`);
      client.send(message('p', 'SCRAM-SHA-256', i32(text.length), text));
      const first = (await client.until('R')).find(({ type }) => type === 'R')?.body.toString('utf8', 4) ?? '';
      const serverNonce = /r=([^,]*)/.exec(first)?.[1] ?? '';
      client.send(message('p', Buffer.from(`c=biws,r=${serverNonce},p=${randomBytes(32).toString('base64')}`)));
      const error = (await client.until('E')).find(({ type }) => type === 'E');
      expect(error && fieldsOf(error).C).toBe('28P01');
      return performance.now() - started;
    };
    for (let i = 0; i < 50; i++) await attempt(i % 2 === 0 ? 'postgres' : 'nobody');
    const known: number[] = [];
    const unknown: number[] = [];
    for (let i = 0; i < 300; i++) {
      // In turn, so that whatever else goes on slows both.
      for (const is of i % 2 === 0 ? [known, unknown] : [unknown, known]) is.push(await attempt(is === known ? 'postgres' : 'nobody'));
    }
    // Mann and Whitney: how often one of a pair takes longer. 0.5 where both are alike; three hundred of each tell 0.6 from it for sure.
    let longer = 0;
    for (const a of known) for (const b of unknown) longer += a > b ? 1 : a === b ? 0.5 : 0;
    expect(Math.abs(longer / (known.length * unknown.length) - 0.5)).toBeLessThan(0.1);
    await quiet.close();
  });

  it('holds up no disk with a secret that takes long to be checked', async () => {
    const secret = `SCRAM-SHA-256$2147483647:${randomBytes(16).toString('base64')}$${randomBytes(32).toString('base64')}:${randomBytes(32).toString('base64')}`;
    await admin.query(`ALTER ROLE eve PASSWORD '${secret}'`);
    await rules('host all eve 127.0.0.1/32 password\nhost all all all scram-sha-256\n');
    const refused = Array.from({ length: 8 }, () => expect(open({ user: 'eve', password: 'x' })).rejects.toMatchObject({ code: '28P01' }));
    const started = performance.now();
    await admin.query('INSERT INTO t VALUES (1)');
    expect(performance.now() - started).toBeLessThan(1000);
    await Promise.all(refused);
    await admin.query(`ALTER ROLE eve PASSWORD '${PASSWORD}'`);
    await (await open({ user: 'eve' })).end();
    await rules(FIRST_RULES);
  });
});

describe('who opens many connections', () => {
  it('crowds out his own first', () => {
    const strangers = new Strangers();
    const of = (address: string, count: number) =>
      Array.from({ length: count }, () => {
        const socket = new PassThrough();
        strangers.add(socket, address);
        return socket;
      });
    const [early] = of('10.0.0.1', 1);
    const many = of('10.0.0.2', 3);
    expect(strangers.leastWelcome()).toBe(many[0]);
    expect(strangers.delete(many[0] ?? new PassThrough())).toBe(true);
    expect(strangers.delete(many[0] ?? new PassThrough())).toBe(false);
    expect(strangers.leastWelcome()).toBe(many[1]);
    for (const socket of many) strangers.delete(socket);
    expect(strangers.leastWelcome()).toBe(early);
    expect(strangers.size).toBe(1);
  });

  it('is one, whatever address of his network he uses', () => {
    expect(originOf('10.0.0.1')).toBe('10.0.0.1');
    expect(originOf('2001:db8::1')).toBe('2001:db8:0:0::/64');
    expect(originOf('2001:0db8:0000:0000:ffff::2')).toBe('2001:db8:0:0::/64');
    expect(originOf('2001:db8:0:1::1')).not.toBe(originOf('2001:db8::1'));
    expect(originOf('fe80::1%eth0')).toBe('fe80:0:0:0::/64');
    expect(originOf(undefined)).toBe('local');
    const throttle = new LoginThrottle(100, () => 0);
    for (let i = 0; i < 30; i++) throttle.failed(`2001:db8::${i}`, 'postgres');
    expect(throttle.beforeMs('2001:db8::ffff')).toBeGreaterThan(0);
    expect(throttle.beforeMs('2001:db8:1::1')).toBe(0);
    for (let i = 0; i < 30; i++) throttle.cancelFailed('10.0.0.9');
    expect(throttle.beforeCancelMs('10.0.0.9')).toBe(2000);
    expect(throttle.beforeMs('10.0.0.9')).toBe(0);
  });
});

/** The client's final message of SCRAM-SHA-256. */
function proofOf(password: string, nonce: string, first: string): string {
  const [, serverNonce = '', salt = '', iterations = ''] = /^r=([^,]*),s=([^,]*),i=(\d+)$/.exec(first) ?? [];
  const salted = pbkdf2Sync(password, Buffer.from(salt, 'base64'), Number(iterations), 32, 'sha256');
  const hmac = (key: Buffer, text: string): Buffer => createHmac('sha256', key).update(text).digest();
  const clientKey = hmac(salted, 'Client Key');
  const withoutProof = `c=biws,r=${serverNonce}`;
  const signature = hmac(createHash('sha256').update(clientKey).digest(), `n=,r=${nonce},${first},${withoutProof}`);
  return `${withoutProof},p=${Buffer.from(clientKey.map((byte, i) => byte ^ (signature[i] ?? 0))).toString('base64')}`;
}
