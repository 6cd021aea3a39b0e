import { type SpawnSyncReturns, spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ServerProcess } from '../harness/server-process.js';
import { temporaryDirectory } from '../harness/temporary-directory.js';

const MAIN = fileURLToPath(new URL('../../dist/main.js', import.meta.url));

/** For commands that end by themselves. */
function kalamdb(args: readonly string[], environment: NodeJS.ProcessEnv = {}): SpawnSyncReturns<string> {
  return spawnSync(process.execPath, [MAIN, ...args], { encoding: 'utf8', env: { ...process.env, ...environment }, timeout: 20_000 });
}

describe('kalamdb serve', () => {
  const directory = temporaryDirectory('command-line');
  // No KALAMDB_PASSWORD: one is made up.
  const server = new ServerProcess({ label: 'cli', environment: { KALAMDB_PASSWORD: '' } });
  beforeAll(() => server.start());
  afterAll(async () => {
    await server.close();
    directory.remove();
  });

  it('says where it listens and how to connect, and keeps the password that it made up', async () => {
    expect(server.output).toContain(`listens on 127.0.0.1:${server.port}`);
    expect(server.output).toContain(`psql -h 127.0.0.1 -p ${server.port} -U postgres`);
    const file = join(server.directory.path, 'initial-password');
    const password = readFileSync(file, 'utf8').trim();
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(server.output).toContain(password);
    const client = new pg.Client({ ...server.connection, password });
    await client.connect();
    expect((await client.query('SELECT current_user AS me')).rows).toEqual([{ me: 'postgres' }]);
    await client.end();
  });

  it.each([
    [
      'a taken port',
      () => ['--port', String(server.port), '--data', join(directory.path, 'other')],
      /^kalamdb: port \d+ on 127\.0\.0\.1 is in use\b.*\n$/,
    ],
    ['a directory that another server uses', () => ['--port', '0', '--data', server.directory.path], /^kalamdb: data directory ".+".*\n$/],
    [
      'a directory that cannot be made',
      () => ['--port', '0', '--data', '/dev/null/data'],
      /^kalamdb: data directory ".+" cannot be used: .*\n$/,
    ],
    [
      'a directory of another format',
      () => ['--port', '0', '--data', otherFormat()],
      /^kalamdb: data directory ".+" was written in format 999\b.*\n$/,
    ],
    ['a port that is none', () => ['--port', 'http'], /^kalamdb: "http" is no port\b.*\n$/],
    ['a log level that is none', () => ['--log-level', 'loud'], /^kalamdb: "loud" is no log level\b.*\n$/],
    ['a setting that is none', () => ['--set', 'nope=1'], /^kalamdb: unrecognized configuration parameter "nope"\n$/],
    [
      'a value that a setting does not take',
      () => ['--set', 'work_mem=much'],
      /^kalamdb: invalid value for parameter "work_mem": "much"\n$/,
    ],
    ['a certificate without its key', () => ['--tls-cert', '/x'], /^kalamdb: TLS needs both --tls-cert and --tls-key\n$/],
    [
      'a certificate that is not there',
      () => ['--tls-cert', '/x', '--tls-key', '/y', ...fresh()],
      /^kalamdb: could not load server certificate file "\/x": .*\n$/,
    ],
    ['a choice of TLS that is none', () => ['--tls', 'please'], /^kalamdb: "please" is no choice for --tls: it is auto or off\n$/],
    [
      'rules that are none',
      () => ['--data', rules('host all all all trust')],
      /^kalamdb: .*hba\.conf, line 1: authentication method "trust" .*\n$/,
    ],
    ['rules that let nobody in', () => ['--data', rules('# nobody')], /^kalamdb: .*hba\.conf contains no entries: nobody could connect\n$/],
    [
      'a directory without room for a socket',
      () => ['--socket-dir', '/proc', '--port', '0', ...fresh()],
      /^kalamdb: socket file \/proc\/\.s\.PGSQL\.\d+ cannot be made .*\n$/,
    ],
    ['an option that is none', () => ['--nope'], /^kalamdb: .*--nope.*\n$/],
  ])('ends with one sentence at %s', (_, args, sentence) => {
    const { status, stdout, stderr } = kalamdb(['serve', ...args()]);
    expect(stderr).toMatch(sentence);
    expect(stdout).toBe('');
    expect(status).toBe(1);
  });

  const otherFormat = (): string => {
    const path = join(directory.path, 'format');
    mkdirSync(path, { recursive: true });
    writeFileSync(join(path, 'store-format'), 'kalamdb store format 999\n');
    return path;
  };

  const fresh = (): readonly string[] => ['--data', join(directory.path, 'fresh')];
  const rules = (text: string): string => {
    const path = join(directory.path, `rules-${text.length}`);
    mkdirSync(path, { recursive: true });
    writeFileSync(join(path, 'hba.conf'), text);
    return path;
  };

  it('reads its rules again at SIGHUP', async () => {
    const file = join(server.directory.path, 'hba.conf');
    const before = readFileSync(file, 'utf8');
    const password = readFileSync(join(server.directory.path, 'initial-password'), 'utf8').trim();
    const attempt = async (): Promise<string> => {
      const client = new pg.Client({ ...server.connection, password });
      client.on('error', () => undefined);
      return client.connect().then(
        () => client.end().then(() => 'in'),
        (error: { readonly code?: string }) => error.code ?? 'out',
      );
    };
    writeFileSync(file, 'host all all all reject\n');
    expect(await attempt()).toBe('in');
    process.kill(server.pid, 'SIGHUP');
    await expect.poll(attempt).toBe('28000');
    writeFileSync(file, before);
    process.kill(server.pid, 'SIGHUP');
    await expect.poll(attempt).toBe('in');
  });

  it('tells its options and its version', () => {
    const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'));
    expect(kalamdb(['--version']).stdout).toBe(`kalamdb ${version}\n`);
    expect(kalamdb(['--help']).stdout).toMatch(/--port[\s\S]*KALAMDB_DATA/);
    expect(kalamdb(['destroy']).stderr).toBe('kalamdb: there is no command "destroy": see kalamdb --help\n');
  });

  it('takes its options from the environment too', () => {
    expect(kalamdb(['serve'], { KALAMDB_PORT: 'x' }).stderr).toMatch(/"x" is no port/);
    expect(kalamdb([], { KALAMDB_LOG_LEVEL: 'x' }).stderr).toMatch(/"x" is no log level/);
  });

  it('closes on SIGTERM and finds everything again', async () => {
    const password = readFileSync(join(server.directory.path, 'initial-password'), 'utf8').trim();
    const connect = async (): Promise<pg.Client> => {
      const client = new pg.Client({ ...server.connection, password });
      client.on('error', () => undefined);
      await client.connect();
      return client;
    };
    const before = await connect();
    await before.query('CREATE TABLE kept (id serial PRIMARY KEY, a text); INSERT INTO kept (a) VALUES (1), (2)');
    expect(await server.stop()).toBe(0);
    await server.start();
    const after = await connect();
    await after.query("INSERT INTO kept (a) VALUES ('three')");
    expect((await after.query('SELECT id FROM kept ORDER BY id')).rows).toEqual([{ id: 1 }, { id: 2 }, { id: 3 }]);
    await after.end();
  });
});
