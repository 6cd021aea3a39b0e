// Writes test/planner/bind-errors.golden.json and bind-types.golden.json: how a real PostgreSQL 15 (reached through the PG* environment variables,
// as superuser) refuses or describes each line of bind-errors.sql and bind-types.sql. Makes a database of its own and drops it.
import { readFileSync, writeFileSync } from 'node:fs';
import pg from 'pg';

const FOLDER = new URL('../test/planner/', import.meta.url);
const DATABASE = 'kalamdb_bind_golden';
const PREFIX = 'PREPARE p AS ';
const FIRST_USER_OID = 16384;

const linesOf = (name) => readFileSync(new URL(name, FOLDER), 'utf8').split('\n').filter(Boolean);
const write = (name, rows) => writeFileSync(new URL(name, FOLDER), `[\n${rows.map((row) => JSON.stringify(row)).join(',\n')}\n]\n`);

/** PREPARE binds without running; what it made is undone. */
async function prepared(client, sql, use) {
  await client.query('BEGIN');
  try {
    await client.query(PREFIX + sql);
    return await use();
  } finally {
    await client.query('ROLLBACK');
    await client.query('DEALLOCATE ALL');
  }
}

async function refusal(client, sql) {
  try {
    await prepared(client, sql, () => undefined);
  } catch (error) {
    const { code, message, detail, hint, position } = error;
    return { sql, code, message, detail, hint, position: position === undefined ? undefined : Number(position) - 1 - PREFIX.length };
  }
  throw new Error(`PostgreSQL takes it: ${sql}`);
}

/** Parse and Describe, as a driver sends them; pg has no call for that. */
function describe(client, sql) {
  return new Promise((resolve, reject) => {
    let fields = [];
    const ignore = () => {};
    client.query({
      submit(connection) {
        connection.parse({ name: '', text: sql, types: [] });
        connection.describe({ type: 'S', name: '' });
        connection.sync();
      },
      handleRowDescription(message) {
        fields = message.fields;
      },
      handleReadyForQuery: () => resolve(fields),
      handleError: reject,
      handleParseComplete: ignore,
      handleCommandComplete: ignore,
      handleDataRow: ignore,
      handlePortalSuspended: ignore,
      handleEmptyQuery: ignore,
    });
  });
}

async function description(client, sql, names) {
  return prepared(client, sql, async () => {
    const { rows } = await client.query(
      "SELECT parameter_types::oid[]::int8[]::text[] AS types FROM pg_prepared_statements WHERE name = 'p'",
    );
    const fields = await describe(client, sql);
    const columns = fields.map((field) => [
      field.name,
      field.dataTypeID >= FIRST_USER_OID ? 'row' : field.dataTypeID,
      field.dataTypeModifier,
      field.tableID === 0 ? '' : `${names.get(field.tableID)}.${field.columnID}`,
    ]);
    return { sql, params: rows[0].types.map(Number), columns };
  });
}

const admin = new pg.Client({ database: 'postgres' });
await admin.connect();
await admin.query(`DROP DATABASE IF EXISTS ${DATABASE}`);
await admin.query(`CREATE DATABASE ${DATABASE}`);
const client = new pg.Client({ database: DATABASE });
await client.connect();
// The driver answers for statements that it prepared itself; `describe` sends its own.
client.connection.removeAllListeners('parseComplete');
await client.query(readFileSync(new URL('bind-fixture.sql', FOLDER), 'utf8'));
const { rows } = await client.query('SELECT oid::int8, relname FROM pg_class');
const names = new Map(rows.map((row) => [Number(row.oid), row.relname]));
const errors = [];
for (const sql of linesOf('bind-errors.sql')) errors.push(await refusal(client, sql));
write('bind-errors.golden.json', errors);
const types = [];
for (const sql of linesOf('bind-types.sql')) types.push(await description(client, sql, names));
write('bind-types.golden.json', types);
await client.end();
await admin.query(`DROP DATABASE ${DATABASE}`);
await admin.end();
