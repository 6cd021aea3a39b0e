/**
 * The second reader: pgsql-ast-parser, for what the guard admits. Its tree has our nodes' names; what differs is adapted:
 * joins become a tree, operators are PostgreSQL's, and locations point where PostgreSQL's do (at a binary operator, not at
 * its left side), found again in the tokens.
 */
import type * as fast from 'pgsql-ast-parser';
import { parse } from 'pgsql-ast-parser';
import { assert, InvariantError } from '../../commons/assert.js';
import type * as ast from './ast.js';
import { logicalChain } from './logical-chain.js';
import type { Mutable } from './pg-reader/reader.js';
import { type Token, tokenize } from './tokens.js';

/** One admitted statement; undefined when the parser refuses it after all, so that PostgreSQL's grammar has the word. */
export function readFast(text: string): ast.ParsedStatement | undefined {
  let statements: fast.Statement[];
  try {
    statements = parse(text, { locationTracking: true });
  } catch {
    return undefined;
  }
  const [parsed] = statements;
  if (parsed === undefined || statements.length !== 1) return undefined;
  const tokens = tokenize(text);
  const last = tokens.findLast((token) => token.text !== ';');
  const offset = tokens[0]?.start ?? 0;
  return { statement: new Adapter(tokens).statement(parsed), text: text.slice(offset, last?.end), offset };
}

class Adapter {
  readonly #tokens: readonly Token[];

  constructor(tokens: readonly Token[]) {
    this.#tokens = tokens;
  }

  statement(node: fast.Statement): ast.Statement {
    switch (node.type) {
      case 'select':
        return this.#select(node);
      case 'insert':
        return this.#insert(node);
      case 'update':
        return this.#update(node);
      case 'delete':
        return this.#delete(node);
      default:
        throw new InvariantError(`the guard admits no ${node.type}`);
    }
  }

  #select(node: fast.SelectFromStatement): ast.SelectFromStatement {
    const select: Mutable<ast.SelectFromStatement> = { type: 'select', columns: this.#columns(node.columns ?? []) };
    if (node.orderBy != null) select.orderBy = node.orderBy.map((key) => this.#orderBy(key));
    if (node.limit?.limit != null) select.limit = this.#expr(node.limit.limit);
    if (node.limit?.offset != null) select.offset = this.#expr(node.limit.offset);
    if (node.from != null) select.from = this.#from(node.from);
    if (node.where != null) select.where = this.#expr(node.where);
    if (node.groupBy != null) select.groupBy = node.groupBy.map((item) => this.#expr(item));
    return select;
  }

  #insert(node: fast.InsertStatement): ast.InsertStatement {
    assert(node.insert.type === 'values', 'the guard admits INSERT … VALUES only');
    const insert: Mutable<ast.InsertStatement> = {
      type: 'insert',
      into: this.#relation(node.into),
      insert: { type: 'values', values: node.insert.values.map((row) => row.map((value) => this.#expr(value))) },
    };
    if (node.columns != null) insert.columns = node.columns.map((column) => ({ name: column.name, ...at(column) }));
    if (node.returning != null) insert.returning = this.#columns(node.returning);
    return insert;
  }

  #update(node: fast.UpdateStatement): ast.UpdateStatement {
    const update: Mutable<ast.UpdateStatement> = {
      type: 'update',
      table: this.#relation(node.table),
      sets: node.sets.map((set) => ({ type: 'set', column: set.column.name, value: this.#expr(set.value), ...at(set.column) })),
    };
    if (node.where != null) update.where = this.#expr(node.where);
    if (node.returning != null) update.returning = this.#columns(node.returning);
    return update;
  }

  #delete(node: fast.DeleteStatement): ast.DeleteStatement {
    const statement: Mutable<ast.DeleteStatement> = { type: 'delete', from: this.#relation(node.from) };
    if (node.where != null) statement.where = this.#expr(node.where);
    if (node.returning != null) statement.returning = this.#columns(node.returning);
    return statement;
  }

  #columns(columns: readonly fast.SelectedColumn[]): ast.SelectedColumn[] {
    return columns.map((column) => {
      const expr = this.#expr(column.expr);
      return column.alias === undefined ? { expr, ...at(column) } : { expr, alias: column.alias.name, ...at(column) };
    });
  }

  #orderBy(node: fast.OrderByStatement): ast.OrderBy {
    const key: Mutable<ast.OrderBy> = { by: this.#expr(node.by) };
    if (node.order != null) key.order = node.order;
    if (node.nulls != null) key.nulls = node.nulls;
    return key;
  }

  #relation(name: fast.QName): ast.QName {
    return name.schema === undefined ? { name: name.name, ...at(name) } : { schema: name.schema, name: name.name, ...at(name) };
  }

  /** A flat list, whose members with a `join` belong to the one before, becomes trees that lean to the left. */
  #from(items: readonly fast.From[]): ast.From[] {
    const result: ast.From[] = [];
    for (const item of items) {
      assert(item.type === 'table', 'the guard admits tables only');
      const table: Mutable<ast.FromTable> = { type: 'table', name: this.#relation(item.name), ...at(item.name) };
      if (item.name.alias !== undefined) table.alias = { name: item.name.alias };
      if (item.join == null) {
        result.push(table);
        continue;
      }
      const left = result.pop();
      assert(left !== undefined, 'a join has a left side');
      const join: Mutable<ast.FromJoin> = { type: 'join', joinType: JOIN_TYPES[item.join.type], left, right: table };
      if (item.join.on != null) join.on = this.#expr(item.join.on);
      result.push(join);
    }
    return result;
  }

  #expr(node: fast.Expr): ast.Expr {
    switch (node.type) {
      case 'integer':
        return { type: 'integer', value: node.value, ...at(node) };
      case 'string':
        return { type: 'string', value: node.value, ...at(node) };
      case 'boolean':
        return { type: 'boolean', value: node.value, ...at(node) };
      case 'null':
        return { type: 'null', ...at(node) };
      case 'default':
        return { type: 'default', ...at(node) };
      case 'parameter':
        return { type: 'parameter', index: Number(node.name.slice(1)), ...at(node) };
      case 'ref':
        return this.#reference(node);
      case 'call':
        return this.#call(node);
      case 'unary':
        return this.#unary(node);
      case 'binary':
        return this.#binary(node);
      case 'ternary':
        return {
          type: 'ternary',
          op: node.op,
          value: this.#expr(node.value),
          lo: this.#expr(node.lo),
          hi: this.#expr(node.hi),
          ...this.#tokenAfter(node.value),
        };
      case 'list':
        return { type: 'list', expressions: node.expressions.map((item) => this.#expr(item)) };
      default:
        throw new InvariantError(`the guard admits no ${node.type}`);
    }
  }

  #reference(node: fast.ExprRef): ast.ExprRef {
    const ref: Mutable<ast.ExprRef> = { type: 'ref', name: node.name, ...at(node) };
    if (node.name === '*') ref.star = true;
    if (node.table !== undefined) ref.table = { name: node.table.name, ...at(node) };
    return ref;
  }

  #call(node: fast.ExprCall): ast.ExprCall {
    const [first] = node.args;
    const star = first?.type === 'ref' && first.name === '*';
    const call: Mutable<ast.ExprCall> = {
      type: 'call',
      function: { name: node.function.name, ...at(node) },
      args: star ? [] : node.args.map((argument) => this.#expr(argument)),
      ...at(node),
    };
    if (star) call.star = true;
    return call;
  }

  #unary(node: fast.ExprUnary): ast.ExprUnary {
    const location = node.op === 'NOT' ? at(node) : this.#tokenAfter(node.operand);
    return { type: 'unary', op: node.op, operand: this.#expr(node.operand), ...location };
  }

  #binary(node: fast.ExprBinary): ast.Expr {
    if (node.op === 'AND' || node.op === 'OR') {
      const terms: fast.Expr[] = [];
      let first: fast.Expr = node;
      while (first.type === 'binary' && first.op === node.op) {
        terms.unshift(first.right);
        first = first.left;
      }
      const location = this.#tokenAfter(first);
      return logicalChain(
        node.op,
        [first, ...terms].map((term) => this.#expr(term)),
        location,
      );
    }
    const right = this.#expr(node.right);
    const isIn = node.op === 'IN' || node.op === 'NOT IN';
    return {
      type: 'binary',
      op: node.op === '!=' ? '<>' : node.op,
      left: this.#expr(node.left),
      // A list of one loses its parentheses here.
      right: isIn && right.type !== 'list' ? { type: 'list', expressions: [right] } : right,
      ...this.#tokenAfter(node.left),
    };
  }

  /** The location of the operator that follows an operand, whose closing parentheses may lie between. */
  #tokenAfter(operand: fast.Expr): ast.Node {
    const end = operand._location?.end;
    assert(end !== undefined, 'pgsql-ast-parser tracks locations');
    const token = this.#tokens.find((candidate) => candidate.start >= end && candidate.text !== ')');
    assert(token !== undefined, 'an operator follows its operand');
    return { _location: { start: token.start } };
  }
}

const JOIN_TYPES = {
  'INNER JOIN': 'INNER',
  'LEFT JOIN': 'LEFT',
  'RIGHT JOIN': 'RIGHT',
  'FULL JOIN': 'FULL',
  'CROSS JOIN': 'INNER',
} as const;

function at(node: fast.PGNode): ast.Node {
  return node._location === undefined ? {} : { _location: { start: node._location.start } };
}
