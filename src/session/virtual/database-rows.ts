import type { Oid } from '../../commons/ids.js';
import type { Row } from '../../types/value.js';
import type { SessionCore } from '../session-core.js';

const MICROS_PER_MS = 1000;

/** pg_stat_database by the database's number, from numbackends on. Blocks are not counted: the store has none of PostgreSQL's. */
export function databaseRows(core: SessionCore): Row[] {
  const { sessions, clock } = core.server;
  const backends = new Map<Oid, { count: number; micros: number }>();
  const now = clock.nowMicros();
  for (const { session, connectedMicros } of sessions.all()) {
    const { oid } = session.core.database;
    const found = backends.get(oid) ?? { count: 0, micros: 0 };
    found.count++;
    found.micros += Math.max(0, now - connectedMicros);
    backends.set(oid, found);
  }
  const databases = Array.from(core.catalog().databases(), ({ oid }) => row(core, oid, backends.get(oid)));
  return [shared(), ...databases];
}

/** What all databases share is not counted apart. */
const shared = (): Row => [0, 0, ...new Array<number>(13).fill(0), null, null, ...new Array<number>(9).fill(0), null];

function row(core: SessionCore, database: Oid, running: { readonly count: number; readonly micros: number } | undefined): Row {
  const done = core.server.activity.of(database);
  const rows = done.rows();
  return [
    database,
    running?.count ?? 0,
    done.commits,
    done.rollbacks,
    0, // blks_read
    0, // blks_hit
    rows.returned,
    rows.fetched,
    rows.inserted,
    rows.updated,
    rows.deleted,
    0, // conflicts
    done.tempFiles,
    done.tempBytes,
    core.server.transactions.locks.deadlocksIn(database) - done.deadlocksBefore,
    null, // checksum_failures
    null, // checksum_last_failure
    0, // blk_read_time
    0, // blk_write_time
    (done.sessionMicros + (running?.micros ?? 0)) / MICROS_PER_MS,
    done.activeMicros / MICROS_PER_MS,
    done.idleInTransactionMicros / MICROS_PER_MS,
    done.sessions,
    done.ends.lost,
    done.ends.failed,
    done.ends.killed,
    done.resetMicros ?? null,
  ];
}
