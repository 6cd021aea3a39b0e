import { formatNumeric } from '../numeric/numeric.js';
import { type JsonNode, Numeric } from '../value.js';
import { isArray } from './node.js';

/** A JSON string literal with PostgreSQL's escapes: only quotes, backslashes and control characters. */
export function quoteJson(text: string): string {
  return JSON.stringify(text);
}

/** jsonb_out: '{"a": 1, "b": [1, 2]}'. */
export function formatJsonb(node: JsonNode): string {
  if (typeof node === 'string') return quoteJson(node);
  if (node === null) return 'null';
  if (typeof node === 'boolean') return node ? 'true' : 'false';
  if (node instanceof Numeric) return formatNumeric(node);
  let text = '';
  if (isArray(node)) {
    for (const item of node) text += text === '' ? formatJsonb(item) : `, ${formatJsonb(item)}`;
    return `[${text}]`;
  }
  for (const [key, value] of node) text += `${text === '' ? '' : ', '}${quoteJson(key)}: ${formatJsonb(value)}`;
  return `{${text}}`;
}

/** jsonb_pretty: four blanks a level; an empty array or object takes two lines, as PostgreSQL's. */
export function prettyJsonb(node: JsonNode, indent = ''): string {
  if (node === null || typeof node !== 'object' || node instanceof Numeric) return formatJsonb(node);
  const inner = `${indent}    `;
  if (isArray(node)) {
    const items = node.map((item) => `${inner}${prettyJsonb(item, inner)}`);
    return `[\n${items.join(',\n')}${items.length > 0 ? '\n' : ''}${indent}]`;
  }
  const members = [...node].map(([key, value]) => `${inner}${quoteJson(key)}: ${prettyJsonb(value, inner)}`);
  return `{\n${members.join(',\n')}${members.length > 0 ? '\n' : ''}${indent}}`;
}
