import { assert } from '../../commons/assert.js';
import { type BatchScan, EntryBatch } from '../entry-batch.js';
import {
  IS_BRANCH,
  IS_LEAF,
  IS_OVERFLOW,
  PAGE_HEADER_BYTES,
  type PageFile,
  readUint16,
  readUint32,
  readUint64,
  type TreeRoot,
} from './page-file.js';
import { childAt, childFor, compareKeyAt, entriesOf, NODE_HEADER_BYTES, nodeAt } from './tree-page.js';

const IS_LARGE = 0x01;

/** The first batch is one page, for who wants a few rows only. */
const FIRST_PAGES = 1;
const MAX_PAGES = 16;
/** A branch page on the way down: the pages below it, and which of them comes next. */
interface Level {
  readonly children: readonly number[];
  next: number;
}

interface LargeValue {
  readonly page: number;
  readonly size: number;
}

/** A place among stored keys, which lead with their space. */
export interface TreeBounds {
  /** From the first key that is not below. */
  readonly from: Uint8Array;
  /** Up to the first key that is not below. */
  readonly to: Uint8Array;
  /** Bytes of a stored key that are the space's. */
  readonly prefixBytes: number;
}

/**
 * Entries in the order of keys, read leaf page by leaf page. Each page is checked to be what its place in the tree says: its number, its
 * kind, and that it is no younger than the transaction.
 */
export class TreeScan implements BatchScan {
  readonly #file: PageFile;
  readonly #root: TreeRoot;
  readonly #bounds: TreeBounds;
  readonly #closed: (scan: TreeScan) => void;
  readonly #levels: Level[] = [];
  readonly #batch = new EntryBatch();
  #memory: Buffer;
  #pages = FIRST_PAGES;
  #started = false;
  #isOver = false;
  /** Values of the batch that have pages of their own. */
  #large: LargeValue[] = [];

  constructor(file: PageFile, root: TreeRoot, bounds: TreeBounds, closed: (scan: TreeScan) => void) {
    this.#file = file;
    this.#root = root;
    this.#bounds = bounds;
    this.#closed = closed;
    this.#memory = Buffer.allocUnsafeSlow(FIRST_PAGES * file.pageBytes);
    this.#batch.readLarge = (start) => this.#readLarge(start);
  }

  next(): EntryBatch | undefined {
    const batch = this.#batch;
    while (!this.#isOver) {
      batch.count = 0;
      this.#large = [];
      if (this.#started) this.#readLeaves();
      else this.#start();
      batch.bytes = this.#memory;
      if (batch.count > 0) return batch;
    }
    this.close();
    return undefined;
  }

  close(): void {
    this.#isOver = true;
    this.#closed(this);
  }

  /** Goes down to the first leaf, and takes it. */
  #start(): void {
    this.#started = true;
    if (!Number.isSafeInteger(this.#root.page)) {
      this.#isOver = true;
      return;
    }
    for (let page = this.#root.page; ; ) {
      this.#file.read(page, 1, this.#memory, 0);
      if (this.#check(0, page) === IS_LEAF) {
        this.#takeLeaf(0, true);
        return;
      }
      const children = this.#children(0);
      const next = childFor(this.#memory, 0, this.#bounds.from);
      this.#levels.push({ children, next: next + 1 });
      page = children[next] ?? 0;
    }
  }

  #children(at: number): number[] {
    const children: number[] = [];
    for (let i = 0; i < entriesOf(this.#memory, at); i++) children.push(childAt(this.#memory, at, i));
    return children;
  }

  /** The next leaves: those that follow one another in the file with one call. */
  #readLeaves(): void {
    const level = this.#lowest();
    if (level === undefined) {
      this.#isOver = true;
      return;
    }
    const { pageBytes } = this.#file;
    const { children } = level;
    this.#pages = Math.min(this.#pages * 4, MAX_PAGES);
    const count = Math.min(this.#pages, children.length - level.next);
    if (this.#memory.length < count * pageBytes) this.#memory = Buffer.allocUnsafeSlow(this.#pages * pageBytes);
    for (let done = 0; done < count; ) {
      const first = children[level.next + done] ?? 0;
      let together = 1;
      while (done + together < count && children[level.next + done + together] === first + together) together++;
      this.#file.read(first, together, this.#memory, done * pageBytes);
      done += together;
    }
    for (let i = 0; i < count && !this.#isOver; i++) {
      const page = children[level.next] ?? 0;
      level.next++;
      assert(this.#check(i * pageBytes, page) === IS_LEAF, 'a branch page among leaf pages');
      this.#takeLeaf(i * pageBytes, false);
    }
  }

  /** The branch above the leaves that has some left. */
  #lowest(): Level | undefined {
    const levels = this.#levels;
    const depth = levels.length;
    while (levels.length > 0) {
      const level = levels.at(-1);
      if (level === undefined || level.next < level.children.length) break;
      levels.pop();
    }
    while (levels.length > 0 && levels.length < depth) {
      const level = levels.at(-1);
      const page = level?.children[level.next];
      if (level === undefined || page === undefined) break;
      level.next++;
      this.#file.read(page, 1, this.#memory, 0);
      assert(this.#check(0, page) === IS_BRANCH, 'a leaf page among branch pages');
      levels.push({ children: this.#children(0), next: 0 });
    }
    return levels.at(-1);
  }

  #check(at: number, page: number): number {
    const memory = this.#memory;
    const kind = readUint16(memory, at + 18) & (IS_BRANCH | IS_LEAF);
    const isRight = readUint64(memory, at) === page && readUint64(memory, at + 8) <= this.#root.transaction;
    assert(isRight, 'a page of the data file is not the one that was asked for');
    return kind;
  }

  /** @param isFirst only the first leaf can hold what is below the lower bound */
  #takeLeaf(at: number, isFirst: boolean): void {
    const memory = this.#memory;
    const batch = this.#batch;
    const { from, to, prefixBytes } = this.#bounds;
    const count = entriesOf(memory, at);
    if (count === 0) return;
    let first = 0;
    if (isFirst) while (first < count && compareKeyAt(memory, at, first, from) < 0) first++;
    let end = count;
    if (compareKeyAt(memory, at, count - 1, to) >= 0) {
      this.#isOver = true;
      end = first;
      while (end < count && compareKeyAt(memory, at, end, to) < 0) end++;
    }
    for (let i = first; i < end; i++) {
      const node = nodeAt(memory, at, i);
      const keyBytes = readUint16(memory, node + 6);
      const size = readUint32(memory, node);
      const value = node + NODE_HEADER_BYTES + keyBytes;
      const key = node + NODE_HEADER_BYTES + prefixBytes;
      if ((readUint16(memory, node + 4) & IS_LARGE) === 0) batch.add(key, value, value, value + size);
      else batch.add(key, value, -this.#large.push({ page: readUint64(memory, value), size }), size);
    }
  }

  #readLarge(start: number): Uint8Array {
    const value = this.#large[-start - 1];
    assert(value !== undefined, 'a large value that the batch does not have');
    const { page, size } = value;
    const pages = Math.ceil((PAGE_HEADER_BYTES + size) / this.#file.pageBytes);
    const bytes = new Uint8Array(pages * this.#file.pageBytes);
    this.#file.read(page, pages, bytes, 0);
    const isRight = readUint64(bytes, 0) === page && (readUint16(bytes, 18) & IS_OVERFLOW) !== 0;
    assert(isRight, 'a large value is not where its entry says');
    return bytes.subarray(PAGE_HEADER_BYTES, PAGE_HEADER_BYTES + size);
  }
}
