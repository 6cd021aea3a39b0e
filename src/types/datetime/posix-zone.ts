import { civilFromDays, dayOfWeek, daysFromCivil, daysInMonth, isLeapYear, yearOf } from './calendar.js';
import type { Segment, ZoneRules } from './zone-rules.js';

const SECONDS_PER_DAY = 86_400;
/** Where the rule is left out, PostgreSQL takes the present one of the United States. */
const DEFAULT_RULES = 'M3.2.0,M11.1.0';

const NAME = '(<[^<>]+>|[A-Za-z]*)';
const OFFSET = '([+-]?\\d{1,3}(?::\\d{1,2}){0,2})';
const ZONE = new RegExp(`^${NAME}${OFFSET}(?:${NAME.replace('*', '+')}${OFFSET}?(?:,(.+))?)?$`);

/** '5', '-3:30', '+05:30:10' in seconds. */
function secondsOf(text: string): number {
  const [hours = 0, minutes = 0, seconds = 0] = text.replace(/^[+-]/, '').split(':').map(Number);
  const size = hours * 3600 + minutes * 60 + seconds;
  return text.startsWith('-') ? -size : size;
}

function abbreviationOf(name: string): string {
  return name.startsWith('<') ? name.slice(1, -1) : name.toUpperCase();
}

interface FixedOffset {
  /** Seconds east of Greenwich. */
  readonly offset: number;
  readonly abbreviation: string;
}

/**
 * A POSIX zone (IEEE 1003.1, "TZ"): 'EST5EDT', '<+03>-03', 'CET-1CEST,M3.5.0,M10.5.0/3'. Its offsets count WEST of Greenwich.
 * Undefined when the text is none.
 */
export function posixRulesOf(text: string): FixedOffset | PosixRules | undefined {
  const match = ZONE.exec(text);
  if (match === null) return undefined;
  const [, standardName = '', standardOffset = '0', summerName, summerOffset, ruleText = DEFAULT_RULES] = match;
  const west = secondsOf(standardOffset);
  if (Math.abs(west) > 167 * 3600) return undefined;
  const standard: FixedOffset = { offset: -west || 0, abbreviation: abbreviationOf(standardName) };
  if (summerName === undefined) return standard;
  const rules = ruleText.split(',').map(ruleOf);
  const [start, end] = rules;
  if (rules.length !== 2 || start === undefined || end === undefined) return undefined;
  const summer = {
    offset: summerOffset === undefined ? standard.offset + 3600 : -secondsOf(summerOffset),
    abbreviation: abbreviationOf(summerName),
  };
  return new PosixRules(standard, summer, start, end);
}

/** A rule's moment in a year: seconds since 2000-01-01 in local time. */
type Rule = (year: number) => number;

function ruleOf(text: string): Rule | undefined {
  const match = /^(?:M(\d+)\.(\d)\.(\d)|J(\d+)|(\d+))(?:\/(.+))?$/.exec(text);
  if (match === null) return undefined;
  const time = match[6] === undefined ? 7200 : secondsOf(match[6]);
  const [month, week, weekday, julian, zeroBased] = match.slice(1, 6).map((part) => (part === undefined ? undefined : Number(part)));
  return (year) => {
    const newYear = daysFromCivil(year, 1, 1);
    let day = newYear + (zeroBased ?? 0);
    if (julian !== undefined) day = newYear + julian - 1 + (isLeapYear(year) && julian >= 60 ? 1 : 0);
    if (month !== undefined && week !== undefined && weekday !== undefined) {
      const first = daysFromCivil(year, month, 1);
      day = first + ((weekday - dayOfWeek(first) + 7) % 7) + (week - 1) * 7;
      while (day >= first + daysInMonth(year, month)) day -= 7;
    }
    return day * SECONDS_PER_DAY + time;
  };
}

class PosixRules implements ZoneRules {
  readonly #standard: FixedOffset;
  readonly #summer: FixedOffset;
  readonly #start: Rule;
  readonly #end: Rule;

  constructor(standard: FixedOffset, summer: FixedOffset, start: Rule, end: Rule) {
    this.#standard = standard;
    this.#summer = summer;
    this.#start = start;
    this.#end = end;
  }

  segmentAt(seconds: number): Segment {
    const year = yearOf(civilFromDays(Math.floor(seconds / SECONDS_PER_DAY)));
    const changes: { at: number; isSummer: boolean }[] = [];
    for (let y = year - 1; y <= year + 1; y++) {
      changes.push({ at: this.#start(y) - this.#standard.offset, isSummer: true });
      changes.push({ at: this.#end(y) - this.#summer.offset, isSummer: false });
    }
    changes.sort((a, b) => a.at - b.at);
    const next = changes.findIndex((change) => change.at > seconds);
    const current = changes[next - 1];
    const following = changes[next];
    const isSummer = current?.isSummer ?? false;
    const { offset, abbreviation } = isSummer ? this.#summer : this.#standard;
    return { start: current?.at ?? seconds, end: following?.at ?? seconds + 1, offset, isSummer, abbreviation };
  }
}
