/**
 * Life of a value: a literal or a text parameter goes through `input`, a binary one through `receive`; `applyTypmod` then fits it to a
 * column's length or precision; `compare` and `hashKey` serve operators; `output` or `send` makes the bytes of a DataRow.
 * This file is the room's front door: everything about a type by its OID.
 */

export { castValue } from './casts.js';
export type { HashKey, TypeCodec } from './codec.js';
export { codecFor } from './codecs.js';
export { formatType } from './format-type.js';
export { applyTypmod } from './length-coercion.js';
export { typmodIn, typmodOut } from './typmod.js';
