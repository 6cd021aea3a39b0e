import { readFileSync } from 'node:fs';

/** Lines `client ⇒ beginning of the statement ⇒ reason`; `*` stands for every client. */
const KNOWN = readFileSync(new URL('known-differences.txt', import.meta.url), 'utf8')
  .split('\n')
  .filter((line) => line !== '' && !line.startsWith('#'))
  .map((line) => line.split(' ⇒ '));

/** Why a statement may be answered in another way; undefined: it must not. */
export function knownReason(client: string, text: string): string | undefined {
  const line = text.replaceAll(/\s+/g, ' ');
  return KNOWN.find(([name, start = '']) => (name === client || name === '*') && line.startsWith(start))?.[2];
}
