import { Privilege } from '../../../catalog/descriptors.js';
import { type AclKind, aclItemText, effectiveAcl } from '../../../catalog/privileges.js';
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

/** One row a privilege: grantor, grantee (0: PUBLIC), its word, and whether it may be granted on. */
function* explode(acl: SqlValue, cx: FunctionContext): Generator<Row> {
  if (!(acl instanceof SqlArray)) return;
  for (const item of acl.elements) {
    const match = /^((?:"(?:[^"]|"")*"|[^=])*)=([a-zA-Z*]*)\/(.*)$/.exec(typeof item === 'string' ? item : '');
    if (match === null) continue;
    const [, grantee = '', letters = '', grantor = ''] = match;
    for (const [, letter = '', star] of letters.matchAll(/([a-zA-Z])(\*?)/g)) {
      yield [roleNamed(grantor, cx), roleNamed(grantee, cx), WORDS[letter] ?? letter, star === '*'];
    }
  }
}

const KINDS: Readonly<Record<string, AclKind>> = { r: 'table', c: 'table', s: 'sequence', n: 'schema', d: 'database' };
/** Kinds whose objects aren't ours to grant on, but that clients ask for. */
const OTHER_KINDS: Readonly<Record<string, { readonly owner: number; readonly everyone: number }>> = {
  f: { owner: Privilege.execute, everyone: Privilege.execute },
  T: { owner: Privilege.usage, everyone: Privilege.usage },
  l: { owner: Privilege.usage, everyone: Privilege.usage },
};

/** What an object of that kind has when no acl is kept: acldefault('r', owner). */
function defaultAcl(kind: string, owner: number, cx: FunctionContext): SqlArray {
  const known = KINDS[kind];
  const other = OTHER_KINDS[kind];
  const item = (grantee: number, privileges: number): string =>
    aclItemText(cx.catalog, { grantee, grantor: owner, privileges, grantable: 0 });
  if (known !== undefined) return new SqlArray(effectiveAcl(known, { owner }).map((entry) => aclItemText(cx.catalog, entry)));
  return new SqlArray(other === undefined ? [] : [item(0, other.everyone), item(owner, other.owner)]);
}

export const aclFunctions: FunctionTable = {
  scalar: { acldefault_sql: defaultAcl },
  set: { aclexplode: (args, cx) => explode(args[0] ?? null, cx) },
};
