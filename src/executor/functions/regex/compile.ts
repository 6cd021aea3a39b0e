import { RE2JS } from 're2js';
import { InvariantError } from '../../../commons/assert.js';
import { BacktrackingProgram, needsBacktracking } from './backtrack.js';
import { parseRegex } from './parser.js';
import type { RegexProgram } from './program.js';
import { invalidRegex, type RegexNode, type RegexOptions } from './syntax.js';

/** A compiled pattern. */
export interface CompiledRegex {
  readonly program: RegexProgram;
  /** Capturing groups. */
  readonly groups: number;
}

type Preference = 'greedy' | 'lazy' | undefined;

/** Whether a part prefers its longest or its shortest match (PostgreSQL manual, "Regular Expression Matching Rules"). */
function preferenceOf(node: RegexNode): Preference {
  switch (node.kind) {
    case 'alternation':
      return 'greedy';
    case 'sequence':
      for (const item of node.items) {
        const preference = preferenceOf(item);
        if (preference !== undefined) return preference;
      }
      return undefined;
    case 'quantified':
      return node.exact ? preferenceOf(node.atom) : node.lazy ? 'lazy' : 'greedy';
    case 'group':
      return preferenceOf(node.body);
    default:
      return undefined;
  }
}

function hasLazy(node: RegexNode): boolean {
  switch (node.kind) {
    case 'alternation':
      return node.branches.some(hasLazy);
    case 'sequence':
      return node.items.some(hasLazy);
    case 'quantified':
      return (node.lazy && !node.exact) || hasLazy(node.atom);
    case 'group':
      return hasLazy(node.body);
    default:
      return false;
  }
}

function write(node: RegexNode, allLazy: boolean): string {
  switch (node.kind) {
    case 'alternation':
      return node.branches.map((branch) => write(branch, allLazy)).join('|');
    case 'sequence':
      return node.items.map((item) => write(item, allLazy)).join('');
    case 'quantified': {
      const { min, max, lazy, exact } = node;
      const atom = node.atom.kind === 'atom' ? node.atom.text : `(?:${write(node.atom, allLazy)})`;
      const count = exact ? `{${min}}` : max !== Infinity ? (min === 0 && max === 1 ? '?' : `{${min},${max}}`) : unlimited(min);
      return `${atom}${count}${(lazy || allLazy) && !exact ? '?' : ''}`;
    }
    case 'group':
      return `(${node.capturing ? '' : '?:'}${write(node.body, allLazy)})`;
    case 'lookbehind':
      return `(?<${node.negative ? '!' : '='}${withoutCaptures(node.body)})`;
    case 'atom':
    case 'constraint':
      return node.text;
    case 'lookahead':
    case 'backreference':
      throw new InvariantError('what needs backtracking is not written for RE2');
  }
}

function unlimited(min: number): string {
  return min === 0 ? '*' : min === 1 ? '+' : `{${min},}`;
}

function withoutCaptures(node: RegexNode): string {
  return write(node, false).replace(/\((?!\?)/g, '(?:');
}

/**
 * Compiles a pattern. PostgreSQL takes the longest (or with a lazy first quantifier the shortest) match of the whole expression, RE2 either
 * the leftmost-longest or, as Perl, the first in order of preference. So: without lazy quantifiers, leftmost-longest, which is the same;
 * with a lazy first one, all quantifiers lazy; else Perl's rule, which differs only where an alternative's prefix comes before it.
 * @throws SqlError 2201B, 0A000
 */
export function compileRegex(pattern: string, flags: RegexOptions): CompiledRegex {
  const { root, options, groups } = parseRegex(pattern, flags);
  const lazy = hasLazy(root);
  if (needsBacktracking(root)) return { program: new BacktrackingProgram(root, options, lazy && preferenceOf(root) === 'lazy'), groups };
  const text = write(root, lazy && preferenceOf(root) === 'lazy');
  let mode = text.includes('(?<') ? RE2JS.LOOKBEHINDS : 0;
  if (options.ignoreCase) mode |= RE2JS.CASE_INSENSITIVE;
  if (!lazy) mode |= RE2JS.LONGEST_MATCH;
  try {
    return { program: RE2JS.compile(text, mode), groups };
  } catch {
    // What got through the parser can only be too large for RE2: nested counts above 1000, or a lookbehind that needs groups.
    throw invalidRegex('regular expression is too complex');
  }
}
