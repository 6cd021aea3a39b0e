import { assert } from '../../commons/assert.js';
import { IS_LEAF, type PageFile, readUint16, readUint64, type TreeRoot } from './page-file.js';
import { childAt, childFor, entriesBelow, entriesOf } from './tree-page.js';

/** Of a part of the tree: entries within the bounds, and entries at all. */
interface Count {
  readonly within: number;
  readonly all: number;
}

/**
 * How many entries lie between two keys, by what the tree looks like: the pages at both ends are counted, what lies between them is taken to
 * be as full as what is in the midst of it. Reads three pages a level.
 */
export function estimateEntries(file: PageFile, root: TreeRoot, from: Uint8Array, to: Uint8Array): number {
  if (!Number.isSafeInteger(root.page)) return 0;
  return Math.round(new TreeEstimate(file, root).count(root.page, from, to).within);
}

class TreeEstimate {
  readonly #file: PageFile;
  readonly #root: TreeRoot;

  constructor(file: PageFile, root: TreeRoot) {
    this.#file = file;
    this.#root = root;
  }

  /** An absent bound: all of the page on that side. */
  count(page: number, from: Uint8Array | undefined, to: Uint8Array | undefined): Count {
    const memory = this.#read(page);
    const entries = entriesOf(memory, 0);
    if ((readUint16(memory, 18) & IS_LEAF) !== 0) {
      const end = to === undefined ? entries : entriesBelow(memory, 0, to);
      return { within: Math.max(end - (from === undefined ? 0 : entriesBelow(memory, 0, from)), 0), all: entries };
    }
    const first = from === undefined ? 0 : childFor(memory, 0, from);
    const last = to === undefined ? entries - 1 : childFor(memory, 0, to);
    if (first === last) {
      const { within, all } = this.count(childAt(memory, 0, first), from, to);
      return { within, all: all * entries };
    }
    const middle = this.count(childAt(memory, 0, (first + last) >>> 1), undefined, undefined).all;
    // Ends without a bound are as full as the rest.
    const low = from === undefined ? middle : this.count(childAt(memory, 0, first), from, undefined).within;
    const high = to === undefined ? middle : this.count(childAt(memory, 0, last), undefined, to).within;
    return { within: low + high + Math.max(last - first - 1, 0) * middle, all: entries * middle };
  }

  #read(page: number): Uint8Array {
    const memory = Buffer.allocUnsafe(this.#file.pageBytes);
    this.#file.read(page, 1, memory, 0);
    const isRight = readUint64(memory, 0) === page && readUint64(memory, 8) <= this.#root.transaction;
    assert(isRight, 'a page of the data file is not the one that was asked for');
    return memory;
  }
}
