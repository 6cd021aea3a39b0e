import { SqlError } from '../../commons/sql-error.js';
import { SqlState } from '../../commons/sqlstates.js';
import { TypeOid } from '../oids.js';
import { compareText } from '../text.js';
import { ObjectValue } from '../value.js';

/** Where a lexeme stands: position 1 … 16383, weight 3 (A) … 0 (D). */
export interface Place {
  readonly position: number;
  readonly weight: number;
}
export interface Lexeme {
  readonly word: string;
  /** In order of position. */
  readonly places: readonly Place[];
}

export const MAX_POSITION = 16_383;
const MAX_PLACES = 255;
export const WEIGHTS = 'DCBA';

/** A document as its sorted lexemes (PostgreSQL manual, "Text Search Types"). */
export class TsVector extends ObjectValue {
  readonly oid = TypeOid.tsvector;
  readonly lexemes: readonly Lexeme[];

  constructor(lexemes: readonly Lexeme[]) {
    super();
    this.lexemes = lexemes;
  }

  find(word: string): Lexeme | undefined {
    let low = 0;
    let high = this.lexemes.length - 1;
    while (low <= high) {
      const middle = (low + high) >> 1;
      const lexeme = this.lexemes[middle];
      if (lexeme === undefined) return undefined;
      const order = compareText(word, lexeme.word);
      if (order === 0) return lexeme;
      if (order < 0) high = middle - 1;
      else low = middle + 1;
    }
    return undefined;
  }

  exactText(): string {
    return this.lexemes
      .map(({ word, places }) => {
        const shown = places.map(({ position, weight }) => `${position}${weight === 0 ? '' : WEIGHTS[weight]}`).join(',');
        return `'${quoteLexeme(word)}'${shown === '' ? '' : `:${shown}`}`;
      })
      .join(' ');
  }
}

export function quoteLexeme(word: string): string {
  return word.replaceAll('\\', '\\\\').replaceAll("'", "''");
}

/** Sorts, and joins the places of equal words; of one position the highest weight counts. */
export function vectorOf(entries: Iterable<{ readonly word: string; readonly places: readonly Place[] }>): TsVector {
  const byWord = new Map<string, Map<number, number>>();
  for (const { word, places } of entries) {
    let known = byWord.get(word);
    if (known === undefined) {
      known = new Map();
      byWord.set(word, known);
    }
    for (const { position, weight } of places) {
      const at = Math.min(position, MAX_POSITION);
      known.set(at, Math.max(known.get(at) ?? 0, weight));
    }
  }
  const lexemes = [...byWord].map(([word, places]): Lexeme => {
    const sorted = [...places].map(([position, weight]) => ({ position, weight })).sort((a, b) => a.position - b.position);
    return { word, places: sorted.slice(0, MAX_PLACES) };
  });
  return new TsVector(lexemes.sort((a, b) => compareText(a.word, b.word)));
}

function syntaxError(text: string): SqlError {
  return new SqlError(SqlState.syntaxError, `syntax error in tsvector: "${text}"`);
}

/** Reads a lexeme, quoted or bare; shared by both text-search types. */
export function readLexeme(text: string, start: number, stops: RegExp, fail: () => SqlError): { word: string; end: number } {
  let at = start;
  let word = '';
  const quoted = text[at] === "'";
  if (quoted) at++;
  for (;;) {
    const character = text[at];
    if (character === undefined) {
      if (quoted) throw fail();
      break;
    }
    if (character === '\\') {
      const next = text[at + 1];
      if (next === undefined) throw new SqlError(SqlState.syntaxError, `there is no escaped character: "${text}"`);
      word += next;
      at += 2;
    } else if (quoted && character === "'") {
      if (text[at + 1] === "'") {
        word += "'";
        at += 2;
      } else {
        at++;
        break;
      }
    } else if (!quoted && stops.test(character)) break;
    else {
      word += character;
      at++;
    }
  }
  if (word === '') throw fail();
  return { word, end: at };
}

const PLACE = /(\d+)([A-Da-d*]?)/y;

/** tsvectorin. @throws SqlError 42601 */
export function parseTsVector(text: string): TsVector {
  const entries: Lexeme[] = [];
  let at = 0;
  for (;;) {
    while (at < text.length && /\s/.test(text[at] ?? '')) at++;
    if (at >= text.length) return vectorOf(entries);
    const { word, end } = readLexeme(text, at, /[\s:]/, () => syntaxError(text));
    at = end;
    const places: Place[] = [];
    if (text[at] === ':') {
      do {
        PLACE.lastIndex = ++at;
        const match = PLACE.exec(text);
        if (match === null) throw syntaxError(text);
        const position = Math.min(Number(match[1]), MAX_POSITION);
        if (position === 0) throw new SqlError(SqlState.syntaxError, `wrong position info in tsvector: "${text}"`);
        const letter = match[2] ?? '';
        places.push({ position, weight: letter === '*' ? 3 : letter === '' ? 0 : WEIGHTS.indexOf(letter.toUpperCase()) });
        at += match[0].length;
      } while (text[at] === ',');
      if (at < text.length && !/[\s']/.test(text[at] ?? '')) throw syntaxError(text);
    }
    entries.push({ word, places });
  }
}

/** By their number of lexemes, then lexeme by lexeme. */
export function compareVectors(a: TsVector, b: TsVector): number {
  const bySize = a.lexemes.length - b.lexemes.length;
  if (bySize !== 0) return bySize < 0 ? -1 : 1;
  for (let i = 0; i < a.lexemes.length; i++) {
    const x = a.lexemes[i];
    const y = b.lexemes[i];
    if (x === undefined || y === undefined) break;
    const order = compareText(x.word, y.word) || y.places.length - x.places.length;
    if (order !== 0) return order;
    for (let j = 0; j < x.places.length; j++) {
      const p = x.places[j];
      const q = y.places[j];
      if (p === undefined || q === undefined) break;
      if (p.position !== q.position) return p.position > q.position ? -1 : 1;
      if (p.weight !== q.weight) return p.weight > q.weight ? -1 : 1;
    }
  }
  return 0;
}
