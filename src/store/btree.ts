import { createRequire } from 'node:module';
import type sortedBtree from 'sorted-btree';

/**
 * sorted-btree's one class. It is a CommonJS module whose `default` Node and vitest hand over differently when it is imported, so it is
 * required, which both do alike.
 */
const { default: SortedBTree }: typeof sortedBtree = createRequire(import.meta.url)('sorted-btree');

export type BTree<K, V> = InstanceType<typeof SortedBTree<K, V>>;

export function newBTree<K, V>(compare: (a: K, b: K) => number): BTree<K, V> {
  return new SortedBTree<K, V>(undefined, compare);
}
