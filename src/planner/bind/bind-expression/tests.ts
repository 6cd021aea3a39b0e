import { baseTypeOf, kindOf } from '../../../catalog/builtin/index.js';
import { TypeOid } from '../../../types/oids.js';
import type { PostfixTest } from '../../parse/ast.js';
import { coerceToBoolean } from '../coerce.js';
import { at } from '../errors.js';
import type { BoundBooleanTest, BoundExpr } from '../expression.js';
import type { Scope } from '../scope/scope.js';

const BOOLEAN_TESTS: Readonly<Record<Exclude<PostfixTest, 'IS NULL' | 'IS NOT NULL'>, readonly [BoundBooleanTest['test'], boolean]>> = {
  'IS TRUE': ['true', false],
  'IS NOT TRUE': ['true', true],
  'IS FALSE': ['false', false],
  'IS NOT FALSE': ['false', true],
  'IS UNKNOWN': ['unknown', false],
  'IS NOT UNKNOWN': ['unknown', true],
};

export function isPostfixTest(op: string): op is PostfixTest {
  return op === 'IS NULL' || op === 'IS NOT NULL' || Object.hasOwn(BOOLEAN_TESTS, op);
}

export function postfixTest(scope: Scope, op: PostfixTest, arg: BoundExpr, location: number | undefined): BoundExpr {
  if (op === 'IS NULL' || op === 'IS NOT NULL') {
    const { types } = scope.state;
    const rowwise = arg.type === TypeOid.record || kindOf(types, baseTypeOf(types, arg.type)) === 'c';
    return { kind: 'null test', arg, negated: op === 'IS NOT NULL', rowwise, type: TypeOid.bool, typmod: -1, ...at(location) };
  }
  const [test, negated] = BOOLEAN_TESTS[op];
  const tested = coerceToBoolean(scope.state, arg, op);
  return { kind: 'boolean test', arg: tested, test, negated, type: TypeOid.bool, typmod: -1, ...at(location) };
}
