import { createHash, createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { parseScramSecret, type ScramSecret } from '../commons/scram-secret.js';
import { SqlError } from '../commons/sql-error.js';
import { SqlState } from '../commons/sqlstates.js';

export const SCRAM_MECHANISM = 'SCRAM-SHA-256';
const NONCE_BYTES = 18;

/**
 * The server's side of one SCRAM-SHA-256 exchange (RFC 5802, RFC 7677):
 * client-first → server-first (salt, iterations, nonce) → client-final (proof) → server-final (signature).
 * An unknown role goes the same way with a made-up secret, and fails at the end.
 */
export class ScramExchange {
  readonly #secret: ScramSecret;
  readonly #known: boolean;
  #firstBare = '';
  #gs2Header = '';
  #serverFirst = '';
  #nonce = '';

  constructor(secretText: string, known: boolean) {
    const secret = parseScramSecret(secretText);
    this.#secret = secret ?? { iterations: 4096, salt: randomBytes(16), storedKey: randomBytes(32), serverKey: randomBytes(32) };
    this.#known = known && secret !== undefined;
  }

  /** @returns server-first. @throws SqlError FATAL 08P01 */
  first(message: string): string {
    const match = /^(([nyp])(?:=([^,]*))?,(a=[^,]*)?,)(.*)$/su.exec(message);
    const [, gs2Header, binding, , , bare] = match ?? [];
    if (gs2Header === undefined || bare === undefined) throw malformed('The client message is not as RFC 5802 has it.');
    if (binding === 'p') throw malformed('The client selected a channel binding that was not offered.');
    const clientNonce = /^n=[^,]*,r=([\x21-\x2b\x2d-\x7e]+)(?:,.*)?$/su.exec(bare)?.[1];
    if (clientNonce === undefined) throw malformed('The client message has no nonce.');
    this.#gs2Header = gs2Header;
    this.#firstBare = bare;
    this.#nonce = clientNonce + randomBytes(NONCE_BYTES).toString('base64');
    this.#serverFirst = `r=${this.#nonce},s=${Buffer.from(this.#secret.salt).toString('base64')},i=${this.#secret.iterations}`;
    return this.#serverFirst;
  }

  /** @returns server-final, or undefined when the password is wrong. @throws SqlError FATAL 08P01 */
  final(message: string): string | undefined {
    const match = /^(c=([^,]*),r=([^,]*)(?:,.*)?),p=([^,]*)$/su.exec(message);
    const [, withoutProof, binding, nonce, proofText] = match ?? [];
    if (withoutProof === undefined || binding === undefined || nonce === undefined || proofText === undefined) {
      throw malformed('The client message is not as RFC 5802 has it.');
    }
    if (Buffer.from(binding, 'base64').toString('utf8') !== this.#gs2Header) throw malformed('Unexpected channel binding.');
    if (nonce !== this.#nonce) throw malformed('The nonce does not match.');
    const proof = Buffer.from(proofText, 'base64');
    const { storedKey, serverKey } = this.#secret;
    const authMessage = `${this.#firstBare},${this.#serverFirst},${withoutProof}`;
    const clientSignature = createHmac('sha256', storedKey).update(authMessage).digest();
    if (proof.length !== clientSignature.length) throw malformed('The proof has the wrong length.');
    const clientKey = clientSignature.map((byte, i) => byte ^ (proof[i] ?? 0));
    const matches = timingSafeEqual(createHash('sha256').update(clientKey).digest(), storedKey);
    if (!matches || !this.#known) return undefined;
    return `v=${createHmac('sha256', serverKey).update(authMessage).digest('base64')}`;
  }
}

function malformed(detail: string): SqlError {
  return new SqlError(SqlState.protocolViolation, 'malformed SCRAM message', { severity: 'FATAL', detail });
}
