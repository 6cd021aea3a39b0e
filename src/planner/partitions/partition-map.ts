import type { CatalogSnapshot } from '../../catalog/catalog.js';
import type { PartitionKey, RangeDatum, TableDescriptor } from '../../catalog/descriptors.js';
import { assert } from '../../commons/assert.js';
import { codecFor } from '../../types/type-codec.js';
import type { SqlValue } from '../../types/value.js';
import { type HashPartition, partitionHash } from './partition-hash.js';

/** Order of two values of a key column that are not NULL. */
export type KeyComparator = (a: SqlValue, b: SqlValue) => number;

/** The partitions of one partitioned table in the order of their bounds (PostgreSQL's PartitionDesc), and which of them has a row. */
export class PartitionMap {
  readonly key: PartitionKey;
  /** By bounds; the one for NULLs and the default one last. */
  readonly ordered: readonly TableDescriptor[];
  readonly comparators: readonly KeyComparator[];
  /** Index of the default partition; -1: none. */
  readonly defaultIndex: number;
  readonly #hash: HashPartition | undefined;
  /** List: value → index, by the type's hash key. */
  readonly #byValue = new Map<unknown, number>();
  #nullIndex = -1;
  /** Hash: index by remainder of the largest modulus. */
  readonly #byRemainder: number[] = [];
  #rangeCount = 0;

  constructor(key: PartitionKey, partitions: readonly TableDescriptor[]) {
    this.key = key;
    this.comparators = key.columns.map((column) => comparatorOfKey(column.type));
    const attached = partitions.filter((partition) => partition.partitionBound !== undefined && partition.detachPending !== true);
    this.ordered = attached.sort((a, b) => this.#compareBounds(a, b));
    this.defaultIndex = this.ordered.findIndex((partition) => partition.partitionBound?.kind === 'default');
    this.#hash = key.strategy === 'hash' ? partitionHash(key.columns.map((column) => column.type)) : undefined;
    for (const [index, { partitionBound: bound }] of this.ordered.entries()) {
      if (bound?.kind === 'list') {
        for (const value of bound.values) {
          if (value === null) this.#nullIndex = index;
          else this.#byValue.set(this.#keyOf(value), index);
        }
      } else if (bound?.kind === 'range') this.#rangeCount++;
    }
    if (key.strategy === 'hash') this.#fillRemainders();
  }

  /** Index of the partition that a row with these key values belongs to; -1: none. */
  find(values: readonly SqlValue[]): number {
    switch (this.key.strategy) {
      case 'list': {
        const value = values[0] ?? null;
        const found = value === null ? this.#nullIndex : (this.#byValue.get(this.#keyOf(value)) ?? -1);
        return found === -1 ? this.defaultIndex : found;
      }
      case 'range': {
        if (values.includes(null)) return this.defaultIndex;
        const index = this.rangeFrom(values, false) - 1;
        const bound = this.ordered[index]?.partitionBound;
        return bound?.kind === 'range' && this.compareDatums(values, bound.to) < 0 ? index : this.defaultIndex;
      }
      case 'hash':
        return this.#byRemainder.length === 0 ? -1 : (this.#byRemainder[this.remainder(values, this.#byRemainder.length)] ?? -1);
    }
  }

  remainder(values: readonly SqlValue[], modulus: number): number {
    assert(this.#hash !== undefined, 'only hash partitions have a remainder');
    return Number(this.#hash(values) % BigInt(modulus));
  }

  /** Range partitions, without the default one. */
  get rangeCount(): number {
    return this.#rangeCount;
  }

  /** How many ranges begin at or before these values of the first key columns; those that begin right there don't count with `strictly`. */
  rangeFrom(values: readonly SqlValue[], strictly: boolean): number {
    let low = 0;
    let high = this.#rangeCount;
    while (low < high) {
      const middle = (low + high) >>> 1;
      const bound = this.ordered[middle]?.partitionBound;
      assert(bound?.kind === 'range', 'ranges come first');
      const order = this.compareDatums(values, bound.from);
      if (order > 0 || (order === 0 && !strictly)) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** Values of the first key columns against a bound: 0 where the columns that are there are equal. */
  compareDatums(values: readonly SqlValue[], datums: readonly RangeDatum[]): number {
    for (let i = 0; i < values.length; i++) {
      const datum = datums[i];
      if (datum === undefined) break;
      if (datum.kind !== 'value') return datum.kind === 'minvalue' ? 1 : -1;
      const order = this.comparators[i]?.(values[i] ?? null, datum.value) ?? 0;
      if (order !== 0) return order;
    }
    return 0;
  }

  /** Negative, 0 or positive; its size is the place of the column that decides, from 1. */
  compareBound(a: readonly RangeDatum[], b: readonly RangeDatum[]): number {
    for (let i = 0; i < a.length; i++) {
      const left = a[i];
      const right = b[i];
      if (left === undefined || right === undefined) return 0;
      if (left.kind !== 'value' || right.kind !== 'value') {
        const order = DATUM_ORDER[left.kind] - DATUM_ORDER[right.kind];
        if (order !== 0) return Math.sign(order) * (i + 1);
        // What follows an unbounded column is of no account.
        if (left.kind !== 'value') return 0;
        continue;
      }
      const order = this.comparators[i]?.(left.value, right.value) ?? 0;
      if (order !== 0) return Math.sign(order) * (i + 1);
    }
    return 0;
  }

  /** The partition that lists a value. */
  listIndex(value: SqlValue): number {
    return value === null ? this.#nullIndex : (this.#byValue.get(this.#keyOf(value)) ?? -1);
  }

  #keyOf(value: SqlValue): unknown {
    return codecFor(this.key.columns[0]?.type ?? 0)?.hashKey?.(value) ?? value;
  }

  #fillRemainders(): void {
    let modulus = 0;
    for (const { partitionBound: bound } of this.ordered) if (bound?.kind === 'hash') modulus = Math.max(modulus, bound.modulus);
    for (let i = 0; i < modulus; i++) this.#byRemainder.push(-1);
    for (const [index, { partitionBound: bound }] of this.ordered.entries()) {
      if (bound?.kind !== 'hash') continue;
      for (let remainder = bound.remainder; remainder < modulus; remainder += bound.modulus) this.#byRemainder[remainder] = index;
    }
  }

  #compareBounds(a: TableDescriptor, b: TableDescriptor): number {
    const left = a.partitionBound;
    const right = b.partitionBound;
    const rank = (bound: TableDescriptor['partitionBound']): number =>
      bound?.kind === 'default' ? 2 : bound?.kind === 'list' && bound.values.every((value) => value === null) ? 1 : 0;
    if (rank(left) !== rank(right)) return rank(left) - rank(right);
    if (left?.kind === 'range' && right?.kind === 'range') return this.compareBound(left.from, right.from);
    if (left?.kind === 'hash' && right?.kind === 'hash') return left.modulus - right.modulus || left.remainder - right.remainder;
    if (left?.kind === 'list' && right?.kind === 'list') {
      const compare = this.comparators[0];
      const first = (values: readonly SqlValue[]): SqlValue => {
        let least: SqlValue = null;
        for (const value of values) if (value !== null && (least === null || (compare?.(value, least) ?? 0) < 0)) least = value;
        return least;
      };
      const one = first(left.values);
      const other = first(right.values);
      if (one !== null && other !== null) return compare?.(one, other) ?? 0;
    }
    return a.oid - b.oid;
  }
}

const DATUM_ORDER: Readonly<Record<RangeDatum['kind'], number>> = { minvalue: -1, value: 0, maxvalue: 1 };

function comparatorOfKey(type: number): KeyComparator {
  const compare = codecFor(type)?.compare;
  if (compare !== undefined) return compare;
  return (a, b) => (a === b ? 0 : (a as never) < (b as never) ? -1 : 1);
}

/** A list of children belongs to one state of the catalog. */
const maps = new WeakMap<readonly TableDescriptor[], WeakMap<PartitionKey, PartitionMap>>();

export function partitionMapOf(table: TableDescriptor, catalog: CatalogSnapshot): PartitionMap {
  assert(table.partitionKey !== undefined, `${table.name} is not partitioned`);
  const children = catalog.childrenOf(table.oid);
  let ofKeys = maps.get(children);
  if (ofKeys === undefined) {
    ofKeys = new WeakMap();
    maps.set(children, ofKeys);
  }
  let map = ofKeys.get(table.partitionKey);
  if (map === undefined) {
    map = new PartitionMap(table.partitionKey, [...children]);
    ofKeys.set(table.partitionKey, map);
  }
  return map;
}
