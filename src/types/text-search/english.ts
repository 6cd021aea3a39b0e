/** The English dictionary: stop words, and Porter's second stemmer ("Porter2"), as its author describes it. */

const EXCEPTIONS: Readonly<Record<string, string>> = {
  skis: 'ski',
  skies: 'sky',
  dying: 'die',
  lying: 'lie',
  tying: 'tie',
  idly: 'idl',
  gently: 'gentl',
  ugly: 'ugli',
  early: 'earli',
  only: 'onli',
  singly: 'singl',
  sky: 'sky',
  news: 'news',
  howe: 'howe',
  atlas: 'atlas',
  cosmos: 'cosmos',
  bias: 'bias',
  andes: 'andes',
};
const FINAL_AFTER_PLURAL = new Set(['inning', 'outing', 'canning', 'herring', 'earring', 'proceed', 'exceed', 'succeed']);

const VOWEL = /[aeiouy]/;
const DOUBLE = /(?:bb|dd|ff|gg|mm|nn|pp|rr|tt)$/;
const VALID_LI = /[cdeghkmnrt]$/;
/** Ends in a short syllable. */
const SHORT_SYLLABLE = /(?:[^aeiouy][aeiouy][^aeiouywxY]|^[aeiouy][^aeiouy])$/;

const STEP_2: readonly (readonly [string, string])[] = [
  ['ational', 'ate'],
  ['ization', 'ize'],
  ['fulness', 'ful'],
  ['ousness', 'ous'],
  ['iveness', 'ive'],
  ['tional', 'tion'],
  ['biliti', 'ble'],
  ['lessli', 'less'],
  ['ation', 'ate'],
  ['alism', 'al'],
  ['aliti', 'al'],
  ['ousli', 'ous'],
  ['iviti', 'ive'],
  ['fulli', 'ful'],
  ['entli', 'ent'],
  ['enci', 'ence'],
  ['anci', 'ance'],
  ['abli', 'able'],
  ['izer', 'ize'],
  ['ator', 'ate'],
  ['alli', 'al'],
  ['bli', 'ble'],
  ['ogi', 'og'],
  ['li', ''],
];
const STEP_3: readonly (readonly [string, string])[] = [
  ['ational', 'ate'],
  ['tional', 'tion'],
  ['alize', 'al'],
  ['icate', 'ic'],
  ['iciti', 'ic'],
  ['ative', ''],
  ['ical', 'ic'],
  ['ness', ''],
  ['ful', ''],
];
const STEP_4 = 'ement ance ence able ible ment ant ent ism ate iti ous ive ize ion al er ic'.split(' ');

/** Where the part behind the first consonant after a vowel begins. */
function regionFrom(word: string, from: number): number {
  for (let at = from; at + 1 < word.length; at++) {
    if (VOWEL.test(word[at] ?? '') && !VOWEL.test(word[at + 1] ?? '')) return at + 2;
  }
  return word.length;
}

class Stemmer {
  word: string;
  readonly #r1: number;
  readonly #r2: number;

  constructor(text: string) {
    this.word = text
      .replace(/^'/, '')
      .replace(/^y/, 'Y')
      .replace(/([aeiouy])y/g, '$1Y');
    const lead = /^(?:gener|commun|arsen)/.exec(this.word)?.[0].length;
    this.#r1 = lead ?? regionFrom(this.word, 0);
    this.#r2 = regionFrom(this.word, this.#r1);
  }

  #ends(suffix: string): boolean {
    return this.word.endsWith(suffix);
  }

  #inR1(suffix: string): boolean {
    return this.word.length - suffix.length >= this.#r1;
  }

  #inR2(suffix: string): boolean {
    return this.word.length - suffix.length >= this.#r2;
  }

  #replace(suffix: string, by: string): void {
    this.word = this.word.slice(0, this.word.length - suffix.length) + by;
  }

  #isShort(): boolean {
    return this.#r1 >= this.word.length && SHORT_SYLLABLE.test(this.word);
  }

  plural(): void {
    for (const suffix of ["'s'", "'s", "'"]) {
      if (this.#ends(suffix)) {
        this.#replace(suffix, '');
        break;
      }
    }
    if (this.#ends('sses')) this.#replace('sses', 'ss');
    else if (this.#ends('ied') || this.#ends('ies')) this.#replace('ies', this.word.length > 4 ? 'i' : 'ie');
    else if (this.#ends('us') || this.#ends('ss')) return;
    else if (this.#ends('s') && VOWEL.test(this.word.slice(0, -2))) this.#replace('s', '');
  }

  pastAndProgressive(): void {
    for (const suffix of ['eedly', 'eed']) {
      if (!this.#ends(suffix)) continue;
      if (this.#inR1(suffix)) this.#replace(suffix, 'ee');
      return;
    }
    for (const suffix of ['ingly', 'edly', 'ing', 'ed']) {
      if (!this.#ends(suffix)) continue;
      if (!VOWEL.test(this.word.slice(0, -suffix.length))) return;
      this.#replace(suffix, '');
      if (/(?:at|bl|iz)$/.test(this.word)) this.word += 'e';
      else if (DOUBLE.test(this.word)) this.word = this.word.slice(0, -1);
      else if (this.#isShort()) this.word += 'e';
      return;
    }
  }

  finalY(): void {
    if (/.[^aeiouyY][yY]$/.test(this.word)) this.#replace('y', 'i');
  }

  derivations(): void {
    const second = STEP_2.find(([suffix]) => this.#ends(suffix));
    if (second !== undefined && this.#inR1(second[0])) {
      const [suffix, by] = second;
      const stem = this.word.slice(0, -suffix.length);
      if (suffix === 'ogi' ? stem.endsWith('l') : suffix !== 'li' || VALID_LI.test(stem)) this.#replace(suffix, by);
    }
    const third = STEP_3.find(([suffix]) => this.#ends(suffix));
    if (third !== undefined && this.#inR1(third[0]) && (third[0] !== 'ative' || this.#inR2('ative'))) this.#replace(...third);
    const fourth = STEP_4.find((suffix) => this.#ends(suffix));
    if (fourth !== undefined && this.#inR2(fourth) && (fourth !== 'ion' || /[st]ion$/.test(this.word))) this.#replace(fourth, '');
  }

  finalE(): void {
    if (this.#ends('e')) {
      if (this.#inR2('e') || (this.#inR1('e') && !SHORT_SYLLABLE.test(this.word.slice(0, -1)))) this.#replace('e', '');
    } else if (this.#ends('ll') && this.#inR2('l')) this.#replace('l', '');
  }
}

/** @param word in lower case */
export function stemEnglish(word: string): string {
  const exception = EXCEPTIONS[word];
  if (exception !== undefined) return exception;
  if (word.length <= 2) return word;
  const stemmer = new Stemmer(word);
  stemmer.plural();
  if (FINAL_AFTER_PLURAL.has(stemmer.word)) return stemmer.word;
  stemmer.pastAndProgressive();
  stemmer.finalY();
  stemmer.derivations();
  stemmer.finalE();
  return stemmer.word.replaceAll('Y', 'y');
}
