/** UTF-16 offset of the character number `count` (from 0), where PostgreSQL counts code points. */
export function codePointOffset(text: string, count: number): number {
  let offset = 0;
  for (let i = 0; i < count && offset < text.length; i++) {
    offset += isHighSurrogate(text.charCodeAt(offset)) && offset + 1 < text.length ? 2 : 1;
  }
  return offset;
}

function isHighSurrogate(code: number): boolean {
  return code >= 0xd800 && code < 0xdc00;
}

/** Turns the UTF-8 byte offsets of PostgreSQL's tree into UTF-16 offsets: the same numbers while the text is ASCII. */
export function utf16Offsets(text: string): (byte: number) => number {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: the range of ASCII
  if (/^[\x00-\x7f]*$/.test(text)) return (byte) => byte;
  const offsets = new Uint32Array(text.length * 3 + 1);
  let byte = 0;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    // Half of a surrogate pair fills two of the four bytes; a lone half is encoded as U+FFFD, three bytes.
    const paired = isHighSurrogate(code) ? isLowSurrogate(text, i + 1) : isLowSurrogate(text, i) && isHighSurrogate(text.charCodeAt(i - 1));
    const bytes = code < 0x80 ? 1 : code < 0x800 || paired ? 2 : 3;
    offsets.fill(i, byte, byte + bytes);
    byte += bytes;
  }
  offsets.fill(text.length, byte);
  return (at) => offsets[at] ?? text.length;
}

function isLowSurrogate(text: string, index: number): boolean {
  const code = text.charCodeAt(index);
  return code >= 0xdc00 && code < 0xe000;
}
