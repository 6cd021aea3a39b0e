import type { Oid } from '../commons/ids.js';
import { TypeOid } from '../types/oids.js';
import type { BuiltinProc } from './builtin/index.js';
import type { CatalogSnapshot } from './catalog.js';
import type { RangeDescriptor } from './descriptors.js';

const NONE: readonly BuiltinProc[] = Object.freeze([]);

/** The functions that come with a user's range type: they have its name, or its multirange's, and no descriptor of their own. */
export function rangeConstructors(catalog: CatalogSnapshot, schema: Oid, name: string): readonly BuiltinProc[] {
  const type = catalog.type(schema, name);
  if (type?.form !== 'range') return NONE;
  return name === type.multirangeName ? multirangeProcs(type) : rangeProcs(type);
}

/** Those of all types: what pg_proc shows. A type of an older data directory has no numbers for them. */
export function* numberedConstructors(catalog: CatalogSnapshot): Iterable<{ readonly range: RangeDescriptor; readonly proc: BuiltinProc }> {
  for (const range of catalog.types()) {
    if (range.form !== 'range' || range.constructors === undefined) continue;
    for (const proc of rangeProcs(range)) yield { range, proc };
    for (const proc of multirangeProcs(range)) yield { range, proc };
  }
}

function rangeProcs(range: RangeDescriptor): readonly BuiltinProc[] {
  const { oid, subtype } = range;
  return [
    procOf(range, 0, range.name, oid, 'range_constructor2', [subtype, subtype], { strict: false }),
    procOf(range, 1, range.name, oid, 'range_constructor3', [subtype, subtype, TypeOid.text], { strict: false }),
  ];
}

function multirangeProcs(range: RangeDescriptor): readonly BuiltinProc[] {
  const { oid, arrayType, multirangeName: name, multirangeType: result } = range;
  return [
    procOf(range, 2, name, result, 'multirange_constructor0', []),
    procOf(range, 3, name, result, 'multirange_constructor1', [oid]),
    procOf(range, 4, name, result, 'multirange_constructor2', [arrayType], { variadic: oid }),
  ];
}

function procOf(
  range: RangeDescriptor,
  index: number,
  name: string,
  returnType: Oid,
  source: string,
  argTypes: readonly Oid[],
  { strict = true, variadic = 0 }: { readonly strict?: boolean; readonly variadic?: Oid } = {},
): BuiltinProc {
  return {
    oid: range.constructors?.[index] ?? returnType,
    name,
    namespace: range.schema,
    language: INTERNAL,
    source,
    kind: 'f',
    returnsSet: false,
    volatility: 'i',
    strict,
    returnType,
    argTypes,
    allArgTypes: variadic === 0 ? undefined : argTypes,
    argModes: variadic === 0 ? undefined : ['v'],
    argNames: undefined,
    variadic,
    defaults: 0,
    defaultTexts: [],
    cost: 1,
    rows: 0,
    support: 0,
    securityDefiner: false,
    leakproof: false,
    parallel: 's',
    acl: undefined,
  };
}

/** pg_language.oid */
const INTERNAL = 12;
