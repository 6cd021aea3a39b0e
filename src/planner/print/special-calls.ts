import { quoteIdentifier } from '../../catalog/definitions/index.js';
import type { BoundCall, BoundExpr } from '../bind/expression.js';
import type { Printer } from './printer.js';

/** Calls that SQL writes with keywords between their arguments (get_func_sql_syntax). */
type Form = (p: Printer, args: readonly BoundExpr[], call: BoundCall) => boolean;

/** `EXTRACT(0 FROM 1)`: digits stand for arguments, f for a field's bare word. */
function template(text: string): Form {
  return (p, args) => {
    for (const piece of text.split(/(\d)/)) {
      const arg = /^\d$/.test(piece) ? args[Number(piece)] : undefined;
      if (arg === undefined) p.put(piece);
      else p.expr(arg, false);
    }
    return true;
  };
}

function byCount(...templates: readonly (readonly [count: number, text: string])[]): Form {
  return (p, args, call) => {
    const found = templates.find(([count]) => count === args.length);
    return found !== undefined && template(found[1])(p, args, call);
  };
}

const extract: Form = (p, [field, source]) => {
  if (field?.kind !== 'const' || typeof field.value !== 'string' || source === undefined) return false;
  p.put(`EXTRACT(${quoteIdentifier(field.value)} FROM `);
  p.expr(source, false);
  p.put(')');
  return true;
};

const normalForm =
  (shape: readonly [string, string, string]): Form =>
  (p, [text, form]) => {
    if (text === undefined) return false;
    p.put(shape[0]);
    p.expr(text, false);
    p.put(shape[1]);
    if (form?.kind === 'const' && typeof form.value === 'string') p.put(shape[1] === '' ? `, ${form.value}` : ` ${form.value}`);
    p.put(shape[2]);
    return true;
  };

const FORMS: Readonly<Record<string, Form>> = {
  timezone: (p, [zone, time], call) => {
    if (zone === undefined || time === undefined) return false;
    p.put('(');
    p.within(time, false, call);
    p.put(' AT TIME ZONE ');
    p.within(zone, false, call);
    p.put(')');
    return true;
  },
  pg_collation_for: byCount([1, 'COLLATION FOR (0)']),
  overlaps: template('((0, 1) OVERLAPS (2, 3))'),
  extract,
  is_normalized: normalForm(['(', ' IS', ' NORMALIZED)']),
  normalize: normalForm(['NORMALIZE(', '', ')']),
  overlay: byCount([3, 'OVERLAY(0 PLACING 1 FROM 2)'], [4, 'OVERLAY(0 PLACING 1 FROM 2 FOR 3)']),
  position: template('POSITION((1) IN (0))'),
  substring: byCount([2, 'SUBSTRING(0 FROM 1)'], [3, 'SUBSTRING(0 FROM 1 FOR 2)']),
  btrim: byCount([1, 'TRIM(BOTH FROM 0)'], [2, 'TRIM(BOTH 1 FROM 0)']),
  ltrim: byCount([1, 'TRIM(LEADING FROM 0)'], [2, 'TRIM(LEADING 1 FROM 0)']),
  rtrim: byCount([1, 'TRIM(TRAILING FROM 0)'], [2, 'TRIM(TRAILING 1 FROM 0)']),
};
const TEXT = 25;

/** False: there is no such form of it. */
export function printSpecialCall(p: Printer, call: BoundCall): boolean {
  const { name } = call;
  const args = call.written?.map(({ arg }) => arg) ?? call.args;
  if (name === 'substring' && args[1]?.type === TEXT) {
    // Three texts: a regular expression of SQL. Two are a call like any other.
    return args.length === 3 && template('SUBSTRING(0 SIMILAR 1 ESCAPE 2)')(p, args, call);
  }
  return Object.hasOwn(FORMS, name) ? (FORMS[name]?.(p, args, call) ?? false) : false;
}
