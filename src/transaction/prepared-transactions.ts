import { type Oid, type Seq, seq } from '../commons/ids.js';
import { SpaceName } from '../commons/space-name.js';
import { SqlError } from '../commons/sql-error.js';
import { SqlState } from '../commons/sqlstates.js';
import { SystemSpace } from '../commons/system-names.js';
import type { Space } from '../store/store.js';
import type { CommitSource } from './commit-pipeline.js';
import { LockOwner } from './lock.js';
import { spaceOfTag } from './lock-tags.js';
import { encodePrepared, type PreparedHead, type PreparedWork, readPrepared, recordKey } from './prepared-record.js';
import type { ReadSet } from './serializable-reads.js';
import type { SideWork } from './side-work.js';
import type { Finisher, LockTag, PreparedInfo, PreparedTransactions } from './transaction.js';
import type { TransactionHost } from './transaction-host.js';
import { WriteSet } from './write-set.js';

/** PostgreSQL's: GIDSIZE, with its terminating zero. */
const MAX_GID_BYTES = 199;

/** A transaction that asks to be prepared. */
export interface PreparationSource {
  readonly id: number;
  readonly backendPid: number;
  readonly database: Oid;
  readonly writes: WriteSet;
  readonly side: SideWork;
  /** Of a serializable one: validated now, since it may not fail any more afterwards. */
  readonly reads: CommitSource['reads'];
  readonly builtOn: Seq;
  readonly owner: LockOwner;
  /** It is durable: its session is rid of it, its locks stay. */
  leaveSession(): void;
}

const NOTHING_DROPPED: ReadonlySet<Space> = new Set();
/** What is prepared is durable, and so is all that it has seen. */
const ON_WHAT_IS_DURABLE = seq(0);
/** The locks of a prepared transaction go with its record, when that is durable. */
const keepLocks = (): void => undefined;

/**
 * Life of a prepared transaction: PREPARE commits a record of what it would write and what it holds (prepared-record.ts) → its session goes
 * on without it, its locks stay, owned by no backend → COMMIT PREPARED commits its writes and the removal of the record in one batch, or
 * ROLLBACK PREPARED the removal alone → then the locks go. A server that starts reads the records, and takes the locks, before any client comes.
 *
 * A serializable one is validated when it is prepared. Until its end no serializable transaction may write what it has read, so that it still
 * is as good as validated when it commits.
 */
export class LocalPreparedTransactions implements PreparedTransactions {
  readonly #host: TransactionHost;
  readonly #space: Space;
  readonly #entries = new Map<string, Entry>();
  readonly #spacesById = new Map<number, Space>();
  readonly #observers: ((writes: WriteSet) => void)[] = [];

  constructor(host: TransactionHost) {
    this.#host = host;
    this.#space = host.store.space(SpaceName.system(SystemSpace.preparedTransactions));
  }

  /** Reads what was prepared when the server stopped. @returns the highest number of a transaction among them */
  async load(): Promise<number> {
    const { store, locks } = this.#host;
    const snapshot = store.snapshot();
    let lastId = 0;
    try {
      for (const stored of await readPrepared(store, snapshot, this.#space)) {
        const owner = new LockOwner(locks.of(stored.database), stored.id, 0, stored.writes);
        for (const { tag, modes } of stored.locks) for (const mode of modes) void locks.acquire(owner, tag, mode, 'nowait', {});
        const entry = new Entry(stored, stored, owner);
        entry.rowCount = stored.rowCount;
        entry.commitActions = stored.builtIndexes.map((index) => (seq) => this.#host.youngIndexes.add(stored.database, index, seq));
        entry.state = 'prepared';
        this.#entries.set(stored.gid, entry);
        if (stored.reads !== undefined) this.#host.keepUnwritten(stored.reads);
        lastId = Math.max(lastId, stored.id);
      }
    } finally {
      snapshot.release();
    }
    return lastId;
  }

  observe(committing: (writes: WriteSet) => void): void {
    this.#observers.push(committing);
  }

  *list(): Iterable<PreparedInfo> {
    for (const { state, work, head } of this.#entries.values()) {
      const { gid, owner, preparedMicros, database } = head;
      if (state !== 'preparing') yield { transactionId: work.id, gid, owner, preparedMicros, database };
    }
  }

  async prepare(source: PreparationSource, gid: string, role: Oid): Promise<void> {
    this.#requireFree(gid);
    const { backendPid, database, reads, builtOn } = source;
    const head: PreparedHead = { gid, owner: role, preparedMicros: this.#host.clock.nowMicros(), database };
    const work = this.#workOf(source);
    const entry = new Entry(head, work, source.owner);
    this.#entries.set(gid, entry);
    try {
      await this.#findSpaces(work);
      const rows = encodePrepared(head, work, (id) => this.#spacesById.get(id));
      entry.rowCount = rows.length;
      const writes = new WriteSet();
      rows.forEach((row, i) => {
        writes.write(this.#space, recordKey(gid, i), row, 0, 0);
      });
      const committed = (): void => {
        source.leaveSession();
        entry.commitActions = source.side.commitActions.map(({ run }) => run);
        entry.state = 'prepared';
      };
      await this.#host.commit({
        backendPid,
        database,
        writes,
        dropped: NOTHING_DROPPED,
        notifications: [],
        reads,
        builtOn,
        ordered: keepLocks,
        committed,
      });
    } catch (error) {
      this.#entries.delete(gid);
      if (work.reads !== undefined) this.#host.letBeWritten(work.reads);
      throw error;
    }
  }

  /** @throws SqlError 0A000 for what ends with its session */
  #workOf({ id, owner, writes, side, reads }: PreparationSource): PreparedWork {
    const { exported, locks } = this.#host;
    if (exported.isLending(id)) throw refused('cannot PREPARE a transaction that has exported snapshots');
    if (side.notifications.length > 0 || side.commitActions.some(({ ofListener }) => ofListener)) {
      throw refused('cannot PREPARE a transaction that has executed LISTEN, UNLISTEN, or NOTIFY');
    }
    const held = locks.heldBy(owner);
    if (held.some(({ tag }) => locks.isHeldBySession(tag, owner))) {
      throw refused('cannot PREPARE while holding both session-level and transaction-level locks on the same object');
    }
    if (reads !== undefined) reads.set.isKept = true;
    const { droppedInOrder: dropped, moves, builtIndexes } = side;
    return { id, writes, locks: held, dropped, moves, builtIndexes, reads: reads?.set };
  }

  /** @throws SqlError 22023, 42710, 53200, 55000 */
  #requireFree(gid: string): void {
    const limit = this.#host.limits.maxPreparedTransactions;
    if (Buffer.byteLength(gid) > MAX_GID_BYTES) {
      throw new SqlError(SqlState.invalidParameterValue, `transaction identifier "${gid}" is too long`);
    }
    if (limit === 0) {
      const hint = 'Set max_prepared_transactions to a nonzero value.';
      throw new SqlError(SqlState.objectNotInPrerequisiteState, 'prepared transactions are disabled', { hint });
    }
    if (this.#entries.has(gid)) throw new SqlError(SqlState.duplicateObject, `transaction identifier "${gid}" is already in use`);
    if (this.#entries.size >= limit) {
      const hint = `Increase max_prepared_transactions (currently ${limit}).`;
      throw new SqlError(SqlState.outOfMemory, 'maximum number of prepared transactions reached', { hint });
    }
  }

  async commit(gid: string, finisher: Finisher): Promise<void> {
    const entry = this.#take(gid, finisher);
    const { writes, dropped, moves, reads } = entry.work;
    for (let i = 0; i < entry.rowCount; i++) writes.write(this.#space, recordKey(gid, i), undefined, 0, 0);
    for (const space of dropped) {
      const line = this.#host.dropLine(space);
      writes.write(line.space, line.key, line.value, 0, 0);
    }
    await this.#finish(entry, {
      backendPid: finisher.backendPid,
      database: entry.head.database,
      writes,
      dropped: new Set(dropped),
      notifications: [],
      reads: undefined,
      builtOn: ON_WHAT_IS_DURABLE,
      ordered: keepLocks,
      committed: (seq) => {
        for (const observe of this.#observers) this.#attempt(() => observe(writes));
        for (const action of entry.commitActions) this.#attempt(() => action(seq));
        if (moves.length > 0) this.#host.moves.add(seq, moves);
        this.#host.dropCommitted(dropped);
        this.#over(entry, reads);
      },
    });
  }

  async rollback(gid: string, finisher: Finisher): Promise<void> {
    const entry = this.#take(gid, finisher);
    const writes = new WriteSet();
    for (let i = 0; i < entry.rowCount; i++) writes.write(this.#space, recordKey(gid, i), undefined, 0, 0);
    await this.#finish(entry, {
      backendPid: finisher.backendPid,
      database: entry.head.database,
      writes,
      dropped: NOTHING_DROPPED,
      notifications: [],
      reads: undefined,
      builtOn: ON_WHAT_IS_DURABLE,
      ordered: keepLocks,
      committed: () => this.#over(entry, entry.work.reads),
    });
  }

  /** @throws SqlError 0A000, 42704, 42501, 55000 */
  #take(gid: string, finisher: Finisher): Entry {
    const entry = this.#entries.get(gid);
    if (entry === undefined || entry.state === 'preparing') {
      throw new SqlError(SqlState.undefinedObject, `prepared transaction with identifier "${gid}" does not exist`);
    }
    if (entry.state === 'busy') {
      throw new SqlError(SqlState.objectNotInPrerequisiteState, `prepared transaction with identifier "${gid}" is busy`);
    }
    if (!finisher.mayFinish(entry.head.owner)) {
      const hint = 'Must be superuser or the user that prepared the transaction.';
      throw new SqlError(SqlState.insufficientPrivilege, 'permission denied to finish prepared transaction', { hint });
    }
    if (entry.head.database !== finisher.database) {
      const hint = 'Connect to the database where the transaction was prepared to finish it.';
      throw new SqlError(SqlState.featureNotSupported, 'prepared transaction belongs to another database', { hint });
    }
    entry.state = 'busy';
    return entry;
  }

  async #finish(entry: Entry, source: CommitSource): Promise<void> {
    try {
      await this.#host.commit(source);
    } catch (error) {
      // Nothing was committed: it is there as before.
      entry.state = 'prepared';
      throw error;
    }
  }

  #over(entry: Entry, reads: ReadSet | undefined): void {
    this.#entries.delete(entry.head.gid);
    if (reads !== undefined) this.#host.letBeWritten(reads);
    this.#host.locks.releaseTo(entry.owner, 0);
  }

  #attempt(action: () => void): void {
    try {
      action();
    } catch (error) {
      this.#host.logger.error({ err: error }, 'an action after the commit of a prepared transaction failed');
    }
  }

  /** Tags name spaces by number, which only this process knows. */
  async #findSpaces({ writes, locks }: PreparedWork): Promise<void> {
    for (const { space } of writes.order) this.#spacesById.set(space.id, space);
    if (locks.every(({ tag }) => this.#isKnown(tag))) return;
    const { store } = this.#host;
    for (const name of await store.spaces()) {
      const space = store.space(name);
      this.#spacesById.set(space.id, space);
    }
  }

  #isKnown(tag: LockTag): boolean {
    const id = spaceOfTag(tag);
    return id === undefined || this.#spacesById.has(id);
  }
}

const refused = (message: string): SqlError => new SqlError(SqlState.featureNotSupported, message);

class Entry {
  readonly head: PreparedHead;
  readonly work: PreparedWork;
  readonly owner: LockOwner;
  /** How many its record has. */
  rowCount = 0;
  commitActions: readonly ((seq: Seq) => void)[] = [];
  state: 'preparing' | 'prepared' | 'busy' = 'preparing';

  constructor(head: PreparedHead, work: PreparedWork, owner: LockOwner) {
    this.head = head;
    this.work = work;
    this.owner = owner;
  }
}
