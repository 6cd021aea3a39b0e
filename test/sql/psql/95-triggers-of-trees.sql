create schema s95;
set search_path = s95;
create function tf() returns trigger language plpgsql as $$
declare o text; n text;
begin
  raise notice '% on % % % %: % -> %', tg_name, tg_table_name, tg_when, tg_op, tg_level, old, new;
  if tg_op = 'DELETE' then return old; end if;
  return new;
end $$;
create function tt() returns trigger language plpgsql as $$
begin
  if tg_op = 'INSERT' then raise notice '% new %', tg_name, (select string_agg(nt::text, ', ' order by a) from nt);
  elsif tg_op = 'DELETE' then raise notice '% old %', tg_name, (select string_agg(ot::text, ', ' order by a) from ot);
  else raise notice '% old % new %', tg_name, (select string_agg(ot::text, ', ' order by a) from ot), (select string_agg(nt::text, ', ' order by a) from nt);
  end if;
  return null;
end $$;
create table p (a int, b text) partition by list (a);
create table p1 partition of p for values in (1);
create table p2 (b text, a int);
alter table p attach partition p2 for values in (2);
create trigger br before insert or update or delete on p for each row execute function tf();
create trigger ar after insert or update of b or delete on p for each row when (pg_trigger_depth() = 0 or true) execute function tf();
create trigger own before insert on p2 for each row execute function tf();
create trigger s1 after insert on p referencing new table as nt for each statement execute function tt();
create trigger s2 after update on p referencing old table as ot new table as nt for each statement execute function tt();
create trigger s3 after delete on p referencing old table as ot for each statement execute function tt();
insert into p values (1, 'one'), (2, 'two') returning *;
update p set b = b || '!' where a = 2;
update p set a = 2 where a = 1;
delete from p where b = 'one';
copy p from stdin;
1	c1
2	c2
\.
insert into p2 values ('direct', 2);
\d p2
drop trigger br on p2;
create function mv() returns trigger language plpgsql as $$ begin new.a := 3 - new.a; return new; end $$;
create trigger zz before insert on p for each row execute function mv();
insert into p values (1, 'moves');
create table i0 (a int, b text);
create table i1 (c int) inherits (i0);
insert into i0 values (1, 'x'); insert into i1 values (2, 'y', 3);
create trigger it after update on i0 referencing old table as ot new table as nt for each statement execute function tt();
create trigger ir before update on i0 for each row execute function tf();
update i0 set b = b || b;
update i1 set b = 'z';
create constraint trigger ct after insert on p deferrable initially deferred for each row execute function tf();
drop trigger zz on p;
begin;
insert into p values (1, 'deferred');
select 'before the end';
set constraints ct immediate;
rollback;
set client_min_messages = warning;
drop schema s95 cascade;
