-- Each kind of statement, as it succeeds.
create function add_them(a int, b int default 10) returns int language plpgsql as $$
declare
  total int := a + b;
begin
  return total;
end $$;
select add_them(1), add_them(1, 2), add_them(b => 5, a => 6);

create function classify(n int) returns text language plpgsql as $$
begin
  if n is null then return 'null';
  elsif n < 0 then return 'negative';
  elseif n = 0 then return 'zero';
  else return 'positive';
  end if;
end $$;
select classify(n) from (values (null::int), (-3), (0), (9)) v(n);

create function simple_case(n int) returns text language plpgsql as $$
begin
  case n
    when 1, 2 then return 'one or two';
    when 3 then return 'three';
    else return 'many';
  end case;
end $$;
select simple_case(n) from generate_series(1, 4) n;

create function searched_case(n int) returns text language plpgsql as $$
begin
  case
    when n < 10 then return 'small';
    when n < 100 then return 'medium';
  end case;
  return 'never';
end $$;
select searched_case(5), searched_case(50);
select searched_case(500);

do $$
declare
  i int := 0;
  s text := '';
begin
  loop
    i := i + 1;
    continue when i % 2 = 0;
    exit when i > 9;
    s := s || i || ' ';
  end loop;
  raise notice 'loop: %', s;
  while i > 5 loop
    i := i - 2;
  end loop;
  raise notice 'while: %', i;
  for k in 1..3 loop raise notice 'up %', k; end loop;
  for k in reverse 5..1 by 2 loop raise notice 'down %', k; end loop;
  for k in 3..1 loop raise notice 'never'; end loop;
  raise notice 'found %', found;
end $$;

-- Labels, from inner to outer loops and out of blocks.
do $$
<<outermost>>
declare x int := 1;
begin
  <<rows>>
  for i in 1..3 loop
    <<columns>>
    for j in 1..3 loop
      continue rows when j = 2 and i = 1;
      exit rows when i = 3;
      raise notice '% %', i, j;
    end loop columns;
  end loop rows;
  <<inner>>
  declare x int := 2;
  begin
    raise notice 'x % %', x, outermost.x;
    exit inner;
    raise notice 'never';
  end inner;
  outermost.x := 7;
  raise notice 'x %', x;
end outermost $$;

-- Variables: constants, defaults, copied types, aliases, rows.
create table people(id int primary key, name text, tags text[], made date default '2020-02-02');
insert into people values (1, 'ann', '{a,b}'), (2, 'bob', null), (3, 'cid', '{}');
create type pair as (a int, b text);
create function variables(p people.id%type, varchar) returns text language plpgsql as $$
declare
  limit_ constant int := 3;
  n people.name%type;
  r people%rowtype;
  q record;
  other alias for $2;
  copied n%type := 'copy';
  d date not null default date '2001-01-01';
  c pair;
  list int[] := array[1,2,3];
  j jsonb := '{"a": 1}';
begin
  select * into r from people where id = p;
  select name, id into n, limit_ from people where false;
  return 'never';
exception when others then
  return sqlerrm;
end $$;
create function variables(p people.id%type, varchar) returns text language plpgsql as $$
declare
  limit_ constant int := 3;
  n people.name%type;
  r people%rowtype;
  q record;
  other alias for $2;
  copied n%type := 'copy';
  d date not null default date '2001-01-01';
  c pair;
  list int[] := array[1,2,3];
  j jsonb := '{"a": 1}';
begin
  select * into r from people where id = p;
  select name into n from people where id = p + 1;
  select id, tags into q from people where id = 1;
  c.a := 5;
  c.b := 'five';
  list[2] := 20;
  list[5] := 50;
  list[1:2] := '{7,8}';
  j['b'] := '"two"';
  r.tags[2] := 'changed';
  q.id := q.id + 100;
  d := d + 1;
  return concat_ws('|', limit_, n, r, q, other, copied, d, c, list, j, r.name, c.b);
end $$;
select variables(1, 'second');

-- Rows of queries.
do $$
declare
  r record;
  n int;
  t text;
begin
  for r in select * from people order by id loop
    raise notice '% % %', r.id, r.name, r;
  end loop;
  for n, t in select id, name from people where id > 1 order by id loop
    raise notice '% %', n, t;
  end loop;
  for r in execute 'select id from people where id < $1' using 3 loop
    raise notice 'dynamic %', r.id;
  end loop;
  raise notice 'found %', found;
  for r in select * from people where false loop null; end loop;
  raise notice 'found %, r %', found, r;
  foreach n in array array[[1,2],[3,4]] loop raise notice 'n %', n; end loop;
  foreach r in array array[row(1, 'x')::pair, row(2, 'y')::pair] loop raise notice 'r % %', r.a, r.b; end loop;
end $$;
do $$
declare s int[];
begin
  foreach s slice 1 in array array[[1,2],[3,4]] loop raise notice 's %', s; end loop;
  foreach s slice 2 in array array[[1,2],[3,4]] loop raise notice 's %', s; end loop;
end $$;

-- SQL, FOUND and ROW_COUNT.
do $$
declare
  n bigint;
  r people;
begin
  insert into people values (4, 'dan'), (5, 'eve');
  get diagnostics n = row_count;
  raise notice 'inserted % found %', n, found;
  update people set name = upper(name) where id > 3 returning * into strict r;
exception when too_many_rows then
  raise notice '%: %', sqlstate, sqlerrm;
end $$;
do $$
declare
  n bigint;
  r people;
begin
  update people set name = upper(name) where id = 2 returning * into r;
  raise notice 'r %', r;
  delete from people where id = 99;
  raise notice 'found %', found;
  perform 1 from people where id = 3;
  raise notice 'found %', found;
  select * into r from people where id = 99;
  raise notice 'found % r %', found, r;
  select * from people into strict r where id = 99;
exception when no_data_found then
  raise notice '%: %', sqlstate, sqlerrm;
end $$;

-- EXECUTE.
do $$
declare
  n int;
  t text;
begin
  execute 'create temp table made_here (a int, b text)';
  execute format('insert into %I values ($1, $2), ($1 + 1, $2)', 'made_here') using 1, 'one';
  get diagnostics n := row_count;
  execute 'select count(*), max(b) from made_here where a >= $1' into n, t using 2;
  raise notice '% %', n, t;
  execute 'select 1 where false' into n;
  raise notice 'n %', n;
  execute 'drop table made_here; select 1';
end $$;

-- Results of sets.
create function some_rows(n int) returns setof people language plpgsql as $$
declare r people;
begin
  for r in select * from people where id <= n order by id loop
    return next r;
  end loop;
  return query select 100, 'hundred'::text, null::text[], null::date;
  return query execute 'select 101, $1, null::text[], null::date' using 'text'::text;
  return;
end $$;
select * from some_rows(1);
select (some_rows(0)).name;
create function numbers(inout a int, out b int) returns setof record language plpgsql as $$
begin
  for i in 1..a loop
    b := i * i;
    a := i;
    return next;
  end loop;
end $$;
select * from numbers(3);
create function a_table(n int) returns table (k int, v text) language plpgsql as $$
begin
  return query select i, repeat('x', i) from generate_series(1, n) i;
  raise notice 'found %', found;
end $$;
select * from a_table(3);
create function scalars() returns setof int language plpgsql as $$
begin
  return next 1;
  return next 2;
  return query values (3), (4);
end $$;
select * from scalars();
select scalars();
create function two(out a int, out b text) language plpgsql as $$ begin a := 1; b := 'two'; end $$;
select two(), (two()).b;
select * from two();
create function nothing() returns void language plpgsql as $$ begin null; end $$;
select nothing() is null, nothing()::text = '';
create function a_record() returns record language plpgsql as $$ begin return row(1, 'a'::text); end $$;
select a_record();
select * from a_record() as (n int, t text);
create function a_pair() returns pair language plpgsql as $$ begin return (1, 'a'::text); end $$;
select a_pair(), (a_pair()).b;

-- Polymorphic.
create function twice(anyelement) returns anyarray language plpgsql as $$
declare x alias for $1; res $0%type := array[x, x];
begin return res; end $$;
create function twice(x anyelement) returns anyarray language plpgsql as $$
declare y x%type := x;
begin return array[x, y]; end $$;
select twice(1), twice('a'::text), pg_typeof(twice(1.5));

-- Recursion, and functions that call each other.
create function fib(n int) returns int language plpgsql as $$
begin
  if n < 2 then return n; end if;
  return fib(n - 1) + fib(n - 2);
end $$;
select fib(15);
drop function fib, twice, a_pair, a_record, nothing, two, scalars, a_table, numbers, some_rows, variables, searched_case, simple_case, classify, add_them;
drop table people; drop type pair;
