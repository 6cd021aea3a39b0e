import { SqlError } from '../../commons/sql-error.js';
import { SqlState } from '../../commons/sqlstates.js';
import type { TypeCodec } from '../codec.js';
import { formatFloat8 } from '../float.js';
import { insufficientData } from '../input-errors.js';
import { asBuffer } from '../integer-codecs.js';
import { TypeOid } from '../oids.js';
import type { SqlValue } from '../value.js';
import { parseBox, parseCircle, parseLine, parseLseg, parsePath, parsePoint, parsePolygon } from './parse.js';
import { Box, Circle, Line, Lseg, Path, Point, Polygon } from './shapes.js';

/** Life of a shape: parse → an immutable shape → functions/geometry; binary forms are float8s one after the other. */

type AnyShape = Point | Lseg | Box | Path | Polygon | Line | Circle;

function floats(values: readonly number[], lead: Uint8Array = new Uint8Array(0)): Uint8Array {
  const bytes = Buffer.allocUnsafe(lead.length + values.length * 8);
  bytes.set(lead);
  for (let i = 0; i < values.length; i++) bytes.writeDoubleBE(values[i] ?? 0, lead.length + i * 8);
  return bytes;
}

const coordinates = (points: readonly Point[]): number[] => points.flatMap(({ x, y }) => [x, y]);

function floatAt(bytes: Buffer, at: number): number {
  if (at + 8 > bytes.length) throw insufficientData();
  return bytes.readDoubleBE(at);
}

const pointAt = (bytes: Buffer, at: number): Point => new Point(floatAt(bytes, at), floatAt(bytes, at + 8));

function pointsAt(bytes: Buffer, at: number, type: string): Point[] {
  if (bytes.length < at + 4) throw insufficientData();
  const count = bytes.readInt32BE(at);
  if (count <= 0) {
    throw new SqlError(SqlState.invalidBinaryRepresentation, `invalid number of points in external "${type}" value`);
  }
  const points: Point[] = [];
  for (let i = 0; i < count; i++) points.push(pointAt(bytes, at + 4 + i * 16));
  return points;
}

function int4(value: number): Uint8Array {
  const bytes = Buffer.allocUnsafe(4);
  bytes.writeInt32BE(value);
  return bytes;
}

function codec(
  oid: number,
  name: string,
  input: (text: string) => AnyShape,
  send: (value: SqlValue) => Uint8Array,
  receive: (bytes: Buffer) => AnyShape,
): TypeCodec {
  return {
    oid,
    name,
    input,
    output: (value, cx) => (value as AnyShape).print((number) => formatFloat8(number, cx.extraFloatDigits)),
    send,
    receive: (bytes) => receive(asBuffer(bytes)),
  };
}

function receiveCircle(bytes: Buffer): Circle {
  const radius = floatAt(bytes, 16);
  if (radius < 0) throw new SqlError(SqlState.invalidBinaryRepresentation, 'invalid radius in external "circle" value');
  return new Circle(pointAt(bytes, 0), radius);
}

export const geometryCodecs: readonly TypeCodec[] = [
  codec(
    TypeOid.point,
    'point',
    parsePoint,
    (v) => floats(coordinates([v as Point])),
    (b) => pointAt(b, 0),
  ),
  codec(
    TypeOid.lseg,
    'lseg',
    parseLseg,
    (v) => floats(coordinates([(v as Lseg).start, (v as Lseg).end])),
    (b) => new Lseg(pointAt(b, 0), pointAt(b, 16)),
  ),
  codec(
    TypeOid.box,
    'box',
    parseBox,
    (v) => floats(coordinates([(v as Box).high, (v as Box).low])),
    (b) => new Box(pointAt(b, 0), pointAt(b, 16)),
  ),
  codec(
    TypeOid.path,
    'path',
    parsePath,
    (v) => {
      const { points, closed } = v as Path;
      return floats(coordinates(points), Buffer.concat([Uint8Array.of(closed ? 1 : 0), int4(points.length)]));
    },
    (b) => new Path(pointsAt(b, 1, 'path'), b[0] !== 0),
  ),
  codec(
    TypeOid.polygon,
    'polygon',
    parsePolygon,
    (v) => floats(coordinates((v as Polygon).points), int4((v as Polygon).points.length)),
    (b) => new Polygon(pointsAt(b, 0, 'polygon')),
  ),
  codec(
    TypeOid.line,
    'line',
    parseLine,
    (v) => floats([(v as Line).a, (v as Line).b, (v as Line).c]),
    (b) => new Line(floatAt(b, 0), floatAt(b, 8), floatAt(b, 16)),
  ),
  codec(
    TypeOid.circle,
    'circle',
    parseCircle,
    (v) => floats([...coordinates([(v as Circle).center]), (v as Circle).radius]),
    receiveCircle,
  ),
];
