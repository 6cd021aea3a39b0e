import { type KeyType, KeyWriter } from '../../store/key-codec.js';
import { keyText } from '../../store/key-text.js';
import { SqlArray, type SqlValue } from '../../types/value.js';
import type { InvertedClassCode } from './inverted-class.js';
import { ALL, everyTerm, NONE, someTerm, type TermQuery } from './term-query.js';

/** array_ops: an array's elements, as they stand in keys, so that what is equal is one term. */
export function arrayTerms(element: KeyType): InvertedClassCode {
  const writer = new KeyWriter();
  const termOf = (value: SqlValue): string => {
    writer.reset();
    writer.write(element, value, false, false, true);
    return withoutZeros(keyText(writer.finish()));
  };
  const elementsOf = (value: SqlValue): readonly SqlValue[] => (value instanceof SqlArray ? value.elements : []);
  const terms = (value: SqlValue): string[] => {
    const found: string[] = [];
    for (const item of elementsOf(value)) if (item !== null) found.push(termOf(item));
    return found;
  };
  const containing = (value: SqlValue): TermQuery => (elementsOf(value).includes(null) ? NONE : everyTerm(terms(value)));
  return {
    terms,
    queries: {
      arraycontains: containing,
      arrayoverlap: (value) => someTerm(terms(value)),
      // NULLs are equal there, and have no term.
      array_eq: (value) => (elementsOf(value).length === 0 ? ALL : everyTerm(terms(value))),
    },
  };
}

/** A term holds no zero byte. */
const withoutZeros = (text: string): string => text.replaceAll('\x01', '\x01\x02').replaceAll('\0', '\x01\x01');
