import { SqlError } from '../commons/sql-error.js';
import { SqlState } from '../commons/sqlstates.js';
import type { Batch } from '../executor/context.js';
import type { ResultColumn } from '../planner/bind/logical.js';
import type { SqlValue } from '../types/value.js';
import type { RowWriter } from '../wire/port.js';
import { type CursorRows, KeptBytes } from './cursor-rows.js';
import type { OpenedStatement } from './opened-statement.js';
import type { PreparedStatement } from './prepared-statements.js';
import type { StatementPlan } from './statement/cached-statement.js';

/** A statement bound to its parameters, in the middle of being run: by Execute, or as a cursor by FETCH. */
export class Portal {
  readonly name: string;
  readonly prepared: PreparedStatement | undefined;
  readonly plan: StatementPlan | undefined;
  readonly params: readonly SqlValue[];
  /** 0, 1, or one a column. */
  readonly formats: readonly number[];
  writer: RowWriter | undefined;
  opened: OpenedStatement | undefined;
  /** A cursor's place; the protocol's Execute goes through it too. */
  rows: CursorRows | undefined;
  /** Rows taken from the statement and not yet sent. */
  batch: Batch | null = null;
  index = 0;
  /** Rows sent since the beginning. */
  position = 0;
  finished = false;
  /** Savepoint depth at which it was made: ROLLBACK TO a lower one closes it. */
  readonly depth: number;
  readonly cursor: CursorOptions | undefined;
  /** An error ended it. */
  failed = false;
  /** Execute ran it to its end: once more sends nothing. */
  completed = false;

  constructor(
    name: string,
    prepared: PreparedStatement | undefined,
    plan: StatementPlan | undefined,
    params: readonly SqlValue[],
    formats: readonly number[],
    depth: number,
    cursor?: CursorOptions,
  ) {
    this.name = name;
    this.prepared = prepared;
    this.plan = plan;
    this.params = params;
    this.formats = formats;
    this.depth = depth;
    this.cursor = cursor;
  }

  get columns(): readonly ResultColumn[] | undefined {
    return this.opened?.columns ?? this.plan?.columns;
  }

  close(): void {
    this.finished = true;
    this.batch = null;
    const { opened } = this;
    this.opened = undefined;
    opened?.close();
    this.rows?.close();
  }
}

export interface CursorOptions {
  readonly text: string;
  readonly hold: boolean;
  readonly binary: boolean;
  readonly scroll: boolean;
  readonly createdMicros: number;
  /** The cursor outlived its transaction: its rows are its own. */
  held: boolean;
}

/** A session's portals by name; the unnamed one apart, since every Bind of most drivers makes it. */
export class Portals {
  /** Of all cursors. */
  readonly keptBytes = new KeptBytes();
  readonly #named = new Map<string, Portal>();
  #unnamed: Portal | undefined;

  find(name: string): Portal | undefined {
    return name === '' ? this.#unnamed : this.#named.get(name);
  }

  /** @throws SqlError 34000 */
  get(name: string): Portal {
    const portal = name === '' ? this.#unnamed : this.#named.get(name);
    if (portal === undefined) throw new SqlError(SqlState.invalidCursorName, `portal "${name}" does not exist`);
    return portal;
  }

  /** @throws SqlError 34000 */
  cursor(name: string): Portal {
    const portal = this.#named.get(name);
    if (portal === undefined) throw new SqlError(SqlState.invalidCursorName, `cursor "${name}" does not exist`);
    return portal;
  }

  /** @throws SqlError 42P03, 54000 */
  add(portal: Portal, maxNamed: number): void {
    if (portal.name === '') {
      this.#unnamed?.close();
      this.#unnamed = portal;
      return;
    }
    if (this.#named.has(portal.name)) throw new SqlError(SqlState.duplicateCursor, `cursor "${portal.name}" already exists`);
    if (this.#named.size >= maxNamed) {
      throw new SqlError(SqlState.programLimitExceeded, `too many open cursors (at most ${maxNamed})`);
    }
    this.#named.set(portal.name, portal);
  }

  /** Closing what is not there is no error. */
  close(name: string): void {
    const portal = this.find(name);
    if (portal === undefined) return;
    if (name === '') this.#unnamed = undefined;
    else this.#named.delete(name);
    portal.close();
  }

  closeUnnamed(): void {
    if (this.#unnamed === undefined) return;
    this.#unnamed.close();
    this.#unnamed = undefined;
  }

  closeAll(): void {
    this.closeUnnamed();
    this.closeNamed();
  }

  closeNamed(): void {
    for (const portal of this.#named.values()) portal.close();
    this.#named.clear();
  }

  /**
   * The transaction ends: only cursors held beyond it stay.
   * @param inRoutine a procedure ends it: the portals of commands stay too, one of them runs the CALL
   */
  closeAtEnd(inRoutine: boolean): void {
    if (!inRoutine || !isOfCommand(this.#unnamed)) this.closeUnnamed();
    if (this.#named.size === 0) return;
    for (const [name, portal] of this.#named) {
      if (portal.cursor?.held === true || (inRoutine && isOfCommand(portal))) continue;
      portal.close();
      this.#named.delete(name);
    }
  }

  /** ROLLBACK TO: what was opened within the savepoint goes. @param keepsUnnamed it runs the routine whose savepoint this is */
  closeFrom(depth: number, keepsUnnamed: boolean): void {
    for (const [name, portal] of this.#named) {
      if (portal.depth < depth || portal.cursor?.held === true) continue;
      portal.close();
      this.#named.delete(name);
    }
    if (!keepsUnnamed) this.closeUnnamed();
  }

  get hasNamed(): boolean {
    return this.#named.size > 0;
  }

  named(): Iterable<Portal> {
    return this.#named.values();
  }
}

/** It runs a command of the protocol, not a query. */
function isOfCommand(portal: Portal | undefined): boolean {
  return portal !== undefined && portal.cursor === undefined && portal.plan === undefined;
}
