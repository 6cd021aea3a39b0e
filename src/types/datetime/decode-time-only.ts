import type { FormatContext } from '../format-context.js';
import { DateTimeDecoder, localNow, localSeconds } from './decode-datetime.js';
import { decodeDate, decodeNumber, decodeRunTogether, decodeTime } from './decode-numbers.js';
import { DATE_MASK, decodeZoneOffset, Mask, TIME_MASK } from './fields.js';
import type { Field } from './lexer.js';
import { ParseErrors } from './parse-errors.js';
import { timeZoneOf } from './time-zone.js';
import type { Token } from './tokens.js';

/** Reads a time of day, with or without a zone; a date may stand first, so that a zone with summer time has its offset. */
class TimeDecoder extends DateTimeDecoder {
  protected override decodeField(field: Field, index: number, parts: readonly Field[]): number {
    const { fields, errors, seen } = this;
    const { text } = field;
    switch (field.kind) {
      case 'date':
        if (index === 0 && parts.length >= 2 && (parts.at(-1)?.kind === 'date' || parts[1]?.kind === 'time')) {
          return decodeDate(text, seen, this.cx.dateOrder, fields, errors);
        }
        if (/^\d/.test(text)) {
          if ((seen & TIME_MASK) === TIME_MASK) throw errors.badFormat();
          this.takeExpected();
          return this.decodeTimeWithZone(text, seen | DATE_MASK);
        }
        this.namedZone = timeZoneOf(text);
        return Mask.zone;
      case 'time':
        this.takeExpected();
        return decodeTime(text, fields, errors);
      case 'signed number':
        fields.zone = decodeZoneOffset(text, errors);
        return Mask.zone;
      case 'number':
        return this.#decodeNumberField(text, index, parts);
      case 'word':
      case 'signed word':
        return this.decodeWord(text);
    }
  }

  #decodeNumberField(text: string, index: number, parts: readonly Field[]): number {
    const { fields, errors, seen } = this;
    const expected = this.takeExpected();
    if (expected !== undefined) return this.decodeExpected(text, expected);
    const point = text.indexOf('.');
    if (point >= 0) {
      if (index === 0 && parts.length >= 2 && parts.at(-1)?.kind === 'date') {
        return decodeDate(text, seen, this.cx.dateOrder, fields, errors);
      }
      if (point <= 2) throw errors.badFormat();
      return decodeRunTogether(text, seen | DATE_MASK, fields, errors);
    }
    if (text.length > 4) return decodeRunTogether(text, seen | DATE_MASK, fields, errors);
    return decodeNumber(text, false, seen | DATE_MASK, this.cx.dateOrder, fields, errors);
  }

  protected override decodeToken(token: Token): number {
    if (token.kind === 'reserved' && token.value !== 'now' && token.value !== 'allballs') throw this.errors.badFormat();
    if (token.kind === 'month' || token.kind === 'weekday') throw this.errors.badFormat();
    if (token.kind === 'iso time') {
      this.expected = 'iso time';
      return 0;
    }
    return super.decodeToken(token);
  }

  protected override decodeReserved(value: Extract<Token, { kind: 'reserved' }>['value']): number {
    if (value !== 'now') return super.decodeReserved(value);
    this.fields.setTime(localNow(this.cx).timeMicros);
    return TIME_MASK;
  }

  protected override finish(): void {
    const { fields, seen, errors } = this;
    fields.validateDate(seen, this.isJulian, this.isBc, errors);
    fields.applyHalfDay(this.isPm, errors);
    if (!fields.isTimeInRange) throw errors.fieldOverflow();
    if ((seen & TIME_MASK) !== TIME_MASK) throw errors.badFormat();
    const hasDate = (seen & DATE_MASK) === DATE_MASK;
    if (this.namedZone !== undefined) {
      if (seen & Mask.summerModifier) throw errors.badFormat();
      const fixed = this.namedZone.fixedOffset;
      if (fixed !== undefined) {
        fields.zone = -fixed || 0;
        return;
      }
      if (!hasDate) throw errors.badFormat();
      fields.zone = -this.namedZone.offsetOfLocal(localSeconds(fields)) || 0;
      return;
    }
    if (seen & Mask.zone) return;
    if (seen & Mask.summerModifier) throw errors.badFormat();
    if (!hasDate) {
      if (seen & DATE_MASK) throw errors.badFormat();
      fields.setDays(localNow(this.cx).days);
    }
    fields.zone = -timeZoneOf(this.cx.timeZone).offsetOfLocal(localSeconds(fields)) || 0;
  }
}

/** Decodes a time of day; `type` is its SQL name, for errors. @throws SqlError 22007, 22008, 22009, 22023 */
export function decodeTimeOnly(text: string, type: string, cx: FormatContext): TimeDecoder {
  const decoder = new TimeDecoder(new ParseErrors(text, type), cx);
  decoder.decode();
  return decoder;
}
