import { TypeOid } from '../../../types/oids.js';
import type { BuiltinOperator, TypeSource } from '../types.js';
import { selectCandidate } from './candidates.js';
import { type PolymorphicFailure, resolvePolymorphic } from './polymorphic.js';
import { arrayTypeOf, baseElementTypeOf, baseTypeOf } from './type-facts.js';

export type OperatorResolution =
  | {
      readonly kind: 'operator';
      readonly operator: BuiltinOperator;
      /** What the operands must be coerced to, polymorphic types resolved; `left` 0 for a prefix operator. */
      readonly left: number;
      readonly right: number;
      readonly result: number;
    }
  /** 42883 */
  | { readonly kind: 'undefined' }
  /** 42725 */
  | { readonly kind: 'ambiguous' }
  /** 42883: named as a commutator or negator, but never made */
  | { readonly kind: 'shell'; readonly operator: BuiltinOperator }
  | { readonly kind: 'polymorphic'; readonly failure: PolymorphicFailure };

export type ScalarArrayResolution =
  | OperatorResolution
  /** 42809 "op ANY/ALL (array) requires array on right side" */
  | { readonly kind: 'not an array' }
  /** 42809 "op ANY/ALL (array) requires operator to yield boolean" */
  | { readonly kind: 'not boolean' }
  /** 42809 "op ANY/ALL (array) requires operator not to return a set" */
  | { readonly kind: 'returns set' };

const UNDEFINED = Object.freeze({ kind: 'undefined' } as const);

function operandType(operator: BuiltinOperator, index: number): number {
  return index === 0 ? operator.left : operator.right;
}

function prefixOperandType(operator: BuiltinOperator): number {
  return operator.right;
}

/**
 * Finds the operator for operands of these types (705: unknown literal): PostgreSQL manual, "Type Conversion: Operators".
 * @param candidates all operators of the name, in the order of the search path: of two with the same operands the first counts
 * @param left undefined for a prefix operator
 */
export function resolveOperator(
  types: TypeSource,
  candidates: readonly BuiltinOperator[],
  left: number | undefined,
  right: number,
): OperatorResolution {
  return left === undefined ? resolvePrefix(types, candidates, right) : resolveInfix(types, candidates, left, right);
}

function resolveInfix(types: TypeSource, candidates: readonly BuiltinOperator[], left: number, right: number): OperatorResolution {
  const exact = findExact(types, candidates, left, right);
  if (exact !== undefined) return resolved(types, exact, left, right);
  const infix = visible(candidates.filter((operator) => operator.kind === 'b'));
  const selection = selectCandidate(types, [left, right], infix, operandType);
  if (selection.kind === 'ambiguous') return selection;
  return selection.kind === 'none' ? UNDEFINED : resolved(types, selection.candidate, left, right);
}

/** Same types on both sides, where an unknown one is taken to be like the other: `x = 'literal'` ends here. */
function findExact(types: TypeSource, candidates: readonly BuiltinOperator[], left: number, right: number): BuiltinOperator | undefined {
  const assumedLeft = left === TypeOid.unknown ? right : left;
  const assumedRight = right === TypeOid.unknown ? left : right;
  const found = findInfix(candidates, assumedLeft, assumedRight);
  if (found !== undefined || (left !== TypeOid.unknown && right !== TypeOid.unknown)) return found;
  const base = baseTypeOf(types, assumedLeft);
  return base === assumedLeft ? undefined : findInfix(candidates, base, base);
}

function findInfix(candidates: readonly BuiltinOperator[], left: number, right: number): BuiltinOperator | undefined {
  for (const operator of candidates) {
    if (operator.left === left && operator.right === right && operator.kind === 'b') return operator;
  }
  return undefined;
}

function resolvePrefix(types: TypeSource, candidates: readonly BuiltinOperator[], right: number): OperatorResolution {
  const prefix = visible(candidates.filter((operator) => operator.kind === 'l'));
  const exact = prefix.find((operator) => operator.right === right);
  if (exact !== undefined) return resolved(types, exact, 0, right);
  const selection = selectCandidate(types, [right], prefix, prefixOperandType);
  if (selection.kind === 'ambiguous') return selection;
  return selection.kind === 'none' ? UNDEFINED : resolved(types, selection.candidate, 0, right);
}

/** Without those that an operator of an earlier schema hides. */
function visible(candidates: readonly BuiltinOperator[]): readonly BuiltinOperator[] {
  const first = candidates[0];
  if (first === undefined || candidates.every((operator) => operator.namespace === first.namespace)) return candidates;
  return candidates.filter(
    (operator, i) => candidates.findIndex((other) => other.left === operator.left && other.right === operator.right) === i,
  );
}

function resolved(types: TypeSource, operator: BuiltinOperator, left: number, right: number): OperatorResolution {
  if (operator.proc === 0) return { kind: 'shell', operator };
  if (operator.kind === 'l') {
    const settled = resolvePolymorphic(types, [right], [operator.right], operator.result);
    if (settled.kind === 'failure') return { kind: 'polymorphic', failure: settled.failure };
    return { kind: 'operator', operator, left: 0, right: settled.argTypes[0] ?? 0, result: settled.returnType };
  }
  const settled = resolvePolymorphic(types, [left, right], [operator.left, operator.right], operator.result);
  if (settled.kind === 'failure') return { kind: 'polymorphic', failure: settled.failure };
  return { kind: 'operator', operator, left: settled.argTypes[0] ?? 0, right: settled.argTypes[1] ?? 0, result: settled.returnType };
}

/**
 * `left op ANY (right)` and `left op ALL (right)`: the operator works on the array's elements.
 * @returns `right` is then the array type that the right side must be coerced to, `result` boolean
 */
export function resolveScalarArrayOperator(
  types: TypeSource,
  candidates: readonly BuiltinOperator[],
  left: number,
  right: number,
  returnsSet: (proc: number) => boolean,
): ScalarArrayResolution {
  const element = right === TypeOid.unknown ? TypeOid.unknown : baseElementTypeOf(types, right);
  if (element === 0) return { kind: 'not an array' };
  const found = resolveOperator(types, candidates, left, element);
  if (found.kind !== 'operator') return found;
  if (found.result !== TypeOid.bool) return { kind: 'not boolean' };
  if (returnsSet(found.operator.proc)) return { kind: 'returns set' };
  const array = arrayTypeOf(types, found.right);
  if (array === 0) return { kind: 'polymorphic', failure: { kind: 'array', element: found.right } };
  return { ...found, right: array };
}
