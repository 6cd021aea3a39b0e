import { SqlError } from '../../commons/sql-error.js';
import { SqlState } from '../../commons/sqlstates.js';
import type { TypeCodec } from '../codec.js';
import type { FormatContext } from '../format-context.js';
import { formatType } from '../format-type.js';
import { insufficientData, invalidBinary } from '../input-errors.js';
import { asBuffer } from '../integer-codecs.js';
import { SqlArray, type SqlValue } from '../value.js';
import { MAX_ARRAY_SIZE, tooManyDimensions } from './parse.js';

const HEADER_SIZE = 12;
/** FirstGenbkiObjectId. */
const FIRST_UNSTABLE_OID = 10_000;

/** array_send: dimensions, a flag for nulls, the element type, sizes and lower bounds, then each element with its length. */
export function sendArray(array: SqlArray, element: TypeCodec, cx: FormatContext): Uint8Array {
  const { elements, dimensions, lowerBounds } = array;
  const { binarySize, writeBinary, send } = element;
  const head = HEADER_SIZE + dimensions.length * 8;
  const hasNull = elements.includes(null);
  if (binarySize !== undefined && writeBinary !== undefined) {
    const target = Buffer.allocUnsafe(head + elements.length * (4 + binarySize));
    writeHeader(target, array, element.oid, hasNull);
    let at = head;
    for (const value of elements) {
      if (value === null) {
        at = target.writeInt32BE(-1, at);
      } else {
        at = target.writeInt32BE(binarySize, at);
        writeBinary(value, target, at);
        at += binarySize;
      }
    }
    return target.subarray(0, at);
  }
  if (send === undefined) {
    throw new SqlError(SqlState.undefinedFunction, `no binary output function available for type ${element.name}`);
  }
  const parts = elements.map((value) => (value === null ? null : send(value, cx)));
  const size = parts.reduce((sum, part) => sum + 4 + (part?.length ?? 0), head);
  const target = Buffer.allocUnsafe(size);
  writeHeader(target, { elements, dimensions, lowerBounds }, element.oid, hasNull);
  let at = head;
  for (const part of parts) {
    at = target.writeInt32BE(part === null ? -1 : part.length, at);
    if (part !== null) {
      target.set(part, at);
      at += part.length;
    }
  }
  return target;
}

function writeHeader(target: Buffer, array: SqlArray, elementOid: number, hasNull: boolean): void {
  target.writeInt32BE(array.dimensions.length, 0);
  target.writeInt32BE(hasNull ? 1 : 0, 4);
  target.writeUInt32BE(elementOid, 8);
  array.dimensions.forEach((size, i) => {
    target.writeInt32BE(size, HEADER_SIZE + i * 8);
    target.writeInt32BE(array.lowerBounds[i] ?? 1, HEADER_SIZE + i * 8 + 4);
  });
}

/** Only the oids of types that every PostgreSQL is born with are the same at the client's; what any other says is taken for what is expected. */
export function isMismatch(type: number, expected: number): boolean {
  return type !== expected && type < FIRST_UNSTABLE_OID && expected < FIRST_UNSTABLE_OID;
}

/** array_recv. @throws SqlError 22P03, 54000, 08P01 */
export function receiveArray(bytes: Uint8Array, element: TypeCodec, cx: FormatContext, typmod: number): SqlArray {
  const { receive } = element;
  if (receive === undefined) throw new SqlError(SqlState.undefinedFunction, `no binary input function available for type ${element.name}`);
  const source = asBuffer(bytes);
  if (source.length < HEADER_SIZE) throw insufficientData();
  const count = source.readInt32BE(0);
  if (count < 0) throw invalidBinary(`invalid number of dimensions: ${count}`);
  if (count > 6) throw tooManyDimensions(count);
  const flags = source.readInt32BE(4);
  if (flags !== 0 && flags !== 1) throw invalidBinary('invalid array flags');
  const type = source.readUInt32BE(8);
  if (isMismatch(type, element.oid)) {
    throw new SqlError(
      SqlState.datatypeMismatch,
      `binary data has array element type ${type} (${formatType(type)}) instead of expected ${element.oid} (${formatType(element.oid)})`,
    );
  }
  let at = HEADER_SIZE + count * 8;
  if (source.length < at) throw insufficientData();
  const dimensions: number[] = [];
  const lowerBounds: number[] = [];
  let total = count === 0 ? 0 : 1;
  for (let i = 0; i < count; i++) {
    const size = source.readInt32BE(HEADER_SIZE + i * 8);
    if (size < 0) throw invalidBinary(`invalid array size: ${size}`);
    dimensions.push(size);
    lowerBounds.push(source.readInt32BE(HEADER_SIZE + i * 8 + 4));
    total *= size;
  }
  if (total > MAX_ARRAY_SIZE)
    throw new SqlError(SqlState.programLimitExceeded, `array size exceeds the maximum allowed (${MAX_ARRAY_SIZE})`);
  // Each element needs four bytes at least: a size that lies must not allocate.
  if (total * 4 > source.length - at) throw insufficientData();
  const elements: SqlValue[] = new Array(total);
  for (let i = 0; i < total; i++) {
    if (at + 4 > source.length) throw insufficientData();
    const size = source.readInt32BE(at);
    at += 4;
    if (size === -1) {
      elements[i] = null;
      continue;
    }
    if (size < 0 || at + size > source.length) throw insufficientData();
    elements[i] = receive(source.subarray(at, at + size), cx, typmod);
    at += size;
  }
  if (at !== source.length) throw invalidBinary('incorrect binary data format');
  return total === 0 ? new SqlArray([]) : new SqlArray(elements, dimensions, lowerBounds);
}
