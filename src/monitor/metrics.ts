import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
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
const DELAY_TICK_MS = 20;
const DELAY_BUCKETS_S = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5];
const GROUP_BUCKETS = [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024];
const DURATION_BUCKETS_S = [0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60];

/** Figures in Prometheus' form. What can be asked is asked when somebody reads them; only statements are counted as they run. */
export class Metrics implements StatementFigures {
  readonly #registry = new Registry();
  #timer: NodeJS.Timeout | undefined;
  readonly #durations: Histogram<'kind'>;

  constructor() {
    collectDefaultMetrics({ register: this.#registry });
    this.#durations = new Histogram({
      name: 'kalamdb_statement_duration_seconds',
      help: 'Statements that have completed, by kind, and how long they took, from the message that asks for them.',
      labelNames: ['kind'],
      buckets: DURATION_BUCKETS_S,
      registers: [this.#registry],
    });
  }

  completed(tag: string, ms: number): void {
    const end = tag.indexOf(' ');
    const word = end < 0 ? tag : tag.slice(0, end);
    this.#durations.observe({ kind: KINDS.has(word) ? word : OTHER }, ms / 1000);
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
    this.#watchCommits(parts, store);
    this.#watchEventLoop();
    gauge('max_connections', 'Most connections at a time.', () => Number(parts.settings.find(SettingName.maxConnections)?.boot));
    gauge('memory_bytes', 'Memory of the process that is in RAM.', () => process.memoryUsage.rss());
    gauge('heap_used_bytes', 'Memory that objects take.', () => process.memoryUsage().heapUsed);
    gauge('live_queries', 'Live queries that sessions listen to.', () => parts.notifications.liveQueryCount);
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

  /** Besides prom-client's quantiles since the last look: the whole distribution, which sums up over time and servers. */
  #watchEventLoop(): void {
    const delays = new Histogram({
      name: 'kalamdb_event_loop_delay_seconds',
      help: 'How late a timer is that should fire every 20 ms: while it waits, so do all sessions.',
      buckets: DELAY_BUCKETS_S,
      registers: [this.#registry],
    });
    let last = performance.now();
    this.#timer = setInterval(() => {
      const now = performance.now();
      delays.observe(Math.max(0, now - last - DELAY_TICK_MS) / 1000);
      last = now;
    }, DELAY_TICK_MS);
    this.#timer.unref();
  }

  /** Counted as they come: a few additions for each group of commits. */
  #watchCommits(parts: ServerParts, store: Store): void {
    const sizes = new Histogram({
      name: 'kalamdb_commit_group_size',
      help: 'Commits that went to the disk together.',
      buckets: GROUP_BUCKETS,
      registers: [this.#registry],
    });
    const syncs = new Histogram({
      name: 'kalamdb_fsync_duration_seconds',
      help: 'Durable writes of the log: each writes a group of commits and waits for the disk.',
      buckets: DURATION_BUCKETS_S,
      registers: [this.#registry],
    });
    const lag = new Histogram({
      name: 'kalamdb_notification_lag_seconds',
      help: 'From a commit to when live queries and channels have heard of it and what they have to say is on its way to their clients.',
      buckets: DURATION_BUCKETS_S,
      registers: [this.#registry],
    });
    store.observer = {
      groupWritten: (batches, ms) => {
        sizes.observe(batches);
        syncs.observe(ms / 1000);
      },
    };
    // It hears of a commit behind the hub, which was there first.
    parts.transactions.subscribe({
      wantsOld: () => false,
      committed: ({ commitMicros }) => lag.observe(Math.max(0, parts.clock.nowMicros() - commitMicros) / 1_000_000),
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
    clearInterval(this.#timer);
    this.#registry.clear();
  }
}
