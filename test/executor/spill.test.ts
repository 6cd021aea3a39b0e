import { describe, expect, test } from 'vitest';
import { Database, PLANNING } from './database.js';

/** Work that is far larger than work_mem goes through files and gives the same rows. */
const QUERIES = [
  'select i, t from big order by t desc, i',
  'select i % 1000 as g, count(*), sum(i) from big group by i % 1000 order by 1',
  'select count(*), sum(a.i) from big a join big b on a.t = b.t',
  'select count(*), count(b.i) from big a left join big b on a.i = b.i + 2500',
  'select count(*) from big a full join big b on a.i = b.i + 2500',
  'select count(*) from big where i not in (select i + 100 from big)',
  'select distinct i / 3 as d from big order by d',
  'select count(*) from (select t from big union select t || i % 2 from big) q',
  'with w as materialized (select * from big) select count(*), sum(a.i) from w a, w b where a.i = b.i',
  'with recursive r(i) as (select i from big union all select i + 10000 from r where i < 10000) select count(*), max(i) from r',
  'select a.i from big a join big b on a.i < b.i and b.i = 3 order by 1',
] as const;

describe('with 20 kB of work_mem', () => {
  test.each(QUERIES)('%s', async (sql) => {
    const session = (await Database.open()).session();
    await session.run('create table big (i int, t text)');
    await session.run("insert into big select i, 'text ' || (i * 7919) % 3000 from generate_series(1, 3000) i");
    const inMemory = await session.rows(sql);
    session.planning = { ...PLANNING, workMemBytes: 20_000, enableNestedLoop: false };
    expect(await session.rows(sql)).toEqual(inMemory);
    expect(inMemory.length).toBeGreaterThan(0);
  });
});
