import { createHash } from 'node:crypto';
import type { Oid } from '../../commons/ids.js';
import { liftLiterals } from '../../planner/parse/literals.js';
import { tokenize } from '../../planner/parse/tokens.js';
import type { CachedStatement } from './cached-statement.js';

/** How often one statement was run by one role in one database, and how long that took. */
export class StatementEntry {
  readonly role: Oid;
  readonly database: Oid;
  /** Of the first one; literals are taken out when somebody asks for it. */
  readonly text: string;
  /** Whether constants are taken out of the text: of queries, as in PostgreSQL, and of all that somebody runs who shares a role. */
  readonly hidesConstants: boolean;
  readonly bytes: number;
  /** Nobody counts with it any more. */
  isGone = false;
  calls = 0;
  rows = 0;
  totalMs = 0;
  minMs = Number.POSITIVE_INFINITY;
  maxMs = 0;
  /** Sum of the squares of differences from the mean (Welford). */
  squares = 0;

  constructor(role: Oid, database: Oid, text: string, hidesConstants: boolean) {
    this.role = role;
    this.database = database;
    this.text = text;
    this.hidesConstants = hidesConstants;
    this.bytes = BYTES_PER_ENTRY + 4 * text.length;
  }

  get meanMs(): number {
    return this.calls === 0 ? 0 : this.totalMs / this.calls;
  }

  add(ms: number, rows: number): void {
    const before = this.meanMs;
    this.calls++;
    this.rows += rows;
    this.totalMs += ms;
    if (ms < this.minMs) this.minMs = ms;
    if (ms > this.maxMs) this.maxMs = ms;
    this.squares += (ms - before) * (ms - this.meanMs);
  }

  /** What another has counted of the same statement. */
  merge(other: StatementEntry): void {
    const calls = this.calls + other.calls;
    const apart = other.meanMs - this.meanMs;
    this.squares += other.squares + (calls === 0 ? 0 : (apart * apart * this.calls * other.calls) / calls);
    this.calls = calls;
    this.rows += other.rows;
    this.totalMs += other.totalMs;
    this.minMs = Math.min(this.minMs, other.minMs);
    this.maxMs = Math.max(this.maxMs, other.maxMs);
  }
}

/** Who runs a statement, and where. */
export interface StatementOwner {
  readonly role: Oid;
  readonly database: Oid;
  /** It acts for one end user alone, and shares its role with others who do. */
  readonly isBound: boolean;
}

const BYTES_PER_ENTRY = 400;
/** Of longer texts only the beginning is kept: a bulk insert is not to be read by anybody. */
const MAX_TEXT_LENGTH = 8192;
const MAX_BYTES = 16 * 1024 * 1024;
/** What goes at a time when there are too many: those that were run the least. */
const DROPPED_SHARE = 0.05;

/**
 * pg_stat_statements, counted always: a statement that is run again finds its entry at once, by its cached tree; one that is new by its text without
 * literals. Names, white space and comments are made alike only when somebody looks. Bounded in number and bytes.
 */
export class StatementStatistics {
  readonly #maxEntries: number;
  #entries = new Map<string, StatementEntry>();
  #bytes = 0;
  /** Times that entries were dropped to make room. */
  dropped = 0;
  resetMicros: number;

  constructor(maxEntries: number, nowMicros: number) {
    this.#maxEntries = maxEntries;
    this.resetMicros = nowMicros;
  }

  completed(cached: CachedStatement, { role, database, isBound }: StatementOwner, ms: number, rows: number): void {
    let entry = cached.statistics;
    if (entry === undefined || entry.isGone || entry.role !== role || entry.database !== database || (isBound && !entry.hidesConstants)) {
      entry = this.#find(cached, role, database, isBound);
      cached.statistics = entry;
    }
    entry.add(ms, rows);
  }

  #find({ parsed, isQuery }: CachedStatement, role: Oid, database: Oid, isBound: boolean): StatementEntry {
    const text = parsed.text.trim().slice(0, MAX_TEXT_LENGTH);
    const hidesConstants = isQuery || isBound;
    const key = `${role} ${database} ${hidesConstants} ${liftLiterals(text)?.key ?? text}`;
    let entry = this.#entries.get(key);
    if (entry === undefined) {
      entry = new StatementEntry(role, database, text, hidesConstants);
      this.#entries.set(key, entry);
      this.#bytes += entry.bytes;
      if (this.#entries.size > this.#maxEntries || this.#bytes > MAX_BYTES) this.#shrink(entry);
    }
    return entry;
  }

  #shrink(kept: StatementEntry): void {
    this.dropped++;
    const byUse = [...this.#entries].sort(([, a], [, b]) => a.calls - b.calls);
    const goal = { entries: this.#maxEntries * (1 - DROPPED_SHARE), bytes: MAX_BYTES * (1 - DROPPED_SHARE) };
    for (const [key, entry] of byUse) {
      if (this.#entries.size <= goal.entries && this.#bytes <= goal.bytes) return;
      if (entry !== kept) this.#drop(key, entry);
    }
  }

  #drop(key: string, entry: StatementEntry): void {
    this.#entries.delete(key);
    this.#bytes -= entry.bytes;
    entry.isGone = true;
  }

  /** Those of one statement, role and database together, with their names and texts. */
  list(): readonly { readonly entry: StatementEntry; readonly id: bigint; readonly text: string }[] {
    const found = new Map<string, { entry: StatementEntry; id: bigint; text: string }>();
    for (const entry of this.#entries.values()) {
      const { id, text } = named(entry);
      const key = `${entry.role} ${entry.database} ${id}`;
      const same = found.get(key);
      if (same === undefined) {
        const sum = new StatementEntry(entry.role, entry.database, entry.text, entry.hidesConstants);
        sum.merge(entry);
        found.set(key, { entry: sum, id, text });
      } else same.entry.merge(entry);
    }
    return [...found.values()];
  }

  /** @param of undefined: any */
  reset(
    of: { readonly role?: Oid | undefined; readonly database?: Oid | undefined; readonly id?: bigint | undefined },
    nowMicros: number,
  ): void {
    const { role, database, id } = of;
    for (const [key, entry] of this.#entries) {
      const isMeant =
        (role === undefined || entry.role === role) &&
        (database === undefined || entry.database === database) &&
        (id === undefined || named(entry).id === id);
      if (isMeant) this.#drop(key, entry);
    }
    if (role !== undefined || database !== undefined || id !== undefined) return;
    this.dropped = 0;
    this.resetMicros = nowMicros;
  }
}

/** Statements that hold secrets as literals, besides queries. */
const WITH_SECRETS = /^(create|alter)\s+(role|user|group)\b/i;

/** A statement's text with its constants as parameters, and the number that goes with it. */
function named({ text, hidesConstants }: StatementEntry): { readonly id: bigint; readonly text: string } {
  const tokens = tokenize(text);
  const takesOut = hidesConstants || WITH_SECRETS.test(text);
  let next = 1;
  for (const { kind, text: word } of tokens) if (kind === 'parameter') next = Math.max(next, Number(word.slice(1)) + 1);
  let shown = '';
  let shape = '';
  let at = 0;
  for (const { kind, text: word, start, end } of tokens) {
    const isConstant = takesOut && (kind === 'string' || kind === 'number');
    shape += isConstant ? ' ?' : ` ${word}`;
    if (!isConstant) continue;
    shown += `${text.slice(at, start)}$${next++}`;
    at = end;
  }
  return { id: createHash('sha256').update(shape).digest().readBigInt64BE(), text: shown + text.slice(at) };
}
