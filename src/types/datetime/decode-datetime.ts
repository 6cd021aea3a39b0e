import type { FormatContext } from '../format-context.js';
import { decodeDate, decodeLabelled, decodeNumber, decodeRunTogether, decodeTime } from './decode-numbers.js';
import { DATE_MASK, decodeZoneOffset, Mask, TIME_MASK, TimeFields } from './fields.js';
import { type Field, splitFields } from './lexer.js';
import { ParseErrors } from './parse-errors.js';
import { findTimeZone, type TimeZone, timeZoneOf } from './time-zone.js';
import { secondsOfTimestamp, shiftTimestamp } from './timestamp.js';
import { dateTokenOf, type Token, type Unit } from './tokens.js';
import { ZONE_ABBREVIATIONS } from './zone-abbreviations.js';

/** What a text of a date or timestamp means; only for 'fields' are the fields set. */
export type DateTimeMeaning = 'fields' | 'epoch' | 'infinity' | '-infinity';

/** What the next field must be, after a label ('y', 'julian') or the 't' before an ISO time. */
type Expected = Unit | 'iso time' | undefined;

/** Reads the fields of one text from left to right: PostgreSQL's DecodeDateTime. */
export class DateTimeDecoder {
  readonly fields = new TimeFields();
  meaning: DateTimeMeaning = 'fields';
  /** Mask of what was given. */
  protected seen = 0;
  protected isJulian = false;
  protected isBc = false;
  protected isPm: boolean | undefined;
  protected namedZone: TimeZone | undefined;
  protected expected: Expected;
  #hasTextMonth = false;
  protected readonly cx: FormatContext;
  protected readonly errors: ParseErrors;

  constructor(errors: ParseErrors, cx: FormatContext) {
    this.errors = errors;
    this.cx = cx;
  }

  decode(): void {
    const parts = splitFields(this.errors.text);
    if (parts === undefined) throw this.errors.badFormat();
    for (let i = 0; i < parts.length; i++) {
      const field = parts[i];
      if (field === undefined) break;
      const mask = this.decodeField(field, i, parts);
      if (mask & this.seen) throw this.errors.badFormat();
      this.seen |= mask;
    }
    if (this.expected !== undefined) throw this.errors.badFormat();
    this.finish();
  }

  /** Reads one field; the mask of what it gave. */
  protected decodeField(field: Field, _index: number, _parts: readonly Field[]): number {
    const { fields, errors } = this;
    const { text } = field;
    switch (field.kind) {
      case 'date':
        return this.#decodeDateField(text);
      case 'time': {
        const expected = this.takeExpected();
        if (expected !== undefined && expected !== 'iso time') throw errors.badFormat();
        const mask = decodeTime(text, fields, errors);
        if (!fields.isTimeInRange) throw errors.fieldOverflow();
        return mask;
      }
      case 'signed number':
        fields.zone = decodeZoneOffset(text, errors);
        return Mask.zone;
      case 'number':
        return this.#decodeNumberField(text);
      case 'word':
      case 'signed word':
        return this.decodeWord(text);
    }
  }

  /** Takes the label off that the field before has left. */
  protected takeExpected(): Expected {
    const expected = this.expected;
    this.expected = undefined;
    return expected;
  }

  #decodeDateField(text: string): number {
    const { fields, errors } = this;
    if (this.expected === 'julian') {
      // '2451187+01' and the like: a Julian day with a zone right behind it.
      this.takeExpected();
      const match = /^(\d+)(.*)$/.exec(text);
      if (match === null) throw errors.badFormat();
      fields.setJulianDay(Number(match[1]));
      this.isJulian = true;
      fields.zone = decodeZoneOffset(match[2] ?? '', errors);
      return DATE_MASK | TIME_MASK | Mask.zone;
    }
    const hasDate = (this.seen & (Mask.month | Mask.day)) === (Mask.month | Mask.day);
    if (this.expected === undefined && !hasDate) return decodeDate(text, this.seen, this.cx.dateOrder, fields, errors);
    if (this.expected !== undefined || /^\d/.test(text)) {
      const expected = this.takeExpected();
      if (expected !== undefined && expected !== 'iso time') throw errors.badFormat();
      if ((this.seen & TIME_MASK) === TIME_MASK) throw errors.badFormat();
      return this.decodeTimeWithZone(text, this.seen);
    }
    this.namedZone = timeZoneOf(text);
    return Mask.zone;
  }

  /** 'hhmmss-zz': a run-together time with its zone. */
  protected decodeTimeWithZone(text: string, seen: number): number {
    const dash = text.indexOf('-');
    if (dash < 0) throw this.errors.badFormat();
    this.fields.zone = decodeZoneOffset(text.slice(dash), this.errors);
    return decodeRunTogether(text.slice(0, dash), seen, this.fields, this.errors) | Mask.zone;
  }

  #decodeNumberField(text: string): number {
    const { fields, errors, seen } = this;
    const expected = this.takeExpected();
    if (expected !== undefined) return this.decodeExpected(text, expected);
    const point = text.indexOf('.');
    if (point >= 0 && !(seen & DATE_MASK)) return decodeDate(text, seen, this.cx.dateOrder, fields, errors);
    if (point > 2) return decodeRunTogether(text, seen, fields, errors);
    // Six digits and more are a date or time run together; fewer are one field.
    if (point < 0 && text.length >= 6 && (!(seen & DATE_MASK) || !(seen & TIME_MASK))) return decodeRunTogether(text, seen, fields, errors);
    return decodeNumber(text, this.#hasTextMonth, seen, this.cx.dateOrder, fields, errors);
  }

  protected decodeExpected(text: string, expected: Unit | 'iso time'): number {
    if (expected === 'iso time') {
      const mask = decodeRunTogether(text, this.seen | DATE_MASK, this.fields, this.errors);
      if (mask !== TIME_MASK) throw this.errors.badFormat();
      return mask;
    }
    if (expected === 'julian') this.isJulian = true;
    return decodeLabelled(text, expected, this.seen, this.fields, this.errors);
  }

  protected decodeWord(text: string): number {
    const abbreviation = ZONE_ABBREVIATIONS.get(text);
    if (abbreviation !== undefined) {
      this.fields.zone = -abbreviation.offset || 0;
      return Mask.zone;
    }
    const token = dateTokenOf(text);
    if (token !== undefined) return this.decodeToken(token);
    this.namedZone = findTimeZone(text);
    if (this.namedZone === undefined) throw this.errors.badFormat();
    return Mask.zone;
  }

  protected decodeToken(token: Token): number {
    const { fields } = this;
    switch (token.kind) {
      case 'ignored':
        return 0;
      case 'reserved':
        return this.decodeReserved(token.value);
      case 'month': {
        // '8 jan …' in MDY order: the 8 was no month after all.
        const wasDay = this.seen & Mask.month && !this.#hasTextMonth && !(this.seen & Mask.day) && fields.month >= 1 && fields.month <= 31;
        if (wasDay) fields.day = fields.month;
        this.#hasTextMonth = true;
        fields.month = token.value;
        return wasDay ? Mask.day : Mask.month;
      }
      case 'summer-time modifier':
        fields.zone -= 3600;
        return Mask.summerModifier;
      case 'half-day':
        this.isPm = token.isPm;
        return Mask.halfDay;
      case 'era':
        this.isBc = token.isBc;
        return Mask.era;
      case 'weekday':
        return Mask.weekday;
      case 'unit':
        if (this.expected !== undefined) throw this.errors.badFormat();
        this.expected = token.value;
        return 0;
      case 'iso time':
        if ((this.seen & DATE_MASK) !== DATE_MASK || this.expected !== undefined) throw this.errors.badFormat();
        this.expected = 'iso time';
        return 0;
    }
  }

  protected decodeReserved(value: Extract<Token, { kind: 'reserved' }>['value']): number {
    const { fields } = this;
    switch (value) {
      case 'now':
        this.setNow();
        return DATE_MASK | TIME_MASK | Mask.zone;
      case 'today':
      case 'tomorrow':
      case 'yesterday': {
        const today = localNow(this.cx);
        fields.setDays(today.days + (value === 'today' ? 0 : value === 'tomorrow' ? 1 : -1));
        return DATE_MASK;
      }
      case 'allballs':
        fields.setTime(0);
        fields.zone = 0;
        return TIME_MASK | Mask.zone;
      default:
        this.meaning = value;
        return DATE_MASK | TIME_MASK | Mask.zone;
    }
  }

  /** The transaction's start, in the session's zone. */
  protected setNow(): void {
    const now = localNow(this.cx);
    this.fields.setDays(now.days);
    this.fields.setTime(now.timeMicros);
    this.fields.zone = now.zone;
  }

  protected finish(): void {
    if (this.meaning !== 'fields') return;
    const { fields, seen, errors } = this;
    fields.validateDate(seen, this.isJulian, this.isBc, errors);
    fields.applyHalfDay(this.isPm, errors);
    if ((seen & DATE_MASK) !== DATE_MASK) throw errors.badFormat();
    if (this.namedZone === undefined && seen & Mask.zone) return;
    if (seen & Mask.summerModifier) throw errors.badFormat();
    const zone = this.namedZone ?? timeZoneOf(this.cx.timeZone);
    fields.zone = -zone.offsetOfLocal(localSeconds(fields)) || 0;
  }
}

/** The fields' time as seconds since 2000-01-01, as if it were UTC. */
export function localSeconds(fields: TimeFields): number {
  return fields.days * 86_400 + fields.hour * 3600 + fields.minute * 60 + fields.second;
}

/** The transaction's start in the session's zone. */
export function localNow(cx: FormatContext): TimeFields {
  const offset = timeZoneOf(cx.timeZone).offsetAt(secondsOfTimestamp(cx.transactionStartMicros));
  const fields = new TimeFields();
  fields.setTimestamp(shiftTimestamp(cx.transactionStartMicros, offset));
  fields.zone = -offset || 0;
  return fields;
}

/** Decodes a date or timestamp; `type` is its SQL name, for errors. @throws SqlError 22007, 22008, 22009, 22023 */
export function decodeDateTime(text: string, type: string, cx: FormatContext): DateTimeDecoder {
  const decoder = new DateTimeDecoder(new ParseErrors(text, type), cx);
  decoder.decode();
  return decoder;
}
