import { quoteIdentifier } from '../../../catalog/definitions/index.js';
import { assert } from '../../../commons/assert.js';
import { SqlState } from '../../../commons/sqlstates.js';
import type { From, FromJoin } from '../../parse/ast.js';
import { makeOperator } from '../call/operator.js';
import { coerceToBoolean } from '../coerce.js';
import { coerceToCommon, commonType } from '../common-type.js';
import { errorAt } from '../errors.js';
import type { BoundExpr } from '../expression.js';
import type { LogicalJoin } from '../logical.js';
import { conjunction } from '../nodes.js';
import { referTo } from '../scope/columns.js';
import type { RelationItem } from '../scope/relation-item.js';
import { entryOf, type NamespaceEntry, type Scope, setLateral } from '../scope/scope.js';
import type { FromShape } from '../shape.js';
import { aliasNames } from './alias.js';
import type { BoundFrom } from './bound-from.js';
import { type JoinColumn, JoinItem } from './join-item.js';
import type { Locks } from './locks.js';

/** What FROM's front file lends to this one. */
interface FromTools {
  item(scope: Scope, node: From, locks: Locks): BoundFrom;
  usesLateral(scope: Scope, since: number, left: readonly RelationItem[]): boolean;
  refuseConflicts(left: readonly NamespaceEntry[], right: readonly NamespaceEntry[]): void;
}

const TYPES = { INNER: 'inner', LEFT: 'left', RIGHT: 'right', FULL: 'full' } as const;

export function bindJoin(scope: Scope, node: FromJoin, locks: Locks, tools: FromTools): BoundFrom {
  const outer = scope.namespace;
  const left = tools.item(scope, node.left, locks);
  setLateral(left.entries, true, node.joinType === 'INNER' || node.joinType === 'LEFT');
  scope.namespace = [...outer, ...left.entries];
  const before = scope.lateralColumns.length;
  const right = tools.item(scope, node.right, locks);
  const lateral = tools.usesLateral(scope, before, left.items);
  scope.namespace = outer;
  tools.refuseConflicts(left.entries, right.entries);
  setLateral(left.entries, false, true);

  const merged = mergeColumns(scope, node, left, right);
  const on = node.on === undefined ? merged?.condition : bindOn(scope, node, [...left.entries, ...right.entries]);
  const join: LogicalJoin = {
    kind: 'join',
    type: TYPES[node.joinType],
    left: left.plan,
    right: right.plan,
    ...(on === undefined ? {} : { on }),
    lateral,
  };
  if (!locks.isEmpty) {
    refuseNullableLocks(node, left, right, locks);
    locks.refuseJoin(node.alias?.name);
    if (node.alias === undefined) locks.refuseJoin(node.usingAlias);
  }
  if (node.joinType === 'LEFT' || node.joinType === 'FULL') for (const item of right.items) item.isOptional = true;
  if (node.joinType === 'RIGHT' || node.joinType === 'FULL') for (const item of left.items) item.isOptional = true;
  const items = [...left.items, ...right.items];
  const conditions = conditionsOf(node, left, right, on);
  if (merged === undefined && node.alias === undefined)
    return { plan: join, entries: [...left.entries, ...right.entries], items, conditions, ...joinShape(node, left, right, on) };
  const columns = merged?.columns ?? [...visibleColumns(left), ...visibleColumns(right)];
  const names = node.alias === undefined ? undefined : joinNames(node.alias.name, node.alias.columns ?? [], columns);
  const item = new JoinItem(node.alias?.name, names, columns);
  const entries = node.alias === undefined ? hidden([...left.entries, ...right.entries]) : [];
  entries.push({ ...entryOf(item), isRelationVisible: node.alias !== undefined });
  const all: RelationItem[] = [...items, item];
  if (node.usingAlias !== undefined && merged !== undefined) {
    const named = new JoinItem(node.usingAlias, undefined, merged.columns.slice(0, merged.count));
    const entry = { ...entryOf(named), areColumnsVisible: false };
    tools.refuseConflicts([...left.entries, ...right.entries], [entry]);
    // An alias of the join hides what is inside, this one too.
    if (node.alias === undefined) {
      entries.push(entry);
      all.push(named);
      scope.items.push(named);
    }
  }
  if (node.alias !== undefined) scope.items.push(item);
  const using = merged?.columns.slice(0, merged.count).map((column) => column.name);
  return { plan: join, entries, items: all, conditions, ...joinShape(node, left, right, on, item, using) };
}

function joinShape(
  node: FromJoin,
  left: BoundFrom,
  right: BoundFrom,
  on: BoundExpr | undefined,
  item?: JoinItem,
  using?: readonly string[],
): { readonly shape?: FromShape } {
  if (left.shape === undefined || right.shape === undefined) return {};
  return {
    shape: {
      kind: 'join',
      node,
      left: left.shape,
      right: right.shape,
      ...(on === undefined ? {} : { on }),
      ...(item === undefined ? {} : { item }),
      ...(using === undefined || using.length === 0 ? {} : { using }),
    },
  };
}

function joinNames(alias: string, aliases: readonly string[], columns: readonly JoinColumn[]): readonly string[] {
  return aliasNames(
    alias,
    aliases,
    columns.map((column) => column.name),
    'join',
  );
}

/** Only the join itself shows their columns, but they can still be called by their names. */
function hidden(entries: readonly NamespaceEntry[]): NamespaceEntry[] {
  return entries.map((entry) => ({ ...entry, areColumnsVisible: false }));
}

function visibleColumns(from: BoundFrom): JoinColumn[] {
  const columns: JoinColumn[] = [];
  for (const { item, areColumnsVisible } of from.entries) {
    if (!areColumnsVisible) continue;
    for (let index = 0; index < item.size; index++) columns.push({ name: item.nameAt(index), item, index });
  }
  return columns;
}

/** ON sees both sides of its join, and nothing else of this FROM. */
function bindOn(scope: Scope, node: FromJoin, entries: readonly NamespaceEntry[]): BoundExpr {
  const { namespace, isLateralActive } = scope;
  assert(node.on !== undefined, 'a join has a condition');
  setLateral(entries, false, true);
  scope.namespace = [...entries];
  scope.isLateralActive = false;
  const on = coerceToBoolean(scope.state, scope.bindIn('JOIN', node.on), 'JOIN/ON');
  scope.namespace = namespace;
  scope.isLateralActive = isLateralActive;
  return on;
}

interface MergedColumns {
  readonly condition: BoundExpr | undefined;
  /** The merged columns first, then the others of both sides. */
  readonly columns: readonly JoinColumn[];
  readonly count: number;
}

/** USING and NATURAL. @throws SqlError 42703, 42702, 42701 */
function mergeColumns(scope: Scope, node: FromJoin, left: BoundFrom, right: BoundFrom): MergedColumns | undefined {
  if (node.using === undefined && node.natural !== true) return undefined;
  const lefts = visibleColumns(left);
  const rights = visibleColumns(right);
  const names = node.using ?? lefts.map((column) => column.name).filter((name) => rights.some((column) => column.name === name));
  const conditions: BoundExpr[] = [];
  const merged: JoinColumn[] = [];
  const used = new Set<JoinColumn>();
  for (const [i, name] of names.entries()) {
    if (node.using !== undefined && names.indexOf(name) !== i) {
      throw errorAt(SqlState.duplicateColumn, `column name "${name}" appears more than once in USING clause`, undefined);
    }
    const l = columnNamed(lefts, name, 'left');
    const r = columnNamed(rights, name, 'right');
    used.add(l).add(r);
    const a = referenceOf(scope, l);
    const b = referenceOf(scope, r);
    conditions.push(coerceToBoolean(scope.state, makeOperator(scope, '=', a, b, undefined), 'JOIN/USING'));
    merged.push({ name, merged: named(scope, mergedValue(scope, node, a, b), name) });
  }
  const others = [...lefts, ...rights].filter((column) => !used.has(column));
  return { condition: conjunction(conditions), columns: [...merged, ...others], count: merged.length };
}

function columnNamed(columns: readonly JoinColumn[], name: string, side: 'left' | 'right'): JoinColumn {
  const found = columns.filter((column) => column.name === name);
  const [only] = found;
  if (only === undefined) {
    throw errorAt(SqlState.undefinedColumn, `column "${name}" specified in USING clause does not exist in ${side} table`, undefined);
  }
  if (found.length > 1) {
    throw errorAt(SqlState.ambiguousColumn, `common column name "${name}" appears more than once in ${side} table`, undefined);
  }
  return only;
}

function referenceOf(scope: Scope, column: JoinColumn): BoundExpr {
  return 'item' in column ? referTo(scope, column.item, column.index) : column.merged;
}

/** What isn't a column of a side is called by its bare name. */
function named(scope: Scope, value: BoundExpr, name: string): BoundExpr {
  return !scope.state.keepsShapes || value.kind === 'column'
    ? value
    : { ...value, writtenAs: quoteIdentifier(name), mergedColumn: scope.state.newColumn() };
}

/** The side that always has a row; in a full join whichever has one. */
function mergedValue(scope: Scope, node: FromJoin, left: BoundExpr, right: BoundExpr): BoundExpr {
  const { state } = scope;
  const type = commonType(state, [left, right], 'JOIN/USING');
  const l = coerceToCommon(state, left, type, 'JOIN/USING');
  const r = coerceToCommon(state, right, type, 'JOIN/USING');
  switch (node.joinType) {
    case 'INNER':
      return l.kind === 'column' || r.kind !== 'column' ? l : r;
    case 'LEFT':
      return l;
    case 'RIGHT':
      return r;
    case 'FULL':
      return { kind: 'coalesce', args: [l, r], type, typmod: l.typmod === r.typmod ? l.typmod : -1 };
  }
}

/** Conditions that every row of the result fulfils. */
function conditionsOf(node: FromJoin, left: BoundFrom, right: BoundFrom, on: BoundExpr | undefined): readonly BoundExpr[] {
  switch (node.joinType) {
    case 'INNER':
      return on === undefined ? [...left.conditions, ...right.conditions] : [...left.conditions, ...right.conditions, on];
    case 'LEFT':
      return left.conditions;
    case 'RIGHT':
      return right.conditions;
    case 'FULL':
      return [];
  }
}

function refuseNullableLocks(node: FromJoin, left: BoundFrom, right: BoundFrom, locks: Locks): void {
  if (node.joinType === 'LEFT' || node.joinType === 'FULL') locks.refuseNullable(right.items);
  if (node.joinType === 'RIGHT' || node.joinType === 'FULL') locks.refuseNullable(left.items);
}
