-- What CREATE FUNCTION and DO refuse, with places and lines.
create function bad() returns int language plpgsql as $$
begin
  retrun 1;
end $$;
create function bad() returns int language plpgsql as $$
begin
  return 1
end $$;
create function bad() returns int language plpgsql as $$
begin
  x := 1;
  return 1;
end $$;
create function bad() returns int language plpgsql as $$
declare x int; x text;
begin
  return 1;
end $$;
create function bad() returns int language plpgsql as $$
declare x nosuchtype;
begin
  return 1;
end $$;
create function bad() returns int language plpgsql as $$
declare x nosuch.thing%type;
begin
  return 1;
end $$;
create function bad() returns int language plpgsql as $$
declare x nosuch%rowtype;
begin
  return 1;
end $$;
create function bad() returns int language plpgsql as $$
declare x int not null;
begin
  return 1;
end $$;
create function bad() returns int language plpgsql as $$
declare x constant int := 1;
begin
  x := 2;
  return 1;
end $$;
create function bad() returns int language plpgsql as $$
declare x int;
begin
  select 1 into nosuch;
  return 1;
end $$;
create function bad() returns int language plpgsql as $$
begin
  select 1 frm x;
  return 1 +;
end $$;
create function bad() returns int language plpgsql as $$
begin
  return 1 +;
end $$;
create function bad() returns int language plpgsql as $$
begin
  if true then return 1;
end $$;
create function bad() returns int language plpgsql as $$
begin
  if true return 1; end if;
end $$;
create function bad() returns int language plpgsql as $$
begin
  for i in 1..10 lop end loop;
end $$;
create function bad() returns int language plpgsql as $$
begin
  for i, j in 1..10 loop null; end loop;
end $$;
create function bad() returns int language plpgsql as $$
declare i int; j int;
begin
  for i, j in 1..10 loop null; end loop;
end $$;
create function bad() returns int language plpgsql as $$
begin
  for i in select 1 loop null; end loop;
end $$;
create function bad() returns int language plpgsql as $$
begin
  exit;
end $$;
create function bad() returns int language plpgsql as $$
begin
  continue;
end $$;
create function bad() returns int language plpgsql as $$
begin
  <<a>> loop exit b; end loop;
end $$;
create function bad() returns int language plpgsql as $$
<<b>>
begin
  loop continue b; end loop;
end $$;
create function bad() returns int language plpgsql as $$
<<b>>
begin
  null;
end c $$;
create function bad() returns int language plpgsql as $$
begin
  null;
end c $$;
create function bad() returns void language plpgsql as $$ begin return 1; end $$;
create procedure bad() language plpgsql as $$ begin return 1; end $$;
create function bad() returns setof int language plpgsql as $$ begin return 1; end $$;
create function bad(out int) language plpgsql as $$ begin return 1; end $$;
create function bad() returns int language plpgsql as $$ begin return next 1; end $$;
create function bad() returns int language plpgsql as $$ begin return query select 1; end $$;
create function bad() returns int language plpgsql as $$ begin return; end $$;
create function bad() returns int language plpgsql as $$ begin raise notice 'a % %', 1; end $$;
create function bad() returns int language plpgsql as $$ begin raise notice 'a', 1; end $$;
create function bad() returns int language plpgsql as $$ begin raise nosuch_condition; end $$;
create function bad() returns int language plpgsql as $$ begin raise sqlstate '123'; end $$;
create function bad() returns int language plpgsql as $$ begin raise using nosuch = 'x'; end $$;
create function bad() returns int language plpgsql as $$
begin
  null;
exception when nosuch_condition then null;
end $$;
create function bad() returns int language plpgsql as $$
declare c cursor for select 1; n int;
begin
  open c(1);
end $$;
create function bad() returns int language plpgsql as $$
declare c cursor (a int) for select a; n int;
begin
  open c;
end $$;
create function bad() returns int language plpgsql as $$
declare c cursor (a int, b int) for select a; n int;
begin
  open c (a := 1, c := 2);
end $$;
create function bad() returns int language plpgsql as $$
declare n int;
begin
  open n for select 1;
end $$;
create function bad() returns int language plpgsql as $$
declare n int;
begin
  get diagnostics n = nosuch;
end $$;
create function bad() returns int language plpgsql as $$
declare n int;
begin
  get diagnostics n = message_text;
end $$;
create function bad() returns trigger language plpgsql as $$ begin return new end $$;
create function bad(int) returns trigger language plpgsql as $$ begin return new; end $$;
create function bad() returns cstring language plpgsql as $$ begin return 'a'; end $$;
create function bad(internal) returns int language plpgsql as $$ begin return 1; end $$;
create function bad(a cstring) returns int language plpgsql as $$ begin return 1; end $$;
do $$ begin foo; end $$;
do $$
begin
  select 1
  from x where;
end $$;
do 'begin x := 1; end';
do $$ declare a anyelement; begin end $$;
do $$ begin perform; end $$;
do $$ begin execute; end $$;
do $$ begin foreach x in array '{1}' loop end loop; end $$;
do $$ begin case 1 end case; end $$;
do $$ begin commit and; end $$;
do $$ begin open nosuch; end $$;
do $$ begin return 1; end $$;
do $$ begin end end $$;
do $$ begin $$;
set check_function_bodies = off;
create function later() returns int language plpgsql as $$ begin retrun 1; end $$;
select later();
drop function later();
reset check_function_bodies;
set plpgsql.extra_warnings = 'shadowed_variables';
create function shadow(a int) returns int language plpgsql as $$
declare a text; b int;
begin
  declare b int;
  begin
    return 1;
  end;
end $$;
set plpgsql.extra_errors = 'all';
create function shadow2(a int) returns int language plpgsql as $$
declare a text;
begin
  return 1;
end $$;
drop function shadow;
