import { eq, ge, gt, isZero, le, lineThrough, lt, normalSlopeOf, samePoint, slopeOf } from '../../../types/geometry/fuzzy.js';
import { Box, type Line, Lseg, Point } from '../../../types/geometry/shapes.js';

/** Where shapes meet, what of one is closest to another, and how far away: the bases of the geometric operators. */

export function distance(a: Point, b: Point): number {
  return Math.hypot(a.x - b.x, a.y - b.y);
}

export const lengthOf = ({ start, end }: Lseg): number => distance(start, end);
export const slope = ({ start, end }: Lseg): number => slopeOf(start, end);
export const lineOf = (segment: Lseg): Line => lineThrough(segment.start, slope(segment));

export function lineMeetsLine(a: Line, b: Line): Point | undefined {
  let x: number;
  let y: number;
  if (!isZero(a.b)) {
    if (eq(b.a, a.a * (b.b / a.b))) return undefined;
    x = (a.b * b.c - b.b * a.c) / (a.a * b.b - b.a * a.b);
    y = -(a.a * x + a.c) / a.b;
  } else if (!isZero(b.b)) {
    if (eq(a.a, b.a * (a.b / b.b))) return undefined;
    x = (b.b * a.c - a.b * b.c) / (b.a * a.b - a.a * b.b);
    y = -(b.a * x + b.c) / b.b;
  } else return undefined;
  return new Point(x + 0, y + 0);
}

export function segmentHas({ start, end }: Lseg, point: Point): boolean {
  return eq(distance(point, start) + distance(point, end), distance(start, end));
}

export const lineHas = (line: Line, point: Point): boolean => isZero(line.a * point.x + line.b * point.y + line.c);

export function segmentMeetsLine(segment: Lseg, line: Line): Point | undefined {
  const at = lineMeetsLine(lineOf(segment), line);
  if (at === undefined || !segmentHas(segment, at)) return undefined;
  return samePoint(segment.start, at) ? segment.start : samePoint(segment.end, at) ? segment.end : at;
}

export function segmentMeetsSegment(a: Lseg, b: Lseg): Point | undefined {
  const at = segmentMeetsLine(a, lineOf(b));
  return at !== undefined && segmentHas(b, at) ? at : undefined;
}

function lineNormalSlope(line: Line): number {
  return isZero(line.a) ? Infinity : isZero(line.b) ? 0 : line.b / line.a;
}

/** The closest point on the first to the second. */
export interface Closest {
  readonly point: Point;
  readonly distance: number;
}

export function closestOnLine(line: Line, point: Point): Closest {
  const at = lineMeetsLine(lineThrough(point, lineNormalSlope(line)), line) ?? point;
  return { point: at, distance: distance(at, point) };
}

export function closestToLine(segment: Lseg, line: Line): Closest {
  const at = segmentMeetsLine(segment, line);
  if (at !== undefined) return { point: at, distance: 0 };
  const start = closestOnLine(line, segment.start).distance;
  const end = closestOnLine(line, segment.end).distance;
  return start < end ? { point: segment.start, distance: start } : { point: segment.end, distance: end };
}

export function closestOnSegment(segment: Lseg, point: Point): Closest {
  const at = closestToLine(segment, lineThrough(point, normalSlopeOf(segment))).point;
  return { point: at, distance: distance(at, point) };
}

const nearer = (a: Closest, b: Closest): Closest => (b.distance < a.distance ? b : a);

export function closestToSegment(on: Lseg, to: Lseg): Closest {
  const at = segmentMeetsSegment(on, to);
  if (at !== undefined) return { point: at, distance: 0 };
  return [
    closestOnSegment(on, to.end),
    { point: on.start, distance: closestOnSegment(to, on.start).distance },
    { point: on.end, distance: closestOnSegment(to, on.end).distance },
  ].reduce(nearer, closestOnSegment(on, to.start));
}

export function boxHas({ high, low }: Box, { x, y }: Point): boolean {
  return high.x >= x && low.x <= x && high.y >= y && low.y <= y;
}

export function boxesOverlap(a: Box, b: Box): boolean {
  return le(a.low.x, b.high.x) && le(b.low.x, a.high.x) && le(a.low.y, b.high.y) && le(b.low.y, a.high.y);
}

export function boxContains(a: Box, b: Box): boolean {
  return ge(a.high.x, b.high.x) && le(a.low.x, b.low.x) && ge(a.high.y, b.high.y) && le(a.low.y, b.low.y);
}

export function sidesOf({ high, low }: Box): Lseg[] {
  const upperLeft = new Point(low.x, high.y);
  const lowerRight = new Point(high.x, low.y);
  return [new Lseg(low, upperLeft), new Lseg(high, upperLeft), new Lseg(low, lowerRight), new Lseg(high, lowerRight)];
}

export function closestOnBox(box: Box, point: Point): Closest {
  if (boxHas(box, point)) return { point, distance: 0 };
  return sidesOf(box)
    .map((side) => closestOnSegment(side, point))
    .reduce(nearer);
}

export function boxMeetsSegment(box: Box, segment: Lseg): boolean {
  if (!boxesOverlap(box, new Box(segment.start, segment.end))) return false;
  if (boxHas(box, segment.start) || boxHas(box, segment.end)) return true;
  return sidesOf(box).some((side) => segmentMeetsSegment(segment, side) !== undefined);
}

export function boxToSegment(box: Box, segment: Lseg): Closest {
  if (boxMeetsSegment(box, segment)) {
    // PostgreSQL's choice among all that touch: what of the segment is nearest to the box's centre.
    const centre = new Point((box.high.x + box.low.x) / 2, (box.high.y + box.low.y) / 2);
    return { point: closestOnSegment(segment, centre).point, distance: 0 };
  }
  return sidesOf(box)
    .map((side) => closestToSegment(side, segment))
    .reduce(nearer);
}

/** The segments of a chain of points; closed: also from the last to the first. */
export function segmentsOf(points: readonly Point[], closed: boolean): Lseg[] {
  const segments: Lseg[] = [];
  for (let i = 0; i < points.length; i++) {
    const from = points[i === 0 ? points.length - 1 : i - 1];
    const to = points[i];
    if (from !== undefined && to !== undefined && (i > 0 || closed)) segments.push(new Lseg(from, to));
  }
  return segments;
}

const ON_EDGE = 4;

/** How an edge crosses the ray to the right of the origin. */
function crossing(x: number, y: number, fromX: number, fromY: number): number {
  if (isZero(y)) {
    if (isZero(x)) return ON_EDGE;
    if (gt(x, 0)) return isZero(fromY) ? (gt(fromX, 0) ? 0 : ON_EDGE) : lt(fromY, 0) ? 1 : -1;
    return isZero(fromY) && !lt(fromX, 0) ? ON_EDGE : 0;
  }
  const sign = gt(y, 0) ? 1 : -1;
  if (isZero(fromY)) return lt(fromX, 0) ? 0 : sign;
  if ((sign < 0 && lt(fromY, 0)) || (sign > 0 && gt(fromY, 0))) return 0;
  if (ge(x, 0) && gt(fromX, 0)) return 2 * sign;
  if (lt(x, 0) && le(fromX, 0)) return 0;
  const z = (x - fromX) * y - (y - fromY) * x;
  if (isZero(z)) return ON_EDGE;
  return (sign < 0 && lt(z, 0)) || (sign > 0 && gt(z, 0)) ? 0 : 2 * sign;
}

/** Whether a closed chain of points has a point inside or on its edge. */
export function encloses(points: readonly Point[], { x, y }: Point): boolean {
  let total = 0;
  for (const { start, end } of [...segmentsOf(points, false), ...segmentsOf(points, true).slice(0, 1)]) {
    const cross = crossing(end.x - x, end.y - y, start.x - x, start.y - y);
    if (cross === ON_EDGE) return true;
    total += cross;
  }
  return total !== 0;
}
