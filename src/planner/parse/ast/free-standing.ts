import type { DefElement } from './definitions.js';
import type { Expr } from './expressions.js';
import type { Node, QName } from './nodes.js';

export interface CreateStatisticsStatement extends Node {
  readonly type: 'create statistics';
  readonly name: QName;
  readonly ifNotExists?: true;
  readonly kinds: readonly string[];
  /** A plain column's name, or an expression. */
  readonly elements: readonly { readonly column?: string; readonly expr?: Expr }[];
  readonly relations: readonly QName[];
}

export interface AlterStatisticsStatement extends Node {
  readonly type: 'alter statistics';
  readonly name: QName;
  readonly target: number;
  readonly ifExists?: true;
}

export interface CreateCollationStatement extends Node {
  readonly type: 'create collation';
  readonly name: QName;
  readonly ifNotExists?: true;
  readonly options: readonly DefElement[];
}

export interface PublicationTable {
  readonly name: QName;
  readonly columns?: readonly string[];
  readonly where?: Expr;
}

export interface PublishedObjects {
  readonly tables: readonly PublicationTable[];
  /** TABLES IN SCHEMA; absent name: CURRENT_SCHEMA. */
  readonly schemas: readonly { readonly name?: string }[];
}

export interface CreatePublicationStatement extends Node, PublishedObjects {
  readonly type: 'create publication';
  readonly name: string;
  readonly allTables: boolean;
  readonly options: readonly DefElement[];
}

export interface AlterPublicationStatement extends Node, PublishedObjects {
  readonly type: 'alter publication';
  readonly name: string;
  readonly action: 'add' | 'drop' | 'set' | 'options';
  readonly options: readonly DefElement[];
}
