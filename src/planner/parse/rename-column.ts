import { quoteIdentifier } from '../../catalog/definitions/index.js';
import type { Parser } from './parse.js';

const PREFIX = 'SELECT ';

/** An expression's text with a column's new name: only references to it change, not strings or functions that are called alike. */
export function renameColumnInText(text: string, from: string, to: string, parser: Parser): string {
  const [parsed] = parser.parse(PREFIX + text);
  const starts: number[] = [];
  collectReferences(parsed?.statement, from, starts);
  let renamed = text;
  for (const start of starts.sort((a, b) => b - a)) {
    const at = start - PREFIX.length;
    renamed = renamed.slice(0, at) + quoteIdentifier(to) + renamed.slice(at + writtenLength(text, at));
  }
  return renamed;
}

/** Any node of the tree may hold references; the tree is plain data. */
function collectReferences(node: unknown, name: string, starts: number[]): void {
  if (typeof node !== 'object' || node === null) return;
  if ('type' in node && node.type === 'ref' && 'name' in node && node.name === name && !('table' in node) && '_location' in node) {
    const { _location: location } = node;
    if (typeof location === 'object' && location !== null && 'start' in location && typeof location.start === 'number')
      starts.push(location.start);
    return;
  }
  for (const child of Object.values(node)) collectReferences(child, name, starts);
}

function writtenLength(text: string, at: number): number {
  const match = /^(?:"(?:[^"]|"")*"|[\p{L}_][\p{L}\p{N}_$]*)/u.exec(text.slice(at));
  return match?.[0].length ?? 0;
}
