import { createHash, createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { parseScramSecret, type ScramSecret } from '../../commons/scram-secret.js';
import { SqlError } from '../../commons/sql-error.js';
import { SqlState, type SqlStateCode } from '../../commons/sqlstates.js';

export const SCRAM_MECHANISM = 'SCRAM-SHA-256';
/** With channel binding: the log-in holds for this TLS connection only. */
export const SCRAM_PLUS_MECHANISM = 'SCRAM-SHA-256-PLUS';
const BINDING_TYPE = 'tls-server-end-point';
const NONCE_BYTES = 18;

/**
 * The server's side of one SCRAM-SHA-256 exchange (RFC 5802, RFC 7677):
 * client-first → server-first (salt, iterations, nonce) → client-final (proof) → server-final (signature).
 * An unknown role goes the same way with a made-up secret, and fails at the end.
 */
export class ScramExchange {
  readonly #secret: ScramSecret;
  readonly #known: boolean;
  readonly #endpointHash: Buffer | undefined;
  #bindsChannel = false;
  #firstBare = '';
  #gs2Header = '';
  #serverFirst = '';
  #nonce = '';

  /** @param endpointHash of the TLS connection; absent: no channel binding is offered */
  constructor(secretText: string, known: boolean, endpointHash?: Buffer) {
    const secret = parseScramSecret(secretText);
    this.#secret = secret ?? { iterations: 4096, salt: randomBytes(16), storedKey: randomBytes(32), serverKey: randomBytes(32) };
    this.#known = known && secret !== undefined;
    this.#endpointHash = endpointHash;
  }

  get mechanisms(): readonly string[] {
    return this.#endpointHash === undefined ? [SCRAM_MECHANISM] : [SCRAM_PLUS_MECHANISM, SCRAM_MECHANISM];
  }

  /** @returns server-first. @throws SqlError FATAL 08P01, 0A000, 28000 */
  first(mechanism: string, message: string): string {
    const match = /^(([nyp])(?:=([^,]*))?,(a=[^,]*)?,)(.*)$/su.exec(message);
    const [, gs2Header, binding, bindingType, authorization, bare] = match ?? [];
    if (gs2Header === undefined || bare === undefined) throw malformed('The client message is not as RFC 5802 has it.');
    this.#requireBinding(mechanism, binding, bindingType);
    if (authorization !== undefined) {
      throw fatal(SqlState.featureNotSupported, 'client uses authorization identity, but it is not supported');
    }
    if (bare.startsWith('m=')) throw fatal(SqlState.featureNotSupported, 'client requires an unsupported SCRAM extension');
    const clientNonce = /^n=[^,]*,r=([\x21-\x2b\x2d-\x7e]+)(?:,.*)?$/su.exec(bare)?.[1];
    if (clientNonce === undefined) throw malformed('The client message has no nonce.');
    this.#gs2Header = gs2Header;
    this.#firstBare = bare;
    this.#nonce = clientNonce + randomBytes(NONCE_BYTES).toString('base64');
    this.#serverFirst = `r=${this.#nonce},s=${Buffer.from(this.#secret.salt).toString('base64')},i=${this.#secret.iterations}`;
    return this.#serverFirst;
  }

  #requireBinding(mechanism: string, flag: string | undefined, type: string | undefined): void {
    this.#bindsChannel = mechanism === SCRAM_PLUS_MECHANISM;
    if (flag === 'p') {
      if (!this.#bindsChannel) {
        throw malformed(
          `The client selected ${SCRAM_MECHANISM} without channel binding, but the SCRAM message includes channel binding data.`,
        );
      }
      if (type !== BINDING_TYPE) throw fatal(SqlState.protocolViolation, `unsupported SCRAM channel-binding type "${type ?? ''}"`);
      return;
    }
    if (this.#bindsChannel) {
      throw malformed(`The client selected ${SCRAM_PLUS_MECHANISM}, but the SCRAM message does not include channel binding data.`);
    }
    // Somebody in between may have taken the better mechanism out of the list.
    if (flag === 'y' && this.#endpointHash !== undefined) {
      throw fatal(
        SqlState.invalidAuthorizationSpecification,
        'SCRAM channel binding negotiation error',
        'The client supports SCRAM channel binding but thinks the server does not.  However, this server does support channel binding.',
      );
    }
  }

  /** @returns server-final, or undefined when the password is wrong. @throws SqlError FATAL 08P01, 28000 */
  final(message: string): string | undefined {
    const match = /^(c=([^,]*),r=([^,]*)(?:,.*)?),p=([^,]*)$/su.exec(message);
    const [, withoutProof, binding, nonce, proofText] = match ?? [];
    if (withoutProof === undefined || binding === undefined || nonce === undefined || proofText === undefined) {
      throw malformed('The client message is not as RFC 5802 has it.');
    }
    this.#checkBinding(Buffer.from(binding, 'base64'));
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

  #checkBinding(binding: Buffer): void {
    const header = Buffer.from(this.#gs2Header);
    if (!this.#bindsChannel) {
      if (binding.equals(header)) return;
      throw fatal(SqlState.protocolViolation, 'unexpected SCRAM channel-binding attribute in client-final-message');
    }
    const expected = Buffer.concat([header, this.#endpointHash ?? Buffer.alloc(0)]);
    if (!binding.equals(expected)) throw fatal(SqlState.invalidAuthorizationSpecification, 'SCRAM channel binding check failed');
  }
}

function malformed(detail: string): SqlError {
  return fatal(SqlState.protocolViolation, 'malformed SCRAM message', detail);
}

function fatal(code: SqlStateCode, message: string, detail?: string): SqlError {
  return new SqlError(code, message, { severity: 'FATAL', detail });
}
