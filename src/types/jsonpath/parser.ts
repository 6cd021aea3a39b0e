import { SqlError } from '../../commons/sql-error.js';
import { SqlState } from '../../commons/sqlstates.js';
import { invalidInput } from '../input-errors.js';
import { numericNegate } from '../numeric/arithmetic.js';
import { parseNumeric } from '../numeric/numeric.js';
import { type ComparisonOperator, type IndexRange, JsonPath, type PathMethod, type PathNode } from './ast.js';
import { PathLexer, type PathToken, pathSyntaxError } from './lexer.js';

const METHODS: ReadonlySet<string> = new Set<PathMethod>(['abs', 'size', 'type', 'floor', 'ceiling', 'double', 'keyvalue']);
const COMPARISONS: ReadonlySet<string> = new Set<ComparisonOperator>(['==', '!=', '<', '>', '<=', '>=']);
const isMethod = (word: string): word is PathMethod => METHODS.has(word);
const isComparison = (sign: string): sign is ComparisonOperator => COMPARISONS.has(sign);

/** An expression gives items, a predicate true, false or unknown; the grammar keeps them apart. */
interface Parsed {
  readonly node: PathNode;
  readonly isPredicate: boolean;
  /** In brackets, or exists(): what ! and a following step may take. */
  readonly delimited: boolean;
}

const MAX_DEPTH = 1000;

class PathParser {
  readonly #lexer: PathLexer;
  #token: PathToken;
  #filters = 0;
  #subscripts = 0;
  #depth = 0;

  constructor(text: string) {
    this.#lexer = new PathLexer(text);
    this.#token = this.#lexer.next();
  }

  path(): JsonPath {
    const strict = this.#isWord('strict');
    if (strict || this.#isWord('lax')) this.#advance();
    const { node } = this.#disjunction();
    if (this.#token.kind !== 'end') throw this.#unexpected();
    return new JsonPath(!strict, node);
  }

  #advance(): PathToken {
    const token = this.#token;
    this.#token = this.#lexer.next();
    return token;
  }

  #isWord(value: string): boolean {
    return this.#token.kind === 'word' && this.#token.value === value;
  }

  #isSign(value: string): boolean {
    return this.#token.kind === 'sign' && this.#token.value === value;
  }

  #accept(sign: string): boolean {
    if (!this.#isSign(sign)) return false;
    this.#advance();
    return true;
  }

  #expect(sign: string): void {
    if (!this.#accept(sign)) throw this.#unexpected();
  }

  #expectWord(word: string): void {
    if (!this.#isWord(word)) throw this.#unexpected();
    this.#advance();
  }

  #unexpected(): SqlError {
    return pathSyntaxError('syntax error', this.#token.text);
  }

  #disjunction(): Parsed {
    let left = this.#conjunction();
    while (this.#isSign('||')) left = this.#logic(left, '||', () => this.#conjunction());
    return left;
  }

  #conjunction(): Parsed {
    let left = this.#predicate();
    while (this.#isSign('&&')) left = this.#logic(left, '&&', () => this.#predicate());
    return left;
  }

  #logic(left: Parsed, operator: '&&' | '||', next: () => Parsed): Parsed {
    if (!left.isPredicate) throw this.#unexpected();
    this.#advance();
    const right = next();
    if (!right.isPredicate) throw this.#unexpected();
    return { node: { kind: 'logic', operator, left: left.node, right: right.node }, isPredicate: true, delimited: false };
  }

  #predicate(): Parsed {
    if (++this.#depth > MAX_DEPTH) throw new SqlError(SqlState.statementTooComplex, 'stack depth limit exceeded');
    try {
      return this.#predicateHere();
    } finally {
      this.#depth--;
    }
  }

  #predicateHere(): Parsed {
    if (this.#accept('!')) {
      const arg = this.#delimitedPredicate();
      return { node: { kind: 'not', arg }, isPredicate: true, delimited: false };
    }
    const left = this.#sum();
    if (left.isPredicate) return left;
    const token = this.#token;
    if (token.kind === 'sign' && isComparison(token.value)) {
      this.#advance();
      const right = this.#sum();
      if (right.isPredicate) throw this.#unexpected();
      return predicate({ kind: 'comparison', operator: token.value, left: left.node, right: right.node });
    }
    if (this.#isWord('starts')) return this.#startsWith(left.node);
    if (this.#isWord('like_regex')) return this.#likeRegex(left.node);
    return left;
  }

  #delimitedPredicate(): PathNode {
    if (this.#isWord('exists')) return this.#exists();
    this.#expect('(');
    const inner = this.#disjunction();
    if (!inner.isPredicate) throw this.#unexpected();
    this.#expect(')');
    return inner.node;
  }

  #exists(): PathNode {
    this.#advance();
    this.#expect('(');
    const arg = this.#sum();
    if (arg.isPredicate) throw this.#unexpected();
    this.#expect(')');
    return { kind: 'exists', arg: arg.node };
  }

  #startsWith(left: PathNode): Parsed {
    this.#advance();
    this.#expectWord('with');
    const token = this.#token;
    if (token.kind !== 'string' && token.kind !== 'variable') throw this.#unexpected();
    this.#advance();
    return predicate({ kind: 'starts with', left, right: { kind: token.kind, text: token.value } });
  }

  #likeRegex(arg: PathNode): Parsed {
    this.#advance();
    const pattern = this.#token;
    if (pattern.kind !== 'string') throw this.#unexpected();
    this.#advance();
    let flags = '';
    if (this.#isWord('flag')) {
      this.#advance();
      if (this.#token.kind !== 'string') throw this.#unexpected();
      flags = regexFlags(this.#token.value);
      this.#advance();
    }
    return predicate({ kind: 'like regex', arg, pattern: pattern.value, flags });
  }

  #sum(): Parsed {
    let left = this.#product();
    while (this.#isSign('+') || this.#isSign('-')) {
      if (left.isPredicate) throw this.#unexpected();
      const operator = this.#advance().text === '+' ? '+' : '-';
      left = expression({ kind: 'arithmetic', operator, left: left.node, right: this.#operand(() => this.#product()) });
    }
    return left;
  }

  #product(): Parsed {
    let left = this.#signed();
    for (;;) {
      const operator = this.#isSign('*') ? '*' : this.#isSign('/') ? '/' : this.#isSign('%') ? '%' : undefined;
      if (operator === undefined) return left;
      if (left.isPredicate) throw this.#unexpected();
      this.#advance();
      left = expression({ kind: 'arithmetic', operator, left: left.node, right: this.#operand(() => this.#signed()) });
    }
  }

  #operand(parse: () => Parsed): PathNode {
    const parsed = parse();
    if (parsed.isPredicate) throw this.#unexpected();
    return parsed.node;
  }

  #signed(): Parsed {
    const operator = this.#isSign('+') ? '+' : this.#isSign('-') ? '-' : undefined;
    if (operator === undefined) return this.#accessors(this.#primary());
    this.#advance();
    if (++this.#depth > MAX_DEPTH) throw new SqlError(SqlState.statementTooComplex, 'stack depth limit exceeded');
    const arg = this.#operand(() => this.#signed());
    this.#depth--;
    if (arg.kind === 'numeric' && arg.next === undefined) {
      return expression({ kind: 'numeric', value: operator === '-' ? numericNegate(arg.value) : arg.value });
    }
    return expression({ kind: 'sign', operator, arg });
  }

  #primary(): Parsed {
    const token = this.#token;
    if (token.kind === 'sign' && token.value === '(') return this.#bracketed();
    if (this.#isWord('exists')) return { node: this.#exists(), isPredicate: true, delimited: true };
    this.#advance();
    switch (token.kind) {
      case 'string':
      case 'variable':
        return expression({ kind: token.kind, text: token.value });
      case 'integer':
      case 'number':
        return expression({ kind: 'numeric', value: parseNumeric(token.value) });
      case 'word':
        if (token.value === 'null') return expression({ kind: 'null' });
        if (token.value === 'true' || token.value === 'false') return expression({ kind: 'boolean', value: token.value === 'true' });
        if (token.value === 'last') {
          if (this.#subscripts === 0) throw new SqlError(SqlState.syntaxError, 'LAST is allowed only in array subscripts');
          return expression({ kind: 'last' });
        }
        break;
      case 'sign':
        if (token.value === '$') return expression({ kind: 'root' });
        if (token.value === '@') {
          if (this.#filters === 0) throw new SqlError(SqlState.syntaxError, '@ is not allowed in root expressions');
          return expression({ kind: 'current' });
        }
        break;
      default:
    }
    throw pathSyntaxError('syntax error', token.text);
  }

  #bracketed(): Parsed {
    this.#advance();
    const inner = this.#disjunction();
    this.#expect(')');
    if (!inner.isPredicate || !this.#isWord('is')) return { ...inner, delimited: true };
    this.#advance();
    this.#expectWord('unknown');
    return predicate({ kind: 'is unknown', arg: inner.node });
  }

  /** The steps behind a primary. A predicate in brackets becomes an expression by them. */
  #accessors(start: Parsed): Parsed {
    if (!this.#isAccessor() || (start.isPredicate && !start.delimited)) return start;
    // A bracketed chain goes on where it ends.
    let last = start.node;
    while (last.next !== undefined) last = last.next;
    while (this.#isAccessor()) {
      const step = this.#accessor();
      last.next = step;
      last = step;
    }
    return expression(start.node);
  }

  #isAccessor(): boolean {
    return this.#isSign('.') || this.#isSign('[') || this.#isSign('?');
  }

  #accessor(): PathNode {
    if (this.#accept('?')) {
      this.#expect('(');
      this.#filters++;
      const inner = this.#disjunction();
      if (!inner.isPredicate) throw this.#unexpected();
      this.#filters--;
      this.#expect(')');
      return { kind: 'filter', arg: inner.node };
    }
    if (this.#accept('[')) return this.#subscript();
    this.#expect('.');
    if (this.#accept('*')) return { kind: 'any key' };
    if (this.#accept('**')) return this.#anyLevel();
    const token = this.#advance();
    if (token.kind !== 'name' && token.kind !== 'string' && token.kind !== 'word') throw pathSyntaxError('syntax error', token.text);
    if (token.kind === 'word' && this.#isSign('(')) {
      if (isMethod(token.value)) {
        this.#advance();
        this.#expect(')');
        return { kind: 'method', name: token.value };
      }
      if (token.value === 'datetime') return this.#datetime();
    }
    return { kind: 'key', text: token.kind === 'word' ? token.text : token.value };
  }

  #datetime(): PathNode {
    this.#advance();
    const template = this.#token.kind === 'string' ? this.#token.value : undefined;
    if (template !== undefined) this.#advance();
    this.#expect(')');
    return { kind: 'datetime', template };
  }

  #subscript(): PathNode {
    if (this.#accept('*')) {
      this.#expect(']');
      return { kind: 'any array' };
    }
    const ranges: IndexRange[] = [];
    this.#subscripts++;
    do {
      const from = this.#operand(() => this.#sum());
      let to: PathNode | undefined;
      if (this.#isWord('to')) {
        this.#advance();
        to = this.#operand(() => this.#sum());
      }
      ranges.push({ from, to });
    } while (this.#accept(','));
    this.#subscripts--;
    this.#expect(']');
    return { kind: 'index', ranges };
  }

  #anyLevel(): PathNode {
    if (!this.#accept('{')) return { kind: 'any', first: 0, last: -1 };
    const first = this.#level();
    let last = first;
    if (this.#isWord('to')) {
      this.#advance();
      last = this.#level();
    }
    this.#expect('}');
    return { kind: 'any', first, last };
  }

  #level(): number {
    const token = this.#token;
    if (!this.#isWord('last') && token.kind !== 'integer') throw this.#unexpected();
    this.#advance();
    return token.kind === 'integer' ? Number(token.value) : -1;
  }
}

function expression(node: PathNode): Parsed {
  return { node, isPredicate: false, delimited: false };
}

function predicate(node: PathNode): Parsed {
  return { node, isPredicate: true, delimited: false };
}

/** XQuery's flags, each once, in the order in which they are printed. @throws SqlError 42601, 0A000 */
function regexFlags(text: string): string {
  const found = new Set<string>();
  for (const flag of text) {
    if (!'ismxq'.includes(flag)) {
      throw new SqlError(SqlState.syntaxError, 'invalid input syntax for type jsonpath', {
        detail: `Unrecognized flag character "${flag}" in LIKE_REGEX predicate.`,
      });
    }
    found.add(flag);
  }
  if (found.has('x') && !found.has('q')) {
    throw new SqlError(SqlState.featureNotSupported, 'XQuery "x" flag (expanded regular expressions) is not implemented');
  }
  return [...'ismxq'].filter((flag) => found.has(flag)).join('');
}

/** jsonpath_in. @throws SqlError 42601, 22P02 */
export function parseJsonPath(text: string): JsonPath {
  if (text.trim() === '') throw invalidInput('jsonpath', text);
  return new PathParser(text).path();
}
