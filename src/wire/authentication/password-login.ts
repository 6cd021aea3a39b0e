import type { ScramSecret } from '../../commons/scram-secret.js';
import type { MessageReader } from '../message-reader.js';
import { decodePassword, encodeAuthenticationCleartext } from '../messages/authentication.js';
import type { OutputBuffer } from '../output-buffer.js';
import type { Exchange, Verdict } from './exchange.js';
import type { PasswordChecks } from './password-checks.js';

/** password: sent as it is, so only where nobody can listen. */
export class PasswordLogin implements Exchange {
  readonly #user: string;
  readonly #secret: ScramSecret;
  readonly #known: boolean;
  readonly #checks: PasswordChecks;

  /** @param known false: the secret is made up, and takes as long to be checked */
  constructor(user: string, secret: ScramSecret, known: boolean, checks: PasswordChecks) {
    this.#user = user;
    this.#secret = secret;
    this.#known = known;
    this.#checks = checks;
  }

  begin(out: OutputBuffer): Verdict {
    encodeAuthenticationCleartext(out);
    return 'more';
  }

  async answer(reader: MessageReader): Promise<Verdict> {
    const matches = await this.#checks.fits(decodePassword(reader), this.#secret);
    return matches && this.#known ? { identity: this.#user } : 'failed';
  }
}
