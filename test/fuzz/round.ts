import { change, changeInWith, contents } from './changes.js';
import type { Strictness } from './compare.js';
import { orderedQuery } from './ordered-query.js';
import { predicate } from './predicates.js';
import { query, scalarQuery, strictQuery } from './query.js';
import type { Random } from './random.js';
import type { Schema } from './schema.js';
import { type Grammar, Scope } from './scope.js';
import type { Sql } from './sql-tree.js';

/** What is run and compared: statements one by one, or in a transaction that is rolled back. */
export interface Case {
  readonly steps: readonly Sql[];
  readonly inTransaction: boolean;
  readonly withParameters: boolean;
  readonly strictness: Strictness;
  /** SET commands on our side. */
  readonly settings: readonly string[];
}

const GRAMMAR: Grammar = { predicate, query, scalarQuery };

const SETTINGS = [
  'enable_hashjoin',
  'enable_mergejoin',
  'enable_nestloop',
  'enable_indexscan',
  'enable_seqscan',
  'enable_hashagg',
  'enable_sort',
  'enable_material',
  'enable_memoize',
  'enable_bitmapscan',
];

export function generateCase(schema: Schema, random: Random): Case {
  const strict = random.chance(0.3);
  const scope = (depth: number): Scope => Scope.top(schema, random, { depth, strict, grammar: GRAMMAR });
  const settings = random.chance(0.5) ? SETTINGS.filter(() => random.chance(0.25)).map((name) => `SET ${name} = off`) : [];
  if (random.chance(0.1)) settings.push("SET work_mem = '64kB'");
  const withParameters = random.chance(0.4);
  const base = { withParameters, settings, strictness: strict ? ('texts' as const) : ('values' as const) };
  if (random.chance(0.2))
    return { ...base, strictness: 'values', steps: [orderedQuery(schema, scope(1))], inTransaction: random.chance(0.1) };
  if (strict) return { ...base, steps: [strictQuery(scope(1))], inTransaction: false };
  if (random.chance(0.7)) return { ...base, steps: [query(scope(random.pick([1, 2, 2, 3]))).node], inTransaction: false };
  if (random.chance(0.25)) {
    const steps = [change(schema, scope(2)), ...contents(schema)];
    return { ...base, withParameters: false, steps, inTransaction: false };
  }
  const changes: Sql[] = random.many(random.pick([1, 1, 1, 2, 3]), () =>
    random.chance(0.08) ? changeInWith(schema, scope(1)) : change(schema, scope(2)),
  );
  if (random.chance(0.3)) withSavepoint(changes, random);
  const queries = random.chance(0.3) ? [query(scope(2)).node] : [];
  return { ...base, steps: [...changes, ...contents(schema), ...queries], inTransaction: true };
}

/** A part of the changes that is taken back, or made anew, or kept. */
function withSavepoint(changes: Sql[], random: Random): void {
  const start = random.below(changes.length);
  changes.splice(start, 0, 'SAVEPOINT s');
  changes.splice(random.between(start + 1, changes.length), 0, random.pick(['ROLLBACK TO s', 'ROLLBACK TO s', 'RELEASE s']));
}

/** Changes that stay: what comes after is about what they left. */
export const isLasting = ({ steps, inTransaction }: Case): boolean => !inTransaction && steps.length > 1;
