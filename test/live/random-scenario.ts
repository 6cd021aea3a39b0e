import { change } from '../fuzz/changes.js';
import { predicate } from '../fuzz/predicates.js';
import { query, scalarQuery } from '../fuzz/query.js';
import type { Random } from '../fuzz/random.js';
import { generateSchema } from '../fuzz/schema.js';
import { type Grammar, Scope } from '../fuzz/scope.js';
import type { Sql } from '../fuzz/sql-tree.js';
import { anyType } from '../fuzz/types.js';
import { changeText, DEFINITIONS, SCHEMA } from './random-changes.js';
import { LiveQueryMaker } from './random-live-query.js';
import { type LiveCase, type Scenario, type Step, type Transaction, USERS, type User } from './scenario.js';

/** What queries and changes are made of: tables and what fits them. */
interface World {
  readonly setup: readonly string[];
  readonly definitions: readonly string[];
  query(): Sql;
  change(): Sql;
  /** Rows before anybody listens. */
  rows(): readonly Sql[];
}

const GRAMMAR: Grammar = { predicate, query, scalarQuery };

/** Tables of small numbers, which meet in every join, and queries of every form over them. */
function denseWorld(random: Random): World {
  const maker = new LiveQueryMaker(random);
  return {
    setup: SCHEMA,
    definitions: DEFINITIONS,
    query: () => maker.query(),
    change: () => changeText(random),
    rows: () => random.many(6, () => changeText(random)),
  };
}

/** Tables of random columns of every type, and queries with random expressions over them. */
function typedWorld(random: Random): World {
  const schema = generateSchema(random);
  const isTable = (text: string): boolean => text.startsWith('CREATE TABLE');
  const retention = (): string => random.pick(['', '', ", deleted_retention = '1 s'", ", serde = 'json'"]);
  const scope = (depth: number): Scope => Scope.top(schema, random, { depth, strict: false, grammar: GRAMMAR });
  const table = (): string => random.pick(schema.tables).name;
  return {
    setup: schema.setup
      .filter((text) => !text.startsWith('INSERT'))
      .map((text) => (isTable(text) ? `${text} WITH (type = 'user'${retention()})` : text)),
    definitions: [`TRUNCATE ${table()} CASCADE`, `ALTER TABLE ${table()} ADD COLUMN more int`, `CREATE INDEX ON ${table()} (id DESC)`],
    query() {
      const types = random.many(random.between(1, 4), () => anyType(random));
      return query(scope(random.pick([1, 2, 2, 3])), { types, names: types.map((_, i) => `x${i}`) }).node;
    },
    change: () => change(schema, scope(2)),
    rows: () => random.shuffled(schema.setup.filter((text) => text.startsWith('INSERT'))).slice(0, 30),
  };
}

const LIVE_QUERIES = 6;

export function randomScenario(seed: number, random: Random): Scenario {
  const world = random.chance(0.6) ? denseWorld(random) : typedWorld(random);
  const transaction = (user: User = random.pick(USERS)): Transaction => ({
    user,
    statements: random.many(random.between(1, 4), () => world.change()),
    end: random.chance(0.1) ? 'ROLLBACK' : 'COMMIT',
  });
  const some = (most: number): Transaction[] => random.many(random.between(1, most), () => transaction());
  const rows = USERS.map((user): Transaction => ({ user, statements: world.rows(), end: 'COMMIT' }));
  const live = random.many(
    LIVE_QUERIES,
    (): LiveCase => ({
      user: random.pick(USERS),
      query: world.query(),
      said: random.pick(['temporary view', 'view', 'text', 'for a user']),
      read: random.pick(['apart', 'together', 'rows']),
      inBatches: random.chance(0.3),
      most: random.between(2, 4),
    }),
  );
  const listeners = (): number[] => live.flatMap((_, i) => (random.chance(0.6) ? [i] : []));
  const steps = random.many(random.between(8, 14), (): Step => {
    const roll = random.next();
    if (roll < 0.12) {
      const definition = random.chance(0.15) ? { definition: random.pick(world.definitions) } : {};
      return { kind: 'reconnect', listeners: listeners(), missed: some(3), ...definition, meanwhile: random.chance(0.7) ? some(4) : [] };
    }
    if (roll < 0.2) return { kind: 'interleaved', transactions: [transaction('alice'), transaction('alice'), transaction('bob')] };
    if (roll < 0.24) return { kind: 'definition', sql: random.pick(world.definitions) };
    return { kind: 'transaction', transaction: transaction() };
  });
  if (random.chance(0.35)) {
    const restart: Step = {
      kind: 'restart',
      signal: random.pick(['SIGTERM', 'SIGKILL', 'SIGKILL']),
      missed: random.chance(0.6) ? some(2) : [],
    };
    steps.splice(random.between(1, steps.length), 0, restart);
  }
  return { seed, setup: world.setup, rows, live, steps };
}
