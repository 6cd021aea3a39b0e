import type { RangeDescriptor } from '../../catalog/descriptors.js';
import { assert } from '../../commons/assert.js';
import { multirangeCodec, type RangeType, rangeCodec } from '../../types/range/codec.js';
import { codecFor } from '../../types/type-codec.js';
import type { UserType } from '../../types/user-types.js';

function rangeOf(range: RangeDescriptor): { readonly codec: RangeType; readonly subtype: NonNullable<ReturnType<typeof codecFor>> } {
  const subtype = codecFor(range.subtype);
  assert(subtype !== undefined, 'the type that a range is over has a codec');
  return { codec: rangeCodec({ oid: range.oid, name: range.name, subtype }), subtype };
}

export function rangeType(range: RangeDescriptor): UserType {
  return { ...rangeOf(range).codec, form: 'range', over: range.subtype };
}

export function multirangeType(range: RangeDescriptor): UserType {
  const { codec, subtype } = rangeOf(range);
  return { ...multirangeCodec(range.multirangeType, range.multirangeName, codec, subtype), form: 'multirange', over: range.oid };
}
