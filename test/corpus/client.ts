import pg from 'pg';
import type { PostgresOracle } from '../harness/postgres-oracle.js';
import { ServerProcess } from '../harness/server-process.js';
import { type Outcome, Replay } from './replay.js';
import { schemaOf, statementsOf } from './statements.js';
import { Target } from './target.js';

/** Plays one client's file on a new server of ours and in a new database of the oracle's, which has the name of ours. */
export async function compareClient(
  postgres: PostgresOracle,
  client: string,
  variants = 3,
): Promise<{ readonly failed: readonly string[]; readonly outcomes: readonly Outcome[] }> {
  await emptied(postgres);
  const server = await new ServerProcess({ label: 'corpus' }).start();
  const oracle = await Target.open(postgres.connection);
  const ours = await Target.open(server.connection);
  try {
    const { isSimple, statements } = schemaOf(client);
    // What can't be made here is told by `failed`; the rest is compared without it.
    const { done, failed } = await ours.make(statements, isSimple);
    await oracle.make(done, isSimple);
    const replay = new Replay(oracle, ours, isSimple);
    const outcomes: Outcome[] = [];
    for (const text of statementsOf(client)) outcomes.push(await replay.statement(text, variants));
    return { failed, outcomes };
  } finally {
    await oracle.close();
    await ours.close();
    await server.close();
  }
}

/** Makes the oracle's database anew, and takes what a client has left beside it. */
async function emptied(postgres: PostgresOracle): Promise<void> {
  const client = new pg.Client({ ...postgres.connection, database: 'template1' });
  await client.connect();
  await client.query('DROP DATABASE IF EXISTS postgres WITH (FORCE)');
  await client.query('CREATE DATABASE postgres TEMPLATE template0');
  await client.query(`COMMENT ON DATABASE postgres IS 'default administrative connection database'`);
  // Each server has its own salt: what is stored is normalised.
  await client.query(`ALTER ROLE postgres PASSWORD 'unused'`);
  const { rows } = await client.query<{ command: string }>(
    `SELECT format('DROP DATABASE %I WITH (FORCE)', datname) AS command FROM pg_database WHERE datname NOT IN ('postgres', 'template0', 'template1')
     UNION ALL SELECT format('DROP ROLE %I', rolname) FROM pg_roles WHERE oid >= 16384`,
  );
  for (const { command } of rows) await client.query(command);
  await client.end();
}
