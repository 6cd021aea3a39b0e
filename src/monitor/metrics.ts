import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import type { Clock } from '../commons/clock.js';
import { SettingName } from '../commons/setting-names.js';
import type { ServerParts } from '../session/server-parts.js';
import type { StatementFigures } from '../session/statement-figures.js';
import type { Store } from '../store/store.js';

/** Kinds of statements that are told apart: what a client may make up must not make up names of series (law 6). */
const KINDS: ReadonlySet<string> = new Set([
  'SELECT',
  'INSERT',
  'UPDATE',
  'DELETE',
  'MERGE',
  'COPY',
  'BEGIN',
  'COMMIT',
  'ROLLBACK',
  'FETCH',
  'SET',
]);
const OTHER = 'other';
const DURATION_BUCKETS_S = [0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60];

/** Figures in Prometheus' form. What can be asked is asked when somebody reads them; only statements are counted as they run. */
export class Metrics implements StatementFigures {
  readonly #registry = new Registry();
  readonly #clock: Clock;
  readonly #durations: Histogram<'kind'>;

  constructor(clock: Clock) {
    this.#clock = clock;
    collectDefaultMetrics({ register: this.#registry });
    this.#durations = new Histogram({
      name: 'kalamdb_statement_duration_seconds',
      help: 'Statements that have completed, by kind, and how long they took, from the message that asks for them.',
      labelNames: ['kind'],
      buckets: DURATION_BUCKETS_S,
      registers: [this.#registry],
    });
  }

  completed(tag: string, startedMs: number): void {
    const end = tag.indexOf(' ');
    const word = end < 0 ? tag : tag.slice(0, end);
    this.#durations.observe({ kind: KINDS.has(word) ? word : OTHER }, (this.#clock.monotonicMs() - startedMs) / 1000);
  }

  /** The figures that parts of the server have anyway. */
  watch(parts: ServerParts, store: Store): void {
    const gauge = (name: string, help: string, read: () => number): void => {
      const made: Gauge = new Gauge({ name: `kalamdb_${name}`, help, registers: [this.#registry], collect: () => made.set(read()) });
    };
    const counter = (name: string, help: string, read: () => number): void => {
      const made: Counter = new Counter({
        name: `kalamdb_${name}`,
        help,
        registers: [this.#registry],
        collect: () => {
          made.reset();
          made.inc(read());
        },
      });
    };
    this.#watchSessions(parts);
    gauge('max_connections', 'Most connections at a time.', () => Number(parts.settings.find(SettingName.maxConnections)?.boot));
    gauge('live_queries', 'Live queries that sessions listen to.', () => [...parts.notifications.liveQueryRows()].length);
    gauge('cached_statements', 'Texts in the statement cache.', () => parts.statements.stats.entries);
    gauge('cached_statement_bytes', 'Memory that the statement cache takes.', () => parts.statements.stats.bytes);
    counter('commit_number', 'Number of the last commit.', () => Number(parts.transactions.lastSeq));
    counter('commit_groups_total', 'Groups of commits that went to the disk together.', () => store.stats().groups);
    counter('commits_total', 'Commits in them.', () => store.stats().batches);
    counter('commit_write_seconds_total', 'Time that their durable writes took.', () => store.stats().writeMs / 1000);
    gauge('store_bytes', 'Size of the data file.', () => store.stats().sizeBytes);
    gauge('store_snapshots', 'Snapshots that are open.', () => store.stats().openSnapshots);
    const logins: Gauge<'event'> = new Gauge({
      name: 'kalamdb_audited_events',
      help: 'Log-ins and failures among the last lines of the audit log.',
      labelNames: ['event'],
      registers: [this.#registry],
      collect: () => {
        logins.reset();
        for (const { event } of parts.audit.entries()) logins.inc({ event });
      },
    });
  }

  #watchSessions(parts: ServerParts): void {
    const sessions: Gauge<'state'> = new Gauge({
      name: 'kalamdb_sessions',
      help: 'Sessions by what they do.',
      labelNames: ['state'],
      registers: [this.#registry],
      collect: () => {
        for (const state of ['active', 'idle', 'idle in transaction', 'idle in transaction (aborted)']) sessions.set({ state }, 0);
        for (const { session } of parts.sessions.all()) {
          const idle = { I: 'idle', T: 'idle in transaction', E: 'idle in transaction (aborted)' }[session.transactionStatus];
          sessions.inc({ state: session.isActive ? 'active' : idle });
        }
      },
    });
  }

  get contentType(): string {
    return this.#registry.contentType;
  }

  text(): Promise<string> {
    return this.#registry.metrics();
  }

  close(): void {
    this.#registry.clear();
  }
}
