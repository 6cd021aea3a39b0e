import { InvariantError } from '../../commons/assert.js';
import { civilFromDays, yearOf } from './calendar.js';
import { offsetAbbreviation, type Segment, type ZoneRules } from './zone-rules.js';

const SECONDS_PER_DAY = 86_400;
const UNIX_EPOCH_SECONDS = 946_684_800;
/** The calendar repeats after 400 years, and rules of the future are eternal. */
const SECONDS_PER_400_YEARS = 146_097 * SECONDS_PER_DAY;
/** No zone changed before; local mean time reigns. */
const FIRST_YEAR = 1800;
const LAST_YEAR = 2437;
/** Two changes of a zone never came closer together. */
const PROBE_DAYS = 10;
const LAST_ADOPTED_YEAR = 2030;

function yearStart(year: number): number {
  return Date.UTC(year, 0, 1) / 1000 - UNIX_EPOCH_SECONDS;
}

const FIRST_STANDARD_SECOND = yearStart(1901);
const FIRST_SECOND = yearStart(FIRST_YEAR);
const END_SECOND = yearStart(LAST_YEAR + 1);

interface Change {
  readonly at: number;
  readonly offset: number;
}

/** A zone's changes, found by asking Intl for local times and bisecting between two that differ; kept per year. */
export class IntlRules implements ZoneRules {
  readonly #format: Intl.DateTimeFormat;
  readonly #abbreviations: readonly string[];
  readonly #changesByYear = new Map<number, readonly Change[]>();
  readonly #segmentsByYear = new Map<number, readonly Segment[]>();
  readonly #standardOffset: number;
  readonly #summerOffset: number;
  #firstOffset: number | undefined;

  /** Zones named by their abbreviations have the standard offset from the beginning. */
  readonly #hasLocalMeanTime: boolean;

  constructor(zone: string, abbreviations: string) {
    this.#format = new Intl.DateTimeFormat('en-US-u-hc-h23', {
      timeZone: zone,
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    });
    this.#abbreviations = abbreviations === '' ? [] : abbreviations.split('/');
    const offsets = [this.#ask(yearStart(LAST_ADOPTED_YEAR)), this.#ask(yearStart(LAST_ADOPTED_YEAR) + 182 * SECONDS_PER_DAY)];
    this.#hasLocalMeanTime = !/^(?:[ECMW]?ET|[EMH]ST|[A-Z]{3}\d[A-Z]{3})$/.test(zone);
    this.#standardOffset = Math.min(...offsets);
    this.#summerOffset = Math.max(...offsets);
  }

  segmentAt(seconds: number): Segment {
    if (seconds < FIRST_SECOND) return this.#segment(-Infinity, FIRST_SECOND, this.#ask(FIRST_SECOND));
    if (seconds >= END_SECOND) {
      const periods = Math.floor((seconds - END_SECOND) / SECONDS_PER_400_YEARS) + 1;
      const shift = periods * SECONDS_PER_400_YEARS;
      const base = this.segmentAt(seconds - shift);
      return { ...base, start: base.start + shift, end: base.end + shift };
    }
    const year = yearOf(civilFromDays(Math.floor(seconds / SECONDS_PER_DAY)));
    let segments = this.#segmentsByYear.get(year);
    if (segments === undefined) {
      segments = this.#segmentsAround(year);
      this.#segmentsByYear.set(year, segments);
    }
    for (const segment of segments) if (seconds < segment.end) return segment;
    throw new InvariantError('time-zone segments do not cover their year');
  }

  /** Three years' worth: the true ends of the middle year's segments lie in them, unless one is so long that a cut doesn't matter. */
  #segmentsAround(year: number): Segment[] {
    const segments: Segment[] = [];
    let start = yearStart(year - 1);
    let offset = this.#ask(start);
    for (let y = year - 1; y <= year + 1; y++) {
      for (const change of this.#changes(y)) {
        segments.push(this.#segment(start, change.at, offset));
        start = change.at;
        offset = change.offset;
      }
    }
    segments.push(this.#segment(start, yearStart(year + 2), offset));
    return segments;
  }

  #segment(start: number, end: number, offset: number): Segment {
    const [standard, summer = standard] = this.#abbreviations;
    const isSummer = this.#summerOffset !== this.#standardOffset && offset === this.#summerOffset;
    const known =
      offset === this.#standardOffset
        ? standard
        : offset === this.#summerOffset
          ? summer
          : this.#isLocalMeanTime(offset)
            ? 'LMT'
            : undefined;
    return { start, end, offset, isSummer, abbreviation: known ?? offsetAbbreviation(offset) };
  }

  /** What every zone of a place began with. */
  #isLocalMeanTime(offset: number): boolean {
    this.#firstOffset ??= this.#ask(FIRST_SECOND);
    return this.#hasLocalMeanTime && offset === this.#firstOffset;
  }

  #changes(year: number): readonly Change[] {
    const known = this.#changesByYear.get(year);
    if (known !== undefined) return known;
    const changes: Change[] = [];
    const end = yearStart(year + 1);
    let from = yearStart(year);
    let offset = this.#ask(from);
    while (from < end) {
      const to = Math.min(end, from + PROBE_DAYS * SECONDS_PER_DAY);
      const next = this.#ask(to);
      if (next !== offset) {
        const at = this.#bisect(from, to, offset);
        // A change exactly at the year's end belongs to the next year.
        if (at < end) changes.push({ at, offset: this.#ask(at) });
        else if (to === end) changes.push({ at: end, offset: next });
        offset = next;
      }
      from = to;
    }
    this.#changesByYear.set(year, changes);
    return changes;
  }

  /** The first second after `from` with another offset than the one there. */
  #bisect(from: number, to: number, offset: number): number {
    let low = from;
    let high = to;
    while (high - low > 1) {
      const middle = Math.floor((low + high) / 2);
      if (this.#ask(middle) === offset) low = middle;
      else high = middle;
    }
    return high;
  }

  /** Seconds east of Greenwich: the local time that Intl prints, less the instant. */
  #ask(seconds: number): number {
    if (!this.#hasLocalMeanTime && seconds < FIRST_STANDARD_SECOND) return this.#standardOffset;
    const unix = seconds + UNIX_EPOCH_SECONDS;
    const match = /(\d+)\/(\d+)\/(\d+), (\d+):(\d+):(\d+)/.exec(this.#format.format(unix * 1000));
    const [, month = 1, day = 1, year = 2000, hour = 0, minute = 0, second = 0] = (match ?? []).map(Number);
    return Date.UTC(year, month - 1, day, hour, minute, second) / 1000 - unix;
  }
}
