import type { BuiltinProc } from '../../../catalog/builtin/index.js';
import type { CatalogSnapshot } from '../../../catalog/catalog.js';
import type { RangeDescriptor } from '../../../catalog/descriptors.js';
import type { Oid } from '../../../commons/ids.js';
import { TypeOid } from '../../../types/oids.js';

const NONE: readonly BuiltinProc[] = Object.freeze([]);

/** The functions that come with a user's range type: they have its name, or its multirange's, and no descriptor of their own. */
export function rangeConstructors(catalog: CatalogSnapshot, schema: Oid, name: string): readonly BuiltinProc[] {
  const type = catalog.type(schema, name);
  if (type?.form !== 'range') return NONE;
  return name === type.multirangeName ? multirangeProcs(type) : rangeProcs(type);
}

function rangeProcs(range: RangeDescriptor): readonly BuiltinProc[] {
  const { oid, subtype } = range;
  return [
    procOf(range, range.name, oid, 'range_constructor2', [subtype, subtype], { strict: false }),
    procOf(range, range.name, oid, 'range_constructor3', [subtype, subtype, TypeOid.text], { strict: false }),
  ];
}

function multirangeProcs(range: RangeDescriptor): readonly BuiltinProc[] {
  const { oid, arrayType, multirangeName: name, multirangeType: result } = range;
  return [
    procOf(range, name, result, 'multirange_constructor0', []),
    procOf(range, name, result, 'multirange_constructor1', [oid]),
    procOf(range, name, result, 'multirange_constructor2', [arrayType], { variadic: oid }),
  ];
}

function procOf(
  range: RangeDescriptor,
  name: string,
  returnType: Oid,
  source: string,
  argTypes: readonly Oid[],
  { strict = true, variadic = 0 }: { readonly strict?: boolean; readonly variadic?: Oid } = {},
): BuiltinProc {
  return {
    oid: returnType,
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
    allArgTypes: undefined,
    argModes: undefined,
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
