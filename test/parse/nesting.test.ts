import { setTimeout } from 'node:timers/promises';
import { beforeAll, describe, expect, it } from 'vitest';
import { SqlError } from '../../src/commons/sql-error.js';
import { loadParser, type Parser } from '../../src/planner/parse/parse.js';

let parser: Parser;
beforeAll(async () => {
  parser = await loadParser();
});

function code(text: string): string {
  try {
    parser.parse(text);
    return 'ok';
  } catch (error) {
    if (error instanceof SqlError) return error.code;
    throw error;
  }
}

const nested: readonly (readonly [name: string, text: (levels: number) => string])[] = [
  ['operators', (n) => `SELECT 1${' + 1'.repeat(n)}`],
  ['NOT', (n) => `SELECT ${'NOT '.repeat(n)}true`],
  ['sub-queries', (n) => `SELECT ${'(SELECT '.repeat(n)}1${')'.repeat(n)}`],
  ['calls', (n) => `SELECT ${'f('.repeat(n)}1${')'.repeat(n)}`],
  ['joins', (n) => `SELECT 1 FROM a${' JOIN a ON true'.repeat(n)}`],
  ['set operations', (n) => `SELECT 1${' UNION SELECT 1'.repeat(n)}`],
  ['casts', (n) => `SELECT 1${'::int'.repeat(n)}`],
  ['CASE', (n) => `SELECT ${'CASE WHEN true THEN '.repeat(n)}1${' END'.repeat(n)}`],
];

describe('deep nesting', () => {
  it.each(nested)('of %s is read up to hundreds of levels and then refused', (_name, text) => {
    expect(code(text(400))).toBe('ok');
    expect(['54001', '42601']).toContain(code(text(1500)));
    expect(['54001', '42601', '53200']).toContain(code(text(50_000)));
  });

  it('is none in a long list of conditions, rows or values', () => {
    expect(code(`SELECT a${' AND a'.repeat(20_000)}`)).toBe('ok');
    expect(code(`SELECT a${' OR a'.repeat(20_000)}`)).toBe('ok');
    expect(code(`SELECT 1 IN (1${', 1'.repeat(20_000)})`)).toBe('ok');
    expect(code(`INSERT INTO t VALUES (1)${', (1)'.repeat(20_000)}`)).toBe('ok');
  });

  it('does not wear the grammar out', async () => {
    await setTimeout(100);
    const text = `SELECT 1${' + 1'.repeat(20_000)}`;
    for (let i = 0; i < 40; i++) {
      expect(code(text)).toBe('54001');
      expect(code('SELECT a FROM t WHERE b = 1')).toBe('ok');
      // Time for the spare grammar to load.
      await setTimeout(20);
    }
  });

  it('in one burst is answered, and normal statements go on meanwhile', async () => {
    const text = `SELECT 1${' + 1'.repeat(20_000)}`;
    for (let i = 0; i < 50; i++) {
      expect(['54001', '53200']).toContain(code(text));
      expect(code('SELECT a FROM t WHERE b = 1')).toBe('ok');
    }
    await setTimeout(300);
    expect(code(text)).toBe('54001');
  });

  it('has a limit of the caller', async () => {
    const strict = await loadParser({ maxDepth: 10 });
    expect(() => strict.parse('SELECT 1 + 1 + 1 + 1')).not.toThrow();
    expect(() => strict.parse(`SELECT 1${' + 1'.repeat(10)}`)).toThrow('stack depth limit exceeded');
  });
});
