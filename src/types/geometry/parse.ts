import { SqlError } from '../../commons/sql-error.js';
import { SqlState } from '../../commons/sqlstates.js';
import { parseFloat8 } from '../float.js';
import { invalidInput } from '../input-errors.js';
import { isZero, lineThrough, samePoint, slopeOf } from './fuzzy.js';
import { Box, Circle, Line, Lseg, Path, Point, Polygon } from './shapes.js';

const NUMBER = /[ \t-\r]*([+-]?(?:nan|inf(?:inity)?|(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?))[ \t-\r]*/iy;
const BLANKS = /[ \t-\r]*/y;

/** Reads the lenient forms of the geometric types' texts: brackets around may be left out. */
class ShapeReader {
  readonly #text: string;
  readonly #type: string;
  at = 0;

  constructor(text: string, type: string) {
    this.#text = text;
    this.#type = type;
  }

  error(): SqlError {
    return invalidInput(this.#type, this.#text);
  }

  blanks(): void {
    BLANKS.lastIndex = this.at;
    this.at += BLANKS.exec(this.#text)?.[0].length ?? 0;
  }

  is(character: string): boolean {
    return this.#text[this.at] === character;
  }

  accept(character: string): boolean {
    if (!this.is(character)) return false;
    this.at++;
    return true;
  }

  expect(character: string): void {
    if (!this.accept(character)) throw this.error();
  }

  end(): void {
    if (this.at < this.#text.length) throw this.error();
  }

  number(): number {
    NUMBER.lastIndex = this.at;
    const match = NUMBER.exec(this.#text);
    if (match === null) throw this.error();
    this.at += match[0].length;
    return parseFloat8(match[1] ?? '');
  }

  point(): Point {
    this.blanks();
    const bracket = this.accept('(');
    const x = this.number();
    this.expect(',');
    const y = this.number();
    if (bracket) {
      this.expect(')');
      this.blanks();
    }
    return new Point(x, y);
  }

  /** The bracket here encloses more than one point: another follows at once, or it is the only one there is. */
  acceptOuter(): boolean {
    if (!this.is('(')) return false;
    const rest = this.#text.slice(this.at + 1);
    if (!/^[ \t-\r]*\(/.test(rest) && rest.includes('(')) return false;
    this.at++;
    this.blanks();
    return true;
  }

  points(count: number, mayBeOpen: boolean): { points: Point[]; open: boolean } {
    this.blanks();
    let depth = 0;
    const open = this.is('[');
    if (open) {
      if (!mayBeOpen) throw this.error();
      depth++;
      this.at++;
    } else if (this.acceptOuter()) depth++;
    const points: Point[] = [];
    for (let i = 0; i < count; i++) {
      points.push(this.point());
      this.accept(',');
    }
    while (depth > 0) {
      if (!this.accept(')') && !(open && depth === 1 && this.accept(']'))) throw this.error();
      depth--;
      this.blanks();
    }
    return { points, open };
  }

  /** How many points there are, by the commas. */
  count(): number {
    const commas = this.#text.split(',').length - 1;
    if (commas % 2 === 0) throw this.error();
    return (commas + 1) / 2;
  }

  onlyOneBracket(): boolean {
    return this.is('(') && this.#text.lastIndexOf('(') === this.at;
  }
}

export function parsePoint(text: string): Point {
  const reader = new ShapeReader(text, 'point');
  const point = reader.point();
  reader.end();
  return point;
}

function two(text: string, type: string, mayBeOpen: boolean): [Point, Point] {
  const reader = new ShapeReader(text, type);
  const { points } = reader.points(2, mayBeOpen);
  reader.end();
  const [a, b] = points;
  if (a === undefined || b === undefined) throw reader.error();
  return [a, b];
}

export function parseLseg(text: string): Lseg {
  return new Lseg(...two(text, 'lseg', true));
}

export function parseBox(text: string): Box {
  return new Box(...two(text, 'box', false));
}

export function parsePath(text: string): Path {
  const reader = new ShapeReader(text, 'path');
  const count = reader.count();
  reader.blanks();
  const bracket = reader.onlyOneBracket();
  if (bracket) reader.at++;
  const { points, open } = reader.points(count, true);
  if (bracket) {
    reader.expect(')');
    reader.blanks();
  }
  reader.end();
  return new Path(points, !open);
}

export function parsePolygon(text: string): Polygon {
  const reader = new ShapeReader(text, 'polygon');
  const { points } = reader.points(reader.count(), false);
  reader.end();
  return new Polygon(points);
}

function invalidLine(reason: string): SqlError {
  return new SqlError(SqlState.invalidTextRepresentation, `invalid line specification: ${reason}`);
}

export function parseLine(text: string): Line {
  const reader = new ShapeReader(text, 'line');
  reader.blanks();
  if (!reader.accept('{')) {
    const [a, b] = two(text, 'line', true);
    if (samePoint(a, b)) throw invalidLine('must be two distinct points');
    return lineThrough(a, slopeOf(a, b));
  }
  const a = reader.number();
  reader.expect(',');
  const b = reader.number();
  reader.expect(',');
  const c = reader.number();
  reader.expect('}');
  reader.blanks();
  reader.end();
  if (isZero(a) && isZero(b)) throw invalidLine('A and B cannot both be zero');
  return new Line(a, b, c);
}

export function parseCircle(text: string): Circle {
  const reader = new ShapeReader(text, 'circle');
  reader.blanks();
  const angle = reader.accept('<');
  const bracket = !angle && /^\([ \t-\r]*\(/.test(text.slice(reader.at)) && reader.accept('(');
  const center = reader.point();
  reader.accept(',');
  const radius = reader.number();
  if (radius < 0) throw reader.error();
  if (angle && !reader.accept('>') && !reader.accept(')')) throw reader.error();
  if (bracket) reader.expect(')');
  reader.blanks();
  reader.end();
  return new Circle(center, radius);
}
