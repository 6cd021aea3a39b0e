import { SqlError } from '../commons/sql-error.js';
import { SqlState } from '../commons/sqlstates.js';
import type { TypeCodec } from './codec.js';
import { invalidBinary, invalidInput } from './input-errors.js';
import { TypeOid } from './oids.js';
import type { SqlValue } from './value.js';

/**
 * inet and cidr at run time are texts that sort as PostgreSQL sorts addresses: '4' or '6', the network part in hexadecimal digits (the rest
 * zero), the length of the netmask in two hexadecimal digits, the whole address. So plain comparison of texts serves all.
 */
export interface Address {
  readonly isV6: boolean;
  /** 32 or 128 bits. */
  readonly bits: bigint;
  readonly masklen: number;
}

export const widthOf = (address: Address): number => (address.isV6 ? 128 : 32);

/** The bits of the host part. */
export function hostMask(address: Address): bigint {
  return (1n << BigInt(widthOf(address) - address.masklen)) - 1n;
}

export function encodeAddress(address: Address): string {
  const digits = widthOf(address) / 4;
  const network = address.bits & ~hostMask(address);
  const hex = (bits: bigint): string => bits.toString(16).padStart(digits, '0');
  return `${address.isV6 ? '6' : '4'}${hex(network)}${address.masklen.toString(16).padStart(2, '0')}${hex(address.bits)}`;
}

export function decodeAddress(value: string): Address {
  const isV6 = value[0] === '6';
  const digits = isV6 ? 32 : 8;
  return {
    isV6,
    masklen: Number.parseInt(value.slice(1 + digits, 3 + digits), 16),
    bits: BigInt(`0x${value.slice(3 + digits)}`),
  };
}

function v4Text(bits: bigint): string {
  return [24n, 16n, 8n, 0n].map((shift) => `${(bits >> shift) & 0xffn}`).join('.');
}

/** RFC 4291: the longest run of zero groups is '::'; addresses that hold an IPv4 one show it. */
function v6Text(bits: bigint): string {
  const groups = Array.from({ length: 8 }, (_, i) => Number((bits >> BigInt(112 - 16 * i)) & 0xffffn));
  let best = -1;
  let length = 1;
  for (let i = 0; i < 8; i++) {
    let end = i;
    while (end < 8 && groups[end] === 0) end++;
    if (end - i > length) {
      best = i;
      length = end - i;
    }
  }
  if (best < 0) length = 0;
  if (best === 0 && (length === 6 || (length === 5 && groups[5] === 0xffff))) {
    return `${length === 6 ? '::' : '::ffff:'}${v4Text(bits & 0xffffffffn)}`;
  }
  const hex = (part: number[]): string => part.map((group) => group.toString(16)).join(':');
  return best < 0 ? hex(groups) : `${hex(groups.slice(0, best))}::${hex(groups.slice(best + length))}`;
}

export function hostText(address: Address): string {
  return address.isV6 ? v6Text(address.bits) : v4Text(address.bits);
}

export function addressText(address: Address, alwaysMask: boolean): string {
  const host = hostText(address);
  return alwaysMask || address.masklen !== widthOf(address) ? `${host}/${address.masklen}` : host;
}

function octets(text: string): number[] | undefined {
  const parts = text.split('.');
  if (parts.some((part) => !/^\d{1,3}$/.test(part) || Number(part) > 255)) return undefined;
  return parts.map(Number);
}

function v4Bits(parts: readonly number[]): bigint {
  return parts.reduce((bits, part, i) => bits | (BigInt(part) << BigInt(24 - 8 * i)), 0n);
}

function v6Bits(text: string): bigint | undefined {
  const v4 = /^(.*:)(\d+\.\d+\.\d+\.\d+)$/.exec(text);
  let source = text;
  if (v4 !== null) {
    const parts = octets(v4[2] ?? '');
    if (parts === undefined) return undefined;
    const bits = v4Bits(parts);
    source = `${v4[1]}${(bits >> 16n).toString(16)}:${(bits & 0xffffn).toString(16)}`;
  }
  const halves = source.split('::');
  if (halves.length > 2) return undefined;
  const groupsOf = (half: string | undefined): string[] => (half === undefined || half === '' ? [] : half.split(':'));
  const head = groupsOf(halves[0]);
  const tail = groupsOf(halves[1]);
  const count = head.length + tail.length;
  if (halves.length === 2 ? count > 7 : count !== 8) return undefined;
  const groups = [...head, ...new Array<string>(8 - count).fill('0'), ...tail];
  if (groups.some((group) => !/^[0-9a-f]{1,4}$/i.test(group))) return undefined;
  return groups.reduce((bits, group) => (bits << 16n) | BigInt(`0x${group}`), 0n);
}

/** The netmask that a cidr without one has by its old-style class, and by how much of it is written. */
function classMask(parts: readonly number[]): number {
  const first = parts[0] ?? 0;
  const byClass = first >= 240 ? 32 : first >= 224 ? 8 : first >= 192 ? 24 : first >= 128 ? 16 : 8;
  const mask = Math.max(byClass, parts.length * 8);
  return mask === 8 && first === 224 ? 4 : mask;
}

function parse(text: string, isCidr: boolean): Address | undefined {
  const match = /^([^/]*)(?:\/(\d{1,3}))?$/.exec(text);
  if (match === null) return undefined;
  const [, host = '', mask] = match;
  if (host.includes(':')) {
    const bits = v6Bits(host);
    const masklen = mask === undefined ? 128 : Number(mask);
    return bits === undefined || masklen > 128 ? undefined : { isV6: true, bits, masklen };
  }
  const parts = octets(host);
  if (parts === undefined || parts.length > 4 || (!isCidr && parts.length < 4 && mask === undefined)) return undefined;
  if (!isCidr && parts.length < 4 && mask !== undefined && Number(mask) > parts.length * 8) return undefined;
  const masklen = mask !== undefined ? Number(mask) : isCidr ? classMask(parts) : 32;
  return masklen > 32 ? undefined : { isV6: false, bits: v4Bits(parts), masklen };
}

/** @throws SqlError 22P02 */
export function parseAddress(text: string, type: 'inet' | 'cidr'): string {
  const address = parse(text, type === 'cidr');
  if (address === undefined) throw invalidInput(type, text);
  if (type === 'cidr' && (address.bits & hostMask(address)) !== 0n) {
    throw new SqlError(SqlState.invalidTextRepresentation, `invalid cidr value: "${text}"`, {
      detail: 'Value has bits set to right of mask.',
    });
  }
  return encodeAddress(address);
}

const PGSQL_AF_INET = 2;
const PGSQL_AF_INET6 = 3;

function send(value: SqlValue, isCidr: boolean): Uint8Array {
  const address = decodeAddress(value as string);
  const size = widthOf(address) / 8;
  const digits = address.bits.toString(16).padStart(size * 2, '0');
  const lead = Uint8Array.of(address.isV6 ? PGSQL_AF_INET6 : PGSQL_AF_INET, address.masklen, isCidr ? 1 : 0, size);
  return Buffer.concat([lead, Buffer.from(digits, 'hex')]);
}

function receive(bytes: Uint8Array, type: 'inet' | 'cidr'): string {
  const [family, masklen = 0, , size = 0] = bytes;
  const isV6 = family === PGSQL_AF_INET6;
  if (!isV6 && family !== PGSQL_AF_INET) throw invalidBinary(`invalid address family in external "${type}" value`);
  if (masklen > (isV6 ? 128 : 32)) throw invalidBinary(`invalid bits in external "${type}" value`);
  if (size !== (isV6 ? 16 : 4) || bytes.length !== 4 + size) throw invalidBinary(`invalid length in external "${type}" value`);
  return encodeAddress({ isV6, masklen, bits: BigInt(`0x${Buffer.from(bytes.subarray(4)).toString('hex')}`) });
}

function codec(type: 'inet' | 'cidr'): TypeCodec {
  const isCidr = type === 'cidr';
  return {
    oid: TypeOid[type],
    name: type,
    input: (text) => parseAddress(text, type),
    output: (value) => addressText(decodeAddress(value as string), isCidr),
    send: (value) => send(value, isCidr),
    receive: (bytes) => receive(bytes, type),
    compare: (a, b) => ((a as string) < (b as string) ? -1 : a === b ? 0 : 1),
    hashKey: (value) => value as string,
  };
}

export const networkCodecs: readonly TypeCodec[] = [codec('inet'), codec('cidr')];
