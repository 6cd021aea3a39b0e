import pg from 'pg';
import { PASSWORD, type ServerProcess } from '../harness/server-process.js';
import { formsOf } from './forms.js';
import { LiveListener, SERVICE } from './live-listener.js';
import { type LiveCase, type Scenario, type Step, type Transaction, textOf as text, USERS, type User } from './scenario.js';
import type { Tally } from './tally.js';

export interface Difference {
  /** Which live query; undefined: none of them alone. */
  readonly live: number | undefined;
  /** After which step; -1: at the start. */
  readonly step: number;
  readonly problem: string;
}

/** The roles of all scenarios. */
export async function prepare(server: ServerProcess): Promise<void> {
  const admin = new pg.Client(server.connection);
  await admin.connect();
  for (const role of [...USERS, SERVICE]) {
    await admin.query(`CREATE ROLE ${role} LOGIN PASSWORD '${PASSWORD}'; GRANT TEMP ON DATABASE postgres TO ${role}`);
  }
  await admin.query(`GRANT kalamdb_service TO ${SERVICE}`);
  await admin.end();
}

/** Live queries beside the same queries run afresh, after each step of a scenario. */
export class Oracle {
  readonly #server: ServerProcess;
  readonly #tally: Tally;
  readonly #schema = 'live';
  #writers = new Map<string, pg.Client>();
  #listeners: (LiveListener | undefined)[] = [];

  constructor(server: ServerProcess, tally: Tally) {
    this.#server = server;
    this.#tally = tally;
  }

  async run(scenario: Scenario): Promise<Difference | undefined> {
    try {
      await this.#prepare(scenario);
      for (const transaction of scenario.rows) await this.#write(transaction, 0);
      const listeners = await Promise.all(scenario.live.map((live, i) => this.#open(live, i)));
      this.#listeners = listeners.map((each) => (each instanceof LiveListener ? each : undefined));
      const failed = listeners.findIndex((each) => typeof each === 'string');
      if (failed >= 0) return { live: failed, step: -1, problem: String(listeners[failed]) };
      const atStart = await this.#check(-1, 0);
      if (atStart !== undefined) return atStart;
      for (const [i, step] of scenario.steps.entries()) {
        const difference = (await this.#take(step, i)) ?? (await this.#check(i, commitsOf(step)));
        if (difference !== undefined) return difference;
        this.#tally.add(`step: ${step.kind}${step.kind === 'restart' ? ` by ${step.signal}` : ''}`);
      }
      return undefined;
    } catch (error) {
      return { live: undefined, step: -1, problem: (error as Error).stack ?? String(error) };
    } finally {
      await this.#close();
    }
  }

  async #prepare({ setup, live }: Scenario): Promise<void> {
    const owner = await this.#owner();
    await owner.query(
      `DROP SCHEMA IF EXISTS ${this.#schema} CASCADE; CREATE SCHEMA ${this.#schema}; GRANT ALL ON SCHEMA ${this.#schema} TO PUBLIC`,
    );
    // A random schema may contradict itself here and there.
    for (const sql of setup) await owner.query(sql).catch(() => undefined);
    for (const [i, { query, said, most }] of live.entries()) {
      if (said !== 'view') continue;
      await owner.query(`SET app.most = ${most}`);
      await owner.query(`CREATE VIEW view_${i} AS ${text(query)}`).catch(() => undefined);
    }
    await owner.query(`GRANT ALL ON ALL TABLES IN SCHEMA ${this.#schema} TO PUBLIC`);
    await owner.query(`GRANT ALL ON ALL SEQUENCES IN SCHEMA ${this.#schema} TO PUBLIC`);
  }

  /** @returns undefined where the query can't be live, or can't be run; a text where it is refused without reason */
  async #open(live: LiveCase, i: number): Promise<LiveListener | string | undefined> {
    const place = { server: this.#server, schema: this.#schema, tally: this.#tally, view: `view_${i}` };
    const listener = new LiveListener(live, place);
    try {
      await listener.open();
    } catch (error) {
      const { code, message } = error as { readonly code?: string; readonly message: string };
      if (code === undefined || code.startsWith('XX')) return `can't be opened: ${(error as Error).stack}`;
      this.#tally.add(code === '0A000' ? `refused: ${message}` : `fails from the start: ${code} ${message.replace(/"[^"]*"/g, '"…"')}`);
      return undefined;
    }
    for (const form of formsOf(text(live.query))) this.#tally.add(form);
    this.#tally.add(`said: ${live.said}${live.inBatches ? ', in batches' : ''}`);
    return listener;
  }

  /** What all live queries have beside what they should. */
  async #check(step: number, commits: number): Promise<Difference | undefined> {
    const problems = await Promise.all(this.#listeners.map((listener) => listener?.check(commits)));
    for (const [live, problem] of problems.entries()) {
      if (problem === 'over') this.#listeners[live] = undefined;
      else if (problem !== undefined) return { live, step, problem: `${problem.problem}\ntold: ${this.#listeners[live]?.told}` };
      else if (this.#listeners[live] !== undefined) this.#tally.add('compared');
    }
    return undefined;
  }

  async #take(step: Step, i: number): Promise<Difference | undefined> {
    switch (step.kind) {
      case 'transaction':
        await this.#write(step.transaction, 0);
        return undefined;
      case 'interleaved':
        await this.#interleave(step.transactions);
        return undefined;
      case 'definition':
        await (await this.#owner()).query(step.sql).catch(() => undefined);
        return undefined;
      case 'reconnect': {
        const away = new Set(step.listeners);
        await Promise.all(this.#listeners.map((listener, n) => (away.has(n) ? listener?.cutOff() : undefined)));
        for (const transaction of step.missed) await this.#write(transaction, 0);
        if (step.definition !== undefined) await (await this.#owner()).query(step.definition).catch(() => undefined);
        const writing = Promise.all(step.meanwhile.map((transaction, n) => this.#write(transaction, n)));
        const difference = await this.#comeBack(away, i, step.definition === undefined ? /^2[12]/ : /^(2[12]|42)/);
        await writing;
        return difference;
      }
      case 'restart': {
        await (step.signal === 'SIGKILL' ? this.#server.kill() : this.#server.stop());
        for (const writer of this.#writers.values()) await writer.end().catch(() => undefined);
        this.#writers = new Map();
        await Promise.all(this.#listeners.map((listener) => listener?.close()));
        await started(this.#server);
        for (const transaction of step.missed) await this.#write(transaction, 0);
        return this.#comeBack(new Set(this.#listeners.keys()), i, /^2[12]/);
      }
    }
  }

  async #comeBack(which: ReadonlySet<number>, step: number, rightly: RegExp): Promise<Difference | undefined> {
    const back = this.#listeners.map(async (listener, n) => {
      if (!which.has(n)) return undefined;
      try {
        await listener?.comeBack();
        return undefined;
      } catch (error) {
        const { code, message } = error as { readonly code?: string; readonly message: string };
        // What is computed may fail for rows that came meanwhile, or mean nothing any more.
        if (code === undefined || !rightly.test(code)) return `when it comes back: ${message}`;
        this.#tally.add('ended: the query fails');
        this.#listeners[n] = undefined;
        return undefined;
      }
    });
    const problems = await Promise.all(back);
    const live = problems.findIndex((problem) => problem !== undefined);
    return live < 0 ? undefined : { live, step, problem: String(problems[live]) };
  }

  async #write({ user, statements, end }: Transaction, session: number): Promise<void> {
    const writer = await this.#writer(user, session);
    await writer.query('BEGIN');
    for (const statement of statements) await this.#change(writer, text(statement));
    await writer.query(end).catch(() => writer.query('ROLLBACK'));
  }

  async #interleave(transactions: readonly Transaction[]): Promise<void> {
    const open = await Promise.all(transactions.map(async ({ user }, n) => ({ writer: await this.#writer(user, n), at: 0 })));
    for (const { writer } of open) await writer.query('BEGIN');
    for (let n = 0; transactions.some(({ statements }) => n < statements.length); n++) {
      for (const [i, { statements }] of transactions.entries()) {
        const statement = statements[n];
        const writer = open[i]?.writer;
        if (statement !== undefined && writer !== undefined) await this.#change(writer, text(statement));
      }
    }
    for (const [i, { end }] of transactions.entries()) await open[i]?.writer.query(end).catch(() => open[i]?.writer.query('ROLLBACK'));
  }

  /** A key that is there already, a row that is locked: the rest of the transaction goes on. */
  async #change(writer: pg.Client, sql: string): Promise<void> {
    await writer.query('SAVEPOINT s');
    try {
      await writer.query(sql);
    } catch {
      this.#tally.add('statements that failed');
      await writer.query('ROLLBACK TO s');
    }
  }

  #owner(): Promise<pg.Client> {
    return this.#session('postgres', 'postgres');
  }

  #writer(user: User, session: number): Promise<pg.Client> {
    return this.#session(user, `${user} ${session}`);
  }

  async #session(user: string, name: string): Promise<pg.Client> {
    const known = this.#writers.get(name);
    if (known !== undefined) return known;
    const client = new pg.Client({ ...this.#server.connection, user, password: PASSWORD });
    client.on('error', () => undefined);
    this.#writers.set(name, client);
    await client.connect();
    await client.query(`SET search_path = ${this.#schema}; SET app.most = 3; SET statement_timeout = '5s'; SET lock_timeout = '50ms'`);
    return client;
  }

  async #close(): Promise<void> {
    await Promise.all(this.#listeners.map((listener) => listener?.close()));
    this.#listeners = [];
    for (const writer of this.#writers.values()) await writer.end().catch(() => undefined);
    this.#writers = new Map();
  }
}

/** A machine that is busy with other things may need more than one try. */
async function started(server: ServerProcess): Promise<void> {
  for (let tries = 1; ; tries++) {
    try {
      await server.start();
      return;
    } catch (error) {
      await server.kill();
      if (tries === 3) throw error;
    }
  }
}

/** How many commits a step has at most. */
function commitsOf(step: Step): number {
  switch (step.kind) {
    case 'transaction':
    case 'definition':
      return 1;
    case 'interleaved':
      return step.transactions.length;
    case 'reconnect':
      return step.missed.length + step.meanwhile.length + 2;
    case 'restart':
      return step.missed.length + 1;
  }
}
