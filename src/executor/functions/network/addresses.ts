import { SqlError } from '../../../commons/sql-error.js';
import { SqlState } from '../../../commons/sqlstates.js';
import { canonicalInt8, type Int8 } from '../../../types/integer.js';
import { type Address, addressText, decodeAddress, encodeAddress, hostMask, hostText, widthOf } from '../../../types/network-address.js';
import type { FunctionTable } from '../table.js';

type Change = (address: Address) => Partial<Address>;
const changed =
  (change: Change) =>
  (value: string): string => {
    const address = decodeAddress(value);
    return encodeAddress({ ...address, ...change(address) });
  };

const allBits = (address: Address): bigint => (1n << BigInt(widthOf(address))) - 1n;

/** Whether the first lies in the second. */
function within(inner: string, outer: string, orEqual: boolean): boolean {
  const a = decodeAddress(inner);
  const b = decodeAddress(outer);
  return (
    a.isV6 === b.isV6 && (orEqual ? a.masklen >= b.masklen : a.masklen > b.masklen) && (a.bits | hostMask(b)) === (b.bits | hostMask(b))
  );
}

function setMask(value: string, masklen: number, isCidr: boolean): string {
  const address = decodeAddress(value);
  const mask = masklen === -1 ? widthOf(address) : masklen;
  if (mask < 0 || mask > widthOf(address)) throw new SqlError(SqlState.invalidParameterValue, `invalid mask length: ${masklen}`);
  const masked: Address = { ...address, masklen: mask };
  return encodeAddress(isCidr ? { ...masked, bits: address.bits & ~hostMask(masked) } : masked);
}

function bitwise(a: string, b: string, symbol: string, combine: (x: bigint, y: bigint) => bigint): string {
  const x = decodeAddress(a);
  const y = decodeAddress(b);
  if (x.isV6 !== y.isV6) throw new SqlError(SqlState.invalidParameterValue, `cannot ${symbol} inet values of different sizes`);
  return encodeAddress({ isV6: x.isV6, bits: combine(x.bits, y.bits), masklen: Math.max(x.masklen, y.masklen) });
}

/** @throws SqlError 22003 */
function add(value: string, count: Int8): string {
  const address = decodeAddress(value);
  const bits = address.bits + BigInt(count);
  if (bits < 0n || bits > allBits(address)) throw new SqlError(SqlState.numericValueOutOfRange, 'result is out of range');
  return encodeAddress({ ...address, bits });
}

function difference(a: string, b: string): Int8 {
  const x = decodeAddress(a);
  const y = decodeAddress(b);
  if (x.isV6 !== y.isV6) throw new SqlError(SqlState.invalidParameterValue, 'cannot subtract inet values of different sizes');
  const result = x.bits - y.bits;
  if (BigInt.asIntN(64, result) !== result) throw new SqlError(SqlState.numericValueOutOfRange, 'result is out of range');
  return canonicalInt8(result);
}

/** The smallest network that has both. */
function merge(a: string, b: string): string {
  const x = decodeAddress(a);
  const y = decodeAddress(b);
  if (x.isV6 !== y.isV6) {
    throw new SqlError(SqlState.invalidParameterValue, 'cannot merge addresses from different families');
  }
  const width = widthOf(x);
  let masklen = Math.min(x.masklen, y.masklen);
  while (masklen > 0 && (x.bits ^ y.bits) >> BigInt(width - masklen) !== 0n) masklen--;
  const merged: Address = { isV6: x.isV6, masklen, bits: x.bits };
  return encodeAddress({ ...merged, bits: x.bits & ~hostMask(merged) });
}

/** As many words as the mask has, two at least; the longest run of zeros among them is left out. */
function abbreviateV6({ bits, masklen }: Address): string {
  if (masklen === 0) return '::';
  const count = Math.max(2, Math.ceil(masklen / 16));
  const words = Array.from({ length: count }, (_, i) => Number((bits >> BigInt(112 - 16 * i)) & 0xffffn));
  let start = 0;
  let length = 0;
  for (let i = 0; i < count; i++) {
    let end = i;
    while (end < count && words[end] === 0) end++;
    if (end - i > length) [start, length] = [i, end - i];
  }
  const texts = words.map((word) => word.toString(16));
  return length === 0 ? texts.join(':') : `${texts.slice(0, start).join(':')}::${texts.slice(start + length).join(':')}`;
}

/** A network without the octets that its mask leaves out. */
function abbreviate(value: string): string {
  const address = decodeAddress(value);
  if (address.isV6) return `${abbreviateV6(address)}/${address.masklen}`;
  const shown = Math.max(1, Math.ceil(address.masklen / 8));
  return `${hostText(address).split('.').slice(0, shown).join('.')}/${address.masklen}`;
}

const toNetwork = changed((address) => ({ bits: address.bits & ~hostMask(address) }));

export const addressFunctions: FunctionTable = {
  scalar: {
    network_host: (value: string) => hostText(decodeAddress(value)),
    network_show: (value: string) => addressText(decodeAddress(value), true),
    network_family: (value: string) => (value[0] === '6' ? 6 : 4),
    network_masklen: (value: string) => decodeAddress(value).masklen,
    network_broadcast: changed((address) => ({ bits: address.bits | hostMask(address) })),
    network_network: toNetwork,
    inet_to_cidr: toNetwork,
    network_netmask: changed((address) => ({ bits: allBits(address) & ~hostMask(address), masklen: widthOf(address) })),
    network_hostmask: changed((address) => ({ bits: hostMask(address), masklen: widthOf(address) })),
    inet_set_masklen: (value: string, masklen: number) => setMask(value, masklen, false),
    cidr_set_masklen: (value: string, masklen: number) => setMask(value, masklen, true),
    inet_abbrev: (value: string) => addressText(decodeAddress(value), false),
    cidr_abbrev: abbreviate,
    network_sub: (a: string, b: string) => within(a, b, false),
    network_subeq: (a: string, b: string) => within(a, b, true),
    network_sup: (a: string, b: string) => within(b, a, false),
    network_supeq: (a: string, b: string) => within(b, a, true),
    network_overlap: (a: string, b: string) => within(a, b, true) || within(b, a, true),
    inetnot: changed((address) => ({ bits: allBits(address) ^ address.bits })),
    inetand: (a: string, b: string) => bitwise(a, b, 'AND', (x, y) => x & y),
    inetor: (a: string, b: string) => bitwise(a, b, 'OR', (x, y) => x | y),
    inetpl: add,
    'int8pl_inet(int8,inet)': (count: Int8, value: string) => add(value, count),
    inetmi_int8: (value: string, count: Int8) => add(value, canonicalInt8(-BigInt(count))),
    inetmi: difference,
    inet_same_family: (a: string, b: string) => a[0] === b[0],
    inet_merge: merge,
  },
};
