import { type QueryNode, TsQuery } from '../../types/text-search/tsquery.js';
import { TsVector } from '../../types/text-search/tsvector.js';
import type { SqlValue } from '../../types/value.js';
import type { InvertedClassCode } from './inverted-class.js';
import { ALL, every, NONE, some, type TermQuery } from './term-query.js';

function ofNode(node: QueryNode): TermQuery {
  switch (node.kind) {
    case 'word':
      return { kind: node.prefix ? 'prefix' : 'term', term: node.word };
    case 'and':
    case 'phrase':
      return every([ofNode(node.left), ofNode(node.right)]);
    case 'or':
      return some([ofNode(node.left), ofNode(node.right)]);
    // Rows without the word may have no term at all.
    case 'not':
      return ALL;
  }
}

function matching(value: SqlValue): TermQuery {
  if (!(value instanceof TsQuery)) return ALL;
  return value.root === undefined ? NONE : ofNode(value.root);
}

/** tsvector_ops: lexemes. */
export const tsvectorTerms: InvertedClassCode = {
  terms: (value) => (value instanceof TsVector ? value.lexemes.map(({ word }) => word) : []),
  queries: { ts_match_vq: matching },
};
