import pg from 'pg';
import { BuiltinCalls } from './builtin-calls.js';
import { DifferenceFinder } from './difference-finder.js';
import { Target } from './target.js';

export interface Servers {
  readonly oracle: pg.ClientConfig;
  /** As an administrator. */
  readonly ours: pg.ClientConfig;
}

const USERS = ['fuzz_alice', 'fuzz_bob'] as const;
const ALIKE = ["SET timezone = 'UTC'", "SET datestyle = 'ISO, MDY'", 'SET statement_timeout = 5000'];

/** Makes a schema on PostgreSQL and two on ours, for plain and for user tables, and two users for the latter. */
export async function connect(servers: Servers): Promise<{ finder: DifferenceFinder; builtins: BuiltinCalls; close: () => Promise<void> }> {
  const schema = `fuzz_${process.pid}`;
  const users = USERS.map((name) => `${name}_${process.pid}`);
  const catalogs = [new pg.Client(servers.oracle), new pg.Client(servers.ours)] as const;
  for (const catalog of catalogs) await catalog.connect();
  const builtins = await BuiltinCalls.read(...catalogs);
  for (const catalog of catalogs) await catalog.end();
  const prepare = async (config: pg.ClientConfig, texts: readonly string[]): Promise<void> => {
    const client = new pg.Client(config);
    await client.connect();
    for (const text of texts) await client.query(text);
    await client.end();
  };
  await prepare(servers.oracle, [`CREATE SCHEMA ${schema}`]);
  await prepare(servers.ours, [
    `CREATE SCHEMA ${schema}`,
    `CREATE SCHEMA ${schema}_user`,
    ...users.flatMap((user) => [`CREATE ROLE ${user} LOGIN PASSWORD 'fuzz'`, `GRANT ALL ON SCHEMA ${schema}_user TO ${user}`]),
    `GRANT ${users[0]} TO ${users[1]}`,
  ]);
  const path = `SET search_path = ${schema}`;
  const userTables = ["SET kalamdb.default_table_type = 'user'", `SET search_path = ${schema}_user`];
  const as = (user: string | undefined): pg.ClientConfig => ({ ...servers.ours, user: user ?? '', password: 'fuzz' });
  const oracle = new Target('PostgreSQL', servers.oracle, [...ALIKE, 'SET synchronous_commit = off', path]);
  const plain = new Target('plain tables', servers.ours, [...ALIKE, path]);
  const owner = new Target('user tables', as(users[0]), [...ALIKE, ...userTables]);
  const other = new Target('another user', as(users[1]), [...ALIKE, ...userTables]);
  return {
    finder: new DifferenceFinder(oracle, [plain, owner], [other]),
    builtins,
    async close() {
      for (const target of [oracle, plain, owner, other]) await target.close();
      await prepare(servers.oracle, [`DROP SCHEMA ${schema} CASCADE`]);
      await prepare(servers.ours, [
        `DROP SCHEMA ${schema} CASCADE`,
        `DROP SCHEMA ${schema}_user CASCADE`,
        ...users.map((user) => `DROP ROLE ${user}`),
      ]);
    },
  };
}
