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
];
