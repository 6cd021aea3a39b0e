import { assert } from '../../commons/assert.js';
import type { Row, SqlValue } from '../../types/value.js';
import type { CatalogSnapshot } from '../catalog.js';
import type { VirtualDescriptor } from '../descriptors.js';
import type { BuiltinRows } from './builtin-rows.js';
import type { VirtualContext } from './context.js';

/** One reading of a virtual relation: what its provider makes rows from, and which ones the reader asks for. */
export class VirtualScan {
  readonly table: VirtualDescriptor;
  readonly cx: VirtualContext;
  readonly catalog: CatalogSnapshot;
  readonly builtinRows: BuiltinRows;
  readonly equal: ReadonlyMap<number, SqlValue>;

  constructor(table: VirtualDescriptor, cx: VirtualContext, builtinRows: BuiltinRows, equal: ReadonlyMap<number, SqlValue>) {
    this.table = table;
    this.cx = cx;
    this.catalog = cx.catalog;
    this.builtinRows = builtinRows;
    this.equal = equal;
  }

  /** The number that a column must equal; undefined when any will do. */
  number(column: string): number | undefined {
    const value = this.#wanted(column);
    return typeof value === 'number' ? value : undefined;
  }

  text(column: string): string | undefined {
    const value = this.#wanted(column);
    return typeof value === 'string' ? value : undefined;
  }

  #wanted(column: string): SqlValue | undefined {
    if (this.equal.size === 0) return undefined;
    for (const [number, value] of this.equal) if (this.table.columns[number - 1]?.name === column) return value;
    return undefined;
  }
}

/** Makes the rows of one relation. */
export type Provider = (scan: VirtualScan) => Iterable<Row>;
/** By VirtualDescriptor.provider: `pg_catalog.pg_class`. */
export type Providers = Readonly<Record<string, Provider>>;

/** The column's number, for indexes over rows that are kept. */
export function columnNumber(table: VirtualDescriptor, name: string): number {
  const column = table.columns.find((candidate) => candidate.name === name);
  assert(column !== undefined, `${table.name} has a column ${name}`);
  return column.number;
}
