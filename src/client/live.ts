/**
 * kalamdb/live: a query's rows, kept current.
 *
 *     for await (const rows of live(pool, 'SELECT id, title FROM todos WHERE NOT done ORDER BY id')) render(rows);
 *
 * Life of a live query here: LISTEN on the query → its rows by kalamdb.changes() → each notification changes them; when a commit is complete
 * they are shown. A lost connection is made anew, and what was missed is read: only what has changed where the server can tell, else all.
 * Values are those of JSON: dates and numerics of more than a double's digits are texts, or lose digits, as JSON.parse gives them. Rows have
 * the names that the SQL gives its columns.
 */
import { LiveRows } from './live-rows.js';
import { NodePostgresSource, type PgClient, type PgConnect, type PgPool } from './node-postgres.js';
import { type PostgresJs, PostgresJsSource } from './postgres-js.js';
import type { Source } from './source.js';
import { type LiveStatement, statementText } from './statement.js';

export { LiveQueryEnded, LiveRows } from './live-rows.js';
export type { PgClient, PgConnect, PgPool } from './node-postgres.js';
export type { PostgresJs } from './postgres-js.js';
export type { LiveStatement } from './statement.js';

export interface LiveOptions {
  /** Ends the live query, quietly. */
  readonly signal?: AbortSignal;
  /**
   * The first pause before connecting again after a connection was lost (node-postgres); 250 ms if not given, half of it to one and a half.
   * Each further one is twice as long, up to 30 s.
   */
  readonly retryMs?: number;
}

/**
 * node-postgres: a client, a pool, or a function that gives a connected client; postgres.js: its `sql`. All live queries of one pool or of one
 * function share one connection; with a client they end when it does.
 */
export type LiveConnection = PgClient | PgPool | PostgresJs | PgConnect;

/** A query builder that knows what its rows are, by the names of their columns: Kysely's. */
export interface TypedStatement<Row> {
  compile(): { readonly sql: string; readonly parameters: readonly unknown[] };
  execute(): Promise<readonly Row[]>;
}

/** A value as JSON has it. */
export type Jsonified<T> = T extends Date | Uint8Array
  ? string
  : T extends bigint
    ? number
    : T extends readonly (infer Item)[]
      ? Jsonified<Item>[]
      : T extends object
        ? { [K in keyof T]: Jsonified<T[K]> }
        : T;

/**
 * Rows that stay current, until `close`, the end of a `for await`, or the signal. Nothing happens before somebody reads them.
 * @param parameters of the statement's $1 …; a query builder's statement has its own
 */
export function live<Row>(
  connection: LiveConnection,
  statement: TypedStatement<Row>,
  parameters?: readonly unknown[],
  options?: LiveOptions,
): LiveRows<Jsonified<Row>>;
export function live<Row = Record<string, unknown>>(
  connection: LiveConnection,
  statement: LiveStatement,
  parameters?: readonly unknown[],
  options?: LiveOptions,
): LiveRows<Row>;
export function live<Row>(
  connection: LiveConnection,
  statement: LiveStatement,
  parameters: readonly unknown[] = [],
  { signal, retryMs = 250 }: LiveOptions = {},
): LiveRows<Row> {
  return new LiveRows<Row>(sourceOf(connection, retryMs), statementText(statement, parameters), signal);
}

function sourceOf(connection: LiveConnection, retryMs: number): Source {
  if ('listen' in connection && 'unsafe' in connection) return new PostgresJsSource(connection);
  return new NodePostgresSource(connection, retryMs);
}
