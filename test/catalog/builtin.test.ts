import { describe, expect, it } from 'vitest';
import {
  BTREE_METHOD,
  formatOperator,
  formatSignature,
  functionError,
  HASH_METHOD,
  KALAMDB_NAMESPACE,
  loadBuiltinCatalog,
  operatorError,
  typmodCoercion,
} from '../../src/catalog/builtin/index.js';
import { formatType } from '../../src/types/format-type.js';
import { ArrayOid, arrayOidOf, TypeOid } from '../../src/types/oids.js';

const catalog = loadBuiltinCatalog();

describe('look-ups', () => {
  it('finds types by number and by name', () => {
    expect(catalog.typeByOid(TypeOid.int4)).toMatchObject({
      name: 'int4',
      length: 4,
      byValue: true,
      kind: 'b',
      category: 'N',
      preferred: false,
    });
    expect(catalog.typeByName('int4')?.oid).toBe(TypeOid.int4);
    expect(catalog.typeByName('sql_identifier')).toBeUndefined();
    const informationSchema = catalog.namespaces().find((namespace) => namespace.name === 'information_schema')?.oid;
    expect(catalog.typeByName('sql_identifier', informationSchema)).toMatchObject({ kind: 'd', baseType: TypeOid.name });
  });

  it('agrees with the numbers of the types room', () => {
    for (const [name, oid] of Object.entries(TypeOid)) {
      expect(catalog.typeByOid(oid)?.name).toBe(name);
      expect(catalog.typeByOid(oid)?.array || undefined).toBe(arrayOidOf(oid));
    }
  });

  it('has each number once', () => {
    for (const rows of [catalog.types(), catalog.procs(), catalog.operators(), catalog.opclasses(), catalog.systemRelations()]) {
      expect(new Set(rows.map((row) => row.oid)).size).toBe(rows.length);
    }
  });

  it('finds functions, with their defaults', () => {
    const [set] = catalog.procsByName('jsonb_set');
    expect(set).toMatchObject({
      source: 'jsonb_set',
      argTypes: [TypeOid.jsonb, ArrayOid.text, TypeOid.jsonb, TypeOid.bool],
      defaultTexts: ['true'],
    });
    expect(catalog.procsByName('lpad').map((proc) => proc.source)).toEqual(['lpad', 'lpad(text,int4)']);
    expect(catalog.procs().every((proc) => proc.defaults === proc.defaultTexts.length)).toBe(true);
    expect(catalog.procsByName('no_such_function')).toEqual([]);
  });

  it('knows KalamDB’s own functions', () => {
    expect(catalog.procsByName('user_id')).toEqual([]);
    expect(catalog.procsByName('user_id', KALAMDB_NAMESPACE.oid)).toMatchObject([{ returnType: TypeOid.text, source: 'kalamdb_user_id' }]);
    expect(catalog.namespaces()).toContainEqual(KALAMDB_NAMESPACE);
  });

  it('finds aggregates and casts', () => {
    const max = catalog.procsByName('max').find((proc) => proc.argTypes[0] === TypeOid.int4);
    expect(catalog.aggregateByProc(max?.oid ?? 0)).toMatchObject({ kind: 'n', transitionType: TypeOid.int4, sortOperator: 521 });
    expect(catalog.castBetween(TypeOid.int4, TypeOid.int8)).toMatchObject({ context: 'i', method: 'f' });
    expect(catalog.castsFrom(TypeOid.bool).map((cast) => cast.target)).toContain(TypeOid.int4);
  });

  it('refers only to what is there', () => {
    const missing = catalog.operators().filter((operator) => catalog.procByOid(operator.proc) === undefined);
    expect(missing).toEqual([]);
    expect(catalog.casts().filter((cast) => cast.func !== 0 && catalog.procByOid(cast.func) === undefined)).toEqual([]);
  });

  it('describes the system’s own relations and settings', () => {
    const pgClass = catalog.systemRelations().find((relation) => relation.name === 'pg_class');
    expect(pgClass?.columns.slice(0, 2).map((column) => column.name)).toEqual(['oid', 'relname']);
    expect(catalog.settings().find((setting) => setting.name === 'work_mem')).toMatchObject({
      unit: 'kB',
      type: 'integer',
      bootValue: '4096',
    });
    expect(catalog.settings().flatMap((setting) => (setting.reported ? [setting.name] : []))).toContain('TimeZone');
  });
});

describe('operator classes', () => {
  it('serve types that are binary-coercible to theirs', () => {
    expect(catalog.defaultOpclass(TypeOid.varchar, BTREE_METHOD)?.name).toBe('text_ops');
    expect(catalog.defaultOpclass(TypeOid.varchar, HASH_METHOD)?.name).toBe('text_ops');
    expect(catalog.btreeOperator(TypeOid.varchar, 3)).toBe(98);
    expect(catalog.amopsByOperator(96).find((amop) => amop.method === BTREE_METHOD)?.strategy).toBe(3);
  });

  it('order arrays and rows only by what has an order', () => {
    expect(catalog.lessThanOperator(ArrayOid.int4)).toBe(1072);
    expect(catalog.lessThanOperator(ArrayOid.json)).toBe(0);
    expect(catalog.equalityOperator(TypeOid.json)).toBe(0);
    expect(catalog.lessThanOperator(TypeOid.xid)).toBe(0);
    expect(catalog.equalityOperator(TypeOid.xid)).toBe(352);
  });

  it('know what fits a value to its modifier', () => {
    expect(typmodCoercion(catalog, TypeOid.varchar)).toEqual({ proc: 669, each: false });
    expect(typmodCoercion(catalog, ArrayOid.numeric)).toEqual({ proc: 1703, each: true });
    expect(typmodCoercion(catalog, TypeOid.int4)).toBeUndefined();
  });
});

describe('texts', () => {
  it('words calls and operators', () => {
    expect(formatSignature('foo', [TypeOid.int4, TypeOid.unknown], ['b'], formatType)).toBe('foo(integer, b => unknown)');
    expect(formatOperator('+', TypeOid.int4, TypeOid.bool, formatType)).toBe('integer + boolean');
    expect(formatOperator('-', undefined, TypeOid.bool, formatType)).toBe('- boolean');
  });

  it('gives errors their hints', () => {
    const call = { argTypes: [TypeOid.int4] };
    expect(functionError({ kind: 'undefined' }, 'foo', call, formatType, 7)).toMatchObject({
      code: '42883',
      message: 'function foo(integer) does not exist',
      fields: { hint: 'No function matches the given name and argument types. You might need to add explicit type casts.', position: 7 },
    });
    expect(operatorError({ kind: 'undefined' }, '-', undefined, TypeOid.bool, formatType).fields.hint).toBe(
      'No operator matches the given name and argument type. You might need to add an explicit type cast.',
    );
  });
});
