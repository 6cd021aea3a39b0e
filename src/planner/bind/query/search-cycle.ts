import { SqlState } from '../../../commons/sqlstates.js';
import type {
  CommonTableExpr,
  CycleClause,
  Expr,
  From,
  SearchClause,
  SelectedColumn,
  SelectStatement,
  SetOperation,
} from '../../parse/ast.js';
import { commonType } from '../common-type.js';
import { errorAt, locationOf } from '../errors.js';
import type { Scope } from '../scope/scope.js';
import { requireEquality } from '../sort-key.js';

const INITIAL = '*TLOCRN*';
const STEP = '*TROCRN*';

/**
 * SEARCH and CYCLE say what columns could say (PostgreSQL manual, "Search Order" and "Cycle Detection"): the path of rows that led to a row,
 * or its depth, and a mark on rows whose path has met itself, from which the search doesn't go on. Both terms get these columns.
 * @throws SqlError 42601, 42701, 0A000
 */
export function expandSearchAndCycle(scope: Scope, cte: CommonTableExpr, union: SetOperation): SetOperation {
  const { search, cycle } = cte;
  if (search === undefined && cycle === undefined) return union;
  const refuse = (side: string) =>
    errorAt(SqlState.featureNotSupported, `with a SEARCH or CYCLE clause, the ${side} side of the UNION must be a SELECT`, undefined);
  if (union.left.type === 'set operation') throw refuse('left');
  if (union.right.type !== 'select') throw refuse('right');
  const found = scope.query(union.left).columns.map((column) => column.name);
  const names = found.map((name, i) => cte.columns?.[i] ?? name);
  if (search !== undefined) checkSearch(search, names);
  if (cycle !== undefined) checkCycle(scope, cycle, search, names);
  const isHidden = union.right.with?.ctes.some((other) => other.name === cte.name) === true;
  const self = isHidden ? undefined : union.right.from?.map((item) => referenceIn(item, cte.name)).find((alias) => alias !== undefined);
  if (self === undefined) {
    throw errorAt(
      SqlState.featureNotSupported,
      `with a SEARCH or CYCLE clause, the recursive reference to WITH query "${cte.name}" must be at the top level of its right-hand SELECT`,
      undefined,
    );
  }
  const added = [...(search === undefined ? [] : [search.sequence]), ...(cycle === undefined ? [] : [cycle.mark, cycle.path])];
  const through = added.map((name): SelectedColumn => ({ expr: { type: 'ref', table: { name: self }, name }, alias: name }));
  const step: SelectStatement = { ...union.right, columns: [...union.right.columns, ...through] };
  return {
    ...union,
    left: wrap(union.left, INITIAL, names, names, initialColumns(search, cycle)),
    right: wrap(
      step,
      STEP,
      [...names, ...added],
      names,
      stepColumns(search, cycle),
      cycle === undefined ? undefined : { type: 'binary', op: '<>', left: column(cycle.mark), right: cycle.value },
    ),
  };
}

/** How many columns SEARCH and CYCLE add: `*` in the recursive term doesn't mean them. */
export function addedColumns({ search, cycle }: CommonTableExpr): number {
  return (search === undefined ? 0 : 1) + (cycle === undefined ? 0 : 2);
}

function column(name: string): Expr {
  return { type: 'ref', name };
}

function row(names: readonly string[]): Expr {
  return { type: 'row', explicit: true, expressions: names.map(column) };
}

function wrap(
  statement: SelectStatement,
  alias: string,
  given: readonly string[],
  names: readonly string[],
  added: readonly SelectedColumn[],
  where?: Expr,
): SelectStatement {
  return {
    type: 'select',
    columns: [...names.map((name): SelectedColumn => ({ expr: column(name), alias: name })), ...added],
    from: [{ type: 'statement', statement, alias: { name: alias, columns: given } }],
    ...(where === undefined ? {} : { where }),
  };
}

function initialColumns(search: SearchClause | undefined, cycle: CycleClause | undefined): SelectedColumn[] {
  const columns: SelectedColumn[] = [];
  if (search !== undefined) {
    const depth: Expr = { type: 'cast', operand: { type: 'integer', value: 0 }, to: { name: 'int8' } };
    const start: Expr = search.breadthFirst
      ? { type: 'row', explicit: true, expressions: [depth, ...search.columns.map(column)] }
      : { type: 'array', expressions: [row(search.columns)] };
    columns.push({ expr: start, alias: search.sequence });
  }
  if (cycle !== undefined) {
    // Not marked; the other value has a say in the type.
    columns.push({ expr: mark(cycle, { type: 'boolean', value: false }), alias: cycle.mark });
    columns.push({ expr: { type: 'array', expressions: [row(cycle.columns)] }, alias: cycle.path });
  }
  return columns;
}

function stepColumns(search: SearchClause | undefined, cycle: CycleClause | undefined): SelectedColumn[] {
  const columns: SelectedColumn[] = [];
  if (search !== undefined) {
    const depth: Expr = {
      type: 'binary',
      op: '+',
      left: { type: 'field', operand: column(search.sequence), field: 'f1' },
      right: { type: 'integer', value: 1 },
    };
    const next: Expr = search.breadthFirst
      ? { type: 'row', explicit: true, expressions: [depth, ...search.columns.map(column)] }
      : append(search.sequence, search.columns);
    columns.push({ expr: next, alias: search.sequence });
  }
  if (cycle !== undefined) {
    const isMet: Expr = { type: 'quantified', op: '=', quantifier: 'ANY', left: row(cycle.columns), right: column(cycle.path) };
    columns.push({ expr: mark(cycle, isMet), alias: cycle.mark });
    columns.push({ expr: append(cycle.path, cycle.columns), alias: cycle.path });
  }
  return columns;
}

function mark(cycle: CycleClause, when: Expr): Expr {
  return { type: 'case', whens: [{ when, value: cycle.value }], else: cycle.default };
}

function append(path: string, names: readonly string[]): Expr {
  return { type: 'call', function: { schema: 'pg_catalog', name: 'array_append' }, args: [column(path), row(names)] };
}

/** What the recursive reference is called, if a FROM item is or joins it. */
function referenceIn(item: From, name: string): string | undefined {
  switch (item.type) {
    case 'table':
      return item.name.name === name && item.name.schema === undefined ? (item.alias?.name ?? name) : undefined;
    case 'join':
      return referenceIn(item.left, name) ?? referenceIn(item.right, name);
    default:
      return undefined;
  }
}

function checkColumns(kind: 'search' | 'cycle', columns: readonly string[], names: readonly string[], location: number | undefined): void {
  columns.forEach((name, i) => {
    if (!names.includes(name)) {
      throw errorAt(SqlState.syntaxError, `${kind} column "${name}" not in WITH query column list`, location);
    }
    if (columns.indexOf(name) !== i) {
      throw errorAt(SqlState.duplicateColumn, `${kind} column "${name}" specified more than once`, location);
    }
  });
}

function checkSearch(search: SearchClause, names: readonly string[]): void {
  const location = locationOf(search);
  checkColumns('search', search.columns, names, location);
  if (names.includes(search.sequence)) {
    const message = `search sequence column name "${search.sequence}" already used in WITH query column list`;
    throw errorAt(SqlState.syntaxError, message, location);
  }
}

function checkCycle(scope: Scope, cycle: CycleClause, search: SearchClause | undefined, names: readonly string[]): void {
  const location = locationOf(cycle);
  const refuse = (message: string, at = location) => errorAt(SqlState.syntaxError, message, at);
  checkColumns('cycle', cycle.columns, names, location);
  const { mark, path } = cycle;
  if (names.includes(mark)) throw refuse(`cycle mark column name "${mark}" already used in WITH query column list`);
  const type = commonType(scope.state, [scope.bind(cycle.value), scope.bind(cycle.default)], 'CYCLE');
  requireEquality(scope.state, type, undefined);
  if (names.includes(path)) throw refuse(`cycle path column name "${path}" already used in WITH query column list`);
  if (mark === path) throw refuse('cycle mark column name and cycle path column name are the same');
  if (search === undefined) return;
  const same = (which: string) => refuse(`search sequence column name and cycle ${which} column name are the same`, locationOf(search));
  if (search.sequence === mark) throw same('mark');
  if (search.sequence === path) throw same('path');
}
