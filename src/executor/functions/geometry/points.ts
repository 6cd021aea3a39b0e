import { SqlError } from '../../../commons/sql-error.js';
import { SqlState } from '../../../commons/sqlstates.js';
import { float8Add, float8Divide, float8Multiply, float8Subtract } from '../../../types/float.js';
import { eq, ge, gt, isZero, le, lineThrough, lt, sameLine, samePoint, slopeOf } from '../../../types/geometry/fuzzy.js';
import { type Box, type Line, Lseg, Point } from '../../../types/geometry/shapes.js';
import type { FunctionTable } from '../table.js';
import {
  boxHas,
  boxMeetsSegment,
  boxToSegment,
  closestOnBox,
  closestOnLine,
  closestOnSegment,
  closestToLine,
  closestToSegment,
  distance,
  lengthOf,
  lineHas,
  lineMeetsLine,
  segmentHas,
  segmentMeetsLine,
  segmentMeetsSegment,
  sidesOf,
  slope,
} from './relations.js';

export const add = (a: Point, b: Point): Point => new Point(float8Add(a.x, b.x), float8Add(a.y, b.y));
export const subtract = (a: Point, b: Point): Point => new Point(float8Subtract(a.x, b.x), float8Subtract(a.y, b.y));

/** Points multiply as complex numbers: turning and scaling. */
export function multiply(a: Point, b: Point): Point {
  return new Point(
    float8Subtract(float8Multiply(a.x, b.x), float8Multiply(a.y, b.y)),
    float8Add(float8Multiply(a.x, b.y), float8Multiply(a.y, b.x)),
  );
}

/** @throws SqlError 22012 */
export function divide(a: Point, b: Point): Point {
  const size = float8Add(float8Multiply(b.x, b.x), float8Multiply(b.y, b.y));
  return new Point(
    float8Divide(float8Add(float8Multiply(a.x, b.x), float8Multiply(a.y, b.y)), size),
    float8Divide(float8Subtract(float8Multiply(a.y, b.x), float8Multiply(a.x, b.y)), size),
  );
}

function parallel(a: Line, b: Line): boolean {
  return lineMeetsLine(a, b) === undefined;
}

function perpendicular(a: Line, b: Line): boolean {
  if (isZero(a.a)) return isZero(b.b);
  if (isZero(b.a)) return isZero(a.b);
  if (isZero(a.b)) return isZero(b.a);
  if (isZero(b.b)) return isZero(a.a);
  return eq((a.a * b.a) / (a.b * b.b), -1);
}

function normal({ start, end }: Lseg): number {
  return eq(start.x, end.x) ? 0 : eq(start.y, end.y) ? Infinity : (start.x - end.x) / (end.y - start.y);
}

function lineDistance(a: Line, b: Line): number {
  if (!parallel(a, b)) return 0;
  const ratio = !isZero(a.a) && !isZero(b.a) ? a.a / b.a : !isZero(a.b) && !isZero(b.b) ? a.b / b.b : 1;
  return Math.abs(a.c - ratio * b.c) / Math.hypot(a.a, a.b);
}

const lineSlope = (line: Line): number => (isZero(line.a) ? 0 : isZero(line.b) ? Infinity : line.a / -line.b);

function lineOfPoints(a: Point, b: Point): Line {
  if (samePoint(a, b)) {
    throw new SqlError(SqlState.invalidParameterValue, 'invalid line specification: must be two distinct points');
  }
  return lineThrough(a, slopeOf(a, b));
}

const byLength =
  (test: (a: number, b: number) => boolean) =>
  (a: Lseg, b: Lseg): boolean =>
    test(lengthOf(a), lengthOf(b));
const sameSegment = (a: Lseg, b: Lseg): boolean => samePoint(a.start, b.start) && samePoint(a.end, b.end);

/** Points, lines and line segments. */
export const pointFunctions: FunctionTable = {
  scalar: {
    construct_point: (x: number, y: number) => new Point(x, y),
    point_left: (a: Point, b: Point) => lt(a.x, b.x),
    point_right: (a: Point, b: Point) => gt(a.x, b.x),
    point_above: (a: Point, b: Point) => gt(a.y, b.y),
    point_below: (a: Point, b: Point) => lt(a.y, b.y),
    point_vert: (a: Point, b: Point) => eq(a.x, b.x),
    point_horiz: (a: Point, b: Point) => eq(a.y, b.y),
    point_eq: samePoint,
    point_ne: (a: Point, b: Point) => !samePoint(a, b),
    point_distance: distance,
    point_slope: slopeOf,
    point_add: add,
    point_sub: subtract,
    point_mul: multiply,
    point_div: divide,

    lseg_construct: (a: Point, b: Point) => new Lseg(a, b),
    lseg_eq: sameSegment,
    lseg_ne: (a: Lseg, b: Lseg) => !sameSegment(a, b),
    lseg_lt: byLength(lt),
    lseg_le: byLength(le),
    lseg_gt: byLength(gt),
    lseg_ge: byLength(ge),
    lseg_length: lengthOf,
    lseg_center: ({ start, end }: Lseg) => new Point((start.x + end.x) / 2, (start.y + end.y) / 2),
    lseg_vertical: ({ start, end }: Lseg) => eq(start.x, end.x),
    lseg_horizontal: ({ start, end }: Lseg) => eq(start.y, end.y),
    lseg_parallel: (a: Lseg, b: Lseg) => eq(slope(a), slope(b)),
    lseg_perp: (a: Lseg, b: Lseg) => eq(slope(a), normal(b)),
    lseg_intersect: (a: Lseg, b: Lseg) => segmentMeetsSegment(a, b) !== undefined,
    lseg_interpt: (a: Lseg, b: Lseg) => segmentMeetsSegment(a, b) ?? null,
    lseg_distance: (a: Lseg, b: Lseg) => closestToSegment(a, b).distance,

    line_construct_pp: lineOfPoints,
    line_eq: sameLine,
    line_parallel: parallel,
    line_perp: perpendicular,
    line_vertical: (line: Line) => isZero(line.b),
    line_horizontal: (line: Line) => isZero(line.a),
    line_intersect: (a: Line, b: Line) => !parallel(a, b),
    line_interpt: (a: Line, b: Line) => lineMeetsLine(a, b) ?? null,
    line_distance: lineDistance,

    dist_pl: (point: Point, line: Line) => closestOnLine(line, point).distance,
    dist_lp: (line: Line, point: Point) => closestOnLine(line, point).distance,
    dist_ps: (point: Point, segment: Lseg) => closestOnSegment(segment, point).distance,
    dist_sp: (segment: Lseg, point: Point) => closestOnSegment(segment, point).distance,
    dist_sl: (segment: Lseg, line: Line) => closestToLine(segment, line).distance,
    dist_ls: (line: Line, segment: Lseg) => closestToLine(segment, line).distance,
    dist_sb: (segment: Lseg, box: Box) => (boxMeetsSegment(box, segment) ? 0 : boxToSegment(box, segment).distance),
    dist_bs: (box: Box, segment: Lseg) => (boxMeetsSegment(box, segment) ? 0 : boxToSegment(box, segment).distance),
    dist_pb: (point: Point, box: Box) => closestOnBox(box, point).distance,
    dist_bp: (box: Box, point: Point) => closestOnBox(box, point).distance,

    close_pl: (point: Point, line: Line) => {
      const { point: closest } = closestOnLine(line, point);
      return Number.isNaN(closest.x) || Number.isNaN(closest.y) ? null : closest;
    },
    close_ps: (point: Point, segment: Lseg) => {
      const closest = closestOnSegment(segment, point);
      return Number.isNaN(closest.distance) ? null : closest.point;
    },
    close_lseg: (a: Lseg, b: Lseg) => (slope(a) === slope(b) ? null : closestToSegment(b, a).point),
    close_ls: (line: Line, segment: Lseg) => (slope(segment) === lineSlope(line) ? null : closestToLine(segment, line).point),
    close_pb: (point: Point, box: Box) => {
      const closest = closestOnBox(box, point);
      return Number.isNaN(closest.distance) ? null : closest.point;
    },
    close_sb: (segment: Lseg, box: Box) => boxToSegment(box, segment).point,

    on_pl: (point: Point, line: Line) => lineHas(line, point),
    on_ps: (point: Point, segment: Lseg) => segmentHas(segment, point),
    on_sl: (segment: Lseg, line: Line) => lineHas(line, segment.start) && lineHas(line, segment.end),
    on_sb: (segment: Lseg, box: Box) => boxHas(box, segment.start) && boxHas(box, segment.end),
    on_pb: (point: Point, box: Box) => boxHas(box, point),
    inter_sl: (segment: Lseg, line: Line) => segmentMeetsLine(segment, line) !== undefined,
    inter_sb: (segment: Lseg, box: Box) => boxMeetsSegment(box, segment),
    inter_lb: (line: Line, box: Box) => sidesOf(box).some((side) => segmentMeetsLine(side, line) !== undefined),
  },
};
