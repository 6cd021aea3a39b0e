import { assert } from '../../commons/assert.js';
import type * as ast from './ast.js';

/** Up to here a chain leans to the left, as it was written. */
const LONGEST_LEFT_DEEP = 32;

/** `a AND b AND c …` as a tree of binary nodes; a long chain is balanced, so that no later stage recurses as deep as it is long. */
export function logicalChain(op: 'AND' | 'OR', terms: readonly ast.Expr[], location: ast.Node): ast.Expr {
  const build = (from: number, to: number): ast.Expr => {
    if (to - from <= LONGEST_LEFT_DEEP) {
      let expr = terms[from];
      assert(expr !== undefined, 'a chain of conditions has terms');
      for (const right of terms.slice(from + 1, to)) expr = { type: 'binary', op, left: expr, right, ...location };
      return expr;
    }
    const middle = (from + to) >> 1;
    return { type: 'binary', op, left: build(from, middle), right: build(middle, to), ...location };
  };
  return build(0, terms.length);
}
