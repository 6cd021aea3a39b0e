import type { Oid } from '../../commons/ids.js';
import type { ObjectBase } from './base.js';

/** Functions, operators and casts that users make. */

export type ParameterMode = 'in' | 'out' | 'inout' | 'variadic' | 'table';
export interface RoutineParameter {
  /** Absent: it has none. */
  readonly name?: string;
  readonly mode: ParameterMode;
  readonly type: Oid;
  /** Of an input parameter: its default as SQL. */
  readonly defaultText?: string;
}
/** What an aggregate is made of: a row of pg_aggregate. Functions by oid, 0 for none. */
export interface AggregateDefinition {
  readonly form: 'normal' | 'ordered set' | 'hypothetical set';
  readonly directArguments: number;
  readonly transition: Oid;
  readonly final: Oid;
  readonly combine: Oid;
  readonly serialize: Oid;
  readonly deserialize: Oid;
  readonly movingTransition: Oid;
  readonly movingInverse: Oid;
  readonly movingFinal: Oid;
  readonly finalExtra: boolean;
  readonly movingFinalExtra: boolean;
  readonly finalModify: 'r' | 's' | 'w';
  readonly movingFinalModify: 'r' | 's' | 'w';
  readonly sortOperator: Oid;
  readonly stateType: Oid;
  readonly stateSpace: number;
  readonly movingStateType: Oid;
  readonly movingStateSpace: number;
  /** As text, for the state type's input function. Absent: NULL. */
  readonly initial?: string;
  readonly movingInitial?: string;
}
/** A function, procedure or aggregate. Its name is unique in its schema together with its input parameters' types. */
export interface RoutineDescriptor extends ObjectBase {
  readonly kind: 'routine';
  readonly form: 'function' | 'procedure' | 'aggregate' | 'window';
  readonly schema: Oid;
  /** Made in pg_temp: it lives in its session only. */
  readonly persistence?: 'temporary';
  readonly parameters: readonly RoutineParameter[];
  /** record for several OUT parameters, void where nothing comes back; of a procedure: record with OUT parameters, else void. */
  readonly returnType: Oid;
  readonly returnsSet: boolean;
  /** pg_language.lanname. */
  readonly language: string;
  /** pg_proc.prosrc: the text behind AS; of an internal function the name of its implementation. Empty where there is a `body`. */
  readonly source: string;
  /** pg_proc.probin: the library of a C function. */
  readonly library?: string;
  /** `BEGIN ATOMIC … END` or `RETURN …` as SQL, bound with `searchPath` as it was when it was made. */
  readonly body?: string;
  readonly searchPath?: readonly string[];
  readonly volatility: 'immutable' | 'stable' | 'volatile';
  readonly strict: boolean;
  readonly securityDefiner: boolean;
  readonly leakproof: boolean;
  readonly parallel: 'safe' | 'restricted' | 'unsafe';
  readonly cost: number;
  /** Estimated rows of a set; 0 for others. */
  readonly rows: number;
  /** Planner support function. */
  readonly support?: Oid;
  /** SET clauses. */
  readonly settings: Readonly<Record<string, string>>;
  /** What a body refers to (of a body in quotes nothing is known), besides the types of parameters and result. */
  readonly dependsOn: readonly Oid[];
  readonly aggregate?: AggregateDefinition;
}

/** CREATE OPERATOR CLASS for a btree or hash: which operators are a type's equality and order. */
export interface OperatorClassDescriptor extends ObjectBase {
  readonly kind: 'operator class';
  readonly schema: Oid;
  readonly persistence?: 'temporary';
  readonly method: Oid;
  readonly type: Oid;
  readonly isDefault: boolean;
  readonly operators: readonly { readonly strategy: number; readonly operator: Oid }[];
  readonly functions: readonly { readonly support: number; readonly routine: Oid }[];
}

export interface OperatorDescriptor extends ObjectBase {
  readonly kind: 'operator';
  readonly schema: Oid;
  readonly persistence?: 'temporary';
  /** 0 for a prefix operator. */
  readonly left: Oid;
  readonly right: Oid;
  /** 0 for a shell: named as a commutator or negator, and not made yet. */
  readonly result: Oid;
  /** 0 for a shell. */
  readonly routine: Oid;
  readonly commutator: Oid;
  readonly negator: Oid;
  readonly restrict: Oid;
  readonly join: Oid;
  readonly canHash: boolean;
  readonly canMerge: boolean;
}

export interface CastDescriptor {
  readonly kind: 'cast';
  readonly oid: Oid;
  readonly source: Oid;
  readonly target: Oid;
  /** 0 without. */
  readonly routine: Oid;
  readonly context: 'implicit' | 'assignment' | 'explicit';
  readonly method: 'function' | 'inout' | 'binary';
  readonly comment?: string;
}
