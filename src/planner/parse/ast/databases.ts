/** Databases. */
import type { DefElement } from './definitions.js';
import type { Node } from './nodes.js';

export interface CreateDatabaseStatement extends Node {
  readonly type: 'create database';
  readonly name: string;
  readonly options: readonly DefElement[];
}
export interface AlterDatabaseStatement extends Node {
  readonly type: 'alter database';
  readonly name: string;
  readonly options: readonly DefElement[];
  /** REFRESH COLLATION VERSION, without options. */
  readonly refreshes?: true;
}
export interface DropDatabaseStatement extends Node {
  readonly type: 'drop database';
  readonly name: string;
  readonly ifExists?: true;
  /** Who is connected is disconnected. */
  readonly force?: true;
}
