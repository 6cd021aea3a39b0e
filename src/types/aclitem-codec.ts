import { SqlError } from '../commons/sql-error.js';
import { SqlState } from '../commons/sqlstates.js';
import type { TypeCodec } from './codec.js';
import type { FormatContext } from './format-context.js';

/** aclitem: a privilege list's entry, kept as PostgreSQL prints it (`alice=r*w/postgres`). */

/** In the order in which they are printed. */
const LETTERS = 'arwdDxtXUCTcsA';
/** Whose an item without a grantor is. */
const BOOTSTRAP_USER = 10;

function invalid(message: string, hint?: string): SqlError {
  return new SqlError(SqlState.invalidTextRepresentation, message, { hint });
}

/** A name and where it ends: letters, digits and underscores, or anything in double quotes. */
function nameAt(text: string, start: number): { readonly name: string; readonly end: number } {
  let name = '';
  let isQuoted = false;
  let at = text[start] === undefined ? start : start + (/^\s*/.exec(text.slice(start))?.[0].length ?? 0);
  for (; at < text.length; at++) {
    const character = text[at] ?? '';
    if (character === '"') {
      if (isQuoted && text[at + 1] === '"') {
        name += '"';
        at++;
      } else isQuoted = !isQuoted;
    } else if (isQuoted || /[\p{L}\p{N}_]/u.test(character)) name += character;
    else break;
  }
  return { name, end: at + (/^\s*/.exec(text.slice(at))?.[0].length ?? 0) };
}

/** @throws SqlError 42704 */
function requireRole(name: string, cx: FormatContext): void {
  cx.names?.oidOf('regrole', `"${name.replaceAll('"', '""')}"`);
}

function quoted(name: string): string {
  return /^[a-zA-Z0-9_]*$/.test(name) ? name : `"${name.replaceAll('"', '""')}"`;
}

/** @throws SqlError 22P02, 42704 */
function read(text: string, cx: FormatContext): string {
  let { name, end } = nameAt(text, 0);
  if (text[end] !== '=') {
    if (name !== 'group' && name !== 'user') throw invalid(`unrecognized key word: "${name}"`, 'ACL key word must be "group" or "user".');
    ({ name, end } = nameAt(text, end));
    if (name === '') throw invalid('missing name', 'A name must follow the "group" or "user" key word.');
    if (text[end] !== '=') throw invalid('missing "=" sign');
  }
  const [, letters = ''] = /^([a-zA-Z*]*)/.exec(text.slice(end + 1)) ?? [];
  const held = new Set<string>();
  const grantable = new Set<string>();
  let last = '';
  for (const letter of letters) {
    if (letter === '*') grantable.add(last);
    else if (LETTERS.includes(letter)) {
      held.add(letter);
      last = letter;
    } else throw invalid(`invalid mode character: must be one of "${LETTERS}"`);
  }
  if (name !== '') requireRole(name, cx);
  const behind = end + 1 + letters.length;
  let grantor = cx.names?.nameOf('regrole', BOOTSTRAP_USER) ?? 'postgres';
  let rest = behind;
  if (text[behind] === '/') {
    const given = nameAt(text, behind + 1);
    if (given.name === '') throw invalid('a name must follow the "/" sign');
    requireRole(given.name, cx);
    grantor = quoted(given.name);
    rest = given.end;
  }
  if (rest < text.length) throw invalid('extra garbage at the end of the ACL specification');
  const shown = [...LETTERS].map((letter) => (held.has(letter) ? `${letter}${grantable.has(letter) ? '*' : ''}` : '')).join('');
  return `${quoted(name)}=${shown}/${grantor}`;
}

/** @param text the codec of text, as which it is kept, sent and told apart */
export function aclitemCodec(text: TypeCodec, oid: number): TypeCodec {
  return { ...text, oid, name: 'aclitem', input: read };
}
