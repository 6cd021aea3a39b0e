import { closeSync, mkdtempSync, openSync, readSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SqlError } from '../../commons/sql-error.js';
import { SqlState } from '../../commons/sqlstates.js';
import type { Row } from '../../types/value.js';
import { compileRowDecoder, encodeRow } from '../access/stored-row.js';

const CHUNK_BYTES = 32 * 1024;
const LENGTH_BYTES = 4;

/**
 * Files for what work_mem can't hold: rows one after the other, each led by its length, in the stored row's form (which keeps all values
 * exactly). One directory an operator, removed when it is closed. Synchronous on purpose: spilled work counts as the work of its batch.
 */
export class SpillFiles {
  readonly #directory = mkdtempSync(join(tmpdir(), 'kalamdb-spill-'));
  readonly #writers: RunWriter[] = [];

  create(): RunWriter {
    const writer = new RunWriter(join(this.#directory, `${this.#writers.length}`));
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
  readonly #file: number;
  #chunk = Buffer.allocUnsafe(CHUNK_BYTES);
  #used = 0;
  #rows = 0;
  #bytes = 0;
  #width = 0;
  #isClosed = false;

  constructor(path: string) {
    this.#path = path;
    this.#file = openSync(path, 'wx', 0o600);
  }

  add(row: Row): void {
    const bytes = encodeRow(row);
    this.#width = row.length;
    this.#rows++;
    this.#bytes += bytes.length;
    if (this.#used + LENGTH_BYTES + bytes.length > this.#chunk.length) {
      this.#flush();
      if (LENGTH_BYTES + bytes.length > this.#chunk.length) this.#chunk = Buffer.allocUnsafe(LENGTH_BYTES + bytes.length);
    }
    this.#chunk.writeUInt32BE(bytes.length, this.#used);
    this.#chunk.set(bytes, this.#used + LENGTH_BYTES);
    this.#used += LENGTH_BYTES + bytes.length;
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
    if (this.#used === 0) return;
    try {
      writeSync(this.#file, this.#chunk, 0, this.#used);
    } catch (error) {
      throw ioError('write', error);
    }
    this.#used = 0;
  }
}

function* readRun(path: string, width: number): Generator<Row, void, void> {
  const file = openSync(path, 'r');
  const decode = compileRowDecoder(width);
  try {
    let chunk = Buffer.allocUnsafe(CHUNK_BYTES);
    let filled = 0;
    for (;;) {
      const read = readSync(file, chunk, filled, chunk.length - filled, null);
      filled += read;
      let at = 0;
      while (filled - at >= LENGTH_BYTES) {
        const length = chunk.readUInt32BE(at);
        if (filled - at < LENGTH_BYTES + length) {
          if (LENGTH_BYTES + length > chunk.length) {
            const larger = Buffer.allocUnsafe(LENGTH_BYTES + length);
            chunk.copy(larger, 0, at, filled);
            filled -= at;
            at = 0;
            chunk = larger;
          }
          break;
        }
        yield decode(chunk.subarray(at + LENGTH_BYTES, at + LENGTH_BYTES + length));
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
