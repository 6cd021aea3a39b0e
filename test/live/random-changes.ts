import type { Random } from '../fuzz/random.js';

/** Every user's own rows of each, so that each may be listened to: keys of one and of two columns, none, partitions, a stream, cascades. */
export const SCHEMA = [
  "CREATE TABLE t (id int PRIMARY KEY, k int, v int, s text, f bool, n numeric(6, 2), tags text[]) WITH (type = 'user')",
  "CREATE TABLE u (id int, part text, k int, v int, s text, PRIMARY KEY (id, part)) WITH (type = 'user', serde = 'json')",
  "CREATE TABLE w (k int, v int) WITH (type = 'user')",
  "CREATE TABLE p (id int, k int, v int, PRIMARY KEY (id)) PARTITION BY RANGE (id) WITH (type = 'user')",
  'CREATE TABLE p_low PARTITION OF p FOR VALUES FROM (MINVALUE) TO (8)',
  'CREATE TABLE p_high PARTITION OF p FOR VALUES FROM (8) TO (MAXVALUE)',
  "CREATE TABLE e (at bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, k int, v int) WITH (type = 'stream', ttl = '1 day')",
  "CREATE TABLE c (id int PRIMARY KEY, k int REFERENCES t (id) ON DELETE CASCADE, v int) WITH (type = 'user')",
] as const;

/** What is done to these tables' definitions while somebody listens. */
export const DEFINITIONS = [
  'ALTER TABLE t ADD COLUMN more int DEFAULT 1',
  'ALTER TABLE u ALTER COLUMN v TYPE bigint',
  'ALTER TABLE w RENAME COLUMN v TO w; ALTER TABLE w RENAME COLUMN w TO v',
  'CREATE INDEX ON t (k)',
  'TRUNCATE w',
  'TRUNCATE p, c',
  'CREATE TABLE p_more (LIKE p); DROP TABLE p_more',
  'ALTER TABLE c ALTER COLUMN v SET DEFAULT 3',
] as const;

const TABLES = ['t', 'u', 'w', 'p', 'c', 'e'] as const;

/** One statement that changes rows of that schema. */
export function changeText(random: Random): string {
  const table = random.pick(TABLES);
  const id = random.between(1, 14);
  const small = (): string => (random.chance(0.15) ? 'NULL' : String(random.between(0, 5)));
  const text = (): string => (random.chance(0.15) ? 'NULL' : `'${random.pick(['x', 'yy', 'zzz', 'ä', 'Q'])}'`);
  const part = (): string => random.pick(["'x'", "'y'"]);
  const tags = (): string => random.pick(['NULL', "'{}'", "'{red}'", "'{red,blue}'", "'{blue,green,red}'"]);
  const rows = {
    t: () =>
      `(${id}, ${small()}, ${small()}, ${text()}, ${random.pick(['true', 'false', 'NULL'])}, ${random.pick(['NULL', '1.50', '12', '99.99', '0'])}, ${tags()})`,
    u: () => `(${id}, ${part()}, ${small()}, ${small()}, ${text()})`,
    w: () => `(${small()}, ${small()})`,
    p: () => `(${id}, ${small()}, ${small()})`,
    c: () => `(${id}, ${random.between(1, 14)}, ${small()})`,
    e: () => `(DEFAULT, ${small()}, ${small()})`,
  };
  const insert = `INSERT INTO ${table} VALUES ${rows[table]()}`;
  if (table === 'e')
    return random.chance(0.3) ? `INSERT INTO e (k, v) SELECT i % 3, i FROM generate_series(1, ${random.between(2, 5)}) i` : insert;
  const roll = random.next();
  if (roll < 0.4) return insert;
  if (roll < 0.45 && table !== 'w') return `${insert} ON CONFLICT ${table === 'u' ? '(id, part)' : '(id)'} DO UPDATE SET v = ${small()}`;
  if (roll < 0.5 && table === 't')
    return `MERGE INTO t USING u ON t.id = u.id AND u.part = 'x' WHEN MATCHED AND t.v > 3 THEN DELETE WHEN MATCHED THEN UPDATE SET v = t.v + 1`;
  if (roll < 0.7) return `UPDATE ${table} SET v = ${small()} WHERE k = ${random.between(0, 5)}`;
  if (roll < 0.78) return `UPDATE ${table} SET ${table === 'c' ? '' : `k = ${small()}, `}v = v + 1 WHERE v < ${random.between(0, 5)}`;
  if (roll < 0.8) return `WITH gone AS (DELETE FROM ${table} WHERE v = ${small()} RETURNING *) INSERT INTO w SELECT k, v FROM gone`;
  if (roll < 0.84 && table !== 'w' && table !== 'u') return `UPDATE ${table} SET id = id + 7 WHERE id = ${id}`;
  if (roll < 0.84 && table === 'u') return `UPDATE u SET part = ${part()}, s = ${text()} WHERE id = ${id}`;
  if (roll < 0.88 && table === 't') return `UPDATE t SET s = ${text()}, tags = ${tags()}, f = NOT f WHERE id = ${id}`;
  if (roll < 0.97) return `DELETE FROM ${table} WHERE ${random.pick(['k', 'v'])} = ${random.between(0, 5)}`;
  return `DELETE FROM ${table}`;
}
