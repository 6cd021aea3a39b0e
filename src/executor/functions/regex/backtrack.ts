import { unreachable } from '../../../commons/assert.js';
import type { RegexMatcher, RegexProgram } from './program.js';
import { invalidRegex, type RegexNode, type RegexOptions } from './syntax.js';

/**
 * Back-references and look-ahead can't be matched in linear time, so patterns with them are tried out, within limits: what takes more
 * steps or nests deeper is refused. As PostgreSQL, the leftmost match counts, and of those the longest (or, where the pattern prefers
 * so, the shortest) as a whole.
 */
const MAX_STEPS = 500_000;
/** One search may also take so many for each character of the text. */
const STEPS_PER_CHARACTER = 20;
const MAX_DEPTH = 1500;

interface State {
  readonly text: string;
  /** Start and end of each group; -1: not taken part. */
  readonly groups: number[];
  steps: number;
  readonly limit: number;
  depth: number;
}
type Continue = (at: number) => boolean;
type Step = (state: State, at: number, next: Continue) => boolean;

function tooComplex(): Error {
  return invalidRegex('regular expression is too complex');
}

/** Whether a part matches exactly one character, and then which. */
type CharacterTest = (text: string, at: number) => number;

function characterTest(text: string, ignoreCase: boolean): CharacterTest {
  const pattern =
    text === '(?s:.)' ? '[\\s\\S]' : text.replaceAll('\\x{', '\\u{').replace(/\\u\{([0-9a-f]+)\}/g, (_, hex: string) => `\\u{${hex}}`);
  const regex = new RegExp(`^(?:${pattern})$`, ignoreCase ? 'iu' : 'u');
  const known = new Map<number, boolean>();
  return (source, at) => {
    const code = source.codePointAt(at);
    if (code === undefined) return -1;
    let matches = known.get(code);
    if (matches === undefined) {
      matches = regex.test(String.fromCodePoint(code));
      if (known.size < 1024) known.set(code, matches);
    }
    return matches ? at + (code > 0xffff ? 2 : 1) : -1;
  };
}

const WORD = /^[\p{L}\p{N}_]$/u;
const isWord = (text: string, at: number): boolean => at >= 0 && at < text.length && WORD.test(text[at] ?? '');

function constraint(text: string): (source: string, at: number) => boolean {
  switch (text) {
    case '\\A':
      return (_source, at) => at === 0;
    case '\\z':
      return (source, at) => at === source.length;
    case '(?m:^)':
      return (source, at) => at === 0 || source[at - 1] === '\n';
    case '(?m:$)':
      return (source, at) => at === source.length || source[at] === '\n';
    case '\\b':
      return (source, at) => isWord(source, at - 1) !== isWord(source, at);
    case '\\B':
      return (source, at) => isWord(source, at - 1) === isWord(source, at);
    default:
      return text.includes('<!')
        ? (source, at) => !isWord(source, at - 1) && isWord(source, at)
        : (source, at) => isWord(source, at - 1) && !isWord(source, at);
  }
}

class Builder {
  readonly #ignoreCase: boolean;
  #groups = 0;

  constructor(options: RegexOptions) {
    this.#ignoreCase = options.ignoreCase;
  }

  step(node: RegexNode): Step {
    switch (node.kind) {
      case 'atom': {
        const test = characterTest(node.text, this.#ignoreCase);
        return (state, at, next) => {
          const end = test(state.text, at);
          return end >= 0 && next(end);
        };
      }
      case 'constraint': {
        const holds = constraint(node.text);
        return (state, at, next) => holds(state.text, at) && next(at);
      }
      case 'sequence':
        return this.#sequence(node.items.map((item) => this.step(item)));
      case 'alternation': {
        const branches = node.branches.map((branch) => this.step(branch));
        return (state, at, next) => branches.some((branch) => branch(state, at, next));
      }
      case 'group':
        return node.capturing ? this.#capture(node.body) : this.step(node.body);
      case 'backreference':
        return this.#backreference(node.group);
      case 'lookahead': {
        const body = this.step(node.body);
        return (state, at, next) => body(state, at, () => true) !== node.negative && next(at);
      }
      case 'lookbehind': {
        const body = this.step(node.body);
        return (state, at, next) => {
          let found = false;
          for (let start = at; start >= 0 && !found; start--) found = body(state, start, (end) => end === at);
          return found !== node.negative && next(at);
        };
      }
      case 'quantified': {
        const { min, max } = node;
        const lazy = node.lazy && !node.exact;
        if (node.atom.kind === 'atom') return repeatCharacter(characterTest(node.atom.text, this.#ignoreCase), min, max, lazy);
        return repeat(this.step(node.atom), min, max, lazy);
      }
      default:
        return unreachable(node);
    }
  }

  #sequence(steps: readonly Step[]): Step {
    return (state, at, next) => {
      const from = (index: number, position: number): boolean => {
        const step = steps[index];
        return step === undefined ? next(position) : step(state, position, (end) => from(index + 1, end));
      };
      return from(0, at);
    };
  }

  #capture(body: RegexNode): Step {
    const group = ++this.#groups;
    const step = this.step(body);
    return (state, at, next) => {
      const { groups } = state;
      const start = groups[2 * group] ?? -1;
      const end = groups[2 * group + 1] ?? -1;
      const matched = step(state, at, (position) => {
        const innerStart = groups[2 * group] ?? -1;
        const innerEnd = groups[2 * group + 1] ?? -1;
        groups[2 * group] = at;
        groups[2 * group + 1] = position;
        if (next(position)) return true;
        groups[2 * group] = innerStart;
        groups[2 * group + 1] = innerEnd;
        return false;
      });
      if (!matched) {
        groups[2 * group] = start;
        groups[2 * group + 1] = end;
      }
      return matched;
    };
  }

  #backreference(group: number): Step {
    const fold = (text: string): string => (this.#ignoreCase ? text.toLowerCase() : text);
    return (state, at, next) => {
      const start = state.groups[2 * group] ?? -1;
      if (start < 0) return false;
      const wanted = state.text.slice(start, state.groups[2 * group + 1]);
      return fold(state.text.slice(at, at + wanted.length)) === fold(wanted) && next(at + wanted.length);
    };
  }
}

/** One character again and again: without a call a repetition. */
function repeatCharacter(test: CharacterTest, min: number, max: number, lazy: boolean): Step {
  return (state, at, next) => {
    const ends = [at];
    if (lazy) {
      for (let count = 0, end = at; ; count++) {
        if (++state.steps > state.limit) throw tooComplex();
        if (count >= min && next(end)) return true;
        if (count >= max) return false;
        end = test(state.text, end);
        if (end < 0) return false;
      }
    }
    for (let end = at; ends.length <= max; ) {
      end = test(state.text, end);
      if (end < 0) break;
      ends.push(end);
    }
    for (let count = ends.length - 1; count >= min; count--) {
      if (++state.steps > state.limit) throw tooComplex();
      if (next(ends[count] ?? at)) return true;
    }
    return false;
  };
}

function repeat(step: Step, min: number, max: number, lazy: boolean): Step {
  return (state, start, next) => {
    const from = (count: number, at: number): boolean => {
      if (++state.steps > state.limit || ++state.depth > MAX_DEPTH) throw tooComplex();
      try {
        if (lazy && count >= min && next(at)) return true;
        // An empty repetition leads nowhere new, unless it is needed to reach the least count.
        if (count < max && step(state, at, (end) => (end > at || count < min) && from(count + 1, end))) return true;
        return !lazy && count >= min && next(at);
      } finally {
        state.depth--;
      }
    };
    return from(0, start);
  };
}

type Wanted = 'first' | 'longest' | 'shortest';

class BacktrackingMatcher implements RegexMatcher {
  readonly #program: Step;
  readonly #text: string;
  readonly #wanted: Wanted;
  #groups: readonly number[] = [];

  constructor(program: Step, text: string, wanted: Wanted) {
    this.#program = program;
    this.#text = text;
    this.#wanted = wanted;
  }

  find(from = this.#groups[1] ?? 0): boolean {
    const limit = MAX_STEPS + STEPS_PER_CHARACTER * this.#text.length;
    const state: State = { text: this.#text, groups: [], steps: 0, limit, depth: 0 };
    for (let start = from; start <= this.#text.length; start++) {
      if (this.#matchAt(state, start)) return true;
    }
    return false;
  }

  #matchAt(state: State, start: number): boolean {
    state.groups.length = 0;
    const last = this.#wanted === 'longest' ? this.#text.length : start;
    let best: number[] | undefined;
    const take = (end: number): boolean => {
      const bestEnd = best?.[1];
      if (bestEnd === undefined || (this.#wanted === 'longest' ? end > bestEnd : end < bestEnd)) {
        best = [...state.groups];
        best[0] = start;
        best[1] = end;
      }
      return this.#wanted === 'first' || end === last;
    };
    this.#program(state, start, take);
    if (best === undefined) return false;
    this.#groups = best;
    return true;
  }

  start(group = 0): number {
    return this.#groups[2 * group] ?? -1;
  }

  end(group = 0): number {
    return this.#groups[2 * group + 1] ?? -1;
  }

  group(group = 0): string | null {
    return this.start(group) < 0 ? null : this.#text.slice(this.start(group), this.end(group));
  }
}

export class BacktrackingProgram implements RegexProgram {
  readonly #step: Step;
  readonly #prefersShort: boolean;

  constructor(root: RegexNode, options: RegexOptions, prefersShort: boolean) {
    this.#step = new Builder(options).step(root);
    this.#prefersShort = prefersShort;
  }

  test(text: string): boolean {
    return new BacktrackingMatcher(this.#step, text, 'first').find(0);
  }

  matcher(text: string): RegexMatcher {
    return new BacktrackingMatcher(this.#step, text, this.#prefersShort ? 'shortest' : 'longest');
  }
}

/** Whether a pattern has what only trying out can match. */
export function needsBacktracking(node: RegexNode): boolean {
  switch (node.kind) {
    case 'backreference':
    case 'lookahead':
      return true;
    case 'alternation':
      return node.branches.some(needsBacktracking);
    case 'sequence':
      return node.items.some(needsBacktracking);
    case 'quantified':
      return needsBacktracking(node.atom);
    case 'group':
    case 'lookbehind':
      return needsBacktracking(node.body);
    default:
      return false;
  }
}
