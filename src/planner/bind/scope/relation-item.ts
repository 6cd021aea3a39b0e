import type { ColumnDescriptor, RelationDescriptor, TableDescriptor, VirtualDescriptor } from '../../../catalog/descriptors.js';
import type { Oid } from '../../../commons/ids.js';
import { TypeOid } from '../../../types/oids.js';
import type { BoundColumn, BoundExpr, ColumnId } from '../expression.js';
import type { OutputColumn, ScanColumn, SystemColumn } from '../logical.js';
import { columnNode } from '../nodes.js';
import type { BindState, PrivilegeUse } from '../state.js';
import { isPartitioned, shapeOf, systemColumn, type TableShape } from './table-shape.js';

export const NOT_FOUND = -1;
export const AMBIGUOUS = -2;

/** Something in FROM with a name and columns: a table, a sub-query, a function's result, a join with merged columns. */
export abstract class RelationItem {
  /** What qualified references call it; '' for a join without alias. */
  readonly alias: string;
  /** An alias was written: its relation's own name is hidden. */
  readonly isNamed: boolean;
  /** An outer join around it may have no row of it. */
  isOptional = false;
  /** The relation that it reads, where it is one (a view too). */
  abstract readonly relation: RelationDescriptor | undefined;
  /** The type of a whole row. */
  abstract readonly rowType: Oid;
  abstract readonly size: number;
  /** How many of its columns `*` stands for: the first so many. */
  get starSize(): number {
    return this.size;
  }

  constructor(alias: string, isNamed: boolean) {
    this.alias = alias;
    this.isNamed = isNamed;
  }

  abstract nameAt(index: number): string;
  /** @returns its position, NOT_FOUND or AMBIGUOUS */
  abstract find(name: string): number;
  /** A reference to a column, which notes that it is used. */
  abstract refer(index: number, location?: number): BoundExpr;
  /** Where a column comes from, below joins: how errors name it. */
  baseOf(index: number): { readonly item: RelationItem; readonly name: string } {
    return { item: this, name: this.nameAt(index) };
  }
  /** A hidden column, when there is one of that name. */
  system(_name: string, _location?: number): BoundColumn | undefined {
    return undefined;
  }
  /** A function's single column: as a whole row it is the value itself. */
  get isScalar(): boolean {
    return false;
  }
}

/** A base table or a virtual relation: its scan has the columns that were referred to. */
export class TableItem extends RelationItem {
  readonly relation: TableDescriptor | VirtualDescriptor;
  readonly rowType: Oid;
  readonly shape: TableShape;
  /** Grows with each reference; the scan's own list. */
  readonly columns: ScanColumn[] = [];
  readonly allUsers: boolean;
  /** False for a row that is not stored. */
  hasSystemColumns = true;
  /** Its scan, once there is one. */
  scan: { security?: BoundExpr } | undefined;
  /** What its rows must fulfil to be seen at all. */
  security: BoundExpr | undefined;
  /** Its scan has the rows of the tables below it too. */
  readonly descendants: boolean;
  /** The ids of columns 1, 2, … follow each other. */
  readonly firstId: ColumnId;
  readonly #names: readonly string[] | undefined;
  readonly #state: BindState;
  readonly #privilege: PrivilegeUse | undefined;
  readonly #isScanned: boolean[] = [];

  /**
   * @param privilege gathers the columns that are read; undefined where reading needs none
   * @param firstId of another item whose row this one is another name for
   * @param descendants whether the tables that inherit from it are read with it
   */
  constructor(
    state: BindState,
    table: TableDescriptor | VirtualDescriptor,
    alias: string | undefined,
    names: readonly string[] | undefined,
    privilege: PrivilegeUse | undefined,
    firstId?: ColumnId,
    descendants = false,
  ) {
    super(alias ?? table.name, alias !== undefined);
    this.descendants = descendants;
    this.relation = table;
    this.rowType = table.rowType;
    this.shape = shapeOf(table);
    this.allUsers = state.cx.allUsers && table.kind === 'table' && isPartitioned(table);
    this.firstId = firstId ?? state.newColumns(table.columns.length);
    this.#names = names;
    this.#state = state;
    this.#privilege = privilege;
    if (firstId === undefined) state.noteTableColumns(this.firstId, table.columns.length, table.oid);
  }

  get size(): number {
    return this.shape.live.length;
  }

  nameAt(index: number): string {
    return this.#names?.[index] ?? this.shape.live[index]?.name ?? '';
  }

  find(name: string): number {
    return this.#names === undefined ? (this.shape.byName.get(name) ?? NOT_FOUND) : findIn(this, name);
  }

  refer(index: number, location?: number): BoundColumn {
    const column = this.shape.live[index];
    if (column === undefined) throw new RangeError(`no column ${index}`);
    if (this.#isScanned[index] !== true) this.#scan(index, column);
    this.#privilege?.columns?.add(column.number);
    return columnNode(this.#idOf(column), this.nameAt(index), column.type, column.typmod, column.collation, location);
  }

  #idOf(column: ColumnDescriptor): ColumnId {
    return (this.firstId + column.number - 1) as ColumnId;
  }

  #scan(index: number, column: ColumnDescriptor): void {
    this.#isScanned[index] = true;
    const output = { id: this.#idOf(column), name: column.name, type: column.type, typmod: column.typmod, number: column.number };
    this.columns.push(column.collation === undefined ? output : { ...output, collation: column.collation });
  }

  /** The statement reads columns of it, for which it needs the privilege to. */
  get isRead(): boolean {
    return (this.#privilege?.columns?.size ?? 0) > 0;
  }

  /** The columns too that another name for the same row reads. */
  readWith(other: TableItem): void {
    for (const column of other.columns) {
      if (!('number' in column)) {
        if (!this.columns.some((own) => own.id === column.id)) this.columns.push(column);
        continue;
      }
      const index = this.shape.live.findIndex(({ number }) => number === column.number);
      const own = this.shape.live[index];
      if (own !== undefined && this.#isScanned[index] !== true) this.#scan(index, own);
    }
  }

  /** All columns, as UPDATE and DELETE need the old row, without asking for the privilege to read them. */
  useAll(): void {
    for (let i = 0; i < this.shape.live.length; i++) {
      const column = this.shape.live[i];
      if (column !== undefined && this.#isScanned[i] !== true) this.#scan(i, column);
    }
    this.columns.sort(byNumber);
  }

  override system(name: string, location?: number): BoundColumn | undefined {
    if (!this.hasSystemColumns) return undefined;
    const found = systemColumn(this.relation, name, this.allUsers);
    if (found === undefined) return undefined;
    this.#privilege?.columns?.add(found.number);
    const column = this.referSystem(found.system, name, found.type, location);
    this.#state.noteOrigin(column.id, { relation: this.relation.oid, number: found.number });
    return column;
  }

  /** The id of a hidden column, which the scan then gives. */
  referSystem(system: SystemColumn, name: string, type: Oid, location?: number): BoundColumn {
    let column = this.columns.find((c) => 'system' in c && c.system === system);
    if (column === undefined) {
      column = { id: this.#state.newColumn(), name, type, typmod: -1, system };
      this.columns.push(column);
    }
    return columnNode(column.id, name, type, -1, undefined, location);
  }

  /** The row's whole key, by which it is changed or locked. */
  rowKey(): ColumnId {
    return this.referSystem('row key', 'row key', TypeOid.bytea).id;
  }

  /** Which table the row is of, where there are several. */
  tableId(): { readonly tableId?: ColumnId } {
    return this.descendants ? { tableId: this.referSystem('tableoid', 'tableoid', TypeOid.oid).id } : {};
  }
}

function byNumber(a: ScanColumn, b: ScanColumn): number {
  return ('number' in a ? a.number : Number.MAX_SAFE_INTEGER) - ('number' in b ? b.number : Number.MAX_SAFE_INTEGER);
}

export interface ListItemOptions {
  readonly relation?: RelationDescriptor;
  readonly rowType?: Oid;
  readonly isScalar?: boolean;
  /** A view: columns that are used need this privilege. */
  readonly privilege?: PrivilegeUse;
  readonly starSize?: number;
}

/** Anything else with columns: each is an expression over ids that exist already. */
export class ListItem extends RelationItem {
  readonly relation: RelationDescriptor | undefined;
  readonly rowType: Oid;
  readonly #names: readonly string[];
  readonly #columns: readonly BoundExpr[];
  readonly #options: ListItemOptions;

  constructor(alias: string, isNamed: boolean, names: readonly string[], columns: readonly BoundExpr[], options: ListItemOptions = {}) {
    super(alias, isNamed);
    this.#names = names;
    this.#columns = columns;
    this.#options = options;
    this.relation = options.relation;
    this.rowType = options.rowType ?? TypeOid.record;
  }

  get size(): number {
    return this.#columns.length;
  }

  override get starSize(): number {
    return this.#options.starSize ?? this.size;
  }

  override get isScalar(): boolean {
    return this.#options.isScalar === true;
  }

  nameAt(index: number): string {
    return this.#names[index] ?? '';
  }

  find(name: string): number {
    return findIn(this, name);
  }

  refer(index: number, location?: number): BoundExpr {
    const column = this.#columns[index];
    if (column === undefined) throw new RangeError(`no column ${index}`);
    this.#options.privilege?.columns?.add(index + 1);
    if (column.kind === 'column') {
      return columnNode(column.id, this.nameAt(index), column.type, column.typmod, column.collation, location);
    }
    return location === undefined ? column : { ...column, location };
  }
}

/** Looks through the names. */
export function findIn(item: RelationItem, name: string): number {
  let found = NOT_FOUND;
  for (let i = 0; i < item.size; i++) {
    if (item.nameAt(i) !== name) continue;
    if (found !== NOT_FOUND) return AMBIGUOUS;
    found = i;
  }
  return found;
}

export function itemOf(alias: string, isNamed: boolean, columns: readonly OutputColumn[], options: ListItemOptions = {}): ListItem {
  return new ListItem(
    alias,
    isNamed,
    columns.map((column) => column.name),
    columns.map((column) => columnNode(column.id, column.name, column.type, column.typmod, column.collation)),
    options,
  );
}
