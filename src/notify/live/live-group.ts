import type { TableDescriptor } from '../../catalog/descriptors.js';
import { assert } from '../../commons/assert.js';
import type { Oid, Seq, UserId } from '../../commons/ids.js';
import { SqlError } from '../../commons/sql-error.js';
import { SqlState } from '../../commons/sqlstates.js';
import type { SqlValue } from '../../types/value.js';
import type { LiveQuery } from '../live-query.js';
import { currentPayload } from '../payload.js';
import type { RowVersion } from '../row-version.js';
import type { RowId } from './live-node.js';
import type { LiveProgram } from './live-program.js';
import type { LiveRun } from './running.js';
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

/** What a query that remembers rows has besides. */
class Kept {
  run: LiveRun;
  /** While its state is read: what commits meanwhile. */
  backlog: Waiting[] | undefined = [];
  isFull = false;
  isFilled = false;

  constructor(run: LiveRun) {
    this.run = run;
  }
}

/**
 * One query of one user, kept up to date once for all sessions that listen to it: its state is that of the last commit, and each commit's
 * changes become the same payloads for everybody. There are many of them, so that it holds no more than is its own.
 */
export class LiveGroup {
  readonly kind = 'kept';
  readonly program: LiveProgram;
  readonly user: UserId;
  /** Values of the program's parameters. */
  readonly parameters: readonly SqlValue[];
  readonly members = new Set<LiveQuery>();
  readonly #maxBytes: number;
  /** Of the commit that is being told. */
  #told: ToldChanges | undefined;
  /** Absent: it remembers nothing. */
  #kept: Kept | undefined;

  constructor(program: LiveProgram, user: UserId, parameters: readonly SqlValue[], maxBytes: number) {
    this.program = program;
    this.user = user;
    this.parameters = parameters;
    this.#maxBytes = maxBytes;
    if (program.isStateful) this.#kept = new Kept(this.#start());
  }

  /** Bytes that it remembers, roughly, and rows. */
  get heldBytes(): number {
    return this.#kept?.run.bytes ?? 0;
  }
  get heldRows(): number {
    return this.#kept?.run.rows ?? 0;
  }

  get tables(): ReadonlyMap<Oid, TableDescriptor> {
    return this.program.tables;
  }

  /** It knows all that it has to. */
  get isFilled(): boolean {
    return this.#kept?.isFilled ?? true;
  }

  #start(): LiveRun {
    return this.program.start(this.user, this.parameters, this.#maxBytes, (id, old, now) => this.#changes().tell(id, old, now));
  }

  #changes(): ToldChanges {
    this.#told ??= new ToldChanges(this.program.parts);
    return this.#told;
  }

  #take(seq: Seq): readonly string[] {
    const told = this.#told;
    if (told === undefined) return NOTHING;
    this.#told = undefined;
    return told.payloads(seq);
  }

  /** Changes wait from now on, until `fill` has shown it what is there. */
  beginFilling(): void {
    if (this.#kept !== undefined) this.#kept = new Kept(this.#kept.run);
  }

  /**
   * Begins anew with the rows of a snapshot, and goes on with what has been committed since.
   * @param seq the newest commit in what `read` gives
   * @returns the commits since
   * @throws SqlError 54000 when it would hold too much
   */
  async fill(seq: Seq, read: ReadRows): Promise<readonly ToldCommit[]> {
    const kept = this.#kept;
    assert(kept !== undefined, 'what remembers nothing needs no filling');
    kept.run = this.#start();
    for (const table of this.tables.values()) {
      await read(table, (id, version) => {
        if (version !== undefined) this.#apply(table.oid, id, undefined, version);
      });
    }
    kept.run.end();
    this.#told = undefined;
    const backlog = kept.backlog ?? [];
    kept.backlog = undefined;
    if (kept.isFull) {
      throw new SqlError(SqlState.programLimitExceeded, 'too many rows change while a live query begins', { hint: 'LISTEN again.' });
    }
    kept.isFilled = true;
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
    const kept = this.#kept;
    if (kept?.backlog === undefined) this.#apply(table, id, old, now);
    else if (kept.backlog.length < MAX_BACKLOG) kept.backlog.push({ origin, table, id, old, now });
    else kept.isFull = true;
  }

  #apply(table: Oid, id: RowId, old: RowVersion | undefined, now: RowVersion | undefined): void {
    const { program } = this;
    const run = this.#kept?.run ?? program.shared(this.user, this.parameters, this.#changes());
    for (const source of program.sourcesOf(table)) run.offer(source, id, old, now);
  }

  /** All changes of a commit are in. @returns a payload for each row that has changed */
  payloads(seq: Seq): readonly string[] {
    const kept = this.#kept;
    if (kept?.backlog !== undefined) return NOTHING;
    kept?.run.end();
    return this.#take(seq);
  }

  /**
   * What has changed since a commit, as far as the rows and their tombstones tell: rows that are in now come as inserted, whether or not they
   * were in before, and others as deleted. For a group of nobody's, and queries that remember nothing.
   * @throws SqlError 58P01
   */
  async since(since: Seq, seq: Seq, read: ReadRows): Promise<readonly string[]> {
    const { parts, isStateful } = this.program;
    const [table, ...others] = parts.sources;
    if (table === undefined || others.length > 0 || isStateful) throw unknownChanges();
    await read(table, (id, version, written) => {
      if (written <= since && written !== 0) return;
      this.#changes().expect(id);
      if (version !== undefined) this.#apply(table.oid, id, undefined, version);
    });
    return [...this.#take(seq), currentPayload(seq)];
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
    this.#kept?.run.end();
    return [...this.#take(seq), currentPayload(seq)];
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
