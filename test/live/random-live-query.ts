import type { Random } from '../fuzz/random.js';

/** Tables of the schema: every user's own, so that each may be listened to. */
export const SCHEMA = `
  CREATE TABLE t (id int PRIMARY KEY, k int, v int, s text, f bool, n numeric(6, 2), tags text[]) WITH (type = 'user');
  CREATE TABLE u (id int, part text, k int, v int, s text, PRIMARY KEY (id, part)) WITH (type = 'user');
  CREATE TABLE w (k int, v int) WITH (type = 'user');
  CREATE TABLE p (id int, k int, v int, PRIMARY KEY (id)) PARTITION BY RANGE (id) WITH (type = 'user');
  CREATE TABLE p_low PARTITION OF p FOR VALUES FROM (MINVALUE) TO (8);
  CREATE TABLE p_high PARTITION OF p FOR VALUES FROM (8) TO (MAXVALUE);
`;
export const TABLES = ['t', 'u', 'w', 'p'] as const;

/**
 * A random query that can be live. Every relation in it has the columns a and b (both may be NULL), so that any can stand in any place.
 * LIMIT always orders by all columns: rows that tie are alike.
 */
export class LiveQueryMaker {
  readonly #random: Random;
  #aliases = 0;

  constructor(random: Random) {
    this.#random = random;
  }

  query(): string {
    this.#aliases = 0;
    const random = this.#random;
    if (random.chance(0.3)) return this.#special();
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
    ]);
  }

  #base(): string {
    const random = this.#random;
    return random.pick([
      'SELECT k AS a, v AS b FROM t',
      'SELECT id AS a, v AS b FROM t WHERE f',
      'SELECT k AS a, length(s) AS b FROM t WHERE NOT f OR f IS NULL',
      'SELECT v AS a, id AS b FROM u',
      "SELECT k AS a, v AS b FROM u WHERE part = 'x'",
      'SELECT k AS a, v AS b FROM w',
      'SELECT k AS a, v AS b FROM p',
      'SELECT id AS a, k AS b FROM p WHERE v > 2',
    ]);
  }

  #relation(depth: number): string {
    if (depth === 0) return this.#base();
    const random = this.#random;
    const from = (less = 1): { readonly sql: string; readonly alias: string } => {
      const alias = this.#alias();
      return { sql: `(${this.#relation(Math.max(depth - less, 0))}) ${alias}`, alias };
    };
    const one = (): string => {
      const { sql, alias } = from();
      return `SELECT ${alias}.a, ${alias}.b FROM ${sql} WHERE ${this.#condition(alias)}`;
    };
    const makers: (() => string)[] = [
      one,
      () => {
        const [x, y] = [from(), from(2)];
        const type = random.pick(['JOIN', 'LEFT JOIN', 'RIGHT JOIN', 'FULL JOIN', 'JOIN', 'LEFT JOIN']);
        const rest = type === 'FULL JOIN' || random.chance(0.6) ? '' : ` AND ${x.alias}.b <= coalesce(${y.alias}.b, 3)`;
        const columns = random.pick([
          `${x.alias}.a, ${y.alias}.b`,
          `${x.alias}.b AS a, ${y.alias}.a AS b`,
          `coalesce(${x.alias}.a, ${y.alias}.a) AS a, ${y.alias}.b`,
        ]);
        return `SELECT ${columns} FROM ${x.sql} ${type} ${y.sql} ON ${x.alias}.a = ${y.alias}.a${rest}`;
      },
      () => {
        const [x, y] = [from(2), from(2)];
        return `SELECT ${x.alias}.a, ${y.alias}.b FROM ${x.sql} ${random.pick(['JOIN', 'LEFT JOIN'])} ${y.sql} ON ${x.alias}.a < ${y.alias}.b`;
      },
      () => {
        const [x, y] = [from(), from(2)];
        const not = random.pick(['', 'NOT ']);
        return random.chance(0.5)
          ? `SELECT ${x.alias}.a, ${x.alias}.b FROM ${x.sql} WHERE ${not}EXISTS (SELECT FROM ${y.sql} WHERE ${y.alias}.a = ${x.alias}.b)`
          : `SELECT ${x.alias}.a, ${x.alias}.b FROM ${x.sql} WHERE ${x.alias}.a ${not}IN (SELECT ${y.alias}.b FROM ${y.sql})`;
      },
      () => {
        const { sql, alias } = from();
        const aggregate = random.pick(['count(*)', 'sum(b)', 'min(b)', 'max(b)', 'count(DISTINCT b)', 'count(b) FILTER (WHERE b > 2)']);
        const having = random.chance(0.3) ? ' HAVING count(*) > 1' : '';
        return `SELECT ${alias}.a, (${aggregate})::int AS b FROM ${sql} GROUP BY ${alias}.a${having}`;
      },
      () => {
        const { sql } = from();
        return `SELECT count(*)::int AS a, ${random.pick(['sum(a)::int', 'min(b)', 'max(a)'])} AS b FROM ${sql}`;
      },
      () => `SELECT DISTINCT a, b FROM ${from().sql}`,
      () => `SELECT DISTINCT ON (a) a, b FROM ${from().sql} ORDER BY a, b${random.pick(['', ' DESC', ' NULLS FIRST'])}`,
      () => {
        const operator = random.pick(['UNION ALL', 'UNION', 'INTERSECT', 'EXCEPT', 'EXCEPT ALL', 'INTERSECT ALL', 'UNION ALL']);
        return `SELECT a, b FROM ${from().sql} ${operator} SELECT b, a FROM ${from(2).sql}`;
      },
      () => {
        const order = random.pick(['a, b', 'a DESC, b', 'b NULLS FIRST, a DESC', 'b DESC NULLS LAST, a']);
        const offset = random.chance(0.4) ? ` OFFSET ${this.#small()}` : '';
        return `SELECT a, b FROM ${from().sql} ORDER BY ${order} LIMIT ${this.#small()}${offset}`;
      },
      () => {
        const [x, y] = [from(2), from(2)];
        const alias = this.#alias();
        const type = random.pick(['CROSS JOIN LATERAL', 'LEFT JOIN LATERAL']);
        const inner = random.pick([
          `SELECT b FROM ${y.sql} WHERE ${y.alias}.a = ${x.alias}.a ORDER BY b DESC LIMIT 2`,
          `SELECT count(*)::int AS b FROM ${y.sql} WHERE ${y.alias}.a = ${x.alias}.a AND ${y.alias}.b > ${x.alias}.b`,
          `SELECT max(b) AS b FROM ${y.sql} WHERE ${y.alias}.b < ${x.alias}.b`,
          `SELECT DISTINCT b FROM ${y.sql} WHERE ${y.alias}.a = ${x.alias}.b`,
        ]);
        return `SELECT ${x.alias}.a, ${alias}.b FROM ${x.sql} ${type} (${inner}) ${alias}${type.startsWith('LEFT') ? ' ON true' : ''}`;
      },
      () => {
        const [x, y] = [from(), from(2)];
        return `SELECT ${x.alias}.a, (SELECT ${random.pick(['count(*)::int', 'max(b)', 'sum(b)::int'])} FROM ${y.sql} WHERE ${y.alias}.a = ${x.alias}.a) AS b FROM ${x.sql}`;
      },
      () => {
        const [x, y] = [from(), from(2)];
        return `SELECT ${x.alias}.a, ${x.alias}.b FROM ${x.sql} WHERE ${x.alias}.b >= (SELECT ${random.pick(['min(b)', 'avg(a)', 'max(a)'])} FROM ${y.sql})`;
      },
      () => {
        const { sql } = from();
        const name = this.#alias();
        return `WITH ${name} AS MATERIALIZED (SELECT a, b FROM ${sql}) SELECT x.a, y.b FROM ${name} x JOIN ${name} y ON x.a = y.b`;
      },
    ];
    return random.pick(makers)();
  }

  /** What needs more than two columns. */
  #special(): string {
    return this.#random.pick([
      'SELECT * FROM t',
      'SELECT id, upper(s) AS loud, n * 2 AS twice FROM t WHERE n > 10 OR n IS NULL',
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
      'SELECT k, min(s) AS first, max(n) AS most, min(id) AS i FROM t GROUP BY k HAVING count(*) < 4',
      'SELECT count(*) AS n, sum(n) AS total FROM t',
      'SELECT EXISTS (SELECT FROM u WHERE u.k = t.k) AS has, id FROM t',
      'SELECT jsonb_agg(v ORDER BY id) AS all FROM t WHERE k = 1',
      'SELECT v, stddev_samp(k) AS sd FROM t GROUP BY v',
    ]);
  }
}
