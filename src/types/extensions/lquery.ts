import { SqlError } from '../../commons/sql-error.js';
import { SqlState } from '../../commons/sqlstates.js';

/** A label pattern: `word`, `word*` (any end), `word@` (any case), `word%` (its words, between underscores). */
export interface LabelVariant {
  readonly word: string;
  readonly anyEnd: boolean;
  readonly anyCase: boolean;
  readonly words: boolean;
}

/** A level of a query: one of the variants (none of them when negated), so many times over; no variants: any label. */
export interface QueryLevel {
  readonly variants: readonly LabelVariant[];
  readonly negated: boolean;
  readonly low: number;
  readonly high: number;
}

export const MANY = 65_535;

const LABEL = /[\p{L}\p{N}_]+/uy;
const COUNT = /\{(?:(\d+)(,(\d*))?|,(\d+))\}/y;

/** @throws SqlError 42601 */
export function parseLevels(text: string): readonly QueryLevel[] {
  const levels: QueryLevel[] = [];
  let at = 0;
  const wrong = () =>
    at >= text.length
      ? new SqlError(SqlState.syntaxError, 'lquery syntax error', { detail: 'Unexpected end of input.' })
      : new SqlError(SqlState.syntaxError, `lquery syntax error at character ${[...text.slice(0, at)].length + 1}`);
  for (;;) {
    const variants: LabelVariant[] = [];
    let negated = false;
    let isStar = false;
    if (text[at] === '*') {
      isStar = true;
      at++;
    } else {
      if (text[at] === '!') {
        negated = true;
        at++;
      }
      for (;;) {
        LABEL.lastIndex = at;
        const word = LABEL.exec(text)?.[0];
        if (word === undefined) throw wrong();
        at += word.length;
        const flags = new Set<string>();
        for (let char = text[at]; char !== undefined && '*@%'.includes(char); char = text[++at]) flags.add(char);
        variants.push({ word, anyEnd: flags.has('*'), anyCase: flags.has('@'), words: flags.has('%') });
        if (text[at] !== '|') break;
        at++;
      }
    }
    let low = isStar ? 0 : 1;
    let high = isStar ? MANY : 1;
    if (text[at] === '{') {
      COUNT.lastIndex = at;
      const match = COUNT.exec(text);
      if (match === null) throw wrong();
      low = Number(match[1] ?? 0);
      high = match[4] !== undefined ? Number(match[4]) : match[2] === undefined ? low : match[3] ? Number(match[3]) : MANY;
      if (low > MANY || high > MANY)
        throw new SqlError(SqlState.syntaxError, 'lquery syntax error', {
          detail: `${low > MANY ? 'Low' : 'High'} limit (${low > MANY ? low : high}) exceeds the maximum allowed (${MANY}), at character ${at + 2}.`,
        });
      if (low > high)
        throw new SqlError(SqlState.syntaxError, 'lquery syntax error', {
          detail: `Low limit (${low}) is greater than high limit (${high}), at character ${at + match[0].length - 1}.`,
        });
      at += match[0].length;
    }
    levels.push({ variants, negated, low, high });
    if (at >= text.length) return levels;
    if (text[at] !== '.') throw wrong();
    at++;
  }
}
