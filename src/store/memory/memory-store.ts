import { assert } from '../../commons/assert.js';
import type { SpaceName } from '../../commons/space-name.js';
import { type BTree, newBTree } from '../btree.js';
import { compareBytes } from '../bytes.js';
import type {
  KeyRange,
  LoggedBatch,
  LoggedChange,
  Scan,
  Snapshot,
  Space,
  Store,
  StoreObserver,
  StoreStats,
  WriteBatch,
  WriteOperation,
  WriteOptions,
} from '../store.js';

/**
 * The store in memory, for tests. A snapshot is the set of trees at its time; a write clones the trees that it changes (sorted-btree shares
 * their nodes), so what a snapshot sees never changes. Batches of one turn of the event loop are one group, as on disk.
 */
type Tree = BTree<Uint8Array, Uint8Array>;
const newTree = (): Tree => newBTree(compareBytes);
const MAX_KEY_BYTES = 1974;
const DEFAULT_HISTORY_BYTES = 64 * 1024 ** 2;

interface MemorySpace extends Space {
  readonly store: MemoryStore;
}

interface Waiting {
  readonly batch: WriteBatch;
  readonly options: WriteOptions;
  readonly done: () => void;
}

export class MemoryStore implements Store {
  readonly maxKeyBytes = MAX_KEY_BYTES;
  readonly #historyBytes: number;
  readonly #spaces = new Map<SpaceName, MemorySpace>();
  /** By space id; replaced by a write when a snapshot holds it. */
  #trees: Map<number, Tree> = new Map();
  #shared = false;
  #waiting: Waiting[] = [];
  #history: { readonly batch: LoggedBatch; readonly sizeBytes: number }[] = [];
  #keptBytes = 0;
  lastLabel: Uint8Array | undefined;
  #openSnapshots = 0;
  #groups = 0;
  #batches = 0;
  #closed = false;

  constructor(options: { readonly historyBytes?: number } = {}) {
    this.#historyBytes = options.historyBytes ?? DEFAULT_HISTORY_BYTES;
  }

  space(name: SpaceName): Space {
    let space = this.#spaces.get(name);
    if (space === undefined) {
      space = { name, id: this.#spaces.size + 1, store: this };
      this.#spaces.set(name, space);
    }
    return space;
  }

  spaces(): readonly SpaceName[] {
    return [...this.#spaces.values()].filter((space) => (this.#trees.get(space.id)?.size ?? 0) > 0).map((space) => space.name);
  }

  snapshot(): Snapshot {
    assert(!this.#closed, 'the store is closed');
    this.#shared = true;
    this.#openSnapshots++;
    return new MemorySnapshot(this.#trees, () => this.#openSnapshots--);
  }

  /** What is written has its place only when it is applied. */
  newest(): Snapshot {
    return this.snapshot();
  }

  async *history(): AsyncGenerator<LoggedBatch, void, undefined> {
    for (const { batch } of [...this.#history]) yield batch;
  }

  write(batch: WriteBatch, options: WriteOptions = {}): Promise<void> {
    assert(!this.#closed, 'the store is closed');
    if (options.label !== undefined) this.lastLabel = options.label;
    return new Promise((done) => {
      this.#waiting.push({ batch, options, done });
      if (this.#waiting.length === 1) setImmediate(() => this.#apply());
    });
  }

  async sync(): Promise<void> {
    if (this.#waiting.length > 0) await this.write([]);
  }

  backup(): Promise<void> {
    return Promise.reject(new Error('a store in memory has no backup'));
  }

  /** Nothing is written durably here. */
  observer: StoreObserver | undefined;

  stats(): StoreStats {
    let entries = 0;
    for (const tree of this.#trees.values()) entries += tree.size;
    return {
      engine: 'memory',
      entries,
      sizeBytes: 0,
      openSnapshots: this.#openSnapshots,
      writeMs: 0,
      groups: this.#groups,
      batches: this.#batches,
    };
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    await this.sync();
    this.#closed = true;
  }

  #apply(): void {
    const group = this.#waiting;
    this.#waiting = [];
    this.#groups++;
    this.#batches += group.length;
    const fresh = new Set<number>();
    if (this.#shared) {
      this.#trees = new Map(this.#trees);
      this.#shared = false;
    } else for (const id of this.#trees.keys()) fresh.add(id);
    for (const { batch, options } of group) {
      for (const operation of batch) this.#applyOne(operation, fresh);
      if (options.label !== undefined) this.#remember(batch, options.label);
    }
    for (const { options } of group) {
      options.ordered?.();
      options.visible?.();
    }
    for (const { done } of group) done();
  }

  #remember(batch: WriteBatch, label: Uint8Array): void {
    let sizeBytes = label.length;
    for (const operation of batch) if ('value' in operation) sizeBytes += operation.key.length + (operation.value?.length ?? 0);
    const isComplete = sizeBytes <= this.#historyBytes;
    const number = (this.#history.at(-1)?.batch.number ?? 0) + 1;
    this.#history.push({ batch: { number, label, isComplete, changes: isComplete ? batch.map(toChange) : [] }, sizeBytes });
    this.#keptBytes += sizeBytes;
    while (this.#keptBytes > this.#historyBytes && this.#history.length > 1) this.#keptBytes -= this.#history.shift()?.sizeBytes ?? 0;
  }

  /** @param fresh spaces whose tree belongs to no snapshot */
  #applyOne(operation: WriteOperation, fresh: Set<number>): void {
    const id = operation.space.id;
    let tree = this.#trees.get(id);
    if (tree === undefined || !fresh.has(id)) {
      tree = tree === undefined ? newTree() : tree.clone();
      this.#trees.set(id, tree);
      fresh.add(id);
    }
    if (operation.op === 'delete range') deleteRange(tree, operation.gte, operation.lt);
    else if (operation.op === 'delete' || operation.value === undefined) tree.delete(operation.key);
    else {
      assert(operation.key.length > 0 && operation.key.length <= MAX_KEY_BYTES, 'a key of a length that is not allowed');
      tree.set(operation.key, operation.value);
    }
  }
}

function toChange(operation: WriteOperation): LoggedChange {
  const { name } = operation.space;
  if (operation.op === 'delete range') return { ...operation, space: name };
  const { key } = operation;
  return operation.op === 'delete' || operation.value === undefined
    ? { op: 'delete', space: name, key }
    : { op: 'put', space: name, key, value: operation.value };
}

function deleteRange(tree: Tree, gte: Uint8Array | undefined, lt: Uint8Array | undefined): void {
  const doomed: Uint8Array[] = [];
  for (const key of tree.keys(gte)) {
    if (lt !== undefined && compareBytes(key, lt) >= 0) break;
    doomed.push(key);
  }
  for (const key of doomed) tree.delete(key);
}

class MemorySnapshot implements Snapshot {
  readonly #trees: ReadonlyMap<number, Tree>;
  #release: (() => void) | undefined;

  constructor(trees: ReadonlyMap<number, Tree>, release: () => void) {
    this.#trees = trees;
    this.#release = release;
  }

  get(space: Space, key: Uint8Array): Uint8Array | undefined {
    assert(this.#release !== undefined, 'a read from a snapshot that is released');
    return this.#trees.get(space.id)?.get(key);
  }

  getMany(space: Space, keys: readonly Uint8Array[]): readonly (Uint8Array | undefined)[] {
    return keys.map((key) => this.get(space, key));
  }

  scan(space: Space, range: KeyRange): Scan {
    assert(this.#release !== undefined, 'a scan of a snapshot that is released');
    return new MemoryScan(this, this.#trees.get(space.id) ?? newTree(), range);
  }

  get released(): boolean {
    return this.#release === undefined;
  }

  scanBatches(): undefined {
    return undefined;
  }

  estimate(space: Space, { gte, lt }: KeyRange): number {
    const tree = this.#trees.get(space.id);
    if (tree === undefined) return 0;
    if (gte === undefined && lt === undefined) return tree.size;
    let count = 0;
    for (const key of tree.keys(gte)) {
      if (lt !== undefined && compareBytes(key, lt) >= 0) break;
      count++;
    }
    return count;
  }

  release(): void {
    assert(this.#release !== undefined, 'a snapshot is released twice');
    this.#release();
    this.#release = undefined;
  }
}

const NOTHING = new Uint8Array(0);

class MemoryScan implements Scan {
  readonly #snapshot: MemorySnapshot;
  #entries: Iterator<[Uint8Array, Uint8Array]> | undefined;
  readonly #range: KeyRange;
  #left: number;
  key: Uint8Array = NOTHING;
  value: Uint8Array = NOTHING;

  constructor(snapshot: MemorySnapshot, tree: Tree, range: KeyRange) {
    this.#snapshot = snapshot;
    this.#range = range;
    this.#left = range.limit ?? Number.POSITIVE_INFINITY;
    this.#entries = range.reverse === true ? tree.entriesReversed(range.lt, undefined, true) : tree.entries(range.gte);
  }

  next(): boolean {
    if (this.#entries === undefined || this.#snapshot.released || this.#left-- <= 0) return this.#end();
    const step = this.#entries.next();
    if (step.done === true) return this.#end();
    const [key, value] = step.value;
    const { gte, lt, reverse } = this.#range;
    if (reverse === true ? gte !== undefined && compareBytes(key, gte) < 0 : lt !== undefined && compareBytes(key, lt) >= 0)
      return this.#end();
    this.key = key;
    this.value = value;
    return true;
  }

  close(): void {
    this.#entries = undefined;
  }

  #end(): false {
    this.#entries = undefined;
    return false;
  }
}
