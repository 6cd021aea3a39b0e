import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { CopyOptions } from '../../src/session/copy/copy-options.js';
import { readCsvRecord, writeCsvField } from '../../src/session/copy/csv-format.js';
import { LineSplitter } from '../../src/session/copy/line-splitter.js';
import { readTextLine, writeTextField } from '../../src/session/copy/text-format.js';

const TEXT: CopyOptions = {
  format: 'text',
  delimiter: '\t',
  nullText: '\\N',
  header: 'none',
  quote: '"',
  escape: '"',
  forceQuote: [],
  forceNotNull: [],
  forceNull: [],
  freeze: false,
  encoding: undefined,
};
const CSV: CopyOptions = { ...TEXT, format: 'csv', delimiter: ',', nullText: '' };

const field = fc.string({ unit: fc.constantFrom('a', 'ä', '😀', '\\', '"', ',', '\t', '\n', '\r', '\b', '.', 'N', ' '), maxLength: 12 });
const rows = fc.array(fc.array(field, { minLength: 1, maxLength: 4 }), { minLength: 1, maxLength: 5 });
const cuts = fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 20 });

describe('what COPY TO writes, COPY FROM reads, however it is cut', () => {
  const through = (lines: readonly string[], options: CopyOptions, sizes: readonly number[]): string[] => {
    const bytes = Buffer.from(lines.map((line) => `${line}\n`).join(''));
    const splitter = new LineSplitter(options);
    const found: string[] = [];
    for (let at = 0, i = 0; at < bytes.length; i++) {
      const end = at + (sizes[i % sizes.length] ?? 1);
      splitter.push(bytes.subarray(at, end));
      at = end;
      for (let line = splitter.next(); line !== undefined; line = splitter.next()) found.push(line);
    }
    expect(splitter.last()).toBeUndefined();
    return found;
  };

  it('in text format', () => {
    fc.assert(
      fc.property(rows, cuts, fc.constantFrom('\t', '|', ','), (values, sizes, delimiter) => {
        const options = { ...TEXT, delimiter };
        const lines = values.map((row) => row.map((text) => writeTextField(text, delimiter)).join(delimiter));
        expect(through(lines, options, sizes).map((line) => readTextLine(line, options))).toEqual(values);
      }),
    );
  });

  it('in CSV', () => {
    fc.assert(
      fc.property(rows, cuts, fc.constantFrom('"', '\\'), (values, sizes, escaper) => {
        const options = { ...CSV, escape: escaper };
        const lines = values.map((row) => row.map((text) => writeCsvField(text, options, false, row.length === 1)).join(','));
        const read = through(lines, options, sizes).map((line) => readCsvRecord(line, options).map(({ text }) => text));
        expect(read).toEqual(values);
      }),
    );
  });
});

it('reads escapes by number as bytes of UTF-8', () => {
  expect(readTextLine('\\101\\x42\\303\\244\t\\N\t\\q\\\\', TEXT)).toEqual(['ABä', null, 'q\\']);
});
