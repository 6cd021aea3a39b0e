/** One consistent set of a session's own values; replaced, never changed, so that a snapshot of it costs nothing. */
interface Values {
  /** SET. */
  readonly session: ReadonlyMap<string, string>;
  /** SET LOCAL: gone at the transaction's end. */
  readonly local: ReadonlyMap<string, string>;
}

const NONE: ReadonlyMap<string, string> = new Map();

/**
 * Which value of each setting holds, through transactions and savepoints: SET and SET LOCAL are undone by ROLLBACK and ROLLBACK TO, SET LOCAL
 * also by COMMIT. Names are lower case.
 */
export class LayeredValues {
  #values: Values = { session: NONE, local: NONE };
  /** For the transaction and each savepoint in it: the values when it began, kept from its first change on. */
  #levels: (Values | undefined)[] = [];

  get(name: string): string | undefined {
    return this.#values.local.get(name) ?? this.#values.session.get(name);
  }

  own(name: string): { readonly session: string | undefined; readonly local: string | undefined } {
    return { session: this.#values.session.get(name), local: this.#values.local.get(name) };
  }

  isLocal(name: string): boolean {
    return this.#values.local.has(name);
  }

  /** Names that have a value of their own here. */
  names(): Iterable<string> {
    return new Set([...this.#values.session.keys(), ...this.#values.local.keys()]);
  }

  /** @param value undefined takes the session's own value away (RESET) */
  set(name: string, value: string | undefined, isLocal: boolean): void {
    this.#keep();
    const { session, local } = this.#values;
    if (isLocal) {
      this.#values = { session, local: withValue(local, name, value) };
    } else {
      // A plain SET also ends what SET LOCAL said before it.
      this.#values = { session: withValue(session, name, value), local: withValue(local, name, undefined) };
    }
  }

  begin(): void {
    this.#levels = [undefined];
  }

  /** Enters a savepoint. */
  push(): void {
    this.#levels.push(undefined);
  }

  /** Back to the depth's beginning; the savepoint stays. @returns whether anything changed */
  rollbackTo(depth: number): boolean {
    const kept = this.#levels[depth];
    this.#levels.length = depth + 1;
    return this.#restore(kept, depth);
  }

  /** The savepoint's changes become its parent's. */
  release(depth: number): void {
    this.#levels.length = depth;
  }

  commit(): boolean {
    this.#levels = [];
    if (this.#values.local.size === 0) return false;
    this.#values = { session: this.#values.session, local: NONE };
    return true;
  }

  rollback(): boolean {
    const kept = this.#levels[0];
    this.#levels = [];
    return this.#restore(kept, -1);
  }

  #restore(kept: Values | undefined, depth: number): boolean {
    if (kept === undefined) return false;
    this.#values = kept;
    if (depth >= 0) this.#levels[depth] = undefined;
    return true;
  }

  #keep(): void {
    for (let i = 0; i < this.#levels.length; i++) this.#levels[i] ??= this.#values;
  }
}

function withValue(values: ReadonlyMap<string, string>, name: string, value: string | undefined): ReadonlyMap<string, string> {
  if (value === undefined && !values.has(name)) return values;
  const changed = new Map(values);
  if (value === undefined) changed.delete(name);
  else changed.set(name, value);
  return changed;
}
