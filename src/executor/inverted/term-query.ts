/**
 * What must hold of a row's terms for a condition to be true, as far as an inverted index can tell. The rows it leads to are candidates: the
 * condition is checked on each.
 */
export type TermQuery =
  | { readonly kind: 'term'; readonly term: string }
  /** Any term that begins so. */
  | { readonly kind: 'prefix'; readonly term: string }
  /** A term as it stands in entries. */
  | { readonly kind: 'stored'; readonly term: string }
  | { readonly kind: 'and' | 'or'; readonly parts: readonly TermQuery[] }
  /** Says nothing: every row is a candidate, also those without any term. */
  | { readonly kind: 'all' }
  /** Can't be true. */
  | { readonly kind: 'none' };

export const ALL: TermQuery = { kind: 'all' };
export const NONE: TermQuery = { kind: 'none' };

export const term = (text: string): TermQuery => ({ kind: 'term', term: text });

/** All parts hold. */
export function every(parts: readonly TermQuery[]): TermQuery {
  if (parts.some((part) => part.kind === 'none')) return NONE;
  const telling = parts.filter((part) => part.kind !== 'all');
  const [first] = telling;
  return first === undefined ? ALL : telling.length === 1 ? first : { kind: 'and', parts: telling };
}

/** One part at least holds. */
export function some(parts: readonly TermQuery[]): TermQuery {
  if (parts.some((part) => part.kind === 'all')) return ALL;
  const possible = parts.filter((part) => part.kind !== 'none');
  const [first] = possible;
  return first === undefined ? NONE : possible.length === 1 ? first : { kind: 'or', parts: possible };
}

export const everyTerm = (terms: Iterable<string>): TermQuery => every([...new Set(terms)].map(term));
export const someTerm = (terms: Iterable<string>): TermQuery => some([...new Set(terms)].map(term));
