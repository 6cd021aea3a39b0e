import { closeSync, mkdtempSync, openSync, readSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SqlError } from '../../commons/sql-error.js';
import { SqlState } from '../../commons/sqlstates.js';
import type { Row } from '../../types/value.js';
import { LENGTH_BYTES, RowEncoder, spilledRowReader } from './spill-codec.js';

const CHUNK_BYTES = 32 * 1024;

/** Where it is counted what work_mem could not hold: DatabaseCounters. */
export interface SpillCounts {
  tempFiles: number;
  tempBytes: number;
}

/**
 * Files for what work_mem can't hold: rows one after the other (spill-codec.ts). One directory an operator, removed when it is closed. Synchronous on purpose: spilled work counts as the work of its batch.
 */
export class SpillFiles {
  readonly #counts: SpillCounts;
  readonly #directory = mkdtempSync(join(tmpdir(), 'kalamdb-spill-'));
  readonly #writers: RunWriter[] = [];

  constructor(counts: SpillCounts) {
    this.#counts = counts;
  }

  create(): RunWriter {
    const writer = new RunWriter(join(this.#directory, `${this.#writers.length}`), this.#counts);
    this.#writers.push(writer);
    return writer;
  }

  write(rows: Iterable<Row>): RunFile {
    const writer = this.create();
    for (const row of rows) writer.add(row);
    return writer.finish();
  }

  remove(): void {
    for (const writer of this.#writers) writer.close();
    rmSync(this.#directory, { recursive: true, force: true });
  }
}

export interface RunFile {
  readonly rows: number;
  readonly bytes: number;
  read(): Generator<Row, void, void>;
}

export class RunWriter {
  readonly #path: string;
  readonly #counts: SpillCounts;
  readonly #file: number;
  readonly #encoder = new RowEncoder(CHUNK_BYTES);
  #rows = 0;
  #bytes = 0;
  #width = 0;
  #isClosed = false;

  constructor(path: string, counts: SpillCounts) {
    this.#path = path;
    this.#counts = counts;
    this.#file = openSync(path, 'wx', 0o600);
    counts.tempFiles++;
  }

  add(row: Row): void {
    this.#width = row.length;
    this.#rows++;
    if (this.#encoder.add(row)) return;
    this.#flush();
    this.#encoder.add(row);
  }

  finish(): RunFile {
    this.#flush();
    this.close();
    const path = this.#path;
    const width = this.#width;
    return { rows: this.#rows, bytes: this.#bytes, read: () => readRun(path, width) };
  }

  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    closeSync(this.#file);
  }

  #flush(): void {
    const encoder = this.#encoder;
    if (encoder.used === 0) return;
    try {
      writeSync(this.#file, encoder.bytes, 0, encoder.used);
    } catch (error) {
      throw ioError('write', error);
    }
    this.#bytes += encoder.used;
    this.#counts.tempBytes += encoder.used;
    encoder.used = 0;
  }
}

function* readRun(path: string, width: number): Generator<Row, void, void> {
  const file = openSync(path, 'r');
  const decode = spilledRowReader(width);
  try {
    let chunk = Buffer.allocUnsafeSlow(CHUNK_BYTES);
    let view = new DataView(chunk.buffer);
    let filled = 0;
    for (;;) {
      const read = readSync(file, chunk, filled, chunk.length - filled, null);
      filled += read;
      let at = 0;
      while (filled - at >= LENGTH_BYTES) {
        const length = view.getUint32(at);
        if (filled - at < LENGTH_BYTES + length) {
          if (LENGTH_BYTES + length > chunk.length) {
            const larger = Buffer.allocUnsafeSlow(LENGTH_BYTES + length);
            chunk.copy(larger, 0, at, filled);
            filled -= at;
            at = 0;
            chunk = larger;
            view = new DataView(chunk.buffer);
          }
          break;
        }
        yield decode(chunk, view, at + LENGTH_BYTES, at + LENGTH_BYTES + length);
        at += LENGTH_BYTES + length;
      }
      if (at > 0) {
        chunk.copyWithin(0, at, filled);
        filled -= at;
      }
      if (read === 0) return;
    }
  } finally {
    closeSync(file);
  }
}

export function ioError(what: string, error: unknown): SqlError {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  const reason = error instanceof Error ? error.message : String(error);
  return code === 'ENOSPC'
    ? new SqlError(SqlState.diskFull, `could not ${what} to temporary file: No space left on device`)
    : new SqlError(SqlState.ioError, `could not ${what} to temporary file: ${reason}`);
}
