import type { Random } from '../fuzz/random.js';
import { optional, type Sql, sql, withSimpler } from '../fuzz/sql-tree.js';
import { AGGREGATE_CALLS } from './aggregate-calls.js';

/**
 * A random query that can be live. Every relation in it has the columns a and b (both may be NULL), so that any can stand in any place, and
 * one that is nested in another may stand in its place when a failure is cut down. LIMIT always orders by all columns: rows that tie are alike.
 */
export class LiveQueryMaker {
  readonly #random: Random;
  #aliases = 0;

  constructor(random: Random) {
    this.#random = random;
  }

  query(): Sql {
    this.#aliases = 0;
    const random = this.#random;
    if (random.chance(0.2)) return random.pick(WIDE);
    if (random.chance(0.3)) return this.#aggregates();
    return this.#relation(random.between(0, 3));
  }

  #alias(): string {
    return `r${this.#aliases++}`;
  }

  #small(): number {
    return this.#random.between(0, 6);
  }

  #condition(alias: string): string {
    const random = this.#random;
    const column = `${alias}.${random.pick(['a', 'b'])}`;
    return random.pick([
      `${column} > ${this.#small()}`,
      `${column} = ${this.#small()}`,
      `${column} IS NOT NULL`,
      `${column} IS NULL OR ${alias}.a < ${alias}.b`,
      `${column} % 2 = 0`,
      `coalesce(${alias}.a, 0) + coalesce(${alias}.b, 0) < ${this.#small() * 2}`,
      `${column} IN (1, 2, ${this.#small()})`,
      `current_setting('app.most')::int >= ${column}`,
      `to_char(timestamptz '2026-01-31 12:00+00' + make_interval(days => ${column}), 'D')::int > 3`,
      `format('%s', ${column}) ~ '[0-3]'`,
    ]);
  }

  #from(depth: number): { readonly node: Sql; readonly inner: Sql; readonly alias: string } {
    const alias = this.#alias();
    const inner = this.#relation(Math.max(depth, 0));
    return { node: sql`(${inner}) ${alias}`, inner, alias };
  }

  /** Several aggregates of the same rows, grouped in any way. */
  #aggregates(): Sql {
    const random = this.#random;
    const { node } = this.#from(random.between(0, 2));
    const calls = random.many(random.between(1, 3), (i) => `${random.pick(random.pick(Object.values(AGGREGATE_CALLS)))} AS x${i}`);
    const grouping = random.pick(['', 'a', 'a', 'a', 'a % 2', 'a, b', 'ROLLUP (a)', 'CUBE (a, b)', 'GROUPING SETS ((a), (b), ())']);
    const names =
      grouping === 'a % 2'
        ? ['a % 2 AS a']
        : /[(,]/.test(grouping)
          ? ['a', 'b'].slice(0, grouping.includes('b') ? 2 : 1)
          : grouping === ''
            ? []
            : ['a'];
    const having = random.chance(0.25)
      ? optional(random.pick([' HAVING count(*) > 1', ' HAVING sum(b) > 3', ' HAVING min(b) IS NOT NULL AND count(b) < 4']))
      : '';
    return sql`SELECT ${[...names, ...calls].join(', ')} FROM ${node}${grouping === '' ? '' : ` GROUP BY ${grouping}`}${having}`;
  }

  #relation(depth: number): Sql {
    if (depth === 0) return this.#random.pick(BASES);
    const make = this.#random.pick(this.#makers);
    const inner: Sql[] = [];
    const node = make((less = 1) => {
      const from = this.#from(depth - less);
      inner.push(from.inner);
      return from;
    });
    return withSimpler(node, inner);
  }

  readonly #makers: readonly ((from: (less?: number) => { readonly node: Sql; readonly alias: string }) => Sql)[] = [
    (from) => {
      const { node, alias } = from();
      return sql`SELECT ${alias}.a, ${alias}.b FROM ${node} WHERE ${this.#condition(alias)}`;
    },
    (from) => {
      const random = this.#random;
      const [x, y] = [from(), from(2)];
      const type = random.pick(['JOIN', 'LEFT JOIN', 'RIGHT JOIN', 'FULL JOIN', 'JOIN', 'LEFT JOIN']);
      const rest = type === 'FULL JOIN' || random.chance(0.6) ? '' : optional(` AND ${x.alias}.b <= coalesce(${y.alias}.b, 3)`);
      const columns = random.pick([
        `${x.alias}.a, ${y.alias}.b`,
        `${x.alias}.b AS a, ${y.alias}.a AS b`,
        `coalesce(${x.alias}.a, ${y.alias}.a) AS a, ${y.alias}.b`,
      ]);
      return sql`SELECT ${columns} FROM ${x.node} ${type} ${y.node} ON ${x.alias}.a = ${y.alias}.a${rest}`;
    },
    (from) => {
      const [x, y] = [from(2), from(2)];
      return sql`SELECT ${x.alias}.a, ${y.alias}.b FROM ${x.node} ${this.#random.pick(['JOIN', 'LEFT JOIN'])} ${y.node} ON ${x.alias}.a < ${y.alias}.b`;
    },
    (from) => {
      const random = this.#random;
      const [x, y] = [from(), from(2)];
      const not = random.pick(['', 'NOT ']);
      return random.chance(0.5)
        ? sql`SELECT ${x.alias}.a, ${x.alias}.b FROM ${x.node} WHERE ${not}EXISTS (SELECT FROM ${y.node} WHERE ${y.alias}.a = ${x.alias}.b)`
        : sql`SELECT ${x.alias}.a, ${x.alias}.b FROM ${x.node} WHERE ${x.alias}.a ${not}IN (SELECT ${y.alias}.b FROM ${y.node})`;
    },
    (from) => {
      const random = this.#random;
      const { node, alias } = from();
      const aggregate = random.pick(['count(*)', 'sum(b)', 'min(b)', 'max(b)', 'count(DISTINCT b)', 'count(b) FILTER (WHERE b > 2)']);
      const having = random.chance(0.3) ? optional(' HAVING count(*) > 1') : '';
      return sql`SELECT ${alias}.a, (${aggregate})::int AS b FROM ${node} GROUP BY ${alias}.a${having}`;
    },
    (from) => sql`SELECT count(*)::int AS a, ${this.#random.pick(['sum(a)::int', 'min(b)', 'max(a)'])} AS b FROM ${from().node}`,
    (from) => sql`SELECT DISTINCT a, b FROM ${from().node}`,
    (from) => sql`SELECT DISTINCT ON (a) a, b FROM ${from().node} ORDER BY a, b${this.#random.pick(['', ' DESC', ' NULLS FIRST'])}`,
    (from) => {
      const operator = this.#random.pick(['UNION ALL', 'UNION', 'INTERSECT', 'EXCEPT', 'EXCEPT ALL', 'INTERSECT ALL', 'UNION ALL']);
      return sql`SELECT a, b FROM ${from().node} ${operator} SELECT b, a FROM ${from(2).node}`;
    },
    (from) => {
      const random = this.#random;
      const order = random.pick(['a, b', 'a DESC, b', 'b NULLS FIRST, a DESC', 'b DESC NULLS LAST, a']);
      const offset = random.chance(0.4) ? optional(` OFFSET ${this.#small()}`) : '';
      const limit = random.chance(0.85) ? optional(` LIMIT ${this.#small()}`) : '';
      return sql`SELECT a, b FROM ${from().node} ORDER BY ${order}${limit}${offset}`;
    },
    (from) => {
      const random = this.#random;
      const [x, y] = [from(2), from(2)];
      const alias = this.#alias();
      const type = random.pick(['CROSS JOIN LATERAL', 'LEFT JOIN LATERAL']);
      const inner = random.pick([
        sql`SELECT b FROM ${y.node} WHERE ${y.alias}.a = ${x.alias}.a ORDER BY b DESC LIMIT 2`,
        sql`SELECT b FROM ${y.node} WHERE ${y.alias}.a = ${x.alias}.a ORDER BY b LIMIT 1 OFFSET 1`,
        sql`SELECT count(*)::int AS b FROM ${y.node} WHERE ${y.alias}.a = ${x.alias}.a AND ${y.alias}.b > ${x.alias}.b`,
        sql`SELECT max(b) AS b FROM ${y.node} WHERE ${y.alias}.b < ${x.alias}.b`,
        sql`SELECT DISTINCT b FROM ${y.node} WHERE ${y.alias}.a = ${x.alias}.b`,
      ]);
      return sql`SELECT ${x.alias}.a, ${alias}.b FROM ${x.node} ${type} (${inner}) ${alias}${type.startsWith('LEFT') ? ' ON true' : ''}`;
    },
    (from) => {
      const [x, y] = [from(), from(2)];
      const aggregate = this.#random.pick(['count(*)::int', 'max(b)', 'sum(b)::int']);
      return sql`SELECT ${x.alias}.a, (SELECT ${aggregate} FROM ${y.node} WHERE ${y.alias}.a = ${x.alias}.a) AS b FROM ${x.node}`;
    },
    (from) => {
      const [x, y] = [from(), from(2)];
      const aggregate = this.#random.pick(['min(b)', 'avg(a)', 'max(a)']);
      return sql`SELECT ${x.alias}.a, ${x.alias}.b FROM ${x.node} WHERE ${x.alias}.b >= (SELECT ${aggregate} FROM ${y.node})`;
    },
    (from) => {
      const name = this.#alias();
      const kind = this.#random.pick(['', 'MATERIALIZED ', 'NOT MATERIALIZED ']);
      return sql`WITH ${name} AS ${kind}(SELECT a, b FROM ${from().node}) SELECT x.a, y.b FROM ${name} x JOIN ${name} y ON x.a = y.b`;
    },
  ];
}

const BASES = [
  'SELECT k AS a, v AS b FROM t',
  'SELECT id AS a, v AS b FROM t WHERE f',
  'SELECT k AS a, length(s) AS b FROM t WHERE NOT f OR f IS NULL',
  'SELECT v AS a, id AS b FROM u',
  "SELECT k AS a, v AS b FROM u WHERE part = 'x'",
  'SELECT k AS a, v AS b FROM w',
  'SELECT k AS a, v AS b FROM p',
  'SELECT id AS a, k AS b FROM p WHERE v > 2',
  'SELECT k AS a, v AS b FROM e',
  'SELECT k AS a, v AS b FROM c',
];

/** What needs more than two columns. */
const WIDE = [
  'SELECT * FROM t',
  'SELECT * FROM u',
  'SELECT * FROM w',
  'SELECT * FROM e',
  'SELECT id, upper(s) AS loud, n * 2 AS twice FROM t WHERE n > 10 OR n IS NULL',
  "SELECT id, to_char(n, 'FM990.00') AS shown, current_setting('app.most') AS most FROM t WHERE k <= current_setting('app.most')::int",
  "SELECT id, CASE WHEN k > v THEN 'more' WHEN k = v THEN 'same' END AS what, current_user AS me FROM u",
  'SELECT k, count(*) AS c, sum(n) AS total, avg(n) AS mean, avg(v) AS mv, sum(v) AS sv FROM t GROUP BY k',
  'SELECT k, array_agg(v ORDER BY id) AS vs, string_agg(s, $$,$$ ORDER BY id DESC) AS names, bool_or(f) AS any FROM t GROUP BY k',
  'SELECT k, f, count(*) AS c, grouping(k, f) AS g FROM t GROUP BY ROLLUP (k, f)',
  'SELECT t.id, tag FROM t, unnest(t.tags) AS tag',
  'SELECT id, unnest(tags) AS tag FROM t WHERE k IS NOT NULL',
  'SELECT tag, count(*) AS uses FROM t, unnest(tags) AS tag GROUP BY tag ORDER BY uses DESC, tag LIMIT 3',
  'SELECT t.id, t.s, u.id AS uid, u.part FROM t LEFT JOIN u ON u.k = t.k AND u.v > t.v',
  'SELECT t.id, c.n FROM t LEFT JOIN (SELECT k, count(*) AS n FROM u GROUP BY k) c USING (k)',
  'SELECT u.id, u.part, x.ids FROM u CROSS JOIN LATERAL (SELECT array_agg(id ORDER BY id) AS ids FROM (SELECT id FROM t WHERE t.k = u.k ORDER BY v DESC NULLS LAST, id LIMIT 2) top) x',
  'SELECT a.id, b.id AS other FROM t a JOIN t b ON a.k = b.k AND a.id < b.id',
  'SELECT * FROM u ORDER BY v DESC NULLS LAST, id, part LIMIT 3 OFFSET 1',
  'SELECT * FROM t ORDER BY k DESC NULLS LAST, s, id',
  'SELECT k, min(s) AS first, max(n) AS most, min(id) AS i FROM t GROUP BY k HAVING count(*) < 4',
  'SELECT count(*) AS n, sum(n) AS total FROM t',
  'SELECT EXISTS (SELECT FROM u WHERE u.k = t.k) AS has, id FROM t',
  'SELECT jsonb_agg(v ORDER BY id) AS all FROM t WHERE k = 1',
  'SELECT v, stddev_samp(k) AS sd FROM t GROUP BY v',
  'SELECT t.id, l.b, l.n FROM t CROSS JOIN LATERAL (SELECT u.id, i FROM u, generate_series(1, 2) AS i WHERE u.k = t.k ORDER BY u.v, u.id, u.part, i LIMIT 3) AS l (b, n)',
];
