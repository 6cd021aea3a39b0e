import type { TableDescriptor } from '../../catalog/descriptors.js';
import { SqlError } from '../../commons/sql-error.js';
import { SqlState } from '../../commons/sqlstates.js';
import type { FormatContext } from '../../types/format-context.js';
import type { SqlValue } from '../../types/value.js';
import type { CopyOptions } from './copy-options.js';
import { type CopyRows, shorten } from './copy-rows.js';
import { readCsvRecord } from './csv-format.js';
import type { FieldReader } from './field-reader.js';
import { LineSplitter } from './line-splitter.js';
import { readTextLine } from './text-format.js';

const END_OF_DATA = '\\.';

/** Lines of COPY's text and CSV formats. */
export class TextRows implements CopyRows {
  readonly #table: TableDescriptor;
  readonly #readers: readonly FieldReader[];
  readonly #options: CopyOptions;
  readonly #format: FormatContext;
  readonly #splitter: LineSplitter;
  #headerPending: boolean;
  #number = 0;
  /** The line of the last row; undefined where none is known. */
  #line: string | undefined;
  #ended = false;

  constructor(table: TableDescriptor, readers: readonly FieldReader[], options: CopyOptions, format: FormatContext) {
    this.#table = table;
    this.#readers = readers;
    this.#options = options;
    this.#format = format;
    this.#splitter = new LineSplitter(options);
    this.#headerPending = options.header !== 'none';
  }

  push(bytes: Uint8Array): void {
    if (!this.#ended) this.#splitter.push(bytes);
  }

  next(atEnd: boolean): SqlValue[] | undefined {
    if (this.#ended) return undefined;
    let line = this.#nextLine(atEnd);
    if (line === undefined) return undefined;
    try {
      if (this.#headerPending) {
        this.#headerPending = false;
        if (this.#options.header === 'match') this.#matchHeader(line);
        line = this.#nextLine(atEnd);
        if (line === undefined) return undefined;
      }
      return this.#read(line);
    } catch (error) {
      throw this.atRow(error);
    }
  }

  atRow(error: unknown): unknown {
    if (!(error instanceof SqlError)) return error;
    const line = this.#line;
    // The client gave up where the next line would have come.
    if (error.code === SqlState.queryCanceled || error.code === SqlState.protocolViolation)
      return error.withDefaults({ where: `COPY ${this.#table.name}, line ${this.#number + 1}` });
    // PostgreSQL finds duplicates later, when it has the line no more.
    if (line === undefined || error.code === SqlState.uniqueViolation) return error.withDefaults({ where: this.#place('') });
    return error.withDefaults({ where: this.#place(`: "${shorten(line)}"`) });
  }

  atNull(error: unknown, column: string): unknown {
    return error instanceof SqlError ? error.withDefaults({ where: this.#place(`, column ${column}: null input`) }) : error;
  }

  #place(rest: string): string {
    return `COPY ${this.#table.name}, line ${this.#number}${rest}`;
  }

  #nextLine(atEnd: boolean): string | undefined {
    const line = this.#splitter.next() ?? (atEnd ? this.#splitter.last() : undefined);
    if (line === undefined) {
      this.#line = undefined;
      return undefined;
    }
    this.#number += physicalLines(line);
    if (line === END_OF_DATA) {
      this.#ended = true;
      return undefined;
    }
    this.#line = line;
    return line;
  }

  #read(line: string): SqlValue[] {
    const values: SqlValue[] = new Array(this.#table.columns.length).fill(null);
    if (this.#options.format === 'csv') {
      const fields = readCsvRecord(line, this.#options);
      this.#refuseExtra(fields.length, line);
      fields.forEach((field, i) => {
        this.#set(values, i, field.text, field.quoted);
      });
      this.#requireAll(fields.length);
      return values;
    }
    const fields = readTextLine(line, this.#options);
    this.#refuseExtra(fields.length, line);
    for (let i = 0; i < fields.length; i++) {
      const field = fields[i];
      if (field !== null && field !== undefined) this.#set(values, i, field, true);
    }
    this.#requireAll(fields.length);
    return values;
  }

  #set(values: SqlValue[], i: number, text: string, quoted: boolean): void {
    const reader = this.#readers[i];
    if (reader === undefined) return;
    if (this.#options.format === 'csv' && reader.isNull(text, quoted)) return;
    try {
      values[reader.position] = reader.read(text, this.#format);
    } catch (error) {
      if (!(error instanceof SqlError)) throw error;
      throw error.withDefaults({ where: this.#place(`, column ${reader.name}: "${shorten(text)}"`) });
    }
  }

  #refuseExtra(found: number, line: string): void {
    const expected = this.#readers.length;
    if (found <= expected || (expected === 0 && line === '')) return;
    throw new SqlError(SqlState.badCopyFileFormat, 'extra data after last expected column');
  }

  /** Behind the fields that are there: what is wrong with one of them comes first. */
  #requireAll(found: number): void {
    const missing = this.#readers[found];
    if (missing !== undefined) throw new SqlError(SqlState.badCopyFileFormat, `missing data for column "${missing.name}"`);
  }

  #matchHeader(line: string): void {
    const names =
      this.#options.format === 'csv' ? readCsvRecord(line, this.#options).map(({ text }) => text) : readTextLine(line, this.#options);
    if (names.length !== this.#readers.length) {
      throw new SqlError(
        SqlState.badCopyFileFormat,
        `wrong number of fields in header line: got ${names.length}, expected ${this.#readers.length}`,
      );
    }
    names.forEach((name, i) => {
      const expected = this.#readers[i]?.name;
      if (name === expected) return;
      const got = name === null ? `null value ("${this.#options.nullText}")` : `"${name}"`;
      throw new SqlError(
        SqlState.badCopyFileFormat,
        `column name mismatch in header line field ${i + 1}: got ${got}, expected "${expected}"`,
      );
    });
  }
}

/** A CSV record may go over several lines of the input. */
function physicalLines(record: string): number {
  let lines = 1;
  for (let at = record.indexOf('\n'); at >= 0 && at < record.length - 1; at = record.indexOf('\n', at + 1)) lines++;
  return lines;
}
