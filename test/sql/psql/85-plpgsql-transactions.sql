create table kept (n int primary key);
create procedure every_second(upto int) language plpgsql as $$
begin
  for i in 1..upto loop
    insert into kept values (i);
    if i % 2 = 0 then commit; else rollback; end if;
  end loop;
end $$;
call every_second(6);
select * from kept order by n;
do $$
begin
  insert into kept values (100);
  commit;
  insert into kept values (101);
  rollback;
  insert into kept values (102);
end $$;
select * from kept order by n;
-- Loops over rows go on over a COMMIT.
do $$
declare r record;
begin
  for r in select n from kept order by n loop
    insert into kept values (r.n + 1000);
    commit;
  end loop;
end $$;
select count(*) from kept;
do $$
declare
  c cursor for select n from kept where n > 1000 order by n;
  k int := 0;
begin
  for r in c loop
    k := k + 1;
    delete from kept where n = r.n;
    commit;
  end loop;
  raise notice '% rows', k;
end $$;
select count(*) from kept;
-- Where it is not allowed.
begin;
call every_second(2);
rollback;
create function commits() returns int language plpgsql as $$ begin commit; return 1; end $$;
select commits();
do $$ begin perform commits(); end $$;
do $$
begin
  begin
    insert into kept values (200);
    commit;
  exception when others then raise notice '%: %', sqlstate, sqlerrm;
  end;
end $$;
create procedure calls_it(n int) language plpgsql as $$
begin
  call every_second(n);
  commit and chain;
end $$;
delete from kept;
call calls_it(4);
select * from kept order by n;
-- OUT and INOUT.
create procedure doubles(inout a int, out b text) language plpgsql as $$
begin
  a := a * 2;
  b := 'was ' || a / 2;
end $$;
call doubles(5, null);
do $$
declare x int := 4; y text;
begin
  call doubles(x, y);
  raise notice '% %', x, y;
  call doubles(x, y);
  raise notice '% %', x, y;
end $$;
do $$ begin call doubles(1, null); end $$;
do $$ begin savepoint a; end $$;
do $$ begin execute 'rollback'; end $$;
do $$ begin start transaction; end $$;
drop procedure every_second, calls_it, doubles; drop function commits;
drop table kept;
