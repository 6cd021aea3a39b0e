import { isIP } from 'node:net';
import type { Duplex } from 'node:stream';

/**
 * Connections that have not shown who they are. When there is no room for all of them, one goes whose origin has the most of them: who opens many
 * crowds out his own before those of others.
 */
export class Strangers {
  /** By origin, each the oldest first. */
  readonly #origins = new Map<string, Set<Duplex>>();
  readonly #originOf = new Map<Duplex, string>();

  add(socket: Duplex, address: string | undefined): void {
    const origin = originOf(address);
    this.#originOf.set(socket, origin);
    const sockets = this.#origins.get(origin);
    if (sockets === undefined) this.#origins.set(origin, new Set([socket]));
    else sockets.add(socket);
  }

  /** @returns false where it is none of them */
  delete(socket: Duplex): boolean {
    const origin = this.#originOf.get(socket);
    if (origin === undefined) return false;
    this.#originOf.delete(socket);
    const sockets = this.#origins.get(origin);
    sockets?.delete(socket);
    if (sockets?.size === 0) this.#origins.delete(origin);
    return true;
  }

  get size(): number {
    return this.#originOf.size;
  }

  /** @returns the one that should go; undefined: there are none */
  leastWelcome(): Duplex | undefined {
    let most: Set<Duplex> | undefined;
    for (const sockets of this.#origins.values()) if (most === undefined || sockets.size > most.size) most = sockets;
    return most?.values().next().value;
  }
}

/** Groups of an IPv6 address that its owner does not choose. */
const NETWORK_GROUPS = 4;

/** Who is counted together: an IPv4 address; of IPv6 a network of 64 bits, for whoever has one has all its addresses. */
export function originOf(address: string | undefined): string {
  if (address === undefined) return 'local';
  return isIP(address) === 6 ? `${groupsOf(address).slice(0, NETWORK_GROUPS).join(':')}::/64` : address;
}

function groupsOf(address: string): readonly string[] {
  const [head = '', tail] = address.replace(/%.*$/, '').split('::');
  const groups = (part: string): string[] => (part === '' ? [] : part.split(':'));
  const first = groups(head);
  const last = tail === undefined ? [] : groups(tail);
  const zeros = new Array<string>(Math.max(0, 8 - first.length - last.length)).fill('0');
  return [...first, ...zeros, ...last].map((group) => group.toLowerCase().replace(/^0+(?=.)/, ''));
}
