import { notSupported, SqlError } from '../../../commons/sql-error.js';
import { SqlState } from '../../../commons/sqlstates.js';
import { DatetimeReader, invalidFormat } from './datetime-reader.js';
import { DAYS, type FieldNode, MONTHS, ROMAN_MONTHS, type TemplateNode } from './template.js';

/** What a text gave, field by field; 0 is "not given", as PostgreSQL has it, so that a field may be given twice with one value. */
export interface ReadFields {
  hour: number;
  minute: number;
  second: number;
  secondsOfDay: number;
  millis: number;
  micros: number;
  /** Digits that FF1 … FF6 asked for. */
  fraction: number;
  isHalfDay: boolean;
  /** 1: PM */
  pm: number;
  year: number;
  /** Digits of the year's field. */
  yearDigits: number;
  /** 1: BC */
  bc: number;
  century: number;
  month: number;
  day: number;
  dayOfYear: number;
  /** 1 Sunday … 7 Saturday */
  weekday: number;
  week: number;
  weekOfMonth: number;
  julianDay: number;
  zoneSign: number;
  zoneHour: number;
  zoneMinute: number;
  isIso: boolean;
}

type NumberField = {
  [K in keyof ReadFields]: ReadFields[K] extends number ? K : never;
}[keyof ReadFields];

const MERIDIEMS = ['a.m.', 'p.m.', 'am', 'pm'];
const ERAS = ['a.d.', 'b.c.', 'ad', 'bc'];
const SHORT_MONTHS = MONTHS.map((month) => month.slice(0, 3));
const SHORT_DAYS = DAYS.map((day) => day.slice(0, 3));

/** Fields that belong to one of the two calendars; others go with both. */
const ISO_FIELDS = /^I(?:DDD|D|W|Y{0,3})$/;
const GREGORIAN_FIELDS = /^(?:DDD?|D|MM|MONTH|MON|WW?|Y,YYY|Y{1,4}|RM)$/;

/** Two, three or one digit of a year: the year nearest to 2020. */
function nearestYear(year: number): number {
  if (year < 70) return year + 2000;
  if (year < 100) return year + 1900;
  if (year < 520) return year + 2000;
  return year < 1000 ? year + 1000 : year;
}

class FieldReader {
  readonly fields: ReadFields = {
    hour: 0,
    minute: 0,
    second: 0,
    secondsOfDay: 0,
    millis: 0,
    micros: 0,
    fraction: 0,
    isHalfDay: false,
    pm: 0,
    year: 0,
    yearDigits: 0,
    bc: 0,
    century: 0,
    month: 0,
    day: 0,
    dayOfYear: 0,
    weekday: 0,
    week: 0,
    weekOfMonth: 0,
    julianDay: 0,
    zoneSign: 0,
    zoneHour: 0,
    zoneMinute: 0,
    isIso: false,
  };
  isFixed = false;
  readonly #reader: DatetimeReader;
  readonly #nodes: readonly TemplateNode[];
  #calendar: 'iso' | 'gregorian' | undefined;

  constructor(reader: DatetimeReader, nodes: readonly TemplateNode[]) {
    this.#reader = reader;
    this.#nodes = nodes;
  }

  /** @param extraSkipped spaces skipped beyond what the template asked for: a minus before TZH may be among them */
  read(node: FieldNode, index: number, extraSkipped: number): void {
    const upper = node.field.toUpperCase();
    this.#checkCalendar(upper);
    switch (upper) {
      case 'FX':
        this.isFixed = true;
        return;
      case 'AM':
      case 'PM':
      case 'A.M.':
      case 'P.M.':
        this.#set('pm', this.#reader.word(upper.includes('.') ? MERIDIEMS.slice(0, 2) : MERIDIEMS.slice(2), node), node);
        this.fields.isHalfDay = true;
        return;
      case 'HH':
      case 'HH12':
        this.#number('hour', 2, node, index);
        this.fields.isHalfDay = true;
        return;
      case 'HH24':
        this.#number('hour', 2, node, index);
        return;
      case 'MI':
        this.#number('minute', 2, node, index);
        return;
      case 'SS':
        this.#number('second', 2, node, index);
        return;
      case 'MS': {
        const used = this.#number('millis', 3, node, index);
        this.fields.millis *= used === 1 ? 100 : used === 2 ? 10 : 1;
        return;
      }
      case 'SSSS':
      case 'SSSSS':
        this.#number('secondsOfDay', upper.length, node, index);
        return;
      case 'TZ':
      case 'OF':
        throw new SqlError(SqlState.featureNotSupported, `formatting field "${node.field}" is only supported in to_char`);
      case 'TZH':
        this.#zoneHour(node, index, extraSkipped);
        return;
      case 'TZM':
        if (this.fields.zoneSign === 0) this.fields.zoneSign = 1;
        this.#number('zoneMinute', 2, node, index);
        return;
      case 'AD':
      case 'BC':
      case 'A.D.':
      case 'B.C.':
        this.#set('bc', this.#reader.word(upper.includes('.') ? ERAS.slice(0, 2) : ERAS.slice(2), node), node);
        return;
      default:
        this.#dateField(upper, node, index);
    }
  }

  #dateField(upper: string, node: FieldNode, index: number): void {
    const { fields } = this;
    switch (upper) {
      case 'MONTH':
        this.#set('month', this.#reader.word(MONTHS, node) + 1, node);
        return;
      case 'MON':
        this.#set('month', this.#reader.word(SHORT_MONTHS, node) + 1, node);
        return;
      case 'RM':
        this.#set('month', 12 - this.#reader.word(ROMAN_MONTHS, node), node);
        return;
      case 'DAY':
        this.#weekday(this.#reader.word(DAYS, node) + 1, node);
        return;
      case 'DY':
        this.#weekday(this.#reader.word(SHORT_DAYS, node) + 1, node);
        return;
      case 'MM':
        this.#numberOnly('month', 2, node, index);
        return;
      case 'DDD':
      case 'IDDD':
        this.#numberOnly('dayOfYear', 3, node, index);
        return;
      case 'DD':
        this.#numberOnly('day', 2, node, index);
        return;
      case 'D':
        this.#numberOnly('weekday', 1, node, index);
        return;
      case 'ID':
        this.#number('weekday', 1, node, index);
        fields.weekday = fields.weekday >= 7 ? 1 : fields.weekday + 1;
        return;
      case 'WW':
      case 'IW':
        this.#numberOnly('week', 2, node, index);
        return;
      case 'W':
        this.#numberOnly('weekOfMonth', 1, node, index);
        return;
      case 'Q':
        // A quarter names no day: it is read and forgotten.
        this.#reader.integer(1, this.#nodes, index);
        this.#reader.skipOrdinal(node);
        return;
      case 'CC':
        this.#numberOnly('century', 2, node, index);
        return;
      case 'J':
        this.#numberOnly('julianDay', 1, node, index);
        return;
      case 'Y,YYY':
        this.#yearWithComma(node);
        return;
      case 'YYYY':
      case 'IYYY':
        this.#number('year', 4, node, index);
        fields.yearDigits = 4;
        return;
      case 'YYY':
      case 'IYY':
      case 'YY':
      case 'IY':
      case 'Y':
      case 'I':
        this.#shortYear(upper.length, node, index);
        return;
      default: {
        if (!/^(?:FF[1-6]|US)$/.test(upper)) throw notSupported(`the template field ${node.field}`);
        const digits = upper === 'US' ? 6 : Number(upper[2]);
        if (upper !== 'US') fields.fraction = digits;
        const used = this.#number('micros', digits, node, index);
        fields.micros *= 10 ** Math.max(0, 6 - used);
      }
    }
  }

  #checkCalendar(upper: string): void {
    const calendar = ISO_FIELDS.test(upper) ? 'iso' : GREGORIAN_FIELDS.test(upper) ? 'gregorian' : undefined;
    if (calendar === undefined) return;
    if (this.#calendar !== undefined && this.#calendar !== calendar) {
      throw invalidFormat('invalid combination of date conventions', {
        hint: 'Do not mix Gregorian and ISO week date conventions in a formatting template.',
      });
    }
    this.#calendar = calendar;
    this.fields.isIso = calendar === 'iso';
  }

  #weekday(value: number, node: FieldNode): void {
    this.#set('weekday', value, node);
  }

  #set(field: NumberField, value: number, node: FieldNode): void {
    const known = this.fields[field];
    if (known !== 0 && known !== value) {
      throw invalidFormat(`conflicting values for "${node.field}" field in formatting string`, {
        detail: 'This value contradicts a previous setting for the same field type.',
      });
    }
    this.fields[field] = value;
  }

  #number(field: NumberField, length: number, node: FieldNode, index: number): number {
    const { value, used } = this.#reader.integer(length, this.#nodes, index);
    this.#set(field, value, node);
    this.#reader.skipOrdinal(node);
    return used;
  }

  #numberOnly(field: NumberField, length: number, node: FieldNode, index: number): void {
    this.#number(field, length, node, index);
  }

  #shortYear(length: number, node: FieldNode, index: number): void {
    const used = this.#number('year', length, node, index);
    if (used < 4) this.fields.year = nearestYear(this.fields.year);
    this.fields.yearDigits = length;
  }

  #yearWithComma(node: FieldNode): void {
    const reader = this.#reader;
    const match = /^\s*([+-]?\d+),(\d{1,3})/.exec(reader.text.slice(reader.at));
    if (match === null) throw invalidFormat('invalid input string for "Y,YYY"');
    this.#set('year', Number(match[1]) * 1000 + Number(match[2]), node);
    this.fields.yearDigits = 4;
    reader.at += match[0].length;
    reader.skipOrdinal(node);
  }

  #zoneHour(node: FieldNode, index: number, extraSkipped: number): void {
    const reader = this.#reader;
    const sign = reader.next;
    if (sign === '+' || sign === '-' || sign === ' ') {
      this.fields.zoneSign = sign === '-' ? -1 : 1;
      reader.at++;
    } else {
      this.fields.zoneSign = extraSkipped > 0 && reader.text[reader.at - 1] === '-' ? -1 : 1;
    }
    this.#number('zoneHour', 2, node, index);
  }
}

/** A separator: printable ASCII that is neither a letter nor a digit. */
const SEPARATOR = /^[!-/:-@[-`{-~]$/;

/**
 * Reads a text by a template. Spaces are free, and a space or separator of the template stands for any or none, unless FX fixes them.
 * @throws SqlError 22007, 22008
 */
export function readDatetime(text: string, nodes: readonly TemplateNode[]): ReadFields {
  const reader = new DatetimeReader(text);
  const fields = new FieldReader(reader, nodes);
  let extraSkipped = 0;
  for (let index = 0; index < nodes.length && !reader.isAtEnd; index++) {
    const node = nodes[index];
    if (node === undefined) break;
    if (!fields.isFixed && (node.kind === 'field' || (index === 0 && !isCharacter(node)))) extraSkipped += reader.skipSpaces();
    if (reader.isAtEnd) break;
    if (node.kind === 'text') {
      if (fields.isFixed) {
        reader.skipCharacter();
      } else if (!isCharacter(node)) {
        extraSkipped--;
        if (reader.isAtSeparator()) {
          reader.at++;
          extraSkipped++;
        }
      } else if (extraSkipped > 0) {
        extraSkipped--;
      } else {
        reader.skipCharacter();
      }
      continue;
    }
    fields.read(node, index, extraSkipped);
    if (!fields.isFixed) extraSkipped = reader.skipSpaces();
  }
  return fields.fields;
}

/** Text that is neither a space nor a separator, or is quoted. */
function isCharacter(node: TemplateNode): boolean {
  return node.kind === 'text' && (node.quoted || !(SEPARATOR.test(node.text) || /^\s$/.test(node.text)));
}
