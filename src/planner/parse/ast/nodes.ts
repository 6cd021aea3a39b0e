/** What every part of the tree is made of: places in the text, names, types. */

/** Character offsets (UTF-16 code units) into the text that was parsed; `start` is what error positions point at. */
export interface Location {
  readonly start: number;
  readonly end?: number;
}

export interface Node {
  readonly _location?: Location;
}

export interface QName extends Node {
  readonly schema?: string;
  readonly name: string;
  /** Three-part names: the database. Anything but the current one is an error at binding (0A000). */
  readonly catalog?: string;
  /** ONLY: without the tables that inherit from it. */
  readonly only?: true;
}

export interface TableAlias {
  readonly name: string;
  readonly columns?: readonly string[];
}

export interface DataTypeDef extends Node {
  readonly catalog?: string;
  readonly schema?: string;
  /** As PostgreSQL's grammar normalises it: `int4`, `varchar`, `timestamptz`, `bpchar`, `interval` … or a user's name. */
  readonly name: string;
  /** numeric(10,2) → [10, 2]; varchar(5) → [5]; for interval the raw field mask and precision as PostgreSQL's grammar gives them. */
  readonly config?: readonly number[];
  /** Number of `[]`. PostgreSQL ignores it but for zero or not. */
  readonly arrayDimensions?: number;
  readonly setof?: boolean;
  /** `name%TYPE` */
  readonly percentType?: boolean;
}
