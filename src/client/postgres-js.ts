import type { Change } from './kept-rows.js';
import { asError, CHANGES_SQL, changesOf, changesParameters, ignore, quotedName, type Source, type SourceListener } from './source.js';

/** What is used of postgres.js. */
export interface PostgresJs {
  listen(channel: string, heard: (payload: string) => void, listening?: () => void): Promise<PostgresJsListening>;
  unsafe(text: string, parameters?: never[]): Promise<readonly unknown[]>;
}

interface PostgresJsListening {
  unlisten(): Promise<void>;
}
/** What `listen` keeps at itself: who listens, and the connection that all of them share. */
interface PostgresJsListeners {
  readonly channels?: Record<string, { listeners: readonly { readonly fn: unknown }[] } | undefined>;
  readonly sql?: PostgresJs;
}

/**
 * A live query through postgres.js, which listens on a connection of its own and connects again by itself. It keeps to itself that a connection
 * was lost, and errors of listening anew: a relation that is dropped while it is away is noticed when the query is read the next time.
 */
export class PostgresJsSource implements Source {
  readonly #sql: PostgresJs;
  #listening: Promise<PostgresJsListening | undefined> = Promise.resolve(undefined);
  #forget: () => Promise<unknown> = () => Promise.resolve();
  #isClosed = false;

  constructor(sql: PostgresJs) {
    this.#sql = sql;
  }

  listen(query: string, listener: SourceListener): void {
    // What came in one piece with the answer to LISTEN is handed out before that answer: it has to wait for `listening`.
    const heard = (payload: string): void => {
      setTimeout(() => {
        if (!this.#isClosed) listener.heard(payload);
      });
    };
    const listening = (): void => {
      if (this.#isClosed) return;
      listener.away();
      listener.listening();
    };
    this.#forget = () => this.#unlisten(query, heard);
    this.#listening = this.#sql.listen(query, heard, listening).catch((error: unknown) => {
      if (!this.#isClosed) listener.failed(asError(error));
      return undefined;
    });
  }

  async changes(query: string, since: bigint | undefined): Promise<readonly Change[]> {
    return changesOf(await this.#sql.unsafe(CHANGES_SQL, changesParameters(query, since) as never[]));
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    await (await this.#listening)?.unlisten().catch(ignore);
    await this.#forget().catch(ignore);
  }

  /** Once it has connected again, postgres.js (3.4) does not find whom `unlisten` is about. */
  async #unlisten(query: string, heard: unknown): Promise<void> {
    const { channels, sql } = this.#sql.listen as PostgresJsListeners;
    const channel = channels?.[query];
    if (channels === undefined || channel === undefined) return;
    channel.listeners = channel.listeners.filter(({ fn }) => fn !== heard);
    if (channel.listeners.length > 0) return;
    delete channels[query];
    await sql?.unsafe(`UNLISTEN ${quotedName(query)}`);
  }
}
