import { TypeOid } from '../../../types/oids.js';
import type { BoundExpr } from '../expression.js';
import { findIn, RelationItem } from '../scope/relation-item.js';

/** A column of a join: one of its sides', or two merged by USING. */
export type JoinColumn =
  | { readonly name: string; readonly item: RelationItem; readonly index: number }
  | { readonly name: string; readonly merged: BoundExpr };

/** What a join with USING, NATURAL or an alias shows. Columns that nobody refers to stay unused in the scans below. */
export class JoinItem extends RelationItem {
  readonly relation = undefined;
  readonly rowType = TypeOid.record;
  readonly #columns: readonly JoinColumn[];
  readonly #names: readonly string[] | undefined;

  constructor(alias: string | undefined, names: readonly string[] | undefined, columns: readonly JoinColumn[]) {
    super(alias ?? '', alias !== undefined);
    this.#columns = columns;
    this.#names = names;
  }

  get size(): number {
    return this.#columns.length;
  }

  nameAt(index: number): string {
    return this.#names?.[index] ?? this.#columns[index]?.name ?? '';
  }

  /** Where a side's column stands among the join's. */
  placeOf(item: RelationItem | undefined, index: number | undefined): number | undefined {
    const place = this.#columns.findIndex((column) => 'item' in column && baseIs(column, item, index));
    return place === -1 ? undefined : place;
  }

  find(name: string): number {
    return findIn(this, name);
  }

  refer(index: number, location?: number): BoundExpr {
    const column = this.#columns[index];
    if (column === undefined) throw new RangeError(`no column ${index}`);
    if ('item' in column) return column.item.refer(column.index, location);
    return location === undefined ? column.merged : { ...column.merged, location };
  }

  override baseOf(index: number): { readonly item: RelationItem; readonly name: string } {
    const column = this.#columns[index];
    return column !== undefined && 'item' in column ? column.item.baseOf(column.index) : super.baseOf(index);
  }
}

/** Joins of joins lead down to the item that has the column. */
function baseIs(column: JoinColumn, item: RelationItem | undefined, index: number | undefined): boolean {
  if (!('item' in column) || item === undefined || index === undefined) return false;
  if (column.item === item) return column.index === index;
  return column.item instanceof JoinItem && column.item.placeOf(item, index) === column.index;
}
