const ESCAPES: Readonly<Record<string, string>> = { b: '\b', f: '\f', n: '\n', r: '\r', t: '\t', v: '\v' };

/** What a string literal of valid SQL stands for. */
export function readString(literal: string): string {
  if (literal.startsWith('$')) {
    const tag = literal.slice(0, literal.indexOf('$', 1) + 1);
    return literal.slice(tag.length, literal.endsWith(tag) && literal.length >= tag.length * 2 ? -tag.length : undefined);
  }
  const open = literal.indexOf("'");
  const inner = literal.slice(open + 1, -1).replaceAll("''", "'");
  return /^e/i.test(literal) ? withoutEscapes(inner) : inner;
}

function withoutEscapes(text: string): string {
  return text.replace(
    /\\(?:x([0-9a-fA-F]{1,2})|([0-7]{1,3})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|([\s\S]))/g,
    (_all, hex, octal, short, long, char) => {
      const code: string | undefined = hex ?? short ?? long;
      if (code !== undefined) return String.fromCodePoint(Number.parseInt(code, 16));
      if (octal !== undefined) return String.fromCodePoint(Number.parseInt(octal, 8));
      return ESCAPES[char] ?? char;
    },
  );
}
