import type { CatalogSnapshot } from '../../catalog/catalog.js';
import type { TableDescriptor } from '../../catalog/descriptors.js';
import type { Oid, Seq, UserId } from '../../commons/ids.js';
import { SqlError } from '../../commons/sql-error.js';
import { SqlState } from '../../commons/sqlstates.js';
import { isPartitioned } from '../../executor/access/index.js';
import type { FormatContext } from '../../types/format-context.js';
import { DetachedContext } from '../detached-context.js';
import type { LiveQuery } from '../live-query.js';
import { currentPayload } from '../payload.js';
import type { RowVersion } from '../row-version.js';
import type { RowId } from './live-node.js';
import { type LiveProgram, tablesOf } from './live-program.js';
import { LiveRun } from './running.js';
import { ToldChanges } from './told-changes.js';
import { type Origin, ToldCommit } from './told-commit.js';

/** Reads a user's part of a table as it was at one commit. @param each is told of tombstones too: they have no version */
export type ReadRows = (table: TableDescriptor, each: (id: RowId, version: RowVersion | undefined, seq: Seq) => void) => Promise<void>;

/** Changes that may wait for a query to be filled. */
const MAX_BACKLOG = 100_000;

interface Waiting {
  readonly origin: Origin;
  readonly table: Oid;
  readonly id: RowId;
  readonly old: RowVersion | undefined;
  readonly now: RowVersion | undefined;
}

/**
 * One query of one user, kept up to date once for all sessions that listen to it: its state is that of the last commit, and each commit's
 * changes become the same payloads for everybody.
 */
export class LiveGroup {
  readonly kind = 'kept';
  readonly key: string;
  readonly program: LiveProgram;
  readonly user: UserId;
  tables: ReadonlyMap<Oid, TableDescriptor>;
  readonly members = new Set<LiveQuery>();
  readonly #format: FormatContext;
  readonly #maxBytes: number;
  readonly #numbers: ReadonlyMap<Oid, readonly number[]>;
  readonly #told: ToldChanges;
  #run: LiveRun;
  /** While its state is read: what commits meanwhile. */
  #backlog: Waiting[] | undefined;
  #isFull = false;
  #isFilled: boolean;

  constructor(key: string, program: LiveProgram, user: UserId, format: FormatContext, maxBytes: number) {
    this.key = key;
    this.program = program;
    this.user = user;
    this.#format = format;
    this.#maxBytes = maxBytes;
    this.tables = tablesOf(program);
    const numbers = new Map<Oid, number[]>();
    for (const [number, { oid }] of program.sources.entries()) numbers.set(oid, [...(numbers.get(oid) ?? []), number]);
    this.#numbers = numbers;
    this.#told = new ToldChanges(program, format);
    this.#run = this.#start();
    this.#isFilled = !program.root.isStateful;
    if (!this.#isFilled) this.beginFilling();
  }

  /** Bytes that it remembers, roughly, and rows. */
  get heldBytes(): number {
    return this.#run.bytes;
  }
  get heldRows(): number {
    return this.#run.rows;
  }

  /** The tables whose changes it follows. */
  get watched(): readonly TableDescriptor[] {
    return [...this.tables.values()].filter(isPartitioned);
  }

  /** It knows all that it has to. */
  get isFilled(): boolean {
    return this.#isFilled;
  }

  /** The tables have new storage. */
  over(catalog: CatalogSnapshot): void {
    const tables = new Map<Oid, TableDescriptor>();
    for (const oid of this.tables.keys()) {
      const table = catalog.relationByOid(oid);
      if (table?.kind === 'table') tables.set(oid, table);
    }
    this.tables = tables;
  }

  #start(): LiveRun {
    const run = new LiveRun(new DetachedContext(this.#format, this.user), this.program.slotCount, this.#maxBytes);
    this.program.root.start(run, (id, old, now) => this.#told.tell(id, old, now));
    return run;
  }

  /** Changes wait from now on, until `fill` has shown it what is there. */
  beginFilling(): void {
    this.#backlog = [];
    this.#isFull = false;
    this.#isFilled = false;
  }

  /**
   * Begins anew with the rows of a snapshot, and goes on with what has been committed since.
   * @param seq the newest commit in what `read` gives
   * @returns the commits since
   * @throws SqlError 54000 when it would hold too much
   */
  async fill(seq: Seq, read: ReadRows): Promise<readonly ToldCommit[]> {
    this.#run = this.#start();
    for (const table of this.tables.values()) {
      await read(table, (id, version) => {
        if (version !== undefined) this.#apply(table.oid, id, undefined, version);
      });
    }
    this.#run.end();
    this.#told.forget();
    const backlog = this.#backlog ?? [];
    this.#backlog = undefined;
    if (this.#isFull) {
      throw new SqlError(SqlState.programLimitExceeded, 'too many rows change while a live query begins', { hint: 'LISTEN again.' });
    }
    this.#isFilled = true;
    return this.#catchUp(backlog.filter((change) => change.origin.seq > seq));
  }

  #catchUp(backlog: readonly Waiting[]): readonly ToldCommit[] {
    const commits: ToldCommit[] = [];
    for (const [i, { origin, table, id, old, now }] of backlog.entries()) {
      this.#apply(table, id, old, now);
      if (backlog[i + 1]?.origin !== origin) commits.push(new ToldCommit(origin, this.payloads(origin.seq)));
    }
    return commits;
  }

  offer(origin: Origin, table: Oid, id: RowId, old: RowVersion | undefined, now: RowVersion | undefined): void {
    if (this.#backlog === undefined) this.#apply(table, id, old, now);
    else if (this.#backlog.length < MAX_BACKLOG) this.#backlog.push({ origin, table, id, old, now });
    else this.#isFull = true;
  }

  #apply(table: Oid, id: RowId, old: RowVersion | undefined, now: RowVersion | undefined): void {
    for (const source of this.#numbers.get(table) ?? []) this.#run.offer(source, id, old, now);
  }

  /** All changes of a commit are in. @returns a payload for each row that has changed */
  payloads(seq: Seq): readonly string[] {
    if (this.#backlog !== undefined) return NOTHING;
    this.#run.end();
    return this.#told.take(seq);
  }

  /**
   * What has changed since a commit, as far as the rows and their tombstones tell: rows that are in now come as inserted, whether or not they
   * were in before, and others as deleted. For a group of nobody's, and queries that remember nothing.
   * @throws SqlError 58P01
   */
  async since(since: Seq, seq: Seq, read: ReadRows): Promise<readonly string[]> {
    const { sources, root } = this.program;
    const [table, ...others] = sources;
    if (table === undefined || others.length > 0 || root.isStateful) throw unknownChanges();
    await read(table, (id, version, written) => {
      if (written <= since && written !== 0) return;
      this.#told.expect(id);
      if (version !== undefined) this.#apply(table.oid, id, undefined, version);
    });
    return [...this.#told.take(seq), currentPayload(seq)];
  }

  /**
   * All rows of a snapshot, each as if it was inserted. For a group of nobody's.
   * @throws SqlError 54000
   */
  async all(seq: Seq, read: ReadRows): Promise<readonly string[]> {
    for (const table of this.tables.values()) {
      await read(table, (id, version) => {
        if (version !== undefined) this.#apply(table.oid, id, undefined, version);
      });
    }
    this.#run.end();
    return [...this.#told.take(seq), currentPayload(seq)];
  }
}

const NOTHING: readonly string[] = [];

function unknownChanges(): SqlError {
  return new SqlError(
    SqlState.undefinedFile,
    'what has changed in a query over several tables, or that groups or orders rows, is not kept',
    {
      hint: 'Read it anew: kalamdb.changes() without `since` gives all rows.',
    },
  );
}
