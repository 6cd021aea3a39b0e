/** Reads `"$user", public`: unquoted names fold to lower case. Undefined where it is no list. */
export function parseIdentifierList(text: string): readonly string[] | undefined {
  const names: string[] = [];
  const item = /\s*(?:"((?:[^"]|"")*)"|([^\s,"]+))\s*(,|$)/y;
  if (text.trim() === '') return names;
  let at = 0;
  for (;;) {
    item.lastIndex = at;
    const match = item.exec(text);
    if (match === null) return undefined;
    const [whole, quoted, plain, separator] = match;
    names.push(quoted === undefined ? (plain ?? '').toLowerCase() : quoted.replaceAll('""', '"'));
    at += whole.length;
    if (separator === '') return names;
  }
}

/** Quoted unless it reads as itself without. Key words are left alone: in a setting's list they can be no key words. */
export function quoteIdentifier(name: string): string {
  return /^[a-z_][a-z0-9_$]*$/.test(name) ? name : `"${name.replaceAll('"', '""')}"`;
}
