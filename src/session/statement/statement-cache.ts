import type { Oid } from '../../commons/ids.js';
import type { ParsedStatement, Statement } from '../../planner/parse/ast.js';
import { type LiftedLiteral, liftLiterals } from '../../planner/parse/literals.js';
import { parameterize } from '../../planner/parse/parameterize.js';
import type { Parser } from '../../planner/parse/parse.js';
import { type CutText, type RepeatedRows, repeatedRows } from '../../planner/parse/repeated-rows.js';
import { CachedStatement } from './cached-statement.js';
import { Doorkeeper } from './doorkeeper.js';

/** A text's statements. `starts`: where the lifted literals stand in the text that was parsed. */
export interface CachedText {
  readonly statements: readonly CachedStatement[];
  readonly starts: readonly number[];
  readonly bytes: number;
  /** Used since the cache last looked for something to drop. */
  used: boolean;
}

/** What the simple protocol runs: the statements, and the values of this text's literals. */
export interface SimpleText {
  readonly cached: CachedText;
  readonly literals: readonly LiftedLiteral[];
  /** What the text that was parsed lacks: all rows of a VALUES but the first. */
  readonly cut?: CutText;
}

export interface StatementCacheLimits {
  readonly maxEntries: number;
  readonly maxBytes: number;
}

/** Texts longer than this are parsed each time. */
const MAX_CACHED_TEXT = 64 * 1024;
/** What a statement with its tree and plan takes, roughly: a part of its own, and some for each character of its text. */
const BYTES_PER_STATEMENT = 4096;
const BYTES_PER_CHARACTER = 48;
const NO_LITERALS: readonly LiftedLiteral[] = Object.freeze([]);
const NO_TYPES: readonly Oid[] = Object.freeze([]);
/** Leads the keys of statements with one row for many: no text starts so. */
const REPEATED = '\u0002';
const NO_STARTS: readonly number[] = Object.freeze([]);
/** A key whose literals could not all be lifted. */
const NOT_LIFTABLE: CachedText = Object.freeze({ statements: [], starts: NO_STARTS, bytes: 64, used: true });

/**
 * Parsed statements by text, one cache a server; each statement keeps its plans by environment (catalog, search path, settings). A text is let
 * in when it comes the second time. What was not used since the last round goes first (second chance), so that a hit costs one look-up and one store.
 */
export class StatementCache {
  readonly #parser: Parser;
  readonly #limits: StatementCacheLimits;
  /** Simple protocol, by the text without its literals. */
  readonly #lifted = new Map<string, CachedText>();
  /** Simple protocol, by the text. */
  readonly #plain = new Map<string, CachedText>();
  /** Extended protocol, by given parameter types and text. */
  readonly #prepared = new Map<string, CachedText>();
  readonly #doorkeeper = new Doorkeeper();
  #bytes = 0;

  constructor(parser: Parser, limits: StatementCacheLimits) {
    this.#parser = parser;
    this.#limits = limits;
  }

  /** For the simple protocol. @throws SqlError 42601 … */
  simple(text: string): SimpleText {
    const many = repeatedRows(text);
    const repeated = many === undefined ? undefined : this.#repeated(many);
    if (repeated !== undefined) return repeated;
    const lifted = liftLiterals(text);
    if (lifted !== undefined) {
      let cached = this.#lifted.get(lifted.key);
      if (cached === undefined) {
        if (!this.#doorkeeper.admits(lifted.key)) return this.#once(text);
        cached = this.#parseLifted(text, lifted.key, lifted.literals);
      }
      if (cached !== NOT_LIFTABLE) {
        cached.used = true;
        return { cached, literals: lifted.literals };
      }
    }
    const cached = this.#plain.get(text) ?? this.#parse(this.#plain, text, text, NO_TYPES, true);
    cached.used = true;
    return { cached, literals: NO_LITERALS };
  }

  /** As it stands, for a text that may never come again. */
  #once(text: string): SimpleText {
    return { cached: makeEntry(this.#parser.parse(text), text, NO_TYPES, true, NO_STARTS), literals: NO_LITERALS };
  }

  /** For the extended protocol and PREPARE. @throws SqlError 42601 … */
  prepared(text: string, paramTypes: readonly Oid[]): CachedText {
    const key = paramTypes.length === 0 ? text : `${paramTypes.join(',')}:${text}`;
    const cached = this.#prepared.get(key) ?? this.#parse(this.#prepared, key, text, paramTypes, false);
    cached.used = true;
    return cached;
  }

  get stats(): { readonly entries: number; readonly bytes: number } {
    return { entries: this.#lifted.size + this.#plain.size + this.#prepared.size, bytes: this.#bytes };
  }

  /** Undefined where the text with one row isn't liftable. */
  #repeated({ head, literals, literalsPerRow, cut }: RepeatedRows): SimpleText | undefined {
    const lifted = liftLiterals(head);
    if (lifted?.literals.length !== literalsPerRow) return undefined;
    const key = REPEATED + lifted.key;
    const cached =
      this.#lifted.get(key) ?? this.#parseLifted(head, key, lifted.literals, (statement) => repeating(statement, literalsPerRow));
    if (cached === NOT_LIFTABLE) return undefined;
    cached.used = true;
    return { cached, literals, cut };
  }

  #parseLifted(
    text: string,
    key: string,
    literals: readonly LiftedLiteral[],
    change: (statement: Statement) => Statement | undefined = asItIs,
  ): CachedText {
    const [parsed, ...more] = this.#parser.parse(text);
    const liftedStatement = parsed === undefined || more.length > 0 ? undefined : parameterize(parsed.statement, literals);
    const statement = liftedStatement === undefined ? undefined : change(liftedStatement);
    if (parsed === undefined || statement === undefined) {
      this.#keep(this.#lifted, key, NOT_LIFTABLE);
      return NOT_LIFTABLE;
    }
    const starts = literals.map((literal) => literal.start);
    const entry = makeEntry([{ ...parsed, statement }], text, NO_TYPES, true, starts);
    this.#keep(this.#lifted, key, entry);
    return entry;
  }

  #parse(map: Map<string, CachedText>, key: string, text: string, paramTypes: readonly Oid[], paramsFixed: boolean): CachedText {
    const entry = makeEntry(this.#parser.parse(text), text, paramTypes, paramsFixed, NO_STARTS);
    if (text.length <= MAX_CACHED_TEXT && this.#doorkeeper.admits(key)) this.#keep(map, key, entry);
    return entry;
  }

  #keep(map: Map<string, CachedText>, key: string, entry: CachedText): void {
    map.set(key, entry);
    this.#bytes += entry.bytes;
    const { maxEntries, maxBytes } = this.#limits;
    for (const candidate of [this.#lifted, this.#plain, this.#prepared]) {
      if (candidate.size > maxEntries || this.#bytes > maxBytes) this.#shrink(candidate);
    }
  }

  /** Drops what nobody used lately, oldest first, down to nine tenths of the limits. */
  #shrink(map: Map<string, CachedText>): void {
    const { maxEntries, maxBytes } = this.#limits;
    let looks = map.size * 2;
    for (const [key, entry] of map) {
      if ((map.size <= maxEntries * 0.9 && this.#bytes <= maxBytes * 0.9) || looks-- === 0) return;
      map.delete(key);
      if (entry.used && entry !== NOT_LIFTABLE) {
        entry.used = false;
        map.set(key, entry);
      } else {
        this.#bytes -= entry.bytes;
      }
    }
  }
}

function makeEntry(
  parsed: readonly ParsedStatement[],
  text: string,
  paramTypes: readonly Oid[],
  paramsFixed: boolean,
  starts: readonly number[],
): CachedText {
  return {
    statements: parsed.map((statement) => new CachedStatement(statement, paramTypes, paramsFixed)),
    starts,
    bytes: parsed.length * BYTES_PER_STATEMENT + text.length * BYTES_PER_CHARACTER,
    used: true,
  };
}

/** A place in the text that was parsed → the same place in a text that differs from it in its literals. */
export function placeInText(position: number, text: SimpleText): number {
  let shift = 0;
  text.cached.starts.forEach((start, i) => {
    if (start <= position) shift = (text.literals[i]?.start ?? start) - start;
  });
  if (text.cut !== undefined && position >= text.cut.start) shift += text.cut.length;
  return position + shift;
}

const asItIs = (statement: Statement): Statement => statement;

/** An INSERT whose one row stands for many. */
function repeating(statement: Statement, literalsPerRow: number): Statement | undefined {
  if (statement.type !== 'insert' || statement.insert?.type !== 'values' || statement.insert.values.length !== 1) return undefined;
  return { ...statement, insert: { ...statement.insert, literalsPerRow } };
}
