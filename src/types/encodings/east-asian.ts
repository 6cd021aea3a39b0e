import { TextDecoder } from 'node:util';

/** Hangul syllables in Unicode. */
const FIRST_SYLLABLE = 0xac00;
const LAST_SYLLABLE = 0xd7a3;

/** UHC is EUC_KR, and behind it all syllables that EUC_KR has not, in Unicode's order; and rows for users, in the private area. */
export function* uhcCodes(
  korean: readonly (readonly [number, string, boolean])[],
): Iterable<readonly [code: number, character: string, isOneWay: boolean]> {
  yield* korean;
  const has = new Set(korean.map(([, character]) => character));
  let syllable = FIRST_SYLLABLE;
  for (let lead = 0x81; lead <= 0xc6; lead++) {
    for (let trail = 0x41; trail <= 0xfe; trail++) {
      const isLetter = (trail <= 0x5a || trail >= 0x61) && (trail <= 0x7a || trail >= 0x81);
      if (!isLetter || (lead >= 0xa1 && trail >= 0xa1)) continue;
      while (syllable <= LAST_SYLLABLE && has.has(String.fromCharCode(syllable))) syllable++;
      if (syllable > LAST_SYLLABLE) return yield* userDefined();
      yield [lead * 256 + trail, String.fromCharCode(syllable++), false];
    }
  }
  yield* userDefined();
}

function* userDefined(): Iterable<readonly [code: number, character: string, isOneWay: boolean]> {
  let point = 0xe000;
  for (const lead of [0xc9, 0xfe])
    for (let trail = 0xa1; trail <= 0xfe; trail++) yield [lead * 256 + trail, String.fromCharCode(point++), false];
}

/** Codes of four bytes in GB18030 are numbers: in the first plane by the decoder, above it in order. */
const FIRST_SUPPLEMENTARY = 0x90308130;

function linear(code: number): number {
  const [a, b, c, d] = [(code >>> 24) & 0xff, (code >>> 16) & 0xff, (code >>> 8) & 0xff, code & 0xff];
  return ((a - 0x81) * 10 + (b - 0x30)) * 1260 + (c - 0x81) * 10 + (d - 0x30);
}

function fromLinear(value: number): number {
  const d = value % 10;
  const c = Math.floor(value / 10) % 126;
  const b = Math.floor(value / 1260) % 10;
  const a = Math.floor(value / 12600);
  return (a + 0x81) * 0x1000000 + ((b + 0x30) << 16) + ((c + 0x81) << 8) + d + 0x30;
}

const LAST_POINT = 0x10ffff;
const FIRST_PLANE_CODES = 39_420;

export const GB18030_ENCODING = {
  name: 'GB18030',
  character(code: number): string | undefined {
    const offset = linear(code) - linear(FIRST_SUPPLEMENTARY);
    if (offset >= 0) return offset + 0x10000 <= LAST_POINT ? String.fromCodePoint(offset + 0x10000) : undefined;
    const bytes = Buffer.alloc(4);
    bytes.writeUInt32BE(code);
    const text = new TextDecoder('gb18030').decode(bytes);
    return text.length === 1 && text !== '\uFFFD' ? text : undefined;
  },
  code(point: number): number | undefined {
    if (point >= 0x10000) return fromLinear(point - 0x10000 + linear(FIRST_SUPPLEMENTARY));
    // Codes rise with the characters that have no shorter one.
    let low = 0;
    let high = FIRST_PLANE_CODES - 1;
    while (low <= high) {
      const middle = (low + high) >> 1;
      const found = this.character(fromLinear(middle))?.codePointAt(0) ?? 0xffff;
      if (found === point) return fromLinear(middle);
      if (found < point) low = middle + 1;
      else high = middle - 1;
    }
    return undefined;
  },
} as const;
