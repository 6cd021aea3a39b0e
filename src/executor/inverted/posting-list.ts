import { assert } from '../../commons/assert.js';
import type { UserId } from '../../commons/ids.js';
import type { Scan, Space } from '../../store/store.js';
import type { ReadView } from '../../transaction/transaction.js';
import { type Waiting, wait } from '../waiting.js';
import { type InvertedEntries, rangeOf } from './inverted-entries.js';
import { ALL, every, some, type TermQuery } from './term-query.js';

/** Row keys in ascending order, each once. */
export interface PostingList {
  /** The next row key that is not below `from` (absent: the next one); undefined at the end. */
  next(from?: Uint8Array): Waiting<Uint8Array | undefined>;
  close(): void;
}

export interface PostingSource {
  readonly view: ReadView;
  readonly space: Space;
  readonly entries: InvertedEntries;
  readonly user: UserId | undefined;
  /** What row keys begin with. */
  readonly rowPrefix: Uint8Array;
}

export function openPostings(query: TermQuery, column: number, source: PostingSource): PostingList {
  switch (query.kind) {
    case 'term':
    case 'stored':
      return new TermPostings(source.entries.start(column, query.term, query.kind, source.user), source);
    case 'and':
      return intersection(query.parts.map((part) => openPostings(part, column, source)));
    case 'or':
      return new Union(query.parts.map((part) => openPostings(part, column, source)));
    case 'none':
      return new Union([]);
    case 'all':
    case 'prefix':
      assert(false, `postings of ${query.kind}`);
  }
}

/** Rows that are in all lists. */
export function intersection(lists: readonly PostingList[]): PostingList {
  const [only] = lists;
  return only !== undefined && lists.length === 1 ? only : new Intersection(lists);
}

/** More terms than this behind one prefix, and the prefix says nothing. */
const MAX_PREFIX_TERMS = 1000;

/** With the terms that there are in place of prefixes. */
export function* expanded(query: TermQuery, column: number, source: PostingSource): Waiting<TermQuery> {
  switch (query.kind) {
    case 'prefix':
      return yield* termsBehind(query.term, column, source);
    case 'and':
    case 'or': {
      const parts: TermQuery[] = [];
      for (const part of query.parts) parts.push(yield* expanded(part, column, source));
      return query.kind === 'and' ? every(parts) : some(parts);
    }
    default:
      return query;
  }
}

/** Leaps from each term to the one behind it. */
function* termsBehind(prefix: string, column: number, source: PostingSource): Waiting<TermQuery> {
  const { entries, user, view, space } = source;
  const { lt } = rangeOf(entries.start(column, prefix, 'prefix', user));
  let gte = entries.start(column, prefix, 'prefix', user);
  const found: TermQuery[] = [];
  for (;;) {
    const scan = view.scan(space, lt === undefined ? { gte } : { gte, lt });
    let entry: Uint8Array | undefined;
    try {
      let more = scan.next();
      if (more instanceof Promise) more = yield* wait(more);
      if (more) entry = scan.key.slice();
    } finally {
      scan.close();
    }
    if (entry === undefined) return some(found);
    if (found.length === MAX_PREFIX_TERMS) return ALL;
    const term = entries.termOf(entry, user);
    found.push({ kind: 'stored', term });
    const after = rangeOf(entries.start(column, term, 'stored', user)).lt;
    if (after === undefined) return some(found);
    gte = after;
  }
}

/** So many entries are walked over before the scan is begun anew where the wanted one would stand. */
const WALK = 16;

class TermPostings implements PostingList {
  readonly #source: PostingSource;
  readonly #start: Uint8Array;
  #scan: Scan;

  constructor(start: Uint8Array, source: PostingSource) {
    this.#source = source;
    this.#start = start;
    this.#scan = source.view.scan(source.space, rangeOf(this.#start));
  }

  *next(from?: Uint8Array): Waiting<Uint8Array | undefined> {
    for (let walked = 0; ; walked++) {
      if (from !== undefined && walked === WALK) {
        const { view, space, rowPrefix } = this.#source;
        this.#scan.close();
        this.#scan = view.scan(space, rangeOf(this.#start, from.subarray(rowPrefix.length)));
      }
      let more = this.#scan.next();
      if (more instanceof Promise) more = yield* wait(more);
      if (!more) return undefined;
      const { value } = this.#scan;
      if (from === undefined || Buffer.compare(value, from) >= 0) return value.slice();
    }
  }

  close(): void {
    this.#scan.close();
  }
}

/** Rows that are in all lists: each list in turn goes on to the highest row that another one is at. */
class Intersection implements PostingList {
  readonly #lists: readonly PostingList[];

  constructor(lists: readonly PostingList[]) {
    this.#lists = lists;
  }

  *next(from?: Uint8Array): Waiting<Uint8Array | undefined> {
    const lists = this.#lists;
    const heads: (Uint8Array | undefined)[] = lists.map(() => undefined);
    let highest = from;
    for (let i = 0, agreed = 0; agreed < lists.length; i = (i + 1) % lists.length) {
      const head = heads[i];
      if (head !== undefined && highest !== undefined && Buffer.compare(head, highest) === 0) {
        agreed++;
        continue;
      }
      const found: Uint8Array | undefined = yield* lists[i]?.next(highest) ?? none();
      if (found === undefined) return undefined;
      heads[i] = found;
      if (highest !== undefined && Buffer.compare(found, highest) === 0) agreed++;
      else {
        highest = found;
        agreed = 1;
      }
    }
    return highest;
  }

  close(): void {
    for (const list of this.#lists) list.close();
  }
}

// biome-ignore lint/correctness/useYield: an empty list has nothing to wait for
function* none(): Waiting<undefined> {
  return undefined;
}

/** Rows that are in any list, each once. */
class Union implements PostingList {
  readonly #lists: readonly PostingList[];
  readonly #heads: (Uint8Array | undefined)[] = [];
  #started = false;

  constructor(lists: readonly PostingList[]) {
    this.#lists = lists;
  }

  *next(from?: Uint8Array): Waiting<Uint8Array | undefined> {
    const heads = this.#heads;
    if (!this.#started) {
      this.#started = true;
      for (const list of this.#lists) heads.push(yield* list.next(from));
    }
    let lowest: Uint8Array | undefined;
    for (const [i, list] of this.#lists.entries()) {
      let head = heads[i];
      if (head !== undefined && from !== undefined && Buffer.compare(head, from) < 0) heads[i] = head = yield* list.next(from);
      if (head !== undefined && (lowest === undefined || Buffer.compare(head, lowest) < 0)) lowest = head;
    }
    if (lowest === undefined) return undefined;
    for (const [i, list] of this.#lists.entries()) {
      const head = heads[i];
      if (head !== undefined && Buffer.compare(head, lowest) === 0) heads[i] = yield* list.next();
    }
    return lowest;
  }

  close(): void {
    for (const list of this.#lists) list.close();
  }
}
