import type { Change } from './kept-rows.js';
import { CHANGES_SQL, quotedName, type Source } from './source.js';

/** What is used of node-postgres' Client, and of a client that a Pool lends. */
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
/** A Pool, or whatever else gives connected clients. */
export interface PgPool {
  connect(): Promise<PgClient>;
}

export interface PgOptions {
  /** The first pause before connecting again; each further one is twice as long, up to 30 s. */
  readonly retryMs: number;
}

const MAX_RETRY_MS = 30_000;
let channels = 0;

/**
 * A live query through node-postgres. With a pool, or a function that connects, it connects again by itself; with a client it lives as long
 * as that.
 */
export class NodePostgresSource implements Source {
  readonly #connect: (() => Promise<PgClient>) | undefined;
  readonly #options: PgOptions;
  readonly #channel = `live_${++channels}`;
  #client: PgClient | undefined;
  #isClosed = false;
  #detach: () => void = () => undefined;

  constructor(from: PgClient | PgPool | (() => PgClient | Promise<PgClient>), options: PgOptions) {
    this.#options = options;
    if (typeof from === 'function') this.#connect = async () => from();
    else if ('connect' in from && !('release' in from) && 'totalCount' in from) this.#connect = () => from.connect();
    else this.#client = from as PgClient;
  }

  async listen(query: string, heard: (payload: string) => void, listening: () => void, lost: (error: Error) => void): Promise<void> {
    if (this.#connect !== undefined) this.#client = await this.#connect();
    const client = this.#client;
    if (client === undefined) throw new Error('no connection');
    const onNotification = ({ channel, payload }: PgNotification): void => {
      if (channel === this.#channel) heard(payload ?? '');
    };
    const onEnd = (error?: Error): void => {
      if (this.#client !== client) return;
      this.#drop(client);
      if (this.#isClosed) return;
      if (this.#connect === undefined) lost(error ?? new Error('the connection was lost'));
      else this.#again(query, heard, listening, lost, this.#options.retryMs);
    };
    client.on('error', ignore);
    client.on('notification', onNotification);
    this.#detach = () => {
      client.off('notification', onNotification);
      client.off('end', onEnd);
      client.off('error', onEnd);
    };
    try {
      await client.query(`LISTEN ${quotedName(query)} WITH (channel = '${this.#channel}')`);
    } catch (error) {
      this.#drop(client);
      throw error;
    }
    client.on('error', onEnd);
    client.on('end', onEnd);
    if (this.#isClosed) await this.#leave(client);
    else listening();
  }

  /** A connection that is of no use any more. */
  #drop(client: PgClient): void {
    this.#detach();
    this.#client = undefined;
    if (this.#connect === undefined) return;
    if (client.release !== undefined) client.release(true);
    else client.end?.().catch(ignore);
  }

  async #leave(client: PgClient): Promise<void> {
    this.#detach();
    this.#client = undefined;
    await client.query(`UNLISTEN ${this.#channel}`).catch(ignore);
    client.off('error', ignore);
    if (this.#connect === undefined) return;
    if (client.release !== undefined) client.release();
    else await client.end?.();
  }

  #again(query: string, heard: (payload: string) => void, listening: () => void, lost: (error: Error) => void, pauseMs: number): void {
    setTimeout(() => {
      if (this.#isClosed) return;
      this.listen(query, heard, listening, lost).catch(() => {
        this.#again(query, heard, listening, lost, Math.min(pauseMs * 2, MAX_RETRY_MS));
      });
    }, pauseMs);
  }

  async changes(query: string, since: bigint | undefined): Promise<readonly Change[]> {
    const { rows } = (await this.#client?.query(CHANGES_SQL, [query, since === undefined ? null : String(since)])) ?? { rows: [] };
    return rows.map((row) => JSON.parse((row as { readonly change: string }).change) as Change);
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    if (this.#client !== undefined) await this.#leave(this.#client);
  }
}

const ignore = (): void => undefined;
