create table src (id int primary key, a text default 'x' collate "C", g int generated always as (id*2) stored, i int generated always as identity, constraint ck check (a <> ''), unique (a, g)); alter table src alter a set storage external, alter a set compression pglz; comment on column src.a is 'col a';
create index on src (lower(a)) include (g); create index on src ((id + 1), a) where g > 1; comment on index src_lower_g_idx is 'low';
create view vsrc as select id, a from src; create type csrc as (x int, y text collate "C");
create table l1 (z int, like src including all); \d+ l1
create table l2 (like vsrc, like csrc); \d+ l2
create table l3 (like src); \d+ l3
create table l4 (like src including defaults including indexes excluding constraints); \d+ l4
