import { describe, expect, it } from 'vitest';
import type { HbaClient } from '../../src/wire/hba/hba-rule.js';
import { HostNames, type NameService } from '../../src/wire/hba/host-names.js';
import { matchHba } from '../../src/wire/hba/match-hba.js';
import { type HbaParts, parseHba } from '../../src/wire/hba/parse-hba.js';

const CLIENT: HbaClient = { isLocal: false, address: '10.1.2.3', isTls: false, user: 'ann', database: 'shop', isReplication: false };
const PARTS: HbaParts = { hosts: new HostNames(), peers: { isAvailable: true } };
const GROUPS: Readonly<Record<string, readonly string[]>> = { ann: ['staff'], bob: [] };
const isMember = (role: string, of: string): boolean => role === of || GROUPS[role]?.includes(of) === true;

/** The line of the first rule that fits. */
function lineFor(text: string, client: Partial<HbaClient>): number | undefined {
  const { rules, mistakes } = parseHba(text, PARTS);
  expect(mistakes).toEqual([]);
  const found = matchHba(rules, { ...CLIENT, ...client }, isMember);
  expect(found).not.toBeInstanceOf(Promise);
  return found instanceof Promise ? undefined : found?.line;
}

describe('rules of hba.conf', () => {
  it('are tried in order, by type', () => {
    const text = `# a comment
local     all all              scram-sha-256
hostssl   all all 10.0.0.0/8   reject
hostnossl all all 10.1.0.0/16  scram-sha-256   # not reached with TLS
host      all all all          md5`;
    expect(lineFor(text, { isLocal: true, address: undefined })).toBe(2);
    expect(lineFor(text, { isTls: true })).toBe(3);
    expect(lineFor(text, {})).toBe(4);
    expect(lineFor(text, { address: '10.2.0.1' })).toBe(5);
    expect(lineFor(text, { address: '2001:db8::1', isTls: true })).toBe(5);
    expect(lineFor('local all all scram-sha-256', {})).toBeUndefined();
    expect(lineFor('host all all all scram-sha-256', { isLocal: true, address: undefined })).toBeUndefined();
  });

  it.each([
    ['all', {}, true],
    ['all', { isReplication: true }, false],
    ['replication', { isReplication: true }, true],
    ['replication', { database: 'replication' }, false],
    ['"replication"', { database: 'replication' }, true],
    ['"all"', {}, false],
    ['sameuser', {}, false],
    ['sameuser', { database: 'ann' }, true],
    ['samerole', { database: 'staff' }, true],
    ['samegroup', { user: 'bob', database: 'staff' }, false],
    ['store, shop', {}, true],
    ['store,"shop"', {}, true],
    ['SHOP', {}, false],
  ] as const)('a database: %s', (databases, client, fits) => {
    expect(lineFor(`host ${databases} all all md5`, client) === 1).toBe(fits);
  });

  it.each([
    ['all', {}, true],
    ['ann', {}, true],
    ['bob,ann', {}, true],
    ['bob', {}, false],
    ['+staff', {}, true],
    ['+staff', { user: 'bob' }, false],
    ['"+staff"', {}, false],
    ['"all"', {}, false],
    ['"my user"', { user: 'my user' }, true],
  ] as const)('a user: %s', (users, client, fits) => {
    expect(lineFor(`host all ${users} all md5`, client) === 1).toBe(fits);
  });

  it.each([
    ['10.1.2.3/32', '10.1.2.3', true],
    ['10.1.2.3/32', '10.1.2.4', false],
    ['10.1.2.0/23', '10.1.3.255', true],
    ['10.1.0.0 255.255.0.0', '10.1.9.9', true],
    ['10.1.0.0 255.255.0.0', '10.2.9.9', false],
    ['0.0.0.0/0', '1.2.3.4', true],
    ['0.0.0.0/0', '::1', false],
    ['::/0', '::1', true],
    ['2001:db8::/32', '2001:db8:ffff::1', true],
    ['2001:db8::/32', '2001:db9::1', false],
    ['samehost', '127.0.0.1', true],
    ['samenet', '127.1.2.3', true],
    ['samehost', '192.0.2.77', false],
  ])('an address: %s for %s', (address, from, fits) => {
    expect(lineFor(`host all all ${address} md5`, { address: from }) === 1).toBe(fits);
  });

  it('may go on after a backslash, and quote', () => {
    expect(lineFor('host all \\\n  "ann" all \\\n md5', {})).toBe(1);
    const { rules } = parseHba('\n\nhostssl all app all jwt issuer="https://id.example/a b" audience=db jwks=keys.json as=user_id', PARTS);
    expect(rules[0]?.line).toBe(3);
    expect(rules[0]?.options.get('issuer')).toBe('https://id.example/a b');
  });

  // PostgreSQL's texts, but for what only this server refuses.
  it.each([
    ['hosts all all all md5', 'invalid connection type "hosts"'],
    ['host', 'end-of-line before database specification'],
    ['host all', 'end-of-line before role specification'],
    ['host all all', 'end-of-line before IP address specification'],
    ['host all all all', 'end-of-line before authentication method'],
    ['local all all', 'end-of-line before authentication method'],
    ['host all all 10.0.0.0', 'end-of-line before netmask specification'],
    ['host all all 10.0.0.0/33 md5', 'invalid CIDR mask in address "10.0.0.0/33"'],
    ['host all all 10.0.0.0 255.0.255.0 md5', 'invalid IP mask "255.0.255.0": not a network mask'],
    ['host all all 10.0.0.0 ffff:: md5', 'IP address and mask do not match'],
    ['host all all example.com/24 md5', 'specifying both host name and CIDR mask is invalid: "example.com/24"'],
    ['host all all a..b md5', 'invalid host name "a..b"'],
    ['host all all localhost trust', 'authentication method "trust" is only allowed for local connections and loopback addresses'],
    ['host all all all,samenet md5', 'multiple values specified for host address'],
    ['host all all all md5,trust', 'multiple values specified for authentication method'],
    ['host all all all magic', 'invalid authentication method "magic"'],
    ['host all all all ldap', 'invalid authentication method "ldap": not supported by this build'],
    ['host all all all cert', 'cert authentication is only supported on hostssl connections'],
    ['host all all all md5 clientcert=verify-ca', 'clientcert can only be configured for "hostssl" rows'],
    ['hostssl all all all md5 clientcert=1', 'invalid value for clientcert: "1"'],
    ['hostssl all all all cert clientcert=verify-ca', 'clientcert only accepts "verify-full" when using "cert" authentication'],
    ['host all all all md5 krb', 'authentication option not in name=value format: krb'],
    ['host all all all md5 a=b', 'unrecognized authentication option name: "a"'],
    ['host all all all peer', 'peer authentication is only supported on local sockets'],
    ['local all all peer map=m', 'authentication option "map" is not supported: there are no user name maps'],
    ['host all all all trust', 'authentication method "trust" is only allowed for local connections and loopback addresses'],
    ['host all all 127.0.0.0/7 trust', 'authentication method "trust" is only allowed for local connections and loopback addresses'],
    ['host all all ::1/64 trust', 'authentication method "trust" is only allowed for local connections and loopback addresses'],
    [
      'host all all all password',
      'authentication method "password" sends its secret as it is: it is only allowed for hostssl, local and loopback addresses',
    ],
    ['hostssl all app all jwt issuer=i audience=a', 'authentication method "jwt" requires argument "jwks" to be set'],
    ['hostssl all app all jwt issuer=i audience=a jwks=http://id.example/keys', 'jwks must be a file or an https URL'],
    ['hostssl all app all jwt issuer=i audience=a jwks=k as=god', 'invalid value for as: "god"'],
    ['hostssl all app all jwt issuer=i audience=a jwks=k algorithms="ES256 HS256"', 'invalid value for algorithms: "HS256"'],
    ['hostssl all app all jwt issuer=i audience=a jwks=k algorithms=none', 'invalid value for algorithms: "none"'],
    ['hostssl all all all jwt issuer=i audience=a jwks=k as=user_id', 'as=user_id requires roles by name in the user column'],
  ])('refuses %s', (line, message) => {
    expect(parseHba(line, PARTS)).toEqual({ rules: [], mistakes: [{ line: 1, message }] });
  });

  it.each(['host all all 127.0.0.1/32 trust', 'host all all ::1/128 trust', 'local all all trust', 'hostssl all all all password'])(
    'takes %s',
    (line) => {
      expect(parseHba(line, PARTS).mistakes).toEqual([]);
    },
  );

  it('refuses peer where the kernel cannot be asked', () => {
    const { mistakes } = parseHba('local all all peer', { ...PARTS, peers: { isAvailable: false } });
    expect(mistakes).toEqual([
      {
        line: 1,
        message: 'authentication method "peer" needs the package koffi, to ask the kernel who connects: install it with npm install koffi',
      },
    ]);
    expect(parseHba('local all all peer', PARTS).mistakes).toEqual([]);
  });

  describe('with names of hosts', () => {
    const names: Record<string, readonly string[]> = {
      '10.1.2.3': ['App.Example.com.'],
      '10.9.9.9': ['app.example.com'], // says so, and is not
      '10.5.5.5': ['other.example.com', 'cart.shop.example.com'],
    };
    const addresses: Record<string, readonly string[]> = {
      'App.Example.com.': ['10.1.2.4', '10.1.2.3'],
      'app.example.com': ['10.1.2.3'],
      'other.example.com': ['10.5.5.6'],
      'cart.shop.example.com': ['2001:db8::1', '10.5.5.5'],
    };
    let asked = 0;
    let nowMs = 0;
    const found = (list: readonly string[] | undefined) =>
      list === undefined ? Promise.reject(new Error('ENOTFOUND')) : Promise.resolve(list);
    const service: NameService = {
      namesOf: (address) => {
        asked++;
        return address === '10.7.7.7' ? new Promise(() => undefined) : found(names[address]);
      },
      addressesOf: (name) => found(addresses[name]),
    };
    const hosts = new HostNames(service, () => nowMs);
    const lineOf = async (text: string, address: string) => {
      const { rules, mistakes } = parseHba(text, { ...PARTS, hosts });
      expect(mistakes).toEqual([]);
      return (await matchHba(rules, { ...CLIENT, address }, isMember))?.line;
    };
    const text =
      'host all all app.example.com md5\nhost all all .shop.example.com md5\nhost all all 10.9.0.0/16 md5\nhost none all all md5';

    it('fits who has the name, by the address and back', async () => {
      expect(await lineOf(text, '10.1.2.3')).toBe(1);
      expect(await lineOf(text, '10.5.5.5')).toBe(2);
      expect(await lineOf(text, '10.9.9.9')).toBe(3);
      expect(await lineOf(text, '10.8.8.8')).toBeUndefined();
      expect(await lineOf('host all all shop.example.com md5', '10.5.5.5')).toBeUndefined();
    });

    it('asks once a minute for an address, and does not wait for long', async () => {
      const before = asked;
      await lineOf(text, '10.1.2.3');
      expect(asked).toBe(before);
      nowMs += 61_000;
      await lineOf(text, '10.1.2.3');
      expect(asked).toBe(before + 1);
      const started = performance.now();
      expect(await lineOf(text, '10.7.7.7')).toBeUndefined();
      expect(performance.now() - started).toBeLessThan(4000);
    });

    it('has no more look-ups under way than it can bear', async () => {
      let waiting = 0;
      const slow = new HostNames({ namesOf: () => new Promise(() => waiting++), addressesOf: () => Promise.resolve([]) });
      const all = Array.from({ length: 500 }, (_, i) => slow.fits('a', `10.0.${i >> 8}.${i & 255}`));
      expect(waiting).toBe(64);
      expect(new Set(await Promise.all(all))).toEqual(new Set([false]));
    });

    it('finds names of this machine in its hosts file', async () => {
      expect(await new HostNames().fits('localhost', '127.0.0.1')).toBe(true);
      expect(await new HostNames().fits('localhost', '127.9.9.9')).toBe(false);
    });
  });
});
