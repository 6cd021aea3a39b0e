create schema a9; set search_path=a9,public; 
create table w(id serial, b regclass default 'pg_class', g int generated always as (id*2) stored, check (id > 0), t text);
create index on w ((id + 1), lower(t), (t || 'x')) where id > 5;
select pg_get_expr(adbin, adrelid) from pg_attrdef where adrelid='w'::regclass order by adnum;
select pg_get_indexdef('a9.w_expr_lower_expr1_idx'::regclass), pg_get_expr(indexprs, indrelid), pg_get_indexdef(indexrelid, 1, false) from pg_index where indrelid='a9.w'::regclass;
alter table w rename id to idd; alter sequence w_id_seq rename to ww; alter schema a9 rename to a8; set search_path=public;
select pg_get_expr(adbin, adrelid) from pg_attrdef where adrelid='a8.w'::regclass order by adnum;
select pg_get_indexdef('a8.w_expr_lower_expr1_idx'::regclass), pg_get_expr(indexprs, indrelid), pg_get_expr(indpred, indrelid), pg_get_indexdef(indexrelid, 1, false), pg_get_indexdef(indexrelid, 1, true) from pg_index where indrelid='a8.w'::regclass;
select pg_get_constraintdef(oid) from pg_constraint where conrelid='a8.w'::regclass;
