import type { Oid } from '../../commons/ids.js';
import type { MaybePromise } from '../../commons/maybe-promise.js';
import type { Row, SqlValue } from '../../types/value.js';
import type { FunctionContext } from '../context.js';
import type { Waiting } from '../waiting.js';

/**
 * How functions are implemented: tables keyed by pg_proc.prosrc (its C function's name), since that is what several pg_proc entries share.
 * Where one prosrc serves several signatures that need different code (aggregates: all are `aggregate_dummy`), the key is `name(oid,oid)`.
 * Later work adds functions by adding entries here, never by branches in the compiler.
 */

/**
 * The types of one call as the binder resolved them (BoundCall: its arguments' types and its own). Values don't carry their types, so
 * polymorphic functions (array_eq, to_json, concat, pg_typeof, min(anyarray), json_agg …) need them.
 */
export interface CallTypes {
  readonly args: readonly Oid[];
  readonly result: Oid;
  /** Collation of the comparison; absent: default (C order). */
  readonly collation?: Oid | undefined;
  /** f(VARIADIC array) of a VARIADIC "any" function: the last argument is an array of the arguments. */
  readonly variadicArray?: boolean | undefined;
  /** FROM f(…) AS t(a int4, …): the column definition list of a function that returns record (json_to_recordset). */
  readonly columns?: readonly CallColumn[] | undefined;
}
export interface CallColumn {
  readonly name: string;
  readonly type: Oid;
  readonly typmod: number;
}

/**
 * Called with exactly the declared arguments and then the context. A variadic function gets its array, except VARIADIC "any", which gets
 * its arguments one by one. Strict functions never see null.
 */
export type ScalarFunction = (...args: never[]) => SqlValue;
/** A scalar function that may wait: only used through the plan node `async calls`. */
export type AsyncFunction = (args: readonly SqlValue[], cx: FunctionContext) => MaybePromise<SqlValue>;
/** A set-returning function that may wait: it gives its rows to `out`, a scalar result as a row of one. */
export type WaitingSetFunction = (args: readonly SqlValue[], cx: FunctionContext, out: { add(row: Row): void }) => Waiting<void>;
/** Yields values, or for composite results rows. Lazily: a consumer may stop early. */
export type SetFunction = (args: readonly SqlValue[], cx: FunctionContext) => Iterable<SqlValue | Row>;

/** `step` may change `state` in place and returns it. Strict aggregates (`strict`) skip rows with a NULL argument. */
export interface AggregateFunction<S = unknown> {
  readonly strict: boolean;
  init(cx: FunctionContext): S;
  step(state: S, args: readonly SqlValue[], cx: FunctionContext): S;
  /** Leaves the state as it is: as a window function more may be added afterwards. */
  final(state: S, cx: FunctionContext): SqlValue;
  /** Takes back what `step` added first of all that is left, for frames that move; false where the state can't tell any more. */
  inverse?(state: S, args: readonly SqlValue[], cx: FunctionContext): boolean;
  /** Bytes held by a state, roughly, for work_mem; absent: a small constant. */
  sizeBytes?(state: S): number;
  /** Its state is no more than a count and a sum: where there are many groups, they are kept as numbers. */
  readonly packed?: PackedAggregate;
}

export interface PackedAggregate {
  /** What becomes of the argument: integers are added up exactly, floats by a function from the second on. */
  readonly add: 'nothing' | 'integers' | ((sum: number, value: number) => number);
  final(count: number, sum: number | bigint): SqlValue;
}

/**
 * `types` may be left out only where no polymorphic function can come up; a polymorphic one then fails an assertion.
 * A function is made for one call and may keep state for it (a compiled pattern), so look it up once per plan, not per row.
 */
export interface FunctionLibrary {
  scalar(source: string, proc: Oid, types?: CallTypes): ScalarFunction | undefined;
  async(source: string, proc?: Oid, types?: CallTypes): AsyncFunction | undefined;
  waitingSet(source: string, proc: Oid, types?: CallTypes): WaitingSetFunction | undefined;
  set(source: string, proc: Oid, types?: CallTypes): SetFunction | undefined;
  /** By `name(argument type oids)` as in Aggregate.implementation, polymorphic ones by their declared types. */
  aggregate(implementation: string, types?: CallTypes): AggregateFunction | undefined;
}
