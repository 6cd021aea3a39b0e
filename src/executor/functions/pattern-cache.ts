/** What one call site compiled: the last few patterns, since a pattern is nearly always the same for every row. PostgreSQL keeps 32 too. */
export class PatternCache<T> {
  static readonly LIMIT = 32;
  readonly #compile: (pattern: string) => T;
  readonly #compiled = new Map<string, T>();
  #lastPattern: string | undefined;
  #last: T | undefined;

  constructor(compile: (pattern: string) => T) {
    this.#compile = compile;
  }

  get(pattern: string): T {
    if (pattern === this.#lastPattern && this.#last !== undefined) return this.#last;
    let compiled = this.#compiled.get(pattern);
    if (compiled === undefined) {
      compiled = this.#compile(pattern);
      if (this.#compiled.size >= PatternCache.LIMIT) this.#compiled.clear();
      this.#compiled.set(pattern, compiled);
    }
    this.#lastPattern = pattern;
    this.#last = compiled;
    return compiled;
  }
}
