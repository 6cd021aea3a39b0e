import type { PgClient, PgConnect, PgNotification, PgPool } from './node-postgres.js';
import { asError, ignore, isPassing, quotedName, type SourceListener } from './source.js';

/** One live query of a connection. */
export interface Member {
  /** What its notifications are called. */
  readonly channel: string;
  readonly query: string;
  readonly listener: SourceListener;
  /** It did once: what fails from then on may be the connection's fault, and is tried again. */
  hasListened: boolean;
}

const MAX_RETRY_MS = 30_000;
/** How often a connection that says nothing is asked whether it is there; one that takes longer to answer is lost. */
const HEARTBEAT_MS = 30_000;

/** By the client, pool or function that it is from. */
const connections = new WeakMap<object, PgConnection>();

/**
 * The connection of all live queries of one pool, function or client. Those of a pool and a function are made when the first live query
 * begins, anew when they are lost (after pauses that grow, and that no two clients have alike), and given back with the last live query. A
 * client is its owner's: with it the live queries end.
 */
export class PgConnection {
  readonly #from: PgClient | PgPool | PgConnect;
  readonly #retryMs: number;
  readonly #members = new Map<string, Member>();
  #client: PgClient | undefined;
  #isOpening = false;
  #wake: () => void = ignore;
  #detach: () => void = ignore;

  static of(from: PgClient | PgPool | PgConnect, retryMs: number): PgConnection {
    const known = connections.get(from);
    if (known !== undefined) return known;
    const connection = new PgConnection(from, retryMs);
    connections.set(from, connection);
    return connection;
  }

  private constructor(from: PgClient | PgPool | PgConnect, retryMs: number) {
    this.#from = from;
    this.#retryMs = retryMs;
  }

  add(member: Member): void {
    this.#members.set(member.channel, member);
    if (this.#client !== undefined) void this.#listen(this.#client, member);
    else if (!this.#isOpening) void this.#open();
  }

  /** Resolves when the server knows. */
  async remove(channel: string): Promise<void> {
    if (!this.#members.delete(channel)) return;
    const client = this.#client;
    const isLast = this.#members.size === 0;
    if (isLast) {
      this.#wake();
      this.#client = undefined;
      this.#detach();
    }
    if (client === undefined) return;
    // The connection may be lost just now.
    client.on('error', ignore);
    const isSound = await client.query(`UNLISTEN ${channel}`).then(
      () => true,
      () => false,
    );
    if (isLast && this.#isOwned) await giveBack(client, isSound);
    if (isSound) client.off('error', ignore);
  }

  /** @throws the server's error; any other where there is no connection */
  async query(text: string, values: unknown[]): Promise<readonly unknown[]> {
    if (this.#client === undefined) throw new Error('the connection was lost');
    return (await this.#client.query(text, values)).rows;
  }

  /** Not somebody else's client. */
  get #isOwned(): boolean {
    return typeof this.#from === 'function' || isPool(this.#from);
  }

  async #connect(): Promise<PgClient> {
    const from = this.#from;
    if (typeof from === 'function') return from();
    return isPool(from) ? from.connect() : from;
  }

  /** Until everybody listens, or nobody wants to any more. */
  async #open(): Promise<void> {
    this.#isOpening = true;
    let pauseMs = this.#retryMs;
    for (let isAgain = false; this.#members.size > 0; isAgain = true) {
      if (isAgain) {
        await this.#pause(pauseMs);
        pauseMs = Math.min(pauseMs * 2, MAX_RETRY_MS);
      }
      if (this.#members.size > 0 && (await this.#tryOpen())) break;
    }
    this.#isOpening = false;
  }

  async #tryOpen(): Promise<boolean> {
    let client: PgClient;
    try {
      client = await this.#connect();
    } catch (error) {
      for (const member of [...this.#members.values()]) if (!member.hasListened || !isPassing(error)) this.#fail(member, error);
      return false;
    }
    if (this.#members.size === 0) {
      if (this.#isOwned) await giveBack(client, true);
      return true;
    }
    this.#client = client;
    this.#attach(client);
    for (const member of [...this.#members.values()]) if (this.#client === client) await this.#listen(client, member);
    return this.#client === client || this.#members.size === 0;
  }

  /** With some luck of its own: a thousand clients whose server was restarted do not all come back in one moment. */
  #pause(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, ms * (0.5 + Math.random()));
      this.#wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  async #listen(client: PgClient, member: Member): Promise<void> {
    const { channel, query, listener } = member;
    try {
      await client.query(`LISTEN ${quotedName(query)} WITH (channel = '${channel}')`);
    } catch (error) {
      if (this.#client !== client || this.#members.get(channel) !== member) return;
      if (member.hasListened && isPassing(error)) this.#lost(client, error);
      else this.#fail(member, error);
      return;
    }
    if (this.#client !== client || this.#members.get(channel) !== member) return;
    member.hasListened = true;
    listener.listening();
  }

  #fail(member: Member, error: unknown): void {
    // Closes it, and so removes it.
    member.listener.failed(asError(error));
  }

  #attach(client: PgClient): void {
    const onNotification = ({ channel, payload }: PgNotification): void => this.#members.get(channel)?.listener.heard(payload ?? '');
    const onEnd = (error?: Error): void => this.#lost(client, error);
    client.on('notification', onNotification);
    client.on('error', onEnd);
    client.on('end', onEnd);
    const heartbeat = this.#isOwned ? setInterval(() => void this.#beat(client), HEARTBEAT_MS) : undefined;
    // Where timers are numbers, nobody waits for them.
    (heartbeat as { unref?(): void } | undefined)?.unref?.();
    this.#detach = () => {
      clearInterval(heartbeat);
      client.off('notification', onNotification);
      client.off('end', onEnd);
      client.off('error', onEnd);
      this.#detach = ignore;
    };
  }

  async #beat(client: PgClient): Promise<void> {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(new Error('the connection does not answer')), HEARTBEAT_MS);
    });
    try {
      await Promise.race([client.query('SELECT 1'), late]);
    } catch (error) {
      this.#lost(client, error);
    } finally {
      clearTimeout(timer);
    }
  }

  #lost(client: PgClient, error: unknown): void {
    if (this.#client !== client) return;
    this.#client = undefined;
    this.#detach();
    // It may say more of its end.
    client.on('error', ignore);
    const members = [...this.#members.values()];
    if (this.#isOwned) giveBack(client, false).catch(ignore);
    else for (const member of members) this.#fail(member, error ?? new Error('the connection was lost'));
    for (const { listener } of members) listener.away();
    if (this.#members.size > 0 && !this.#isOpening) void this.#openLater();
  }

  /** The server is likely to be away for a moment. */
  async #openLater(): Promise<void> {
    this.#isOpening = true;
    await this.#pause(this.#retryMs);
    await this.#open();
  }
}

function isPool(from: PgClient | PgPool): from is PgPool {
  return 'connect' in from && 'totalCount' in from;
}

/** @param isSound false: nobody should use it again */
async function giveBack(client: PgClient, isSound: boolean): Promise<void> {
  if (client.release !== undefined) client.release(!isSound);
  else await client.end?.();
}
