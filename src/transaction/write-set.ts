import { type BTree, newBTree } from '../store/btree.js';
import { retainBytes } from '../store/bytes.js';
import { keyText } from '../store/key-text.js';
import type { Space } from '../store/store.js';

/**
 * What a transaction wrote, in memory until it commits. Of each key it keeps the versions by command, since a command must not see its own
 * writes (the Halloween problem) and an open portal sees those of earlier commands only.
 *
 * Keys are found as strings (key-text.ts) in a Map; the order that a scan needs is made when the first scan of a space asks for it, so
 * that a bulk load does not pay for it.
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

export class SpaceWrites {
  readonly entries = new Map<string, WriteEntry>();
  #sorted: BTree<string, WriteEntry> | undefined;
  /** Counts the keys that came and went: an iterator over the order is good until it changes. */
  changes = 0;

  add(text: string, entry: WriteEntry): void {
    this.entries.set(text, entry);
    this.#sorted?.set(text, entry);
    this.changes++;
  }

  remove(text: string): void {
    this.entries.delete(text);
    this.#sorted?.delete(text);
    this.changes++;
  }

  sorted(): BTree<string, WriteEntry> {
    if (this.#sorted === undefined) {
      this.#sorted = newBTree<string, WriteEntry>(byText);
      for (const [text, entry] of [...this.entries].sort(([a], [b]) => byText(a, b))) this.#sorted.set(text, entry);
    }
    return this.#sorted;
  }
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

  /** What was written in a space; undefined when nothing was. */
  in(space: Space): SpaceWrites | undefined {
    return this.#spaces?.get(space);
  }

  /** The newest write of a key. */
  find(space: Space, key: Uint8Array): WriteEntry | undefined {
    return this.#spaces?.get(space)?.entries.get(keyText(key));
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
    const text = keyText(key);
    const entry = writes.entries.get(text);
    this.sizeBytes += value?.length ?? 0;
    if (entry === undefined) {
      const fresh = new WriteEntry(space, retainBytes(key), value, command);
      writes.add(text, fresh);
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
        this.#spaces?.get(entry.space)?.remove(keyText(entry.key));
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
