import type { Change } from './kept-rows.js';

/** What a live query needs of a driver. One connection at a time; a new one after each that was lost. */
export interface Source {
  /**
   * Listens, and goes on listening until `close`.
   * @param heard each notification's payload
   * @param listening whenever it has begun to listen, also anew: what came before may be lost
   * @param lost a connection that was lost and can't be had again
   */
  listen(query: string, heard: (payload: string) => void, listening: () => void, lost: (error: Error) => void): Promise<void>;
  /** Reads kalamdb.changes(). */
  changes(query: string, since: bigint | undefined): Promise<readonly Change[]>;
  close(): Promise<void>;
}

export const CHANGES_SQL = 'SELECT change::text AS change FROM kalamdb.changes($1, $2) AS change';

export function quotedName(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}
