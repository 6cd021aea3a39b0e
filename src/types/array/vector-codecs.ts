import { SqlError } from '../../commons/sql-error.js';
import { SqlState } from '../../commons/sqlstates.js';
import type { TypeCodec } from '../codec.js';
import type { FormatContext } from '../format-context.js';
import { SqlArray, type SqlValue } from '../value.js';
import { receiveArray, sendArray } from './binary.js';
import { arrayHashKey, compareArrays } from './order.js';

/** int2vector and oidvector: '1 2 3', one dimension, counted from 0. */
export function vectorCodec(oid: number, name: string, element: TypeCodec): TypeCodec {
  const compare = element.compare ?? (() => 0);
  return {
    oid,
    name,
    input: (text, cx) => parseVector(text, element, cx),
    output: (value, cx) =>
      elementsOf(value as SqlArray, name)
        .map((item) => element.output(item, cx))
        .join(' '),
    send: (value, cx) => sendArray(value as SqlArray, element, cx),
    receive: (bytes, cx) => receiveArray(bytes, element, cx, -1),
    // oidvectorcmp puts the shorter vector first, whatever is in it.
    compare: (a, b) => {
      const x = a as SqlArray;
      const y = b as SqlArray;
      return x.elements.length - y.elements.length || compareArrays(x, y, compare);
    },
    hashKey: (value) => arrayHashKey(value as SqlArray, (item) => item as number),
  };
}

/** A cast may have made it of an array of another shape. @throws SqlError 42804 */
function elementsOf({ dimensions, elements }: SqlArray, name: string): readonly SqlValue[] {
  if (dimensions.length <= 1 && !elements.includes(null)) return elements;
  throw new SqlError(SqlState.datatypeMismatch, `array is not a valid ${name}`);
}

/** Numbers one after another; as oidvectorin, what follows a number directly is only looked at as the next one. */
function parseVector(text: string, element: TypeCodec, cx: FormatContext): SqlArray {
  const values: SqlValue[] = [];
  let rest = text.trimStart();
  while (rest !== '') {
    const digits = /^[+-]?\d+/.exec(rest)?.[0] ?? rest;
    values.push(element.input(digits, cx, -1));
    rest = rest.slice(digits.length).trimStart();
  }
  return new SqlArray(values, [values.length], [0]);
}
