#!/usr/bin/env node
// Prisma's schema engine for its command line (PRISMA_SCHEMA_ENGINE_BINARY): the engine that npm has, as WebAssembly over
// @prisma/adapter-pg, behind the arguments and the JSON-RPC of the binary, which npm has not.
import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname } from 'node:path';
import { createInterface } from 'node:readline';
import { pathToFileURL } from 'node:url';
import { PrismaPg } from '@prisma/adapter-pg';
import { bindMigrationAwareSqlAdapterFactory, ColumnTypeEnum } from '@prisma/driver-adapter-utils';
import pg from 'pg';

// The adapter has no place for "char", which the catalogs are full of.
const CHARACTER = ColumnTypeEnum.Character;
const { addFields } = pg.Result.prototype;
pg.Result.prototype.addFields = function (fields) {
  for (const field of fields)
    if (field.dataTypeID === 18) {
      field.dataTypeID = 25;
      field.isCharacter = true;
    }
  addFields.call(this, fields);
};

const { datasource, command } = readArguments(process.argv.slice(2));
const { url, shadowDatabaseUrl } = datasource;

if (command === 'can-connect-to-database') await answerOnce(() => query(url, 'SELECT 1'));
else if (command === 'create-database') {
  const wanted = new URL(url);
  const name = decodeURIComponent(wanted.pathname.slice(1));
  wanted.pathname = '/postgres';
  await answerOnce(() => query(wanted.href, `CREATE DATABASE ${pg.escapeIdentifier(name)}`));
} else await serve();

function readArguments(args) {
  const found = { datasource: {}, command: undefined };
  for (let i = 0; i < args.length; i++) {
    if (args[i] === '--datasource') found.datasource = JSON.parse(args[++i]);
    else if (args[i] === 'cli') found.command = args[++i];
  }
  return found;
}

/** A sub-command's outcome: the exit code, and a line of log that says what went wrong. */
async function answerOnce(work) {
  try {
    await work();
    process.exit(0);
  } catch (error) {
    const code = error.code === '3D000' ? 'P1003' : error.code === '28P01' ? 'P1000' : error.code === '42P04' ? 'P1009' : 'P1001';
    const fields = { message: error.message, error_code: code, is_panic: false, meta: {} };
    process.stderr.write(`${JSON.stringify({ level: 'ERROR', timestamp: new Date().toISOString(), target: 'schema_engine', fields })}\n`);
    process.exit(1);
  }
}

async function query(connectionString, text) {
  const client = new pg.Client({ connectionString: plain(connectionString) });
  await client.connect();
  await client.query(text);
  await client.end();
}

/** The URL without Prisma's own parameters. */
function plain(connectionString) {
  const parsed = new URL(connectionString);
  parsed.searchParams.delete('schema');
  return parsed.href;
}

async function engineOf(connectionString, datamodels) {
  const schema = new URL(connectionString).searchParams.get('schema') ?? undefined;
  const factory = new PrismaPg({ connectionString: plain(connectionString) }, { schema });
  const connect = factory.connect.bind(factory);
  factory.connect = async () => withCharacters(await connect());
  factory.connectToShadowDb = () =>
    shadowDatabaseUrl ? new PrismaPg({ connectionString: plain(shadowDatabaseUrl) }).connect() : shadowDatabase();
  const adapter = bindMigrationAwareSqlAdapterFactory(factory);
  const engine = await (await loadWasm()).SchemaEngine.new({ datamodels }, () => undefined, adapter);
  return { engine, adapter };
}

/** What the engine wants to be a character is one, not a text. */
function withCharacters(connected) {
  let fields = [];
  const performIO = connected.performIO.bind(connected);
  connected.performIO = async (query) => {
    const result = await performIO(query);
    fields = result.fields ?? [];
    return result;
  };
  const queryRaw = connected.queryRaw.bind(connected);
  connected.queryRaw = async (query) => {
    const result = await queryRaw(query);
    return { ...result, columnTypes: result.columnTypes.map((type, i) => (fields[i]?.isCharacter ? CHARACTER : type)) };
  };
  return connected;
}

/** The adapter drops its shadow database while it is still connected, which PostgreSQL refuses. */
async function shadowDatabase() {
  const name = `prisma_migrate_shadow_db_${randomUUID()}`;
  await query(url, `CREATE DATABASE ${pg.escapeIdentifier(name)}`);
  const shadow = new URL(plain(url));
  shadow.pathname = `/${name}`;
  const connected = await new PrismaPg({ connectionString: shadow.href }).connect();
  const close = connected.dispose.bind(connected);
  connected.dispose = async () => {
    await close();
    await query(url, `DROP DATABASE ${pg.escapeIdentifier(name)}`);
  };
  return connected;
}

let loaded;
async function loadWasm() {
  if (loaded) return loaded;
  const folder = dirname(createRequire(import.meta.url).resolve('@prisma/schema-engine-wasm'));
  const glue = await import(pathToFileURL(`${folder}/schema_engine_bg.js`).href);
  const { instance } = await WebAssembly.instantiate(readFileSync(`${folder}/schema_engine_bg.wasm`), { './schema_engine_bg.js': glue });
  glue.__wbg_set_wasm(instance.exports);
  instance.exports.__wbindgen_start();
  loaded = glue;
  return glue;
}

async function serve() {
  let opened;
  const engines = async () => (opened ??= await engineOf(url, undefined));
  let turn = Promise.resolve();
  const lines = createInterface({ input: process.stdin });
  lines.on('line', (line) => {
    const message = JSON.parse(line);
    if (message.method === undefined) return;
    turn = turn.then(async () => send(await answer(message)));
  });
  lines.on('close', () => turn.then(() => process.exit(0)));

  async function answer({ id, method, params }) {
    const { engine, adapter } = await engines();
    try {
      const wanted = method;
      if (typeof engine[wanted] !== 'function') throw new Error(`no method ${method}`);
      const result = (await engine[wanted](params)) ?? null;
      if (method === 'diff' && result.stdout)
        send({ id: 1_000_000 + id, jsonrpc: '2.0', method: 'print', params: { content: result.stdout } });
      return { id, jsonrpc: '2.0', result };
    } catch (error) {
      let details = { is_panic: false, message: String(error.message ?? error), meta: {} };
      try {
        details = { is_panic: false, ...JSON.parse(error.message) };
      } catch {
        const place = /\[(\d+)\]|externalError/.exec(details.message);
        const cause = place?.[1] === undefined ? undefined : adapter.errorRegistry.consumeError(Number(place[1]));
        if (cause !== undefined) details.message += ` ${cause.error?.message ?? JSON.stringify(cause)}`;
      }
      if (process.env.PRISMA_ENGINE_DEBUG) process.stderr.write(`${error.stack} ${JSON.stringify(error)}\n`);
      return { id, jsonrpc: '2.0', error: { code: 4466, message: 'An error happened. Check the data field for details.', data: details } };
    }
  }
}

function send(message) {
  process.stdout.write(`${JSON.stringify(message)}\n`);
}
