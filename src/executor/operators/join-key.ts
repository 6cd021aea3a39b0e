import type { BoundExpr } from '../../planner/bind/expression.js';
import type { HashKey } from '../../types/type-codec.js';
import type { Row, SqlValue } from '../../types/value.js';
import { groupKeyOf, hasherOf } from '../expression/comparators.js';
import type { Evaluator } from '../expression/evaluator.js';
import type { Frame } from '../frame.js';
import type { Layout } from '../scope.js';

/** A row's join key; undefined when a part of it is NULL, which matches nothing. */
export type JoinKeyOf = (row: Row, frame: Frame) => HashKey | undefined;

export function compileJoinKey(keys: readonly BoundExpr[], layout: Layout): JoinKeyOf {
  const evaluators: readonly Evaluator[] = keys.map((key) => layout.evaluator(key));
  const hashers = keys.map((key) => hasherOf(key.type));
  const [only] = evaluators;
  const [hash] = hashers;
  if (evaluators.length === 1 && only !== undefined && hash !== undefined) {
    return (row, frame) => {
      const value = only(row, frame);
      return value === null ? undefined : hash(value);
    };
  }
  const joint = groupKeyOf(hashers);
  const values: SqlValue[] = keys.map(() => null);
  return (row, frame) => {
    for (let i = 0; i < evaluators.length; i++) {
      const value = evaluators[i]?.(row, frame) ?? null;
      if (value === null) return undefined;
      values[i] = value;
    }
    return joint(values);
  };
}
