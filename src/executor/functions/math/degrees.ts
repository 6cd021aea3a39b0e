import { SqlError } from '../../../commons/sql-error.js';
import { SqlState } from '../../../commons/sqlstates.js';
import type { FunctionTable } from '../table.js';

/**
 * Trigonometry in degrees, exact at the angles where people expect it: multiples of 30 and 45. As in PostgreSQL, each quadrant is
 * brought back to 0 … 90 and scaled so that sind(30), cosd(60) and tand(45) come out as 0.5, 0.5 and 1.
 */
const RADIANS = Math.PI / 180;
const SIN_30 = Math.sin(30 * RADIANS);
const ONE_MINUS_COS_60 = 1 - Math.cos(60 * RADIANS);

const sinTo30 = (degrees: number): number => Math.sin(degrees * RADIANS) / SIN_30 / 2;
const cosTo60 = (degrees: number): number => 1 - (1 - Math.cos(degrees * RADIANS)) / ONE_MINUS_COS_60 / 2;
const sinTo90 = (degrees: number): number => (degrees <= 30 ? sinTo30(degrees) : cosTo60(90 - degrees));
const cosTo90 = (degrees: number): number => (degrees <= 60 ? cosTo60(degrees) : sinTo30(90 - degrees));
const TAN_45 = sinTo90(45) / cosTo90(45);
const COT_45 = cosTo90(45) / sinTo90(45);

function inputOutOfRange(): SqlError {
  return new SqlError(SqlState.numericValueOutOfRange, 'input is out of range');
}

/** The angle within 0 … 90, with the signs that sine and cosine take on the way. */
function reduce(value: number): { readonly angle: number; readonly sin: number; readonly cos: number } {
  if (value === Infinity || value === -Infinity) throw inputOutOfRange();
  let angle = value % 360;
  let sin = 1;
  let cos = 1;
  if (angle < 0) {
    angle = -angle;
    sin = -1;
  }
  if (angle > 180) {
    angle = 360 - angle;
    sin = -sin;
  }
  if (angle > 90) {
    angle = 180 - angle;
    cos = -1;
  }
  return { angle, sin, cos };
}

function sind(value: number): number {
  if (Number.isNaN(value)) return value;
  const { angle, sin } = reduce(value);
  return sin * sinTo90(angle);
}

function cosd(value: number): number {
  if (Number.isNaN(value)) return value;
  const { angle, cos } = reduce(value);
  return cos * cosTo90(angle);
}

function tand(value: number): number {
  if (Number.isNaN(value)) return value;
  const { angle, sin, cos } = reduce(value);
  const result = (sin * cos * (sinTo90(angle) / cosTo90(angle))) / TAN_45;
  return result === 0 ? 0 : result;
}

function cotd(value: number): number {
  if (Number.isNaN(value)) return value;
  const { angle, sin, cos } = reduce(value);
  const result = (sin * cos * (cosTo90(angle) / sinTo90(angle))) / COT_45;
  return result === 0 ? 0 : result;
}

const ASIN_HALF = Math.asin(0.5);
const ACOS_HALF = Math.acos(0.5);
const ATAN_1 = Math.atan(1);

function asindTo1(x: number): number {
  return x <= 0.5 ? (Math.asin(x) / ASIN_HALF) * 30 : 90 - (Math.acos(x) / ACOS_HALF) * 60;
}

function acosdTo1(x: number): number {
  return x <= 0.5 ? 90 - (Math.asin(x) / ASIN_HALF) * 30 : (Math.acos(x) / ACOS_HALF) * 60;
}

function asind(x: number): number {
  if (x < -1 || x > 1) throw inputOutOfRange();
  return x >= 0 || Number.isNaN(x) ? asindTo1(x) : -asindTo1(-x);
}

function acosd(x: number): number {
  if (x < -1 || x > 1) throw inputOutOfRange();
  return x >= 0 || Number.isNaN(x) ? acosdTo1(x) : 90 + asindTo1(-x);
}

export const degreeMath: FunctionTable = {
  scalar: {
    dsind: sind,
    dcosd: cosd,
    dtand: tand,
    dcotd: cotd,
    dasind: asind,
    dacosd: acosd,
    datand: (x: number) => (Math.atan(x) / ATAN_1) * 45,
    datan2d: (y: number, x: number) => (Math.atan2(y, x) / ATAN_1) * 45,
  },
};
