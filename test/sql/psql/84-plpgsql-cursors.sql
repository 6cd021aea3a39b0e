create table nums (n int primary key, t text);
insert into nums select i, 't' || i from generate_series(1, 10) i;
do $$
declare
  all_of cursor for select * from nums order by n;
  some cursor (lo int, hi int) for select n from nums where n between lo and hi order by n;
  free refcursor;
  r record;
  k int;
begin
  open all_of;
  fetch all_of into r;
  raise notice 'first %', r;
  fetch next from all_of into r;
  raise notice 'next %', r.n;
  fetch relative 2 from all_of into k;
  raise notice 'relative %', k;
  fetch last from all_of into k;
  raise notice 'last %', k;
  fetch prior from all_of into k;
  raise notice 'prior %', k;
  fetch absolute 3 from all_of into k;
  raise notice 'absolute %', k;
  move forward 2 from all_of;
  fetch all_of into k;
  raise notice 'after move %', k;
  move last from all_of;
  fetch all_of into k;
  raise notice 'past the end % found %', k, found;
  close all_of;
  open some(hi := 5, lo := 4);
  loop
    fetch some into k;
    exit when not found;
    raise notice 'some %', k;
  end loop;
  close some;
  open free for select n from nums where n > 8;
  raise notice 'name %', free;
  fetch free into k;
  raise notice 'free %', k;
  close free;
  free := 'my own';
  open free scroll for execute 'select n from nums where n < $1 order by n desc' using 4;
  fetch last in free into k;
  raise notice 'own % %', free, k;
  close free;
  for r in some(2, 3) loop
    raise notice 'loop % in %', r.n, some;
  end loop;
  for r in all_of loop
    exit when r.n > 2;
    raise notice 'loop %', r.t;
  end loop;
end $$;
-- Cursors that go out of a function, and into one.
create function gives(c refcursor) returns refcursor language plpgsql as $$
begin
  open c for select n from nums where n <= 3 order by n;
  return c;
end $$;
create function takes(c refcursor) returns int language plpgsql as $$
declare k int; total int := 0;
begin
  loop
    fetch c into k;
    exit when not found;
    total := total + k;
  end loop;
  return total;
end $$;
begin;
select gives('mine');
fetch next from mine;
select takes('mine');
fetch mine;
commit;
begin;
declare other cursor for select 5 union all select 6;
select takes('other');
select gives('other');
rollback;
do $$ declare c refcursor; k int; begin fetch c into k; end $$;
do $$ declare c refcursor := 'nosuch'; k int; begin fetch c into k; end $$;
do $$ declare c refcursor := 'nosuch'; begin close c; end $$;
do $$ declare c cursor for select 1; begin open c; open c; end $$;
do $$ declare c no scroll cursor for select n from nums order by n; k int; begin open c; fetch last from c into k; fetch prior from c into k; end $$;
do $$ declare c refcursor; begin open c for insert into nums values (99); end $$;
do $$ declare c refcursor; k int; begin open c for select 1; fetch relative null from c into k; end $$;
do $$ declare c refcursor; k int; begin open c for select 1/(n-1) from nums; fetch c into k; end $$;
drop function gives, takes;
drop table nums;
