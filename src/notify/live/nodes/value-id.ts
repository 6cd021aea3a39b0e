import { keyPart } from '../../../executor/expression/comparators.js';
import type { HashKey } from '../../../types/type-codec.js';
import type { RowId } from '../live-node.js';

/** The id of a row that its values tell. */
export function valueId(key: HashKey): RowId {
  return keyPart(key);
}
