import pg from 'pg';
import { PASSWORD, type ServerProcess } from '../harness/server-process.js';
import { type Change, difference, type JsonRow, KeptRows } from './kept-rows.js';
import { type LiveCase, textOf } from './scenario.js';
import type { Tally } from './tally.js';

/** How long what has been committed may take to arrive. */
const PATIENCE_MS = 5000;
/** A role that may listen for others. */
export const SERVICE = 'service';
const CHANNEL = 'mine';
const CANT_TELL = '58P01';

export interface ListenerPlace {
  readonly server: ServerProcess;
  readonly schema: string;
  readonly tally: Tally;
  /** Of the view that the schema has of its query. */
  readonly view: string;
}

/** One live query, and what its client knows. */
export class LiveListener {
  readonly live: LiveCase;
  readonly #place: ListenerPlace;
  readonly #text: string;
  readonly #log: string[] = [];
  #client: pg.Client | undefined;
  #kept = new KeptRows();
  /** While rows are read: what comes meanwhile. */
  #waiting: Change[] | undefined;
  /** What was told up to there has been read: it may come once more. */
  #passesOver = false;
  #failure: string | undefined;
  #ended: string | undefined;

  constructor(live: LiveCase, place: ListenerPlace) {
    this.live = live;
    this.#place = place;
    this.#text = textOf(live.query);
  }

  /** What it was told last. */
  get told(): string {
    return this.#log.slice(-12).join('\n');
  }

  /** What LISTEN and kalamdb.changes() name. */
  get #name(): string {
    if (this.live.said === 'view') return this.#place.view;
    return this.live.said === 'temporary view' ? 'live_here' : this.#text;
  }

  get #isForAnother(): boolean {
    return this.live.said === 'for a user';
  }

  /** @throws DatabaseError where the query can't be live, or fails */
  async open(): Promise<void> {
    const client = await this.#connect();
    await this.#listen(client, () => this.#readAll(client));
  }

  /** The connection is lost. */
  async cutOff(): Promise<void> {
    const client = this.#client;
    this.#client = undefined;
    if (client === undefined) return;
    // What node-postgres says of a loss is an error first.
    const end = new Promise<void>((resolve) => client.once('end', () => resolve()));
    (client as unknown as { readonly connection: { readonly stream: { destroy(): void } } }).connection.stream.destroy();
    await end;
  }

  async close(): Promise<void> {
    const client = this.#client;
    this.#client = undefined;
    await client?.end().catch(() => undefined);
  }

  /** After a loss of the connection: with what was missed, where the server can tell, else with all rows. */
  async comeBack(): Promise<void> {
    if (this.live.read === 'rows') return this.open();
    const client = await this.#connect();
    await this.#listen(client, () => this.#catchUp(client));
  }

  async #connect(): Promise<pg.Client> {
    const { server, schema } = this.#place;
    const { user, most, inBatches } = this.live;
    const client = new pg.Client({ ...server.connection, user: this.#isForAnother ? SERVICE : user, password: PASSWORD });
    // Told by whatever is under way.
    client.on('error', () => undefined);
    client.on('notification', ({ channel, payload }) => this.#hear(client, channel, payload ?? ''));
    await client.connect();
    await client.query(
      `SET search_path = ${schema}; SET app.most = ${most}; SET kalamdb.live_batch = ${inBatches ? 'on' : 'off'}; SET statement_timeout = '60s'`,
    );
    if (this.live.said === 'temporary view') await client.query(`CREATE TEMP VIEW live_here AS ${this.#text}`);
    this.#client = client;
    return client;
  }

  async #listen(client: pg.Client, read: () => Promise<void>): Promise<void> {
    this.#failure = undefined;
    this.#ended = undefined;
    this.#waiting = [];
    const options = this.#isForAnother ? ` WITH (user_id = '${this.live.user}', channel = '${CHANNEL}')` : '';
    const listen = `LISTEN "${this.#name.replaceAll('"', '""')}"${options}`;
    try {
      if (this.live.read === 'apart') {
        this.#passesOver = true;
        await client.query(listen);
        await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ');
        await read();
      } else {
        this.#passesOver = false;
        await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ');
        await client.query(listen);
        await read();
      }
      await client.query('COMMIT');
    } catch (error) {
      await this.close();
      throw error;
    }
    const waiting = this.#waiting ?? [];
    this.#waiting = undefined;
    for (const change of waiting) this.#take(change);
  }

  async #readAll(client: pg.Client): Promise<void> {
    this.#kept = new KeptRows();
    if (this.live.read === 'rows') {
      this.#kept.readRows(await this.#fresh(client));
      this.#place.tally.add('way: SELECT in the transaction of LISTEN');
      return;
    }
    this.#kept.readAll(await this.#changes(client));
    this.#place.tally.add(`way: kalamdb.changes() ${this.live.read === 'apart' ? 'after' : 'in the transaction of'} LISTEN`);
  }

  /** Both ways: what is there by the changes since is what is there by reading all. */
  async #catchUp(client: pg.Client): Promise<void> {
    const { tally } = this.#place;
    await client.query('SAVEPOINT before');
    try {
      const changes = await this.#changes(client, this.#kept.seq);
      this.#kept.catchUp(changes);
      tally.add('back: by kalamdb.changes(since)');
    } catch (error) {
      if ((error as { readonly code?: unknown }).code !== CANT_TELL) throw error;
      tally.add(`back: all rows anew, as ${(error as Error).message.replace(/\d+/, 'N')}`);
      await client.query('ROLLBACK TO before');
      await this.#readAll(client);
      return;
    }
    const anew = new KeptRows();
    anew.readAll(await this.#changes(client));
    if (anew.whole() !== this.#kept.whole()) throw new Error(`caught up to ${this.#kept.whole()}\nbut read anew it is ${anew.whole()}`);
    if (anew.seq !== this.#kept.seq) throw new Error(`caught up to commit ${this.#kept.seq}, but read anew to ${anew.seq}`);
  }

  async #changes(client: pg.Client, since?: bigint): Promise<Change[]> {
    await this.#actForUser(client);
    const { rows } = await client.query('SELECT change::text AS change FROM kalamdb.changes($1, since => $2) AS change', [
      this.#name,
      since ?? null,
    ]);
    return rows.map(({ change }) => JSON.parse(change));
  }

  /** What the query gives now, in a transaction of its own. */
  async #freshNow(client: pg.Client): Promise<JsonRow[]> {
    if (!this.#isForAnother) return this.#fresh(client);
    await client.query('BEGIN');
    try {
      return await this.#fresh(client);
    } finally {
      await client.query('ROLLBACK');
    }
  }

  async #fresh(client: pg.Client): Promise<JsonRow[]> {
    await this.#actForUser(client);
    const from = this.live.said === 'text' || this.#isForAnother ? `(${this.#text})` : this.#name;
    const { rows } = await client.query(`SELECT row_to_json(kept)::text AS row FROM ${from} AS kept`);
    return rows.map(({ row }) => JSON.parse(row));
  }

  async #actForUser(client: pg.Client): Promise<void> {
    if (this.#isForAnother) await client.query(`SET LOCAL kalamdb.user_id = '${this.live.user}'`);
  }

  #hear(client: pg.Client, channel: string, payload: string): void {
    if (client !== this.#client || this.#failure !== undefined) return;
    this.#log.push(payload);
    const wanted = this.#isForAnother ? CHANNEL : this.#name;
    // A channel's name is no longer than an identifier, but for queries.
    if (channel !== wanted) this.#failure = `told on channel ${channel}, not on ${wanted}`;
    const told = JSON.parse(payload) as Change | Change[];
    for (const change of Array.isArray(told) ? told : [told]) {
      if (change.user !== (this.#isForAnother ? this.live.user : undefined)) this.#failure = `whose is that: ${payload}`;
      if (this.#waiting === undefined) this.#take(change);
      else this.#waiting.push(change);
    }
  }

  #take(change: Change): void {
    if (this.#failure !== undefined) return;
    if (change.op === 'end') this.#ended = change.reason ?? '';
    else if (change.op === 'resync') this.#resync();
    else if (!this.#passesOver || BigInt(change.seq) > this.#kept.seq) {
      try {
        this.#kept.apply(change);
      } catch (error) {
        this.#failure = String(error);
      }
    }
  }

  #resync(): void {
    this.#place.tally.add('back: all rows anew, as a resync says');
    const client = this.#client;
    if (client === undefined) return;
    this.#waiting = [];
    this.#passesOver = true;
    const read = async (): Promise<void> => {
      await client.query('BEGIN');
      this.#kept = new KeptRows();
      this.#kept.readAll(await this.#changes(client));
      await client.query('COMMIT');
      const waiting = this.#waiting ?? [];
      this.#waiting = undefined;
      for (const change of waiting) this.#take(change);
    };
    read().catch((error: unknown) => {
      this.#failure = `after a resync: ${String(error)}`;
    });
  }

  /**
   * What is wrong with the rows that it has; it gets some time to hear of the last commit.
   * @returns `over`: the query fails now, and the live query has ended
   */
  async check(commits: number): Promise<{ readonly problem: string } | 'over' | undefined> {
    const deadline = Date.now() + PATIENCE_MS;
    for (;;) {
      if (this.#ended !== undefined) return this.#afterEnd(this.#ended, commits);
      if (this.#failure !== undefined) return { problem: this.#failure };
      const client = this.#client;
      if (client === undefined) return { problem: 'not connected' };
      if (this.#waiting === undefined) {
        const fresh = await this.#freshNow(client).catch((error: Error) => error);
        // What was told before the answer is in by now.
        if (this.#ended !== undefined) continue;
        const problem = fresh instanceof Error ? `the query fails: ${fresh.message}` : difference(this.#kept, fresh);
        if (problem === undefined && this.#failure === undefined) return undefined;
        if (Date.now() > deadline) return { problem: this.#failure ?? problem ?? '' };
      } else if (Date.now() > deadline) return { problem: 'a resync takes too long' };
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  }

  async #afterEnd(reason: string, commits: number): Promise<{ readonly problem: string } | 'over' | undefined> {
    const { tally } = this.#place;
    await this.close();
    const isOfDefinition = / was (altered|dropped|revoked)|^permission for /.test(reason);
    try {
      await this.open();
    } catch (error) {
      tally.add('ended: the query fails');
      if (isOfDefinition || (error as Error).message === reason) return 'over';
      return { problem: `ended because of "${reason}", but the query fails with "${(error as Error).message}"` };
    }
    if (isOfDefinition) tally.add(`ended: ${reason.replace(/^.* was /, 'was ')}`);
    else if (commits === 1) return { problem: `ended: ${reason}, though the query does not fail` };
    else tally.add('ended: the query failed, and does no longer');
    return this.check(commits);
  }
}
