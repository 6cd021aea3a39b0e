import { keyText } from '../key-text.js';
import type { KeyRange, Space, WriteBatch } from '../store.js';

/**
 * Batches that are ordered and not yet in the engine, in memory. Each key keeps its versions by the number of their batch, so that every
 * snapshot finds its own. A layer lives some milliseconds: it fills up, is frozen, applied and dropped.
 *
 * Keys are found as strings in a Map; their order is made when the first scan of a space asks for it.
 */
export class LayerVersion {
  readonly space: Space;
  readonly key: Uint8Array;
  /** undefined: the key is removed. */
  readonly value: Uint8Array | undefined;
  /** Of its batch. */
  readonly number: number;
  /** Orders it among the range deletions of its layer. */
  readonly place: number;
  readonly older: LayerVersion | undefined;

  constructor(
    space: Space,
    key: Uint8Array,
    value: Uint8Array | undefined,
    number: number,
    place: number,
    older: LayerVersion | undefined,
  ) {
    this.space = space;
    this.key = key;
    this.value = value;
    this.number = number;
    this.place = place;
    this.older = older;
  }

  get op(): 'write' {
    return 'write';
  }
}

/** A range that a batch removed. */
interface Clearing {
  readonly gte: string | undefined;
  readonly lt: string | undefined;
  readonly range: { readonly gte?: Uint8Array; readonly lt?: Uint8Array };
  readonly number: number;
  readonly place: number;
}

/** What the engine needs of a version beside its key and value, about. */
const VERSION_BYTES = 250;

export class SpaceLayer {
  readonly space: Space;
  readonly entries = new Map<string, LayerVersion>();
  readonly clearings: Clearing[] = [];
  #sorted: string[] = [];
  /** Keys that came since the order was made. */
  #unsorted: string[] = [];

  constructor(space: Space) {
    this.space = space;
  }

  put(text: string, key: Uint8Array, value: Uint8Array | undefined, number: number, place: number): void {
    const older = this.entries.get(text);
    this.entries.set(text, new LayerVersion(this.space, key, value, number, place, older));
    if (older === undefined) this.#unsorted.push(text);
  }

  /** What a snapshot of that number sees of a key; undefined: nothing here, so what lies below. */
  find(text: string, number: number): { readonly value: Uint8Array | undefined } | undefined {
    let version = this.entries.get(text);
    while (version !== undefined && version.number > number) version = version.older;
    const clearing = this.clearings.length === 0 ? undefined : this.clearingOf(text, number);
    if (clearing === undefined) return version;
    return version !== undefined && version.place > clearing.place ? version : CLEARED;
  }

  /** The newest range deletion that a snapshot sees over a key. */
  clearingOf(text: string, number: number): Clearing | undefined {
    return this.clearings.findLast(
      ({ gte, lt, number: own }) => own <= number && (gte === undefined || text >= gte) && (lt === undefined || text < lt),
    );
  }

  /** Versions of a range that a snapshot sees, in the order of their keys. */
  *visible(gte: string | undefined, lt: string | undefined, number: number): Iterable<[string, LayerVersion]> {
    const keys = this.#inOrder();
    for (let i = gte === undefined ? 0 : lowerBound(keys, gte); i < keys.length; i++) {
      const text = keys[i] ?? '';
      if (lt !== undefined && text >= lt) return;
      const found = this.find(text, number);
      if (found instanceof LayerVersion) yield [text, found];
    }
  }

  /** Takes back what batches from a number on have put. */
  undo(from: number): void {
    for (const [text, newest] of this.entries) {
      let version: LayerVersion | undefined = newest;
      while (version !== undefined && version.number >= from) version = version.older;
      if (version === newest) continue;
      if (version === undefined) this.entries.delete(text);
      else this.entries.set(text, version);
    }
    this.#sorted = [];
    this.#unsorted = [...this.entries.keys()];
    while ((this.clearings.at(-1)?.number ?? 0) >= from) this.clearings.pop();
  }

  #inOrder(): readonly string[] {
    const fresh = this.#unsorted;
    if (fresh.length === 0) return this.#sorted;
    this.#unsorted = [];
    if (fresh.length <= 8 && this.#sorted.length > 0) {
      for (const text of fresh) this.#sorted.splice(lowerBound(this.#sorted, text), 0, text);
    } else {
      this.#sorted.push(...fresh);
      this.#sorted.sort();
    }
    return this.#sorted;
  }
}

const CLEARED = Object.freeze({ value: undefined });

export class Layer {
  readonly spaces = new Map<number, SpaceLayer>();
  /** Of the oldest and of the newest batch in it. */
  readonly firstNumber: number;
  lastNumber: number;
  /** Of the newest batch in it that has one. */
  lastLabel: Uint8Array | undefined;
  operations = 0;
  sizeBytes = 0;
  #places = 0;

  constructor(firstNumber: number) {
    this.firstNumber = firstNumber;
    this.lastNumber = firstNumber;
  }

  add(number: number, batch: WriteBatch, label: Uint8Array | undefined): void {
    for (const operation of batch) {
      const space = this.#spaceOf(operation.space);
      const place = ++this.#places;
      if (operation.op === 'delete range') {
        const { gte, lt } = operation;
        const range = { ...(gte !== undefined && { gte }), ...(lt !== undefined && { lt }) };
        space.clearings.push({ gte: gte && keyText(gte), lt: lt && keyText(lt), range, number, place });
        continue;
      }
      const { key } = operation;
      const value = operation.op === 'delete' ? undefined : operation.value;
      space.put(keyText(key), key, value, number, place);
      this.sizeBytes += key.length + (value === undefined ? 0 : value.length) + VERSION_BYTES;
    }
    this.operations += batch.length;
    this.lastNumber = number;
    if (label !== undefined) this.lastLabel = label;
  }

  undo(from: number): void {
    if (this.lastNumber < from) return;
    for (const space of this.spaces.values()) space.undo(from);
    this.lastNumber = from - 1;
  }

  /** What the engine has to do, so that it holds what a snapshot of the newest number sees. */
  *forEngine() {
    for (const space of this.spaces.values()) {
      for (const { range } of space.clearings) yield { op: 'delete range' as const, space: space.space, ...range };
      for (const [text, newest] of space.entries) {
        const clearing = space.clearings.length === 0 ? undefined : space.clearingOf(text, Number.POSITIVE_INFINITY);
        if (clearing === undefined || newest.place > clearing.place) yield newest;
      }
    }
  }

  #spaceOf(space: Space): SpaceLayer {
    let layer = this.spaces.get(space.id);
    if (layer === undefined) {
      layer = new SpaceLayer(space);
      this.spaces.set(space.id, layer);
    }
    return layer;
  }
}

/** Of a scan: the versions over what lies below, in the order of the keys, and what is hidden of it. */
export interface Overlay {
  readonly versions: readonly LayerVersion[];
  /** Some range deletion lies over the key. */
  readonly hides: ((key: Uint8Array) => boolean) | undefined;
}

/** @param layers the oldest first */
export function overlayOf(layers: readonly SpaceLayer[], range: KeyRange, number: number): Overlay {
  const gte = range.gte && keyText(range.gte);
  const lt = range.lt && keyText(range.lt);
  let merged: [string, LayerVersion][] = [];
  for (const layer of layers) {
    if (layer.clearings.length > 0) merged = merged.filter(([text]) => layer.clearingOf(text, number) === undefined);
    const own = [...layer.visible(gte, lt, number)];
    merged = merged.length === 0 ? own : own.length === 0 ? merged : mergeNewer(merged, own);
  }
  const clearing = layers.filter(({ clearings }) => clearings.length > 0);
  return {
    versions: merged.map(([, version]) => version),
    hides:
      clearing.length === 0
        ? undefined
        : (key) => {
            const text = keyText(key);
            return clearing.some((layer) => layer.clearingOf(text, number) !== undefined);
          },
  };
}

function mergeNewer(older: readonly [string, LayerVersion][], newer: readonly [string, LayerVersion][]): [string, LayerVersion][] {
  const merged: [string, LayerVersion][] = [];
  let i = 0;
  for (const entry of newer) {
    for (let below = older[i]; below !== undefined && below[0] < entry[0]; below = older[++i]) merged.push(below);
    if (older[i]?.[0] === entry[0]) i++;
    merged.push(entry);
  }
  merged.push(...older.slice(i));
  return merged;
}

function lowerBound(keys: readonly string[], text: string): number {
  let low = 0;
  let high = keys.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((keys[middle] ?? '') < text) low = middle + 1;
    else high = middle;
  }
  return low;
}
