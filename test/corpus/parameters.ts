import { SIMPLE_SUBJECTS, SUBJECTS } from './subjects.js';
import type { Target } from './target.js';

/** Values for parameters of the types that a driver meets most, by the types' oids. */
const BY_TYPE: Readonly<Record<number, string>> = {
  16: 't',
  17: '\\xdeadbeef',
  20: '1',
  21: '1',
  23: '1',
  114: '{"a": 1}',
  600: '(1,2)',
  700: '1.5',
  701: '1.5',
  869: '10.0.0.1',
  650: '10.0.0.0/8',
  1082: '2024-05-06',
  1083: '07:08:09',
  1114: '2024-05-06 07:08:09',
  1184: '2024-05-06 07:08:09+00',
  1186: '1 day',
  1266: '07:08:09+00',
  1560: '1010',
  1700: '1.50',
  2206: '23',
  2950: '00000000-0000-4000-8000-000000000001',
  3802: '{"a": 1}',
  1000: '{t}',
  1005: '{1}',
  1007: '{1}',
  1016: '{1}',
  1231: '{1.5}',
  2951: '{00000000-0000-4000-8000-000000000001}',
};
const OIDS = new Set([26, 2205, 24, 2202, 4089]);
const OID_ARRAYS = new Set([1028, 2210, 30]);
const TEXTS = new Set([18, 19, 25, 1042, 1043, 705]);
const TEXT_ARRAYS = new Set([1002, 1003, 1009, 1014, 1015]);
const INT8 = 20;

interface Request {
  readonly text: string;
  /** Of the parameters, as Describe tells them. */
  readonly types: readonly number[];
  readonly subject: number;
  readonly isSimple: boolean;
  readonly isCatalogQuery: boolean;
}

/** Values that exist: the subject's oid and names, small numbers, what a type can be. Types by users get NULL. */
export function parameterValues(request: Request, target: Target): (string | null)[] {
  return request.types.map((type, at) => {
    const oid = target.oidOf(request.subject);
    if (OIDS.has(type)) return oid;
    if (OID_ARRAYS.has(type)) return `{${oid}}`;
    if (type === INT8 && request.isCatalogQuery && /oid|rel/i.test(before(request.text, at))) return oid;
    if (TEXTS.has(type)) return nameFor(request, at);
    if (TEXT_ARRAYS.has(type)) return `{${nameFor(request, at)}}`;
    return BY_TYPE[type] ?? null;
  });
}

/** What stands before a parameter tells what it is compared with. */
function nameFor({ text, types, subject, isSimple, isCatalogQuery }: Request, at: number): string {
  const subjects = isSimple ? SIMPLE_SUBJECTS : SUBJECTS;
  const { schema = '', name = '' } = subjects[subject % subjects.length] ?? {};
  if (!isCatalogQuery) return types[at] === 18 ? 'x' : `x${at + 1}`;
  const context = before(text, at);
  if (/(!=|<>|!~\*?|not in \([^()]*)\s*$/i.test(context)) return 'pg_toast';
  const column = /(\w+)"?(?:::\w+)?\)?\s*(?:=|~\*?|i?like|in|=\s*any)\s*\(?(?:array\[)?[^()[\]=]*$/i.exec(context)?.[1] ?? '';
  if (/relkind/i.test(column)) return ['r', 'p', 'v', 'm', 'f', 'S', 'i'][at % 7] ?? 'r';
  if (/schema|nspname|namespace/i.test(column)) return schema;
  if (/attname|column/i.test(column)) return 'id';
  if (/table|relname|typname|proname|view|name/i.test(column)) return name;
  if (/to_reg|::reg/i.test(text)) return `${schema}.${name}`;
  return at % 2 === 0 ? schema : name;
}

const before = (text: string, at: number): string => {
  const place = text.search(new RegExp(`\\$${at + 1}(?!\\d)`));
  return text.slice(Math.max(0, place - 60), Math.max(0, place));
};

const COPY_FROM = /^\s*copy\s+([\w".]+)\s*(?:\(([^)]*)\))?\s+from\s+stdin(.*)$/is;
const BINARY_HEADER = Buffer.from('PGCOPY\n\xff\r\n\0\0\0\0\0\0\0\0\0\xff\xff', 'latin1');

/** What a client might send for COPY … FROM STDIN: a row of the columns' numbers, or binary no row at all. */
export function copyDataFor(text: string): Buffer | undefined {
  const [, , columns, options = ''] = COPY_FROM.exec(text) ?? [];
  if (columns === undefined) return undefined;
  if (/binary/i.test(options)) return BINARY_HEADER;
  const separator = /csv/i.test(options) ? ',' : '\t';
  return Buffer.from(
    `${columns
      .split(',')
      .map((_, i) => String(7000 + i))
      .join(separator)}\n`,
  );
}
