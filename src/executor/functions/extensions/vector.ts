import { SqlError } from '../../../commons/sql-error.js';
import { SqlState } from '../../../commons/sqlstates.js';
import { ExtensionTypeOid } from '../../../types/extensions/oids.js';
import {
  compareVectors,
  dimensionsOf,
  elementsOf,
  requireDimensions,
  requireElement,
  requireTypmod,
  vectorOf,
} from '../../../types/extensions/vector.js';
import { floatOverflow, floatUnderflow } from '../../../types/float.js';
import { Numeric, SqlArray, type SqlValue } from '../../../types/value.js';
import type { AggregateFunction } from '../implementation.js';
import type { FunctionTable } from '../table.js';

type Vector = Uint8Array;

/** @throws SqlError 22000 */
function requireSame(a: Float32Array, b: Float32Array): void {
  if (a.length !== b.length) throw new SqlError(SqlState.dataException, `different vector dimensions ${a.length} and ${b.length}`);
}

/** Two vectors as one number: the sum over their elements. Written out for each measure, since it runs for every row of a search. */
function squaredDistance(left: Vector, right: Vector): number {
  const a = elementsOf(left);
  const b = elementsOf(right);
  requireSame(a, b);
  let sum = 0;
  for (let i = 0; i < a.length; i++) {
    const difference = (a[i] ?? 0) - (b[i] ?? 0);
    sum += difference * difference;
  }
  return sum;
}

function innerProduct(left: Vector, right: Vector): number {
  const a = elementsOf(left);
  const b = elementsOf(right);
  requireSame(a, b);
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += (a[i] ?? 0) * (b[i] ?? 0);
  return sum;
}

function absoluteDistance(left: Vector, right: Vector): number {
  const a = elementsOf(left);
  const b = elementsOf(right);
  requireSame(a, b);
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += Math.abs((a[i] ?? 0) - (b[i] ?? 0));
  return sum;
}

/** NaN for a vector of zeros. */
function cosineDistance(left: Vector, right: Vector): number {
  const a = elementsOf(left);
  const b = elementsOf(right);
  requireSame(a, b);
  let product = 0;
  let normA = 0;
  let normB = 0;
  for (let i = 0; i < a.length; i++) {
    const x = a[i] ?? 0;
    const y = b[i] ?? 0;
    product += x * y;
    normA += x * x;
    normB += y * y;
  }
  const similarity = product / Math.sqrt(normA * normB);
  return 1 - Math.max(-1, Math.min(1, similarity));
}

function sphericalDistance(left: Vector, right: Vector): number {
  const product = Math.max(-1, Math.min(1, innerProduct(left, right)));
  return Math.acos(product) / Math.PI;
}

function norm(vector: Vector): number {
  const elements = elementsOf(vector);
  let sum = 0;
  for (const element of elements) sum += element * element;
  return Math.sqrt(sum);
}

function normalize(vector: Vector): Vector {
  const length = norm(vector);
  const elements = elementsOf(vector);
  return vectorOf(length === 0 ? new Float32Array(elements.length) : elements.map((element) => checked(element / length)));
}

/** @throws SqlError 22003 */
function checked(element: number): number {
  const value = Math.fround(element);
  if (!Number.isFinite(value)) throw floatOverflow();
  return value;
}

function combine(operation: (x: number, y: number) => number): (left: Vector, right: Vector) => Vector {
  return (left, right) => {
    const a = elementsOf(left);
    const b = elementsOf(right);
    requireSame(a, b);
    return vectorOf(a.map((x, i) => checked(operation(x, b[i] ?? 0))));
  };
}

/** @throws SqlError 22003 */
function multiply(x: number, y: number): number {
  const product = Math.fround(x * y);
  if (product === 0 && x !== 0 && y !== 0) throw floatUnderflow();
  return product;
}

function concat(left: Vector, right: Vector): Vector {
  requireDimensions(dimensionsOf(left) + dimensionsOf(right));
  return Buffer.concat([left, right]);
}

function subvector(vector: Vector, start: number, count: number): Vector {
  if (count < 1) throw new SqlError(SqlState.dataException, 'vector must have at least 1 dimension');
  const elements = elementsOf(vector);
  const end = Math.min(start + count, elements.length + 1);
  const from = Math.max(start, 1);
  if (start > elements.length || end <= from) throw new SqlError(SqlState.dataException, 'vector must have at least 1 dimension');
  return vectorOf(elements.slice(from - 1, end - 1));
}

function fit(vector: Vector, typmod: number): Vector {
  requireTypmod(dimensionsOf(vector), typmod);
  return vector;
}

/** @throws SqlError 22000, 22004 */
function fromArray(array: SqlArray, typmod: number): Vector {
  if (array.dimensions.length > 1) throw new SqlError(SqlState.dataException, 'array must be 1-D');
  if (array.elements.includes(null)) throw new SqlError(SqlState.nullValueNotAllowed, 'array must not contain nulls');
  requireDimensions(array.elements.length);
  requireTypmod(array.elements.length, typmod);
  const elements = Float32Array.from(array.elements, (element) =>
    element instanceof Numeric ? element.decimal.toNumber() : Number(element),
  );
  elements.forEach(requireElement);
  return vectorOf(elements);
}

function toArray(vector: Vector): SqlArray {
  return new SqlArray(Array.from(elementsOf(vector)));
}

/** One bit an element: whether it is positive. */
function quantize(vector: Vector): string {
  let bits = '';
  for (const element of elementsOf(vector)) bits += element > 0 ? '1' : '0';
  return bits;
}

interface Sums {
  count: number;
  sums: Float64Array | undefined;
}

function accumulate(state: Sums, [value = null]: readonly SqlValue[]): Sums {
  const elements = elementsOf(value);
  state.count++;
  state.sums ??= new Float64Array(elements.length);
  const { sums } = state;
  if (sums.length !== elements.length)
    throw new SqlError(SqlState.dataException, `expected ${sums.length} dimensions, not ${elements.length}`);
  for (let i = 0; i < sums.length; i++) sums[i] = (sums[i] ?? 0) + (elements[i] ?? 0);
  return state;
}

function total(divisor: (count: number) => number): AggregateFunction<Sums> {
  return {
    strict: true,
    init: () => ({ count: 0, sums: undefined }),
    step: accumulate,
    final: ({ count, sums }) => (sums === undefined ? null : vectorOf(Float32Array.from(sums, (sum) => checked(sum / divisor(count))))),
    sizeBytes: ({ sums }) => sums?.byteLength ?? 0,
  };
}

const { vector } = ExtensionTypeOid;

export const vectorFunctions: FunctionTable = {
  scalar: {
    l2_distance: (a: Vector, b: Vector) => Math.sqrt(squaredDistance(a, b)),
    vector_l2_squared_distance: squaredDistance,
    inner_product: innerProduct,
    vector_negative_inner_product: (a: Vector, b: Vector) => -innerProduct(a, b),
    cosine_distance: cosineDistance,
    l1_distance: absoluteDistance,
    vector_spherical_distance: sphericalDistance,
    vector_dims: dimensionsOf,
    vector_norm: norm,
    l2_normalize: normalize,
    binary_quantize: quantize,
    subvector,
    vector_add: combine((x, y) => x + y),
    vector_sub: combine((x, y) => x - y),
    vector_mul: combine(multiply),
    vector_concat: concat,
    vector_lt: (a: Vector, b: Vector) => compareVectors(a, b) < 0,
    vector_le: (a: Vector, b: Vector) => compareVectors(a, b) <= 0,
    vector_eq: (a: Vector, b: Vector) => compareVectors(a, b) === 0,
    vector_ne: (a: Vector, b: Vector) => compareVectors(a, b) !== 0,
    vector_ge: (a: Vector, b: Vector) => compareVectors(a, b) >= 0,
    vector_gt: (a: Vector, b: Vector) => compareVectors(a, b) > 0,
    vector_cmp: (a: Vector, b: Vector) => Math.sign(compareVectors(a, b)),
    vector: fit,
    array_to_vector: fromArray,
    vector_to_float4: toArray,
  },
  aggregate: {
    [`avg(${vector})`]: total((count) => count),
    [`sum(${vector})`]: total(() => 1),
  },
};
