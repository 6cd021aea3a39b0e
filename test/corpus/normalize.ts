import type { Answer, Column, Result } from './conversation.js';

/** From here on oids are the server's own: of users' objects, of what initdb makes, of extensions here. */
const FIRST_OWN_OID = 8000;
/** Of this server's system relations and their types, which PostgreSQL has not. */
const OURS_OID = /^9\d\d\d$/;
const OID_TYPES = new Set([26, 29, 5069, 2205, 1028, 30, 1034, 194, 2278]);
const OID = 26;
const XID = 28;
const NUMBERS = new Set([20, 21, 23, 700, 701, 1700]);
const TIMES = new Set([1082, 1114, 1184, 1083, 1266]);
/** What depends on the server's process, its files and its clock. */
const OWN_NUMBER = /oid|numeric_version|^pid$|_pid|xmin|xid|_id$|^id$|lsn|epoch|relid|port|age$|filenode/i;
/** Estimates. */
const ESTIMATE = /size|pages|tuples|visible|cardinality|row_?count|rows?_?estimate/i;

/** Rows of schemas and roles that only this server has. */
const OURS = /(^|[|\s{,"'.])(system|kalamdb|kalamdb_admin|kalamdb_service)([|\s.},="']|$)/;

/** An answer as lines that are the same on both servers when the answers mean the same. */
export function normalized(answer: Answer, isOrdered: boolean): readonly string[] {
  const lines = answer.results.flatMap((result) => linesOf(result, isOrdered));
  const types = answer.parameterTypes.map((type) => (type < FIRST_OWN_OID ? type : '#')).join();
  return [...answer.notices.map(withoutOwn), ...(types === '' ? [] : [`parameters ${types}`]), ...lines, `status ${answer.status}`];
}

function linesOf(result: Result, isOrdered: boolean): readonly string[] {
  switch (result.kind) {
    case 'done':
      return [`tag ${result.tag}`];
    case 'copied':
      return [`copied ${withoutOwn(result.data)}`, `tag ${result.tag}`];
    case 'failed':
      return [`error ${result.code} ${withoutOwn(result.message)} | ${withoutOwn(result.detail)} | ${result.hint}`];
    case 'rows': {
      const { columns } = result;
      const head = columns.map(({ name, type, modifier }) => `${name} ${type < FIRST_OWN_OID ? type : '#'}/${modifier}`).join(', ');
      const isOurs = (row: readonly (string | null)[]): boolean =>
        row.some((value, i) => columns[i]?.type === 26 && OURS_OID.test(value ?? ''));
      const rows = result.rows
        .filter((row) => !isOurs(row))
        .map((row) => row.map((value, i) => shownValue(value, columns[i])).join('|'))
        .filter((row) => !OURS.test(row));
      const hidden = result.rows.length - rows.length;
      const tag = hidden === 0 ? result.tag : result.tag.replace(/\d+$/, (count) => String(Number(count) - hidden));
      return [`columns ${head}`, ...(isOrdered ? rows : rows.toSorted()), `tag ${tag}`];
    }
  }
}

function shownValue(value: string | null, column: Column | undefined): string {
  if (value === null || /^pg_attver=\d+$/.test(value)) return '∅';
  if (column === undefined) return value;
  const { type, name } = column;
  // The database's own, which the oracle's has made anew.
  if (type === OID && value === '5') return '#';
  if (OID_TYPES.has(type)) return value.replaceAll(/\d+/g, ownNumber);
  if (NUMBERS.has(type) && ESTIMATE.test(name)) return '(estimate)';
  if (type === XID) return '(xid)';
  if (NUMBERS.has(type)) return OWN_NUMBER.test(name) ? value.replaceAll(/^\d+(\.\d+)?$/g, ownNumber) : value;
  if (TIMES.has(type)) return value.startsWith(today()) ? '(now)' : value;
  if (/size/i.test(name) && /^\d+ (bytes|kB|MB|GB)$/.test(value)) return '(size)';
  return withoutOwn(value);
}

/** Numbers that can be oids of users' objects, versions and times in texts. */
const withoutOwn = (text: string): string =>
  text
    .replaceAll(/[\da-f]{8}-[\da-f]{4}-4[\da-f]{3}-[89ab][\da-f]{3}-(?!0{11})[\da-f]{12}/g, '(uuid)')
    .replaceAll(/(?<![\d.])\d{4,10}(?![\d.])/g, ownNumber)
    .replace(/^PostgreSQL 15.*/s, 'PostgreSQL 15')
    .replace(/^15\.\d.*$/, '15')
    .replace(/^[\dA-F]{8}-[\dA-F]{8}-\d+$/, '(snapshot)')
    .replace(/^SCRAM-SHA-256\$.*$/, '(password)')
    .replaceAll(new RegExp(`${today()}[ T][\\d:.]+([+-]\\d\\d(:\\d\\d)?)?`, 'g'), '(now)');

const ownNumber = (digits: string): string => (Number(digits) >= FIRST_OWN_OID ? '#' : digits);

const today = (): string => new Date().toISOString().slice(0, 10);
