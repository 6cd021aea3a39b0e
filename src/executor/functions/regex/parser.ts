import { parseBracket, WORD_END_CONSTRAINT, WORD_START_CONSTRAINT } from './bracket.js';
import { characterEscape, classEscape, quoteCharacter } from './characters.js';
import { invalidRegex, type RegexNode, type RegexOptions, withOption } from './syntax.js';

/** PostgreSQL's DUPMAX. */
const MAX_REPETITIONS = 255;
const MAX_NESTING = 200;
const LITERAL_DIRECTOR = '***=';
const ARE_DIRECTOR = '***:';

export interface ParsedRegex {
  readonly root: RegexNode;
  readonly options: RegexOptions;
  readonly groups: number;
}

/** Reads an advanced regular expression (PostgreSQL manual, chapter "POSIX Regular Expressions"). @throws SqlError 2201B, 0A000 */
export function parseRegex(pattern: string, flags: RegexOptions): ParsedRegex {
  let options = flags;
  let body = pattern;
  if (!options.literal) {
    if (body.startsWith(LITERAL_DIRECTOR)) {
      options = { ...options, literal: true };
      body = body.slice(LITERAL_DIRECTOR.length);
    } else if (body.startsWith(ARE_DIRECTOR)) {
      body = body.slice(ARE_DIRECTOR.length);
    } else if (body.startsWith('***')) {
      throw invalidRegex('invalid regexp (reg version 0.8)');
    }
  }
  const embedded = options.literal ? null : /^\(\?([a-z]+)\)/.exec(body);
  if (embedded !== null) {
    for (const letter of embedded[1] ?? '') {
      const changed = withOption(options, letter);
      if (changed === undefined) throw invalidRegex('invalid embedded option');
      options = changed;
    }
    body = body.slice(embedded[0].length);
  }
  if (options.literal) return { root: literal(body), options, groups: 0 };
  const parser = new Parser(body, options);
  return { root: parser.parse(), options, groups: parser.groups };
}

function literal(text: string): RegexNode {
  const items = Array.from(text, (character): RegexNode => ({ kind: 'atom', text: quoteCharacter(character.codePointAt(0) ?? 0) }));
  return { kind: 'sequence', items };
}

class Parser {
  groups = 0;
  readonly #text: string;
  readonly #options: RegexOptions;
  #at = 0;
  #constraints = 0;

  constructor(text: string, options: RegexOptions) {
    this.#text = text;
    this.#options = options;
  }

  parse(): RegexNode {
    const root = this.#alternation(0);
    if (this.#at < this.#text.length) throw invalidRegex('parentheses () not balanced');
    return root;
  }

  #alternation(depth: number): RegexNode {
    if (depth > MAX_NESTING) throw invalidRegex('regular expression is too complex');
    const branches = [this.#branch(depth)];
    while (this.#text[this.#at] === '|') {
      this.#at++;
      branches.push(this.#branch(depth));
    }
    const [only] = branches;
    return branches.length === 1 && only !== undefined ? only : { kind: 'alternation', branches };
  }

  #branch(depth: number): RegexNode {
    const items: RegexNode[] = [];
    for (;;) {
      this.#skipExpanded();
      const character = this.#text[this.#at];
      if (character === undefined || character === '|' || character === ')') break;
      const atom = this.#atom(character, depth);
      if (atom === undefined) continue;
      items.push(this.#quantified(atom));
    }
    return { kind: 'sequence', items };
  }

  /** In expanded syntax: white space, and # up to the line's end. (?#…) is a comment anywhere. */
  #skipExpanded(): void {
    if (!this.#options.expanded) return;
    for (;;) {
      const character = this.#text[this.#at];
      if (character === '#') {
        const end = this.#text.indexOf('\n', this.#at);
        this.#at = end < 0 ? this.#text.length : end + 1;
      } else if (character !== undefined && /\s/.test(character)) {
        this.#at++;
      } else {
        return;
      }
    }
  }

  #atom(character: string, depth: number): RegexNode | undefined {
    switch (character) {
      case '(':
        return this.#group(depth);
      case '[': {
        const { node, end } = parseBracket(this.#text, this.#at, this.#options);
        this.#at = end;
        return node;
      }
      case '.':
        this.#at++;
        return { kind: 'atom', text: this.#options.newlineStops ? '[^\\n]' : '(?s:.)' };
      case '^':
        this.#at++;
        return { kind: 'constraint', text: this.#options.newlineAnchors ? '(?m:^)' : '\\A' };
      case '$':
        this.#at++;
        return { kind: 'constraint', text: this.#options.newlineAnchors ? '(?m:$)' : '\\z' };
      case '*':
      case '+':
      case '?':
        throw invalidRegex('quantifier operand invalid');
      case '{':
        if (/[0-9]/.test(this.#text[this.#at + 1] ?? '')) throw invalidRegex('quantifier operand invalid');
        return this.#character();
      case '\\':
        return this.#escape();
      default:
        return this.#character();
    }
  }

  #character(): RegexNode {
    const code = this.#text.codePointAt(this.#at) ?? 0;
    this.#at += code > 0xffff ? 2 : 1;
    return { kind: 'atom', text: quoteCharacter(code) };
  }

  #escape(): RegexNode {
    const entry = characterEscape(this.#text, this.#at + 1);
    if (entry !== undefined) {
      this.#at = entry.end;
      return { kind: 'atom', text: quoteCharacter(entry.code) };
    }
    const letter = this.#text[this.#at + 1] ?? '';
    this.#at += 2;
    const known = classEscape(letter);
    if (known !== undefined) {
      const stops = known.negated && this.#options.newlineStops ? '\\n' : '';
      return { kind: 'atom', text: `[${known.negated ? '^' : ''}${known.members}${stops}]` };
    }
    switch (letter) {
      case 'A':
        return { kind: 'constraint', text: '\\A' };
      case 'Z':
        return { kind: 'constraint', text: '\\z' };
      case 'm':
        return WORD_START_CONSTRAINT;
      case 'M':
        return WORD_END_CONSTRAINT;
      case 'y':
        return { kind: 'constraint', text: '\\b' };
      case 'Y':
        return { kind: 'constraint', text: '\\B' };
    }
    if (letter >= '1' && letter <= '9') {
      if (Number(letter) > this.groups || this.#constraints > 0) throw invalidRegex('invalid backreference number');
      return { kind: 'backreference', group: Number(letter) };
    }
    throw invalidRegex('invalid escape \\ sequence');
  }

  #group(depth: number): RegexNode | undefined {
    const rest = this.#text.slice(this.#at, this.#at + 4);
    let make: (body: RegexNode) => RegexNode;
    if (rest.startsWith('(?#')) {
      const end = this.#text.indexOf(')', this.#at);
      if (end < 0) throw invalidRegex('parentheses () not balanced');
      this.#at = end + 1;
      return undefined;
    }
    if (rest.startsWith('(?:')) {
      this.#at += 3;
      make = (body) => ({ kind: 'group', capturing: false, body });
    } else if (rest === '(?<=' || rest === '(?<!') {
      this.#at += 4;
      make = (body) => ({ kind: 'lookbehind', negative: rest === '(?<!', body });
    } else if (rest.startsWith('(?=') || rest.startsWith('(?!')) {
      this.#at += 3;
      make = (body) => ({ kind: 'lookahead', negative: rest.startsWith('(?!'), body });
    } else if (rest.startsWith('(?')) {
      throw invalidRegex('quantifier operand invalid');
    } else {
      this.#at += 1;
      // Within a constraint no group captures.
      const capturing = this.#constraints === 0;
      if (capturing) this.groups++;
      make = (body) => ({ kind: 'group', capturing, body });
    }
    const isConstraint = /^\(\?<?[=!]/.test(rest);
    if (isConstraint) this.#constraints++;
    const body = this.#alternation(depth + 1);
    if (isConstraint) this.#constraints--;
    if (this.#text[this.#at] !== ')') throw invalidRegex('parentheses () not balanced');
    this.#at++;
    return make(body);
  }

  #quantified(atom: RegexNode): RegexNode {
    this.#skipExpanded();
    const quantifier = this.#quantifier();
    if (quantifier === undefined) return atom;
    if (atom.kind === 'constraint' || atom.kind === 'lookbehind' || atom.kind === 'lookahead')
      throw invalidRegex('quantifier operand invalid');
    const lazy = this.#text[this.#at] === '?';
    if (lazy) this.#at++;
    this.#skipExpanded();
    const next = this.#text[this.#at];
    if (next === '*' || next === '+' || next === '?' || (next === '{' && /[0-9]/.test(this.#text[this.#at + 1] ?? ''))) {
      throw invalidRegex('quantifier operand invalid');
    }
    return { kind: 'quantified', atom, lazy, ...quantifier };
  }

  #quantifier(): { readonly min: number; readonly max: number; readonly exact: boolean } | undefined {
    switch (this.#text[this.#at]) {
      case '*':
        this.#at++;
        return { min: 0, max: Infinity, exact: false };
      case '+':
        this.#at++;
        return { min: 1, max: Infinity, exact: false };
      case '?':
        this.#at++;
        return { min: 0, max: 1, exact: false };
      case '{':
        return this.#bound();
      default:
        return undefined;
    }
  }

  #bound(): { readonly min: number; readonly max: number; readonly exact: boolean } | undefined {
    if (!/[0-9]/.test(this.#text[this.#at + 1] ?? '')) return undefined;
    const match = /^\{(\d+)(,(\d*))?\}/.exec(this.#text.slice(this.#at, this.#at + 24));
    if (match === null) {
      throw invalidRegex(this.#text.indexOf('}', this.#at) < 0 ? 'braces {} not balanced' : 'invalid repetition count(s)');
    }
    const min = Number(match[1]);
    const exact = match[2] === undefined;
    const max = exact ? min : match[3] === '' ? Infinity : Number(match[3]);
    if (min > MAX_REPETITIONS || (max !== Infinity && max > MAX_REPETITIONS) || max < min) {
      throw invalidRegex('invalid repetition count(s)');
    }
    this.#at += match[0].length;
    return { min, max, exact };
  }
}
