import { assert } from '../../commons/assert.js';
import type { BoundField, BoundRow, BoundRowCompare, BoundWholeRow } from '../../planner/bind/expression.js';
import { TypeOid } from '../../types/oids.js';
import { SqlRecord, type SqlValue } from '../../types/value.js';
import type { Layout } from '../scope.js';
import type { Evaluator } from './evaluator.js';

export function compileRow(expr: BoundRow, layout: Layout): Evaluator {
  const fields = expr.fields.map((field) => layout.evaluator(field));
  const types = expr.fields.map((field) => (field.type === TypeOid.unknown ? TypeOid.text : field.type));
  const { names } = expr;
  return (row, frame) => {
    const values = fields.map((field) => field(row, frame));
    return new SqlRecord(values, types, names);
  };
}

export function compileField(expr: BoundField, layout: Layout): Evaluator {
  const arg = layout.evaluator(expr.arg);
  const { index } = expr;
  return (row, frame) => {
    const value = arg(row, frame);
    return value instanceof SqlRecord ? (value.values[index] ?? null) : null;
  };
}

/**
 * A relation's row as one value. A row of nothing but NULLs is taken for the missing side of an outer join: the plan keeps no mark that
 * would tell them apart.
 */
export function compileWholeRow(expr: BoundWholeRow, layout: Layout): Evaluator {
  const columns = expr.columns.map((column) => layout.evaluator(column));
  const types = expr.columns.map((column) => column.type);
  const names = expr.typeNames ?? expr.names;
  const isOptional = expr.optional === true;
  return (row, frame) => {
    const values: SqlValue[] = [];
    let present = !isOptional || columns.length === 0;
    for (const column of columns) {
      const value = column(row, frame);
      if (value !== null) present = true;
      values.push(value);
    }
    return present ? new SqlRecord(values, types, names) : null;
  };
}

/** The first columns that differ decide; a NULL before that makes it unknown. */
export function compileRowCompare(expr: BoundRowCompare, layout: Layout): Evaluator {
  const equal = expr.equal.map((call) => layout.evaluator(call));
  const less = expr.less.map((call) => layout.evaluator(call));
  const wantsLess = expr.op === '<' || expr.op === '<=';
  const whenEqual = expr.op === '<=' || expr.op === '>=';
  return (row, frame) => {
    for (let i = 0; i < equal.length; i++) {
      const same = equal[i]?.(row, frame) ?? null;
      if (same === null) return null;
      if (same === true) continue;
      const below = less[i];
      assert(below !== undefined, 'a row comparison without its order');
      const value = below(row, frame);
      return value === null ? null : (value === true) === wantsLess;
    }
    return whenEqual;
  };
}
