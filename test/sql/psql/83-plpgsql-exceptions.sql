-- Blocks with EXCEPTION, RAISE and diagnostics.
create table log (n int primary key, t text);
create function guarded(n int) returns text language plpgsql as $$
begin
  insert into log values (n, 'before');
  begin
    insert into log values (n + 1, 'inside');
    if n = 1 then perform 1 / 0;
    elsif n = 2 then raise exception 'own % of %', n, 'mine' using errcode = 'AB123', detail = 'the detail', hint = 'the hint';
    elsif n = 3 then insert into log values (n);
    elsif n = 4 then raise unique_violation;
    elsif n = 5 then raise sqlstate '22012' using message = 'made up';
    elsif n = 6 then assert false, 'not caught';
    end if;
    return 'no error';
  exception
    when division_by_zero then
      return 'division: ' || sqlstate || ' ' || sqlerrm;
    when unique_violation or check_violation then
      return 'constraint: ' || sqlerrm;
    when sqlstate 'AB123' then
      return 'own: ' || sqlerrm;
  end;
end $$;
select n, guarded(n * 1) from (values (1)) v(n);
select guarded(2);
select guarded(3);
select guarded(4);
select guarded(5);
select guarded(7);
select guarded(6);
select * from log order by n;

create function diagnosed(what text) returns setof text language plpgsql as $$
declare
  st text; msg text; det text; hin text; con text; col text; tab text; sch text; typ text; ctx text;
begin
  execute what;
exception when others then
  get stacked diagnostics st = returned_sqlstate, msg = message_text, det = pg_exception_detail, hin = pg_exception_hint,
    con = constraint_name, col = column_name, tab = table_name, sch = schema_name, typ = pg_datatype_name, ctx = pg_exception_context;
  return next concat_ws('|', st, msg, det, hin, con, col, tab, sch, typ);
  return next ctx;
end $$;
select * from diagnosed('select 1/0');
select * from diagnosed('insert into log values (1)');
select * from diagnosed('insert into log values (null)');
select * from diagnosed('select nosuch');
select * from diagnosed($$ do $x$ begin raise exception 'e' using detail = 'd', hint = 'h', constraint = 'c', column = 'o', table = 't', schema = 's', datatype = 'y'; end $x$ $$);

-- Raised again, with the context of the first time.
create function again() returns void language plpgsql as $$
begin
  begin
    perform 1 / 0;
  exception when others then
    raise notice 'caught %', sqlerrm;
    raise;
  end;
end $$;
select again();
create function outer_again() returns text language plpgsql as $$
begin
  perform again();
exception when others then
  return sqlstate;
end $$;
select outer_again();

-- A handler's own error, nested handlers.
do $$
begin
  begin
    raise exception 'first';
  exception when others then
    begin
      raise exception 'second %', sqlerrm;
    exception when others then
      raise notice 'inner %', sqlerrm;
    end;
    raise notice 'outer %', sqlerrm;
    raise exception 'third';
  end;
end $$;
do $$
begin
  raise exception 'x';
exception
  when syntax_error then raise notice 'no';
  when plpgsql_error then raise notice 'class %', sqlstate;
end $$;
do $$ begin raise; end $$;
do $$ declare x text; begin get stacked diagnostics x = message_text; end $$;

-- RAISE.
do $$
begin
  raise debug 'debug';
  raise log 'log';
  raise info 'info %', 1;
  raise notice 'percent %% and % and %', null::int, 'text';
  raise notice '%', row(1, 'a');
  raise warning 'warning' using detail = 'd', hint = 'h';
  raise notice using message = 'only options', detail = 'x';
  raise notice division_by_zero;
  raise notice sqlstate 'U0001';
  raise 'plain %', 'error';
end $$;
do $$ begin raise division_by_zero; end $$;
do $$ begin raise sqlstate 'U0001' using message = 'with message'; end $$;
do $$ begin raise exception using errcode = 'unique_violation'; end $$;
do $$ begin raise exception using errcode = 'nosuch'; end $$;
do $$ begin raise exception 'a' using message = 'b'; end $$;
do $$ begin raise exception 'a' using hint = null; end $$;
do $$ begin raise exception 'a' using hint = 'x', hint = 'y'; end $$;
do $$ begin raise division_by_zero using errcode = '22000'; end $$;
\set VERBOSITY verbose
\set VERBOSITY default
\set SHOW_CONTEXT always
do $$ begin raise notice 'with context'; end $$;
\set SHOW_CONTEXT errors

-- PG_CONTEXT.
create function where_am_i() returns text language plpgsql as $$
declare c text;
begin
  get diagnostics c = pg_context;
  return c;
end $$;
create function asks() returns text language plpgsql as $$
declare t text;
begin
  t := where_am_i();
  return t;
end $$;
create function asks2() returns text language plpgsql as $$
declare t text;
begin
  select where_am_i() into t;
  return t;
end $$;
select where_am_i();
select asks();
select asks2();

-- What an exception undoes: rows, not variables.
do $$
declare n int := 0;
begin
  begin
    n := 5;
    delete from log;
    raise exception 'undo';
  exception when others then
    raise notice 'n % rows %', n, (select count(*) from log);
  end;
end $$;
drop function guarded, diagnosed, again, outer_again, where_am_i, asks, asks2;
drop table log;
