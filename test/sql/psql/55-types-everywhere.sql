-- Users' types in every part of a statement.
CREATE SCHEMA everywhere;
SET search_path = everywhere;
create type m as enum('lo','mid','hi'); create domain di as int check (value >= 0); create type c as (a m, b di, d date);
create table t(id int primary key, m m, di di, c c, r int4range, ms m[], cs c[]);
insert into t select i, (enum_range(null::m))[1 + i % 3], i, row((enum_range(null::m))[1 + i % 3], i, date '2020-01-01' + i)::c, int4range(i, i+5), array['lo','hi']::m[], array[row('lo',i,null)::c] from generate_series(1,12) i;
select row_to_json(t) from t where id = 1;
select to_jsonb(t) -> 'c' -> 'd', to_jsonb(di), to_json(array[di]) from t where id < 3;
select jsonb_agg(c order by id) from t where id < 3;
select m, sum(di), count(*) filter (where di > 5), array_agg(di order by id) from t group by m order by m;
select m, di, rank() over (partition by m order by di desc), lead(m) over (order by id), ntile(2) over (order by m, id) from t order by id;
select distinct on (m) m, id from t order by m, id desc;
select m from t union select 'mid' order by 1; select di from t where id < 3 union all select 7 order by 1; select m from t intersect select 'lo'::m; select m from t except select 'lo'::m order by 1;
insert into t(id, m) values (1, 'hi') on conflict (id) do update set m = excluded.m, c.a = 'hi' returning m, c;
merge into t using (values (2,'lo'::m),(99,'hi')) v(i,mm) on t.id = v.i when matched then update set m = v.mm when not matched then insert (id, m) values (v.i, v.mm);
select id, m from t where id in (2,99) order by id;
with x as (update t set di = di + 1 where m = 'hi' returning *) select count(*), sum(di) from x;
create index pm on t(di) where m = 'hi'; create index on t((c)) ; create index em on t((lower(r)));
select count(*) from t where m = 'hi' and di > 3; select id from t where lower(r) = 7; select id from t where c > row('mid',0,null)::c order by id limit 3;
select * from (values ('lo'::m, 1), ('hi', 2)) v(a, b) join t on t.m = v.a and t.id = v.b;
select t.id from t join t u on t.c = u.c and t.r && u.r where t.id < 4 order by 1;
select id from t where m = any(array['lo','mid']::m[]) order by m, id limit 4; select id from t where (m, id) in (('lo',3),('hi',2)) order by 1; select id from t where ms @> '{hi}' order by id limit 1; select 'hi' = any(ms) from t order by id limit 1;
select percentile_disc(0.5) within group (order by m), mode() within group (order by m) from t;
select grouping(m), m, count(*) from t group by rollup(m) order by 1, 2;
select width_bucket(di, 0, 10, 5) from t where id = 5; select di % 2, -di, di || 'x', abs(di) from t where id = 4;
create table t2 as select m, c, di, r, ms from t where id = 3; select * from t2; select pg_typeof(m), pg_typeof(c), pg_typeof(di) from t2;
create view tv as select m, (c).d, di from t; select * from tv where m = 'lo' order by di limit 2;
alter type c add attribute self c; alter type c add attribute selfs c[]; alter table t add column tt t; create table self(x self);
create table lk (like t including all); insert into lk(id, m, c) values (1,'hi','(lo,1,)'); select m, c from lk; create table ca as select m, c, di from t where id < 3; alter table ca add primary key (m, c, di); select * from ca order by m desc;
create index on t((m::text)); create table gg(m m, x text generated always as (m::text) stored);
select x, (x).a from (select (t.c) x from t where id = 4) s; select (select c from t where id = 4), exists (select c from t where c is null), array(select m from t where id < 4 order by id);
select case m when 'lo' then 'l' else m::text end from t where id < 4 order by id; select m::text like 'l%' from t where id = 3;
select c::text::c = c from t where id = 3; select c = '(lo,3,2020-01-04)'::c from t where id = 3; select t::text from t where id = 3; select t.c.a from t; select (t.c).nope from t;
\copy (select m, di, c, r, ms, cs from t where id = 3) to stdout
\copy (select m, di, c, r, ms, cs from t where id = 3) to stdout csv
copy t(id, m, di, c, r, ms) from stdin;
50	mid	5	(hi,1,2021-01-01)	[1,3]	{lo}
51	bad	5	\N	\N	\N
\.
copy t(id, c) from stdin csv;
60,"(lo,-1,)"
\.
set work_mem = '64kB'; select count(*) from (select r, c, m from t, generate_series(1,300) order by r, c, m) q; reset work_mem;
prepare p(m, c) as select $1, ($2).a, $2; execute p('hi', '(lo,1,)'); execute p('hi', row('mid',2,null));
begin; declare cu cursor for select m, c from t order by id; fetch 2 from cu; close cu; commit;
select attname, n_distinct from pg_stats where tablename = 'nosuch'; analyze t; select id from t where m > 'lo' and di < 3 order by id;
select m, r from t where r <@ '[1,9]'::int4range order by r; select upper(r) - lower(r) from t where id = 1; select r * '[3,4]'::int4range from t where id = 1;
select unnest(ms), unnest(enum_range(null::m)) from t where id = 1; select * from unnest(array['lo','hi']::m[]) with ordinality; select generate_subscripts(ms, 1) from t where id = 1;
select jsonb_populate_record(null::c, '{"a":"mid","b":3}'), json_populate_record(null::t, '{"ms":["lo","hi"],"cs":[{"a":"hi"}],"r":"[1,2]"}'); select jsonb_populate_record(null::c, '{"a":"nope"}'); select jsonb_populate_record(null::c, '{"b":-3}');
select 'lo'::m < all(enum_range('mid'::m, null)), array_remove(ms, 'lo'), ms || 'mid'::m, array_cat(ms, ms), array_replace(ms, 'lo', 'mid'), ms = '{lo,hi}' from t where id = 1;
