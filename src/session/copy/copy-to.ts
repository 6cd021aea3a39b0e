import type { ColumnDescriptor } from '../../catalog/descriptors.js';
import type { ResultColumn } from '../../planner/bind/logical.js';
import type { FormatContext } from '../../types/format-context.js';
import type { Row, SqlValue } from '../../types/value.js';
import { binaryOutput, textOutput } from '../../wire/encoders/value-encoder.js';
import { isTextInBinary } from '../param-encoding.js';
import { BINARY_HEADER_BYTES, BINARY_NONE, BINARY_SIGNATURE } from './binary-format.js';
import { type CopyOptions, requireReferenced } from './copy-options.js';
import { writeCsvField } from './csv-format.js';
import { writeTextField } from './text-format.js';

/** Rows → bytes of COPY TO. */
export interface RowWriter {
  /** What stands before the rows, if anything does. */
  header(): Buffer | undefined;
  row(row: Row, cx: FormatContext): Buffer;
  trailer(): Buffer | undefined;
}

/** Whose rows are copied. */
export interface CopiedTable {
  readonly name: string;
  readonly columns: readonly ColumnDescriptor[];
}

/** @param table for errors; absent for a query */
export function rowWriter(columns: readonly ResultColumn[], options: CopyOptions, table: CopiedTable | undefined): RowWriter {
  return options.format === 'binary' ? new BinaryWriter(columns, options) : new LineWriter(columns, options, table);
}

/** Text and CSV. */
class LineWriter implements RowWriter {
  readonly #options: CopyOptions;
  readonly #outputs: readonly ((value: Exclude<SqlValue, null>, cx: FormatContext) => string)[];
  readonly #names: readonly string[];
  readonly #forced: readonly boolean[];

  constructor(columns: readonly ResultColumn[], options: CopyOptions, table: CopiedTable | undefined) {
    this.#options = options;
    this.#outputs = columns.map((column) => textOutput(column.type));
    this.#names = columns.map((column) => column.name);
    const { forceQuote } = options;
    this.#forced = this.#names.map((name) => forceQuote === 'all' || forceQuote.includes(name));
    if (forceQuote === 'all') return;
    const known = table === undefined ? this.#names : table.columns.filter((column) => column.dropped !== true).map(({ name }) => name);
    requireReferenced('FORCE_QUOTE', forceQuote, this.#names, known, table?.name);
  }

  header(): Buffer | undefined {
    if (this.#options.header === 'none') return undefined;
    return this.#line(this.#names.map((name) => this.#field(name, false)));
  }

  row(row: Row, cx: FormatContext): Buffer {
    const fields = this.#outputs.map((output, i) => {
      const value = row[i];
      return value === null || value === undefined ? this.#options.nullText : this.#field(output(value, cx), this.#forced[i] === true);
    });
    return this.#line(fields);
  }

  trailer(): undefined {}

  #field(text: string, force: boolean): string {
    return this.#options.format === 'csv'
      ? writeCsvField(text, this.#options, force, this.#names.length === 1)
      : writeTextField(text, this.#options.delimiter);
  }

  #line(fields: readonly string[]): Buffer {
    const line = `${fields.join(this.#options.delimiter)}\n`;
    return this.#options.encoding === undefined ? Buffer.from(line, 'utf8') : this.#options.encoding.encode(line);
  }
}

/** The file's header goes out together with the first row, or the trailer: clients read it off the first message. */
class BinaryWriter implements RowWriter {
  readonly #encoders: readonly ((value: Exclude<SqlValue, null>, cx: FormatContext) => Uint8Array)[];
  #begun = false;

  constructor(columns: readonly ResultColumn[], { encoding }: CopyOptions) {
    this.#encoders = columns.map(({ type }) => {
      if (encoding === undefined || !isTextInBinary(type)) return binaryOutput(type);
      const output = textOutput(type);
      return (value, cx) => encoding.encode(output(value, cx));
    });
  }

  header(): undefined {}

  row(row: Row, cx: FormatContext): Buffer {
    const parts: Uint8Array[] = this.#begin();
    parts.push(int16(this.#encoders.length));
    this.#encoders.forEach((encode, i) => {
      const value = row[i];
      if (value === null || value === undefined) {
        parts.push(int32(BINARY_NONE));
        return;
      }
      const bytes = encode(value, cx);
      parts.push(int32(bytes.length), bytes);
    });
    return Buffer.concat(parts);
  }

  trailer(): Buffer {
    return Buffer.concat([...this.#begin(), int16(BINARY_NONE)]);
  }

  #begin(): Uint8Array[] {
    if (this.#begun) return [];
    this.#begun = true;
    return [Buffer.concat([BINARY_SIGNATURE], BINARY_HEADER_BYTES)];
  }
}

function int16(value: number): Buffer {
  const bytes = Buffer.alloc(2);
  bytes.writeInt16BE(value);
  return bytes;
}

function int32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32BE(value);
  return bytes;
}
