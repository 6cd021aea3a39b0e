import type { Change } from './kept-rows.js';
import { PgConnection } from './pg-connection.js';
import { CHANGES_SQL, changesOf, changesParameters, type Source, type SourceListener } from './source.js';

/** What is used of node-postgres' Client (and of @neondatabase/serverless', in a browser), and of a client that a Pool lends. */
export interface PgClient {
  query(text: string, values?: unknown[]): Promise<{ readonly rows: readonly unknown[] }>;
  on(event: 'notification', listener: (message: PgNotification) => void): unknown;
  on(event: 'error' | 'end', listener: (error?: Error) => void): unknown;
  off(event: 'notification', listener: (message: PgNotification) => void): unknown;
  off(event: 'error' | 'end', listener: (error?: Error) => void): unknown;
  /** Of a Client. */
  end?(): Promise<void>;
  /** Of a client of a Pool. */
  release?(destroy?: boolean): void;
}
export interface PgNotification {
  readonly channel: string;
  readonly payload?: string | undefined;
}
/** A Pool, or whatever else lends connected clients. */
export interface PgPool {
  connect(): Promise<PgClient>;
  readonly totalCount: number;
}
/** Gives a connected client, each time a new one. */
export type PgConnect = () => PgClient | Promise<PgClient>;

let channels = 0;

/** A live query through node-postgres: all of one client, pool or function share a connection. */
export class NodePostgresSource implements Source {
  readonly #connection: PgConnection;
  readonly #channel = `live_${++channels}`;

  constructor(from: PgClient | PgPool | PgConnect, retryMs: number) {
    this.#connection = PgConnection.of(from, retryMs);
  }

  listen(query: string, listener: SourceListener): void {
    this.#connection.add({ channel: this.#channel, query, listener, hasListened: false });
  }

  async changes(query: string, since: bigint | undefined): Promise<readonly Change[]> {
    return changesOf(await this.#connection.query(CHANGES_SQL, changesParameters(query, since)));
  }

  close(): Promise<void> {
    return this.#connection.remove(this.#channel);
  }
}
