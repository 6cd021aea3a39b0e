select B'101', X'1F', B'101' & B'110', B'101' | B'010', B'101' # B'111', ~B'101', B'1011' << 1, B'1011' >> 1, B'10'||B'11', length(B'101'), 44::bit(10), cast(-44 as bit(12)), '1110'::bit(4)::int, get_bit(B'101',1), set_bit(B'101',1,1), substring(B'110101' from 2 for 3), overlay(B'111111' placing B'00' from 2), position(B'10' in B'0010'), bit_count(B'1101'), octet_length(B'111111111');
select B'101'::bit(2), '10'::bit(4), '101'::varbit(2), '12'::bit(2); select 'x1g'::bit(4);
create table bt(a bit(3), b bit varying(5), primary key(a)); insert into bt values ('101','1'),('001','11111'); insert into bt values ('10','1'); insert into bt values ('111','111111'); select * from bt order by a; select a, b from bt where a = B'101'; select bit_and(a), bit_or(a), bit_xor(a) from bt; \d bt
drop table bt;
select '$1,234.56'::money, '-5'::money, '(3.456)'::money, 12.345::money, 7::money, '$5'::money * 2, '$5'::money / 3, '$5'::money / '$2'::money, '5'::money + '1', 3 * '5'::money, '12.5'::money::numeric, cash_words('1234.56'), 'x'::money;
select 'x'::money; select '92233720368547758.08'::money; select '$5'::money * 1.5::float8, '$5.01'::money > '5';
select '192.168.1.5/24'::inet, '192.168.1.5'::inet, '192.168.1.0/24'::cidr, '10'::cidr, '192.168'::cidr, '::1'::inet, '2001:db8::ff00:42:8329/64'::inet, '::ffff:1.2.3.4'::inet, '1:2:0:0:5::'::inet;
select '192.168.1.5/24'::cidr; select '300.1.1.1'::inet; select '1.2.3'::inet; select '::g'::inet; select '10.1/16'::inet;
select host(i), family(i), masklen(i), broadcast(i), network(i), netmask(i), hostmask(i), set_masklen(i,16), abbrev(i), text(i), i::cidr, ~i, i + 5, i - 3, i & '255.0.0.0', i << '192.168.0.0/16', i >>= '192.168.1.5/24', i && '192.168.0.0/16', i - '192.168.1.1' from (values ('192.168.1.5/24'::inet)) v(i);
select abbrev('10.1.0.0/16'::cidr), inet_merge('192.168.1.5/24','192.168.2.5/24'), inet_same_family('1.2.3.4','::1');
select * from (values ('10.0.0.1'::inet),('10.0.0.0/8'),('::1'),('9.1.1.1')) v(i) order by i;
create table nt(i inet primary key, c cidr); insert into nt values ('10.1.2.3/8','10.0.0.0/8'),('10.1.2.3','1.2.3.4/32'); select * from nt order by i; select * from nt where i='10.1.2.3'; select max(i),min(i) from nt; drop table nt;
select '08:00:2b:01:02:03'::macaddr, '08002b:010203'::macaddr, '0800.2b01.0203'::macaddr, '08-00-2B-01-02-03'::macaddr, trunc('08:00:2b:01:02:03'::macaddr), ~'08:00:2b:01:02:03'::macaddr, '08:00:2b:01:02:03'::macaddr8, '08:00:2b:01:02:03'::macaddr::macaddr8, macaddr8_set7bit('08:00:2b:01:02:03'), '08:00:2b:ff:fe:01:02:03'::macaddr8::macaddr;
select 'x'::macaddr; select '08:00:2b:01:02:03:04:05'::macaddr8::macaddr;
select '16/B374D848'::pg_lsn, '16/B374D848'::pg_lsn - '16/B374D840'::pg_lsn, '0/1'::pg_lsn + 16, '0/11'::pg_lsn - 1, 100::numeric::pg_lsn, 'x'::pg_lsn; select 'G/0'::pg_lsn; select '0/1'::pg_lsn < '0/2', '0/1'::pg_lsn - 2;
select '(1,2)'::tid, '(1,2)'::tid < '(1,3)', '123'::xid8, '0xff'::xid8, '010'::xid8; select '(1'::tid;
select '101'::bit(3)::text, '101'::varbit::bit(5), 5::bit(3), 5::bigint::bit(70); select bit_length(B'101'), '1001'::bit(4) <> '1001', bit '101' > bit '011';
