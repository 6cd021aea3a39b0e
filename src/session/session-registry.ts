import { timingSafeEqual } from 'node:crypto';
import type { Oid } from '../commons/ids.js';
import type { TlsInfo } from '../wire/tls/tls-info.js';
import { terminated } from './interrupt.js';
import type { Session } from './session.js';

export interface SessionEntry {
  readonly session: Session;
  readonly secretKey: Uint8Array;
  readonly clientAddress: string | undefined;
  readonly clientPort: number | undefined;
  readonly connectedMicros: number;
  readonly tls: TlsInfo | undefined;
}

const MAX_PID = 2 ** 31 - 1;
const FIRST_PID = 1000;

/** All sessions of the server, by backend pid. */
export class SessionRegistry {
  readonly #entries = new Map<number, SessionEntry>();
  #lastPid = FIRST_PID;

  /** A number that no session has now. */
  nextPid(): number {
    do {
      this.#lastPid = this.#lastPid >= MAX_PID ? FIRST_PID + 1 : this.#lastPid + 1;
    } while (this.#entries.has(this.#lastPid));
    return this.#lastPid;
  }

  add(entry: SessionEntry): void {
    this.#entries.set(entry.session.pid, entry);
  }

  remove(pid: number): void {
    this.#entries.delete(pid);
  }

  get(pid: number): SessionEntry | undefined {
    return this.#entries.get(pid);
  }

  all(): Iterable<SessionEntry> {
    return this.#entries.values();
  }

  get size(): number {
    return this.#entries.size;
  }

  countOf(role: string): number {
    let count = 0;
    for (const { session } of this.#entries.values()) if (session.core.login.name === role) count++;
    return count;
  }

  /** Sessions that are connected to a database. */
  *of(database: Oid): Iterable<SessionEntry> {
    for (const entry of this.#entries.values()) if (entry.session.core.database.oid === database) yield entry;
  }

  /** CancelRequest. @returns whether the key is that session's */
  cancel(pid: number, secretKey: Uint8Array): boolean {
    const entry = this.#entries.get(pid);
    if (entry === undefined || entry.secretKey.length !== secretKey.length) return false;
    if (!timingSafeEqual(entry.secretKey, secretKey)) return false;
    entry.session.cancel();
    return true;
  }

  /** pg_cancel_backend, pg_terminate_backend. */
  signal(pid: number, kind: 'cancel' | 'terminate'): boolean {
    const entry = this.#entries.get(pid);
    if (entry === undefined) return false;
    if (kind === 'cancel') entry.session.cancel();
    else entry.session.terminate(terminated());
    return true;
  }
}
