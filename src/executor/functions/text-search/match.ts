import type { QueryNode, TsQuery } from '../../../types/text-search/tsquery.js';
import type { Lexeme, Place, TsVector } from '../../../types/text-search/tsvector.js';

/** The lexemes that a word of a query means. */
export function lexemesOf(vector: TsVector, node: QueryNode & { kind: 'word' }): readonly Lexeme[] {
  if (node.prefix) return vector.lexemes.filter(({ word }) => word.startsWith(node.word));
  const found = vector.find(node.word);
  return found === undefined ? [] : [found];
}

function hasWeight(place: Place, weights: number): boolean {
  return weights === 0 || (weights & (1 << place.weight)) !== 0;
}

/** Where a phrase or a word ends; `negated`: everywhere but there. */
interface Ends {
  readonly positions: ReadonlySet<number>;
  readonly negated: boolean;
  /** How far before its end it begins. */
  readonly width: number;
}

function endsOf(vector: TsVector, node: QueryNode): Ends {
  switch (node.kind) {
    case 'word': {
      const positions = new Set<number>();
      for (const { places } of lexemesOf(vector, node)) {
        for (const place of places) if (hasWeight(place, node.weights)) positions.add(place.position);
      }
      return { positions, negated: false, width: 0 };
    }
    case 'not': {
      const { positions, negated } = endsOf(vector, node.arg);
      return { positions, negated: !negated, width: 0 };
    }
    case 'or':
    case 'and': {
      const left = endsOf(vector, node.left);
      const right = endsOf(vector, node.right);
      return combine(left, right, node.kind === 'or', Math.max(left.width, right.width));
    }
    case 'phrase': {
      const left = endsOf(vector, node.left);
      const right = endsOf(vector, node.right);
      const moved = new Set([...left.positions].map((position) => position + node.distance + right.width));
      return combine({ ...left, positions: moved }, right, false, node.distance + left.width + right.width);
    }
  }
}

/** Union or intersection of sets that may be given by what is not in them. */
function combine(a: Ends, b: Ends, union: boolean, width: number): Ends {
  if (union) {
    const { positions, negated } = combine({ ...a, negated: !a.negated }, { ...b, negated: !b.negated }, false, 0);
    return { positions, negated: !negated, width };
  }
  if (a.negated && b.negated) return { positions: new Set([...a.positions, ...b.positions]), negated: true, width };
  const [kept, other] = a.negated ? [b, a] : [a, b];
  const positions = new Set([...kept.positions].filter((position) => other.positions.has(position) !== other.negated));
  return { positions, negated: false, width };
}

function holds(vector: TsVector, node: QueryNode): boolean {
  switch (node.kind) {
    case 'word':
      return lexemesOf(vector, node).some(({ places }) => node.weights === 0 || places.some((place) => hasWeight(place, node.weights)));
    case 'not':
      return !holds(vector, node.arg);
    case 'and':
      return holds(vector, node.left) && holds(vector, node.right);
    case 'or':
      return holds(vector, node.left) || holds(vector, node.right);
    case 'phrase': {
      const { positions, negated } = endsOf(vector, node);
      return negated || positions.size > 0;
    }
  }
}

/** tsvector @@ tsquery: the empty query matches nothing. */
export function matchesQuery(vector: TsVector, query: TsQuery): boolean {
  return query.root !== undefined && holds(vector, query.root);
}
