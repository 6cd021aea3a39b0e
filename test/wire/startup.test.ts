import { connect } from 'node:net';
import pg from 'pg';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { createServer, type KalamServer } from '../../src/server.js';
import { MemoryStore } from '../../src/store/memory/memory-store.js';
import { fieldsOf, i32, message, packet, RawClient, startup } from './raw-client.js';

const PASSWORD = 'secret';
const SETTINGS = { max_connections: '4', authentication_timeout: '1', 'kalamdb.max_message_size': '64' };

describe('start-up', () => {
  let server: KalamServer;
  const clients: RawClient[] = [];
  beforeAll(async () => {
    server = await createServer({ host: '127.0.0.1', port: 0, data: new MemoryStore(), password: PASSWORD, settings: SETTINGS });
  });
  afterEach(async () => {
    for (const client of clients.splice(0)) {
      client.socket.destroy();
      await client.until('never');
    }
  });
  afterAll(() => server.close());

  const open = (): RawClient => {
    const client = new RawClient(server.port);
    clients.push(client);
    return client;
  };
  const first = async (client: RawClient, type: string) => (await client.until(type)).find((found) => found.type === type);
  const driver = (options: pg.ClientConfig = {}) =>
    new pg.Client({ host: '127.0.0.1', port: server.port, user: 'postgres', password: PASSWORD, database: 'postgres', ...options });
  const refusal = async (options: pg.ClientConfig): Promise<unknown> => {
    const client = driver(options);
    client.on('error', () => undefined);
    return client.connect().then(
      async () => {
        await client.end();
        return undefined;
      },
      (error: unknown) => error,
    );
  };

  it('refuses TLS and GSS with N and goes on in plain text', async () => {
    const socket = connect(server.port, '127.0.0.1');
    const answer = () => new Promise<string>((resolve) => socket.once('data', (bytes) => resolve(bytes.toString('latin1'))));
    socket.write(packet(i32(80_877_103)));
    expect(await answer()).toBe('N');
    socket.write(packet(i32(80_877_104)));
    expect(await answer()).toBe('N');
    socket.write(startup());
    expect((await answer()).startsWith('R')).toBe(true);
    socket.destroy();
  });

  it('negotiates newer minor versions and unknown options down', async () => {
    const client = open();
    client.send(startup({ protocol: 196_608 + 9999, parameters: { '_pq_.foo': '1' } }));
    const negotiation = await first(client, 'v');
    expect(negotiation?.body).toEqual(Buffer.concat([i32(196_610, 1), Buffer.from('_pq_.foo\0')]));
    const old = open();
    old.send(startup({ parameters: { '_pq_.foo': '1' } }));
    expect((await first(old, 'v'))?.body).toEqual(Buffer.concat([i32(196_608, 1), Buffer.from('_pq_.foo\0')]));
  });

  it.each([
    ['another major version', startup({ protocol: 131_072 }), '0A000'],
    ['no user', startup({ user: '' }), '28000'],
    ['a packet without its end', packet(i32(196_608), Buffer.from('user\0postgres')), '08P01'],
  ])('refuses %s', async (_, bytes, code) => {
    const client = open();
    client.send(bytes);
    const error = await first(client, 'E');
    expect(error && fieldsOf(error)).toMatchObject({ S: 'FATAL', C: code });
    await client.until('never');
  });

  it.each([
    ['an impossible length', i32(3)],
    ['a length beyond the limit', i32(10_005)],
    ['Terminate before it has introduced itself', message('X')],
  ])('says nothing to who begins with %s', async (_, bytes) => {
    const client = open();
    client.send(bytes);
    expect(await client.until('never')).toEqual([]);
  });

  it('logs in with SCRAM, and does not tell a wrong password from an unknown role', async () => {
    expect(await refusal({})).toBeUndefined();
    const wrong = await refusal({ password: 'wrong' });
    expect(wrong).toMatchObject({ code: '28P01', message: 'password authentication failed for user "postgres"' });
    expect(await refusal({ user: 'nobody' })).toMatchObject({ code: '28P01', message: 'password authentication failed for user "nobody"' });
    const challenge = async (user: string) => {
      const client = open();
      client.send(startup({ user }));
      await client.until('R');
      const initial = Buffer.from('n,,n=,r=abcdefghijklmnopqrstuvwx');
      client.send(message('p', 'SCRAM-SHA-256', i32(initial.length), initial));
      const text = (await first(client, 'R'))?.body.subarray(4).toString('utf8') ?? '';
      return /^r=(.{48}),s=(.{24}),i=(\d+)$/.exec(text)?.slice(2);
    };
    const known = await challenge('postgres');
    const unknown = await challenge('nobody');
    expect(known?.[1]).toBe('4096');
    expect(unknown?.[1]).toBe('4096');
    // The same made-up salt each time, as a real role's would be.
    expect(await challenge('nobody')).toEqual(unknown);
  });

  it('refuses databases, settings and options that are not there', async () => {
    expect(await refusal({ database: 'nope' })).toMatchObject({ code: '3D000', message: 'database "nope" does not exist' });
    expect(await refusal({ options: '-c nope=1' })).toMatchObject({ code: '42704' });
    expect(await refusal({ options: '-c work_mem=abc' })).toMatchObject({ code: '22023' });
    expect(await refusal({ options: 'nonsense' })).toMatchObject({ code: '42601' });
    expect(await refusal({ options: '-c work_mem=8MB --application_name=a\\ b' })).toBeUndefined();
  });

  it('says what a session starts with, in the order of PostgreSQL 15', async () => {
    const trusting = await createServer({ host: '127.0.0.1', port: 0, data: new MemoryStore(), trust: true });
    const client = new RawClient(trusting.port);
    client.send(startup({ parameters: { application_name: 'me', options: '-c DateStyle=German' } }));
    const all = await client.until('Z');
    expect(all.map(({ type }) => type).join('')).toMatch(/^RS{13}KZ$/);
    const statuses = all.filter(({ type }) => type === 'S').map(({ body }) => body.toString('utf8').split('\0').slice(0, 2).join('='));
    expect(statuses).toEqual([
      'application_name=me',
      'client_encoding=UTF8',
      'DateStyle=German, DMY',
      'default_transaction_read_only=off',
      'in_hot_standby=off',
      'integer_datetimes=on',
      'IntervalStyle=postgres',
      'is_superuser=on',
      'server_encoding=UTF8',
      expect.stringMatching(/^server_version=15\.0 \(KalamDB .+\)$/),
      'session_authorization=postgres',
      'standard_conforming_strings=on',
      'TimeZone=UTC',
    ]);
    await client.end();
    await trusting.close();
  });

  it('holds at most max_connections', async () => {
    const drivers = Array.from({ length: 4 }, () => driver());
    for (const client of drivers) await client.connect();
    expect(await refusal({})).toMatchObject({ code: '53300', message: 'sorry, too many clients already' });
    for (const client of drivers) await client.end();
    await expect.poll(() => refusal({})).toBeUndefined();
  });

  it('gives up on clients that do not authenticate in time, or send too much before', async () => {
    const silent = open();
    await silent.until('never');
    const slow = open();
    slow.send(startup());
    const error = await first(slow, 'E');
    expect(error && fieldsOf(error)).toMatchObject({ C: '57014', M: 'canceling authentication due to timeout' });
    const chatty = open();
    chatty.send(startup());
    await chatty.until('R');
    chatty.send(Buffer.alloc(11_000, 1));
    const tooMuch = await first(chatty, 'E');
    expect(tooMuch && fieldsOf(tooMuch).C).toMatch(/^(08P01|54000)$/);
  });

  it('refuses a message above kalamdb.max_message_size, and lives on', async () => {
    const client = driver();
    const ended = new Promise((resolve) => client.once('error', resolve));
    await client.connect();
    await expect(client.query(`SELECT '${'x'.repeat(70_000)}'`)).rejects.toMatchObject({ code: '54000' });
    await ended;
    expect(await refusal({})).toBeUndefined();
  });

  it('keeps its backend key secret: a cancel with another key does nothing', async () => {
    const client = driver();
    await client.connect();
    const { rows } = await client.query('SELECT pg_backend_pid() AS pid');
    const sleeping = client.query('SELECT pg_sleep(0.2)');
    const stranger = open();
    stranger.send(packet(i32(80_877_102, rows[0].pid, 12_345)));
    await stranger.until('never');
    await sleeping;
    await client.end();
  });
});
