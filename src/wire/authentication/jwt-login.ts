import { errors, jwtVerify } from 'jose';
import type { Logger } from '../../commons/logger.js';
import type { MessageReader } from '../message-reader.js';
import { decodePassword, encodeAuthenticationCleartext } from '../messages/authentication.js';
import type { OutputBuffer } from '../output-buffer.js';
import type { Exchange, Verdict } from './exchange.js';
import type { JwtKeys } from './jwt-keys.js';

/** Signatures by a private key. Secrets shared with the issuer (HS256 …) would let every verifier make tokens. */
export const JWT_ALGORITHMS: readonly string[] = [
  'RS256',
  'RS384',
  'RS512',
  'PS256',
  'PS384',
  'PS512',
  'ES256',
  'ES384',
  'ES512',
  'EdDSA',
  'Ed25519',
];
const CLOCK_TOLERANCE_S = 5;
/** It leads the keys of that user's rows. */
const MAX_USER_ID_BYTES = 255;

/**
 * jwt: the password is a token of an OIDC issuer. One of its claims is the role (as=role, which must be the one that the client named), or the end
 * user for whom the session acts (as=user_id). What is wrong with a token only the log says.
 */
export class JwtLogin implements Exchange {
  readonly #user: string;
  readonly #options: ReadonlyMap<string, string>;
  readonly #keys: JwtKeys;
  readonly #logger: Logger;
  readonly #isAllowed: boolean;

  /** @param isAllowed false: the role does not log in so, whatever the token says */
  constructor(user: string, options: ReadonlyMap<string, string>, keys: JwtKeys, logger: Logger, isAllowed: boolean) {
    this.#user = user;
    this.#options = options;
    this.#keys = keys;
    this.#logger = logger;
    this.#isAllowed = isAllowed;
  }

  begin(out: OutputBuffer): Verdict {
    encodeAuthenticationCleartext(out);
    return 'more';
  }

  async answer(reader: MessageReader): Promise<Verdict> {
    const token = decodePassword(reader);
    try {
      return await this.#verify(token);
    } catch (error) {
      const reason = error instanceof errors.JOSEError ? `${error.code}: ${error.message}` : String(error);
      this.#logger.warn({ user: this.#user, reason }, 'token refused');
      return 'failed';
    }
  }

  async #verify(token: string): Promise<Verdict> {
    const option = (name: string): string => this.#options.get(name) ?? '';
    const claim = option('claim') || 'sub';
    const { payload } = await jwtVerify(token, this.#keys.of(option('jwks')), {
      issuer: option('issuer'),
      audience: option('audience'),
      algorithms: option('algorithms') === '' ? [...JWT_ALGORITHMS] : option('algorithms').split(/[\s,]+/),
      requiredClaims: ['exp', claim],
      clockTolerance: CLOCK_TOLERANCE_S,
    });
    const value = payload[claim];
    if (typeof value !== 'string' || value === '' || value.includes('\0') || Buffer.byteLength(value) > MAX_USER_ID_BYTES) {
      throw new Error(`claim ${claim} names nobody`);
    }
    if (!this.#isAllowed) throw new Error('a superuser logs in by a token only where the rule names the role');
    const expiry = option('expiry') === 'keep' || payload.exp === undefined ? {} : { expiresMs: payload.exp * 1000 };
    if (option('as') === 'user_id') return { identity: value, endUser: value, ...expiry };
    if (value !== this.#user) throw new Error(`the token is for ${JSON.stringify(value)}`);
    return { identity: value, ...expiry };
  }
}
