/** Expressions. */
import type { DataTypeDef, Node, QName } from './nodes.js';
import type { OrderBy, SelectStatement } from './queries.js';

export type Expr =
  | ExprInteger
  | ExprNumeric
  | ExprString
  | ExprBitString
  | ExprBoolean
  | ExprNull
  | ExprDefault
  | ExprParameter
  | ExprLifted
  | ExprRef
  | ExprField
  | ExprUnary
  | ExprBinary
  | ExprTernary
  | ExprQuantified
  | ExprCast
  | ExprCollate
  | ExprCase
  | ExprCall
  | ExprKeyword
  | ExprCoalesce
  | ExprNullIf
  | ExprMinMax
  | ExprGrouping
  | ExprArray
  | ExprArrayIndex
  | ExprRow
  | ExprList
  | ExprSubquery
  | ExprExists
  | ExprArraySelect
  | ExprCurrentOf;

/** A literal that fits int4. Negative where PostgreSQL's grammar folds a minus sign into the number. */
export interface ExprInteger extends Node {
  readonly type: 'integer';
  readonly value: number;
}
/**
 * Any other number: int8 or numeric by its size and form. `text` is as typed, with a leading `-` where PostgreSQL's
 * grammar folds one in; underscores are gone and hexadecimal, octal and binary numbers are written in decimal.
 */
export interface ExprNumeric extends Node {
  readonly type: 'numeric';
  readonly text: string;
}
/** A string literal: of type unknown until it meets its context. */
export interface ExprString extends Node {
  readonly type: 'string';
  readonly value: string;
}
/** B'0101' or X'1F', with PostgreSQL's leading letter: `b0101`, `x1F`. */
export interface ExprBitString extends Node {
  readonly type: 'bit string';
  readonly text: string;
}
export interface ExprBoolean extends Node {
  readonly type: 'boolean';
  readonly value: boolean;
}
export interface ExprNull extends Node {
  readonly type: 'null';
}
/** DEFAULT in VALUES or SET. */
export interface ExprDefault extends Node {
  readonly type: 'default';
}
/** $1 has index 1. */
export interface ExprParameter extends Node {
  readonly type: 'parameter';
  readonly index: number;
}
/**
 * A literal taken out of the text (see literals.ts): typed exactly as the literal of its kind would be ('integer' int4,
 * 'bigint' int8, 'numeric' numeric, 'string' unknown), its value comes with each execution as number `index` (from 0).
 */
export interface ExprLifted extends Node {
  readonly type: 'lifted';
  readonly index: number;
  readonly kind: 'integer' | 'bigint' | 'numeric' | 'string';
}
/** Column reference: `a`, `t.a`, `s.t.a`, `*`, `t.*`; with four parts the first is `table.catalog`. */
export interface ExprRef extends Node {
  readonly type: 'ref';
  readonly table?: QName;
  /** `*` stands for all columns; a column that is really named * does not occur (`star` tells). */
  readonly name: string;
  readonly star?: true;
}
/** (composite).field, or (composite).* */
export interface ExprField extends Node {
  readonly type: 'field';
  readonly operand: Expr;
  readonly field: string;
  readonly star?: true;
}
export type PostfixTest =
  | 'IS NULL'
  | 'IS NOT NULL'
  | 'IS TRUE'
  | 'IS NOT TRUE'
  | 'IS FALSE'
  | 'IS NOT FALSE'
  | 'IS UNKNOWN'
  | 'IS NOT UNKNOWN';
/** op: 'NOT', one of PostfixTest, or a prefix operator's symbol (`-`, `+`, `~`, `@`, `!!`, …). A minus before a number literal is folded into… nothing: it stays a unary node, as in PostgreSQL's grammar `-1` is folded to a constant with a sign: see ExprInteger with a negative value. */
export interface ExprUnary extends Node {
  readonly type: 'unary';
  readonly op: string;
  readonly opSchema?: string;
  readonly operand: Expr;
}
/**
 * op: 'AND', 'OR', 'IN', 'NOT IN' (right is ExprList or ExprSubquery), 'LIKE', 'NOT LIKE', 'ILIKE', 'NOT ILIKE', 'SIMILAR TO', 'NOT SIMILAR TO',
 * 'IS DISTINCT FROM', 'IS NOT DISTINCT FROM', or an operator's symbol (`<>`, never `!=`).
 * The location is the operator's, which is where PostgreSQL points.
 * As in PostgreSQL's grammar, the right side of SIMILAR TO is already the call pg_catalog.similar_to_escape(pattern[, escape]),
 * and that of LIKE … ESCAPE the call pg_catalog.like_escape(pattern, escape).
 * A chain of more than 32 ANDs or ORs (which PostgreSQL keeps as one list) is a balanced tree, so that it stays shallow.
 */
export interface ExprBinary extends Node {
  readonly type: 'binary';
  readonly op: string;
  readonly opSchema?: string;
  readonly left: Expr;
  readonly right: Expr;
}
export interface ExprTernary extends Node {
  readonly type: 'ternary';
  readonly op: 'BETWEEN' | 'NOT BETWEEN' | 'BETWEEN SYMMETRIC' | 'NOT BETWEEN SYMMETRIC';
  readonly value: Expr;
  readonly lo: Expr;
  readonly hi: Expr;
}
/** left op ANY (right): right is an array expression or ExprSubquery. op is a symbol; LIKE is `~~`, NOT LIKE `!~~`, ILIKE `~~*`, NOT ILIKE `!~~*`. */
export interface ExprQuantified extends Node {
  readonly type: 'quantified';
  readonly op: string;
  readonly opSchema?: string;
  readonly quantifier: 'ANY' | 'ALL';
  readonly left: Expr;
  readonly right: Expr;
}
export interface ExprCast extends Node {
  readonly type: 'cast';
  readonly operand: Expr;
  readonly to: DataTypeDef;
}
export interface ExprCollate extends Node {
  readonly type: 'collate';
  readonly operand: Expr;
  readonly collation: QName;
}
export interface ExprCase extends Node {
  readonly type: 'case';
  readonly value?: Expr;
  readonly whens: readonly { readonly when: Expr; readonly value: Expr }[];
  readonly else?: Expr;
}
export interface ExprCall extends Node {
  readonly type: 'call';
  readonly function: QName;
  readonly args: readonly ExprArgument[];
  /** count(*) */
  readonly star?: true;
  readonly distinct?: true;
  readonly variadic?: true;
  readonly orderBy?: readonly OrderBy[];
  readonly withinGroup?: true;
  readonly filter?: Expr;
  readonly over?: WindowDef;
  /** True where the user wrote the special syntax (EXTRACT(…) and so on): matters only for column names and deparsing. */
  readonly sqlSyntax?: true;
}
export type ExprArgument = Expr | NamedArgument;
export interface NamedArgument extends Node {
  readonly type: 'named argument';
  readonly name: string;
  readonly value: Expr;
}
export interface WindowDef extends Node {
  /** OVER w, or the name being defined in WINDOW w AS (…). */
  readonly name?: string;
  /** OVER (w …): the window it copies. */
  readonly refName?: string;
  readonly partitionBy?: readonly Expr[];
  readonly orderBy?: readonly OrderBy[];
  readonly frame?: WindowFrame;
}
export type FrameBoundKind = 'UNBOUNDED PRECEDING' | 'OFFSET PRECEDING' | 'CURRENT ROW' | 'OFFSET FOLLOWING' | 'UNBOUNDED FOLLOWING';
export interface WindowFrame {
  readonly mode: 'ROWS' | 'RANGE' | 'GROUPS';
  readonly start: FrameBoundKind;
  readonly startOffset?: Expr;
  readonly end: FrameBoundKind;
  readonly endOffset?: Expr;
  readonly exclude?: 'CURRENT ROW' | 'GROUP' | 'TIES';
  /** Written without BETWEEN: only the start. */
  readonly isShort?: true;
}
export type Keyword =
  | 'current_date'
  | 'current_time'
  | 'current_timestamp'
  | 'localtime'
  | 'localtimestamp'
  | 'current_role'
  | 'current_user'
  | 'user'
  | 'session_user'
  | 'current_catalog'
  | 'current_schema';
export interface ExprKeyword extends Node {
  readonly type: 'keyword';
  readonly keyword: Keyword;
  /** current_timestamp(3) */
  readonly precision?: number;
}
export interface ExprCoalesce extends Node {
  readonly type: 'coalesce';
  readonly args: readonly Expr[];
}
export interface ExprNullIf extends Node {
  readonly type: 'nullif';
  readonly left: Expr;
  readonly right: Expr;
}
export interface ExprMinMax extends Node {
  readonly type: 'minmax';
  readonly op: 'greatest' | 'least';
  readonly args: readonly Expr[];
}
export interface ExprGrouping extends Node {
  readonly type: 'grouping';
  readonly args: readonly Expr[];
}
/** ARRAY[…] */
export interface ExprArray extends Node {
  readonly type: 'array';
  readonly expressions: readonly Expr[];
}
/** a[i] (index) or a[lo:hi] (slice true; absent bounds are open). One node a subscript, nested from the inside out. */
export interface ExprArrayIndex extends Node {
  readonly type: 'arrayIndex';
  readonly array: Expr;
  /** The array stands in parentheses: it is subscripted for itself, `(a[1:2])[1]`. */
  readonly apart?: true;
  readonly slice?: true;
  readonly index?: Expr;
  readonly upper?: Expr;
}
/** ROW(…) or (a, b): explicit tells which. */
export interface ExprRow extends Node {
  readonly type: 'row';
  readonly expressions: readonly Expr[];
  readonly explicit?: true;
}
/** Only as the right side of IN. */
export interface ExprList extends Node {
  readonly type: 'list';
  readonly expressions: readonly Expr[];
}
/** (SELECT …) as a value, or as the right side of IN, ANY and ALL. */
export interface ExprSubquery extends Node {
  readonly type: 'subquery';
  readonly select: SelectStatement;
}
export interface ExprExists extends Node {
  readonly type: 'exists';
  readonly select: SelectStatement;
}
/** ARRAY(SELECT …) */
export interface ExprArraySelect extends Node {
  readonly type: 'array select';
  readonly select: SelectStatement;
}
/** WHERE CURRENT OF cursor */
export interface ExprCurrentOf extends Node {
  readonly type: 'current of';
  readonly cursor: string;
}
