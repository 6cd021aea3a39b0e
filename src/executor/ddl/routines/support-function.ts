import { type BuiltinProc, coercionPath, isPolymorphic, resolveFunction } from '../../../catalog/builtin/index.js';
import { procsNamed } from '../../../catalog/made-routines.js';
import type { Oid } from '../../../commons/ids.js';
import { SqlError } from '../../../commons/sql-error.js';
import { SqlState } from '../../../commons/sqlstates.js';
import { TypeLookup } from '../../../planner/bind/type-lookup.js';
import type { DefElement, DefValue, QName } from '../../../planner/parse/ast.js';
import type { UtilityContext } from '../context.js';
import { catalogOf, nameText } from '../names.js';
import { searched, signature } from './find.js';

/** Functions that aggregates, operators and casts are made of: named in options, found by the types that they are called with. */

/** A name in an option: a bare word, a list of parts, or what the grammar took for a type. */
export function optionName(value: DefValue | undefined): QName {
  switch (value?.type) {
    case 'string':
      return { name: value.value };
    case 'list': {
      const parts = value.values.map((part) => (part.type === 'string' ? part.value : ''));
      const [first = '', second] = parts;
      return second === undefined ? { name: first } : { schema: first, name: second };
    }
    case 'type': {
      const { schema, name } = value.dataType;
      return schema === undefined ? { name } : { schema, name };
    }
    case 'name':
      return value.name;
    default:
      return { name: '' };
  }
}

export function optionText({ name, value }: DefElement): string {
  if (value?.type === 'string') return value.value;
  if (value?.type === 'integer') return String(value.value);
  if (value?.type === 'numeric') return value.text;
  if (value?.type === 'type') return value.dataType.name;
  throw new SqlError(SqlState.syntaxError, `${name} requires a parameter`);
}

export function optionFlag({ name, value }: DefElement): boolean {
  if (value === undefined) return true;
  if (value.type === 'boolean') return value.value;
  if (value.type === 'integer' && (value.value === 0 || value.value === 1)) return value.value === 1;
  const text = value.type === 'string' ? value.value : value.type === 'type' ? value.dataType.name : '';
  if (/^(true|on)$/i.test(text)) return true;
  if (/^(false|off)$/i.test(text)) return false;
  throw new SqlError(SqlState.syntaxError, `${name} requires a Boolean value`);
}

export interface SupportFunction {
  readonly proc: BuiltinProc;
  /** With polymorphic types as far as the arguments settle them. */
  readonly returnType: Oid;
}

/** @throws SqlError 42883, 42804 */
export function supportFunction(name: QName, argTypes: readonly Oid[], cx: UtilityContext): SupportFunction {
  const catalog = catalogOf(cx);
  const types = new TypeLookup(catalog);
  const procs = searched(name, cx).flatMap((schema) => procsNamed(catalog, schema, name.name));
  const exact = procs.find((proc) => proc.argTypes.length === argTypes.length && proc.argTypes.every((type, i) => type === argTypes[i]));
  if (exact !== undefined) return { proc: exact, returnType: exact.returnType };
  const found = resolveFunction(types, procs, { argTypes });
  const shown = () => signature(nameText(name), argTypes, cx);
  if (found.kind !== 'function' || found.proc.kind !== 'f') {
    throw new SqlError(SqlState.undefinedFunction, `function ${shown()} does not exist`);
  }
  if (found.proc.returnsSet) throw new SqlError(SqlState.datatypeMismatch, `function ${shown()} returns a set`);
  for (const [i, given] of argTypes.entries()) {
    const wanted = found.argTypes[i] ?? given;
    if (isPolymorphic(given) || isPolymorphic(wanted)) continue;
    const path = coercionPath(types, given, wanted, 'implicit');
    if (path?.kind === 'none' || path?.kind === 'relabel') continue;
    throw new SqlError(SqlState.datatypeMismatch, `function ${shown()} requires run-time type coercion`);
  }
  return { proc: found.proc, returnType: found.returnType };
}
