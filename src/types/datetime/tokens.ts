/** The words that dates, times and intervals may have in them (PostgreSQL manual, appendix B.2 "Date/Time Key Words"). */

export type Unit =
  | 'microsecond'
  | 'millisecond'
  | 'second'
  | 'minute'
  | 'hour'
  | 'day'
  | 'week'
  | 'month'
  | 'quarter'
  | 'year'
  | 'decade'
  | 'century'
  | 'millennium'
  | 'dow'
  | 'doy'
  | 'isodow'
  | 'isoyear'
  | 'julian'
  | 'epoch'
  | 'timezone'
  | 'timezone_hour'
  | 'timezone_minute';

/** Words of points in time. */
export type Token =
  | { readonly kind: 'month'; readonly value: number }
  | { readonly kind: 'weekday' }
  | {
      readonly kind: 'reserved';
      readonly value: 'now' | 'today' | 'tomorrow' | 'yesterday' | 'allballs' | 'epoch' | 'infinity' | '-infinity';
    }
  | { readonly kind: 'era'; readonly isBc: boolean }
  | { readonly kind: 'half-day'; readonly isPm: boolean }
  /** Labels the number that follows. */
  | { readonly kind: 'unit'; readonly value: Unit }
  | { readonly kind: 'iso time' }
  | { readonly kind: 'summer-time modifier' }
  | { readonly kind: 'ignored' };

const MONTHS: readonly (readonly string[])[] = [
  ['jan', 'january'],
  ['feb', 'february'],
  ['mar', 'march'],
  ['apr', 'april'],
  ['may'],
  ['jun', 'june'],
  ['jul', 'july'],
  ['aug', 'august'],
  ['sep', 'sept', 'september'],
  ['oct', 'october'],
  ['nov', 'november'],
  ['dec', 'december'],
];

const WEEKDAYS = 'sun sunday mon monday tue tues tuesday wed wednesday weds thu thur thurs thursday fri friday sat saturday'.split(' ');

export const DATE_TOKENS: ReadonlyMap<string, Token> = new Map<string, Token>([
  ...MONTHS.flatMap((names, i) => names.map((name): [string, Token] => [name, { kind: 'month', value: i + 1 }])),
  ...WEEKDAYS.map((name): [string, Token] => [name, { kind: 'weekday' }]),
  ...(['now', 'today', 'tomorrow', 'yesterday', 'allballs', 'epoch', 'infinity', '-infinity'] as const).map((value): [string, Token] => [
    value,
    { kind: 'reserved', value },
  ]),
  ['ad', { kind: 'era', isBc: false }],
  ['bc', { kind: 'era', isBc: true }],
  ['am', { kind: 'half-day', isPm: false }],
  ['pm', { kind: 'half-day', isPm: true }],
  ['at', { kind: 'ignored' }],
  ['on', { kind: 'ignored' }],
  ['dst', { kind: 'summer-time modifier' }],
  ['t', { kind: 'iso time' }],
  ['y', { kind: 'unit', value: 'year' }],
  ['m', { kind: 'unit', value: 'month' }],
  ['d', { kind: 'unit', value: 'day' }],
  ['h', { kind: 'unit', value: 'hour' }],
  ['mm', { kind: 'unit', value: 'minute' }],
  ['s', { kind: 'unit', value: 'second' }],
  ['j', { kind: 'unit', value: 'julian' }],
  ['jd', { kind: 'unit', value: 'julian' }],
  ['julian', { kind: 'unit', value: 'julian' }],
  ['dow', { kind: 'unit', value: 'dow' }],
  ['doy', { kind: 'unit', value: 'doy' }],
  ['isodow', { kind: 'unit', value: 'isodow' }],
  ['isoyear', { kind: 'unit', value: 'isoyear' }],
]);

const UNIT_WORDS: readonly (readonly [Unit, string])[] = [
  ['microsecond', 'us usec usecs microsecon'],
  ['millisecond', 'ms msec msecs millisecon'],
  ['second', 's sec secs second seconds'],
  ['minute', 'm min mins minute minutes'],
  ['hour', 'h hr hrs hour hours'],
  ['day', 'd day days'],
  ['week', 'w week weeks'],
  ['month', 'mon mons month months'],
  ['quarter', 'qtr quarter'],
  ['year', 'y yr yrs year years'],
  ['decade', 'dec decs decade decades'],
  ['century', 'c cent century centuries'],
  ['millennium', 'mil mils millennia millennium'],
  ['timezone', 'timezone'],
  ['timezone_hour', 'timezone_h'],
  ['timezone_minute', 'timezone_m'],
];

/** PostgreSQL compares only so many letters of a word. */
const TOKEN_LENGTH = 10;

const DURATION_UNITS: ReadonlyMap<string, Unit> = new Map(
  UNIT_WORDS.flatMap(([unit, words]) => words.split(' ').map((word): [string, Unit] => [word, unit])),
);

/** The word of a point in time. `word` is in lower case. */
export function dateTokenOf(word: string): Token | undefined {
  return DATE_TOKENS.get(word.length > TOKEN_LENGTH ? word.slice(0, TOKEN_LENGTH) : word);
}

/** The unit of a length of time: 'mins', 'centuries' … `word` is in lower case. */
export function durationUnitOf(word: string): Unit | undefined {
  return DURATION_UNITS.get(word.length > TOKEN_LENGTH ? word.slice(0, TOKEN_LENGTH) : word);
}

/** The field that extract() and date_trunc() name: a unit, or 'epoch', 'dow' … `word` is in lower case. */
export function fieldUnitOf(word: string): Unit | undefined {
  const unit = durationUnitOf(word);
  if (unit !== undefined) return unit;
  const token = dateTokenOf(word);
  if (token?.kind === 'unit') return token.value;
  return token?.kind === 'reserved' && token.value === 'epoch' ? 'epoch' : undefined;
}
