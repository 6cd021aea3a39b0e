-- gin indexes over jsonb, arrays and texts: what they find is what a scan finds
create table docs (id int primary key, body text, tags text[], nums numeric[], data jsonb, words tsvector);
insert into docs select i, 'note ' || i || case when i % 7 = 0 then ' Lucky seven' else ' plain' end,
  case when i % 10 = 0 then null else array['t' || i % 5, 'u' || i % 3] end,
  array[i % 4, 1.0, null]::numeric[],
  case i % 4 when 0 then jsonb_build_object('k', i % 10, 'list', jsonb_build_array('a', i % 6), 'deep', jsonb_build_object('x', i % 3))
             when 1 then to_jsonb(array['a', 'b' || i % 3]) when 2 then to_jsonb('s' || i % 5) else 'null' end,
  to_tsvector('english', 'cats number' || i % 4 || ' running ' || case when i % 5 = 0 then 'dogs' else 'birds' end)
from generate_series(1, 400) i;
create index on docs using gin (tags);
create index on docs using gin (nums);
create index on docs using gin (data);
create index on docs using gin (data jsonb_path_ops) where id > 100;
create index on docs using gin (words);
create index on docs using gin (to_tsvector('english', body));
set enable_seqscan = off;
select count(*) from docs where tags @> '{t1,u1}';
select count(*) from docs where tags && '{t1,zz}';
select count(*) from docs where tags && '{}';
select count(*) from docs where tags @> '{}';
select count(*) from docs where tags @> array[null]::text[];
select count(*) from docs where tags = '{t1,u1}';
select count(*) from docs where '{t2}' <@ tags;
select count(*) from docs where nums @> '{1.00}';
select count(*) from docs where nums @> '{3, 1}';
select count(*) from docs where data @> '{"k": 4}';
select count(*) from docs where data @> '{"k": 4.0, "list": ["a"]}';
select count(*) from docs where data @> '"a"';
select count(*) from docs where data @> '["a"]';
select count(*) from docs where data @> '"s1"';
select count(*) from docs where data @> '{}';
select count(*) from docs where data @> 'null';
select count(*) from docs where data @> '{"deep": {"x": 1}}' and id > 100;
select count(*) from docs where data ? 'deep';
select count(*) from docs where data ? 'b1';
select count(*) from docs where data ? 's3';
select count(*) from docs where data ?| array['k', 'b2'];
select count(*) from docs where data ?& array['k', 'list'];
select count(*) from docs where data ?& '{}';
select count(*) from docs where data ?| '{}';
select count(*) from docs where words @@ 'cat & dog'::tsquery;
select count(*) from docs where words @@ to_tsquery('english', 'running & (number1 | number2) & !birds');
select count(*) from docs where words @@ to_tsquery('english', 'numb:*');
select count(*) from docs where words @@ to_tsquery('english', '!dogs');
select count(*) from docs where words @@ to_tsquery('english', 'cats <-> number1');
select count(*) from docs where to_tsquery('simple', 'dog') @@ words;
select count(*) from docs where to_tsvector('english', body) @@ plainto_tsquery('english', 'lucky');
select count(*) from docs where words @@ null::tsquery;
prepare by_tag(text[]) as select count(*) from docs where tags @> $1;
execute by_tag('{t3}');
execute by_tag('{}');
execute by_tag(null);
deallocate by_tag;
-- changes move the entries along
update docs set tags = '{moved}' where id <= 10;
select id from docs where tags @> '{moved}' order by id;
update docs set id = id + 1000 where id <= 5;
select id from docs where tags @> '{moved}' order by id;
delete from docs where id in (6, 7);
select id from docs where tags @> '{moved}' order by id;
begin;
insert into docs (id, tags) values (5000, '{moved,new}');
update docs set tags = tags || 'new'::text where id = 8;
select id from docs where tags @> '{moved,new}' order by id;
savepoint s;
delete from docs where id = 5000;
select id from docs where tags @> '{new}' order by id;
rollback to s;
select id from docs where tags @> '{new}' order by id;
rollback;
select id from docs where tags @> '{new}' order by id;
select d.id, x.t from (values ('t1'), ('moved')) x (t) join docs d on d.tags @> array[x.t] where d.id < 30 order by 1, 2;
truncate docs;
select count(*) from docs where tags @> '{t1}';
insert into docs (id, tags) values (1, '{t1}');
select count(*) from docs where tags @> '{t1}';
drop table docs;
