import pg from 'pg';
import { Random } from '../fuzz/random.js';
import { PASSWORD, type ServerProcess } from '../harness/server-process.js';
import { type Change, KeptRows } from './kept-rows.js';
import { LiveQueryMaker, SCHEMA, TABLES } from './random-live-query.js';

const USERS = ['alice', 'bob'] as const;
const LIVE_QUERIES = 6;
const TRANSACTIONS = 12;
/** How long what has been committed may take to arrive. */
const PATIENCE_MS = 5000;

/** The schema, and two users who each have their own rows in it. */
export async function prepare(server: ServerProcess): Promise<void> {
  const admin = new pg.Client(server.connection);
  await admin.connect();
  await admin.query(SCHEMA);
  for (const user of USERS) {
    await admin.query(
      `CREATE ROLE ${user} LOGIN PASSWORD '${PASSWORD}'; GRANT ALL ON t, u, w, p TO ${user}; GRANT TEMP ON DATABASE postgres TO ${user}`,
    );
  }
  await admin.end();
}

/** One live query and what its client knows. */
interface Listened {
  readonly user: string;
  readonly view: string;
  readonly query: string;
  readonly client: pg.Client;
  readonly kept: KeptRows;
  readonly log: string[];
  failure: string | undefined;
}

export interface Difference {
  readonly seed: number;
  readonly query: string;
  readonly problem: string;
}

/**
 * Random live queries, random transactions of two users; after each commit the rows that a client has kept by what it was told are those that
 * the query gives.
 */
export async function oracleRound(server: ServerProcess, seed: number): Promise<Difference | undefined> {
  const random = new Random(seed);
  const writers = await Promise.all(USERS.map((user) => connect(server, user)));
  const listeners: Listened[] = [];
  try {
    for (const [i, writer] of writers.entries()) {
      await writer.query('DELETE FROM t; DELETE FROM u; DELETE FROM w; DELETE FROM p');
      for (let n = 0; n < 6; n++) await change(writer, random, i);
    }
    const maker = new LiveQueryMaker(random);
    for (let i = 0; i < LIVE_QUERIES; i++) listeners.push(await listen(server, random.pick(USERS), maker.query()));
    for (const listened of listeners) {
      const problem = await problemOf(listened);
      if (problem !== undefined) return { seed, query: listened.query, problem: `at the start: ${problem}` };
    }
    for (let i = 0; i < TRANSACTIONS; i++) {
      const at = random.below(writers.length);
      const writer = writers[at];
      if (writer === undefined) continue;
      const done: string[] = [];
      await writer.query('BEGIN');
      for (let n = random.between(1, 4); n > 0; n--) done.push(await change(writer, random, at));
      await writer.query(random.chance(0.1) ? 'ROLLBACK' : 'COMMIT');
      for (const listened of listeners) {
        const problem = await problemOf(listened);
        if (problem !== undefined)
          return {
            seed,
            query: listened.query,
            problem: `${problem}\nafter: ${done.join('; ')}\ntold: ${listened.log.slice(-12).join('\n')}`,
          };
      }
    }
    return undefined;
  } finally {
    for (const { client } of listeners) await client.end();
    for (const writer of writers) await writer.end();
  }
}

async function connect(server: ServerProcess, user: string): Promise<pg.Client> {
  const client = new pg.Client({ ...server.connection, user });
  // Told by whatever is under way.
  client.on('error', () => undefined);
  await client.connect();
  return client;
}

async function listen(server: ServerProcess, user: string, query: string): Promise<Listened> {
  const client = await connect(server, user);
  await client.query("SET app.most = '3'");
  await client.query(`CREATE TEMP VIEW v AS ${query}`);
  const told: Change[] = [];
  const listened: Listened = { user, view: 'v', query, client, kept: new KeptRows(), log: [], failure: undefined };
  client.on('notification', ({ payload }) => {
    if (listened.failure !== undefined) return;
    listened.log.push(payload ?? '');
    try {
      told.push(JSON.parse(payload ?? ''));
      listened.kept.apply(told[told.length - 1] as Change);
    } catch (error) {
      listened.failure = String(error);
    }
  });
  try {
    await client.query('LISTEN v');
    // What is there already: told as if it had just come, so that the keys are the server's own.
    const { rows } = await client.query("SELECT kalamdb.changes('v')::text AS change");
    for (const { change } of rows) listened.kept.apply(JSON.parse(change));
  } catch (error) {
    await client.end();
    throw new Error(`${query}\n${String(error)}`);
  }
  return listened;
}

async function problemOf(listened: Listened): Promise<string | undefined> {
  const deadline = Date.now() + PATIENCE_MS;
  for (;;) {
    const { rows } = await listened.client.query('SELECT row_to_json(kept)::text AS row FROM v AS kept');
    const expected = rows.map(({ row }) => JSON.stringify(JSON.parse(row))).sort();
    if (listened.failure !== undefined) return listened.failure;
    const kept = listened.kept.sorted();
    if (JSON.stringify(expected) === JSON.stringify(kept)) return undefined;
    if (Date.now() > deadline) return `kept ${kept.join(' ')}\nbut it is ${expected.join(' ')}`;
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

async function change(client: pg.Client, random: Random, user: number): Promise<string> {
  const sql = changeText(random, user);
  await client.query('SAVEPOINT s').catch(() => undefined);
  try {
    await client.query(sql);
  } catch (error) {
    // A key that is there already: the rest of the transaction goes on.
    await client.query('ROLLBACK TO s').catch(() => undefined);
    return `-- ${sql}: ${String(error)}`;
  }
  return sql;
}

function changeText(random: Random, _user: number): string {
  const table = random.pick(TABLES);
  const id = random.between(1, 14);
  const small = (): string => (random.chance(0.15) ? 'NULL' : String(random.between(0, 5)));
  const text = (): string => (random.chance(0.15) ? 'NULL' : `'${random.pick(['x', 'yy', 'zzz', 'ä', 'Q'])}'`);
  const part = (): string => random.pick(["'x'", "'y'"]);
  const tags = (): string => random.pick(['NULL', "'{}'", "'{red}'", "'{red,blue}'", "'{blue,green,red}'"]);
  const inserts = {
    t: `INSERT INTO t VALUES (${id}, ${small()}, ${small()}, ${text()}, ${random.pick(['true', 'false', 'NULL'])}, ${random.pick(['NULL', '1.50', '12', '99.99', '0'])}, ${tags()})`,
    u: `INSERT INTO u VALUES (${id}, ${part()}, ${small()}, ${small()}, ${text()})`,
    w: `INSERT INTO w VALUES (${small()}, ${small()})`,
    p: `INSERT INTO p VALUES (${id}, ${small()}, ${small()})`,
  };
  const roll = random.next();
  if (roll < 0.45) return inserts[table];
  if (roll < 0.7) return `UPDATE ${table} SET v = ${small()} WHERE k = ${random.between(0, 5)}`;
  if (roll < 0.78) return `UPDATE ${table} SET k = ${small()}, v = v + 1 WHERE v < ${random.between(0, 5)}`;
  if (roll < 0.84 && table === 'p') return `UPDATE p SET id = id + 7 WHERE id = ${id}`;
  if (roll < 0.84 && table === 't') return `UPDATE t SET s = ${text()}, tags = ${tags()}, f = NOT f WHERE id = ${id}`;
  if (roll < 0.97) return `DELETE FROM ${table} WHERE ${random.pick(['k', 'v'])} = ${random.between(0, 5)}`;
  return `DELETE FROM ${table}`;
}
