import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { type Connection, type Outcome, ScenarioSession } from './scenario-session.js';
import type { Scenario } from './script.js';

const POLL_MS = 15;
/** A statement that is neither answered nor seen to wait for a lock by then counts as waiting. */
const PATIENCE_MS = 8_000;
/** How often in a row a statement must be seen to wait. */
const SIGHTINGS = 2;

export interface Run {
  /** The file as this server would write it. */
  readonly text: string;
  /** SQLSTATEs by session. */
  readonly errors: ReadonlyMap<string, readonly string[]>;
}

/** Plays a scenario in a schema of its own. */
export async function runScenario(scenario: Scenario, connection: Connection): Promise<Run> {
  const schema = `s_${scenario.name.replaceAll(/\W/g, '_')}`;
  const monitor = new pg.Client(connection);
  await monitor.connect();
  const player = new Player(monitor, connection, schema);
  try {
    await monitor.query(`DROP SCHEMA IF EXISTS ${schema} CASCADE`);
    await monitor.query(`CREATE SCHEMA ${schema}`);
    await monitor.query(`SET search_path = ${schema}`);
    return await player.play(scenario);
  } finally {
    await player.close();
    await monitor.query(`DROP SCHEMA IF EXISTS ${schema} CASCADE`).catch(() => undefined);
    await monitor.end();
  }
}

class Player {
  readonly #monitor: pg.Client;
  readonly #connection: Connection;
  readonly #schema: string;
  readonly #sessions = new Map<string, ScenarioSession>();
  readonly #names = new Map<number, string>();
  /** Sessions whose statement has been shown as waiting. */
  readonly #waiting = new Set<ScenarioSession>();
  readonly #errors = new Map<string, string[]>();
  readonly #out: string[] = [];

  constructor(monitor: pg.Client, connection: Connection, schema: string) {
    this.#monitor = monitor;
    this.#connection = connection;
    this.#schema = schema;
  }

  async play({ lines }: Scenario): Promise<Run> {
    // All connect before the first step, so that a step takes no longer than its statement.
    for (const { step } of lines) if (step?.kind === 'statement') await this.#session(step.session);
    for (const { text, step } of lines) {
      this.#out.push(text);
      if (step === undefined) continue;
      switch (step.kind) {
        case 'setup':
          await this.#monitor.query(step.sql);
          break;
        case 'sleep':
          await sleep(step.ms);
          await this.#showEnded();
          break;
        case 'wait':
          await Promise.all([...this.#waiting].map((session) => session.running));
          await this.#showEnded();
          break;
        case 'statement':
          await this.#statement(await this.#session(step.session), step.sql);
      }
    }
    if (this.#waiting.size > 0) this.#out.push(`# still waiting: ${[...this.#waiting].map(({ name }) => name).join(', ')}`);
    return { text: `${this.#out.join('\n')}\n`, errors: this.#errors };
  }

  async close(): Promise<void> {
    for (const { pid, running } of this.#sessions.values()) {
      if (running !== undefined) await this.#monitor.query('SELECT pg_terminate_backend($1)', [pid]);
    }
    await Promise.all([...this.#sessions.values()].map((session) => session.close()));
  }

  async #session(name: string): Promise<ScenarioSession> {
    let session = this.#sessions.get(name);
    if (session === undefined) {
      session = await new ScenarioSession(name, this.#connection, this.#schema).connect();
      this.#sessions.set(name, session);
      this.#names.set(session.pid, name);
    }
    return session;
  }

  async #statement(session: ScenarioSession, sql: string): Promise<void> {
    if (this.#waiting.has(session)) throw new Error(`${session.name} still waits: ${sql}`);
    session.start(sql, this.#names);
    await this.#untilSettled(session);
    const { outcome } = session;
    if (outcome === undefined || session.endedByWaiting) {
      this.#out.push('   … waiting');
      this.#waiting.add(session);
    } else this.#show(session, outcome);
    await this.#showEnded(session.endedByWaiting ? session : undefined);
  }

  /** What the last step has set free. */
  async #showEnded(but?: ScenarioSession): Promise<void> {
    const waiting = [...this.#waiting].sort((a, b) => (a.name < b.name ? -1 : 1));
    for (const session of waiting) if (session !== but) await this.#untilSettled(session);
    for (const session of waiting) {
      if (session === but || session.outcome === undefined) continue;
      this.#waiting.delete(session);
      this.#out.push(`${session.name}: … done`);
      this.#show(session, session.outcome);
    }
  }

  #show(session: ScenarioSession, { lines, code }: Outcome): void {
    this.#out.push(...lines.map((line) => `   ${line}`));
    if (code !== undefined) this.#errors.set(session.name, [...(this.#errors.get(session.name) ?? []), code]);
  }

  /** Until its statement is answered, or is known to wait for somebody's lock. */
  async #untilSettled(session: ScenarioSession): Promise<void> {
    const deadline = performance.now() + PATIENCE_MS;
    await Promise.race([session.running, sleep(POLL_MS)]);
    for (let seen = 0; session.running !== undefined && performance.now() < deadline; ) {
      seen = (await this.#isBlocked(session.pid)) ? seen + 1 : 0;
      if (seen === SIGHTINGS) return;
      await Promise.race([session.running, sleep(POLL_MS)]);
    }
  }

  async #isBlocked(pid: number): Promise<boolean> {
    const { rows } = await this.#monitor.query('SELECT cardinality(pg_blocking_pids($1)) > 0 AS blocked', [pid]);
    return rows[0]?.blocked === true;
  }
}
