import type { Node } from './nodes.js';

export interface CreateExtensionStatement extends Node {
  readonly type: 'create extension';
  readonly name: string;
  readonly ifNotExists?: true;
  readonly schema?: string;
  readonly version?: string;
  readonly cascade?: true;
}

/** ALTER EXTENSION … UPDATE. SET SCHEMA is an AlterObjectSchemaStatement. */
export interface AlterExtensionStatement extends Node {
  readonly type: 'alter extension';
  readonly name: string;
  /** TO; left out: the default version. */
  readonly version?: string;
}
