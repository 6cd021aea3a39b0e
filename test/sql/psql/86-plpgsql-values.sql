-- Variables of composite types, arrays, domains and records whose rows change.
create type point2 as (x int, y int);
create type box2 as (a point2, b point2, tags text[]);
create domain positive as int check (value > 0);
create domain named as text not null check (length(value) < 5);
create domain ascending as int[] check (value[1] < value[2]);
do $$
declare
  p point2;
  q point2 := row(1, 2);
  b box2;
  bs box2[];
begin
  raise notice '% % %', p, p is null, p.x;
  p.x := 5;
  raise notice '% %', p, p.y is null;
  b.a := q;
  b.b := (3, 4);
  b.b.x := 30;
  b.tags[2] := 'two';
  raise notice '% % %', b, (b.a).y, b.b;
  bs[1] := b;
  bs[1].a := (7, 8);
  bs[2].b.y := 9;
  raise notice '%', bs;
  p := null;
  raise notice '%', p;
  select 1, 2 into p;
  raise notice '%', p;
  p := row(3, 4, 5);
  raise notice '%', p;
  p := '(8,9)';
  raise notice '% %', p, p = (8, 9)::point2;
  q := p;
  p.x := 0;
  raise notice '% %', p, q;
end $$;
do $$ declare p point2; begin p.z := 1; end $$;
do $$ declare p point2; begin p := 5; end $$;
do $$ declare p point2; begin p := 'x'; end $$;
do $$ declare p point2; begin raise notice '%', p.z; end $$;
do $$ declare n int; begin n[1] := 1; end $$;
do $$ declare n int[]; begin n[null] := 1; end $$;
do $$ declare n int[]; begin n['a'] := 1; end $$;
do $$ declare n int[]; begin n[1] := 'a'; end $$;
do $$
declare
  a int[];
  b int[];
begin
  a[3] := 3;
  raise notice '%', a;
  a := '{1,2,3}';
  b := a;
  a[2] := 20;
  raise notice '% %', a, b;
  a[1:2] := array[7, 8];
  raise notice '%', a;
  a[5] := 5;
  a[0] := 0;
  raise notice '% %', a, array_length(a, 1);
  a := array[[1,2],[3,4]];
  a[2][1] := 30;
  raise notice '% %', a, a[2][1];
  b := array_append(b, 4) || 5;
  b[array_length(b, 1) + 1] := 6;
  raise notice '%', b;
end $$;
do $$ declare j jsonb := '{"a": [1, 2]}'; begin j['a'][1] := '"x"'; j['b']['c'] := '1'; raise notice '% %', j, j['a'][0]; end $$;
-- Domains.
do $$ declare d positive := 1; begin d := 5; d := d - 5; end $$;
do $$ declare d positive := -1; begin end $$;
do $$ declare d named; begin end $$;
do $$ declare d named := 'abc'; begin d := d || 'def'; end $$;
do $$ declare d named := 'abc'; begin d := null; end $$;
do $$ declare d ascending := '{1,2}'; begin d[2] := 5; raise notice '%', d; d[1] := 9; end $$;
-- One record for rows of several kinds.
do $$
declare
  r record;
  t text;
begin
  for i in 1..3 loop
    if i = 1 then select 1 as a, 'x'::text as b into r;
    elsif i = 2 then select 2.5 as a, true as c into r;
    else r := row('anonymous'::text, null::int);
    end if;
    t := r;
    raise notice '%', t;
    if i = 1 then raise notice 'a % b %', r.a, r.b; end if;
    if i = 2 then raise notice 'a % c %', r.a + 1, not r.c; end if;
    if i = 3 then raise notice 'f1 %', r.f1; end if;
  end loop;
  r := null;
  raise notice '%', r;
end $$;
do $$
declare
  r record;
begin
  for r in select * from (values (1, 'a'), (2, 'b')) v(n, t) loop
    perform r.n where r.t = 'a';
    raise notice '% %', r.n, found;
    insert into pg_temp.nowhere values (r.n);
  end loop;
exception when undefined_table then raise notice '%', sqlerrm;
end $$;
create table pairs (a int, b text);
do $$
declare
  r record;
  p pairs;
  n int;
begin
  insert into pairs values (1, 'one'), (2, 'two');
  for r in select * from pairs loop
    update pairs set b = r.b || '!' where a = r.a;
  end loop;
  select * into p from pairs where a = 2;
  insert into pairs select p.*;
  insert into pairs values (p.*);
  p.a := 3;
  insert into pairs select (p).*;
  select count(*) into n from pairs x where x = p or row(x.a, x.b) = (2, 'two!');
  raise notice '%', n;
  delete from pairs where pairs.a = p.a returning * into p;
  raise notice '%', p;
  select p into r;
  raise notice '%', r;
end $$;
-- Row types change between two calls.
create function shows_row() returns text language plpgsql as $$
declare p pairs;
begin
  select * into p from pairs order by a limit 1;
  return p;
end $$;
select shows_row();
alter table pairs add column c int default 7;
select shows_row();
alter table pairs drop column b;
select shows_row();
-- Arguments are variables.
create function changes_argument(a int, inout b int default 5) language plpgsql as $$
begin
  a := a + 1;
  b := b + a;
end $$;
select changes_argument(1), changes_argument(1, 1);
create function with_defaults(variadic parts text[] default '{}') returns text language plpgsql as $$
begin return array_to_string(parts, '-'); end $$;
select with_defaults(), with_defaults('a'), with_defaults('a', 'b');
create function strict_one(a int) returns int strict language plpgsql as $$ begin raise notice 'called'; return a; end $$;
select strict_one(null), strict_one(1);
create function takes_row(p point2) returns int language plpgsql as $$ begin return p.x + p.y; end $$;
select takes_row((1, 2)), takes_row(null);
select takes_row(r) from (values ((1, 2)::point2), ((3, 4)::point2)) v(r);
-- The name of the function is a label.
create function labelled(x int) returns int language plpgsql as $$
declare x int := 10;
begin return labelled.x + x; end $$;
select labelled(1);
-- Immutable and stable ones change nothing.
create function stable_write() returns int stable language plpgsql as $$ begin insert into pairs values (1); return 1; end $$;
select stable_write();
-- Unusual names.
create function "Odd name"("Arg one" int) returns int language plpgsql as $$
declare "Mixed" int := "Arg one"; "select" int := 2;
begin
  "Mixed" := "Mixed" * "select";
  return "Mixed";
end $$;
select "Odd name"(4);
do $$ declare "a""b" int := 1; begin raise notice '%', "a""b"; end $$;
-- Comments and strings.
do $body$
/* a /* nested */ comment */
declare -- here too
  a text := 'it''s'; b text := E'tab\there'; c text := $$dollar $x$ $$;
begin
  raise notice E'% \\ %', a, /* between */ b;
  raise notice $q$% 'quoted'$q$, c;
end -- at the end
$body$;
drop function labelled, takes_row, strict_one, with_defaults, changes_argument, shows_row, stable_write, "Odd name";
drop table pairs;
drop domain positive, named, ascending;
drop type box2; drop type point2;
