import type { SqlValue } from '../../types/value.js';
import type { TermQuery } from './term-query.js';

/** What an operator class of an inverted index makes of values (PostgreSQL manual, "GIN Indexes"). */
export interface InvertedClassCode {
  /** Terms of an indexed value, not NULL; they may come twice. No term holds a zero byte. */
  terms(value: SqlValue): readonly string[];
  /** By the source of the operator's function, called with the value on the other side, not NULL. */
  readonly queries: Readonly<Record<string, (value: SqlValue) => TermQuery>>;
}
