import type { TableDescriptor } from '../../catalog/descriptors.js';
import { FIRST_USER_OID } from '../../commons/ids.js';
import { SqlError } from '../../commons/sql-error.js';
import { SqlState } from '../../commons/sqlstates.js';
import { TableWriter } from '../../executor/bulk/index.js';
import type { UtilityContext } from '../../executor/ddl/index.js';
import { type CompiledExpression, compileExpression } from '../../executor/expression/compile-expression.js';
import { drive, type Waiting, wait } from '../../executor/waiting.js';
import type { BoundExpr } from '../../planner/bind/expression.js';
import type { LogicalInsert } from '../../planner/bind/logical.js';
import type { SqlValue } from '../../types/value.js';
import type { CopyIn } from './copy-in.js';
import type { CopyOptions } from './copy-options.js';
import { readCsvRecord } from './csv-format.js';
import { type FieldReader, fieldReader } from './field-reader.js';
import { LineSplitter } from './line-splitter.js';
import { readTextLine } from './text-format.js';

/** What a line's values become. */
export interface CopyTarget {
  readonly table: TableDescriptor;
  readonly insert: LogicalInsert;
  readonly where: CompiledExpression | undefined;
}

interface Default {
  readonly position: number;
  readonly value: CompiledExpression;
}

const END_OF_DATA = '\\.';
const MAX_SHOWN = 100;

/** COPY FROM STDIN: each line is read, converted and inserted as soon as it has come. */
export class CopyFromClient implements CopyIn {
  isWaiting = true;
  /** Resolves with the number of rows when all is inserted; rejects with the first error. */
  readonly finished: Promise<number>;
  readonly #table: TableDescriptor;
  readonly #where: CompiledExpression | undefined;
  readonly #options: CopyOptions;
  readonly #cx: UtilityContext;
  readonly #writer: TableWriter;
  readonly #splitter: LineSplitter;
  readonly #readers: readonly FieldReader[];
  readonly #defaults: readonly Default[];
  #resolve: (rows: number) => void = () => undefined;
  #reject: (error: unknown) => void = () => undefined;
  #line = 0;
  #rows = 0;
  #ended = false;
  #headerPending: boolean;
  #feeding: Promise<void> | undefined;

  constructor({ table, insert, where }: CopyTarget, options: CopyOptions, cx: UtilityContext) {
    this.#table = table;
    this.#where = where;
    this.#options = options;
    this.#cx = cx;
    this.#writer = new TableWriter(table, cx);
    this.#splitter = new LineSplitter(options);
    const { columns } = insert.input.kind === 'values' ? insert.input : { columns: [] };
    this.#readers = columns.map((column) => fieldReader(column, numberOf(insert, column.id), options));
    this.#defaults = defaultsOf(insert, cx);
    this.#headerPending = options.header !== 'none';
    this.finished = new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
    // Who started the COPY waits for it; but an error may come before that.
    this.finished.catch(() => undefined);
  }

  get columnCount(): number {
    return this.#readers.length;
  }

  data(bytes: Uint8Array): Promise<void> | undefined {
    if (!this.isWaiting) return undefined;
    try {
      this.#cx.interrupt.check();
      this.#splitter.push(bytes);
      const feeding = drive(this.#takeLines());
      if (!(feeding instanceof Promise)) return undefined;
      this.#feeding = feeding.catch((error: unknown) => this.fail(error));
      return this.#feeding;
    } catch (error) {
      this.fail(error);
      return undefined;
    }
  }

  done(): void {
    if (!this.isWaiting) return;
    this.isWaiting = false;
    this.#finish().then(this.#resolve, (error: unknown) => this.#reject(error));
  }

  async #finish(): Promise<number> {
    await this.#feeding;
    const rest = this.#splitter.last();
    if (rest !== undefined) await this.#takeLine(rest);
    await this.#writer.finish();
    return this.#rows;
  }

  fail(error: unknown): void {
    this.isWaiting = false;
    const isFatal = error instanceof SqlError && error.severity !== 'ERROR';
    this.#reject(
      error instanceof SqlError && !isFatal ? error.withDefaults({ where: `COPY ${this.#table.name}, line ${this.#line + 1}` }) : error,
    );
  }

  *#takeLines(): Waiting<void> {
    for (let line = this.#splitter.next(); line !== undefined && !this.#ended; line = this.#splitter.next()) {
      const taking = this.#takeLine(line);
      if (taking !== undefined) yield* wait(taking);
    }
  }

  /** A promise only where it has to wait. */
  #takeLine(line: string): Promise<void> | undefined {
    if (this.#ended) return undefined;
    this.#line += physicalLines(line);
    if (line === END_OF_DATA) {
      this.#ended = true;
      return undefined;
    }
    try {
      if (this.#headerPending) {
        this.#headerPending = false;
        if (this.#options.header === 'match') this.#matchHeader(line);
        return undefined;
      }
      const values = this.#read(line);
      this.#checkNulls(values);
      if (this.#where !== undefined && this.#where.evaluate(values, this.#cx) !== true) return undefined;
      const inserting = this.#writer.insert(values);
      if (inserting !== undefined) return this.#inserted(inserting, line);
      this.#rows++;
      return undefined;
    } catch (error) {
      throw this.#atLine(error, line);
    }
  }

  async #inserted(inserting: Promise<unknown>, line: string): Promise<void> {
    try {
      await inserting;
    } catch (error) {
      throw this.#atLine(error, line);
    }
    this.#rows++;
  }

  #atLine(error: unknown, line: string): unknown {
    if (!(error instanceof SqlError)) return error;
    // PostgreSQL finds duplicates later, when it has the line no more.
    return error.withDefaults({ where: this.#place(error.code === SqlState.uniqueViolation ? '' : `: "${shorten(line)}"`) });
  }

  #place(rest: string): string {
    return `COPY ${this.#table.name}, line ${this.#line}${rest}`;
  }

  /** Values by column number - 1. */
  #read(line: string): SqlValue[] {
    const values: SqlValue[] = new Array(this.#table.columns.length).fill(null);
    if (this.#options.format === 'csv') {
      const fields = readCsvRecord(line, this.#options);
      this.#requireCount(fields.length, line);
      fields.forEach((field, i) => {
        this.#set(values, i, field.text, field.quoted);
      });
    } else {
      const fields = readTextLine(line, this.#options);
      this.#requireCount(fields.length, line);
      for (let i = 0; i < fields.length; i++) {
        const field = fields[i];
        if (field !== null && field !== undefined) this.#set(values, i, field, true);
      }
    }
    for (const { position, value } of this.#defaults) values[position] = value.evaluate(NO_ROW, this.#cx);
    return values;
  }

  #set(values: SqlValue[], i: number, text: string, quoted: boolean): void {
    const reader = this.#readers[i];
    if (reader === undefined) return;
    if (this.#options.format === 'csv' && reader.isNull(text, quoted)) return;
    try {
      values[reader.position] = reader.read(text, this.#cx.format);
    } catch (error) {
      if (!(error instanceof SqlError)) throw error;
      throw error.withDefaults({ where: this.#place(`, column ${reader.name}: "${shorten(text)}"`) });
    }
  }

  /** A column's domain may refuse NULL. */
  #checkNulls(values: readonly SqlValue[]): void {
    const { format } = this.#cx;
    for (const reader of this.#readers) {
      if (reader.type < FIRST_USER_OID || values[reader.position] !== null) continue;
      try {
        format.userTypes?.find(reader.type)?.check?.(null, format);
      } catch (error) {
        if (!(error instanceof SqlError)) throw error;
        throw error.withDefaults({ where: this.#place(`, column ${reader.name}: null input`) });
      }
    }
  }

  #requireCount(found: number, line: string): void {
    const expected = this.#readers.length;
    if (found === expected || (expected === 0 && line === '')) return;
    if (found > expected) throw new SqlError(SqlState.badCopyFileFormat, 'extra data after last expected column');
    throw new SqlError(SqlState.badCopyFileFormat, `missing data for column "${this.#readers[found]?.name}"`);
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

const NO_ROW: SqlValue[] = [];

function numberOf(insert: LogicalInsert, id: number): number {
  return insert.values.find(({ expr }) => expr.kind === 'column' && expr.id === id)?.number ?? 0;
}

/** Columns that no field gives: their defaults, where they have one. */
function defaultsOf(insert: LogicalInsert, cx: UtilityContext): readonly Default[] {
  const isDefault = (expr: BoundExpr): boolean => expr.kind !== 'column' && !(expr.kind === 'const' && expr.value === null);
  return insert.values
    .filter(({ expr }) => isDefault(expr))
    .map(({ number, expr }) => ({ position: number - 1, value: compileExpression(expr, [], cx.library) }));
}

/** A CSV record may go over several lines of the input. */
function physicalLines(record: string): number {
  let lines = 1;
  for (let at = record.indexOf('\n'); at >= 0 && at < record.length - 1; at = record.indexOf('\n', at + 1)) lines++;
  return lines;
}

function shorten(text: string): string {
  return text.length <= MAX_SHOWN ? text : `${text.slice(0, MAX_SHOWN)}...`;
}
