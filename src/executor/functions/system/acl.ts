import { Privilege } from '../../../catalog/descriptors.js';
import { type AclKind, aclItemText, defaultAcl } from '../../../catalog/privileges.js';
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

export const aclFunctions: FunctionTable = {
  scalar: { acldefault_sql: defaultOf },
  set: { aclexplode: (args, cx) => explode(args[0] ?? null, cx) },
};
