import { closeSync, mkdtempSync, openSync, readSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Row } from '../../types/value.js';
import { LENGTH_BYTES, RowEncoder, spilledRowReader } from './spill-codec.js';
import { ioError, type SpillCounts } from './spill-file.js';

const BLOCK_BYTES = 32 * 1024;

/** Blocks of rows in one file, each read as a whole and in any order. */
export class BlockFile {
  readonly #directory = mkdtempSync(join(tmpdir(), 'kalamdb-spill-'));
  readonly #file = openSync(join(this.#directory, 'blocks'), 'wx+', 0o600);
  readonly #blocks: { readonly offset: number; readonly bytes: number }[] = [];
  #size = 0;
  #isOpen = true;
  readonly #counts: SpillCounts;

  constructor(counts: SpillCounts) {
    this.#counts = counts;
    counts.tempFiles++;
  }

  /** @param rows all of one width */
  add(rows: readonly Row[]): void {
    // All that a block holds goes into one piece.
    const pieces: Buffer[] = [];
    const encoder = new RowEncoder(BLOCK_BYTES);
    for (const row of rows) {
      if (encoder.add(row)) continue;
      pieces.push(Buffer.from(encoder.bytes.subarray(0, encoder.used)));
      encoder.used = 0;
      encoder.add(row);
    }
    pieces.push(encoder.bytes.subarray(0, encoder.used));
    const block = Buffer.concat(pieces);
    const bytes = block.length;
    try {
      writeSync(this.#file, block, 0, bytes, this.#size);
    } catch (error) {
      throw ioError('write', error);
    }
    this.#blocks.push({ offset: this.#size, bytes });
    this.#size += bytes;
    this.#counts.tempBytes += bytes;
  }

  read(index: number, width: number): Row[] {
    const { offset, bytes } = this.#blocks[index] ?? { offset: 0, bytes: 0 };
    const block = Buffer.allocUnsafeSlow(bytes);
    readSync(this.#file, block, 0, bytes, offset);
    const view = new DataView(block.buffer);
    const decode = spilledRowReader(width);
    const rows: Row[] = [];
    for (let at = 0; at < bytes; ) {
      const end = at + LENGTH_BYTES + view.getUint32(at);
      rows.push(decode(block, view, at + LENGTH_BYTES, end));
      at = end;
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
