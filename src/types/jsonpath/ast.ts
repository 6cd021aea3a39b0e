import { TypeOid } from '../oids.js';
import { type Numeric, ObjectValue } from '../value.js';
import { formatPath } from './format.js';

/**
 * A jsonpath: a chain of steps, of which each may have others as its parts (PostgreSQL manual, "The SQL/JSON Path Language").
 * Life of a path: lexer → parser → JsonPath; format prints it; functions/jsonpath runs it.
 */
export type ComparisonOperator = '==' | '!=' | '<' | '>' | '<=' | '>=';
export type ArithmeticOperator = '+' | '-' | '*' | '/' | '%';
export type PathMethod = 'abs' | 'size' | 'type' | 'floor' | 'ceiling' | 'double' | 'keyvalue';

interface Chained {
  /** What is done with the step's result. */
  next?: PathNode | undefined;
}
export type PathNode = Chained &
  (
    | { readonly kind: 'root' | 'current' | 'last' | 'any array' | 'any key' | 'null' }
    | { readonly kind: 'boolean'; readonly value: boolean }
    | { readonly kind: 'string' | 'variable' | 'key'; readonly text: string }
    | { readonly kind: 'numeric'; readonly value: Numeric }
    | { readonly kind: 'logic'; readonly operator: '&&' | '||'; readonly left: PathNode; readonly right: PathNode }
    | { readonly kind: 'comparison'; readonly operator: ComparisonOperator; readonly left: PathNode; readonly right: PathNode }
    | { readonly kind: 'arithmetic'; readonly operator: ArithmeticOperator; readonly left: PathNode; readonly right: PathNode }
    | { readonly kind: 'sign'; readonly operator: '+' | '-'; readonly arg: PathNode }
    | { readonly kind: 'not' | 'is unknown' | 'exists' | 'filter'; readonly arg: PathNode }
    | { readonly kind: 'starts with'; readonly left: PathNode; readonly right: PathNode }
    | { readonly kind: 'like regex'; readonly arg: PathNode; readonly pattern: string; readonly flags: string }
    | { readonly kind: 'index'; readonly ranges: readonly IndexRange[] }
    /** `last` is -1. */
    | { readonly kind: 'any'; readonly first: number; readonly last: number }
    | { readonly kind: 'method'; readonly name: PathMethod }
    | { readonly kind: 'datetime'; readonly template: string | undefined }
  );

export interface IndexRange {
  readonly from: PathNode;
  readonly to: PathNode | undefined;
}

export class JsonPath extends ObjectValue {
  readonly oid = TypeOid.jsonpath;
  readonly lax: boolean;
  readonly root: PathNode;

  constructor(lax: boolean, root: PathNode) {
    super();
    this.lax = lax;
    this.root = root;
  }

  exactText(): string {
    return `${this.lax ? '' : 'strict '}${formatPath(this.root)}`;
  }
}
