/** As much of DER (X.690) as certificates need. */

const Tag = {
  boolean: 0x01,
  integer: 0x02,
  bitString: 0x03,
  octetString: 0x04,
  oid: 0x06,
  utf8String: 0x0c,
  utcTime: 0x17,
  generalizedTime: 0x18,
  sequence: 0x30,
  set: 0x31,
} as const;

/** A value of any tag. */
export function tagged(tag: number, ...content: readonly Uint8Array[]): Buffer {
  const body = Buffer.concat(content);
  return Buffer.concat([Buffer.from([tag]), lengthOf(body.length), body]);
}

function lengthOf(length: number): Buffer {
  if (length < 0x80) return Buffer.from([length]);
  const bytes: number[] = [];
  for (let rest = length; rest > 0; rest = Math.floor(rest / 256)) bytes.unshift(rest % 256);
  return Buffer.from([0x80 | bytes.length, ...bytes]);
}

export const sequence = (...parts: readonly Uint8Array[]): Buffer => tagged(Tag.sequence, ...parts);
export const set = (...parts: readonly Uint8Array[]): Buffer => tagged(Tag.set, ...parts);
export const octetString = (bytes: Uint8Array): Buffer => tagged(Tag.octetString, bytes);
export const utf8String = (text: string): Buffer => tagged(Tag.utf8String, Buffer.from(text));
export const derTrue = (): Buffer => tagged(Tag.boolean, Buffer.from([0xff]));
/** @param unusedBits of the last byte */
export const bitString = (bytes: Uint8Array, unusedBits = 0): Buffer => tagged(Tag.bitString, Buffer.from([unusedBits]), bytes);

/** A positive integer from its big-endian bytes. */
export function positiveInteger(bytes: Uint8Array): Buffer {
  const first = bytes[0] ?? 0;
  return first >= 0x80 ? tagged(Tag.integer, Buffer.from([0]), bytes) : tagged(Tag.integer, bytes);
}

export function oid(dotted: string): Buffer {
  const [first = 0, second = 0, ...rest] = dotted.split('.').map(Number);
  const bytes = [first * 40 + second];
  for (const arc of rest) {
    const piece = [arc & 0x7f];
    for (let more = Math.floor(arc / 128); more > 0; more = Math.floor(more / 128)) piece.unshift((more & 0x7f) | 0x80);
    bytes.push(...piece);
  }
  return tagged(Tag.oid, Buffer.from(bytes));
}

/** RFC 5280: UTCTime up to 2049, GeneralizedTime from then on. */
export function time(date: Date): Buffer {
  const digits = date.toISOString().replace(/[-:T]|\.\d+/g, '');
  return date.getUTCFullYear() < 2050
    ? tagged(Tag.utcTime, Buffer.from(digits.slice(2)))
    : tagged(Tag.generalizedTime, Buffer.from(digits));
}

/** The parts of a constructed value, each with its tag and length. Undefined when the bytes are no DER. */
export function parts(value: Uint8Array): readonly Buffer[] | undefined {
  const content = contentOf(value);
  if (content === undefined) return undefined;
  const found: Buffer[] = [];
  let at = 0;
  while (at < content.length) {
    const piece = firstOf(content.subarray(at));
    if (piece === undefined) return undefined;
    found.push(piece);
    at += piece.length;
  }
  return found;
}

function contentOf(value: Uint8Array): Buffer | undefined {
  const whole = firstOf(Buffer.from(value));
  const header = whole === undefined ? undefined : headerOf(whole);
  return header === undefined ? undefined : whole?.subarray(header.bytes, header.bytes + header.length);
}

function firstOf(bytes: Buffer): Buffer | undefined {
  const header = headerOf(bytes);
  if (header === undefined || header.bytes + header.length > bytes.length) return undefined;
  return bytes.subarray(0, header.bytes + header.length);
}

function headerOf(bytes: Buffer): { readonly bytes: number; readonly length: number } | undefined {
  const first = bytes[1];
  if (first === undefined) return undefined;
  if (first < 0x80) return { bytes: 2, length: first };
  const count = first & 0x7f;
  if (count === 0 || count > 4 || bytes.length < 2 + count) return undefined;
  return { bytes: 2 + count, length: bytes.readUIntBE(2, count) };
}
