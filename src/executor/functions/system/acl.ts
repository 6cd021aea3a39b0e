import { Privilege } from '../../../catalog/descriptors.js';
import { type AclKind, aclItemText, defaultAcl, letterPrivilege } from '../../../catalog/privileges.js';
import { SqlError } from '../../../commons/sql-error.js';
import { SqlState } from '../../../commons/sqlstates.js';
import { type Row, SqlArray, type SqlValue } from '../../../types/value.js';
import type { FunctionContext } from '../../context.js';
import type { FunctionTable } from '../table.js';

/** Letters of an aclitem's text, and the words that aclexplode has for them. */
const WORDS: Readonly<Record<string, string>> = {
  a: 'INSERT',
  r: 'SELECT',
  w: 'UPDATE',
  d: 'DELETE',
  D: 'TRUNCATE',
  x: 'REFERENCES',
  t: 'TRIGGER',
  X: 'EXECUTE',
  U: 'USAGE',
  C: 'CREATE',
  T: 'TEMPORARY',
  c: 'CONNECT',
  s: 'SET',
  A: 'ALTER SYSTEM',
};

function unquoted(name: string): string {
  return name.startsWith('"') ? name.slice(1, -1).replaceAll('""', '"') : name;
}

function roleNamed(text: string, cx: FunctionContext): number {
  const name = unquoted(text);
  return name === '' ? 0 : (cx.catalog.role(name)?.oid ?? (Number(name) || 0));
}

/** Grantee, letters, grantor. */
const ITEM = /^((?:"(?:[^"]|"")*"|[^=])*)=([a-zA-Z*]*)\/(.*)$/;

/** One row a privilege: grantor, grantee (0: PUBLIC), its word, and whether it may be granted on. */
function* explode(acl: SqlValue, cx: FunctionContext): Generator<Row> {
  if (!(acl instanceof SqlArray)) return;
  for (const item of acl.elements) {
    const match = ITEM.exec(typeof item === 'string' ? item : '');
    if (match === null) continue;
    const [, grantee = '', letters = '', grantor = ''] = match;
    for (const [, letter = '', star] of letters.matchAll(/([a-zA-Z])(\*?)/g)) {
      yield [roleNamed(grantor, cx), roleNamed(grantee, cx), WORDS[letter] ?? letter, star === '*'];
    }
  }
}

const KINDS: Readonly<Record<string, AclKind>> = {
  c: 'column',
  r: 'table',
  s: 'sequence',
  d: 'database',
  f: 'routine',
  l: 'language',
  n: 'schema',
  p: 'parameter',
  t: 'tablespace',
  T: 'type',
};
/** Kinds that are not there: what the owner has. */
const OTHERS: Readonly<Record<string, number>> = {
  F: Privilege.usage,
  S: Privilege.usage,
  L: Privilege.select | Privilege.update,
};

/** What an object of that kind has when no acl is kept: acldefault('r', owner). @throws SqlError XX000 */
function defaultOf(kind: string, owner: number, cx: FunctionContext): SqlArray {
  const known = KINDS[kind];
  if (known !== undefined) return new SqlArray(defaultAcl(known, owner).map((entry) => aclItemText(cx.catalog, entry)));
  const privileges = OTHERS[kind];
  if (privileges === undefined) throw new SqlError(SqlState.internalError, `unrecognized objtype abbreviation: ${kind}`);
  return new SqlArray([aclItemText(cx.catalog, { grantee: owner, grantor: owner, privileges, grantable: 0 })]);
}

/** makeaclitem: one privilege, as an item. @throws SqlError 22023 */
function makeItem(grantee: number, grantor: number, privilege: string, grantable: boolean, cx: FunctionContext): string {
  const word = privilege.trim().toUpperCase();
  const letter = Object.keys(WORDS).find((candidate) => WORDS[candidate] === word || (word === 'TEMP' && candidate === 'T'));
  if (letter === undefined) throw new SqlError(SqlState.invalidParameterValue, `unrecognized privilege type: "${privilege}"`);
  const bit = letterPrivilege(letter);
  return aclItemText(cx.catalog, { grantee, grantor, privileges: bit, grantable: grantable ? bit : 0 });
}

/** Whether an item of that grantee and grantor has all that the other one has. */
function contains(acl: SqlArray, item: string): boolean {
  const [, whose, letters = '', grantor] = ITEM.exec(item) ?? [];
  const wanted: readonly string[] = letters.match(/[a-zA-Z]\*?/g) ?? [];
  return acl.elements.some((other) => {
    const [, otherWhose, held = '', otherGrantor] = ITEM.exec(typeof other === 'string' ? other : '') ?? [];
    if (otherWhose !== whose || otherGrantor !== grantor) return false;
    const has: readonly string[] = held.match(/[a-zA-Z]\*?/g) ?? [];
    return wanted.every((letter) => has.includes(letter) || has.includes(`${letter}*`));
  });
}

export const aclFunctions: FunctionTable = {
  scalar: { acldefault_sql: defaultOf, makeaclitem: makeItem, aclcontains: contains, aclitem_eq: (a: string, b: string) => a === b },
  set: { aclexplode: (args, cx) => explode(args[0] ?? null, cx) },
};
