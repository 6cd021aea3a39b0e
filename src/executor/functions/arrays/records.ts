import { compareRecords } from '../../../types/record.js';
import { compareImages } from '../../../types/record-image.js';
import { codecFor } from '../../../types/type-codec.js';
import type { SqlRecord } from '../../../types/value.js';
import type { ExecutionContext } from '../../context.js';
import type { FunctionTable } from '../table.js';

type Compare = (a: SqlRecord, b: SqlRecord, cx: ExecutionContext) => number;

const image: Compare = (a, b, cx) => compareImages(a, b, codecFor, cx.format);
const equality = (a: SqlRecord, b: SqlRecord): number => compareRecords(a, b, codecFor, 'an equality operator');
const compare = (a: SqlRecord, b: SqlRecord): number => compareRecords(a, b, codecFor);

/** Comparisons of row values. The image operators (*= and the like) compare what PostgreSQL keeps in memory. */
export const recordFunctions: FunctionTable = {
  scalar: {
    record_eq: (a: SqlRecord, b: SqlRecord) => equality(a, b) === 0,
    record_ne: (a: SqlRecord, b: SqlRecord) => equality(a, b) !== 0,
    record_lt: (a: SqlRecord, b: SqlRecord) => compare(a, b) < 0,
    record_le: (a: SqlRecord, b: SqlRecord) => compare(a, b) <= 0,
    record_gt: (a: SqlRecord, b: SqlRecord) => compare(a, b) > 0,
    record_ge: (a: SqlRecord, b: SqlRecord) => compare(a, b) >= 0,
    btrecordcmp: compare,
    record_image_eq: (a: SqlRecord, b: SqlRecord, cx: ExecutionContext) => image(a, b, cx) === 0,
    record_image_ne: (a: SqlRecord, b: SqlRecord, cx: ExecutionContext) => image(a, b, cx) !== 0,
    record_image_lt: (a: SqlRecord, b: SqlRecord, cx: ExecutionContext) => image(a, b, cx) < 0,
    record_image_le: (a: SqlRecord, b: SqlRecord, cx: ExecutionContext) => image(a, b, cx) <= 0,
    record_image_gt: (a: SqlRecord, b: SqlRecord, cx: ExecutionContext) => image(a, b, cx) > 0,
    btrecordimagecmp: (a: SqlRecord, b: SqlRecord, cx: ExecutionContext) => Math.sign(image(a, b, cx)),
    record_image_ge: (a: SqlRecord, b: SqlRecord, cx: ExecutionContext) => image(a, b, cx) >= 0,
  },
};
