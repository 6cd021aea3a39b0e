/**
 * Which texts pgsql-ast-parser reads exactly as PostgreSQL does: a small, closed grammar of its own over the tokens, so
 * that what it admits is known in full. One statement; SELECT, INSERT … VALUES, UPDATE, DELETE on tables; conditions of
 * comparisons between plain operands. Names are no keywords of either parser, numbers are short integers (others lose digits
 * or form there), no operator meets another of another precedence, no comments, no escapes, ASCII only.
 */
import { ALL_KEYWORDS } from '../../commons/keywords.js';
import { type Token, tokenize } from './tokens.js';

const MAX_TEXT_LENGTH = 10_000;
const MAX_NESTING = 20;

export function admits(text: string): boolean {
  if (text.length > MAX_TEXT_LENGTH || !/^[\x20-\x7e\n\t]*$/.test(text) || /--|\/\*|\\/.test(text)) return false;
  return new Recognizer(tokenize(text)).statement();
}

const COMPARISONS: ReadonlySet<string> = new Set(['=', '<>', '!=', '<', '>', '<=', '>=']);
const ARITHMETIC: ReadonlySet<string> = new Set(['+', '*', '%']);
/** Keywords of pgsql-ast-parser, or words that it gives a meaning of its own, beyond PostgreSQL's keywords. */
const PECULIAR: ReadonlySet<string> = new Set(['precision', 'distinct', 'bigserial', 'serial', 'concurrently', 'raise']);

class Recognizer {
  readonly #tokens: readonly Token[];
  #at = 0;
  #nesting = 0;

  constructor(tokens: readonly Token[]) {
    this.#tokens = tokens;
  }

  statement(): boolean {
    const start = this.#tokens[0];
    this.#at = 1;
    if (start?.kind !== 'word') return false;
    const read =
      start.text === 'select'
        ? this.#select()
        : start.text === 'insert'
          ? this.#insert()
          : start.text === 'update'
            ? this.#update()
            : start.text === 'delete' && this.#delete();
    this.#take(';');
    return read && this.#at === this.#tokens.length;
  }

  #select(): boolean {
    if (!this.#columns()) return false;
    if (this.#take('from') && !this.#from()) return false;
    if (this.#take('where') && !this.#condition()) return false;
    if (this.#takeAll('group', 'by') && !this.#list(() => this.#reference())) return false;
    if (this.#takeAll('order', 'by') && !this.#list(() => this.#sortKey())) return false;
    if (this.#take('limit') && !this.#count()) return false;
    return !this.#take('offset') || this.#count();
  }

  #insert(): boolean {
    if (!this.#take('into') || !this.#qualified()) return false;
    // Without a column list, pgsql-ast-parser finds some texts ambiguous and refuses them.
    if (!(this.#take('(') && this.#list(() => this.#name()) && this.#take(')') && this.#take('values'))) return false;
    const row = () => this.#take('(') && this.#list(() => this.#take('default') || this.#operand()) && this.#take(')');
    return this.#list(row) && this.#returning();
  }

  #update(): boolean {
    if (!this.#qualified() || !this.#take('set')) return false;
    const assignment = () => this.#name() && this.#take('=') && (this.#take('default') || this.#value());
    return this.#list(assignment) && this.#where() && this.#returning();
  }

  #delete(): boolean {
    return this.#take('from') && this.#qualified() && this.#where() && this.#returning();
  }

  #where(): boolean {
    return !this.#take('where') || this.#condition();
  }

  #returning(): boolean {
    return !this.#take('returning') || this.#columns();
  }

  #columns(): boolean {
    return this.#list(() => this.#take('*') || (this.#value() && (!this.#take('as') || this.#name())));
  }

  #from(): boolean {
    return this.#list(() => this.#table() && this.#joins());
  }

  #joins(): boolean {
    while (true) {
      const sided = this.#take('left') || this.#take('right') || this.#take('full');
      if (!sided) this.#take('inner');
      if (!this.#take('join')) return !sided && this.#tokens[this.#at - 1]?.text !== 'inner';
      if (!(this.#table() && this.#take('on') && this.#condition())) return false;
    }
  }

  #table(): boolean {
    if (!this.#qualified()) return false;
    if (this.#take('as')) return this.#name();
    if (this.#isName()) this.#at++;
    return true;
  }

  #sortKey(): boolean {
    if (!this.#reference() && !this.#integer()) return false;
    if (!this.#take('asc')) this.#take('desc');
    return !this.#take('nulls') || this.#take('first') || this.#take('last');
  }

  #count(): boolean {
    return this.#integer() || this.#kind('parameter');
  }

  /** OR of ANDs of conditions: both parsers agree on these two, and on NOT before what stands in parentheses. */
  #condition(): boolean {
    do {
      do {
        if (!this.#term()) return false;
      } while (this.#take('and'));
    } while (this.#take('or'));
    return true;
  }

  #term(): boolean {
    const negated = this.#take('not');
    if (this.#take('(')) {
      if (++this.#nesting > MAX_NESTING) return false;
      return this.#condition() && this.#take(')');
    }
    return !negated && this.#operand() && this.#test();
  }

  #test(): boolean {
    const token = this.#tokens[this.#at];
    if (token?.kind === 'operator' && COMPARISONS.has(token.text)) {
      this.#at++;
      return this.#operand();
    }
    if (this.#take('is')) {
      this.#take('not');
      return this.#take('null');
    }
    this.#take('not');
    if (this.#take('in')) return this.#take('(') && this.#list(() => this.#operand()) && this.#take(')');
    if (this.#take('between')) return this.#operand() && this.#take('and') && this.#operand();
    return (this.#take('like') || this.#take('ilike')) && this.#operand();
  }

  #value(): boolean {
    if (!this.#operand()) return false;
    const token = this.#tokens[this.#at];
    if (token?.kind !== 'operator' || !ARITHMETIC.has(token.text)) return true;
    this.#at++;
    return this.#operand();
  }

  #operand(): boolean {
    if (this.#integer() || this.#kind('parameter')) return true;
    if (this.#take('true') || this.#take('false') || this.#take('null')) return true;
    const token = this.#tokens[this.#at];
    if (token?.kind === 'string') {
      this.#at++;
      // Without prefix; two in a row would be one string to PostgreSQL when a line lies between them.
      return token.text.startsWith("'") && this.#tokens[this.#at]?.kind !== 'string';
    }
    return this.#reference(true);
  }

  /** `a`, `t.a`, and where calls are allowed `f(a, 1)`, `count(*)`. */
  #reference(calls = false): boolean {
    const token = this.#tokens[this.#at];
    if (!this.#name()) return false;
    if (this.#take('.')) return this.#name() && this.#tokens[this.#at]?.text !== '(' && this.#tokens[this.#at]?.text !== '.';
    if (this.#tokens[this.#at]?.text !== '(') return true;
    if (!calls || token?.kind !== 'word' || ++this.#nesting > MAX_NESTING) return false;
    this.#at++;
    if (this.#take(')')) return true;
    return (this.#take('*') || this.#list(() => this.#operand())) && this.#take(')');
  }

  #qualified(): boolean {
    return this.#name() && (!this.#take('.') || this.#name()) && this.#tokens[this.#at]?.text !== '.';
  }

  #name(): boolean {
    if (!this.#isName()) return false;
    this.#at++;
    return true;
  }

  #isName(): boolean {
    const token = this.#tokens[this.#at];
    if (token?.kind === 'word') return /^[a-z_][a-z0-9_]{0,62}$/.test(token.text) && isFree(token.text);
    return token?.kind === 'quoted' && /^"[A-Za-z_][A-Za-z0-9_]{0,62}"$/.test(token.text) && isFree(token.text.slice(1, -1).toLowerCase());
  }

  #integer(): boolean {
    const token = this.#tokens[this.#at];
    if (token?.kind !== 'number' || !/^(0|[1-9]\d{0,8})$/.test(token.text)) return false;
    this.#at++;
    return true;
  }

  #kind(kind: Token['kind']): boolean {
    if (this.#tokens[this.#at]?.kind !== kind) return false;
    this.#at++;
    return true;
  }

  #list(item: () => boolean): boolean {
    do {
      if (!item()) return false;
    } while (this.#take(','));
    return true;
  }

  /** Words, operators and punctuation by their text; strings and quoted names start with a quote, so they never match. */
  #take(text: string): boolean {
    if (this.#tokens[this.#at]?.text !== text) return false;
    this.#at++;
    return true;
  }

  #takeAll(first: string, second: string): boolean {
    if (this.#tokens[this.#at]?.text !== first || this.#tokens[this.#at + 1]?.text !== second) return false;
    this.#at += 2;
    return true;
  }
}

function isFree(word: string): boolean {
  return !ALL_KEYWORDS.has(word) && !PECULIAR.has(word);
}
