import type { Row, SqlValue } from '../../types/value.js';
import type { FunctionContext } from '../context.js';

/**
 * How functions are implemented: tables keyed by pg_proc.prosrc (its C function's name), since that is what several pg_proc entries share.
 * Where one prosrc serves several signatures that need different code (aggregates: all are `aggregate_dummy`), the key is `name(oid,oid)`.
 * Later work adds functions by adding entries here, never by branches in the compiler.
 */

/** Called with exactly the declared arguments (a variadic function gets its array) and then the context. Strict functions never see null. */
export type ScalarFunction = (...args: never[]) => SqlValue;
/** A scalar function that waits: only used through the plan node `async calls`. */
export type AsyncFunction = (args: readonly SqlValue[], cx: FunctionContext) => Promise<SqlValue>;
/** Yields values, or for composite results rows. Lazily: a consumer may stop early. */
export type SetFunction = (args: readonly SqlValue[], cx: FunctionContext) => Iterable<SqlValue | Row>;

/** `step` may change `state` in place and returns it. Strict aggregates (`strict`) skip rows with a NULL argument. */
export interface AggregateFunction<S = unknown> {
  readonly strict: boolean;
  init(cx: FunctionContext): S;
  step(state: S, args: readonly SqlValue[], cx: FunctionContext): S;
  final(state: S, cx: FunctionContext): SqlValue;
  /** Bytes held by a state, roughly, for work_mem; absent: a small constant. */
  sizeBytes?(state: S): number;
}

export interface FunctionLibrary {
  scalar(source: string, proc: number): ScalarFunction | undefined;
  async(source: string): AsyncFunction | undefined;
  set(source: string, proc: number): SetFunction | undefined;
  /** By `name(argument type oids)` as in Aggregate.implementation, polymorphic ones by their declared types. */
  aggregate(implementation: string): AggregateFunction | undefined;
}
