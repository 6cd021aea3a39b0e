import { describe, expect, it } from 'vitest';
import {
  constraintDefinition,
  indexColumnDefinition,
  indexDefinition,
  parenthesized,
  quoteIdentifier,
  typeName,
  viewDefinition,
  withoutOuterParentheses,
} from '../../src/catalog/definitions/index.js';
import type { Constraint, IndexColumn, IndexDescriptor, TableDescriptor } from '../../src/catalog/descriptors.js';
import { assert } from '../../src/commons/assert.js';
import { ArrayOid, TypeOid } from '../../src/types/oids.js';
import { catalogOf, index, key, Oid } from './virtual-fixture.js';

const catalog = catalogOf();
const isVisible = () => true;

function tableOf(oid: number): TableDescriptor {
  const table = catalog.relationByOid(oid);
  assert(table?.kind === 'table', `${oid} is a table`);
  return table;
}

function constraintNamed(table: TableDescriptor, name: string): Constraint {
  const constraint = table.constraints.find((candidate) => candidate.name === name);
  assert(constraint !== undefined, `${table.name} has ${name}`);
  return constraint;
}

describe('names', () => {
  it('are quoted where SQL needs it', () => {
    expect(['plain', 'With Space', 'select', 'name', 'a"b', '1st', 'größe', 'between', 'text'].map(quoteIdentifier)).toEqual([
      'plain',
      '"With Space"',
      '"select"',
      'name',
      '"a""b"',
      '"1st"',
      '"größe"',
      '"between"',
      'text',
    ]);
  });

  it('of types tell schemas, arrays and rows', () => {
    expect(typeName(catalog, TypeOid.varchar, 104)).toBe('character varying(100)');
    expect(typeName(catalog, ArrayOid.numeric, 786438)).toBe('numeric(12,2)[]');
    expect(typeName(catalog, Oid.users + 1)).toBe('app.users');
    expect(typeName(catalog, Oid.users + 2, null, isVisible)).toBe('users[]');
    expect(typeName(catalog, 83)).toBe('pg_class');
    expect(typeName(catalog, 13226)).toBe('information_schema.sql_identifier');
    expect(typeName(catalog, 999_999)).toBe('???');
  });
});

describe('constraints', () => {
  const definition = (oid: number, name: string, pretty = false) =>
    constraintDefinition(catalog, tableOf(oid), constraintNamed(tableOf(oid), name), pretty ? { pretty, isVisible } : {});

  it('are defined as PostgreSQL prints them', () => {
    expect(definition(Oid.users, 'users_age_check')).toBe('CHECK ((age > 0))');
    expect(definition(Oid.users, 'users_age_check', true)).toBe('CHECK (age > 0)');
    expect(definition(Oid.postTags, 'post_tags_pkey')).toBe('PRIMARY KEY (post_id, tag_id)');
    expect(definition(Oid.tags, 'tags_label_key')).toBe('UNIQUE (label) DEFERRABLE INITIALLY DEFERRED');
    expect(definition(Oid.posts, 'posts_user_id_fkey', true)).toBe('FOREIGN KEY (user_id) REFERENCES users(id) ON DELETE CASCADE');
    expect(definition(Oid.postTags, 'Tag')).toBe(
      'FOREIGN KEY (tag_id) REFERENCES app.tags(id) ON UPDATE SET NULL ON DELETE RESTRICT DEFERRABLE',
    );
  });

  it('say when they were never checked', () => {
    const check = { kind: 'check', oid: 1, name: 'c', exprText: 'a OR b', columns: [], validated: false, noInherit: true } as const;
    expect(constraintDefinition(catalog, tableOf(Oid.users), check)).toBe('CHECK ((a OR b)) NO INHERIT NOT VALID');
  });
});

describe('indexes', () => {
  const found = (oid: number): IndexDescriptor => {
    const relation = catalog.relationByOid(oid);
    assert(relation?.kind === 'index', `${oid} is an index`);
    return relation;
  };
  const of = (keys: readonly IndexColumn[], more: Partial<IndexDescriptor> = {}) =>
    indexDefinition(catalog, index(1, 'Ix', Oid.users, keys, more), { pretty: true, isVisible });

  it('are defined as PostgreSQL prints them', () => {
    expect(indexDefinition(catalog, found(16425))).toBe(
      'CREATE INDEX users_age ON app.users USING btree (age DESC NULLS LAST, name NULLS FIRST)',
    );
    expect(indexDefinition(catalog, found(16426))).toBe(
      'CREATE UNIQUE INDEX users_lower ON app.users USING btree (lower(email), ((age + 1)), born) INCLUDE (active) WHERE active',
    );
    expect(indexDefinition(catalog, found(16426), { pretty: true, isVisible })).toContain('ON users USING btree (lower(email), (age + 1)');
    expect([1, 2, 4, 5].map((position) => indexColumnDefinition(catalog, found(16426), position))).toEqual([
      'lower(email)',
      '((age + 1))',
      'active',
      '',
    ]);
  });

  it('show what is not the default', () => {
    const patterns = catalog.builtin.opclasses().find((opclass) => opclass.name === 'text_pattern_ops' && opclass.method === 403);
    expect(of([key(3, TypeOid.text, { collation: 950, opclass: patterns?.oid ?? 0, descending: true, nullsFirst: true })])).toBe(
      'CREATE INDEX "Ix" ON users USING btree (email COLLATE "C" text_pattern_ops DESC)',
    );
    expect(of([key(1, TypeOid.int4, { descending: true })], { method: 'hash' })).toBe('CREATE INDEX "Ix" ON users USING hash (id)');
    expect(of([key(1, TypeOid.int4)], { unique: true, nullsNotDistinct: true, predicateText: '(id > 5)' })).toBe(
      'CREATE UNIQUE INDEX "Ix" ON users USING btree (id) NULLS NOT DISTINCT WHERE id > 5',
    );
  });
});

describe('expressions', () => {
  it('get parentheses where they have none', () => {
    expect(
      ['a > 0', '(a > 0)', '(a) AND (b)', 'active', 'lower(x)', "f(')') + 1", "'x'::text", 'CASE WHEN a THEN 1 END'].map(parenthesized),
    ).toEqual(['(a > 0)', '(a > 0)', '((a) AND (b))', 'active', 'lower(x)', "(f(')') + 1)", "'x'::text", 'CASE WHEN a THEN 1 END']);
    expect(['(a > 0)', '(a) AND (b)', 'a'].map(withoutOuterParentheses)).toEqual(['a > 0', '(a) AND (b)', 'a']);
  });

  it('of views end as pg_dump expects', () => {
    const view = catalog.relationByOid(Oid.view);
    assert(view?.kind === 'view', 'there is a view');
    expect(viewDefinition(view)).toBe(' SELECT id, email FROM users WHERE active;');
    expect(viewDefinition({ ...view, queryText: 'SELECT 1; ' })).toBe(' SELECT 1;');
  });
});
