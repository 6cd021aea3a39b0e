import type { TableDescriptor } from '../../catalog/descriptors.js';
import { FIRST_USER_OID, type UserId, userId } from '../../commons/ids.js';
import { SqlError } from '../../commons/sql-error.js';
import { SqlState } from '../../commons/sqlstates.js';
import { TableWriter } from '../../executor/bulk/index.js';
import type { UtilityContext } from '../../executor/ddl/index.js';
import { type CompiledExpression, compileExpression } from '../../executor/expression/compile-expression.js';
import { drive, type Waiting, wait } from '../../executor/waiting.js';
import type { BoundExpr } from '../../planner/bind/expression.js';
import type { LogicalInsert } from '../../planner/bind/logical.js';
import { TypeOid } from '../../types/oids.js';
import type { SqlValue } from '../../types/value.js';
import { BinaryRows } from './binary-rows.js';
import type { CopyIn } from './copy-in.js';
import { type CopyOptions, requireReferenced } from './copy-options.js';
import type { CopyRows } from './copy-rows.js';
import { type FieldReader, fieldReader } from './field-reader.js';
import { TextRows } from './text-rows.js';

/** What a row's values become. */
export interface CopyTarget {
  readonly table: TableDescriptor;
  readonly insert: LogicalInsert;
  readonly where: CompiledExpression | undefined;
  /** Which of the fields is `_user_id`: whose each row is; undefined: all are the acting user's. */
  readonly userField: number | undefined;
}

interface Default {
  readonly position: number;
  readonly value: CompiledExpression;
}

/** COPY FROM: each row is read, converted and inserted as soon as it has come, from the client or from a file. */
export class CopyFrom implements CopyIn {
  isWaiting = true;
  /** Resolves with the number of rows when all is inserted; rejects with the first error. */
  readonly finished: Promise<number>;
  readonly #where: CompiledExpression | undefined;
  /** Where a row's user stands, behind its columns. */
  readonly #userPosition: number | undefined;
  readonly #cx: UtilityContext;
  readonly #writer: TableWriter;
  readonly #source: CopyRows;
  readonly #readers: readonly FieldReader[];
  readonly #defaults: readonly Default[];
  #resolve: (rows: number) => void = () => undefined;
  #reject: (error: unknown) => void = () => undefined;
  #rows = 0;
  #feeding: Promise<void> | undefined;

  constructor({ table, insert, where, userField }: CopyTarget, options: CopyOptions, cx: UtilityContext) {
    this.#where = where;
    this.#cx = cx;
    this.#writer = new TableWriter(table, cx);
    const { columns } = insert.input.kind === 'values' ? insert.input : { columns: [] };
    const readers = columns.map((column) => fieldReader(column, numberOf(insert, column.id), options));
    if (userField !== undefined) readers.splice(userField, 0, fieldReader(USER_COLUMN, table.columns.length + 1, options));
    this.#readers = readers;
    this.#userPosition = userField === undefined ? undefined : table.columns.length;
    const names = this.#readers.map(({ name }) => name);
    const known = table.columns.filter((column) => column.dropped !== true).map(({ name }) => name);
    requireReferenced('FORCE_NOT_NULL', options.forceNotNull, names, known, table.name);
    requireReferenced('FORCE_NULL', options.forceNull, names, known, table.name);
    this.#source =
      options.format === 'binary'
        ? new BinaryRows(table, this.#readers, cx.format)
        : new TextRows(table, this.#readers, options, cx.format);
    this.#defaults = defaultsOf(insert, cx);
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
      this.#source.push(bytes);
      const feeding = drive(this.#takeRows(false));
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
    await drive(this.#takeRows(true));
    await this.#writer.finish();
    return this.#rows;
  }

  fail(error: unknown): void {
    this.isWaiting = false;
    const isFatal = error instanceof SqlError && error.severity !== 'ERROR';
    this.#reject(isFatal ? error : this.#source.atRow(error));
  }

  *#takeRows(atEnd: boolean): Waiting<void> {
    for (let values = this.#source.next(atEnd); values !== undefined; values = this.#source.next(atEnd)) {
      const taking = this.#take(values);
      if (taking !== undefined) yield* wait(taking);
    }
  }

  /** A promise only where it has to wait. */
  #take(values: SqlValue[]): Promise<void> | undefined {
    try {
      for (const { position, value } of this.#defaults) values[position] = value.evaluate(NO_ROW, this.#cx);
      this.#checkNulls(values);
      if (this.#where !== undefined && this.#where.evaluate(values, this.#cx) !== true) return undefined;
      const inserting = this.#writer.insert(values, this.#takeUser(values));
      if (inserting instanceof Promise) return this.#inserted(inserting);
      if (inserting) this.#rows++;
      return undefined;
    } catch (error) {
      throw this.#source.atRow(error);
    }
  }

  /** @throws SqlError 23502, 22023 */
  #takeUser(values: SqlValue[]): UserId | undefined {
    if (this.#userPosition === undefined) return undefined;
    const user = values[this.#userPosition];
    values.length = this.#userPosition;
    if (typeof user === 'string' && user !== '') return userId(user);
    throw user === ''
      ? new SqlError(SqlState.invalidParameterValue, 'a user id must not be empty')
      : new SqlError(SqlState.notNullViolation, `null value in column "${USER_COLUMN.name}" violates not-null constraint`);
  }

  async #inserted(inserting: Promise<boolean>): Promise<void> {
    try {
      if (await inserting) this.#rows++;
    } catch (error) {
      throw this.#source.atRow(error);
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
        throw this.#source.atNull(error, reader.name);
      }
    }
  }
}

const NO_ROW: SqlValue[] = [];

/** The hidden column of user and stream tables. */
const USER_COLUMN = { name: '_user_id', type: TypeOid.text, typmod: -1 } as const;

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
