import type { TableDescriptor } from '../../catalog/descriptors.js';
import { SqlError } from '../../commons/sql-error.js';
import { SqlState } from '../../commons/sqlstates.js';
import type { FormatContext } from '../../types/format-context.js';
import type { SqlValue } from '../../types/value.js';
import { BINARY_HEADER_BYTES, BINARY_NONE, BINARY_SIGNATURE } from './binary-format.js';
import type { CopyRows } from './copy-rows.js';
import type { FieldReader } from './field-reader.js';

/** Largest row (law 6). */
const MAX_ROW_BYTES = 256 * 1024 * 1024;
/** From here on a row that is not whole waits for half as much again, so that collecting it stays linear. */
const LARGE_BYTES = 1024 * 1024;
/** Set where the header's flags have something that must be understood. */
const CRITICAL_FLAGS = 0xffff0000;
const WITH_OIDS = 1 << 16;

/** Rows of COPY's binary format. */
export class BinaryRows implements CopyRows {
  readonly #table: TableDescriptor;
  readonly #readers: readonly FieldReader[];
  readonly #format: FormatContext;
  #buffer: Buffer = Buffer.alloc(0);
  /** What has come behind the buffer. */
  #chunks: Buffer[] = [];
  #pendingBytes = 0;
  /** So many bytes must be there before it is worth looking. */
  #neededBytes = BINARY_HEADER_BYTES;
  #number = 0;
  #headerRead = false;
  #ended = false;

  constructor(table: TableDescriptor, readers: readonly FieldReader[], format: FormatContext) {
    this.#table = table;
    this.#readers = readers;
    this.#format = format;
  }

  push(bytes: Uint8Array): void {
    this.#chunks.push(Buffer.from(bytes));
    this.#pendingBytes += bytes.length;
    if (this.#buffer.length + this.#pendingBytes > MAX_ROW_BYTES) {
      throw new SqlError(SqlState.programLimitExceeded, `a row of COPY data exceeds ${MAX_ROW_BYTES} bytes`);
    }
  }

  next(atEnd: boolean): SqlValue[] | undefined {
    try {
      return this.#next(atEnd);
    } catch (error) {
      throw this.atRow(error);
    }
  }

  atRow(error: unknown): unknown {
    // What is wrong with the header is told before any line.
    return error instanceof SqlError && this.#headerRead ? error.withDefaults({ where: this.#place() }) : error;
  }

  atNull(error: unknown, column: string): unknown {
    return error instanceof SqlError ? error.withDefaults({ where: `${this.#place()}, column ${column}` }) : error;
  }

  #place(): string {
    return `COPY ${this.#table.name}, line ${this.#number}`;
  }

  #next(atEnd: boolean): SqlValue[] | undefined {
    if (this.#pendingBytes > 0 && (atEnd || this.#buffer.length + this.#pendingBytes >= this.#neededBytes)) this.#collect();
    if (!this.#headerRead && !this.#readHeader(atEnd)) return undefined;
    if (this.#ended) {
      if (this.#buffer.length > 0) throw malformed('received copy data after EOF marker');
      return undefined;
    }
    const bytes = this.#wholeRow();
    if (bytes === undefined) {
      // A file may end without the marker, but not within a row.
      if (atEnd && this.#buffer.length > 0) throw malformed('unexpected EOF in COPY data');
      return undefined;
    }
    this.#number++;
    return bytes.length === 0 ? this.#end() : this.#read(bytes);
  }

  #collect(): void {
    this.#buffer = Buffer.concat([this.#buffer, ...this.#chunks]);
    this.#chunks = [];
    this.#pendingBytes = 0;
    this.#neededBytes = 0;
  }

  #end(): undefined {
    this.#ended = true;
    this.#buffer = this.#buffer.subarray(2);
    if (this.#buffer.length > 0) throw malformed('received copy data after EOF marker');
    return undefined;
  }

  #readHeader(atEnd: boolean): boolean {
    const buffer = this.#buffer;
    if (buffer.length < BINARY_HEADER_BYTES && !atEnd) return false;
    if (!buffer.subarray(0, BINARY_SIGNATURE.length).equals(BINARY_SIGNATURE)) throw malformed('COPY file signature not recognized');
    if (buffer.length < BINARY_SIGNATURE.length + 4) throw malformed('invalid COPY file header (missing flags)');
    const flags = buffer.readUInt32BE(BINARY_SIGNATURE.length);
    if ((flags & WITH_OIDS) !== 0) throw malformed('invalid COPY file header (WITH OIDS)');
    if ((flags & CRITICAL_FLAGS) !== 0) throw malformed('unrecognized critical flags in COPY file header');
    if (buffer.length < BINARY_HEADER_BYTES) throw malformed('invalid COPY file header (missing length)');
    const extension = buffer.readInt32BE(BINARY_SIGNATURE.length + 4);
    if (extension < 0) throw malformed('invalid COPY file header (missing length)');
    if (buffer.length < BINARY_HEADER_BYTES + extension) {
      if (atEnd) throw malformed('invalid COPY file header (wrong length)');
      this.#neededBytes = BINARY_HEADER_BYTES + extension;
      return false;
    }
    this.#headerRead = true;
    this.#buffer = buffer.subarray(BINARY_HEADER_BYTES + extension);
    return true;
  }

  /** The bytes of the next row, its count of fields first; none at the marker of the end; undefined when it is not whole. */
  #wholeRow(): Buffer | undefined {
    const buffer = this.#buffer;
    if (buffer.length < 2) return this.#wait(2);
    const count = buffer.readInt16BE(0);
    if (count === BINARY_NONE) return buffer.subarray(0, 0);
    if (count !== this.#readers.length) {
      this.#number++;
      throw malformed(`row field count is ${count}, expected ${this.#readers.length}`);
    }
    let at = 2;
    for (let i = 0; i < count; i++) {
      if (buffer.length < at + 4) return this.#wait(at + 4);
      const length = buffer.readInt32BE(at);
      if (length < BINARY_NONE) {
        this.#number++;
        throw malformed('invalid field size').withDefaults({ where: `${this.#place()}, column ${this.#readers[i]?.name}` });
      }
      at += 4 + Math.max(0, length);
      if (buffer.length < at) return this.#wait(at);
    }
    this.#buffer = buffer.subarray(at);
    return buffer.subarray(0, at);
  }

  #wait(bytes: number): undefined {
    const length = this.#buffer.length;
    this.#neededBytes = length > LARGE_BYTES ? Math.max(bytes, length * 1.5) : bytes;
  }

  #read(bytes: Buffer): SqlValue[] {
    const values: SqlValue[] = new Array(this.#table.columns.length).fill(null);
    let at = 2;
    for (const reader of this.#readers) {
      const length = bytes.readInt32BE(at);
      at += 4;
      if (length === BINARY_NONE) continue;
      try {
        values[reader.position] = reader.receive(bytes.subarray(at, at + length), this.#format);
      } catch (error) {
        if (!(error instanceof SqlError)) throw error;
        throw error.withDefaults({ where: `${this.#place()}, column ${reader.name}` });
      }
      at += length;
    }
    return values;
  }
}

function malformed(message: string): SqlError {
  return new SqlError(SqlState.badCopyFileFormat, message);
}
