import { assert } from '../../commons/assert.js';
import type { MaybePromise } from '../../commons/maybe-promise.js';
import { SqlError } from '../../commons/sql-error.js';
import { SqlState } from '../../commons/sqlstates.js';
import type { Batch } from '../../executor/context.js';
import { drive, type Waiting, wait } from '../../executor/waiting.js';
import { supportsBackwardScan } from '../../planner/optimize/backward-scan.js';
import type { CloseStatement, DeclareCursorStatement, FetchStatement } from '../../planner/parse/ast.js';
import type { ReadView } from '../../transaction/transaction.js';
import type { Row, SqlValue } from '../../types/value.js';
import { CursorRows } from '../cursor-rows.js';
import { DoneCommand, type OpenedStatement, type RowSource } from '../opened-statement.js';
import { Portal } from '../portals.js';
import { openQuery } from '../run/open-query.js';
import type { SessionCore } from '../session-core.js';
import type { CachedStatement, StatementPlan } from '../statement/cached-statement.js';

const ALL_ROWS = Number.MAX_SAFE_INTEGER;

export function* declareCommand(
  statement: DeclareCursorStatement,
  { within }: CachedStatement,
  params: readonly SqlValue[],
  core: SessionCore,
  inMultiple: boolean,
): Waiting<OpenedStatement> {
  requireReadOnly(statement);
  const hold = statement.hold === true;
  if (!hold) core.block.requireBlock('DECLARE CURSOR', inMultiple);
  core.block.enter();
  assert(within !== undefined, 'a cursor has a query');
  yield* openCursor(core, statement.name, within, params, statement.scroll, undefined, { ...statement, written: core.statementText });
  return new DoneCommand('DECLARE CURSOR');
}

/** Locks are of rows as they are, which only a cursor that goes forward within its transaction shows. @throws SqlError 0A000, 42P11 */
function requireReadOnly({ query, hold, scroll, insensitive }: DeclareCursorStatement): void {
  if (query.with?.ctes.some(({ statement: { type } }) => type === 'insert' || type === 'update' || type === 'delete') === true)
    throw new SqlError(SqlState.featureNotSupported, 'DECLARE CURSOR must not contain data-modifying statements in WITH');
  const lock = query.locking?.[0]?.strength;
  if (lock === undefined) return;
  const refused = (what: string, kind: string): SqlError =>
    new SqlError(SqlState.featureNotSupported, `DECLARE ${what} ... FOR ${lock} is not supported`, {
      detail: `${kind} cursors must be READ ONLY.`,
    });
  if (hold === true) throw refused('CURSOR WITH HOLD', 'Holdable');
  if (scroll === true) throw refused('SCROLL CURSOR', 'Scrollable');
  if (insensitive !== true) return;
  throw new SqlError(SqlState.invalidCursorDefinition, `DECLARE INSENSITIVE CURSOR ... FOR ${lock} is not valid`, {
    detail: 'Insensitive cursors must be READ ONLY.',
  });
}

/** @param through see openQuery @throws SqlError 34000, 42P03, 54000 */
export function* openCursor(
  core: SessionCore,
  name: string,
  cached: CachedStatement,
  params: readonly SqlValue[],
  wantedScroll: boolean | undefined,
  through: ReadView | undefined,
  how: { readonly hold?: true; readonly binary?: true; readonly written?: string } = {},
): Waiting<void> {
  const text = how.written ?? cached.parsed.text;
  const hold = how.hold === true;
  if (name === '') throw new SqlError(SqlState.invalidCursorName, 'invalid cursor name: must not be empty');
  if (core.portals.find(name) !== undefined) throw new SqlError(SqlState.duplicateCursor, `cursor "${name}" already exists`);
  const opened = yield* wait(openQuery(core, cached.asCursor, params, [], through));
  const isImplied = wantedScroll === undefined && opened.plan !== undefined && supportsBackwardScan(opened.plan.query.plan);
  const scroll = wantedScroll === true || isImplied;
  const options = { text, hold, scroll, binary: how.binary === true, createdMicros: core.statementStartMicros, held: false };
  const portal = new Portal(name, undefined, opened.plan, [], options.binary ? [1] : [], core.block.depth, options);
  portal.opened = opened;
  portal.rows = new CursorRows(
    opened,
    isImplied ? 'as far as it goes' : scroll ? 'yes' : 'no',
    core.portals.keptBytes,
    widthOf(opened.plan),
  );
  try {
    core.portals.add(portal, core.values.maxCursors);
  } catch (error) {
    portal.close();
    throw error;
  }
}

/** How much of a row is the query's own, where there is more: the keys of the rows that it comes from. */
function widthOf(plan: StatementPlan | undefined): number | undefined {
  return plan?.query.cursorKeys === undefined ? undefined : plan.columns.length;
}

/** FETCH and MOVE. Works on portals of the protocol too. */
export function* fetchCommand(statement: FetchStatement, core: SessionCore): Waiting<OpenedStatement> {
  core.block.enter();
  const { portal, rows } = yield* cursorNamed(statement.cursor, core);
  if (statement.direction === 'forward' && statement.move !== true) {
    return new FetchForward(portal, rows, statement.count === 'all' ? ALL_ROWS : statement.count);
  }
  const fetched: Row[] = [];
  const { moved } = yield* fetchRows(statement, core, fetched);
  if (statement.move === true) return new DoneCommand(`MOVE ${moved}`);
  return new DoneCommand(`FETCH ${moved}`, portal.columns ?? [], fetched, portal.cursor?.binary === true ? 1 : 0);
}

function* cursorNamed(name: string, core: SessionCore): Waiting<{ readonly portal: Portal; readonly rows: CursorRows }> {
  const portal = core.portals.cursor(name);
  const rows = portal.rows ?? (yield* rowsOfProtocol(portal, core));
  if (portal.failed) throw new SqlError(SqlState.objectNotInPrerequisiteState, `portal "${name}" cannot be run`);
  if (rows === undefined) throw new SqlError(SqlState.invalidCursorState, `portal "${name}" is not a cursor`);
  return { portal, rows };
}

/** A portal that Bind has made is a cursor too, one that goes forward; Execute may have sent some of its rows. */
function* rowsOfProtocol(portal: Portal, core: SessionCore): Waiting<CursorRows | undefined> {
  const { plan, prepared, failed } = portal;
  if (failed || plan?.query.command !== 'SELECT' || prepared?.cached === undefined) return undefined;
  if (!portal.completed) portal.opened ??= yield* wait(openQuery(core, prepared.cached, portal.params, []));
  const source: RowSource = {
    next() {
      const { batch, opened } = portal;
      portal.batch = null;
      return batch === null ? (opened?.next() ?? null) : batch.slice(portal.index);
    },
    close: () => undefined,
  };
  portal.rows = new CursorRows(source, 'no', core.portals.keptBytes);
  return portal.rows;
}

/** FETCH into `fetched`; MOVE leaves it alone. */
export function* fetchRows(
  statement: FetchStatement,
  core: SessionCore,
  fetched: Row[],
): Waiting<{ readonly portal: Portal; readonly moved: number }> {
  const { portal, rows } = yield* cursorNamed(statement.cursor, core);
  const use = statement.move === true ? undefined : (row: Row): void => void fetched.push(row);
  const count = statement.count === 'all' ? ALL_ROWS : statement.count;
  try {
    const moved = yield* moveBy(statement.direction, count, rows, use);
    return { portal, moved };
  } catch (error) {
    portal.failed = true;
    throw error;
  }
}

/** Rows of one batch of FETCH. */
const FETCH_BATCH = 1000;

/** FETCH n and FETCH ALL, and Execute of a cursor: rows go out as they come, however many. */
export class FetchForward implements OpenedStatement {
  readonly columns: OpenedStatement['columns'];
  readonly plan = undefined;
  readonly format: 0 | 1;
  readonly #portal: Portal;
  readonly #rows: CursorRows;
  #remaining: number;
  #started = false;

  constructor(portal: Portal, rows: CursorRows, count: number) {
    this.columns = portal.columns ?? [];
    this.format = portal.cursor?.binary === true ? 1 : 0;
    this.#portal = portal;
    this.#rows = rows;
    this.#remaining = count;
  }

  next(): MaybePromise<Batch | null> {
    // FETCH 0 and FETCH FORWARD -n move once.
    if (this.#started && this.#remaining <= 0) return null;
    this.#started = true;
    return drive(this.#step());
  }

  *#step(): Waiting<Batch | null> {
    const batch: Row[] = [];
    const wanted = Math.min(this.#remaining, FETCH_BATCH);
    let moved: number;
    try {
      moved = yield* this.#rows.move(wanted, (row) => batch.push(row));
    } catch (error) {
      this.#portal.failed = true;
      throw error;
    }
    this.#remaining = moved < wanted || wanted <= 0 ? 0 : this.#remaining - moved;
    return batch.length > 0 ? batch : null;
  }

  close(): void {
    this.#remaining = 0;
  }

  /** Of what was sent by the last Execute. */
  tag(rows: number): string {
    return `FETCH ${rows}`;
  }
}

function moveBy(
  direction: FetchStatement['direction'],
  count: number,
  rows: CursorRows,
  use: ((row: Row) => void) | undefined,
): Waiting<number> {
  switch (direction) {
    case 'forward':
      return rows.move(count, use);
    case 'backward':
      return rows.move(-count, use);
    case 'absolute':
      return rows.absolute(count, use);
    case 'relative':
      return rows.relative(count, use);
  }
}

export function closeCommand(statement: CloseStatement, core: SessionCore): OpenedStatement {
  core.block.requireNotFailed();
  if (statement.cursor === undefined) {
    for (const portal of [...core.portals.named()]) core.portals.close(portal.name);
    return new DoneCommand('CLOSE CURSOR ALL');
  }
  core.portals.cursor(statement.cursor);
  core.portals.close(statement.cursor);
  return new DoneCommand('CLOSE CURSOR');
}

/** Before the commit, cursors WITH HOLD take their rows to themselves. */
export function* holdCursors(core: SessionCore): Waiting<void> {
  for (const portal of core.portals.named()) {
    if (portal.cursor?.hold !== true || portal.cursor.held || portal.rows === undefined) continue;
    yield* portal.rows.materialize();
    portal.cursor.held = true;
  }
}
