import type * as pg from 'libpg-query';
import { assert, InvariantError, unreachable } from '../../../commons/assert.js';
import type * as ast from '../ast.js';
import { logicalChain } from '../logical-chain.js';
import { stringOf, strings } from './names.js';
import { type Mutable, nonEmpty, type Reader, required } from './reader.js';

interface OperatorName {
  readonly op: string;
  readonly opSchema?: string;
}

/** `OPERATOR(schema.+)` or plain `+`. */
export function operatorName(nodes: readonly pg.Node[] | undefined): OperatorName {
  const parts = strings(nodes);
  const op = parts.at(-1) ?? '';
  const opSchema = parts.length > 1 ? parts[parts.length - 2] : undefined;
  return opSchema === undefined ? { op } : { op, opSchema };
}

const LIKE_OPERATORS: Readonly<Record<string, string>> = {
  '~~': 'LIKE',
  '!~~': 'NOT LIKE',
  '~~*': 'ILIKE',
  '!~~*': 'NOT ILIKE',
};

const BETWEEN = {
  AEXPR_BETWEEN: 'BETWEEN',
  AEXPR_NOT_BETWEEN: 'NOT BETWEEN',
  AEXPR_BETWEEN_SYM: 'BETWEEN SYMMETRIC',
  AEXPR_NOT_BETWEEN_SYM: 'NOT BETWEEN SYMMETRIC',
} as const;

type OperatorHandlers = { readonly [K in pg.A_Expr_Kind]: (node: pg.A_Expr, reader: Reader) => ast.Expr };

const byKind: OperatorHandlers = {
  AEXPR_OP: (node, reader) => {
    const name = operatorName(node.name);
    if (node.lexpr === undefined) return { type: 'unary', ...name, operand: reader.expr(node.rexpr), ...reader.at(node.location) };
    return binary(name, node, reader);
  },
  AEXPR_OP_ANY: (node, reader) => quantified('ANY', node, reader),
  AEXPR_OP_ALL: (node, reader) => quantified('ALL', node, reader),
  AEXPR_DISTINCT: (node, reader) => binary({ op: 'IS DISTINCT FROM' }, node, reader),
  AEXPR_NOT_DISTINCT: (node, reader) => binary({ op: 'IS NOT DISTINCT FROM' }, node, reader),
  AEXPR_NULLIF: (node, reader) => ({
    type: 'nullif',
    left: reader.expr(node.lexpr),
    right: reader.expr(node.rexpr),
    ...reader.at(node.location),
  }),
  AEXPR_IN: (node, reader) => ({
    type: 'binary',
    op: operatorName(node.name).op === '<>' ? 'NOT IN' : 'IN',
    left: reader.expr(node.lexpr),
    right: { type: 'list', expressions: reader.exprs(listItems(node.rexpr)) },
    ...reader.at(node.location),
  }),
  AEXPR_LIKE: like,
  AEXPR_ILIKE: like,
  AEXPR_SIMILAR: (node, reader) => binary({ op: operatorName(node.name).op === '!~' ? 'NOT SIMILAR TO' : 'SIMILAR TO' }, node, reader),
  AEXPR_BETWEEN: between,
  AEXPR_NOT_BETWEEN: between,
  AEXPR_BETWEEN_SYM: between,
  AEXPR_NOT_BETWEEN_SYM: between,
};

/** PostgreSQL's A_Expr: operators and what looks like one. */
export function operatorExpression(node: pg.A_Expr, reader: Reader): ast.Expr {
  return byKind[required(node.kind, 'A_Expr.kind')](node, reader);
}

function binary(name: OperatorName, node: pg.A_Expr, reader: Reader): ast.ExprBinary {
  return { type: 'binary', ...name, left: reader.expr(node.lexpr), right: reader.expr(node.rexpr), ...reader.at(node.location) };
}

function quantified(quantifier: 'ANY' | 'ALL', node: pg.A_Expr, reader: Reader): ast.ExprQuantified {
  return {
    type: 'quantified',
    ...operatorName(node.name),
    quantifier,
    left: reader.expr(node.lexpr),
    right: reader.expr(node.rexpr),
    ...reader.at(node.location),
  };
}

function like(node: pg.A_Expr, reader: Reader): ast.ExprBinary {
  const { op } = operatorName(node.name);
  return binary({ op: LIKE_OPERATORS[op] ?? op }, node, reader);
}

function between(node: pg.A_Expr, reader: Reader): ast.ExprTernary {
  const kind = required(node.kind, 'A_Expr.kind');
  assert(kind in BETWEEN, 'a BETWEEN is expected');
  const [lo, hi] = listItems(node.rexpr);
  return {
    type: 'ternary',
    op: BETWEEN[kind as keyof typeof BETWEEN],
    value: reader.expr(node.lexpr),
    lo: reader.expr(lo),
    hi: reader.expr(hi),
    ...reader.at(node.location),
  };
}

export function listItems(node: pg.Node | undefined): readonly pg.Node[] {
  assert(node !== undefined && 'List' in node, 'a list is expected in the parse tree');
  return node.List.items ?? [];
}

export function logicalExpression(node: pg.BoolExpr, reader: Reader): ast.Expr {
  const op = required(node.boolop, 'BoolExpr.boolop');
  switch (op) {
    case 'AND_EXPR':
      return logicalChain('AND', reader.exprs(node.args), reader.at(node.location));
    case 'OR_EXPR':
      return logicalChain('OR', reader.exprs(node.args), reader.at(node.location));
    case 'NOT_EXPR':
      return negation(node, reader);
    default:
      return unreachable(op);
  }
}

function negation(node: pg.BoolExpr, reader: Reader): ast.Expr {
  const argument = node.args?.[0];
  const operand = reader.expr(argument);
  // `x NOT IN (SELECT …)` reaches us as NOT over IN, told from a written `NOT (x IN …)` only by both pointing at one place.
  const isNotIn =
    argument !== undefined && 'SubLink' in argument && argument.SubLink.location === node.location && !nonEmpty(argument.SubLink.operName);
  if (isNotIn && operand.type === 'binary' && operand.op === 'IN') return { ...operand, op: 'NOT IN' };
  return { type: 'unary', op: 'NOT', operand, ...reader.at(node.location) };
}

export function subLink(node: pg.SubLink, reader: Reader): ast.Expr {
  const query = node.subselect;
  assert(query !== undefined && 'SelectStmt' in query, 'a sub-query is expected in the parse tree');
  const location = reader.at(node.location);
  const kind = required(node.subLinkType, 'SubLink.subLinkType');
  // The outer operand first, so that the depth guard meets nodes in the order of the text.
  const left = node.testexpr === undefined ? undefined : reader.expr(node.testexpr);
  const select = reader.select(query.SelectStmt);
  switch (kind) {
    case 'EXISTS_SUBLINK':
      return { type: 'exists', select, ...location };
    case 'ARRAY_SUBLINK':
      return { type: 'array select', select, ...location };
    case 'EXPR_SUBLINK':
      return { type: 'subquery', select, ...location };
    case 'ANY_SUBLINK':
    case 'ALL_SUBLINK': {
      const right: ast.ExprSubquery = { type: 'subquery', select, ...location };
      const operand = required(left, 'SubLink.testexpr');
      if (!nonEmpty(node.operName)) return { type: 'binary', op: 'IN', left: operand, right, ...location };
      const quantifier = kind === 'ANY_SUBLINK' ? 'ANY' : 'ALL';
      return { type: 'quantified', ...operatorName(node.operName), quantifier, left: operand, right, ...location };
    }
    default:
      // Only PostgreSQL's analysis makes the other kinds, never its grammar.
      throw new InvariantError(`unexpected sub-query kind ${kind}`);
  }
}

const BOOLEAN_TESTS: { readonly [K in pg.BoolTestType]: ast.PostfixTest } = {
  IS_TRUE: 'IS TRUE',
  IS_NOT_TRUE: 'IS NOT TRUE',
  IS_FALSE: 'IS FALSE',
  IS_NOT_FALSE: 'IS NOT FALSE',
  IS_UNKNOWN: 'IS UNKNOWN',
  IS_NOT_UNKNOWN: 'IS NOT UNKNOWN',
};

export function booleanTest(node: pg.BooleanTest, reader: Reader): ast.Expr {
  const op = BOOLEAN_TESTS[required(node.booltesttype, 'BooleanTest.booltesttype')];
  return { type: 'unary', op, operand: reader.expr(node.arg), ...reader.at(node.location) };
}

export function nullTest(node: pg.NullTest, reader: Reader): ast.Expr {
  const op = node.nulltesttype === 'IS_NOT_NULL' ? 'IS NOT NULL' : 'IS NULL';
  return { type: 'unary', op, operand: reader.expr(node.arg), ...reader.at(node.location) };
}

/** `a[1].b.*`: one node for each step, nested from the inside out. */
export function indirection(node: pg.A_Indirection, reader: Reader): ast.Expr {
  let expr = reader.expr(node.arg);
  let apart = expr.type === 'arrayIndex';
  for (const step of node.indirection ?? []) {
    if ('A_Star' in step) expr = { type: 'field', operand: expr, field: '*', star: true };
    else if ('A_Indices' in step) expr = subscript(expr, step.A_Indices, apart, reader);
    else expr = { type: 'field', operand: expr, field: stringOf(step) };
    apart = false;
  }
  return expr;
}

function subscript(array: ast.Expr, indices: pg.A_Indices, apart: boolean, reader: Reader): ast.ExprArrayIndex {
  const node: Mutable<ast.ExprArrayIndex> = { type: 'arrayIndex', array, ...(apart ? { apart } : {}) };
  if (!indices.is_slice) return { ...node, index: reader.expr(indices.uidx) };
  node.slice = true;
  if (indices.lidx !== undefined) node.index = reader.expr(indices.lidx);
  if (indices.uidx !== undefined) node.upper = reader.expr(indices.uidx);
  return node;
}

/** The same steps on the left side of SET and in INSERT's column list. */
export function targetIndirection(nodes: readonly pg.Node[] | undefined, reader: Reader): { indirection?: readonly ast.Indirection[] } {
  if (!nonEmpty(nodes)) return {};
  return {
    indirection: nodes.map((step): ast.Indirection => {
      if (!('A_Indices' in step)) return { field: stringOf(step) };
      const { is_slice, lidx, uidx } = step.A_Indices;
      if (!is_slice) return { index: reader.expr(uidx) };
      return {
        ...(lidx === undefined ? {} : { lower: reader.expr(lidx) }),
        ...(uidx === undefined ? {} : { upper: reader.expr(uidx) }),
      };
    }),
  };
}
