/**
 * Time zones. A zone answers two questions: the offset at an instant, and the offset that a local time means. Both are answered from
 * segments, stretches of time with one offset; the last segment used is tried first, so that a batch of rows of the same season costs
 * two comparisons each.
 */
import { SqlError } from '../../commons/sql-error.js';
import { SqlState } from '../../commons/sqlstates.js';
import { IntlRules } from './intl-zone.js';
import { posixRulesOf } from './posix-zone.js';
import { ZONES_BY_ABBREVIATION } from './zone-names.js';
import type { Segment, ZoneRules } from './zone-rules.js';

const SECONDS_PER_DAY = 86_400;

export class TimeZone {
  /** As SHOW TimeZone prints it. */
  readonly name: string;
  readonly #rules: ZoneRules;
  #last: Segment;

  constructor(name: string, rules: ZoneRules) {
    this.name = name;
    this.#rules = rules;
    this.#last = rules.segmentAt(0);
  }

  segmentAt(seconds: number): Segment {
    const last = this.#last;
    if (seconds >= last.start && seconds < last.end) return last;
    const found = this.#rules.segmentAt(seconds);
    this.#last = found;
    return found;
  }

  /** Seconds east of Greenwich at an instant. */
  offsetAt(seconds: number): number {
    return this.segmentAt(seconds).offset;
  }

  /**
   * The offset that a local time (seconds as if it were UTC) means. A time skipped in spring takes the offset before the change, one
   * that comes twice in autumn the offset after it: PostgreSQL's DetermineTimeZoneOffset.
   */
  offsetOfLocal(local: number): number {
    const before = this.segmentAt(local - SECONDS_PER_DAY);
    const boundary = before.end;
    const beforeTime = local - before.offset;
    // No two offsets differ by more than a day, so that the next segment can't matter yet.
    if (beforeTime < boundary - SECONDS_PER_DAY) return before.offset;
    const after = this.#rules.segmentAt(boundary);
    const afterTime = local - after.offset;
    if (beforeTime < boundary && afterTime < boundary) return before.offset;
    if (beforeTime > boundary && afterTime >= boundary) return after.offset;
    return beforeTime > afterTime ? before.offset : after.offset;
  }

  /** The one offset of a zone that never changes; undefined for others. */
  get fixedOffset(): number | undefined {
    const { start, end, offset } = this.#rules.segmentAt(0);
    return start === -Infinity && end === Infinity ? offset : undefined;
  }
}

/** The POSIX name that SET TimeZone = 3 gives: '<+03>-03'. Seconds east of Greenwich. */
export function nameOfOffset(offset: number): string {
  const size = Math.abs(offset);
  const pad = (n: number): string => `${n}`.padStart(2, '0');
  const seconds = size % 60;
  const minutes = Math.floor(size / 60) % 60;
  const tail = seconds !== 0 ? `:${pad(minutes)}:${pad(seconds)}` : minutes !== 0 ? `:${pad(minutes)}` : '';
  const hours = pad(Math.floor(size / 3600));
  return `<${offset < 0 ? '-' : '+'}${hours}${tail}>${offset < 0 ? '+' : '-'}${hours}${tail}`;
}

class FixedRules implements ZoneRules {
  readonly #segment: Segment;

  constructor(offset: number, abbreviation: string) {
    this.#segment = { start: -Infinity, end: Infinity, offset, isSummer: false, abbreviation };
  }

  segmentAt(): Segment {
    return this.#segment;
  }
}

/** Known names by their lower-case form, each with its name and abbreviations. */
const KNOWN_ZONES: ReadonlyMap<string, { readonly name: string; readonly abbreviations: string }> = new Map(
  Object.entries(ZONES_BY_ABBREVIATION).flatMap(([abbreviations, names]) =>
    names.split(' ').map((name) => [name.toLowerCase(), { name, abbreviations }] as const),
  ),
);

const UTC_NAMES: ReadonlySet<string> = new Set(['UTC', 'UCT', 'Zulu', 'Universal', 'Etc/UTC', 'Etc/UCT', 'Etc/Zulu', 'Etc/Universal']);
const GMT_NAMES = /^(?:Etc\/)?(?:GMT0?|GMT[+-]0|Greenwich)$/;

function makeZone(name: string): TimeZone | undefined {
  const known = KNOWN_ZONES.get(name.toLowerCase());
  if (known !== undefined) {
    if (UTC_NAMES.has(known.name)) return new TimeZone(known.name, new FixedRules(0, 'UTC'));
    if (GMT_NAMES.test(known.name)) return new TimeZone(known.name, new FixedRules(0, 'GMT'));
    return new TimeZone(known.name, new IntlRules(known.name, known.abbreviations));
  }
  const posix = posixRulesOf(name);
  if (posix === undefined) return undefined;
  return new TimeZone(
    name.startsWith('<') ? name : name.toUpperCase(),
    'offset' in posix ? new FixedRules(posix.offset, posix.abbreviation) : posix,
  );
}

/**
 * Zones already made, by the name asked for. Nothing but a memo of immutable facts (building one asks Intl a few hundred times), so
 * it may be shared by all sessions; bounded, since POSIX names are endless.
 */
const MAX_ZONES = 1000;
const zones = new Map<string, TimeZone>();

/** The zone of a name ('Europe/Berlin', in any case), a POSIX zone ('<+03>-03', 'EST5EDT'); undefined when there is none. */
export function findTimeZone(name: string): TimeZone | undefined {
  const known = zones.get(name);
  if (known !== undefined) return known;
  const zone = makeZone(name);
  if (zone === undefined) return undefined;
  if (zones.size >= MAX_ZONES) zones.clear();
  zones.set(name, zone);
  return zone;
}

/** @throws SqlError 22023 'time zone "…" not recognized' */
export function timeZoneOf(name: string): TimeZone {
  const zone = findTimeZone(name);
  if (zone === undefined) throw new SqlError(SqlState.invalidParameterValue, `time zone "${name}" not recognized`);
  return zone;
}
