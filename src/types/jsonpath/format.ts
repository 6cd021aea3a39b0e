import { quoteJson } from '../json/format.js';
import { formatNumeric } from '../numeric/numeric.js';
import type { IndexRange, PathNode } from './ast.js';

/** How tightly an operation binds; everything else binds most. */
function priorityOf(node: PathNode): number {
  switch (node.kind) {
    case 'logic':
      return node.operator === '||' ? 0 : 1;
    case 'comparison':
    case 'starts with':
      return 2;
    case 'arithmetic':
      return node.operator === '+' || node.operator === '-' ? 3 : 4;
    case 'sign':
      return 5;
    default:
      return 6;
  }
}

/** The path as jsonpath_out writes it, without its mode. */
export function formatPath(root: PathNode): string {
  return formatNode(root, true);
}

function formatNode(node: PathNode, brackets: boolean): string {
  const text = formatStep(node, brackets);
  return node.next === undefined ? text : text + formatNode(node.next, true);
}

function formatStep(node: PathNode, brackets: boolean): string {
  switch (node.kind) {
    case 'root':
      return '$';
    case 'current':
      return '@';
    case 'last':
      return 'last';
    case 'any array':
      return '[*]';
    case 'any key':
      return '.*';
    case 'null':
      return 'null';
    case 'boolean':
      return String(node.value);
    case 'string':
      return quoteJson(node.text);
    case 'variable':
      return `$${quoteJson(node.text)}`;
    case 'key':
      return `.${quoteJson(node.text)}`;
    case 'numeric':
      return node.next === undefined ? formatNumeric(node.value) : `(${formatNumeric(node.value)})`;
    case 'logic':
    case 'comparison':
    case 'arithmetic':
      return bracketed(`${operand(node.left, node)} ${node.operator} ${operand(node.right, node)}`, brackets);
    case 'starts with':
      return bracketed(`${operand(node.left, node)} starts with ${operand(node.right, node)}`, brackets);
    case 'like regex': {
      const flags = node.flags === '' ? '' : ` flag "${node.flags}"`;
      return bracketed(`${operand(node.arg, node)} like_regex ${quoteJson(node.pattern)}${flags}`, brackets);
    }
    case 'sign':
      return bracketed(`${node.operator}${operand(node.arg, node)}`, brackets);
    case 'filter':
      return `?(${formatNode(node.arg, false)})`;
    case 'not':
      return `!(${formatNode(node.arg, false)})`;
    case 'is unknown':
      return `(${formatNode(node.arg, false)}) is unknown`;
    case 'exists':
      return `exists (${formatNode(node.arg, false)})`;
    case 'index':
      return `[${node.ranges.map(formatRange).join(',')}]`;
    case 'any':
      return formatAny(node.first, node.last);
    case 'method':
      return `.${node.name}()`;
    case 'datetime':
      return `.datetime(${node.template === undefined ? '' : quoteJson(node.template)})`;
  }
}

function operand(node: PathNode, of: PathNode): string {
  return formatNode(node, priorityOf(node) <= priorityOf(of));
}

function bracketed(text: string, brackets: boolean): string {
  return brackets ? `(${text})` : text;
}

function formatRange({ from, to }: IndexRange): string {
  return to === undefined ? formatNode(from, false) : `${formatNode(from, false)} to ${formatNode(to, false)}`;
}

function formatAny(first: number, last: number): string {
  const level = (n: number): string => (n < 0 ? 'last' : `${n}`);
  if (first === 0 && last < 0) return '.**';
  return first === last ? `.**{${level(first)}}` : `.**{${level(first)} to ${level(last)}}`;
}
