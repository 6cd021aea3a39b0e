import type { TypeCodec } from './codec.js';
import { invalidInput } from './input-errors.js';
import { canonicalInt8, type Int8 } from './integer.js';
import { TypeOid } from './oids.js';

/** A pg_snapshot's value is its text: `xmin:xmax:xip,…`. */
export interface SnapshotParts {
  readonly xmin: Int8;
  readonly xmax: Int8;
  /** Transactions under way, ascending. */
  readonly xip: readonly Int8[];
}

const FORM = /^(\d+):(\d+):((?:\d+(?:,\d+)*)?)$/;

export function snapshotParts(text: string): SnapshotParts {
  const [, xmin = '0', xmax = '0', list = ''] = FORM.exec(text) ?? [];
  const number = (digits: string) => canonicalInt8(BigInt(digits));
  return { xmin: number(xmin), xmax: number(xmax), xip: list === '' ? [] : list.split(',').map(number) };
}

/** @throws SqlError 22P02 */
function parse(type: string, text: string): string {
  if (!FORM.test(text)) throw invalidInput(type, text);
  const { xmin, xmax, xip } = snapshotParts(text);
  const ascending = xip.every((xid, i) => xid >= xmin && xid < xmax && (i === 0 || xid >= (xip[i - 1] ?? 0)));
  if (BigInt(xmin) === 0n || BigInt(xmax) === 0n || xmin > xmax || !ascending) throw invalidInput(type, text);
  // One that is listed twice counts once.
  return `${xmin}:${xmax}:${[...new Set(xip.map(String))].join(',')}`;
}

function codec(oid: number, name: string): TypeCodec {
  return { oid, name, input: (text) => parse('pg_snapshot', text), output: (value) => value as string };
}

export const snapshotCodecs: readonly TypeCodec[] = [
  codec(TypeOid.pg_snapshot, 'pg_snapshot'),
  codec(TypeOid.txid_snapshot, 'txid_snapshot'),
];
