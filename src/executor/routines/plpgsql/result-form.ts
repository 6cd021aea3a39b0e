import type { Oid } from '../../../commons/ids.js';
import type { Shape } from './shape.js';

/** What a routine gives. */
export interface ResultForm {
  readonly kind: 'function' | 'procedure' | 'trigger' | 'block';
  readonly returnsSet: boolean;
  readonly type: Oid;
  readonly returnsVoid: boolean;
  /** Rows: of a composite type, or record. */
  readonly isRow: boolean;
  /** The columns of a row, or the one column of a set of scalars; undefined: any record will do. */
  readonly shape: Shape | undefined;
  /** What OUT parameters are. */
  readonly outVariable?: number;
}
