import { describe, expect, it } from 'vitest';
import { dataRowWriter } from '../../src/wire/messages/data-row.js';
import { OutputBuffer } from '../../src/wire/output-buffer.js';
import type { ValueEncoder } from '../../src/wire/port.js';

const text: ValueEncoder = (value, buffer) => buffer.writeText(String(value));
const failing: ValueEncoder = () => {
  throw new RangeError('no text for this');
};

describe('a DataRow', () => {
  it('whose value has no text leaves nothing behind, so that the error after it can be read', () => {
    const out = new OutputBuffer();
    dataRowWriter(out, [text], () => {})(['whole']);
    const before = Buffer.from(out.contents());
    expect(() => dataRowWriter(out, [text, failing], () => {})(['half', 1])).toThrow(RangeError);
    expect(Buffer.from(out.contents())).toEqual(before);
  });
});
