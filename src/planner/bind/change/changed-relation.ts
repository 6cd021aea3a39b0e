import type { ColumnDescriptor, TableDescriptor, ViewDescriptor } from '../../../catalog/descriptors.js';
import { assert } from '../../../commons/assert.js';
import { SqlState } from '../../../commons/sqlstates.js';
import type { QName } from '../../parse/ast.js';
import { errorAt } from '../errors.js';
import type { BoundExpr, ColumnId } from '../expression.js';
import { asRole } from '../from/relation.js';
import { readsDescendants } from '../from/table.js';
import type { TableTarget } from '../logical.js';
import { visibleRows, writtenRows } from '../row-security.js';
import { type RelationItem, TableItem } from '../scope/relation-item.js';
import type { Scope } from '../scope/scope.js';
import { shapeOf } from '../scope/table-shape.js';
import { readsOf, refuseMissing, requireChangeable, tableTarget } from './target.js';
import { bindViewRow, type ChangePath, type ViewCommand, type ViewLayer, viewPath } from './view-row.js';

/** A column of what a statement names as its target. */
export interface TargetColumn {
  readonly name: string;
  /** The table's column that it is, by the name and with the default that views give it. */
  readonly column?: ColumnDescriptor;
  /** A view's column that is something else: which one, of which view, and what it is. */
  readonly refused?: { readonly column: string; readonly view: string; readonly detail: string };
}

/** A row of the target: as the table has it, and as the statement speaks of it. */
export interface TargetRow {
  readonly item: RelationItem;
  readonly base: TableItem;
  /** What rows must fulfil for views to show them. */
  readonly conditions: readonly BoundExpr[];
  /** WITH CHECK OPTION, those of inner views first. */
  readonly checks: NonNullable<TableTarget['viewChecks']>;
}

/** A relation on the way from the name in the statement to the table: its privileges are those of whom it is reached through. */
interface Step {
  readonly oid: number;
  readonly role: { readonly asRole?: number };
  /** Its column numbers, by the index of the target's column; 0: none. */
  readonly numbers: readonly number[];
}

/** What a statement changes: a table, or a view that shows the rows of one, perhaps through other views. */
export class ChangedRelation {
  readonly relation: TableDescriptor | ViewDescriptor;
  readonly table: TableDescriptor;
  /** Absent where rows of a table are changed. */
  readonly instead: ChangePath['instead'];
  readonly columns: readonly TargetColumn[];
  readonly row: TargetRow;
  readonly #scope: Scope;
  readonly #layers: readonly ViewLayer[];
  readonly #steps: readonly Step[];
  readonly #alias: string | undefined;
  readonly #command: ViewCommand;
  /** Numbers of the table's columns that get values. */
  readonly #assigned = new Set<number>();

  constructor(
    scope: Scope,
    relation: TableDescriptor | ViewDescriptor,
    { table, layers, instead }: ChangePath,
    { name, alias, command }: { readonly name: QName; readonly alias: string | undefined; readonly command: ViewCommand },
  ) {
    this.relation = relation;
    this.table = table;
    this.instead = instead;
    this.#scope = scope;
    this.#layers = layers;
    this.#alias = alias;
    this.#command = command;
    const innermost = layers.at(-1);
    const descendants =
      command !== 'insert' &&
      (innermost === undefined ? readsDescendants(scope, table, name) : readsDescendants(innermost.scope(), table, innermost.from.name));
    const bound = this.#bindRow(alias, undefined, descendants);
    this.row = bound.row;
    this.columns = bound.columns;
    this.#steps = bound.steps;
  }

  /** The table's live columns, with the defaults that views give them. */
  get stored(): readonly ColumnDescriptor[] {
    const { live } = shapeOf(this.table);
    if (this.#layers.length === 0) return live;
    return live.map((column) => {
      const shown = this.columns.find((target) => target.column?.number === column.number)?.column;
      return shown === undefined || shown.defaultText === column.defaultText ? column : { ...shown, name: column.name };
    });
  }

  /** Another row of it: the new one beside the old. @param firstId of a row that this is another name for */
  again(alias: string | undefined = this.#alias, firstId?: ColumnId): TargetRow {
    return this.#bindRow(alias, firstId, false).row;
  }

  /** @throws SqlError 42703, 0A000 */
  find(name: string, location: number | undefined, isUpdate = false): number {
    const index =
      this.#layers.length === 0 ? shapeOf(this.table).byName.get(name) : this.columns.findIndex((column) => column.name === name);
    if (index !== undefined && index >= 0) return index;
    throw refuseMissing(this.relation, name, location, isUpdate);
  }

  /** @throws SqlError 0A000 for a view's column that is none of its table */
  assignable(index: number, command: 'insert into' | 'update'): ColumnDescriptor {
    const target = this.columns[index];
    assert(target !== undefined, 'a column of the target');
    if (target.column !== undefined) return target.column;
    const { column = '', view = '', detail = '' } = target.refused ?? {};
    throw errorAt(SqlState.featureNotSupported, `cannot ${command} column "${column}" of view "${view}"`, undefined, { detail });
  }

  /** Privilege to change, with the columns that are given; views need it of their owners. @param indexes undefined: no columns */
  requireChange(privileges: number, indexes?: readonly number[]): void {
    const { state } = this.#scope;
    state.writes.add(this.table.oid);
    for (const index of indexes ?? []) this.#assigned.add(this.columns[index]?.column?.number ?? 0);
    for (const { oid, role, numbers } of this.#steps) {
      state.requires({
        objectKind: 'table',
        oid,
        privileges,
        ...(indexes === undefined ? {} : { columns: new Set(indexes.flatMap((index) => numbers[index] || [])) }),
        ...role,
      });
    }
  }

  tableTarget(row: TargetRow): TableTarget {
    const target = { ...tableTarget(this.#scope, row.base), assigned: [...this.#assigned] };
    return row.checks.length === 0 ? target : { ...target, viewChecks: row.checks };
  }

  /** A column of the table that the statement looks at without naming it. */
  readColumn(number: number): void {
    const index = this.columns.findIndex(({ column }) => column?.number === number);
    if (index >= 0) this.row.item.refer(index);
  }

  /** As whom the table is reached. */
  #tableScope(): Scope {
    return this.#layers.at(-1)?.scope() ?? this.#scope;
  }

  /** What a new version of a row must fulfil. @param isRead it is shown as well */
  written(row: TargetRow, command: 'insert' | 'update', isRead: boolean): TargetRow {
    const checks = this.instead === undefined ? writtenRows(this.#tableScope(), row.base, command, isRead) : [];
    return checks.length === 0 ? row : { ...row, checks: [...checks, ...row.checks] };
  }

  /** Row-level security of the rows that an UPDATE or DELETE finds: once all is bound that may read their columns. */
  secure(isRead: boolean): void {
    const { base } = this.row;
    if (this.#command === 'insert' || this.instead !== undefined) return;
    base.security = visibleRows(this.#tableScope(), base, this.#command, isRead);
    if (base.security !== undefined && base.scan !== undefined) base.scan.security = base.security;
  }

  /** Row-level security of rows that ON CONFLICT DO UPDATE comes upon. */
  guardOf(row: TargetRow): BoundExpr | undefined {
    return visibleRows(this.#tableScope(), row.base, 'update', true);
  }

  #bindRow(alias: string | undefined, firstId: ColumnId | undefined, descendants: boolean) {
    const scope = this.#scope;
    const { state } = scope;
    if (this.#layers.length === 0) {
      const { live } = shapeOf(this.table);
      const base = new TableItem(state, this.table, alias, undefined, readsOf(scope, this.table), firstId, descendants);
      const row: TargetRow = { item: base, base, conditions: [], checks: [] };
      const step = { oid: this.table.oid, role: asRole(scope), numbers: live.map((column) => column.number) };
      return { row, columns: live.map((column): TargetColumn => ({ name: column.name, column })), steps: [step] };
    }
    return this.#bindThroughViews(alias, firstId, descendants);
  }

  #bindThroughViews(alias: string | undefined, firstId: ColumnId | undefined, descendants: boolean) {
    const scope = this.#scope;
    const innermost = this.#layers.at(-1);
    assert(innermost !== undefined, 'a view over the table');
    const base = innermost.tableItem(this.table, firstId, descendants);
    let item: RelationItem = base;
    let columns: readonly TargetColumn[] = shapeOf(this.table).live.map((column) => ({ name: column.name, column }));
    let steps: Step[] = [{ oid: this.table.oid, role: innermost.role, numbers: shapeOf(this.table).live.map((column) => column.number) }];
    const conditions: BoundExpr[] = [];
    const checks: { readonly view: string; readonly condition: BoundExpr }[] = [];
    const isCascaded = this.#layers.map((_, i) => this.#layers.slice(0, i).some(({ view }) => view.checkOption === 'cascaded'));
    for (let i = this.#layers.length - 1; i >= 0; i--) {
      const layer = this.#layers[i];
      assert(layer !== undefined, 'a view of the chain');
      const outer = this.#layers[i - 1];
      const bound = bindViewRow(scope, layer, item, columns, outer, alias, this.#command);
      if (bound.condition !== undefined) {
        conditions.push(bound.condition);
        if (layer.view.checkOption !== undefined || isCascaded[i] === true)
          checks.push({ view: layer.view.name, condition: bound.condition });
      }
      steps = steps.map((step) => ({ ...step, numbers: bound.sources.map((source) => (source < 0 ? 0 : (step.numbers[source] ?? 0))) }));
      steps.unshift({
        oid: layer.view.oid,
        role: outer === undefined ? asRole(scope) : outer.role,
        numbers: bound.columns.map((_, n) => n + 1),
      });
      ({ item, columns } = bound);
    }
    const row: TargetRow = { item, base, conditions, checks };
    return { row, columns, steps };
  }
}

/** The target of a statement, by the name and alias in it. @throws SqlError 42P01, 42809, 42501, 55000 */
export function bindTarget(scope: Scope, name: QName, alias: string | undefined, command: ViewCommand): ChangedRelation {
  const relation = requireChangeable(scope, name);
  const reached = relation.kind === 'table' ? { table: relation, layers: [] } : viewPath(scope, relation, command);
  return new ChangedRelation(scope, relation, reached, { name, alias, command });
}
