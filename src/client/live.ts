/**
 * kalamdb/live: a query's rows, kept current.
 *
 *     for await (const rows of live(pool, 'SELECT id, title FROM todos WHERE NOT done ORDER BY id')) render(rows);
 *
 * Life of a live query here: LISTEN on the query → its rows by kalamdb.changes() → each notification changes them; when a commit is complete
 * they are shown. A lost connection is made anew, and what was missed is read: only what has changed where the server can tell, else all.
 * Values are those of JSON: dates and numerics of more than a double's digits are texts, or lose digits, as JSON.parse gives them.
 */
import { type Change, KeptRows } from './kept-rows.js';
import { NodePostgresSource, type PgClient, type PgPool } from './node-postgres.js';
import { type PostgresJs, PostgresJsSource } from './postgres-js.js';
import type { Source } from './source.js';
import { type LiveStatement, statementText } from './statement.js';

export type { PgClient, PgPool } from './node-postgres.js';
export type { PostgresJs } from './postgres-js.js';
export type { LiveStatement } from './statement.js';

export interface LiveOptions {
  /** Ends the live query. */
  readonly signal?: AbortSignal;
  /** The first pause before connecting again after a connection was lost (node-postgres); 250 ms if not given. */
  readonly retryMs?: number;
}

/** node-postgres: a client, a pool, or a function that gives a connected client; postgres.js: its `sql`. */
export type LiveConnection = PgClient | PgPool | PostgresJs | (() => PgClient | Promise<PgClient>);

/**
 * Rows that stay current, until `close`, the end of a `for await`, or the signal.
 * @param parameters of the statement's $1 …; a query builder's statement has its own
 */
export function live<Row = Record<string, unknown>>(
  connection: LiveConnection,
  statement: LiveStatement,
  parameters: readonly unknown[] = [],
  options: LiveOptions = {},
): LiveRows<Row> {
  return new LiveRows<Row>(sourceOf(connection, options), statementText(statement, parameters), options);
}

function sourceOf(connection: LiveConnection, { retryMs = 250 }: LiveOptions): Source {
  if ('listen' in connection && 'unsafe' in connection) return new PostgresJsSource(connection);
  return new NodePostgresSource(connection, { retryMs });
}

/** The server said that it is over: the relation was dropped or altered, or an administrator ended it. */
export class LiveQueryEnded extends Error {
  override readonly name = 'LiveQueryEnded';
}

export class LiveRows<Row> implements AsyncIterable<readonly Row[]> {
  readonly #source: Source;
  readonly #query: string;
  readonly #rows = new KeptRows<Row>();
  readonly #listeners = new Set<(rows: readonly Row[]) => void>();
  readonly #failed = new Set<(error: Error) => void>();
  #started: Promise<void> | undefined;
  #hasRows = false;
  /** What comes while the rows are read. */
  #waiting: Change[] | undefined;
  #error: Error | undefined;
  #isClosed = false;

  constructor(source: Source, query: string, { signal }: LiveOptions) {
    this.#source = source;
    this.#query = query;
    signal?.addEventListener('abort', () => void this.close(), { once: true });
  }

  /**
   * Calls back with the rows now, and whenever they have changed.
   * @param failed the live query is over, with an error
   * @returns ends it for this callback; with the last one the live query is closed
   */
  subscribe(changed: (rows: readonly Row[]) => void, failed: (error: Error) => void = () => undefined): () => void {
    this.#listeners.add(changed);
    this.#failed.add(failed);
    if (this.#hasRows) changed(this.#rows.list());
    if (this.#error !== undefined) failed(this.#error);
    this.#start();
    return () => {
      this.#listeners.delete(changed);
      this.#failed.delete(failed);
      if (this.#listeners.size === 0) void this.close();
    };
  }

  /** Always the newest rows: who is slow passes over what came between. @throws LiveQueryEnded, and errors of the connection */
  async *[Symbol.asyncIterator](): AsyncGenerator<readonly Row[], void, void> {
    let newest: readonly Row[] | undefined;
    let wake: () => void = () => undefined;
    const stop = this.subscribe(
      (rows) => {
        newest = rows;
        wake();
      },
      () => wake(),
    );
    try {
      for (;;) {
        if (newest !== undefined) {
          const rows: readonly Row[] = newest;
          newest = undefined;
          yield rows;
          continue;
        }
        if (this.#error !== undefined) throw this.#error;
        if (this.#isClosed) return;
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
    } finally {
      stop();
    }
  }

  async close(): Promise<void> {
    if (this.#isClosed) return;
    this.#isClosed = true;
    for (const failed of this.#failed) failed(this.#error ?? new LiveQueryEnded('closed'));
    await this.#started?.catch(() => undefined);
    await this.#source.close();
  }

  #start(): void {
    this.#started ??= this.#source
      .listen(
        this.#query,
        (payload) => this.#hear(payload),
        () => void this.#read().catch((error: unknown) => this.#fail(error)),
        (error) => this.#fail(error),
      )
      .catch((error: unknown) => this.#fail(error));
  }

  /** The rows, or what has changed since the last ones; then what has come meanwhile. */
  async #read(): Promise<void> {
    this.#waiting = [];
    const isFirst = !this.#hasRows;
    if (isFirst || !(await this.#readChanges())) this.#rows.replace(await this.#source.changes(this.#query, undefined));
    const waiting = this.#waiting ?? [];
    this.#waiting = undefined;
    this.#hasRows = true;
    for (const change of waiting) this.#rows.apply(change);
    this.#show();
  }

  /** @returns false where the server can't tell what has changed */
  async #readChanges(): Promise<boolean> {
    try {
      this.#rows.catchUp(await this.#source.changes(this.#query, this.#rows.seq));
      return true;
    } catch (error) {
      if ((error as { readonly code?: unknown }).code === CANT_TELL) return false;
      throw error;
    }
  }

  #hear(payload: string): void {
    const parsed = JSON.parse(payload) as Change | readonly Change[];
    for (const change of Array.isArray(parsed) ? (parsed as readonly Change[]) : [parsed as Change]) this.#take(change);
  }

  #take(change: Change): void {
    if (change.op === 'end') this.#fail(new LiveQueryEnded(change.reason ?? 'the live query was ended'));
    else if (change.op === 'resync') {
      this.#hasRows = false;
      this.#read().catch((error: unknown) => this.#fail(error));
    } else if (this.#waiting !== undefined) this.#waiting.push(change);
    else if (this.#rows.apply(change)) this.#show();
  }

  #show(): void {
    if (this.#isClosed) return;
    const rows = this.#rows.list();
    for (const changed of this.#listeners) changed(rows);
  }

  #fail(error: unknown): void {
    if (this.#isClosed || this.#error !== undefined) return;
    this.#error = error instanceof Error ? error : new Error(String(error));
    void this.close();
  }
}

/** SQLSTATE of kalamdb.changes() with a `since` of which it can't tell what came after. */
const CANT_TELL = '58P01';
