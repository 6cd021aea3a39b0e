import type { ColumnDescriptor, TableDescriptor } from '../../catalog/descriptors.js';
import { typeRecord } from '../../catalog/made-types.js';
import { SqlError } from '../../commons/sql-error.js';
import { SqlState } from '../../commons/sqlstates.js';
import { walkExpression } from '../../planner/bind/tree/walk.js';
import type { TableAlteration } from '../../planner/parse/ast.js';
import { buildIndex, checkRows, type RowOwners, rewriteTable } from '../bulk/index.js';
import { evaluateExpression } from '../expression/compile-expression.js';
import { type Conversion, setColumnType } from './column-type.js';
import { addColumn, addColumnConstraints, requireFreeSequenceName, requireIdentityType, withDefault, withIdentity } from './columns.js';
import type { UtilityContext } from './context.js';
import { addTableConstraint } from './create-table.js';
import { alterConstraint, dropColumn, dropConstraint } from './drop-parts.js';
import { catalogOf } from './names.js';
import { notice, skipping } from './notices.js';
import { removeRelation } from './remove-relation.js';
import { alteredRules } from './rules/alter.js';
import { bindOverTable } from './scalar.js';
import { restartedAt } from './sequence.js';
import { sequenceOptions } from './sequence-options.js';
import { findColumn, replaceColumn, type TableDraft } from './table-draft.js';
import { setTableOptions } from './table-options.js';
import {
  clusterOn,
  dropExpression,
  notOfType,
  setAccessMethod,
  setAttributeOptions,
  setCompression,
  setPersistence,
  setReplicaIdentity,
  setStatistics,
  setStorage,
  setTablespace,
  setTypeOf,
  validateConstraint,
  withoutCluster,
} from './table-settings.js';
import { changeTableType } from './table-type.js';
import { withAlteredTriggers } from './triggers/alter.js';
import { usesOfType } from './types/uses.js';

/** An ALTER TABLE under way. */
export interface AlterTarget {
  readonly before: TableDescriptor;
  readonly draft: TableDraft;
  /** What is done to the rows once the catalog has the new definition. */
  readonly afterwards: ((target: AlterTarget, cx: UtilityContext) => Promise<void>)[];
  /** Columns that get another type. */
  readonly conversions: Conversion[];
  /** Of one that changes between shared and its users'. */
  owners: RowOwners | undefined;
}

/** The change of a kind, also where one type has several kinds. */
type Change<T, C = TableAlteration> = C extends { readonly type: infer Types } ? (T extends Types ? C : never) : never;
type Alterations = { readonly [T in TableAlteration['type']]?: (target: AlterTarget, change: Change<T>, cx: UtilityContext) => void };

/** One entry a kind of change; what has none is not supported. */
export const ALTERATIONS: Alterations = {
  'add column': addOneColumn,
  'drop column': (target, change, cx) => {
    if (dropColumn(target.draft, change, cx, true)) needsRewrite(target);
  },
  'drop constraint': (target, change, cx) => {
    if (dropConstraint(target.draft, change, cx)) needsRewrite(target);
  },
  'add constraint': addOneConstraint,
  'row security': (target, { action }) => {
    const before = target.draft.table.rowSecurity ?? { enabled: false, forced: false };
    const isOn = action === 'enable' || action === 'force';
    const isForce = action === 'force' || action === 'no force';
    target.draft.table = { ...target.draft.table, rowSecurity: isForce ? { ...before, forced: isOn } : { ...before, enabled: isOn } };
  },
  rule: (target, change) => {
    target.draft.table = { ...target.draft.table, rules: alteredRules(target.draft.table, change) };
  },
  trigger: (target, change, cx) => {
    target.draft.table = withAlteredTriggers(target.draft.table, change, cx);
  },
  'alter constraint': (target, change) => alterConstraint(target.draft, change),
  'set default': (target, change, cx) => {
    const column = alterable(target, change.column, false);
    replaceColumn(target.draft, withDefault(column, change.expr, cx));
  },
  'set type': (target, change, cx) => {
    setColumnType(target, change, cx);
    needsRewrite(target);
  },
  'set not null': (target, change) => {
    const column = findColumn(target.draft.table, change.column);
    if (column.notNull) return;
    replaceColumn(target.draft, { ...column, notNull: true });
    checkLater(target);
  },
  'drop not null': (target, change) => {
    const column = findColumn(target.draft.table, change.column);
    if (column.identity !== undefined)
      throw new SqlError(SqlState.syntaxError, `column "${column.name}" of relation "${target.draft.table.name}" is an identity column`);
    if (target.draft.table.constraints.some((one) => one.kind === 'primary key' && one.columns.includes(column.number)))
      throw new SqlError(SqlState.invalidTableDefinition, `column "${column.name}" is in a primary key`);
    replaceColumn(target.draft, { ...column, notNull: false });
  },
  'drop default': (target, change) => {
    const { defaultText: _default, ownedSequence: _owned, ...rest } = alterable(target, change.column, true);
    replaceColumn(target.draft, rest);
  },
  'add identity': (target, change, cx) => {
    const column = findColumn(target.draft.table, change.column);
    requireIdentityType(column.type);
    requireFreeSequenceName(target.draft, change.options, cx);
    if (!column.notNull)
      throw notInState(
        `column "${column.name}" of relation "${target.draft.table.name}" must be declared NOT NULL before identity can be added`,
      );
    if (column.identity !== undefined)
      throw notInState(`column "${column.name}" of relation "${target.draft.table.name}" is already an identity column`);
    if (column.defaultText !== undefined)
      throw notInState(`column "${column.name}" of relation "${target.draft.table.name}" already has a default value`);
    replaceColumn(target.draft, withIdentity(target.draft, column, change.always, change.options, cx));
  },
  'set identity': setIdentity,
  'drop identity': (target, change, cx) => {
    const column = findColumn(target.draft.table, change.column);
    if (column.identity === undefined) {
      const message = `column "${column.name}" of relation "${target.draft.table.name}" is not an identity column`;
      if (change.ifExists !== true) throw notInState(message);
      notice(cx, `${message}, skipping`);
      return;
    }
    const sequence = catalogOf(cx).relationByOid(column.identity.sequence);
    if (sequence?.kind === 'sequence') removeRelation(sequence, cx);
    const { identity: _identity, ...rest } = column;
    replaceColumn(target.draft, rest);
  },
  'drop expression': dropExpression,
  'validate constraint': (target, change) => {
    if (validateConstraint(target, change)) checkLater(target);
  },
  'set statistics': setStatistics,
  'set attribute options': setAttributeOptions,
  'reset attribute options': setAttributeOptions,
  'set storage': setStorage,
  'set compression': setCompression,
  'cluster on': clusterOn,
  'without cluster': withoutCluster,
  // No table has had any for long.
  'without oids': () => undefined,
  persistence: setPersistence,
  'access method': setAccessMethod,
  tablespace: setTablespace,
  of: setTypeOf,
  'not of': notOfType,
  'replica identity': setReplicaIdentity,
  'reset options': changeOptions,
  'set options': changeOptions,
};

/** SET and RESET of what stands in WITH (…): another type moves the rows. */
function changeOptions(target: AlterTarget, change: Change<'set options'>, cx: UtilityContext): void {
  const owners = setTableOptions(target, change, cx);
  if (target.draft.table.tableType === target.before.tableType) return;
  needsRewrite(target);
  changeTableType(target, owners, cx);
}

/** ADD COLUMN: rows are left as they are where the default is a constant, which stands in for what they lack. */
function addOneColumn(target: AlterTarget, change: Change<'add column'>, cx: UtilityContext): void {
  const { draft } = target;
  const existing = draft.table.columns.find((column) => column.name === change.column.name && column.dropped !== true);
  if (existing !== undefined) {
    const what = `column "${change.column.name}" of relation "${draft.table.name}"`;
    if (change.ifNotExists !== true) throw new SqlError(SqlState.duplicateColumn, `${what} already exists`);
    skipping(cx, what, SqlState.duplicateColumn);
    return;
  }
  const column = addColumn(draft, change.column, cx);
  if (column.defaultText !== undefined) refuseUsedRowType(target.before, cx);
  const indexCount = draft.indexes.length;
  addColumnConstraints(draft, change.column, cx);
  const added = draft.table.columns[column.number - 1] ?? column;
  const dynamic = added.generatedText !== undefined || added.identity !== undefined || !fillMissing(draft, added, change, cx);
  if (dynamic || draft.table.rowKey !== target.before.rowKey) needsRewrite(target);
  else checkLater(target);
  buildLater(target, indexCount);
}

/** Rows of the table that are stored as values of other columns can't be given what the change would. @throws SqlError 0A000 */
function refuseUsedRowType(table: TableDescriptor, cx: UtilityContext): void {
  const use = usesOfType(table.rowType, cx).find(({ relation }) => relation?.kind === 'table');
  if (use?.relation === undefined) return;
  throw new SqlError(
    SqlState.featureNotSupported,
    `cannot alter table "${table.name}" because column "${use.relation.name}.${use.column}" uses its row type`,
  );
}

/** @returns false when the default has to be computed for each row */
function fillMissing(draft: TableDraft, column: ColumnDescriptor, change: Change<'add column'>, cx: UtilityContext): boolean {
  const definition = change.column.constraints.find((constraint) => constraint.type === 'default');
  // A domain may have a default of its own, or refuse NULL.
  if (column.defaultText === undefined) return typeRecord(catalogOf(cx), column.type)?.kind !== 'd';
  if (definition?.type !== 'default') return false;
  const { expr } = bindOverTable(definition.expr, undefined, { clause: 'DEFAULT', target: column }, cx);
  let constant = true;
  walkExpression(expr, (node) => {
    if (node.kind === 'call' && node.volatility === 'v') constant = false;
  });
  if (!constant) return false;
  const missing = evaluateExpression(expr, cx.library, cx);
  if (missing !== null) replaceColumn(draft, { ...column, missing });
  return true;
}

function addOneConstraint(target: AlterTarget, change: Change<'add constraint'>, cx: UtilityContext): void {
  const indexCount = target.draft.indexes.length;
  addTableConstraint(target.draft, change.constraint, cx);
  if (target.draft.table.rowKey !== target.before.rowKey) {
    needsRewrite(target);
    return;
  }
  buildLater(target, indexCount);
  if (change.constraint.type !== 'unique' && change.constraint.notValid !== true) checkLater(target);
}

function setIdentity(target: AlterTarget, change: Change<'set identity'>, cx: UtilityContext): void {
  const column = findColumn(target.draft.table, change.column);
  if (column.identity === undefined)
    throw notInState(`column "${column.name}" of relation "${target.draft.table.name}" is not an identity column`);
  const sequence = catalogOf(cx).relationByOid(column.identity.sequence);
  const generated = change.options.find((option) => option.name === 'generated');
  if (generated?.value?.type === 'string') {
    const always = generated.value.value === 'always';
    replaceColumn(target.draft, { ...column, identity: { ...column.identity, always } });
  }
  const rest = change.options.filter((option) => option !== generated);
  if (rest.length === 0 || sequence?.kind !== 'sequence') return;
  const { definition, restart } = sequenceOptions(rest, sequence);
  cx.session.catalog.put(cx.transaction, restartedAt({ ...sequence, ...definition }, restart, cx));
}

/** @param isDropped the default is taken away: how else that is done is told */
function alterable(target: AlterTarget, name: string, isDropped: boolean): ColumnDescriptor {
  const column = findColumn(target.draft.table, name);
  if (column.identity !== undefined)
    throw new SqlError(SqlState.syntaxError, `column "${name}" of relation "${target.draft.table.name}" is an identity column`, {
      ...(isDropped ? { hint: 'Use ALTER TABLE ... ALTER COLUMN ... DROP IDENTITY instead.' } : {}),
    });
  if (column.generatedText !== undefined)
    throw new SqlError(SqlState.syntaxError, `column "${name}" of relation "${target.draft.table.name}" is a generated column`, {
      ...(isDropped ? { hint: 'Use ALTER TABLE ... ALTER COLUMN ... DROP EXPRESSION instead.' } : {}),
    });
  return column;
}

/** Existing rows against the constraints that are new; once for the whole statement. */
export function checkLater(target: AlterTarget): void {
  if (!target.afterwards.includes(checkExisting)) target.afterwards.push(checkExisting);
}
async function checkExisting(target: AlterTarget, cx: UtilityContext): Promise<void> {
  if (!target.afterwards.includes(rewrite)) await checkRows(target.before, target.draft.table, cx);
}

export function buildLater(target: AlterTarget, from: number): void {
  for (const index of target.draft.indexes.slice(from))
    if (!index.clustered)
      target.afterwards.push(async (now, cx) => {
        if (!now.afterwards.includes(rewrite)) await buildIndex(now.draft.table, index, cx);
      });
}

/** All rows are written anew into new storage, with all indexes: the row key or the rows' form has changed. */
function needsRewrite(target: AlterTarget): void {
  if (!target.afterwards.includes(rewrite)) target.afterwards.push(rewrite);
}
async function rewrite(target: AlterTarget, cx: UtilityContext): Promise<void> {
  await rewriteTable(target.before, target.draft.table, cx, target.conversions, target.owners);
}

function notInState(message: string): SqlError {
  return new SqlError(SqlState.objectNotInPrerequisiteState, message);
}
