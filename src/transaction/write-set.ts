import { type BTree, newBTree } from '../store/btree.js';
import { compareBytes, retainBytes } from '../store/bytes.js';
import { keyText } from '../store/key-text.js';
import type { Space } from '../store/store.js';

/**
 * What a transaction wrote, in memory until it commits. Of each key it keeps the versions by command, since a command must not see its own
 * writes (the Halloween problem) and an open portal sees those of earlier commands only.
 *
 * Keys that come in order are kept as they come; once they do not, they are found as strings (key-text.ts) in a Map. The tree that a scan needs is
 * made when the first scan of a space asks for it, so that a bulk load does not pay for it.
 */
export interface Version {
  /** undefined: the key is removed. */
  readonly value: Uint8Array | undefined;
  /** Seen by commands with a greater number. */
  readonly command: number;
  readonly older: Version | undefined;
}

/** The newest version of a key, and the key; at commit, the operation for the store and the change for observers. */
export class WriteEntry implements Version {
  readonly space: Space;
  readonly key: Uint8Array;
  value: Uint8Array | undefined;
  command: number;
  older: Version | undefined;
  /** The committed version before, where an observer wants it. Set at commit. */
  old: Uint8Array | undefined;

  constructor(space: Space, key: Uint8Array, value: Uint8Array | undefined, command: number) {
    this.space = space;
    this.key = key;
    this.value = value;
    this.command = command;
    this.older = undefined;
    this.old = undefined;
  }

  get op(): 'write' {
    return 'write';
  }

  /** What a command sees of it; undefined: nothing, so what is in the snapshot. */
  seenBy(command: number): Version | undefined {
    let version: Version | undefined = this;
    while (version !== undefined && version.command >= command) version = version.older;
    return version;
  }
}

const byText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** Up to here a key that comes out of order is put in its place. */
const SHORT_RUN = 32;

/** What was written in one space, each key once. */
export class SpaceWrites {
  /** In ascending order, for as long as the keys come so (bulk loads) or are few (most statements): then neither strings nor a map are made. */
  #run: WriteEntry[] | undefined = [];
  #byText: Map<string, WriteEntry> | undefined;
  #sorted: BTree<string, WriteEntry> | undefined;
  /** Counts the keys that came and went: an iterator over the order is good until it changes. */
  changes = 0;

  get size(): number {
    return this.#run?.length ?? this.#byText?.size ?? 0;
  }

  values(): Iterable<WriteEntry> {
    return this.#run ?? this.#byText?.values() ?? [];
  }

  find(key: Uint8Array): WriteEntry | undefined {
    const run = this.#run;
    if (run === undefined) return this.#byText?.get(keyText(key));
    const last = run[run.length - 1];
    if (last === undefined) return undefined;
    // The usual key is beyond all others.
    const order = compareBytes(key, last.key);
    if (order >= 0) return order === 0 ? last : undefined;
    const entry = run[placeOf(run, key)];
    return entry !== undefined && compareBytes(entry.key, key) === 0 ? entry : undefined;
  }

  /** @param entry of a key that was not found */
  add(entry: WriteEntry): void {
    const run = this.#run;
    const last = run?.[run.length - 1];
    if (run === undefined) this.#byText?.set(keyText(entry.key), entry);
    else if (last === undefined || compareBytes(entry.key, last.key) > 0) run.push(entry);
    else if (run.length < SHORT_RUN) run.splice(placeOf(run, entry.key), 0, entry);
    else {
      this.#byText = new Map();
      for (const each of run) this.#byText.set(keyText(each.key), each);
      this.#byText.set(keyText(entry.key), entry);
      this.#run = undefined;
    }
    this.#sorted?.set(keyText(entry.key), entry);
    this.changes++;
  }

  remove(entry: WriteEntry): void {
    const run = this.#run;
    if (run === undefined) this.#byText?.delete(keyText(entry.key));
    else if (run[run.length - 1] === entry) run.pop();
    else run.splice(placeOf(run, entry.key), 1);
    this.#sorted?.delete(keyText(entry.key));
    this.changes++;
  }

  sorted(): BTree<string, WriteEntry> {
    if (this.#sorted === undefined) {
      this.#sorted = newBTree<string, WriteEntry>(byText);
      const byKey: [string, WriteEntry][] = Array.from(this.values(), (entry) => [keyText(entry.key), entry]);
      if (this.#run === undefined) byKey.sort(([a], [b]) => byText(a, b));
      for (const [text, entry] of byKey) this.#sorted.set(text, entry);
    }
    return this.#sorted;
  }
}

/** Where a key stands in a run, or would. */
function placeOf(run: readonly WriteEntry[], key: Uint8Array): number {
  let low = 0;
  let high = run.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const entry = run[middle];
    if (entry !== undefined && compareBytes(entry.key, key) < 0) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** What an entry takes beside its key and value: measured, about. */
const ENTRY_BYTES = 330;

/** How a write is taken back; without a version: the entry was new. */
interface Undo {
  readonly entry: WriteEntry;
  readonly before: Version | undefined;
}

export class WriteSet {
  /** In the order of first writing. */
  readonly order: WriteEntry[] = [];
  /** What it takes in memory, about. */
  sizeBytes = 0;
  /** Made with the first write: most transactions only read. */
  #spaces: Map<Space, SpaceWrites> | undefined;
  readonly #undo: Undo[] = [];
  /** Whether there is a savepoint that could ask for what was before. */
  keepsUndo = false;

  /** Where anything was written. */
  spaces(): Iterable<Space> {
    return this.#spaces?.keys() ?? [];
  }

  /** What was written in a space; undefined when nothing was. */
  in(space: Space): SpaceWrites | undefined {
    return this.#spaces?.get(space);
  }

  /** The newest write of a key. */
  find(space: Space, key: Uint8Array): WriteEntry | undefined {
    return this.#spaces?.get(space)?.find(key);
  }

  /**
   * @param key copied: it often is a scan's own
   * @param value undefined: the key is removed
   * @param oldestReader the smallest command number of a view that is open: versions before the one it sees are dropped
   */
  write(space: Space, key: Uint8Array, value: Uint8Array | undefined, command: number, oldestReader: number): void {
    this.#spaces ??= new Map();
    let writes = this.#spaces.get(space);
    if (writes === undefined) {
      writes = new SpaceWrites();
      this.#spaces.set(space, writes);
    }
    const entry = writes.find(key);
    this.sizeBytes += value?.length ?? 0;
    if (entry === undefined) {
      const fresh = new WriteEntry(space, retainBytes(key), value, command);
      writes.add(fresh);
      this.order.push(fresh);
      this.sizeBytes += key.length + ENTRY_BYTES;
      if (this.keepsUndo) this.#undo.push({ entry: fresh, before: undefined });
      return;
    }
    const before: Version = { value: entry.value, command: entry.command, older: entry.older };
    if (this.keepsUndo) this.#undo.push({ entry, before });
    if (entry.command === command) {
      if (!this.keepsUndo) this.sizeBytes -= entry.value?.length ?? 0;
    } else {
      // Every open view sees `before` or what comes now: nobody looks further back.
      entry.older = before.command < oldestReader ? { value: before.value, command: before.command, older: undefined } : before;
    }
    entry.value = value;
    entry.command = command;
  }

  get undoPosition(): number {
    return this.#undo.length;
  }

  undoTo(position: number): void {
    while (this.#undo.length > position) {
      const undo = this.#undo.pop();
      if (undo === undefined) return;
      const { entry, before } = undo;
      this.sizeBytes -= entry.value?.length ?? 0;
      if (before === undefined) {
        this.#spaces?.get(entry.space)?.remove(entry);
        // What was first written since then stands at the end.
        this.order.pop();
        this.sizeBytes -= entry.key.length + ENTRY_BYTES;
      } else {
        entry.value = before.value;
        entry.command = before.command;
        entry.older = before.older;
      }
    }
  }

  forgetUndo(): void {
    this.#undo.length = 0;
  }
}
