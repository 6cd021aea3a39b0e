import type { SqlError } from '../../../commons/sql-error.js';
import { SqlState } from '../../../commons/sqlstates.js';
import type { DataTypeDef } from '../ast.js';
import type { Token } from '../tokens.js';
import type { Datum, FieldOfRecord, PlStatement, ScalarVariable, SqlText, VariableList, VariableType } from './ast.js';
import { type FoundName, findName, type Names } from './names.js';
import { nameOf, TokenStream } from './token-stream.js';
import { RESERVED, UNRESERVED } from './words.js';

/** What the reader asks of the catalog, in the order in which the text names types. */
export interface DeclaredTypes {
  /** @throws SqlError 42601 with a place in the text, 42704 … */
  parse(text: string): DataTypeDef;
  /** @throws SqlError 42704, 3F000, 42P01 … */
  named(definition: DataTypeDef): VariableType;
  /** `relation.column%TYPE`; undefined: there is no such relation. @throws SqlError 42703 */
  column(names: readonly string[]): VariableType | undefined;
  /** `relation%ROWTYPE` @throws SqlError 42P01 */
  row(names: readonly string[]): VariableType;
  /** @throws SqlError 42704 */
  collated(type: VariableType, collation: readonly string[]): VariableType | undefined;
  readonly refcursor: VariableType;
  readonly integer: VariableType;
  readonly text: VariableType;
  readonly record: VariableType;
  /** @throws SqlError 42601: SQL that the grammar does not read; positions count in the text */
  check(sql: SqlText): void;
  /** Types that no variable can have. */
  isPseudo(type: VariableType): boolean;
  typeName(type: VariableType): string;
  /** A name is declared that an outer block has: plpgsql.extra_warnings. */
  shadows?(name: string, position: number): void;
}

/** What RETURN may say. */
export interface ResultRules {
  readonly returnsSet: boolean;
  readonly returnsVoid: boolean;
  readonly isProcedure: boolean;
  /** The variable, or list of variables, that OUT parameters are. */
  readonly outVariable?: number;
}

/** A token that names a variable, with the tokens of its fields. */
export interface FoundVariable {
  readonly datum: Datum;
  readonly start: number;
  readonly text: string;
  /** How many of the names that are written are it; others are fields within. */
  readonly names: number;
}

/** The place in a body, the names in scope, and the variables made so far. */
export class BodyReader {
  readonly stream: TokenStream;
  readonly types: DeclaredTypes;
  rules: ResultRules = { returnsSet: false, returnsVoid: false, isProcedure: false };
  readonly datums: Datum[] = [];
  names: Names;
  /** Statements within statements; handed in, since they know all kinds. */
  readonly readStatements: () => PlStatement[];

  constructor(source: string, types: DeclaredTypes, readStatements: (reader: BodyReader) => PlStatement[]) {
    this.readStatements = () => readStatements(this);
    this.stream = new TokenStream(source);
    this.types = types;
  }

  // ------------------------------------------------------------ variables

  newDatum<D extends Datum>(make: (number: number) => D): D {
    const datum = make(this.datums.length);
    this.datums.push(datum);
    return datum;
  }

  datum(number: number): Datum {
    const datum = this.datums[number];
    if (datum === undefined) throw new Error(`no variable ${number}`);
    return datum;
  }

  /** A variable of any type, known by its name from here on. @throws SqlError 0A000 */
  declare(
    name: string,
    line: number,
    type: VariableType,
    more: Partial<Pick<ScalarVariable, 'isConstant' | 'notNull' | 'default' | 'cursor'>> = {},
  ): Datum {
    if (this.types.isPseudo(type)) {
      throw this.stream.error(SqlState.featureNotSupported, `variable "${name}" has pseudo-type ${this.types.typeName(type)}`);
    }
    const datum = this.newDatum((number): Datum => {
      const base = { number, name, line, type, isConstant: more.isConstant === true, notNull: more.notNull === true };
      const initial = more.default === undefined ? {} : { default: more.default };
      if (type.isRecord) return { kind: 'record', ...base, ...initial };
      return { kind: 'scalar', ...base, ...initial, ...(more.cursor === undefined ? {} : { cursor: more.cursor }) };
    });
    this.addName(name, datum);
    return datum;
  }

  addName(name: string, datum: Datum): void {
    this.names = { kind: datum.kind === 'record' ? 'record' : 'scalar', name, number: datum.number, next: this.names };
  }

  /** The field of a record: one datum for each that is named. */
  fieldOf(record: number, name: string): FieldOfRecord {
    for (const datum of this.datums) if (datum.kind === 'field' && datum.record === record && datum.name === name) return datum;
    return this.newDatum((number) => ({ kind: 'field', number, name, record }));
  }

  newList(line: number, fields: VariableList['fields'], name = '(unnamed row)'): VariableList {
    return this.newDatum((number) => ({ kind: 'list', number, name, line, fields }));
  }

  // ------------------------------------------------------------ words

  isKeyword(token: Token, word: string): boolean {
    return token.kind === 'word' && token.text === word;
  }

  /** The token is there, and is taken. */
  accept(word: string): boolean {
    const token = this.stream.peek();
    if (token.kind === 'quoted' || token.kind === 'string' || token.text !== word) return false;
    this.stream.next();
    return true;
  }

  /** @throws SqlError 42601 */
  expect(word: string): Token {
    if (this.accept(word)) return this.stream.current;
    this.stream.next();
    throw this.stream.syntaxError();
  }

  /** A word that may be a name: no reserved one. */
  isName(token: Token): boolean {
    return token.kind === 'quoted' || token.kind === 'parameter' || (token.kind === 'word' && !RESERVED.has(token.text));
  }

  isUnreserved(token: Token): boolean {
    return token.kind === 'word' && UNRESERVED.has(token.text);
  }

  /** any_identifier @throws SqlError 42601 */
  identifier(): string {
    const token = this.stream.next();
    const name = this.isName(token) ? nameOf(token) : undefined;
    if (name === undefined) throw this.stream.syntaxError();
    return name;
  }

  /** A field of a record that SQL names, at the word that was read last: it counts among the variables, as in PostgreSQL. */
  noteField(): void {
    const { current } = this.stream;
    const first = nameOf(current);
    const field = nameOf(this.stream.peek(1));
    if (first === undefined || field === undefined || this.stream.peek().text !== '.') return;
    const found = findName(this.names, false, first, field);
    if (found?.kind === 'record' && found.words === 1) this.fieldOf(found.number, field);
  }

  /** How many of the next tokens are one qualified name of at most three parts; 0: it is no name. */
  qualifiedLength(): number {
    if (!this.isName(this.stream.peek())) return 0;
    let count = 1;
    while (count < 3 && this.stream.peek(count * 2 - 1).text === '.' && nameOf(this.stream.peek(count * 2)) !== undefined) count++;
    return count;
  }

  qualifiedNames(count: number): string[] {
    const names: string[] = [];
    for (let i = 0; i < count; i++) names.push(nameOf(this.stream.peek(i * 2)) ?? '');
    return names;
  }

  /** The variable that comes next, not taken; undefined: no known variable. */
  peekVariable(): { readonly found: FoundName; readonly names: readonly string[] } | undefined {
    const count = this.qualifiedLength();
    if (count === 0) return undefined;
    const names = this.qualifiedNames(count);
    const [first = '', second, third] = names;
    const found = findName(this.names, false, first, second, third);
    return found === undefined ? undefined : { found, names };
  }

  /** A variable, or field of one, where a target stands. @throws SqlError 42601 */
  variable(): FoundVariable {
    const peeked = this.peekVariable();
    if (peeked === undefined) throw this.notVariable();
    const { found, names } = peeked;
    const start = this.stream.peek().start;
    for (let i = 0; i < names.length * 2 - 1; i++) this.stream.next();
    const text = names.join('.');
    const field = found.kind === 'record' ? names[found.words] : undefined;
    const datum = field === undefined ? this.datum(found.number) : this.fieldOf(found.number, field);
    return { datum, start, text, names: found.words + (field === undefined ? 0 : 1) };
  }

  /** The next token was to be a variable. */
  notVariable(): SqlError {
    const count = this.qualifiedLength();
    const { start } = this.stream.peek();
    if (count === 0) {
      this.stream.next();
      return this.stream.syntaxError();
    }
    const name = this.qualifiedNames(count).join('.');
    return this.stream.error(SqlState.syntaxError, `"${name}" is not a known variable`, start);
  }

  /** @throws SqlError 22005 */
  requireAssignable(datum: Datum, position: number): void {
    switch (datum.kind) {
      case 'scalar':
      case 'record':
        if (datum.isConstant)
          throw this.stream.error(SqlState.errorInAssignment, `variable "${datum.name}" is declared CONSTANT`, position);
        return;
      case 'field':
        this.requireAssignable(this.datum(datum.record), position);
        return;
      case 'list':
        return;
    }
  }

  // ------------------------------------------------------------ labels

  /** `<<name>>`, if it is there. */
  label(): string | undefined {
    const token = this.stream.peek();
    if (token.kind !== 'operator' || token.text !== '<<') return undefined;
    this.stream.next();
    const name = this.identifier();
    this.expect('>>');
    return name;
  }

  pushLabel(name: string, of: 'block' | 'loop' | 'other'): void {
    this.names = { kind: 'label', name, of, next: this.names };
  }

  /** The label behind END [LOOP]. @throws SqlError 42601 */
  endLabel(start: string | undefined): void {
    const token = this.stream.peek();
    if (!this.isName(token)) return;
    const name = this.identifier();
    if (start === undefined) {
      throw this.stream.error(SqlState.syntaxError, `end label "${name}" specified for unlabeled block`, token.start);
    }
    if (start !== name) {
      throw this.stream.error(SqlState.syntaxError, `end label "${name}" differs from block's label "${start}"`, token.start);
    }
  }
}
