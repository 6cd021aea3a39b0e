import { describe, expect, it } from 'vitest';
import { repeatedRows } from '../../src/planner/parse/repeated-rows.js';

describe('rows of literals that are read apart from their INSERT', () => {
  it('leaves the first row in the text and takes the literals of all', () => {
    const text = "INSERT INTO t (a, b) VALUES (1, 'x'), (-2, 'it''s'), (NULL, NULL) RETURNING a";
    const many = repeatedRows(text);
    expect(many).toMatchObject({ head: "INSERT INTO t (a, b) VALUES (1, 'x') RETURNING a", literalsPerRow: 2 });
    expect(many?.literals.map(({ kind, value }) => [kind, value])).toEqual([
      ['integer', 1],
      ['string', 'x'],
      ['integer', -2],
      ['string', "it's"],
      ['integer', null],
      ['string', null],
    ]);
    for (const { value, start } of many?.literals ?? []) {
      if (typeof value === 'number') expect(Number.parseInt(text.slice(start), 10)).toBe(value);
    }
    expect(text.slice(0, many?.cut.start) + text.slice((many?.cut.start ?? 0) + (many?.cut.length ?? 0))).toBe(many?.head);
  });

  it('takes rows of classes and words alike, in any spacing', () => {
    expect(repeatedRows('\n insert into s."T" as x values(DEFAULT,1.5,true),\n( default , -2e3 , TRUE );')).toMatchObject({
      head: '\n insert into s."T" as x values(DEFAULT,1.5,true);',
      literalsPerRow: 1,
      literals: [
        { kind: 'numeric', value: '1.5' },
        { kind: 'numeric', value: '-2e3' },
      ],
    });
    expect(repeatedRows('INSERT INTO t VALUES (3000000000), (9007199254740993)')?.literals.map(({ value }) => value)).toEqual([
      3000000000,
      9007199254740993n,
    ]);
  });

  it.each([
    ['one row', 'INSERT INTO t VALUES (1)'],
    ['another statement', 'SELECT 1 FROM (VALUES (1), (2)) v'],
    ['another class', "INSERT INTO t VALUES (1), ('2')"],
    ['a number too long for the first', 'INSERT INTO t VALUES (1), (3000000000)'],
    ['another word', 'INSERT INTO t VALUES (1, true), (2, false)'],
    ['a NULL that others are not', 'INSERT INTO t VALUES (NULL, 1), (2, 1)'],
    ['another length', 'INSERT INTO t VALUES (1), (2, 3)'],
    ['an expression', 'INSERT INTO t VALUES (1), (1 + 1)'],
    ['a cast', "INSERT INTO t VALUES ('1'), ('2'::text)"],
    ['an escape string', "INSERT INTO t VALUES ('1'), (E'2')"],
    ['junk behind a number', 'INSERT INTO t VALUES (1), (2x)'],
    ['a string without its end', "INSERT INTO t VALUES ('1'), ('2)"],
    ['nothing behind a comma', 'INSERT INTO t VALUES (1), (2),'],
    ['no literal at all', 'INSERT INTO t VALUES (DEFAULT), (DEFAULT)'],
    ['a comment', 'INSERT INTO t VALUES (1), -- two\n (2)'],
    ['a sub-query', 'INSERT INTO t VALUES (1), ((SELECT 2))'],
    ['the end of the text', 'INSERT INTO t VALUES (1), (2'],
  ])('leaves alone: %s', (_, text) => {
    expect(repeatedRows(text)).toBeUndefined();
  });
});
