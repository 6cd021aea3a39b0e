-- Errors at run time, with the lines of context.
create function div(a int, b int) returns int language plpgsql as $$
declare c int;
begin
  c := a / b;
  return c;
end $$;
select div(1, 0);
create function calls_div(n int) returns text language plpgsql as $$
begin
  if n > 0 then
    return div(n, 0);
  end if;
  return 'x' || div(1, n);
end $$;
select calls_div(1);
select calls_div(0);
do $$ begin perform calls_div(1); end $$;
do $$ declare x int; begin x := 1 / 0; end $$;
do $$ declare x int := 1 / 0; begin end $$;
do $$ declare x int := 'abc'; begin end $$;
do $$ declare x int; begin x := 'abc'; end $$;
do $$ declare x int; t text := 'abc'; begin x := t; end $$;
do $$ declare x smallint; begin x := 100000; end $$;
do $$ declare x varchar(3); begin x := 'abcd'; end $$;
do $$ declare x int not null := 1; begin x := null; end $$;
do $$ declare x int not null := null; begin end $$;
do $$ begin perform nosuch; end $$;
do $$ begin perform nosuch from pg_class; end $$;
do $$ begin perform nosuch(1); end $$;
do $$ declare x int; begin x := nosuch; end $$;
do $$ declare x int; begin x := nosuch(x); end $$;
do $$ begin if nosuch then null; end if; end $$;
do $$ begin if 'abc' then null; end if; end $$;
do $$ begin insert into nosuch values (1); end $$;
do $$ begin select 1; end $$;
do $$ begin perform 1; select 1; end $$;
do $$ declare r record; begin raise notice '%', r.a; end $$;
do $$ declare r record; begin r.a := 1; end $$;
do $$ declare r record; begin select 1 as a into r; raise notice '% %', r.a, r.b; end $$;
do $$ declare r record; begin select 1 as a into r; r.b := 1; end $$;
do $$ declare r record; begin r := 5; end $$;
do $$ declare x int; begin select 1, 2 into x; x := (select 1 union all select 2); end $$;
do $$ declare x int; begin x := 1, 2; end $$;
do $$ declare x int; begin select oid into strict x from pg_class; end $$;
do $$ declare x int; begin select 1 into strict x where false; end $$;
do $$ begin execute null; end $$;
do $$ begin execute 'select frm'; end $$;
do $$ begin execute 'selec'; end $$;
do $$ declare x int; begin execute 'create temp table tt (a int)' into x; end $$;
do $$ begin execute 'select 1 into zz'; end $$;
do $$ begin execute 'commit'; end $$;
do $$ begin execute 'select $1 + $2' using 1; end $$;
do $$ begin for i in null..3 loop end loop; end $$;
do $$ begin for i in 1..null loop end loop; end $$;
do $$ begin for i in 1..3 by 0 loop end loop; end $$;
do $$ declare x int; begin foreach x in array null::int[] loop end loop; end $$;
do $$ declare x int; begin foreach x in array 5 loop end loop; end $$;
do $$ declare x int; begin foreach x slice 1 in array '{1}'::int[] loop end loop; end $$;
do $$ declare x int[]; begin foreach x in array '{1}'::int[] loop end loop; end $$;
do $$ declare x int[]; begin foreach x slice 3 in array '{1}'::int[] loop end loop; end $$;
create function no_return(n int) returns int language plpgsql as $$ begin if n > 0 then return n; end if; end $$;
select no_return(1);
select no_return(0);
create function bad_cast() returns int language plpgsql as $$ begin return 'abc'; end $$;
select bad_cast();
create function bad_cast2() returns int language plpgsql as $$ declare t text := 'abc'; begin return t; end $$;
select bad_cast2();
create function wrong_rows() returns setof int language plpgsql as $$ begin return query select 'a'::text; end $$;
select * from wrong_rows();
create function wrong_rows2() returns table (a int, b int) language plpgsql as $$ begin return query select 1; end $$;
select * from wrong_rows2();
create function wrong_row() returns record language plpgsql as $$ begin return (1, 2); end $$;
select * from wrong_row() as (a int, b text);
select * from wrong_row() as (a int);
select * from wrong_row();
create function not_row() returns record language plpgsql as $$ begin return 5; end $$;
select not_row();
create function t() returns trigger language plpgsql as $$ begin return new; end $$;
select t();
-- Ambiguous names.
create table amb (a int, b int);
insert into amb values (1, 10), (2, 20);
create function ambiguous(a int) returns int language plpgsql as $$
declare r int;
begin
  select b into r from amb where a = a;
  return r;
end $$;
select ambiguous(2);
create or replace function ambiguous(a int) returns int language plpgsql as $$
#variable_conflict use_variable
declare r int;
begin
  select b into r from amb where amb.a = a;
  return r;
end $$;
select ambiguous(2);
create or replace function ambiguous(a int) returns int language plpgsql as $$
#variable_conflict use_column
declare r int;
begin
  select b into r from amb where amb.a = ambiguous.a;
  return r;
end $$;
select ambiguous(2);
-- Strict parameters are told.
create or replace function strict_params(n int, t text) returns int language plpgsql as $$
#print_strict_params on
declare r int;
begin
  select b into strict r from amb where a = n or b::text = t;
  return r;
end $$;
select strict_params(3, 'it''s');
-- Without end.
create function endless(n int) returns int language plpgsql as $$ begin return endless(n + 1); end $$;
\set VERBOSITY sqlstate
select endless(1);
set statement_timeout = 200;
do $$ begin loop null; end loop; end $$;
do $$ declare i int := 0; begin while true loop i := i + 1; if i > 1000 then i := 0; end if; end loop; end $$;
reset statement_timeout;
\set VERBOSITY default
do $$ begin assert 1 = 1; assert 1 = 2; end $$;
do $$ begin assert null, 'with a ' || 'message'; end $$;
set plpgsql.check_asserts = off;
do $$ begin assert false; end $$;
drop function div, calls_div, no_return, bad_cast, bad_cast2, wrong_rows, wrong_rows2, wrong_row, not_row, t, ambiguous, strict_params, endless;
drop table amb;
