/** Functions, procedures, aggregates, operators and casts. */
import type { DefElement } from './definitions.js';
import type { Expr, ExprCall } from './expressions.js';
import type { DataTypeDef, Node, QName } from './nodes.js';
import type { SetStatement } from './sessions.js';
import type { Statement } from './statements.js';

export type RoutineWord = 'function' | 'procedure' | 'routine' | 'aggregate';

export interface ParameterDef extends Node {
  readonly name?: string;
  readonly mode: 'in' | 'out' | 'inout' | 'variadic' | 'table';
  readonly dataType: DataTypeDef;
  readonly default?: Expr;
}

export interface CreateRoutineStatement extends Node {
  readonly type: 'create routine';
  readonly form: 'function' | 'procedure';
  readonly name: QName;
  readonly orReplace?: true;
  readonly parameters: readonly ParameterDef[];
  /** With `setof` where it says so; RETURNS TABLE is parameters of that mode and a set of record or of the one type. */
  readonly returns?: DataTypeDef;
  /** `as` is a list of strings; language, volatility, strict, security, leakproof, cost, rows, support, parallel, window, transform. */
  readonly options: readonly DefElement[];
  readonly settings: readonly SetStatement[];
  /** Where the text behind AS begins in the statement's text, if it stands there just as it is. */
  readonly sourceStart?: number;
  /** `BEGIN ATOMIC … END` or `RETURN …` as typed, with its statements. */
  readonly body?: { readonly text: string; readonly statements: readonly Statement[]; readonly returns?: Expr };
}

/** A routine by name and argument types. */
export interface RoutineRef extends Node {
  readonly name: QName;
  /** Absent: f without parentheses. `*` of an aggregate is no argument. */
  readonly arguments?: readonly ParameterDef[];
}

export interface AlterRoutineStatement extends Node {
  readonly type: 'alter routine';
  readonly objectType: RoutineWord;
  readonly routine: RoutineRef;
  readonly options: readonly DefElement[];
  readonly settings: readonly SetStatement[];
}
export interface DropRoutineStatement extends Node {
  readonly type: 'drop routine';
  readonly objectType: RoutineWord;
  readonly routines: readonly RoutineRef[];
  readonly ifExists?: true;
  readonly cascade?: true;
}
export interface CallStatement extends Node {
  readonly type: 'call';
  readonly call: ExprCall;
}

export interface CreateAggregateStatement extends Node {
  readonly type: 'create aggregate';
  readonly name: QName;
  readonly orReplace?: true;
  /** Absent: the old syntax, with BASETYPE. `*` is none. */
  readonly parameters?: readonly ParameterDef[];
  /** So many of them are direct arguments: f(direct ORDER BY ordered). -1: a plain aggregate. */
  readonly directCount: number;
  readonly options: readonly DefElement[];
}

/** An operator by symbol and operand types. */
export interface OperatorRef extends Node {
  readonly name: QName;
  /** Absent: NONE. */
  readonly left?: DataTypeDef;
  readonly right?: DataTypeDef;
}
export interface CreateOperatorStatement extends Node {
  readonly type: 'create operator';
  readonly name: QName;
  /** Names (functions, operators) as 'name'; types as 'type'. */
  readonly options: readonly DefElement[];
}
export interface AlterOperatorStatement extends Node {
  readonly type: 'alter operator';
  readonly operator: OperatorRef;
  readonly options: readonly DefElement[];
}
export interface DropOperatorStatement extends Node {
  readonly type: 'drop operator';
  readonly operators: readonly OperatorRef[];
  readonly ifExists?: true;
  readonly cascade?: true;
}

export interface CastRef extends Node {
  readonly source: DataTypeDef;
  readonly target: DataTypeDef;
}
export interface CreateCastStatement extends Node {
  readonly type: 'create cast';
  readonly cast: CastRef;
  /** Absent: WITHOUT FUNCTION, or WITH INOUT. */
  readonly routine?: RoutineRef;
  readonly inout?: true;
  readonly context: 'implicit' | 'assignment' | 'explicit';
}
export interface DropCastStatement extends Node {
  readonly type: 'drop cast';
  readonly cast: CastRef;
  readonly ifExists?: true;
  readonly cascade?: true;
}
