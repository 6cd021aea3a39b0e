import type { Answer, Column, Result } from './conversation.js';

/** Oids that a server gives to objects of users. */
const FIRST_OWN_OID = 16_384;
const OID_TYPES = new Set([26, 28, 29, 5069, 2205, 1028, 30, 1034, 194, 2278]);
const NUMBERS = new Set([20, 21, 23, 700, 701, 1700]);
const TIMES = new Set([1082, 1114, 1184, 1083, 1266]);
const UUID = 2950;
/** What depends on the server's process, its files and its clock. */
const OWN_NUMBER = /oid|^pid$|_pid|size|pages|tuples|xmin|xid|visible|_id$|^id$|lsn|start|epoch|relid|port|age$|ctid|tablespace|filenode|hash/i;

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
      const all = result.rows.map((row) => row.map((value, i) => valueOf(value, columns[i])).join('|'));
      const rows = all.filter((row) => !OURS.test(row));
      const hidden = all.length - rows.length;
      const tag = hidden === 0 ? result.tag : result.tag.replace(/\d+$/, (count) => String(Number(count) - hidden));
      return [`columns ${head}`, ...(isOrdered ? rows : rows.toSorted()), `tag ${tag}`];
    }
  }
}

function valueOf(value: string | null, column: Column | undefined): string {
  if (value === null) return '∅';
  if (column === undefined) return value;
  const { type, name } = column;
  if (OID_TYPES.has(type)) return value.replaceAll(/\d+/g, ownNumber);
  if (NUMBERS.has(type)) return OWN_NUMBER.test(name) ? value.replaceAll(/^\d+(\.\d+)?$/g, ownNumber) : value;
  if (TIMES.has(type)) return value.startsWith(today()) ? '(now)' : value;
  if (type === UUID) return /^.{14}4/.test(value) && !value.startsWith('00000000') ? '(uuid)' : value;
  if (/size/i.test(name) && /^\d+ (bytes|kB|MB|GB)$/.test(value)) return '(size)';
  return withoutOwn(value);
}

/** Numbers that can be oids of users' objects, versions and times in texts. */
const withoutOwn = (text: string): string =>
  text
    .replaceAll(/(?<![\d.])\d{5,10}(?![\d.])/g, ownNumber)
    .replace(/^PostgreSQL 15.*/s, 'PostgreSQL 15')
    .replace(/^15\.\d.*$/, '15')
    .replaceAll(new RegExp(`${today()}[ T][\\d:.]+([+-]\\d\\d(:\\d\\d)?)?`, 'g'), '(now)');

const ownNumber = (digits: string): string => (Number(digits) >= FIRST_OWN_OID ? '#' : digits);

const today = (): string => new Date().toISOString().slice(0, 10);
