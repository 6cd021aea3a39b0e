import { assert } from '../../commons/assert.js';
import { SqlError } from '../../commons/sql-error.js';
import { SqlState } from '../../commons/sqlstates.js';
import type { BoundSubquery } from '../../planner/bind/expression.js';
import { elementOidOf, TypeOid } from '../../types/oids.js';
import { type Row, SqlArray, SqlRecord, type SqlValue } from '../../types/value.js';
import type { Frame } from '../frame.js';
import { outOfWorkMemory, rowBytes } from '../operators/memory.js';
import { joinArrays } from './arrays.js';
import { keptRowsBudget, type SubqueryParts } from './subquery-parts.js';

/** What becomes of a sub-query's rows: one a run. */
export interface Answer {
  /** @returns false when it has seen enough */
  add(row: Row, frame: Frame): boolean;
  value(): SqlValue;
}

/** What an answer is made of. */
export type AnswerParts = Pick<SubqueryParts, 'expr' | 'inner'>;

/** By what the sub-query stands for. */
export const ANSWERS: Readonly<Record<BoundSubquery['mode'], (parts: AnswerParts) => () => Answer>> = {
  exists: () => () => new Existence(),
  scalar: (parts) => {
    const position = outputPosition(parts, 0);
    return () => new OnlyRow((row) => row[position] ?? null);
  },
  row: (parts) => {
    const positions = parts.expr.outputs.map((_id, i) => outputPosition(parts, i));
    // The columns' types are not in the plan; a row for SET (a, b) = (SELECT …) is only ever taken apart again.
    const types = positions.map(() => 0);
    const record = (row: Row): SqlRecord =>
      new SqlRecord(
        positions.map((position) => row[position] ?? null),
        types,
      );
    return () => new OnlyRow(record);
  },
  array: (parts) => {
    const position = outputPosition(parts, 0);
    const element = elementOidOf(parts.expr.type);
    const mayNest = element !== undefined && element !== TypeOid.int2vector && element !== TypeOid.oidvector;
    return () => new Elements(position, mayNest);
  },
  any: (parts) => comparison(parts, true),
  all: (parts) => comparison(parts, false),
};

function outputPosition({ expr, inner }: AnswerParts, index: number): number {
  const id = expr.outputs[index];
  assert(id !== undefined, 'a sub-query without a column');
  return inner.positionOf(id);
}

class Existence implements Answer {
  #found = false;

  add(): boolean {
    this.#found = true;
    return false;
  }

  value(): SqlValue {
    return this.#found;
  }
}

class OnlyRow implements Answer {
  readonly #read: (row: Row) => SqlValue;
  #row: Row | undefined;

  constructor(read: (row: Row) => SqlValue) {
    this.#read = read;
  }

  add(row: Row): boolean {
    if (this.#row !== undefined) {
      throw new SqlError(SqlState.cardinalityViolation, 'more than one row returned by a subquery used as an expression');
    }
    this.#row = row;
    return true;
  }

  value(): SqlValue {
    return this.#row === undefined ? null : this.#read(this.#row);
  }
}

class Elements implements Answer {
  readonly #position: number;
  readonly #mayNest: boolean;
  readonly #values: SqlValue[] = [];
  #budget: ReturnType<typeof keptRowsBudget> | undefined;

  constructor(position: number, mayNest: boolean) {
    this.#position = position;
    this.#mayNest = mayNest;
  }

  add(row: Row, frame: Frame): boolean {
    this.#budget ??= keptRowsBudget(frame);
    if (!this.#budget.add(rowBytes(row))) throw outOfWorkMemory('A sub-query');
    this.#values.push(row[this.#position] ?? null);
    return true;
  }

  value(): SqlValue {
    const values = this.#values;
    return this.#mayNest && values.some((value) => value instanceof SqlArray) ? joinArrays(values) : new SqlArray(values);
  }
}

/** op ANY and op ALL of a correlated sub-query; NULLs as SQL says. */
function comparison(parts: AnswerParts, decisive: boolean): () => Answer {
  assert(parts.expr.compare !== undefined, 'a quantified sub-query without its comparison');
  const compare = parts.inner.evaluator(parts.expr.compare);
  return () => {
    let result: SqlValue = !decisive;
    return {
      add(row, frame) {
        const value = compare(row, frame);
        if (value === decisive) result = decisive;
        else if (value === null) result = null;
        return value !== decisive;
      },
      value: () => result,
    };
  };
}
