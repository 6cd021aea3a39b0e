import type { TableDescriptor } from '../../catalog/descriptors.js';

const known = new WeakMap<TableDescriptor, WeakMap<TableDescriptor, readonly number[]>>();

/** By the column numbers - 1 of one table of a tree: the numbers of the columns of the same names in another; 0: none. */
export function numbersOf(from: TableDescriptor, to: TableDescriptor): readonly number[] {
  let ofFrom = known.get(from);
  if (ofFrom === undefined) {
    ofFrom = new WeakMap();
    known.set(from, ofFrom);
  }
  let numbers = ofFrom.get(to);
  if (numbers === undefined) {
    const byName = new Map<string, number>();
    for (const column of to.columns) if (column.dropped !== true) byName.set(column.name, column.number);
    numbers = from.columns.map((column) => (column.dropped === true ? 0 : (byName.get(column.name) ?? 0)));
    ofFrom.set(to, numbers);
  }
  return numbers;
}
