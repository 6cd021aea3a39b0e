import { formatFloat8 } from '../float.js';
import { TypeOid } from '../oids.js';
import { ObjectValue } from '../value.js';

/** The geometric types (PostgreSQL manual, "Geometric Types"): immutable values of float8 coordinates. */

type Print = (value: number) => string;
const exactly: Print = (value) => formatFloat8(value, 1);

abstract class Shape extends ObjectValue {
  abstract print(number: Print): string;

  exactText(): string {
    return this.print(exactly);
  }
}

export class Point extends Shape {
  readonly oid = TypeOid.point;
  readonly x: number;
  readonly y: number;

  constructor(x: number, y: number) {
    super();
    this.x = x;
    this.y = y;
  }

  print(number: Print): string {
    return `(${number(this.x)},${number(this.y)})`;
  }
}

function printAll(points: readonly Point[], number: Print): string {
  return points.map((point) => point.print(number)).join(',');
}

/** A line segment. */
export class Lseg extends Shape {
  readonly oid = TypeOid.lseg;
  readonly start: Point;
  readonly end: Point;

  constructor(start: Point, end: Point) {
    super();
    this.start = start;
    this.end = end;
  }

  print(number: Print): string {
    return `[${printAll([this.start, this.end], number)}]`;
  }
}

export class Box extends Shape {
  readonly oid = TypeOid.box;
  /** The upper right corner. */
  readonly high: Point;
  readonly low: Point;

  /** @param a any two opposite corners */
  constructor(a: Point, b: Point) {
    super();
    const right = a.x > b.x || Number.isNaN(a.x);
    const upper = a.y > b.y || Number.isNaN(a.y);
    this.high = new Point(right ? a.x : b.x, upper ? a.y : b.y);
    this.low = new Point(right ? b.x : a.x, upper ? b.y : a.y);
  }

  print(number: Print): string {
    return printAll([this.high, this.low], number);
  }
}

export class Path extends Shape {
  readonly oid = TypeOid.path;
  readonly points: readonly Point[];
  readonly closed: boolean;

  constructor(points: readonly Point[], closed: boolean) {
    super();
    this.points = points;
    this.closed = closed;
  }

  print(number: Print): string {
    const points = printAll(this.points, number);
    return this.closed ? `(${points})` : `[${points}]`;
  }
}

export class Polygon extends Shape {
  readonly oid = TypeOid.polygon;
  readonly points: readonly Point[];
  readonly bounds: Box;

  constructor(points: readonly Point[]) {
    super();
    this.points = points;
    const xs = points.map((point) => point.x);
    const ys = points.map((point) => point.y);
    this.bounds = new Box(new Point(Math.max(...xs), Math.max(...ys)), new Point(Math.min(...xs), Math.min(...ys)));
  }

  print(number: Print): string {
    return `(${printAll(this.points, number)})`;
  }
}

/** Ax + By + C = 0. */
export class Line extends Shape {
  readonly oid = TypeOid.line;
  readonly a: number;
  readonly b: number;
  readonly c: number;

  constructor(a: number, b: number, c: number) {
    super();
    this.a = a;
    this.b = b;
    this.c = c;
  }

  print(number: Print): string {
    return `{${number(this.a)},${number(this.b)},${number(this.c)}}`;
  }
}

export class Circle extends Shape {
  readonly oid = TypeOid.circle;
  readonly center: Point;
  readonly radius: number;

  constructor(center: Point, radius: number) {
    super();
    this.center = center;
    this.radius = radius;
  }

  print(number: Print): string {
    return `<${this.center.print(number)},${number(this.radius)}>`;
  }
}
