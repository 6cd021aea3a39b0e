import { SqlError } from '../../../commons/sql-error.js';
import { SqlState } from '../../../commons/sqlstates.js';
import { lexemesOf, type TextSearchConfiguration } from '../../../types/text-search/configurations.js';
import { TokenType } from '../../../types/text-search/token-types.js';
import { tokensOf } from '../../../types/text-search/tokens.js';
import type { QueryNode, TsQuery } from '../../../types/text-search/tsquery.js';

interface HeadlineOptions {
  readonly startSel: string;
  readonly stopSel: string;
  readonly delimiter: string;
  readonly maxWords: number;
  readonly minWords: number;
  readonly shortWord: number;
  readonly maxFragments: number;
  readonly highlightAll: boolean;
}

const DEFAULTS: HeadlineOptions = {
  startSel: '<b>',
  stopSel: '</b>',
  delimiter: ' ... ',
  maxWords: 35,
  minWords: 15,
  shortWord: 3,
  maxFragments: 0,
  highlightAll: false,
};

const OPTION = /\s*([A-Za-z_]+)\s*=\s*(?:"((?:[^"]|"")*)"|'((?:[^']|'')*)'|([^,]*))\s*(?:,|$)/y;

/** `name = value, …`. @throws SqlError 22023 */
export function headlineOptions(text: string): HeadlineOptions {
  const options: { -readonly [K in keyof HeadlineOptions]: HeadlineOptions[K] } = { ...DEFAULTS };
  let at = 0;
  while (at < text.length && text.slice(at).trim() !== '') {
    OPTION.lastIndex = at;
    const match = OPTION.exec(text);
    if (match === null) throw new SqlError(SqlState.syntaxError, `invalid parameter list format: "${text}"`);
    at = OPTION.lastIndex;
    const [, name = '', double, single, bare = ''] = match;
    const value = double?.replaceAll('""', '"') ?? single?.replaceAll("''", "'") ?? bare.trim();
    setOption(options, name, value);
  }
  return checked(options);
}

function setOption(options: { -readonly [K in keyof HeadlineOptions]: HeadlineOptions[K] }, name: string, value: string): void {
  switch (name.toLowerCase()) {
    case 'maxwords':
      options.maxWords = integer(value);
      return;
    case 'minwords':
      options.minWords = integer(value);
      return;
    case 'shortword':
      options.shortWord = integer(value);
      return;
    case 'maxfragments':
      options.maxFragments = integer(value);
      return;
    case 'startsel':
      options.startSel = value;
      return;
    case 'stopsel':
      options.stopSel = value;
      return;
    case 'fragmentdelimiter':
      options.delimiter = value;
      return;
    case 'highlightall':
      options.highlightAll = /^(1|on|true|t|y|yes)$/i.test(value);
      return;
    default:
      throw new SqlError(SqlState.invalidParameterValue, `unrecognized headline parameter: "${name}"`);
  }
}

function integer(text: string): number {
  if (!/^[+-]?\d+$/.test(text)) throw new SqlError(SqlState.invalidTextRepresentation, `invalid input syntax for type integer: "${text}"`);
  return Number(text);
}

/** @throws SqlError 22023 */
function checked(options: HeadlineOptions): HeadlineOptions {
  const invalid = (message: string) => new SqlError(SqlState.invalidParameterValue, message);
  if (options.highlightAll) return options;
  if (options.minWords >= options.maxWords) throw invalid('MinWords should be less than MaxWords');
  if (options.minWords <= 0) throw invalid('MinWords should be positive');
  if (options.shortWord < 0) throw invalid('ShortWord should be >= 0');
  if (options.maxFragments < 0) throw invalid('MaxFragments should be >= 0');
  return options;
}

/** A token as the headline sees it. */
interface Piece {
  readonly text: string;
  /** Counts as a word. */
  readonly isWord: boolean;
  /** Replaced by a blank: a tag. */
  readonly isTag: boolean;
  /** Repeats what stands before it: a part of a hyphenated word or of a URL. */
  readonly isPart: boolean;
  readonly position: number;
  readonly words: readonly QueryNode[];
  readonly isShort: boolean;
}

const PARTS: ReadonlySet<number> = new Set([
  TokenType.hword_numpart,
  TokenType.hword_part,
  TokenType.hword_asciipart,
  TokenType.host,
  TokenType.url_path,
]);

function piecesOf(configuration: TextSearchConfiguration, text: string, query: QueryNode | undefined, shortWord: number): Piece[] {
  const words = query === undefined ? [] : queryWords(query, []);
  let position = 0;
  let afterWhole = false;
  return [...tokensOf(text)].map((token): Piece => {
    const lexemes = lexemesOf(configuration, token);
    if (lexemes !== undefined) position++;
    const found = words.filter((word) => lexemes?.some((lexeme) => (word.prefix ? lexeme.startsWith(word.word) : lexeme === word.word)));
    const isBlank = token.type === TokenType.blank || token.type === TokenType.tag || token.type === TokenType.entity;
    const isPart = PARTS.has(token.type) && afterWhole;
    if (token.type === TokenType.url || isHyphenated(token.type)) afterWhole = true;
    else if (!PARTS.has(token.type) && !(isBlank && token.text === '-')) afterWhole = false;
    return {
      text: token.text,
      isWord: !isBlank && token.type !== TokenType.protocol,
      isTag: token.type === TokenType.tag,
      isPart: isPart || (afterWhole && token.type === TokenType.blank && token.text === '-'),
      position,
      words: found,
      isShort: token.text.length <= shortWord,
    };
  });
}

function isHyphenated(type: number): boolean {
  return type === TokenType.asciihword || type === TokenType.hword || type === TokenType.numhword;
}

function queryWords(node: QueryNode, found: (QueryNode & { kind: 'word' })[]): (QueryNode & { kind: 'word' })[] {
  if (node.kind === 'word') found.push(node);
  else if (node.kind === 'not') queryWords(node.arg, found);
  else {
    queryWords(node.left, found);
    queryWords(node.right, found);
  }
  return found;
}

/** Does the query hold within these pieces? Words that must not be there are passed over. */
function holds(node: QueryNode, pieces: readonly Piece[]): boolean {
  switch (node.kind) {
    case 'word':
      return pieces.some(({ words }) => words.includes(node));
    case 'not':
      return true;
    case 'and':
      return holds(node.left, pieces) && holds(node.right, pieces);
    case 'or':
      return holds(node.left, pieces) || holds(node.right, pieces);
    case 'phrase': {
      const left = placesOf(node.left, pieces);
      return placesOf(node.right, pieces).some((place) => left.includes(place - node.distance));
    }
  }
}

function placesOf(node: QueryNode, pieces: readonly Piece[]): readonly number[] {
  if (node.kind === 'word') return pieces.filter(({ words }) => words.includes(node)).map(({ position }) => position);
  if (node.kind === 'phrase') {
    const left = placesOf(node.left, pieces);
    return placesOf(node.right, pieces).filter((place) => left.includes(place - node.distance));
  }
  return node.kind === 'not' ? [] : [...placesOf(node.left, pieces), ...placesOf(node.right, pieces)];
}

interface Extent {
  begin: number;
  end: number;
}

/** The next shortest extent from a place on that the query holds in. */
function coverFrom(pieces: readonly Piece[], query: QueryNode, from: number): Extent | undefined {
  for (let end = from; end < pieces.length; end++) {
    if ((pieces[end]?.words.length ?? 0) === 0 || !holds(query, pieces.slice(from, end + 1))) continue;
    let begin = end;
    while (begin > from && !holds(query, pieces.slice(begin, end + 1))) begin--;
    return { begin, end };
  }
  return undefined;
}

const countWords = (pieces: readonly Piece[], { begin, end }: Extent): number => {
  let count = 0;
  for (let i = begin; i <= end; i++) if (pieces[i]?.isWord === true && pieces[i]?.isPart !== true) count++;
  return count;
};

/** A good place to end: no short word, or one of the query's. */
const isGoodEnd = (piece: Piece | undefined): boolean => piece?.isWord === true && (!piece.isShort || piece.words.length > 0);

/** One extent around the cover that shows most of the query's words. */
function bestExtent(pieces: readonly Piece[], query: QueryNode | undefined, options: HeadlineOptions): Extent | undefined {
  let best: (Extent & { readonly points: number; readonly good: boolean }) | undefined;
  for (let from = 0; query !== undefined && from < pieces.length; ) {
    const cover = coverFrom(pieces, query, from);
    if (cover === undefined) break;
    const extent = stretched(pieces, cover, options);
    const shown = pieces.slice(extent.begin, extent.end + 1);
    const points = shown.filter(({ words }) => words.length > 0).length;
    const good = isGoodEnd(pieces[extent.end]);
    if (best === undefined || points > best.points || (points === best.points && good && !best.good)) best = { ...extent, points, good };
    from = cover.begin + 1;
  }
  if (best !== undefined) return best;
  let count = 0;
  for (let end = 0; end < pieces.length; end++) {
    if (pieces[end]?.isWord === true && pieces[end]?.isPart !== true) count++;
    if (count >= options.minWords) return { begin: 0, end };
  }
  return pieces.length === 0 ? undefined : { begin: 0, end: pieces.length - 1 };
}

/** Grows to the right, then to the left, until it has enough words and ends well; a long one is cut. */
function stretched(pieces: readonly Piece[], cover: Extent, options: HeadlineOptions): Extent {
  const extent = { ...cover };
  let count = countWords(pieces, extent);
  if (count > options.maxWords) {
    while (count > options.maxWords && extent.end > extent.begin) {
      extent.end--;
      count = countWords(pieces, extent);
    }
    return extent;
  }
  for (let end = extent.end + 1; end < pieces.length && count < options.maxWords; end++) {
    const piece = pieces[end];
    if (piece === undefined) break;
    if (count >= options.minWords && isGoodEnd(pieces[extent.end])) break;
    extent.end = end;
    if (piece.isWord && !piece.isPart) count++;
  }
  for (let begin = extent.begin - 1; begin >= 0 && count < options.minWords; begin--) {
    extent.begin = begin;
    if (pieces[begin]?.isWord === true && pieces[begin]?.isPart !== true) count++;
  }
  return extent;
}

/** Up to so many extents that do not overlap, those with most words of the query first, then in the text's order. */
function fragments(pieces: readonly Piece[], query: QueryNode | undefined, options: HeadlineOptions): readonly Extent[] {
  const covers: Extent[] = [];
  for (let from = 0; query !== undefined && from < pieces.length; ) {
    const cover = coverFrom(pieces, query, from);
    if (cover === undefined) break;
    covers.push(cover);
    from = cover.begin + 1;
  }
  const points = (extent: Extent) => pieces.slice(extent.begin, extent.end + 1).filter(({ words }) => words.length > 0).length;
  const chosen: Extent[] = [];
  for (const cover of [...covers].sort((a, b) => points(b) - points(a) || countWords(pieces, a) - countWords(pieces, b))) {
    if (chosen.length >= options.maxFragments) break;
    const overlaps = (extent: Extent) => chosen.some((other) => extent.begin <= other.end && extent.end >= other.begin);
    if (overlaps(cover)) continue;
    const extent = { ...cover };
    let count = countWords(pieces, extent);
    let left = true;
    let right = true;
    while (count < options.maxWords && (left || right)) {
      const wider = right ? { ...extent, end: extent.end + 1 } : { ...extent, begin: extent.begin - 1 };
      if (wider.end >= pieces.length || (right && overlaps(wider))) right = false;
      else if (wider.begin < 0 || overlaps(wider)) left = false;
      else {
        extent.begin = wider.begin;
        extent.end = wider.end;
        count = countWords(pieces, extent);
        if (right && count >= (options.maxWords + countWords(pieces, cover)) / 2) right = false;
      }
    }
    while (extent.begin < cover.begin && !isGoodEnd(pieces[extent.begin])) extent.begin++;
    while (extent.end > cover.end && !isGoodEnd(pieces[extent.end])) extent.end--;
    chosen.push(extent);
  }
  if (chosen.length > 0) return chosen.sort((a, b) => a.begin - b.begin);
  const start = bestExtent(pieces, undefined, options);
  return start === undefined ? [] : [start];
}

function print(pieces: readonly Piece[], extents: readonly Extent[], options: HeadlineOptions): string {
  return extents
    .map(({ begin, end }) => {
      let text = '';
      for (let i = begin; i <= end; i++) {
        const piece = pieces[i];
        if (piece === undefined || piece.isPart) continue;
        if (piece.isTag) text += options.highlightAll ? piece.text : ' ';
        else text += piece.words.length > 0 ? options.startSel + piece.text + options.stopSel : piece.text;
      }
      return text;
    })
    .join(options.delimiter);
}

/** ts_headline: a passage of a text that shows what a query found there, with its words marked. */
export function headline(configuration: TextSearchConfiguration, text: string, query: TsQuery, options: HeadlineOptions): string {
  const pieces = piecesOf(configuration, text, query.root, options.shortWord);
  if (options.highlightAll) return print(pieces, [{ begin: 0, end: pieces.length - 1 }], options);
  if (options.maxFragments > 0) return print(pieces, fragments(pieces, query.root, options), options);
  const extent = bestExtent(pieces, query.root, options);
  return extent === undefined ? '' : print(pieces, [extent], options);
}
