import { SqlError } from '../../../commons/sql-error.js';
import { SqlState } from '../../../commons/sqlstates.js';
import { samePoint } from '../../../types/geometry/fuzzy.js';
import { type Circle, Lseg, Path, Point, Polygon } from '../../../types/geometry/shapes.js';
import type { FunctionTable } from '../table.js';
import { add, divide, multiply, subtract } from './points.js';
import {
  boxContains,
  boxesOverlap,
  closestOnSegment,
  closestToSegment,
  encloses,
  lengthOf,
  segmentHas,
  segmentMeetsSegment,
  segmentsOf,
} from './relations.js';

const edges = (path: Path): Lseg[] => segmentsOf(path.points, path.closed);
const sides = (polygon: Polygon): Lseg[] => segmentsOf(polygon.points, true);

function meet(a: readonly Lseg[], b: readonly Lseg[]): boolean {
  return a.some((x) => b.some((y) => segmentMeetsSegment(x, y) !== undefined));
}

function pathsMeet(a: Path, b: Path): boolean {
  return boxesOverlap(new Polygon(a.points).bounds, new Polygon(b.points).bounds) && meet(edges(a), edges(b));
}

const least = (values: readonly number[]): number => Math.min(...values);
const apart = (a: readonly Lseg[], b: readonly Lseg[]): number => least(a.flatMap((x) => b.map((y) => closestToSegment(x, y).distance)));

function toPath(point: Point, path: Path): number {
  if (path.points.length === 1) return Math.hypot(point.x - (path.points[0]?.x ?? 0), point.y - (path.points[0]?.y ?? 0));
  return least(edges(path).map((edge) => closestOnSegment(edge, point).distance));
}

function pathArea({ points, closed }: Path): number | null {
  if (!closed) return null;
  let area = 0;
  for (let i = 0; i < points.length; i++) {
    const a = points[i];
    const b = points[(i + 1) % points.length];
    if (a !== undefined && b !== undefined) area += a.x * b.y - a.y * b.x;
  }
  return Math.abs(area) / 2;
}

const isOnPath = (point: Point, path: Path): boolean =>
  path.closed ? encloses(path.points, point) : edges(path).some((edge) => segmentHas(edge, point));

const movePath = (change: (a: Point, b: Point) => Point) => (path: Path, by: Point) =>
  new Path(
    path.points.map((point) => change(point, by)),
    path.closed,
  );

const byPoints =
  (test: (a: number, b: number) => boolean) =>
  (a: Path, b: Path): boolean =>
    test(a.points.length, b.points.length);

function polygonsOverlap(a: Polygon, b: Polygon): boolean {
  if (!boxesOverlap(a.bounds, b.bounds)) return false;
  if (meet(sides(a), sides(b))) return true;
  const [firstOfA] = a.points;
  const [firstOfB] = b.points;
  return (firstOfA !== undefined && encloses(b.points, firstOfA)) || (firstOfB !== undefined && encloses(a.points, firstOfB));
}

/** Every corner inside, and no side that leaves between its ends: each is cut where it meets the other's sides. */
function polygonContains(outer: Polygon, inner: Polygon): boolean {
  if (!boxContains(outer.bounds, inner.bounds)) return false;
  const walls = sides(outer);
  return sides(inner).every((side) => {
    const cuts = walls.map((wall) => segmentMeetsSegment(side, wall)).filter((cut): cut is Point => cut !== undefined);
    const along = [side.start, ...cuts, side.end].sort((a, b) => lengthOf(new Lseg(side.start, a)) - lengthOf(new Lseg(side.start, b)));
    return along.every((point, i) => {
      const next = along[i + 1] ?? point;
      return encloses(outer.points, point) && encloses(outer.points, new Point((point.x + next.x) / 2, (point.y + next.y) / 2));
    });
  });
}

/** The same corners in the same or the opposite order, from whichever corner on. */
function samePolygon(a: Polygon, b: Polygon): boolean {
  const n = a.points.length;
  if (n !== b.points.length) return false;
  const at = (points: readonly Point[], i: number): Point => points[((i % n) + n) % n] ?? new Point(Number.NaN, Number.NaN);
  for (let offset = 0; offset < n; offset++) {
    for (const direction of [1, -1]) {
      if (a.points.every((point, i) => samePoint(point, at(b.points, offset + direction * i)))) return true;
    }
  }
  return false;
}

function polygonDistance(a: Polygon, b: Polygon): number {
  return polygonsOverlap(a, b) ? 0 : apart(sides(a), sides(b));
}

function toPolygon(point: Point, polygon: Polygon): number {
  return encloses(polygon.points, point) ? 0 : least(sides(polygon).map((side) => closestOnSegment(side, point).distance));
}

const circleToPolygon = (circle: Circle, polygon: Polygon): number => Math.max(0, toPolygon(circle.center, polygon) - circle.radius);

/** Paths and polygons. */
export const chainFunctions: FunctionTable = {
  scalar: {
    path_area: pathArea,
    path_isclosed: (path: Path) => path.closed,
    path_isopen: (path: Path) => !path.closed,
    path_npoints: (path: Path) => path.points.length,
    path_close: (path: Path) => new Path(path.points, true),
    path_open: (path: Path) => new Path(path.points, false),
    path_length: (path: Path) => edges(path).reduce((sum, edge) => sum + lengthOf(edge), 0),
    path_inter: pathsMeet,
    path_distance: (a: Path, b: Path) => {
      const distances = edges(a).flatMap((x) => edges(b).map((y) => closestToSegment(x, y).distance));
      return distances.length === 0 ? null : least(distances);
    },
    path_n_lt: byPoints((a, b) => a < b),
    path_n_gt: byPoints((a, b) => a > b),
    path_n_eq: byPoints((a, b) => a === b),
    path_n_le: byPoints((a, b) => a <= b),
    path_n_ge: byPoints((a, b) => a >= b),
    path_add: (a: Path, b: Path) => (a.closed || b.closed ? null : new Path([...a.points, ...b.points], false)),
    path_add_pt: movePath(add),
    path_sub_pt: movePath(subtract),
    path_mul_pt: movePath(multiply),
    path_div_pt: movePath(divide),
    path_poly: (path: Path) => {
      if (!path.closed) throw new SqlError(SqlState.invalidParameterValue, 'open path cannot be converted to polygon');
      return new Polygon(path.points);
    },
    'path_contain_pt(path,point)': (path: Path, point: Point) => isOnPath(point, path),
    on_ppath: isOnPath,
    dist_ppath: toPath,
    dist_pathp: (path: Path, point: Point) => toPath(point, path),

    poly_npoints: (polygon: Polygon) => polygon.points.length,
    poly_left: (a: Polygon, b: Polygon) => a.bounds.high.x < b.bounds.low.x,
    poly_overleft: (a: Polygon, b: Polygon) => a.bounds.high.x <= b.bounds.high.x,
    poly_right: (a: Polygon, b: Polygon) => a.bounds.low.x > b.bounds.high.x,
    poly_overright: (a: Polygon, b: Polygon) => a.bounds.low.x >= b.bounds.low.x,
    poly_below: (a: Polygon, b: Polygon) => a.bounds.high.y < b.bounds.low.y,
    poly_overbelow: (a: Polygon, b: Polygon) => a.bounds.high.y <= b.bounds.high.y,
    poly_above: (a: Polygon, b: Polygon) => a.bounds.low.y > b.bounds.high.y,
    poly_overabove: (a: Polygon, b: Polygon) => a.bounds.low.y >= b.bounds.low.y,
    poly_same: samePolygon,
    poly_overlap: polygonsOverlap,
    poly_contain: polygonContains,
    poly_contained: (a: Polygon, b: Polygon) => polygonContains(b, a),
    poly_distance: polygonDistance,
    dist_ppoly: toPolygon,
    dist_polyp: (polygon: Polygon, point: Point) => toPolygon(point, polygon),
    dist_cpoly: circleToPolygon,
    dist_polyc: (polygon: Polygon, circle: Circle) => circleToPolygon(circle, polygon),
  },
};
