import { insufficientData, invalidBinary } from '../input-errors.js';
import { asBuffer } from '../integer-codecs.js';
import { Numeric } from '../value.js';
import { ExactDecimal, finishNumeric, MAX_DISPLAY_SCALE, NUMERIC_INFINITY, NUMERIC_NAN, NUMERIC_NEGATIVE_INFINITY } from './numeric.js';

const POSITIVE = 0x0000;
const NEGATIVE = 0x4000;
const NAN = 0xc000;
const PLUS_INFINITY = 0xd000;
const MINUS_INFINITY = 0xf000;
const HEADER_SIZE = 8;
/** What PostgreSQL's infinities happen to carry as their scale. */
const INFINITY_SCALE = 0x20;

function header(target: Buffer, groups: number, weight: number, sign: number, scale: number): Buffer {
  target.writeInt16BE(groups, 0);
  target.writeInt16BE(weight, 2);
  target.writeUInt16BE(sign, 4);
  target.writeUInt16BE(scale, 6);
  return target;
}

/** numeric_send: groups of four decimal digits, most significant first, without zero groups at either end. */
export function sendNumeric(value: Numeric): Uint8Array {
  const { decimal, scale } = value;
  if (!decimal.isFinite()) {
    const sign = decimal.isNaN() ? NAN : decimal.isNegative() ? MINUS_INFINITY : PLUS_INFINITY;
    return header(Buffer.allocUnsafe(HEADER_SIZE), 0, 0, sign, sign === NAN ? 0 : INFINITY_SCALE);
  }
  if (decimal.isZero()) return header(Buffer.allocUnsafe(HEADER_SIZE), 0, 0, POSITIVE, scale);
  const [whole = '', fraction = ''] = decimal.abs().toFixed().split('.');
  const digits =
    (whole === '0' ? '' : whole.padStart(Math.ceil(whole.length / 4) * 4, '0')) + fraction.padEnd(Math.ceil(fraction.length / 4) * 4, '0');
  let weight = (whole === '0' ? 0 : Math.ceil(whole.length / 4)) - 1;
  let from = 0;
  let to = digits.length;
  for (; digits.startsWith('0000', from); from += 4) weight--;
  while (digits.startsWith('0000', to - 4)) to -= 4;
  const groups = (to - from) / 4;
  const target = header(Buffer.allocUnsafe(HEADER_SIZE + groups * 2), groups, weight, decimal.isNegative() ? NEGATIVE : POSITIVE, scale);
  for (let i = 0; i < groups; i++) target.writeInt16BE(Number(digits.slice(from + i * 4, from + i * 4 + 4)), HEADER_SIZE + i * 2);
  return target;
}

/** numeric_recv. @throws SqlError 22P03, 08P01 */
export function receiveNumeric(bytes: Uint8Array): Numeric {
  const source = asBuffer(bytes);
  if (source.length < HEADER_SIZE) throw insufficientData();
  const groups = source.readUInt16BE(0);
  const weight = source.readInt16BE(2);
  const sign = source.readUInt16BE(4);
  const scale = source.readUInt16BE(6);
  if (source.length < HEADER_SIZE + groups * 2) throw insufficientData();
  if (source.length > HEADER_SIZE + groups * 2) throw invalidBinary('incorrect binary data format');
  if (sign === NAN) return NUMERIC_NAN;
  if (sign === PLUS_INFINITY) return NUMERIC_INFINITY;
  if (sign === MINUS_INFINITY) return NUMERIC_NEGATIVE_INFINITY;
  if (sign !== POSITIVE && sign !== NEGATIVE) throw invalidBinary('invalid sign in external "numeric" value');
  if (scale > MAX_DISPLAY_SCALE) throw invalidBinary('invalid scale in external "numeric" value');
  let digits = '';
  for (let i = 0; i < groups; i++) {
    const group = source.readInt16BE(HEADER_SIZE + i * 2);
    if (group < 0 || group > 9999) throw invalidBinary('invalid digit in external "numeric" value');
    digits += `${group}`.padStart(4, '0');
  }
  if (groups === 0) return new Numeric(new ExactDecimal(0), scale);
  const decimal = new ExactDecimal(`${sign === NEGATIVE ? '-' : ''}${digits}e${(weight + 1 - groups) * 4}`);
  // Digits beyond the display scale are cut, not rounded, as numeric_recv does.
  return finishNumeric(decimal.toDecimalPlaces(scale, 1), scale);
}
