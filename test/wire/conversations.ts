import { i16, i32, message, value } from './raw-client.js';

/** What a client sends, each line after the answer to the one before; PostgreSQL 15's answers are in conversations.golden.json. */
export interface Conversation {
  readonly name: string;
  readonly sends: readonly Uint8Array[];
}

const query = (text: string) => message('Q', text);
const parse = (name: string, text: string, ...types: number[]) => message('P', name, text, i16(types.length), i32(...types));
const bind = (portal: string, statement: string, ...params: (string | Uint8Array | null)[]) =>
  message('B', portal, statement, i16(0), i16(params.length), ...params.map(value), i16(0));
const describe = (kind: 'S' | 'P', name: string) => message('D', Buffer.from(kind), name);
const execute = (portal: string, rows = 0) => message('E', portal, i32(rows));
const close = (kind: 'S' | 'P', name: string) => message('C', Buffer.from(kind), name);
const sync = message('S');
const data = (text: string) => message('d', Buffer.from(text));
const latin1 = (text: string) => Buffer.from(text, 'latin1');
/** A query whose text is bytes in the client's encoding. */
const raw = (bytes: Uint8Array) => message('Q', Buffer.concat([bytes, Buffer.alloc(1)]));
const hex = (text: string) => Buffer.from(text, 'hex');
const call = (oid: number, resultFormat: number, formats: readonly number[], ...args: (string | Uint8Array | null)[]) =>
  message('F', i32(oid), i16(formats.length, ...formats), i16(args.length), ...args.map(value), i16(resultFormat));
const all = (...messages: Uint8Array[]) => Buffer.concat(messages);
const run = (text: string, ...params: (string | null)[]) => all(parse('', text), bind('', '', ...params), execute(''));

export const CONVERSATIONS: readonly Conversation[] = [
  { name: 'simple: several statements', sends: [query("SELECT 1 AS a, 'x' AS b; SELECT NULL::int; SELECT true, 1.50, 'ä'")] },
  { name: 'simple: nothing', sends: [query(''), query(' ; '), query('-- only a comment')] },
  {
    name: 'simple: an error stops the rest',
    sends: [query('SELECT 1; SELECT 1/(g-1) FROM generate_series(1,1) AS g; SELECT 2'), query('SELECT 3')],
  },
  {
    name: 'simple: a block over messages',
    sends: [query('BEGIN'), query('SELECT 1/(g-1) FROM generate_series(1,1) AS g'), query('SELECT 1'), query('ROLLBACK')],
  },
  { name: 'simple: BEGIN within a text', sends: [query('SELECT 1; BEGIN; SELECT 2'), query('COMMIT; SELECT 3')] },
  { name: 'simple: positions count characters', sends: [query("SELECT 'ä😀', nope"), query('SELECT nope FROM (SELECT 1) AS x')] },
  {
    name: 'settings are reported before ReadyForQuery',
    sends: [query("SET application_name = 'x'; SELECT 1"), query("BEGIN; SET LOCAL application_name = 'y'"), query('ROLLBACK')],
  },
  {
    name: 'extended: parse, describe, bind, execute',
    sends: [all(parse('', 'SELECT $1::int, $2'), describe('S', ''), bind('', '', '5', null), describe('P', ''), execute(''), sync)],
  },
  {
    name: 'extended: named statements and portals',
    sends: [
      all(parse('s', 'SELECT $1::text AS t'), bind('p', 's', 'a'), bind('q', 's', 'b'), execute('q'), execute('p'), sync),
      all(bind('', 's', 'c'), execute(''), close('S', 's'), sync),
      all(bind('', 's', 'd'), sync),
    ],
  },
  {
    name: 'extended: a name that is taken',
    sends: [all(parse('s', 'SELECT 1'), parse('s', 'SELECT 1'), sync), all(bind('p', 's'), bind('p', 's'), sync)],
  },
  {
    name: 'extended: names that are not there',
    sends: [
      all(bind('', 'zz'), sync),
      all(execute('pp'), sync),
      all(describe('S', 'pp'), sync),
      all(describe('P', 'pp'), sync),
      all(describe('S', ''), sync),
      all(execute(''), sync),
      all(bind('', ''), sync),
      all(close('P', 'zz'), close('S', 'zz'), sync),
    ],
  },
  {
    name: 'extended: several commands, none',
    sends: [
      all(parse('', 'SELECT 1; SELECT 2'), sync),
      all(parse('', ''), describe('S', ''), bind('', ''), execute(''), describe('P', ''), sync),
    ],
  },
  {
    name: 'extended: row limits',
    sends: [
      all(parse('', 'SELECT generate_series(1, 3)'), bind('', ''), execute('', 2), execute('', 2), execute('', 2), sync),
      all(parse('', 'SELECT generate_series(1, 2)'), bind('', ''), execute('', 2), execute('', 2), sync),
    ],
  },
  {
    name: 'extended: an error skips to Sync',
    sends: [
      all(
        run('SELECT 1'),
        run('SELECT 1/(g-1) FROM generate_series(1,1) AS g'),
        run('SELECT 2'),
        query('SELECT 3'),
        sync,
        run('SELECT 4'),
        sync,
      ),
    ],
  },
  {
    name: 'extended: one implicit transaction until Sync',
    sends: [
      query('CREATE TEMP TABLE ip (a int)'),
      all(run('INSERT INTO ip VALUES (1)'), run('SELECT 1/(g-1) FROM generate_series(1,1) AS g'), sync),
      query('SELECT count(*) FROM ip'),
      all(run('INSERT INTO ip VALUES (1)'), sync),
      query('SELECT count(*) FROM ip'),
    ],
  },
  {
    name: 'extended: a failed block',
    sends: [
      all(run('BEGIN'), run('SELECT 1/(g-1) FROM generate_series(1,1) AS g'), sync),
      all(run('SELECT 1'), sync),
      all(parse('', 'ROLLBACK'), describe('S', ''), bind('', ''), execute(''), sync),
    ],
  },
  {
    name: 'extended: numbers of parameters and formats',
    sends: [
      all(parse('s', 'SELECT $1::int'), bind('', 's'), sync),
      all(parse('', 'SELECT 1,2,3'), message('B', '', '', i16(0), i16(0), i16(2, 1, 1)), sync),
      all(message('B', '', '', i16(3, 1, 1, 1), i16(0), i16(0)), sync),
      all(message('B', '', '', i16(0), i16(0), i16(1, 7)), sync),
    ],
  },
  {
    name: 'extended: parameters that cannot be read',
    sends: [
      all(parse('', 'SELECT $1::int, $2::text'), bind('', '', 'ab', 'x'), sync),
      all(message('B', '', '', i16(1, 1), i16(2), value('ab'), value('x'), i16(0)), sync),
      all(message('B', '', '', i16(1, 1), i16(2), value('abcde'), value('x'), i16(0)), sync),
      all(bind('', '', '1', Buffer.from([0xff])), sync),
    ],
  },
  {
    name: 'extended: binary in and out',
    sends: [
      all(
        parse('', 'SELECT $1::int4, $2::int8, $3::text, $4::bool, $5::float8, $6::bytea'),
        message(
          'B',
          '',
          '',
          i16(6, 1, 1, 1, 1, 1, 1),
          i16(6),
          value(i32(-7)),
          value(i32(1, 2)),
          value('ä'),
          value(Buffer.from([1])),
          value(Buffer.from('400921fb54442d18', 'hex')),
          value(Buffer.from([0, 255])),
          i16(1, 1),
        ),
        describe('P', ''),
        execute(''),
        sync,
      ),
    ],
  },
  {
    name: 'extended: commands and their results',
    sends: [
      all(parse('', 'SHOW application_name'), describe('S', ''), bind('', ''), describe('P', ''), execute(''), sync),
      all(parse('', "SET application_name = 'x'"), describe('S', ''), bind('', ''), execute(''), sync),
    ],
  },
  {
    name: 'changes and their tags',
    sends: [
      query('CREATE TEMP TABLE ch (a int, b text)'),
      query("INSERT INTO ch VALUES (1, 'x'), (2, 'y') RETURNING a"),
      query('UPDATE ch SET a = 3 WHERE a = 9; DELETE FROM ch; FETCH 1 FROM nope'),
    ],
  },
  {
    name: 'COPY',
    sends: [
      query('CREATE TEMP TABLE cp (a int, b text)'),
      all(query('COPY cp FROM STDIN'), data('1\tx\n2\t'), data('y\n'), message('c')),
      query('COPY cp TO STDOUT'),
      all(query('COPY cp FROM STDIN'), data('1\tx\nzz\t\n'), data('y\n'), message('c')),
      all(query('COPY cp FROM STDIN'), message('f', 'why')),
      all(parse('', 'COPY cp FROM STDIN'), bind('', ''), execute(''), sync, data('1\tx\n2\t'), data('y\n'), message('c'), sync),
      query('SELECT count(*) FROM cp'),
    ],
  },
  {
    name: 'malformed bodies',
    sends: [
      message('Q', Buffer.from('abc')),
      message('Q', 'SELECT 1', Buffer.from('abc')),
      message('Q', Buffer.from([0x73, 0xff, 0])),
      all(message('D', Buffer.from('Z'), ''), sync),
    ],
  },
  { name: 'a message that does not exist', sends: [message('y', '')] },
  {
    name: 'LISTEN and NOTIFY',
    sends: [
      query('LISTEN ch'),
      query("NOTIFY ch, 'a'"),
      query("BEGIN; NOTIFY ch, 'b'; NOTIFY ch, 'b'"),
      query('COMMIT'),
      query('UNLISTEN *'),
    ],
  },
  {
    name: 'function call: text and binary, NULL, a strict function',
    sends: [
      call(1340, 0, [], '100'),
      call(1282, 0, [0], 'ÄB'),
      call(1282, 0, [0], null),
      call(177, 1, [1, 1], i32(2), i32(40)),
      call(177, 0, [1], i32(2), i32(40)),
      call(1258, 0, [0, 0], 'a', 'b'),
    ],
  },
  {
    name: 'function call: what is no call',
    sends: [
      call(1_000_000, 0, []),
      call(2147, 0, [], '1'),
      call(1067, 0, [], '1', '2'),
      call(177, 0, [], '1'),
      call(177, 0, [0, 0, 0], '1', '2'),
      call(177, 0, [], '1', 'x'),
      call(154, 0, [], '1', '0'),
      message('F', i32(177), i16(0)),
    ],
  },
  {
    name: 'function call: in a block',
    sends: [query('BEGIN'), call(177, 0, [], '1', '2'), call(154, 0, [], '1', '0'), call(177, 0, [], '1', '2'), query('ROLLBACK')],
  },
  {
    name: 'encoding: LATIN1 both ways',
    sends: [
      query("SET client_encoding = 'latin1'"),
      raw(latin1("SELECT 'é' AS ü, length('é'), 'é' = U&'\\00e9', octet_length('é')")),
      raw(latin1("SELECT 'é', nöpe")),
      query("SELECT 'x' || chr(8364)"),
      all(
        parse('', 'SELECT $1::text, $2::text'),
        message('B', '', '', i16(2, 0, 1), i16(2), value(latin1('ß')), value(latin1('ø')), i16(1, 1)),
        execute(''),
        sync,
      ),
      query('RESET client_encoding'),
      query("SELECT 'é'"),
    ],
  },
  {
    name: 'encoding: WIN1252 and what it has not',
    sends: [
      query("SET client_encoding TO 'windows-1252'"),
      raw(hex(`${latin1("SELECT '").toString('hex')}80${latin1("'").toString('hex')}`)),
      raw(hex(`${latin1("SELECT '").toString('hex')}81${latin1("'").toString('hex')}`)),
      query('SELECT chr(256), 1'),
      query("SELECT 'a' UNION ALL SELECT chr(9731) UNION ALL SELECT 'b'"),
      all(parse('', 'SELECT $1::text'), bind('', '', hex('81')), execute(''), sync),
      all(parse('', 'SELECT $1::text'), bind('', '', hex('80')), execute(''), sync),
    ],
  },
  {
    name: 'encoding: SJIS, EUC_JP, GB18030',
    sends: [
      query("SET client_encoding TO 'sjis'"),
      raw(Buffer.concat([latin1("SELECT '"), hex('93fa967b8c5c'), latin1("', length('"), hex('93fa967b8c5c'), latin1("')")])),
      raw(Buffer.concat([latin1("SELECT '"), hex('93')])),
      query("SET client_encoding TO 'euc_jp'"),
      raw(Buffer.concat([latin1("SELECT '"), hex('c6fccbdc8eb1'), latin1("'")])),
      raw(Buffer.concat([latin1("SELECT '"), hex('c641'), latin1("'")])),
      query("SET client_encoding TO 'gb18030'"),
      raw(Buffer.concat([latin1("SELECT '"), hex('c8d5b1be9439da33'), latin1("'")])),
      query('SELECT chr(128512), chr(8364), chr(1234)'),
    ],
  },
  {
    name: 'encoding: SQL_ASCII converts nothing',
    sends: [
      query("SET client_encoding = 'SQL_ASCII'"),
      query("SELECT 'é', length('é')"),
      raw(latin1("SELECT 'é'")),
      query('SHOW client_encoding'),
    ],
  },
  {
    name: 'encoding: names',
    sends: [
      query("SET client_encoding = 'nope'"),
      query("SET client_encoding = 'mule_internal'"),
      query("SET client_encoding = 'ISO-8859-15'; SELECT chr(8364)"),
      query("BEGIN; SET LOCAL client_encoding = 'KOI8R'; SELECT chr(1046)"),
      query('ROLLBACK; SELECT chr(1046)'),
      query("SELECT pg_client_encoding(), pg_encoding_to_char(35), pg_char_to_encoding('koi8'), pg_encoding_max_length(39)"),
    ],
  },
  {
    name: 'encoding: COPY',
    sends: [
      query("CREATE TEMP TABLE ce (a int, b text); SET client_encoding = 'latin1'"),
      all(query('COPY ce FROM STDIN'), data('1\t'), message('d', latin1('é\n')), message('c')),
      all(
        query("COPY ce FROM STDIN WITH (ENCODING 'sjis')"),
        data('2\t'),
        message('d', hex('93')),
        message('d', hex('fa0a')),
        message('c'),
      ),
      all(query("COPY ce FROM STDIN WITH (ENCODING 'utf8')"), data('3\té\n'), message('c')),
      query('COPY (SELECT * FROM ce WHERE a <> 2) TO STDOUT'),
      query("COPY ce TO STDOUT WITH (ENCODING 'utf8')"),
      query('COPY ce TO STDOUT'),
      query("COPY (SELECT b, a, b::varchar(5) FROM ce WHERE a = 1) TO STDOUT WITH (FORMAT binary, ENCODING 'utf8')"),
      all(
        query('COPY ce (b) FROM STDIN WITH (FORMAT binary)'),
        message('d', hex('5047434f50590aff0d0a0000000000000000000001'), value(latin1('ñ')), hex('ffff')),
        message('c'),
      ),
      query('SELECT b FROM ce WHERE a IS NULL'),
      all(query("COPY ce FROM STDIN WITH (ENCODING 'nope')"), message('c')),
    ],
  },
  {
    name: 'messages: client_min_messages',
    sends: [
      query("SET client_min_messages = 'error'; DROP TABLE IF EXISTS nope"),
      query("SET client_min_messages = 'warning'; DROP TABLE IF EXISTS nope; COMMIT"),
      query("SET client_min_messages = 'notice'; DROP TABLE IF EXISTS nope"),
      query("SET client_min_messages = 'info'; SHOW client_min_messages"),
      query("SET client_min_messages = 'debug'; SHOW client_min_messages"),
      query("SET client_min_messages = 'loud'"),
    ],
  },
  {
    name: 'settings: several at once, and back',
    sends: [
      query("SET DateStyle = 'German'; SET IntervalStyle = 'iso_8601'; SELECT 1"),
      query("BEGIN; SET application_name = 'z'; SAVEPOINT s; SET application_name = 'y'; ROLLBACK TO s"),
      query('ROLLBACK'),
      query('RESET ALL'),
      query('SET standard_conforming_strings = off; SET default_transaction_read_only = on'),
      query('SET SESSION CHARACTERISTICS AS TRANSACTION READ WRITE'),
    ],
  },
  {
    name: 'cursors by SQL',
    sends: [
      query('BEGIN; DECLARE c SCROLL CURSOR FOR SELECT generate_series(1, 5) AS n'),
      query('FETCH 2 FROM c; MOVE LAST FROM c; FETCH PRIOR FROM c; FETCH ABSOLUTE 1 FROM c'),
      all(parse('', 'FETCH ALL FROM c'), describe('S', ''), bind('', ''), describe('P', ''), execute('', 2), execute('', 9), sync),
      query('CLOSE c; FETCH c'),
      query('ROLLBACK'),
    ],
  },
  {
    name: 'portals end with their transaction',
    sends: [
      all(parse('', 'SELECT generate_series(1, 3)'), bind('p', ''), execute('p', 1), sync, execute('p', 1), sync),
      query('BEGIN'),
      all(parse('', 'SELECT generate_series(1, 3)'), bind('p', ''), execute('p', 1), sync),
      all(execute('p', 1), sync),
      query('SELECT 1'),
      all(execute('p', 1), describe('P', 'p'), close('P', 'p'), execute('p', 1), sync),
      query('COMMIT'),
    ],
  },
  {
    name: 'a statement whose result changes',
    sends: [
      query('CREATE TEMP TABLE rc (a int)'),
      all(parse('s', 'SELECT * FROM rc'), sync),
      query('ALTER TABLE rc ADD b int'),
      all(bind('', 's'), execute(''), sync),
      all(describe('S', 's'), sync),
      query('DEALLOCATE s'),
      all(bind('', 's'), sync),
    ],
  },
  {
    name: 'errors: every field',
    sends: [
      query('CREATE TEMP TABLE ef (a int CONSTRAINT positive CHECK (a > 0), b int NOT NULL, c int PRIMARY KEY)'),
      query('INSERT INTO ef VALUES (0, 1, 1)'),
      query('INSERT INTO ef VALUES (1, NULL, 1)'),
      query('INSERT INTO ef VALUES (1, 1, 1); INSERT INTO ef VALUES (1, 1, 1)'),
      query("DO $$ BEGIN RAISE EXCEPTION 'e' USING DETAIL = 'd', HINT = 'h', ERRCODE = 'XX123', TABLE = 't', COLUMN = 'c'; END $$"),
      query("DO $$ BEGIN RAISE NOTICE 'n %', 1; RAISE WARNING 'w'; RAISE INFO 'i'; RAISE LOG 'l'; END $$"),
    ],
  },
  {
    name: 'Flush, and Sync upon Sync',
    sends: [all(run('SELECT 1'), message('H'), run('SELECT 2'), sync), all(sync, sync), all(message('H'), sync)],
  },
  {
    name: 'COPY: messages where they do not belong',
    sends: [
      all(data('x'), message('c'), message('f', 'x'), query('SELECT 1')),
      query('CREATE TEMP TABLE cq (a int)'),
      all(query('COPY cq FROM STDIN'), data('1\n'), message('H'), sync, data('2\n'), message('c')),
      all(query('COPY cq FROM STDIN; SELECT count(*) FROM cq'), data('3\n'), message('c')),
      all(query('COPY cq FROM STDIN (FORMAT binary)'), data('PGCOPY'), message('c')),
      query('COPY (SELECT 1, NULL) TO STDOUT (FORMAT binary)'),
    ],
  },
  {
    name: 'COPY: another message ends it',
    sends: [query('CREATE TEMP TABLE cr (a int)'), all(query('COPY cr FROM STDIN'), query('SELECT 1'))],
  },
];
