import { beforeAll, describe, expect, test } from 'vitest';
import { Privilege } from '../../src/catalog/descriptors.js';
import { bindCopyTarget, bindScalar, bindStandalone, bindStatement } from '../../src/planner/bind/bind.js';
import type { LogicalPlan } from '../../src/planner/bind/logical.js';
import { printExpression } from '../../src/planner/bind/print/print-expression.js';
import { printLogical } from '../../src/planner/bind/print/print-logical.js';
import { parseExpression } from '../../src/planner/bind/stored-text.js';
import type { Expr, SelectStatement } from '../../src/planner/parse/ast.js';
import { TypeOid } from '../../src/types/oids.js';
import { type Fixture, openFixture } from './bind-fixture.js';

let fixture: Fixture;
beforeAll(async () => {
  fixture = await openFixture();
});

function scansOf(plan: LogicalPlan): boolean[] {
  if (plan.kind === 'scan') return [plan.allUsers];
  if ('input' in plan) return scansOf(plan.input);
  return 'left' in plan ? [...scansOf(plan.left), ...scansOf(plan.right)] : [];
}

describe('user and stream tables', () => {
  test('hidden columns are no part of *', () => {
    const { columns } = fixture.bind('SELECT *, _seq, _updated, _deleted FROM app.todos');
    expect(columns.map((column) => column.name)).toEqual(['id', 'title', 'done', '_seq', '_updated', '_deleted']);
  });

  test('_user_id exists only with all_users, and only of user tables', () => {
    expect(() => fixture.bind('SELECT _user_id FROM app.todos')).toThrow('column "_user_id" does not exist');
    expect(fixture.bind('SELECT _user_id FROM app.todos', { allUsers: true }).columns[0]?.type).toBe(TypeOid.text);
    expect(() => fixture.bind('SELECT _user_id FROM users', { allUsers: true })).toThrow('column "_user_id" does not exist');
  });

  test('all_users concerns scans of user tables only', () => {
    const sql = 'SELECT 1 FROM app.todos, users';
    expect(scansOf(fixture.bind(sql).plan)).toEqual([false, false]);
    expect(scansOf(fixture.bind(sql, { allUsers: true }).plan)).toEqual([true, false]);
  });

  test('stream tables are append-only', () => {
    for (const sql of ["UPDATE app.events SET what = 'x'", 'DELETE FROM app.events']) {
      expect(() => fixture.bind(sql)).toThrow('stream tables are append-only');
    }
    expect(fixture.bind("INSERT INTO app.events VALUES ('x')").writes).toEqual([17040]);
  });

  test('system relations and views are no targets', () => {
    expect(() => fixture.bind('DELETE FROM system.sessions')).toThrow('permission denied: "sessions" is a system catalog');
    expect(() => fixture.bind('DELETE FROM pg_class')).toThrow('permission denied: "pg_class" is a system catalog');
    expect(() => fixture.bind('MERGE INTO adults USING users u ON u.id = adults.id WHEN MATCHED THEN DELETE')).toThrow(
      'cannot execute MERGE on relation "adults"',
    );
  });
});

describe('privileges', () => {
  test('of a query: the columns that it uses', () => {
    expect(fixture.bind('SELECT name FROM users WHERE age > 3').privileges).toEqual([
      { objectKind: 'table', oid: 17000, privileges: Privilege.select, columns: [2, 4] },
    ]);
  });

  test('of a view: its reader on the view, its owner on what it reads', () => {
    expect(fixture.bind('SELECT id FROM adults').privileges).toEqual([
      { objectKind: 'table', oid: 17050, privileges: Privilege.select, columns: [1] },
      { objectKind: 'table', oid: 17000, privileges: Privilege.select, columns: [1, 2, 4], asRole: 16600 },
    ]);
  });

  test('of a change: what is set, and what is read', () => {
    expect(fixture.bind('UPDATE app.todos SET done = true WHERE id = 1').privileges).toEqual([
      { objectKind: 'schema', oid: 16500, privileges: Privilege.usage, location: 7 },
      { objectKind: 'table', oid: 17030, privileges: Privilege.select, columns: [1] },
      { objectKind: 'table', oid: 17030, privileges: Privilege.update, columns: [3] },
    ]);
    expect(fixture.bind("INSERT INTO users (id, name) VALUES (1, 'x')").privileges).toEqual([
      { objectKind: 'table', oid: 17000, privileges: Privilege.insert, columns: [1, 2] },
    ]);
  });

  test('what is read and written', () => {
    const { reads, writes, volatile } = fixture.bind('INSERT INTO orders (user_id) SELECT id FROM adults');
    expect({ reads, writes, volatile }).toEqual({ reads: [17000], writes: [17010], volatile: true });
  });
});

describe('parameters', () => {
  test('given types are kept, others inferred', () => {
    expect(fixture.bind('SELECT $1, $2 + 1', { paramTypes: [TypeOid.int8] }).paramTypes).toEqual([TypeOid.int8, TypeOid.int4]);
  });

  test('the simple protocol has none', () => {
    expect(() => fixture.bind('SELECT $1', { paramsFixed: true })).toThrow('there is no parameter $1');
  });

  test('lifted literals take the type of their context, and a second one where they need it', () => {
    const [parsed] = fixture.parser.parse("SELECT 1 FROM users WHERE '5' IN (age, id) AND name = 'x' AND age > 3");
    const lifted = liftAll(parsed?.statement as SelectStatement);
    const bound = bindStatement(lifted, fixture.cx);
    expect(bound.lifted).toEqual([
      { literal: 0, type: TypeOid.int4, typmod: -1 },
      { literal: 1, type: TypeOid.int4, typmod: -1 },
      { literal: 2, type: TypeOid.text, typmod: -1 },
      { literal: 3, type: TypeOid.int4, typmod: -1 },
      { literal: 1, type: TypeOid.int8, typmod: -1 },
    ]);
    expect(printLogical(bound.plan)).toContain('(:1 = age#4) OR (:4 = id#1)');
  });
});

function liftAll(statement: SelectStatement): SelectStatement {
  let index = 0;
  return JSON.parse(JSON.stringify(statement), (_key, value: unknown) => {
    const node = value as Expr | null;
    if (node?.type !== 'integer' && node?.type !== 'string') return value;
    return { type: 'lifted', kind: node.type, index: index++ };
  });
}

describe('expressions outside of queries', () => {
  const row = {
    name: 't',
    columns: [
      { number: 1, name: 'a', type: TypeOid.int4, typmod: -1, notNull: false },
      { number: 2, name: 'gone', type: TypeOid.int4, typmod: -1, notNull: false, dropped: true as const },
      { number: 3, name: 'b', type: TypeOid.text, typmod: -1, notNull: false },
    ],
  };
  const bind = (text: string, options: Parameters<typeof bindScalar>[2]) =>
    bindScalar(parseExpression(fixture.parser, text), fixture.cx, options);

  test('a check is a condition over the row', () => {
    const bound = bind('a > 1 AND b IS NOT NULL', { clause: 'CHECK', row });
    expect(printExpression(bound.expr)).toBe('((a#1 > 1) AND b#3 IS NOT NULL)');
    expect(bound.used).toEqual([1, 3]);
    expect(() => bind('a', { clause: 'CHECK', row })).toThrow('argument of CHECK must be type boolean, not type integer');
    expect(() => bind('count(*) > 1', { clause: 'CHECK', row })).toThrow('aggregate functions are not allowed in check constraints');
    expect(() => bind('a = (SELECT 1)', { clause: 'CHECK', row })).toThrow('cannot use subquery in check constraint');
    expect(() => bind('gone = 1', { clause: 'CHECK', row })).toThrow('column "gone" does not exist');
  });

  test('a default is cast to its column and looks at no row', () => {
    const target = { name: 'a', type: TypeOid.int8, typmod: -1 };
    expect(printExpression(bind('1', { clause: 'DEFAULT', target }).expr)).toBe('int8~(1)');
    expect(() => bind('a', { clause: 'DEFAULT', row, target })).toThrow('cannot use column reference in DEFAULT expression');
    expect(() => bind('now()', { clause: 'DEFAULT', target })).toThrow(
      'column "a" is of type bigint but expression is of type timestamp with time zone',
    );
    expect(() => bind('$1', { clause: 'DEFAULT', target })).toThrow('there is no parameter $1');
  });

  test("EXECUTE's arguments stand alone", () => {
    const target = { name: '$1', type: TypeOid.numeric, typmod: -1 };
    expect(printExpression(bindStandalone(parseExpression(fixture.parser, "'1.5'"), fixture.cx, target))).toBe("'1.5'::numeric");
    expect(() => bindStandalone(parseExpression(fixture.parser, '(SELECT 1)'), fixture.cx)).toThrow(
      'cannot use subquery in EXECUTE parameter',
    );
  });

  test('COPY fills in what the rows lack', () => {
    const { plan, privileges } = bindCopyTarget({ name: 'items' }, ['line', 'order_id'], fixture.cx);
    expect(printLogical(plan)).toContain(
      'values [1 = order_id#8, 2 = line#7, 3 = NULL::text, 4 = int2~(1), 5 = NULL::double precision, 6 = NULL::double precision]',
    );
    expect(privileges).toEqual([{ objectKind: 'table', oid: 17020, privileges: Privilege.insert, columns: [2, 1] }]);
    expect(() => bindCopyTarget({ name: 'items' }, ['cost'], fixture.cx)).toThrow('column "cost" is a generated column');
  });
});

describe('limits', () => {
  test('nesting', () => {
    let expr: Expr = { type: 'integer', value: 1 };
    for (let i = 0; i < 20_000; i++) expr = { type: 'unary', op: '-', operand: expr };
    const statement: SelectStatement = { type: 'select', columns: [{ expr, alias: 'x' }] };
    expect(() => bindStatement(statement, fixture.cx)).toThrow('stack depth limit exceeded');
  });

  test('WITH queries that double', () => {
    const ctes = Array.from({ length: 40 }, (_, i) => `q${i + 1} AS NOT MATERIALIZED (SELECT a.x FROM q${i} a, q${i} b)`);
    const sql = `WITH q0 AS (SELECT 1 AS x), ${ctes.join(', ')} SELECT * FROM q40`;
    expect(() => fixture.bind(sql)).toThrow('statement is too complex');
  });
});
