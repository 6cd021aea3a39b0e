import type { IndexDescriptor, InvertedClass } from './descriptors.js';

/** Access methods that an ordered index answers as well as PostgreSQL's own. */
const ORDERED_METHODS: ReadonlySet<string> = new Set(['btree', 'hash']);

/** Operator classes of gin that have entries here. */
const INVERTED_CLASSES: ReadonlyMap<string, InvertedClass> = new Map<string, InvertedClass>([
  ['array_ops', 'array'],
  ['jsonb_ops', 'jsonb'],
  ['jsonb_path_ops', 'jsonb path'],
  ['tsvector_ops', 'tsvector'],
  ['gin_trgm_ops', 'trigram'],
]);

/** What a gin index over columns of these operator classes takes apart; undefined where one of them is not known here. */
export function invertedClassesOf(method: string, opclasses: readonly string[]): readonly InvertedClass[] | undefined {
  if (method !== 'gin') return undefined;
  const classes: InvertedClass[] = [];
  for (const name of opclasses) {
    const known = INVERTED_CLASSES.get(name);
    if (known === undefined) return undefined;
    classes.push(known);
  }
  return classes;
}

/** Entries in the order of values. */
export function isOrdered(index: Pick<IndexDescriptor, 'method'>): boolean {
  return ORDERED_METHODS.has(index.method);
}

/** Whether an index has entries. Those of other methods (gist, hnsw …) stand in the catalog alone: migrations make them, queries scan. */
export function hasEntries(index: Pick<IndexDescriptor, 'method' | 'inverted' | 'exclusion'>): boolean {
  return isOrdered(index) || index.inverted !== undefined || index.exclusion !== undefined;
}
