import { isIP } from 'node:net';
import { isSafeKeySource } from '../authentication/jwt-keys.js';
import { JWT_ALGORITHMS } from '../authentication/jwt-login.js';
import type { PeerCredentials } from '../authentication/peer-credentials.js';
import { bitsOf, bitsOfMask, everywhere, type HbaAddress, namedHost, network, ownAddresses } from './hba-address.js';
import { HBA_METHODS, HBA_TYPES, type HbaMethod, type HbaMistake, type HbaRule, type HbaType } from './hba-rule.js';
import { type HbaLine, type HbaToken, hbaLines } from './hba-tokens.js';
import type { HostNames } from './host-names.js';

/** What rules may refer to besides what they say. */
export interface HbaParts {
  readonly hosts: HostNames;
  readonly peers: Pick<PeerCredentials, 'isAvailable'>;
}

/** Reads a file of rules (PostgreSQL manual, "The pg_hba.conf File"), with PostgreSQL's words for what is wrong. */
export function parseHba(text: string, parts: HbaParts): { readonly rules: readonly HbaRule[]; readonly mistakes: readonly HbaMistake[] } {
  const rules: HbaRule[] = [];
  const mistakes: HbaMistake[] = [];
  for (const line of hbaLines(text)) {
    try {
      rules.push(parseLine(line, parts));
    } catch (error) {
      if (!(error instanceof Mistake)) throw error;
      mistakes.push({ line: line.number, message: error.message });
    }
  }
  return { rules, mistakes };
}

class Mistake extends Error {}

function parseLine({ number, fields }: HbaLine, parts: HbaParts): HbaRule {
  const words = new Fields(fields);
  const type = typeOf(words.one('connection type', ''));
  const databases = words.list('end-of-line before database specification');
  const users = words.list('end-of-line before role specification');
  const address = type === 'local' ? undefined : addressOf(words, parts.hosts);
  const method = methodOf(words.one('authentication method', 'end-of-line before authentication method').text, parts.peers);
  const options = optionsOf(words.rest());
  const rule = { line: number, type, databases, users, address, method, options };
  requireFitting(rule);
  return rule;
}

class Fields {
  readonly #fields: readonly (readonly HbaToken[])[];
  #at = 0;

  constructor(fields: readonly (readonly HbaToken[])[]) {
    this.#fields = fields;
  }

  list(missing: string): readonly HbaToken[] {
    const field = this.#fields[this.#at++];
    if (field === undefined) throw new Mistake(missing);
    return field;
  }

  one(what: string, missing: string): HbaToken {
    const [token, ...more] = this.list(missing);
    if (token === undefined || more.length > 0) throw new Mistake(`multiple values specified for ${what}`);
    return token;
  }

  rest(): readonly HbaToken[] {
    return this.#fields.slice(this.#at).flat();
  }
}

function typeOf({ text }: HbaToken): HbaType {
  const type = HBA_TYPES.find((known) => known === text);
  if (type === undefined) throw new Mistake(`invalid connection type "${text}"`);
  return type;
}

const HOST_NAME = /^\.?[\p{L}\p{N}_]([\p{L}\p{N}_-]*)(\.[\p{L}\p{N}_-]+)*$/u;

function addressOf(words: Fields, hosts: HostNames): HbaAddress {
  const { text, isQuoted } = words.one('host address', 'end-of-line before IP address specification');
  if (!isQuoted) {
    if (text === 'all') return everywhere();
    if (text === 'samehost' || text === 'samenet') return ownAddresses(text);
  }
  const [address = '', bits] = text.split('/');
  if (isIP(address) === 0) {
    if (bits !== undefined) throw new Mistake(`specifying both host name and CIDR mask is invalid: "${text}"`);
    if (!HOST_NAME.test(text)) throw new Mistake(`invalid host name "${text}"`);
    return namedHost(text, hosts);
  }
  const found = bits === undefined ? maskedAddress(address, words) : /^\d+$/.test(bits) ? network(address, Number(bits)) : undefined;
  if (found === undefined) throw new Mistake(`invalid CIDR mask in address "${text}"`);
  return found;
}

/** An address and, in the next field, its mask. */
function maskedAddress(address: string, words: Fields): HbaAddress | undefined {
  const { text } = words.one('netmask', 'end-of-line before netmask specification');
  if (isIP(text) === 0) throw new Mistake(`invalid IP mask "${text}": Name or service not known`);
  if (isIP(text) !== isIP(address)) throw new Mistake('IP address and mask do not match');
  const bits = bitsOfMask(text, address);
  if (bits === undefined || bits > bitsOf(isIP(address))) throw new Mistake(`invalid IP mask "${text}": not a network mask`);
  return network(address, bits);
}

const ELSEWHERE_METHODS = ['gss', 'sspi', 'ident', 'pam', 'bsd', 'ldap', 'radius'];

function methodOf(text: string, peers: HbaParts['peers']): HbaMethod {
  if (text === 'peer' && !peers.isAvailable) {
    throw new Mistake(
      'authentication method "peer" needs the package koffi, to ask the kernel who connects: install it with npm install koffi',
    );
  }
  if (ELSEWHERE_METHODS.includes(text)) throw new Mistake(`invalid authentication method "${text}": not supported by this build`);
  const method = HBA_METHODS.find((known) => known === text);
  if (method === undefined) throw new Mistake(`invalid authentication method "${text}"`);
  return method;
}

function optionsOf(tokens: readonly HbaToken[]): ReadonlyMap<string, string> {
  const options = new Map<string, string>();
  for (const { text } of tokens) {
    const at = text.indexOf('=');
    if (at < 0) throw new Mistake(`authentication option not in name=value format: ${text}`);
    options.set(text.slice(0, at), text.slice(at + 1));
  }
  return options;
}

/** Options by the methods that take them; clientcert goes with every method of hostssl. */
const JWT_OPTIONS = ['issuer', 'audience', 'jwks', 'claim', 'as', 'algorithms', 'expiry'];
const CLIENT_CERT_VALUES = ['verify-ca', 'verify-full'];

function requireFitting({ type, users, address, method, options }: HbaRule): void {
  if (method === 'cert' && type !== 'hostssl') throw new Mistake('cert authentication is only supported on hostssl connections');
  if (method === 'peer' && type !== 'local') throw new Mistake('peer authentication is only supported on local sockets');
  const isNear = type === 'local' || address?.isLoopback === true;
  if (method === 'trust' && !isNear) {
    throw new Mistake('authentication method "trust" is only allowed for local connections and loopback addresses');
  }
  if ((method === 'password' || method === 'jwt') && type !== 'hostssl' && !isNear) {
    throw new Mistake(
      `authentication method "${method}" sends its secret as it is: it is only allowed for hostssl, local and loopback addresses`,
    );
  }
  for (const [name, value] of options) {
    if (name === 'clientcert') {
      if (type !== 'hostssl') throw new Mistake('clientcert can only be configured for "hostssl" rows');
      if (!CLIENT_CERT_VALUES.includes(value)) throw new Mistake(`invalid value for clientcert: "${value}"`);
      if (method === 'cert' && value !== 'verify-full') {
        throw new Mistake('clientcert only accepts "verify-full" when using "cert" authentication');
      }
    } else if (name === 'map') {
      throw new Mistake('authentication option "map" is not supported: there are no user name maps');
    } else if (method !== 'jwt' || !JWT_OPTIONS.includes(name)) throw new Mistake(`unrecognized authentication option name: "${name}"`);
  }
  if (method === 'jwt') requireJwtOptions(options, users);
}

function requireJwtOptions(options: ReadonlyMap<string, string>, users: readonly HbaToken[]): void {
  for (const name of ['issuer', 'jwks', 'audience']) {
    if (!options.get(name)) throw new Mistake(`authentication method "jwt" requires argument "${name}" to be set`);
  }
  const choices: Readonly<Record<string, readonly string[]>> = { as: ['role', 'user_id'], expiry: ['end', 'keep'] };
  for (const [name, values] of Object.entries(choices)) {
    const value = options.get(name);
    if (value !== undefined && !values.includes(value)) throw new Mistake(`invalid value for ${name}: "${value}"`);
  }
  for (const algorithm of (options.get('algorithms') ?? '').split(/[\s,]+/)) {
    if (algorithm !== '' && !JWT_ALGORITHMS.includes(algorithm)) throw new Mistake(`invalid value for algorithms: "${algorithm}"`);
  }
  if (!isSafeKeySource(options.get('jwks') ?? '')) throw new Mistake('jwks must be a file or an https URL');
  // The token names the end user, so the client alone would choose the role.
  const isOpen = users.some(({ text, isQuoted }) => !isQuoted && (text === 'all' || text.startsWith('+')));
  if (options.get('as') === 'user_id' && isOpen) throw new Mistake('as=user_id requires roles by name in the user column');
}
