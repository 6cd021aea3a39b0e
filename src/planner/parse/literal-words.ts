import { assert } from '../../commons/assert.js';

/** What a word of SQL means to the scanner of literals.ts. Flags. */
export const Word = {
  /** A keyword after which a literal may be lifted, and whose `(` opens no call. */
  opens: 1,
  /** A keyword whose `(` opens no call, but after which a literal stays. */
  plain: 2,
  /** SELECT, INSERT, UPDATE, DELETE: what a liftable text starts with. */
  starts: 4,
  /** A statement with this word is not lifted at all. */
  refuses: 8,
  /** BY: its list is left alone: `ORDER BY 1` is a column's number, and GROUP BY's expressions are compared with others. */
  by: 16,
  /** Ends the list of a BY. */
  endsList: 32,
  /** CONFLICT: its target is compared with an index's definition. */
  conflict: 64,
  /** DO: ends the target of ON CONFLICT. */
  does: 128,
  /** INTO: refused but for INSERT INTO. */
  into: 256,
  /** AS: a type or a list of columns may follow. */
  as: 512,
} as const;

export interface KnownWord {
  readonly text: string;
  readonly flags: number;
}

const GROUPS: readonly (readonly [flags: number, words: string])[] = [
  [Word.starts | Word.opens, 'select'],
  [Word.starts | Word.plain, 'insert update delete'],
  [Word.opens, 'and or not where when then else case like ilike between on from'],
  [Word.opens | Word.endsList, 'having returning limit offset'],
  [Word.plain, 'in values any some all exists using join set is lateral inner left right full outer cross natural default to'],
  [Word.plain | Word.endsList, 'fetch for union except intersect window rows range groups'],
  [Word.refuses, 'group distinct with within grouping tablesample current xmlparse'],
  [Word.by, 'by'],
  [Word.conflict, 'conflict'],
  [Word.does | Word.plain, 'do'],
  [Word.into, 'into'],
  [Word.as, 'as'],
];

/** Known words by the hash that the scanner computes on its way through a word; no two share one. */
export const KNOWN_WORDS: ReadonlyMap<number, KnownWord> = knownWords();

function knownWords(): Map<number, KnownWord> {
  const words = new Map<number, KnownWord>();
  for (const [flags, group] of GROUPS) {
    for (const text of group.split(' ')) {
      const hash = wordHash(text);
      assert(!words.has(hash), `${text} and ${words.get(hash)?.text} share a hash: choose another multiplier`);
      words.set(hash, { text, flags });
    }
  }
  return words;
}

export const LONGEST_KNOWN_WORD = Math.max(...Array.from(KNOWN_WORDS.values(), (word) => word.text.length));

/** The hash of a word in any case; the scanner does the same one character at a time. */
function wordHash(word: string): number {
  let hash = 0;
  for (let i = 0; i < word.length; i++) hash = nextHash(hash, word.charCodeAt(i));
  return hash;
}

export function nextHash(hash: number, code: number): number {
  return (Math.imul(hash, 31) + (code | 0x20)) | 0;
}
