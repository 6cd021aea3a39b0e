import type { FormatContext } from './format-context.js';
import type { SqlValue } from './value.js';

/** How values of one type are read, written, compared and hashed. Stateless; values given to it are never null. */
export interface TypeCodec {
  readonly oid: number;
  /** pg_type.typname */
  readonly name: string;
  /**
   * Text → value. The typmod is -1 when there is none; length coercion is separate (`applyTypmod`), except that interval needs its
   * fields to read '1' and arrays hand the typmod to their elements.
   * @throws SqlError 22P02, 22003, 22007, 22008 … with PostgreSQL's text
   */
  input(text: string, cx: FormatContext, typmod: number): SqlValue;
  output(value: SqlValue, cx: FormatContext): string;
  /** Binary format out; undefined when the type has none here. */
  readonly send?: (value: SqlValue, cx: FormatContext) => Uint8Array;
  /** Binary format in. @throws SqlError 22P03 when malformed */
  readonly receive?: (bytes: Uint8Array, cx: FormatContext, typmod: number) => SqlValue;
  /** The type's binary size when it is fixed; then `writeBinary` is there too. */
  readonly binarySize?: number;
  /** As `send`, but straight into a buffer that has `binarySize` bytes left at the offset. */
  readonly writeBinary?: (value: SqlValue, target: Buffer, offset: number) => void;
  /** The total order of PostgreSQL's btree operator class (negative, 0, positive); absent for json and the like. */
  readonly compare?: (a: SqlValue, b: SqlValue) => number;
  /** Equal values give the same key, unequal ones different keys: for hash joins and grouping. */
  readonly hashKey?: (value: SqlValue) => HashKey;
}

export type HashKey = string | number | bigint | boolean;
