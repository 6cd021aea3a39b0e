import type { Random } from './random.js';
import type { Schema } from './schema.js';
import type { Sql } from './sql-tree.js';
import type { Type } from './types.js';

/** A value that an expression may name: a column, or in a grouped query a grouping expression or an aggregate. */
export interface Value {
  readonly sql: Sql;
  readonly type: Type;
  /** A sub-query may name it too. */
  readonly isColumn: boolean;
}

/** A table or CTE that FROM can name. */
export interface Source {
  readonly name: string;
  readonly columns: readonly { readonly name: string; readonly type: Type }[];
}

/** The parts that nest in each other, so that their files need not import each other in circles. */
export interface Grammar {
  predicate(scope: Scope): Sql;
  query(scope: Scope, options: { readonly types: readonly Type[]; readonly names?: readonly string[] }): { readonly node: Sql };
  /** At most one row of one column, in parentheses; with `many` any number of rows, in order. */
  scalarQuery(type: Type, scope: Scope, many?: boolean): Sql;
}

/** What a place in a statement can use. */
export class Scope {
  readonly random: Random;
  readonly sources: readonly Source[];
  readonly values: readonly Value[];
  /** How much deeper queries and expressions may still nest. */
  readonly depth: number;
  readonly names: { next: number };
  /** False leaves out expressions that fail on common values, or whose text can differ between two right answers. */
  readonly strict: boolean;
  readonly grammar: Grammar;

  constructor(options: {
    random: Random;
    sources: readonly Source[];
    values: readonly Value[];
    depth: number;
    names: { next: number };
    strict: boolean;
    grammar: Grammar;
  }) {
    this.random = options.random;
    this.sources = options.sources;
    this.values = options.values;
    this.depth = options.depth;
    this.names = options.names;
    this.strict = options.strict;
    this.grammar = options.grammar;
  }

  static top(schema: Schema, random: Random, options: { depth: number; strict: boolean; grammar: Grammar }): Scope {
    return new Scope({ random, sources: schema.tables, values: [], names: { next: 1 }, ...options });
  }

  with(changes: { values?: readonly Value[]; sources?: readonly Source[]; depth?: number }): Scope {
    return new Scope({ ...this, ...changes });
  }

  /** A fresh name. */
  name(prefix: string): string {
    return `${prefix}${this.names.next++}`;
  }

  ofType(type: Type): readonly Value[] {
    return this.values.filter((value) => value.type === type);
  }

  /** For a query nested in an expression of this one. */
  nested(): Scope {
    return this.with({ values: this.values.filter((value) => value.isColumn), depth: this.depth - 1 });
  }
}
