import type * as pg from 'libpg-query';
import { assert } from '../../../commons/assert.js';
import type * as ast from '../ast.js';
import { nameOf } from './names.js';
import { type Mutable, nonEmpty, type Reader, required } from './reader.js';
import { sortClause } from './sorting.js';

export function functionCall(node: pg.FuncCall, reader: Reader): ast.Expr {
  const location = reader.at(node.location);
  const call: Mutable<ast.ExprCall> = {
    type: 'call',
    function: nameOf(node.funcname, location),
    args: (node.args ?? []).map((argument) => callArgument(argument, reader)),
    ...location,
  };
  if (node.agg_star) call.star = true;
  if (node.agg_distinct) call.distinct = true;
  if (node.func_variadic) call.variadic = true;
  if (nonEmpty(node.agg_order)) call.orderBy = sortClause(node.agg_order, reader);
  if (node.agg_within_group) call.withinGroup = true;
  if (node.agg_filter !== undefined) call.filter = reader.expr(node.agg_filter);
  if (node.over !== undefined) call.over = windowDefinition(node.over, reader);
  if (node.funcformat === 'COERCE_SQL_SYNTAX') call.sqlSyntax = true;
  return call;
}

function callArgument(node: pg.Node, reader: Reader): ast.ExprArgument {
  if (!('NamedArgExpr' in node)) return reader.expr(node);
  const { name, arg, location } = node.NamedArgExpr;
  return { type: 'named argument', name: name ?? '', value: reader.expr(arg), ...reader.at(location) };
}

/** FRAMEOPTION_… of PostgreSQL's parsenodes.h. */
const FRAME = {
  nonDefault: 0x1,
  between: 0x10,
  rows: 0x4,
  groups: 0x8,
  startUnboundedPreceding: 0x20,
  endUnboundedPreceding: 0x40,
  startUnboundedFollowing: 0x80,
  endUnboundedFollowing: 0x100,
  startCurrentRow: 0x200,
  startOffsetPreceding: 0x800,
  endOffsetPreceding: 0x1000,
  startOffsetFollowing: 0x2000,
  endOffsetFollowing: 0x4000,
  excludeCurrentRow: 0x8000,
  excludeGroup: 0x10000,
  excludeTies: 0x20000,
} as const;

export function windowDefinition(node: pg.WindowDef, reader: Reader): ast.WindowDef {
  const window: Mutable<ast.WindowDef> = { ...reader.at(node.location) };
  if (node.name !== undefined) window.name = node.name;
  if (node.refname !== undefined) window.refName = node.refname;
  if (nonEmpty(node.partitionClause)) window.partitionBy = reader.exprs(node.partitionClause);
  if (nonEmpty(node.orderClause)) window.orderBy = sortClause(node.orderClause, reader);
  const options = node.frameOptions ?? 0;
  if (options & FRAME.nonDefault) window.frame = windowFrame(options, node, reader);
  return window;
}

function windowFrame(options: number, node: pg.WindowDef, reader: Reader): ast.WindowFrame {
  const frame: Mutable<ast.WindowFrame> = {
    mode: options & FRAME.rows ? 'ROWS' : options & FRAME.groups ? 'GROUPS' : 'RANGE',
    start: frameStart(options),
    end: frameEnd(options),
  };
  if (node.startOffset !== undefined) frame.startOffset = reader.expr(node.startOffset);
  if (node.endOffset !== undefined) frame.endOffset = reader.expr(node.endOffset);
  if (!(options & FRAME.between)) frame.isShort = true;
  if (options & FRAME.excludeCurrentRow) frame.exclude = 'CURRENT ROW';
  if (options & FRAME.excludeGroup) frame.exclude = 'GROUP';
  if (options & FRAME.excludeTies) frame.exclude = 'TIES';
  return frame;
}

function frameStart(options: number): ast.FrameBoundKind {
  if (options & FRAME.startUnboundedPreceding) return 'UNBOUNDED PRECEDING';
  if (options & FRAME.startOffsetPreceding) return 'OFFSET PRECEDING';
  if (options & FRAME.startOffsetFollowing) return 'OFFSET FOLLOWING';
  if (options & FRAME.startUnboundedFollowing) return 'UNBOUNDED FOLLOWING';
  return 'CURRENT ROW';
}

function frameEnd(options: number): ast.FrameBoundKind {
  if (options & FRAME.endUnboundedFollowing) return 'UNBOUNDED FOLLOWING';
  if (options & FRAME.endOffsetPreceding) return 'OFFSET PRECEDING';
  if (options & FRAME.endOffsetFollowing) return 'OFFSET FOLLOWING';
  if (options & FRAME.endUnboundedPreceding) return 'UNBOUNDED PRECEDING';
  return 'CURRENT ROW';
}

const KEYWORDS: { readonly [K in pg.SQLValueFunctionOp]: ast.Keyword } = {
  SVFOP_CURRENT_DATE: 'current_date',
  SVFOP_CURRENT_TIME: 'current_time',
  SVFOP_CURRENT_TIME_N: 'current_time',
  SVFOP_CURRENT_TIMESTAMP: 'current_timestamp',
  SVFOP_CURRENT_TIMESTAMP_N: 'current_timestamp',
  SVFOP_LOCALTIME: 'localtime',
  SVFOP_LOCALTIME_N: 'localtime',
  SVFOP_LOCALTIMESTAMP: 'localtimestamp',
  SVFOP_LOCALTIMESTAMP_N: 'localtimestamp',
  SVFOP_CURRENT_ROLE: 'current_role',
  SVFOP_CURRENT_USER: 'current_user',
  SVFOP_USER: 'user',
  SVFOP_SESSION_USER: 'session_user',
  SVFOP_CURRENT_CATALOG: 'current_catalog',
  SVFOP_CURRENT_SCHEMA: 'current_schema',
};

export function keywordFunction(node: pg.SQLValueFunction, reader: Reader): ast.Expr {
  const op = required(node.op, 'SQLValueFunction.op');
  const keyword: Mutable<ast.ExprKeyword> = { type: 'keyword', keyword: KEYWORDS[op], ...reader.at(node.location) };
  if (op.endsWith('_N')) keyword.precision = node.typmod ?? 0;
  return keyword;
}

/** json(x) is a plain call in PostgreSQL 15; later grammars give it a node of its own. */
export function jsonParse(node: pg.JsonParseExpr, reader: Reader): ast.Expr | undefined {
  const argument = node.expr;
  if (node.output !== undefined || node.unique_keys || argument === undefined) return undefined;
  assert(argument.raw_expr !== undefined, 'json() has an argument');
  const location = reader.at(node.location);
  return { type: 'call', function: { name: 'json', ...location }, args: [reader.expr(argument.raw_expr)], ...location };
}
