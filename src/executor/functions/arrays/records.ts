import { compareRecords } from '../../../types/record.js';
import { codecFor } from '../../../types/type-codec.js';
import type { SqlRecord } from '../../../types/value.js';
import type { FunctionTable } from '../table.js';

const compare = (a: SqlRecord, b: SqlRecord): number => compareRecords(a, b, codecFor);

/**
 * Comparisons of row values. The image operators (*= and the like) compare stored bytes in PostgreSQL; equality is the same here for all
 * types but those with several forms of one value (numeric 1.0 and 1.00), which they would tell apart.
 */
export const recordFunctions: FunctionTable = {
  scalar: {
    record_eq: (a: SqlRecord, b: SqlRecord) => compare(a, b) === 0,
    record_ne: (a: SqlRecord, b: SqlRecord) => compare(a, b) !== 0,
    record_lt: (a: SqlRecord, b: SqlRecord) => compare(a, b) < 0,
    record_le: (a: SqlRecord, b: SqlRecord) => compare(a, b) <= 0,
    record_gt: (a: SqlRecord, b: SqlRecord) => compare(a, b) > 0,
    record_ge: (a: SqlRecord, b: SqlRecord) => compare(a, b) >= 0,
    btrecordcmp: compare,
    record_image_eq: (a: SqlRecord, b: SqlRecord) => compare(a, b) === 0,
    record_image_ne: (a: SqlRecord, b: SqlRecord) => compare(a, b) !== 0,
    record_image_lt: (a: SqlRecord, b: SqlRecord) => compare(a, b) < 0,
    record_image_le: (a: SqlRecord, b: SqlRecord) => compare(a, b) <= 0,
    record_image_gt: (a: SqlRecord, b: SqlRecord) => compare(a, b) > 0,
    record_image_ge: (a: SqlRecord, b: SqlRecord) => compare(a, b) >= 0,
  },
};
