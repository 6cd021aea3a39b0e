import { describe, expect, it } from 'vitest';
import { ENCODING_NAMES, encodingName } from '../../src/types/encodings/names.js';
import { encodingFor, isConvertible } from '../../src/types/encodings/text-encoding.js';

/** Characters and their bytes, as PostgreSQL 15 gives them. */
const SAMPLES: readonly (readonly [encoding: string, text: string, hex: string])[] = [
  ['LATIN1', 'aé\u0081ÿ', '61e981ff'],
  ['LATIN9', '€ŠÝ', 'a4a6dd'],
  ['LATIN10', 'ȘȚ€', 'aadea4'],
  ['WIN1250', '€Žł', '808eb3'],
  ['WIN1252', '€‰Ÿ', '80899f'],
  ['WIN866', 'Привет', '8fe0a8a2a5e2'],
  ['WIN874', 'ก€', 'a180'],
  ['KOI8R', 'Привет', 'f0d2c9d7c5d4'],
  ['KOI8U', 'Ґє', 'bda4'],
  ['ISO_8859_7', 'Ως', 'd9f2'],
  ['EUC_JP', '日本ｱ丂￤', 'c6fccbdc8eb18fb0a18fa2c3'],
  ['SJIS', '日本能ｱ∵ⅰ', '93fa967b945cb181e6fa40'],
  ['EUC_KR', '한글€', 'c7d1b1dba2e6'],
  ['UHC', '한뷁갂힣', 'c7d194ee8141c652'],
  ['GBK', '汉字', 'babad7d6'],
  ['GB18030', '汉€😀\u0081', 'baba' + 'a2e3' + '9439fc36' + '81308131'],
  ['EUC_CN', '汉字・―', 'babad7d6a1a4a1aa'],
  ['BIG5', '漢字•', 'ba7ea672a145'],
];

describe('client encodings', () => {
  it.each(SAMPLES)('%s', (name, text, hex) => {
    const encoding = encodingFor(name);
    expect(encoding?.encode(text).toString('hex')).toBe(hex);
    expect(encoding?.decode(Buffer.from(hex, 'hex'))).toBe(text);
    // However it is cut, what is whole and what is not belong together.
    const bytes = Buffer.from(`${hex}61`, 'hex');
    for (let cut = 0; cut <= bytes.length; cut++) {
      const first = bytes.subarray(0, cut);
      const whole = cut - (encoding?.unfinished(first) ?? 0);
      expect(`${encoding?.decode(first.subarray(0, whole))}${encoding?.decode(bytes.subarray(whole))}`).toBe(`${text}a`);
    }
  });

  it('go back and forth with all characters that they have', () => {
    for (const name of ENCODING_NAMES) {
      if (!isConvertible(name)) continue;
      const encoding = encodingFor(name);
      if (encoding === undefined) continue;
      for (let byte = 0x80; byte <= 0xff; byte++) {
        const bytes = Buffer.from([byte]);
        if (encoding.unfinished(bytes) > 0) continue;
        let text: string;
        try {
          text = encoding.decode(bytes);
        } catch {
          continue;
        }
        expect(encoding.encode(text)).toEqual(bytes);
      }
    }
  });

  it('say what they have not, or put a question mark', () => {
    expect(() => encodingFor('LATIN1')?.encode('a€')).toThrow(
      'character with byte sequence 0xe2 0x82 0xac in encoding "UTF8" has no equivalent in encoding "LATIN1"',
    );
    expect(encodingFor('LATIN1')?.encodeLossy('a€b').toString()).toBe('a?b');
    expect(() => encodingFor('WIN1252')?.decode(Buffer.from([0x81]))).toThrow(
      'character with byte sequence 0x81 in encoding "WIN1252" has no equivalent in encoding "UTF8"',
    );
    expect(() => encodingFor('EUC_JP')?.decode(Buffer.from('c641', 'hex'))).toThrow(
      'invalid byte sequence for encoding "EUC_JP": 0xc6 0x41',
    );
    expect(() => encodingFor('SJIS')?.decode(Buffer.from('93', 'hex'))).toThrow('invalid byte sequence for encoding "SJIS": 0x93');
    expect(() => encodingFor('MULE_INTERNAL')).toThrow('conversion between MULE_INTERNAL and UTF8 is not supported');
  });

  it('are found by all their names', () => {
    for (const [alias, name] of [
      ['utf-8', 'UTF8'],
      ['Unicode', 'UTF8'],
      ['ISO-8859-1', 'LATIN1'],
      ['iso_8859_15', 'LATIN9'],
      ['iso-8859-5', 'ISO_8859_5'],
      ['windows-1252', 'WIN1252'],
      ['ShiftJIS', 'SJIS'],
      ['Windows949', 'UHC'],
      ['koi8', 'KOI8R'],
      ['nope', undefined],
    ] as const)
      expect(encodingName(alias)).toBe(name);
  });
});
