import { ArrayOid, TypeOid } from '../../src/types/oids.js';
import { typmodIn } from '../../src/types/type-codec.js';
import { IntervalMask as M } from '../../src/types/typmod.js';

const FIELDS: Readonly<Record<string, number>> = {
  year: M.year,
  month: M.month,
  day: M.day,
  hour: M.hour,
  minute: M.minute,
  second: M.second,
};
const ORDER = ['year', 'month', 'day', 'hour', 'minute', 'second'];

/** The OID and typmod of a type's SQL name as the golden cases write it. */
export function typeOfSql(sql: string): { oid: number; typmod: number } {
  const interval = /^interval(?: (\w+)(?: to (\w+))?)?(?:\((\d)\))?$/.exec(sql);
  if (interval !== null) {
    const [, from, to = from, precision] = interval;
    let mask: number = from === undefined ? M.fullRange : 0;
    if (from !== undefined && to !== undefined) {
      const start = ORDER.indexOf(from);
      const end = ORDER.indexOf(to);
      for (const field of ORDER.slice(start, end + 1)) mask |= FIELDS[field] ?? 0;
    }
    const modifiers = precision === undefined ? [mask] : [mask, Number(precision)];
    return { oid: TypeOid.interval, typmod: typmodIn(TypeOid.interval, modifiers) };
  }
  const match = /^("?\w+"?)(?:\(([-\d,]+)\))?(\[\])?$/.exec(sql);
  const [, name = '', modifierText, brackets] = match ?? [];
  const typname = (name === '"char"' ? 'char' : name === 'char' ? 'bpchar' : name) as keyof typeof TypeOid;
  const modifiers = modifierText?.split(',').map(Number) ?? (name === 'char' ? [1] : []);
  const base = TypeOid[typname];
  const typmod = typmodIn(base, modifiers);
  return { oid: brackets === undefined ? base : ArrayOid[typname as keyof typeof ArrayOid], typmod };
}
