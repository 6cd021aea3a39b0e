import type { Oid } from '../commons/ids.js';
import { SqlError } from '../commons/sql-error.js';
import { SqlState } from '../commons/sqlstates.js';
import type { ResultColumn } from '../planner/bind/logical.js';
import type { FormatContext } from '../types/format-context.js';
import type { SqlValue } from '../types/value.js';
import type { CachedStatement, StatementPlan } from './statement/cached-statement.js';
import { checkedFormat } from './statement/describe-columns.js';
import { binaryDecoder, type ParamDecoder, textDecoder } from './statement/param-decoder.js';

const NO_PARAMS: readonly SqlValue[] = Object.freeze([]);
/** Parameter values up to this long are shown in an error's context. */
const ELLIPSIS = "'...'";

/** A statement under a name (or the unnamed one), by Parse or PREPARE. */
export class PreparedStatement {
  readonly name: string;
  readonly text: string;
  /** Absent: an empty text. */
  readonly cached: CachedStatement | undefined;
  readonly paramTypes: readonly Oid[];
  readonly fromSql: boolean;
  readonly createdMicros: number;
  /** How often it was bound to parameters. */
  uses = 0;
  /** As it was last bound: its result is known to be the promised one. */
  plan: StatementPlan | undefined;
  /** Undefined: it gives no rows. */
  readonly columns: readonly ResultColumn[] | undefined;
  readonly #textDecoders: (ParamDecoder | undefined)[] = [];
  readonly #binaryDecoders: (ParamDecoder | undefined)[] = [];

  constructor(
    name: string,
    text: string,
    cached: CachedStatement | undefined,
    plan: StatementPlan | undefined,
    options: { readonly fromSql: boolean; readonly createdMicros: number; readonly paramTypes?: readonly Oid[] | undefined },
  ) {
    this.name = name;
    this.text = text;
    this.cached = cached;
    this.plan = plan;
    this.paramTypes = plan?.query.paramTypes ?? options.paramTypes ?? cached?.paramTypes ?? [];
    this.columns = plan === undefined || givesNoRows(plan) ? undefined : plan.columns;
    this.fromSql = options.fromSql;
    this.createdMicros = options.createdMicros;
  }

  /** A new plan must give what Describe has promised. @throws SqlError 0A000 */
  requireSameResult(plan: StatementPlan): void {
    const before = this.columns ?? [];
    const now = plan.columns;
    const same =
      before.length === now.length && now.every((column, i) => column.type === before[i]?.type && column.name === before[i]?.name);
    if (same) return;
    throw new SqlError(SqlState.featureNotSupported, 'cached plan must not change result type', { routine: 'RevalidateCachedQuery' });
  }

  /** @throws SqlError 08P01, 22P02 … */
  decodeParams(portal: string, formats: readonly number[], params: readonly (Uint8Array | null)[], cx: FormatContext): readonly SqlValue[] {
    if (formats.length > 1 && formats.length !== params.length) {
      throw new SqlError(
        SqlState.protocolViolation,
        `bind message has ${formats.length} parameter formats but ${params.length} parameters`,
      );
    }
    if (params.length !== this.paramTypes.length) {
      throw new SqlError(
        SqlState.protocolViolation,
        `bind message supplies ${params.length} parameters, but prepared statement "${this.name}" requires ${this.paramTypes.length}`,
      );
    }
    if (params.length === 0) return NO_PARAMS;
    const values: SqlValue[] = [];
    for (let i = 0; i < params.length; i++) {
      const bytes = params[i];
      const format = formats.length > 1 ? formats[i] : formats[0];
      values.push(bytes === null || bytes === undefined ? null : this.#decode(i, format ?? 0, bytes, portal, cx));
    }
    return values;
  }

  #decode(i: number, format: number, bytes: Uint8Array, portal: string, cx: FormatContext): SqlValue {
    try {
      const decoder = checkedFormat(format) === 0 ? this.#textDecoder(i) : this.#binaryDecoder(i);
      return decoder(bytes, cx);
    } catch (error) {
      if (!(error instanceof SqlError)) throw error;
      const named = asBindError(error, i);
      const where = portal === '' ? 'unnamed portal' : `portal "${portal}"`;
      const shown = format === 0 && error.code !== SqlState.characterNotInRepertoire ? ` = ${ELLIPSIS}` : '';
      throw named.withDefaults({ where: `${where} parameter $${i + 1}${shown}` });
    }
  }

  #textDecoder(i: number): ParamDecoder {
    const known = this.#textDecoders[i];
    if (known !== undefined) return known;
    const decoder = textDecoder(this.paramTypes[i] ?? 0);
    this.#textDecoders[i] = decoder;
    return decoder;
  }

  #binaryDecoder(i: number): ParamDecoder {
    const known = this.#binaryDecoders[i];
    if (known !== undefined) return known;
    const decoder = binaryDecoder(this.paramTypes[i] ?? 0);
    this.#binaryDecoders[i] = decoder;
    return decoder;
  }
}

/** What a type's binary input says of its bytes, PostgreSQL says of the message. */
function asBindError(error: SqlError, i: number): SqlError {
  if (error.code !== SqlState.invalidBinaryRepresentation) return error;
  if (error.message === 'insufficient data left in message') return new SqlError(SqlState.protocolViolation, error.message, error.fields);
  if (error.message !== 'incorrect binary data format') return error;
  return new SqlError(error.code, `${error.message} in bind parameter ${i + 1}`, error.fields);
}

function givesNoRows(plan: StatementPlan): boolean {
  const { command, columns } = plan.query;
  return columns.length === 0 && command !== 'SELECT' && command !== 'VALUES';
}

/** Characters of all texts of one session, whose trees and plans take many times that (law 6). */
const MAX_TEXT_LENGTH = 64 * 1024 * 1024;

/** A session's prepared statements by name; the unnamed one apart. */
export class PreparedStatements {
  /** Of all named ones together. */
  textLength = 0;
  readonly #named = new Map<string, PreparedStatement>();
  #unnamed: PreparedStatement | undefined;
  /** Drivers that prepare once and execute often ask for the same name again and again. */
  #last: PreparedStatement | undefined;

  /** @throws SqlError 26000 */
  get(name: string): PreparedStatement {
    if (name === '') {
      if (this.#unnamed === undefined) throw new SqlError(SqlState.invalidSqlStatementName, 'unnamed prepared statement does not exist');
      return this.#unnamed;
    }
    if (this.#last !== undefined && this.#last.name === name) return this.#last;
    const statement = this.#named.get(name);
    if (statement === undefined) throw new SqlError(SqlState.invalidSqlStatementName, `prepared statement "${name}" does not exist`);
    this.#last = statement;
    return statement;
  }

  find(name: string): PreparedStatement | undefined {
    return this.#named.get(name);
  }

  /** @throws SqlError 42P05, 54000 */
  requireFree(name: string, text: string, maxNamed: number): void {
    if (this.#named.has(name)) throw new SqlError(SqlState.duplicatePreparedStatement, `prepared statement "${name}" already exists`);
    if (this.#named.size >= maxNamed) {
      throw new SqlError(SqlState.programLimitExceeded, `too many prepared statements (at most ${maxNamed})`);
    }
    if (this.textLength + text.length > MAX_TEXT_LENGTH) {
      throw new SqlError(
        SqlState.programLimitExceeded,
        `prepared statements of one session are too long (at most ${MAX_TEXT_LENGTH} characters)`,
      );
    }
  }

  add(statement: PreparedStatement): void {
    if (statement.name === '') {
      this.#unnamed = statement;
      return;
    }
    this.#named.set(statement.name, statement);
    this.textLength += statement.text.length;
  }

  has(name: string): boolean {
    return this.#named.has(name);
  }

  delete(name: string): void {
    if (name === '') this.#unnamed = undefined;
    else {
      this.textLength -= this.#named.get(name)?.text.length ?? 0;
      this.#named.delete(name);
    }
    if (this.#last?.name === name) this.#last = undefined;
  }

  clearNamed(): void {
    this.#named.clear();
    this.textLength = 0;
    this.#last = undefined;
  }

  dropUnnamed(): void {
    this.#unnamed = undefined;
  }

  all(): Iterable<PreparedStatement> {
    return this.#named.values();
  }
}
