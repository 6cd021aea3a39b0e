import { render, type Sql } from '../fuzz/sql-tree.js';

/** The users whose rows there are, each with a role of that name. */
export const USERS = ['alice', 'bob'] as const;
export type User = (typeof USERS)[number];

/** Which live query, said how, and read how at first. */
export interface LiveCase {
  readonly user: User;
  readonly query: Sql;
  readonly said: 'temporary view' | 'view' | 'text' | 'for a user';
  /**
   * `apart`: LISTEN, then kalamdb.changes(), and what comes twice is passed over. `together`: both in a transaction, nothing comes twice.
   * `rows`: SELECT * in that transaction; rows without keys.
   */
  readonly read: 'apart' | 'together' | 'rows';
  readonly inBatches: boolean;
  /** The setting that queries ask for. */
  readonly most: number;
}

export interface Transaction {
  readonly user: User;
  readonly statements: readonly Sql[];
  readonly end: 'COMMIT' | 'ROLLBACK';
}

export type Step =
  | { readonly kind: 'transaction'; readonly transaction: Transaction }
  /** Statement by statement in turn. */
  | { readonly kind: 'interleaved'; readonly transactions: readonly Transaction[] }
  /** All at once, while those listeners come back that had been cut off and missed some. */
  | {
      readonly kind: 'reconnect';
      readonly listeners: readonly number[];
      readonly missed: readonly Transaction[];
      /** By the tables' owner, while they are away. */
      readonly definition?: string;
      readonly meanwhile: readonly Transaction[];
    }
  | { readonly kind: 'restart'; readonly signal: 'SIGTERM' | 'SIGKILL'; readonly missed: readonly Transaction[] }
  /** By the tables' owner. Listeners are told of the end of what is not what it was, and listen anew. */
  | { readonly kind: 'definition'; readonly sql: string };

/** All that a round does: the same each time. */
export interface Scenario {
  readonly seed: number;
  /** As the tables' owner. */
  readonly setup: readonly string[];
  /** Before anybody listens. */
  readonly rows: readonly Transaction[];
  readonly live: readonly LiveCase[];
  readonly steps: readonly Step[];
}

export const textOf = (node: Sql): string => render(node, false).text;

/** A scenario as a person would type it. */
export function script({ seed, setup, rows, live, steps }: Scenario): string {
  const lines = [`-- seed ${seed}`, ...setup.map((sql) => `${sql};`)];
  for (const transaction of rows) lines.push(...transactionLines(transaction));
  for (const [i, { user, query, said, read, inBatches, most }] of live.entries()) {
    lines.push(
      `-- live query ${i} of ${user}: as ${said}, read ${read}${inBatches ? ', in batches' : ''}, app.most = ${most}`,
      `${textOf(query)};`,
    );
  }
  for (const step of steps) lines.push(...stepLines(step));
  return lines.join('\n');
}

function stepLines(step: Step): string[] {
  switch (step.kind) {
    case 'transaction':
      return transactionLines(step.transaction);
    case 'interleaved':
      return ['-- statement by statement in turn:', ...step.transactions.flatMap(transactionLines)];
    case 'reconnect':
      return [
        `-- live queries ${step.listeners.join(', ')} are cut off`,
        ...step.missed.flatMap(transactionLines),
        ...(step.definition === undefined ? [] : [`-- by the owner:\n${step.definition};`]),
        '-- they come back, while:',
        ...step.meanwhile.flatMap(transactionLines),
      ];
    case 'restart':
      return [`-- ${step.signal}, and started again`, ...step.missed.flatMap(transactionLines), '-- the live queries come back'];
    case 'definition':
      return [`-- by the owner:\n${step.sql};`];
  }
}

function transactionLines({ user, statements, end }: Transaction): string[] {
  return [`-- ${user}:`, 'BEGIN;', ...statements.map((node) => `${textOf(node)};`), `${end};`];
}
