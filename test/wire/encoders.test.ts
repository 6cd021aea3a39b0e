import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { FormatContext } from '../../src/types/format-context.js';
import { TypeOid } from '../../src/types/oids.js';
import { codecFor } from '../../src/types/type-codec.js';
import type { SqlValue } from '../../src/types/value.js';
import { encoderFor } from '../../src/wire/encoders/value-encoder.js';
import { MessageFramer } from '../../src/wire/message-framer.js';
import { characterPosition } from '../../src/wire/messages/error-response.js';
import { OutputBuffer } from '../../src/wire/output-buffer.js';
import { message } from './raw-client.js';

const FORMATS: readonly FormatContext[] = (['ISO', 'SQL', 'German'] as const).map((dateStyle) => ({
  dateStyle,
  dateOrder: 'MDY',
  intervalStyle: 'postgres',
  timeZone: 'Europe/Berlin',
  extraFloatDigits: 1,
  byteaOutput: 'hex',
  transactionStartMicros: 0,
}));

const int8 = fc.oneof(
  fc.maxSafeInteger(),
  fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }).filter((n) => !Number.isSafeInteger(Number(n))),
);
const VALUES: Readonly<Record<string, fc.Arbitrary<Exclude<SqlValue, null>>>> = {
  bool: fc.boolean(),
  int2: fc.integer({ min: -32_768, max: 32_767 }),
  int4: fc.integer(),
  int8,
  oid: fc.nat({ max: 0xffffffff }),
  float4: fc.float(),
  float8: fc.double(),
  text: fc.string({ unit: 'grapheme' }).filter((text) => !text.includes('\0')),
  bytea: fc.uint8Array(),
  uuid: fc.uuid(),
  date: fc.integer({ min: -2_451_545, max: 5_000_000 }),
  timestamp: fc.maxSafeInteger(),
  timestamptz: fc.integer({ min: -4e15, max: 4e15 }),
};

describe('values in a DataRow', () => {
  it.each(Object.keys(VALUES))('%s is written as its codec says, in text and binary', (name) => {
    const type = TypeOid[name as keyof typeof TypeOid];
    const codec = codecFor(type);
    const value = VALUES[name] ?? fc.constant('');
    fc.assert(
      fc.property(value, fc.constantFrom(...FORMATS), (v, cx) => {
        const out = new OutputBuffer();
        encoderFor(type, 0, cx)(v, out);
        expect(out.contents().toString('utf8')).toBe(codec?.output(v, cx));
        out.recycle();
        encoderFor(type, 1, cx)(v, out);
        expect(out.contents()).toEqual(Buffer.from(codec?.send?.(v, cx) ?? []));
      }),
    );
  });

  it('grows its buffer as far as needed, and keeps what was in it', () => {
    const out = new OutputBuffer();
    const long = 'ä'.repeat(50_000);
    for (let i = 0; i < 20; i++) out.writeText(long);
    expect(out.contents().toString('utf8')).toBe(long.repeat(20));
  });
});

describe('messages in a stream of bytes', () => {
  it('are found however the stream is cut', () => {
    const bodies = fc.array(fc.uint8Array({ maxLength: 40 }), { minLength: 1, maxLength: 8 });
    fc.assert(
      fc.property(bodies, fc.array(fc.integer({ min: 1, max: 17 }), { minLength: 1 }), (sent, cuts) => {
        const stream = Buffer.concat(sent.map((body) => message('d', body)));
        const framer = new MessageFramer();
        const found: Buffer[] = [];
        for (let at = 0, i = 0; at < stream.length; i++) {
          const end = at + (cuts[i % cuts.length] ?? 1);
          framer.push(stream.subarray(at, end));
          at = end;
          while (framer.next(1000)) found.push(Buffer.from(framer.bytes.subarray(framer.start, framer.end)));
        }
        expect(found).toEqual(sent.map((body) => Buffer.from(body)));
        expect(framer.pendingBytes).toBe(0);
      }),
    );
  });
});

it('counts the position of an error in characters, from 1', () => {
  expect(characterPosition('SELECT x', 7)).toBe(8);
  expect(characterPosition("SELECT 'ä😀', x", 13)).toBe(13);
  expect(characterPosition('😀😀', 4)).toBe(3);
});
