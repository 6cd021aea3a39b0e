/** PostgreSQL's layout of a printed query (ruleutils.c, PRETTYINDENT_…). */
export const INDENT = 8;
export const INDENT_JOIN = 4;
export const INDENT_LIST = 4;
const INDENT_LIMIT = 40;

/** Text that grows, with the depth of the next line. */
export class SqlWriter {
  readonly #indents: boolean;
  #text = '';
  #level: number;

  constructor(indents: boolean, level = 0) {
    this.#indents = indents;
    this.#level = level;
  }

  get text(): string {
    return this.#text;
  }

  get level(): number {
    return this.#level;
  }

  set level(level: number) {
    this.#level = level;
  }

  put(text: string): void {
    this.#text += text;
  }

  /**
   * A word that begins a line, where lines are.
   * @param before how the depth changes for it @param after … and behind it @param plus spaces of this line alone
   */
  keyword(text: string, before = 0, after = 0, plus = 0): void {
    if (!this.#indents) {
      this.#text += text;
      return;
    }
    this.#level += before;
    this.trimSpaces();
    const depth = Math.max(this.#level, 0);
    const spaces = depth < INDENT_LIMIT ? depth : (INDENT_LIMIT + Math.floor((depth - INDENT_LIMIT) / (INDENT / 2))) % INDENT_LIMIT;
    this.#text += `\n${' '.repeat(spaces + plus)}${text}`;
    this.#level = Math.max(this.#level + after, 0);
  }

  /** Deeper for a query, which stands behind a space then. */
  beginQuery(): void {
    if (!this.#indents) return;
    this.#level += INDENT;
    this.#text += ' ';
  }

  trimSpaces(): void {
    let end = this.#text.length;
    while (end > 0 && this.#text[end - 1] === ' ') end--;
    this.#text = this.#text.slice(0, end);
  }

  /** How long the line at the end is, with its line break, as PostgreSQL counts. */
  get lineLength(): number {
    const start = this.#text.lastIndexOf('\n');
    return start === -1 ? this.#text.length : this.#text.length - start;
  }

  /** What `print` writes, apart from the rest but at the same depth. */
  aside(print: () => void): string {
    const before = this.#text;
    this.#text = '';
    print();
    const text = this.#text;
    this.#text = before;
    return text;
  }
}
