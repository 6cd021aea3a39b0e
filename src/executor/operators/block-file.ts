import { closeSync, mkdtempSync, openSync, readSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Row } from '../../types/value.js';
import { compileRowDecoder, encodeRow } from '../access/stored-row.js';
import { ioError } from './spill-file.js';

const LENGTH_BYTES = 4;

/** Blocks of rows in one file, each read as a whole and in any order. */
export class BlockFile {
  readonly #directory = mkdtempSync(join(tmpdir(), 'kalamdb-spill-'));
  readonly #file = openSync(join(this.#directory, 'blocks'), 'wx+', 0o600);
  readonly #blocks: { readonly offset: number; readonly bytes: number }[] = [];
  #size = 0;
  #isOpen = true;

  /** @param rows all of one width */
  add(rows: readonly Row[]): void {
    const encoded = rows.map((row) => encodeRow(row));
    const bytes = encoded.reduce((sum, row) => sum + LENGTH_BYTES + row.length, 0);
    const block = Buffer.allocUnsafe(bytes);
    let at = 0;
    for (const row of encoded) {
      block.writeUInt32BE(row.length, at);
      block.set(row, at + LENGTH_BYTES);
      at += LENGTH_BYTES + row.length;
    }
    try {
      writeSync(this.#file, block, 0, bytes, this.#size);
    } catch (error) {
      throw ioError('write', error);
    }
    this.#blocks.push({ offset: this.#size, bytes });
    this.#size += bytes;
  }

  read(index: number, width: number): Row[] {
    const { offset, bytes } = this.#blocks[index] ?? { offset: 0, bytes: 0 };
    const block = Buffer.allocUnsafe(bytes);
    readSync(this.#file, block, 0, bytes, offset);
    const decode = compileRowDecoder(width);
    const rows: Row[] = [];
    for (let at = 0; at < bytes; ) {
      const length = block.readUInt32BE(at);
      rows.push(decode(block.subarray(at + LENGTH_BYTES, at + LENGTH_BYTES + length)));
      at += LENGTH_BYTES + length;
    }
    return rows;
  }

  /** Forgets all blocks. */
  clear(): void {
    this.#blocks.length = 0;
    this.#size = 0;
  }

  remove(): void {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    closeSync(this.#file);
    rmSync(this.#directory, { recursive: true, force: true });
  }
}
