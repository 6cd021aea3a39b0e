import { type BuiltinCatalog, type BuiltinProc, loadBuiltinCatalog } from '../../src/catalog/builtin/index.js';
import { SqlError } from '../../src/commons/sql-error.js';
import type { FunctionContext } from '../../src/executor/context.js';
import type { CallTypes } from '../../src/executor/functions/implementation.js';
import { createFunctionLibrary } from '../../src/executor/functions/index.js';
import type { FormatContext } from '../../src/types/format-context.js';
import { elementOidOf, type TypeName, TypeOid } from '../../src/types/oids.js';
import { codecFor } from '../../src/types/type-codec.js';
import { SqlArray, SqlRecord, type SqlValue } from '../../src/types/value.js';
import type { GoldenCase } from './case-line.js';

const catalog: BuiltinCatalog = loadBuiltinCatalog();
const library = createFunctionLibrary();

function oidOf(name: string): number {
  const isArray = name.endsWith('[]');
  const base = catalog.typeByName((isArray ? name.slice(0, -2) : name).replaceAll('"', ''));
  if (base === undefined) throw new Error(`no type ${name}`);
  return isArray ? base.array : base.oid;
}

const POLYMORPHIC: ReadonlySet<number> = new Set(
  (
    ['any', 'anyelement', 'anyarray', 'anynonarray', 'anycompatible', 'anycompatiblearray', 'anycompatiblenonarray'] satisfies TypeName[]
  ).map((name) => TypeOid[name]),
);

function accepts(declared: number, actual: number): boolean {
  if (declared === actual) return true;
  if (!POLYMORPHIC.has(declared)) return declared === TypeOid.record && codecFor(actual) === undefined;
  const isArray = elementOidOf(actual) !== undefined && actual !== TypeOid.oidvector && actual !== TypeOid.int2vector;
  if (declared === TypeOid.anyarray || declared === TypeOid.anycompatiblearray) return isArray;
  return declared === TypeOid.anynonarray || declared === TypeOid.anycompatiblenonarray ? !isArray : true;
}

function accordsWith(proc: BuiltinProc, types: readonly number[]): boolean {
  if (proc.variadic !== 0) {
    const fixed = proc.argTypes.length - 1;
    return types.length >= fixed && proc.argTypes.slice(0, fixed).every((declared, i) => accepts(declared, types[i] ?? 0));
  }
  return proc.argTypes.length === types.length && proc.argTypes.every((declared, i) => accepts(declared, types[i] ?? 0));
}

/** The best of a name's functions: most arguments of exactly the declared types. */
function findProc(test: GoldenCase, types: readonly number[]): BuiltinProc {
  const isArrayType = (type: number | undefined): boolean => type === TypeOid.anyarray || type === TypeOid.anycompatiblearray;
  const exact = (proc: BuiltinProc): number =>
    proc.argTypes.reduce((score, declared, i) => score + (declared === types[i] ? 2 : isArrayType(declared) ? 1 : 0), 0);
  const candidates = (test.kind === 'operator' ? operatorProcs(test.name, types) : catalog.procsByName(test.name))
    .filter((proc) => (proc.kind === 'a') === (test.kind === 'aggregate') && accordsWith(proc, types))
    .sort((a, b) => (a.variadic === 0 ? 0 : 1) - (b.variadic === 0 ? 0 : 1) || exact(b) - exact(a));
  const [best] = candidates;
  if (best === undefined) throw new Error(`no such function: ${test.line}`);
  return best;
}

function operatorProcs(name: string, types: readonly number[]): BuiltinProc[] {
  return catalog
    .operatorsByName(name)
    .filter((operator) => (operator.kind === 'l') === (types.length === 1))
    .map((operator) => catalog.procByOid(operator.proc))
    .filter((proc) => proc !== undefined);
}

function resultType(proc: BuiltinProc, types: readonly number[]): number {
  if (!POLYMORPHIC.has(proc.returnType)) return proc.returnType;
  const position = proc.argTypes.findIndex((declared) => POLYMORPHIC.has(declared) && declared !== TypeOid.any);
  const declared = proc.argTypes[position] ?? 0;
  const actual = types[position] ?? 0;
  const wantsArray = proc.returnType === TypeOid.anyarray || proc.returnType === TypeOid.anycompatiblearray;
  const isArray = declared === TypeOid.anyarray || declared === TypeOid.anycompatiblearray;
  if (wantsArray === isArray) return actual;
  return wantsArray ? (catalog.typeByOid(actual)?.array ?? 0) : (elementOidOf(actual) ?? 0);
}

function contextOf(settings: ReadonlyMap<string, string>): FunctionContext {
  const [dateStyle = 'ISO', dateOrder = 'MDY'] = (settings.get('DateStyle') ?? 'ISO, MDY').split(/, */);
  const format: FormatContext = {
    dateStyle: dateStyle as FormatContext['dateStyle'],
    dateOrder: dateOrder as FormatContext['dateOrder'],
    intervalStyle: (settings.get('IntervalStyle') ?? 'postgres') as FormatContext['intervalStyle'],
    timeZone: settings.get('TimeZone') ?? 'UTC',
    extraFloatDigits: 1,
    byteaOutput: 'hex',
    transactionStartMicros: 0,
  };
  // Only what pure functions look at; those that ask their session have tests of their own.
  return { format, session: {}, catalog: { builtin: catalog } } as unknown as FunctionContext;
}

function show(value: SqlValue, type: number, cx: FunctionContext): string | null {
  if (value === null) return null;
  const codec = codecFor(type);
  if (codec === undefined) throw new Error(`no codec for type ${type}`);
  return codec.output(value, cx.format);
}

function outTypes(proc: BuiltinProc): number[] {
  return (proc.allArgTypes ?? []).filter((_, i) => proc.argModes?.[i] === 'o' || proc.argModes?.[i] === 't');
}

/** The answer in the golden files' form. */
export function answer(test: GoldenCase): string {
  try {
    const cx = contextOf(test.settings);
    const types = test.args.map((arg) => oidOf(arg.type));
    const values = test.args.map((arg, i): SqlValue => {
      if (arg.text === null) return null;
      const codec = codecFor(types[i] ?? 0);
      if (codec === undefined) throw new Error(`no codec for ${arg.type}`);
      return codec.input(arg.text, cx.format, -1);
    });
    if (test.kind === 'cast') return `= ${JSON.stringify(castValue(test, types, values, cx))}`;
    if (test.kind === 'aggregate') return `= ${JSON.stringify(aggregate(test, types, values, cx))}`;
    const proc = findProc(test, types);
    const result = resultType(proc, types);
    const callTypes: CallTypes = {
      args: types,
      result,
      variadicArray: test.args.some((arg) => arg.variadic) && proc.variadic === TypeOid.any,
    };
    if (proc.strict && values.includes(null)) return proc.returnsSet ? '' : '= null';
    const args =
      test.kind === 'function' && proc.variadic !== 0 && proc.variadic !== TypeOid.any && !test.args.some((arg) => arg.variadic)
        ? packed(proc, values)
        : values;
    if (proc.returnsSet) {
      const call = library.set(proc.source, proc.oid, callTypes);
      if (call === undefined) throw new Error(`not implemented: ${proc.source}`);
      const columns = outTypes(proc);
      return [...call(args, cx)]
        .map((value) => (value instanceof SqlRecord ? [...value.values] : value))
        .map((row) =>
          Array.isArray(row)
            ? JSON.stringify(row.map((value, i) => show(value, columns[i] ?? 0, cx) ?? '\\N').join('|'))
            : JSON.stringify(show(row, result, cx)),
        )
        .map((text) => `= ${text}`)
        .join('\n');
    }
    const call = library.scalar(proc.source, proc.oid, callTypes);
    if (call === undefined) throw new Error(`not implemented: ${proc.source}`);
    return `= ${JSON.stringify(show((call as (...args: unknown[]) => SqlValue)(...args, cx), result, cx))}`;
  } catch (error) {
    if (!(error instanceof SqlError)) throw error;
    return `! ${error.code} ${error.message.replaceAll('\n', '\\n')}`;
  }
}

function packed(proc: BuiltinProc, values: readonly SqlValue[]): SqlValue[] {
  const fixed = proc.argTypes.length - 1;
  return [...values.slice(0, fixed), new SqlArray(values.slice(fixed))];
}

function castValue(test: GoldenCase, types: readonly number[], values: readonly SqlValue[], cx: FunctionContext): string | null {
  const [source = 0] = types;
  const [value = null] = values;
  const target = oidOf(test.name);
  const cast = catalog.castBetween(source, target);
  if (cast === undefined || value === null) throw new Error(`no cast: ${test.line}`);
  const proc = catalog.procByOid(cast.func);
  if (proc === undefined) return show(value, target, cx);
  const call = library.scalar(proc.source, proc.oid, { args: [source], result: target });
  if (call === undefined) throw new Error(`not implemented: ${proc.source}`);
  return show((call as (...args: unknown[]) => SqlValue)(value, cx), target, cx);
}

function aggregate(test: GoldenCase, types: readonly number[], values: readonly SqlValue[], cx: FunctionContext): string | null {
  const inputs = types.map((type) => elementOidOf(type) ?? 0);
  const proc = findProc(test, inputs);
  const result = resultType(proc, inputs);
  const call = library.aggregate(`${proc.name}(${proc.argTypes.join(',')})`, { args: inputs, result });
  if (call === undefined) throw new Error(`not implemented: ${proc.name}(${proc.argTypes.join(',')})`);
  let state = call.init(cx);
  const columns = values.map((value) => (value instanceof SqlArray ? value.elements : []));
  const count = types.length === 0 ? 3 : Math.max(0, ...columns.map((column) => column.length));
  for (let i = 0; i < count; i++) {
    const row = columns.map((column) => column[i] ?? null);
    if (!call.strict || !row.includes(null)) state = call.step(state, row, cx);
  }
  return show(call.final(state, cx), result, cx);
}
