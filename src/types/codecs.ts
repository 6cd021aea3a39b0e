import type { TypeCodec } from './codec.js';

const CODECS: Readonly<Record<number, TypeCodec>> = {};

/** The codec of a built-in type; undefined when there is none (yet). */
export function codecFor(oid: number): TypeCodec | undefined {
  return CODECS[oid];
}
