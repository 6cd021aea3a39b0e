import type { Change } from './kept-rows.js';

/** What a live query is told by its source. */
export interface SourceListener {
  /** Each notification's payload. */
  heard(payload: string): void;
  /** It listens from now on, also anew: what came before may be lost. */
  listening(): void;
  /** The connection is lost; `listening` or `failed` comes later. */
  away(): void;
  /** It is over: with an error that trying again would not mend. */
  failed(error: Error): void;
}

/** What a live query needs of a driver. One connection at a time; a new one after each that was lost. */
export interface Source {
  /** Begins to listen, and goes on until `close`. */
  listen(query: string, listener: SourceListener): void;
  /** Reads kalamdb.changes(). Rejects with the server's error, or with any other where the connection is lost. */
  changes(query: string, since: bigint | undefined): Promise<readonly Change[]>;
  /** Resolves when the server knows. */
  close(): Promise<void>;
}

export const CHANGES_SQL = 'SELECT change::text AS change FROM kalamdb.changes($1, $2) AS change';

/** The parameters of CHANGES_SQL. */
export const changesParameters = (query: string, since: bigint | undefined): (string | null)[] => [
  query,
  since === undefined ? null : String(since),
];

/** The rows that CHANGES_SQL gives. */
export const changesOf = (rows: readonly unknown[]): readonly Change[] =>
  rows.map((row) => JSON.parse((row as { readonly change: string }).change) as Change);

export function quotedName(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

/** The SQLSTATE of what the server itself has said; undefined: it is about the connection. */
export function sqlState(error: unknown): string | undefined {
  const { code, severity } = error as { readonly code?: unknown; readonly severity?: unknown };
  return typeof code === 'string' && typeof severity === 'string' ? code : undefined;
}

/** Connections that were lost, a server that is about to stop or has no room: later it may be otherwise. */
const PASSING = /^(08|53|57P0[1235]|55006)/;

/** Whether the same may work later, over another connection. */
export function isPassing(error: unknown): boolean {
  const state = sqlState(error);
  return state === undefined || PASSING.test(state);
}

export const asError = (error: unknown): Error => (error instanceof Error ? error : new Error(String(error)));

export const ignore = (): void => undefined;
