import { describe, expect, it } from 'vitest';
import {
  type BuiltinProc,
  type BuiltinType,
  coercionPath,
  type FunctionCall,
  type FunctionResolution,
  loadBuiltinCatalog,
  resolveFunction,
  resolveOperator,
  selectCommonType,
  type TypeSource,
} from '../../src/catalog/builtin/index.js';
import { ArrayOid, TypeOid } from '../../src/types/oids.js';

// Users' functions and types, where the rules go beyond what pg_catalog's own functions can show. All expectations were tried in PostgreSQL 15.

const builtin = loadBuiltinCatalog();
const { int4, numeric, text, unknown, anyelement, anyarray, anyenum } = TypeOid;

const MOOD = 20001;
const POSINT = 20003;
const INTS = 20005;
const userTypes = new Map<number, BuiltinType>();
function addType(oid: number, name: string, like: number, more: Partial<BuiltinType>): void {
  const base = builtin.typeByOid(like);
  const intArray = builtin.typeByOid(ArrayOid.int4);
  if (base === undefined || intArray === undefined) throw new Error(`no type ${like}`);
  userTypes.set(oid, { ...base, oid, name, array: oid + 1, isArray: false, ...more });
  userTypes.set(oid + 1, { ...intArray, oid: oid + 1, name: `_${name}`, element: oid });
}
addType(MOOD, 'mood', int4, { kind: 'e', category: 'E', preferred: false });
addType(POSINT, 'posint', int4, { kind: 'd', baseType: int4 });
addType(INTS, 'ints', ArrayOid.int4, { kind: 'd', baseType: ArrayOid.int4, element: 0 });

const types: TypeSource = {
  typeByOid: (oid) => userTypes.get(oid) ?? builtin.typeByOid(oid),
  castBetween: (source, target) => builtin.castBetween(source, target),
  rangeByType: (oid) => builtin.rangeByType(oid),
  rangeByMultirange: (oid) => builtin.rangeByMultirange(oid),
};

let nextOid = 30001;
function proc(argTypes: number[], more: Partial<BuiltinProc> = {}): BuiltinProc {
  const like = builtin.procByOid(177);
  if (like === undefined) throw new Error('no int4pl');
  return { ...like, oid: nextOid++, name: 'f', namespace: 2200, argTypes, defaultTexts: [], ...more };
}

function resolve(procs: BuiltinProc[], argTypes: number[], more: Partial<FunctionCall> = {}): FunctionResolution {
  return resolveFunction(types, procs, { argTypes, ...more });
}

function chosen(procs: BuiltinProc[], argTypes: number[], more: Partial<FunctionCall> = {}): string | number {
  const found = resolve(procs, argTypes, more);
  return found.kind === 'function' ? procs.indexOf(found.proc) : found.kind;
}

describe('defaults', () => {
  it('makes a call ambiguous that needs them where another function does not', () => {
    const procs = [proc([int4]), proc([int4, int4], { defaults: 1, defaultTexts: ['1'] })];
    expect(chosen(procs, [int4])).toBe('ambiguous');
    expect(chosen(procs, [int4, int4])).toBe(1);
    expect(chosen(procs, [int4, int4, int4])).toBe('undefined');
  });

  it('takes arguments by name, the rest by default', () => {
    const procs = [proc([int4, text, numeric], { argNames: ['a', 'b', 'c'], defaults: 2, defaultTexts: ["'x'::text", '0'] })];
    expect(resolve(procs, [int4, int4], { argNames: ['c', 'a'] })).toMatchObject({
      argTypes: [numeric, int4],
      order: [1, -1, 0],
      defaulted: [{ parameter: 1, text: "'x'::text", type: text }],
    });
    expect(resolve(procs, [int4, int4], { argNames: ['c'] })).toMatchObject({ argTypes: [int4, numeric], order: [0, -1, 1] });
    expect(resolve(procs, [int4])).toMatchObject({ order: [0, -1, -1] });
    expect(chosen(procs, [unknown], { argNames: ['b'] })).toBe('undefined');
    expect(chosen(procs, [int4, int4], { argNames: ['a'] })).toBe('undefined');
  });
});

describe('variadic', () => {
  const procs = [proc([ArrayOid.int4], { variadic: int4 }), proc([int4])];

  it('gives way to a function without', () => {
    expect(chosen(procs, [int4])).toBe(1);
    expect(resolve(procs, [int4, unknown])).toMatchObject({ argTypes: [int4, int4], variadicCount: 2, variadicArray: ArrayOid.int4 });
  });

  it('takes an array after the word VARIADIC', () => {
    expect(resolve(procs, [ArrayOid.int4], { variadic: true })).toMatchObject({ argTypes: [ArrayOid.int4], variadicCount: 0 });
    expect(chosen(procs, [unknown], { variadic: true })).toBe('ambiguous');
  });

  it('is ambiguous when two are spread to the same arguments', () => {
    const both = [proc([numeric, ArrayOid.numeric], { variadic: numeric }), proc([ArrayOid.numeric], { variadic: numeric })];
    expect(chosen(both, [int4, int4])).toBe('ambiguous');
  });

  it('goes with named arguments only by its own name and the word', () => {
    const named = [proc([int4, ArrayOid.int4], { variadic: int4, argNames: ['a', 'b'], argModes: ['i', 'v'] })];
    expect(chosen(named, [int4, ArrayOid.int4], { argNames: ['a', 'b'], variadic: true })).toBe(0);
    expect(chosen(named, [int4, ArrayOid.int4], { argNames: ['b'] })).toBe('undefined');
  });

  it('finds the array type of a polymorphic one', () => {
    const any = [proc([anyarray], { variadic: anyelement, returnType: anyelement })];
    expect(resolve(any, [int4, int4])).toMatchObject({ returnType: int4, variadicArray: ArrayOid.int4, variadicCount: 2 });
    expect(resolve(any, [POSINT, unknown])).toMatchObject({ returnType: POSINT, variadicArray: POSINT + 1 });
    expect(resolve(any, [INTS], { variadic: true })).toMatchObject({ returnType: int4, argTypes: [ArrayOid.int4] });
  });
});

describe('the search path', () => {
  it('hides equal functions of later schemas, not better ones', () => {
    expect(chosen([proc([int4], { namespace: 1 }), proc([int4], { namespace: 2 })], [int4])).toBe(0);
    expect(chosen([proc([numeric], { namespace: 1 }), proc([int4], { namespace: 2 })], [int4])).toBe(1);
  });
});

describe('polymorphic types', () => {
  const pair = [proc([anyelement, anyelement], { returnType: anyarray })];

  it('must be one type, unknown literals aside', () => {
    expect(chosen(pair, [int4, numeric])).toBe('undefined');
    expect(chosen(pair, [POSINT, int4])).toBe('undefined');
    expect(resolve(pair, [int4, unknown])).toMatchObject({ argTypes: [int4, int4], returnType: ArrayOid.int4 });
    expect(resolve(pair, [INTS, unknown])).toMatchObject({ returnType: INTS + 1 });
    expect(resolve(pair, [unknown, unknown])).toEqual({ kind: 'polymorphic', failure: { kind: 'undetermined' } });
  });

  it('take enums where only these fit', () => {
    const anEnum = [proc([anyenum], { returnType: text })];
    expect(chosen(anEnum, [MOOD])).toBe(0);
    expect(chosen(anEnum, [unknown])).toBe('undefined');
    expect(chosen(anEnum, [int4])).toBe('undefined');
    expect(resolveOperator(types, builtin.operatorsByName('='), MOOD, unknown)).toMatchObject({
      left: MOOD,
      right: MOOD,
      result: TypeOid.bool,
    });
  });
});

describe('domains', () => {
  it('are their base types to operators and functions', () => {
    expect(resolveOperator(types, builtin.operatorsByName('+'), POSINT, int4)).toMatchObject({ left: int4, right: int4, result: int4 });
    expect(resolveFunction(types, builtin.procsByName('array_append'), { argTypes: [INTS, int4] })).toMatchObject({
      returnType: ArrayOid.int4,
    });
  });

  it('stay only where all arms have the same', () => {
    expect(selectCommonType(types, [POSINT, int4])).toEqual({ type: int4 });
    expect(selectCommonType(types, [POSINT, POSINT])).toEqual({ type: POSINT });
  });

  it('are reached by way of their base types', () => {
    expect(coercionPath(types, numeric, POSINT, 'assignment')).toMatchObject({ kind: 'function' });
    expect(coercionPath(types, numeric, POSINT, 'implicit')).toBeUndefined();
    expect(coercionPath(types, POSINT, TypeOid.int8, 'implicit')).toMatchObject({ kind: 'function' });
  });
});
