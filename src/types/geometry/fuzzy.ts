import { Line, type Lseg, type Point } from './shapes.js';

/** PostgreSQL compares coordinates with this tolerance. */
const EPSILON = 1e-6;

export const isZero = (a: number): boolean => Math.abs(a) <= EPSILON;
export const eq = (a: number, b: number): boolean => a === b || Math.abs(a - b) <= EPSILON;
export const ne = (a: number, b: number): boolean => a !== b && Math.abs(a - b) > EPSILON;
export const lt = (a: number, b: number): boolean => a + EPSILON < b;
export const le = (a: number, b: number): boolean => a <= b + EPSILON;
export const gt = (a: number, b: number): boolean => a > b + EPSILON;
export const ge = (a: number, b: number): boolean => a + EPSILON >= b;

/** NaN equals NaN, as for float8. */
const exact = (a: number, b: number): boolean => a === b || (Number.isNaN(a) && Number.isNaN(b));
const hasNaN = (...values: number[]): boolean => values.some(Number.isNaN);

export function samePoint(a: Point, b: Point): boolean {
  return hasNaN(a.x, a.y, b.x, b.y) ? exact(a.x, b.x) && exact(a.y, b.y) : eq(a.x, b.x) && eq(a.y, b.y);
}

export function slopeOf(a: Point, b: Point): number {
  return eq(a.x, b.x) ? Infinity : eq(a.y, b.y) ? 0 : (a.y - b.y) / (a.x - b.x);
}

/** The slope of what stands at right angles. */
export function normalSlopeOf({ start, end }: Lseg): number {
  return eq(start.x, end.x) ? 0 : eq(start.y, end.y) ? Infinity : (start.x - end.x) / (end.y - start.y);
}

export function lineThrough(point: Point, slope: number): Line {
  if (!Number.isFinite(slope) && !Number.isNaN(slope)) return new Line(-1, 0, point.x);
  if (slope === 0) return new Line(0, -1, point.y);
  return new Line(slope, -1, point.y - slope * point.x + 0);
}

export function sameLine(a: Line, b: Line): boolean {
  if (hasNaN(a.a, a.b, a.c, b.a, b.b, b.c)) return exact(a.a, b.a) && exact(a.b, b.b) && exact(a.c, b.c);
  const ratio = !isZero(b.a) ? a.a / b.a : !isZero(b.b) ? a.b / b.b : !isZero(b.c) ? a.c / b.c : 1;
  return eq(a.a, ratio * b.a) && eq(a.b, ratio * b.b) && eq(a.c, ratio * b.c);
}
