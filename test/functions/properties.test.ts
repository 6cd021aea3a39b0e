import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SqlError } from '../../src/commons/sql-error.js';
import { createFunctionLibrary } from '../../src/executor/functions/index.js';
import { compileRegex } from '../../src/executor/functions/regex/compile.js';
import { DEFAULT_OPTIONS } from '../../src/executor/functions/regex/syntax.js';
import { compileLike, matchesLike } from '../../src/executor/functions/strings/like.js';
import { canonicalInt8, type Int8 } from '../../src/types/integer.js';

const library = createFunctionLibrary();

function call<T>(source: string): (...args: unknown[]) => T {
  const found = library.scalar(source, 0);
  if (found === undefined) throw new Error(`not implemented: ${source}`);
  return found as unknown as (...args: unknown[]) => T;
}

const int8 = fc.bigInt({ min: -(1n << 63n), max: (1n << 63n) - 1n }).map(canonicalInt8);

/** What LIKE means, by backtracking. */
function likeByDefinition(text: readonly string[], pattern: readonly string[]): boolean {
  const [first, ...rest] = pattern;
  if (first === undefined) return text.length === 0;
  if (first === '%') return text.some((_, i) => likeByDefinition(text.slice(i), rest)) || likeByDefinition([], rest);
  const [character, ...others] = text;
  return character !== undefined && (first === '_' || first === character) && likeByDefinition(others, rest);
}

describe('properties', () => {
  it('LIKE matches what it says', () => {
    const letters = fc.array(fc.constantFrom('a', 'b', '😀'), { maxLength: 8 });
    const patterns = fc.array(fc.constantFrom('a', 'b', '😀', '%', '_'), { maxLength: 6 });
    fc.assert(
      fc.property(letters, patterns, (text, pattern) => {
        expect(matchesLike(text.join(''), compileLike(pattern.join('')))).toBe(likeByDefinition(text, pattern));
      }),
    );
  });

  it('LIKE takes no more than linear time', () => {
    const text = `${'a'.repeat(50_000)}b`;
    const start = performance.now();
    expect(matchesLike(text, compileLike(`${'%a'.repeat(50)}%c`))).toBe(false);
    expect(performance.now() - start).toBeLessThan(500);
  });

  it('regular expressions match as JavaScript has them, where both mean the same', () => {
    const atom = fc.constantFrom('a', 'b', '.', '[ab]', '[^a]', '(?:ab)', '(?:a|b)');
    const piece = fc.tuple(atom, fc.constantFrom('', '*', '+', '?', '{2}', '{1,2}')).map(([one, times]) => one + times);
    const pattern = fc.tuple(fc.constantFrom('', '^'), fc.array(piece, { minLength: 1, maxLength: 4 }), fc.constantFrom('', '$'));
    const text = fc.string({ unit: fc.constantFrom('a', 'b', 'c'), maxLength: 8 });
    fc.assert(
      fc.property(pattern, text, ([start, pieces, end], value) => {
        const source = start + pieces.join('') + end;
        expect(compileRegex(source, DEFAULT_OPTIONS).program.test(value)).toBe(new RegExp(source, 's').test(value));
      }),
    );
  });

  it('any text is a regular expression or an error with a SQLSTATE', () => {
    fc.assert(
      fc.property(
        fc.string({
          unit: fc.constantFrom('a', '\\', '(', ')', '[', ']', '*', '{', '1', ',', '}', '|', '^', '-', ':', 'm'),
          maxLength: 12,
        }),
        (source) => {
          try {
            compileRegex(source, DEFAULT_OPTIONS).program.test('aaa');
          } catch (error) {
            expect(error).toBeInstanceOf(SqlError);
          }
        },
      ),
    );
  });

  it('int8 arithmetic is exact and stays canonical', () => {
    const operations = {
      int8pl: (a: bigint, b: bigint) => a + b,
      int8mi: (a: bigint, b: bigint) => a - b,
      int8mul: (a: bigint, b: bigint) => a * b,
    };
    fc.assert(
      fc.property(int8, int8, fc.constantFrom('int8pl' as const, 'int8mi' as const, 'int8mul' as const), (a, b, source) => {
        const exact = operations[source](BigInt(a), BigInt(b));
        if (BigInt.asIntN(64, exact) !== exact) expect(() => call(source)(a, b)).toThrow('bigint out of range');
        else expect(call<Int8>(source)(a, b)).toBe(canonicalInt8(exact));
      }),
    );
  });

  it('int8 bit operations are those of 64 bits', () => {
    fc.assert(
      fc.property(int8, int8, (a, b) => {
        expect(call<Int8>('int8and')(a, b)).toBe(canonicalInt8(BigInt.asIntN(64, BigInt(a) & BigInt(b))));
        expect(call<Int8>('int8xor')(a, b)).toBe(canonicalInt8(BigInt.asIntN(64, BigInt(a) ^ BigInt(b))));
        expect(call<Int8>('int8not')(a)).toBe(canonicalInt8(~BigInt(a)));
      }),
    );
  });

  it('exactly one of <, = and > holds', () => {
    const texts = fc.string({ unit: 'grapheme', maxLength: 4 });
    const floats = fc.double();
    fc.assert(
      fc.property(
        fc.oneof(fc.tuple(fc.constant('text_'), texts, texts), fc.tuple(fc.constant('float8'), floats, floats)),
        ([type, a, b]) => {
          const equal = call<boolean>(type === 'text_' ? 'texteq' : 'float8eq');
          const results = [call<boolean>(`${type}lt`)(a, b), equal(a, b), call<boolean>(`${type}gt`)(a, b)];
          expect(results.filter(Boolean)).toHaveLength(1);
        },
      ),
    );
  });

  it('lpad gives the length that was asked for', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'grapheme' }),
        fc.nat(20),
        fc.string({ unit: 'grapheme', minLength: 1, maxLength: 3 }),
        (text, length, fill) => {
          expect([...call<string>('lpad')(text, length, fill)]).toHaveLength(length);
          expect([...call<string>('rpad')(text, length, fill)]).toHaveLength(length);
        },
      ),
    );
  });
});
