import { quoteIdentifier } from '../../../catalog/definitions/index.js';
import type { DataTypeDef, QName } from '../ast.js';

export function qualifiedName(name: QName): string {
  const parts = [name.catalog, name.schema, name.name];
  return parts.flatMap((part) => (part === undefined ? [] : [quoteIdentifier(part)])).join('.');
}

/** Without pg_catalog, which is always searched. */
export function visibleName(name: QName): string {
  return name.schema === 'pg_catalog' ? quoteIdentifier(name.name) : qualifiedName(name);
}

/** format_type()'s spelling of types that SQL has words for; `{}` is where modifiers go. */
const SPELLINGS: Readonly<Record<string, string>> = {
  bool: 'boolean',
  bit: 'bit{}',
  bpchar: 'character{}',
  float4: 'real',
  float8: 'double precision',
  int2: 'smallint',
  int4: 'integer',
  int8: 'bigint',
  numeric: 'numeric{}',
  time: 'time{} without time zone',
  timestamp: 'timestamp{} without time zone',
  timestamptz: 'timestamp{} with time zone',
  timetz: 'time{} with time zone',
  varbit: 'bit varying{}',
  varchar: 'character varying{}',
};

/** By PostgreSQL's mask of interval fields. */
const INTERVAL_FIELDS: ReadonlyMap<number, string> = new Map([
  [1 << 2, 'year'],
  [1 << 1, 'month'],
  [1 << 3, 'day'],
  [1 << 10, 'hour'],
  [1 << 11, 'minute'],
  [1 << 12, 'second'],
  [(1 << 2) | (1 << 1), 'year to month'],
  [(1 << 3) | (1 << 10), 'day to hour'],
  [(1 << 3) | (1 << 10) | (1 << 11), 'day to minute'],
  [(1 << 3) | (1 << 10) | (1 << 11) | (1 << 12), 'day to second'],
  [(1 << 10) | (1 << 11), 'hour to minute'],
  [(1 << 10) | (1 << 11) | (1 << 12), 'hour to second'],
  [(1 << 11) | (1 << 12), 'minute to second'],
]);

/** A type as format_type() spells it. */
export function typeName(type: DataTypeDef): string {
  const array = type.arrayDimensions === undefined ? '' : '[]';
  return (type.setof ? 'SETOF ' : '') + baseTypeName(type) + array + (type.percentType ? '%TYPE' : '');
}

function baseTypeName(type: DataTypeDef): string {
  const config = type.config === undefined ? '' : `(${type.config.join(',')})`;
  if (type.schema !== undefined && type.schema !== 'pg_catalog') return qualifiedName({ schema: type.schema, name: type.name }) + config;
  // "char" is another type than char, which the grammar calls bpchar.
  if (type.name === 'char') return `"char"${config}`;
  if (type.name === 'interval') return intervalName(type.config);
  const spelling = SPELLINGS[type.name];
  return spelling === undefined ? quoteIdentifier(type.name) + config : spelling.includes('{}') ? spelling.replace('{}', config) : spelling;
}

function intervalName(config: readonly number[] | undefined): string {
  const [mask, precision] = config ?? [];
  const fields = mask === undefined ? undefined : INTERVAL_FIELDS.get(mask);
  return `interval${fields === undefined ? '' : ` ${fields}`}${precision === undefined ? '' : `(${precision})`}`;
}
