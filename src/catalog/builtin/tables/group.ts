/** Lists by key, in the rows' order. */
export function groupBy<Row, Key>(rows: readonly Row[], keyOf: (row: Row) => Key): ReadonlyMap<Key, readonly Row[]> {
  const groups = new Map<Key, Row[]>();
  for (const row of rows) {
    const key = keyOf(row);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [row]);
    else group.push(row);
  }
  return groups;
}

/** By a unique key. */
export function indexBy<Row, Key>(rows: readonly Row[], keyOf: (row: Row) => Key): ReadonlyMap<Key, Row> {
  const index = new Map<Key, Row>();
  for (const row of rows) index.set(keyOf(row), row);
  return index;
}

/** What a look-up without a hit gives: one shared empty list. */
export const NONE: readonly never[] = Object.freeze([]);
