import { describe, expect, it } from 'vitest';
import type { HbaClient } from '../../src/wire/hba/hba-rule.js';
import { matchHba } from '../../src/wire/hba/match-hba.js';
import { parseHba } from '../../src/wire/hba/parse-hba.js';

const CLIENT: HbaClient = { isLocal: false, address: '10.1.2.3', isTls: false, user: 'ann', database: 'shop', isReplication: false };
const GROUPS: Readonly<Record<string, readonly string[]>> = { ann: ['staff'], bob: [] };
const isMember = (role: string, of: string): boolean => role === of || GROUPS[role]?.includes(of) === true;

/** The line of the first rule that fits. */
function lineFor(text: string, client: Partial<HbaClient>): number | undefined {
  const { rules, mistakes } = parseHba(text);
  expect(mistakes).toEqual([]);
  return matchHba(rules, { ...CLIENT, ...client }, isMember)?.line;
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
    const { rules } = parseHba('\n\nhostssl all app all jwt issuer="https://id.example/a b" audience=db jwks=keys.json as=user_id');
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
    [
      'host all all example.com md5',
      'host names are not supported in rules: "example.com" must be an IP address, all, samehost or samenet',
    ],
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
    ['local all all peer', 'invalid authentication method "peer": Node.js cannot ask the kernel who is at the other end of a socket'],
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
    ['hostssl all all all jwt issuer=i audience=a jwks=k as=user_id', 'as=user_id requires roles by name in the user column'],
  ])('refuses %s', (line, message) => {
    expect(parseHba(line)).toEqual({ rules: [], mistakes: [{ line: 1, message }] });
  });

  it.each(['host all all 127.0.0.1/32 trust', 'host all all ::1/128 trust', 'local all all trust', 'hostssl all all all password'])(
    'takes %s',
    (line) => {
      expect(parseHba(line).mistakes).toEqual([]);
    },
  );
});
