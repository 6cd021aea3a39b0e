import { originOf } from '../strangers.js';

/** So many failures of one address, or for one role, cost nothing: people mistype. */
const FREE_FAILURES = 10;
const MAX_WAIT_MS = 10_000;
/** Addresses and roles that are remembered; of more, those that failed longest ago are forgotten. */
const MAX_REMEMBERED = 10_000;

/**
 * Slows down who guesses passwords. Each failure costs its address and its role `costMs`, paid off by time. An address in debt waits before it is
 * heard, whether or not it is right; for a role in debt only failures wait, so that nobody can keep a role's owner out.
 */
export class LoginThrottle {
  readonly #costMs: number;
  readonly #nowMs: () => number;
  /** By `address …` or `role …`: until when the debt lasts. */
  readonly #debts = new Map<string, number>();

  /** @param costMs 0: nobody waits */
  constructor(costMs: number, nowMs: () => number) {
    this.#costMs = costMs;
    this.#nowMs = nowMs;
  }

  /** How long a client waits before it is heard. */
  beforeMs(address: string | undefined): number {
    return this.#debts.size === 0 || address === undefined ? 0 : this.#waitMs(`address ${originOf(address)}`);
  }

  /** How long a request to cancel waits before it is looked at. */
  beforeCancelMs(address: string | undefined): number {
    return this.#debts.size === 0 || address === undefined ? 0 : this.#waitMs(`cancel ${originOf(address)}`);
  }

  /** Its key was wrong, or what it meant had ended. */
  cancelFailed(address: string | undefined): void {
    if (this.#costMs > 0 && address !== undefined) this.#charge(`cancel ${originOf(address)}`);
  }

  /** A log-in has failed. @returns how long its client waits for the answer */
  failed(address: string | undefined, role: string): number {
    if (this.#costMs === 0) return 0;
    if (address !== undefined) this.#charge(`address ${originOf(address)}`);
    this.#charge(`role ${role}`);
    return this.#waitMs(`role ${role}`);
  }

  #charge(key: string): void {
    const now = this.#nowMs();
    const until = Math.max(now, this.#debts.get(key) ?? 0) + this.#costMs;
    this.#debts.delete(key);
    this.#debts.set(key, until);
    if (this.#debts.size <= MAX_REMEMBERED) return;
    const [oldest] = this.#debts.keys();
    if (oldest !== undefined) this.#debts.delete(oldest);
  }

  #waitMs(key: string): number {
    const until = this.#debts.get(key);
    if (until === undefined) return 0;
    const left = until - this.#nowMs();
    if (left <= 0) this.#debts.delete(key);
    return Math.min(MAX_WAIT_MS, Math.max(0, left - FREE_FAILURES * this.#costMs));
  }
}
