import { SqlError } from '../commons/sql-error.js';
import { SqlState } from '../commons/sqlstates.js';
import type { ServerParts } from './server-parts.js';
import type { Session } from './session.js';

const TICK_MS = 100;
/** Whoever holds less is not to blame. */
const LEAST_BLAMED_BYTES = 1024 * 1024;
const BYTES_PER_MB = 1024 * 1024;

/**
 * The server goes on when its memory does not suffice for all: a session that holds more than kalamdb.max_session_memory, or the one that holds the most
 * when all together are above kalamdb.max_server_memory, loses its statement, or its transaction (53200). A process that V8 ends would lose everybody's.
 *
 * What a session holds is what is counted anyway (its transaction's writes, rows that cursors keep, results and notifications that wait, texts of prepared
 * statements), and what memory has grown by in the slices of its statement.
 */
export class MemoryGuard {
  readonly #parts: ServerParts;
  #timer: NodeJS.Timeout | undefined;

  constructor(parts: ServerParts) {
    this.#parts = parts;
  }

  start(): void {
    this.#timer = setInterval(() => this.look(), TICK_MS);
    this.#timer.unref();
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  look(): void {
    const { sessions, memory } = this.#parts;
    let largest: Session | undefined;
    let most = LEAST_BLAMED_BYTES;
    for (const { session } of sessions.all()) {
      const held = heldBytes(session);
      const { maxMemoryBytes } = session.core.values;
      // What a statement seems to hold may be garbage: its interrupt finds out.
      if (countedBytes(session) > maxMemoryBytes) giveUp(session, outOfSessionMemory(held, maxMemoryBytes));
      else if (held > most) {
        largest = session;
        most = held;
      }
    }
    if (memory.usedBytes() <= memory.limitBytes) return;
    if (memory.collect() === undefined || memory.usedBytes() <= memory.limitBytes) return;
    if (largest !== undefined) giveUp(largest, outOfServerMemory(memory.limitBytes));
    this.#parts.logger.warn({ usedBytes: memory.usedBytes(), limitBytes: memory.limitBytes, pid: largest?.pid }, 'memory is short');
  }
}

function countedBytes({ core }: Session): number {
  const written = core.block.transaction?.writtenBytes ?? 0;
  return written + core.portals.keptBytes.bytes + core.prepared.textLength + core.output.bufferedBytes;
}

const heldBytes = (session: Session): number => Math.max(countedBytes(session), session.core.interrupt.heldBytes);

function giveUp({ core }: Session, error: SqlError): void {
  if (core.interrupt.running) core.interrupt.interrupt(error);
  else core.block.expire(error);
}

export function outOfSessionMemory(heldBytes: number, limitBytes: number): SqlError {
  return new SqlError(SqlState.outOfMemory, 'out of memory', {
    detail: `The session holds ${inMb(heldBytes)} MB, and kalamdb.max_session_memory allows ${inMb(limitBytes)} MB.`,
  });
}

function outOfServerMemory(limitBytes: number): SqlError {
  return new SqlError(SqlState.outOfMemory, 'out of memory', {
    detail: `All sessions together need more than ${inMb(limitBytes)} MB (kalamdb.max_server_memory), and this one holds the most.`,
  });
}

const inMb = (bytes: number): number => Math.ceil(bytes / BYTES_PER_MB);
