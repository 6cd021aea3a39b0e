-- CASE over values of several types, functions within expressions, sets within loops.
create function kind_of(r record) returns text language plpgsql as $$
begin
  case r.v
    when '1' then return 'one';
    when 'a' then return 'letter';
    else return 'other ' || pg_typeof(r.v);
  end case;
exception when others then return sqlerrm;
end $$;
create function three(x anyelement) returns text language plpgsql as $$
declare y x%type;
begin
  case x when null then return 'null'; else y := x; end case;
  return y || ' ' || pg_typeof(y);
end $$;
select three(1), three('t'::text), three(2.5), three(array[1]);
create function plus_one(n int) returns int language plpgsql as $$ begin return n + 1; end $$;
create function noisy(n int) returns int language plpgsql as $$ begin raise notice 'noisy %', n; return n; end $$;
do $$
declare
  n int := plus_one(1);
  t text;
begin
  n := plus_one(n) + plus_one(plus_one(n));
  raise notice '% %', n, plus_one(n);
  if noisy(1) = 2 and noisy(2) = 2 then raise notice 'never'; end if;
  t := case when n > 0 then 'x' else noisy(3)::text end;
  while noisy(n) < 12 loop n := plus_one(n); end loop;
  for i in plus_one(0)..plus_one(1) loop raise notice 'i %', i; end loop;
  return;
end $$;
select noisy(g) from generate_series(1, 2) g where noisy(g * 10) > 10;
-- Functions in DML see what came before them, row by row.
create table counted (n int);
create function how_many() returns bigint language plpgsql as $$ begin return count(*) from counted; end $$;
insert into counted select how_many() from generate_series(1, 3);
select * from counted order by n;
update counted set n = n + how_many();
select * from counted order by n;
create function tops() returns int stable language plpgsql as $$ begin return max(n) from counted; end $$;
update counted set n = tops() + 1;
select * from counted order by n;
-- Side effects of a function that fails.
create function fails_late() returns int language plpgsql as $$ begin insert into counted values (99); return 1 / 0; end $$;
select fails_late();
select count(*) from counted where n = 99;
-- DDL within.
create function makes_and_reads() returns int language plpgsql as $$
declare n int;
begin
  create temp table made (a int) on commit drop;
  insert into made values (1), (2);
  select count(*) into n from made;
  alter table made add column b int default 5;
  select n + sum(b) into n from made;
  drop table made;
  return n;
end $$;
select makes_and_reads();
select makes_and_reads();
-- SET within a function, and of it.
create function path_of() returns text language plpgsql set search_path = pg_catalog as $$ begin return current_setting('search_path'); end $$;
select path_of(), current_setting('search_path');
do $$ begin set local work_mem = '5MB'; raise notice '%', current_setting('work_mem'); end $$;
-- Dynamic SQL with names and values.
do $$
declare
  t text := 'Odd "table"';
  n int;
  r record;
begin
  execute format('create temp table %I (a int, %I text)', t, 'Col');
  execute format('insert into %I values (%s, %L)', t, 1, 'it''s');
  execute 'insert into ' || quote_ident(t) || ' values ($1, $2)' using 2, null::text;
  for r in execute format('select * from %I order by a', t) loop raise notice '%', r; end loop;
  execute format('select count(*) from %I where a > $1', t) into strict n using 0;
  raise notice '%', n;
  execute format('update %I set a = a + 1 returning a', t) into n;
  raise notice '%', n;
end $$;
-- EXPLAIN and SHOW as queries.
do $$ declare l text; begin for l in explain (costs off) select 1 loop raise notice '%', l; end loop; execute 'show work_mem' into l; raise notice '%', l; end $$;
-- NULL arrays and NULL records.
do $$
declare
  a int[];
  r record;
  n int;
begin
  raise notice '% %', a[1], array_length(a, 1);
  foreach n in array coalesce(a, '{}') loop raise notice 'never'; end loop;
  select * into r from (values (null::int, null::text)) v(x, y);
  raise notice '% % %', r, r is null, r.x is null;
end $$;
-- Many parameters, and numbers for them.
create function numbered(int, text, out o1 int, inout io int) language plpgsql as $$ begin $3 := $1 * 2; $4 := $4 + length($2); end $$;
select * from numbered(1, 'abc', 10);
drop function kind_of, three, plus_one, noisy, how_many, tops, fails_late, makes_and_reads, path_of, numbered;
drop table counted;
