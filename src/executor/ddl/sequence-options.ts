import type { SequenceDescriptor } from '../../catalog/descriptors.js';
import type { Oid } from '../../commons/ids.js';
import { SqlError } from '../../commons/sql-error.js';
import { SqlState } from '../../commons/sqlstates.js';
import type { DefElement, DefValue } from '../../planner/parse/ast.js';
import { TypeOid } from '../../types/oids.js';
import { booleanOption, integerOption, uniqueOptions } from './options.js';

/** The part of a sequence that its options decide. */
export type SequenceDefinition = Pick<SequenceDescriptor, 'type' | 'start' | 'increment' | 'min' | 'max' | 'cache' | 'cycle'>;
/** Besides the definition: RESTART [WITH n], and OWNED BY as written. */
export interface SequenceOptions {
  readonly definition: SequenceDefinition;
  /** undefined: no RESTART. */
  readonly restart: number | bigint | undefined;
  /** null: OWNED BY NONE. */
  readonly ownedBy: readonly string[] | null | undefined;
}

type Int8 = number | bigint;
interface Bounds {
  readonly min: Int8;
  readonly max: Int8;
}

const INT8_MAX = (1n << 63n) - 1n;
const BOUNDS: Readonly<Record<Oid, Bounds>> = {
  [TypeOid.int2]: { min: -32768, max: 32767 },
  [TypeOid.int4]: { min: -2147483648, max: 2147483647 },
  [TypeOid.int8]: { min: -INT8_MAX - 1n, max: INT8_MAX },
};
const TYPES: Readonly<Record<string, Oid>> = { int2: TypeOid.int2, int4: TypeOid.int4, int8: TypeOid.int8 };

/**
 * Options over what the sequence is now (or over nothing for a new one), with PostgreSQL's defaults and checks.
 * @throws SqlError 22023, 42601
 */
export function sequenceOptions(
  options: readonly DefElement[],
  before?: SequenceDefinition,
  defaultType: Oid = TypeOid.int8,
): SequenceOptions {
  const given = uniqueOptions(options);
  const type = sequenceType(given.get('as')) ?? before?.type ?? defaultType;
  const bounds = BOUNDS[type];
  if (bounds === undefined) throw invalid('sequence type must be smallint, integer, or bigint');
  const increment = integer(given.get('increment')) ?? before?.increment ?? 1;
  if (BigInt(increment) === 0n) throw invalid('INCREMENT must not be zero');
  const min = bound('min', given.get('minvalue'), before, given.has('as'), increment, bounds);
  const max = bound('max', given.get('maxvalue'), before, given.has('as'), increment, bounds);
  if (BigInt(min) >= BigInt(max)) throw invalid(`MINVALUE (${min}) must be less than MAXVALUE (${max})`);
  const start = integer(given.get('start')) ?? before?.start ?? (BigInt(increment) > 0n ? min : max);
  checkWithin('START', start, min, max);
  const restartOption = given.get('restart');
  const restart = restartOption === undefined ? undefined : (integer(restartOption) ?? start);
  if (restart !== undefined) checkWithin('RESTART', restart, min, max);
  const cache = Number(integer(given.get('cache')) ?? before?.cache ?? 1);
  if (cache < 1) throw invalid(`CACHE (${cache}) must be greater than zero`);
  const cycleOption = given.get('cycle');
  const cycle = cycleOption === undefined ? (before?.cycle ?? false) : booleanOption(cycleOption);
  return { definition: { type, start, increment, min, max, cache, cycle }, restart, ownedBy: ownedBy(given.get('owned_by')) };
}

function sequenceType(option: DefElement | undefined): Oid | undefined {
  if (option === undefined) return undefined;
  const type = option.value?.type === 'type' ? TYPES[option.value.dataType.name] : undefined;
  if (type === undefined) throw invalid('sequence type must be smallint, integer, or bigint');
  return type;
}

function integer(option: DefElement | undefined): Int8 | undefined {
  return option?.value === undefined ? undefined : integerOption(option);
}

/** MINVALUE or MAXVALUE: given, NO …, kept, or by the direction's default. A new type moves what was the old type's own bound. */
function bound(
  which: 'min' | 'max',
  option: DefElement | undefined,
  before: SequenceDefinition | undefined,
  retyped: boolean,
  increment: Int8,
  bounds: Bounds,
): Int8 {
  const isReset = retyped && before !== undefined && BigInt(BOUNDS[before.type]?.[which] ?? 0) === BigInt(before[which]);
  const kept = option === undefined && !isReset ? before?.[which] : undefined;
  const value = integer(option) ?? kept;
  if (value !== undefined) {
    if (BigInt(value) < BigInt(bounds.min) || BigInt(value) > BigInt(bounds.max))
      throw invalid(`${which.toUpperCase()}VALUE (${value}) is out of range for sequence data type ${typeName(bounds)}`);
    return value;
  }
  const ascending = BigInt(increment) > 0n;
  if (which === 'min') return ascending && !isReset ? 1 : bounds.min;
  return ascending || isReset ? bounds.max : -1;
}

function typeName(bounds: Bounds): string {
  return bounds === BOUNDS[TypeOid.int2] ? 'smallint' : bounds === BOUNDS[TypeOid.int4] ? 'integer' : 'bigint';
}

function checkWithin(what: 'START' | 'RESTART', value: Int8, min: Int8, max: Int8): void {
  if (BigInt(value) < BigInt(min)) throw invalid(`${what} value (${value}) cannot be less than MINVALUE (${min})`);
  if (BigInt(value) > BigInt(max)) throw invalid(`${what} value (${value}) cannot be greater than MAXVALUE (${max})`);
}

/** `table.column`, as its parts, or NONE. */
function ownedBy(option: DefElement | undefined): readonly string[] | null | undefined {
  const value = option?.value;
  if (value === undefined) return undefined;
  const parts = value.type === 'list' ? value.values.map(part) : [part(value)];
  return parts.length === 1 && parts[0]?.toLowerCase() === 'none' ? null : parts;
}

function part(value: DefValue): string {
  if (value.type === 'string') return value.value;
  if (value.type === 'name') return value.name.schema === undefined ? value.name.name : `${value.name.schema}.${value.name.name}`;
  throw invalid('invalid OWNED BY option');
}

function invalid(message: string): SqlError {
  return new SqlError(SqlState.invalidParameterValue, message);
}
