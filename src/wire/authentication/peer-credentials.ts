import { createRequire } from 'node:module';
import type { Duplex } from 'node:stream';

/** Of `getsockopt`, by platform. */
const LINUX = { socketLevel: 1, peerCredentials: 17 };
/** struct ucred: pid, uid, gid. */
const UCRED_WORDS = 3;
const UID_WORD = 1;

interface SystemCalls {
  /** The user at the other end of a Unix socket when it connected; undefined: the kernel does not say. */
  uidOf(descriptor: number): number | undefined;
  nameOf(uid: number): string | undefined;
}

/**
 * Who is at the other end of a Unix socket. Node.js can't ask the kernel, so the calls go through koffi, an optional package: where it is not
 * installed, or on a platform that is not known here, rules with `peer` are mistakes.
 */
export class PeerCredentials {
  #calls: SystemCalls | undefined;
  #isLoaded = false;

  get isAvailable(): boolean {
    return this.#load() !== undefined;
  }

  /**
   * To be asked when the socket is accepted: later its descriptor may be another's.
   * Nothing is asked for as long as no rule wants to know.
   */
  uidOf(socket: Duplex): number | undefined {
    const { _handle: handle } = socket as unknown as { _handle?: { readonly fd?: unknown } | null };
    const descriptor = handle?.fd;
    return typeof descriptor === 'number' && descriptor >= 0 ? this.#calls?.uidOf(descriptor) : undefined;
  }

  nameOf(uid: number): string | undefined {
    return this.#load()?.nameOf(uid);
  }

  #load(): SystemCalls | undefined {
    if (!this.#isLoaded) {
      this.#isLoaded = true;
      this.#calls = systemCalls();
    }
    return this.#calls;
  }
}

interface Foreign {
  load(library: string | null): { func(prototype: string): (...args: unknown[]) => unknown };
  struct(members: Readonly<Record<string, string>>): unknown;
  decode(pointer: unknown, type: unknown): unknown;
}

function systemCalls(): SystemCalls | undefined {
  let koffi: Foreign;
  try {
    koffi = createRequire(import.meta.url)('koffi') as Foreign;
  } catch {
    return undefined;
  }
  const c = koffi.load(null);
  const passwd = koffi.struct({ pw_name: 'str' });
  const getpwuid = c.func('void *getpwuid(uint32_t uid)');
  const nameOf = (uid: number): string | undefined => {
    const entry = getpwuid(uid);
    const decoded = entry === null ? undefined : koffi.decode(entry, passwd);
    const name = typeof decoded === 'object' && decoded !== null && 'pw_name' in decoded ? decoded.pw_name : undefined;
    return typeof name === 'string' ? name : undefined;
  };
  switch (process.platform) {
    case 'linux': {
      const getsockopt = c.func('int getsockopt(int fd, int level, int name, _Out_ uint32_t *value, _Inout_ uint32_t *length)');
      return {
        nameOf,
        uidOf(descriptor) {
          const credentials = new Uint32Array(UCRED_WORDS);
          const length = new Uint32Array([credentials.byteLength]);
          const failed = getsockopt(descriptor, LINUX.socketLevel, LINUX.peerCredentials, credentials, length) !== 0;
          return failed || length[0] !== credentials.byteLength ? undefined : credentials[UID_WORD];
        },
      };
    }
    case 'darwin':
    case 'freebsd': {
      const getpeereid = c.func('int getpeereid(int fd, _Out_ uint32_t *uid, _Out_ uint32_t *gid)');
      return {
        nameOf,
        uidOf(descriptor) {
          const uid = new Uint32Array(1);
          return getpeereid(descriptor, uid, new Uint32Array(1)) === 0 ? uid[0] : undefined;
        },
      };
    }
    default:
      return undefined;
  }
}
