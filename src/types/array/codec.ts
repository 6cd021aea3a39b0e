/**
 * Life of an array: its text or bytes are read into a flat list of elements with dimensions and lower bounds (parse, binary), functions
 * and operators work on that (operations, subscripts), order compares it (order), and format or binary write it again.
 */
import type { TypeCodec } from '../codec.js';
import type { SqlArray } from '../value.js';
import { receiveArray, sendArray } from './binary.js';
import { formatArray } from './format.js';
import { arrayHashKey, compareArrays } from './order.js';
import { parseArray } from './parse.js';

/** The codec of an array type, made from its element's. box's delimiter is ';', everyone else's ','. */
export function arrayCodec(oid: number, element: TypeCodec, delimiter = ','): TypeCodec {
  const { compare, hashKey } = element;
  return {
    oid,
    name: `_${element.name}`,
    input: (text, cx, typmod) => parseArray(text, element, cx, typmod, delimiter),
    output: (value, cx) => formatArray(value as SqlArray, element, cx, delimiter),
    ...(element.send && { send: (value, cx) => sendArray(value as SqlArray, element, cx) }),
    ...(element.receive && { receive: (bytes, cx, typmod) => receiveArray(bytes, element, cx, typmod) }),
    ...(compare && { compare: (a, b) => compareArrays(a as SqlArray, b as SqlArray, compare) }),
    ...(hashKey && { hashKey: (value) => arrayHashKey(value as SqlArray, hashKey) }),
  };
}
