import { assert } from '../../commons/assert.js';
import type { BoundExpr, ColumnId } from '../../planner/bind/expression.js';
import type { Row } from '../../types/value.js';
import type { Frame } from '../frame.js';
import { Layout, type QueryCompiler, type Scope } from '../scope.js';

/** How a join makes its rows of its sides' rows, of which either may be missing (outer joins). */
export interface JoinRows {
  /** The output row. */
  combine(outer: Row | undefined, inner: Row | undefined): Row;
  /** The join's condition over both. Absent: always true. */
  readonly matches: ((outer: Row, inner: Row, frame: Frame) => boolean) | undefined;
}

export interface JoinSides {
  readonly outer: readonly ColumnId[];
  readonly inner: readonly ColumnId[];
  readonly output: readonly ColumnId[];
  readonly condition: BoundExpr | undefined;
}

export function compileJoinRows({ outer, inner, output, condition }: JoinSides, scope: Scope, compiler: QueryCompiler): JoinRows {
  const both = [...outer, ...inner];
  const layout = new Layout(both, scope, compiler);
  const positions = output.map((id) => layout.positionOf(id));
  const outerWidth = outer.length;
  const innerWidth = inner.length;
  assert(positions.length === output.length, 'a join without all of its output');
  const isWhole = positions.length === both.length && positions.every((position, i) => position === i);
  const isOuter = !isWhole && positions.length === outerWidth && positions.every((position, i) => position === i);
  const combine = isWhole
    ? (left: Row | undefined, right: Row | undefined): Row => {
        const row: Row = [];
        append(row, left, outerWidth);
        append(row, right, innerWidth);
        return row;
      }
    : isOuter
      ? (left: Row | undefined): Row => left ?? new Array<null>(outerWidth).fill(null)
      : (left: Row | undefined, right: Row | undefined): Row => {
          const row: Row = [];
          for (const position of positions) {
            row.push((position < outerWidth ? left?.[position] : right?.[position - outerWidth]) ?? null);
          }
          return row;
        };
  if (condition === undefined) return { combine, matches: undefined };
  const predicate = layout.predicate(condition);
  // Evaluated over one row that is used again: a predicate neither keeps it nor comes back here before it is done.
  const scratch: Row = new Array<null>(outerWidth + innerWidth).fill(null);
  return {
    combine,
    matches: (left, right, frame) => {
      let at = 0;
      for (let i = 0; i < outerWidth; i++) scratch[at++] = left[i] ?? null;
      for (let i = 0; i < innerWidth; i++) scratch[at++] = right[i] ?? null;
      return predicate(scratch, frame);
    },
  };
}

function append(row: Row, side: Row | undefined, width: number): void {
  for (let i = 0; i < width; i++) row.push(side?.[i] ?? null);
}
