import { BlockList, isIP } from 'node:net';
import { networkInterfaces } from 'node:os';
import type { MaybePromise } from '../../commons/maybe-promise.js';
import type { HostNames } from './host-names.js';

/** Where a rule's clients come from. */
export interface HbaAddress {
  /** As the file has it: an address, or all, samehost, samenet. */
  readonly text: string;
  readonly netmask: string | undefined;
  readonly isLoopback: boolean;
  /** A promise where names have to be asked for. */
  matches(address: string): MaybePromise<boolean>;
}

const LOOPBACK_4 = /^127\./;

export function everywhere(): HbaAddress {
  return { text: 'all', netmask: undefined, isLoopback: false, matches: () => true };
}

/** samehost: any of the server's addresses; samenet: any in its networks. */
export function ownAddresses(text: 'samehost' | 'samenet'): HbaAddress {
  const matches = (address: string): boolean => {
    const list = new BlockList();
    for (const { cidr, address: own, family } of Object.values(networkInterfaces()).flatMap((found) => found ?? [])) {
      const kind = family === 'IPv4' ? 'ipv4' : 'ipv6';
      const bits = Number(cidr?.split('/')[1]);
      if (text === 'samehost' || !Number.isInteger(bits)) list.addAddress(own, kind);
      else list.addSubnet(own, bits, kind);
    }
    return contains(list, address);
  };
  return { text, netmask: undefined, isLoopback: false, matches };
}

/** A host's name, or `.domain` for all hosts within. */
export function namedHost(text: string, names: HostNames): HbaAddress {
  return { text, netmask: undefined, isLoopback: false, matches: (address) => names.fits(text, address) };
}

/** @returns undefined when the address is none or has not so many bits */
export function network(address: string, bits: number): HbaAddress | undefined {
  const family = isIP(address);
  if (family === 0 || !Number.isInteger(bits) || bits < 0 || bits > bitsOf(family)) return undefined;
  const list = new BlockList();
  list.addSubnet(address, bits, family === 4 ? 'ipv4' : 'ipv6');
  const isLoopback = family === 4 ? LOOPBACK_4.test(address) && bits >= 8 : contains(ONLY_LOOPBACK_6, address) && bits === 128;
  return { text: address, netmask: maskText(bits, family), isLoopback, matches: (client) => contains(list, client) };
}

const ONLY_LOOPBACK_6 = new BlockList();
ONLY_LOOPBACK_6.addAddress('::1', 'ipv6');

/** A mask written as an address. @returns undefined when it is no row of ones */
export function bitsOfMask(mask: string, address: string): number | undefined {
  const family = isIP(address);
  if (family === 0 || isIP(mask) !== family) return undefined;
  for (let bits = 0; bits <= bitsOf(family); bits++) {
    const list = new BlockList();
    list.addAddress(maskText(bits, family), family === 4 ? 'ipv4' : 'ipv6');
    if (contains(list, mask)) return bits;
  }
  return undefined;
}

export const bitsOf = (family: number): number => (family === 4 ? 32 : 128);

function maskText(bits: number, family: number): string {
  if (family === 4) {
    return Array.from({ length: 4 }, (_, i) => 256 - 2 ** (8 - Math.min(8, Math.max(0, bits - i * 8)))).join('.');
  }
  const groups = Array.from({ length: 8 }, (_, i) => (0x10000 - 2 ** (16 - Math.min(16, Math.max(0, bits - i * 16)))).toString(16));
  const used = Math.ceil(bits / 16);
  return used >= 7 ? groups.join(':') : `${groups.slice(0, used).join(':')}::`;
}

function contains(list: BlockList, address: string): boolean {
  const family = isIP(address);
  return family !== 0 && list.check(address, family === 4 ? 'ipv4' : 'ipv6');
}

/** IPv4 clients of a socket that listens on IPv6 too come as ::ffff:1.2.3.4. */
export const plainAddress = (address: string): string => address.replace(/^::ffff:(?=\d+\.)/i, '');
