import { closeSync, openSync, readSync } from 'node:fs';
import { assert } from '../../commons/assert.js';

/**
 * LMDB's data file read page by page, beside lmdb-js: whole leaf pages at a time are what a large scan wants, where a cursor hands out
 * entry by entry through its native call. Pages that a read transaction can see are never written over, so whoever holds one may read them
 * from the file, which is the same cache of the kernel's that LMDB's map shows.
 *
 * | a page | bytes |
 * | --- | --- |
 * | 0 | its number |
 * | 8 | the transaction that wrote it |
 * | 18 | flags |
 * | 20 | twice its entries |
 * | 24 | where each entry lies, from here |
 */
export const PAGE_HEADER_BYTES = 24;
export const IS_BRANCH = 0x01;
export const IS_LEAF = 0x02;
export const IS_OVERFLOW = 0x04;
const TWO_32 = 4_294_967_296;

const MAGIC = 0xbeefc0de;
const FORMAT_VERSION = 2;
const META_BYTES = 160;

/** Where the tree of a transaction begins. */
export interface TreeRoot {
  /** No safe integer: there is no page, since nothing was ever written. */
  readonly page: number;
  readonly transaction: number;
}

export class PageFile {
  readonly pageBytes: number;
  readonly #file: number;
  readonly #meta = Buffer.alloc(META_BYTES);

  private constructor(file: number, pageBytes: number) {
    this.#file = file;
    this.pageBytes = pageBytes;
  }

  /** @returns undefined where the file has another form than the one known here: then there are only cursors */
  static open(path: string): PageFile | undefined {
    const file = openSync(path, 'r');
    const meta = Buffer.alloc(META_BYTES);
    const read = readSync(file, meta, 0, META_BYTES, 0);
    if (read === META_BYTES && isKnown(meta)) return new PageFile(file, meta.readUInt32LE(48));
    closeSync(file);
    return undefined;
  }

  /** Of the newest transaction. Only while no transaction is being committed. */
  newestRoot(): TreeRoot | undefined {
    let newest: TreeRoot | undefined;
    for (let page = 0; page < 2; page++) {
      const meta = this.#meta;
      readSync(this.#file, meta, 0, META_BYTES, page * this.pageBytes);
      const transaction = readUint64(meta, 152);
      if (isKnown(meta) && (newest === undefined || transaction > newest.transaction))
        newest = { page: readUint64(meta, 136), transaction };
    }
    return newest;
  }

  /** @param count pages that follow one another */
  read(page: number, count: number, target: Uint8Array, at: number): void {
    const bytes = count * this.pageBytes;
    const read = readSync(this.#file, target, at, bytes, page * this.pageBytes);
    assert(read === bytes, 'a page behind the end of the data file');
  }

  close(): void {
    closeSync(this.#file);
  }
}

function isKnown(meta: Buffer): boolean {
  return meta.readUInt32LE(24) === MAGIC && (meta.readUInt32LE(28) & 0xffff) === FORMAT_VERSION && meta.readUInt16LE(100) === 0;
}

export const readUint16 = (bytes: Uint8Array, at: number): number => (bytes[at] ?? 0) | ((bytes[at + 1] ?? 0) << 8);

export const readUint32 = (bytes: Uint8Array, at: number): number => (readUint16(bytes, at) | (readUint16(bytes, at + 2) << 16)) >>> 0;

export const readUint64 = (bytes: Uint8Array, at: number): number => readUint32(bytes, at) + readUint32(bytes, at + 4) * TWO_32;
