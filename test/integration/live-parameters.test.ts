import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { live } from '../../src/client/live.js';
import { statementText } from '../../src/client/statement.js';
import { ServerProcess } from '../harness/server-process.js';

describe('parameters of live queries', () => {
  it.each([
    ['SELECT $1', [1], "SELECT '1'"],
    ["SELECT a$1, \"$1\", '$1', $$ $1 $$, $x$ $1 $x$, E'\\'$1', $1", [1], "SELECT a$1, \"$1\", '$1', $$ $1 $$, $x$ $1 $x$, E'\\'$1', '1'"],
    ['SELECT /* $1 /* $2 */ $1 */ $1 -- $1\n, $2', [1, 2], "SELECT /* $1 /* $2 */ $1 */ '1' -- $1\n, '2'"],
    ['SELECT u&$1', [1], "SELECT u& '1'"],
    ['SELECT $1', ["it's \\ so"], "SELECT E'it''s \\\\ so'"],
    ['SELECT $1, $2', [null, undefined], 'SELECT NULL, NULL'],
  ])('%s', (text, parameters, expected) => {
    expect(statementText(text, parameters)).toBe(expected);
  });

  it('are all given, and can be written', () => {
    expect(() => statementText('SELECT $2', [1])).toThrow('parameter $2 is not given');
    expect(() => statementText('SELECT $0', [1])).toThrow('parameter $0 is not given');
    expect(() => statementText('SELECT $1', [() => 1])).toThrow("a parameter can't be a function");
    expect(() => statementText('SELECT $1', [new Date(Number.NaN)])).toThrow('invalid Date');
  });

  describe('of every type', () => {
    const server = new ServerProcess({ label: 'live-parameters' });
    const pool = new pg.Pool({ ...server.connection });
    beforeAll(async () => {
      await server.start();
      pool.options.port = server.port;
      await pool.query("CREATE TABLE one (id int PRIMARY KEY) WITH (type = 'user'); INSERT INTO one VALUES (1)");
    });
    afterAll(async () => {
      await pool.end();
      await server.close();
    });

    it.each<readonly [string, unknown]>([
      ['int', 7],
      ['int', -7],
      ['bigint', 9007199254740993n],
      ['numeric', '12345678901234567890.123'],
      ['float8', Number.NaN],
      ['float8', Number.NEGATIVE_INFINITY],
      ['float8', 1e-300],
      ['bool', false],
      ['text', ''],
      ['text', 'ä "q" \\ \' $1 \n'],
      ['date', '2026-05-01'],
      ['timestamptz', new Date('2026-05-01T12:34:56.789Z')],
      ['timestamptz', new Date('-000043-03-15T12:00:00Z')],
      ['timestamptz', new Date('+012026-03-15T12:00:00Z')],
      ['interval', '1 day 02:03:04'],
      ['uuid', 'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11'],
      ['bytea', Buffer.from([0, 1, 39, 92, 255])],
      ['bytea', new Uint8Array()],
      ['jsonb', { a: [1, "it's", null, { b: '\\' }] }],
      ['jsonb', '[1, 2]'],
      ['int[]', [1, null, -3]],
      ['int[]', []],
      [
        'int[]',
        [
          [1, 2],
          [3, 4],
        ],
      ],
      ['text[]', ['', 'a,b', '"', '\\', '{}', 'NULL', null]],
      ['bool[]', [true, false]],
      ['timestamptz[]', [new Date(0)]],
      ['bytea[]', [Buffer.from([92, 34])]],
      ['jsonb[]', [{ a: 1 }]],
      ['int4range', '[1,5)'],
      ['inet', '10.0.0.1/8'],
      ['text', null],
    ])('%s: %o', async (type, value) => {
      const sql = `SELECT $1::${type}::text AS text FROM one`;
      const { rows } = await pool.query(sql, [value]);
      const iterator = live(pool, sql, [value])[Symbol.asyncIterator]();
      expect((await iterator.next()).value).toEqual(rows);
      await iterator.return?.();
    });
  });
});
