import { TypeOid } from '../../types/oids.js';
import type { ValueEncoder } from '../port.js';

const bool: ValueEncoder = (value, buffer) => buffer.writeByte(value === true ? 1 : 0);

const int2: ValueEncoder = (value, buffer) => {
  if (typeof value === 'number') buffer.writeInt16(value);
};

const int4: ValueEncoder = (value, buffer) => {
  if (typeof value === 'number') buffer.writeInt32(value);
};

const int8: ValueEncoder = (value, buffer) => {
  if (typeof value === 'number' || typeof value === 'bigint') buffer.writeInt64(value);
};

const float4: ValueEncoder = (value, buffer) => {
  if (typeof value === 'number') buffer.writeFloat32(value);
};

const float8: ValueEncoder = (value, buffer) => {
  if (typeof value === 'number') buffer.writeFloat64(value);
};

const text: ValueEncoder = (value, buffer) => {
  if (typeof value === 'string') buffer.writeText(value);
};

const bytea: ValueEncoder = (value, buffer) => {
  if (value instanceof Uint8Array) buffer.writeBytes(value);
};

/** Binary format of the types whose values need no codec; the rest goes through TypeCodec.send. */
export const FAST_BINARY: Readonly<Record<number, ValueEncoder>> = {
  [TypeOid.bool]: bool,
  [TypeOid.int2]: int2,
  [TypeOid.int4]: int4,
  [TypeOid.int8]: int8,
  [TypeOid.oid]: int4,
  [TypeOid.float4]: float4,
  [TypeOid.float8]: float8,
  [TypeOid.text]: text,
  [TypeOid.varchar]: text,
  [TypeOid.bpchar]: text,
  [TypeOid.name]: text,
  [TypeOid.unknown]: text,
  [TypeOid.json]: text,
  [TypeOid.bytea]: bytea,
};
