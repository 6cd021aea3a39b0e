import type { DefElement } from './definitions.js';
import type { Node, QName } from './nodes.js';

export interface CreateTextSearchStatement extends Node {
  readonly type: 'create text search';
  readonly objectType: 'text search configuration' | 'text search dictionary' | 'text search parser' | 'text search template';
  readonly name: QName;
  readonly options: readonly DefElement[];
}

export interface AlterTextSearchDictionaryStatement extends Node {
  readonly type: 'alter text search dictionary';
  readonly name: QName;
  readonly options: readonly DefElement[];
}

export interface AlterTextSearchConfigurationStatement extends Node {
  readonly type: 'alter text search configuration';
  readonly name: QName;
  /** replace: old and new dictionary, for these types of tokens or (none) for all. */
  readonly action: 'add' | 'alter' | 'replace' | 'drop';
  readonly tokenTypes: readonly string[];
  readonly dictionaries: readonly QName[];
  readonly ifExists?: true;
}
