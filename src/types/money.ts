import type { TypeCodec } from './codec.js';
import { inputOutOfRange, invalidInput } from './input-errors.js';
import { canonicalInt8, type Int8 } from './integer.js';
import { compareNumbers, fixedSize, readInt8, sendFixed, writeInt8 } from './integer-codecs.js';
import { TypeOid } from './oids.js';

const MIN = -(1n << 63n);
const MAX = (1n << 63n) - 1n;
const MONEY = /^[ \t-\r]*(\$?)(-|\+|\()?(\$?)[ \t-\r]*((?:\d|,)*)(?:\.(\d*))?[ \t-\r)$-]*$/;

/** Cents of '$1,234.56', '(1.2)' or '-$5'; digits behind the cents are rounded. @throws SqlError 22P02, 22003 */
export function parseMoney(text: string): Int8 {
  const match = MONEY.exec(text);
  if (match === null || (match[4] === '' && match[5] === undefined && !/\d/.test(text) && text.trim() === '')) {
    throw invalidInput('money', text);
  }
  const negative = match[2] === '-' || match[2] === '(' || /-[ $)]*$/.test(text.slice(text.search(/\d|$/)));
  const fraction = (match[5] ?? '').padEnd(3, '0');
  let cents = BigInt(`${(match[4] ?? '').replaceAll(',', '')}${fraction.slice(0, 2)}`);
  if ((fraction[2] ?? '0') >= '5') cents += 1n;
  if (negative) cents = -cents;
  if (cents < MIN || cents > MAX) throw inputOutOfRange('money', text);
  return canonicalInt8(cents);
}

export function formatMoney(value: Int8): string {
  const digits = `${value < 0 ? -BigInt(value) : value}`.padStart(3, '0');
  const whole = digits.slice(0, -2).replace(/\B(?=(?:\d{3})+$)/g, ',');
  return `${value < 0 ? '-' : ''}$${whole}.${digits.slice(-2)}`;
}

export const moneyCodec: TypeCodec = {
  oid: TypeOid.money,
  name: 'money',
  input: parseMoney,
  output: (value) => formatMoney(value as Int8),
  send: sendFixed(8, writeInt8),
  receive: (bytes) => readInt8(fixedSize(bytes, 8), 0),
  binarySize: 8,
  writeBinary: writeInt8,
  compare: compareNumbers,
  hashKey: (value) => value as Int8,
};
