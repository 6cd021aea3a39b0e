import { SqlError } from '../../../commons/sql-error.js';
import { SqlState } from '../../../commons/sqlstates.js';
import { eq, ge, gt, le, lt, ne, samePoint } from '../../../types/geometry/fuzzy.js';
import { Box, Circle, Lseg, Path, Point, Polygon } from '../../../types/geometry/shapes.js';
import type { FunctionTable } from '../table.js';
import { add, divide, multiply, subtract } from './points.js';
import { boxContains, boxesOverlap, boxHas, distance, encloses } from './relations.js';

const width = ({ high, low }: Box): number => high.x - low.x;
const height = ({ high, low }: Box): number => high.y - low.y;
const areaOf = (box: Box): number => width(box) * height(box);
const centerOf = ({ high, low }: Box): Point => new Point((high.x + low.x) / 2, (high.y + low.y) / 2);

type Test = (a: number, b: number) => boolean;
const boxesByArea =
  (test: Test) =>
  (a: Box, b: Box): boolean =>
    test(areaOf(a), areaOf(b));
const circleArea = ({ radius }: Circle): number => radius * radius * Math.PI;
const circlesByArea =
  (test: Test) =>
  (a: Circle, b: Circle): boolean =>
    test(circleArea(a), circleArea(b));

function intersection(a: Box, b: Box): Box | null {
  if (!boxesOverlap(a, b)) return null;
  return new Box(
    new Point(Math.min(a.high.x, b.high.x), Math.min(a.high.y, b.high.y)),
    new Point(Math.max(a.low.x, b.low.x), Math.max(a.low.y, b.low.y)),
  );
}

function boundsOf(a: Box, b: Box): Box {
  return new Box(
    new Point(Math.max(a.high.x, b.high.x), Math.max(a.high.y, b.high.y)),
    new Point(Math.min(a.low.x, b.low.x), Math.min(a.low.y, b.low.y)),
  );
}

const moveBox = (change: (a: Point, b: Point) => Point) => (box: Box, by: Point) => new Box(change(box.high, by), change(box.low, by));

/** PostgreSQL has room for 67 million. */
const MAX_POINTS = 1_000_000;

function circleToPolygon(count: number, { center, radius }: Circle): Polygon {
  if (eq(radius, 0)) throw new SqlError(SqlState.featureNotSupported, 'cannot convert circle with radius zero to polygon');
  if (count < 2) throw new SqlError(SqlState.invalidParameterValue, 'must request at least 2 points');
  if (count > MAX_POINTS) throw new SqlError(SqlState.programLimitExceeded, 'too many points requested');
  const step = (2 * Math.PI) / count;
  return new Polygon(
    Array.from({ length: count }, (_, i) => new Point(center.x - radius * Math.cos(step * i), center.y + radius * Math.sin(step * i))),
  );
}

export function polygonToCircle({ points }: Polygon): Circle {
  let x = 0;
  let y = 0;
  for (const point of points) {
    x += point.x;
    y += point.y;
  }
  const center = new Point(x / points.length, y / points.length);
  let radius = 0;
  for (const point of points) radius += distance(point, center);
  return new Circle(center, radius / points.length);
}

const circleDistance = (a: Circle, b: Circle): number => Math.max(0, distance(a.center, b.center) - (a.radius + b.radius));
const toCircle = (point: Point, circle: Circle): number => Math.max(0, distance(point, circle.center) - circle.radius);
const circleHas = (circle: Circle, point: Point): boolean => distance(circle.center, point) <= circle.radius;

/** Boxes and circles, and what turns shapes into others. */
export const areaFunctions: FunctionTable = {
  scalar: {
    points_box: (a: Point, b: Point) => new Box(a, b),
    point_box: (point: Point) => new Box(point, point),
    box_same: (a: Box, b: Box) => samePoint(a.high, b.high) && samePoint(a.low, b.low),
    box_overlap: boxesOverlap,
    box_left: (a: Box, b: Box) => lt(a.high.x, b.low.x),
    box_overleft: (a: Box, b: Box) => le(a.high.x, b.high.x),
    box_right: (a: Box, b: Box) => gt(a.low.x, b.high.x),
    box_overright: (a: Box, b: Box) => ge(a.low.x, b.low.x),
    box_below: (a: Box, b: Box) => lt(a.high.y, b.low.y),
    box_overbelow: (a: Box, b: Box) => le(a.high.y, b.high.y),
    box_above: (a: Box, b: Box) => gt(a.low.y, b.high.y),
    box_overabove: (a: Box, b: Box) => ge(a.low.y, b.low.y),
    box_below_eq: (a: Box, b: Box) => le(a.high.y, b.low.y),
    box_above_eq: (a: Box, b: Box) => ge(a.low.y, b.high.y),
    box_contain: boxContains,
    box_contained: (a: Box, b: Box) => boxContains(b, a),
    box_contain_pt: boxHas,
    box_lt: boxesByArea(lt),
    box_gt: boxesByArea(gt),
    box_eq: boxesByArea(eq),
    box_le: boxesByArea(le),
    box_ge: boxesByArea(ge),
    box_area: areaOf,
    box_width: width,
    box_height: height,
    box_center: centerOf,
    box_distance: (a: Box, b: Box) => distance(centerOf(a), centerOf(b)),
    box_intersect: intersection,
    box_diagonal: (box: Box) => new Lseg(box.high, box.low),
    boxes_bound_box: boundsOf,
    box_add: moveBox(add),
    box_sub: moveBox(subtract),
    box_mul: moveBox(multiply),
    box_div: moveBox(divide),
    box_circle: (box: Box) => new Circle(centerOf(box), distance(centerOf(box), box.high)),
    box_poly: ({ high, low }: Box) => new Polygon([low, new Point(low.x, high.y), high, new Point(high.x, low.y)]),

    cr_circle: (center: Point, radius: number) => new Circle(center, radius),
    circle_same: (a: Circle, b: Circle) =>
      (Number.isNaN(a.radius) ? Number.isNaN(b.radius) : eq(a.radius, b.radius)) && samePoint(a.center, b.center),
    circle_overlap: (a: Circle, b: Circle) => le(distance(a.center, b.center), a.radius + b.radius),
    circle_left: (a: Circle, b: Circle) => lt(a.center.x + a.radius, b.center.x - b.radius),
    circle_overleft: (a: Circle, b: Circle) => le(a.center.x + a.radius, b.center.x + b.radius),
    circle_right: (a: Circle, b: Circle) => gt(a.center.x - a.radius, b.center.x + b.radius),
    circle_overright: (a: Circle, b: Circle) => ge(a.center.x - a.radius, b.center.x - b.radius),
    circle_below: (a: Circle, b: Circle) => lt(a.center.y + a.radius, b.center.y - b.radius),
    circle_overbelow: (a: Circle, b: Circle) => le(a.center.y + a.radius, b.center.y + b.radius),
    circle_above: (a: Circle, b: Circle) => gt(a.center.y - a.radius, b.center.y + b.radius),
    circle_overabove: (a: Circle, b: Circle) => ge(a.center.y - a.radius, b.center.y - b.radius),
    circle_contain: (a: Circle, b: Circle) => le(distance(a.center, b.center), a.radius - b.radius),
    circle_contained: (a: Circle, b: Circle) => le(distance(a.center, b.center), b.radius - a.radius),
    circle_lt: circlesByArea(lt),
    circle_gt: circlesByArea(gt),
    circle_eq: circlesByArea(eq),
    circle_ne: circlesByArea(ne),
    circle_le: circlesByArea(le),
    circle_ge: circlesByArea(ge),
    circle_area: circleArea,
    circle_radius: ({ radius }: Circle) => radius,
    circle_diameter: ({ radius }: Circle) => 2 * radius,
    circle_center: ({ center }: Circle) => center,
    circle_add_pt: ({ center, radius }: Circle, by: Point) => new Circle(add(center, by), radius),
    circle_sub_pt: ({ center, radius }: Circle, by: Point) => new Circle(subtract(center, by), radius),
    circle_mul_pt: ({ center, radius }: Circle, by: Point) => new Circle(multiply(center, by), radius * Math.hypot(by.x, by.y)),
    circle_div_pt: ({ center, radius }: Circle, by: Point) => new Circle(divide(center, by), radius / Math.hypot(by.x, by.y)),
    circle_distance: circleDistance,
    circle_contain_pt: circleHas,
    pt_contained_circle: (point: Point, circle: Circle) => circleHas(circle, point),
    dist_pc: toCircle,
    dist_cpoint: (circle: Circle, point: Point) => toCircle(point, circle),
    circle_box: ({ center, radius }: Circle) => {
      const half = radius / Math.SQRT2;
      return new Box(new Point(center.x + half, center.y + half), new Point(center.x - half, center.y - half));
    },
    circle_poly: circleToPolygon,
    'polygon(circle)': (circle: Circle) => circleToPolygon(12, circle),
    poly_circle: polygonToCircle,
    poly_center: (polygon: Polygon) => polygonToCircle(polygon).center,
    poly_box: ({ bounds }: Polygon) => bounds,
    poly_path: ({ points }: Polygon) => new Path(points, true),
    pt_contained_poly: (point: Point, polygon: Polygon) => encloses(polygon.points, point),
    poly_contain_pt: (polygon: Polygon, point: Point) => encloses(polygon.points, point),
  },
};
