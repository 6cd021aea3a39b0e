import type { BuiltinCatalog } from '../../src/catalog/builtin/index.js';
import {
  type CoercionContext,
  type CoercionPath,
  coercionPath,
  fitsAll,
  functionError,
  isRowType,
  operatorError,
  resolveFunction,
  resolveOperator,
  resolveScalarArrayOperator,
  selectCommonType,
} from '../../src/catalog/builtin/index.js';
import { formatType } from '../../src/types/format-type.js';
import { TypeOid } from '../../src/types/oids.js';

/** A line of the golden file (scripts/generate-resolution-golden.mjs): the question, and PostgreSQL's answer. */
export type GoldenRow =
  | ['infix' | 'any', string, [number, number], ...Answer]
  | ['prefix', string, [number], ...Answer]
  | ['function', string, number[], string[], boolean, ...Answer]
  | ['common', number[], number | string, string?]
  | ['order', number, number, number]
  | ['cast', number, number[], string[], string[]];
/** Object, result type, argument types; or SQLSTATE and message. */
type Answer = [number, number, number[]] | [string, string];

/** Our answer to the row's question, in the row's form. */
export function answer(catalog: BuiltinCatalog, row: GoldenRow): unknown[] {
  switch (row[0]) {
    case 'infix':
    case 'any':
      return [row[0], row[1], row[2], ...operatorAnswer(catalog, row[0] === 'any', row[1], row[2][0], row[2][1])];
    case 'prefix':
      return [row[0], row[1], row[2], ...operatorAnswer(catalog, false, row[1], undefined, row[2][0])];
    case 'function':
      return [row[0], row[1], row[2], row[3], row[4], ...functionAnswer(catalog, row[1], row[2], row[3], row[4])];
    case 'common':
      return ['common', row[1], ...commonAnswer(catalog, row[1])];
    case 'order':
      return ['order', row[1], catalog.lessThanOperator(row[1]), catalog.equalityOperator(row[1])];
    case 'cast':
      return ['cast', row[1], row[2], castAnswers(catalog, row[1], row[2], 'explicit'), castAnswers(catalog, row[1], row[2], 'assignment')];
  }
}

function operatorAnswer(catalog: BuiltinCatalog, any: boolean, name: string, left: number | undefined, right: number): unknown[] {
  const candidates = catalog.operatorsByName(name);
  const found =
    any && left !== undefined
      ? resolveScalarArrayOperator(catalog, candidates, left, right, (proc) => catalog.procByOid(proc)?.returnsSet === true)
      : resolveOperator(catalog, candidates, left, right);
  if (found.kind !== 'operator') {
    // Messages about ANY name the element.
    const element = any ? (catalog.typeByOid(right)?.element ?? 0) || right : right;
    const error = operatorError(found, name, left, element, formatType);
    return [error.code, error.message];
  }
  return [
    found.operator.oid,
    found.result,
    left === undefined ? [found.right] : [asRow(catalog, found.left, left), asRow(catalog, found.right, right)],
  ];
}

/** PostgreSQL's tree leaves a composite value as it is where any record will do. */
function asRow(catalog: BuiltinCatalog, wanted: number, given: number): number {
  return wanted === TypeOid.record && isRowType(catalog, given) ? given : wanted;
}

function functionAnswer(catalog: BuiltinCatalog, name: string, argTypes: number[], argNames: string[], variadic: boolean): unknown[] {
  const namedType = catalog.typeByName(name)?.oid;
  const call = { argTypes, argNames, variadic, ...(namedType === undefined ? {} : { namedType }) };
  const found = resolveFunction(catalog, catalog.procsByName(name), call);
  if (found.kind === 'cast') return [0, found.type, []];
  if (found.kind !== 'function') {
    const error = functionError(found, name, call, formatType);
    return [error.code, error.message];
  }
  const types = found.argTypes.map((type, i) => (type === TypeOid.any ? (argTypes[i] ?? 0) : asRow(catalog, type, argTypes[i] ?? 0)));
  if (found.variadicCount > 0) types.splice(types.length - found.variadicCount, found.variadicCount, found.variadicArray);
  return [found.proc.oid, found.returnType, types];
}

function commonAnswer(catalog: BuiltinCatalog, arms: number[]): unknown[] {
  const common = selectCommonType(catalog, arms);
  if ('mismatch' in common) {
    const [a, b] = common.mismatch;
    return ['42804', `COALESCE types ${formatType(a)} and ${formatType(b)} cannot be matched`];
  }
  if (fitsAll(catalog, common.type, arms)) return [common.type];
  const arm = arms.find((type) => !fitsAll(catalog, common.type, [type])) ?? 0;
  return ['42846', `COALESCE could not convert type ${formatType(arm)} to ${formatType(common.type)}`];
}

function castAnswers(catalog: BuiltinCatalog, from: number, targets: number[], context: CoercionContext): string[] {
  const refusal = context === 'explicit' ? '42846' : '42804';
  return targets.map((to) => {
    const path = coercionPath(catalog, from, to, context);
    return path === undefined ? refusal : nameOf(path);
  });
}

function nameOf(path: CoercionPath): string {
  return path.kind === 'function' ? `function ${path.proc}` : path.kind;
}
