import { type ScramSecret, verifyPassword } from '../../commons/scram-secret.js';

/** Of Node's four threads two are left to the disk, whoever tries passwords. */
const MAX_UNDER_WAY = 2;
/** The owner of a role chooses what its secret costs to be checked: no more than some tens of milliseconds. */
const MAX_ITERATIONS = 100_000;

/** Checks passwords that were sent as they are, a few at a time. */
export class PasswordChecks {
  #underWay = 0;
  readonly #waiting: (() => void)[] = [];

  async fits(password: string, secret: ScramSecret): Promise<boolean> {
    if (secret.iterations > MAX_ITERATIONS) return false;
    // Whoever waits gets the place of the one that leaves.
    if (this.#underWay >= MAX_UNDER_WAY) await new Promise<void>((resolve) => this.#waiting.push(resolve));
    else this.#underWay++;
    try {
      return await verifyPassword(password, secret);
    } finally {
      const next = this.#waiting.shift();
      if (next === undefined) this.#underWay--;
      else next();
    }
  }
}
