import type { Change } from './kept-rows.js';
import { CHANGES_SQL, type Source } from './source.js';

/** What is used of postgres.js. */
export interface PostgresJs {
  listen(channel: string, heard: (payload: string) => void, listening?: () => void): Promise<{ unlisten(): Promise<void> }>;
  unsafe(text: string, parameters?: never[]): Promise<readonly unknown[]>;
}

/** A live query through postgres.js, which listens on a connection of its own and connects again by itself. */
export class PostgresJsSource implements Source {
  readonly #sql: PostgresJs;
  #listening: { unlisten(): Promise<void> } | undefined;

  constructor(sql: PostgresJs) {
    this.#sql = sql;
  }

  async listen(query: string, heard: (payload: string) => void, listening: () => void): Promise<void> {
    this.#listening = await this.#sql.listen(query, heard, listening);
  }

  async changes(query: string, since: bigint | undefined): Promise<readonly Change[]> {
    const rows = await this.#sql.unsafe(CHANGES_SQL, [query, since === undefined ? null : String(since)] as never[]);
    return rows.map((row) => JSON.parse((row as { readonly change: string }).change) as Change);
  }

  async close(): Promise<void> {
    await this.#listening?.unlisten();
  }
}
