import { SqlError } from '../../commons/sql-error.js';
import { SqlState } from '../../commons/sqlstates.js';
import type { ResultColumn } from '../../planner/bind/logical.js';
import type { FormatContext } from '../../types/format-context.js';
import type { Row, SqlValue } from '../../types/value.js';
import { textOutput } from '../../wire/encoders/value-encoder.js';
import type { CopyOptions } from './copy-options.js';
import { writeCsvField } from './csv-format.js';
import { writeTextField } from './text-format.js';

/** Rows → lines of COPY TO. */
export class LineWriter {
  readonly #options: CopyOptions;
  readonly #outputs: readonly ((value: Exclude<SqlValue, null>, cx: FormatContext) => string)[];
  readonly #names: readonly string[];
  readonly #forced: readonly boolean[];

  /** @param relation the table's name, for errors; absent for a query */
  constructor(columns: readonly ResultColumn[], options: CopyOptions, relation: string | undefined) {
    this.#options = options;
    this.#outputs = columns.map((column) => textOutput(column.type));
    this.#names = columns.map((column) => column.name);
    const { forceQuote } = options;
    this.#forced = this.#names.map((name) => forceQuote === 'all' || forceQuote.includes(name));
    if (forceQuote === 'all') return;
    const missing = forceQuote.find((name) => !this.#names.includes(name));
    if (missing !== undefined)
      throw new SqlError(
        SqlState.undefinedColumn,
        `column "${missing}"${relation === undefined ? '' : ` of relation "${relation}"`} does not exist`,
      );
  }

  header(): Buffer {
    return this.#line(this.#names.map((name) => this.#field(name, false)));
  }

  row(row: Row, cx: FormatContext): Buffer {
    const fields = this.#outputs.map((output, i) => {
      const value = row[i];
      return value === null || value === undefined ? this.#options.nullText : this.#field(output(value, cx), this.#forced[i] === true);
    });
    return this.#line(fields);
  }

  #field(text: string, force: boolean): string {
    return this.#options.format === 'csv'
      ? writeCsvField(text, this.#options, force, this.#names.length === 1)
      : writeTextField(text, this.#options.delimiter);
  }

  #line(fields: readonly string[]): Buffer {
    return Buffer.from(`${fields.join(this.#options.delimiter)}\n`, 'utf8');
  }
}
